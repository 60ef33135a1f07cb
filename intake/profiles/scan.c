#include "intake/profiles/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "intake/profiles/cell_look.h"
#include "io/words/text_fold.h"

enum { TEXTS = 64, LONGEST_TEXT = 200, BATCH_ROWS = 8192, BATCH_BYTES = 4 << 20 };
enum { TALLY_BYTES = 64 << 20, BITS = 1 << 15 };

/* What is only needed while scanning. */
typedef struct column_state {
    uint16_t *places; /* hash of a text -> place in the list + 1 */
    uint64_t *bitmap; /* of hashes, once the list is full: estimates how many different texts there are */
} column_state;

typedef struct scanner {
    hra_scan *scan;
    const hra_file_plan *plan;
    column_state *states;
    const bool *wanted;
    bool texts_only;
    int last; /* column behind which nothing is wanted */
    int most_texts, most_numbers;
    uint32_t place_count; /* power of two */
    hra_buffer scratch;
    hra_error *error;
} scanner;

static uint64_t hash_text(const char *text, size_t length)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return h ^ h >> 29;
}

/* ---- different texts ------------------------------------------------------------------------ */

static bool mark_different(column_state *state, uint64_t hash)
{
    if (!state->bitmap && !(state->bitmap = calloc(BITS / 64, sizeof *state->bitmap))) return false;
    uint64_t bit = (hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & (BITS - 1);
    state->bitmap[bit / 64] |= UINT64_C(1) << (bit % 64);
    return true;
}

/* The list is full: from now on hashes are counted too. */
static bool note_beyond(scanner *s, hra_scan_column *column, column_state *state, uint64_t hash)
{
    if (column->beyond_list++ == 0)
        for (int i = 0; i < column->list_count; i++)
            if (!mark_different(state, hash_text(column->list[i].text, strlen(column->list[i].text)))) return false;
    return mark_different(state, hash);
}

static bool add_text(scanner *s, hra_scan_column *column, column_state *state, const char *text, size_t length,
                     uint64_t hash, int64_t line)
{
    uint32_t mask = s->place_count - 1, i = (uint32_t)hash & mask;
    for (; state->places[i]; i = (i + 1) & mask) {
        hra_scan_text *known = &column->list[state->places[i] - 1];
        if (strncmp(known->text, text, length) != 0 || known->text[length]) continue;
        known->count++;
        return true;
    }
    if (column->list_count == s->most_texts || length > LONGEST_TEXT) return note_beyond(s, column, state, hash);
    const char *copy = hra_arena_text_n(s->scan->arena, text, length);
    if (!copy) return false;
    column->list[column->list_count++] = (hra_scan_text){copy, 1, line};
    state->places[i] = (uint16_t)column->list_count;
    return true;
}

/* Linear counting: of BITS places, the share still empty tells how many texts were thrown. */
static void estimate_different(hra_scan_column *column, const column_state *state)
{
    column->different = column->list_count;
    if (column->beyond_list == 0) return;
    int set = 0;
    for (int i = 0; i < BITS / 64; i++) set += __builtin_popcountll(state->bitmap[i]);
    double empty = set < BITS ? BITS - set : 0.5;
    column->different = (int64_t)(BITS * log(BITS / empty));
}

/* ---- cells ------------------------------------------------------------------------------------ */

static int64_t count_characters(const char *text, size_t length)
{
    int64_t characters = 0;
    for (size_t i = 0; i < length; i++) characters += ((unsigned char)text[i] & 0xC0) != 0x80;
    return characters;
}

static bool count_number(hra_scan_column *column, const hra_cell_look *look)
{
    column->numbers++;
    column->bounds += look->bound;
    column->marked += look->marked;
    column->with_unit += look->with_unit;
    column->full_width += look->full_width;
    column->exponents += look->exponent;
    column->zero_tails += look->zero_tail;
    column->long_whole += look->decimals == 0 && look->digits >= 6;
    column->decimals[look->decimals < 4 ? look->decimals : 4]++;
    if (look->value != 0) column->last_digits[look->last_digit]++;
    if (!(look->value >= column->minimum)) column->minimum = look->value;
    if (!(look->value <= column->maximum)) column->maximum = look->value;
    return hra_tally_add(column->values, look->value);
}

static bool count_cell(scanner *s, int index, hra_cell_text cell, int64_t line)
{
    hra_scan_column *column = &s->scan->columns[index];
    const char *text = cell.text;
    size_t length = cell.length;
    bool good = true;
    hra_trim(&text, &length);
    if (s->texts_only)
        return length == 0 || add_text(s, column, &s->states[index], text, length, hash_text(text, length), line);
    hra_cell_look look = hra_look_at_cell(text, length);
    switch (look.kind) {
    case HRA_LOOK_BLANK: column->blank++; return true;
    case HRA_LOOK_NOT_DONE: column->not_done++; break;
    case HRA_LOOK_REFUSED: column->refused++; break;
    case HRA_LOOK_OTHER_MISSING: column->other_missing++; break;
    case HRA_LOOK_NUMBER: good = count_number(column, &look); break;
    case HRA_LOOK_PAIR: column->pairs++; break;
    case HRA_LOOK_TEXT:
        column->texts++;
        column->commas += look.comma;
        break;
    }
    if (look.date >= 0) column->dates[look.date]++;
    int64_t characters = count_characters(text, length);
    if (column->longest == 0 || characters < column->shortest) column->shortest = characters;
    if (characters > column->longest) column->longest = characters;
    uint64_t hash = hash_text(text, length);
    column->digest += (hash ^ (uint64_t)line) * UINT64_C(0x9E3779B97F4A7C15);
    return good && add_text(s, column, &s->states[index], text, length, hash, line);
}

/* ---- rows --------------------------------------------------------------------------------------- */

static bool count_row(scanner *s, const char *text, const hra_record *record)
{
    const hra_file_plan *plan = s->plan;
    hra_scan *scan = s->scan;
    scan->rows++;
    if (record->fault != HRA_RECORD_GOOD) {
        scan->damaged++;
        return true;
    }
    if (record->length == plan->row_length && memcmp(text, plan->row_text, record->length) == 0) {
        scan->header_again++;
        return true;
    }
    if (record->cells > (uint32_t)plan->width) {
        scan->wide++;
        return true;
    }
    scan->lean += record->cells < (uint32_t)plan->width;
    hra_cells cells = hra_cells_begin(text, record->length, plan->delimiter, &s->scratch);
    int i = 0;
    for (; i <= s->last && !cells.done; i++) {
        hra_cell_text cell = record->quoted ? hra_cells_next(&cells) : hra_cells_next_plain(&cells);
        if ((!s->wanted || s->wanted[i]) && !count_cell(s, i, cell, record->line)) return false;
    }
    for (; i <= s->last; i++) scan->columns[i].blank++;
    return !s->scratch.failed;
}

static hra_code count_rows(scanner *s, int64_t most_rows)
{
    hra_record_reader *reader;
    hra_batch batch = {0};
    HRA_TRY(hra_record_reader_open(s->plan->path, &s->plan->text, s->plan->delimiter, &reader, s->error));
    hra_record_reader_set_width(reader, (uint32_t)s->plan->width);
    hra_code code = HRA_OK;
    while (code == HRA_OK && (most_rows == 0 || s->scan->rows < most_rows)) {
        code = hra_record_reader_next(reader, BATCH_ROWS, BATCH_BYTES, &batch, s->error);
        if (code != HRA_OK || batch.count == 0) break;
        for (int r = 0; r < batch.count && code == HRA_OK; r++) {
            const hra_record *record = &batch.records[r];
            if (record->line <= s->plan->header_line) continue;
            if (!count_row(s, batch.text.bytes + record->start, record)) code = hra_out_of_memory(s->error);
        }
    }
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    return code;
}

/* ---- life ------------------------------------------------------------------------------------------ */

static bool start_column(scanner *s, int index)
{
    hra_scan_column *column = &s->scan->columns[index];
    column->header = hra_arena_text(s->scan->arena, s->plan->matches[index].header);
    column->minimum = column->maximum = NAN;
    if (s->wanted && !s->wanted[index]) return column->header != NULL;
    column->values = hra_tally_new(s->most_numbers);
    column->list = hra_arena_alloc(s->scan->arena, sizeof *column->list * (size_t)s->most_texts);
    s->states[index].places = calloc(s->place_count, sizeof *s->states[index].places);
    return column->header && column->values && column->list && s->states[index].places;
}

static hra_code scan_all(scanner *s, int64_t most_rows)
{
    hra_scan *scan = s->scan;
    scan->width = s->plan->width;
    scan->arena = hra_arena_new();
    scan->columns = calloc((size_t)scan->width + 1, sizeof *scan->columns);
    s->states = calloc((size_t)scan->width + 1, sizeof *s->states);
    if (!scan->arena || !scan->columns || !s->states) return hra_out_of_memory(s->error);
    for (int i = 0; i < scan->width; i++) {
        if (!start_column(s, i)) return hra_out_of_memory(s->error);
        if (!s->wanted || s->wanted[i]) s->last = i;
    }
    HRA_TRY(count_rows(s, most_rows));
    for (int i = 0; i < scan->width; i++) {
        const hra_tally_entry *entries;
        int count;
        hra_scan_column *column = &scan->columns[i];
        estimate_different(column, &s->states[i]);
        if (column->values && !hra_tally_finish(column->values, &entries, &count)) return hra_out_of_memory(s->error);
    }
    return HRA_OK;
}

hra_code hra_scan_file(const hra_file_plan *plan, const hra_scan_options *options, hra_scan **out, hra_error *error)
{
    *out = NULL;
    scanner s = {
        .plan = plan, .wanted = options->wanted, .texts_only = options->texts_only, .error = error, .place_count = 16};
    s.most_texts = options->most_texts > 0 && options->most_texts < 30000 ? options->most_texts : TEXTS;
    while (s.place_count < 2 * (uint32_t)s.most_texts) s.place_count *= 2;
    s.most_numbers = TALLY_BYTES / 64 / (plan->width > 0 ? plan->width : 1);
    if (s.most_numbers > 8192) s.most_numbers = 8192;
    s.scan = calloc(1, sizeof *s.scan);
    hra_code code = s.scan ? scan_all(&s, options->most_rows) : hra_out_of_memory(error);
    for (int i = 0; s.states && i < plan->width; i++) {
        free(s.states[i].places);
        free(s.states[i].bitmap);
    }
    free(s.states);
    hra_buffer_destroy(&s.scratch);
    if (code == HRA_OK)
        *out = s.scan;
    else
        hra_scan_free(s.scan);
    return code;
}

void hra_scan_free(hra_scan *scan)
{
    if (!scan) return;
    for (int i = 0; scan->columns && i < scan->width; i++) hra_tally_free(scan->columns[i].values);
    free(scan->columns);
    hra_arena_free(scan->arena);
    free(scan);
}

int64_t hra_scan_filled(const hra_scan_column *column) { return column->numbers + column->pairs + column->texts; }
