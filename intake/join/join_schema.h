/* The columns of all sources of a join as one schema, and what each variable of it follows. */
#ifndef HRA_INTAKE_JOIN_SCHEMA_H
#define HRA_INTAKE_JOIN_SCHEMA_H

#include "base/arena.h"
#include "base/map.h"
#include "engine/data/column.h"
#include "intake/join/join_rules.h"

/* A variable of the output: its columns (one per unit) stand side by side. */
typedef struct hra_join_item {
    int first_column, column_count;
    int variable;
    hra_join_rule rule;
    bool holds; /* a flag: a yes of a diagnosis is for ever */
} hra_join_item;

typedef struct hra_join_schema {
    hra_schema schema;
    uint32_t *missing; /* code per column */
    hra_join_item *items;
    int item_count;
    const hra_join_rule **label_rules;                                       /* per label column */
    int group_label;                                                         /* label column, -1: none */
    int visit_date, sex, birth_date, age, period_start, period_end, consent; /* items, -1: no source has it */
    const hra_join_rule *rules;
    int set_count;
    /* texts of all labels of all sources, by number */
    hra_map *texts;
    const char **text_list;
    int text_count, text_capacity;
    hra_arena *arena;
} hra_join_schema;

/* `rules`: file or NULL. */
hra_code hra_join_schema_new(const hra_dictionary *dictionary, const char *rules, hra_join_schema **out,
                             hra_error *error);
void hra_join_schema_free(hra_join_schema *schema);

/* Adds the columns and labels of one source. */
hra_code hra_join_schema_add(hra_join_schema *schema, const hra_schema *source, hra_error *error);
/* After the last source: puts the columns in order and finds the items. */
hra_code hra_join_schema_finish(hra_join_schema *schema, hra_error *error);

/* The number of a label's text; -1: out of memory. */
int32_t hra_join_text(hra_join_schema *schema, const char *text);

#endif
