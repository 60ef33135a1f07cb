#include "report/tools/archive_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/folder.h"
#include "io/files/libzip_calls.h"

/* ---- into an archive ---- */

static int by_name(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }

static hra_code add_file(zip_t *zip, const char *path, const char *entry, hra_error *error)
{
    zip_source_t *source = zip_source_file(zip, path, 0, -1);
    if (source && zip_file_add(zip, entry, source, ZIP_FL_ENC_UTF_8) >= 0) return HRA_OK;
    if (source) zip_source_free(source);
    return hra_fail(error, HRA_EIO, "an archive cannot be made: %s", zip_strerror(zip));
}

static hra_code add_files(zip_t *zip, FTS *walk, size_t root, const char *name, hra_error *error)
{
    hra_buffer entry = {0};
    hra_code code = HRA_OK;
    FTSENT *at;
    while (!code && (errno = 0, at = fts_read(walk)) != NULL) {
        if (at->fts_info == FTS_D || at->fts_info == FTS_DP) continue;
        if (at->fts_info != FTS_F) {
            code = hra_fail(error, HRA_EIO, "a folder to pack cannot be read: %s", strerror(at->fts_errno));
            break;
        }
        hra_buffer_clear(&entry);
        hra_buffer_printf(&entry, "%s%s", name, at->fts_path + root);
        code = entry.failed ? hra_out_of_memory(error) : add_file(zip, at->fts_accpath, entry.bytes, error);
    }
    if (!code && errno) code = hra_fail(error, HRA_EIO, "a folder to pack cannot be read: %m");
    hra_buffer_destroy(&entry);
    return code;
}

hra_code hra_archive_folder(const char *folder, const char *name, const char *archive, hra_error *error)
{
    int fault = 0;
    HRA_TRY(hra_libzip_load(error));
    char *root = strdup(folder), *roots[] = {root, NULL};
    FTS *walk = root ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
    zip_t *zip = walk ? zip_open(archive, ZIP_CREATE | ZIP_EXCL, &fault) : NULL;
    hra_code code = zip ? add_files(zip, walk, strlen(folder), name, error)
                        : hra_fail(error, HRA_EIO, "%s cannot be made (%s, %d)", archive, strerror(errno), fault);
    if (zip && code) zip_discard(zip);
    if (zip && !code && zip_close(zip) != 0) {
        code = hra_fail(error, HRA_EIO, "%s cannot be written: %s", archive, zip_strerror(zip));
        zip_discard(zip);
    }
    if (!code && chmod(archive, 0600) != 0) code = hra_fail(error, HRA_EIO, "%s cannot be kept private: %m", archive);
    if (walk) fts_close(walk);
    free(root);
    return code;
}

/* ---- out of an archive ---- */

/* A path below the folder: no part of it is empty, "." or "..". */
static bool stays_below(const char *name)
{
    if (*name == '/' || strchr(name, '\\') || strchr(name, ':')) return false;
    for (const char *part = name;;) {
        size_t length = strcspn(part, "/");
        if (length == 0 || (length <= 2 && strncmp(part, "..", length) == 0)) return false;
        if (!part[length]) return true;
        part += length + 1;
        if (!*part) return true; /* a folder */
    }
}

static hra_code make_folders(char *path, size_t from, hra_error *error)
{
    for (char *slash = path + from; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) return hra_fail(error, HRA_EIO, "cannot make the folder for %s: %m", path);
    }
    return HRA_OK;
}

static hra_code copy_entry(zip_t *zip, zip_uint64_t index, const char *path, hra_error *error)
{
    char block[1 << 14];
    zip_int64_t got = 0;
    zip_file_t *from = zip_fopen_index(zip, index, 0);
    if (!from) return hra_fail(error, HRA_EINPUT, "the archive is damaged: %s", zip_strerror(zip));
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    hra_code code = to < 0 ? hra_fail(error, HRA_EIO, "cannot write %s: %m", path) : HRA_OK;
    while (!code && (got = zip_fread(from, block, sizeof block)) > 0)
        if (write(to, block, (size_t)got) != got) code = hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
    if (!code && got < 0) code = hra_fail(error, HRA_EINPUT, "the archive is damaged: %s", zip_file_strerror(from));
    if (zip_fclose(from) != 0 && !code) code = hra_fail(error, HRA_EINPUT, "the archive is damaged");
    if (to >= 0 && close(to) != 0 && !code) code = hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
    return code;
}

static hra_code unpack_entry(zip_t *zip, zip_uint64_t index, const char *folder, int *files, hra_error *error)
{
    char path[4096];
    zip_uint8_t system;
    zip_uint32_t attributes = 0;
    const char *name = zip_get_name(zip, index, ZIP_FL_ENC_GUESS);
    if (!name || !stays_below(name))
        return hra_fail(error, HRA_EINPUT, "the archive holds a name that leads out of it");
    zip_file_get_external_attributes(zip, index, 0, &system, &attributes);
    if (system == ZIP_OPSYS_UNIX && (attributes >> 16 & S_IFMT) != 0 && !S_ISREG(attributes >> 16) &&
        !S_ISDIR(attributes >> 16))
        return hra_fail(error, HRA_EINPUT, "the archive holds something that is neither file nor folder");
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return hra_fail(error, HRA_EINPUT, "a name in the archive is too long");
    HRA_TRY(make_folders(path, strlen(folder) + 1, error));
    if (path[strlen(path) - 1] == '/') return HRA_OK;
    ++*files;
    return copy_entry(zip, index, path, error);
}

hra_code hra_archive_unpack(const char *archive, const char *folder, int *files, hra_error *error)
{
    int fault = 0;
    *files = 0;
    HRA_TRY(hra_libzip_load(error));
    zip_t *zip = zip_open(archive, ZIP_RDONLY, &fault);
    if (!zip) return hra_fail(error, HRA_EINPUT, "%s is not a zip archive, or damaged", archive);
    hra_code code = hra_folder_make(folder, error);
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; !code && i < count; i++) code = unpack_entry(zip, (zip_uint64_t)i, folder, files, error);
    zip_discard(zip);
    return code;
}

hra_code hra_archive_remove(const char *folder, hra_error *error)
{
    struct stat facts;
    if (lstat(folder, &facts) != 0 && errno == ENOENT) return HRA_OK;
    char *root = strdup(folder), *roots[] = {root, NULL};
    FTS *walk = root ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
    hra_code code = walk ? HRA_OK : hra_fail(error, HRA_EIO, "cannot remove %s: %m", folder);
    for (FTSENT *at; !code && (at = fts_read(walk)) != NULL;) {
        if (at->fts_info == FTS_D) continue;
        if (at->fts_info == FTS_DNR || remove(at->fts_accpath) != 0)
            code = hra_fail(error, HRA_EIO, "cannot remove %s: %m", folder);
    }
    if (walk) fts_close(walk);
    free(root);
    return code;
}
