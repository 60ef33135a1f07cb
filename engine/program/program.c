#include "engine/program/program.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/kernels/isa.h"
#include "engine/program/builder.h"
#include "engine/program/program_internal.h"
#include "engine/program/push_choice.h"
#include "engine/program/store_sets.h"

enum { DEFAULT_BLOCK_ROWS = 512 };

/* ---- roots: every value, and the flags of every status of its own ---------------- */

static void status_flags(const hra_output *o, hra_node flags[HRA_STATUS_OPERANDS])
{
    flags[HRA_STATUS_KNOWN] = o->value;
    flags[HRA_STATUS_OUTSIDE] = o->outside;
    flags[HRA_STATUS_EXCLUDED] = o->excluded;
    flags[HRA_STATUS_SUBSTITUTE_USED] = o->substituted;
    flags[HRA_STATUS_WAS_CLAMPED] = o->clamped;
    flags[HRA_STATUS_INPUT_MISSING] = o->missing;
    flags[HRA_STATUS_IS_PROVISIONAL] = o->provisional;
}

static bool has_status(const hra_program *p, int output)
{
    return p->outputs[output].status_of == output && (!p->status_wanted || p->status_wanted[output]);
}

static bool has_sets(const hra_program *p, int output)
{
    return p->with_sets && p->outputs[output].status_of == output;
}

static hra_node *all_roots(const hra_program *p, const hra_output *outputs, int *root_count)
{
    hra_node *roots = calloc((size_t)p->output_count * HRA_STATUS_OPERANDS + 1, sizeof *roots);
    *root_count = 0;
    for (int i = 0; roots && i < p->output_count; i++) {
        bool with_status = has_status(p, i) || has_sets(p, i);
        if (with_status)
            status_flags(&outputs[i], roots + *root_count);
        else
            roots[*root_count] = outputs[i].value;
        *root_count += with_status ? HRA_STATUS_OPERANDS : 1;
    }
    return roots;
}

/* ---- compilation -------------------------------------------------------------------- */

/* The plain routine is compiled first and tells which status sets there are. */
static hra_routine *compile_routine(hra_program *p, const hra_analysis_request *request, const hra_output *outputs)
{
    hra_builder b;
    hra_set_stores stores = {.sets = &p->sets, .first = !request->tabulate};
    if (!hra_builder_begin(&b, request, NULL, request->tabulate ? &p->tables : NULL)) return NULL;
    for (int i = 0; i < p->output_count; i++) {
        const hra_output *output = &outputs[i];
        hra_builder_store(&b, output->value, output->kind, i);
        hra_node flags[HRA_STATUS_OPERANDS];
        status_flags(output, flags);
        if (has_status(p, i)) hra_builder_status(&b, output->value, flags, i);
        if (has_sets(p, i)) hra_store_sets(&stores, &b, output->value, flags, i, p->output_count);
    }
    hra_set_stores_destroy(&stores);
    return hra_builder_end(&b);
}

static bool push_choices(hra_program *p)
{
    p->pushed_outputs = calloc((size_t)p->output_count + 1, sizeof *p->pushed_outputs);
    if (!p->pushed_outputs) return false;
    p->pushed_graph = hra_push_choices(p->graph, p->outputs, p->output_count, p->pushed_outputs);
    return p->pushed_graph != NULL;
}

static hra_code compile_routines(hra_program *p, const hra_program_options *options, hra_error *error)
{
    int root_count;
    if (!options->no_pushing && !push_choices(p))
        return hra_fail(error, HRA_ENOMEM, "out of memory while compiling the definitions");
    const hra_graph *graph = p->pushed_graph ? p->pushed_graph : p->graph;
    const hra_output *outputs = p->pushed_graph ? p->pushed_outputs : p->outputs;
    hra_node *roots = all_roots(p, outputs, &root_count);
    hra_analysis_request request = {
        .graph = graph, .schema = p->schema, .roots = roots, .root_count = root_count, .fuse = !options->no_fusion};
    bool ok = roots != NULL;
    if (ok) ok = (p->plain = compile_routine(p, &request, outputs)) != NULL;
    request.tabulate = true;
    if (ok && !options->no_tabulation) ok = (p->tabulated = compile_routine(p, &request, outputs)) != NULL;
    free(roots);
    if (!ok) return hra_fail(error, HRA_ENOMEM, "out of memory while compiling the definitions");
    return hra_tables_fill(&p->tables, graph, p->schema, p->kernels, request.fuse, error);
}

/* Marks the columns read and counts the nodes below the roots. */
static bool find_columns(hra_program *p)
{
    int root_count;
    hra_node *roots = all_roots(p, p->outputs, &root_count);
    bool *reached = calloc((size_t)hra_graph_count(p->graph) + 1, sizeof *reached);
    bool ok = roots && reached;
    for (int i = 0; ok && i < root_count; i++)
        if (roots[i] >= 0) reached[roots[i]] = true;
    for (hra_node node = ok ? hra_graph_count(p->graph) - 1 : -1; node >= 0; node--) {
        if (!reached[node]) continue;
        p->graph_nodes++;
        const hra_graph_node *n = hra_graph_at(p->graph, node);
        if (n->op == HRA_OP_INPUT || n->op == HRA_OP_INPUT_FLAG) p->wanted[n->index] = true;
        for (int k = 0, count = hra_graph_operand_count(p->graph, node); k < count; k++)
            reached[hra_graph_operand(p->graph, node, k)] = true;
    }
    free(roots);
    free(reached);
    return ok;
}

static hra_code check_outputs(const hra_graph *graph, const hra_output *outputs, int count, hra_error *error)
{
    for (int i = 0; i < count; i++)
        if (outputs[i].kind == HRA_OUTPUT_FLAG && hra_graph_kind(graph, outputs[i].value) != HRA_KIND_FLAG)
            return hra_fail(error, HRA_EINTERNAL, "output %s is not a flag", outputs[i].id);
    return HRA_OK;
}

static hra_program *new_program(const hra_schema *schema, int output_count, const bool *status_wanted)
{
    hra_program *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->wanted = calloc((size_t)schema->column_count + 1, sizeof *p->wanted);
    if (status_wanted) p->status_wanted = calloc((size_t)output_count + 1, sizeof *p->status_wanted);
    if (!p->wanted || (status_wanted && !p->status_wanted)) {
        hra_program_free(p);
        return NULL;
    }
    if (status_wanted) memcpy(p->status_wanted, status_wanted, (size_t)output_count * sizeof *status_wanted);
    return p;
}

hra_code hra_program_compile(const hra_graph *graph, const hra_schema *schema, const hra_output *outputs,
                             int output_count, const hra_program_options *options, hra_program **out, hra_error *error)
{
    const hra_program_options defaults = {0};
    if (!options) options = &defaults;
    *out = NULL;
    const hra_isa *isa;
    HRA_TRY(check_outputs(graph, outputs, output_count, error));
    HRA_TRY(hra_isa_choose(&isa, error));
    if (options->block_rows < 0 || options->block_rows > HRA_CHUNK_ROWS)
        return hra_fail(error, HRA_EUSAGE, "%d is not a block size: 1 to %d rows", options->block_rows, HRA_CHUNK_ROWS);
    hra_program *p = new_program(schema, output_count, options->status_wanted);
    if (!p) return hra_fail(error, HRA_ENOMEM, "out of memory while compiling the definitions");
    p->graph = graph;
    p->schema = schema;
    p->outputs = outputs;
    p->output_count = output_count;
    p->kernels = isa->kernels;
    int block_rows = options->block_rows ? options->block_rows : DEFAULT_BLOCK_ROWS;
    p->block_words = (block_rows + HRA_WORD_ROWS - 1) / HRA_WORD_ROWS;
    p->block_rows = p->block_words * HRA_WORD_ROWS;
    hra_code code = HRA_OK;
    p->with_sets = options->status_sets;
    bool ok = !p->with_sets || hra_status_sets_make(output_count, &p->sets);
    if (ok && p->with_sets && !p->kernels) hra_status_sets_all(&p->sets, outputs, output_count);
    if (!ok || !find_columns(p)) code = hra_fail(error, HRA_ENOMEM, "out of memory while compiling the definitions");
    if (code == HRA_OK && p->kernels) code = compile_routines(p, options, error);
    if (code == HRA_OK)
        *out = p;
    else
        hra_program_free(p);
    return code;
}

void hra_program_free(hra_program *program)
{
    if (!program) return;
    hra_routine_free(program->tabulated);
    hra_routine_free(program->plain);
    hra_tables_destroy(&program->tables);
    hra_graph_free(program->pushed_graph);
    free(program->pushed_outputs);
    free(program->wanted);
    free(program->status_wanted);
    hra_status_sets_destroy(&program->sets);
    free(program);
}

void hra_program_describe(const hra_program *program, hra_program_facts *facts)
{
    const hra_routine *r = program->tabulated ? program->tabulated : program->plain;
    *facts = (hra_program_facts){.graph_nodes = program->graph_nodes,
                                 .tables = program->tables.count,
                                 .table_bytes = program->tables.bytes,
                                 .block_rows = program->block_rows};
    if (!r) return;
    facts->instructions = r->count;
    facts->slots = r->slots;
    facts->planes = r->planes;
}

void hra_program_columns(const hra_program *program, bool *wanted)
{
    for (int c = 0; c < program->schema->column_count; c++)
        if (program->wanted[c]) wanted[c] = true;
}

const hra_status_sets *hra_program_status_sets(const hra_program *program)
{
    return program->with_sets ? &program->sets : NULL;
}

size_t hra_program_row_bytes(const hra_program *program)
{
    double bytes = 0;
    for (int i = 0; i < program->output_count; i++)
        bytes += hra_results_width(&program->outputs[i]) + has_status(program, i);
    bytes += (double)program->sets.count / CHAR_BIT;
    return (size_t)ceil(bytes);
}

hra_results *hra_program_results(const hra_program *program, int rows)
{
    return hra_results_with(program->output_count, program->outputs, program->status_wanted,
                            hra_program_status_sets(program), rows);
}
