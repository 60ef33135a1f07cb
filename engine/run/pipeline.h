/* The pipeline between its files: runner.c says how a run is to go, pipeline.c moves chunks through threads,
 * chunk_work.c is what a thread does to one of them. */
#ifndef HRA_RUN_PIPELINE_H
#define HRA_RUN_PIPELINE_H

#include <pthread.h>

#include "base/stopwatch.h"
#include "engine/run/runner.h"

/* What is happening to the chunk of a slot. */
typedef enum hra_stage { HRA_SLOT_FREE, HRA_SLOT_CLAIMED, HRA_SLOT_WORKING, HRA_SLOT_READY } hra_stage;

typedef struct hra_slot {
    hra_stage stage;
    int64_t sequence; /* as claimed, and its ticket */
    void *ticket;
    hra_chunk chunk;
    bool has_chunk, skipped;
    int next_row, users; /* the chunk's next piece, and the threads at work on its pieces */
    int failed_row;      /* of the piece whose error is the chunk's */
    hra_results *results;
    void **prepared; /* one per sink; NULL: nothing */
    hra_code code;
    hra_error error;
} hra_slot;

typedef struct hra_pipeline {
    hra_source *source;
    const hra_program *program;
    hra_sink *const *sinks;
    int sink_count;
    const hra_run_options *options;
    hra_run_facts *facts;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    hra_slot *slots;
    int slot_count;
    int ahead;                         /* claimed chunks that may wait beside the next to be begun */
    int piece_rows;                    /* chunks are scored in pieces of so many rows; 0: whole */
    bool settles;                      /* a chunk is given back when it is scored: nobody commits its rows */
    bool helps;                        /* nobody commits at all: threads without a chunk take pieces of others' */
    hra_results **piece_results;       /* by thread */
    int64_t claimed, begun, committed; /* chunks; claim number k sits in slot k % slot_count */
    bool claiming, committing, ended, interrupted;
    hra_code code; /* of the run */
    hra_error error;
    int64_t next_row; /* number of the next chunk's first row */
    double started, progress_shown;
} hra_pipeline;

typedef struct hra_worker {
    hra_workspace *workspace;
    int thread;
    hra_piece_memory codes; /* of the present piece, where they come by piece */
} hra_worker;

/* Seconds since *since, which moves on. */
static inline double hra_lap(double *since)
{
    double before = *since;
    *since = hra_seconds();
    return *since - before;
}

/* ---- work on one chunk, outside the lock (chunk_work.c). Seconds are added to `spent`. */

/* Fills the chunk of a claimed slot, and scores and prepares it unless that is to be done in pieces, which are left. */
void hra_work_begin(const hra_pipeline *p, hra_slot *s, const hra_worker *w, hra_run_facts *spent);
/* A piece of the chunk, from row `start` on, scored and handed to the sinks while it is in the cache. */
hra_code hra_work_piece(const hra_pipeline *p, hra_slot *s, int start, hra_worker *w, hra_run_facts *spent,
                        hra_error *error);
/* The chunk has been prepared. */
hra_code hra_work_seal(const hra_pipeline *p, hra_slot *s, hra_run_facts *spent);

/* ---- moving chunks (pipeline.c) */

/* Makes the slots, runs all chunks through the threads, and frees the slots. */
hra_code hra_pipeline_run(hra_pipeline *p, int threads, hra_error *error);

#endif
