#include "engine/program/tables.h"

#include <stdlib.h>

#include "engine/program/builder.h"
#include "engine/program/frame.h"

/* All tables of a program together; what does not fit is computed. */
static const size_t BYTES_MAX = (size_t)64 << 20;
enum { FILL_WORDS = 8 };

/* Room for one more that takes so many bytes. */
static bool reserve(hra_tables *tables, size_t bytes)
{
    return tables->bytes + bytes <= BYTES_MAX &&
           hra_grow((void **)&tables->items, &tables->capacity, tables->count + 1, sizeof *tables->items);
}

const double *hra_tables_add(hra_tables *tables, const hra_schema *schema, hra_node node, const int columns[2])
{
    int64_t entries = hra_table_entries(schema, columns);
    size_t bytes = (size_t)entries * sizeof(double);
    double *values = reserve(tables, bytes) ? malloc(bytes) : NULL;
    if (!values) return NULL;
    tables->items[tables->count++] =
        (hra_table){.node = node, .columns = {columns[0], columns[1]}, .entries = entries, .values = values};
    tables->bytes += bytes;
    return values;
}

static void free_set(hra_code_set *set)
{
    if (set) free(set->bits);
    free(set);
}

const hra_code_set *hra_tables_add_set(hra_tables *tables, const hra_schema *schema, hra_node node, hra_table_kind kind,
                                       int column)
{
    const int columns[2] = {column, -1};
    int64_t entries = hra_table_entries(schema, columns), rows = FILL_WORDS * HRA_WORD_ROWS;
    size_t words = (size_t)((entries + rows - 1) / rows * FILL_WORDS), bytes = words * sizeof(uint64_t);
    hra_code_set *set = reserve(tables, bytes) ? calloc(1, sizeof *set) : NULL;
    if (!set) return NULL;
    set->bits = malloc(bytes);
    if (!set->bits) {
        free_set(set);
        return NULL;
    }
    tables->items[tables->count++] =
        (hra_table){.node = node, .kind = kind, .columns = {column, -1}, .entries = entries, .set = set};
    tables->bytes += bytes;
    return set;
}

void hra_tables_destroy(hra_tables *tables)
{
    for (int t = 0; t < tables->count; t++) {
        free(tables->items[t].values);
        free_set(tables->items[t].set);
    }
    free(tables->items);
    *tables = (hra_tables){0};
}

/* ---- filling: all tables over the same inputs in one sweep over their codes ------- */

typedef struct filler {
    const hra_graph *graph;
    const hra_schema *schema;
    const hra_kernels *kernels;
    bool fuse;
    hra_table **group; /* tables over the same inputs */
    hra_node *roots;
    hra_target *targets;
    int count;
    hra_block_codes *inputs; /* per schema column; only the group's are set */
    uint16_t narrow[2][FILL_WORDS * HRA_WORD_ROWS];
    uint32_t wide[FILL_WORDS * HRA_WORD_ROWS];
    uint64_t unread[FILL_WORDS];
} filler;

static hra_routine *fill_routine(const filler *f, const hra_graph *part)
{
    hra_builder b;
    hra_analysis_request request = {
        .graph = part, .schema = f->schema, .roots = f->roots, .root_count = f->count, .fuse = f->fuse};
    if (!hra_builder_begin(&b, &request, NULL, NULL)) return NULL;
    for (int t = 0; t < f->count; t++) {
        if (f->group[t]->kind == HRA_TABLE_KNOWN)
            hra_builder_store_known(&b, f->roots[t], t);
        else
            hra_builder_store(&b, f->roots[t],
                              f->group[t]->kind == HRA_TABLE_TRUE ? HRA_OUTPUT_FLAG : HRA_OUTPUT_NUMBER, t);
    }
    return hra_builder_end(&b);
}

/* The codes of entries start, start + 1, ... */
static void set_codes(filler *f, int64_t start, int rows, const int columns[2])
{
    int64_t second = columns[1] < 0 ? 1 : (int64_t)f->schema->columns[columns[1]].levels + 2;
    int64_t first_code = start / second, second_code = start % second;
    for (int i = 0; i < rows; i++) {
        f->narrow[0][i] = (uint16_t)first_code;
        f->narrow[1][i] = (uint16_t)second_code;
        f->wide[i] = (uint32_t)first_code;
        if (++second_code < second) continue;
        second_code = 0;
        first_code++;
    }
    f->inputs[columns[0]] = hra_column_wide(&f->schema->columns[columns[0]]) ? (hra_block_codes){NULL, f->wide}
                                                                             : (hra_block_codes){f->narrow[0], NULL};
    if (columns[1] >= 0) f->inputs[columns[1]] = (hra_block_codes){f->narrow[1], NULL};
}

static hra_target target_of(filler *f, const hra_table *table, int64_t start)
{
    if (!table->set) return (hra_target){.numbers = table->values + start};
    return (hra_target){.truth = table->set->bits + start / HRA_WORD_ROWS, .known = f->unread};
}

/* Where the bits change; if it is a few times, the places are enough. */
static void find_cuts(hra_code_set *set, int64_t entries)
{
    uint64_t before = 0;
    for (int64_t code = 0; code < entries; code++) {
        uint64_t word = set->bits[code / HRA_WORD_ROWS], same = before ? UINT64_MAX : 0;
        if (code % HRA_WORD_ROWS == 0 && word == same) {
            code += HRA_WORD_ROWS - 1;
            continue;
        }
        uint64_t bit = word >> (code % HRA_WORD_ROWS) & 1;
        if (bit == before) continue;
        if (set->cut_count == HRA_CUTS_FEW) return;
        set->cuts[set->cut_count++] = (uint16_t)code;
        before = bit;
    }
    free(set->bits);
    set->bits = NULL;
}

static hra_code fill_group(filler *f, hra_error *error)
{
    hra_graph *part = hra_graph_part(f->graph, f->roots, f->count);
    hra_routine *routine = part ? fill_routine(f, part) : NULL;
    hra_frame *frame = routine ? hra_frame_new(routine, f->kernels, FILL_WORDS, f->inputs, f->targets) : NULL;
    if (frame) {
        const hra_table *any = f->group[0];
        const int rows = FILL_WORDS * HRA_WORD_ROWS;
        for (int64_t start = 0; start < any->entries; start += rows) {
            int64_t left = any->entries - start;
            hra_block block = {left < rows ? (int)left : rows, FILL_WORDS};
            set_codes(f, start, block.rows, any->columns);
            for (int t = 0; t < f->count; t++) f->targets[t] = target_of(f, f->group[t], start);
            hra_frame_run(frame, &block);
        }
        for (int t = 0; t < f->count; t++)
            if (f->group[t]->set) find_cuts(f->group[t]->set, any->entries);
    }
    hra_code code = frame ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory while filling tables");
    hra_frame_free(frame);
    hra_routine_free(routine);
    hra_graph_free(part);
    return code;
}

/* The tables over the same inputs as the first that is not filled yet. */
static void next_group(filler *f, hra_tables *tables)
{
    f->count = 0;
    for (int t = 0; t < tables->count; t++) {
        hra_table *table = &tables->items[t];
        if (table->filled) continue;
        const int *columns = f->count ? f->group[0]->columns : table->columns;
        if (table->columns[0] != columns[0] || table->columns[1] != columns[1]) continue;
        table->filled = true;
        f->group[f->count] = table;
        f->roots[f->count++] = table->node;
    }
}

hra_code hra_tables_fill(hra_tables *tables, const hra_graph *graph, const hra_schema *schema,
                         const hra_kernels *kernels, bool fuse, hra_error *error)
{
    if (tables->count == 0) return HRA_OK;
    size_t count = (size_t)tables->count;
    filler *f = calloc(1, sizeof *f);
    if (!f) return hra_fail(error, HRA_ENOMEM, "out of memory while filling tables");
    f->graph = graph;
    f->schema = schema;
    f->kernels = kernels;
    f->fuse = fuse;
    f->group = calloc(count, sizeof(hra_table *));
    f->roots = calloc(count, sizeof *f->roots);
    f->targets = calloc(count, sizeof *f->targets);
    f->inputs = calloc((size_t)schema->column_count, sizeof *f->inputs);
    hra_code code = HRA_OK;
    if (!f->group || !f->roots || !f->targets || !f->inputs)
        code = hra_fail(error, HRA_ENOMEM, "out of memory while filling tables");
    while (code == HRA_OK) {
        next_group(f, tables);
        if (f->count == 0) break;
        code = fill_group(f, error);
    }
    free(f->group);
    free(f->roots);
    free(f->targets);
    free(f->inputs);
    free(f);
    return code;
}
