#include "intake/join/join_schema.h"

#include <stdlib.h>
#include <string.h>

hra_code hra_join_schema_new(const hra_dictionary *dictionary, const char *rules, hra_join_schema **out,
                             hra_error *error)
{
    hra_join_schema *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->schema.dictionary = dictionary;
    s->arena = hra_arena_new();
    s->texts = hra_map_new();
    hra_code code = s->arena && s->texts ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = hra_join_rules_read(rules, dictionary, s->arena, &s->rules, &s->set_count, error);
    if (code != HRA_OK) {
        hra_join_schema_free(s);
        return code;
    }
    *out = s;
    return HRA_OK;
}

void hra_join_schema_free(hra_join_schema *s)
{
    if (!s) return;
    free(s->schema.columns);
    free(s->schema.labels);
    free(s->text_list);
    hra_map_free(s->texts);
    hra_arena_free(s->arena);
    free(s);
}

static hra_code add_column(hra_join_schema *s, const hra_column *column, hra_error *error)
{
    if (hra_schema_find(&s->schema, column->variable, column->unit) >= 0) return HRA_OK;
    hra_column *columns = realloc(s->schema.columns, ((size_t)s->schema.column_count + 1) * sizeof *columns);
    if (!columns) return hra_out_of_memory(error);
    s->schema.columns = columns;
    HRA_TRY(
        hra_column_for(s->schema.dictionary, column->variable, column->unit, &columns[s->schema.column_count], error));
    s->schema.column_count++;
    return HRA_OK;
}

static hra_code add_label(hra_join_schema *s, int variable, hra_error *error)
{
    for (int i = 0; i < s->schema.label_count; i++)
        if (s->schema.labels[i] == variable) return HRA_OK;
    int *labels = realloc(s->schema.labels, ((size_t)s->schema.label_count + 1) * sizeof *labels);
    if (!labels) return hra_out_of_memory(error);
    s->schema.labels = labels;
    labels[s->schema.label_count++] = variable;
    return HRA_OK;
}

hra_code hra_join_schema_add(hra_join_schema *s, const hra_schema *source, hra_error *error)
{
    for (int i = 0; i < source->column_count; i++) HRA_TRY(add_column(s, &source->columns[i], error));
    for (int i = 0; i < source->label_count; i++) HRA_TRY(add_label(s, source->labels[i], error));
    return HRA_OK;
}

static int by_variable(const void *a, const void *b)
{
    const hra_column *x = a, *y = b;
    if (x->variable != y->variable) return x->variable < y->variable ? -1 : 1;
    return strcmp(x->unit, y->unit);
}

static int by_number(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static void find_items(hra_join_schema *s)
{
    const hra_schema *schema = &s->schema;
    for (int i = 0; i < schema->column_count; i++) {
        int variable = schema->columns[i].variable;
        if (s->item_count > 0 && s->items[s->item_count - 1].variable == variable) {
            s->items[s->item_count - 1].column_count++;
            continue;
        }
        const hra_join_rule *rule = &s->rules[variable];
        bool flag = hra_dictionary_at(schema->dictionary, variable)->type == HRA_TYPE_FLAG;
        s->items[s->item_count++] = (hra_join_item){.first_column = i,
                                                    .column_count = 1,
                                                    .variable = variable,
                                                    .rule = *rule,
                                                    .holds = flag && rule->role != HRA_JOIN_CURRENT};
    }
}

static int find_role(const hra_join_schema *s, hra_join_role role)
{
    for (int i = 0; i < s->item_count; i++)
        if (s->items[i].rule.role == role) return i;
    return -1;
}

static int find_variable(const hra_join_schema *s, const char *name)
{
    int variable = hra_dictionary_find(s->schema.dictionary, name);
    for (int i = 0; i < s->item_count; i++)
        if (s->items[i].variable == variable) return i;
    return -1;
}

hra_code hra_join_schema_finish(hra_join_schema *s, hra_error *error)
{
    hra_schema *schema = &s->schema;
    size_t columns = (size_t)schema->column_count, labels = (size_t)schema->label_count;
    if (columns > 1) qsort(schema->columns, columns, sizeof *schema->columns, by_variable);
    if (labels > 1) qsort(schema->labels, labels, sizeof *schema->labels, by_number);
    s->missing = hra_arena_alloc(s->arena, (columns + 1) * sizeof *s->missing);
    s->items = hra_arena_alloc(s->arena, (columns + 1) * sizeof *s->items);
    s->label_rules = hra_arena_alloc(s->arena, (labels + 1) * sizeof *s->label_rules);
    if (!s->missing || !s->items || !s->label_rules) return hra_out_of_memory(error);
    for (size_t i = 0; i < columns; i++) s->missing[i] = hra_column_missing(&schema->columns[i]);
    find_items(s);
    s->group_label = -1;
    for (int i = 0; i < schema->label_count; i++) {
        s->label_rules[i] = &s->rules[schema->labels[i]];
        if (s->label_rules[i]->role == HRA_JOIN_GROUP) s->group_label = i;
    }
    s->visit_date = find_role(s, HRA_JOIN_VISIT_DATE);
    s->sex = find_role(s, HRA_JOIN_SEX);
    s->birth_date = find_role(s, HRA_JOIN_BIRTH_DATE);
    s->age = find_role(s, HRA_JOIN_AGE);
    s->period_start = find_role(s, HRA_JOIN_PERIOD_START);
    s->period_end = find_role(s, HRA_JOIN_PERIOD_END);
    s->consent = find_variable(s, "consent");
    return HRA_OK;
}

int32_t hra_join_text(hra_join_schema *s, const char *text)
{
    int64_t known = hra_map_get(s->texts, text);
    if (known >= 0) return (int32_t)known;
    if (s->text_count == s->text_capacity) {
        int capacity = s->text_capacity ? 2 * s->text_capacity : 256;
        const char **list = realloc(s->text_list, (size_t)capacity * sizeof *list);
        if (!list) return -1;
        s->text_list = list;
        s->text_capacity = capacity;
    }
    const char *copy = hra_arena_text(s->arena, text);
    if (!copy || hra_map_set(s->texts, text, s->text_count) != 0) return -1;
    s->text_list[s->text_count] = copy;
    return s->text_count++;
}
