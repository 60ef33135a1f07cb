/* Parsing the records of a chunk: rows that stand, one by one or in blocks, and what a chunk needs before and after. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_columns.h"
#include "io/csv/csv_lines.h"
#include "io/csv/csv_put.h"
#include "io/identity/key_map.h"

/* ---- rows ------------------------------------------------------------------------------------ */

static void finish_combinations(hra_filler *f)
{
    for (int i = 0; i < f->plan->combination_count; i++) {
        const hra_combination *c = &f->plan->combinations[i];
        const hra_gathered *g = &f->gathered[i];
        if (f->context->wanted && !f->context->wanted[c->column]) continue;
        if (g->count == 0) {
            f->work->counts[c->column].missing++;
            hra_put_mark(f, c->column, g->absent);
            continue;
        }
        hra_put_mark(f, c->column, g->mark);
        hra_put_known(&f->work->counts[c->column], false, g->implausible);
        hra_put_value(f, c->column, c->mean ? g->sum / g->count : g->first);
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
    if (f->has_national) hra_fill_national_end(f);
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

static const char *reason_of(hra_row_verdict verdict)
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
    return reasons[verdict];
}

static void put_reason(const hra_filler *f, int record, hra_buffer *out)
{
    const hra_work *work = f->work;
    const hra_row_place *other = &work->others[record];
    hra_buffer_text(out, hra_put_say(f, reason_of(work->verdicts[record])));
    if (work->verdicts[record] != HRA_ROW_DUPLICATE || other->line <= 0) return;
    const hra_file_plan *file = &f->context->binding->files[other->file];
    const char *other_file = f->context->options->file_names ? file->name : file->path;
    if (other->file == work->file)
        hra_buffer_printf(out, hra_put_say(f, "; line %lld stands"), (long long)other->line);
    else
        hra_buffer_printf(out, hra_put_say(f, "; line %lld of %s stands"), (long long)other->line, other_file);
    if (other->earlier)
        hra_buffer_text(out, hra_put_say(f, "; its visit is the earlier one (--duplicates latest keeps the latest)"));
}

/* The reason is said in its language. */
static void reject_row(hra_filler *f)
{
    hra_work *w = f->work;
    hra_buffer reason = {0};
    if (!f->context->write_rejects) return;
    put_reason(f, (int)(f->record - w->batch.records), &reason);
    if (reason.failed)
        hra_fill_out_of_memory(f);
    else
        hra_reject_line(&w->rejects, f->plan->name, f->record->line, "", "", w->batch.text.bytes + f->record->start,
                        f->record->length, reason.bytes);
    hra_buffer_destroy(&reason);
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

/* Where the codes of all files' wanted columns stand in one memory, with room for so many rows. Returns its size. Near
 * each other they share few pages; a few lines of the cache lie between columns, so that the same row of all does not
 * compete for the same of its places. */
static size_t lay_out_codes(const hra_filler *f, char *memory, int rows)
{
    enum { APART = 320 };
    size_t used = 0;
    for (int i = 0; i < f->schema->column_count; i++) {
        if (f->context->wanted && !f->context->wanted[i]) continue;
        if (memory) f->work->codes[i] = memory + used;
        used += ((size_t)rows * (hra_column_wide(&f->schema->columns[i]) ? 4 : 2) + 63) / 64 * 64 + APART;
    }
    return used;
}

/* Room for the codes of the rows that stand, a few more for the next time, and those that a block writes beyond its
 * last row. */
static bool make_room(hra_filler *f)
{
    hra_work *w = f->work;
    if (w->kept <= w->code_rows) return true;
    int rows = w->kept + w->kept / 8;
    free(w->code_memory);
    w->code_rows = 0;
    w->code_memory = hra_large_memory(lay_out_codes(f, NULL, rows + HRA_BLOCK_ROWS) + 1);
    if (!w->code_memory) return false;
    lay_out_codes(f, w->code_memory, rows + HRA_BLOCK_ROWS);
    w->code_rows = rows;
    return true;
}

static void prepare_column(const hra_filler *f, int column)
{
    const hra_column *c = &f->schema->columns[column];
    hra_work *w = f->work;
    w->views[column] = (hra_codes){.constant = hra_column_missing(c)};
    if (hra_column_wide(c))
        w->views[column].u32 = w->codes[column];
    else
        w->views[column].u16 = w->codes[column];
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
        if (hra_put_is_wanted(f, i) && !read[i]) f->unread[f->unread_count++] = i;
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
    int32_t index = constant ? hra_fill_new_label(f, m, constant, strlen(constant)) : -1;
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
    bool good = w->texts != NULL && hra_tallies_reset(&w->tallies, f->schema->column_count) && make_room(f);
    for (int i = 0; good && i < f->schema->column_count; i++) {
        const hra_column *c = &f->schema->columns[i];
        bool constant = !f->plan->bound[i] && !isnan(constants[i]);
        w->views[i] = (hra_codes){.constant = hra_column_code(c, constant ? constants[i] : NAN)};
        if (constant) w->counts[i].known += w->kept;
        if (hra_put_is_wanted(f, i)) prepare_column(f, i);
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
