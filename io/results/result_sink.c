/* A result as a sink: scoring threads write what has its place, the rest waits for its turn; finished chunks are told
 * to the journal. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "io/people/store_layout.h"
#include "io/results/result_sums.h"
#include "io/results/result_writer.h"

/* Finished chunks are told to the journal by so many, or by so many rows. */
enum { CHUNKS_PER_RECORD = 16, ROWS_PER_RECORD = 2 * HRA_CHUNK_ROWS };

static hra_code check_keys(const hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    for (int i = 0; i < chunk->rows && w->layout.keys; i++) {
        if (chunk->keys && chunk->keys[i] && hra_is_hashed_key(chunk->keys[i])) continue;
        char where[40] = "";
        if (chunk->source_lines) snprintf(where, sizeof where, "line %lld: ", (long long)chunk->source_lines[i]);
        return hra_fail(error, HRA_EUSAGE,
                        "%sno hashed person key, where others are: identifiers that are not hashed cannot be stored "
                        "(give --key)",
                        where);
    }
    return HRA_OK;
}

static hra_code check_labels(const hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    const hra_schema *schema = w->layout.schema;
    for (int i = 0; i < schema->label_count; i++)
        if (w->layout.numbered[i] && chunk->labels[i].text_count != schema->label_texts[i].count)
            return hra_fail(error, HRA_EINTERNAL, "%s: rows came with other label texts than were announced",
                            w->partial);
    return HRA_OK;
}

static bool begins_piece(int64_t row) { return row % HRA_SUM_ROWS == 0; }

/* The same of a batch whose turn it is. Its sums are made with the rows, or now if they go on with those before. */
static hra_code write_in_order(hra_result_writer *w, hra_result_batch *batch, hra_error *error)
{
    size_t size = (size_t)w->layout.count * sizeof *w->running;
    if (!begins_piece(batch->first)) {
        memcpy(batch->running, w->running, size);
        hra_result_batch_sum(batch, &w->layout, 0);
    }
    memcpy(w->running, batch->running, size);
    return hra_result_write_batch(w, batch, error);
}

static hra_code add_rows(const hra_result_writer *w, hra_result_batch *batch, const hra_chunk *chunk,
                         const hra_results *results, hra_error *error)
{
    int before = batch->rows;
    HRA_TRY(check_keys(w, chunk, error));
    HRA_TRY(check_labels(w, chunk, error));
    if (chunk->rows > batch->capacity - before)
        return hra_fail(error, HRA_EINTERNAL, "%s: %d rows came where %d were due", w->partial, chunk->rows,
                        batch->capacity - before);
    hra_result_batch_add(batch, &w->layout, chunk, results);
    if (begins_piece(batch->first)) hra_result_batch_sum(batch, &w->layout, before);
    return HRA_OK;
}

/* Texts without a number get it now; a writer that settles its chunks has none. */
static hra_code write_texts(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    int pieces = hra_result_pieces(w->rows, chunk->rows);
    if (chunk->rows == 0 || w->sink.settles) return HRA_OK;
    int32_t *index = malloc((size_t)(chunk->rows + 1) * sizeof *index);
    uint32_t *sums = malloc((size_t)pieces * sizeof *sums);
    hra_code code = index && sums ? HRA_OK : hra_out_of_memory(error);
    for (int i = 0; i < w->layout.count && !code; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_TEXT) continue;
        code = hra_result_labels_index(w->labels, c->output, &chunk->labels[c->output], chunk->rows,
                                       w->total >= 0 ? w->journal : NULL, index, error);
        if (!code) code = hra_result_write_column(w, c, index, w->rows, chunk->rows, error);
        w->running[i] = hra_result_sum(index, sizeof *index, w->rows, chunk->rows, w->running[i], sums, 1);
        if (!code) code = hra_result_write_sums(w, i, 1, w->rows / HRA_SUM_ROWS, pieces, sums, error);
    }
    free(index);
    free(sums);
    return code;
}

/* The process may be killed now. */
hra_code hra_result_record(hra_result_writer *w, hra_error *error)
{
    if (w->total < 0 || w->unrecorded == 0) return HRA_OK;
    HRA_TRY(hra_journal_write(w->journal, error));
    w->unrecorded = 0;
    w->unrecorded_rows = 0;
    w->resumable = true;
    return HRA_OK;
}

/* The machine may stop now. */
hra_code hra_result_sync(hra_result_writer *w, hra_error *error)
{
    if (w->total < 0) return HRA_OK;
    HRA_TRY(hra_result_record(w, error));
    if (fdatasync(w->file) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be written: %s", w->partial, strerror(errno));
    HRA_TRY(hra_journal_sync(w->journal, error));
    w->synced_at = hra_seconds();
    return HRA_OK;
}

/* Whether a chunk's rows have their place before it is its turn: then the scoring thread writes them. */
static bool place_known(const hra_result_writer *w, const hra_chunk *chunk)
{
    return w->total >= 0 && chunk->first_row >= 0 && chunk->first_row <= w->total - chunk->rows;
}

/* No other chunk has rows in the same pieces of checksums. */
static bool stands_alone(const hra_result_writer *w, const hra_result_batch *batch)
{
    int64_t end = batch->first + batch->rows;
    return begins_piece(batch->first) && (begins_piece(end) || end == w->total);
}

/* What begins amid a piece waits for its turn, whole. */
static hra_result_batch *begin_batch(hra_result_writer *w, int64_t first, int rows, hra_error *error)
{
    int usual = begins_piece(first) ? w->batch_rows : HRA_CHUNK_ROWS;
    hra_result_batch *batch = hra_result_batch_take(&w->batches, &w->layout, first, rows > usual ? rows : usual);
    if (!batch) hra_out_of_memory(error);
    return batch;
}

static void discard(hra_sink *sink, void *prepared)
{
    if (prepared) hra_result_batch_give(&((hra_result_writer *)sink)->batches, prepared);
}

/* Writes a batch that is full and begins the next. */
static hra_code pass_on(hra_result_writer *w, hra_result_batch *batch, hra_error *error)
{
    if (batch->rows < batch->capacity || !stands_alone(w, batch)) return HRA_OK;
    HRA_TRY(hra_result_write_batch(w, batch, error));
    batch->first += batch->rows;
    batch->rows = 0;
    return HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_result_writer *w = (hra_result_writer *)sink;
    /* what names a person is told by the first rows: a slice without any must not decide it */
    if (chunk->rows == 0 || !place_known(w, chunk)) return HRA_OK;
    HRA_TRY(hra_result_begin(w, chunk, error));
    if (!*prepared) *prepared = begin_batch(w, chunk->first_row, chunk->rows, error);
    if (!*prepared) return HRA_ENOMEM;
    hra_code code = add_rows(w, *prepared, chunk, results, error);
    if (!code) code = pass_on(w, *prepared, error);
    if (!code) return HRA_OK;
    discard(sink, *prepared);
    *prepared = NULL;
    return code;
}

static hra_code seal(hra_sink *sink, const hra_chunk *chunk, void **prepared, hra_error *error)
{
    hra_result_writer *w = (hra_result_writer *)sink;
    hra_result_batch *batch = *prepared;
    bool written = batch && batch->rows == 0;
    if (!batch || (!written && !stands_alone(w, batch))) return HRA_OK;
    if (!written) HRA_TRY(hra_result_write_batch(w, batch, error));
    discard(sink, batch);
    *prepared = NULL;
    return HRA_OK;
}

/* Rows whose turn it had to be. */
static hra_code write_in_turn(hra_result_writer *w, const hra_chunk *chunk, const hra_results *results,
                              hra_result_batch *batch, hra_error *error)
{
    if (batch && batch->rows > 0) return write_in_order(w, batch, error);
    if (chunk->rows == 0 || place_known(w, chunk)) return HRA_OK; /* or there were none, or they are written */
    if (!results) return hra_fail(error, HRA_EINTERNAL, "%s: rows came in pieces without a place", w->partial);
    batch = begin_batch(w, w->rows, chunk->rows, error);
    if (!batch) return HRA_ENOMEM;
    hra_code code = add_rows(w, batch, chunk, results, error);
    if (!code) code = write_in_order(w, batch, error);
    hra_result_batch_give(&w->batches, batch);
    return code;
}

static hra_code commit_rows(hra_result_writer *w, const hra_chunk *chunk, const hra_results *results,
                            hra_result_batch *batch, hra_error *error)
{
    HRA_TRY(hra_result_begin(w, chunk, error));
    if (w->total >= 0 && chunk->rows > w->total - w->rows)
        return hra_fail(error, HRA_EINTERNAL, "%s: more rows than were announced (%lld)", w->partial,
                        (long long)w->total);
    if (place_known(w, chunk) && chunk->first_row != w->rows)
        return hra_fail(error, HRA_EINTERNAL, "%s: row %lld came where row %lld was due", w->partial,
                        (long long)chunk->first_row, (long long)w->rows);
    HRA_TRY(write_in_turn(w, chunk, results, batch, error));
    HRA_TRY(write_texts(w, chunk, error));
    w->rows += chunk->rows;
    if (w->total < 0) return HRA_OK;
    HRA_TRY(hra_journal_chunk(w->journal, chunk->sequence, chunk->rows, error));
    w->unrecorded++;
    w->unrecorded_rows += chunk->rows;
    if (w->unrecorded < CHUNKS_PER_RECORD && w->unrecorded_rows < ROWS_PER_RECORD) return HRA_OK;
    return hra_seconds() - w->synced_at < HRA_RESULT_SECONDS_PER_SYNC ? hra_result_record(w, error)
                                                                      : hra_result_sync(w, error);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_result_writer *w = (hra_result_writer *)sink;
    if (chunk->rows == 0 && w->total < 0) return HRA_OK;
    hra_code code = commit_rows(w, chunk, results, prepared, error);
    discard(sink, prepared);
    if (code) {
        pthread_mutex_lock(&w->lock);
        if (!w->failed && error) w->failure = *error;
        if (!w->failed) w->failed = code;
        pthread_mutex_unlock(&w->lock);
    }
    return code;
}

hra_sink hra_result_sink(const hra_result_writer *w)
{
    hra_sink sink = {.prepare = prepare, .commit = commit, .discard = discard};
    if (w->total < 0) return sink;
    sink.seal = seal;
    sink.settles = true;
    for (int i = 0; i < w->layout.schema->label_count; i++) sink.settles &= w->layout.numbered[i];
    return sink;
}
