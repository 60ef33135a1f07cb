#include "io/results/result_labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

typedef struct label_texts {
    const char *const *texts; /* of the input, or `own` */
    const char **own;
    hra_map *numbers; /* of the own texts */
    int count, capacity;
} label_texts;

struct hra_result_labels {
    hra_arena *arena;
    label_texts *labels;
    bool *numbered;
    int count;
};

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static bool rise(const char *const *texts, int count)
{
    for (int i = 1; i < count; i++)
        if (strcmp(texts[i - 1], texts[i]) >= 0) return false;
    return true;
}

/* Whether no two texts are the same. False: out of memory. */
static bool look_for_twins(const hra_label_texts *known, bool *all_differ)
{
    *all_differ = rise(known->texts, known->count);
    if (*all_differ) return true;
    size_t count = (size_t)known->count;
    const char **sorted = malloc(count * sizeof *sorted);
    if (!sorted) return false;
    memcpy(sorted, known->texts, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_text);
    *all_differ = rise(sorted, known->count);
    free(sorted);
    return true;
}

/* False: out of memory. */
static bool take_label(hra_result_labels *labels, int label, const hra_label_texts *known)
{
    label_texts *l = &labels->labels[label];
    if (known && !look_for_twins(known, &labels->numbered[label])) return false;
    if (labels->numbered[label]) {
        l->texts = known->texts;
        l->count = known->count;
        return true;
    }
    l->numbers = hra_map_new();
    return l->numbers != NULL;
}

hra_result_labels *hra_result_labels_new(const hra_schema *schema)
{
    hra_result_labels *labels = calloc(1, sizeof *labels);
    if (!labels) return NULL;
    labels->count = schema->label_count;
    labels->arena = hra_arena_new();
    labels->labels = calloc((size_t)schema->label_count + 1, sizeof *labels->labels);
    labels->numbered = calloc((size_t)schema->label_count + 1, sizeof *labels->numbered);
    bool ready = labels->arena && labels->labels && labels->numbered;
    for (int i = 0; i < schema->label_count && ready; i++)
        ready = take_label(labels, i, schema->label_texts ? &schema->label_texts[i] : NULL);
    if (ready) return labels;
    hra_result_labels_free(labels);
    return NULL;
}

void hra_result_labels_free(hra_result_labels *labels)
{
    if (!labels) return;
    for (int i = 0; i < labels->count && labels->labels; i++) {
        hra_map_free(labels->labels[i].numbers);
        free(labels->labels[i].own);
    }
    free(labels->labels);
    free(labels->numbered);
    hra_arena_free(labels->arena);
    free(labels);
}

const bool *hra_result_labels_numbered(const hra_result_labels *labels) { return labels->numbered; }

hra_code hra_result_labels_add(hra_result_labels *labels, int label, const char *text, hra_error *error)
{
    label_texts *l = &labels->labels[label];
    if (l->count == l->capacity) {
        int capacity = l->capacity ? 2 * l->capacity : 64;
        const char **own = realloc(l->own, (size_t)capacity * sizeof *own);
        if (!own) return hra_out_of_memory(error);
        l->texts = l->own = own;
        l->capacity = capacity;
    }
    const char *copy = hra_arena_text(labels->arena, text);
    if (!copy || hra_map_set(l->numbers, text, l->count) != 0) return hra_out_of_memory(error);
    l->own[l->count++] = copy;
    return HRA_OK;
}

static hra_code number_of(hra_result_labels *labels, int label, const char *text, hra_journal *journal, int32_t *number,
                          hra_error *error)
{
    const label_texts *l = &labels->labels[label];
    *number = (int32_t)hra_map_get(l->numbers, text);
    if (*number >= 0) return HRA_OK;
    *number = l->count;
    HRA_TRY(hra_result_labels_add(labels, label, text, error));
    return journal ? hra_journal_label(journal, label, text, error) : HRA_OK;
}

hra_code hra_result_labels_index(hra_result_labels *labels, int label, const hra_label_codes *codes, int rows,
                                 hra_journal *journal, int32_t *out, hra_error *error)
{
    int32_t *known = malloc((size_t)(codes->text_count + 1) * sizeof *known);
    if (!known) return hra_out_of_memory(error);
    for (int i = 0; i < codes->text_count; i++) known[i] = -1;
    hra_code code = HRA_OK;
    for (int i = 0; i < rows && !code; i++) {
        int32_t index = codes->index ? codes->index[i] : -1;
        out[i] = -1;
        if (index < 0) continue;
        if (known[index] < 0) code = number_of(labels, label, codes->texts[index], journal, &known[index], error);
        out[i] = known[index];
    }
    free(known);
    return code;
}

const char *const *hra_result_labels_texts(const hra_result_labels *labels, int label, int *count)
{
    *count = labels->labels[label].count;
    return labels->labels[label].texts;
}
