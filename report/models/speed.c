#include "report/models/speed.h"

#include <math.h>
#include <stdlib.h>

#include "base/stopwatch.h"
#include "engine/kernels/isa.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "report/models/sample.h"

enum { ROUNDS = 7, JUDGE_ROWS = 2048 };

/* One round to warm up, then the median of some. */
static hra_code measure(const hra_program *program, const hra_sample *people, double *rate, hra_error *error)
{
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, people->chunk.rows);
    double seconds[ROUNDS];
    hra_code code = workspace && results ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory measuring a model");
    for (int i = -1; code == HRA_OK && i < ROUNDS; i++) {
        double start = hra_seconds();
        code = hra_program_score(program, workspace, &people->chunk, results, error);
        if (i >= 0) seconds[i] = hra_seconds() - start;
    }
    if (code == HRA_OK) {
        qsort(seconds, ROUNDS, sizeof *seconds, hra_ascending);
        double median = seconds[ROUNDS / 2];
        *rate = median > 0 ? people->chunk.rows / median : 0;
    }
    hra_results_free(results);
    hra_workspace_free(workspace);
    return code;
}

static hra_code measure_plan(const hra_plan *plan, const hra_sample *people, double *rate, hra_error *error)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hra_program *program = NULL;
    HRA_TRY(hra_program_compile(hra_plan_graph(plan), &people->schema, outputs, count, NULL, &program, error));
    hra_code code = measure(program, people, rate, error);
    hra_program_free(program);
    return code;
}

hra_code hra_model_speed(const hra_library *library, const hra_declaration *model, double *people_per_second,
                         hra_error *error)
{
    const hra_isa *isa;
    hra_sample *people = NULL;
    hra_plan *plan = NULL;
    HRA_TRY(hra_isa_choose(&isa, error));
    int rows = isa->kernels ? HRA_CHUNK_ROWS : JUDGE_ROWS; /* without vector kernels hundreds of times slower */
    HRA_TRY(hra_sample_new(hra_library_dictionary(library), model->inputs, model->input_count, rows, &people, error));
    hra_plan_request request = {
        .models = &model->id, .model_count = 1, .range = HRA_RANGE_COMPUTE, .as_of = NAN, .share = true};
    hra_code code = hra_plan_new(library, &people->schema, &request, &plan, error);
    if (code == HRA_OK) code = measure_plan(plan, people, people_per_second, error);
    hra_plan_free(plan);
    hra_sample_free(people);
    return code;
}
