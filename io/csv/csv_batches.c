#include "io/csv/csv_batches.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/read_ahead.h"

/* Batches that wait, those that must for the next one to be begun, and what a single file must have for a thread to
 * pay: packed text is worth one earlier. */
enum { WAITING = 12, EARLY = 4, LARGE_PLAIN = 4 << 20, LARGE_PACKED = 256 << 10, BATCH_ROWS = 8192 };

typedef struct waiting_batch {
    hra_work *work; /* of which only the records are used */
    hra_batch_origin origin;
} waiting_batch;

struct hra_batches {
    const hra_binding *binding;
    const hra_csv_options *options;
    size_t bytes;
    hra_batch_begin begin;
    void *context;
    hra_record_reader *reader;    /* of the present file; NULL: not open */
    hra_long_reader *long_reader; /* the same of a long file */
    int file;
    int64_t bytes_before; /* of finished files */
    hra_long_counts *long_counts;

    hra_read_ahead *thread; /* NULL: there is none; all of the above but the counts is its */
    bool begun, shared;
    waiting_batch waiting[WAITING];
    int64_t made;  /* batches, by the thread; number k waits in place k % WAITING */
    int64_t taken; /* told to the thread */
};

/* ---- files ---------------------------------------------------------------------------------- */

static hra_code open_long(hra_batches *b, const hra_file_plan *plan, hra_error *error)
{
    HRA_TRY(hra_long_reader_open(b->binding, plan, b->options->spill_beside, b->options->duplicate_bytes,
                                 &b->long_reader, error));
    b->long_counts[b->file] = *hra_long_reader_counts(b->long_reader);
    return HRA_OK;
}

static hra_code open_file(hra_batches *b, hra_error *error)
{
    const hra_file_plan *plan = &b->binding->files[b->file];
    if (plan->long_form) return open_long(b, plan, error);
    HRA_TRY(hra_record_reader_open(plan->path, &plan->text, plan->delimiter, &b->reader, error));
    hra_record_reader_set_width(b->reader, (uint32_t)plan->width);
    hra_record_reader_stay(b->reader);
    return HRA_OK;
}

static void close_readers(hra_batches *b)
{
    hra_record_reader_close(b->reader);
    hra_long_reader_close(b->long_reader);
    b->reader = NULL;
    b->long_reader = NULL;
}

static void close_file(hra_batches *b)
{
    close_readers(b);
    b->bytes_before += b->binding->files[b->file].text.file_bytes;
    b->file++;
}

/* Header and titles above it are no rows. */
static void drop_header(const hra_file_plan *plan, hra_batch *batch)
{
    int above = 0;
    while (above < batch->count && batch->records[above].line <= plan->header_line) above++;
    if (above == 0) return;
    memmove(batch->records, batch->records + above, sizeof *batch->records * (size_t)(batch->count - above));
    batch->count -= above;
}

static hra_batch_origin origin_now(const hra_batches *b)
{
    hra_batch_origin origin = {.bytes_done = b->bytes_before};
    if (!b->reader) return origin;
    origin.bytes_done += hra_record_reader_bytes_done(b->reader);
    origin.rest = hra_record_reader_rest(b->reader);
    return origin;
}

static hra_code read_batch(hra_batches *b, hra_work *work, hra_batch_origin *origin, hra_error *error)
{
    hra_batch *batch = &work->batch;
    work->judged_alone = false;
    while (b->file < b->binding->file_count) {
        if (!b->reader && !b->long_reader) HRA_TRY(open_file(b, error));
        HRA_TRY(b->long_reader ? hra_long_reader_next(b->long_reader, BATCH_ROWS, b->bytes, batch, error)
                               : hra_record_reader_next(b->reader, BATCH_ROWS, b->bytes, batch, error));
        if (batch->count == 0) {
            close_file(b);
            continue;
        }
        drop_header(&b->binding->files[b->file], batch);
        work->file = b->file;
        *origin = origin_now(b);
        if (batch->count > 0) return HRA_OK;
    }
    batch->count = 0;
    return HRA_OK;
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* Tells which of the waiting batches was made; a length of 0 behind the last. */
static hra_code make_batch(void *context, unsigned char *out, size_t capacity, size_t *length, int64_t *done,
                           hra_error *error)
{
    hra_batches *b = context;
    int place = (int)(b->made % WAITING);
    waiting_batch *w = &b->waiting[place];
    *length = 0;
    *done = 0;
    HRA_TRY(read_batch(b, w->work, &w->origin, error));
    if (w->work->batch.count == 0) return HRA_OK;
    bool early = b->made - __atomic_load_n(&b->taken, __ATOMIC_RELAXED) >= EARLY;
    if (early) HRA_TRY(b->begin(b->context, w->work, error));
    b->made++;
    memcpy(out, &place, sizeof place);
    *length = capacity;
    return HRA_OK;
}

static bool is_large(const hra_file_plan *plan)
{
    bool plain = plan->text.kind == HRA_FILE_TEXT && !plan->text.gzip;
    return plan->text.file_bytes > (plain ? LARGE_PLAIN : LARGE_PACKED);
}

/* Without it, all is done by the thread that asks. */
static void start_thread(hra_batches *b)
{
    bool good = true;
    for (int i = 0; good && i < WAITING; i++) good = (b->waiting[i].work = hra_work_new(b->binding)) != NULL;
    if (good) b->thread = hra_read_ahead_start(make_batch, b, WAITING, sizeof(int));
}

/* The first records that wait change places with those given, whose memory is used again. */
static hra_code take_batch(hra_batches *b, hra_work *work, hra_batch_origin *origin, hra_error *error)
{
    const unsigned char *bytes;
    size_t length;
    int64_t unused;
    int place;
    work->batch.count = 0;
    HRA_TRY(hra_read_ahead_next(b->thread, &bytes, &length, &unused, error));
    if (length == 0) return HRA_OK;
    memcpy(&place, bytes, sizeof place);
    hra_work_swap_records(work, b->waiting[place].work);
    *origin = b->waiting[place].origin;
    __atomic_add_fetch(&b->taken, 1, __ATOMIC_RELAXED);
    return HRA_OK;
}

void hra_batches_share(hra_batches *batches) { batches->shared = true; }

hra_code hra_batches_next(hra_batches *batches, hra_work *work, hra_batch_origin *origin, hra_error *error)
{
    bool worth = batches->binding->file_count > 1 || is_large(&batches->binding->files[0]);
    if (!batches->begun && !batches->shared && worth) start_thread(batches);
    batches->begun = true;
    return batches->thread ? take_batch(batches, work, origin, error) : read_batch(batches, work, origin, error);
}

/* ---- life ------------------------------------------------------------------------------------- */

hra_code hra_batches_open(const hra_binding *binding, const hra_csv_options *options, size_t bytes,
                          hra_batch_begin begin, void *context, hra_batches **out, hra_error *error)
{
    *out = NULL;
    hra_batches *b = calloc(1, sizeof *b);
    if (b) b->long_counts = calloc((size_t)binding->file_count, sizeof *b->long_counts);
    if (!b || !b->long_counts) {
        free(b);
        return hra_out_of_memory(error);
    }
    b->binding = binding;
    b->options = options;
    b->bytes = bytes;
    b->begin = begin;
    b->context = context;
    *out = b;
    return HRA_OK;
}

void hra_batches_close(hra_batches *batches)
{
    if (!batches) return;
    hra_read_ahead_end(batches->thread);
    close_readers(batches);
    for (int i = 0; i < WAITING; i++) hra_work_free(batches->waiting[i].work, batches->binding);
    free(batches->long_counts);
    free(batches);
}

const hra_long_counts *hra_batches_long_counts(const hra_batches *batches, int file)
{
    return &batches->long_counts[file];
}
