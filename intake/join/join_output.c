#include "intake/join/join_output.h"

#include <stdlib.h>
#include <string.h>

#include "intake/join/join_list.h"
#include "intake/join/join_row.h"
#include "intake/join/join_step.h"

/* Rows that are handed to the writer at once; it makes chunks of its own size. */
enum { ROWS = 4096 };

typedef struct output {
    const hra_join_schema *schema;
    hra_store_writer *writer;
    hra_chunk chunk;
    hra_codes *columns;
    void **memory; /* of the columns */
    hra_label_codes *labels;
    hra_exception *exceptions;
    hra_cell_mark *marks;
    int exception_capacity, mark_capacity;
    char (*key_texts)[HRA_JOIN_KEY_TEXT];
    const char **keys;
    int64_t *lines;
    int32_t *files;
    hra_join_row row;
} output;

/* Rosters first, then as the kinds stand. */
void hra_join_output_place(const hra_join_origin *first, const uint64_t key[2], uint64_t place[4])
{
    uint64_t kind = first->kind == HRA_JOIN_ROSTER ? 0 : (uint64_t)first->kind + 1;
    place[0] = kind << 56 | (uint64_t)first->input << 40 | (uint64_t)first->number;
    place[1] = key[0];
    place[2] = key[1];
    place[3] = 0;
}

static bool make_columns(output *o)
{
    const hra_schema *s = &o->schema->schema;
    for (int i = 0; i < s->column_count; i++) {
        bool wide = hra_column_wide(&s->columns[i]);
        o->memory[i] = malloc(ROWS * (wide ? sizeof(uint32_t) : sizeof(uint16_t)));
        if (!o->memory[i]) return false;
        if (wide)
            o->columns[i].u32 = o->memory[i];
        else
            o->columns[i].u16 = o->memory[i];
    }
    for (int i = 0; i < s->label_count; i++) {
        o->labels[i].index = malloc(ROWS * sizeof(int32_t));
        if (!o->labels[i].index) return false;
    }
    return true;
}

static bool init(output *o)
{
    size_t columns = (size_t)o->schema->schema.column_count + 1, labels = (size_t)o->schema->schema.label_count + 1;
    o->columns = calloc(columns, sizeof *o->columns);
    o->memory = calloc(columns, sizeof *o->memory);
    o->labels = calloc(labels, sizeof *o->labels);
    o->key_texts = calloc(ROWS, sizeof *o->key_texts);
    o->keys = calloc(ROWS, sizeof *o->keys);
    o->lines = calloc(ROWS, sizeof *o->lines);
    o->files = calloc(ROWS, sizeof *o->files);
    if (!o->columns || !o->memory || !o->labels || !o->key_texts || !o->keys || !o->lines || !o->files) return false;
    return make_columns(o) && hra_join_row_init(&o->row, o->schema);
}

static void destroy(output *o)
{
    for (int i = 0; o->memory && i < o->schema->schema.column_count; i++) free(o->memory[i]);
    for (int i = 0; o->labels && i < o->schema->schema.label_count; i++) free((void *)o->labels[i].index);
    free(o->columns);
    free(o->memory);
    free(o->labels);
    free(o->exceptions);
    free(o->marks);
    free(o->key_texts);
    free(o->keys);
    free(o->lines);
    free(o->files);
    hra_join_row_destroy(&o->row);
    hra_store_writer_free(o->writer);
}

/* Room for the exceptions and marks of one more row. */
static bool make_room(output *o)
{
    int columns = o->schema->schema.column_count;
    if (o->chunk.exception_count + columns > o->exception_capacity) {
        int capacity = 2 * (o->chunk.exception_count + columns);
        hra_exception *bigger = realloc(o->exceptions, (size_t)capacity * sizeof *bigger);
        if (!bigger) return false;
        o->exceptions = bigger;
        o->exception_capacity = capacity;
    }
    if (o->chunk.mark_count + columns > o->mark_capacity) {
        int capacity = 2 * (o->chunk.mark_count + columns);
        hra_cell_mark *bigger = realloc(o->marks, (size_t)capacity * sizeof *bigger);
        if (!bigger) return false;
        o->marks = bigger;
        o->mark_capacity = capacity;
    }
    return true;
}

static void put_row(output *o, const uint64_t key[2])
{
    const hra_schema *s = &o->schema->schema;
    int at = o->chunk.rows++;
    for (int i = 0; i < s->column_count; i++) {
        uint32_t code = o->row.codes[i];
        if (o->columns[i].u32)
            ((uint32_t *)o->memory[i])[at] = code;
        else
            ((uint16_t *)o->memory[i])[at] = (uint16_t)code;
        if (code == hra_column_escape(&s->columns[i]))
            o->exceptions[o->chunk.exception_count++] = (hra_exception){at, i, o->row.values[i]};
        if (o->row.marks[i]) o->marks[o->chunk.mark_count++] = (hra_cell_mark){at, i, o->row.marks[i]};
    }
    for (int i = 0; i < s->label_count; i++) ((int32_t *)o->labels[i].index)[at] = o->row.labels[i];
    hra_join_key_write(key, o->key_texts[at]);
    o->keys[at] = o->key_texts[at];
    o->lines[at] = o->row.line;
    o->files[at] = o->row.file;
}

static hra_code flush(output *o, hra_error *error)
{
    for (int i = 0; i < o->schema->schema.label_count; i++) {
        o->labels[i].texts = o->schema->text_list;
        o->labels[i].text_count = o->schema->text_count;
    }
    o->chunk.columns = o->columns;
    o->chunk.labels = o->labels;
    o->chunk.exceptions = o->exceptions;
    o->chunk.marks = o->marks;
    o->chunk.keys = o->keys;
    o->chunk.source_lines = o->lines;
    o->chunk.source_files = o->files;
    HRA_TRY(hra_store_writer_append(o->writer, &o->chunk, error));
    o->chunk = (hra_chunk){0};
    return HRA_OK;
}

static hra_code write_rows(output *o, const hra_join_request *q, hra_row_sort *sort, int64_t people, hra_error *error)
{
    hra_join_step step = hra_join_step_new(q, "writing", people);
    for (;;) {
        hra_sort_row row;
        bool any;
        HRA_TRY(hra_row_sort_next(sort, &row, &any, error));
        if (!any) break;
        HRA_TRY(hra_join_step_row(&step, error));
        hra_join_row_unpack(&o->row, o->schema, row.bytes);
        if (!make_room(o)) return hra_out_of_memory(error);
        put_row(o, row.key + 1);
        if (o->chunk.rows == ROWS) HRA_TRY(flush(o, error));
    }
    hra_join_step_end(&step);
    return flush(o, error);
}

hra_code hra_join_output_write(const hra_join_inputs *inputs, const hra_join_request *q, hra_row_sort *sort,
                               int64_t people, hra_error *error)
{
    output o = {.schema = inputs->schema};
    hra_code code = init(&o) ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = hra_store_writer_new(q->store, &inputs->schema->schema, q->encoding, &o.writer, error);
    if (code == HRA_OK) code = write_rows(&o, q, sort, people, error);
    if (code == HRA_OK) {
        hra_store_facts facts = {.definitions_hash = hra_library_hash(q->library),
                                 .command = q->command,
                                 .key_fingerprint = inputs->fingerprint,
                                 .files = inputs->files,
                                 .file_hashes = inputs->have_hashes ? inputs->file_hashes : NULL,
                                 .file_count = inputs->file_count,
                                 .rows_rejected = inputs->rows_rejected};
        code = hra_store_writer_finish(o.writer, &facts, error);
    }
    destroy(&o);
    return code;
}
