/* The end of a result: texts, rows and content hash are put in, and it gets its name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "io/hdf5/content_hash.h"
#include "io/results/result_places.h"

static hra_code write_text_lists(const hra_result_writer *w, hid_t file, hra_error *error)
{
    for (int i = 0; i < w->layout.count; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_LABEL && c->content != HRA_RESULT_TEXT) continue;
        int count;
        const char *const *texts = hra_result_labels_texts(w->labels, c->output, &count);
        const char *name = hra_arena_printf(w->arena, "%s_text", c->name);
        if (!name) return hra_out_of_memory(error);
        hra_h5_id group = hra_h5_member(file, c->group);
        if (H5Lexists(group, name, H5P_DEFAULT) > 0) H5Ldelete(group, name, H5P_DEFAULT); /* a finish that was killed */
        HRA_TRY(hra_h5_write_texts(group, name, texts, count, error));
    }
    if (H5Aexists(file, "rows") > 0) H5Adelete(file, "rows");
    return hra_h5_put_int(file, "rows", w->rows, error);
}

static hra_code complete_h5(hra_result_writer *w, hra_places *rows, hra_error *error)
{
    if (w->h5 < 0) {
        errno = 0;
        w->h5 = H5Fopen(w->partial, H5F_ACC_RDWR, H5P_DEFAULT);
        if (w->h5 < 0) return hra_h5_fail(error, HRA_EIO, "%s cannot be opened", w->partial);
    }
    HRA_TRY(write_text_lists(w, w->h5, error));
    HRA_TRY(hra_h5_hash_put(w->h5, error));
    HRA_TRY(hra_result_places(w, rows, error));
    return hra_result_close_h5(w, error);
}

/* A hash behind the file guards all but rows and their checksums: damage is told before HDF5 reads it. */
static hra_code complete(hra_result_writer *w, hra_error *error)
{
    hra_places rows = {0};
    hra_h5_lock();
    hra_code code = complete_h5(w, &rows, error);
    hra_h5_unlock();
    if (!code) code = hra_summary_seal(w->partial, rows.ranges, rows.count, error);
    hra_places_free(&rows);
    return code;
}

/* An older result gives way only to one that is on disk, and so does the journal of a long run. A new result of a few
 * seconds does not wait for the disk: if the power fails before the system has written it, its checksums tell. */
static hra_code rename_whole(hra_result_writer *w, hra_error *error)
{
    bool durable = hra_seconds() - w->begun_at >= HRA_RESULT_SECONDS_PER_SYNC || hra_result_must_sync(w);
    if (w->file < 0) HRA_TRY(hra_result_open_partial(w, error));
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
    HRA_TRY(hra_result_begin(w, NULL, error)); /* no rows came */
    if (w->total >= 0 && w->rows != w->total)
        return hra_fail(error, HRA_EINTERNAL, "%s: %lld rows came of %lld", w->path, (long long)w->rows,
                        (long long)w->total);
    HRA_TRY(hra_result_record(w, error));
    HRA_TRY(complete(w, error));
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
