#include "base/folder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* Cuts the last part off; false: nothing is left. */
static bool cut_last(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) return false;
    *slash = '\0';
    return true;
}

/* In `folder`, where `path` should have been made. */
static hra_code explain(const char *path, const char *folder, int cause, hra_error *error)
{
    if (cause == ENOENT && !is_folder(folder))
        return hra_fail(error, HRA_EIO, "%s: the folder %s does not exist: make it first, or give another", path,
                        folder);
    if (cause == EACCES || cause == EPERM || cause == EROFS)
        return hra_fail(error, HRA_EIO, "%s: nothing can be written in the folder %s: %s; give another", path, folder,
                        strerror(cause));
    return hra_fail(error, HRA_EIO, "%s: nothing can be made in the folder %s: %s", path, folder, strerror(cause));
}

/* `folder`, a copy to be cut, leads to the folder: the first part of the way that is not as it should be is told. */
static hra_code fault_of(const char *path, char *folder, int cause, hra_error *error)
{
    struct stat facts;
    if (!cut_last(folder)) return explain(path, *path == '/' ? "/" : ".", cause, error);
    size_t length = strlen(folder);
    while (stat(folder, &facts) != 0 && cut_last(folder)) continue;
    if (stat(folder, &facts) == 0 && !S_ISDIR(facts.st_mode))
        return hra_fail(error, HRA_EIO, "%s: %s is a file, not a folder: give another place", path, folder);
    memcpy(folder, path, length); /* whole again */
    folder[length] = '\0';
    return explain(path, folder, cause, error);
}

hra_code hra_folder_fault(const char *path, int cause, hra_error *error)
{
    char *folder = strdup(path);
    if (!folder) return hra_out_of_memory(error);
    hra_code code = fault_of(path, folder, cause, error);
    free(folder);
    return code;
}

hra_code hra_folder_make(const char *path, hra_error *error)
{
    if (mkdir(path, 0700) == 0) return HRA_OK;
    if (errno != EEXIST) return hra_folder_fault(path, errno, error);
    if (!is_folder(path))
        return hra_fail(error, HRA_EUSAGE,
                        "%s is a file, and a folder is needed: give the name of a folder, or a new name", path);
    return access(path, W_OK | X_OK) == 0 ? HRA_OK : explain(path, path, errno, error);
}

hra_code hra_folder_not_a_file(const char *path, hra_error *error)
{
    if (is_folder(path))
        return hra_fail(error, HRA_EUSAGE, "%s is a folder, and a file is needed: give a file name, such as %s%sNAME",
                        path, path, path[strlen(path) - 1] == '/' ? "" : "/");
    return hra_fail(error, HRA_EUSAGE, "%s: exists and is not a regular file; nothing is written there", path);
}
