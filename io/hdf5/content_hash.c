#include "io/hdf5/content_hash.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 32, MAX_DEPTH = 8, MAX_RANK = 4, MAX_FILTERS = 8, MAX_PARAMETERS = 32, AT_ONCE = 1 << 20 };

typedef struct hasher {
    crypto_generichash_state state;
    hra_arena *arena;
    hra_attribute_list read; /* of the present object, unless they were noted */
    const hra_attribute_list *attributes;
    const hra_h5_witness *witness; /* NULL: nobody */
    hra_error *error;
} hasher;

static void add_bytes(hasher *h, const void *bytes, size_t size) { crypto_generichash_update(&h->state, bytes, size); }

static void add_number(hasher *h, int64_t number) { add_bytes(h, &number, sizeof number); }

static void add_text(hasher *h, const char *text)
{
    size_t length = strlen(text);
    add_number(h, (int64_t)length);
    add_bytes(h, text, length);
}

static hra_code unreadable(hasher *h, const char *path)
{
    return hra_h5_fail(h->error, HRA_EINPUT, "%s cannot be read (damaged file)", path);
}

/* ---- types and shapes ---- */

static bool add_shape_and_type(hasher *h, hid_t space, hid_t type)
{
    hra_buffer said = {0};
    bool fine = hra_hashed_shape(&said, space);
    if (fine) hra_hashed_type(&said, type);
    fine = fine && !said.failed;
    if (fine) add_bytes(h, said.bytes, said.length);
    hra_buffer_destroy(&said);
    return fine;
}

/* How the numbers are stored: all that decides what the stored bytes mean. */
static bool add_storage(hasher *h, hid_t dataset, hid_t type)
{
    hra_h5_id plist = H5Dget_create_plist(dataset);
    hsize_t chunk[MAX_RANK] = {0};
    unsigned char fill[64] = {0};
    H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
    if (plist < 0) return false;
    add_number(h, H5Pget_layout(plist));
    int rank = H5Pget_layout(plist) == H5D_CHUNKED ? H5Pget_chunk(plist, MAX_RANK, chunk) : 0;
    int filters = H5Pget_nfilters(plist);
    if (rank < 0 || rank > MAX_RANK || filters < 0 || filters > MAX_FILTERS) return false;
    for (int i = 0; i < rank; i++) add_number(h, (int64_t)chunk[i]);
    for (int i = 0; i < filters; i++) {
        unsigned flags = 0, parameters[MAX_PARAMETERS] = {0}, config = 0;
        size_t count = MAX_PARAMETERS;
        add_number(h, H5Pget_filter2(plist, (unsigned)i, &flags, &count, parameters, 0, NULL, &config));
        if (count > MAX_PARAMETERS) return false;
        for (size_t p = 0; p < count; p++) add_number(h, parameters[p]);
    }
    if (H5Pfill_value_defined(plist, &defined) < 0) return false;
    bool own = defined == H5D_FILL_VALUE_USER_DEFINED && H5Tget_size(type) <= sizeof fill;
    if (own && H5Pget_fill_value(plist, type, fill) < 0) return false;
    add_bytes(h, fill, sizeof fill);
    return true;
}

/* ---- attributes ---- */

static hra_code find_attributes(hasher *h, hid_t object, const char *path)
{
    const hra_attribute_notes *notes = h->witness ? h->witness->notes : NULL;
    h->attributes = notes ? hra_attribute_notes_of(notes, object, path) : NULL;
    if (h->attributes) return HRA_OK;
    h->attributes = &h->read;
    hra_code code = hra_attribute_list_read(&h->read, object, h->error);
    return code == HRA_OK || code == HRA_ENOMEM ? code : unreadable(h, path);
}

/* In the order of their names. Whoever else wants the object sees it here; `members` of a group, else -1. */
static hra_code add_attributes(hasher *h, hid_t object, const char *path, int depth, int members)
{
    const hra_h5_witness *witness = h->witness;
    HRA_TRY(find_attributes(h, object, path));
    const hra_attribute_list *list = h->attributes;
    for (int i = 0; i < list->count; i++) {
        const hra_attribute *a = &list->items[i];
        if (depth == 0 && strcmp(hra_attribute_name(list, i), HRA_CONTENT_HASH) == 0) continue;
        add_bytes(h, list->bytes.bytes + a->hashed, a->told - a->hashed);
    }
    const hra_h5_seen seen = {object, path, depth, members, list};
    return witness ? witness->see(witness->context, &seen, h->error) : HRA_OK;
}

/* ---- objects ---- */

static bool has_sums(const hra_attribute_list *attributes)
{
    for (int i = 0; i < attributes->count; i++) {
        const char *name = hra_attribute_name(attributes, i);
        if (strcmp(name, HRA_CHUNK_SUMS) == 0 || strcmp(name, HRA_LIST_SUM) == 0 || strcmp(name, HRA_SUM_COLUMN) == 0)
            return true;
    }
    return false;
}

/* The elements themselves, in pieces, as they stand in the file. */
static hra_code add_elements(hasher *h, hid_t dataset, hid_t type, hid_t space, const char *path)
{
    hsize_t size[MAX_RANK] = {1}, start[MAX_RANK] = {0};
    int rank = H5Sget_simple_extent_dims(space, size, NULL);
    size_t row = H5Tget_size(type);
    for (int i = 1; i < rank; i++) row *= size[i];
    if (!hra_h5_storage_fits(dataset) || H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tis_variable_str(type) > 0)
        return unreadable(h, path);
    if (row == 0 || size[0] == 0) return HRA_OK;
    hsize_t rows = AT_ONCE / row > 0 ? AT_ONCE / row : 1, all = size[0];
    if (rows > all) rows = all;
    void *bytes = malloc((size_t)rows * row);
    if (!bytes) return hra_out_of_memory(h->error);
    bool read = true;
    for (hsize_t at = 0; at < all && read; at += size[0]) {
        start[0] = at;
        size[0] = all - at < rows ? all - at : rows;
        hra_h5_id memory = rank > 0 ? H5Screate_simple(rank, size, NULL) : H5Scopy(space);
        if (rank > 0) read = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0;
        read = read && H5Dread(dataset, type, memory, space, H5P_DEFAULT, bytes) >= 0;
        if (read) add_bytes(h, bytes, (size_t)size[0] * row);
    }
    free(bytes);
    return read ? HRA_OK : unreadable(h, path);
}

static hra_code add_dataset(hasher *h, hid_t dataset, const char *path, int depth)
{
    hra_h5_id type = H5Dget_type(dataset);
    hra_h5_id space = H5Dget_space(dataset);
    if (type < 0 || space < 0 || !add_shape_and_type(h, space, type) || !add_storage(h, dataset, type))
        return unreadable(h, path);
    HRA_TRY(add_attributes(h, dataset, path, depth, -1));
    return has_sums(h->attributes) ? HRA_OK : add_elements(h, dataset, type, space, path);
}

static hra_code add_object(hasher *h, hid_t object, const char *path, int depth)
{
    add_text(h, path);
    H5I_type_t kind = H5Iget_type(object);
    add_number(h, kind == H5I_DATASET);
    if (kind == H5I_DATASET) return add_dataset(h, object, path, depth);
    if (depth > MAX_DEPTH || (kind != H5I_GROUP && kind != H5I_FILE)) return unreadable(h, path);
    const char *const *names;
    int count;
    HRA_TRY(hra_h5_members(object, h->arena, &names, &count, h->error));
    HRA_TRY(add_attributes(h, object, path, depth, count));
    add_number(h, count);
    for (int i = 0; i < count; i++) {
        const char *inner = hra_arena_printf(h->arena, "%s%s%s", path, depth ? "/" : "", names[i]);
        if (!inner) return hra_out_of_memory(h->error);
        hra_h5_id member = hra_h5_member(object, names[i]);
        if (member < 0) return unreadable(h, inner);
        HRA_TRY(add_object(h, member, inner, depth + 1));
    }
    return HRA_OK;
}

static hra_code hash(hid_t file, const hra_h5_witness *witness, char out[HRA_H5_HASH_TEXT], hra_error *error)
{
    unsigned char bytes[HASH_BYTES];
    hasher h = {.arena = hra_arena_new(), .witness = witness, .error = error};
    if (!h.arena) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    if (sodium_init() < 0) code = hra_fail(error, HRA_EINTERNAL, "the hash library cannot be started");
    if (!code) {
        crypto_generichash_init(&h.state, NULL, 0, sizeof bytes);
        hra_h5_id root = H5Gopen2(file, "/", H5P_DEFAULT);
        code = root > 0 ? add_object(&h, root, "/", 0) : unreadable(&h, "/");
    }
    hra_attribute_list_destroy(&h.read);
    hra_arena_free(h.arena);
    HRA_TRY(code);
    crypto_generichash_final(&h.state, bytes, sizeof bytes);
    sodium_bin2hex(out, HRA_H5_HASH_TEXT, bytes, sizeof bytes);
    return HRA_OK;
}

hra_code hra_h5_hash(hid_t file, char out[HRA_H5_HASH_TEXT], hra_error *error) { return hash(file, NULL, out, error); }

hra_code hra_h5_hash_put_seen(hid_t file, const hra_h5_witness *witness, hra_error *error)
{
    char text[HRA_H5_HASH_TEXT];
    if (H5Aexists(file, HRA_CONTENT_HASH) > 0) H5Adelete(file, HRA_CONTENT_HASH); /* of a finish that was killed */
    HRA_TRY(hash(file, witness, text, error));
    return hra_h5_put_text(file, HRA_CONTENT_HASH, text, error);
}

hra_code hra_h5_hash_put(hid_t file, hra_error *error) { return hra_h5_hash_put_seen(file, NULL, error); }

hra_code hra_h5_hash_stated(hid_t file, char out[HRA_H5_HASH_TEXT], hra_error *error)
{
    out[0] = '\0';
    htri_t there = H5Aexists(file, HRA_CONTENT_HASH);
    if (there < 0) return hra_h5_fail(error, HRA_EINPUT, "its attributes cannot be read (damaged file)");
    if (there == 0) return HRA_OK;
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    const char *stated = hra_h5_get_text(file, HRA_CONTENT_HASH, arena);
    bool whole = stated && strlen(stated) == HRA_H5_HASH_TEXT - 1;
    if (whole) memcpy(out, stated, HRA_H5_HASH_TEXT);
    hra_arena_free(arena);
    return whole ? HRA_OK : hra_fail(error, HRA_EINPUT, "its " HRA_CONTENT_HASH " is not a hash (damaged file)");
}

hra_code hra_h5_hash_check(hid_t file, const char *path, char out[HRA_H5_HASH_TEXT], hra_error *error)
{
    char hash[HRA_H5_HASH_TEXT];
    hra_error cause;
    hra_code code = hra_h5_hash_stated(file, out, &cause);
    if (code == HRA_OK && !*out) return HRA_OK;
    if (code == HRA_OK) code = hra_h5_hash(file, hash, &cause);
    if (code == HRA_OK && strcmp(out, hash) == 0) return HRA_OK;
    out[0] = '\0';
    if (code != HRA_OK) return hra_fail(error, code, "%s: %s", path, cause.message);
    return hra_fail(error, HRA_EINPUT,
                    "%s is damaged, or was changed after it was written: its " HRA_CONTENT_HASH
                    " does not fit (make it again, or take it from a copy; to use it as it is, delete this attribute)",
                    path);
}
