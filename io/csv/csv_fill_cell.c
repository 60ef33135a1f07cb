/* The reading of single cells: whatever a block of rows leaves, and rows that are in none. */
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_put.h"
#include "io/identity/key_map.h"
#include "io/words/text_fold.h"

/* ---- values ----------------------------------------------------------------------------- */

/* A value that was read: limits, then into the column or the combination. */
static void take_value(hra_filler *f, const hra_source_column *source, int column, hra_cell_value value,
                       hra_cell_text cell)
{
    hra_value_counts *counts = &f->work->counts[column];
    hra_put_limit limits = hra_put_limits(&f->context->binding->readers[column], value.value);
    if (limits == HRA_PUT_IMPOSSIBLE && f->context->options->enforce_hard_limits) {
        hra_put_rejected(f, source, column, cell, "outside the hard limits of the variable");
        hra_put_beyond(f, column, value.value);
        return;
    }
    bool altered = value.altered || value.mark;
    if (altered) hra_put_tally(f, column, &value);
    if (source->combination >= 0) {
        hra_gathered *g = &f->gathered[source->combination];
        if (g->count++ == 0) g->first = value.value;
        g->sum += value.value;
        g->implausible |= limits != HRA_PUT_INSIDE;
        if (!g->mark && (g->count == 1 || f->plan->combinations[source->combination].mean)) g->mark = value.mark;
        counts->altered += altered;
    } else {
        hra_put_known(counts, altered, limits != HRA_PUT_INSIDE);
        hra_put_value(f, column, value.value);
        hra_put_mark(f, column, value.mark);
    }
}

static void take_missing(hra_filler *f, const hra_source_column *source, int column, const hra_cell_value *value)
{
    if (value->reason) hra_put_tally(f, column, value);
    if (source->combination >= 0) {
        hra_gathered *g = &f->gathered[source->combination];
        if (value->mark > g->absent) g->absent = value->mark;
        return;
    }
    f->work->counts[column].missing++;
    hra_put_mark(f, column, value->mark);
}

static void read_cell(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    hra_cell_value value = hra_source_column_read(f->context->binding, source, cell, f->plan->delimiter);
    switch (value.kind) {
    case HRA_CELL_KNOWN: take_value(f, source, source->column, value, cell); break;
    case HRA_CELL_MISSING: take_missing(f, source, source->column, &value); break;
    case HRA_CELL_REJECTED: hra_put_rejected(f, source, source->column, cell, value.reason); break;
    }
}

/* Plain decimals such as 120 or 5.62, inside every limit and on the grid: nearly all cells. Everything happens in
 * whole grid steps, so the code is exact. Anything else is left to read_cell. */
static inline bool read_plain_number(hra_filler *f, int column, hra_cell_text cell)
{
    static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    const hra_cell_reader *reader = &f->context->binding->readers[column];
    const hra_column *c = &f->schema->columns[column];
    if (cell.length == 0 || cell.length > 9) return false;
    int64_t steps = 0;
    size_t point = cell.length;
    for (size_t i = 0; i < cell.length; i++) {
        unsigned digit = (unsigned char)cell.text[i] - '0';
        if (digit < 10)
            steps = 10 * steps + digit;
        else if (cell.text[i] == '.' && point == cell.length && i > 0)
            point = i;
        else
            return false;
    }
    int decimals = point < cell.length ? (int)(cell.length - point - 1) : 0;
    if (decimals > c->decimals) return false;
    steps *= powers[c->decimals - decimals];
    if (steps < reader->low || steps > reader->high) return false;
    f->work->counts[column].known++;
    hra_put_code(f, column, (uint32_t)(steps - c->first));
    return true;
}

/* One-byte cells of flags and categories. */
static inline bool read_short_cell(hra_filler *f, int column, hra_cell_text cell)
{
    const hra_cell_reader *reader = &f->context->binding->readers[column];
    unsigned char c = cell.length == 1 ? (unsigned char)cell.text[0] : 0;
    if (c == 0 || reader->short_cell[c] < 0) return false;
    f->work->counts[column].known++;
    hra_put_code(f, column, (uint32_t)reader->short_cell[c]);
    return true;
}

/* Levels written as the dictionary writes them. */
static inline bool read_level(hra_filler *f, int column, hra_cell_text cell)
{
    int64_t ordinal = hra_map_get_n(f->context->binding->readers[column].levels, cell.text, cell.length);
    if (ordinal < 0) return false;
    f->work->counts[column].known++;
    hra_put_code(f, column, (uint32_t)ordinal);
    return true;
}

static void read_pair(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    double values[2];
    int columns[2] = {source->column, source->second};
    hra_cell_value pair = hra_cell_pair(source->rules, cell.text, cell.length, &values[0], &values[1]);
    for (int i = 0; i < 2; i++) {
        if (!hra_put_is_wanted(f, columns[i])) continue;
        hra_cell_value value = pair;
        value.value = values[i];
        if (pair.kind == HRA_CELL_KNOWN)
            take_value(f, source, columns[i], value, cell);
        else if (pair.kind == HRA_CELL_MISSING)
            take_missing(f, source, columns[i], &pair);
        else
            hra_put_rejected(f, source, columns[i], cell, pair.reason);
    }
}

/* A cell with several answers. */
static void read_several(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    const hra_several *s = source->several;
    hra_cell_value values[HRA_SEVERAL_MOST];
    hra_phrases_read_several(f->context->binding->phrases, s->variables, s->count, s->codes, s->code_count, cell.text,
                             cell.length, values);
    for (int i = 0; i < s->count; i++) {
        if (!hra_put_is_wanted(f, s->columns[i])) continue;
        if (values[i].kind == HRA_CELL_KNOWN)
            take_value(f, source, s->columns[i], values[i], cell);
        else if (values[i].kind == HRA_CELL_MISSING)
            take_missing(f, source, s->columns[i], &values[i]);
        else
            hra_put_rejected(f, source, s->columns[i], cell, values[i].reason);
    }
}

/* ---- labels and keys ------------------------------------------------------------------------ */

int32_t hra_fill_new_label(hra_filler *f, hra_label_memory *labels, const char *text, size_t length)
{
    if (labels->count == labels->capacity) {
        int capacity = labels->capacity ? 2 * labels->capacity : 64;
        const char **bigger = realloc(labels->texts, (size_t)capacity * sizeof *bigger);
        if (!bigger) goto failed;
        labels->texts = bigger;
        labels->capacity = capacity;
    }
    labels->texts[labels->count] = hra_arena_text_n(f->work->texts, text, length);
    if (!labels->texts[labels->count] || hra_map_set_n(labels->map, text, length, labels->count) != 0) goto failed;
    return labels->count++;
failed:
    hra_fill_out_of_memory(f);
    return -1;
}

void hra_fill_label(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    hra_label_memory *labels = &f->work->labels[source->column];
    const char *text = cell.text;
    size_t length = cell.length;
    hra_trim(&text, &length);
    labels->index[f->row] = -1;
    if (length == 0) return;
    if (length > HRA_LABEL_TEXT) {
        hra_put_reject_line(f, hra_put_line_of(f, source), source->header,
                            hra_dictionary_at(f->schema->dictionary, f->schema->labels[source->column])->name, cell,
                            "too long for a label");
        return;
    }
    int32_t before = f->row > 0 ? labels->index[f->row - 1] : -1; /* neighbours mostly share a group */
    if (before >= 0 && strncmp(labels->texts[before], text, length) == 0 && !labels->texts[before][length]) {
        labels->index[f->row] = before;
        return;
    }
    int64_t known = hra_map_get_n(labels->map, text, length);
    labels->index[f->row] = known >= 0 ? (int32_t)known : hra_fill_new_label(f, labels, text, length);
}

static void read_key(hra_filler *f, hra_cell_text cell)
{
    const char *text = cell.text;
    size_t length = cell.length;
    hra_clean_identifier(&text, &length);
    if (length == 0 || f->context->want_key_hashes) return; /* the row number stands in, or the hash */
    const hra_identity *identity = f->context->options->identity;
    char *key =
        identity ? hra_arena_alloc(f->work->texts, HRA_KEY_TEXT) : hra_arena_text_n(f->work->texts, text, length);
    if (!key) {
        hra_fill_out_of_memory(f);
        return;
    }
    if (identity) hra_identity_key_text(f->work->hashes[f->record - f->work->batch.records], key); /* hashed before */
    f->work->keys[f->row] = key;
    if (f->context->write_people) hra_key_map_field(&f->work->people, -1, text, length);
}

static void read_private(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    const char *text = cell.text;
    size_t length = cell.length;
    hra_trim(&text, &length);
    if (f->context->write_people) hra_key_map_field(&f->work->people, source->column, text, length);
}

/* ---- any cell ---------------------------------------------------------------------------------- */

void hra_fill_cell(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    switch (source->action) {
    case HRA_SKIP: return;
    case HRA_READ_PAIR: read_pair(f, source, cell); return;
    case HRA_READ_SEVERAL: read_several(f, source, cell); return;
    case HRA_READ_LABEL: hra_fill_label(f, source, cell); return;
    case HRA_READ_ID:
        if (f->context->want_keys) read_key(f, cell);
        if (f->plan->national >= 0 && source == &f->plan->columns[f->plan->national])
            hra_fill_national(f, source, cell);
        return;
    case HRA_READ_NATIONAL:
        hra_fill_national(f, source, cell);
        read_private(f, source, cell);
        return;
    case HRA_READ_PRIVATE: read_private(f, source, cell); return;
    case HRA_READ: break;
    }
    if (f->context->wanted && !f->context->wanted[source->column]) return;
    if (source->plain) {
        if (cell.length == 0) {
            f->work->counts[source->column].missing++;
            return;
        }
        const hra_cell_reader *reader = &f->context->binding->readers[source->column];
        if (reader->is_number ? read_plain_number(f, source->column, cell) : read_short_cell(f, source->column, cell))
            return;
        if (reader->levels && read_level(f, source->column, cell)) return;
    }
    read_cell(f, source, cell);
}
