#include "report/person/urgent_records.h"

#include <stdio.h>

hra_code hra_urgent_list_read(const char *path, hra_buffer *list, hra_error *error)
{
    char block[65536];
    FILE *file = fopen(path, "rb");
    if (!file) return hra_fail(error, HRA_EIO, "cannot read %s: %m", path);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;) hra_buffer_append(list, block, n);
    bool failed = ferror(file) || list->failed;
    fclose(file);
    return failed ? hra_fail(error, HRA_EIO, "cannot read %s", path) : HRA_OK;
}

bool hra_urgent_record_end(const char *text, const char *end, const char **next)
{
    bool quoted = false;
    for (const char *at = text; at < end; at++) {
        if (*at == '"') quoted = !quoted;
        if (*at != '\n' || quoted) continue;
        *next = at + 1;
        return true;
    }
    return false;
}
