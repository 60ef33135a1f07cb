#include "io/csv/csv_records.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_lines.h"

/* ---- cutting --------------------------------------------------------------------- */

/* The end of the line that starts at `at`, and where the next one starts. */
static bool find_line_end(hra_cutter *cutter, const char *text, size_t length, size_t at, bool end, size_t *line_end,
                          size_t *next)
{
    size_t from = at < cutter->feedless ? cutter->feedless : at;
    const char *feed = from < length ? memchr(text + from, '\n', length - from) : NULL;
    size_t limit = feed ? (size_t)(feed - text) : length;
    cutter->feedless = limit;
    const char *cr = memchr(text + at, '\r', limit - at);
    if (cr && (size_t)(cr - text) + 1 < limit) { /* a lone CR */
        *line_end = (size_t)(cr - text);
        *next = *line_end + 1;
        return true;
    }
    if (!feed && !end) return false;
    *line_end = cr ? limit - 1 : limit;
    *next = feed ? limit + 1 : limit;
    return true;
}

static uint32_t count_byte(const char *text, size_t length, char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += text[i] == byte;
    return (uint32_t)n;
}

typedef struct quoted_scan {
    size_t end, next; /* of the record */
    uint32_t cells;
    int64_t lines;
    bool ragged; /* text follows a closing quote */
} quoted_scan;

typedef enum scan_result { SCAN_DONE, SCAN_NEEDS_MORE, SCAN_UNCLOSED } scan_result;

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/* From the opening quote to behind the closing one; `lines` counts line ends inside. */
static scan_result skip_quoted(const char *text, size_t length, size_t *at, bool end, int64_t *lines)
{
    size_t start = *at;
    for (size_t i = start + 1; i < length; i++) {
        if (i - start > HRA_RECORD_LIMIT) return SCAN_UNCLOSED;
        if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'))) ++*lines;
        if (text[i] != '"') continue;
        if (i + 1 == length && !end) return SCAN_NEEDS_MORE; /* perhaps a doubled quote */
        if (i + 1 < length && text[i + 1] == '"') {
            i++;
            continue;
        }
        *at = i + 1;
        return SCAN_DONE;
    }
    return end ? SCAN_UNCLOSED : SCAN_NEEDS_MORE;
}

/* Walks the cells of a record that holds quotes. A quote opens a quoted cell only at the cell's start. */
static scan_result scan_quoted(const hra_cutter *cutter, const char *text, size_t length, size_t at, bool end,
                               quoted_scan *scan)
{
    *scan = (quoted_scan){.cells = 1};
    for (;;) { /* at the start of a cell */
        if (at < length && text[at] == '"') {
            scan_result result = skip_quoted(text, length, &at, end, &scan->lines);
            if (result != SCAN_DONE) return result;
            if (at < length && text[at] != cutter->delimiter && !is_line_end(text[at])) scan->ragged = true;
        }
        while (at < length && text[at] != cutter->delimiter && !is_line_end(text[at])) at++;
        if (at == length && !end) return SCAN_NEEDS_MORE;
        if (at == length || is_line_end(text[at])) break;
        scan->cells++;
        at++;
    }
    if (at < length && text[at] == '\r' && at + 1 == length && !end) return SCAN_NEEDS_MORE;
    scan->end = at;
    scan->lines++;
    if (at < length) at += text[at] == '\r' && at + 1 < length && text[at + 1] == '\n' ? 2 : 1;
    scan->next = at;
    return SCAN_DONE;
}

bool hra_cut_record(hra_cutter *cutter, const char *text, size_t length, size_t at, bool end, hra_record *record,
                    size_t *next, int64_t *lines)
{
    size_t line_end;
    if (!find_line_end(cutter, text, length, at, end, &line_end, next)) return false;
    *record = (hra_record){.start = (uint32_t)at, .length = (uint32_t)(line_end - at)};
    *lines = 1;
    if (!memchr(text + at, '"', line_end - at)) {
        record->cells = 1 + count_byte(text + at, line_end - at, cutter->delimiter);
        return true;
    }
    record->quoted = true;
    quoted_scan scan;
    scan_result result = scan_quoted(cutter, text, length, at, end, &scan);
    if (result == SCAN_NEEDS_MORE) return false;
    bool several_lines = result == SCAN_DONE && scan.lines > 1;
    if (result == SCAN_UNCLOSED ||
        (several_lines && (scan.ragged || (cutter->width > 0 && scan.cells != cutter->width)))) {
        record->fault = HRA_RECORD_UNCLOSED; /* reading goes on with the next line: nothing is swallowed */
        return true;
    }
    record->length = (uint32_t)(scan.end - at);
    record->cells = scan.cells;
    *next = scan.next;
    *lines = scan.lines;
    return true;
}

/* ---- sniffing --------------------------------------------------------------------- */

/* A start of so many lines, some of them perhaps empty, or of so many bytes shows the separator. */
enum { SNIFF_RECORDS = 24, SNIFF_LINES = 4 * SNIFF_RECORDS, SNIFF_BYTES = 256 << 10 };

static bool holds_lines(const char *text, size_t length, int lines)
{
    const char *at = text, *end = text + length;
    while (lines > 0 && at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        lines--;
    }
    return lines == 0;
}

/* How many of the first records have the most frequent number of cells (if more than one), and that number. */
static int agreement(const char *text, size_t length, bool end, char delimiter, uint32_t *width)
{
    uint32_t widths[SNIFF_RECORDS];
    int count = 0, best = 0;
    hra_cutter cutter = {.delimiter = delimiter};
    hra_record record;
    size_t at = 0, next;
    int64_t lines;
    *width = 1;
    if (length == 0 || !memchr(text, delimiter, length)) return 0; /* it separates nothing */
    while (count < SNIFF_RECORDS && at < length &&
           hra_cut_record(&cutter, text, length, at, end, &record, &next, &lines)) {
        if (record.length > 0 && record.fault == HRA_RECORD_GOOD) widths[count++] = record.cells;
        at = next;
    }
    for (int i = 0; i < count; i++) {
        int same = 0;
        for (int j = 0; j < count; j++) same += widths[j] == widths[i];
        if (widths[i] > 1 && (same > best || (same == best && widths[i] > *width))) {
            best = same;
            *width = widths[i];
        }
    }
    return best;
}

char hra_sniff_delimiter(const char *text, size_t length, bool end)
{
    static const char candidates[] = {',', '\t', ';', '|', '$'};
    char chosen = ',';
    int best = 0;
    uint32_t best_width = 1;
    for (size_t i = 0; i < sizeof candidates; i++) {
        uint32_t width;
        int score = agreement(text, length, end, candidates[i], &width);
        if (score > best || (score == best && score > 0 && width > best_width)) {
            best = score;
            best_width = width;
            chosen = candidates[i];
        }
    }
    return chosen;
}

/* ---- reading ----------------------------------------------------------------------- */

struct hra_record_reader {
    hra_text_stream *stream;
    hra_buffer rest; /* text read but not yet handed out */
    bool end;
    hra_cutter cutter;
    hra_vector_level level;
    int64_t line;
    char *path;
};

static hra_code open_reader(hra_record_reader *reader, const char *path, const hra_text_facts *facts, char delimiter,
                            hra_error *error)
{
    reader->path = strdup(path);
    if (!reader->path) return hra_out_of_memory(error);
    HRA_TRY(hra_text_stream_open(path, facts, &reader->stream, error));
    reader->cutter.delimiter = facts->delimiter ? facts->delimiter : delimiter;
    if (reader->cutter.delimiter) return HRA_OK;
    do HRA_TRY(hra_text_stream_read(reader->stream, &reader->rest, &reader->end, error));
    while (!reader->end && reader->rest.length < SNIFF_BYTES &&
           !holds_lines(reader->rest.bytes, reader->rest.length, SNIFF_LINES));
    reader->cutter.delimiter =
        hra_sniff_delimiter(reader->rest.bytes ? reader->rest.bytes : "", reader->rest.length, reader->end);
    return HRA_OK;
}

hra_code hra_record_reader_open(const char *path, const hra_text_facts *facts, char delimiter, hra_record_reader **out,
                                hra_error *error)
{
    *out = NULL;
    hra_record_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return hra_out_of_memory(error);
    reader->line = 1;
    reader->level = hra_vector_level_choose();
    hra_code code = open_reader(reader, path, facts, delimiter, error);
    if (code != HRA_OK) {
        hra_record_reader_close(reader);
        return code;
    }
    *out = reader;
    return HRA_OK;
}

void hra_record_reader_close(hra_record_reader *reader)
{
    if (!reader) return;
    hra_text_stream_close(reader->stream);
    hra_buffer_destroy(&reader->rest);
    free(reader->path);
    free(reader);
}

char hra_record_reader_delimiter(const hra_record_reader *reader) { return reader->cutter.delimiter; }

void hra_record_reader_set_width(hra_record_reader *reader, uint32_t width) { reader->cutter.width = width; }

void hra_record_reader_stay(hra_record_reader *reader) { hra_text_stream_stay(reader->stream); }

int64_t hra_record_reader_bytes_done(const hra_record_reader *reader)
{
    return hra_text_stream_bytes_done(reader->stream);
}

size_t hra_record_reader_rest(const hra_record_reader *reader) { return reader->rest.length; }

void hra_batch_destroy(hra_batch *batch)
{
    hra_buffer_destroy(&batch->text);
    free(batch->records);
    free(batch->cell_lines);
    *batch = (hra_batch){0};
}

static hra_code make_room(hra_batch *batch, hra_error *error)
{
    if (batch->count < batch->capacity) return HRA_OK;
    int capacity = batch->capacity ? 2 * batch->capacity : 1024;
    hra_record *records = realloc(batch->records, (size_t)capacity * sizeof *records);
    if (!records) return hra_out_of_memory(error);
    batch->records = records;
    batch->capacity = capacity;
    return HRA_OK;
}

/* Plain lines, as many as there is room for. */
static void cut_plain_lines(hra_record_reader *reader, int room, hra_batch *batch, size_t *at)
{
    hra_line_cut cut = {.text = batch->text.bytes,
                        .length = batch->text.length,
                        .at = *at,
                        .delimiter = reader->cutter.delimiter,
                        .line = reader->line,
                        .records = batch->records,
                        .room = room,
                        .count = batch->count};
    hra_cut_lines(reader->level, &cut);
    *at = cut.at;
    reader->line = cut.line;
    batch->count = cut.count;
}

/* Cuts what the text holds; *at moves to the first record not taken. */
static hra_code cut_all(hra_record_reader *reader, int most, hra_batch *batch, size_t *at, hra_error *error)
{
    hra_buffer *text = &batch->text;
    hra_record record;
    size_t next;
    int64_t lines;
    if (!hra_buffer_reserve(text, HRA_TEXT_SLACK)) return hra_out_of_memory(error);
    while (batch->count < most && *at < text->length) {
        HRA_TRY(make_room(batch, error));
        int room = batch->capacity < most ? batch->capacity : most;
        cut_plain_lines(reader, room, batch, at);
        if (batch->count == room) continue;
        if (*at == text->length ||
            !hra_cut_record(&reader->cutter, text->bytes, text->length, *at, reader->end, &record, &next, &lines))
            break;
        if (memchr(text->bytes + record.start, 0, record.length)) record.fault = HRA_RECORD_NUL;
        record.line = reader->line;
        reader->line += lines;
        *at = next;
        if (record.length > 0) batch->records[batch->count++] = record;
    }
    return HRA_OK;
}

hra_code hra_record_reader_next(hra_record_reader *reader, int most, size_t bytes, hra_batch *batch, hra_error *error)
{
    batch->count = 0;
    hra_buffer_clear(&batch->text);
    if (reader->rest.length > 0) hra_buffer_append(&batch->text, reader->rest.bytes, reader->rest.length);
    hra_buffer_clear(&reader->rest);
    reader->cutter.feedless = 0;
    size_t at = 0;
    for (;;) {
        HRA_TRY(cut_all(reader, most, batch, &at, error));
        if (batch->count == most || reader->end || (at >= bytes && batch->count > 0)) break;
        if (batch->text.length - at > HRA_LINE_LIMIT)
            return hra_fail(error, HRA_EINPUT, "%s: line %lld is longer than %d MB: this is not a table of text",
                            reader->path, (long long)reader->line, HRA_LINE_LIMIT >> 20);
        HRA_TRY(hra_text_stream_read(reader->stream, &batch->text, &reader->end, error));
    }
    if (at < batch->text.length) hra_buffer_append(&reader->rest, batch->text.bytes + at, batch->text.length - at);
    if (batch->text.failed || reader->rest.failed) return hra_out_of_memory(error);
    batch->text.length = at;
    return HRA_OK;
}
