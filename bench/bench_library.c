/* The whole library at once against one model at a time: what sharing gains.
 *
 *     bench_library [PEOPLE [JSON-FILE]]        default: 1000000 people
 *
 * People come from the generator; inputs that it does not make (asbestos, CAC
 * ...) are spread evenly over their plausible range, so that no model is idle
 * for want of an input. One thread, people in memory: reading, writing and the
 * making of people are not counted. Compare ratios of one run, not bare times. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/stopwatch.h"
#include "engine/kernels/isa.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/run/slices.h"
#include "generate/generate.h"
#include "report/models/model_card.h"
#include "report/models/sample.h"

/* One model, or all of them: its plan, program and where its results go. */
typedef struct contender {
    hra_plan *plan;
    hra_program *program;
    hra_workspace *workspace;
    hra_results *results;
    double seconds;
} contender;

typedef struct bench {
    hra_library *library;
    const char **ids; /* all models */
    int model_count;
    hra_source *people, *slices;
    hra_sample *others; /* inputs the generator does not make */
    hra_schema schema;  /* both */
    hra_codes *codes;
    contender all, *each;
    int output_count, slice_rows;
    int64_t rows;
    hra_error error;
} bench;

static hra_code no_memory(bench *b) { return hra_out_of_memory(&b->error); }

/* ---- models and people ------------------------------------------------------------- */

static hra_code load_library(bench *b)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    b->library = hra_library_new();
    hra_code code = faults && b->library ? hra_library_add_builtin(b->library, faults, &b->error) : no_memory(b);
    if (code == HRA_OK) code = hra_library_check(b->library, faults, &b->error);
    hra_diagnostics_free(faults);
    HRA_TRY(code);
    const hra_declaration **models = hra_card_models(b->library, &b->model_count);
    b->ids = calloc((size_t)b->model_count + 1, sizeof *b->ids);
    for (int i = 0; models && b->ids && i < b->model_count; i++) b->ids[i] = models[i]->id;
    bool ok = models && b->ids;
    free(models);
    return ok ? HRA_OK : no_memory(b);
}

static bool read_by_a_model(const bench *b, const char *name)
{
    for (int i = 0; i < b->model_count; i++) {
        const hra_declaration *d = hra_library_find(b->library, b->ids[i]);
        for (int k = 0; k < d->input_count; k++)
            if (strcmp(d->inputs[k], name) == 0) return true;
    }
    return false;
}

/* Inputs of models that the generator has no column for. */
static hra_code add_others(bench *b)
{
    const hra_dictionary *dictionary = hra_library_dictionary(b->library);
    int count = 0, variables = hra_dictionary_count(dictionary);
    const char **names = calloc((size_t)variables + 1, sizeof *names);
    if (!names) return no_memory(b);
    for (int v = 0; v < variables; v++) {
        const char *name = hra_dictionary_at(dictionary, v)->name;
        if (hra_schema_find(b->people->schema, v, NULL) < 0 && read_by_a_model(b, name)) names[count++] = name;
    }
    hra_code code = hra_sample_new(dictionary, names, count, b->slice_rows, &b->others, &b->error);
    free(names);
    return code;
}

static hra_code join_columns(bench *b)
{
    int made = b->people->schema->column_count, others = b->others->schema.column_count;
    b->schema = (hra_schema){.dictionary = hra_library_dictionary(b->library),
                             .columns = calloc((size_t)(made + others), sizeof(hra_column)),
                             .column_count = made + others};
    b->codes = calloc((size_t)(made + others), sizeof *b->codes);
    if (!b->schema.columns || !b->codes) return no_memory(b);
    memcpy(b->schema.columns, b->people->schema->columns, (size_t)made * sizeof(hra_column));
    memcpy(b->schema.columns + made, b->others->schema.columns, (size_t)others * sizeof(hra_column));
    memcpy(b->codes + made, b->others->chunk.columns, (size_t)others * sizeof(hra_codes));
    return HRA_OK;
}

static hra_code open_people(bench *b)
{
    hra_generate_options options = {.seed = 1, .rows = b->rows, .without_keys = true};
    HRA_TRY(hra_generate_open(hra_library_dictionary(b->library), &options, &b->people, &b->error));
    for (int i = 0; i < b->model_count; i++) b->output_count += hra_library_find(b->library, b->ids[i])->output_count;
    b->slice_rows = hra_slice_rows((size_t)b->output_count * 9);
    HRA_TRY(hra_slices_new(b->people, b->slice_rows, &b->slices, &b->error));
    HRA_TRY(add_others(b));
    return join_columns(b);
}

/* ---- programs ---------------------------------------------------------------------- */

static hra_code plan_of(bench *b, const char *const *ids, int count, bool share, hra_plan **plan)
{
    hra_plan_request request = {
        .models = ids, .model_count = count, .range = HRA_RANGE_COMPUTE, .as_of = NAN, .share = share};
    return hra_plan_new(b->library, &b->schema, &request, plan, &b->error);
}

static hra_code prepare(bench *b, const char *const *ids, int count, contender *c)
{
    int outputs;
    HRA_TRY(plan_of(b, ids, count, true, &c->plan));
    const hra_output *list = hra_plan_outputs(c->plan, &outputs);
    HRA_TRY(hra_program_compile(hra_plan_graph(c->plan), &b->schema, list, outputs, NULL, &c->program, &b->error));
    c->workspace = hra_workspace_new(c->program);
    c->results = hra_program_results(c->program, b->slice_rows);
    return c->workspace && c->results ? HRA_OK : no_memory(b);
}

static void dismiss(contender *c)
{
    hra_results_free(c->results);
    hra_workspace_free(c->workspace);
    hra_program_free(c->program);
    hra_plan_free(c->plan);
}

static hra_code prepare_all(bench *b)
{
    b->each = calloc((size_t)b->model_count + 1, sizeof *b->each);
    if (!b->each) return no_memory(b);
    for (int i = 0; i < b->model_count; i++) HRA_TRY(prepare(b, &b->ids[i], 1, &b->each[i]));
    return prepare(b, b->ids, b->model_count, &b->all);
}

/* ---- counting nodes ------------------------------------------------------------------ */

static void reach(bool *reached, hra_node node)
{
    if (node >= 0) reached[node] = true;
}

/* Nodes that an output needs; operands have smaller numbers. -1 without memory. */
static int64_t count_nodes(const hra_plan *plan)
{
    int outputs;
    const hra_output *list = hra_plan_outputs(plan, &outputs);
    const hra_graph *graph = hra_plan_graph(plan);
    bool *reached = calloc((size_t)hra_graph_count(graph) + 1, sizeof *reached);
    if (!reached) return -1;
    for (int i = 0; i < outputs; i++) {
        const hra_output *o = &list[i];
        const hra_node roots[] = {o->value,   o->outside, o->excluded,   o->substituted,
                                  o->clamped, o->missing, o->provisional};
        for (size_t k = 0; k < sizeof roots / sizeof *roots; k++) reach(reached, roots[k]);
    }
    int64_t count = 0;
    for (hra_node n = hra_graph_count(graph) - 1; n >= 0; n--) {
        if (!reached[n]) continue;
        count++;
        for (int i = 0; i < hra_graph_operand_count(graph, n); i++) reach(reached, hra_graph_operand(graph, n, i));
    }
    free(reached);
    return count;
}

typedef struct nodes {
    int64_t tree, separate, shared; /* plain trees; shared within each model; shared across all */
} nodes;

static hra_code count_all_nodes(bench *b, nodes *n)
{
    *n = (nodes){.shared = count_nodes(b->all.plan)};
    for (int i = 0; i < b->model_count; i++) {
        hra_plan *tree = NULL;
        HRA_TRY(plan_of(b, &b->ids[i], 1, false, &tree));
        int64_t plain = count_nodes(tree), separate = count_nodes(b->each[i].plan);
        hra_plan_free(tree);
        if (plain < 0 || separate < 0) return no_memory(b);
        n->tree += plain;
        n->separate += separate;
    }
    return n->shared < 0 ? no_memory(b) : HRA_OK;
}

/* ---- measuring ------------------------------------------------------------------------ */

static hra_code score(bench *b, contender *c, const hra_chunk *chunk)
{
    double start = hra_seconds();
    HRA_TRY(hra_program_score(c->program, c->workspace, chunk, c->results, &b->error));
    c->seconds += hra_seconds() - start;
    return HRA_OK;
}

static hra_code score_slice(bench *b, const hra_chunk *made)
{
    hra_chunk chunk = *made;
    memcpy(b->codes, made->columns, (size_t)b->people->schema->column_count * sizeof *b->codes);
    chunk.columns = b->codes;
    HRA_TRY(score(b, &b->all, &chunk));
    for (int i = 0; i < b->model_count; i++) HRA_TRY(score(b, &b->each[i], &chunk));
    return HRA_OK;
}

static hra_code score_everybody(bench *b)
{
    for (int64_t done = 0;;) {
        int64_t sequence;
        void *ticket;
        hra_chunk chunk = {0};
        HRA_TRY(b->slices->claim(b->slices, &sequence, &ticket, &b->error));
        if (sequence < 0) return HRA_OK;
        HRA_TRY(b->slices->fill(b->slices, sequence, ticket, &chunk, &b->error));
        hra_code code = chunk.rows > 0 ? score_slice(b, &chunk) : HRA_OK;
        if (done == 0) { /* the first slice warms up */
            b->rows -= chunk.rows;
            b->all.seconds = 0;
            for (int i = 0; i < b->model_count; i++) b->each[i].seconds = 0;
        }
        done += chunk.rows;
        b->slices->release(b->slices, &chunk);
        HRA_TRY(code);
    }
}

/* ---- telling --------------------------------------------------------------------------- */

static void tell(const bench *b, const nodes *n, const char *isa, double separate, hra_buffer *json)
{
    hra_program_facts f;
    hra_program_describe(b->all.program, &f);
    double rows = (double)b->rows, all = b->all.seconds;
    printf("%d models, %d outputs, %lld people, %s, one thread\n", b->model_count, b->output_count, (long long)b->rows,
           isa);
    printf("columns            %d generated, %d spread evenly\n", b->people->schema->column_count,
           b->others->schema.column_count);
    printf("graph nodes        %lld as plain trees, %lld shared within models, %lld shared across models\n",
           (long long)n->tree, (long long)n->separate, (long long)n->shared);
    printf("program            %d tables of packed inputs (%zu KiB), %d instructions, %d slots\n", f.tables,
           f.table_bytes / 1024, f.instructions, f.slots);
    printf("all at once        %8.2f s  %10.0f people/s  %12.0f outputs/s\n", all, rows / all,
           rows * b->output_count / all);
    printf("one at a time      %8.2f s  %10.0f people/s  %12.0f outputs/s\n", separate, rows / separate,
           rows * b->output_count / separate);
    printf("gain of sharing    %8.2f times\n", separate / all);
    hra_buffer_printf(json,
                      "{\"people\":%lld,\"models\":%d,\"outputs\":%d,\"instruction_set\":\"%s\",\"threads\":1,"
                      "\"nodes_trees\":%lld,\"nodes_within_models\":%lld,\"nodes_shared\":%lld,\"tables\":%d,"
                      "\"table_bytes\":%zu,\"instructions\":%d,\"slots\":%d,\"seconds_all\":%.6f,"
                      "\"seconds_one_at_a_time\":%.6f,\"people_per_second\":%.0f,\"outputs_per_second\":%.0f,"
                      "\"gain_of_sharing\":%.4f}\n",
                      (long long)b->rows, b->model_count, b->output_count, isa, (long long)n->tree,
                      (long long)n->separate, (long long)n->shared, f.tables, f.table_bytes, f.instructions, f.slots,
                      all, separate, rows / all, rows * b->output_count / all, separate / all);
}

static hra_code write_json(bench *b, const char *path, const hra_buffer *json)
{
    FILE *file = json->failed ? NULL : fopen(path, "w");
    bool ok = file && fputs(json->bytes, file) >= 0;
    if (file && fclose(file) != 0) ok = false;
    return ok ? HRA_OK : hra_fail(&b->error, HRA_EIO, "cannot write %s", path);
}

static hra_code run(bench *b, const char *path)
{
    const hra_isa *isa;
    nodes n;
    double separate = 0;
    hra_buffer json = {0};
    HRA_TRY(hra_isa_choose(&isa, &b->error));
    HRA_TRY(load_library(b));
    HRA_TRY(open_people(b));
    HRA_TRY(prepare_all(b));
    HRA_TRY(count_all_nodes(b, &n));
    HRA_TRY(score_everybody(b));
    for (int i = 0; i < b->model_count; i++) separate += b->each[i].seconds;
    tell(b, &n, isa->name, separate, &json);
    hra_code code = path ? write_json(b, path, &json) : HRA_OK;
    hra_buffer_destroy(&json);
    return code;
}

static void close_bench(bench *b)
{
    dismiss(&b->all);
    for (int i = 0; b->each && i < b->model_count; i++) dismiss(&b->each[i]);
    free(b->each);
    if (b->slices) b->slices->close(b->slices);
    if (b->people) b->people->close(b->people);
    hra_sample_free(b->others);
    free(b->schema.columns);
    free(b->codes);
    free(b->ids);
    hra_library_free(b->library);
}

int main(int argc, char **argv)
{
    bench b = {.rows = argc > 1 ? atoll(argv[1]) : 1000000};
    if (b.rows < 2000) {
        fprintf(stderr, "usage: bench_library [PEOPLE, at least 2000 [JSON-FILE]]\n");
        return HRA_EUSAGE;
    }
    hra_code code = run(&b, argc > 2 ? argv[2] : NULL);
    if (code != HRA_OK) fprintf(stderr, "bench_library: %s\n", b.error.message);
    close_bench(&b);
    return code;
}
