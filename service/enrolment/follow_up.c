#include "service/enrolment/follow_up.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/buffer.h"
#include "base/calendar.h"
#include "io/files/atomic_file.h"
#include "io/files/spill_sort.h"
#include "service/tables/rule_table.h"

enum { LEVEL, WHEN, IN_PLAN, FIRST_DAYS, EVERY_DAYS, RULE, TITLE_EN, TITLE_ZH, REVIEW, COLUMNS };
static const char *const columns[COLUMNS] = {"level", "when",     "in_plan",  "first_days", "every_days",
                                             "rule",  "title_en", "title_zh", "review"};
enum { FLUSH_BYTES = 1 << 18, SORT_BYTES = 32 << 20, SAMPLE_ONE_IN = 5 };

typedef struct contact_rule {
    const char *level, *id, *title_en, *title_zh;
    int condition;
    uint32_t states; /* 0: whoever it is */
    double first_days, every_days;
} contact_rule;

struct hra_follow_up {
    const hra_care_request *request;
    const hra_conditions *conditions;
    hra_arena *arena;
    hra_rule_table table;
    contact_rule *rules;
    const char *states[HRA_CARE_STATES];
    int state_count;
    const char *list_path, *sample_path;
    hra_atomic_file *list;
    hra_buffer text;
    hra_spill_sort *lots; /* group, lot, key, key */
    unsigned char key[crypto_shorthash_KEYBYTES];
};

/* ---- the table ---- */

static hra_code read_states(hra_follow_up *f, const hra_rule_row *row, uint32_t *states, hra_error *error)
{
    char *text = hra_arena_text(f->arena, row->cells[IN_PLAN]), *rest = NULL;
    if (!text) return hra_out_of_memory(error);
    for (char *state = strtok_r(text, "| ", &rest); state; state = strtok_r(NULL, "| ", &rest)) {
        int at = 0;
        while (at < f->state_count && strcmp(f->states[at], state) != 0) at++;
        if (at == HRA_CARE_STATES)
            return hra_fail(error, HRA_EINPUT, "%s:%d: more than %d states", f->table.file, row->line, HRA_CARE_STATES);
        if (at == f->state_count) f->states[f->state_count++] = state;
        *states |= (uint32_t)1 << at;
    }
    return HRA_OK;
}

static hra_code read_rules(hra_follow_up *f, hra_error *error)
{
    HRA_TRY(hra_rule_table_load(f->request->follow_up, "datasets/follow_up.csv", columns, COLUMNS, f->arena, &f->table,
                                error));
    f->rules = hra_arena_alloc(f->arena, (size_t)(f->table.count + 1) * sizeof *f->rules);
    if (!f->rules) return hra_out_of_memory(error);
    for (int i = 0; i < f->table.count; i++) {
        const hra_rule_row *row = &f->table.rows[i];
        contact_rule *rule = &f->rules[i];
        *rule = (contact_rule){.level = row->cells[LEVEL],
                               .id = row->cells[RULE],
                               .title_en = row->cells[TITLE_EN],
                               .title_zh = row->cells[TITLE_ZH]};
        HRA_TRY(hra_rule_number(&f->table, row, columns, FIRST_DAYS, NAN, &rule->first_days, error));
        HRA_TRY(hra_rule_number(&f->table, row, columns, EVERY_DAYS, NAN, &rule->every_days, error));
        if (!(rule->first_days >= 0) || !(rule->every_days >= 1))
            return hra_fail(error, HRA_EINPUT, "%s:%d: first_days and every_days are whole numbers of days",
                            f->table.file, row->line);
        HRA_TRY(read_states(f, row, &rule->states, error));
    }
    return HRA_OK;
}

hra_code hra_follow_up_new(const hra_care_request *request, hra_follow_up **out, hra_error *error)
{
    hra_follow_up *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->request = request;
    f->arena = hra_arena_new();
    hra_code code = f->arena ? read_rules(f, error) : hra_out_of_memory(error);
    if (code)
        hra_follow_up_free(f);
    else
        *out = f;
    return code;
}

void hra_follow_up_free(hra_follow_up *f)
{
    if (!f) return;
    hra_atomic_abandon(f->list);
    hra_buffer_destroy(&f->text);
    hra_spill_sort_free(f->lots);
    hra_arena_free(f->arena);
    free(f);
}

const char *const *hra_follow_up_states(const hra_follow_up *f, int *count)
{
    *count = f->state_count;
    return f->states;
}

hra_code hra_follow_up_start(hra_follow_up *f, hra_care *care, hra_error *error)
{
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "the hash library cannot be started");
    memcpy(f->key, &f->request->seed, sizeof f->request->seed);
    f->conditions = hra_care_conditions(care);
    for (int i = 0; i < f->table.count; i++) {
        const char *where = hra_arena_printf(f->arena, "%s:%d", f->table.file, f->table.rows[i].line);
        if (!where) return hra_out_of_memory(error);
        HRA_TRY(hra_conditions_add(hra_care_conditions(care), f->table.rows[i].cells[WHEN], where,
                                   &f->rules[i].condition, error));
    }
    f->list_path = hra_arena_printf(f->arena, "%s/follow_up.csv", f->request->folder);
    f->sample_path = hra_arena_printf(f->arena, "%s/satisfaction.csv", f->request->folder);
    if (!f->list_path || !f->sample_path) return hra_out_of_memory(error);
    f->lots = hra_spill_sort_new(f->list_path, SORT_BYTES);
    if (!f->lots) return hra_out_of_memory(error);
    hra_buffer_text(&f->text, "person,group,branch,level,rule,due,overdue_days,every_days,title_en,title_zh\n");
    return hra_atomic_open(f->list_path, &f->list, error);
}

/* ---- one person ---- */

static const contact_rule *rule_for(const hra_follow_up *f, const hra_care_person *person)
{
    for (int i = 0; i < f->table.count; i++) {
        const contact_rule *rule = &f->rules[i];
        if (rule->states && !(rule->states & person->record.states)) continue;
        if (hra_conditions_hold(f->conditions, rule->condition, person->index)) return rule;
    }
    return NULL;
}

/* In a plan: after the last contact within the state, else from the state's start. In none: from tonight, unless there
 * was a contact that still counts. */
static double due_day(const hra_follow_up *f, const contact_rule *rule, const hra_care_record *record)
{
    double first = f->request->as_of + rule->first_days;
    double again = record->contact == INT32_MIN ? (double)NAN : record->contact + rule->every_days;
    if (!rule->states || record->since == INT32_MIN) return again > first ? again : first;
    return record->contact >= record->since ? again : record->since + rule->first_days;
}

static void put_contact(hra_follow_up *f, const contact_rule *rule, const hra_care_person *person, double due)
{
    char day[HRA_DAY_TEXT];
    hra_buffer *out = &f->text;
    hra_buffer_printf(out, "%s,", person->key);
    hra_buffer_csv_foreign(out, person->group, strlen(person->group));
    hra_buffer_char(out, ',');
    hra_buffer_csv_foreign(out, person->branch, strlen(person->branch));
    double overdue = f->request->as_of > due ? f->request->as_of - due : 0;
    hra_buffer_printf(out, ",%s,%s,%s,%.0f,%.0f,", rule->level, rule->id, hra_day_text(due, day), overdue,
                      rule->every_days);
    hra_buffer_csv(out, rule->title_en);
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, rule->title_zh);
    hra_buffer_char(out, '\n');
}

static hra_code flush(hra_follow_up *f, size_t least, hra_error *error)
{
    if (f->text.failed) return hra_out_of_memory(error);
    if (f->text.length == 0 || f->text.length < least) return HRA_OK;
    if (fwrite(f->text.bytes, 1, f->text.length, hra_atomic_stream(f->list)) != f->text.length)
        return hra_fail(error, HRA_EIO, "%s: writing failed: %m", f->list_path);
    hra_buffer_clear(&f->text);
    return HRA_OK;
}

static hra_code draw_lot(hra_follow_up *f, const hra_care_person *person, hra_error *error)
{
    unsigned char hash[crypto_shorthash_BYTES];
    hra_spill_record record = {{(uint64_t)(person->group_index + 1)}};
    crypto_shorthash(hash, (const unsigned char *)person->key, strlen(person->key), f->key);
    memcpy(&record.word[1], hash, sizeof record.word[1]);
    hra_person_key_read(person->key, &record.word[2]);
    return hra_spill_sort_add(f->lots, &record, error);
}

hra_code hra_follow_up_add(hra_follow_up *f, const hra_care_person *person, hra_care_account *account, hra_error *error)
{
    const contact_rule *rule = rule_for(f, person);
    if (person->record.states) HRA_TRY(draw_lot(f, person, error));
    if (!rule) return HRA_OK;
    double due = due_day(f, rule, &person->record);
    put_contact(f, rule, person, due);
    account->follow_up++;
    account->overdue += due < f->request->as_of;
    return flush(f, FLUSH_BYTES, error);
}

/* ---- the sample ---- */

/* Of each group of n people the first ceil(n/5) of its lots. They are taken while the group is read, one with every
 * fifth person, so that what is in memory are the keys of one group. */
static hra_code write_sample(hra_follow_up *f, FILE *file, hra_care_account *account, hra_error *error)
{
    hra_spill_record record;
    uint64_t group = UINT64_MAX;
    int64_t in_group = 0, capacity = 0, kept = 0;
    uint64_t(*keys)[2] = NULL;
    bool any = true;
    hra_code code = fputs("person\n", file) < 0 ? hra_fail(error, HRA_EIO, "%s: writing failed: %m", f->sample_path)
                                                : hra_spill_sort_finish(f->lots, error);
    while (!code && any) {
        code = hra_spill_sort_next(f->lots, &record, &any, error);
        if (code) break;
        if (!any || record.word[0] != group) {
            in_group = kept = 0;
            group = record.word[0];
        }
        if (!any) break;
        in_group++;
        if (in_group > capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            uint64_t(*more)[2] = realloc(keys, (size_t)capacity * sizeof *keys);
            if (!more) {
                code = hra_out_of_memory(error);
                break;
            }
            keys = more;
        }
        memcpy(keys[in_group - 1], &record.word[2], sizeof *keys);
        if ((in_group - 1) % SAMPLE_ONE_IN != 0) continue;
        char text[HRA_RESULT_KEY_SIZE];
        hra_person_key_write(keys[kept++], text);
        account->sampled++;
        if (fprintf(file, "%s\n", text) < 0) code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", f->sample_path);
    }
    free(keys);
    return code;
}

hra_code hra_follow_up_finish(hra_follow_up *f, hra_care_account *account, hra_error *error)
{
    hra_atomic_file *file = f->list, *sample = NULL;
    HRA_TRY(flush(f, 0, error));
    f->list = NULL;
    HRA_TRY(hra_atomic_commit(file, error));
    HRA_TRY(hra_atomic_open(f->sample_path, &sample, error));
    hra_code code = write_sample(f, hra_atomic_stream(sample), account, error);
    if (!code) return hra_atomic_commit(sample, error);
    hra_atomic_abandon(sample);
    return code;
}
