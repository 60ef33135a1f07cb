/* A CSV table written part by part, such as group by group: whole or not at all. */
#ifndef HRA_SERVICE_TABLE_FILE_H
#define HRA_SERVICE_TABLE_FILE_H

#include "base/buffer.h"
#include "base/fail.h"

typedef struct hra_table_parts {
    const char *header; /* with its line end */
    int count;
    void (*put)(const void *context, int part, hra_buffer *out); /* the lines of one part */
    const void *context;
} hra_table_parts;

hra_code hra_table_file_write(const char *path, const hra_table_parts *parts, hra_error *error);

#endif
