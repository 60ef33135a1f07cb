#include "io/hdf5/hdf5_walk.h"

#include <stdlib.h>

#include "io/hdf5/content_hash.h"
#include "io/hdf5/hdf5_util.h"

/* As hdf5_find.c and content_hash.c: deeper down nothing is read. */
enum { MOST_DEPTH = 9, MOST_OBJECTS = 1 << 16, MAX_RANK = 32 };
enum { AT_ONCE = 1 << 20, MOST_AT_ONCE = 256 << 20 };

typedef struct walk {
    hra_arena *arena;
    uint64_t left; /* bytes of datasets that are read yet */
    int objects;
    hra_h5_step *step;
    void *context;
} walk;

/* ---- attributes ---- */

static bool read_as(hid_t attribute, hid_t type, hssize_t points)
{
    size_t size = H5Tget_size(type);
    if (points < 0 || size == 0 || (hsize_t)points > MOST_AT_ONCE / size) return false;
    void *values = calloc((size_t)points + 1, size);
    bool read = values && (points == 0 || H5Aread(attribute, type, values) >= 0);
    free(values); /* texts of variable length stay: this process ends soon */
    return read;
}

/* As they are stored, and as numbers if they are. */
static herr_t read_attribute(hid_t object, const char *name, const H5A_info_t *info, void *unused)
{
    (void)info;
    (void)unused;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = attribute > 0 ? H5Aget_type(attribute) : -1;
    hra_h5_id space = attribute > 0 ? H5Aget_space(attribute) : -1;
    if (type < 0 || space < 0) return -1;
    hssize_t points = H5Sget_simple_extent_npoints(space);
    H5T_class_t class = H5Tget_class(type);
    if (!read_as(attribute, type, points)) return -1;
    if (class == H5T_INTEGER && !read_as(attribute, H5T_NATIVE_INT64, points)) return -1;
    if ((class == H5T_INTEGER || class == H5T_FLOAT) && !read_as(attribute, H5T_NATIVE_DOUBLE, points)) return -1;
    return 0;
}

/* ---- datasets ---- */

typedef struct block {
    hid_t dataset, space, type;
    int rank;
    hsize_t size[MAX_RANK];
    uint64_t row_bytes;
    hsize_t rows; /* at once */
    bool texts;   /* of variable length */
} block;

static bool can_be_read(hid_t dataset, hid_t plist)
{
    if (H5Pget_layout(plist) == H5D_VIRTUAL || H5Pget_external_count(plist) > 0 || !hra_h5_storage_fits(dataset))
        return false;
    int filters = H5Pget_nfilters(plist);
    for (int i = 0; i < filters; i++) {
        size_t none = 0;
        unsigned flags, settings;
        H5Z_filter_t filter = H5Pget_filter2(plist, (unsigned)i, &flags, &none, NULL, 0, NULL, &settings);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0) return false;
    }
    return true;
}

/* As many rows as unpack whole chunks. */
static bool measure(block *b, hid_t plist)
{
    hsize_t chunk[MAX_RANK] = {1};
    b->rank = H5Sget_simple_extent_dims(b->space, b->size, NULL);
    b->row_bytes = H5Tget_size(b->type);
    if (b->rank < 0 || b->row_bytes == 0) return false;
    for (int i = 1; i < b->rank; i++) {
        if (b->size[i] == 0 || b->size[i] > MOST_AT_ONCE / b->row_bytes) return false;
        b->row_bytes *= b->size[i];
    }
    if (b->rank == 0) b->size[0] = 1;
    if (b->row_bytes > MOST_AT_ONCE) return false;
    b->rows = AT_ONCE / b->row_bytes + 1;
    if (H5Pget_layout(plist) != H5D_CHUNKED || H5Pget_chunk(plist, MAX_RANK, chunk) < 1 || chunk[0] == 0) return true;
    b->rows += chunk[0] - 1;
    b->rows -= b->rows % chunk[0];
    if (b->rows > MOST_AT_ONCE / b->row_bytes) b->rows = MOST_AT_ONCE / b->row_bytes;
    return true;
}

static bool read_rows(const block *b, hid_t type, hsize_t first, hsize_t rows, void *values)
{
    hsize_t start[MAX_RANK] = {first}, count[MAX_RANK];
    for (int i = 0; i < b->rank; i++) count[i] = i == 0 ? rows : b->size[i];
    hra_h5_id memory = b->rank > 0 ? H5Screate_simple(b->rank, count, NULL) : H5Screate(H5S_SCALAR);
    if (memory < 0) return false;
    if (b->rank > 0 && H5Sselect_hyperslab(b->space, H5S_SELECT_SET, start, NULL, count, NULL) < 0) return false;
    bool read = H5Dread(b->dataset, type, memory, b->space, H5P_DEFAULT, values) >= 0;
    if (read && b->texts) H5Dvlen_reclaim(type, memory, H5P_DEFAULT, values);
    return read;
}

/* Of plain rows the first ones tell how HDF5 takes them. */
static bool read_block(walk *w, const block *b, const char *path, bool all)
{
    hsize_t most = b->size[0] < b->rows ? b->size[0] : b->rows;
    char *values = calloc((size_t)most + 1, (size_t)b->row_bytes);
    H5T_class_t class = H5Tget_class(b->type);
    bool read = true;
    for (hsize_t at = 0, rows; at < b->size[0] && values && read && (all || at == 0); at += rows) {
        rows = b->size[0] - at < most ? b->size[0] - at : most;
        if (rows * b->row_bytes > w->left) break;
        w->left -= rows * b->row_bytes;
        w->step(w->context, path);
        read = read_rows(b, b->type, at, rows, values);
    }
    bool number = class == H5T_FLOAT || class == H5T_INTEGER;
    if (values && read && most > 0 && number && H5Tget_size(b->type) == sizeof(double))
        read = read_rows(b, H5T_NATIVE_DOUBLE, 0, most, values);
    free(values);
    return read;
}

/* Chunks with checksums of ours are compared with them and unpacked without HDF5: it only says where they are. */
static bool has_own_sums(hid_t dataset) { return H5Aexists(dataset, HRA_CHUNK_SUMS) > 0; }

static bool walk_dataset(walk *w, hid_t dataset, const char *path)
{
    hra_h5_id plist = H5Dget_create_plist(dataset);
    hra_h5_id stored = H5Dget_type(dataset);
    hra_h5_id space = H5Dget_space(dataset);
    if (plist < 0 || stored < 0 || space < 0) return false;
    hra_h5_id type = H5Tget_native_type(stored, H5T_DIR_ASCEND);
    block b = {.dataset = dataset, .space = space, .type = type};
    if (type < 0 || !can_be_read(dataset, plist) || !measure(&b, plist)) return true;
    b.texts = H5Tdetect_class(type, H5T_STRING) > 0 || H5Tdetect_class(type, H5T_VLEN) > 0;
    bool chunked = H5Pget_layout(plist) == H5D_CHUNKED;
    hsize_t chunks;
    if (chunked && has_own_sums(dataset)) return H5Dget_num_chunks(dataset, space, &chunks) >= 0;
    return read_block(w, &b, path, b.texts || chunked);
}

/* ---- objects ---- */

static bool walk_object(walk *w, hid_t object, const char *path, int depth);

static bool walk_group(walk *w, hid_t group, const char *path, int depth)
{
    const char *const *names;
    int count;
    if (hra_h5_members(group, w->arena, &names, &count, NULL)) return false;
    for (int i = 0; i < count; i++) {
        const char *inner = hra_arena_printf(w->arena, "%s%s%s", path, depth ? "/" : "", names[i]);
        if (!inner || ++w->objects > MOST_OBJECTS) return true;
        w->step(w->context, inner);
        hra_h5_id member = hra_h5_member(group, names[i]);
        if (member < 0 || !walk_object(w, member, inner, depth + 1)) return false;
    }
    w->step(w->context, path);
    return true;
}

static bool walk_object(walk *w, hid_t object, const char *path, int depth)
{
    hsize_t at = 0;
    if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, read_attribute, NULL) < 0) return false;
    H5I_type_t kind = H5Iget_type(object);
    if (kind == H5I_DATASET) return walk_dataset(w, object, path);
    return kind != H5I_GROUP || depth > MOST_DEPTH || walk_group(w, object, path, depth);
}

bool hra_h5_walk(const char *path, uint64_t most_bytes, hra_h5_step *step, void *context)
{
    walk w = {.arena = hra_arena_new(), .left = most_bytes, .step = step, .context = context};
    step(context, "/");
    hra_h5_id file = w.arena ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    hra_h5_id root = file > 0 ? H5Gopen2(file, "/", H5P_DEFAULT) : -1;
    bool sound = root > 0 && walk_object(&w, root, "/", 0);
    H5Eclear2(H5E_DEFAULT);
    hra_arena_free(w.arena);
    return sound;
}
