#include "cli/noted_files.h"

void hra_files_note(const char *const *paths, int count, struct stat *noted)
{
    for (int i = 0; i < count; i++)
        if (stat(paths[i], &noted[i]) != 0) noted[i] = (struct stat){0};
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

hra_code hra_files_unchanged(const char *const *paths, int count, const struct stat *noted, const hra_hold *hold,
                             hra_error *error)
{
    struct stat now;
    for (int i = 0; i < count; i++) {
        bool is_read = noted[i].st_mode && !(hold && hold->files[i].held);
        if (is_read && (stat(paths[i], &now) != 0 || !is_same(&now, &noted[i])))
            return hra_fail(error, HRA_EIO, "%s: the file changed while the run was reading; start again", paths[i]);
    }
    return HRA_OK;
}
