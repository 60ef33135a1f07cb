#include "intake/join/join_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "io/files/atomic_file.h"

struct hra_join_list {
    hra_atomic_file *file;
    const char *const *files;
    hra_buffer line;
};

void hra_join_key_read(const char *text, uint64_t key[2])
{
    key[0] = key[1] = 0;
    for (int i = 0; i < 32; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned digit = c <= '9' ? c - 48u : (c | 32u) - 'a' + 10u;
        key[i / 16] = key[i / 16] << 4 | (digit & 15);
    }
}

void hra_join_key_write(const uint64_t key[2], char out[HRA_JOIN_KEY_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) out[i] = digits[key[i / 16] >> (60 - 4 * (i % 16)) & 15];
    out[32] = '\0';
}

hra_code hra_join_list_new(const char *path, const char *const *files, hra_join_list **out, hra_error *error)
{
    hra_join_list *list = calloc(1, sizeof *list);
    if (!list) return hra_out_of_memory(error);
    list->files = files;
    hra_code code = hra_atomic_open(path, &list->file, error);
    if (code != HRA_OK) {
        free(list);
        return code;
    }
    fputs("key,what,kind,file,line\n", hra_atomic_stream(list->file)); /* commit checks the stream */
    *out = list;
    return HRA_OK;
}

void hra_join_list_add(hra_join_list *list, const uint64_t key[2], const char *what, hra_join_kind kind, int file,
                       int64_t line)
{
    char text[HRA_JOIN_KEY_TEXT];
    hra_join_key_write(key, text);
    hra_buffer_clear(&list->line);
    hra_buffer_printf(&list->line, "%s,%s,%s,", text, what, hra_join_kind_name(kind));
    if (file >= 0) hra_buffer_csv_foreign(&list->line, list->files[file], strlen(list->files[file]));
    if (line >= 0)
        hra_buffer_printf(&list->line, ",%" PRId64 "\n", line);
    else
        hra_buffer_text(&list->line, ",\n");
    if (!list->line.failed) fwrite(list->line.bytes, 1, list->line.length, hra_atomic_stream(list->file));
}

hra_code hra_join_list_finish(hra_join_list *list, hra_error *error)
{
    hra_atomic_file *file = list->file;
    bool failed = list->line.failed;
    list->file = NULL;
    if (failed) list->file = file;
    hra_join_list_free(list);
    return failed ? hra_out_of_memory(error) : hra_atomic_commit(file, error);
}

void hra_join_list_free(hra_join_list *list)
{
    if (!list) return;
    hra_atomic_abandon(list->file);
    hra_buffer_destroy(&list->line);
    free(list);
}
