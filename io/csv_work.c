#include "io/csv_work.h"

#include <stdlib.h>
#include <string.h>

#include "io/national_number.h"
#include "io/text_fold.h"

hra_work *hra_work_new(const hra_binding *binding)
{
    size_t columns = (size_t)binding->schema.column_count + 1, labels = (size_t)binding->schema.label_count + 1;
    hra_work *work = calloc(1, sizeof *work);
    if (!work) return NULL;
    work->codes = calloc(columns, sizeof *work->codes);
    work->views = calloc(columns, sizeof *work->views);
    work->counts = calloc(columns, sizeof *work->counts);
    work->labels = calloc(labels, sizeof *work->labels);
    work->label_views = calloc(labels, sizeof *work->label_views);
    work->keys = calloc(HRA_CHUNK_ROWS, sizeof *work->keys);
    work->key_hashes = calloc(HRA_CHUNK_ROWS, sizeof *work->key_hashes);
    work->lines = calloc(HRA_CHUNK_ROWS, sizeof *work->lines);
    work->files = calloc(HRA_CHUNK_ROWS, sizeof *work->files);
    if (work->codes && work->views && work->counts && work->labels && work->label_views && work->keys &&
        work->key_hashes && work->lines && work->files)
        return work;
    hra_work_free(work, binding);
    return NULL;
}

void hra_work_free(hra_work *work, const hra_binding *binding)
{
    if (!work) return;
    for (int i = 0; work->labels && i < binding->schema.label_count; i++) {
        free(work->labels[i].index);
        free(work->labels[i].texts);
        hra_map_free(work->labels[i].map);
    }
    hra_batch_destroy(&work->batch);
    hra_arena_free(work->texts);
    hra_buffer_destroy(&work->rejects);
    hra_buffer_destroy(&work->scratch);
    hra_buffer_destroy(&work->people);
    free(work->verdicts);
    free(work->others);
    free(work->named);
    free(work->hashes);
    hra_id_span_destroy(&work->span);
    free(work->code_memory);
    free(work->codes);
    free(work->views);
    free(work->exceptions);
    free(work->beyond);
    free(work->marks);
    hra_tallies_destroy(&work->tallies);
    free(work->labels);
    free(work->label_views);
    free(work->keys);
    free(work->key_hashes);
    free(work->lines);
    free(work->files);
    free(work->counts);
    if (work->block) {
        free(work->block->ends);
        free(work->block->scratch);
        free(work->block->left_columns);
        free(work->block->left_rows);
        free(work->block->known);
        free(work->block);
    }
    free(work);
}

static void take_records(hra_work *to, const hra_work *from)
{
    to->file = from->file;
    to->batch = from->batch;
    to->judged_alone = from->judged_alone;
    to->verdicts = from->verdicts;
    to->others = from->others;
    to->named = from->named;
    to->hashes = from->hashes;
    to->span = from->span;
    to->last_line = from->last_line;
    to->judged_capacity = from->judged_capacity;
}

void hra_work_swap_records(hra_work *a, hra_work *b)
{
    hra_work before = *a;
    take_records(a, b);
    take_records(b, &before);
}
