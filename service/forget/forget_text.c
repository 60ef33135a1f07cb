#include "service/forget/forget_text.h"

#include "io/files/atomic_file.h"

hra_code hra_forget_in_text(const char *path, hra_forget_pass *pass, hra_forget_list *list, bool dry, int64_t *removed,
                            hra_error *error)
{
    hra_atomic_file *file;
    HRA_TRY(pass(path, list, NULL, removed, error));
    if (*removed == 0 || dry) return HRA_OK;
    HRA_TRY(hra_atomic_open(path, &file, error));
    hra_code code = pass(path, list, hra_atomic_stream(file), removed, error);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}
