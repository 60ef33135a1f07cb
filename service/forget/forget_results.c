/* A result store is copied without the rows of those who go, dataset by dataset. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/files/atomic_file.h"
#include "io/hdf5/content_hash.h"
#include "io/hdf5/store_summary.h"
#include "io/results/result_reader.h"
#include "io/results/result_sums.h"
#include "service/forget/forget_store.h"

enum { BLOCK_BYTES = 4 << 20, KEY_ROWS = 32768 };

typedef struct rewriting {
    const char *path;
    hra_forget_list *list;
    hra_arena *arena;
    hid_t from, to;
    hra_result_sums sums;
    hid_t sums_to;
    int64_t rows, kept;
    int64_t *gone; /* rows that go, rising */
    int64_t gone_count, gone_room;
    hra_summary_range *ranges; /* of rows and checksums in the new file */
    int64_t range_count, range_room;
} rewriting;

/* A dataset of rows on its way. */
typedef struct column {
    const char *name; /* for messages */
    hid_t from, type, memory, to;
    hsize_t items; /* of a row */
    int rank;
    size_t row, read_row; /* bytes in the file, as read */
    int64_t sum_column;
    const int32_t *places; /* of a label: the new number of each text; NULL: values stay as they are */
    int place_count;
} column;

static hra_code unwritable(const rewriting *r, hra_error *error)
{
    return hra_h5_fail(error, HRA_EIO, "%s cannot be written anew", r->path);
}

/* ---- who goes ---- */

static hra_code add_gone(rewriting *r, int64_t row, hra_error *error)
{
    if (r->gone_count == r->gone_room) {
        int64_t room = 2 * r->gone_room + 64;
        int64_t *more = realloc(r->gone, (size_t)room * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        r->gone = more;
        r->gone_room = room;
    }
    r->gone[r->gone_count++] = row;
    return HRA_OK;
}

static hra_code find_gone(rewriting *r, hra_result_reader *reader, char (*keys)[HRA_RESULT_KEY_SIZE], hra_error *error)
{
    for (int64_t first = 0; first < r->rows; first += KEY_ROWS) {
        int64_t count = r->rows - first < KEY_ROWS ? r->rows - first : KEY_ROWS;
        HRA_TRY(hra_result_reader_keys(reader, first, count, keys, error));
        for (int64_t i = 0; i < count; i++)
            if (hra_forget_list_key(r->list, keys[i])) HRA_TRY(add_gone(r, first + i, error));
    }
    return HRA_OK;
}

static hra_code read_keys(rewriting *r, hra_error *error)
{
    hra_result_reader *reader;
    HRA_TRY(hra_result_reader_open(r->path, &reader, error));
    const hra_result_facts *facts = hra_result_reader_facts(reader);
    r->rows = facts->rows;
    hra_code code = hra_forget_check_key(r->path, facts->key_fingerprint, r->list, error);
    if (!code && !facts->has_keys && r->rows > 0)
        code = hra_fail(error, HRA_EINPUT, "%s has no person keys: nobody can be found in it", r->path);
    char(*keys)[HRA_RESULT_KEY_SIZE] = malloc(KEY_ROWS * sizeof *keys);
    if (!code && !keys) code = hra_out_of_memory(error);
    if (!code) code = find_gone(r, reader, keys, error);
    free(keys);
    hra_result_reader_close(reader);
    r->kept = r->rows - r->gone_count;
    return code;
}

/* ---- attributes ---- */

static hra_code copy_attribute(const rewriting *r, hid_t attribute, hid_t to, const char *name, hra_error *error)
{
    hra_h5_id type = H5Aget_type(attribute);
    hra_h5_id space = H5Aget_space(attribute);
    hssize_t points = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (type < 0 || points < 0) return unwritable(r, error);
    char *value = calloc((size_t)points + 1, H5Tget_size(type));
    if (!value) return hra_out_of_memory(error);
    hra_h5_id copy = H5Acreate2(to, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool read = copy >= 0 && (points == 0 || H5Aread(attribute, type, value) >= 0);
    bool done = read && (points == 0 || H5Awrite(copy, type, value) >= 0);
    if (read && H5Tis_variable_str(type) > 0) H5Dvlen_reclaim(type, space, H5P_DEFAULT, value);
    free(value);
    return done ? HRA_OK : unwritable(r, error);
}

static bool stays(const char *name) { return strcmp(name, HRA_CONTENT_HASH) != 0 && strcmp(name, "rows") != 0; }

static hra_code copy_attributes(const rewriting *r, hid_t from, hid_t to, hra_error *error)
{
    H5O_info_t info;
    if (H5Oget_info(from, &info) < 0) return unwritable(r, error);
    for (hsize_t i = 0; i < info.num_attrs; i++) {
        char name[256];
        hra_h5_id attribute = H5Aopen_by_idx(from, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
        ssize_t length = attribute < 0 ? -1 : H5Aget_name(attribute, sizeof name, name);
        if (length < 0 || length >= (ssize_t)sizeof name) return unwritable(r, error);
        if (stays(name)) HRA_TRY(copy_attribute(r, attribute, to, name, error));
    }
    return HRA_OK;
}

/* ---- rows of a dataset ---- */

static hra_code add_range(rewriting *r, hid_t dataset, uint64_t bytes, hra_error *error)
{
    if (bytes == 0) return HRA_OK;
    haddr_t offset = H5Dget_offset(dataset);
    if (offset == HADDR_UNDEF || H5Dget_storage_size(dataset) != bytes) return unwritable(r, error);
    if (r->range_count == r->range_room) {
        int64_t room = 2 * r->range_room + 64;
        hra_summary_range *more = realloc(r->ranges, (size_t)room * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        r->ranges = more;
        r->range_room = room;
    }
    r->ranges[r->range_count++] = (hra_summary_range){offset, bytes};
    return HRA_OK;
}

/* One contiguous stretch, as results of a store have it. -1: it cannot be made. */
static hid_t create_stretch(hid_t group, const char *name, hid_t type, int rank, const hsize_t size[2])
{
    hra_h5_id space = H5Screate_simple(rank, size, NULL);
    hra_h5_id create = hra_h5_new_dataset();
    if (space < 0 || create < 0 || H5Pset_alloc_time(create, H5D_ALLOC_TIME_EARLY) < 0 ||
        H5Pset_fill_time(create, H5D_FILL_TIME_NEVER) < 0)
        return -1;
    return H5Dcreate2(group, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
}

/* Rows of a block that stay move to its front; labels get their new numbers, in as many bytes as they are stored in. */
static int64_t keep_rows(const rewriting *r, const column *c, unsigned char *bytes, int64_t first, int64_t count,
                         int64_t *next)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        if (*next < r->gone_count && r->gone[*next] == first + i) {
            ++*next;
            continue;
        }
        const unsigned char *value = bytes + (size_t)i * c->read_row;
        int32_t number;
        if (c->places) {
            memcpy(&number, value, sizeof number);
            number = number >= 0 && number < c->place_count ? c->places[number] : -1;
            memcpy(bytes + (size_t)kept++ * c->row, &number, c->row);
        } else {
            memmove(bytes + (size_t)kept++ * c->row, value, c->row);
        }
    }
    return kept;
}

static hra_code put_rows(const rewriting *r, const column *c, const void *bytes, int64_t first, int64_t count,
                         hra_error *error)
{
    hsize_t start[2] = {(hsize_t)first, 0}, size[2] = {(hsize_t)count, c->items};
    if (count == 0) return HRA_OK;
    hra_h5_id space = H5Dget_space(c->to);
    hra_h5_id memory = H5Screate_simple(c->rank, size, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(c->to, c->type, memory, space, H5P_DEFAULT, bytes) < 0)
        return unwritable(r, error);
    return HRA_OK;
}

static hra_code put_sums(const rewriting *r, const column *c, const uint32_t *sums, int64_t pieces, hra_error *error)
{
    hsize_t start[2] = {0, (hsize_t)c->sum_column}, size[2] = {(hsize_t)pieces, 1};
    if (pieces == 0) return HRA_OK;
    hra_h5_id space = H5Dget_space(r->sums_to);
    hra_h5_id memory = H5Screate_simple(2, size, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(r->sums_to, H5T_NATIVE_UINT32, memory, space, H5P_DEFAULT, sums) < 0)
        return unwritable(r, error);
    return HRA_OK;
}

static int64_t pieces_of(int64_t rows) { return (rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS; }

static hra_code move_rows(const rewriting *r, const column *c, unsigned char *bytes, int64_t block, uint32_t *sums,
                          hra_error *error)
{
    int64_t next = 0, written = 0;
    uint32_t running = 0;
    for (int64_t first = 0; first < r->rows; first += block) {
        int64_t count = r->rows - first < block ? r->rows - first : block;
        HRA_TRY(hra_result_sums_read(&r->sums, c->from, c->name, c->memory, first, count, bytes, error));
        int64_t kept = keep_rows(r, c, bytes, first, count, &next);
        HRA_TRY(put_rows(r, c, bytes, written, kept, error));
        if (kept > 0)
            running = hra_result_sum(bytes, c->row, written, (int)kept, running, sums + written / HRA_SUM_ROWS, 1);
        written += kept;
    }
    return put_sums(r, c, sums, pieces_of(r->kept), error);
}

static hra_code copy_rows(rewriting *r, column *c, hra_error *error)
{
    size_t widest = c->row > c->read_row ? c->row : c->read_row;
    int64_t block = BLOCK_BYTES / (int64_t)widest / HRA_SUM_ROWS * HRA_SUM_ROWS;
    if (block < HRA_SUM_ROWS) block = HRA_SUM_ROWS;
    unsigned char *bytes = malloc((size_t)block * widest);
    uint32_t *sums = calloc((size_t)pieces_of(r->kept) + 1, sizeof *sums);
    hra_code code = bytes && sums ? move_rows(r, c, bytes, block, sums, error) : hra_out_of_memory(error);
    free(bytes);
    free(sums);
    if (code) return code;
    HRA_TRY(copy_attributes(r, c->from, c->to, error));
    return add_range(r, c->to, (uint64_t)r->kept * c->row, error);
}

/* ---- labels ---- */

/* The narrowest integers for so many texts, as a run writes them (io/results/result_layout.c). */
static hid_t narrowest(int texts)
{
    return texts <= INT8_MAX ? H5T_STD_I8LE : texts <= INT16_MAX ? H5T_STD_I16LE : H5T_STD_I32LE;
}

/* Numbers in the order in which texts come, as a store without those people would have them. */
static hra_code number_texts(const rewriting *r, const column *c, int32_t *places, int count, int *used,
                             hra_error *error)
{
    int32_t *block = malloc(KEY_ROWS * sizeof *block);
    hra_code code = block ? HRA_OK : hra_out_of_memory(error);
    int64_t next = 0;
    for (int i = 0; i < count; i++) places[i] = -1;
    for (int64_t first = 0; first < r->rows && !code; first += KEY_ROWS) {
        int64_t rows = r->rows - first < KEY_ROWS ? r->rows - first : KEY_ROWS;
        code = hra_result_sums_read(&r->sums, c->from, c->name, H5T_NATIVE_INT32, first, rows, block, error);
        for (int64_t i = 0; i < rows && !code; i++) {
            if (next < r->gone_count && r->gone[next] == first + i)
                next++;
            else if (block[i] >= 0 && block[i] < count && places[block[i]] < 0)
                places[block[i]] = (*used)++;
        }
    }
    free(block);
    return code;
}

static hra_code renumber(rewriting *r, column *c, hid_t group, hid_t group_to, const char *name, hra_error *error)
{
    const char *const *texts;
    int count, used = 0;
    const char *list = hra_arena_printf(r->arena, "%s_text", name);
    if (!list) return hra_out_of_memory(error);
    HRA_TRY(hra_h5_read_texts(group, list, r->arena, &texts, &count, error));
    int32_t *places = hra_arena_alloc(r->arena, (size_t)count * sizeof *places + 1);
    const char **kept = hra_arena_alloc(r->arena, (size_t)count * sizeof *kept + 1);
    if (!places || !kept) return hra_out_of_memory(error);
    HRA_TRY(number_texts(r, c, places, count, &used, error));
    for (int i = 0; i < count; i++)
        if (places[i] >= 0) kept[places[i]] = texts[i];
    HRA_TRY(hra_h5_write_texts(group_to, list, kept, used, error));
    hra_h5_id narrow = H5Tcopy(narrowest(count));
    if (H5Tequal(narrow, c->type) > 0) {
        H5Tclose(c->type);
        c->type = H5Tcopy(narrowest(used));
    }
    c->row = H5Tget_size(c->type);
    c->memory = H5T_NATIVE_INT32;
    c->read_row = sizeof(int32_t);
    c->places = places;
    c->place_count = count;
    return HRA_OK;
}

/* ---- datasets and groups ---- */

static bool is_text_list(hid_t group, const char *name)
{
    static const char ending[] = "_text";
    char index[256];
    size_t length = strlen(name), end = sizeof ending - 1;
    if (length <= end || length - end >= sizeof index || strcmp(name + length - end, ending) != 0) return false;
    memcpy(index, name, length - end);
    index[length - end] = '\0';
    return H5Lexists(group, index, H5P_DEFAULT) > 0;
}

static hra_code copy_column(rewriting *r, column *c, hid_t group, hid_t group_to, const char *group_name,
                            const char *name, hra_error *error)
{
    hra_h5_id space = H5Dget_space(c->from);
    hsize_t size[2] = {0, 1};
    c->rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (c->type < 0 || c->rank < 1 || c->rank > 2 || H5Sget_simple_extent_dims(space, size, NULL) < 0 ||
        size[0] != (hsize_t)r->rows || size[1] == 0)
        return hra_fail(error, HRA_EINPUT, "%s: %s does not have a value for each row", r->path, c->name);
    c->items = size[1];
    c->memory = c->type;
    c->row = c->read_row = H5Tget_size(c->type) * c->items;
    if (strcmp(group_name, "labels") == 0) HRA_TRY(renumber(r, c, group, group_to, name, error));
    size[0] = (hsize_t)r->kept;
    c->to = create_stretch(group_to, name, c->type, c->rank, size);
    return c->to < 0 ? unwritable(r, error) : copy_rows(r, c, error);
}

static hra_code copy_dataset(rewriting *r, hid_t group, hid_t group_to, const char *group_name, const char *name,
                             hra_error *error)
{
    column c = {.from = hra_h5_member(group, name), .type = -1, .to = -1};
    hra_code code = HRA_OK;
    c.name = hra_arena_printf(r->arena, "/%s/%s", group_name, name);
    if (!c.name) code = hra_out_of_memory(error);
    if (!code && c.from < 0) code = hra_fail(error, HRA_EINPUT, "%s: %s is not a dataset", r->path, c.name);
    if (!code && hra_h5_get_int(c.from, HRA_SUM_COLUMN, &c.sum_column)) {
        c.type = H5Dget_type(c.from);
        code = copy_column(r, &c, group, group_to, group_name, name, error);
    } else if (!code && !is_text_list(group, name)) {
        if (H5Ocopy(group, name, group_to, name, H5P_DEFAULT, H5P_DEFAULT) < 0) code = unwritable(r, error);
    }
    if (!code && c.to >= 0 && H5Dflush(c.to) < 0) code = unwritable(r, error); /* closing it would not tell */
    hra_h5_release(&c.from);
    hra_h5_release(&c.type);
    hra_h5_release(&c.to);
    return code;
}

static hra_code copy_group(rewriting *r, const char *name, hra_error *error)
{
    const char *const *members;
    int count;
    hra_h5_id group = hra_h5_member(r->from, name);
    hra_h5_id group_to = hra_h5_group(r->to, name);
    if (group < 0 || group_to < 0) return unwritable(r, error);
    HRA_TRY(hra_h5_members(group, r->arena, &members, &count, error));
    for (int i = 0; i < count; i++) HRA_TRY(copy_dataset(r, group, group_to, name, members[i], error));
    return HRA_OK;
}

/* ---- checksums, and the whole ---- */

static hra_code create_sums(rewriting *r, hra_error *error)
{
    hsize_t size[2] = {0, 0};
    hra_h5_id space = H5Dget_space(r->sums.dataset);
    hra_h5_id group = hra_h5_group(r->to, "checksums");
    if (space < 0 || group < 0 || H5Sget_simple_extent_dims(space, size, NULL) != 2) return unwritable(r, error);
    size[0] = (hsize_t)pieces_of(r->kept);
    r->sums_to = create_stretch(group, "crc32", H5T_STD_U32LE, 2, size);
    if (r->sums_to < 0) return unwritable(r, error);
    HRA_TRY(hra_h5_put_int(r->sums_to, "rows", HRA_SUM_ROWS, error));
    return add_range(r, r->sums_to, size[0] * size[1] * sizeof(uint32_t), error);
}

static hra_code copy_file(rewriting *r, hra_error *error)
{
    const char *const *groups;
    int count;
    HRA_TRY(hra_result_sums_open(r->from, r->path, r->rows, &r->sums, error));
    if (r->sums.dataset < 0)
        return hra_fail(error, HRA_EINPUT, "%s has no checksums and cannot be written anew: score its people again",
                        r->path);
    HRA_TRY(copy_attributes(r, r->from, r->to, error));
    HRA_TRY(hra_h5_put_int(r->to, "rows", r->kept, error));
    HRA_TRY(create_sums(r, error));
    HRA_TRY(hra_h5_members(r->from, r->arena, &groups, &count, error));
    for (int i = 0; i < count; i++)
        if (strcmp(groups[i], "checksums") != 0) HRA_TRY(copy_group(r, groups[i], error));
    return hra_h5_hash_put(r->to, error);
}

static hra_code copy_locked(rewriting *r, const char *temporary, hra_error *error)
{
    HRA_TRY(hra_h5_open(r->path, &r->from, error));
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    hra_h5_bound_memory(access, HRA_H5_WRITING_BYTES);
    /* rows are written when they come, so that a full disk is told then: HDF5 does not survive a dataset that it cannot
     * close */
    if (access < 0 || H5Pset_sieve_buf_size(access, 0) < 0) return unwritable(r, error);
    r->to = H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (r->to < 0) return unwritable(r, error);
    hra_code code = copy_file(r, error);
    if (!code && H5Fflush(r->to, H5F_SCOPE_GLOBAL) < 0) code = unwritable(r, error);
    hra_result_sums_close(&r->sums);
    hra_h5_release(&r->sums_to);
    if (H5Fclose(r->to) < 0 && !code) code = unwritable(r, error);
    return code;
}

/* A full disk is better found before HDF5 meets it. Not every file system can reserve room. */
static hra_code check_room(const rewriting *r, FILE *temporary, hra_error *error)
{
    struct stat facts;
    if (stat(r->path, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: cannot read it: %s", r->path, strerror(errno));
    int file = fileno(temporary);
    if (fallocate(file, 0, 0, facts.st_size) != 0 && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
        return hra_fail(error, HRA_EIO, "%s: no room to write it anew: %s", r->path, strerror(errno));
    if (ftruncate(file, 0) == 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s cannot be written anew: %s", r->path, strerror(errno));
}

static hra_code write_others(rewriting *r, hra_error *error)
{
    hra_atomic_file *file;
    HRA_TRY(hra_atomic_open(r->path, &file, error));
    r->arena = hra_arena_new();
    hra_code code = r->arena ? check_room(r, hra_atomic_stream(file), error) : hra_out_of_memory(error);
    hra_h5_lock();
    if (!code) code = copy_locked(r, hra_atomic_temporary(file), error);
    hra_h5_release(&r->from);
    hra_h5_unlock();
    if (!code) code = hra_summary_seal(hra_atomic_temporary(file), r->ranges, r->range_count, error);
    hra_arena_free(r->arena);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}

hra_code hra_forget_in_results(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error)
{
    rewriting r = {.path = path, .list = list, .from = -1, .to = -1, .sums = {.dataset = -1}, .sums_to = -1};
    hra_code code = read_keys(&r, error);
    if (!code && r.gone_count > 0 && !dry) code = write_others(&r, error);
    *removed = code ? 0 : r.gone_count;
    free(r.gone);
    free(r.ranges);
    return code;
}
