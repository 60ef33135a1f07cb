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
        hra_fault(c->diagnostics, key->variable_span, "'%s' is no category of the dictionary%s", key->variable->text,
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

static int compare_ranges(const void *a, const void *b)
{
    const hra_range *x = a, *y = b;
    double low_x = x->has_low ? x->low : -INFINITY, low_y = y->has_low ? y->low : -INFINITY;
    if (low_x != low_y) return low_x < low_y ? -1 : 1;
    if (x->low_open != y->low_open) return x->low_open - y->low_open;
    double high_x = x->has_high ? x->high : INFINITY, high_y = y->has_high ? y->high : INFINITY;
    if (high_x != high_y) return high_x < high_y ? -1 : 1;
    return y->high_open - x->high_open;
}

static void band_key(hra_checker *c, const hra_table *table, hra_key *key, int column)
{
    hra_range *bands = hra_take_array(c->memory, (size_t)table->row_count, sizeof *bands);
    if (!bands) return;
    int count = 0;
    for (int row = 0; row < table->row_count; row++) {
        const hra_cell *cell = cell_at(table, row, column);
        if (cell->word || cell->missing)
            hra_fault(c->diagnostics, cell->span, "key '%s' needs a range or a number here", key->word->text);
        else
            bands[count++] = cell->range;
    }
    qsort(bands, (size_t)count, sizeof *bands, compare_ranges);
    for (int i = 0; i < count; i++) {
        if (key->count > 0 && compare_ranges(&bands[key->count - 1], &bands[i]) == 0) continue;
        bands[key->count++] = bands[i];
    }
    key->bands = bands;
}

static void check_band_overlap(hra_checker *c, const hra_decl *decl, const hra_key *key)
{
    for (int i = 1; i < key->count; i++) {
        const hra_range *below = &key->bands[i - 1], *above = &key->bands[i];
        double high = below->has_high ? below->high : INFINITY, low = above->has_low ? above->low : -INFINITY;
        if (high < low || (high == low && (below->high_open || above->low_open))) continue;
        hra_fault(c->diagnostics, key->span, "table '%s': two bands of key '%s' overlap at %g", decl->word->text,
                  key->word->text, low);
        return;
    }
}

/* Place of a row's key among its levels or bands, or -1 with a fault. */
static int key_place(hra_checker *c, const hra_key *key, const hra_cell *cell)
{
    if (key->kind == HRA_KEY_BANDS) {
        const hra_range *found =
            key->bands ? bsearch(&cell->range, key->bands, (size_t)key->count, sizeof *key->bands, compare_ranges)
                       : NULL;
        return found ? (int)(found - key->bands) : -1;
    }
    if (!key->levels) return -1;
    if (!cell->word) {
        for (int i = 0; key->levels->numbers && i < key->levels->count && cell->range.has_low; i++)
            if (key->levels->numbers[i] == cell->range.low && cell->range.has_high &&
                cell->range.high == cell->range.low)
                return i;
        hra_fault(c->diagnostics, cell->span, "key '%s' needs a level name here", key->word->text);
        return -1;
    }
    int place = hra_level_index(key->levels, cell->word->text);
    if (place < 0) {
        hra_expr name = {.kind = HRA_EXPR_NAME, .span = cell->span, .word = cell->word};
        hra_check_no_level(c, &name, key->levels, key->word->text);
    }
    return place;
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

static void fill_row(hra_checker *c, const hra_decl *decl, int row, bool *taken)
{
    hra_table *table = decl->table;
    int64_t place = 0;
    for (int k = 0; k < table->keys.count; k++) {
        const hra_key *key = table->keys.items[k];
        int at = key_place(c, key, cell_at(table, row, k));
        if (at < 0) return;
        place = place * key->count + at;
    }
    if (table->keys.count == 0) place = row;
    if (taken[place]) {
        hra_fault(c->diagnostics, cell_at(table, row, 0)->span, "this combination of keys stands in an earlier row");
        return;
    }
    taken[place] = true;
    for (int v = 0; v < table->values.count; v++)
        cell_number(c, cell_at(table, row, table->keys.count + v), &table->dense[v][place]);
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
        if (key->kind == HRA_KEY_BANDS) check_band_overlap(c, decl, key);
        if (key->count == 0 || table->size > LARGEST / (key->count ? key->count : 1)) {
            if (hra_diagnostics_count(c->diagnostics) == faults)
                hra_fault(c->diagnostics, key->span,
                          key->count ? "the table has too many combinations of keys" : "this key has no values");
            return;
        }
        table->size *= key->count;
    }
    bool *taken = hra_take_array(c->memory, (size_t)table->size, sizeof *taken);
    if (!taken || !allocate(c, table)) return;
    for (int row = 0; row < table->row_count; row++) fill_row(c, decl, row, taken);
    if (hra_diagnostics_count(c->diagnostics) > faults) decl->faulty = true;
}
