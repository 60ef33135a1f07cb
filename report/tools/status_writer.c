#include "report/tools/status_writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/missing_memo.h"
#include "engine/graph/status.h"

enum { STATUSES = 1 << HRA_STATUS_BITS, MISSING_CELLS = 1024, MISSING_RUNS = 4096, MOST_RUN_BYTES = 1 << 20 };

/* A status as it stands in a CSV file. */
typedef struct status_cell {
    unsigned status;
    hra_buffer text;
} status_cell;

/* The cells of outputs in a row, for everybody who is of the same pattern (missing_memo.h) by the first of them and so
 * by all. */
typedef struct missing_run {
    const hra_output *first;
    int count;
    unsigned status;
    int last_pattern;
    size_t length;
    char *text; /* NULL: none yet */
} missing_run;

/* What one thread walks with. */
typedef struct walker {
    hra_row_judge *rows;
    hra_missing_memo *missing;
    status_cell *missing_cells; /* by set of names, the first MISSING_CELLS of them */
    missing_run *runs;          /* by pattern, the first MISSING_RUNS of them */
    size_t run_bytes;
    hra_judge *judge; /* at the present row */
    bool *columns;    /* substituted, per schema column */
    bool *absent;     /* and per dictionary variable that no column holds */
    int *found;       /* the marked variables */
    hra_node *path;   /* nodes to visit of a known value ... */
    uint32_t *marks;  /* ... and the walk that came by each */
    uint32_t walk;
} walker;

struct hra_status_writer {
    const hra_graph *graph;
    const hra_schema *schema;
    bool *substitutes; /* by node: something below it can be substituted */
    walker *walkers;
    int threads;
    hra_buffer cells[STATUSES]; /* without names */
};

/* Most of the graph has no substitute below it and need not be walked. Operands stand before their nodes. */
static bool *find_substitutes(const hra_graph *graph)
{
    int count = hra_graph_count(graph);
    bool *found = calloc((size_t)count + 1, sizeof *found);
    for (hra_node node = 0; found && node < count; node++) {
        int op = hra_graph_at(graph, node)->op;
        found[node] = op == HRA_OP_SUBSTITUTE || op == HRA_OP_SUBSTITUTE_FLAG;
        for (int i = 0; i < hra_graph_operand_count(graph, node); i++)
            found[node] = found[node] || found[hra_graph_operand(graph, node, i)];
    }
    return found;
}

static bool write_cells(hra_status_writer *w)
{
    bool failed = false;
    for (unsigned status = 0; status < STATUSES; status++) {
        hra_status_text(status, NULL, 0, &w->cells[status]);
        failed = failed || w->cells[status].failed;
    }
    return !failed;
}

hra_code hra_status_writer_new(const hra_graph *graph, const hra_schema *schema, int threads, hra_status_writer **out,
                               hra_error *error)
{
    hra_status_writer *w = calloc(1, sizeof *w);
    size_t columns = (size_t)schema->column_count + 1, variables = (size_t)hra_dictionary_count(schema->dictionary) + 1;
    size_t nodes = (size_t)hra_graph_count(graph) + 1;
    if (w) {
        *w = (hra_status_writer){.graph = graph, .schema = schema, .substitutes = find_substitutes(graph)};
        w->walkers = calloc((size_t)threads, sizeof *w->walkers);
    }
    if (!w || !w->walkers || !w->substitutes || !write_cells(w)) {
        hra_status_writer_free(w);
        return hra_out_of_memory(error);
    }
    w->threads = threads;
    for (int t = 0; t < threads; t++) {
        walker *k = &w->walkers[t];
        *k = (walker){.rows = hra_row_judge_new(graph, schema),
                      .missing_cells = calloc(MISSING_CELLS, sizeof *k->missing_cells),
                      .runs = calloc(MISSING_RUNS, sizeof *k->runs),
                      .columns = calloc(columns, sizeof *k->columns),
                      .absent = calloc(variables, sizeof *k->absent),
                      .found = calloc(variables, sizeof *k->found),
                      .path = calloc(nodes, sizeof *k->path),
                      .marks = calloc(nodes, sizeof *k->marks)};
        if (k->rows) k->missing = hra_missing_memo_new(graph, schema, k->rows);
        if (!k->missing || !k->missing_cells || !k->runs || !k->columns || !k->absent || !k->found || !k->path ||
            !k->marks) {
            hra_status_writer_free(w);
            return hra_out_of_memory(error);
        }
    }
    *out = w;
    return HRA_OK;
}

void hra_status_writer_free(hra_status_writer *writer)
{
    if (!writer) return;
    for (int t = 0; t < writer->threads; t++) {
        walker *k = &writer->walkers[t];
        hra_missing_memo_free(k->missing);
        for (int i = 0; k->missing_cells && i < MISSING_CELLS; i++) hra_buffer_destroy(&k->missing_cells[i].text);
        free(k->missing_cells);
        for (int i = 0; k->runs && i < MISSING_RUNS; i++) free(k->runs[i].text);
        free(k->runs);
        hra_row_judge_free(k->rows);
        free(k->columns);
        free(k->absent);
        free(k->found);
        free(k->path);
        free(k->marks);
    }
    for (int i = 0; i < STATUSES; i++) hra_buffer_destroy(&writer->cells[i]);
    free(writer->walkers);
    free(writer->substitutes);
    free(writer);
}

/* The marked variables in dictionary order, each once. */
static int marked_variables(const hra_schema *schema, walker *k)
{
    int count = 0, variables = hra_dictionary_count(schema->dictionary);
    for (int c = 0; c < schema->column_count; c++)
        if (k->columns[c]) k->absent[schema->columns[c].variable] = true;
    const bool *end = k->absent + variables;
    for (const bool *at = k->absent; (at = memchr(at, true, (size_t)(end - at))) != NULL; at++)
        k->found[count++] = (int)(at - k->absent);
    return count;
}

int hra_status_missing(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row, const hra_output *output,
                       const int **variables)
{
    const hra_missing_names *missing =
        hra_missing_memo_find(writer->walkers[thread].missing, chunk, row, output->value);
    *variables = missing->variables;
    return missing->count;
}

/* ---- what others stood in for ------------------------------------------------------------ */

/* Whose value a substitute's first choice is: the first leaf below it. */
static void mark_leaf(const hra_status_writer *w, walker *k, hra_node node)
{
    while (hra_graph_operand_count(w->graph, node) > 0) node = hra_graph_operand(w->graph, node, 0);
    const hra_graph_node *n = hra_graph_at(w->graph, node);
    if (n->op == HRA_OP_INPUT || n->op == HRA_OP_INPUT_FLAG) k->columns[n->index] = true;
    if ((n->op == HRA_OP_UNKNOWN || n->op == HRA_OP_FLAG) && n->index >= 0) k->absent[n->index] = true;
}

static void visit(const hra_status_writer *w, walker *k, int *depth, hra_node node)
{
    if (!w->substitutes[node] || k->marks[node] == k->walk || isnan(hra_judge_value(k->judge, node))) return;
    k->marks[node] = k->walk;
    k->path[(*depth)++] = node;
}

static void visit_all(const hra_status_writer *w, walker *k, int *depth, hra_node node)
{
    for (int i = 0; i < hra_graph_operand_count(w->graph, node); i++)
        visit(w, k, depth, hra_graph_operand(w->graph, node, i));
}

/* One operand may settle "and" and "or" alone. */
static void visit_settling(const hra_status_writer *w, walker *k, int *depth, hra_node node, double settles)
{
    if (hra_judge_value(k->judge, node) == settles)
        for (int i = 0; i < hra_graph_operand_count(w->graph, node); i++) {
            hra_node operand = hra_graph_operand(w->graph, node, i);
            if (hra_judge_value(k->judge, operand) != settles) continue;
            visit(w, k, depth, operand);
            return;
        }
    visit_all(w, k, depth, node);
}

static void visit_operands(const hra_status_writer *w, walker *k, int *depth, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(w->graph, node);
    switch ((hra_op)n->op) {
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG:
        visit(w, k, depth, n->a);
        visit(w, k, depth, hra_judge_value(k->judge, n->a) != 0 ? n->b : n->c);
        return;
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG:
        if (isnan(hra_judge_value(k->judge, n->a))) mark_leaf(w, k, n->a);
        visit(w, k, depth, isnan(hra_judge_value(k->judge, n->a)) ? n->b : n->a);
        return;
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG: visit(w, k, depth, isnan(hra_judge_value(k->judge, n->a)) ? n->b : n->a); return;
    case HRA_OP_AND: visit_settling(w, k, depth, node, 0); return;
    case HRA_OP_OR: visit_settling(w, k, depth, node, 1); return;
    default: visit_all(w, k, depth, node);
    }
}

int hra_status_substituted(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row,
                           const hra_output *output, const int **variables)
{
    walker *k = &writer->walkers[thread];
    int depth = 0;
    k->judge = hra_row_judge_at(k->rows, chunk, row);
    memset(k->columns, 0, (size_t)writer->schema->column_count * sizeof *k->columns);
    memset(k->absent, 0, (size_t)hra_dictionary_count(writer->schema->dictionary) * sizeof *k->absent);
    if (++k->walk == 0) {
        memset(k->marks, 0, (size_t)hra_graph_count(writer->graph) * sizeof *k->marks);
        k->walk = 1;
    }
    visit(writer, k, &depth, output->value);
    while (depth > 0) visit_operands(writer, k, &depth, k->path[--depth]);
    *variables = k->found;
    return marked_variables(writer->schema, k);
}

/* ---- words ---------------------------------------------------------------------------------- */

/* The last status said with these names stays written: most people who lack them have the same one. */
static hra_buffer *cell_with_names(walker *k, const hra_missing_names *missing, unsigned status)
{
    if (missing->place < 0 || missing->place >= MISSING_CELLS) return NULL;
    status_cell *known = &k->missing_cells[missing->place];
    if (known->text.length > 0 && known->status == status) return &known->text;
    hra_buffer_clear(&known->text);
    hra_status_text(status, missing->names, missing->count, &known->text);
    hra_buffer_csv_since(&known->text, 0);
    known->status = status;
    return known->text.failed ? NULL : &known->text;
}

static void put_missing(walker *k, const hra_missing_names *missing, unsigned status, hra_buffer *out)
{
    const hra_buffer *cell = cell_with_names(k, missing, status);
    if (cell) {
        hra_buffer_append(out, cell->bytes, cell->length);
        return;
    }
    size_t start = out->length;
    hra_status_text(status, missing->names, missing->count, out);
    hra_buffer_csv_since(out, start);
}

void hra_status_cell(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row, const hra_output *output,
                     unsigned status, hra_buffer *out)
{
    walker *k = &writer->walkers[thread];
    const hra_buffer *cell = &writer->cells[status];
    if (status & HRA_STATUS_MISSING)
        put_missing(k, hra_missing_memo_find(k->missing, chunk, row, output->value), status, out);
    else
        hra_buffer_append(out, cell->bytes, cell->length);
}

/* A copy of what was written since `start`, in place of what is remembered there. */
static void remember_run(walker *k, missing_run *run, missing_run made, const hra_buffer *out, size_t start)
{
    k->run_bytes -= run->length;
    free(run->text);
    *run = (missing_run){0};
    made.length = out->length - start;
    if (out->failed || k->run_bytes + made.length > MOST_RUN_BYTES) return;
    made.text = malloc(made.length);
    if (!made.text) return;
    memcpy(made.text, out->bytes + start, made.length);
    k->run_bytes += made.length;
    *run = made;
}

void hra_status_missing_cells(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row,
                              const hra_output *outputs, int count, unsigned status, hra_buffer *out)
{
    walker *k = &writer->walkers[thread];
    const hra_missing_names *missing = hra_missing_memo_find(k->missing, chunk, row, outputs->value);
    bool follows, all_follow = true;
    int pattern = hra_missing_memo_pattern(k->missing, &follows);
    missing_run *run = pattern >= 0 && pattern < MISSING_RUNS ? &k->runs[pattern] : NULL;
    if (run && run->first == outputs && run->count == count && run->status == status) {
        hra_buffer_append(out, run->text, run->length);
        hra_missing_memo_skip(k->missing, run->last_pattern);
        return;
    }
    missing_run made = {.first = outputs, .count = count, .status = status};
    size_t start = out->length;
    for (int i = 0; i < count; i++) {
        if (i > 0) missing = hra_missing_memo_find(k->missing, chunk, row, outputs[i].value);
        made.last_pattern = hra_missing_memo_pattern(k->missing, &follows);
        all_follow = all_follow && (i == 0 || follows);
        hra_buffer_append(out, ",,", 2);
        put_missing(k, missing, status, out);
    }
    if (run && all_follow) remember_run(k, run, made, out, start);
}
