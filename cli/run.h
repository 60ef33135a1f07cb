/* hra run, the nightly job, in stages: inputs, intake, scoring, what follows.
 * One state goes through them; each file holds one stage. */
#ifndef HRA_CLI_RUN_H
#define HRA_CLI_RUN_H

#include "base/arena.h"
#include "cli/importing.h"
#include "cli/scoring.h"
#include "engine/summary/group_summary.h"
#include "io/atomic_file.h"
#include "io/result_store.h"
#include "report/person_files.h"

typedef struct hra_run_request {
    const char *folder, *panel, *range, *as_of, *language, *duplicates;
    hra_texts definitions;
    hra_input_options input;
    int threads;
    bool ideal, risk_age, no_details, resume, quiet;
} hra_run_request;

enum { HRA_RUN_OUTPUTS = 32 };

typedef struct hra_run_state {
    const hra_run_request *options;
    hra_arena *arena; /* paths and names of this run */
    hra_library *library;
    const char **inputs;
    int input_count;
    const char **lets; /* asked for by texts with placeholders */
    int let_count, let_capacity;
    hra_plan_request request;
    hra_input input;
    hra_scoring scoring;
    hra_catalogue *catalogue;
    hra_group_summary *summary;
    hra_person_file *people, *details;
    hra_result_writer *results;
    hra_run_facts import_facts;
    hra_lock *lock;
    const char *outputs[HRA_RUN_OUTPUTS];
    int output_count;
    hra_run_report report;
} hra_run_state;

/* A path in the output folder; the second also lists it among the outputs. NULL: out of memory. */
const char *hra_run_path(hra_run_state *s, const char *name);
const char *hra_run_output(hra_run_state *s, const char *name);

/* Files and folders of the command line. */
hra_code hra_run_collect(hra_run_state *s, int count, char **paths, hra_error *error);
/* From deliveries to one open population store; writes the urgent list first. */
hra_code hra_run_intake(hra_run_state *s, hra_error *error);
/* Risks, findings, texts and group tables. */
hra_code hra_run_score(hra_run_state *s, hra_error *error);

#endif
