/* Any bytes as a web page or Excel 2003 XML: reading ends, and does not depend on where the blocks are cut. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/tables/markup_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static hra_code feed(hra_markup_table *table, const char *page, size_t size, size_t block, hra_buffer *out)
{
    hra_error error = {0};
    hra_code code = HRA_OK;
    for (size_t at = 0; code == HRA_OK && at <= size; at += block) {
        size_t some = size - at < block ? size - at : block;
        code = hra_markup_table_feed(table, page + at, some, at + block > size, out, &error);
    }
    return code;
}

static hra_code read_page(const char *page, size_t size, size_t block, hra_buffer *out)
{
    hra_table_choice choice = {0};
    hra_markup_table *table;
    hra_error error = {0};
    if (hra_markup_table_search("page", NULL, &table, &error) != HRA_OK) abort();
    hra_code code = feed(table, page, size, block, NULL);
    if (code == HRA_OK) code = hra_markup_table_chosen(table, &choice, &error);
    hra_markup_table_close(table);
    if (code != HRA_OK) return code;
    if (hra_markup_table_open("page", &choice, &table, &error) != HRA_OK) abort();
    code = feed(table, page, size, block, out);
    hra_markup_table_close(table);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *page = malloc(size + 1);
    hra_buffer whole = {0}, cut = {0};
    if (!page) return 0;
    memcpy(page, data, size);
    page[size] = '\0';
    size_t length = strlen(page); /* text streams refuse NUL bytes later, by line */
    hra_code code = read_page(page, length, length + 1, &whole);
    if (read_page(page, length, 5, &cut) != code || whole.length != cut.length ||
        (whole.length && memcmp(whole.bytes, cut.bytes, whole.length) != 0)) {
        fprintf(stderr, "blocks of 5 bytes give something else\n");
        abort();
    }
    hra_buffer_destroy(&whole);
    hra_buffer_destroy(&cut);
    free(page);
    return 0;
}
