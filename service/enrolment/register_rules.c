#include "service/enrolment/register_rules.h"

#include <string.h>

#include "service/tables/rule_table.h"

enum { PLAN, FROM, WHEN, CONSENT, DECISION, DAYS, TO, RULE, TITLE_EN, TITLE_ZH, REVIEW, COLUMNS };
static const char *const columns[COLUMNS] = {"plan", "from", "when",     "consent",  "decision", "days",
                                             "to",   "rule", "title_en", "title_zh", "review"};

static hra_code read_answer(const hra_rule_table *table, const hra_rule_row *row, int column, const char *yes,
                            const char *no, hra_answer *out, hra_error *error)
{
    const char *text = row->cells[column];
    *out = HRA_ANSWER_ANY;
    if (strcmp(text, yes) == 0) *out = HRA_ANSWER_YES;
    if (strcmp(text, no) == 0) *out = HRA_ANSWER_NO;
    if (strcmp(text, "none") == 0) *out = HRA_ANSWER_NONE;
    if (!*text || *out != HRA_ANSWER_ANY) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s:%d: the column '%s' is %s, %s, none or empty, not '%s'", table->file,
                    row->line, columns[column], yes, no, text);
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += length)
        if ((at == text || strchr("& ", at[-1])) && (!at[length] || strchr("& ", at[length]))) return true;
    return false;
}

static hra_code read_transition(const hra_rule_table *table, const hra_rule_row *row, hra_conditions *conditions,
                                hra_arena *arena, hra_transition *t, hra_error *error)
{
    static const int needed[] = {PLAN, FROM, TO, RULE};
    const char *where = hra_arena_printf(arena, "%s:%d", table->file, row->line);
    if (!where) return hra_out_of_memory(error);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!*row->cells[needed[i]])
            return hra_fail(error, HRA_EINPUT, "%s: the column '%s' is empty", where, columns[needed[i]]);
    if (strcmp(row->cells[TO], "none") == 0 || strcmp(row->cells[TO], row->cells[FROM]) == 0)
        return hra_fail(error, HRA_EINPUT,
                        "%s: nothing leads to '%s' from '%s': a transition changes the state, and "
                        "nobody leaves the register",
                        where, row->cells[TO], row->cells[FROM]);
    *t = (hra_transition){.plan = row->cells[PLAN],
                          .from = row->cells[FROM],
                          .to = row->cells[TO],
                          .id = row->cells[RULE],
                          .title_en = row->cells[TITLE_EN],
                          .title_zh = row->cells[TITLE_ZH],
                          .when_absent = has_word(row->cells[WHEN], "absent")};
    HRA_TRY(read_answer(table, row, CONSENT, "yes", "no", &t->consent, error));
    HRA_TRY(read_answer(table, row, DECISION, "confirm", "refuse", &t->decision, error));
    HRA_TRY(hra_rule_number(table, row, columns, DAYS, 0, &t->days, error));
    return hra_conditions_add(conditions, row->cells[WHEN], where, &t->condition, error);
}

hra_code hra_register_rules_load(const char *path, hra_conditions *conditions, hra_arena *arena,
                                 hra_register_rules *out, hra_error *error)
{
    hra_rule_table table;
    HRA_TRY(hra_rule_table_load(path, "datasets/register_transitions.csv", columns, COLUMNS, arena, &table, error));
    *out = (hra_register_rules){.file = table.file};
    if (table.count > HRA_REGISTER_MOST_RULES)
        return hra_fail(error, HRA_EINPUT, "%s has %d transitions; %d are possible", table.file, table.count,
                        HRA_REGISTER_MOST_RULES);
    out->transitions = hra_arena_alloc(arena, (size_t)(table.count + 1) * sizeof *out->transitions);
    if (!out->transitions) return hra_out_of_memory(error);
    for (; out->count < table.count; out->count++)
        HRA_TRY(
            read_transition(&table, &table.rows[out->count], conditions, arena, &out->transitions[out->count], error));
    return HRA_OK;
}

bool hra_register_has_plan(const hra_register_rules *rules, const char *plan)
{
    for (int i = 0; i < rules->count; i++)
        if (strcmp(rules->transitions[i].plan, plan) == 0) return true;
    return false;
}

bool hra_register_has_state(const hra_register_rules *rules, const char *plan, const char *state)
{
    if (strcmp(state, "none") == 0) return false;
    for (int i = 0; i < rules->count; i++) {
        const hra_transition *t = &rules->transitions[i];
        if (strcmp(t->plan, plan) == 0 && (strcmp(t->from, state) == 0 || strcmp(t->to, state) == 0)) return true;
    }
    return false;
}

const hra_transition *hra_register_next(const hra_register_rules *rules, const hra_register_case *c)
{
    for (int i = 0; i < rules->count; i++) {
        const hra_transition *t = &rules->transitions[i];
        if (strcmp(t->plan, c->plan) != 0 || strcmp(t->from, c->state) != 0 || !(c->holds >> i & 1)) continue;
        if (t->consent != HRA_ANSWER_ANY && t->consent != c->consent) continue;
        if (t->decision != HRA_ANSWER_ANY && t->decision != c->decision) continue;
        if ((t->when_absent ? c->days_unseen : c->days_in_state) >= t->days) return t;
    }
    return NULL;
}
