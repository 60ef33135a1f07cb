/* Any bytes as an old workbook: rows come out or a message does; what was examined opens, and what comes out is the
 * same however often it is read. Input: a whole file; or, behind a byte '0', bare records, which are put into a
 * compound file first; so most of what is tried gets behind the sectors. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "io/tables/text_stream.h"
#include "tests/tools/xls_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
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
    if (!hra_is_utf8(text->bytes, text->length)) fail("the text is not UTF-8");
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
    if (facts.kind == HRA_FILE_OLD_WORKBOOK) {
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
    hra_buffer records = {0}, file = {0};
    int descriptor = mkstemp(path);
    if (descriptor < 0) fail("no temporary file");
    if (size > 0 && data[0] == '0') {
        hra_buffer_append(&records, data + 1, size - 1);
        xls_contain(&records, "Workbook", 9, &file);
    } else {
        hra_buffer_append(&file, data, size);
    }
    if (file.length > 0 && write(descriptor, file.bytes, file.length) != (ssize_t)file.length)
        fail("cannot write the temporary file");
    close(descriptor);
    check_book(path);
    unlink(path);
    hra_buffer_destroy(&records);
    hra_buffer_destroy(&file);
    return 0;
}
