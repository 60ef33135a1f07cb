#include "io/result_store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/map.h"
#include "base/stopwatch.h"
#include "io/content_hash.h"
#include "io/result_batch.h"
#include "io/result_journal.h"
#include "io/result_sums.h"
#include "io/store_layout.h"

/* Rows rendered in memory go to the file as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "result files are little-endian");

/* Finished chunks are told to the journal by so many, or by so many rows; at most so much work can a power cut cost.
 * Syncing waits for the disk, which is slower than we are. */
enum { CHUNKS_PER_RECORD = 16, ROWS_PER_RECORD = 2 * HRA_CHUNK_ROWS, SECONDS_PER_SYNC = 10 };

enum { PAGE = 4096, ALIGNED_FROM = 16 * PAGE };

typedef struct label_texts {
    hra_map *map;
    const char **texts;
    int count, capacity;
} label_texts;

/* Two ways of writing. With the number of rows known, all datasets get their place at the start, the HDF5 file is
 * closed, and threads write their rows by offset; a killed run is resumed from the journal. With it unknown, datasets
 * grow as rows come, through HDF5 and in order; a killed run starts anew. */
struct hra_result_writer {
    hra_sink sink;
    hra_arena *arena;
    const char *path, *partial;
    const hra_result_provenance *provenance;
    hra_result_layout layout;
    label_texts *labels;
    bool *numbered; /* by label: the texts and their numbers are those of the input */
    hra_journal *journal;
    pthread_mutex_t lock; /* of the start */
    bool begun;
    hra_code failed;   /* the first failure; nothing is written after it */
    hra_error failure; /* its message */
    int file;          /* descriptor of the partial file, -1: HDF5 has it */
    hid_t h5;          /* the open file while rows are unknown */
    int64_t total;     /* -1: unknown */
    int64_t rows, next_sequence, resume_at;
    int unrecorded; /* chunks that wait to be told to the journal, and their rows */
    int64_t unrecorded_rows;
    double begun_at, synced_at;
    bool resumable;    /* the journal holds finished chunks */
    bool will_sync;    /* an older result is replaced, or a run resumed: the new one must be on disk first */
    uint32_t *running; /* of each column: the checksum so far of the piece that the next rows go on with */
    pthread_mutex_t writing;
    int batch_rows;
    hra_result_batches batches;
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* ---- label texts ---- */

static hra_code add_text(hra_result_writer *w, int label, const char *text, int32_t *index, hra_error *error)
{
    label_texts *l = &w->labels[label];
    if (l->count == l->capacity) {
        int capacity = l->capacity ? 2 * l->capacity : 64;
        const char **texts = realloc(l->texts, (size_t)capacity * sizeof *texts);
        if (!texts) return out_of_memory(error);
        l->texts = texts;
        l->capacity = capacity;
    }
    const char *copy = hra_arena_text(w->arena, text);
    if (!copy || hra_map_set(l->map, text, l->count) != 0) return out_of_memory(error);
    *index = l->count;
    l->texts[l->count++] = copy;
    return HRA_OK;
}

static hra_code forget_texts(hra_result_writer *w, int label, hra_error *error)
{
    hra_map_free(w->labels[label].map);
    w->labels[label].map = hra_map_new();
    w->labels[label].count = 0;
    return w->labels[label].map ? HRA_OK : out_of_memory(error);
}

/* Where the input knows all its texts they keep their numbers, unless two of them are the same. */
static hra_code number_label(hra_result_writer *w, int label, hra_error *error)
{
    const hra_label_texts *known = &w->layout.schema->label_texts[label];
    int32_t index;
    for (int i = 0; i < known->count; i++) {
        if (hra_map_get(w->labels[label].map, known->texts[i]) >= 0) return forget_texts(w, label, error);
        HRA_TRY(add_text(w, label, known->texts[i], &index, error));
    }
    w->numbered[label] = true;
    return HRA_OK;
}

/* Index of each row's label by the file's own table. New texts get their number in the order of the rows, so that
 * files do not depend on threads. */
static hra_code index_labels(hra_result_writer *w, int label, const hra_label_codes *codes, int rows, int32_t *out,
                             hra_error *error)
{
    int32_t *known = malloc((size_t)(codes->text_count + 1) * sizeof *known);
    if (!known) return out_of_memory(error);
    for (int i = 0; i < codes->text_count; i++) known[i] = -1;
    hra_code code = HRA_OK;
    for (int i = 0; i < rows && !code; i++) {
        int32_t index = codes->index ? codes->index[i] : -1;
        out[i] = -1;
        if (index < 0) continue;
        if (known[index] < 0) known[index] = (int32_t)hra_map_get(w->labels[label].map, codes->texts[index]);
        if (known[index] < 0) {
            code = add_text(w, label, codes->texts[index], &known[index], error);
            if (!code && w->total >= 0) code = hra_journal_label(w->journal, label, codes->texts[index], error);
        }
        out[i] = known[index];
    }
    free(known);
    return code;
}

/* ---- what identifies a run ---- */

static void hash_text(crypto_generichash_state *state, const char *text)
{
    if (!text) text = "";
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* Everything that decides the bytes of the result but the rows themselves. */
static hra_code run_identity(const hra_result_writer *w, char hex[65], hra_error *error)
{
    crypto_generichash_state state;
    unsigned char hash[32];
    const hra_result_provenance *p = w->provenance;
    const hra_result_layout *l = &w->layout;
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "the hash library cannot be started");
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    const char *const texts[] = {p->definitions_hash, p->engine_version, p->input_hash, p->panel, p->command};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hash_text(&state, texts[i]);
    for (int i = 0; i < l->output_count; i++) {
        const hra_output *o = &l->outputs[i];
        int64_t shape[] = {o->kind, o->role, o->status_of, o->level_count};
        hash_text(&state, o->id);
        crypto_generichash_update(&state, (const unsigned char *)shape, sizeof shape);
        for (int v = 0; v < o->level_count; v++) hash_text(&state, o->levels[v]);
    }
    for (int i = 0; i < l->schema->label_count; i++)
        hash_text(&state, hra_dictionary_at(l->schema->dictionary, l->schema->labels[i])->name);
    int64_t options[] = {l->f64, w->total};
    crypto_generichash_update(&state, (const unsigned char *)options, sizeof options);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
    return HRA_OK;
}

/* ---- the start ---- */

static hra_code put_provenance(const hra_result_writer *w, hid_t file, hra_error *error)
{
    const hra_result_provenance *p = w->provenance;
    HRA_TRY(hra_h5_put_text(file, "format", HRA_RESULT_FORMAT, error));
    HRA_TRY(hra_h5_put_int(file, "format_version", HRA_RESULT_VERSION, error));
    HRA_TRY(hra_h5_put_text(file, "Conventions", "CF-1.8", error));
    HRA_TRY(hra_h5_put_text(file, "engine_version", p->engine_version, error));
    HRA_TRY(hra_h5_put_text(file, "definitions_hash", p->definitions_hash, error));
    HRA_TRY(hra_h5_put_text(file, "input_hash", p->input_hash, error));
    HRA_TRY(hra_h5_put_text(file, "panel", p->panel, error));
    if (p->key_fingerprint) HRA_TRY(hra_h5_put_text(file, "key_fingerprint", p->key_fingerprint, error));
    if (p->as_of) HRA_TRY(hra_h5_put_text(file, "as_of", p->as_of, error));
    if (p->outside_range) HRA_TRY(hra_h5_put_text(file, "outside_range", p->outside_range, error));
    return hra_h5_put_text(file, "command", p->command, error);
}

static bool must_sync(const hra_result_writer *w) { return w->resume_at > 0 || access(w->path, F_OK) == 0; }

static hra_code open_partial(hra_result_writer *w, hra_error *error)
{
    w->file = open(w->partial, O_RDWR | O_CLOEXEC);
    if (w->file < 0) return hra_fail(error, HRA_EIO, "%s cannot be opened: %s", w->partial, strerror(errno));
    return HRA_OK;
}

/* A full disk is better found now than after hours. Not every file system can reserve room. */
static hra_code reserve_room(const hra_result_writer *w, hra_error *error)
{
    struct stat facts;
    int64_t end = w->layout.sums_offset + hra_result_sums_size(&w->layout, w->total);
    for (int i = 0; i < w->layout.count; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        int64_t column_end = c->offset + w->total * (int64_t)hra_result_row_size(c);
        if (c->offset >= 0 && column_end > end) end = column_end;
    }
    if (fstat(w->file, &facts) != 0 || facts.st_size < end)
        return hra_fail(error, HRA_EIO, "%s: the file has not the length its results need", w->partial);
    if (end > 0 && fallocate(w->file, 0, 0, end) != 0 && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
        return hra_fail(error, HRA_EIO, "%s: no room for results of %lld bytes: %s", w->partial, (long long)end,
                        strerror(errno));
    return HRA_OK;
}

static hra_code make_layout(hra_result_writer *w, hra_error *error)
{
    HRA_TRY(hra_result_layout_make(&w->layout, w->arena, error));
    w->running = hra_arena_alloc(w->arena, (size_t)w->layout.count * sizeof *w->running + 1);
    w->batch_rows = hra_result_batch_rows(&w->layout);
    return w->running ? HRA_OK : out_of_memory(error);
}

static hra_code create_h5(hra_result_writer *w, hra_error *error)
{
    int descriptor = open(w->partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s cannot be created: %s", w->partial, strerror(errno));
    close(descriptor); /* it exists now with the right mode; HDF5 opens by name */
    errno = 0;
    /* large columns begin with a page of memory: threads that write beside each other share none */
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    if (access > 0 && H5Pset_alignment(access, ALIGNED_FROM, PAGE) >= 0)
        w->h5 = H5Fcreate(w->partial, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (w->h5 < 0) return hra_h5_fail(error, HRA_EIO, "%s cannot be created", w->partial);
    HRA_TRY(put_provenance(w, w->h5, error));
    HRA_TRY(make_layout(w, error));
    return hra_result_layout_create(&w->layout, w->h5, w->total, error);
}

static hra_code close_h5(hra_result_writer *w, hra_error *error)
{
    hra_result_layout_close(&w->layout);
    errno = 0;
    bool flushed = H5Fflush(w->h5, H5F_SCOPE_GLOBAL) >= 0;
    hra_code code = flushed ? HRA_OK : hra_h5_fail(error, HRA_EIO, "%s cannot be written", w->partial);
    if (H5Fclose(w->h5) < 0 && !code) code = hra_h5_fail(error, HRA_EIO, "%s cannot be closed", w->partial);
    w->h5 = -1;
    return code;
}

static hra_code begin_locked(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    w->begun_at = w->synced_at = hra_seconds();
    w->will_sync = must_sync(w);
    bool hashed = chunk && chunk->keys && chunk->rows > 0 && hra_is_hashed_key(chunk->keys[0]);
    w->layout.keys = hashed;
    w->layout.lines = chunk && !hashed && chunk->source_lines;
    w->layout.files = chunk && !hashed && chunk->source_files;
    hra_h5_lock();
    hra_code code = create_h5(w, error);
    if (!code && w->total >= 0) code = close_h5(w, error);
    hra_h5_unlock();
    if (code || w->total < 0) return code;
    HRA_TRY(open_partial(w, error));
    HRA_TRY(reserve_room(w, error));
    return hra_journal_begin(w->journal, w->layout.keys, w->layout.lines, w->layout.files, error);
}

/* The first rows tell what names a person; then the file can be laid out. */
static hra_code begin(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    pthread_mutex_lock(&w->lock);
    hra_code code = w->failed;
    if (!code && !w->begun) code = w->failed = begin_locked(w, chunk, &w->failure);
    if (code && error) *error = w->failure; /* what the first thread met */
    if (!code) w->begun = true;
    pthread_mutex_unlock(&w->lock);
    return code;
}

/* ---- rows ---- */

static hra_code write_at(const hra_result_writer *w, const void *bytes, size_t size, int64_t offset, hra_error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pwrite(w->file, (const char *)bytes + done, size - done, (off_t)(offset + (int64_t)done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return hra_fail(error, HRA_EIO, "%s cannot be written: %s", w->partial, strerror(errno));
        done += (size_t)n;
    }
    return HRA_OK;
}

/* What must be on disk in the end begins its way there at once; whether it arrives, the end asks. */
static void begin_sync(const hra_result_writer *w, int64_t offset, size_t size)
{
#ifdef SYNC_FILE_RANGE_WRITE
    sync_file_range(w->file, (off_t)offset, (off_t)size, SYNC_FILE_RANGE_WRITE);
#else
    (void)w, (void)offset, (void)size;
#endif
}

static hra_code grow_and_write(const hra_result_column *c, const void *bytes, int64_t first, int rows, hra_error *error)
{
    int rank = c->items ? 2 : 1;
    hsize_t extent[2] = {(hsize_t)(first + rows), (hsize_t)c->items};
    hsize_t start[2] = {(hsize_t)first, 0}, size[2] = {(hsize_t)rows, (hsize_t)c->items};
    errno = 0;
    if (H5Dset_extent(c->dataset, extent) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s/%s cannot be written", c->group, c->name);
    hra_h5_id space = H5Dget_space(c->dataset);
    hra_h5_id memory = H5Screate_simple(rank, size, NULL);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(c->dataset, c->type, memory, space, H5P_DEFAULT, bytes) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s/%s cannot be written", c->group, c->name);
    return HRA_OK;
}

static hra_code write_column(const hra_result_writer *w, const hra_result_column *c, const void *bytes, int64_t first,
                             int rows, hra_error *error)
{
    size_t row = hra_result_row_size(c);
    if (c->offset >= 0) {
        int64_t offset = c->offset + first * (int64_t)row;
        HRA_TRY(write_at(w, bytes, row * (size_t)rows, offset, error));
        if (w->will_sync) begin_sync(w, offset, row * (size_t)rows);
        return HRA_OK;
    }
    if (w->total >= 0) return HRA_OK; /* a file of no rows */
    hra_h5_lock();
    hra_code code = grow_and_write(c, bytes, first, rows, error);
    hra_h5_unlock();
    return code;
}

static int pieces_of(int64_t first, int rows)
{
    return (int)((first + rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS - first / HRA_SUM_ROWS);
}

static hra_code grow_and_write_sums(const hra_result_writer *w, int from, int width, int64_t piece, int pieces,
                                    const uint32_t *sums, hra_error *error)
{
    hsize_t extent[2] = {(hsize_t)(piece + pieces), (hsize_t)w->layout.count};
    hsize_t start[2] = {(hsize_t)piece, (hsize_t)from}, size[2] = {(hsize_t)pieces, (hsize_t)width};
    errno = 0;
    if (H5Dset_extent(w->layout.sums, extent) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s: the checksums cannot be written", w->partial);
    hra_h5_id space = H5Dget_space(w->layout.sums);
    hra_h5_id memory = H5Screate_simple(2, size, NULL);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(w->layout.sums, H5T_NATIVE_UINT32, memory, space, H5P_DEFAULT, sums) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s: the checksums cannot be written", w->partial);
    return HRA_OK;
}

/* Checksums of `width` columns from `from`, for `pieces` pieces. */
static hra_code write_sums(const hra_result_writer *w, int from, int width, int64_t piece, int pieces,
                           const uint32_t *sums, hra_error *error)
{
    if (w->total >= 0) {
        int64_t all = w->layout.count, offset = w->layout.sums_offset + (piece * all + from) * (int64_t)sizeof *sums;
        size_t size = (size_t)width * sizeof *sums;
        if (width == all) return write_at(w, sums, size * (size_t)pieces, offset, error);
        for (int p = 0; p < pieces; p++)
            HRA_TRY(
                write_at(w, sums + (size_t)p * (size_t)width, size, offset + p * all * (int64_t)sizeof *sums, error));
        return HRA_OK;
    }
    hra_h5_lock();
    hra_code code = grow_and_write_sums(w, from, width, piece, pieces, sums, error);
    hra_h5_unlock();
    return code;
}

static hra_code check_keys(const hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    for (int i = 0; i < chunk->rows && w->layout.keys; i++)
        if (!chunk->keys || !chunk->keys[i] || !hra_is_hashed_key(chunk->keys[i]))
            return hra_fail(error, HRA_EUSAGE,
                            "hashed and other person keys in one result: identifiers that are not hashed cannot be "
                            "stored");
    return HRA_OK;
}

static hra_code check_labels(const hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    const hra_schema *schema = w->layout.schema;
    for (int i = 0; i < schema->label_count; i++)
        if (w->numbered[i] && chunk->labels[i].text_count != schema->label_texts[i].count)
            return hra_fail(error, HRA_EINTERNAL, "%s: rows came with other label texts than were announced",
                            w->partial);
    return HRA_OK;
}

static hra_code write_columns(const hra_result_writer *w, const hra_result_batch *batch, hra_error *error)
{
    const char *bytes = batch->bytes;
    for (int i = 0; i < w->layout.count; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_TEXT) HRA_TRY(write_column(w, c, bytes, batch->first, batch->rows, error));
        bytes += hra_result_row_size(c) * (size_t)batch->capacity;
    }
    return HRA_OK;
}

static bool begins_piece(int64_t row) { return row % HRA_SUM_ROWS == 0; }

/* Whole pieces of checksums, or rows that come in order. The system lets one thread at a time write to a file: were the
 * columns of two batches written in turns, both threads would be done at the same time and meet again at their next
 * batches; one after the other they part. */
static hra_code write_batch(hra_result_writer *w, const hra_result_batch *batch, hra_error *error)
{
    int pieces = pieces_of(batch->first, batch->rows);
    pthread_mutex_lock(&w->writing);
    hra_code code = write_columns(w, batch, error);
    if (!code) code = write_sums(w, 0, w->layout.count, batch->first / HRA_SUM_ROWS, pieces, batch->sums, error);
    pthread_mutex_unlock(&w->writing);
    return code;
}

/* The same of a batch whose turn it is. Its sums are made with the rows, or now if they go on with those before. */
static hra_code write_in_order(hra_result_writer *w, hra_result_batch *batch, hra_error *error)
{
    size_t size = (size_t)w->layout.count * sizeof *w->running;
    if (!begins_piece(batch->first)) {
        memcpy(batch->running, w->running, size);
        hra_result_batch_sum(batch, &w->layout, 0);
    }
    memcpy(w->running, batch->running, size);
    return write_batch(w, batch, error);
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

static hra_code write_texts(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    int pieces = pieces_of(w->rows, chunk->rows);
    if (chunk->rows == 0) return HRA_OK;
    int32_t *index = malloc((size_t)(chunk->rows + 1) * sizeof *index);
    uint32_t *sums = malloc((size_t)pieces * sizeof *sums);
    hra_code code = index && sums ? HRA_OK : out_of_memory(error);
    for (int i = 0; i < w->layout.count && !code; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_TEXT) continue;
        code = index_labels(w, c->output, &chunk->labels[c->output], chunk->rows, index, error);
        if (!code) code = write_column(w, c, index, w->rows, chunk->rows, error);
        w->running[i] = hra_result_sum(index, sizeof *index, w->rows, chunk->rows, w->running[i], sums, 1);
        if (!code) code = write_sums(w, i, 1, w->rows / HRA_SUM_ROWS, pieces, sums, error);
    }
    free(index);
    free(sums);
    return code;
}

/* The process may be killed now. */
static hra_code record_chunks(hra_result_writer *w, hra_error *error)
{
    if (w->total < 0 || w->unrecorded == 0) return HRA_OK;
    HRA_TRY(hra_journal_write(w->journal, error));
    w->unrecorded = 0;
    w->unrecorded_rows = 0;
    w->resumable = true;
    return HRA_OK;
}

/* The machine may stop now. */
static hra_code sync_chunks(hra_result_writer *w, hra_error *error)
{
    if (w->total < 0) return HRA_OK;
    HRA_TRY(record_chunks(w, error));
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
    if (!batch) out_of_memory(error);
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
    HRA_TRY(write_batch(w, batch, error));
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
    HRA_TRY(begin(w, chunk, error));
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
    if (!written) HRA_TRY(write_batch(w, batch, error));
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
    HRA_TRY(begin(w, chunk, error));
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
    return hra_seconds() - w->synced_at < SECONDS_PER_SYNC ? record_chunks(w, error) : sync_chunks(w, error);
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

/* ---- opening and resuming ---- */

/* The checksums of a piece that was cut by the end of the last finished chunk, from the rows themselves. */
static hra_code restore_running(hra_result_writer *w, hra_error *error)
{
    int64_t first = w->rows / HRA_SUM_ROWS * HRA_SUM_ROWS;
    uint32_t sum;
    for (int i = 0; i < w->layout.count && first < w->rows; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        size_t row = hra_result_row_size(c), size = row * (size_t)(w->rows - first), done = 0;
        char *bytes = malloc(size);
        if (!bytes) return out_of_memory(error);
        for (ssize_t n = 1; done < size && n > 0; done += n > 0 ? (size_t)n : 0)
            n = pread(w->file, bytes + done, size - done, (off_t)(c->offset + first * (int64_t)row + (int64_t)done));
        w->running[i] = hra_result_sum(bytes, row, first, (int)(w->rows - first), 0, &sum, 1);
        free(bytes);
        if (done < size) return hra_fail(error, HRA_EIO, "%s cannot be read: %s", w->partial, strerror(errno));
    }
    return HRA_OK;
}

/* Takes up the partial file where the journal says it is whole. */
static hra_code take_up(hra_result_writer *w, hra_error *error)
{
    const hra_journal_state *state = hra_journal_state_of(w->journal);
    hid_t file = -1;
    w->resumable = true; /* whatever comes, what is there stays */
    w->layout.keys = state->keys;
    w->layout.lines = state->lines;
    w->layout.files = state->files;
    if (state->rows > w->total) return hra_fail(error, HRA_ECONFLICT, "%s.journal does not fit this run", w->path);
    hra_h5_lock();
    hra_code code = hra_h5_open(w->partial, &file, error);
    if (!code) code = make_layout(w, error);
    if (!code) code = hra_result_layout_find(&w->layout, file, w->total, error);
    hra_result_layout_close(&w->layout);
    hra_h5_release(&file);
    hra_h5_unlock();
    HRA_TRY(code);
    HRA_TRY(open_partial(w, error));
    HRA_TRY(reserve_room(w, error));
    for (int i = 0; i < w->layout.schema->label_count; i++)
        for (int t = 0; t < state->label_counts[i]; t++) {
            int32_t index;
            HRA_TRY(add_text(w, i, state->labels[i][t], &index, error));
        }
    w->begun = true;
    w->begun_at = w->synced_at = hra_seconds();
    w->rows = state->rows;
    HRA_TRY(restore_running(w, error));
    w->resume_at = state->next_sequence;
    w->will_sync = must_sync(w);
    return HRA_OK;
}

static hra_code open_writer(hra_result_writer *w, bool resume, hra_error *error)
{
    char identity[65];
    int label_count = w->layout.schema->label_count;
    const char *journal = hra_arena_printf(w->arena, "%s.journal", w->path);
    w->partial = hra_arena_printf(w->arena, "%s.partial", w->path);
    w->labels = calloc((size_t)label_count + 1, sizeof *w->labels);
    w->layout.numbered = w->numbered = hra_arena_alloc(w->arena, (size_t)label_count * sizeof *w->numbered + 1);
    if (!journal || !w->partial || !w->labels || !w->numbered) return out_of_memory(error);
    for (int i = 0; i < label_count; i++) {
        if (!(w->labels[i].map = hra_map_new())) return out_of_memory(error);
        if (w->layout.schema->label_texts) HRA_TRY(number_label(w, i, error));
    }
    HRA_TRY(run_identity(w, identity, error));
    resume = resume && w->total >= 0;
    HRA_TRY(hra_journal_open(journal, identity, label_count, resume, &w->journal, error));
    if (!hra_journal_state_of(w->journal)->begun) return HRA_OK;
    if (!w->provenance->input_hash || !*w->provenance->input_hash)
        return hra_fail(error, HRA_ECONFLICT, "%s cannot be resumed: which input it was made from is not recorded",
                        w->path);
    return take_up(w, error);
}

static const char *keep_text(hra_result_writer *w, const char *text)
{
    return text ? hra_arena_text(w->arena, text) : NULL;
}

hra_code hra_result_writer_new(const char *path, const hra_output *outputs, int output_count, const hra_schema *schema,
                               const hra_result_provenance *provenance, const hra_result_options *options,
                               hra_result_writer **out, hra_error *error)
{
    hra_result_writer *w = calloc(1, sizeof *w);
    if (!w) return out_of_memory(error);
    w->file = -1;
    w->h5 = -1;
    w->total = options->rows;
    w->sink = (hra_sink){.prepare = prepare, .commit = commit, .discard = discard};
    if (w->total >= 0) w->sink.seal = seal;
    w->layout = (hra_result_layout){.outputs = outputs,
                                    .output_count = output_count,
                                    .schema = schema,
                                    .f64 = options->f64,
                                    .key_type = -1,
                                    .sums = -1,
                                    .sums_offset = -1};
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->batches.lock, NULL);
    pthread_mutex_init(&w->writing, NULL);
    w->arena = hra_arena_new();
    hra_result_provenance *kept = w->arena ? hra_arena_alloc(w->arena, sizeof *kept) : NULL;
    w->path = kept ? hra_arena_text(w->arena, path) : NULL;
    hra_code code = w->path ? HRA_OK : out_of_memory(error);
    if (!code) {
        *kept = (hra_result_provenance){.definitions_hash = keep_text(w, provenance->definitions_hash),
                                        .engine_version = keep_text(w, provenance->engine_version),
                                        .input_hash = keep_text(w, provenance->input_hash),
                                        .panel = keep_text(w, provenance->panel),
                                        .command = keep_text(w, provenance->command),
                                        .key_fingerprint = keep_text(w, provenance->key_fingerprint),
                                        .as_of = keep_text(w, provenance->as_of),
                                        .outside_range = keep_text(w, provenance->outside_range)};
        w->provenance = kept;
        code = open_writer(w, options->resume, error);
    }
    if (code) {
        w->failed = code; /* keeps what an earlier run left */
        hra_result_writer_free(w);
        return code;
    }
    *out = w;
    return HRA_OK;
}

hra_sink *hra_result_writer_sink(hra_result_writer *writer) { return &writer->sink; }

int64_t hra_result_writer_resume_at(const hra_result_writer *writer) { return writer->resume_at; }

/* ---- the end ---- */

static hra_code write_text_lists(const hra_result_writer *w, hid_t file, hra_error *error)
{
    for (int i = 0; i < w->layout.count; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_LABEL && c->content != HRA_RESULT_TEXT) continue;
        const label_texts *l = &w->labels[c->output];
        const char *name = hra_arena_printf(w->arena, "%s_text", c->name);
        if (!name) return out_of_memory(error);
        hra_h5_id group = hra_h5_member(file, c->group);
        if (H5Lexists(group, name, H5P_DEFAULT) > 0) H5Ldelete(group, name, H5P_DEFAULT); /* a finish that was killed */
        HRA_TRY(hra_h5_write_texts(group, name, l->texts, l->count, error));
    }
    if (H5Aexists(file, "rows") > 0) H5Adelete(file, "rows");
    return hra_h5_put_int(file, "rows", w->rows, error);
}

static hra_code complete_h5(hra_result_writer *w, hra_error *error)
{
    if (w->h5 < 0) {
        errno = 0;
        w->h5 = H5Fopen(w->partial, H5F_ACC_RDWR, H5P_DEFAULT);
        if (w->h5 < 0) return hra_h5_fail(error, HRA_EIO, "%s cannot be opened", w->partial);
    }
    HRA_TRY(write_text_lists(w, w->h5, error));
    HRA_TRY(hra_h5_hash_put(w->h5, error));
    return close_h5(w, error);
}

/* An older result gives way only to one that is on disk, and so does the journal of a long run. A new result of a few
 * seconds does not wait for the disk: if the power fails before the system has written it, its checksums tell. */
static hra_code rename_whole(hra_result_writer *w, hra_error *error)
{
    bool durable = hra_seconds() - w->begun_at >= SECONDS_PER_SYNC || must_sync(w);
    if (w->file < 0) HRA_TRY(open_partial(w, error));
    if (durable && fsync(w->file) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be written: %s", w->partial, strerror(errno));
    if (rename(w->partial, w->path) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be renamed to %s: %s", w->partial, w->path, strerror(errno));
    if (!durable) return HRA_OK;
    const char *slash = strrchr(w->path, '/');
    const char *folder = slash ? hra_arena_text_n(w->arena, w->path, (size_t)(slash - w->path) + 1) : ".";
    int descriptor = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    return HRA_OK;
}

static hra_code finish(hra_result_writer *w, hra_error *error)
{
    if (w->failed) return hra_fail(error, w->failed, "%s cannot be finished: writing it failed", w->path);
    HRA_TRY(begin(w, NULL, error)); /* no rows came */
    if (w->total >= 0 && w->rows != w->total)
        return hra_fail(error, HRA_EINTERNAL, "%s: %lld rows came of %lld", w->path, (long long)w->rows,
                        (long long)w->total);
    HRA_TRY(record_chunks(w, error));
    hra_h5_lock();
    hra_code code = complete_h5(w, error);
    hra_h5_unlock();
    HRA_TRY(code);
    HRA_TRY(rename_whole(w, error));
    hra_journal_close(w->journal, true);
    w->journal = NULL;
    return HRA_OK;
}

hra_code hra_result_writer_finish(hra_result_writer *writer, hra_error *error)
{
    hra_code code = finish(writer, error);
    if (code && !writer->failed) writer->failed = code;
    return code;
}

/* An unfinished run that can be resumed leaves its partial file and the journal; any other leaves nothing. */
static void leave(hra_result_writer *w)
{
    hra_error ignored;
    bool ours = w->begun || w->h5 >= 0 || w->file >= 0; /* else what lies there is an earlier run's */
    if (!w->journal) return;
    if (!w->failed && w->begun) w->failed = sync_chunks(w, &ignored);
    if (w->resumable || (w->failed && !ours)) {
        hra_journal_close(w->journal, false);
    } else {
        if (ours) unlink(w->partial);
        hra_journal_close(w->journal, true);
    }
}

void hra_result_writer_free(hra_result_writer *w)
{
    if (!w) return;
    if (w->journal) leave(w);
    hra_h5_lock();
    hra_result_layout_close(&w->layout);
    hra_h5_release(&w->layout.key_type);
    hra_h5_release(&w->h5);
    hra_h5_unlock();
    if (w->file >= 0) close(w->file);
    hra_result_batches_free(&w->batches);
    for (int i = 0; i < w->layout.schema->label_count && w->labels; i++) {
        hra_map_free(w->labels[i].map);
        free((void *)w->labels[i].texts);
    }
    free(w->labels);
    pthread_mutex_destroy(&w->batches.lock);
    pthread_mutex_destroy(&w->writing);
    pthread_mutex_destroy(&w->lock);
    hra_arena_free(w->arena);
    free(w);
}
