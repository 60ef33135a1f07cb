/* The writer of a result store, for the parts it is made of: its start (result_start.c), its rows (result_sink.c and
 * result_rows.c), its end (result_finish.c). */
#ifndef HRA_IO_RESULT_WRITER_H
#define HRA_IO_RESULT_WRITER_H

#include <pthread.h>

#include "io/results/result_batch.h"
#include "io/results/result_journal.h"
#include "io/results/result_labels.h"
#include "io/results/result_layout.h"

/* Syncing waits for the disk, which is slower than we are: at most so much work can a power cut cost. */
enum { HRA_RESULT_SECONDS_PER_SYNC = 10 };

/* Two ways of writing. With the number of rows known, all datasets get their place at the start, the HDF5 file is
 * closed, and threads write their rows by offset; a killed run is resumed from the journal. With it unknown, datasets
 * grow as rows come, through HDF5 and in order; a killed run starts anew. */
struct hra_result_writer {
    hra_sink sink;
    hra_arena *arena;
    const char *path, *partial;
    const hra_result_provenance *provenance;
    hra_result_layout layout;
    hra_result_labels *labels;
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
    bool drops;        /* but nothing will continue */
    bool will_sync;    /* an older result is replaced, or a run resumed: the new one must be on disk first */
    uint32_t *running; /* of each column: the checksum so far of the piece that the next rows go on with */
    pthread_mutex_t writing;
    int batch_rows;
    hra_result_batches batches;
};

/* Everything that decides the bytes of the result but the rows themselves, as a hash. */
hra_code hra_result_run_identity(const hra_result_writer *w, char hex[65], hra_error *error);
/* The first rows tell what names a person; then the file can be laid out. NULL: there are none. Any thread. */
hra_code hra_result_begin(hra_result_writer *w, const hra_chunk *chunk, hra_error *error);
/* Takes up the partial file where the journal says it is whole. */
hra_code hra_result_take_up(hra_result_writer *w, hra_error *error);
hra_code hra_result_open_partial(hra_result_writer *w, hra_error *error);
hra_code hra_result_close_h5(hra_result_writer *w, hra_error *error); /* with the lock held */
/* An older result is replaced, or a run resumed: the new one must be on disk before it gets its name. */
bool hra_result_must_sync(const hra_result_writer *w);

hra_sink hra_result_sink(const hra_result_writer *w);
hra_code hra_result_record(hra_result_writer *w, hra_error *error); /* then the process may be killed */
hra_code hra_result_sync(hra_result_writer *w, hra_error *error);   /* then the machine may stop */

/* Rows of a batch and their checksums: whole pieces of these, or rows that come in order. */
hra_code hra_result_write_batch(hra_result_writer *w, const hra_result_batch *batch, hra_error *error);
hra_code hra_result_write_column(const hra_result_writer *w, const hra_result_column *c, const void *bytes,
                                 int64_t first, int rows, hra_error *error);
/* Checksums of `width` columns from `from`, for `pieces` pieces. */
hra_code hra_result_write_sums(const hra_result_writer *w, int from, int width, int64_t piece, int pieces,
                               const uint32_t *sums, hra_error *error);
int hra_result_pieces(int64_t first, int rows); /* that these rows are in */

#endif
