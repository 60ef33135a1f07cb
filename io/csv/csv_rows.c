#include "io/csv/csv_rows.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv/csv_batches.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_lines.h"
#include "io/csv/csv_row_day.h"
#include "io/csv/repeats.h"
#include "io/words/national_number.h"
#include "io/words/no_identifier.h"
#include "io/words/text_fold.h"

/* Text of one batch. Memory is this times the chunks under way; what was read is still in the processor's cache when
 * its cells are. */
enum { BATCH_BYTES = 256 << 10, CENSUS_BYTES = 1 << 20, NAMED_TOGETHER = 64 };

struct hra_rows {
    const hra_binding *binding;
    const hra_csv_options *options;
    hra_batches *batches;
    int64_t bytes_done; /* told by the thread that takes batches */
    int64_t taken;      /* batches */

    bool compares, by_number; /* identifiers are compared; which fall is known by the numbers of rows */
    hra_id_hasher hasher;
    bool census;    /* this is the reading beforehand */
    int day_column; /* of the schema, where the days of visits count; else -1 */

    /* What follows belongs to the thread whose batch is judged, one after the other in the order of the input. */
    pthread_mutex_t lock;
    pthread_cond_t passed;
    int64_t judged; /* batches */
    hra_code code;  /* of the first that failed: all behind it fail */
    hra_error error;
    int64_t input_rows, kept_rows;
    int file;          /* of the last batch */
    int64_t last_line; /* of that file so far */
    hra_row_counts *counts;
    /* Duplicates: KEEP_FIRST needs the identifiers seen so far, with the line of each, while they fit the memory. Lines
     * are numbered on from file to file there, so that the number of one tells its file. All
     * else is decided by a census, a reading of all identifiers beforehand, and looked up. */
    hra_id_run *run; /* while they come in their order; the set is empty then */
    hra_id_set *seen;
    hra_repeats *repeats;
};

/* ---- what rows are ---------------------------------------------------------------------- */

/* Only separators, spaces and quotes. */
static bool is_empty_row(const char *text, size_t length, char delimiter)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != delimiter && text[i] != ' ' && text[i] != '\t' && text[i] != '"') return false;
    return true;
}

typedef struct found_identifier {
    hra_identifier text;
    bool rewritten; /* it does not stand in the row's text but in scratch, until the next one is looked for */
    bool is_plain;
} found_identifier;

/* `plain` is written where it is plain. */
static void find_identifier(const hra_file_plan *plan, const char *text, const hra_record *record, hra_buffer *scratch,
                            found_identifier *found, hra_plain_identifier *plain)
{
    if (record->quoted) hra_buffer_clear(scratch); /* nobody else writes there */
    hra_cells cells = hra_cells_begin(text, record->length, plan->delimiter, scratch);
    hra_cell_text cell = {"", 0, false};
    for (int i = 0; i < plan->id && !cells.done; i++)
        cell = record->quoted ? hra_cells_next(&cells) : hra_cells_next_plain(&cells);
    cell.length = 0;
    size_t rest = cells.done ? 0 : (size_t)(cells.end - cells.at);
    *found =
        (found_identifier){{cells.at, 0}, false, hra_plain_identifier_read(cells.at, rest, plan->delimiter, plain)};
    found->text.length = plain->length;
    if (found->is_plain) return; /* nearly all */
    if (!cells.done) cell = record->quoted ? hra_cells_next(&cells) : hra_cells_next_plain(&cells);
    hra_clean_identifier(&cell.text, &cell.length);
    found->text = (hra_identifier){cell.text, cell.length};
    found->rewritten = record->quoted && scratch->length > 0;
    found->is_plain = !found->rewritten && hra_plain_identifier_read(cell.text, cell.length, plan->delimiter, plain) &&
                      plain->length == cell.length;
}

static hra_row_verdict judge_form(const hra_file_plan *plan, const char *text, const hra_record *record)
{
    if (record->fault == HRA_RECORD_UNCLOSED) return HRA_ROW_UNCLOSED;
    if (record->fault == HRA_RECORD_NUL) return HRA_ROW_NUL;
    if (record->fault == HRA_RECORD_NO_ITEM) return HRA_ROW_NO_ITEM;
    if (record->fault == HRA_RECORD_TOO_MANY) return HRA_ROW_TOO_MANY;
    unsigned char first = (unsigned char)*text;
    bool odd_start = first <= '"' || first >= 0x80 || first == 't' || first == 'T' || *text == plan->delimiter;
    if (odd_start && is_empty_row(text, record->length, plan->delimiter)) return HRA_ROW_EMPTY;
    if (record->cells > (uint32_t)plan->width) return HRA_ROW_TOO_WIDE;
    if (record->length == plan->row_length && memcmp(text, plan->row_text, record->length) == 0) return HRA_ROW_HEADER;
    return odd_start && hra_is_total(text, record->length) ? HRA_ROW_TOTAL : HRA_ROW_KEPT;
}

/* ---- duplicates -------------------------------------------------------------------------- */

/* The lines of files before this one are known when their last batch was judged. */
static void reach_file(hra_rows *rows, int file)
{
    for (; rows->file < file; rows->file++, rows->last_line = 0)
        rows->counts[rows->file + 1].lines_before = rows->counts[rows->file].lines_before + rows->last_line;
}

/* The row of a line that is numbered on over the files. */
static hra_row_place place_of(const hra_rows *rows, int64_t line)
{
    int low = 0, high = rows->file + 1; /* the file is among these */
    if (line <= 0) return (hra_row_place){0};
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        *(rows->counts[middle].lines_before < line ? &low : &high) = middle;
    }
    return (hra_row_place){.line = line - rows->counts[low].lines_before, .file = low};
}

static hra_code take_census(hra_rows *rows, hra_error *error);

/* An identifier that was seen before falls; the first one's line is remembered. Its day is not: where days count, the
 * first that falls has all identifiers read again, with days. */
static hra_code judge_by_set(hra_rows *rows, hra_id_hash hash, int64_t number, int64_t line, hra_repeat *repeat,
                             hra_error *error)
{
    if (!hra_id_set_add(rows->seen, hash, line, &repeat->other_line)) return hra_out_of_memory(error);
    repeat->stands = repeat->other_line == 0;
    if (repeat->stands || rows->day_column < 0) return HRA_OK;
    hra_id_set_free(rows->seen);
    rows->seen = NULL;
    HRA_TRY(take_census(rows, error));
    return hra_repeats_judge(rows->repeats, number, repeat, error);
}

/* In the reading beforehand: notes the row. `number` is its number over all files, from 1. */
static hra_code note_row(hra_rows *rows, hra_work *work, int i, int64_t number, hra_error *error)
{
    const hra_record *record = &work->batch.records[i];
    uint32_t day = hra_row_day(rows->binding, &rows->binding->files[work->file], rows->day_column,
                               work->batch.text.bytes + record->start, record, &work->scratch);
    if (work->scratch.failed) return hra_out_of_memory(error);
    return hra_repeats_add(rows->repeats, work->hashes[i], number, rows->counts[rows->file].lines_before + record->line,
                           day, error);
}

static hra_code judge_duplicate(hra_rows *rows, hra_work *work, int i, hra_repeat *repeat, hra_error *error)
{
    int64_t number = rows->input_rows + i + 1;
    *repeat = (hra_repeat){.stands = true};
    if (rows->census) return note_row(rows, work, i, number, error);
    if (rows->repeats) return hra_repeats_judge(rows->repeats, number, repeat, error);
    int64_t line = rows->counts[rows->file].lines_before + work->batch.records[i].line;
    return judge_by_set(rows, work->hashes[i], number, line, repeat, error);
}

/* ---- batches ----------------------------------------------------------------------------- */

/* Identifiers of a batch that are hashed together, and their records. */
typedef struct named_rows {
    hra_identifier identifiers[NAMED_TOGETHER];
    int records[NAMED_TOGETHER];
    int count;
} named_rows;

/* With a key identifiers are compared by their person keys, which the rows that stand need anyway. */
static hra_code hash_texts(const void *context, const char *issuer, const hra_identifier *texts, int count,
                           hra_id_hash *out, hra_error *error)
{
    const hra_rows *rows = context;
    const hra_identity *identity = rows->options->identity;
    if (identity) {
        hra_identity_hash_many(identity, issuer, texts, count, out);
        return HRA_OK;
    }
    hra_id_hasher own = hra_id_hasher_of_issuer(&rows->hasher, issuer);
    for (int i = 0; i < count; i++)
        if (!hra_id_hash_text(&own, texts[i].text, texts[i].length, &out[i])) return hra_out_of_memory(error);
    return HRA_OK;
}

static hra_code hash_identifiers(const hra_rows *rows, const named_rows *named, hra_work *work, hra_error *error)
{
    hra_id_hash hashes[NAMED_TOGETHER];
    const char *issuer = rows->binding->files[work->file].how.issuer;
    if (!rows->options->identity && (!rows->compares || rows->by_number)) return HRA_OK;
    HRA_TRY(hash_texts(rows, issuer, named->identifiers, named->count, hashes, error));
    for (int i = 0; i < named->count; i++) work->hashes[named->records[i]] = hashes[i];
    return HRA_OK;
}

static bool is_damaged(const found_identifier *found)
{
    const hra_identifier *text = &found->text;
    return found->is_plain ? hra_national_number_lost_digits(text->text, text->length) /* there is no sign in it */
                           : hra_identifier_is_damaged(text->text, text->length);
}

/* A header that does not repeat the first one to the letter: with a mark of its encoding before it, where files were
 * put together, or with spaces. Nobody is called as the column is. */
static bool names_column(const hra_file_plan *plan, const char *text, size_t length)
{
    const char *name = plan->columns[plan->id].header;
    return strncasecmp(text, name, length) == 0 && !name[length];
}

/* What stands in the place of an identifier, mostly one. `row` is the text of its record. */
static hra_row_verdict judge_identifier(const hra_file_plan *plan, const char *row, const hra_record *record,
                                        const found_identifier *found)
{
    const char *text = found->text.text;
    size_t length = found->text.length;
    if (length == 0) return HRA_ROW_NO_ID;
    if (is_damaged(found)) return HRA_ROW_DAMAGED_ID;
    if (found->is_plain && *text < 'A') return HRA_ROW_KEPT; /* no word */
    if (names_column(plan, text, length)) return HRA_ROW_HEADER;
    if (found->is_plain && length > 8) return HRA_ROW_KEPT;
    if (hra_is_total(text, length)) return HRA_ROW_TOTAL;
    const char *end = row + record->length, *behind = text + length;
    bool alone = !found->rewritten && plan->width > 2 && is_empty_row(row, (size_t)(text - row), plan->delimiter) &&
                 is_empty_row(behind, (size_t)(end - behind), plan->delimiter);
    return hra_says_no_identifier(text, length) || hra_is_footer(text, length, alone) ? HRA_ROW_NO_ID : HRA_ROW_KEPT;
}

/* Whether a row of good form has an identifier, and which; one that stands in scratch is hashed at once. */
static hra_code name_row(const hra_rows *rows, hra_work *work, int i, named_rows *named, hra_error *error)
{
    const hra_file_plan *plan = &rows->binding->files[work->file];
    const hra_record *record = &work->batch.records[i];
    bool required = rows->options->require_id;
    found_identifier found;
    find_identifier(plan, work->batch.text.bytes + record->start, record, &work->scratch, &found,
                    hra_id_span_room(&work->span));
    hra_identifier text = found.text;
    if (work->scratch.failed) return hra_out_of_memory(error);
    if (required)
        work->verdicts[i] = (uint8_t)judge_identifier(plan, work->batch.text.bytes + record->start, record, &found);
    if (work->verdicts[i] != HRA_ROW_KEPT || text.length == 0) return HRA_OK;
    work->named[i] = true;
    hra_id_span_add(&work->span, found.is_plain ? text.text : NULL, record->line);
    if (found.rewritten)
        return hash_identifiers(rows, &(named_rows){.identifiers = {text}, .records = {i}, .count = 1}, work, error);
    named->identifiers[named->count] = text;
    named->records[named->count++] = i;
    return HRA_OK;
}

/* The start of a row, with an identifier that may stand in two lines of the cache. */
static void ask_for(const char *row)
{
    __builtin_prefetch(row);
    __builtin_prefetch(row + HRA_PLAIN_READ - 1);
}

/* What the records of a batch tell alone. */
static hra_code judge_alone(const hra_rows *rows, hra_work *work, hra_error *error)
{
    enum { AHEAD = 8, FAR_AHEAD = 32 }; /* texts, records: both were mostly written by another processor */
    const hra_file_plan *plan = &rows->binding->files[work->file];
    const hra_batch *batch = &work->batch;
    bool naming = plan->id >= 0 && (rows->options->require_id || rows->options->identity || rows->compares);
    named_rows named;
    named.count = 0;
    hra_id_span_begin(&work->span);
    work->last_line = 0;
    for (int i = 0; i < batch->count; i++) {
        const hra_record *record = &batch->records[i];
        if (record->line > work->last_line) work->last_line = record->line;
        if (i + AHEAD < batch->count) ask_for(batch->text.bytes + record[AHEAD].start);
        if (i + FAR_AHEAD < batch->count) __builtin_prefetch(record + FAR_AHEAD);
        work->verdicts[i] = (uint8_t)judge_form(plan, batch->text.bytes + record->start, record);
        work->named[i] = false;
        if (naming && work->verdicts[i] == HRA_ROW_KEPT) HRA_TRY(name_row(rows, work, i, &named, error));
        if (named.count < NAMED_TOGETHER) continue;
        HRA_TRY(hash_identifiers(rows, &named, work, error));
        named.count = 0;
    }
    return hash_identifiers(rows, &named, work, error);
}

/* Identifiers that occurred before. Their places in the set are fetched some time before they are asked for. */
static hra_code judge_against_others(hra_rows *rows, hra_work *work, hra_error *error)
{
    enum { AHEAD = 32 };
    int count = work->batch.count;
    for (int i = 0; i < count; i++) {
        hra_repeat repeat;
        if (rows->seen && i + AHEAD < count && work->named[i + AHEAD])
            hra_id_set_prefetch(rows->seen, work->hashes[i + AHEAD]);
        if (!work->named[i]) continue;
        HRA_TRY(judge_duplicate(rows, work, i, &repeat, error));
        if (repeat.stands) continue;
        work->verdicts[i] = HRA_ROW_DUPLICATE;
        work->others[i] = place_of(rows, repeat.other_line);
        work->others[i].earlier = repeat.later;
        rows->counts[work->file].duplicates++;
        rows->counts[work->file].later += repeat.later;
    }
    return HRA_OK;
}

static void keep_left_out(hra_work *work)
{
    for (int i = 0; i < work->batch.count; i++)
        if (work->verdicts[i] == HRA_ROW_DUPLICATE)
            work->verdicts[i] = HRA_ROW_KEPT;
        else if (work->verdicts[i] == HRA_ROW_KEPT)
            work->verdicts[i] = HRA_ROW_DUPLICATE;
}

static int count_kept(const hra_work *work)
{
    int kept = 0;
    for (int i = 0; i < work->batch.count; i++) kept += work->verdicts[i] == HRA_ROW_KEPT;
    return kept;
}

/* Room for what is said of each record, and of a few more: batches differ. */
static bool make_room(hra_work *work)
{
    if (work->judged_capacity >= work->batch.count) return true;
    int capacity = work->batch.count + work->batch.count / 8;
    size_t count = (size_t)capacity;
    uint8_t *verdicts = realloc(work->verdicts, count);
    if (verdicts) work->verdicts = verdicts;
    hra_row_place *others = realloc(work->others, count * sizeof *others);
    if (others) work->others = others;
    bool *named = realloc(work->named, count * sizeof *named);
    if (named) work->named = named;
    hra_id_hash *hashes = realloc(work->hashes, count * sizeof *hashes);
    if (hashes) work->hashes = hashes;
    if (!verdicts || !others || !named || !hashes) return false;
    work->judged_capacity = capacity;
    return true;
}

/* Once identifiers do not go on in their order, the set takes those that were noted. */
static hra_code leave_order(hra_rows *rows, hra_error *error)
{
    hra_id_run *run = rows->run;
    rows->run = NULL;
    bool fits =
        hra_id_run_is_whole(run) && hra_id_set_fits(rows->seen, hra_id_run_count(run), rows->options->duplicate_bytes);
    hra_code code = fits ? hra_id_run_pour(run, hash_texts, rows, rows->seen, error) : HRA_OK;
    hra_id_run_free(run);
    if (fits) return code;
    hra_id_set_free(rows->seen);
    rows->seen = NULL;
    return take_census(rows, error);
}

/* What depends on the rows before the batch. */
static hra_code judge_in_order(hra_rows *rows, hra_work *work, hra_error *error)
{
    const char *issuer = rows->binding->files[work->file].how.issuer;
    reach_file(rows, work->file);
    if (rows->run && !hra_id_run_add(rows->run, issuer, rows->counts[work->file].lines_before, &work->span))
        HRA_TRY(leave_order(rows, error));
    if (rows->seen && !rows->run &&
        !hra_id_set_fits(rows->seen, (size_t)work->batch.count, rows->options->duplicate_bytes)) {
        hra_id_set_free(rows->seen);
        rows->seen = NULL;
        HRA_TRY(take_census(rows, error));
    }
    if (rows->compares && !rows->run) HRA_TRY(judge_against_others(rows, work, error));
    if (rows->options->left_out_only) keep_left_out(work);
    work->kept = count_kept(work);
    if (work->last_line > rows->last_line) rows->last_line = work->last_line;
    hra_row_counts *counts = &rows->counts[work->file];
    work->first_row = rows->kept_rows;
    work->first_input_row = rows->input_rows;
    rows->input_rows += work->batch.count;
    rows->kept_rows += work->kept;
    counts->rows += work->batch.count;
    counts->rejected += work->batch.count - work->kept;
    return HRA_OK;
}

/* What can be known without the rows before the batch, if that was not found yet. */
static hra_code begin_judging(void *context, hra_work *work, hra_error *error)
{
    const hra_rows *rows = context;
    if (work->judged_alone) return HRA_OK;
    if (!make_room(work) || !hra_buffer_reserve(&work->batch.text, HRA_TEXT_SLACK)) return hra_out_of_memory(error);
    work->judged_alone = true;
    return judge_alone(rows, work, error);
}

hra_code hra_rows_judge(hra_rows *rows, hra_work *work, hra_error *error)
{
    hra_error own = {0};
    hra_code code = begin_judging(rows, work, &own);
    pthread_mutex_lock(&rows->lock);
    while (rows->judged != work->turn) pthread_cond_wait(&rows->passed, &rows->lock);
    if (rows->code == HRA_OK) {
        rows->code = code == HRA_OK ? judge_in_order(rows, work, &rows->error) : code;
        if (code != HRA_OK) rows->error = own;
    }
    code = rows->code;
    if (code != HRA_OK && error) *error = rows->error;
    rows->judged++;
    pthread_cond_broadcast(&rows->passed);
    pthread_mutex_unlock(&rows->lock);
    return code;
}

/* ---- the census ---------------------------------------------------------------------------- */

static hra_code take_batch(hra_rows *rows, hra_work *work, hra_batch_origin *origin, hra_error *error)
{
    HRA_TRY(hra_batches_next(rows->batches, work, origin, error));
    work->turn = rows->taken;
    rows->taken += work->batch.count > 0;
    return HRA_OK;
}

static hra_code read_identifiers(hra_rows *pass, hra_error *error)
{
    hra_work *work = hra_work_new(pass->binding);
    hra_code code = work ? HRA_OK : hra_out_of_memory(error);
    while (code == HRA_OK) {
        hra_batch_origin origin;
        code = take_batch(pass, work, &origin, error);
        if (code != HRA_OK || work->batch.count == 0) break;
        code = begin_judging(pass, work, error);
        if (code == HRA_OK) code = judge_in_order(pass, work, error);
    }
    hra_work_free(work, pass->binding);
    return code;
}

/* Reads every identifier of all files, whatever was read so far. */
static hra_code take_census(hra_rows *rows, hra_error *error)
{
    const hra_csv_options *options = rows->options;
    rows->repeats = hra_repeats_new(options->duplicates, options->spill_beside, options->duplicate_bytes);
    hra_rows pass = {.binding = rows->binding,
                     .options = options,
                     .counts = calloc((size_t)rows->binding->file_count, sizeof *pass.counts),
                     .compares = true,
                     .hasher = rows->hasher,
                     .day_column = rows->day_column,
                     .repeats = rows->repeats,
                     .census = true};
    hra_code code = rows->repeats && pass.counts ? hra_batches_open(rows->binding, options, CENSUS_BYTES, begin_judging,
                                                                    &pass, &pass.batches, error)
                                                 : hra_out_of_memory(error);
    if (code == HRA_OK) code = read_identifiers(&pass, error);
    hra_batches_close(pass.batches);
    free(pass.counts);
    return code == HRA_OK ? hra_repeats_resolve(rows->repeats, error) : code;
}

/* ---- reading --------------------------------------------------------------------------------- */

static hra_code start_comparing(hra_rows *rows, hra_error *error)
{
    if (!hra_id_hasher_start(&rows->hasher)) return hra_fail(error, HRA_EINTERNAL, "no source of random numbers");
    rows->by_number = rows->options->duplicates != HRA_DUPLICATE_KEEP_FIRST;
    if (rows->by_number) return take_census(rows, error);
    rows->seen = hra_id_set_new();
    rows->run = hra_id_run_new(rows->options->duplicate_bytes * HRA_ID_SET_ROOM / HRA_ID_SET_LINE);
    return rows->seen && rows->run ? HRA_OK : hra_out_of_memory(error);
}

/* Room for as many identifiers as the first rows let expect, and an eighth more, since rows differ: a set that never
 * grows stays longer in its memory. */
static void expect_identifiers(hra_rows *rows, const hra_batch *batch, const hra_batch_origin *origin)
{
    int64_t all = 0, read = origin->bytes_done;
    for (int i = 0; i < rows->binding->file_count; i++) all += rows->binding->files[i].text.file_bytes;
    double cut = (double)batch->text.length, rest = (double)origin->rest;
    double expected = read > 0 && cut > 0 ? 1.125 * batch->count * ((double)all / (double)read) * (1 + rest / cut) : 0;
    if (expected < 1e9) hra_id_set_expect(rows->seen, (size_t)expected, rows->options->duplicate_bytes);
}

void hra_rows_share(hra_rows *rows) { hra_batches_share(rows->batches); }

hra_code hra_rows_next(hra_rows *rows, hra_work *work, hra_error *error)
{
    hra_batch_origin origin;
    HRA_TRY(take_batch(rows, work, &origin, error));
    if (work->batch.count == 0) return HRA_OK;
    __atomic_store_n(&rows->bytes_done, origin.bytes_done, __ATOMIC_RELAXED);
    if (work->turn == 0 && rows->seen) expect_identifiers(rows, &work->batch, &origin); /* nobody judges yet */
    return HRA_OK;
}

/* ---- life ------------------------------------------------------------------------------------- */

hra_code hra_rows_new(const hra_binding *binding, const hra_csv_options *options, hra_rows **out, hra_error *error)
{
    *out = NULL;
    hra_rows *rows = calloc(1, sizeof *rows);
    if (!rows) return hra_out_of_memory(error);
    rows->binding = binding;
    rows->options = options;
    rows->counts = calloc((size_t)binding->file_count, sizeof *rows->counts);
    pthread_mutex_init(&rows->lock, NULL);
    pthread_cond_init(&rows->passed, NULL);
    bool any_ids = false;
    for (int i = 0; i < binding->file_count; i++) any_ids |= binding->files[i].id >= 0;
    rows->compares = any_ids && options->duplicates != HRA_DUPLICATE_KEEP_ALL;
    bool by_day = options->duplicates == HRA_DUPLICATE_KEEP_LATEST ||
                  (options->duplicates == HRA_DUPLICATE_KEEP_FIRST && options->tells_later);
    rows->day_column = by_day ? hra_row_day_column(binding) : -1;
    hra_code code = rows->counts
                        ? hra_batches_open(binding, options, BATCH_BYTES, begin_judging, rows, &rows->batches, error)
                        : hra_out_of_memory(error);
    if (code == HRA_OK && rows->compares) code = start_comparing(rows, error);
    if (code != HRA_OK) {
        hra_rows_free(rows);
        return code;
    }
    *out = rows;
    return HRA_OK;
}

void hra_rows_give_back(hra_rows *rows)
{
    hra_id_run_free(rows->run);
    hra_id_set_free(rows->seen);
    hra_repeats_free(rows->repeats);
    rows->run = NULL;
    rows->seen = NULL;
    rows->repeats = NULL;
}

void hra_rows_free(hra_rows *rows)
{
    if (!rows) return;
    hra_batches_close(rows->batches);
    hra_rows_give_back(rows);
    pthread_cond_destroy(&rows->passed);
    pthread_mutex_destroy(&rows->lock);
    free(rows->counts);
    free(rows);
}

int64_t hra_rows_bytes_done(const hra_rows *rows) { return __atomic_load_n(&rows->bytes_done, __ATOMIC_RELAXED); }

hra_row_counts hra_rows_counts(const hra_rows *rows, int file)
{
    hra_row_counts counts = rows->counts[file];
    counts.of_long = *hra_batches_long_counts(rows->batches, file);
    return counts;
}
