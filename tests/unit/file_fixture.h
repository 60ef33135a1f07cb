/* Files that tests look into. */
#ifndef HRA_TESTS_FILE_FIXTURE_H
#define HRA_TESTS_FILE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"

/* The whole text of a file, to be freed. */
static inline char *file_text(const char *path)
{
    hra_buffer text = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) hra_buffer_append(&text, block, got);
    assert_false(ferror(file));
    fclose(file);
    hra_buffer_text(&text, ""); /* of an empty file, too, there is a text */
    assert_non_null(text.bytes);
    return text.bytes;
}

#endif
