#include "io/text_stream.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/byte_stream.h"

/* ---- what is not text --------------------------------------------------------- */

static const struct {
    const char *start;
    size_t length;
    const char *what;
} not_text[] = {
    {"PK\x03\x04", 4, "a zip archive or an Excel workbook (.xlsx): unpack it, or save the sheet as CSV (UTF-8)"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook (.xls): save the sheet as CSV (UTF-8)"},
    {"\x89HDF\r\n", 6, "an HDF5 file, not a text file"},
    {"\xFD"
     "7zXZ",
     5, "an xz archive: unpack it first"},
    {"BZh", 3, "a bzip2 archive: unpack it first"},
    {"\x28\xB5\x2F\xFD", 4, "a zstd archive: unpack it first"},
    {"7z\xBC\xAF", 4, "a 7z archive: unpack it first"},
    {"Rar!", 4, "a rar archive: unpack it first"},
    {"%PDF", 4, "a PDF document: deliver the table as CSV"},
};

static hra_code refuse_other_kinds(const char *path, const unsigned char *bytes, size_t length, hra_error *error)
{
    for (size_t i = 0; i < sizeof not_text / sizeof not_text[0]; i++)
        if (length >= not_text[i].length && memcmp(bytes, not_text[i].start, not_text[i].length) == 0)
            return hra_fail(error, HRA_EINPUT, "%s: this is %s", path, not_text[i].what);
    static const char *const markup[] = {"<html", "<!doctype", "<table", "<?xml"};
    size_t at = 0;
    while (at < length && (bytes[at] <= ' ' || bytes[at] >= 0x80)) at++;
    for (size_t i = 0; i < sizeof markup / sizeof markup[0]; i++)
        if (length - at > strlen(markup[i]) && strncasecmp((const char *)bytes + at, markup[i], strlen(markup[i])) == 0)
            return hra_fail(error, HRA_EINPUT,
                            "%s: this is a web page or XML, whatever its name: save the table as CSV", path);
    return HRA_OK;
}

/* ---- first reading -------------------------------------------------------------- */

static hra_code examine_all(hra_byte_stream *bytes, const char *path, hra_text_facts *facts, hra_error *error)
{
    hra_encoding_probe probe;
    hra_encoding_probe_start(&probe);
    const unsigned char *block;
    size_t length;
    do {
        HRA_TRY(hra_byte_stream_next(bytes, &block, &length, error));
        if (probe.offset == 0) HRA_TRY(refuse_other_kinds(path, block, length, error));
        hra_encoding_probe_feed(&probe, block, length);
    } while (length > 0);
    facts->encoding = hra_encoding_probe_finish(&probe, &facts->damaged, &facts->first_damaged);
    facts->checked = facts->damaged == 0;
    return HRA_OK;
}

static hra_code examine_start(hra_byte_stream *bytes, const char *path, const char *encoding, hra_text_facts *facts,
                              hra_error *error)
{
    const unsigned char *block;
    size_t length;
    if (!hra_encoding_parse(encoding, &facts->encoding))
        return hra_fail(error, HRA_EUSAGE, "encoding '%s' is not known; use utf-8, gb18030 (also for gbk) or utf-16le",
                        encoding);
    facts->first_damaged = -1;
    HRA_TRY(hra_byte_stream_next(bytes, &block, &length, error));
    return refuse_other_kinds(path, block, length, error);
}

hra_code hra_text_examine(const char *path, const char *encoding, hra_text_facts *facts, hra_error *error)
{
    *facts = (hra_text_facts){0};
    hra_byte_stream *bytes;
    HRA_TRY(hra_byte_stream_open(path, &bytes, error));
    facts->gzip = hra_byte_stream_is_gzip(bytes);
    facts->file_bytes = hra_byte_stream_size(bytes);
    facts->changed_ns = hra_byte_stream_changed(bytes);
    hra_code code =
        encoding ? examine_start(bytes, path, encoding, facts, error) : examine_all(bytes, path, facts, error);
    hra_byte_stream_close(bytes);
    return code;
}

/* ---- the stream ------------------------------------------------------------------ */

struct hra_text_stream {
    hra_byte_stream *bytes;
    hra_decoder *decoder;
    bool started;        /* past a byte-order mark */
    int64_t held_ctrl_z; /* Ctrl-Z bytes that stand at the end so far */
};

hra_code hra_text_stream_open(const char *path, const hra_text_facts *facts, hra_text_stream **out, hra_error *error)
{
    *out = NULL;
    hra_text_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = hra_byte_stream_open(path, &stream->bytes, error);
    if (code == HRA_OK && (hra_byte_stream_size(stream->bytes) != facts->file_bytes ||
                           hra_byte_stream_changed(stream->bytes) != facts->changed_ns))
        code = hra_fail(error, HRA_EINPUT, "%s: the file changed while it was being read; start again", path);
    if (code == HRA_OK) code = hra_decoder_new(facts->encoding, facts->checked, &stream->decoder, error);
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
    free(stream);
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

hra_code hra_text_stream_read(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error)
{
    const unsigned char *block;
    size_t length, before = out->length;
    *end = false;
    while (out->length < before + 3 && !*end) { /* at least the length of a byte-order mark */
        HRA_TRY(hra_byte_stream_next(stream->bytes, &block, &length, error));
        *end = length == 0;
        HRA_TRY(hra_decoder_feed(stream->decoder, block, length, *end, out, error));
        if (stream->started) break;
    }
    if (!stream->started && out->length >= before + 3 && memcmp(out->bytes + before, "\xEF\xBB\xBF", 3) == 0) {
        memmove(out->bytes + before, out->bytes + before + 3, out->length - before - 3);
        out->length -= 3;
    }
    stream->started = true;
    hold_ctrl_z(stream, out, before);
    return out->failed ? hra_fail(error, HRA_ENOMEM, "out of memory") : HRA_OK;
}

int64_t hra_text_stream_bytes_done(const hra_text_stream *stream) { return hra_byte_stream_done(stream->bytes); }
