#include "io/hdf5/hdf5_util.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/hdf5/hdf5_first_look.h"
#include "io/hdf5/store_summary.h"

enum { MAX_NAME = 512, READING_BYTES = 256 << 10 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t started = PTHREAD_ONCE_INIT;

/* At exit HDF5 would close what is still open, and crashes when that fails again, as on a full disk. We close
 * everything ourselves. */
static void start(void) { H5dont_atexit(); }

/* The first call starts the library. */
static void silence(void)
{
    pthread_once(&started, start);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void hra_h5_lock(void)
{
    pthread_mutex_lock(&lock);
    silence();
}

void hra_h5_lock_asleep(void) { pthread_mutex_lock(&lock); }

void hra_h5_unlock(void)
{
    hra_h5_note_attributes(NULL);
    pthread_mutex_unlock(&lock);
}

/* What a dataset still keeps in memory is written here, and no fault is told: writers flush it before. */
void hra_h5_release(const hid_t *id)
{
    if (*id > 0) H5Idec_ref(*id);
}

/* ---- errors ---- */

static herr_t keep_innermost(unsigned depth, const H5E_error2_t *frame, void *context)
{
    char *text = context;
    if (depth == 0 && frame->desc) snprintf(text, 256, "%s", frame->desc);
    return 0;
}

hra_code hra_h5_fail(hra_error *error, hra_code code, const char *format, ...)
{
    int system_error = errno;
    char cause[256] = "", text[600];
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, cause);
    H5Eclear2(H5E_DEFAULT);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool disk = system_error == ENOSPC || system_error == EFBIG || system_error == EDQUOT || system_error == EIO ||
                system_error == EACCES;
    if (disk) return hra_fail(error, code, "%s: %s", text, strerror(system_error));
    if (cause[0]) return hra_fail(error, code, "%s (HDF5: %s)", text, cause);
    return hra_fail(error, code, "%s", text);
}

/* ---- files and groups ---- */

void hra_h5_bound_memory(hid_t access, size_t bytes)
{
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    if (access < 0 || H5Pget_mdc_config(access, &cache) < 0) return;
    cache.set_initial_size = true;
    cache.initial_size = cache.min_size = cache.max_size = bytes;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    H5Pset_mdc_config(access, &cache);
}

hra_code hra_h5_open(const char *path, hid_t *file, hra_error *error)
{
    errno = 0;
    FILE *probe = fopen(path, "rb");
    if (!probe) return hra_fail(error, HRA_EINPUT, "%s cannot be opened: %s", path, strerror(errno));
    fclose(probe);
    bool sealed;
    HRA_TRY(hra_summary_check(path, &sealed, error));
    silence();
    if (H5Fis_hdf5(path) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        return hra_fail(error, HRA_EINPUT, "%s is not an HDF5 file", path);
    }
    if (!sealed) HRA_TRY(hra_h5_first_look(path, error));
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    hra_h5_bound_memory(access, READING_BYTES);
    errno = 0;
    *file = access > 0 ? H5Fopen(path, H5F_ACC_RDONLY, access) : -1;
    if (*file < 0) return hra_h5_fail(error, HRA_EINPUT, "%s cannot be read as HDF5", path);
    return HRA_OK;
}

hid_t hra_h5_member(hid_t group, const char *name)
{
    H5L_info_t info;
    hid_t object = -1;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD)
        object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) H5Eclear2(H5E_DEFAULT);
    return object;
}

typedef struct member_list {
    const char **names;
    int count, capacity;
    hra_arena *arena;
    bool nameless, no_memory;
} member_list;

static herr_t add_member(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    member_list *list = context;
    (void)group;
    size_t length = strlen(name);
    list->nameless = length == 0 || length >= MAX_NAME;
    if (list->nameless || list->count == list->capacity) return -1;
    if (info->type != H5L_TYPE_HARD) return 0;
    list->names[list->count] = hra_arena_text(list->arena, name);
    list->no_memory = !list->names[list->count];
    if (list->no_memory) return -1;
    list->count++;
    return 0;
}

hra_code hra_h5_members(hid_t group, hra_arena *arena, const char *const **names, int *count, hra_error *error)
{
    H5G_info_t info;
    *names = NULL;
    *count = 0;
    if (H5Gget_info(group, &info) < 0) return hra_h5_fail(error, HRA_EINPUT, "a group cannot be listed");
    if (info.nlinks > HRA_H5_MOST_ITEMS)
        return hra_fail(error, HRA_EINPUT, "a group claims %llu members", (unsigned long long)info.nlinks);
    member_list list = {.names = hra_arena_alloc(arena, (size_t)info.nlinks * sizeof *list.names + 1),
                        .capacity = (int)info.nlinks,
                        .arena = arena};
    if (!list.names) return hra_out_of_memory(error);
    hsize_t at = 0;
    herr_t listed = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &at, add_member, &list);
    if (list.no_memory) return hra_out_of_memory(error);
    if (list.nameless)
        return hra_h5_fail(error, HRA_EINPUT, "member %llu of a group has no readable name", (unsigned long long)at);
    if (listed < 0) return hra_h5_fail(error, HRA_EINPUT, "a group cannot be listed");
    *names = list.names;
    *count = list.count;
    return HRA_OK;
}

hid_t hra_h5_new_dataset(void)
{
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (properties >= 0) H5Pset_obj_track_times(properties, false);
    return properties;
}

hid_t hra_h5_group(hid_t parent, const char *name)
{
    hra_h5_id creation = H5Pcreate(H5P_GROUP_CREATE);
    if (creation < 0 || H5Pset_obj_track_times(creation, false) < 0) return -1;
    return H5Gcreate2(parent, name, H5P_DEFAULT, creation, H5P_DEFAULT);
}

/* ---- types and sizes ---- */

hid_t hra_h5_stored_type(int width)
{
    switch (width) {
    case 1: return H5T_STD_I8LE;
    case 2: return H5T_STD_I16LE;
    case 4: return H5T_STD_I32LE;
    default: return H5T_STD_I64LE;
    }
}

hid_t hra_h5_text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, size ? size : 1) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
        H5Tset_strpad(type, H5T_STR_NULLPAD) < 0)
        return -1;
    return type;
}

int64_t hra_h5_length(hid_t dataset)
{
    if (H5Iget_type(dataset) != H5I_DATASET) return -1;
    hra_h5_id space = H5Dget_space(dataset);
    hsize_t size = 0;
    if (space < 0 || H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &size, NULL) != 1 ||
        size > INT64_MAX)
        return -1;
    return (int64_t)size;
}

bool hra_h5_storage_fits(hid_t dataset)
{
    hra_h5_id plist = H5Dget_create_plist(dataset);
    hra_h5_id type = H5Dget_type(dataset);
    hra_h5_id space = H5Dget_space(dataset);
    if (plist < 0 || type < 0 || space < 0) return false;
    H5D_layout_t layout = H5Pget_layout(plist);
    if (layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) return true;
    hssize_t points = H5Sget_simple_extent_npoints(space);
    hsize_t stored = H5Dget_storage_size(dataset);
    size_t size = H5Tget_size(type);
    if (points < 0 || size == 0) return false;
    if (stored == 0) return layout == H5D_CONTIGUOUS || points == 0; /* never written: all fill values */
    return (hsize_t)points <= stored / size;
}
