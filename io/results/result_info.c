#include "io/results/result_info.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/column.h"
#include "io/hdf5/packed_dataset.h"
#include "io/hdf5/content_hash.h"
#include "io/results/result_layout.h"
#include "io/results/result_sums.h"

static const char *text_or_empty(hid_t object, const char *name, hra_arena *arena)
{
    const char *text = hra_h5_get_text(object, name, arena);
    return text ? text : "";
}

bool hra_is_result_store(const char *path)
{
    hra_arena *arena = hra_arena_new();
    bool result = false;
    if (!arena) return false;
    hra_h5_lock();
    hid_t file = -1;
    if (hra_h5_open(path, &file, NULL) == HRA_OK)
        result = strcmp(text_or_empty(file, "format", arena), HRA_RESULT_FORMAT) == 0;
    hra_h5_release(&file);
    hra_h5_unlock();
    hra_arena_free(arena);
    return result;
}

/* ---- outputs ---- */

static hra_code split_levels(hra_result_output *o, const char *meanings, hra_arena *arena, hra_error *error)
{
    char *text = hra_arena_text(arena, meanings), *rest = NULL;
    const char **levels = hra_arena_alloc(arena, (strlen(meanings) / 2 + 2) * sizeof *levels);
    if (!text || !levels) return hra_out_of_memory(error);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        levels[o->level_count++] = word;
    o->levels = levels;
    o->level_counts = hra_arena_alloc(arena, (size_t)(o->level_count + 1) * sizeof *o->level_counts);
    return o->level_counts ? HRA_OK : hra_out_of_memory(error);
}

static void count_numbers(hra_result_output *o, const double *values, int64_t count, double *sum)
{
    for (int64_t i = 0; i < count; i++) {
        double v = values[i];
        if (isnan(v)) continue;
        if (o->known == 0 || v < o->minimum) o->minimum = v;
        if (o->known == 0 || v > o->maximum) o->maximum = v;
        *sum += v;
        o->known++;
    }
}

static void count_levels(hra_result_output *o, const hra_packed *data, const void *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        int64_t v = hra_packed_integer(data, values, (size_t)i);
        if (v < 0 || v >= o->level_count) continue; /* unknown */
        o->level_counts[v]++;
        o->known++;
    }
}

static hra_code count_output(hra_result_output *o, const hra_packed *data, const hra_result_sums *sums, void *block,
                             hra_error *error)
{
    double sum = 0;
    for (int64_t first = 0; first < data->rows; first += HRA_CHUNK_ROWS) {
        int64_t count = data->rows - first < HRA_CHUNK_ROWS ? data->rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_result_sums_read(sums, hra_packed_id(data), data->name, hra_packed_memory(data), first, count,
                                     block, error));
        if (data->element == HRA_ELEMENT_DOUBLE)
            count_numbers(o, block, count, &sum);
        else
            count_levels(o, data, block, count);
    }
    o->mean = o->known ? sum / (double)o->known : NAN;
    if (!o->known) o->minimum = o->maximum = NAN;
    return HRA_OK;
}

static hra_code read_output(hid_t group, const char *name, const hra_result_sums *sums, void *block, hra_arena *arena,
                            hra_result_info *info, hra_error *error)
{
    hid_t dataset = hra_h5_member(group, name);
    hra_result_output *o = &info->outputs[info->output_count];
    const char *full = hra_arena_printf(arena, "%s: outputs/%s", sums->path, name);
    hra_packed *data = NULL;
    if (!full) return hra_out_of_memory(error);
    *o = (hra_result_output){.name = name, .role = hra_h5_get_text(dataset, "role", arena)};
    if (!o->role) { /* a status */
        hra_h5_release(&dataset);
        return HRA_OK;
    }
    o->unit = text_or_empty(dataset, "units", arena);
    const char *meanings = hra_h5_get_text(dataset, "flag_meanings", arena);
    HRA_TRY(hra_packed_open(dataset, full, -1, 0, arena, &data, error));
    hra_code code = HRA_OK;
    if (data->rows != info->rows || data->width > 8 || data->element == HRA_ELEMENT_TEXT)
        code = hra_fail(error, HRA_EINPUT, "%s is not a column of %lld results", full, (long long)info->rows);
    if (!code && meanings) code = split_levels(o, meanings, arena, error);
    if (!code) code = count_output(o, data, sums, block, error);
    hra_packed_close(data);
    info->output_count++;
    return code;
}

static hra_code read_outputs(hid_t file, const hra_result_sums *sums, hra_arena *arena, hra_result_info *info,
                             hra_error *error)
{
    hra_h5_id group = hra_h5_member(file, "outputs");
    const char *const *names;
    int count;
    if (group < 0) return HRA_OK;
    HRA_TRY(hra_h5_members(group, arena, &names, &count, error));
    info->outputs = hra_arena_alloc(arena, (size_t)(count + 1) * sizeof *info->outputs);
    void *block = malloc((size_t)HRA_CHUNK_ROWS * 8);
    hra_code code = info->outputs && block ? HRA_OK : hra_out_of_memory(error);
    for (int i = 0; i < count && !code; i++) code = read_output(group, names[i], sums, block, arena, info, error);
    free(block);
    return code;
}

/* ---- sets of flags ---- */

static bool set_fits(hid_t dataset, int64_t rows, int64_t words)
{
    hsize_t size[2] = {0, 0};
    hra_h5_id space = dataset > 0 ? H5Dget_space(dataset) : -1;
    return space > 0 && H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_dims(space, size, NULL) == 2 &&
           size[0] == (hsize_t)rows && size[1] == (hsize_t)words;
}

static void count_bits(const uint64_t *known, const uint64_t *truth, int64_t rows, int64_t words,
                       hra_result_flag *flags, int count)
{
    for (int f = 0; f < count; f++)
        for (int64_t i = 0; i < rows; i++) {
            flags[f].known += (int64_t)(known[i * words + f / 64] >> (f % 64) & 1);
            flags[f].present += (int64_t)(truth[i * words + f / 64] >> (f % 64) & 1);
        }
}

static hra_code read_set(hid_t file, const hra_result_sums *sums, hra_arena *arena, int64_t rows, hra_result_flags *set,
                         hra_error *error)
{
    const char *name = set->name, *const * ids;
    hra_h5_id group = hra_h5_member(file, name);
    hra_result_flag **flags = &set->flags;
    int *count = &set->count;
    if (group < 0) return HRA_OK;
    HRA_TRY(hra_h5_read_texts(group, "catalogue", arena, &ids, count, error));
    hra_h5_id known_set = hra_h5_member(group, "known");
    hra_h5_id true_set = hra_h5_member(group, "true");
    int64_t words = (*count + 63) / 64;
    if (!set_fits(known_set, rows, words) || !set_fits(true_set, rows, words))
        return hra_fail(error, HRA_EINPUT, "%s does not fit its catalogue", name);
    *flags = hra_arena_alloc(arena, (size_t)(*count + 1) * sizeof **flags);
    uint64_t *known = malloc((size_t)HRA_CHUNK_ROWS * (size_t)(words + 1) * sizeof *known);
    uint64_t *truth = malloc((size_t)HRA_CHUNK_ROWS * (size_t)(words + 1) * sizeof *truth);
    hra_code code = *flags && known && truth ? HRA_OK : hra_out_of_memory(error);
    for (int f = 0; f < *count && !code; f++) (*flags)[f].id = ids[f];
    for (int64_t first = 0; first < rows && !code; first += HRA_CHUNK_ROWS) {
        int64_t size = rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS;
        code = hra_result_sums_read(sums, known_set, name, H5T_NATIVE_UINT64, first, size, known, error);
        if (!code) code = hra_result_sums_read(sums, true_set, name, H5T_NATIVE_UINT64, first, size, truth, error);
        if (!code) count_bits(known, truth, size, words, *flags, *count);
    }
    free(known);
    free(truth);
    return code;
}

/* ---- the file ---- */

static hra_code read_facts(hid_t file, const char *path, hra_arena *arena, hra_result_info *info, hra_error *error)
{
    if (strcmp(text_or_empty(file, "format", arena), HRA_RESULT_FORMAT) != 0 ||
        !hra_h5_get_int(file, "rows", &info->rows) || info->rows < 0)
        return hra_fail(error, HRA_EINPUT, "%s is not a finished result store", path);
    info->engine_version = text_or_empty(file, "engine_version", arena);
    info->definitions_hash = text_or_empty(file, "definitions_hash", arena);
    info->input_hash = text_or_empty(file, "input_hash", arena);
    info->panel = text_or_empty(file, "panel", arena);
    info->command = text_or_empty(file, "command", arena);
    return HRA_OK;
}

static hra_code read_info(hid_t file, const hra_result_sums *sums, hra_arena *arena, hra_result_info *info,
                          hra_error *error)
{
    hra_h5_id person = hra_h5_member(file, "person");
    info->has_keys = person > 0 && H5Lexists(person, "key", H5P_DEFAULT) > 0;
    HRA_TRY(read_outputs(file, sums, arena, info, error));
    static const char *const names[HRA_RESULT_INFO_SETS] = {"factors", "prescriptions", "items", "monitors", "topics"};
    for (int i = 0; i < HRA_RESULT_INFO_SETS; i++) {
        info->sets[i].name = names[i];
        HRA_TRY(read_set(file, sums, arena, info->rows, &info->sets[i], error));
    }
    return HRA_OK;
}

hra_code hra_result_info_read(const char *path, hra_arena *arena, hra_result_info *info, hra_error *error)
{
    hid_t file = -1;
    hra_result_sums sums = {.dataset = -1};
    char hash[HRA_H5_HASH_TEXT];
    *info = (hra_result_info){0};
    hra_h5_lock();
    hra_code code = hra_h5_open(path, &file, error);
    if (!code) code = read_facts(file, path, arena, info, error);
    if (!code) code = hra_h5_hash_check(file, path, hash, error);
    if (!code) code = hra_result_sums_open(file, path, info->rows, &sums, error);
    if (!code) code = read_info(file, &sums, arena, info, error);
    hra_result_sums_close(&sums);
    hra_h5_release(&file);
    hra_h5_unlock();
    return code;
}
