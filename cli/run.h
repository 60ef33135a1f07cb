/* hra run, the nightly job, in stages: inputs, intake, scoring, what follows.
 * One state goes through them; each file holds one stage. */
#ifndef HRA_CLI_RUN_H
#define HRA_CLI_RUN_H

#include <sys/stat.h>

#include "base/arena.h"
#include "cli/holding.h"
#include "cli/importing.h"
#include "cli/scoring.h"
#include "engine/summary/group_summary.h"
#include "intake/join/consent.h"
#include "intake/join/join.h"
#include "intake/profiles/intake_words.h"
#include "intake/quality/quality.h"
#include "io/files/atomic_file.h"
#include "io/results/result_store.h"
#include "report/group/group_files.h"
#include "report/person/person_files.h"
#include "service/signoff/signoff.h"

typedef struct hra_run_request {
    const char *folder, *panel, *range, *as_of, *language, *duplicates, *visits, *crosswalk, *previous, *register_path,
        *key_map, *branch_keys, *consent;
    hra_texts definitions, signoffs;
    hra_texts earlier;                                      /* runs before `previous` */
    hra_texts checkups, questionnaires, rosters, diagnoses; /* inputs whose kind is told by their option */
    int window;                                             /* months before as_of; 0: 12 */
    hra_input_options input;
    /* about groups; NULL: none, or what is built in */
    const char *group_policy, *standard, *last_year, *earlier_edition, *participation, *lecture_list;
    int lectures;
    const char *history, *quality_policy; /* of the quality reports; NULL: none, the built-in one */
    int threads;
    bool ideal, risk_age, no_details, gzip_details, resume, quiet, approved_only, no_quality, branches, branch_pdf,
        no_pages;
} hra_run_request;

enum { HRA_RUN_OUTPUTS = 64 };

typedef struct hra_run_origin { /* of an input */
    bool found;                 /* in a folder, not named by itself */
    const char *group;          /* of the people of a file that has no column for it */
    const char *name;           /* behind the folder that was given: a file of the same name elsewhere has another */
    const char *trouble;        /* of a folder that cannot be read: why; NULL: it is a file */
} hra_run_origin;

typedef struct hra_run_state {
    const hra_run_request *options;
    hra_arena *arena; /* paths and names of this run */
    hra_library *library;
    hra_signoffs *signoffs; /* what a physician has approved; NULL: nobody asked */
    const char **inputs;
    int *kinds; /* of the inputs: hra_join_kind, -1: not told */
    hra_run_origin *origins;
    int input_count;
    struct stat *begun;         /* of the inputs, as the run found them; no file: no size, no mode */
    hra_checked_inputs checked; /* with --profiles, or if a file is held: what is read, what is held */
    hra_keep *keep;
    hra_join_report *join;    /* NULL: there was one source alone, and nobody in several of its rows */
    hra_consent_rule consent; /* who is assessed */
    bool own_store;           /* a store was given, and FOLDER/population.h5 is what remains of it */
    bool own_windows;         /* one source, and some people have several rows: their visits are joined */
    const char **lets;        /* asked for by texts with placeholders */
    int let_count, let_capacity;
    hra_plan_request request;
    hra_input input;
    hra_scoring scoring;
    hra_catalogue *catalogue;
    hra_group_summary *summary;
    hra_group_files *groups;
    hra_person_file *people, *details;
    hra_previous *earlier; /* last year's people, with --previous */
    hra_runs *runs;        /* this run with several earlier ones, with --earlier; NULL until a stage needs it */
    hra_result_writer *results;
    hra_run_facts import_facts;
    hra_lock *lock;
    bool renews_register; /* a stopped run left one in the folder, which is made again */
    const char *outputs[HRA_RUN_OUTPUTS];
    int output_count;
    hra_run_report report;
    hra_atomic_file *account; /* the report, before it gets its place */
} hra_run_state;

/* A path in the output folder; the second also lists it among the outputs. NULL: out of memory. */
const char *hra_run_path(hra_run_state *s, const char *name);
const char *hra_run_output(hra_run_state *s, const char *name);

/* Files and folders of one kind (hra_join_kind; -1: not told) from the command line. */
hra_code hra_run_collect(hra_run_state *s, int kind, int count, const char *const *paths, hra_error *error);
bool hra_run_has_ending(const char *name, const char *const *endings, size_t count);
/* The name says that the file may be a table. */
bool hra_run_is_table_name(const char *name);
/* Why inputs cannot be taken: reasons[i] in the language of `words`, or left NULL. */
typedef hra_code hra_run_reasons(hra_run_state *s, const hra_intake_words *words, const char **reasons,
                                 hra_error *error);
/* Holds the inputs that `find` gives a reason for. */
hra_code hra_run_hold_by(hra_run_state *s, hra_run_reasons *find, hra_error *error);
/* Holds files that were found in a folder and that nobody can read; with profiles, these hold what they cannot read. */
hra_code hra_run_hold_found(hra_run_state *s, hra_error *error);
/* The group of a file's people who have none of their own: its name, behind those of the folders between it and
 * `folder`, in which it was found; NULL: it was named by itself. NULL: out of memory. */
const char *hra_run_file_group(hra_arena *arena, const char *path, const char *folder);
/* Adds to an import's command that groups are not the names of the files alone. */
hra_code hra_run_command_groups(const char *const *paths, const char *const *groups, int count, hra_buffer *command,
                                hra_error *error);
/* Holds checkups of different folders that would be one group only because their names are one. */
hra_code hra_run_hold_one_group(hra_run_state *s, hra_error *error);
/* The population store that the run is made from; NULL: it is made here, FOLDER/population.h5. */
const char *hra_run_store(const hra_run_state *s);
/* Files, folders and the day that later stages need, looked at before the first. */
hra_code hra_run_check(hra_run_state *s, hra_error *error);
/* Can the files that later stages read be read? */
hra_code hra_run_try_files(const hra_run_state *s, hra_error *error);
/* A store's urgent results, before anything else is made of it, into urgent.csv. `keeps`: what stands there stays. */
hra_code hra_run_list_urgent(hra_run_state *s, const char *store, bool keeps, hra_error *error);
/* Stores of several sources into FOLDER/population.h5. */
hra_code hra_run_join(hra_run_state *s, const hra_join_source *sources, int count, const char *store, hra_error *error);
/* FOLDER/declined.csv of an earlier run goes. */
hra_code hra_run_forget_declined(hra_run_state *s, hra_error *error);
/* The population store was made before: who was left out then stands on the list. */
hra_code hra_run_take_declined(hra_run_state *s, hra_error *error);
/* Leaves them out of a store that was given; what remains of it is FOLDER/population.h5, whose `own` it may be. */
hra_code hra_run_apply_consent(hra_run_state *s, bool own, const char **store, hra_error *error);
/* Judges the quality of the inputs and holds those that the policy holds. `checkups`: which of them are checkups.
 * *quality: the reports, to be saved; NULL: there are none. */
hra_code hra_run_quality(hra_run_state *s, const bool *checkups, hra_quality **quality, hra_error *error);

/* Writes the reports in place of those of an earlier run. */
hra_code hra_run_quality_save(hra_run_state *s, const hra_quality *quality, hra_error *error);
/* What an earlier run left in the folder and this one did not write, into the report. */
hra_code hra_run_find_leftovers(hra_run_state *s, hra_error *error);
/* For the report: groups that may be one; groups of the roster of whom nobody has been assessed. */
hra_code hra_run_find_alike_groups(hra_run_state *s, hra_error *error);
hra_code hra_run_find_absent_groups(hra_run_state *s, hra_error *error);
/* The same of hospitals that used to deliver, by profiles and history; they are told at once, before hours go by. */
hra_code hra_run_find_absent_sources(hra_run_state *s, hra_error *error);
/* The table of who was invited and came, by group; NULL: nobody says. */
const char *hra_run_participation(hra_run_state *s);
/* The kind an option gave, else the profile's, else checkup. */
int hra_run_kind_of(const hra_run_state *s, int input);
/* A store of hra itself that is not held. */
bool hra_run_takes_store(const hra_run_state *s, int input);
/* From deliveries to one open population store; writes the urgent list first. */
hra_code hra_run_intake(hra_run_state *s, hra_error *error);
/* The inputs are to stay what they are from now until they are seen. */
hra_code hra_run_note_inputs(hra_run_state *s, hra_error *error);
/* Behind the intake: their hashes for the account. HRA_EIO: one that is read has changed meanwhile. */
hra_code hra_run_see_inputs(hra_run_state *s, hra_error *error);
/* Behind an intake that failed with `code`: where a file was found faulty, a change of it is the reason to tell. */
hra_code hra_run_blame_change(const hra_run_state *s, hra_code code, hra_error *error);
/* Fills `runs`, with --earlier; once the population is there. */
hra_code hra_run_open_runs(hra_run_state *s, hra_error *error);
/* Changes since last year, with --previous; the course of values, with --earlier. */
hra_code hra_run_years(hra_run_state *s, hra_error *error);
/* Who is in a plan after tonight, and what is due for them, with --register. */
hra_code hra_run_register(hra_run_state *s, hra_error *error);
/* Packages for the branches, with --branches. */
hra_code hra_run_branches(hra_run_state *s, hra_error *error);
/* Risks, findings, texts and group tables. */
hra_code hra_run_score(hra_run_state *s, hra_error *error);

/* Files, rows and people, when all is done. */
void hra_run_complete_account(hra_run_state *s);
/* Everything is written, but a night without people is not what anybody wanted: why there are none. */
hra_code hra_run_nobody(const hra_run_state *s, hra_error *error);
/* What a run tells on the terminal, unless it is quiet: of the quality of its sources, and when all is done. */
hra_code hra_run_tell_quality(hra_run_state *s, int warnings, int sources, hra_error *error);
hra_code hra_run_tell(hra_run_state *s, hra_error *error);
/* What run.json tells of the options. */
hra_code hra_run_record_again(hra_run_state *s, hra_error *error);

/* The files about groups: opened beside the other sinks, written after the run, freed whatever happens. */
hra_code hra_run_groups_open(hra_run_state *s, hra_error *error);
hra_code hra_run_groups_write(hra_run_state *s, hra_error *error);
/* Pages about the groups, in both editions; then, when run.json stands, those about the whole run for the head office.
 * With --no-pages none, and what an earlier run left is removed. */
hra_code hra_run_pages(hra_run_state *s, hra_error *error);
hra_code hra_run_overview(hra_run_state *s, hra_error *error);

#endif
