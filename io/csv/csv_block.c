/* Rows read column by column. What a column cannot take at once is left, and read cell by cell afterwards, row by row:
 * so rejects, marks and exceptions come in the same order as if all had been read that way. */
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_put.h"
#include "io/words/text_fold.h"

/* The rows under way: rows of the chunk from f->row on, and as many records. */
typedef struct block {
    hra_filler *f;
    hra_block_memory *memory;
    const char *text;
    int first; /* record */
    int rows;
    uint64_t all; /* a bit for each row */
    bool quoted;  /* cells may stand in quotes */
} block;

static hra_cell_text cell_at(const block *b, int column, int row)
{
    uint32_t start = b->memory->ends[column][row] + 1, length = b->memory->ends[column + 1][row] - start;
    if (b->quoted && length > 0 && b->text[start] == '"') return (hra_cell_text){b->text + start + 1, length - 2, true};
    return (hra_cell_text){b->text + start, length, false};
}

/* Where the cells of a column stand, without their quotes. */
typedef struct column_places {
    const uint32_t *before, *ends;
    uint32_t inner[2][HRA_BLOCK_ROWS];
} column_places;

static void find_places(const block *b, int place, column_places *found)
{
    found->before = b->memory->ends[place];
    found->ends = b->memory->ends[place + 1];
    if (!b->quoted) return;
    for (int row = 0; row < HRA_BLOCK_ROWS; row++) {
        uint32_t before = found->before[row], end = found->ends[row];
        uint32_t quotes = row < b->rows && end > before + 1 && b->text[before + 1] == '"';
        found->inner[0][row] = before + quotes;
        found->inner[1][row] = end - quotes;
    }
    found->before = found->inner[0];
    found->ends = found->inner[1];
}

static void *codes_of(const block *b, int column)
{
    char *codes = b->f->work->codes[column];
    return codes + (size_t)b->f->row * (hra_column_wide(&b->f->schema->columns[column]) ? 4 : 2);
}

/* ---- values --------------------------------------------------------------------------------- */

/* All of these return the rows that are left. */

/* Blocks are read where there are vectors, and processors that have them count bits. */
#if defined(__x86_64__)
#define COUNTS_BITS __attribute__((target("popcnt")))
#else
#define COUNTS_BITS
#endif

/* Counts what became of the rows. */
COUNTS_BITS static uint64_t take(const block *b, int column, hra_block_rows found)
{
    hra_value_counts *counts = &b->f->work->counts[column];
    if (!(found.blank | found.left)) { /* mostly */
        counts->known += b->rows;
        return 0;
    }
    int blank = __builtin_popcountll(found.blank);
    counts->missing += blank;
    counts->known += b->rows - blank - __builtin_popcountll(found.left);
    return found.left;
}

typedef hra_block_rows read_column_of(hra_vector_level level, const char *text, const uint32_t *before,
                                      const uint32_t *ends, int rows, const hra_number_codes *how, void *codes);

/* Numbers and days. */
static uint64_t read_numbers(const block *b, int place, int column, read_column_of *read)
{
    const hra_column *c = &b->f->schema->columns[column];
    const hra_cell_reader *reader = &b->f->context->binding->readers[column];
    hra_number_codes how = {.decimals = c->decimals,
                            .low = reader->low,
                            .high = reader->high,
                            .first = c->first,
                            .missing = hra_column_missing(c),
                            .wide = hra_column_wide(c)};
    column_places at;
    find_places(b, place, &at);
    return take(b, column, read(b->f->context->level, b->text, at.before, at.ends, b->rows, &how, codes_of(b, column)));
}

/* The code of a word, -1: single cells must be read. What needs no account beside its code has one: no alteration, no
 * mark, inside every limit. */
static int64_t look_up_word(const block *b, const hra_source_column *source, hra_cell_text cell)
{
    const hra_cell_reader *reader = &b->f->context->binding->readers[source->column];
    int64_t level = reader->levels ? hra_map_get_n(reader->levels, cell.text, cell.length) : -1;
    if (level >= 0) return level;
    hra_cell_value value = hra_source_column_read(b->f->context->binding, source, cell, b->f->plan->delimiter);
    bool plain = value.kind == HRA_CELL_KNOWN && !value.altered && !value.mark;
    return plain && hra_put_limits(reader, value.value) == HRA_PUT_INSIDE ? (int64_t)value.value : -1;
}

/* The same, looked up once while it is remembered. */
static int64_t word_code(const block *b, const hra_source_column *source, hra_cell_text cell)
{
    uint64_t text[2] = {0, 0};
    if (cell.length > sizeof text) return look_up_word(b, source, cell);
    memcpy(text, cell.text, sizeof text); /* text can be read beyond its end */
    if (cell.length < 8) text[0] &= (UINT64_C(1) << 8 * cell.length) - 1;
    if (cell.length <= 8)
        text[1] = 0;
    else if (cell.length < 16)
        text[1] &= (UINT64_C(1) << 8 * (cell.length - 8)) - 1;
    uint64_t mixed =
        (text[0] ^ (text[1] << 7 | text[1] >> 57) ^ (uint64_t)source->column) * UINT64_C(0x9E3779B97F4A7C15);
    hra_word_memory *word = &b->memory->words[mixed >> (64 - HRA_WORD_BITS)];
    if (word->length != cell.length || word->column != source->column || word->text[0] != text[0] ||
        word->text[1] != text[1])
        *word = (hra_word_memory){
            {text[0], text[1]}, source->column, (uint32_t)cell.length, (int32_t)look_up_word(b, source, cell)};
    return word->code;
}

/* Flags and categories. */
static uint64_t read_words(const block *b, int place, const hra_source_column *source)
{
    int column = source->column;
    const hra_column *c = &b->f->schema->columns[column];
    const hra_cell_reader *reader = &b->f->context->binding->readers[column];
    bool wide = hra_column_wide(c);
    void *codes = codes_of(b, column);
    column_places at;
    find_places(b, place, &at);
    hra_block_rows found = hra_short_column(b->f->context->level, b->text, at.before, at.ends, b->rows,
                                            reader->short_cell, hra_column_missing(c), wide, codes);
    hra_known_words *known = &b->memory->known[column];
    found.left = hra_word_column(b->f->context->level, b->text, at.before, at.ends, found.left, known, wide, codes);
    for (uint64_t rest = found.left; rest; rest &= rest - 1) {
        int row = __builtin_ctzll(rest);
        hra_cell_text cell = cell_at(b, place, row);
        int64_t code = word_code(b, source, cell);
        if (code < 0) continue;
        hra_known_words_add(known, cell.text, cell.length, (int32_t)code);
        found.left &= ~(UINT64_C(1) << row);
        if (wide)
            ((uint32_t *)codes)[row] = (uint32_t)code;
        else
            ((uint16_t *)codes)[row] = (uint16_t)code;
    }
    return take(b, column, found);
}

/* ---- labels and keys ---------------------------------------------------------------------------- */

static uint64_t read_labels(const block *b, int place, const hra_source_column *source)
{
    hra_filler *f = b->f;
    int32_t *index = f->work->labels[source->column].index;
    hra_cell_text before = {"", 0, false};
    uint64_t left = 0;
    int first = f->row;
    for (int row = 0; row < b->rows; row++) {
        hra_cell_text cell = cell_at(b, place, row);
        if (row > 0 && cell.length == before.length && memcmp(cell.text, before.text, cell.length) == 0) {
            index[first + row] = index[first + row - 1]; /* neighbours mostly share a group */
        } else if (cell.length > HRA_LABEL_TEXT) {
            index[first + row] = -1;
            left |= UINT64_C(1) << row;
            before = (hra_cell_text){"", 0, false}; /* no index, like a blank one */
            continue;
        } else {
            f->row = first + row;
            hra_fill_label(f, source, cell);
        }
        before = cell;
    }
    f->row = first;
    return left;
}

/* Identifiers were found and hashed when the rows were judged. */
static void read_keys(const block *b, int place)
{
    hra_filler *f = b->f;
    const hra_work *w = f->work;
    const hra_identity *identity = f->context->options->identity;
    char(*texts)[HRA_KEY_TEXT] = identity ? hra_arena_alloc(w->texts, sizeof *texts * (size_t)b->rows) : NULL;
    if (identity && !texts) hra_fill_out_of_memory(f);
    for (int row = 0; row < b->rows && texts; row++) {
        if (!w->named[b->first + row]) continue; /* the row number stands in */
        hra_identity_key_text(w->hashes[b->first + row], texts[row]);
        w->keys[f->row + row] = texts[row];
    }
    for (int row = 0; row < b->rows && !identity; row++) {
        hra_cell_text cell = cell_at(b, place, row);
        hra_clean_identifier(&cell.text, &cell.length);
        if (cell.length == 0) continue;
        w->keys[f->row + row] = hra_arena_text_n(w->texts, cell.text, cell.length);
        if (!w->keys[f->row + row]) hra_fill_out_of_memory(f);
    }
}

/* ---- blocks ------------------------------------------------------------------------------------- */

static uint64_t read_column(const block *b, int place)
{
    const hra_fill_context *context = b->f->context;
    const hra_source_column *source = &b->f->plan->columns[place];
    switch (source->action) {
    case HRA_SKIP: return 0;
    case HRA_READ:
        if (context->wanted && !context->wanted[source->column]) return 0;
        if (!source->plain) return b->all;
        switch (context->binding->readers[source->column].variable->type) {
        case HRA_TYPE_MEASURE:
        case HRA_TYPE_COUNT: return read_numbers(b, place, source->column, hra_number_column);
        case HRA_TYPE_DATE: return read_numbers(b, place, source->column, hra_day_column);
        default: return read_words(b, place, source);
        }
    case HRA_READ_LABEL: return read_labels(b, place, source);
    case HRA_READ_ID:
        if (place == b->f->plan->national) return b->all;
        if (context->want_keys && !context->want_key_hashes) read_keys(b, place);
        return 0;
    default: return b->all;
    }
}

/* The cells of one row that were left. */
static void read_left(const block *b, int row, int columns)
{
    const hra_block_memory *m = b->memory;
    for (int i = 0; i < columns; i++) {
        int place = m->left_columns[i];
        if (m->left_rows[i] >> row & 1) hra_fill_cell(b->f, &b->f->plan->columns[place], cell_at(b, place, row));
    }
}

static hra_block_memory *memory_of(hra_filler *f)
{
    size_t columns = (size_t)f->context->binding->widest + 2;
    hra_block_memory *m = f->work->block;
    if (m) return m;
    m = calloc(1, sizeof *m);
    if (!m) return NULL;
    f->work->block = m;
    m->ends = calloc(columns, sizeof *m->ends);
    m->left_columns = calloc(columns, sizeof *m->left_columns);
    m->left_rows = calloc(columns, sizeof *m->left_rows);
    m->known = calloc((size_t)f->schema->column_count + 1, sizeof *m->known);
    m->scratch = malloc(hra_find_cells_scratch((int)columns) * sizeof *m->scratch);
    return m;
}

void hra_fill_block(hra_filler *f, int first, int count)
{
    hra_work *w = f->work;
    const hra_record *records = &w->batch.records[first];
    block b = {.f = f,
               .memory = memory_of(f),
               .text = w->batch.text.bytes,
               .first = first,
               .rows = count,
               .all = count == HRA_BLOCK_ROWS ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1};
    if (!b.memory || !b.memory->ends || !b.memory->left_columns || !b.memory->left_rows || !b.memory->known ||
        !b.memory->scratch) {
        hra_fill_out_of_memory(f);
        return;
    }
    for (int row = 0; row < count; row++) b.quoted |= records[row].quoted;
    int columns = 0, first_row = f->row;
    uint64_t any = 0;
    hra_fill_places(f, first, count);
    hra_fill_missing(f, count);
    hra_find_cells(f->context->level, b.text, records, count, f->plan->delimiter, f->last + 1, b.memory->scratch,
                   b.memory->ends);
    for (int place = 0; place <= f->last; place++) {
        uint64_t left = read_column(&b, place);
        if (!left) continue;
        b.memory->left_columns[columns] = place;
        b.memory->left_rows[columns++] = left;
        any |= left;
    }
    for (uint64_t rest = hra_fill_has_row_ends(f) ? b.all : any; rest; rest &= rest - 1) {
        int row = __builtin_ctzll(rest);
        f->record = &records[row];
        f->row = first_row + row;
        hra_fill_row_begin(f);
        if (any >> row & 1) read_left(&b, row, columns);
        hra_fill_row_end(f);
        hra_fill_default_key(f);
    }
    f->row = first_row + count;
}
