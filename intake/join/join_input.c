#include "intake/join/join_input.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "intake/join/crosswalk.h"
#include "intake/join/join_list.h"
#include "intake/join/join_row.h"

/* ---- opening -------------------------------------------------------------------------------- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* By kind, then by file name, so that the order of the arguments does not matter. */
static int by_name(const void *a, const void *b)
{
    const hra_join_input *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int names = strcmp(name_of(x->path), name_of(y->path));
    return names ? names : strcmp(x->path, y->path);
}

static hra_code refuse_same_files(const hra_join_request *q, hra_error *error)
{
    for (int i = 0; i < q->source_count; i++) {
        struct stat a, b;
        if (stat(q->sources[i].path, &a) != 0) continue; /* opening says why */
        if (stat(q->store, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev)
            return hra_fail(error, HRA_EUSAGE, "%s is an input: the output needs another name", q->store);
        for (int j = 0; j < i; j++)
            if (stat(q->sources[j].path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev)
                return hra_fail(error, HRA_EUSAGE, "%s and %s are the same store", q->sources[j].path,
                                q->sources[i].path);
    }
    return HRA_OK;
}

/* Rows of different keys never meet, so a store hashed otherwise would silently join nobody. */
static hra_code check_key(const hra_join_inputs *inputs, const hra_join_request *q, int index, hra_error *error)
{
    const hra_join_input *input = &inputs->items[index];
    const char *own = hra_store_key_fingerprint(input->source);
    if (!own || !*own)
        return hra_fail(error, HRA_EINPUT,
                        "%s: its rows have no hashed identifiers, so they cannot be joined by person; import the file "
                        "with an identifier column and --key",
                        input->path);
    if (strcmp(own, hra_store_key_fingerprint(inputs->items[0].source)) != 0)
        return hra_fail(error, HRA_ECONFLICT,
                        "%s was imported with another key (%s) than %s (%s): import one of them again with the "
                        "other's --key",
                        input->path, own, inputs->items[0].path, hra_store_key_fingerprint(inputs->items[0].source));
    if (q->identity && strcmp(own, hra_identity_fingerprint(q->identity)) != 0)
        return hra_fail(error, HRA_ECONFLICT, "%s was imported with another key (%s) than the given one (%s)",
                        input->path, own, hra_identity_fingerprint(q->identity));
    return HRA_OK;
}

static hra_code map_columns(hra_join_inputs *inputs, hra_join_input *input, hra_error *error)
{
    const hra_schema *own = input->source->schema, *all = &inputs->schema->schema;
    size_t columns = (size_t)own->column_count + 1, labels = (size_t)own->label_count + 1;
    input->columns = hra_arena_alloc(inputs->arena, columns * sizeof *input->columns);
    input->same_grid = hra_arena_alloc(inputs->arena, columns * sizeof *input->same_grid);
    input->labels = hra_arena_alloc(inputs->arena, labels * sizeof *input->labels);
    input->texts = hra_arena_alloc(inputs->arena, labels * sizeof *input->texts);
    input->text_counts = hra_arena_alloc(inputs->arena, labels * sizeof *input->text_counts);
    if (!input->columns || !input->same_grid || !input->labels || !input->texts || !input->text_counts)
        return hra_out_of_memory(error);
    for (int i = 0; i < own->column_count; i++) {
        const hra_column *c = &own->columns[i];
        int at = hra_schema_find(all, c->variable, c->unit);
        const hra_column *to = &all->columns[at];
        input->columns[i] = at;
        input->same_grid[i] = c->decimals == to->decimals && c->first == to->first && c->levels == to->levels;
    }
    for (int i = 0; i < own->label_count; i++)
        for (int j = 0; j < all->label_count; j++)
            if (all->labels[j] == own->labels[i]) input->labels[i] = j;
    return HRA_OK;
}

static hra_code list_files(hra_join_inputs *inputs, hra_error *error)
{
    int count = 0;
    for (int i = 0; i < inputs->count; i++) count += hra_store_describe(inputs->items[i].source)->file_count;
    inputs->files = hra_arena_alloc(inputs->arena, ((size_t)count + 1) * sizeof *inputs->files);
    inputs->file_hashes = hra_arena_alloc(inputs->arena, ((size_t)count + 1) * sizeof *inputs->file_hashes);
    if (!inputs->files || !inputs->file_hashes) return hra_out_of_memory(error);
    inputs->have_hashes = true;
    for (int i = 0; i < inputs->count; i++) {
        const hra_store_about *about = hra_store_describe(inputs->items[i].source);
        inputs->items[i].first_file = inputs->file_count;
        inputs->have_hashes = inputs->have_hashes && (about->file_hashes || about->file_count == 0);
        if (about->rows_rejected > 0) inputs->rows_rejected += about->rows_rejected;
        for (int f = 0; f < about->file_count; f++) {
            const char *hash = about->file_hashes ? about->file_hashes[f] : "";
            inputs->files[inputs->file_count] = hra_arena_text(inputs->arena, about->files[f]);
            inputs->file_hashes[inputs->file_count] = hra_arena_text(inputs->arena, hash);
            if (!inputs->files[inputs->file_count] || !inputs->file_hashes[inputs->file_count])
                return hra_out_of_memory(error);
            inputs->file_count++;
        }
    }
    return HRA_OK;
}

static hra_code open_all(hra_join_inputs *inputs, const hra_join_request *q, hra_error *error)
{
    const hra_dictionary *dictionary = hra_library_dictionary(q->library);
    HRA_TRY(refuse_same_files(q, error));
    HRA_TRY(hra_join_schema_new(dictionary, q->rules, &inputs->schema, error));
    for (int i = 0; i < inputs->count; i++) {
        HRA_TRY(hra_store_open(inputs->items[i].path, dictionary, &inputs->items[i].source, error));
        HRA_TRY(check_key(inputs, q, i, error));
        HRA_TRY(hra_join_schema_add(inputs->schema, inputs->items[i].source->schema, error));
    }
    HRA_TRY(hra_join_schema_finish(inputs->schema, error));
    for (int i = 0; i < inputs->count; i++) HRA_TRY(map_columns(inputs, &inputs->items[i], error));
    inputs->fingerprint = hra_arena_text(inputs->arena, hra_store_key_fingerprint(inputs->items[0].source));
    if (!inputs->fingerprint) return hra_out_of_memory(error);
    return list_files(inputs, error);
}

hra_code hra_join_inputs_open(const hra_join_request *q, hra_join_inputs **out, hra_error *error)
{
    if (q->source_count < 1) return hra_fail(error, HRA_EUSAGE, "no store is given to join");
    hra_join_inputs *inputs = calloc(1, sizeof *inputs);
    if (!inputs) return hra_out_of_memory(error);
    inputs->arena = hra_arena_new();
    inputs->items = calloc((size_t)q->source_count, sizeof *inputs->items);
    hra_code code = inputs->arena && inputs->items ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) {
        inputs->count = q->source_count;
        for (int i = 0; i < q->source_count; i++)
            inputs->items[i] = (hra_join_input){.kind = q->sources[i].kind, .path = q->sources[i].path};
        qsort(inputs->items, (size_t)inputs->count, sizeof *inputs->items, by_name);
        code = open_all(inputs, q, error);
    }
    if (code != HRA_OK) {
        hra_join_inputs_close(inputs);
        return code;
    }
    *out = inputs;
    return HRA_OK;
}

static void close_input(hra_join_input *input)
{
    if (!input->source) return;
    for (int i = 0; input->texts && i < input->source->schema->label_count; i++) free(input->texts[i]);
    input->source->close(input->source);
    input->source = NULL;
}

void hra_join_inputs_close(hra_join_inputs *inputs)
{
    if (!inputs) return;
    for (int i = 0; i < inputs->count; i++) close_input(&inputs->items[i]);
    hra_join_schema_free(inputs->schema);
    hra_arena_free(inputs->arena);
    free(inputs->items);
    free(inputs);
}

/* ---- reading ----------------------------------------------------------------------------------- */

/* Chunks come in order; their rows are packed by the thread that commits. */
typedef struct packer {
    hra_sink base; /* first: the contract's pointer is ours */
    hra_join_inputs *inputs;
    hra_join_input *input;
    int index;
    struct hra_crosswalk *crosswalk;
    hra_row_sort *sort;
    hra_join_row row;
    hra_buffer bytes;
    int exception, mark; /* next ones of the chunk */
    hra_error *error;
} packer;

static double exception_of(const hra_chunk *chunk, int from, int row, int column)
{
    for (int i = from; i < chunk->exception_count && chunk->exceptions[i].row == row; i++)
        if (chunk->exceptions[i].column == column) return chunk->exceptions[i].value;
    return NAN;
}

static void read_column(packer *p, const hra_chunk *chunk, int row, int column)
{
    const hra_column *own = &p->input->source->schema->columns[column];
    int to = p->input->columns[column];
    const hra_column *out = &p->inputs->schema->schema.columns[to];
    uint32_t code = hra_code_at(&chunk->columns[column], row);
    if (code == hra_column_missing(own)) return;
    double value = 0;
    bool escape = code == hra_column_escape(own);
    if (escape) value = exception_of(chunk, p->exception, row, column);
    if (!p->input->same_grid[column]) {
        if (!escape) value = hra_column_value(own, code);
        code = hra_column_code(out, value);
    } else if (escape && isnan(value)) {
        code = hra_column_missing(out);
    }
    p->row.codes[to] = code;
    p->row.values[to] = value;
}

static hra_code read_labels(packer *p, const hra_chunk *chunk, int row, hra_error *error)
{
    for (int l = 0; l < p->input->source->schema->label_count; l++) {
        const hra_label_codes *codes = &chunk->labels[l];
        int32_t index = codes->index ? codes->index[row] : -1;
        if (index < 0) continue;
        if (codes->text_count > p->input->text_counts[l]) {
            int32_t *texts = realloc(p->input->texts[l], (size_t)codes->text_count * sizeof *texts);
            if (!texts) return hra_out_of_memory(error);
            for (int i = p->input->text_counts[l]; i < codes->text_count; i++) texts[i] = -2;
            p->input->texts[l] = texts;
            p->input->text_counts[l] = codes->text_count;
        }
        int32_t *number = &p->input->texts[l][index];
        if (*number == -2) *number = hra_join_text(p->inputs->schema, codes->texts[index]);
        if (*number < 0) {
            *number = -2;
            return hra_out_of_memory(error);
        }
        p->row.labels[p->input->labels[l]] = *number;
    }
    return HRA_OK;
}

static hra_code pack_row(packer *p, const hra_chunk *chunk, int row, hra_error *error)
{
    hra_join_row_clear(&p->row, p->inputs->schema);
    while (p->exception < chunk->exception_count && chunk->exceptions[p->exception].row < row) p->exception++;
    while (p->mark < chunk->mark_count && chunk->marks[p->mark].row < row) p->mark++;
    for (int c = 0; c < p->input->source->schema->column_count; c++) read_column(p, chunk, row, c);
    for (int i = p->mark; i < chunk->mark_count && chunk->marks[i].row == row; i++)
        p->row.marks[p->input->columns[chunk->marks[i].column]] = chunk->marks[i].mark;
    HRA_TRY(read_labels(p, chunk, row, error));
    if (chunk->source_lines) p->row.line = chunk->source_lines[row];
    if (chunk->source_files && chunk->source_files[row] >= 0)
        p->row.file = p->input->first_file + chunk->source_files[row];
    hra_buffer_clear(&p->bytes);
    hra_join_row_pack(&p->row, p->inputs->schema, &p->bytes);
    return p->bytes.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    packer *p = (packer *)sink;
    p->exception = p->mark = 0;
    if (chunk->rows > 0 && !chunk->keys)
        return hra_fail(error, HRA_EINPUT, "%s: its rows have no hashed identifiers", p->input->path);
    for (int r = 0; r < chunk->rows; r++) {
        hra_sort_row sorted = {.key = {0, 0, (uint64_t)p->index, (uint64_t)(chunk->first_row + r)}};
        hra_join_key_read(chunk->keys[r], sorted.key);
        if (p->crosswalk) HRA_TRY(hra_crosswalk_key(p->crosswalk, p->index, chunk->first_row + r, sorted.key, error));
        HRA_TRY(pack_row(p, chunk, r, error));
        sorted.bytes = p->bytes.bytes;
        sorted.length = p->bytes.length;
        HRA_TRY(hra_row_sort_add(p->sort, &sorted, error));
    }
    return HRA_OK;
}

hra_code hra_join_inputs_read(hra_join_inputs *inputs, const hra_join_request *q, struct hra_crosswalk *crosswalk,
                              hra_row_sort *sort, hra_error *error)
{
    packer p = {.base = {.commit = commit}, .inputs = inputs, .crosswalk = crosswalk, .sort = sort};
    if (!hra_join_row_init(&p.row, inputs->schema)) return hra_out_of_memory(error);
    hra_run_options options = {
        .threads = q->threads, .stop = q->stop, .progress = q->progress, .progress_context = q->progress_context};
    hra_sink *sinks[] = {&p.base};
    hra_code code = HRA_OK;
    for (p.index = 0; p.index < inputs->count && code == HRA_OK; p.index++) {
        hra_run_facts facts = {0};
        p.input = &inputs->items[p.index];
        p.input->source->want_keys = true;
        p.input->source->want_marks = true;
        code = hra_run(p.input->source, NULL, sinks, 1, &options, &facts, error);
        inputs->rows += facts.rows_scored;
        if (code == HRA_OK) close_input(p.input);
    }
    hra_join_row_destroy(&p.row);
    hra_buffer_destroy(&p.bytes);
    return code;
}
