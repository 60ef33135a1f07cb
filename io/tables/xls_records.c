#include "io/tables/xls_records.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 4, WINDOW = 1 << 17 }; /* the longest record and as much again */

struct hra_xls_records {
    const hra_compound_stream *stream;
    unsigned char *window; /* bytes of the stream from `start` */
    size_t capacity, length;
    int64_t start, next; /* next: offset of the record to be read */
};

hra_xls_records *hra_xls_records_new(const hra_compound_stream *stream)
{
    hra_xls_records *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->stream = stream;
    r->capacity = WINDOW;
    r->window = malloc(WINDOW);
    if (r->window) return r;
    free(r);
    return NULL;
}

void hra_xls_records_free(hra_xls_records *records)
{
    if (!records) return;
    free(records->window);
    free(records);
}

void hra_xls_records_seek(hra_xls_records *records, int64_t offset) { records->next = offset; }

static bool in_window(const hra_xls_records *r, int64_t offset, size_t length)
{
    return offset >= r->start && offset + (int64_t)length <= r->start + (int64_t)r->length;
}

/* Fills the window from `offset` as far as the stream goes. */
static hra_code fill(hra_xls_records *r, int64_t offset, hra_error *error)
{
    int64_t left = hra_compound_stream_size(r->stream) - offset;
    r->start = offset;
    r->length = 0;
    size_t want = left < (int64_t)r->capacity ? (size_t)left : r->capacity;
    HRA_TRY(hra_compound_stream_read(r->stream, offset, r->window, want, error));
    r->length = want;
    return HRA_OK;
}

hra_code hra_xls_records_hold(hra_xls_records *r, int64_t from, int64_t to, hra_error *error)
{
    if (to - from > (int64_t)r->capacity) {
        unsigned char *grown = realloc(r->window, (size_t)(to - from));
        if (!grown) return hra_out_of_memory(error);
        r->window = grown;
        r->capacity = (size_t)(to - from);
    }
    return fill(r, from, error);
}

hra_code hra_xls_records_next(hra_xls_records *r, hra_xls_record *record, bool *found, hra_error *error)
{
    int64_t size = hra_compound_stream_size(r->stream);
    *found = r->next >= 0 && r->next < size;
    if (!*found) return HRA_OK;
    if (!in_window(r, r->next, HEAD)) HRA_TRY(fill(r, r->next, error));
    if (size - r->next < HEAD) {
        *found = false; /* filling bytes */
        return HRA_OK;
    }
    const unsigned char *head = r->window + (r->next - r->start);
    *record = (hra_xls_record){.type = hra_le16(head), .length = hra_le16(head + 2), .offset = r->next};
    if (!in_window(r, r->next, HEAD + (size_t)record->length)) {
        HRA_TRY(fill(r, r->next, error));
        if (!in_window(r, r->next, HEAD + (size_t)record->length)) /* says that the file ends too early */
            return hra_compound_stream_read(r->stream, r->next, r->window, HEAD + (size_t)record->length, error);
    }
    record->bytes = r->window + (r->next - r->start) + HEAD;
    r->next += HEAD + record->length;
    return HRA_OK;
}

/* ---- over several records ------------------------------------------------------------ */

hra_xls_cursor hra_xls_cursor_in(hra_xls_records *records, const hra_xls_record *record, size_t skip)
{
    size_t from = skip < record->length ? skip : record->length;
    return (hra_xls_cursor){.records = records,
                            .at = record->bytes + from,
                            .end = record->bytes + record->length,
                            .over = skip > record->length};
}

hra_code hra_xls_cursor_continue(hra_xls_cursor *cursor, hra_error *error)
{
    hra_xls_record record;
    bool found = false;
    int64_t before = cursor->records->next;
    HRA_TRY(hra_xls_records_next(cursor->records, &record, &found, error));
    if (found && record.type == HRA_XLS_CONTINUE) {
        cursor->at = record.bytes;
        cursor->end = record.bytes + record.length;
        return HRA_OK;
    }
    cursor->records->next = before;
    cursor->at = cursor->end = NULL;
    cursor->over = true;
    return HRA_OK;
}

hra_code hra_xls_cursor_number(hra_xls_cursor *cursor, size_t bytes, uint32_t *number, hra_error *error)
{
    *number = 0;
    while (cursor->at == cursor->end && !cursor->over) HRA_TRY(hra_xls_cursor_continue(cursor, error));
    if (cursor->over) return HRA_OK;
    if ((size_t)(cursor->end - cursor->at) < bytes) {
        cursor->over = true;
        return HRA_OK;
    }
    *number = bytes == 1 ? *cursor->at : bytes == 2 ? hra_le16(cursor->at) : hra_le32(cursor->at);
    cursor->at += bytes;
    return HRA_OK;
}

hra_code hra_xls_cursor_skip(hra_xls_cursor *cursor, uint64_t bytes, hra_error *error)
{
    while (bytes > 0 && !cursor->over) {
        uint64_t here = (uint64_t)(cursor->end - cursor->at);
        if (here == 0) {
            HRA_TRY(hra_xls_cursor_continue(cursor, error));
            continue;
        }
        uint64_t some = here < bytes ? here : bytes;
        cursor->at += some;
        bytes -= some;
    }
    return HRA_OK;
}
