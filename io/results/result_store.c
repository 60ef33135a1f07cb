#include "io/results/result_store.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/results/result_writer.h"

/* ---- opening ---- */

static hra_code open_writer(hra_result_writer *w, bool resume, hra_error *error)
{
    char identity[65];
    int label_count = w->layout.schema->label_count;
    const char *journal = hra_arena_printf(w->arena, "%s.journal", w->path);
    w->partial = hra_arena_printf(w->arena, "%s.partial", w->path);
    w->labels = hra_result_labels_new(w->layout.schema);
    if (!journal || !w->partial || !w->labels) return hra_out_of_memory(error);
    w->layout.numbered = hra_result_labels_numbered(w->labels);
    w->sink = hra_result_sink(w);
    HRA_TRY(hra_result_run_identity(w, identity, error));
    resume = resume && w->total >= 0;
    HRA_TRY(hra_journal_open(journal, identity, label_count, resume, &w->journal, error));
    if (!hra_journal_state_of(w->journal)->begun) return HRA_OK;
    if (!w->provenance->input_hash || !*w->provenance->input_hash)
        return hra_fail(error, HRA_ECONFLICT, "%s cannot be resumed: which input it was made from is not recorded",
                        w->path);
    return hra_result_take_up(w, error);
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
    if (!w) return hra_out_of_memory(error);
    w->file = -1;
    w->h5 = -1;
    w->total = options->rows;
    w->drops = options->drops;
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
    hra_code code = w->path ? HRA_OK : hra_out_of_memory(error);
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

/* ---- closing ---- */

/* An unfinished run that can be resumed leaves its partial file and the journal; any other leaves nothing. */
static void leave(hra_result_writer *w)
{
    hra_error ignored;
    bool ours = w->begun || w->h5 >= 0 || w->file >= 0; /* else what lies there is an earlier run's */
    if (!w->journal) return;
    if (!w->failed && w->begun) w->failed = hra_result_sync(w, &ignored);
    if ((w->resumable && !w->drops) || (w->failed && !ours)) {
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
    hra_result_labels_free(w->labels);
    pthread_mutex_destroy(&w->batches.lock);
    pthread_mutex_destroy(&w->writing);
    pthread_mutex_destroy(&w->lock);
    hra_arena_free(w->arena);
    free(w);
}
