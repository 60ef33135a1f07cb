/* How fast the engine evaluates: ten Cox models with strata by sex over people
 * in memory, in the form the definitions have (four logarithms, twenty linear
 * predictors, risk = 1 - S0 ^ exp(lp - mean)), with a status for every model.
 *
 *     bench_program [--json] [ROWS [ROUNDS]]
 *
 * For every instruction set, with and without tables, fused sums and pushed
 * choices: best and median nanoseconds a person on one thread, the share of the
 * limit 20 exp + 4 ln + 8 ns (of hra's own, libmvec and SLEEF the fastest, measured
 * here), and what share of this machine's memory bandwidth (measured here, read +
 * write) the columns in and results out would need. As in a run the results of a
 * piece of people are written over those of the piece before. Compare ratios of
 * one run, not bare times. Few ROWS (16384) stay in the caches and show the kernels
 * alone. --json: a line of JSON for each measure instead of the table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "bench/vector_libraries.h"
#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"
#include "engine/program/program.h"
#include "engine/run/slices.h"

enum { MODELS = 10, ROUNDS_MAX = 101 };
enum { AGE, SEX, TC, HDL, SBP, TREATED, SMOKER, DIABETES, COLUMNS };

static hra_column columns[COLUMNS] = {{0, "", 0, 18, 100}, {1, "", 0, 0, 2}, {2, "", 2, 100, 1500}, {3, "", 2, 20, 400},
                                      {4, "", 0, 60, 240}, {5, "", 0, 0, 2}, {6, "", 0, 0, 2},      {7, "", 0, 0, 2}};
static const hra_schema schema = {.columns = columns, .column_count = COLUMNS};

static bool json;

static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* ---- ten models ---------------------------------------------------------------- */

static hra_node add_term(hra_graph *g, hra_node sum, double coefficient, hra_node x)
{
    hra_node term = hra_graph_binary(g, HRA_OP_MUL, hra_graph_number(g, coefficient), x);
    return sum < 0 ? term : hra_graph_binary(g, HRA_OP_ADD, sum, term);
}

static hra_node input_ln(hra_graph *g, int column) { return hra_graph_unary(g, HRA_OP_LN, hra_graph_input(g, column)); }

static hra_node flag_number(hra_graph *g, int column)
{
    return hra_graph_unary(g, HRA_OP_FROM_FLAG, hra_graph_input_flag(g, column));
}

/* The risk in one stratum; coefficients vary a little with the model. */
static hra_node stratum_risk(hra_graph *g, int model, bool male)
{
    double vary = 1 + 0.03 * model;
    hra_node treated = hra_graph_input_flag(g, TREATED);
    hra_node sbp = hra_graph_select(g, treated, hra_graph_number(g, (male ? 1.999 : 2.823) * vary),
                                    hra_graph_number(g, (male ? 1.933 : 2.762) * vary));
    hra_node lp = add_term(g, -1, (male ? 3.061 : 2.329) * vary, input_ln(g, AGE));
    lp = add_term(g, lp, (male ? 1.124 : 1.209) * vary, input_ln(g, TC));
    lp = add_term(g, lp, (male ? -0.933 : -0.708) * vary, input_ln(g, HDL));
    lp = hra_graph_binary(g, HRA_OP_ADD, lp, hra_graph_binary(g, HRA_OP_MUL, sbp, input_ln(g, SBP)));
    lp = add_term(g, lp, (male ? 0.655 : 0.529) * vary, flag_number(g, SMOKER));
    lp = add_term(g, lp, (male ? 0.574 : 0.692) * vary, flag_number(g, DIABETES));
    hra_node centred = hra_graph_binary(g, HRA_OP_SUB, lp, hra_graph_number(g, (male ? 19.0 : 21.0) * vary));
    hra_node survival = hra_graph_binary(g, HRA_OP_POW, hra_graph_number(g, male ? 0.889 : 0.950),
                                         hra_graph_unary(g, HRA_OP_EXP, centred));
    return hra_graph_binary(g, HRA_OP_SUB, hra_graph_number(g, 1), survival);
}

static hra_node in_range(hra_graph *g, int column, double low, double high)
{
    hra_node x = hra_graph_input(g, column);
    return hra_graph_binary(g, HRA_OP_AND, hra_graph_binary(g, HRA_OP_LE, hra_graph_number(g, low), x),
                            hra_graph_binary(g, HRA_OP_LE, x, hra_graph_number(g, high)));
}

static hra_output model_output(hra_graph *g, int model)
{
    hra_node sex = hra_graph_input(g, SEX);
    hra_node female = hra_graph_binary(g, HRA_OP_EQ, sex, hra_graph_number(g, 0));
    hra_node male = hra_graph_binary(g, HRA_OP_EQ, sex, hra_graph_number(g, 1));
    hra_node men = hra_graph_select(g, male, stratum_risk(g, model, true), hra_graph_outside(g));
    hra_node value = hra_graph_select(g, female, stratum_risk(g, model, false), men);
    hra_node valid = in_range(g, AGE, 30, 70 + model);
    hra_node outside = hra_graph_unary(g, HRA_OP_IS_TRUE, hra_graph_unary(g, HRA_OP_NOT, valid));
    hra_node gap = hra_graph_why(g, value, HRA_WHY_OUTSIDE);
    return (hra_output){.id = "risk",
                        .value = value,
                        .outside = gap < 0 ? outside : hra_graph_binary(g, HRA_OP_OR, outside, gap),
                        .excluded = -1,
                        .substituted = -1,
                        .clamped = -1,
                        .missing = hra_graph_why(g, value, HRA_WHY_MISSING),
                        .provisional = -1,
                        .status_of = model};
}

/* ---- people ------------------------------------------------------------------------ */

static uint16_t *make_people(int rows)
{
    uint16_t *codes = malloc((size_t)rows * COLUMNS * sizeof *codes);
    uint64_t state = 1;
    for (size_t i = 0; codes && i < (size_t)rows * COLUMNS; i++) {
        const hra_column *column = &columns[i / (size_t)rows];
        uint64_t bits = random_bits(&state);
        bool missing = column->levels > 200 && bits % 100 == 0;
        codes[i] = (uint16_t)(missing ? column->levels : (bits >> 8) % column->levels);
    }
    return codes;
}

static hra_chunk slice_of(const uint16_t *people, int rows, int start, int most, hra_codes codes[COLUMNS])
{
    int left = rows - start;
    for (int c = 0; c < COLUMNS; c++) codes[c] = (hra_codes){.u16 = people + (size_t)c * (size_t)rows + (size_t)start};
    return (hra_chunk){.sequence = start / most, .rows = left < most ? left : most, .columns = codes};
}

/* ---- measuring ------------------------------------------------------------------------ */

/* Bytes a second of copying memory that no cache holds, read and write counted. */
static double copy_bandwidth(void)
{
    size_t bytes = (size_t)128 << 20;
    char *from = malloc(bytes), *to = malloc(bytes);
    double best = 0;
    if (from && to) {
        memset(from, 1, bytes);
        memset(to, 2, bytes);
        for (int k = 0; k < 5; k++) {
            double start = hra_seconds();
            memcpy(to, from, bytes);
            double rate = 2.0 * (double)bytes / (hra_seconds() - start);
            best = rate > best ? rate : best;
        }
    }
    free(from);
    free(to);
    return best;
}

/* Over values that stay in the first cache. */
enum { VALUES = 1024, TIMES = 2000 };

/* Best nanoseconds a value: of the kernel, or of a library's function if that is given. */
static double time_of(const hra_kernels *kernels, hra_kernel_id kernel, const vector_function *function)
{
    static _Alignas(64) double x[VALUES], y[VALUES];
    for (int i = 0; i < VALUES; i++) x[i] = 0.01 + 0.004 * i;
    hra_operand operand = {x, 1};
    hra_call call = {.out = y, .numbers = &operand, .number_count = 1};
    hra_block block = {VALUES, VALUES / HRA_WORD_ROWS};
    double best = 1e300;
    for (int k = 0; k < TIMES; k++) {
        double start = hra_seconds();
        if (function)
            function->run(x, y, VALUES);
        else
            kernels->run[kernel](&call, &block);
        double time = (hra_seconds() - start) / VALUES * 1e9;
        best = time < best ? time : best;
    }
    return best;
}

static void show_function(const char *isa, const char *name, const char *library, double time)
{
    if (json)
        printf(
            "{\"bench\":\"program\",\"what\":\"%s of a value in the first cache, %s\",\"engine\":\"%s\",\"threads\":1,"
            "\"value\":%.4g,\"unit\":\"ns\"}\n",
            name, isa, library, time);
    else
        printf("%-8s %s of %s: %.2f ns a value\n", isa, name, library, time);
}

/* The least time of exp or ln that there is for the set. */
static double fastest(const hra_isa *isa, const char *name, hra_kernel_id kernel)
{
    double best = time_of(isa->kernels, kernel, NULL);
    bool own = kernel == HRA_KERNEL_EXP; /* the kernels' ln is SLEEF's with a check of the sign */
    show_function(isa->name, name, own ? "hra" : "hra (SLEEF)", best);
    for (const vector_function *f = vector_functions; f->run; f++) {
        if (strcmp(f->isa, isa->name) != 0 || strcmp(f->name, name) != 0) continue;
        double time = time_of(NULL, kernel, f);
        show_function(isa->name, name, f->library, time);
        best = time < best ? time : best;
    }
    return best;
}

/* 20 exp + 4 ln + 8 ns; NaN for the judge. */
static double limit_of(const hra_isa *isa)
{
    if (!isa->kernels) return (double)NAN;
    double limit = 20 * fastest(isa, "exp", HRA_KERNEL_EXP) + 4 * fastest(isa, "ln", HRA_KERNEL_LN) + 8;
    if (json)
        printf("{\"bench\":\"program\",\"what\":\"limit of ten models, 20 exp + 4 ln + 8 ns, %s\",\"threads\":1,"
               "\"value\":%.4g,\"unit\":\"ns\"}\n",
               isa->name, limit);
    else
        printf("%-8s limit %.1f ns\n", isa->name, limit);
    return limit;
}

static bool score_all(const hra_program *program, hra_workspace *workspace, const uint16_t *people, int rows,
                      hra_results *results)
{
    for (int start = 0; start < rows; start += results->capacity) {
        hra_codes codes[COLUMNS];
        hra_chunk slice = slice_of(people, rows, start, results->capacity, codes);
        if (hra_program_score(program, workspace, &slice, results, NULL) != HRA_OK) return false;
    }
    return true;
}

static void show_program(const hra_program *program, const char *isa, const char *what, int rows, double best,
                         double median, double bandwidth, double limit)
{
    if (json) {
        printf("{\"bench\":\"program\",\"what\":\"ten models in memory, %s, %s\",\"engine\":\"hra\",\"threads\":1,"
               "\"rows\":%d,\"value\":%.0f,\"best\":%.0f,\"unit\":\"rows/s\",\"ns\":%.4g",
               isa, what, rows, 1e9 / median, 1e9 / best, best);
        printf(isnan(limit) ? "}\n" : ",\"share\":%.3f}\n", limit / best);
        return;
    }
    hra_program_facts facts;
    hra_program_describe(program, &facts);
    double bytes = COLUMNS * sizeof(uint16_t) + MODELS * (sizeof(double) + 1);
    printf("%-8s %-24s %8.1f %8.1f %10.1f %8.2f %8d %6d %7d %8zu %9.1f%%\n", isa, what, best, median, 1e3 / median,
           limit / best, facts.instructions, facts.slots, facts.tables, facts.table_bytes / 1024,
           100 * bytes / (median * 1e-9) / bandwidth);
}

static bool measure(const char *isa, const char *what, const hra_program_options *options, const hra_graph *graph,
                    const hra_output *outputs, const uint16_t *people, int rows, int rounds, double bandwidth,
                    double limit)
{
    hra_program *program = NULL;
    if (hra_program_compile(graph, &schema, outputs, MODELS, options, &program, NULL) != HRA_OK) return false;
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, hra_slice_rows_cached(hra_program_row_bytes(program)));
    bool ok = workspace && results && score_all(program, workspace, people, rows, results); /* warm */
    double times[ROUNDS_MAX];
    for (int k = 0; ok && k < rounds; k++) {
        double start = hra_seconds();
        ok = score_all(program, workspace, people, rows, results);
        times[k] = (hra_seconds() - start) / rows * 1e9;
    }
    if (ok) {
        qsort(times, (size_t)rounds, sizeof *times, hra_ascending);
        show_program(program, isa, what, rows, times[0], times[rounds / 2], bandwidth, limit);
    }
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
    return ok;
}

static bool measure_all(const hra_graph *graph, const hra_output *outputs, const uint16_t *people, int rows, int rounds)
{
    static const struct {
        const char *what;
        hra_program_options options;
    } variants[] = {{"tables, fused sums", {0}},
                    {"no tables", {.no_tabulation = true}},
                    {"no fused sums", {.no_fusion = true}},
                    {"choices not pushed", {.no_pushing = true}},
                    {"neither", {.no_tabulation = true, .no_fusion = true}},
                    {"blocks of 256", {.block_rows = 256}},
                    {"blocks of 1024", {.block_rows = 1024}}};
    double bandwidth = copy_bandwidth();
    if (!json) {
        printf("%d people, %d models; memory copy %.1f GB/s\n", rows, MODELS, bandwidth / 1e9);
        printf("%-8s %-24s %8s %8s %10s %8s %8s %6s %7s %8s %10s\n", "set", "variant", "ns best", "median", "M rows/s",
               "of limit", "instr.", "slots", "tables", "KiB", "of memory");
    }
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported() || hra_isa_force((*isa)->name, NULL) != HRA_OK) continue;
        double limit = limit_of(*isa);
        bool judge = !(*isa)->kernels; /* hundreds of times slower: fewer people, once */
        for (size_t k = 0; k < (judge ? 1 : sizeof variants / sizeof *variants); k++)
            if (!measure((*isa)->name, judge ? "the judge" : variants[k].what, &variants[k].options, graph, outputs,
                         people, judge && rows > 20000 ? 20000 : rows, judge ? 1 : rounds, bandwidth, limit))
                return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--json") == 0) {
        json = true;
        argc--;
        argv++;
    }
    int rows = argc > 1 ? atoi(argv[1]) : 1000000, rounds = argc > 2 ? atoi(argv[2]) : 15;
    if (rows < 1 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_program [--json] [ROWS [ROUNDS]]\n");
        return 2;
    }
    hra_graph *graph = hra_graph_new(true);
    uint16_t *people = make_people(rows);
    hra_output outputs[MODELS];
    for (int model = 0; model < MODELS; model++) outputs[model] = model_output(graph, model);
    bool ok = people && !hra_graph_failed(graph) && measure_all(graph, outputs, people, rows, rounds);
    free(people);
    hra_graph_free(graph);
    if (!ok) fprintf(stderr, "bench_program: out of memory\n");
    return ok ? 0 : 1;
}
