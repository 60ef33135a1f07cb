/* One scoring pass: plan, program, sinks, run. Shared by score and run. */
#ifndef HRA_CLI_SCORING_H
#define HRA_CLI_SCORING_H

#include "cli/progress.h"
#include "cli/setup.h"
#include "engine/program/program.h"
#include "report/night/run_report.h"

/* Whose statuses somebody keeps by person: all, those of a result store, none. */
typedef enum hra_statuses_kept { HRA_STATUSES_ALL, HRA_STATUSES_STORED, HRA_STATUSES_NONE } hra_statuses_kept;

typedef struct hra_scoring {
    hra_plan *plan;
    hra_program *program;
    const hra_output *outputs;
    int output_count;
    const char *isa;
    int threads;
    bool quiet;
    /* set before: */
    hra_statuses_kept statuses;
    bool group_sums; /* statuses are counted by group */
    hra_run_facts facts;
} hra_scoring;

/* Plans and compiles for the columns the source has. */
hra_code hra_scoring_prepare(const hra_library *library, const hra_source *source, const hra_plan_request *request,
                             hra_scoring *scoring, hra_error *error);
hra_code hra_scoring_run(hra_scoring *scoring, hra_source *source, hra_sink *const *sinks, int sink_count,
                         const char *what, int64_t first_sequence, hra_error *error);
void hra_scoring_destroy(hra_scoring *scoring);

#endif
