/* Any bytes as the parts of a workbook: rows come out or a message does; what was examined opens, and what comes out is
 * the same however often it is read. Input: parts of a workbook, a line "@@name" before each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zip.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/tables/text_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PARTS = 16 };

static const struct {
    const char *name, *text;
} usual[] = {
    {"[Content_Types].xml", "<Types/>"},
    {"_rels/.rels", "<R><Relationship Id=\"1\" Type=\"/officeDocument\" Target=\"xl/workbook.xml\"/></R>"},
    {"xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"sheet.xml\"/>"
                                   "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"strings.xml\"/>"
                                   "<Relationship Id=\"3\" Type=\"/styles\" Target=\"styles.xml\"/></R>"},
    {"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></workbook>"},
    {"xl/sheet.xml", "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>"},
    {"xl/strings.xml", "<sst><si><t>x</t></si></sst>"},
    {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void put(zip_t *zip, const char *name, const void *bytes, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);
    zip_int64_t index = source ? zip_file_add(zip, name, source, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0)
        zip_source_free(source);
    else
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

/* The given parts instead of the usual ones. False: nothing that could be an archive. */
static bool write_book(const char *path, const uint8_t *data, size_t size)
{
    static char names[MOST_PARTS][64];
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!zip) fail("no archive");
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        put(zip, usual[i].name, usual[i].text, strlen(usual[i].text));
    const uint8_t *end = data + size;
    for (int i = 0; i < MOST_PARTS && end - data > 3; i++) {
        const uint8_t *line = memchr(data, '\n', (size_t)(end - data));
        if (data[0] != '@' || data[1] != '@' || !line || line - data - 2 >= (long)sizeof names[i]) break;
        memcpy(names[i], data + 2, (size_t)(line - data - 2));
        names[i][line - data - 2] = '\0';
        const uint8_t *text = line + 1, *next = memmem(line, (size_t)(end - line), "\n@@", 3);
        size_t length = next == line ? 0 : (size_t)((next ? next : end) - text);
        if (names[i][0]) put(zip, names[i], text, length);
        data = next ? next + 1 : end;
    }
    if (zip_close(zip) == 0) return true;
    zip_discard(zip);
    return false;
}

static hra_code read_all(const char *path, const hra_text_facts *facts, hra_buffer *text, hra_error *error)
{
    hra_text_stream *stream;
    bool end = false;
    hra_code code = hra_text_stream_open(path, facts, &stream, error);
    if (code != HRA_OK) return code;
    while (code == HRA_OK && !end) code = hra_text_stream_read(stream, text, &end, error);
    hra_text_stream_close(stream);
    return code;
}

/* The text must be what it claims: valid, without control characters, one line for each row. */
static void check_text(const hra_buffer *text)
{
    hra_encoding_probe probe;
    int64_t errors, first;
    hra_encoding_probe_start(&probe);
    hra_encoding_probe_feed(&probe, (const unsigned char *)text->bytes, text->length);
    if (text->length > 3 && (hra_encoding_probe_finish(&probe, &errors, &first) != HRA_UTF8 || errors > 0))
        fail("the text is not UTF-8");
    for (size_t i = 0; i < text->length; i++)
        if ((unsigned char)text->bytes[i] < ' ' && text->bytes[i] != '\n') fail("a control character came through");
}

static void check_book(const char *path)
{
    hra_text_facts facts;
    hra_error error = {0};
    hra_buffer once = {0}, again = {0};
    if (hra_text_examine(path, NULL, &facts, &error) != HRA_OK) {
        if (!error.message[0]) fail("refused without a word");
        return;
    }
    if (facts.kind == HRA_FILE_WORKBOOK) {
        hra_code code = read_all(path, &facts, &once, &error), second = read_all(path, &facts, &again, &error);
        if (code != second || once.length != again.length ||
            (once.length > 0 && memcmp(once.bytes, again.bytes, once.length) != 0))
            fail("read twice, it differs");
        if (once.length > 0) check_text(&once);
    }
    hra_buffer_destroy(&once);
    hra_buffer_destroy(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/hra-fuzz-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0) fail("no temporary file");
    if (size >= 2 && memcmp(data, "PK", 2) == 0) { /* a whole archive */
        if (write(descriptor, data, size) != (ssize_t)size) fail("cannot write the temporary file");
        close(descriptor);
        check_book(path);
    } else {
        close(descriptor);
        if (write_book(path, data, size)) check_book(path);
    }
    unlink(path);
    return 0;
}
