#include "io/tables/input_hash.h"

#include <string.h>

#include "io/files/file_hash.h"
#include "io/hdf5/content_hash.h"
#include "io/hdf5/store_summary.h"
#include "io/people/population_store.h"

/* What a store says of itself; "" if nothing. */
static hra_code stated_hash(const char *path, char out[HRA_H5_HASH_TEXT], hra_error *error)
{
    hid_t file = -1;
    hra_error cause;
    hra_h5_lock();
    hra_code code = hra_h5_open(path, &file, error);
    if (!code && hra_h5_hash_stated(file, out, &cause))
        code = hra_fail(error, cause.code, "%s: %s", path, cause.message);
    hra_h5_release(&file);
    hra_h5_unlock();
    return code;
}

/* "" if there is no summary, or no hash in it. */
static hra_code hash_of_summary(const char *path, char out[HRA_H5_HASH_TEXT], hra_error *error)
{
    hra_arena *arena = hra_arena_new();
    const hra_summary *summary = NULL;
    const hra_summary_object *root = NULL;
    hra_code code = arena ? hra_summary_of(path, arena, &summary, error) : hra_out_of_memory(error);
    if (!code && summary) root = hra_summary_find(summary, "/", "");
    const hra_summary_attribute *hash = root ? hra_summary_attribute_of(root, HRA_CONTENT_HASH) : NULL;
    bool found = hash && hash->text && strlen(hash->text) == HRA_H5_HASH_TEXT - 1;
    memcpy(out, found ? hash->text : "", found ? HRA_H5_HASH_TEXT : 1);
    hra_arena_free(arena);
    return code;
}

hra_code hra_input_hash(const char *path, char out[65], bool *of_content, hra_error *error)
{
    *of_content = false;
    if (hra_is_hdf5(path)) {
        HRA_TRY(hash_of_summary(path, out, error));
        if (!*out) HRA_TRY(stated_hash(path, out, error));
        *of_content = out[0] != '\0';
    }
    return *of_content ? HRA_OK : hra_file_hash(path, out, error);
}
