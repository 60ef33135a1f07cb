#include "io/words/cell_tally.h"

#include <stdlib.h>
#include <string.h>

static const char *const alteration_names[] = {"form",    "remark", "unit", "decimal point",
                                               "numeral", "repeat", "date", "words"};

const char *hra_mark_name(uint8_t mark)
{
    static const char *const names[] = {"", "below", "above", "range", "not_done", "refused", "rejected"};
    return mark < sizeof names / sizeof names[0] ? names[mark] : "";
}

bool hra_tallies_reset(hra_tallies *t, int columns)
{
    if (t->columns < columns) {
        int *first = realloc(t->first, sizeof *first * (size_t)columns);
        if (!first) return false;
        t->first = first;
        t->columns = columns;
    }
    for (int i = 0; i < t->columns; i++) t->first[i] = -1;
    t->count = 0;
    return true;
}

void hra_tallies_destroy(hra_tallies *t)
{
    free(t->items);
    free(t->first);
    *t = (hra_tallies){0};
}

bool hra_tallies_add(hra_tallies *t, int column, hra_tally_kind kind, const char *what, int64_t count)
{
    for (int i = t->first[column]; i >= 0; i = t->items[i].next) {
        hra_tally *item = &t->items[i];
        if (item->kind != kind || (item->what != what && strcmp(item->what, what) != 0)) continue;
        item->count += count;
        return true;
    }
    if (t->count == t->capacity) {
        int capacity = t->capacity ? 2 * t->capacity : 64;
        hra_tally *items = realloc(t->items, sizeof *items * (size_t)capacity);
        if (!items) return false;
        t->items = items;
        t->capacity = capacity;
    }
    t->items[t->count] = (hra_tally){column, kind, what, count, t->first[column]};
    t->first[column] = t->count++;
    return true;
}

bool hra_tallies_merge(hra_tallies *to, const hra_tallies *from)
{
    if (to->columns < from->columns && !hra_tallies_reset(to, from->columns)) return false;
    for (int i = 0; i < from->count; i++) {
        const hra_tally *item = &from->items[i];
        if (!hra_tallies_add(to, item->column, item->kind, item->what, item->count)) return false;
    }
    return true;
}

bool hra_tallies_cell(hra_tallies *t, int column, const hra_cell_value *value)
{
    if (value->kind == HRA_CELL_MISSING)
        return !value->reason || hra_tallies_add(t, column, HRA_TALLY_MISSING, value->reason, 1);
    if (value->kind == HRA_CELL_REJECTED) return hra_tallies_add(t, column, HRA_TALLY_REJECTED, value->reason, 1);
    bool good = true;
    for (int bit = 0; bit < 8; bit++)
        if (value->altered & (1u << bit))
            good = hra_tallies_add(t, column, HRA_TALLY_ALTERED, alteration_names[bit], 1) && good;
    if (value->mark) good = hra_tallies_add(t, column, HRA_TALLY_MARKED, hra_mark_name(value->mark), 1) && good;
    return good;
}
