#include "cli/scoring.h"

#include <stdlib.h>

#include "engine/kernels/isa.h"
#include "io/results/result_store.h"

hra_code hra_scoring_prepare(const hra_library *library, const hra_source *source, const hra_plan_request *request,
                             hra_scoring *scoring, hra_error *error)
{
    const hra_isa *isa = NULL;
    HRA_TRY(hra_isa_choose(&isa, error));
    scoring->isa = isa->name;
    HRA_TRY(hra_plan_new(library, source->schema, request, &scoring->plan, error));
    scoring->outputs = hra_plan_outputs(scoring->plan, &scoring->output_count);
    bool *kept = calloc((size_t)scoring->output_count + 1, sizeof *kept);
    if (!kept) return hra_out_of_memory(error);
    if (scoring->statuses == HRA_STATUSES_STORED)
        hra_result_kept_statuses(scoring->outputs, scoring->output_count, kept);
    const hra_program_options options = {.status_wanted = scoring->statuses == HRA_STATUSES_ALL ? NULL : kept,
                                         .status_sets = scoring->group_sums};
    hra_code code = hra_program_compile(hra_plan_graph(scoring->plan), source->schema, scoring->outputs,
                                        scoring->output_count, &options, &scoring->program, error);
    free(kept);
    return code;
}

hra_code hra_scoring_run(hra_scoring *scoring, hra_source *source, hra_sink *const *sinks, int sink_count,
                         const char *what, int64_t first_sequence, hra_error *error)
{
    hra_progress_bar bar = hra_progress_bar_start(what, scoring->quiet);
    hra_run_options options = {.threads = scoring->threads,
                               .stop = &hra_setup_stop,
                               .progress = hra_progress_bar_show,
                               .progress_context = &bar,
                               .first_sequence = first_sequence};
    hra_code code = hra_run(source, scoring->program, sinks, sink_count, &options, &scoring->facts, error);
    hra_progress_bar_end(&bar);
    return code;
}

void hra_scoring_destroy(hra_scoring *scoring)
{
    hra_program_free(scoring->program);
    hra_plan_free(scoring->plan);
    scoring->program = NULL;
    scoring->plan = NULL;
}
