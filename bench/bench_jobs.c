/* The jobs of a nightly run over people in memory: the ten models, the default
 * panel, the panel with findings, and with what-if; results are those that a
 * result store keeps. One thread; reading and writing are not counted. Beside it
 * what counting them into their groups costs; M/s is both together.
 *
 *     bench_jobs [ROUNDS [profile]]
 *
 * With `profile` also which kernels take the time. Compare ratios of one run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "engine/language/plan.h"
#include "engine/program/frame.h"
#include "engine/program/program_internal.h"
#include "engine/run/slices.h"
#include "engine/summary/group_summary.h"
#include "generate/generate.h"
#include "io/results/result_store.h"

enum { ROUNDS_MAX = 1001 };

static const char *const kernel_names[] = {
#define HRA_KERNEL_TEXT(name, function) #name,
    HRA_KERNELS(HRA_KERNEL_TEXT)
#undef HRA_KERNEL_TEXT
        "FOLD",
};
enum { KERNELS = sizeof kernel_names / sizeof *kernel_names };

static const char *const ten[] = {"ten_0", "ten_1", "ten_2", "ten_3", "ten_4",
                                  "ten_5", "ten_6", "ten_7", "ten_8", "ten_9"};

static const struct {
    const char *name;
    hra_plan_request request;
} jobs[] = {
    {"ten models", {.models = ten, .model_count = 10}},
    {"panel", {.panel = "china_corporate"}},
    {"panel + findings", {.panel = "china_corporate", .factors = true, .tiers = true, .prescriptions = true}},
    {"panel + findings + what-if",
     {.panel = "china_corporate", .factors = true, .tiers = true, .prescriptions = true, .what_if = true}},
};

/* ---- which kernels take the time ---------------------------------------------------- */

typedef struct share {
    double seconds;
    int calls, kernel;
} share;

static int by_time(const void *a, const void *b)
{
    double x = ((const share *)a)->seconds, y = ((const share *)b)->seconds;
    return (x < y) - (x > y);
}

/* What looking at the clock takes by itself. */
static double clock_cost(void)
{
    double least = 1;
    for (int k = 0; k < 1000; k++) {
        double start = hra_seconds(), taken = hra_seconds() - start;
        least = taken < least ? taken : least;
    }
    return least;
}

/* The calls of one block, each timed by itself; of every call the best time counts, so that whatever else runs on the
 * machine does not. */
static void profile(const hra_program *program, const hra_chunk *chunk, int rounds)
{
    const hra_schema *schema = program->schema;
    const hra_routine *routine = program->tabulated;
    hra_block_codes *inputs = calloc((size_t)schema->column_count + 1, sizeof *inputs);
    hra_results *results = hra_program_results(program, program->block_rows);
    hra_target *targets = calloc((size_t)program->output_count + 1, sizeof *targets);
    double *best = routine ? malloc(((size_t)routine->count + 1) * sizeof *best) : NULL;
    hra_frame *frame = NULL;
    for (int c = 0; inputs && c < schema->column_count; c++)
        inputs[c] = (hra_block_codes){chunk->columns[c].u16, chunk->columns[c].u32};
    for (int i = 0; targets && results && i < program->output_count; i++)
        targets[i] = (hra_target){results->numbers[i], results->known[i], results->truth[i], results->levels[i],
                                  results->status[i]};
    if (inputs && targets && results && best && program->kernels)
        frame = hra_frame_new(routine, program->kernels, program->block_words, inputs, targets);
    share shares[KERNELS] = {0};
    double all = 0, clock = clock_cost();
    hra_block block = {program->block_rows, program->block_words};
    for (int round = 0; frame && round < rounds; round++) {
        for (int i = 0; i < frame->call_count; i++) {
            double start = hra_seconds();
            frame->calls[i].run(&frame->calls[i], &block);
            double seconds = hra_seconds() - start - clock;
            if (round == 0 || seconds < best[i]) best[i] = seconds;
        }
    }
    for (int i = 0; frame && i < frame->call_count; i++) {
        share *s = &shares[routine->instructions[frame->call_instruction[i]].kernel];
        s->seconds += best[i];
        s->calls++;
    }
    for (int k = 0; k < KERNELS; k++) {
        shares[k].kernel = k;
        all += shares[k].seconds;
    }
    qsort(shares, KERNELS, sizeof *shares, by_time);
    for (int k = 0; frame && k < 12 && shares[k].calls > 0; k++)
        printf("    %-16s %5d calls %7.1f ns %6.1f%%\n", kernel_names[shares[k].kernel], shares[k].calls,
               1e9 * shares[k].seconds / program->block_rows, 100 * shares[k].seconds / all);
    if (frame) printf("    %-16s %5d calls %7.1f ns\n", "all", frame->call_count, 1e9 * all / program->block_rows);
    hra_frame_free(frame);
    hra_results_free(results);
    free(best);
    free(targets);
    free(inputs);
}

/* ---- groups ---- */

/* Seconds of counting the people of a slice into their groups, merging included. */
static hra_code count_groups(const hra_program *program, const hra_chunk *chunk, const hra_results *results, int rounds,
                             double *best, hra_error *error)
{
    hra_group_summary *summary = NULL;
    HRA_TRY(hra_group_summary_new(program->outputs, program->output_count, program->schema, 0, &summary, error));
    hra_sink *sink = hra_group_summary_sink(summary);
    hra_code code = HRA_OK;
    for (int k = 0; k <= rounds && code == HRA_OK; k++) {
        void *partial = NULL;
        double start = hra_seconds();
        code = sink->prepare(sink, 0, chunk, results, &partial, error);
        if (code == HRA_OK) code = sink->commit(sink, chunk, results, partial, error);
        double seconds = hra_seconds() - start;
        if (k <= 1 || seconds < *best) *best = seconds;
    }
    hra_group_summary_free(summary);
    return code;
}

/* ---- one job -------------------------------------------------------------------------- */

static hra_code measure(const char *name, const hra_program *program, const hra_chunk *chunk, int rounds,
                        hra_error *error)
{
    double times[ROUNDS_MAX];
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, chunk->rows);
    hra_code code = workspace && results ? HRA_OK : hra_out_of_memory(error);
    for (int k = -1; k < rounds && code == HRA_OK; k++) { /* the first warms up */
        double start = hra_seconds();
        code = hra_program_score(program, workspace, chunk, results, error);
        if (k >= 0) times[k] = (hra_seconds() - start) / chunk->rows * 1e9;
    }
    double groups = 0;
    if (code == HRA_OK) code = count_groups(program, chunk, results, rounds, &groups, error);
    if (code == HRA_OK) {
        hra_program_facts f;
        hra_program_describe(program, &f);
        qsort(times, (size_t)rounds, sizeof *times, hra_ascending);
        printf("%-28s %8.1f %8.1f %8.1f %8.2f %8d %8d %6d %6d %7d\n", name, times[0], times[rounds / 2],
               groups / chunk->rows * 1e9, 1e3 / (times[0] + groups / chunk->rows * 1e9), program->output_count,
               f.instructions, f.slots, f.planes, f.tables);
    }
    hra_results_free(results);
    hra_workspace_free(workspace);
    return code;
}

static hra_code run_job(const hra_library *library, size_t job, const hra_source *people, const hra_chunk *chunk,
                        int rounds, bool profiled, hra_error *error)
{
    hra_plan_request request = jobs[job].request;
    request.share = true;
    request.as_of = 20454;
    hra_plan *plan = NULL;
    hra_program *program = NULL;
    int count;
    HRA_TRY(hra_plan_new(library, people->schema, &request, &plan, error));
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    bool *kept = calloc((size_t)count + 1, sizeof *kept);
    hra_code code = kept ? HRA_OK : hra_out_of_memory(error);
    if (kept) hra_result_kept_statuses(outputs, count, kept);
    const hra_program_options options = {.status_wanted = kept};
    if (code == HRA_OK)
        code = hra_program_compile(hra_plan_graph(plan), people->schema, outputs, count, &options, &program, error);
    free(kept);
    hra_chunk slice = *chunk;
    int rows = code == HRA_OK ? hra_slice_rows(hra_program_row_bytes(program)) : 0;
    slice.rows = rows < chunk->rows ? rows : chunk->rows;
    slice.exception_count = 0; /* generated values all have codes */
    if (code == HRA_OK) code = measure(jobs[job].name, program, &slice, rounds, error);
    if (code == HRA_OK && profiled) profile(program, &slice, rounds);
    hra_program_free(program);
    hra_plan_free(plan);
    return code;
}

static hra_code run(int rounds, bool profiled, hra_error *error)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_library *library = hra_library_new();
    hra_source *people = NULL;
    hra_chunk chunk = {0};
    int64_t sequence;
    void *ticket;
    hra_generate_options options = {.seed = 1, .rows = 16384, .without_keys = true};
    hra_code code =
        faults && library ? hra_library_add_builtin(library, faults, error) : hra_fail(error, HRA_ENOMEM, "no memory");
    if (code == HRA_OK) code = hra_library_add_file(library, "bench/ten_models.hra", faults, error);
    if (code == HRA_OK) code = hra_library_check(library, faults, error);
    if (code == HRA_OK) code = hra_generate_open(hra_library_dictionary(library), &options, &people, error);
    if (code == HRA_OK) code = people->claim(people, &sequence, &ticket, error);
    if (code == HRA_OK) code = people->fill(people, sequence, ticket, &chunk, error);
    printf("%-28s %8s %8s %8s %8s %8s %8s %6s %6s %7s\n", "job, ns a person", "best", "median", "groups", "M/s",
           "outputs", "instr.", "slots", "planes", "tables");
    for (size_t job = 0; job < sizeof jobs / sizeof *jobs && code == HRA_OK; job++)
        code = run_job(library, job, people, &chunk, rounds, profiled, error);
    if (chunk.columns) people->release(people, &chunk);
    if (people) people->close(people);
    hra_library_free(library);
    hra_diagnostics_free(faults);
    return code;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 101;
    hra_error error = {0};
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_jobs [ROUNDS [profile]], in the folder of the sources\n");
        return HRA_EUSAGE;
    }
    hra_code code = run(rounds, argc > 2 && strcmp(argv[2], "profile") == 0, &error);
    if (code != HRA_OK) fprintf(stderr, "bench_jobs: %s\n", error.message);
    return code;
}
