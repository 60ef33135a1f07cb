#include "service/tables/table_file.h"

#include "io/files/atomic_file.h"

hra_code hra_table_file_write(const char *path, const hra_table_parts *parts, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_buffer out = {0};
    hra_code code = HRA_OK;
    HRA_TRY(hra_atomic_open(path, &file, error));
    hra_buffer_text(&out, parts->header);
    for (int part = 0; part < parts->count && !code; part++) {
        parts->put(parts->context, part, &out);
        if (out.failed) code = hra_out_of_memory(error);
        if (!code && fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)) != out.length)
            code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
        hra_buffer_clear(&out);
    }
    hra_buffer_destroy(&out);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}
