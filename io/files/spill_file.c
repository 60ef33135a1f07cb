#include "io/files/spill_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int hra_spill_file_init(hra_spill_file *spill, const char *beside)
{
    *spill = (hra_spill_file){.beside = strdup(beside), .file = -1};
    return spill->beside != NULL;
}

void hra_spill_file_close(hra_spill_file *spill)
{
    if (spill->beside && spill->file >= 0) close(spill->file);
    free(spill->beside);
    *spill = (hra_spill_file){.file = -1};
}

static hra_code open_file(hra_spill_file *spill, hra_error *error)
{
    const char *slash = strrchr(spill->beside, '/');
    char *path;
    if (asprintf(&path, "%.*s.hra-%ld-XXXXXX", slash ? (int)(slash + 1 - spill->beside) : 0, spill->beside,
                 (long)getpid()) < 0)
        return hra_out_of_memory(error);
    spill->file = mkostemp(path, O_CLOEXEC); /* 0600 */
    hra_code code = HRA_OK;
    if (spill->file < 0)
        code = hra_fail(error, HRA_EIO, "%s: cannot create a temporary file in this folder: %s", spill->beside,
                        strerror(errno));
    else if (unlink(path) != 0)
        code = hra_fail(error, HRA_EIO, "%s: cannot unlink this temporary file: %s", path, strerror(errno));
    free(path);
    return code;
}

hra_code hra_spill_append(hra_spill_file *spill, const void *bytes, size_t length, hra_error *error)
{
    if (spill->file < 0) HRA_TRY(open_file(spill, error));
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = pwrite(spill->file, at, length, (off_t)spill->written);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return hra_fail(error, HRA_EIO, "%s: writing a temporary file beside it failed after %lld MiB: %s",
                            spill->beside, (long long)(spill->written >> 20), strerror(done < 0 ? errno : ENOSPC));
        at += done;
        length -= (size_t)done;
        spill->written += done;
    }
    return HRA_OK;
}

hra_code hra_spill_read(const hra_spill_file *spill, int64_t offset, void *bytes, size_t length, hra_error *error)
{
    char *at = bytes;
    while (length > 0) {
        ssize_t done = pread(spill->file, at, length, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return hra_fail(error, HRA_EIO, "%s: reading a temporary file beside it failed: %s", spill->beside,
                            done < 0 ? strerror(errno) : "it is shorter than what was written");
        at += done;
        length -= (size_t)done;
        offset += done;
    }
    return HRA_OK;
}
