/* hra score: risks for every person of a store or CSV file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "base/team.h"
#include "cli/command.h"
#include "cli/distinct_files.h"
#include "cli/scoring.h"
#include "io/atomic_file.h"
#include "engine/summary/group_sums.h"
#include "io/hash_memory.h"
#include "io/input_hash.h"
#include "io/population_store.h"
#include "io/result_store.h"
#include "report/group_sums_csv.h"
#include "report/result_csv.h"

int hra_cmd_score(int argc, char **argv);

typedef struct score_options {
    const char *output, *groups, *panel, *models, *range, *precision, *result_type, *as_of, *report;
    hra_texts definitions;
    hra_input_options input;
    int threads;
    bool factors, tiers, prescriptions, items, monitors, topics, references, ideal, what_if, risk_age, hard_limits,
        resume, quiet;
} score_options;

/* Everything that is open during the command. */
typedef struct score_state {
    hra_library *library;
    hra_keep *keep;
    hra_input input;
    hra_scoring scoring;
    hra_list models;
    hra_plan_request request;
    hra_result_csv *csv;
    hra_result_writer *store;
    hra_group_sums *sums;
    hra_lock *lock;
    hra_atomic_file *csv_file, *sums_file, *report_file; /* finished, not yet in their places */
    hra_buffer reject_path, report_path, command, summary;
    bool *wanted_labels;
    char input_hash[65];     /* of a store; "" for text inputs, which cannot be resumed */
    hra_hash_memory *hashes; /* of text inputs, for the run report */
    bool guesses;            /* the encodings of text inputs */
} score_state;

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* The file that the others stand beside; "-": none. */
static const char *main_output(const score_options *o) { return o->output ? o->output : o->groups; }
static bool to_stdout(const score_options *o) { return strcmp(main_output(o), "-") == 0; }

/* A store of results has room for hashes only: a row without identifier is rejected there, as in an import. */
static bool wants_hashed_keys(const score_options *o)
{
    return o->input.key && o->output && ends_with(o->output, ".h5");
}

static hra_code check_outputs(const score_options *o, hra_error *error)
{
    if (!o->output && !o->groups)
        return hra_fail(error, HRA_EUSAGE, "give an output: -o FILE.csv, -o FILE.h5 or --groups FILE.csv");
    if (o->groups && !ends_with(o->groups, ".csv"))
        return hra_fail(error, HRA_EUSAGE, "the file of group sums '%s' must end in .csv", o->groups);
    if (o->groups && o->resume)
        return hra_fail(error, HRA_EUSAGE, "--groups needs all rows and cannot be combined with --resume");
    if (o->output && strcmp(o->output, "-") != 0 && !ends_with(o->output, ".csv") && !ends_with(o->output, ".h5"))
        return hra_fail(error, HRA_EUSAGE,
                        "the output '%s' must end in .csv or .h5 ('-' writes CSV to standard output)", o->output);
    return HRA_OK;
}

/* Before anything is written: what is read counts once, and stays. */
static hra_code check_files(const score_options *o, int count, char **paths, hra_error *error)
{
    const hra_output_path outputs[] = {{"output", to_stdout(o) ? NULL : o->output},
                                       {"groups", o->groups},
                                       {"report", o->report},
                                       {"rejects", o->input.rejects}};
    const char *const read[] = {o->input.key, o->input.map};
    enum { OUTPUTS = sizeof outputs / sizeof outputs[0] };
    HRA_TRY(hra_distinct_inputs((const char *const *)paths, count, error));
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, (const char *const *)paths, count, error));
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, read, 2, error));
    return hra_distinct_outputs(outputs, OUTPUTS, o->definitions.items, o->definitions.count, error);
}

static hra_code check_options(const score_options *o, score_state *s, hra_error *error)
{
    hra_plan_request *q = &s->request;
    HRA_TRY(check_outputs(o, error));
    if (o->panel && o->models) return hra_fail(error, HRA_EUSAGE, "give either --panel or --models, not both");
    if (!hra_setup_range_policy(o->range, &q->range))
        return hra_fail(error, HRA_EUSAGE, "--outside-range is compute, blank or clamp, not '%s'", o->range);
    if (o->precision && strcmp(o->precision, "full") != 0 && strcmp(o->precision, "short") != 0)
        return hra_fail(error, HRA_EUSAGE, "--precision is short or full, not '%s'", o->precision);
    if (o->result_type && strcmp(o->result_type, "f32") != 0 && strcmp(o->result_type, "f64") != 0)
        return hra_fail(error, HRA_EUSAGE, "--result-type is f32 or f64, not '%s'", o->result_type);
    if (!hra_setup_day(o->as_of, &q->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    HRA_TRY(hra_list_split(o->models, &s->models, error));
    q->models = s->models.items;
    q->model_count = s->models.count;
    q->panel = o->models ? NULL : o->panel ? o->panel : "china_corporate";
    q->factors = o->factors;
    q->tiers = o->tiers;
    q->prescriptions = o->prescriptions;
    q->items = o->items;
    q->monitors = o->monitors;
    q->topics = o->topics;
    q->references = o->references;
    q->what_if = o->what_if;
    q->ideal = o->ideal;
    q->risk_age = o->risk_age;
    q->share = true;
    return HRA_OK;
}

/* Where nothing but risks is asked for, of the definitions only what they need is read. The name of a kept column may
 * be that of any declaration. */
static hra_code open_library(const score_options *o, score_state *s, hra_error *error)
{
    const hra_plan_request *q = &s->request;
    bool more = q->factors || q->tiers || q->prescriptions || q->items || q->monitors || q->topics || q->references ||
                q->what_if || q->ideal || q->risk_age || o->input.keep;
    if (more) return hra_setup_library(&o->definitions, &s->library, error);
    const char *const *names = q->panel ? &q->panel : q->models;
    return hra_setup_narrow_library(&o->definitions, names, q->panel ? 1 : q->model_count, &s->library, error);
}

/* Definitions, and what the people of a store brought along: neither needs the other. */
typedef struct opening {
    const score_options *options;
    const char *path;
    score_state *state;
    hra_error *error;
    hra_code code;
} opening;

static void open_part(void *context, int thread)
{
    opening *open = context;
    score_state *s = open->state;
    hra_error unused;
    if (thread == 0) {
        open->code = open_library(open->options, s, open->error);
        return;
    }
    s->keep = hra_keep_new();
    if (s->keep && hra_keep_from_store(s->keep, open->path, &unused) == HRA_OK) return;
    hra_keep_free(s->keep); /* hra_setup_keep tries again, and tells */
    s->keep = NULL;
}

static hra_code open_definitions(const score_options *o, const char *path, score_state *s, hra_error *error)
{
    opening open = {.options = o, .path = path, .state = s, .error = error};
    bool both = s->scoring.threads > 1 && !o->input.keep && hra_is_store(path);
    hra_team_run(both ? 2 : 1, open_part, &open);
    return open.code;
}

static hra_code open_input(const score_options *o, int count, char **paths, hra_csv_options *csv, score_state *s,
                           hra_error *error)
{
    csv->reject_path = o->input.rejects;
    if (!csv->reject_path && !to_stdout(o)) {
        hra_buffer_printf(&s->reject_path, "%s.rejects.csv", main_output(o));
        csv->reject_path = s->reject_path.bytes;
    }
    HRA_TRY(hra_setup_input((const char *const *)paths, count, s->library, &o->input, csv, &s->input, error));
    if (!s->input.is_store) s->hashes = hra_hash_memory_start((const char *const *)paths, count);
    return HRA_OK;
}

/* A store has said its hash when it was opened, unless it lacks checksums. */
static hra_code know_input(score_state *s, const char *path, hra_error *error)
{
    bool of_content;
    if (!s->input.is_store) return HRA_OK;
    const char *stated = hra_store_content_hash(s->input.source);
    if (!*stated) return hra_input_hash(path, s->input_hash, &of_content, error);
    snprintf(s->input_hash, sizeof s->input_hash, "%s", stated);
    return HRA_OK;
}

static hra_code open_output(const score_options *o, const char *path, score_state *s, hra_error *error)
{
    const hra_scoring *k = &s->scoring;
    if (!ends_with(o->output, ".h5")) {
        hra_result_csv_options csv = {.full_precision = o->precision && strcmp(o->precision, "full") == 0,
                                      .threads = k->threads};
        return hra_result_csv_new(o->output, hra_plan_graph(k->plan), k->outputs, k->output_count,
                                  s->input.source->schema, &csv, &s->csv, error);
    }
    /* all that changes values is part of the identity a resumed run must share */
    hra_buffer_printf(&s->command, "hra score --outside-range %s --as-of %s", o->range ? o->range : "compute",
                      o->as_of ? o->as_of : "unknown");
    if (s->command.failed) return hra_fail(error, HRA_ENOMEM, "out of memory");
    HRA_TRY(know_input(s, path, error));
    hra_result_provenance provenance = {.definitions_hash = hra_library_hash(s->library),
                                        .engine_version = HRA_VERSION,
                                        .input_hash = s->input_hash,
                                        .panel = s->request.panel ? s->request.panel : "",
                                        .command = s->command.bytes,
                                        .key_fingerprint = hra_setup_key_fingerprint(&s->input),
                                        .as_of = o->as_of,
                                        .outside_range = o->range ? o->range : "compute"};
    hra_result_options options = {.f64 = o->result_type && strcmp(o->result_type, "f64") == 0,
                                  .resume = o->resume,
                                  .rows = s->input.source->rows};
    return hra_result_writer_new(o->output, k->outputs, k->output_count, s->input.source->schema, &provenance, &options,
                                 &s->store, error);
}

static hra_code open_sums(score_state *s, hra_error *error)
{
    const hra_scoring *k = &s->scoring;
    const hra_schema *schema = s->input.source->schema;
    return hra_group_sums_new(k->outputs, k->output_count, hra_program_status_sets(k->program), schema,
                              hra_schema_find_label(schema, "group_id"), k->threads, &s->sums, error);
}

/* Without results by person nothing but the groups is read of who they are. */
static hra_code want_groups_alone(score_state *s, hra_error *error)
{
    const hra_schema *schema = s->input.source->schema;
    int group = hra_schema_find_label(schema, "group_id");
    s->wanted_labels = calloc((size_t)schema->label_count + 1, sizeof *s->wanted_labels);
    if (!s->wanted_labels) return hra_fail(error, HRA_ENOMEM, "out of memory");
    if (group >= 0) s->wanted_labels[group] = true;
    s->input.source->wanted_labels = s->wanted_labels;
    return HRA_OK;
}

static hra_code run_and_finish(const score_options *o, score_state *s, hra_error *error)
{
    hra_sink *sinks[2];
    int count = 0;
    int64_t first = s->store ? hra_result_writer_resume_at(s->store) : 0;
    if (s->sums) sinks[count++] = hra_group_sums_sink(s->sums);
    if (s->csv) sinks[count++] = hra_result_csv_sink(s->csv);
    if (s->store) sinks[count++] = hra_result_writer_sink(s->store);
    s->input.source->want_keys = o->output != NULL;
    if (!o->output) HRA_TRY(want_groups_alone(s, error));
    HRA_TRY(hra_scoring_run(&s->scoring, s->input.source, sinks, count, "scoring", first, error));
    if (!s->input.is_store) HRA_TRY(hra_csv_finish(s->input.source, error));
    if (s->sums) HRA_TRY(hra_group_sums_finish(s->sums, error));
    if (s->sums) HRA_TRY(hra_group_sums_csv_write(o->groups, s->sums, s->scoring.outputs, &s->sums_file, error));
    if (s->csv) HRA_TRY(hra_result_csv_finish(s->csv, &s->csv_file, error));
    return s->store ? hra_result_writer_finish(s->store, error) : HRA_OK;
}

static hra_code write_report(const score_options *o, int count, char **paths, score_state *s, double seconds,
                             hra_error *error)
{
    if (to_stdout(o) && !o->report) return HRA_OK;
    hra_buffer_printf(&s->report_path, "%s", o->report ? o->report : main_output(o));
    if (!o->report) hra_buffer_text(&s->report_path, ".run.json");
    const hra_run_facts *f = &s->scoring.facts;
    const char *const both[] = {main_output(o), o->groups};
    hra_run_report report = {.command = "score",
                             .inputs = (const char *const *)paths,
                             .input_count = count,
                             .content_hash = s->input.is_store ? hra_store_content_hash(s->input.source) : NULL,
                             .outputs = both,
                             .output_count = o->output && o->groups ? 2 : 1,
                             .library = s->library,
                             .plan = s->scoring.plan,
                             .panel = s->request.panel,
                             .range_policy = o->range ? o->range : "compute",
                             .as_of = o->as_of,
                             .isa = s->scoring.isa,
                             .threads = s->scoring.threads,
                             .rows_in = f->rows_scored + f->rows_rejected,
                             .rows_scored = f->rows_scored,
                             .rows_rejected = f->rows_rejected,
                             .facts = *f,
                             .peak_kib = hra_setup_peak_kib(),
                             .finished = "complete"};
    hra_program_describe(s->scoring.program, &report.program);
    hra_run_report_stage(&report, "prepare", seconds);
    hra_run_report_stage(&report, "score", f->seconds_wall);
    return hra_run_report_form(&report, s->report_path.bytes, &s->report_file, error);
}

static void form_summary(const score_options *o, score_state *s)
{
    hra_buffer *out = &s->summary;
    const hra_run_facts *f = &s->scoring.facts;
    int models = 0;
    hra_plan_models(s->scoring.plan, &models);
    hra_buffer_printf(out, "%lld people scored by %d model%s in %.2f s (%.0f people/s); %lld rows rejected\n",
                      (long long)f->rows_scored, models, models == 1 ? "" : "s", f->seconds_wall,
                      f->seconds_wall > 0 ? (double)f->rows_scored / f->seconds_wall : 0.0,
                      (long long)f->rows_rejected);
    if (!s->input.is_store) {
        hra_value_counts values = hra_csv_doubts_print(s->input.source, out);
        if ((f->rows_rejected > 0 || values.rejected > 0) && s->reject_path.bytes)
            hra_buffer_printf(out, "rejected values and rows: %s\n", s->reject_path.bytes);
    }
    if (o->output && !to_stdout(o)) hra_buffer_printf(out, "results: %s\n", o->output);
    if (o->groups) hra_buffer_printf(out, "groups: %s\n", o->groups);
    if (!to_stdout(o)) hra_buffer_printf(out, "run report: %s\n", s->report_path.bytes);
}

/* What the run worked with; the files and what is told of them stay. */
static void close_run(score_state *s)
{
    hra_hash_memory_end(s->hashes);
    hra_result_csv_free(s->csv);
    hra_result_writer_free(s->store);
    hra_group_sums_free(s->sums);
    hra_scoring_destroy(&s->scoring);
    hra_setup_close(&s->input);
    hra_library_free(s->library);
    hra_keep_free(s->keep);
    s->hashes = NULL;
    s->csv = NULL;
    s->store = NULL;
    s->sums = NULL;
    s->library = NULL;
    s->keep = NULL;
}

/* Files that wait for the disk, and memory that is given back meanwhile. */
typedef struct ending {
    score_state *state;
    hra_atomic_file *const *files;
    int file_count;
    hra_error *error;
    hra_code code;
} ending;

static void end_part(void *context, int thread)
{
    ending *e = context;
    if (thread == 0)
        e->code = hra_atomic_commit_all(e->files, e->file_count, e->error);
    else
        close_run(e->state);
}

/* Without a report, too, the results are there. */
static hra_code put_in_place(score_state *s, hra_code reported, hra_error *error)
{
    enum { FILES = 3 };
    hra_atomic_file *const files[FILES] = {s->csv_file, s->sums_file, s->report_file};
    ending e = {.state = s, .files = files, .file_count = FILES, .error = reported == HRA_OK ? error : NULL};
    s->csv_file = s->sums_file = s->report_file = NULL;
    for (int i = 0; i < FILES; i++)
        if (files[i]) hra_atomic_begin_sync(files[i]);
    if (s->scoring.threads == 1) close_run(s);
    hra_team_run(s->scoring.threads == 1 ? 1 : 2, end_part, &e);
    return reported == HRA_OK ? e.code : reported;
}

/* By guesses nothing is said that might have to be taken back. */
static hra_code score_once(const score_options *o, int count, char **paths, bool may_guess, score_state *s,
                           hra_error *error)
{
    double start = hra_seconds();
    HRA_TRY(check_options(o, s, error));
    HRA_TRY(check_files(o, count, paths, error));
    s->scoring.threads = hra_setup_threads(o->threads);
    s->scoring.quiet = o->quiet;
    HRA_TRY(open_definitions(o, paths[0], s, error));
    hra_csv_options csv = {.enforce_hard_limits = o->hard_limits, .duplicates = HRA_DUPLICATE_KEEP_ALL};
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    csv.require_id = wants_hashed_keys(o);
    HRA_TRY(hra_setup_keep(&o->definitions, (const char *const *)paths, count, &o->input, &csv, &s->library, &s->keep,
                           error));
    if (!to_stdout(o)) HRA_TRY(hra_lock_take(main_output(o), &s->lock, error));
    if (o->groups) HRA_TRY(hra_atomic_try(o->groups, error));
    if (o->report) HRA_TRY(hra_atomic_try(o->report, error));
    s->guesses = csv.guess_encoding = may_guess && !to_stdout(o) && !hra_is_store(paths[0]);
    HRA_TRY(open_input(o, count, paths, &csv, s, error));
    HRA_TRY(hra_setup_check_columns("score", &s->input, o->quiet || s->guesses, error));
    s->scoring.group_sums = o->groups != NULL;
    s->scoring.statuses = !o->output                    ? HRA_STATUSES_NONE
                          : ends_with(o->output, ".h5") ? HRA_STATUSES_STORED
                                                        : HRA_STATUSES_ALL;
    HRA_TRY(hra_scoring_prepare(s->library, s->input.source, &s->request, &s->scoring, error));
    if (o->output) HRA_TRY(open_output(o, paths[0], s, error));
    if (o->groups) HRA_TRY(open_sums(s, error));
    double prepared = hra_seconds() - start;
    HRA_TRY(run_and_finish(o, s, error));
    if (s->guesses) HRA_TRY(hra_setup_check_columns("score", &s->input, o->quiet, error));
    hra_code reported = write_report(o, count, paths, s, prepared, error);
    if (!o->quiet) form_summary(o, s);
    HRA_TRY(put_in_place(s, reported, error));
    if (s->summary.bytes) fputs(s->summary.bytes, stderr);
    return HRA_OK;
}

static void destroy(score_state *s)
{
    close_run(s);
    free(s->wanted_labels);
    hra_list_destroy(&s->models);
    hra_atomic_abandon(s->csv_file);
    hra_atomic_abandon(s->sums_file);
    hra_atomic_abandon(s->report_file);
    hra_lock_release(s->lock);
    hra_buffer_destroy(&s->reject_path);
    hra_buffer_destroy(&s->report_path);
    hra_buffer_destroy(&s->command);
    hra_buffer_destroy(&s->summary);
}

static hra_code score(const score_options *o, int count, char **paths, hra_error *error)
{
    score_state state = {0};
    hra_code code = score_once(o, count, paths, true, &state, error);
    bool again = hra_csv_tries_again(state.guesses, code);
    destroy(&state);
    if (!again) return code;
    state = (score_state){0};
    code = score_once(o, count, paths, false, &state, error);
    destroy(&state);
    return code;
}

int hra_cmd_score(int argc, char **argv)
{
    score_options o = {0};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE",
         "results, FILE.h5 or FILE.csv; '-' for CSV on standard output"},
        {"groups", 0, HRA_OPTION_TEXT, &o.groups, "FILE", "sums by group as CSV; without -o, no results by person"},
        {"panel", 'p', HRA_OPTION_TEXT, &o.panel, "NAME", "panel of models (default: china_corporate)"},
        {"models", 'm', HRA_OPTION_TEXT, &o.models, "ID,ID",
         "models to compute instead of a panel ('hra models list')"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "more definitions; may be repeated"},
        {"factors", 0, HRA_OPTION_FLAG, &o.factors, NULL, "also the risk factors"},
        {"tiers", 0, HRA_OPTION_FLAG, &o.tiers, NULL, "also the tiers"},
        {"prescriptions", 0, HRA_OPTION_FLAG, &o.prescriptions, NULL, "also the prescriptions"},
        {"items", 0, HRA_OPTION_FLAG, &o.items, NULL, "also the checkup items"},
        {"monitors", 0, HRA_OPTION_FLAG, &o.monitors, NULL, "also the monitoring plan"},
        {"topics", 0, HRA_OPTION_FLAG, &o.topics, NULL,
         "also the topics of improvement: value, and whether it is at target"},
        {"references", 0, HRA_OPTION_FLAG, &o.references, NULL, "also where each value lies in its reference band"},
        {"what-if", 0, HRA_OPTION_FLAG, &o.what_if, NULL,
         "also the risks after each intervention and after all of them"},
        {"ideal", 0, HRA_OPTION_FLAG, &o.ideal, NULL, "also the risk of the same person with ideal values"},
        {"risk-age", 0, HRA_OPTION_FLAG, &o.risk_age, NULL, "also the age at which ideal values give the same risk"},
        {"outside-range", 0, HRA_OPTION_TEXT, &o.range, "WHAT",
         "rows outside a model's published range: compute (default), blank or clamp"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "reference day for ages and dates, YYYY-MM-DD"},
        {"precision", 0, HRA_OPTION_TEXT, &o.precision, "WHAT", "CSV numbers: short (6 digits, default) or full (17)"},
        {"result-type", 0, HRA_OPTION_TEXT, &o.result_type, "TYPE", "risks in .h5: f32 (default) or f64"},
        {"reject-hard-limits", 0, HRA_OPTION_FLAG, &o.hard_limits, NULL,
         "reject values outside hard limits instead of counting them"},
        {"resume", 0, HRA_OPTION_FLAG, &o.resume, NULL, "continue an interrupted run (.h5 results from a store)"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        {"report", 0, HRA_OPTION_TEXT, &o.report, "FILE", "run report (default: OUTPUT.run.json)"},
        HRA_INPUT_OPTIONS(o.input),
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "score", "INPUT... [-o OUTPUT] [--groups FILE] [options]",
        "Computes risks for every person of a population store (.h5) or of CSV files.", options,
        "The first column of CSV results is the person's identifier, or the row number if the input has none.\n"
        "Example: hra score people.csv -o risks.csv --models china_par_2016,who_cvd_2019_lab"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 2) {
        fprintf(stderr, "hra score: no input given; see 'hra score --help'\n");
        return HRA_EUSAGE;
    }
    hra_setup_catch_signals();
    hra_error error = {0};
    hra_code code = score(&o, argc - 1, argv + 1, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("score", &error);
}
