#include "service/research/research_policy.h"

#include <math.h>
#include <string.h>

#include "service/tables/rule_table.h"

enum { KEY, VALUE, NAMES, NOTE, COLUMNS };

static const char *const columns[COLUMNS] = {"key", "value", "names", "note"};

/* Numbers of the policy: where they stand, and the least and greatest that make sense. */
static const struct whole {
    const char *key;
    size_t offset;
    double least, most;
} wholes[] = {
    {"smallest_cell", offsetof(hra_research_policy, smallest_cell), 2, 1e6},
    {"age_band", offsetof(hra_research_policy, age_band), 2, 50},
    {"top_age", offsetof(hra_research_policy, top_age), 50, 120},
    {"risk_decimals", offsetof(hra_research_policy, risk_decimals), 1, 6},
};
enum { WHOLES = sizeof wholes / sizeof wholes[0] };

typedef struct loading {
    const hra_dictionary *dictionary;
    hra_research_policy *policy;
    hra_rule_table table;
    bool seen[WHOLES];
    hra_error *error;
} loading;

static hra_code wrong(const loading *l, const hra_rule_row *row, const char *what)
{
    return hra_fail(l->error, HRA_EINPUT, "%s:%d: %s: '%s' %s", l->table.file, row->line, row->cells[KEY],
                    row->cells[VALUE], what);
}

static hra_code read_whole(loading *l, const hra_rule_row *row, int i)
{
    double number;
    HRA_TRY(hra_rule_number(&l->table, row, columns, VALUE, NAN, &number, l->error));
    if (!(number >= wholes[i].least && number <= wholes[i].most) || number != floor(number))
        return hra_fail(l->error, HRA_EINPUT, "%s:%d: %s is a whole number from %g to %g, not '%s'", l->table.file,
                        row->line, wholes[i].key, wholes[i].least, wholes[i].most, row->cells[VALUE]);
    if (l->seen[i]) return wrong(l, row, "is said twice");
    l->seen[i] = true;
    *(uint32_t *)((char *)l->policy + wholes[i].offset) = (uint32_t)number;
    return HRA_OK;
}

static hra_code read_treatment(const loading *l, const hra_rule_row *row, hra_research_treatment treatment)
{
    int variable = hra_dictionary_find(l->dictionary, row->cells[VALUE]);
    if (variable < 0) return wrong(l, row, "is not a variable of the dictionary");
    hra_type type = hra_dictionary_at(l->dictionary, variable)->type;
    if (treatment == HRA_RESEARCH_BAND && type != HRA_TYPE_COUNT && type != HRA_TYPE_MEASURE)
        return wrong(l, row, "is not a number");
    if (l->policy->treatments[variable] != HRA_RESEARCH_TELL) return wrong(l, row, "is named twice");
    l->policy->treatments[variable] = (unsigned char)treatment;
    return HRA_OK;
}

static hra_code read_province(const loading *l, const hra_rule_row *row)
{
    hra_research_policy *p = l->policy;
    if (!*row->cells[VALUE]) return wrong(l, row, "is empty where the code of a province stands");
    if (hra_research_policy_province(p, row->cells[VALUE]) >= 0) return wrong(l, row, "is named twice");
    if (p->province_count == HRA_RESEARCH_PROVINCES) return wrong(l, row, "is one province too many (64)");
    p->provinces[p->province_count++] = (hra_research_province){row->cells[VALUE], row->cells[NAMES]};
    return HRA_OK;
}

static hra_code read_row(loading *l, const hra_rule_row *row)
{
    const char *key = row->cells[KEY];
    for (int i = 0; i < WHOLES; i++)
        if (strcmp(key, wholes[i].key) == 0) return read_whole(l, row, i);
    if (strcmp(key, "band") == 0) return read_treatment(l, row, HRA_RESEARCH_BAND);
    if (strcmp(key, "leave_out") == 0) return read_treatment(l, row, HRA_RESEARCH_LEAVE_OUT);
    if (strcmp(key, "province") == 0) return read_province(l, row);
    return hra_fail(l->error, HRA_EINPUT, "%s:%d: '%s' is not a key of a research policy", l->table.file, row->line,
                    key);
}

/* Nothing has a silent default: a rule that is not there would be a rule nobody decided. */
static hra_code check_complete(const loading *l)
{
    const hra_research_policy *p = l->policy;
    for (int i = 0; i < WHOLES; i++)
        if (!l->seen[i]) return hra_fail(l->error, HRA_EINPUT, "%s: '%s' is missing", l->table.file, wholes[i].key);
    if (p->top_age % p->age_band == 0) return HRA_OK;
    return hra_fail(l->error, HRA_EINPUT, "%s: top_age %u is not a multiple of age_band %u", l->table.file, p->top_age,
                    p->age_band);
}

hra_code hra_research_policy_load(const char *path, const hra_dictionary *dictionary, hra_research_policy *policy,
                                  hra_error *error)
{
    *policy = (hra_research_policy){0};
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    policy->memory = arena;
    policy->treatments = hra_arena_alloc(arena, (size_t)hra_dictionary_count(dictionary) + 1);
    loading l = {.dictionary = dictionary, .policy = policy, .error = error};
    hra_code code = policy->treatments ? HRA_OK : hra_out_of_memory(error);
    if (!code)
        code = hra_rule_table_load(path, "datasets/research_policy.csv", columns, COLUMNS, arena, &l.table, error);
    for (int i = 0; i < l.table.count && code == HRA_OK; i++) code = read_row(&l, &l.table.rows[i]);
    if (code == HRA_OK) code = check_complete(&l);
    if (code != HRA_OK) hra_research_policy_free(policy);
    return code;
}

void hra_research_policy_free(hra_research_policy *policy)
{
    if (policy->memory) hra_arena_free(policy->memory);
    *policy = (hra_research_policy){0};
}

static bool is_one_of(const char *names, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = names; *at;) {
        size_t here = strcspn(at, "|");
        if (here == length && memcmp(at, text, length) == 0) return true;
        at += here + (at[here] == '|');
    }
    return false;
}

int hra_research_policy_province(const hra_research_policy *policy, const char *text)
{
    for (int i = 0; *text && i < policy->province_count; i++)
        if (strcmp(policy->provinces[i].code, text) == 0 || is_one_of(policy->provinces[i].names, text)) return i;
    return -1;
}
