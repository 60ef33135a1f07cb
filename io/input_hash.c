#include "io/input_hash.h"

#include "io/content_hash.h"
#include "io/file_hash.h"
#include "io/population_store.h"

hra_code hra_input_hash(const char *path, char out[65], bool *of_content, hra_error *error)
{
    hid_t file = -1;
    *of_content = false;
    if (hra_is_hdf5(path)) {
        hra_h5_lock();
        hra_code code = hra_h5_open(path, &file, error);
        hra_error cause;
        if (!code && hra_h5_hash_stated(file, out, &cause))
            code = hra_fail(error, cause.code, "%s: %s", path, cause.message);
        hra_h5_release(&file);
        hra_h5_unlock();
        HRA_TRY(code);
        *of_content = out[0] != '\0';
    }
    return *of_content ? HRA_OK : hra_file_hash(path, out, error);
}
