#include "api/arrow_result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

/* What an array owns. It stays where it is when the array is moved. */
typedef struct holding {
    const void *buffers[3];
    struct ArrowArray dictionary; /* not released: there is one */
    hra_words *words;
    void *memory;              /* behind the buffers */
    struct ArrowArray *places; /* of the children, and pointers to them */
    struct ArrowArray **children;
} holding;

static void release_array(struct ArrowArray *array)
{
    holding *own = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
    hra_words_drop(own->words);
    free(own->memory);
    free(own->places);
    free(own->children);
    free(own);
    array->release = NULL;
}

/* ---- making the arrays -------------------------------------------------------------- */

static size_t bitmap_bytes(int64_t rows) { return ((size_t)rows + 63) / 64 * 8; }

/* `value_bytes` 0: a bit for each row. The memory of values and, where asked for, validity in front of it. */
static bool new_array(struct ArrowArray *out, int64_t rows, size_t value_bytes, bool validity)
{
    holding *own = calloc(1, sizeof *own);
    if (!own) return false;
    *out = (struct ArrowArray){
        .length = rows, .n_buffers = 2, .buffers = own->buffers, .release = release_array, .private_data = own};
    size_t front = validity ? (bitmap_bytes(rows) + 63) / 64 * 64 : 0;
    size_t back = value_bytes ? value_bytes * (size_t)rows : bitmap_bytes(rows);
    own->memory = hra_large_memory(front + back + 64);
    own->buffers[0] = validity ? own->memory : NULL;
    own->buffers[1] = own->memory ? (unsigned char *)own->memory + front : NULL;
    return own->memory != NULL;
}

static bool add_dictionary(struct ArrowArray *array, hra_words *words)
{
    holding *own = calloc(1, sizeof *own);
    if (!own) return false;
    own->words = hra_words_hold(words);
    own->buffers[1] = hra_words_offsets(words);
    own->buffers[2] = hra_words_text(words);
    array->dictionary = &((holding *)array->private_data)->dictionary;
    *array->dictionary = (struct ArrowArray){.length = hra_words_count(words),
                                             .n_buffers = 3,
                                             .buffers = own->buffers,
                                             .release = release_array,
                                             .private_data = own};
    return true;
}

static bool new_result(const hra_scorer *scorer, int output, int64_t rows, struct ArrowArray *out)
{
    switch (scorer->outputs[output].kind) {
    case HRA_OUTPUT_FLAG: return new_array(out, rows, 0, true);
    case HRA_OUTPUT_CATEGORY:
        return new_array(out, rows, sizeof(int16_t), true) && add_dictionary(out, scorer->level_words[output]);
    default: return new_array(out, rows, sizeof(double), true);
    }
}

static bool new_status(const hra_scorer *scorer, int64_t rows, struct ArrowArray *out)
{
    return new_array(out, rows, sizeof(uint8_t), false) && add_dictionary(out, scorer->status_words);
}

static bool new_children(const hra_scorer *scorer, int64_t rows, struct ArrowArray *out)
{
    holding *own = out->private_data;
    size_t most = 2 * (size_t)scorer->output_count + 1;
    own->places = calloc(most, sizeof *own->places);
    own->children = calloc(most, sizeof(struct ArrowArray *));
    if (!own->places || !own->children) return false;
    out->children = own->children;
    for (int i = 0; i < scorer->output_count; i++)
        for (int status = 0; status <= (scorer->outputs[i].status_of == i); status++) {
            struct ArrowArray *child = &own->places[out->n_children];
            own->children[out->n_children++] = child;
            if (status ? !new_status(scorer, rows, child) : !new_result(scorer, i, rows, child)) return false;
        }
    return true;
}

hra_code hra_arrow_result_new(const hra_scorer *scorer, int64_t rows, struct ArrowArray *out, hra_error *error)
{
    holding *own = calloc(1, sizeof *own);
    if (!own) return hra_out_of_memory(error);
    *out = (struct ArrowArray){
        .length = rows, .n_buffers = 1, .buffers = own->buffers, .release = release_array, .private_data = own};
    if (new_children(scorer, rows, out)) return HRA_OK;
    out->release(out);
    return hra_fail(error, HRA_ENOMEM, "out of memory for the results of %lld rows", (long long)rows);
}

/* ---- filling them -------------------------------------------------------------------- */

typedef struct place {
    uint64_t *valid; /* word of the first row */
    void *values;
} place;

static void put_numbers(const double *numbers, int rows, place to)
{
    memcpy(to.values, numbers, (size_t)rows * sizeof *numbers);
    for (int start = 0; start < rows; start += 64) {
        uint64_t word = 0;
        for (int r = start; r < rows && r < start + 64; r++) word |= (uint64_t)!isnan(numbers[r]) << (r - start);
        to.valid[start / 64] = word;
    }
}

static void put_levels(const uint16_t *levels, int rows, place to)
{
    int16_t *values = to.values;
    for (int start = 0; start < rows; start += 64) {
        uint64_t word = 0;
        for (int r = start; r < rows && r < start + 64; r++) {
            bool known = levels[r] != HRA_ORDINAL_UNKNOWN;
            values[r] = known ? (int16_t)levels[r] : 0;
            word |= (uint64_t)known << (r - start);
        }
        to.valid[start / 64] = word;
    }
}

static void put_result(const hra_results *results, int output, size_t first, const struct ArrowArray *column)
{
    const holding *own = column->private_data;
    unsigned char *values = (unsigned char *)(uintptr_t)own->buffers[1];
    size_t words = bitmap_bytes(results->rows);
    place to = {(uint64_t *)own->memory + first / 64, NULL};
    if (results->numbers[output]) {
        to.values = values + first * sizeof(double);
        put_numbers(results->numbers[output], results->rows, to);
    } else if (results->levels[output]) {
        to.values = values + first * sizeof(int16_t);
        put_levels(results->levels[output], results->rows, to);
    } else {
        memcpy(to.valid, results->known[output], words);
        memcpy(values + first / 8, results->truth[output], words);
    }
}

hra_code hra_arrow_result_put(const hra_scorer *scorer, const hra_chunk *chunk, const hra_results *results,
                              struct ArrowArray *array, hra_error *error)
{
    size_t first = (size_t)chunk->first_row;
    struct ArrowArray **child = array->children;
    if (first % 64 != 0) return hra_fail(error, HRA_EINTERNAL, "results begin within a word of flags");
    for (int i = 0; i < scorer->output_count; i++) {
        put_result(results, i, first, *child++);
        if (scorer->outputs[i].status_of != i) continue;
        const holding *own = (*child++)->private_data;
        memcpy((uint8_t *)own->memory + first, results->status[i], (size_t)results->rows);
    }
    return HRA_OK;
}

void hra_arrow_result_finish(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *column = array->children[i];
        const uint64_t *valid = column->buffers[0];
        int64_t known = 0;
        for (size_t w = 0; valid && w < bitmap_bytes(column->length) / 8; w++) known += __builtin_popcountll(valid[w]);
        column->null_count = valid ? column->length - known : 0;
    }
}
