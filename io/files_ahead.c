#include "io/files_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "io/read_ahead.h"

/* What waits of a file: about a batch. */
enum { SMALL = 512 << 10 };

struct hra_files_ahead {
    const hra_binding *binding;
    int next;                    /* file that the thread looks at next */
    hra_record_reader **readers; /* per file: opened and not taken yet */
    hra_read_ahead *thread;      /* gives numbers of files, whose readers stand */
};

static bool is_small(const hra_file_plan *plan)
{
    return plan->text.kind == HRA_FILE_TEXT && !plan->long_form && plan->text.file_bytes <= SMALL;
}

static hra_code open_reader(const hra_file_plan *plan, hra_record_reader **out, hra_error *error)
{
    return hra_record_reader_open(plan->path, &plan->text, plan->delimiter, out, error);
}

/* The number of the next small file, once it is read; a length of 0 behind the last. */
static hra_code open_next(void *context, unsigned char *out, size_t capacity, size_t *length, int64_t *done,
                          hra_error *error)
{
    hra_files_ahead *ahead = context;
    const hra_binding *binding = ahead->binding;
    *length = 0;
    *done = 0;
    while (ahead->next < binding->file_count && !is_small(&binding->files[ahead->next])) ahead->next++;
    if (ahead->next == binding->file_count) return HRA_OK;
    int file = ahead->next++;
    HRA_TRY(open_reader(&binding->files[file], &ahead->readers[file], error));
    HRA_TRY(hra_record_reader_fill(ahead->readers[file], SMALL, error));
    memcpy(out, &file, sizeof file);
    *length = capacity;
    return HRA_OK;
}

hra_files_ahead *hra_files_ahead_start(const hra_binding *binding)
{
    if (binding->file_count < 2) return NULL;
    hra_files_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) return NULL;
    ahead->binding = binding;
    ahead->readers = calloc((size_t)binding->file_count, sizeof *ahead->readers);
    if (ahead->readers) ahead->thread = hra_read_ahead_start(open_next, ahead, sizeof(int));
    if (ahead->thread) return ahead;
    hra_files_ahead_end(ahead);
    return NULL;
}

void hra_files_ahead_end(hra_files_ahead *ahead)
{
    if (!ahead) return;
    hra_read_ahead_end(ahead->thread);
    for (int i = 0; ahead->readers && i < ahead->binding->file_count; i++) hra_record_reader_close(ahead->readers[i]);
    free(ahead->readers);
    free(ahead);
}

hra_code hra_files_ahead_open(hra_files_ahead *ahead, const hra_file_plan *plan, hra_record_reader **out,
                              hra_error *error)
{
    const unsigned char *number;
    size_t length;
    int64_t unused;
    int file;
    *out = NULL;
    if (!ahead || !is_small(plan)) return open_reader(plan, out, error);
    HRA_TRY(hra_read_ahead_next(ahead->thread, &number, &length, &unused, error));
    if (length != sizeof file) return hra_fail(error, HRA_EINTERNAL, "%s was opened before its turn", plan->path);
    memcpy(&file, number, sizeof file);
    if (&ahead->binding->files[file] != plan)
        return hra_fail(error, HRA_EINTERNAL, "%s was opened before its turn", plan->path);
    *out = ahead->readers[file];
    ahead->readers[file] = NULL;
    return HRA_OK;
}
