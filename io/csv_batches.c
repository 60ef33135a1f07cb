#include "io/csv_batches.h"

#include <stdlib.h>
#include <string.h>

#include "io/read_ahead.h"

/* Batches that wait, and what a single file must have for a thread to pay: packed text is worth one earlier. */
enum { WAITING = 6, LARGE_PLAIN = 4 << 20, LARGE_PACKED = 256 << 10, BATCH_ROWS = 8192 };

typedef struct waiting_batch {
    hra_batch batch;
    hra_batch_origin origin;
} waiting_batch;

struct hra_batches {
    const hra_binding *binding;
    const hra_csv_options *options;
    size_t bytes;
    hra_record_reader *reader;    /* of the present file; NULL: not open */
    hra_long_reader *long_reader; /* the same of a long file */
    int file;
    int64_t bytes_before; /* of finished files */
    hra_long_counts *long_counts;

    hra_read_ahead *thread; /* NULL: there is none; all of the above but the counts is its */
    bool begun, shared;
    waiting_batch waiting[WAITING];
    int next; /* of those, to be made by the thread */
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
    hra_batch_origin origin = {.file = b->file, .bytes_done = b->bytes_before};
    if (!b->reader) return origin;
    origin.bytes_done += hra_record_reader_bytes_done(b->reader);
    origin.rest = hra_record_reader_rest(b->reader);
    return origin;
}

static hra_code read_batch(hra_batches *b, hra_batch *batch, hra_batch_origin *origin, hra_error *error)
{
    while (b->file < b->binding->file_count) {
        if (!b->reader && !b->long_reader) HRA_TRY(open_file(b, error));
        HRA_TRY(b->long_reader ? hra_long_reader_next(b->long_reader, BATCH_ROWS, b->bytes, batch, error)
                               : hra_record_reader_next(b->reader, BATCH_ROWS, b->bytes, batch, error));
        if (batch->count == 0) {
            close_file(b);
            continue;
        }
        drop_header(&b->binding->files[b->file], batch);
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
    int place = b->next;
    waiting_batch *w = &b->waiting[place];
    *length = 0;
    *done = 0;
    HRA_TRY(read_batch(b, &w->batch, &w->origin, error));
    if (w->batch.count == 0) return HRA_OK;
    b->next = (place + 1) % WAITING;
    memcpy(out, &place, sizeof place);
    *length = capacity;
    return HRA_OK;
}

static bool is_large(const hra_file_plan *plan)
{
    bool plain = plan->text.kind == HRA_FILE_TEXT && !plan->text.gzip;
    return plan->text.file_bytes > (plain ? LARGE_PLAIN : LARGE_PACKED);
}

/* The first batch changes places with the one given, whose memory is used again. */
static hra_code take_batch(hra_batches *b, hra_batch *batch, hra_batch_origin *origin, hra_error *error)
{
    const unsigned char *bytes;
    size_t length;
    int64_t unused;
    int place;
    batch->count = 0;
    HRA_TRY(hra_read_ahead_next(b->thread, &bytes, &length, &unused, error));
    if (length == 0) return HRA_OK;
    memcpy(&place, bytes, sizeof place);
    hra_batch made = b->waiting[place].batch;
    b->waiting[place].batch = *batch;
    *batch = made;
    *origin = b->waiting[place].origin;
    return HRA_OK;
}

void hra_batches_share(hra_batches *batches) { batches->shared = true; }

hra_code hra_batches_next(hra_batches *batches, hra_batch *batch, hra_batch_origin *origin, hra_error *error)
{
    bool worth = batches->binding->file_count > 1 || is_large(&batches->binding->files[0]);
    if (!batches->begun && !batches->shared && worth)
        batches->thread = hra_read_ahead_start(make_batch, batches, WAITING, sizeof batches->next);
    batches->begun = true;
    return batches->thread ? take_batch(batches, batch, origin, error) : read_batch(batches, batch, origin, error);
}

/* ---- life ------------------------------------------------------------------------------------- */

hra_code hra_batches_open(const hra_binding *binding, const hra_csv_options *options, size_t bytes, hra_batches **out,
                          hra_error *error)
{
    *out = NULL;
    hra_batches *b = calloc(1, sizeof *b);
    if (b) b->long_counts = calloc((size_t)binding->file_count, sizeof *b->long_counts);
    if (!b || !b->long_counts) {
        free(b);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    b->binding = binding;
    b->options = options;
    b->bytes = bytes;
    *out = b;
    return HRA_OK;
}

void hra_batches_close(hra_batches *batches)
{
    if (!batches) return;
    hra_read_ahead_end(batches->thread);
    close_readers(batches);
    for (int i = 0; i < WAITING; i++) hra_batch_destroy(&batches->waiting[i].batch);
    free(batches->long_counts);
    free(batches);
}

const hra_long_counts *hra_batches_long_counts(const hra_batches *batches, int file)
{
    return &batches->long_counts[file];
}
