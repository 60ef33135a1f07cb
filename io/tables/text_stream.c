#include "io/tables/text_stream.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/byte_stream.h"
#include "io/tables/hdf5_table.h"
#include "io/tables/markup_table.h"
#include "io/tables/xls_table.h"
#include "io/tables/xlsx_table.h"

/* ---- first reading -------------------------------------------------------------- */

static hra_code open_bytes(const char *path, hra_file_kind kind, hra_byte_stream **bytes, hra_error *error)
{
    return kind == HRA_FILE_ZIPPED_TEXT ? hra_byte_stream_open_zipped(path, bytes, error)
                                        : hra_byte_stream_open(path, bytes, error);
}

/* The encoding of a large text, if its start lets expect one. */
static void guess_encoding(const unsigned char *start, size_t length, hra_text_facts *facts)
{
    hra_encoding_probe probe;
    hra_encoding_probe_start(&probe);
    hra_encoding_probe_feed(&probe, start, length);
    facts->guessed = facts->checked = hra_encoding_probe_guess(&probe, &facts->encoding);
}

static hra_code look_at_start(const char *path, bool guess, hra_text_facts *facts, hra_error *error)
{
    hra_byte_stream *bytes;
    const unsigned char *block;
    size_t length;
    HRA_TRY(hra_byte_stream_open(path, &bytes, error));
    facts->gzip = hra_byte_stream_is_gzip(bytes);
    facts->file_bytes = hra_byte_stream_size(bytes);
    facts->changed_ns = hra_byte_stream_changed(bytes);
    hra_code code = hra_byte_stream_next(bytes, &block, &length, error);
    if (code == HRA_OK) code = hra_file_kind_of(path, block, length, facts->gzip, &facts->kind, error);
    bool large = facts->kind == HRA_FILE_TEXT && facts->file_bytes > HRA_BYTE_FIRST;
    if (code == HRA_OK && guess && large) guess_encoding(block, length, facts);
    hra_byte_stream_close(bytes);
    return code;
}

/* What is packed in a zip archive must be text itself. */
static hra_code check_unpacked(const char *path, const unsigned char *start, size_t length, hra_error *error)
{
    hra_file_kind kind = HRA_FILE_TEXT;
    if (length >= 2 && start[0] == 0x1F && start[1] == 0x8B)
        return hra_fail(error, HRA_EINPUT, "%s: the file in this zip archive is packed once more: unpack it first",
                        path);
    HRA_TRY(hra_file_kind_of(path, start, length, true, &kind, error));
    if (kind == HRA_FILE_MARKUP)
        return hra_fail(error, HRA_EINPUT, "%s: there is a web page in this zip archive: unpack it first", path);
    return HRA_OK;
}

static hra_code examine_all(hra_byte_stream *bytes, const char *path, hra_text_facts *facts, hra_error *error)
{
    hra_encoding_probe probe;
    hra_encoding_probe_start(&probe);
    const unsigned char *block;
    size_t length;
    do {
        HRA_TRY(hra_byte_stream_next(bytes, &block, &length, error));
        if (probe.offset == 0 && facts->kind == HRA_FILE_ZIPPED_TEXT)
            HRA_TRY(check_unpacked(path, block, length, error));
        hra_encoding_probe_feed(&probe, block, length);
    } while (length > 0);
    facts->encoding = hra_encoding_probe_finish(&probe, &facts->damaged, &facts->first_damaged);
    facts->checked = facts->damaged == 0;
    return HRA_OK;
}

static hra_code parse_encoding(const char *name, hra_encoding *encoding, hra_error *error)
{
    if (!name || hra_encoding_parse(name, encoding)) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE,
                    "encoding '%s' is not known; use utf-8, gb18030 (also for gbk), big5, windows-1252 or utf-16le",
                    name);
}

static hra_code examine_text(const char *path, const char *encoding, hra_text_facts *facts, hra_error *error)
{
    HRA_TRY(parse_encoding(encoding, &facts->encoding, error));
    facts->first_damaged = -1;
    if (encoding && facts->kind == HRA_FILE_TEXT) return HRA_OK;
    if (facts->guessed) return HRA_OK;
    hra_byte_stream *bytes;
    hra_encoding given = facts->encoding;
    HRA_TRY(open_bytes(path, facts->kind, &bytes, error));
    hra_code code = examine_all(bytes, path, facts, error);
    hra_byte_stream_close(bytes);
    if (code == HRA_OK && encoding) { /* an archive is read through to know that it is whole */
        facts->encoding = given;
        facts->checked = false;
        facts->damaged = 0;
        facts->first_damaged = -1;
    }
    return code;
}

static hra_code examine_workbook(const char *path, const char *table, hra_text_facts *facts, hra_error *error)
{
    hra_zip *zip;
    HRA_TRY(hra_zip_open(path, &zip, error));
    hra_code code = hra_xlsx_examine(zip, table, &facts->table, error);
    hra_zip_close(zip);
    return code;
}

/* Texts from before Excel 97 have an encoding, which may be named. */
static hra_code examine_old_workbook(const char *path, const char *encoding, const char *table, hra_text_facts *facts,
                                     hra_error *error)
{
    hra_xls_book *book;
    hra_encoding given;
    HRA_TRY(parse_encoding(encoding, &given, error));
    HRA_TRY(hra_xls_book_open(path, encoding ? &given : NULL, &book, error));
    facts->source = book->encoding;
    hra_code code = hra_xls_examine(book, table, &facts->table, error);
    hra_xls_book_close(book);
    return code;
}

/* In the bytes that the facts are of. */
static hra_code search_markup(hra_markup_table *table, const char *path, const hra_text_facts *facts, hra_error *error)
{
    hra_text_stream *stream;
    hra_text_facts text = *facts;
    hra_buffer block = {0};
    text.kind = HRA_FILE_TEXT;
    HRA_TRY(hra_text_stream_open(path, &text, &stream, error));
    hra_code code = HRA_OK;
    for (bool end = false; code == HRA_OK && !end;) {
        hra_buffer_clear(&block);
        code = hra_text_stream_read(stream, &block, &end, error);
        if (code == HRA_OK) code = hra_markup_table_feed(table, block.bytes, block.length, end, NULL, error);
    }
    hra_buffer_destroy(&block);
    hra_text_stream_close(stream);
    return code;
}

static hra_code examine_markup(const char *path, const char *encoding, const char *wanted, hra_text_facts *facts,
                               hra_error *error)
{
    hra_markup_table *table = NULL;
    HRA_TRY(examine_text(path, encoding, facts, error));
    hra_code code = hra_markup_table_search(path, wanted, &table, error);
    if (code == HRA_OK) code = search_markup(table, path, facts, error);
    if (code == HRA_OK) code = hra_markup_table_chosen(table, &facts->table, error);
    hra_markup_table_close(table);
    facts->source = facts->encoding;
    facts->encoding = HRA_UTF8;
    facts->delimiter = ',';
    return code;
}

static hra_code examine(const char *path, const char *encoding, const char *table, bool guess, hra_text_facts *facts,
                        hra_error *error)
{
    *facts = (hra_text_facts){0};
    HRA_TRY(look_at_start(path, guess && !encoding, facts, error));
    if (facts->kind == HRA_FILE_TEXT || facts->kind == HRA_FILE_ZIPPED_TEXT)
        return examine_text(path, encoding, facts, error);
    if (facts->kind == HRA_FILE_MARKUP) return examine_markup(path, encoding, table, facts, error);
    facts->encoding = HRA_UTF8;
    facts->checked = true;
    facts->first_damaged = -1;
    facts->delimiter = ',';
    if (facts->kind == HRA_FILE_WORKBOOK) return examine_workbook(path, table, facts, error);
    if (facts->kind == HRA_FILE_OLD_WORKBOOK) return examine_old_workbook(path, encoding, table, facts, error);
    return hra_hdf5_table_examine(path, table, &facts->table, error);
}

hra_code hra_text_examine_table(const char *path, const char *encoding, const char *table, hra_text_facts *facts,
                                hra_error *error)
{
    return examine(path, encoding, table, false, facts, error);
}

hra_code hra_text_guess_table(const char *path, const char *encoding, const char *table, hra_text_facts *facts,
                              hra_error *error)
{
    return examine(path, encoding, table, true, facts, error);
}

hra_code hra_text_examine(const char *path, const char *encoding, hra_text_facts *facts, hra_error *error)
{
    return hra_text_examine_table(path, encoding, NULL, facts, error);
}

bool hra_text_is_made(const hra_text_facts *facts)
{
    return facts->kind != HRA_FILE_TEXT && facts->kind != HRA_FILE_ZIPPED_TEXT;
}

bool hra_text_has_others(const hra_text_facts *facts)
{
    bool sheets = facts->kind == HRA_FILE_WORKBOOK || facts->kind == HRA_FILE_OLD_WORKBOOK;
    return (sheets || facts->kind == HRA_FILE_MARKUP) && *facts->table.not_read;
}

/* ---- the stream ------------------------------------------------------------------ */

struct hra_text_stream {
    hra_file_kind kind;
    /* text files */
    hra_byte_stream *bytes;
    hra_decoder *decoder;
    hra_encoding_probe *probe; /* of an encoding that was guessed */
    hra_encoding guess;
    char *path;
    bool started;        /* past a byte-order mark */
    int64_t held_ctrl_z; /* Ctrl-Z bytes that stand at the end so far */
    /* web pages: the text above is their source */
    hra_markup_table *markup;
    hra_buffer source;
    /* workbooks and HDF5 files */
    hra_table_choice choice;
    hra_zip *zip;
    hra_xlsx_table *sheet;
    hra_xls_book *old_book;
    hra_xls_table *old_sheet;
    hra_hdf5_table *table;
};

static hra_code changed(const char *path, hra_error *error)
{
    return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", path);
}

/* Holds a guess against every block, and at the end (length 0) against what the whole file is. */
static hra_code check_guess(void *context, const unsigned char *block, size_t length, hra_error *error)
{
    hra_text_stream *stream = context;
    hra_encoding found = stream->guess;
    int64_t damaged = 0, first_damaged;
    hra_encoding_probe_feed(stream->probe, block, length);
    if (length == 0) found = hra_encoding_probe_finish(stream->probe, &damaged, &first_damaged);
    if (found == stream->guess && damaged == 0 && hra_encoding_probe_bears(stream->probe, found)) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s: the file is not the %s text that its start lets expect", stream->path,
                    hra_encoding_name(stream->guess));
}

static hra_code watch(hra_text_stream *stream, const char *path, hra_error *error)
{
    stream->probe = malloc(sizeof *stream->probe);
    stream->path = strdup(path);
    if (!stream->probe || !stream->path) return hra_out_of_memory(error);
    hra_encoding_probe_watch(stream->probe, stream->guess);
    hra_byte_stream_watch(stream->bytes, check_guess, stream);
    return HRA_OK;
}

static hra_code open_text(hra_text_stream *stream, const char *path, const hra_text_facts *facts, hra_error *error)
{
    HRA_TRY(open_bytes(path, facts->kind, &stream->bytes, error));
    if (hra_byte_stream_size(stream->bytes) != facts->file_bytes ||
        hra_byte_stream_changed(stream->bytes) != facts->changed_ns)
        return changed(path, error);
    stream->guess = facts->encoding;
    if (facts->guessed) HRA_TRY(watch(stream, path, error));
    return hra_decoder_new(facts->encoding, facts->checked, &stream->decoder, error);
}

static hra_code open_markup(hra_text_stream *stream, const char *path, const hra_text_facts *facts, hra_error *error)
{
    hra_text_facts source = *facts;
    source.encoding = facts->source;
    stream->path = strdup(path);
    if (!stream->path) return hra_out_of_memory(error);
    HRA_TRY(open_text(stream, path, &source, error));
    return hra_markup_table_open(stream->path, &stream->choice, &stream->markup, error);
}

static hra_code open_sheet(hra_text_stream *stream, const char *path, const hra_text_facts *facts, hra_error *error)
{
    HRA_TRY(hra_zip_open(path, &stream->zip, error));
    if (hra_zip_file_bytes(stream->zip) != facts->file_bytes || hra_zip_changed(stream->zip) != facts->changed_ns)
        return changed(path, error);
    return hra_xlsx_table_open(stream->zip, &stream->choice, &stream->sheet, error);
}

static hra_code open_old_sheet(hra_text_stream *stream, const char *path, const hra_text_facts *facts, hra_error *error)
{
    HRA_TRY(hra_xls_book_open(path, &facts->source, &stream->old_book, error));
    const hra_compound *file = stream->old_book->file;
    if (hra_compound_file_bytes(file) != facts->file_bytes || hra_compound_changed(file) != facts->changed_ns)
        return changed(path, error);
    return hra_xls_table_open(stream->old_book, &stream->choice, &stream->old_sheet, error);
}

hra_code hra_text_stream_open(const char *path, const hra_text_facts *facts, hra_text_stream **out, hra_error *error)
{
    *out = NULL;
    hra_text_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return hra_out_of_memory(error);
    stream->kind = facts->kind;
    stream->choice = facts->table;
    hra_code code = HRA_OK;
    switch (facts->kind) {
    case HRA_FILE_TEXT:
    case HRA_FILE_ZIPPED_TEXT: code = open_text(stream, path, facts, error); break;
    case HRA_FILE_MARKUP: code = open_markup(stream, path, facts, error); break;
    case HRA_FILE_WORKBOOK: code = open_sheet(stream, path, facts, error); break;
    case HRA_FILE_OLD_WORKBOOK: code = open_old_sheet(stream, path, facts, error); break;
    case HRA_FILE_HDF5: code = hra_hdf5_table_open(path, &stream->choice, &stream->table, error); break;
    }
    if (code != HRA_OK) {
        hra_text_stream_close(stream);
        return code;
    }
    *out = stream;
    return HRA_OK;
}

void hra_text_stream_close(hra_text_stream *stream)
{
    if (!stream) return;
    hra_byte_stream_close(stream->bytes);
    hra_decoder_free(stream->decoder);
    free(stream->probe);
    hra_markup_table_close(stream->markup);
    hra_buffer_destroy(&stream->source);
    free(stream->path);
    hra_xlsx_table_close(stream->sheet);
    hra_zip_close(stream->zip);
    hra_xls_table_close(stream->old_sheet);
    hra_xls_book_close(stream->old_book);
    hra_hdf5_table_close(stream->table);
    free(stream);
}

void hra_text_stream_stay(hra_text_stream *stream)
{
    if (stream->bytes) hra_byte_stream_stay(stream->bytes);
}

/* Old exports end with Ctrl-Z. It is held back until something follows it. */
static void hold_ctrl_z(hra_text_stream *stream, hra_buffer *out, size_t before)
{
    if (out->length == before || out->failed) return;
    size_t end = out->length;
    while (end > before && out->bytes[end - 1] == 0x1A) end--;
    int64_t found = (int64_t)(out->length - end);
    out->length = end;
    if (end > before && stream->held_ctrl_z > 0) {
        size_t held = (size_t)stream->held_ctrl_z;
        if (!hra_buffer_reserve(out, held)) return;
        memmove(out->bytes + before + held, out->bytes + before, end - before);
        memset(out->bytes + before, 0x1A, held);
        out->length += held;
        stream->held_ctrl_z = 0;
    }
    stream->held_ctrl_z += found;
    out->bytes[out->length] = '\0';
}

static hra_code read_text(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error)
{
    const unsigned char *block;
    size_t length, before = out->length;
    *end = false;
    while (out->length < before + 3 && !*end) { /* at least the length of a byte-order mark */
        if (hra_decoder_is_idle(stream->decoder)) {
            HRA_TRY(hra_byte_stream_append(stream->bytes, out, &length, error));
            *end = length == 0;
        } else {
            HRA_TRY(hra_byte_stream_next(stream->bytes, &block, &length, error));
            *end = length == 0;
            HRA_TRY(hra_decoder_feed(stream->decoder, block, length, *end, out, error));
        }
        if (stream->started) break;
    }
    if (!stream->started && out->length >= before + 3 && memcmp(out->bytes + before, "\xEF\xBB\xBF", 3) == 0) {
        memmove(out->bytes + before, out->bytes + before + 3, out->length - before - 3);
        out->length -= 3;
    }
    stream->started = true;
    hold_ctrl_z(stream, out, before);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code read_markup(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error)
{
    size_t before = out->length;
    for (*end = false; out->length == before && !*end;) {
        hra_buffer *source = &stream->source;
        hra_buffer_clear(source);
        HRA_TRY(read_text(stream, source, end, error));
        HRA_TRY(hra_markup_table_feed(stream->markup, source->bytes, source->length, *end, out, error));
    }
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code read_old_sheet(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error)
{
    HRA_TRY(hra_xls_table_read(stream->old_sheet, out, end, error));
    return *end ? hra_compound_check_unchanged(stream->old_book->file, error) : HRA_OK;
}

hra_code hra_text_stream_read(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error)
{
    if (stream->markup) return read_markup(stream, out, end, error);
    if (stream->old_sheet) return read_old_sheet(stream, out, end, error);
    if (stream->table) return hra_hdf5_table_read(stream->table, out, end, error);
    if (!stream->sheet) return read_text(stream, out, end, error);
    HRA_TRY(hra_xlsx_table_read(stream->sheet, out, end, error));
    return *end ? hra_zip_check_unchanged(stream->zip, error) : HRA_OK;
}

int64_t hra_text_stream_bytes_done(const hra_text_stream *stream)
{
    if (stream->table) return hra_hdf5_table_progress(stream->table);
    if (stream->old_sheet) return hra_xls_table_progress(stream->old_sheet);
    return stream->sheet ? hra_xlsx_table_progress(stream->sheet) : hra_byte_stream_done(stream->bytes);
}
