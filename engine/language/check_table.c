/* Tables become dense: every key a level or a band, every combination a place;
 * combinations that no row names stay NaN (outside the published range). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/check.h"

enum { LARGEST = 1 << 24 }; /* places of one dense table */

static int width_of(const hra_table *table) { return table->keys.count + table->values.count; }

static const hra_cell *cell_at(const hra_table *table, int row, int column)
{
    return table->cells + (size_t)row * (size_t)width_of(table) + column;
}

/* ---- keys --------------------------------------------------------------------------- */

static void category_key(hra_checker *c, hra_key *key)
{
    hra_symbol *symbol = key->variable->global;
    bool is_category = symbol && symbol->kind == HRA_SYMBOL_VARIABLE &&
                       hra_dictionary_at(c->dictionary, symbol->variable)->type == HRA_TYPE_CATEGORY;
    if (!is_category) {
        hra_fault(c->diagnostics, key->variable_span, "'%s' is not a category of the dictionary%s", key->variable->text,
                  symbol ? "; for levels of your own write 'words'" : "");
        return;
    }
    key->levels = hra_check_variable_levels(c, symbol->variable);
    key->count = key->levels->count;
}

static void word_key(hra_checker *c, const hra_table *table, hra_key *key, int column)
{
    hra_list words = {0};
    for (int row = 0; row < table->row_count; row++) {
        hra_word *word = cell_at(table, row, column)->word;
        bool seen = !word;
        for (int i = 0; i < words.count && !seen; i++) seen = words.items[i] == word;
        if (!seen) hra_list_add(c->memory, &words, word);
    }
    key->levels = hra_levels_of_words(c->memory, (hra_word *const *)words.items, words.count);
    key->count = key->levels->count;
}

/* A place where a band begins or ends: below `at` and above, `at` itself lying
 * above unless `after`. */
typedef struct cut {
    double at;
    bool after;
} cut;

static int compare_cuts(const void *a, const void *b)
{
    const cut *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return (int)x->after - (int)y->after;
}

static int add_cuts(const hra_range *range, cut *cuts, int count)
{
    if (range->has_low) cuts[count++] = (cut){range->low, range->low_open};
    if (range->has_high) cuts[count++] = (cut){range->high, !range->high_open};
    return count;
}

/* Number of the piece right of a cut. */
static int piece_after(const hra_key *key, double at, bool after)
{
    int low = 0, high = key->cut_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (key->cuts[middle] < at || (key->cuts[middle] == at && key->after[middle] < after))
            low = middle + 1;
        else
            high = middle;
    }
    return low + 1;
}

/* First and last piece that a band covers. */
static void pieces_of(const hra_key *key, const hra_range *range, int *first, int *last)
{
    *first = range->has_low ? piece_after(key, range->low, range->low_open) : 0;
    *last = range->has_high ? piece_after(key, range->high, !range->high_open) - 1 : key->cut_count;
}

/* Where the bands of all rows begin and end, sorted, each once; how many. `cuts` has room for two a row. */
static int collect_cuts(hra_checker *c, const hra_table *table, const hra_key *key, int column, cut *cuts)
{
    int count = 0, kept = 0;
    for (int row = 0; row < table->row_count; row++) {
        const hra_cell *cell = cell_at(table, row, column);
        if (cell->word || cell->missing)
            hra_fault(c->diagnostics, cell->span, "key '%s' needs a range or a number here", key->word->text);
        else
            count = add_cuts(&cell->range, cuts, count);
    }
    qsort(cuts, (size_t)count, sizeof *cuts, compare_cuts);
    for (int i = 0; i < count; i++)
        if (kept == 0 || compare_cuts(&cuts[kept - 1], &cuts[i]) != 0) cuts[kept++] = cuts[i];
    return kept;
}

static bool keep_cuts(hra_checker *c, hra_key *key, const cut *cuts, int count)
{
    key->cuts = hra_take_array(c->memory, (size_t)count, sizeof *key->cuts);
    key->after = hra_take_array(c->memory, (size_t)count, sizeof *key->after);
    key->pieces = hra_take_array(c->memory, (size_t)count + 1, sizeof *key->pieces);
    if (!key->cuts || !key->after || !key->pieces) return false;
    for (int i = 0; i < count; i++) {
        key->cuts[i] = cuts[i].at;
        key->after[i] = cuts[i].after;
    }
    key->cut_count = count;
    return true;
}

/* The bands of all rows cut the numbers into pieces; those that some band
 * covers are numbered. Bands may differ, and overlap, between rows that differ
 * in another key. */
static void band_key(hra_checker *c, const hra_table *table, hra_key *key, int column)
{
    cut *cuts = calloc(2 * (size_t)table->row_count + 1, sizeof *cuts);
    bool kept = cuts && keep_cuts(c, key, cuts, collect_cuts(c, table, key, column, cuts));
    free(cuts);
    c->memory->failed |= !kept;
    if (!kept) return;
    for (int row = 0; row < table->row_count; row++) { /* mark what is covered */
        const hra_cell *cell = cell_at(table, row, column);
        int first, last;
        pieces_of(key, &cell->range, &first, &last);
        for (int i = first; !cell->word && !cell->missing && i <= last; i++) key->pieces[i] = 1;
    }
    for (int i = 0; i <= key->cut_count; i++) key->pieces[i] = key->pieces[i] == 1 ? key->count++ : NAN;
}

/* First and last place of a row's cell along its key; false with a fault. */
static bool key_places(hra_checker *c, const hra_key *key, const hra_cell *cell, int *first, int *last)
{
    if (key->kind == HRA_KEY_BANDS) {
        if (cell->word || cell->missing || !key->pieces) return false;
        pieces_of(key, &cell->range, first, last);
        *first = (int)key->pieces[*first];
        *last = (int)key->pieces[*last];
        return true;
    }
    if (!key->levels) return false;
    int place = -1;
    if (cell->word) {
        hra_expr name = {.kind = HRA_EXPR_NAME, .span = cell->span, .word = cell->word};
        place = hra_level_index(key->levels, cell->word->text);
        if (place < 0) hra_check_no_level(c, &name, key->levels, key->word->text);
    } else {
        for (int i = 0; key->levels->numbers && i < key->levels->count && !cell->missing; i++)
            if (cell->range.has_low && cell->range.has_high && key->levels->numbers[i] == cell->range.low &&
                cell->range.high == cell->range.low)
                place = i;
        if (place < 0) hra_fault(c->diagnostics, cell->span, "key '%s' needs a level name here", key->word->text);
    }
    *first = *last = place;
    return place >= 0;
}

/* ---- values --------------------------------------------------------------------------- */

static bool cell_number(hra_checker *c, const hra_cell *cell, double *value)
{
    const hra_range *r = &cell->range;
    *value = NAN;
    if (cell->missing) return true; /* not published for this combination */
    if (cell->word && strcmp(cell->word->text, "outside") == 0) return true;
    *value = r->low;
    if (!cell->word && r->has_low && r->has_high && r->low == r->high) return true;
    hra_fault(c->diagnostics, cell->span, "expected a number");
    return false;
}

typedef struct filling {
    hra_checker *c;
    hra_table *table;
    int row;
    bool *taken;
} filling;

static void fill_place(const filling *f, int64_t place)
{
    hra_table *table = f->table;
    if (f->taken[place]) {
        hra_fault(f->c->diagnostics, cell_at(table, f->row, 0)->span,
                  "this combination of keys stands in an earlier row");
        return;
    }
    f->taken[place] = true;
    for (int v = 0; v < table->values.count; v++)
        cell_number(f->c, cell_at(table, f->row, table->keys.count + v), &table->dense[v][place]);
}

/* Every place of the row along key k and the keys after it. */
static void fill_keys(const filling *f, int k, int64_t place)
{
    if (k == f->table->keys.count) {
        fill_place(f, place);
        return;
    }
    const hra_key *key = f->table->keys.items[k];
    int first, last;
    if (!key_places(f->c, key, cell_at(f->table, f->row, k), &first, &last)) return;
    for (int i = first; i <= last; i++) fill_keys(f, k + 1, place * key->count + i);
}

static bool allocate(hra_checker *c, hra_table *table)
{
    table->dense = hra_take_array(c->memory, (size_t)table->values.count, sizeof *table->dense);
    for (int v = 0; table->dense && v < table->values.count; v++) {
        table->dense[v] = hra_take_array(c->memory, (size_t)table->size, sizeof **table->dense);
        for (int64_t i = 0; table->dense[v] && i < table->size; i++) table->dense[v][i] = NAN;
    }
    return !c->memory->failed;
}

void hra_check_table(hra_checker *c, hra_decl *decl)
{
    hra_table *table = decl->table;
    int faults = hra_diagnostics_count(c->diagnostics);
    table->size = table->keys.count ? 1 : table->row_count;
    for (int k = 0; k < table->keys.count; k++) {
        hra_key *key = table->keys.items[k];
        if (key->kind == HRA_KEY_CATEGORY) category_key(c, key);
        if (key->kind == HRA_KEY_WORDS) word_key(c, table, key, k);
        if (key->kind == HRA_KEY_BANDS) band_key(c, table, key, k);
        if (key->count == 0 || table->size > LARGEST / (key->count ? key->count : 1)) {
            if (hra_diagnostics_count(c->diagnostics) == faults)
                hra_fault(c->diagnostics, key->span,
                          key->count ? "the table has too many combinations of keys" : "this key has no values");
            return;
        }
        table->size *= key->count;
    }
    bool *taken = calloc((size_t)table->size + 1, sizeof *taken);
    c->memory->failed |= !taken;
    bool allocated = taken && allocate(c, table);
    for (int row = 0; allocated && row < table->row_count; row++) {
        filling f = {c, table, row, taken};
        fill_keys(&f, 0, table->keys.count ? 0 : row);
    }
    free(taken);
    if (hra_diagnostics_count(c->diagnostics) > faults) decl->faulty = true;
}
