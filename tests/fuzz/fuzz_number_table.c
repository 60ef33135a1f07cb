/* Any bytes as a table of numbers: it is read or refused with a message, and read again it is the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/results/number_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

/* The first column as numbers, all as texts; NULL: refused. */
static hra_number_table *read_table(const char *path)
{
    hra_number_table *table;
    hra_error error = {0};
    if (hra_number_table_open(path, &table, &error) == HRA_OK) {
        hra_number_table_ask_numbers(table, 0);
        for (int c = 0; c < hra_number_table_width(table); c++) hra_number_table_ask_texts(table, c);
        if (hra_number_table_read(table, &error) == HRA_OK) return table;
        hra_number_table_close(table);
    }
    if (!*error.message) fail("refused without a message");
    return NULL;
}

static void check_rows(const hra_number_table *table, const hra_number_table *again)
{
    int64_t rows = hra_number_table_rows(table);
    if (hra_number_table_rows(again) != rows) fail("other rows");
    for (int c = 0; c < hra_number_table_width(table) && rows > 0; c++) {
        const int32_t *texts = hra_number_table_texts(table, c), *texts_again = hra_number_table_texts(again, c);
        for (int64_t r = 0; r < rows; r++) {
            if (texts[r] < 0 || texts[r] >= hra_number_table_text_count(table, c)) fail("a text that is not there");
            if (strcmp(hra_number_table_text(table, c, texts[r]), hra_number_table_text(again, c, texts_again[r])) != 0)
                fail("another text");
        }
    }
    if (rows > 0 && memcmp(hra_number_table_numbers(table, 0), hra_number_table_numbers(again, 0),
                           (size_t)rows * sizeof(double)) != 0)
        fail("another number");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/hra-fuzz-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0) fail("no temporary file");
    if (write(descriptor, data, size) != (ssize_t)size) fail("cannot write the temporary file");
    close(descriptor);
    hra_number_table *table = read_table(path), *again = read_table(path);
    if (!table != !again) fail("read once, refused once");
    if (table) check_rows(table, again);
    hra_number_table_close(table);
    hra_number_table_close(again);
    unlink(path);
    return 0;
}
