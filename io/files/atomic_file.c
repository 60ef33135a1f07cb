#include "io/files/atomic_file.h"
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct hra_atomic_file {
    char *path;      /* where the file will stand; a symbolic link is followed */
    char *temporary; /* in the same folder, so that rename is atomic */
    FILE *stream;
    off_t begun; /* bytes on their way to the disk */
};

/* The final path: an existing regular file (through links) or a new name. */
static hra_code final_path(const char *path, char **out, hra_error *error)
{
    struct stat facts;
    if (stat(path, &facts) == 0) {
        if (!S_ISREG(facts.st_mode)) return hra_folder_not_a_file(path, error);
        *out = realpath(path, NULL);
    } else {
        *out = strdup(path);
    }
    return *out ? HRA_OK : hra_out_of_memory(error);
}

/* True for ".NAME.PID-XXXXXX", the temporary file of a process that is gone. */
static bool is_abandoned(const char *entry, const char *name)
{
    const char *dot = strrchr(entry, '.');
    char *end;
    if (entry[0] != '.' || dot == entry) return false;
    if (name && ((size_t)(dot - entry - 1) != strlen(name) || strncmp(entry + 1, name, strlen(name)) != 0))
        return false;
    long process = strtol(dot + 1, &end, 10);
    if (end == dot + 1 || process <= 0 || *end != '-' || strlen(end) != strlen("-XXXXXX")) return false;
    return kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

/* What killed runs left would stay for ever: nobody else knows its name. NULL: of files of any name. */
static void remove_abandoned(const char *folder, const char *name)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_abandoned(entry->d_name, name)) unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries) closedir(entries);
}

static void remove_abandoned_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder = slash ? strndup(path, (size_t)(name - path)) : strdup(".");
    if (folder) remove_abandoned(folder, name);
    free(folder);
}

void hra_atomic_tidy(const char *folder) { remove_abandoned(folder, NULL); }

static hra_code create_temporary(hra_atomic_file *file, hra_error *error)
{
    const char *slash = strrchr(file->path, '/'), *name = slash ? slash + 1 : file->path;
    if (!*name) return hra_fail(error, HRA_EUSAGE, "%s: a file name is needed, not a folder", file->path);
    if (asprintf(&file->temporary, "%.*s.%s.%ld-XXXXXX", (int)(name - file->path), file->path, name, (long)getpid()) <
        0) {
        file->temporary = NULL;
        return hra_out_of_memory(error);
    }
    int descriptor = mkostemp(file->temporary, O_CLOEXEC); /* created 0600 */
    if (descriptor < 0) {
        int cause = errno;
        free(file->temporary);
        file->temporary = NULL; /* there is nothing to remove */
        return hra_folder_fault(file->path, cause, error);
    }
    file->stream = fdopen(descriptor, "wb");
    if (file->stream) return HRA_OK;
    close(descriptor);
    return hra_out_of_memory(error);
}

static hra_code open_file(const char *path, bool tidy, hra_atomic_file **out, hra_error *error)
{
    *out = NULL;
    hra_atomic_file *file = calloc(1, sizeof *file);
    if (!file) return hra_out_of_memory(error);
    hra_code code = final_path(path, &file->path, error);
    if (code == HRA_OK && tidy) remove_abandoned_of(file->path);
    if (code == HRA_OK) code = create_temporary(file, error);
    if (code != HRA_OK) {
        hra_atomic_abandon(file);
        return code;
    }
    *out = file;
    return HRA_OK;
}

hra_code hra_atomic_open(const char *path, hra_atomic_file **out, hra_error *error)
{
    return open_file(path, true, out, error);
}

hra_code hra_atomic_try(const char *path, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_code code = hra_atomic_open(path, &file, error);
    hra_atomic_abandon(file);
    return code;
}

FILE *hra_atomic_stream(hra_atomic_file *file) { return file->stream; }

const char *hra_atomic_path(const hra_atomic_file *file) { return file->path; }

const char *hra_atomic_temporary(const hra_atomic_file *file) { return file->temporary; }

void hra_atomic_begin_sync(hra_atomic_file *file)
{
#ifdef SYNC_FILE_RANGE_WRITE
    struct stat facts;
    if (fflush(file->stream) != 0 || fstat(fileno(file->stream), &facts) != 0 || facts.st_size <= file->begun) return;
    sync_file_range(fileno(file->stream), file->begun, facts.st_size - file->begun, SYNC_FILE_RANGE_WRITE);
    file->begun = facts.st_size;
#else
    (void)file;
#endif
}

/* The length of the part of a path that names its folder, "" where there is none. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

/* A rename is durable once the folder that holds the name is. */
static void sync_folder(const char *path)
{
    char *folder = strndup(path, (size_t)folder_length(path));
    if (!folder) return;
    int descriptor = open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor); /* some file systems cannot sync folders: the file itself is safe by then */
        close(descriptor);
    }
    free(folder);
}

static hra_code close_whole(hra_atomic_file *file, bool sync, hra_error *error)
{
    bool good = fflush(file->stream) == 0 && !ferror(file->stream) && (!sync || fsync(fileno(file->stream)) == 0);
    int cause = errno;
    bool closed = fclose(file->stream) == 0;
    if (good && !closed) cause = errno;
    file->stream = NULL;
    if (good && closed) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: writing failed: %s", file->path, strerror(cause));
}

static hra_code put_in_place(hra_atomic_file *file, hra_error *error)
{
    if (rename(file->temporary, file->path) != 0)
        return hra_fail(error, HRA_EIO, "%s: cannot put the finished file in place: %s", file->path, strerror(errno));
    free(file->temporary);
    file->temporary = NULL;
    return HRA_OK;
}

static hra_code commit(hra_atomic_file *file, bool sync, hra_error *error)
{
    hra_code code = close_whole(file, sync, error);
    if (code == HRA_OK) code = put_in_place(file, error);
    if (code == HRA_OK && sync) sync_folder(file->path);
    hra_atomic_abandon(file);
    return code;
}

hra_code hra_atomic_commit(hra_atomic_file *file, hra_error *error) { return commit(file, true, error); }

static bool same_folder(const char *a, const char *b)
{
    int length = folder_length(a);
    return length == folder_length(b) && strncmp(a, b, (size_t)length) == 0;
}

hra_code hra_atomic_commit_all(hra_atomic_file *const *files, int count, hra_error *error)
{
    hra_code code = HRA_OK;
    const char *synced = NULL;
    for (int i = 0; i < count; i++)
        if (files[i]) hra_atomic_begin_sync(files[i]);
    for (int i = 0; i < count && code == HRA_OK; i++)
        if (files[i]) code = close_whole(files[i], true, error);
    for (int i = 0; i < count && code == HRA_OK; i++)
        if (files[i]) code = put_in_place(files[i], error);
    for (int i = 0; i < count && code == HRA_OK; i++) {
        if (!files[i] || (synced && same_folder(synced, files[i]->path))) continue;
        synced = files[i]->path;
        sync_folder(synced);
    }
    for (int i = 0; i < count; i++) hra_atomic_abandon(files[i]);
    return code;
}

hra_code hra_atomic_settle(const char *folder, hra_error *error)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = descriptor >= 0 && syncfs(descriptor) == 0;
    hra_code code = good ? HRA_OK : hra_fail(error, HRA_EIO, "%s: syncing failed: %s", folder, strerror(errno));
    if (descriptor >= 0) close(descriptor);
    return code;
}

void hra_atomic_abandon(hra_atomic_file *file)
{
    if (!file) return;
    if (file->stream) fclose(file->stream);
    if (file->temporary) unlink(file->temporary);
    free(file->temporary);
    free(file->path);
    free(file);
}

static hra_code write_whole(hra_atomic_file *file, const void *bytes, size_t length, bool sync, hra_error *error)
{
    if (fwrite(bytes, 1, length, file->stream) == length) return commit(file, sync, error);
    hra_code code = hra_fail(error, HRA_EIO, "%s: writing failed: %s", file->path, strerror(errno));
    hra_atomic_abandon(file);
    return code;
}

hra_code hra_atomic_write(const char *path, const void *bytes, size_t length, hra_error *error)
{
    hra_atomic_file *file = NULL;
    HRA_TRY(open_file(path, true, &file, error));
    return write_whole(file, bytes, length, true, error);
}

hra_code hra_atomic_write_one(const char *path, const void *bytes, size_t length, hra_error *error)
{
    hra_atomic_file *file = NULL;
    HRA_TRY(open_file(path, false, &file, error));
    return write_whole(file, bytes, length, false, error);
}
