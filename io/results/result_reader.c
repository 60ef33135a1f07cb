#include "io/results/result_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/data/column.h"
#include "io/hdf5/content_hash.h"
#include "io/people/store_layout.h"
#include "io/results/result_layout.h"
#include "io/results/result_reader_parts.h"

typedef hra_result_data field;
typedef hra_result_label label;

/* ---- opening ---- */

static field *add_field(hra_result_reader *r, const char *name, hra_error *error)
{
    if (r->count == r->capacity) {
        int capacity = r->capacity ? 2 * r->capacity : 128;
        field *fields = realloc(r->fields, (size_t)capacity * sizeof *fields);
        if (!fields) {
            hra_out_of_memory(error);
            return NULL;
        }
        r->fields = fields;
        r->capacity = capacity;
    }
    if (hra_map_set(r->names, name, r->count) != 0) {
        hra_out_of_memory(error);
        return NULL;
    }
    field *f = &r->fields[r->count++];
    *f = (field){.base = {.name = name, .unit = ""}, .known = -1, .truth = -1};
    return f;
}

static hra_code split_levels(hra_result_reader *r, field *f, const char *meanings, hra_error *error)
{
    char *text = hra_arena_text(r->arena, meanings), *rest = NULL;
    const char **levels = hra_arena_alloc(r->arena, (strlen(meanings) / 2 + 2) * sizeof *levels);
    if (!text || !levels) return hra_out_of_memory(error);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        levels[f->base.level_count++] = word;
    f->base.levels = levels;
    f->base.kind = HRA_RESULT_LEVELS;
    if (f->base.level_count == 2 && strcmp(levels[0], "false") == 0 && strcmp(levels[1], "true") == 0)
        f->base.kind = HRA_RESULT_FLAG;
    return HRA_OK;
}

hra_code hra_result_open_rows(hra_result_reader *r, hid_t dataset, const char *folder, const char *name,
                              hra_packed **out, hra_error *error)
{
    const char *full = hra_arena_printf(r->arena, "%s: %s/%s", r->facts.path, folder, name);
    if (!full) {
        hra_h5_release(&dataset);
        return hra_out_of_memory(error);
    }
    HRA_TRY(hra_packed_open(dataset, full, -1, 0, r->arena, out, error));
    if ((*out)->rows == r->facts.rows) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s has %lld rows where the file has %lld", full, (long long)(*out)->rows,
                    (long long)r->facts.rows);
}

static hra_code open_output(hra_result_reader *r, hid_t group, const char *name, hra_error *error)
{
    hid_t dataset = hra_h5_member(group, name);
    const char *role = dataset > 0 ? hra_h5_get_text(dataset, "role", r->arena) : NULL;
    if (!role) { /* a status */
        hra_h5_release(&dataset);
        return HRA_OK;
    }
    const char *unit = hra_h5_get_text(dataset, "units", r->arena);
    const char *meanings = hra_h5_get_text(dataset, "flag_meanings", r->arena);
    hra_packed *data = NULL;
    HRA_TRY(hra_result_open_rows(r, dataset, "outputs", name, &data, error));
    field *f = add_field(r, name, error);
    if (!f) {
        hra_packed_close(data);
        return error->code;
    }
    f->data = data;
    f->base.role = role;
    f->base.unit = unit ? unit : "";
    if (data->element == HRA_ELEMENT_TEXT || data->width > 8)
        return hra_fail(error, HRA_EINPUT, "%s is not a column of results", data->name);
    return meanings ? split_levels(r, f, meanings, error) : HRA_OK;
}

static hra_code open_outputs(hra_result_reader *r, hra_error *error)
{
    hra_h5_id group = hra_h5_member(r->file, "outputs");
    const char *const *names;
    int count;
    if (group < 0) return HRA_OK;
    HRA_TRY(hra_h5_members(group, r->arena, &names, &count, error));
    for (int i = 0; i < count; i++) HRA_TRY(open_output(r, group, names[i], error));
    return HRA_OK;
}

static bool words_fit(hid_t dataset, int64_t rows, int bits)
{
    hsize_t size[2] = {0, 0};
    hra_h5_id space = dataset > 0 ? H5Dget_space(dataset) : -1;
    return space > 0 && H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_dims(space, size, NULL) == 2 &&
           size[0] == (hsize_t)rows && size[1] == (hsize_t)((bits + 63) / 64) && hra_h5_storage_fits(dataset);
}

/* Any group with a catalogue is a set of flags. */
static hra_code open_set(hra_result_reader *r, const char *name, hra_error *error)
{
    hra_h5_id group = hra_h5_member(r->file, name);
    if (group < 0 || H5Iget_type(group) != H5I_GROUP || H5Lexists(group, "catalogue", H5P_DEFAULT) <= 0) return HRA_OK;
    const char *const *ids;
    int count;
    HRA_TRY(hra_h5_read_texts(group, "catalogue", r->arena, &ids, &count, error));
    if (r->set_count + 2 > (int)(sizeof r->sets / sizeof *r->sets))
        return hra_fail(error, HRA_EINPUT, "%s holds too many sets of flags", r->facts.path);
    hid_t known = r->sets[r->set_count++] = hra_h5_member(group, "known");
    hid_t truth = r->sets[r->set_count++] = hra_h5_member(group, "true");
    if (!words_fit(known, r->facts.rows, count) || !words_fit(truth, r->facts.rows, count))
        return hra_fail(error, HRA_EINPUT, "%s: /%s does not fit its catalogue", r->facts.path, name);
    for (int i = 0; i < count; i++) {
        field *f = add_field(r, ids[i], error);
        if (!f) return error->code;
        f->base.role = name;
        f->base.kind = HRA_RESULT_FLAG;
        f->known = known;
        f->truth = truth;
        f->bit = i;
        f->words = (count + 63) / 64;
    }
    return HRA_OK;
}

static hra_code open_labels(hra_result_reader *r, hra_error *error)
{
    hra_h5_id group = hra_h5_member(r->file, "labels");
    const char *const *names;
    int count;
    if (group < 0) return HRA_OK;
    HRA_TRY(hra_h5_members(group, r->arena, &names, &count, error));
    r->labels = hra_arena_alloc(r->arena, (size_t)(count + 1) * sizeof *r->labels);
    if (!r->labels) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) {
        const char *text_name = hra_arena_printf(r->arena, "%s_text", names[i]);
        if (!text_name) return hra_out_of_memory(error);
        if (H5Lexists(group, text_name, H5P_DEFAULT) <= 0) continue; /* the texts of another label */
        label *l = &r->labels[r->label_count];
        l->name = names[i];
        HRA_TRY(hra_h5_read_texts(group, text_name, r->arena, &l->texts, &l->text_count, error));
        HRA_TRY(hra_result_open_rows(r, hra_h5_member(group, names[i]), "labels", names[i], &l->data, error));
        r->label_count++;
        if (l->data->element != HRA_ELEMENT_SIGNED && l->data->element != HRA_ELEMENT_UNSIGNED)
            return hra_fail(error, HRA_EINPUT, "%s is not a label", l->data->name);
    }
    return HRA_OK;
}

static hra_code open_keys(hra_result_reader *r, hra_error *error)
{
    hra_h5_id group = hra_h5_member(r->file, "person");
    if (group < 0 || H5Lexists(group, "key", H5P_DEFAULT) <= 0) return HRA_OK;
    HRA_TRY(hra_result_open_rows(r, hra_h5_member(group, "key"), "person", "key", &r->keys, error));
    r->facts.has_keys = true;
    if (r->keys->element == HRA_ELEMENT_TEXT && r->keys->width == HRA_STORE_KEY_LENGTH) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s holds no hashed person keys", r->keys->name);
}

static const char *text_or_empty(const hra_result_reader *r, const char *name)
{
    const char *text = hra_h5_get_text(r->file, name, r->arena);
    return text ? text : "";
}

static hra_code open_facts(hra_result_reader *r, hra_error *error)
{
    hra_result_facts *f = &r->facts;
    int64_t version = 0;
    if (strcmp(text_or_empty(r, "format"), HRA_RESULT_FORMAT) != 0 || !hra_h5_get_int(r->file, "rows", &f->rows) ||
        f->rows < 0)
        return hra_fail(error, HRA_EINPUT, "%s is not a finished result store of hra", f->path);
    hra_h5_get_int(r->file, "format_version", &version);
    if (version > HRA_RESULT_VERSION)
        return hra_fail(error, HRA_EINPUT, "%s has result version %lld; this program knows version %d", f->path,
                        (long long)version, HRA_RESULT_VERSION);
    f->engine_version = text_or_empty(r, "engine_version");
    f->definitions_hash = text_or_empty(r, "definitions_hash");
    f->input_hash = text_or_empty(r, "input_hash");
    f->panel = text_or_empty(r, "panel");
    f->command = text_or_empty(r, "command");
    f->key_fingerprint = text_or_empty(r, "key_fingerprint");
    f->as_of = text_or_empty(r, "as_of");
    f->outside_range = text_or_empty(r, "outside_range");
    return HRA_OK;
}

static hra_code open_all(hra_result_reader *r, hra_error *error)
{
    const char *const *groups;
    int count;
    HRA_TRY(hra_h5_open(r->facts.path, &r->file, error));
    HRA_TRY(open_facts(r, error));
    char hash[HRA_H5_HASH_TEXT];
    HRA_TRY(hra_h5_hash_check(r->file, r->facts.path, hash, error));
    HRA_TRY(hra_result_sums_open(r->file, r->facts.path, r->facts.rows, &r->sums, error));
    HRA_TRY(open_outputs(r, error));
    HRA_TRY(open_labels(r, error));
    HRA_TRY(open_keys(r, error));
    HRA_TRY(hra_h5_members(r->file, r->arena, &groups, &count, error));
    for (int i = 0; i < count; i++) HRA_TRY(open_set(r, groups[i], error));
    return HRA_OK;
}

/* The file itself, or results.h5 in a folder. */
static const char *file_of(const char *path, hra_arena *arena)
{
    struct stat facts;
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) return hra_arena_printf(arena, "%s/results.h5", path);
    return hra_arena_text(arena, path);
}

hra_code hra_result_reader_open(const char *path, hra_result_reader **out, hra_error *error)
{
    hra_error unused;
    if (!error) error = &unused;
    hra_result_reader *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    r->file = r->sums.dataset = -1;
    r->arena = hra_arena_new();
    r->names = hra_map_new();
    if (r->arena) r->facts.path = file_of(path, r->arena);
    hra_code code = r->names && r->facts.path ? HRA_OK : hra_out_of_memory(error);
    if (!code) {
        hra_h5_lock();
        code = open_all(r, error);
        hra_h5_unlock();
    }
    if (code)
        hra_result_reader_close(r);
    else
        *out = r;
    return code;
}

void hra_result_reader_close(hra_result_reader *r)
{
    if (!r) return;
    hra_h5_lock();
    for (int i = 0; i < r->count; i++) hra_packed_close(r->fields[i].data);
    for (int i = 0; i < r->label_count; i++) hra_packed_close(r->labels[i].data);
    for (int i = 0; i < r->set_count; i++) hra_h5_release(&r->sets[i]);
    for (int i = 0; i < r->beside_count; i++) hra_packed_close(r->beside[i]);
    hra_packed_close(r->keys);
    hra_result_sums_close(&r->sums);
    hra_h5_release(&r->file);
    hra_h5_unlock();
    hra_map_free(r->names);
    free(r->fields);
    hra_arena_free(r->arena);
    free(r);
}

/* ---- what there is ---- */

const hra_result_facts *hra_result_reader_facts(const hra_result_reader *r) { return &r->facts; }
int hra_result_reader_count(const hra_result_reader *r) { return r->count; }
const hra_result_field *hra_result_reader_field(const hra_result_reader *r, int f) { return &r->fields[f].base; }
int hra_result_reader_find(const hra_result_reader *r, const char *name) { return (int)hra_map_get(r->names, name); }

hra_code hra_result_reader_require(const hra_result_reader *r, const char *name, int *out, hra_error *error)
{
    *out = hra_result_reader_find(r, name);
    if (*out >= 0) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "%s has no result '%s'; 'hra info %s' lists what it has", r->facts.path, name,
                    r->facts.path);
}

int hra_result_reader_label(const hra_result_reader *r, const char *name)
{
    for (int i = 0; i < r->label_count; i++)
        if (strcmp(r->labels[i].name, name) == 0) return i;
    return -1;
}

const char *const *hra_result_reader_texts(const hra_result_reader *r, int l, int *count)
{
    *count = r->labels[l].text_count;
    return r->labels[l].texts;
}

/* ---- rows ---- */

static int64_t rows_at_once(int64_t first, int64_t left)
{
    int64_t to_end = HRA_RESULT_ROWS_AT_ONCE - first % HRA_RESULT_ROWS_AT_ONCE;
    return left < to_end ? left : to_end;
}

hra_code hra_result_read_rows(const hra_result_reader *r, const hra_packed *data, int64_t first, int64_t count,
                              void *out, hra_error *error)
{
    hra_h5_lock();
    hra_code code = hra_result_sums_read(&r->sums, hra_packed_id(data), data->name, hra_packed_memory(data), first,
                                         count, out, error);
    hra_h5_unlock();
    return code;
}

static hra_code read_words(const hra_result_reader *r, hid_t words, int64_t first, int64_t count, uint64_t *out,
                           hra_error *error)
{
    hra_h5_lock();
    hra_code code =
        hra_result_sums_read(&r->sums, words, "a set of flags", H5T_NATIVE_UINT64, first, count, out, error);
    hra_h5_unlock();
    return code;
}

static hra_code read_bits(const hra_result_reader *r, const field *f, int64_t first, int64_t count, double *out,
                          hra_error *error)
{
    size_t words = (size_t)f->words, word = (size_t)f->bit / 64;
    uint64_t mask = (uint64_t)1 << f->bit % 64;
    int64_t most = count < HRA_RESULT_ROWS_AT_ONCE ? count : HRA_RESULT_ROWS_AT_ONCE;
    uint64_t *known = malloc(2 * (size_t)(most + 1) * words * sizeof *known), *truth = known + (size_t)most * words;
    hra_code code = known ? HRA_OK : hra_out_of_memory(error);
    for (int64_t at = 0, size; at < count && !code; at += size) {
        size = rows_at_once(first + at, count - at);
        code = read_words(r, f->known, first + at, size, known, error);
        if (!code) code = read_words(r, f->truth, first + at, size, truth, error);
        for (int64_t i = 0; i < size && !code; i++) {
            size_t place = (size_t)i * words + word;
            out[at + i] = known[place] & mask ? (double)((truth[place] & mask) != 0) : NAN;
        }
    }
    free(known);
    return code;
}

hra_code hra_result_read_whole(const hra_result_reader *r, const hra_packed *data, int64_t first, int64_t count,
                               int64_t limit, int64_t other, int64_t *out, hra_error *error)
{
    void *block = malloc((size_t)count * (size_t)data->width + 1);
    if (!block) return hra_out_of_memory(error);
    hra_code code = hra_result_read_rows(r, data, first, count, block, error);
    for (int64_t i = 0; i < count && !code; i++) {
        int64_t v = hra_packed_integer(data, block, (size_t)i);
        out[i] = v >= 0 && v < limit ? v : other;
    }
    free(block);
    return code;
}

static hra_code read_ordinals(const hra_result_reader *r, const field *f, int64_t first, int64_t count, double *out,
                              hra_error *error)
{
    int64_t most = count < HRA_RESULT_ROWS_AT_ONCE ? count : HRA_RESULT_ROWS_AT_ONCE,
            *levels = malloc((size_t)(most + 1) * sizeof *levels);
    hra_code code = levels ? HRA_OK : hra_out_of_memory(error);
    for (int64_t at = 0, size; at < count && !code; at += size) {
        size = rows_at_once(first + at, count - at);
        code = hra_result_read_whole(r, f->data, first + at, size, f->base.level_count, -1, levels, error);
        for (int64_t i = 0; i < size && !code; i++) out[at + i] = levels[i] >= 0 ? (double)levels[i] : NAN;
    }
    free(levels);
    return code;
}

hra_code hra_result_reader_values(const hra_result_reader *r, int index, int64_t first, int64_t count, double *out,
                                  hra_error *error)
{
    const field *f = &r->fields[index];
    if (!f->data) return read_bits(r, f, first, count, out, error);
    if (f->data->element == HRA_ELEMENT_DOUBLE) return hra_result_read_rows(r, f->data, first, count, out, error);
    return read_ordinals(r, f, first, count, out, error);
}

hra_code hra_result_reader_keys(const hra_result_reader *r, int64_t first, int64_t count,
                                char (*out)[HRA_RESULT_KEY_SIZE], hra_error *error)
{
    int64_t most = count < HRA_RESULT_ROWS_AT_ONCE ? count : HRA_RESULT_ROWS_AT_ONCE;
    char *block = malloc((size_t)(most + 1) * HRA_STORE_KEY_LENGTH);
    hra_code code = block ? HRA_OK : hra_out_of_memory(error);
    for (int64_t at = 0, size; at < count && !code; at += size) {
        size = rows_at_once(first + at, count - at);
        code = hra_result_read_rows(r, r->keys, first + at, size, block, error);
        for (int64_t i = 0; i < size && !code; i++) {
            memcpy(out[at + i], block + (size_t)i * HRA_STORE_KEY_LENGTH, HRA_STORE_KEY_LENGTH);
            out[at + i][HRA_STORE_KEY_LENGTH] = '\0';
        }
    }
    free(block);
    return code;
}

hra_code hra_result_reader_labels(const hra_result_reader *r, int index, int64_t first, int64_t count, int32_t *out,
                                  hra_error *error)
{
    const label *l = &r->labels[index];
    int64_t most = count < HRA_RESULT_ROWS_AT_ONCE ? count : HRA_RESULT_ROWS_AT_ONCE,
            *places = malloc((size_t)(most + 1) * sizeof *places);
    hra_code code = places ? HRA_OK : hra_out_of_memory(error);
    for (int64_t at = 0, size; at < count && !code; at += size) {
        size = rows_at_once(first + at, count - at);
        code = hra_result_read_whole(r, l->data, first + at, size, l->text_count, -1, places, error);
        for (int64_t i = 0; i < size && !code; i++) out[at + i] = (int32_t)places[i];
    }
    free(places);
    return code;
}

/* ---- keys ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool hra_person_key_read(const char *text, uint64_t out[2])
{
    out[0] = out[1] = 0;
    for (int i = 0; i < HRA_STORE_KEY_LENGTH; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) return false;
        out[i / 16] = out[i / 16] << 4 | (unsigned)digit;
    }
    return text[HRA_STORE_KEY_LENGTH] == '\0';
}

void hra_person_key_write(const uint64_t key[2], char out[HRA_RESULT_KEY_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < HRA_STORE_KEY_LENGTH; i++) out[i] = digits[key[i / 16] >> (60 - 4 * (i % 16)) & 15];
    out[HRA_STORE_KEY_LENGTH] = '\0';
}
