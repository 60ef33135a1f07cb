#include "io/people/store_labels.h"

#include <stdlib.h>

#define NO_INDEX UINT32_MAX

bool hra_store_label_begin(hra_store_label *label)
{
    label->map = hra_map_new();
    return label->map != NULL;
}

static hra_code add_text(hra_store_label *out, hra_arena *arena, const char *text, int32_t *index, hra_error *error)
{
    int64_t found = hra_map_get(out->map, text);
    if (found < 0) {
        found = out->text_count;
        if (out->text_count == out->text_capacity) {
            int capacity = out->text_capacity ? 2 * out->text_capacity : 64;
            const char **texts = realloc(out->texts, (size_t)capacity * sizeof *texts);
            if (!texts) return hra_out_of_memory(error);
            out->texts = texts;
            out->text_capacity = capacity;
        }
        const char *copy = hra_arena_text(arena, text);
        if (!copy || hra_map_set(out->map, text, found) != 0) return hra_out_of_memory(error);
        out->texts[out->text_count++] = copy;
    }
    *index = (int32_t)found;
    return HRA_OK;
}

/* A chunk's indices go by the table of its source; the store has one table for all chunks. */
hra_code hra_store_label_copy(hra_store_label *out, hra_arena *arena, int at, const hra_label_codes *codes, int from,
                              int count, hra_error *error)
{
    if (codes->text_count > out->known_capacity) {
        int32_t *known = realloc(out->known, (size_t)codes->text_count * sizeof *known);
        if (!known) return hra_out_of_memory(error);
        out->known = known;
        out->known_capacity = codes->text_count;
    }
    for (int i = 0; i < codes->text_count; i++) out->known[i] = -1;
    for (int i = 0; i < count; i++) {
        int32_t index = codes->index ? codes->index[from + i] : -1;
        out->index[at + i] = NO_INDEX;
        if (index < 0) continue;
        if (out->known[index] < 0) HRA_TRY(add_text(out, arena, codes->texts[index], &out->known[index], error));
        out->index[at + i] = (uint32_t)out->known[index];
    }
    return HRA_OK;
}

hra_code hra_store_label_put(hra_store_label *label, hra_series_buffers *buffers, int64_t index, int64_t rows,
                             hra_error *error)
{
    return hra_series_put32(&label->series, buffers, index, rows, label->index, NO_INDEX, 0, error);
}

hra_code hra_store_label_finish(const hra_store_label *label, hid_t group, hra_arena *arena, hra_error *error)
{
    const char *name = hra_arena_printf(arena, "%s_text", label->series.name);
    if (!name) return hra_out_of_memory(error);
    return hra_h5_write_texts(group, name, label->texts, label->text_count, error);
}

void hra_store_label_destroy(hra_store_label *label)
{
    hra_map_free(label->map);
    free(label->texts);
    free(label->known);
}
