/* hra score in its parts: what was asked for, checked; what is open; what is told. */
#ifndef HRA_CLI_SCORE_H
#define HRA_CLI_SCORE_H

#include "cli/scoring.h"
#include "engine/summary/group_sums.h"
#include "io/files/atomic_file.h"
#include "io/files/hash_memory.h"
#include "io/results/result_store.h"
#include "report/results/result_csv.h"

typedef struct hra_score_options {
    const char *output, *groups, *precision, *result_type, *report;
    hra_what_options what;
    hra_texts definitions;
    hra_input_options input;
    int threads;
    bool factors, tiers, prescriptions, items, monitors, topics, references, ideal, what_if, risk_age, hard_limits,
        resume, quiet;
} hra_score_options;

/* Everything that is open during the command. */
typedef struct hra_score_state {
    hra_library *library;
    hra_keep *keep;
    hra_summary_file known; /* of a store, until it is opened */
    hra_input input;
    hra_scoring scoring;
    hra_list models;
    hra_plan_request request;
    hra_result_csv *csv;
    hra_result_writer *store;
    hra_group_sums *sums;
    hra_lock *lock;
    bool claimed; /* the outputs, or it was tried: what came of it is kept until its turn */
    hra_code claim;
    hra_error claim_error;
    hra_atomic_file *csv_file, *sums_file, *report_file; /* finished, not yet in their places */
    hra_buffer reject_path, report_path, command, summary;
    bool *wanted_labels;
    char input_hash[65];     /* of a store; "" for text inputs, which cannot be resumed */
    hra_hash_memory *hashes; /* of text inputs, for the run report */
    bool guesses;            /* the encodings of text inputs */
} hra_score_state;

/* The file that the others stand beside; "-": none. */
const char *hra_score_main_output(const hra_score_options *options);
bool hra_score_to_stdout(const hra_score_options *options);
/* Are results by person asked for as a store? */
bool hra_score_to_store(const hra_score_options *options);

/* The options alone, and what they ask for as s->request. */
hra_code hra_score_check_options(const hra_score_options *options, hra_score_state *s, hra_error *error);
/* Before anything is written: what is read counts once, and stays. */
hra_code hra_score_check_files(const hra_score_options *options, int count, char **paths, hra_error *error);

/* Each opens what its name says into the state. */
hra_code hra_score_open_definitions(const hra_score_options *options, const char *path, hra_score_state *s,
                                    hra_error *error);
/* Nobody else writes there, and files can be made there; at once if hra_score_open_definitions has seen to it. */
hra_code hra_score_claim_outputs(const hra_score_options *options, hra_score_state *s, hra_error *error);
hra_code hra_score_open_input(const hra_score_options *options, int count, char **paths, hra_csv_options *csv,
                              hra_score_state *s, hra_error *error);
hra_code hra_score_open_output(const hra_score_options *options, const char *path, hra_score_state *s,
                               hra_error *error);
hra_code hra_score_open_sums(hra_score_state *s, hra_error *error);

/* The run report, formed but not yet in its place; nothing for results on standard output, unless asked for. `seconds`
 * went before the first row. */
hra_code hra_score_write_report(const hra_score_options *options, int count, char **paths, hra_score_state *s,
                                double seconds, hra_error *error);
/* The lines for the person at the terminal, into s->summary. */
void hra_score_form_summary(const hra_score_options *options, hra_score_state *s);

#endif
