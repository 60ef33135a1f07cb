/* Parsing the records of a chunk: the hot loop of text intake. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "io/csv_cells.h"
#include "io/csv_columns.h"
#include "io/csv_fill.h"
#include "io/csv_lines.h"
#include "io/key_map.h"
#include "io/national_number.h"
#include "io/text_fold.h"

void hra_fill_out_of_memory(hra_filler *f)
{
    if (f->code == HRA_OK) f->code = hra_fail(f->error, HRA_ENOMEM, "out of memory");
}

static bool is_wanted(const hra_filler *f, int column)
{
    return f->plan->bound[column] && (!f->context->wanted || f->context->wanted[column]);
}

/* ---- codes ------------------------------------------------------------------------- */

static inline void put_code(hra_filler *f, int column, uint32_t code)
{
    if (hra_column_wide(&f->schema->columns[column]))
        ((uint32_t *)f->work->codes[column])[f->row] = code;
    else
        ((uint16_t *)f->work->codes[column])[f->row] = (uint16_t)code;
}

/* Appends to a list of exact values. */
static void put_exact(hra_filler *f, hra_exception **list, int *count, int *capacity, int column, double value)
{
    if (*count == *capacity) {
        int more = *capacity ? 2 * *capacity : 256;
        hra_exception *bigger = realloc(*list, (size_t)more * sizeof *bigger);
        if (!bigger) {
            hra_fill_out_of_memory(f);
            return;
        }
        *list = bigger;
        *capacity = more;
    }
    (*list)[(*count)++] = (hra_exception){f->row, column, value};
}

static void put_exception(hra_filler *f, int column, double value)
{
    hra_work *w = f->work;
    put_exact(f, &w->exceptions, &w->exception_count, &w->exception_capacity, column, value);
}

/* A value that is not taken over may still be an urgent one: it is told apart from what could not be read. */
static void put_beyond(hra_filler *f, int column, double value)
{
    hra_work *w = f->work;
    put_exact(f, &w->beyond, &w->beyond_count, &w->beyond_capacity, column, value);
}

static void put_value(hra_filler *f, int column, double value)
{
    const hra_column *c = &f->schema->columns[column];
    uint32_t code = hra_column_code(c, value);
    put_code(f, column, code);
    if (code == hra_column_escape(c)) put_exception(f, column, value);
}

/* ---- marks ---------------------------------------------------------------------------- */

/* What a cell said beyond its value. Within a row the list is kept in the order of the columns. */
static void put_mark(hra_filler *f, int column, uint8_t mark)
{
    hra_work *w = f->work;
    if (!mark) return;
    if (w->mark_count == w->mark_capacity) {
        int more = w->mark_capacity ? 2 * w->mark_capacity : 256;
        hra_cell_mark *bigger = realloc(w->marks, (size_t)more * sizeof *bigger);
        if (!bigger) {
            hra_fill_out_of_memory(f);
            return;
        }
        w->marks = bigger;
        w->mark_capacity = more;
    }
    int at = w->mark_count++;
    for (; at > 0 && w->marks[at - 1].row == f->row && w->marks[at - 1].column > column; at--)
        w->marks[at] = w->marks[at - 1];
    w->marks[at] = (hra_cell_mark){f->row, column, mark};
}

static void tally(hra_filler *f, int column, const hra_cell_value *value)
{
    if (!hra_tallies_cell(&f->work->tallies, column, value)) hra_fill_out_of_memory(f);
}

/* ---- rejections ---------------------------------------------------------------------- */

/* In a record that was put together cells have lines of their own. */
static int64_t cell_line_of(const hra_filler *f, const hra_source_column *source)
{
    const hra_batch *batch = &f->work->batch;
    int32_t record = (int32_t)(f->record - batch->records), column = (int32_t)(source - f->plan->columns);
    size_t low = 0, high = batch->cell_line_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const hra_cell_line *at = &batch->cell_lines[middle];
        if (at->record < record || (at->record == record && at->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == batch->cell_line_count) return f->record->line;
    const hra_cell_line *found = &batch->cell_lines[low];
    return found->record == record && found->column == column ? found->line : f->record->line;
}

static void reject_cell(hra_filler *f, const hra_source_column *source, int column, hra_cell_text cell,
                        const char *reason)
{
    const hra_cell_value rejected = hra_cell_rejected(reason);
    f->work->counts[column].rejected++;
    tally(f, column, &rejected);
    if (source->combination >= 0)
        f->gathered[source->combination].absent = HRA_MARK_REJECTED;
    else
        put_mark(f, column, HRA_MARK_REJECTED);
    if (f->context->write_rejects)
        hra_reject_line(&f->work->rejects, f->plan->name, cell_line_of(f, source), source->header,
                        f->context->binding->readers[column].variable->name, cell.text, cell.length, reason);
}

typedef enum limit_result { INSIDE, IMPLAUSIBLE, IMPOSSIBLE } limit_result;

static limit_result check_limits(const hra_cell_reader *reader, double value)
{
    const hra_variable *v = reader->variable;
    double x = value * reader->factor + reader->offset;
    if (x < v->hard_min || x > v->hard_max) return IMPOSSIBLE;
    return x < v->plausible_min || x > v->plausible_max ? IMPLAUSIBLE : INSIDE;
}

/* ---- values ----------------------------------------------------------------------------- */

static void count_known(hra_value_counts *counts, bool altered, bool implausible)
{
    counts->known++;
    counts->altered += altered;
    counts->implausible += implausible;
}

/* A value that was read: limits, then into the column or the combination. */
static void take_value(hra_filler *f, const hra_source_column *source, int column, hra_cell_value value,
                       hra_cell_text cell)
{
    hra_value_counts *counts = &f->work->counts[column];
    limit_result limits = check_limits(&f->context->binding->readers[column], value.value);
    if (limits == IMPOSSIBLE && f->context->options->enforce_hard_limits) {
        reject_cell(f, source, column, cell, "outside the hard limits of the variable");
        put_beyond(f, column, value.value);
        return;
    }
    bool altered = value.altered || value.mark;
    if (altered) tally(f, column, &value);
    if (source->combination >= 0) {
        hra_gathered *g = &f->gathered[source->combination];
        if (g->count++ == 0) g->first = value.value;
        g->sum += value.value;
        g->implausible |= limits != INSIDE;
        if (!g->mark && (g->count == 1 || f->plan->combinations[source->combination].mean)) g->mark = value.mark;
        counts->altered += altered;
    } else {
        count_known(counts, altered, limits != INSIDE);
        put_value(f, column, value.value);
        put_mark(f, column, value.mark);
    }
}

static void take_missing(hra_filler *f, const hra_source_column *source, int column, const hra_cell_value *value)
{
    if (value->reason) tally(f, column, value);
    if (source->combination >= 0) {
        hra_gathered *g = &f->gathered[source->combination];
        if (value->mark > g->absent) g->absent = value->mark;
        return;
    }
    f->work->counts[column].missing++;
    put_mark(f, column, value->mark);
}

static void read_cell(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    hra_cell_value value = hra_source_column_read(f->context->binding, source, cell, f->plan->delimiter);
    switch (value.kind) {
    case HRA_CELL_KNOWN: take_value(f, source, source->column, value, cell); break;
    case HRA_CELL_MISSING: take_missing(f, source, source->column, &value); break;
    case HRA_CELL_REJECTED: reject_cell(f, source, source->column, cell, value.reason); break;
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
    put_code(f, column, (uint32_t)(steps - c->first));
    return true;
}

/* One-byte cells of flags and categories. */
static inline bool read_short_cell(hra_filler *f, int column, hra_cell_text cell)
{
    const hra_cell_reader *reader = &f->context->binding->readers[column];
    unsigned char c = cell.length == 1 ? (unsigned char)cell.text[0] : 0;
    if (c == 0 || reader->short_cell[c] < 0) return false;
    f->work->counts[column].known++;
    put_code(f, column, (uint32_t)reader->short_cell[c]);
    return true;
}

/* Levels written as the dictionary writes them. */
static inline bool read_level(hra_filler *f, int column, hra_cell_text cell)
{
    int64_t ordinal = hra_map_get_n(f->context->binding->readers[column].levels, cell.text, cell.length);
    if (ordinal < 0) return false;
    f->work->counts[column].known++;
    put_code(f, column, (uint32_t)ordinal);
    return true;
}

static void read_pair(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    double values[2];
    int columns[2] = {source->column, source->second};
    hra_cell_value pair = hra_cell_pair(source->rules, cell.text, cell.length, &values[0], &values[1]);
    for (int i = 0; i < 2; i++) {
        if (!is_wanted(f, columns[i])) continue;
        hra_cell_value value = pair;
        value.value = values[i];
        if (pair.kind == HRA_CELL_KNOWN)
            take_value(f, source, columns[i], value, cell);
        else if (pair.kind == HRA_CELL_MISSING)
            take_missing(f, source, columns[i], &pair);
        else
            reject_cell(f, source, columns[i], cell, pair.reason);
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
        if (!is_wanted(f, s->columns[i])) continue;
        if (values[i].kind == HRA_CELL_KNOWN)
            take_value(f, source, s->columns[i], values[i], cell);
        else if (values[i].kind == HRA_CELL_MISSING)
            take_missing(f, source, s->columns[i], &values[i]);
        else
            reject_cell(f, source, s->columns[i], cell, values[i].reason);
    }
}

/* ---- labels and keys ------------------------------------------------------------------------ */

static int32_t new_label(hra_filler *f, hra_label_memory *labels, const char *text, size_t length)
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
        if (f->context->write_rejects)
            hra_reject_line(&f->work->rejects, f->plan->name, cell_line_of(f, source), source->header,
                            hra_dictionary_at(f->schema->dictionary, f->schema->labels[source->column])->name,
                            cell.text, cell.length, "too long for a label");
        return;
    }
    int32_t before = f->row > 0 ? labels->index[f->row - 1] : -1; /* neighbours mostly share a group */
    if (before >= 0 && strncmp(labels->texts[before], text, length) == 0 && !labels->texts[before][length]) {
        labels->index[f->row] = before;
        return;
    }
    int64_t known = hra_map_get_n(labels->map, text, length);
    labels->index[f->row] = known >= 0 ? (int32_t)known : new_label(f, labels, text, length);
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

/* ---- identity numbers --------------------------------------------------------------------------- */

static void read_national(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    const char *text = cell.text;
    size_t length = cell.length;
    hra_clean_identifier(&text, &length);
    if (length == 0) return;
    const char *reason = hra_national_number_read(text, length, &f->national);
    f->has_national = !reason;
    /* an identifier may be of another kind; the number itself is not written out */
    if (reason && source->action == HRA_READ_NATIONAL && f->context->write_rejects)
        hra_reject_line(&f->work->rejects, f->plan->name, cell_line_of(f, source), source->header, "", "", 0, reason);
}

static uint32_t code_of_row(const hra_filler *f, int column)
{
    return hra_column_wide(&f->schema->columns[column]) ? ((const uint32_t *)f->work->codes[column])[f->row]
                                                        : ((const uint16_t *)f->work->codes[column])[f->row];
}

static bool has_mark(const hra_filler *f, int column)
{
    for (int i = f->work->mark_count; i-- > 0 && f->work->marks[i].row == f->row;)
        if (f->work->marks[i].column == column) return true;
    return false;
}

/* Fills what the row does not say (`own`: there is a column for it); where it says something else, neither stands. */
static void hold_against_national(hra_filler *f, int column, bool own, double value, const char *shown)
{
    const hra_column *c = &f->schema->columns[column];
    hra_value_counts *counts = &f->work->counts[column];
    if (!is_wanted(f, column) || isnan(value)) return;
    uint32_t code = code_of_row(f, column);
    if (code == hra_column_missing(c)) {
        if (has_mark(f, column)) return; /* refused, or rejected for a reason of its own */
        counts->missing -= own;
        count_known(counts, true, check_limits(&f->context->binding->readers[column], value) != INSIDE);
        put_value(f, column, value);
        return;
    }
    if (code == hra_column_code(c, value)) return;
    counts->known--;
    counts->rejected++;
    put_code(f, column, hra_column_missing(c));
    put_mark(f, column, HRA_MARK_REJECTED);
    if (f->context->write_rejects)
        hra_reject_line(&f->work->rejects, f->plan->name, f->record->line, f->plan->columns[f->plan->national].header,
                        f->context->binding->readers[column].variable->name, shown, strlen(shown),
                        "the identity number of the row says otherwise");
}

/* The level with this number in the dictionary: 1 for men, 2 for women (GB/T 2261.1). */
static double sex_of(const hra_variable *sex, bool male)
{
    for (int i = 0; i < sex->level_count; i++)
        if (sex->levels[i].number == (male ? 1 : 2)) return i;
    return NAN;
}

static void finish_national(hra_filler *f)
{
    char day[HRA_DAY_TEXT];
    const hra_variable *sex = f->context->binding->readers[f->plan->national_sex].variable;
    double level = sex_of(sex, f->national.male);
    hold_against_national(f, f->plan->national_birth, f->plan->own_birth, f->national.birth_day,
                          hra_day_text(f->national.birth_day, day));
    hold_against_national(f, f->plan->national_sex, f->plan->own_sex, level,
                          isnan(level) ? "" : sex->levels[(int)level].name);
}

/* ---- rows ------------------------------------------------------------------------------------ */

void hra_fill_cell(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    switch (source->action) {
    case HRA_SKIP: return;
    case HRA_READ_PAIR: read_pair(f, source, cell); return;
    case HRA_READ_SEVERAL: read_several(f, source, cell); return;
    case HRA_READ_LABEL: hra_fill_label(f, source, cell); return;
    case HRA_READ_ID:
        if (f->context->want_keys) read_key(f, cell);
        if (f->plan->national >= 0 && source == &f->plan->columns[f->plan->national]) read_national(f, source, cell);
        return;
    case HRA_READ_NATIONAL:
        read_national(f, source, cell);
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

static void finish_combinations(hra_filler *f)
{
    for (int i = 0; i < f->plan->combination_count; i++) {
        const hra_combination *c = &f->plan->combinations[i];
        const hra_gathered *g = &f->gathered[i];
        if (f->context->wanted && !f->context->wanted[c->column]) continue;
        if (g->count == 0) {
            f->work->counts[c->column].missing++;
            put_mark(f, c->column, g->absent);
            continue;
        }
        put_mark(f, c->column, g->mark);
        count_known(&f->work->counts[c->column], false, g->implausible);
        put_value(f, c->column, c->mean ? g->sum / g->count : g->first);
    }
}

/* The cells that a short row lacks. */
static void count_absent(hra_filler *f, int from)
{
    f->work->short_rows++;
    for (int i = from; i < f->plan->width; i++) {
        const hra_source_column *source = &f->plan->columns[i];
        if (source->action == HRA_READ && source->combination < 0) f->work->counts[source->column].missing++;
        for (int k = 0; source->action == HRA_READ_SEVERAL && k < source->several->count; k++)
            f->work->counts[source->several->columns[k]].missing++;
        if (source->action != HRA_READ_PAIR) continue;
        f->work->counts[source->column].missing++;
        f->work->counts[source->second].missing++;
    }
}

/* The row number stands in for a missing identifier where rows without one are kept. */
static bool has_default_keys(const hra_filler *f) { return f->context->want_keys && !f->context->options->require_id; }

void hra_fill_default_key(hra_filler *f)
{
    hra_work *w = f->work;
    if (!has_default_keys(f) || w->keys[f->row]) return;
    int64_t input_row = w->first_input_row + (f->record - w->batch.records);
    w->keys[f->row] = hra_arena_printf(w->texts, "%lld", (long long)input_row + 1);
    if (!w->keys[f->row]) hra_fill_out_of_memory(f);
}

bool hra_fill_has_row_ends(const hra_filler *f) { return f->plan->combination_count > 0 || has_default_keys(f); }

void hra_fill_row_begin(hra_filler *f)
{
    if (f->plan->combination_count) memset(f->gathered, 0, sizeof *f->gathered * (size_t)f->plan->combination_count);
    f->has_national = false;
}

void hra_fill_row_end(hra_filler *f)
{
    finish_combinations(f);
    if (f->has_national) finish_national(f);
}

void hra_fill_places(hra_filler *f, int first, int count)
{
    hra_work *w = f->work;
    for (int i = 0; i < count; i++) {
        w->lines[f->row + i] = w->batch.records[first + i].line;
        w->files[f->row + i] = w->file;
    }
    if (f->context->want_key_hashes)
        memcpy(w->key_hashes + f->row, w->hashes + first, sizeof *w->hashes * (size_t)count);
    else
        memset(w->keys + f->row, 0, sizeof *w->keys * (size_t)count);
}

static void read_row(hra_filler *f)
{
    const hra_record *record = f->record;
    hra_cells cells = hra_cells_begin(f->work->batch.text.bytes + record->start, record->length, f->plan->delimiter,
                                      &f->work->scratch);
    hra_fill_row_begin(f);
    for (int l = 0; l < f->schema->label_count; l++)
        if (f->plan->bound_labels[l]) f->work->labels[l].index[f->row] = -1;
    int i = 0;
    if (record->quoted)
        for (; i <= f->last && !cells.done; i++) hra_fill_cell(f, &f->plan->columns[i], hra_cells_next(&cells));
    else
        for (; i <= f->last && !cells.done; i++) hra_fill_cell(f, &f->plan->columns[i], hra_cells_next_plain(&cells));
    if (record->cells < (uint32_t)f->plan->width) count_absent(f, (int)record->cells);
    hra_fill_row_end(f);
}

static const char *verdict_reason(const hra_work *work, int record, char text[80])
{
    static const char *const reasons[] = {
        [HRA_ROW_UNCLOSED] = "a quote opens on this line and is not closed",
        [HRA_ROW_NUL] = "NUL bytes: the row is damaged",
        [HRA_ROW_TOO_WIDE] = "more cells than the header: values may have shifted",
        [HRA_ROW_EMPTY] = "all cells are empty",
        [HRA_ROW_HEADER] = "repeats the header",
        [HRA_ROW_TOTAL] = "a line of totals, not a person",
        [HRA_ROW_NO_ID] = "no identifier",
        [HRA_ROW_DAMAGED_ID] = "a spreadsheet has damaged the identifier",
        [HRA_ROW_DUPLICATE] = "identifier occurs more than once",
        [HRA_ROW_NO_ITEM] = "no item line of the map names this item (its other rows are only counted)",
        [HRA_ROW_TOO_MANY] = "a reading beyond the eighth: the mean takes no more"};
    if (work->verdicts[record] != HRA_ROW_DUPLICATE || work->other_lines[record] <= 0)
        return reasons[work->verdicts[record]];
    snprintf(text, 80, "identifier occurs more than once; line %lld stands", (long long)work->other_lines[record]);
    return text;
}

static void reject_row(hra_filler *f)
{
    hra_work *w = f->work;
    char text[80];
    if (f->context->write_rejects)
        hra_reject_line(&w->rejects, f->plan->name, f->record->line, "", "", w->batch.text.bytes + f->record->start,
                        f->record->length, verdict_reason(w, (int)(f->record - w->batch.records), text));
}

static void begin_missing(const hra_filler *f, int column, int rows)
{
    const hra_work *w = f->work;
    uint32_t missing = hra_column_missing(&f->schema->columns[column]);
    if (w->views[column].u32)
        for (int i = 0; i < rows; i++) ((uint32_t *)w->codes[column])[f->row + i] = missing;
    else if (w->views[column].u16)
        for (int i = 0; i < rows; i++) ((uint16_t *)w->codes[column])[f->row + i] = (uint16_t)missing;
}

void hra_fill_missing(const hra_filler *f, int rows)
{
    for (int i = 0; i < f->unread_count; i++) begin_missing(f, f->unread[i], rows);
}

static void take_row(hra_filler *f)
{
    hra_work *w = f->work;
    hra_fill_places(f, (int)(f->record - w->batch.records), 1);
    for (int i = 0; i < f->schema->column_count; i++) begin_missing(f, i, 1);
    size_t person = f->context->write_people ? hra_key_map_begin(&w->people) : 0;
    read_row(f);
    if (f->context->write_people) hra_key_map_end(&w->people, person, w->keys[f->row]);
    hra_fill_default_key(f);
    f->row++;
}

/* How many records from number `first` on can be read column by column. */
static int block_length(const hra_filler *f, int first)
{
    const hra_work *w = f->work;
    int count = 0;
    if (f->context->level == HRA_VECTOR_PLAIN || f->context->write_people) return 0;
    while (count < HRA_BLOCK_ROWS && first + count < w->batch.count && w->verdicts[first + count] == HRA_ROW_KEPT) {
        const hra_record *record = &w->batch.records[first + count];
        if (record->cells != (uint32_t)f->plan->width) break;
        if (record->quoted &&
            !hra_quotes_are_simple(f->context->level, w->batch.text.bytes, record, f->plan->delimiter))
            break;
        count++;
    }
    return count;
}

static void read_rows(hra_filler *f)
{
    enum { WORTHWHILE = 4 };
    hra_work *w = f->work;
    for (int r = 0; r < w->batch.count && f->code == HRA_OK;) {
        int block = block_length(f, r);
        if (block >= WORTHWHILE) {
            hra_fill_block(f, r, block);
            r += block;
            continue;
        }
        f->record = &w->batch.records[r];
        if (w->verdicts[r] == HRA_ROW_KEPT)
            take_row(f);
        else
            reject_row(f);
        r++;
    }
    if (w->rejects.failed || w->scratch.failed || w->people.failed) hra_fill_out_of_memory(f);
}

/* ---- chunks ------------------------------------------------------------------------------------ */

/* Room for the codes, and for those that a block writes beyond its last row. */
static bool prepare_column(hra_filler *f, int column)
{
    const hra_column *c = &f->schema->columns[column];
    hra_work *w = f->work;
    bool wide = hra_column_wide(c);
    if (!w->codes[column]) w->codes[column] = malloc((size_t)(HRA_CHUNK_ROWS + HRA_BLOCK_ROWS) * (wide ? 4 : 2));
    if (!w->codes[column]) return false;
    w->views[column] = (hra_codes){.constant = hra_column_missing(c)};
    if (wide)
        w->views[column].u32 = w->codes[column];
    else
        w->views[column].u16 = w->codes[column];
    return true;
}

/* The columns that blocks do not fill themselves. */
static bool find_unread(hra_filler *f)
{
    bool *read = calloc((size_t)f->schema->column_count + 1, sizeof *read);
    f->unread = calloc((size_t)f->schema->column_count + 1, sizeof *f->unread);
    if (!read || !f->unread) {
        free(read);
        return false;
    }
    for (int i = 0; i < f->plan->width; i++) {
        const hra_source_column *source = &f->plan->columns[i];
        if (source->action == HRA_READ && source->plain) read[source->column] = true;
    }
    for (int i = 0; i < f->schema->column_count; i++)
        if (is_wanted(f, i) && !read[i]) f->unread[f->unread_count++] = i;
    free(read);
    return true;
}

static bool prepare_label(hra_filler *f, int label)
{
    hra_label_memory *m = &f->work->labels[label];
    if (!m->index) m->index = malloc(sizeof *m->index * HRA_CHUNK_ROWS);
    hra_map_free(m->map);
    m->map = hra_map_new();
    m->count = 0;
    if (!m->index || !m->map) return false;
    if (f->plan->bound_labels[label]) return true;
    const char *constant = f->plan->constant_labels[label];
    int32_t index = constant ? new_label(f, m, constant, strlen(constant)) : -1;
    for (int i = 0; i < f->work->kept; i++) m->index[i] = index;
    return f->code == HRA_OK;
}

static bool prepare(hra_filler *f)
{
    hra_work *w = f->work;
    const double *constants = f->plan->map->constants;
    if (w->texts)
        hra_arena_reset(w->texts);
    else
        w->texts = hra_arena_new();
    w->exception_count = w->beyond_count = w->mark_count = 0;
    w->short_rows = 0;
    hra_buffer_clear(&w->rejects);
    hra_buffer_clear(&w->people);
    memset(w->counts, 0, sizeof *w->counts * (size_t)f->schema->column_count);
    bool good = w->texts != NULL && hra_tallies_reset(&w->tallies, f->schema->column_count);
    for (int i = 0; good && i < f->schema->column_count; i++) {
        const hra_column *c = &f->schema->columns[i];
        bool constant = !f->plan->bound[i] && !isnan(constants[i]);
        w->views[i] = (hra_codes){.constant = hra_column_code(c, constant ? constants[i] : NAN)};
        if (constant) w->counts[i].known += w->kept;
        if (is_wanted(f, i)) good = prepare_column(f, i);
    }
    for (int i = 0; good && i < f->schema->label_count; i++) good = prepare_label(f, i);
    return good;
}

static void hand_over(const hra_filler *f)
{
    hra_work *w = f->work;
    hra_chunk *chunk = f->chunk;
    for (int i = 0; i < f->schema->label_count; i++)
        w->label_views[i] = (hra_label_codes){w->labels[i].index, w->labels[i].texts, w->labels[i].count};
    bool keys = f->context->want_keys && (f->plan->id >= 0 || !f->context->options->require_id);
    bool hashes = f->context->want_key_hashes;
    *chunk = (hra_chunk){.first_row = w->first_row,
                         .rows = w->kept,
                         .columns = w->views,
                         .exceptions = w->exceptions,
                         .exception_count = w->exception_count,
                         .beyond = w->beyond,
                         .beyond_count = w->beyond_count,
                         .marks = w->marks,
                         .mark_count = w->mark_count,
                         .labels = w->label_views,
                         .keys = keys && !hashes ? w->keys : NULL,
                         .key_hashes = keys && hashes ? w->key_hashes : NULL,
                         .source_lines = w->lines,
                         .source_files = w->files,
                         .rejected = w->batch.count - w->kept,
                         .owner = w};
}

hra_code hra_work_fill(hra_work *work, const hra_fill_context *context, hra_chunk *chunk, hra_error *error)
{
    const hra_file_plan *plan = &context->binding->files[work->file];
    hra_filler f = {.work = work,
                    .context = context,
                    .plan = plan,
                    .schema = &context->binding->schema,
                    .chunk = chunk,
                    .last = -1,
                    .error = error};
    f.gathered = calloc((size_t)plan->combination_count + 1, sizeof *f.gathered);
    if (!f.gathered || !find_unread(&f) || !prepare(&f)) hra_fill_out_of_memory(&f);
    for (int i = 0; i < plan->width; i++)
        if (plan->columns[i].action != HRA_SKIP) f.last = i;
    if (f.code == HRA_OK && !hra_buffer_reserve(&work->batch.text, HRA_TEXT_SLACK)) hra_fill_out_of_memory(&f);
    if (f.code == HRA_OK) read_rows(&f);
    free(f.gathered);
    free(f.unread);
    if (f.code == HRA_OK) hand_over(&f);
    return f.code;
}
