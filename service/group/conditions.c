#include "service/group/conditions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/column.h"

enum { MOST_FIELDS = 256 };

typedef enum term_kind { TERM_PRESENT, TERM_ABSENT, TERM_VALUE } term_kind;

typedef struct term {
    term_kind kind;
    int column;  /* of the loaded ones */
    bool *holds; /* by ordinal, 0 and 1 for flags */
    int ordinals;
} term;

typedef struct condition {
    term *terms;
    int count;
} condition;

struct hra_conditions {
    const hra_result_reader *results;
    hra_arena *arena;
    condition *conditions;
    int count, capacity;
    int fields[MOST_FIELDS]; /* loaded columns */
    int field_count;
    double *values; /* columns x HRA_CHUNK_ROWS */
};

hra_code hra_conditions_new(const hra_result_reader *results, hra_conditions **out, hra_error *error)
{
    hra_conditions *s = calloc(1, sizeof *s);
    if (s) s->arena = hra_arena_new();
    if (!s || !s->arena) {
        free(s);
        return hra_out_of_memory(error);
    }
    s->results = results;
    *out = s;
    return HRA_OK;
}

void hra_conditions_free(hra_conditions *s)
{
    if (!s) return;
    hra_arena_free(s->arena);
    free(s->conditions);
    free(s->values);
    free(s);
}

/* ---- reading ---- */

static hra_code find_column(hra_conditions *s, const char *name, const char *where, term *t, hra_error *error)
{
    int field = hra_result_reader_find(s->results, name);
    if (field < 0)
        return hra_fail(error, HRA_EUSAGE, "%s: %s has no result '%s'; 'hra info' lists what it has", where,
                        hra_result_reader_facts(s->results)->path, name);
    const hra_result_field *f = hra_result_reader_field(s->results, field);
    if (f->kind == HRA_RESULT_NUMBER)
        return hra_fail(error, HRA_EUSAGE, "%s: '%s' is a number; a flag or a category is needed", where, name);
    t->kind = TERM_VALUE;
    t->ordinals = f->kind == HRA_RESULT_FLAG ? 2 : f->level_count;
    t->holds = hra_arena_alloc(s->arena, (size_t)t->ordinals + 1);
    if (!t->holds) return hra_out_of_memory(error);
    for (t->column = 0; t->column < s->field_count; t->column++)
        if (s->fields[t->column] == field) return HRA_OK;
    if (s->field_count == MOST_FIELDS)
        return hra_fail(error, HRA_EUSAGE, "%s: more than %d results are asked for", where, MOST_FIELDS);
    s->fields[s->field_count++] = field;
    free(s->values);
    s->values = NULL;
    return HRA_OK;
}

static hra_code read_levels(hra_conditions *s, char *levels, const char *where, term *t, hra_error *error)
{
    const hra_result_field *f = hra_result_reader_field(s->results, s->fields[t->column]);
    char *rest = NULL;
    for (char *level = strtok_r(levels, "|", &rest); level; level = strtok_r(NULL, "|", &rest)) {
        int at = 0;
        while (at < f->level_count && strcmp(f->levels[at], level) != 0) at++;
        if (at == f->level_count)
            return hra_fail(error, HRA_EUSAGE, "%s: '%s' has no level '%s'; 'hra info' lists its levels", where,
                            f->name, level);
        t->holds[at] = true;
    }
    return HRA_OK;
}

static hra_code read_term(hra_conditions *s, char *text, const char *where, term *t, hra_error *error)
{
    *t = (term){.column = -1};
    if (strcmp(text, "present") == 0 || strcmp(text, "absent") == 0) {
        t->kind = *text == 'p' ? TERM_PRESENT : TERM_ABSENT;
        return HRA_OK;
    }
    bool negated = *text == '!';
    char *name = text + negated, *levels = strchr(name, '=');
    if (levels) *levels++ = '\0';
    HRA_TRY(find_column(s, name, where, t, error));
    bool flag = hra_result_reader_field(s->results, s->fields[t->column])->kind == HRA_RESULT_FLAG;
    if (!flag && !levels)
        return hra_fail(error, HRA_EUSAGE, "%s: '%s' is a category: say which level, %s=LEVEL", where, name, name);
    if (levels)
        HRA_TRY(read_levels(s, levels, where, t, error));
    else
        t->holds[1] = true;
    for (int i = 0; i < t->ordinals && negated; i++) t->holds[i] = !t->holds[i];
    return HRA_OK;
}

hra_code hra_conditions_add(hra_conditions *s, const char *text, const char *where, int *number, hra_error *error)
{
    char *copy = hra_arena_text(s->arena, text), *rest = NULL;
    condition c = {.terms = hra_arena_alloc(s->arena, (strlen(text) / 2 + 1) * sizeof *c.terms)};
    if (!copy || !c.terms) return hra_out_of_memory(error);
    for (char *word = strtok_r(copy, "& \t", &rest); word; word = strtok_r(NULL, "& \t", &rest))
        HRA_TRY(read_term(s, word, where, &c.terms[c.count++], error));
    if (s->count == s->capacity) {
        int capacity = s->capacity ? 2 * s->capacity : 16;
        condition *conditions = realloc(s->conditions, (size_t)capacity * sizeof *conditions);
        if (!conditions) return hra_out_of_memory(error);
        s->conditions = conditions;
        s->capacity = capacity;
    }
    *number = s->count;
    s->conditions[s->count++] = c;
    return HRA_OK;
}

/* ---- deciding ---- */

hra_code hra_conditions_load(hra_conditions *s, int64_t first, int64_t count, hra_error *error)
{
    if (!s->values) s->values = malloc(((size_t)s->field_count * HRA_CHUNK_ROWS + 1) * sizeof *s->values);
    if (!s->values) return hra_out_of_memory(error);
    for (int c = 0; c < s->field_count; c++)
        HRA_TRY(hra_result_reader_values(s->results, s->fields[c], first, count, s->values + (size_t)c * HRA_CHUNK_ROWS,
                                         error));
    return HRA_OK;
}

/* 1 holds, 0 does not, -1 cannot be decided */
static int decide(const hra_conditions *s, const term *t, int64_t index)
{
    if (t->kind != TERM_VALUE) return (t->kind == TERM_PRESENT) == (index >= 0);
    if (index < 0) return -1;
    double value = s->values[(size_t)t->column * HRA_CHUNK_ROWS + (size_t)index];
    if (isnan(value) || value < 0 || value >= t->ordinals) return -1;
    return t->holds[(int)value];
}

bool hra_conditions_hold(const hra_conditions *s, int number, int64_t index)
{
    const condition *c = &s->conditions[number];
    for (int i = 0; i < c->count; i++)
        if (decide(s, &c->terms[i], index) != 1) return false;
    return true;
}

bool hra_conditions_unsure(const hra_conditions *s, int number, int64_t index)
{
    const condition *c = &s->conditions[number];
    bool unsure = false;
    for (int i = 0; i < c->count; i++) {
        int result = decide(s, &c->terms[i], index);
        if (result == 0) return false;
        unsure |= result < 0;
    }
    return unsure;
}
