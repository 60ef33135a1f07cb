/* run.json: the machine-readable account of a run (docs/formats.md). It holds
 * no cell values, person keys or group names. */
#ifndef HRA_REPORT_RUN_REPORT_H
#define HRA_REPORT_RUN_REPORT_H

#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/run/runner.h"
#include "intake/join/consent.h"
#include "io/csv/csv_source.h"
#include "io/files/atomic_file.h"
#include "io/files/file_hash.h"
#include "report/tools/texts.h"

enum { HRA_REPORT_STAGES = 16, HRA_REPORT_SOURCES = 8 };

/* What `hra run` on the remaining store needs to do the same again. Paths are absolute. */
typedef struct hra_run_again {
    const char *store;          /* where the run was made from one; NULL: population.h5 in its folder */
    bool with_register;         /* the one in its folder goes on */
    const char *const *options; /* --name, value, ... */
    int option_count;           /* 0: nothing is recorded */
} hra_run_again;

typedef struct hra_stage_time {
    const char *name;
    double seconds;
} hra_stage_time;

/* What the sources sent and what became of it: every row that came in is somewhere. */
typedef struct hra_run_source {
    const char *kind; /* "checkup", "questionnaire", ... */
    int files;        /* read */
    int64_t rows, rejected;
} hra_run_source;

typedef struct hra_run_account {
    hra_run_source sources[HRA_REPORT_SOURCES];
    int source_count; /* 0: no account */
    int files_given, files_held;
    bool joined;
    int64_t people;                        /* different people of all sources, where they are joined */
    int64_t no_visit;                      /* of them: neither examined nor answered in the window, so not assessed */
    int64_t left_out;                      /* of them: too many rows for one person */
    int64_t disagreeing, disagreeing_rows; /* identifiers whose rows are of several people; rows left out for that */
} hra_run_account;

/* An input as it was read. */
typedef struct hra_seen_input {
    int64_t bytes;
    char hash[HRA_FILE_HASH_TEXT]; /* "": none, it is held and cannot be read */
    bool of_content;               /* the hash is that of a store's content */
} hra_seen_input;

typedef struct hra_run_report {
    const char *command;
    const char *const *inputs; /* paths as given */
    int input_count;
    const hra_seen_input *seen; /* of the inputs; NULL: found out when the report is formed */
    const bool *held;           /* of the inputs: held, so perhaps not readable at all; NULL: none */
    const char *content_hash;   /* of the store that is the only input; NULL or "": found out here */
    const char *const *outputs; /* files written */
    int output_count;
    const char *const *leftovers; /* files of an earlier run in the same folder; NULL: not looked for */
    int leftover_count;
    const char *const *alike_groups; /* names that differ only in capitals, width or blanks; NULL: not looked for */
    int alike_group_count;
    const char *const *absent_groups; /* of the roster, without anybody assessed; NULL: none, or there is no roster */
    int absent_group_count;
    const char *const *absent_sources; /* hospitals that are late, and since when; NULL: none, or nobody knows */
    int absent_source_count;
    const char *const *definitions; /* files of the user's own, as given */
    int definition_count;
    const hra_source *text;  /* inputs that are text: how they were read is told; NULL: a store, or told elsewhere */
    const char *hard_limits; /* what happens to values outside them; NULL: told elsewhere */
    const hra_library *library;
    const hra_plan *plan;
    const char *panel, *range_policy, *as_of, *isa;
    int threads;
    hra_run_account account;
    hra_consent_counts consent;
    int64_t rows_in, rows_scored, rows_rejected;
    const hra_value_counts *values; /* of text, as far as it was read; NULL: from a store */
    hra_program_facts program;
    hra_run_facts facts;
    hra_stage_time stages[HRA_REPORT_STAGES];
    int stage_count;
    long peak_kib;
    const char *finished; /* "complete" or what stopped it */
    hra_run_again again;
} hra_run_report;

/* What a stage took; seconds of a name that is there are added. */
void hra_run_report_stage(hra_run_report *report, const char *name, double seconds);

/* Sizes and hashes of the inputs as they are now, `input_count` of them. */
hra_code hra_run_report_see_inputs(const hra_run_report *report, hra_seen_input *out, hra_error *error);
/* All is written, but the file gets its place when it is committed. The other hashes of the inputs are taken here
 * (io/files/file_hash.h). */
hra_code hra_run_report_form(const hra_run_report *report, const char *path, hra_atomic_file **out, hra_error *error);

/* The name of a stage to a reader. */
const char *hra_run_stage_title(const hra_words *words, const char *name);

#endif
