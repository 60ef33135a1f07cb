#include "report/person/urgent_origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "io/csv/csv_cells.h"
#include "io/files/atomic_file.h"
#include "report/person/person_files.h"
#include "report/person/urgent_records.h"

enum { LABELS = 3 }; /* the cells behind the key */
static const char *const label_names[LABELS] = {"group_id", "branch", "department"};

/* The list in memory, and what the population says of its people. */
typedef struct origin {
    hra_sink base;
    const hra_schema *schema;
    hra_arena *arena;
    hra_map *people;               /* key -> number */
    const char *(*labels)[LABELS]; /* by number; NULL until the person is met */
    int count;
} origin;

static hra_code collect_people(origin *o, const hra_buffer *list, hra_error *error)
{
    const char *end = list->bytes + list->length, *next = NULL;
    for (const char *at = list->bytes; at < end && hra_urgent_record_end(at, end, &next); at = next) {
        size_t length = strcspn(at, ",\n");
        if (hra_map_get_n(o->people, at, length) >= 0) continue;
        if (hra_map_set_n(o->people, at, length, o->count) != 0) return hra_out_of_memory(error);
        o->count++;
    }
    o->labels = calloc((size_t)o->count + 1, sizeof *o->labels);
    return o->labels ? HRA_OK : hra_out_of_memory(error);
}

static hra_code meet(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                     hra_error *error)
{
    origin *o = (origin *)sink;
    for (int row = 0; chunk->keys && row < chunk->rows; row++) {
        int64_t person = chunk->keys[row] ? hra_map_get(o->people, chunk->keys[row]) : -1;
        for (int l = 0; person >= 0 && l < LABELS; l++) {
            o->labels[person][l] = hra_arena_text(o->arena, hra_chunk_label(o->schema, chunk, row, label_names[l]));
            if (!o->labels[person][l]) return hra_out_of_memory(error);
        }
    }
    return HRA_OK;
}

/* One record with its empty labels filled. */
static void write_record(const origin *o, const char *record, size_t length, hra_buffer *scratch, hra_buffer *out)
{
    hra_cells cells = hra_cells_begin(record, length, ',', scratch);
    hra_cell_text key = hra_cells_next(&cells);
    int64_t person = hra_map_get_n(o->people, key.text, key.length);
    hra_buffer_append(out, key.text, key.length);
    for (int l = 0; l < LABELS && !cells.done; l++) {
        const char *start = cells.at;
        hra_cell_text cell = hra_cells_next(&cells);
        const char *label = cell.length == 0 && person >= 0 ? o->labels[person][l] : NULL;
        hra_buffer_char(out, ',');
        if (label)
            hra_buffer_csv_foreign(out, label, strlen(label));
        else
            hra_buffer_append(out, start, (size_t)(cells.at - start) - 1); /* as it stands */
    }
    hra_buffer_char(out, ',');
    hra_buffer_append(out, cells.at, (size_t)(record + length - cells.at));
    hra_buffer_char(out, '\n');
}

static hra_code rewrite(const origin *o, const char *path, const hra_buffer *list, hra_error *error)
{
    hra_atomic_file *file;
    hra_buffer out = {0}, scratch = {0};
    const char *end = list->bytes + list->length, *next = NULL;
    for (const char *at = list->bytes; at < end && hra_urgent_record_end(at, end, &next); at = next)
        write_record(o, at, (size_t)(next - at) - 1, &scratch, &out);
    hra_code code = out.failed || scratch.failed ? hra_out_of_memory(error) : hra_atomic_open(path, &file, error);
    if (code == HRA_OK) {
        fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)); /* commit checks the stream */
        code = hra_atomic_commit(file, error);
    }
    hra_buffer_destroy(&out);
    hra_buffer_destroy(&scratch);
    return code;
}

hra_code hra_urgent_origin(const char *path, hra_source *population, int threads, hra_error *error)
{
    hra_buffer list = {0};
    origin o = {
        .base = {.commit = meet}, .schema = population->schema, .arena = hra_arena_new(), .people = hra_map_new()};
    hra_code code = o.arena && o.people ? hra_urgent_list_read(path, &list, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = collect_people(&o, &list, error);
    bool *none = calloc((size_t)population->schema->column_count + 1, sizeof *none);
    if (code == HRA_OK && !none) code = hra_out_of_memory(error);
    if (code == HRA_OK && o.count > 1) { /* more than the header */
        hra_sink *sink = &o.base;
        hra_run_options run = {.threads = threads};
        population->wanted = none;
        population->want_keys = true;
        code = hra_run(population, NULL, &sink, 1, &run, NULL, error);
        population->wanted = NULL;
        if (code == HRA_OK) code = rewrite(&o, path, &list, error);
    }
    free(none);
    free(o.labels);
    hra_buffer_destroy(&list);
    hra_map_free(o.people);
    hra_arena_free(o.arena);
    return code;
}
