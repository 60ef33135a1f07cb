/* The start of a result: the file is laid out, or found as a killed run left it. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "io/files/parcel.h"
#include "io/hdf5/content_hash.h"
#include "io/hdf5/store_summary.h"
#include "io/people/store_layout.h"
#include "io/results/result_sums.h"
#include "io/results/result_writer.h"

enum { PAGE = 4096, ALIGNED_FROM = 16 * PAGE };

/* ---- what identifies a run ---- */

static void hash_text(crypto_generichash_state *state, const char *text)
{
    if (!text) text = "";
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* Everything that decides the bytes of the result but the rows themselves. */
hra_code hra_result_run_identity(const hra_result_writer *w, char hex[65], hra_error *error)
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

/* ---- a new file ---- */

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

bool hra_result_must_sync(const hra_result_writer *w) { return w->resume_at > 0 || access(w->path, F_OK) == 0; }

hra_code hra_result_open_partial(hra_result_writer *w, hra_error *error)
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
    return w->running ? HRA_OK : hra_out_of_memory(error);
}

static hra_code create_h5(hra_result_writer *w, hra_error *error)
{
    int descriptor = open(w->partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s cannot be created: %s", w->partial, strerror(errno));
    close(descriptor); /* it exists now with the right mode; HDF5 opens by name */
    errno = 0;
    /* large columns begin with a page of memory: threads that write beside each other share none */
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    hra_h5_bound_memory(access, HRA_H5_WRITING_BYTES);
    if (access > 0 && H5Pset_alignment(access, ALIGNED_FROM, PAGE) >= 0)
        w->h5 = H5Fcreate(w->partial, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (w->h5 < 0) return hra_h5_fail(error, HRA_EIO, "%s cannot be created", w->partial);
    HRA_TRY(put_provenance(w, w->h5, error));
    HRA_TRY(make_layout(w, error));
    return hra_result_layout_create(&w->layout, w->h5, w->total, error);
}

hra_code hra_result_close_h5(hra_result_writer *w, hra_error *error)
{
    errno = 0;
    bool flushed = H5Fflush(w->h5, H5F_SCOPE_GLOBAL) >= 0;
    hra_result_layout_close(&w->layout);
    hra_code code = flushed ? HRA_OK : hra_h5_fail(error, HRA_EIO, "%s cannot be written", w->partial);
    if (H5Fclose(w->h5) < 0 && !code) code = hra_h5_fail(error, HRA_EIO, "%s cannot be closed", w->partial);
    w->h5 = -1;
    return code;
}

static hra_code begin_locked(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    w->begun_at = w->synced_at = hra_seconds();
    w->will_sync = hra_result_must_sync(w);
    bool hashed = chunk && chunk->keys && chunk->rows > 0 && hra_is_hashed_key(chunk->keys[0]);
    w->layout.keys = hashed;
    w->layout.lines = chunk && !hashed && chunk->source_lines;
    w->layout.files = chunk && !hashed && chunk->source_files;
    hra_h5_lock();
    hra_code code = hra_fail_at(error, create_h5(w, error), w->partial);
    if (!code && w->total >= 0) code = hra_result_close_h5(w, error);
    hra_h5_unlock();
    if (code || w->total < 0) return code;
    HRA_TRY(hra_result_open_partial(w, error));
    HRA_TRY(reserve_room(w, error));
    return hra_journal_begin(w->journal, w->layout.keys, w->layout.lines, w->layout.files, error);
}

/* The first rows tell what names a person; then the file can be laid out. */
hra_code hra_result_begin(hra_result_writer *w, const hra_chunk *chunk, hra_error *error)
{
    pthread_mutex_lock(&w->lock);
    hra_code code = w->failed;
    if (!code && !w->begun) code = w->failed = begin_locked(w, chunk, &w->failure);
    if (code && error) *error = w->failure; /* what the first thread met */
    if (!code) w->begun = true;
    pthread_mutex_unlock(&w->lock);
    return code;
}

/* ---- resuming ---- */

/* The checksums of a piece that was cut by the end of the last finished chunk, from the rows themselves. */
static hra_code restore_running(hra_result_writer *w, hra_error *error)
{
    int64_t first = w->rows / HRA_SUM_ROWS * HRA_SUM_ROWS;
    uint32_t sum;
    for (int i = 0; i < w->layout.count && first < w->rows; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        size_t row = hra_result_row_size(c), size = row * (size_t)(w->rows - first);
        char *bytes = malloc(size);
        if (!bytes) return hra_out_of_memory(error);
        bool read = hra_read_at(w->file, (uint64_t)(c->offset + first * (int64_t)row), bytes, size);
        if (read) w->running[i] = hra_result_sum(bytes, row, first, (int)(w->rows - first), 0, &sum, 1);
        free(bytes);
        if (!read) return hra_fail(error, HRA_EIO, "%s cannot be read: %s", w->partial, strerror(errno));
    }
    return HRA_OK;
}

/* Takes up the partial file where the journal says it is whole. A run killed at its very end may have sealed it: were
 * the seal left there while the file is written on, another kill would make it look damaged. */
hra_code hra_result_take_up(hra_result_writer *w, hra_error *error)
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
    HRA_TRY(hra_result_open_partial(w, error));
    HRA_TRY(hra_summary_cut(w->file, w->partial, error));
    HRA_TRY(reserve_room(w, error));
    for (int i = 0; i < w->layout.schema->label_count; i++)
        for (int t = 0; t < state->label_counts[i]; t++)
            HRA_TRY(hra_result_labels_add(w->labels, i, state->labels[i][t], error));
    w->begun = true;
    w->begun_at = w->synced_at = hra_seconds();
    w->rows = state->rows;
    HRA_TRY(restore_running(w, error));
    w->resume_at = state->next_sequence;
    w->will_sync = hra_result_must_sync(w);
    return HRA_OK;
}
