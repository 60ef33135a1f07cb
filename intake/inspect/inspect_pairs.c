/* Columns of two values in a cell, as pressures are written: 120/80. */
#include "intake/inspect/inspect_internal.h"
#include "io/csv/csv_bind_file.h"

/* The columns of one value that stand in a pair, too; NULL: there is none of that value. */
typedef struct singles {
    hra_inspected *first, *second;
} singles;

static hra_inspected *column_of(const hra_inspector *in, int variable)
{
    for (int i = 0; i < in->plan.width; i++)
        if (in->columns[i].variable == variable) return &in->columns[i];
    return NULL;
}

static bool parts_of(const hra_inspector *in, const hra_inspected *column, int *first, int *second)
{
    return column->variable >= 0 &&
           hra_pair_parts(in->dictionary, hra_dictionary_at(in->dictionary, column->variable), first, second);
}

static singles singles_of(const hra_inspector *in, const hra_inspected *pair)
{
    int first, second;
    if (!parts_of(in, pair, &first, &second)) return (singles){NULL, NULL};
    return (singles){column_of(in, first), column_of(in, second)};
}

bool hra_inspect_is_pair(const hra_inspector *in, const hra_inspected *column)
{
    int first, second;
    return parts_of(in, column, &first, &second);
}

void hra_inspect_pairs(hra_inspector *in)
{
    for (int i = 0; i < in->plan.width; i++) {
        singles s = singles_of(in, &in->columns[i]);
        if (s.first && !s.second) s.first->in_pair = true; /* the pair knows more */
        if (s.second && !s.first) s.second->in_pair = true;
    }
}

/* One value from two columns: a person must say which counts. */
static void ask(hra_inspected *pair, const singles *s)
{
    if (s->first && s->second)
        hra_buffer_printf(&pair->questions,
                          hra_say(pair->words, "%s holds the values of %s and %s once more: ignore it (as below), or "
                                               "ignore these two\n"),
                          pair->name, s->first->name, s->second->name);
    else if (s->first || s->second)
        hra_buffer_printf(&pair->questions,
                          hra_say(pair->words, "%s holds the values of %s once more: ignore that column (as below), or "
                                               "ignore this one\n"),
                          pair->name, (s->first ? s->first : s->second)->name);
}

void hra_inspect_pair(hra_inspector *in, hra_inspected *column)
{
    singles s = singles_of(in, column);
    bool ignored = column->in_pair || (s.first && s.second);
    if (column->scan->pairs > 0)
        hra_buffer_text(&column->evidence, hra_say(column->words, "two numbers in one cell: both are read\n"));
    ask(column, &s);
    hra_buffer_printf(&column->rules, "%s = %s\n", column->name,
                      ignored ? "ignore" : hra_dictionary_at(in->dictionary, column->variable)->name);
}
