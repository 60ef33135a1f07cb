#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "io/files/atomic_file.h"

struct hra_lock {
    char *path;
    int descriptor;
};

static hra_code cannot_make(const char *path, int cause, hra_error *error)
{
    char *what = strndup(path, strlen(path) - strlen(".lock"));
    if (!what) return hra_out_of_memory(error);
    hra_code code = hra_folder_fault(what, cause, error);
    free(what);
    return code;
}

static hra_code held_by_another(const char *path, int descriptor, hra_error *error)
{
    char holder[24] = "";
    ssize_t got = pread(descriptor, holder, sizeof holder - 1, 0);
    if (got > 0) holder[strcspn(holder, "\n")] = '\0';
    return hra_fail(error, HRA_ECONFLICT, "%.*s: another run (process %s) is writing there; wait until it is done",
                    (int)(strlen(path) - strlen(".lock")), path, got > 0 ? holder : "unknown");
}

/* Opens and locks; *again is set when the holder removed the file between the two. */
static hra_code open_locked(hra_lock *lock, int *again, hra_error *error)
{
    *again = 0;
    lock->descriptor = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock->descriptor < 0) return cannot_make(lock->path, errno, error);
    if (flock(lock->descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return held_by_another(lock->path, lock->descriptor, error);
        return hra_fail(error, HRA_EIO, "%s: cannot lock: %s", lock->path, strerror(errno));
    }
    struct stat mine, named;
    *again = fstat(lock->descriptor, &mine) != 0 || stat(lock->path, &named) != 0 || mine.st_ino != named.st_ino ||
             mine.st_dev != named.st_dev;
    return HRA_OK;
}

hra_code hra_lock_take(const char *path, hra_lock **out, hra_error *error)
{
    *out = NULL;
    hra_lock *lock = calloc(1, sizeof *lock);
    if (!lock) return hra_out_of_memory(error);
    lock->descriptor = -1;
    if (asprintf(&lock->path, "%s.lock", path) < 0) {
        free(lock);
        return hra_out_of_memory(error);
    }
    int again;
    hra_code code;
    while ((code = open_locked(lock, &again, error)) == HRA_OK && again) close(lock->descriptor);
    char text[24];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (code == HRA_OK &&
        (ftruncate(lock->descriptor, 0) != 0 || pwrite(lock->descriptor, text, (size_t)length, 0) != length)) {
        code = hra_fail(error, HRA_EIO, "%s: cannot write the lock file: %s", lock->path, strerror(errno));
        unlink(lock->path);
    }
    if (code != HRA_OK) {
        if (lock->descriptor >= 0) close(lock->descriptor);
        free(lock->path);
        free(lock);
        return code;
    }
    *out = lock;
    return HRA_OK;
}

void hra_lock_release(hra_lock *lock)
{
    if (!lock) return;
    unlink(lock->path);
    close(lock->descriptor);
    free(lock->path);
    free(lock);
}
