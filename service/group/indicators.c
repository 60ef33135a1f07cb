#include "service/group/indicators.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/data/column.h"
#include "service/tables/named_groups.h"
#include "service/tables/rule_table.h"
#include "service/tables/table_file.h"

enum {
    ID,
    CLASS,
    SCOPE,
    KIND,
    BEFORE,
    NOW,
    MET_BEFORE,
    MET_NOW,
    VARIABLE,
    AMOUNT,
    UNIT,
    TITLE_EN,
    TITLE_ZH,
    DEFINITION_EN,
    DEFINITION_ZH,
    REVIEW,
    COLUMNS
};
static const char *const columns[COLUMNS] = {
    "indicator", "class",  "scope", "kind",     "before",   "now",           "met_before",    "met_now",
    "variable",  "amount", "unit",  "title_en", "title_zh", "definition_en", "definition_zh", "review"};
static const char *const kinds[] = {"share", "mean_change", "lost", "report_days", "contacted", "tonight", "reached"};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct hra_indicators {
    hra_arena *arena;
    const hra_dictionary *dictionary;
    hra_rule_table table;
    hra_indicator indicators[HRA_INDICATOR_MOST];
    const hra_rule_row *rows[HRA_INDICATOR_MOST];
    const char *gaps[HRA_INDICATOR_MOST];
    int count;
    hra_named_groups *groups; /* each with HRA_INDICATOR_MOST sums */
};

/* ---- the table ---- */

static hra_code row_fault(const hra_indicators *set, const hra_rule_row *row, int column, const char *what,
                          hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s:%d: the column '%s' %s, not '%s'", set->table.file, row->line,
                    columns[column], what, row->cells[column]);
}

static hra_code read_amount(const hra_indicators *set, const hra_rule_row *row, hra_indicator *out, hra_error *error)
{
    HRA_TRY(hra_rule_number(&set->table, row, columns, AMOUNT, NAN, &out->amount, error));
    if (out->kind == HRA_INDICATOR_CONTACTED && !(out->amount < 0)) return HRA_OK;
    if (out->kind == HRA_INDICATOR_LOST || out->kind == HRA_INDICATOR_REPORT_DAYS)
        return out->amount > 0 && out->amount <= 100 ? HRA_OK
                                                     : row_fault(set, row, AMOUNT, "is a percentage here", error);
    return isnan(out->amount) ? HRA_OK
                              : row_fault(set, row, AMOUNT, "is empty, or a number of days with contacted", error);
}

static hra_code read_row(const hra_indicators *set, const hra_rule_row *row, hra_indicator *out, hra_error *error)
{
    int kind = 0;
    while (kind < KINDS && strcmp(kinds[kind], row->cells[KIND]) != 0) kind++;
    if (kind == KINDS)
        return row_fault(set, row, KIND, "is share, mean_change, lost, report_days, contacted, tonight or reached",
                         error);
    *out = (hra_indicator){.kind = (hra_indicator_kind)kind,
                           .before = row->cells[BEFORE],
                           .now = row->cells[NOW],
                           .met_before = row->cells[MET_BEFORE],
                           .met_now = row->cells[MET_NOW],
                           .variable = -1};
    if (kind == HRA_INDICATOR_MEAN_CHANGE || kind == HRA_INDICATOR_LOST) {
        out->variable = hra_dictionary_find(set->dictionary, row->cells[VARIABLE]);
        if (out->variable < 0) return row_fault(set, row, VARIABLE, "names a variable of the dictionary", error);
    }
    for (int c = BEFORE; c <= MET_NOW; c++) {
        bool years = kind < HRA_INDICATOR_REPORT_DAYS && (c == BEFORE || c == NOW);
        bool night = kind > HRA_INDICATOR_REPORT_DAYS && c == NOW;
        bool read = kind == HRA_INDICATOR_SHARE || years || night || (kind == HRA_INDICATOR_TONIGHT && c == MET_NOW);
        if (!read && *row->cells[c]) return row_fault(set, row, c, "is empty with this kind", error);
    }
    return read_amount(set, row, out, error);
}

static hra_code read_table(hra_indicators *set, const char *path, hra_indicator_kind first, hra_indicator_kind last,
                           hra_error *error)
{
    HRA_TRY(hra_rule_table_load(path, "datasets/indicators.csv", columns, COLUMNS, set->arena, &set->table, error));
    for (int i = 0; i < set->table.count; i++) {
        hra_indicator indicator;
        HRA_TRY(read_row(set, &set->table.rows[i], &indicator, error));
        if (indicator.kind < first || indicator.kind > last) continue;
        if (set->count == HRA_INDICATOR_MOST)
            return hra_fail(error, HRA_EINPUT, "%s:%d: more than %d indicators of these kinds", set->table.file,
                            set->table.rows[i].line, HRA_INDICATOR_MOST);
        set->rows[set->count] = &set->table.rows[i];
        set->indicators[set->count++] = indicator;
    }
    return HRA_OK;
}

/* Of a new group: the days of a report are not zero, but not known. */
static void forget_days(hra_indicators *set, int group)
{
    hra_indicator_sum *sums = hra_indicators_sums(set, group);
    for (int i = 0; i < HRA_INDICATOR_MOST; i++) sums[i].days = NAN;
}

static hra_code begin(hra_indicators *set, const char *path, hra_indicator_kind first, hra_indicator_kind last,
                      hra_error *error)
{
    set->arena = hra_arena_new();
    set->groups = hra_named_groups_new(HRA_INDICATOR_MOST * sizeof(hra_indicator_sum));
    if (!set->arena || !set->groups) return hra_out_of_memory(error);
    forget_days(set, 0);
    return read_table(set, path, first, last, error);
}

hra_code hra_indicators_new(const char *path, const hra_dictionary *dictionary, hra_indicator_kind first,
                            hra_indicator_kind last, hra_indicators **out, hra_error *error)
{
    hra_indicators *set = calloc(1, sizeof *set);
    if (!set) return hra_out_of_memory(error);
    set->dictionary = dictionary;
    hra_code code = begin(set, path, first, last, error);
    if (code)
        hra_indicators_free(set);
    else
        *out = set;
    return code;
}

void hra_indicators_free(hra_indicators *set)
{
    if (!set) return;
    hra_named_groups_free(set->groups);
    hra_arena_free(set->arena);
    free(set);
}

int hra_indicators_count(const hra_indicators *set) { return set->count; }
const hra_indicator *hra_indicators_at(const hra_indicators *set, int indicator) { return &set->indicators[indicator]; }

hra_code hra_indicators_gap(hra_indicators *set, int indicator, const char *why, hra_error *error)
{
    set->gaps[indicator] = hra_arena_text(set->arena, why);
    return set->gaps[indicator] ? HRA_OK : hra_out_of_memory(error);
}

bool hra_indicators_has_gap(const hra_indicators *set, int indicator) { return set->gaps[indicator] != NULL; }

/* ---- groups ---- */

hra_code hra_indicators_group(hra_indicators *set, const char *name, int *index, hra_error *error)
{
    int known = hra_named_groups_count(set->groups);
    *index = hra_named_groups_of(set->groups, name);
    if (*index < 0) return hra_out_of_memory(error);
    if (*index == known) forget_days(set, *index);
    return HRA_OK;
}

hra_indicator_sum *hra_indicators_sums(const hra_indicators *set, int group)
{
    return hra_named_groups_numbers(set->groups, group);
}

void hra_indicators_count_person(hra_indicators *set, int group, int indicator, int answer)
{
    hra_indicator_sum *const both[] = {&hra_indicators_sums(set, 0)[indicator],
                                       &hra_indicators_sums(set, group)[indicator]};
    for (int i = 0; i < 2; i++) {
        both[i]->known += answer >= 0;
        both[i]->met += answer > 0;
        both[i]->undecided += answer < 0;
    }
}

/* ---- writing ---- */

static void put_numbers(const hra_indicators *set, int i, const hra_indicator_sum *sum, hra_buffer *out)
{
    const hra_indicator *indicator = &set->indicators[i];
    bool mean = indicator->kind == HRA_INDICATOR_MEAN_CHANGE, days = indicator->kind == HRA_INDICATOR_REPORT_DAYS;
    bool told = !set->gaps[i] && sum->known > 0, anybody = !set->gaps[i] || sum->known + sum->undecided > 0;
    int decimals = mean ? hra_dictionary_at(set->dictionary, indicator->variable)->decimals : 0;
    hra_buffer_char(out, ',');
    if (told && !days) hra_buffer_fixed(out, (double)sum->met / hra_pow10(decimals), decimals);
    hra_buffer_char(out, ',');
    if (anybody) hra_buffer_printf(out, "%lld", (long long)sum->known);
    hra_buffer_char(out, ',');
    if (anybody) hra_buffer_printf(out, "%lld", (long long)sum->undecided);
    hra_buffer_char(out, ',');
    if (told && days)
        hra_buffer_fixed(out, sum->days, 0);
    else if (told)
        hra_buffer_fixed(out, (double)sum->met / hra_pow10(decimals) / (double)sum->known, mean ? decimals + 2 : 4);
}

static void put_text(const char *text, hra_buffer *out)
{
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, text);
}

static void put_row(const hra_indicators *set, int group, int i, const char *period, const char *remark,
                    hra_buffer *out)
{
    static const int names[] = {ID, CLASS, SCOPE}, words[] = {TITLE_EN, TITLE_ZH, DEFINITION_EN, DEFINITION_ZH};
    const char *const *cells = set->rows[i]->cells;
    const char *name = hra_named_groups_name(set->groups, group);
    hra_buffer_csv_foreign(out, name, strlen(name));
    for (int n = 0; n < 3; n++) put_text(cells[names[n]], out);
    put_text(period, out);
    put_numbers(set, i, &hra_indicators_sums(set, group)[i], out);
    put_text(cells[UNIT], out);
    put_text(set->gaps[i] ? set->gaps[i] : remark, out);
    for (int w = 0; w < 4; w++) put_text(cells[words[w]], out);
    hra_buffer_char(out, '\n');
}

typedef struct writing {
    const hra_indicators *set;
    const char *period, *remark;
} writing;

static void put_group(const void *context, int part, hra_buffer *out)
{
    const writing *w = context;
    for (int i = 0; i < w->set->count; i++) put_row(w->set, part, i, w->period, w->remark, out);
}

hra_code hra_indicators_write(const hra_indicators *set, const char *period, const char *remark, const char *path,
                              hra_error *error)
{
    static const char header[] = "group,indicator,class,scope,period,numerator,denominator,undecided,value,unit,note,"
                                 "title_en,title_zh,definition_en,definition_zh\n";
    const writing context = {set, period, remark};
    return hra_table_file_write(
        path, &(hra_table_parts){header, hra_named_groups_count(set->groups), put_group, &context}, error);
}

/* ---- conditions joined by " or " ---- */

hra_code hra_alternatives_add(hra_indicators *set, int indicator, const char *text, hra_conditions *conditions,
                              hra_alternatives *out, hra_error *error)
{
    const char *where = hra_arena_printf(set->arena, "%s:%d", set->table.file, set->rows[indicator]->line);
    char *rest = hra_arena_text(set->arena, text);
    if (!where || !rest) return hra_out_of_memory(error);
    *out = (hra_alternatives){.count = 0};
    while (rest && *rest) {
        hra_error missing = {0};
        char *term = rest, *end = strstr(rest, " or ");
        if (end) *end = '\0';
        rest = end ? end + 4 : NULL;
        if (out->count == HRA_INDICATOR_ALTERNATIVES)
            return hra_fail(error, HRA_EINPUT, "%s: more than %d alternatives", where, HRA_INDICATOR_ALTERNATIVES);
        hra_code code = hra_conditions_add(conditions, term, where, &out->conditions[out->count++], &missing);
        if (code == HRA_EUSAGE) {
            out->count = -1;
            return hra_indicators_gap(set, indicator, missing.message, error);
        }
        if (code) return hra_fail(error, code, "%s", missing.message);
    }
    return HRA_OK;
}

int hra_alternatives_decide(const hra_alternatives *a, const hra_conditions *conditions, int64_t index)
{
    bool unsure = false;
    for (int i = 0; i < a->count; i++) {
        if (hra_conditions_hold(conditions, a->conditions[i], index)) return 1;
        unsure |= hra_conditions_unsure(conditions, a->conditions[i], index);
    }
    return a->count == 0 ? 1 : unsure || a->count < 0 ? -1 : 0;
}
