#include "service/tables/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static hra_code open_unlinked(const char *beside, int *file, hra_error *error)
{
    const char *slash = strrchr(beside, '/');
    char *path;
    if (asprintf(&path, "%.*s.hra-%ld-XXXXXX", slash ? (int)(slash + 1 - beside) : 0, beside, (long)getpid()) < 0)
        return hra_out_of_memory(error);
    *file = mkostemp(path, O_CLOEXEC); /* 0600 */
    hra_code code = HRA_OK;
    if (*file < 0)
        code =
            hra_fail(error, HRA_EIO, "%s: cannot create a temporary file in this folder: %s", beside, strerror(errno));
    else if (unlink(path) != 0)
        code = hra_fail(error, HRA_EIO, "%s: cannot unlink a temporary file beside it: %s", beside, strerror(errno));
    free(path);
    return code;
}

hra_code hra_scratch_open(const char *beside, size_t size, hra_scratch *out, hra_error *error)
{
    int file = -1;
    *out = (hra_scratch){0};
    if (size == 0) return HRA_OK;
    hra_code code = open_unlinked(beside, &file, error);
    /* allocated now: a full disk found later would be a signal, not an error */
    int fault = code ? 0 : posix_fallocate(file, 0, (off_t)size);
    if (fault)
        code = hra_fail(error, HRA_EIO, "%s: no room for a temporary file of %zu MiB beside it: %s", beside,
                        (size >> 20) + 1, strerror(fault));
    void *memory = code ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (!code && memory == MAP_FAILED)
        code = hra_fail(error, HRA_ENOMEM, "a temporary file of %zu MiB cannot be mapped: %s", (size >> 20) + 1,
                        strerror(errno));
    if (file >= 0) close(file);
    if (!code) *out = (hra_scratch){memory, size};
    return code;
}

void hra_scratch_close(hra_scratch *scratch)
{
    if (scratch->memory) munmap(scratch->memory, scratch->size);
    *scratch = (hra_scratch){0};
}
