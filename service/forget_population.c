/* A population store is read as a source and written again, the people between two who go at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/source_walk.h"
#include "io/population_store.h"
#include "service/forget_store.h"

typedef struct rewriting {
    const char *path;
    hra_source *source;
    hra_store_writer *writer;
    hra_forget_list *list;
    double before;      /* rows of checkups before this day go, and who is on the list; NaN: only these */
    int day;            /* column of the day of the checkup; -1: none */
    hra_codes *columns; /* of the part of a chunk that is handed on */
    hra_label_codes *labels;
    hra_exception *exceptions;
    hra_cell_mark *marks;
    int exception_room, mark_room;
    int64_t removed;
} rewriting;

hra_code hra_forget_check_key(const char *path, const char *fingerprint, const hra_forget_list *list, hra_error *error)
{
    const char *own = hra_forget_list_fingerprint(list);
    if (!*own || !*fingerprint || strcmp(own, fingerprint) == 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s: its person keys were made with another key (%s) than the given one (%s); nobody can be found "
                    "in it",
                    path, fingerprint, own);
}

/* ---- parts of a chunk ---- */

/* Room for all exceptions and marks of a chunk. */
static hra_code make_room(rewriting *r, const hra_chunk *chunk, hra_error *error)
{
    if (chunk->exception_count > r->exception_room) {
        hra_exception *more = realloc(r->exceptions, (size_t)chunk->exception_count * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        r->exceptions = more;
        r->exception_room = chunk->exception_count;
    }
    if (chunk->mark_count > r->mark_room) {
        hra_cell_mark *more = realloc(r->marks, (size_t)chunk->mark_count * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        r->marks = more;
        r->mark_room = chunk->mark_count;
    }
    return HRA_OK;
}

/* Where the lists, which are in the order of rows, have been read to. */
typedef struct place {
    int exception, mark;
} place;

static void take_sparse(rewriting *r, const hra_chunk *chunk, int from, int count, place *at, hra_chunk *part)
{
    part->exceptions = r->exceptions;
    part->exception_count = part->mark_count = 0;
    part->marks = r->marks;
    for (; at->exception < chunk->exception_count; at->exception++) {
        hra_exception x = chunk->exceptions[at->exception];
        if (x.row >= from + count) break;
        x.row -= from;
        if (x.row >= 0) r->exceptions[part->exception_count++] = x;
    }
    for (; at->mark < chunk->mark_count; at->mark++) {
        hra_cell_mark m = chunk->marks[at->mark];
        if (m.row >= from + count) break;
        m.row -= from;
        if (m.row >= 0) r->marks[part->mark_count++] = m;
    }
}

static hra_code append_part(rewriting *r, const hra_chunk *chunk, int from, int count, place *at, hra_error *error)
{
    hra_chunk part = *chunk;
    part.rows = count;
    part.columns = r->columns;
    part.labels = r->labels;
    for (int i = 0; i < r->source->schema->column_count; i++) {
        r->columns[i] = chunk->columns[i];
        if (r->columns[i].u16) r->columns[i].u16 += from;
        if (r->columns[i].u32) r->columns[i].u32 += from;
    }
    for (int i = 0; i < r->source->schema->label_count; i++) {
        r->labels[i] = chunk->labels[i];
        if (r->labels[i].index) r->labels[i].index += from;
    }
    if (part.keys) part.keys += from;
    if (part.source_lines) part.source_lines += from;
    if (part.source_files) part.source_files += from;
    take_sparse(r, chunk, from, count, at, &part);
    return hra_store_writer_append(r->writer, &part, error);
}

/* ---- who goes ---- */

static double day_of(const rewriting *r, const hra_chunk *chunk, int row)
{
    return r->day < 0
               ? NAN
               : hra_column_value(&r->source->schema->columns[r->day], hra_code_at(&chunk->columns[r->day], row));
}

/* A row with a day goes by its day, one without by its person. */
static bool goes(const rewriting *r, const hra_chunk *chunk, int row)
{
    bool listed = hra_forget_list_key(r->list, chunk->keys[row]);
    double day = isnan(r->before) ? NAN : day_of(r, chunk, row);
    return isnan(day) ? listed : day < r->before;
}

static hra_code append_others(void *user, const hra_chunk *chunk, hra_error *error)
{
    rewriting *r = user;
    place at = {0};
    HRA_TRY(make_room(r, chunk, error));
    for (int from = 0, row = 0; row <= chunk->rows; row++) {
        if (row < chunk->rows && !goes(r, chunk, row)) continue;
        if (row > from) HRA_TRY(append_part(r, chunk, from, row - from, &at, error));
        from = row + 1;
    }
    return HRA_OK;
}

/* ---- the store ---- */

static hra_code count_leaving(void *user, const hra_chunk *chunk, hra_error *error)
{
    rewriting *r = user;
    if (!chunk->keys) return hra_fail(error, HRA_EINPUT, "%s has no person keys: nobody can be found in it", r->path);
    for (int i = 0; i < chunk->rows; i++) r->removed += goes(r, chunk, i);
    return HRA_OK;
}

static hra_store_encoding encoding_of(const hra_source *source)
{
    hra_store_encoding found = HRA_STORE_RAW;
    for (int i = 0; i < source->schema->column_count; i++) {
        const char *name;
        uint64_t bytes;
        hra_store_column_facts(source, i, &name, &bytes);
        if (strcmp(name, "scale-offset") == 0) return HRA_STORE_SCALE_OFFSET;
        if (strstr(name, "deflate")) found = HRA_STORE_DEFLATE;
    }
    return found;
}

static hra_code open_source(rewriting *r, const char *path, const hra_library *library, const bool *wanted,
                            hra_error *error)
{
    HRA_TRY(hra_store_open(path, hra_library_dictionary(library), &r->source, error));
    r->source->wanted = wanted;
    r->source->want_keys = true;
    r->source->want_marks = wanted == NULL;
    r->day =
        hra_schema_find(r->source->schema, hra_dictionary_find(hra_library_dictionary(library), "exam_date"), NULL);
    return HRA_OK;
}

static void close_source(rewriting *r)
{
    if (r->source) r->source->close(r->source);
    r->source = NULL;
}

/* Only the keys are read, to leave alone what holds nobody of the list. */
static hra_code count(rewriting *r, const char *path, const hra_library *library, hra_error *error)
{
    const char *const *unmatched;
    HRA_TRY(open_source(r, path, library, NULL, error));
    bool *none = calloc((size_t)r->source->schema->column_count + 1, sizeof *none);
    if (!none) return hra_out_of_memory(error);
    if (r->day >= 0) none[r->day] = !isnan(r->before);
    r->source->wanted = none;
    hra_code code = hra_forget_check_key(path, hra_store_key_fingerprint(r->source), r->list, error);
    if (!code && hra_store_unmatched(r->source, &unmatched) > 0)
        code = hra_fail(error, HRA_EINPUT,
                        "%s: %s is not in the dictionary and would be lost; give its definition with --definitions",
                        path, unmatched[0]);
    if (!code) code = hra_source_walk(r->source, count_leaving, r, error);
    close_source(r);
    free(none);
    return code;
}

static hra_code write_others(rewriting *r, const char *path, const hra_library *library, hra_error *error)
{
    HRA_TRY(open_source(r, path, library, NULL, error));
    const hra_schema *schema = r->source->schema;
    const hra_store_about *about = hra_store_describe(r->source);
    r->columns = calloc((size_t)schema->column_count + 1, sizeof *r->columns);
    r->labels = calloc((size_t)schema->label_count + 1, sizeof *r->labels);
    if (!r->columns || !r->labels) return hra_out_of_memory(error);
    HRA_TRY(hra_store_writer_new(path, schema, encoding_of(r->source), &r->writer, error));
    HRA_TRY(hra_source_walk(r->source, append_others, r, error));
    hra_store_facts facts = {.definitions_hash = about->definitions_hash,
                             .command = about->command,
                             .key_fingerprint = about->key_fingerprint,
                             .files = about->files,
                             .file_hashes = about->file_hashes,
                             .file_count = about->file_count,
                             .rows_rejected = about->rows_rejected};
    return hra_store_writer_finish(r->writer, &facts, error);
}

hra_code hra_forget_in_population(const char *path, const hra_library *library, hra_forget_list *list, double before,
                                  bool dry, int64_t *removed, hra_error *error)
{
    rewriting r = {.path = path, .list = list, .before = before};
    hra_code code = count(&r, path, library, error);
    *removed = code ? 0 : r.removed;
    if (!code && r.removed > 0 && !dry) code = write_others(&r, path, library, error);
    hra_store_writer_free(r.writer);
    close_source(&r);
    free(r.columns);
    free(r.labels);
    free(r.exceptions);
    free(r.marks);
    return code;
}
