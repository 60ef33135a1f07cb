#include "io/files/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

enum { PENDING = 1 << 16, WINDOW = 1 << 13 };

struct hra_spool {
    int descriptor; /* -1: all is still pending */
    int64_t written;
    size_t pending; /* bytes not yet written */
    char waiting[PENDING];
    int64_t window_start; /* of what was read last */
    hra_buffer window;
};

hra_spool *hra_spool_new(void)
{
    hra_spool *spool = calloc(1, sizeof *spool);
    if (spool) spool->descriptor = -1;
    return spool;
}

void hra_spool_free(hra_spool *spool)
{
    if (!spool) return;
    if (spool->descriptor >= 0) close(spool->descriptor);
    hra_buffer_destroy(&spool->window);
    free(spool);
}

int64_t hra_spool_size(const hra_spool *spool) { return spool->written + (int64_t)spool->pending; }

static hra_code make_file(hra_spool *spool, hra_error *error)
{
    const char *folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    char path[4096];
    for (int i = 0; i < 3 && spool->descriptor < 0; i++) {
        if (!folders[i] || !*folders[i]) continue;
        if (snprintf(path, sizeof path, "%s/.hra-table.XXXXXX", folders[i]) >= (int)sizeof path) continue;
        spool->descriptor = mkostemp(path, O_CLOEXEC);
        if (spool->descriptor >= 0 && unlink(path) != 0)
            return hra_fail(error, HRA_EIO, "%s: cannot unlink this temporary file: %s", path, strerror(errno));
    }
    if (spool->descriptor >= 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "no temporary file can be made in $TMPDIR, /var/tmp or /tmp: %s", strerror(errno));
}

static hra_code flush(hra_spool *spool, hra_error *error)
{
    if (spool->descriptor < 0) HRA_TRY(make_file(spool, error));
    for (size_t done = 0; done < spool->pending;) {
        ssize_t put =
            pwrite(spool->descriptor, spool->waiting + done, spool->pending - done, spool->written + (int64_t)done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            return hra_fail(error, HRA_EIO, "a temporary file in $TMPDIR, /var/tmp or /tmp cannot be written: %s",
                            strerror(errno));
        done += (size_t)put;
    }
    spool->written += (int64_t)spool->pending;
    spool->pending = 0;
    return HRA_OK;
}

hra_code hra_spool_append(hra_spool *spool, const void *bytes, size_t length, hra_error *error)
{
    const char *from = bytes;
    while (length > 0) {
        size_t part = length < PENDING - spool->pending ? length : PENDING - spool->pending;
        memcpy(spool->waiting + spool->pending, from, part);
        spool->pending += part;
        from += part;
        length -= part;
        if (spool->pending == PENDING) HRA_TRY(flush(spool, error));
    }
    return HRA_OK;
}

/* Fills the window with the written bytes from `offset`, at least `length` of them. */
static hra_code move_window(hra_spool *spool, int64_t offset, size_t length, hra_error *error)
{
    size_t want = length > WINDOW ? length : WINDOW;
    if ((int64_t)want > spool->written - offset) want = (size_t)(spool->written - offset);
    hra_buffer_clear(&spool->window);
    if (!hra_buffer_reserve(&spool->window, want)) return hra_out_of_memory(error);
    spool->window_start = offset;
    while (spool->window.length < want) {
        ssize_t got = pread(spool->descriptor, spool->window.bytes + spool->window.length, want - spool->window.length,
                            offset + (int64_t)spool->window.length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return hra_fail(error, HRA_EIO, "a temporary file cannot be read: %s", strerror(errno));
        spool->window.length += (size_t)got;
    }
    return HRA_OK;
}

hra_code hra_spool_read(hra_spool *spool, int64_t offset, size_t length, const char **bytes, hra_error *error)
{
    if (offset >= spool->written) { /* nothing of it has left memory */
        *bytes = spool->waiting + (offset - spool->written);
        return HRA_OK;
    }
    if (offset + (int64_t)length > spool->written) HRA_TRY(flush(spool, error));
    int64_t end = spool->window_start + (int64_t)spool->window.length;
    if (offset < spool->window_start || offset + (int64_t)length > end)
        HRA_TRY(move_window(spool, offset, length, error));
    *bytes = spool->window.bytes + (offset - spool->window_start);
    return HRA_OK;
}
