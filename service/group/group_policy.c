#include "service/group/group_policy.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "service/tables/rule_table.h"

enum { KEY, VALUE, NOTE, COLUMNS };

static const char *const columns[COLUMNS] = {"key", "value", "note"};

/* Numbers of the policy: where they stand, and the least and greatest that make sense. */
static const struct whole {
    const char *key;
    size_t offset;
    double least, most;
} wholes[] = {
    {"minimum_group", offsetof(hra_group_policy, minimum_group), 1, 1e6},
    {"minimum_denominator", offsetof(hra_group_policy, minimum_denominator), 1, 1e6},
    {"minimum_stratum", offsetof(hra_group_policy, minimum_stratum), 1, 1e6},
    {"minimum_department", offsetof(hra_group_policy, minimum_department), 1, 1e6},
    {"hide_up_to", offsetof(hra_group_policy, hide_up_to), 0, 1e6},
    {"homogeneous_below", offsetof(hra_group_policy, homogeneous_below), 0, 1e6},
    {"protection", offsetof(hra_group_policy, protection), 2, 1e6},
    {"sensitive_minimum", offsetof(hra_group_policy, sensitive_minimum), 1, 1e6},
    {"others_groups", offsetof(hra_group_policy, others_groups), 2, 1e6},
    {"edition_days", offsetof(hra_group_policy, edition_days), 0, 1e5},
    {"round_to", offsetof(hra_group_policy, round_to), 1, 1000},
    {"top_age", offsetof(hra_group_policy, top_age), 30, 70},
    {"newsletters_per_year", offsetof(hra_group_policy, newsletters_per_year), 0, 12},
    {"newsletter_rest", offsetof(hra_group_policy, newsletter_rest), 0, 12},
    {"lectures", offsetof(hra_group_policy, lectures), 0, 12},
};
enum { WHOLES = sizeof wholes / sizeof wholes[0] };

typedef struct loading {
    hra_group_policy *policy;
    hra_rule_table table;
    bool seen[WHOLES], others_largest, newsletter_tie;
    hra_error *error;
} loading;

static hra_code wrong(const loading *l, const hra_rule_row *row, const char *what)
{
    return hra_fail(l->error, HRA_EINPUT, "%s:%d: %s: '%s' %s", l->table.file, row->line, row->cells[KEY],
                    row->cells[VALUE], what);
}

static hra_code read_number(const loading *l, const hra_rule_row *row, double least, double most, double *out)
{
    HRA_TRY(hra_rule_number(&l->table, row, columns, VALUE, NAN, out, l->error));
    if (*out >= least && *out <= most) return HRA_OK;
    return hra_fail(l->error, HRA_EINPUT, "%s:%d: %s is a number from %g to %g, not '%s'", l->table.file, row->line,
                    row->cells[KEY], least, most, row->cells[VALUE]);
}

static hra_code add_name(const loading *l, const hra_rule_row *row, const char **names, int *count)
{
    if (!*row->cells[VALUE]) return wrong(l, row, "is empty where a finding is named");
    for (int i = 0; i < *count; i++)
        if (strcmp(names[i], row->cells[VALUE]) == 0) return wrong(l, row, "is named twice");
    if (*count == HRA_POLICY_NAMES) return wrong(l, row, "is one finding too many (256)");
    names[(*count)++] = row->cells[VALUE];
    return HRA_OK;
}

static hra_code read_season(const loading *l, const hra_rule_row *row)
{
    static const char *const seasons[] = {"winter", "spring", "summer", "autumn"};
    int quarter = row->cells[KEY][7] - '1';
    for (int i = 0; i < 4; i++) {
        if (strcmp(row->cells[VALUE], seasons[i]) != 0) continue;
        l->policy->seasons[quarter] = seasons[i];
        return HRA_OK;
    }
    return wrong(l, row, "is not winter, spring, summer or autumn");
}

static hra_code read_row(loading *l, const hra_rule_row *row)
{
    hra_group_policy *p = l->policy;
    const char *key = row->cells[KEY];
    double number;
    for (int i = 0; i < WHOLES; i++) {
        if (strcmp(key, wholes[i].key) != 0) continue;
        HRA_TRY(read_number(l, row, wholes[i].least, wholes[i].most, &number));
        if (number != floor(number)) return wrong(l, row, "is not a whole number");
        if (l->seen[i]) return wrong(l, row, "is said twice");
        l->seen[i] = true;
        *(uint32_t *)((char *)p + wholes[i].offset) = (uint32_t)number;
        return HRA_OK;
    }
    if (strcmp(key, "publish") == 0) return add_name(l, row, p->publish, &p->publish_count);
    if (strcmp(key, "sensitive") == 0) return add_name(l, row, p->sensitive, &p->sensitive_count);
    if (strncmp(key, "season_", 7) == 0 && key[7] >= '1' && key[7] <= '4' && !key[8]) return read_season(l, row);
    if (strcmp(key, "others_largest") == 0) {
        l->others_largest = true;
        return read_number(l, row, 0, 1, &p->others_largest);
    }
    if (strcmp(key, "newsletter_tie") == 0) {
        l->newsletter_tie = true;
        return read_number(l, row, 0, 1, &p->newsletter_tie);
    }
    return hra_fail(l->error, HRA_EINPUT, "%s:%d: '%s' is not a key of a group policy", l->table.file, row->line, key);
}

/* Nothing has a silent default: a rule that is not there would be a rule nobody decided. */
static hra_code check_complete(const loading *l)
{
    const char *missing = NULL;
    for (int i = 0; i < WHOLES; i++)
        if (!l->seen[i]) missing = wholes[i].key;
    if (!l->others_largest) missing = "others_largest";
    if (!l->newsletter_tie) missing = "newsletter_tie";
    for (int q = 0; q < HRA_QUARTERS; q++)
        if (!l->policy->seasons[q]) missing = "season_1 to season_4";
    if (!missing) return HRA_OK;
    return hra_fail(l->error, HRA_EINPUT, "%s: '%s' is missing", l->table.file, missing);
}

hra_code hra_group_policy_load(const char *path, hra_group_policy *policy, hra_error *error)
{
    *policy = (hra_group_policy){0};
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    policy->memory = arena;
    loading l = {.policy = policy, .error = error};
    hra_code code = hra_rule_table_load(path, "datasets/group_policy.csv", columns, COLUMNS, arena, &l.table, error);
    for (int i = 0; i < l.table.count && code == HRA_OK; i++) code = read_row(&l, &l.table.rows[i]);
    if (code == HRA_OK) code = check_complete(&l);
    if (code != HRA_OK) hra_group_policy_free(policy);
    return code;
}

void hra_group_policy_free(hra_group_policy *policy)
{
    hra_arena_free(policy->memory);
    *policy = (hra_group_policy){0};
}

bool hra_group_policy_sensitive(const hra_group_policy *policy, const char *finding)
{
    for (int i = 0; i < policy->sensitive_count; i++)
        if (strcmp(policy->sensitive[i], finding) == 0) return true;
    return false;
}
