#include "io/csv/csv_work.h"

#include <stdlib.h>
#include <string.h>

#include "io/words/national_number.h"
#include "io/words/text_fold.h"

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

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
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

void hra_clean_identifier(const char **text, size_t *length)
{
    const char *s = *text;
    size_t n = *length;
    if (n > 0 && is_letter_or_digit(s[0]) && is_letter_or_digit(s[n - 1])) return; /* nearly all */
    hra_trim(text, length);
    s = *text;
    n = *length;
    if (n >= 3 && s[0] == '=' && s[1] == '"' && s[n - 1] == '"') {
        *text = s + 2;
        *length = n - 3;
    } else if (n >= 2 && s[0] == '\'') {
        *text = s + 1;
        *length = n - 1;
    }
    hra_trim(text, length);
}

bool hra_identifier_is_damaged(const char *text, size_t length)
{
    if (hra_national_number_lost_digits(text, length)) return true;
    const char *plus = memchr(text, '+', length);
    size_t i = 0, sign = plus ? (size_t)(plus - text) : 0;
    if (sign < 2 || sign + 1 == length || (text[sign - 1] != 'E' && text[sign - 1] != 'e')) return false;
    while (i < sign - 1 && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) i++;
    if (i < sign - 1) return false;
    for (i = sign + 1; i < length; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return true;
}
