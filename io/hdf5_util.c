#include "io/hdf5_util.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/store_summary.h"

/* No attribute or list of a real file comes near these; they bound what a damaged file can ask for. */
enum { MAX_TEXT = 1 << 20, MAX_ITEMS = 1 << 24, MAX_NAME = 512, READING_BYTES = 256 << 10 };
#define MAX_LIST_BYTES ((size_t)1 << 30)

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

void hra_h5_unlock(void) { pthread_mutex_unlock(&lock); }

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
    HRA_TRY(hra_summary_check(path, error));
    silence();
    if (H5Fis_hdf5(path) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        return hra_fail(error, HRA_EINPUT, "%s is not an HDF5 file", path);
    }
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
    if (info.nlinks > MAX_ITEMS)
        return hra_fail(error, HRA_EINPUT, "a group claims %llu members", (unsigned long long)info.nlinks);
    member_list list = {.names = hra_arena_alloc(arena, (size_t)info.nlinks * sizeof *list.names + 1),
                        .capacity = (int)info.nlinks,
                        .arena = arena};
    if (!list.names) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hsize_t at = 0;
    herr_t listed = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &at, add_member, &list);
    if (list.no_memory) return hra_fail(error, HRA_ENOMEM, "out of memory");
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

/* ---- attributes ---- */

static hid_t text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, size ? size : 1) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
        H5Tset_strpad(type, H5T_STR_NULLPAD) < 0)
        return -1;
    return type;
}

static hra_code put(hid_t object, const char *name, hid_t stored, hid_t memory, hid_t space, const void *value,
                    hra_error *error)
{
    errno = 0;
    hra_h5_id attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, memory, value) < 0)
        return hra_h5_fail(error, HRA_EIO, "attribute %s cannot be written", name);
    return HRA_OK;
}

/* Of variable length: h5py then gives a str, not bytes. */
hra_code hra_h5_put_text(hid_t object, const char *name, const char *text, hra_error *error)
{
    if (!text) text = "";
    hra_h5_id type = H5Tcopy(H5T_C_S1);
    hra_h5_id space = H5Screate(H5S_SCALAR);
    if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
        return hra_h5_fail(error, HRA_EIO, "attribute %s cannot be written", name);
    return put(object, name, type, type, space, &text, error);
}

hra_code hra_h5_put_int(hid_t object, const char *name, int64_t value, hra_error *error)
{
    hra_h5_id space = H5Screate(H5S_SCALAR);
    return put(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, space, &value, error);
}

hra_code hra_h5_put_real(hid_t object, const char *name, double value, hra_error *error)
{
    hra_h5_id space = H5Screate(H5S_SCALAR);
    return put(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space, &value, error);
}

hra_code hra_h5_put_ints(hid_t object, const char *name, hid_t stored, const int64_t *values, int count,
                         hra_error *error)
{
    hsize_t size = (hsize_t)count;
    hra_h5_id space = H5Screate_simple(1, &size, NULL);
    return put(object, name, stored, H5T_NATIVE_INT64, space, values, error);
}

hra_code hra_h5_put_words(hid_t object, const char *name, const uint32_t *words, int64_t count, hra_error *error)
{
    hsize_t size = (hsize_t)count;
    hra_h5_id space = count > 0 ? H5Screate_simple(1, &size, NULL) : H5Screate(H5S_NULL);
    static const uint32_t none;
    return put(object, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, space, count > 0 ? words : &none, error);
}

/* Opens an attribute of one element; -1 if absent or of another shape. */
static hid_t single_attribute(hid_t object, const char *name)
{
    if (H5Aexists(object, name) <= 0) return -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return -1;
    hra_h5_id space = H5Aget_space(attribute);
    if (space > 0 && H5Sget_simple_extent_npoints(space) == 1) return attribute;
    H5Aclose(attribute);
    return -1;
}

static const char *get_fixed_text(hid_t attribute, size_t size, hra_arena *arena)
{
    if (size > MAX_TEXT) return NULL;
    char *text = hra_arena_alloc(arena, size + 1);
    hra_h5_id file_type = H5Aget_type(attribute);
    hra_h5_id type = text_type(size);
    if (type > 0) H5Tset_cset(type, H5Tget_cset(file_type));
    return text && type > 0 && H5Aread(attribute, type, text) >= 0 ? text : NULL;
}

static const char *get_variable_text(hid_t attribute, hid_t type, hra_arena *arena)
{
    char *allocated = NULL;
    const char *text = NULL;
    if (H5Aread(attribute, type, (void *)&allocated) >= 0 && allocated && strlen(allocated) <= MAX_TEXT)
        text = hra_arena_text(arena, allocated);
    if (allocated) H5free_memory(allocated);
    return text;
}

const char *hra_h5_get_text(hid_t object, const char *name, hra_arena *arena)
{
    const char *text = NULL;
    hra_h5_id attribute = single_attribute(object, name);
    if (attribute > 0) {
        hra_h5_id type = H5Aget_type(attribute);
        if (type > 0 && H5Tget_class(type) == H5T_STRING)
            text = H5Tis_variable_str(type) > 0 ? get_variable_text(attribute, type, arena)
                                                : get_fixed_text(attribute, H5Tget_size(type), arena);
    }
    if (!text) H5Eclear2(H5E_DEFAULT);
    return text;
}

static bool get_number(hid_t object, const char *name, bool whole, hid_t memory, void *value)
{
    bool found = false;
    hra_h5_id attribute = single_attribute(object, name);
    if (attribute > 0) {
        hra_h5_id type = H5Aget_type(attribute);
        H5T_class_t class = H5Tget_class(type);
        bool fits = class == H5T_INTEGER || (!whole && class == H5T_FLOAT);
        found = fits && H5Aread(attribute, memory, value) >= 0;
    }
    if (!found) H5Eclear2(H5E_DEFAULT);
    return found;
}

bool hra_h5_get_int(hid_t object, const char *name, int64_t *value)
{
    return get_number(object, name, true, H5T_NATIVE_INT64, value);
}

bool hra_h5_get_real(hid_t object, const char *name, double *value)
{
    return get_number(object, name, false, H5T_NATIVE_DOUBLE, value);
}

hra_code hra_h5_get_ints(hid_t object, const char *name, hra_arena *arena, const int64_t **values, int *count)
{
    *values = NULL;
    *count = 0;
    if (H5Aexists(object, name) <= 0) return HRA_OK;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = H5Aget_type(attribute);
    hra_h5_id space = H5Aget_space(attribute);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    if (points <= 0 || points > MAX_TEXT || H5Tget_class(type) != H5T_INTEGER) return HRA_OK;
    int64_t *list = hra_arena_alloc(arena, (size_t)points * sizeof *list);
    if (!list) return HRA_ENOMEM;
    if (H5Aread(attribute, H5T_NATIVE_INT64, list) < 0) return HRA_OK;
    *values = list;
    *count = (int)points;
    return HRA_OK;
}

hra_code hra_h5_get_words(hid_t object, const char *name, hra_arena *arena, const uint32_t **words, int64_t *count)
{
    *words = NULL;
    *count = -1;
    if (H5Aexists(object, name) <= 0) return HRA_OK;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = attribute > 0 ? H5Aget_type(attribute) : -1;
    hra_h5_id space = attribute > 0 ? H5Aget_space(attribute) : -1;
    hssize_t points = space > 0 ? H5Sget_simple_extent_npoints(space) : -1;
    if (points < 0 || points > MAX_ITEMS || H5Tget_class(type) != H5T_INTEGER || H5Tget_size(type) != 4) return HRA_OK;
    uint32_t *list = hra_arena_alloc(arena, (size_t)points * sizeof *list + 1);
    if (!list) return HRA_ENOMEM;
    if (points > 0 && H5Aread(attribute, H5T_NATIVE_UINT32, list) < 0) return HRA_OK;
    *words = list;
    *count = points;
    return HRA_OK;
}

/* ---- lists of texts ---- */

/* Some at a time: of groups there are many. `width` bytes each. */
static bool write_fixed_texts(hid_t dataset, hid_t type, size_t width, const char *const *texts, int count)
{
    enum { AT_ONCE = 1 << 16 };
    int most = (int)(AT_ONCE / width) + 1, room = count < most ? count : most;
    char *table = malloc((size_t)room * width + 1);
    hra_h5_id space = H5Dget_space(dataset);
    bool written = table && space > 0;
    for (int first = 0; first < count && written; first += room) {
        int some = count - first < room ? count - first : room;
        hsize_t start = (hsize_t)first, size = (hsize_t)some;
        for (int i = 0; i < some; i++) strncpy(table + (size_t)i * width, texts[first + i], width); /* fills with NUL */
        hra_h5_id memory = H5Screate_simple(1, &size, NULL);
        written = memory > 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &size, NULL) >= 0 &&
                  H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, table) >= 0;
    }
    free(table);
    return written;
}

hra_code hra_h5_write_texts(hid_t group, const char *name, const char *const *texts, int count, hra_error *error)
{
    size_t longest = 1;
    for (int i = 0; i < count; i++) longest = strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
    if (longest > MAX_LIST_BYTES / (size_t)(count > 0 ? count : 1))
        return hra_fail(error, HRA_EINPUT, "the texts of %s are too long to store (%zu bytes)", name, longest);
    hsize_t size = (hsize_t)count;
    hra_h5_id type = text_type(longest);
    hra_h5_id space = H5Screate_simple(1, &size, NULL);
    hra_h5_id properties = hra_h5_new_dataset();
    errno = 0;
    hra_h5_id dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    bool written = dataset > 0 && write_fixed_texts(dataset, type, longest, texts, count) && H5Dflush(dataset) >= 0;
    return written ? HRA_OK : hra_h5_fail(error, HRA_EIO, "%s cannot be written", name);
}

static hra_code read_fixed_texts(hid_t dataset, hid_t type, const char *name, hra_arena *arena, const char **texts,
                                 int64_t count, hra_error *error)
{
    size_t size = H5Tget_size(type);
    if (size > MAX_TEXT || size > MAX_LIST_BYTES / (size_t)(count + 1))
        return hra_fail(error, HRA_EINPUT, "the list %s is too large", name);
    char *table = malloc(size * (size_t)(count + 1));
    if (!table) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = HRA_OK;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) < 0)
        code = hra_h5_fail(error, HRA_EINPUT, "the list %s cannot be read", name);
    for (int64_t i = 0; i < count && !code; i++) {
        const char *text = table + (size_t)i * size;
        size_t length = strnlen(text, size);
        if (H5Tget_strpad(type) == H5T_STR_SPACEPAD)
            while (length > 0 && text[length - 1] == ' ') length--;
        texts[i] = hra_arena_text_n(arena, text, length);
        if (!texts[i]) code = hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    free(table);
    return code;
}

static hra_code read_variable_texts(hid_t dataset, hid_t type, const char *name, hra_arena *arena, const char **texts,
                                    int64_t count, hra_error *error)
{
    char **table = calloc((size_t)count + 1, sizeof *table);
    if (!table) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = HRA_OK;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) < 0)
        code = hra_h5_fail(error, HRA_EINPUT, "the list %s cannot be read", name);
    for (int64_t i = 0; i < count && !code; i++) {
        texts[i] = hra_arena_text(arena, table[i] ? table[i] : "");
        if (!texts[i]) code = hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    for (int64_t i = 0; i < count; i++)
        if (table[i]) H5free_memory(table[i]);
    free(table);
    return code;
}

hra_code hra_h5_read_texts(hid_t group, const char *name, hra_arena *arena, const char *const **texts, int *count,
                           hra_error *error)
{
    hra_h5_id dataset = hra_h5_member(group, name);
    return hra_h5_texts_of(dataset, name, arena, texts, count, error);
}

hra_code hra_h5_texts_of(hid_t dataset, const char *name, hra_arena *arena, const char *const **texts, int *count,
                         hra_error *error)
{
    int64_t length = dataset > 0 ? hra_h5_length(dataset) : -1;
    hra_h5_id type = length >= 0 ? H5Dget_type(dataset) : -1;
    if (length < 0 || length > MAX_ITEMS || H5Tget_class(type) != H5T_STRING || !hra_h5_storage_fits(dataset))
        return hra_fail(error, HRA_EINPUT, "%s is missing or not a list of texts", name);
    const char **list = hra_arena_alloc(arena, (size_t)(length + 1) * sizeof *list);
    if (!list) return hra_fail(error, HRA_ENOMEM, "out of memory");
    if (length > 0 && H5Tis_variable_str(type) > 0)
        HRA_TRY(read_variable_texts(dataset, type, name, arena, list, length, error));
    else if (length > 0)
        HRA_TRY(read_fixed_texts(dataset, type, name, arena, list, length, error));
    *texts = list;
    *count = (int)length;
    return HRA_OK;
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
