/* The pipeline: chunks from a source, scored in parallel, to sinks in order. */
#ifndef HRA_RUN_RUNNER_H
#define HRA_RUN_RUNNER_H

#include "engine/program/program.h"
#include "engine/data/column.h"

/* A consumer of scored chunks. `prepare` runs in parallel on the scoring
 * thread (format text, narrow numbers) and may return private data in
 * *prepared, which is NULL before; if it fails it leaves nothing there.
 * `commit` is called for one chunk at a time in source order. Either may be NULL.
 *
 * Where every sink either does not commit or has `seal`, `prepare` may be
 * called several times for one chunk, in order and by one thread, with pieces
 * of it that are gone when it returns: *prepared is then what the piece before
 * left (that of a sink without `seal` stays NULL), `seal` is called after the
 * last piece by the same thread, and `commit` gets the whole chunk, but no
 * results. Where no sink commits, pieces of a chunk come in any order and from
 * several threads at once, and *prepared is left NULL. */
typedef struct hra_sink hra_sink;
struct hra_sink {
    hra_code (*prepare)(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error);
    hra_code (*commit)(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error);
    /* Frees what `prepare` returned for a chunk that is never committed because the run failed. May be NULL. */
    void (*discard)(hra_sink *sink, void *prepared);
    /* The chunk is prepared; what is left in *prepared is committed. May be NULL. */
    hra_code (*seal)(hra_sink *sink, const hra_chunk *chunk, void **prepared, hra_error *error);
    /* With `seal`: of a chunk that came in pieces `commit` looks at nothing but its numbers (sequence, first_row, rows,
     * rejected). What it was read into can then serve the next chunk while it waits for its turn. */
    bool settles;
};

typedef struct hra_progress {
    int64_t rows_done, rows_total; /* total -1: unknown */
    int64_t bytes_done, bytes_total;
    double seconds;
    const char *step; /* of work in several steps the present one; NULL: a run */
} hra_progress;

typedef struct hra_run_options {
    int threads;              /* 0: all processors */
    const volatile int *stop; /* set by a signal handler: finish what is under way, return HRA_EINTERRUPTED */
    void (*progress)(void *context,
                     const hra_progress *progress); /* at most ten times a second, one thread at a time */
    void *progress_context;
    int64_t first_sequence; /* chunks (or slices) before this one are skipped (resume) */
    int slice_rows;         /* rows scored at a time, a power of two; 0: by what results need */
} hra_run_options;

typedef struct hra_run_facts {
    int64_t rows_scored, rows_rejected, chunks;
    int64_t bytes_read;                                                                 /* of the input, -1: unknown */
    double seconds_claim, seconds_fill, seconds_score, seconds_prepare, seconds_commit; /* summed over threads */
    double seconds_wall;
} hra_run_facts;

/* program may be NULL: chunks pass unscored (import). A source whose `wanted` is NULL is told to read only the columns
 * of the program; set it (all true) before where a sink needs the others too. `release` is called by one thread at a
 * time, while others claim and fill. On an error everything before it in the order of the input has been committed. */
hra_code hra_run(hra_source *source, const hra_program *program, hra_sink *const *sinks, int sink_count,
                 const hra_run_options *options, hra_run_facts *facts, hra_error *error);

#endif
