/* hra run: import, score, assess and summarise whole groups in one go. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/command.h"
#include "cli/importing.h"
#include "cli/resuming.h"
#include "cli/scoring.h"
#include "engine/summary/group_summary.h"
#include "io/atomic_file.h"
#include "io/result_store.h"
#include "report/group_files.h"
#include "report/person_files.h"
#include "report/person_text.h"

int hra_cmd_run(int argc, char **argv);

typedef struct run_options {
    const char *folder, *panel, *range, *as_of, *language, *duplicates;
    hra_texts definitions;
    hra_input_options input;
    int threads;
    bool ideal, risk_age, no_details, resume, quiet;
} run_options;

enum { MAX_SINKS = 4, MAX_OUTPUTS = 8 };

typedef struct run_state {
    const run_options *options;
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
    const char *outputs[MAX_OUTPUTS];
    int output_count;
    hra_run_report report;
} run_state;

static const char *path_in(run_state *s, const char *name)
{
    return hra_arena_printf(s->arena, "%s/%s", s->options->folder, name);
}

static const char *output_path(run_state *s, const char *name)
{
    const char *path = path_in(s, name);
    if (path && s->output_count < MAX_OUTPUTS) s->outputs[s->output_count++] = path;
    return path;
}

/* ---- inputs ---------------------------------------------------------------- */

static bool is_text_table(const char *name)
{
    static const char *const endings[] = {".csv", ".csv.gz", ".txt", ".tsv", ".tsv.gz", ".txt.gz"};
    size_t n = strlen(name);
    for (size_t i = 0; name[0] != '.' && i < sizeof endings / sizeof endings[0]; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(name + n - m, endings[i]) == 0) return true;
    }
    return false;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static hra_code add_input(run_state *s, const char *path, hra_error *error)
{
    const char **more = realloc(s->inputs, ((size_t)s->input_count + 1) * sizeof *more);
    const char *copy = hra_arena_text(s->arena, path);
    if (more) s->inputs = more;
    if (!more || !copy) return hra_fail(error, HRA_ENOMEM, "out of memory");
    s->inputs[s->input_count++] = copy;
    return HRA_OK;
}

/* A folder stands for the text tables in it, in the order of their names. */
static hra_code add_folder(run_state *s, const char *path, hra_error *error)
{
    int before = s->input_count;
    DIR *folder = opendir(path);
    if (!folder) return hra_fail(error, HRA_EIO, "cannot open the folder %s: %m", path);
    hra_code code = HRA_OK;
    for (struct dirent *entry; code == HRA_OK && (entry = readdir(folder));) {
        if (!is_text_table(entry->d_name)) continue;
        const char *file = hra_arena_printf(s->arena, "%s/%s", path, entry->d_name);
        code = file ? add_input(s, file, error) : hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    closedir(folder);
    if (code == HRA_OK && s->input_count == before)
        return hra_fail(error, HRA_EINPUT, "no text tables (.csv, .txt, .tsv, also .gz) in the folder %s", path);
    qsort(s->inputs + before, (size_t)(s->input_count - before), sizeof *s->inputs, by_text);
    return code;
}

static hra_code collect_inputs(run_state *s, int count, char **paths, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0) return hra_fail(error, HRA_EINPUT, "cannot read %s: %m", paths[i]);
        HRA_TRY(S_ISDIR(facts.st_mode) ? add_folder(s, paths[i], error) : add_input(s, paths[i], error));
    }
    return HRA_OK;
}

/* ---- import ---------------------------------------------------------------- */

static hra_code duplicate_rule(const char *text, hra_duplicate_rule *rule, hra_error *error)
{
    static const char *const names[] = {"all", "first", "last", "reject"}; /* the order of hra_duplicate_rule */
    *rule = HRA_DUPLICATE_KEEP_FIRST;
    for (int i = 0; text && i < 4; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *rule = (hra_duplicate_rule)i;
        return HRA_OK;
    }
    return text ? hra_fail(error, HRA_EUSAGE, "--duplicates is first, last, reject or all, not '%s'", text) : HRA_OK;
}

/* Writes the store, unless --resume finds it done: from the same files in the same way. */
static hra_code import_inputs(run_state *s, const char *store, hra_buffer *command, hra_error *error)
{
    const run_options *o = s->options;
    hra_csv_options csv = {.enforce_hard_limits = true, .require_id = true};
    HRA_TRY(duplicate_rule(o->duplicates, &csv.duplicates, error));
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    csv.reject_path = o->input.rejects ? o->input.rejects : output_path(s, "rejects.csv");
    csv.group_from_file = true;
    hra_import_request request = {.paths = s->inputs,
                                  .path_count = s->input_count,
                                  .library = s->library,
                                  .input = &o->input,
                                  .csv = &csv,
                                  .store = store,
                                  .threads = s->scoring.threads,
                                  .quiet = o->quiet};
    bool done = false;
    const char *account = output_path(s, "import.txt");
    HRA_TRY(hra_import_command("hra run", &o->input, o->duplicates, command, error));
    request.command = command->bytes;
    if (o->resume) HRA_TRY(hra_import_done(&request, &done, &s->import_facts.rows_rejected, error));
    if (done && access(account, R_OK) == 0 && access(csv.reject_path, R_OK) == 0) return HRA_OK;
    hra_buffer report = {0};
    hra_code code = hra_import_files(&request, &report, &s->import_facts, error);
    if (code == HRA_OK) return hra_write_file(account, &report, error);
    hra_buffer_destroy(&report);
    return code;
}

/* Text inputs become DIR/population.h5; --resume takes the one that is there. */
static hra_code open_population(run_state *s, hra_error *error)
{
    const char *store = s->inputs[0];
    if (!hra_is_hdf5(store)) {
        double start = hra_setup_seconds();
        hra_buffer command = {0};
        store = output_path(s, "population.h5");
        hra_code code = store ? import_inputs(s, store, &command, error) : hra_fail(error, HRA_ENOMEM, "out of memory");
        hra_buffer_destroy(&command);
        if (code != HRA_OK) return code;
        hra_run_report_stage(&s->report, "import", hra_setup_seconds() - start);
    }
    hra_input_options none = {0};
    hra_csv_options unused = {0};
    return hra_setup_input(&store, 1, s->library, &none, &unused, &s->input, error);
}

/* ---- scoring --------------------------------------------------------------- */

static void want_let(void *context, const char *name)
{
    run_state *s = context;
    for (int i = 0; i < s->let_count; i++)
        if (strcmp(s->lets[i], name) == 0) return;
    if (s->let_count == s->let_capacity) {
        int capacity = s->let_capacity ? s->let_capacity * 2 : 32;
        const char **lets = realloc(s->lets, (size_t)capacity * sizeof *lets);
        if (!lets) return; /* the text prints "?" for it */
        s->lets = lets;
        s->let_capacity = capacity;
    }
    s->lets[s->let_count++] = name;
}

/* Lets that prescription texts print. */
static void collect_lets(run_state *s)
{
    for (int i = 0; i < hra_library_declaration_count(s->library); i++) {
        const hra_declaration *d = hra_library_declaration(s->library, i);
        if (d->kind != HRA_DECLARATION_PRESCRIPTION) continue;
        for (int p = 0; p < d->property_count; p++)
            if (strcmp(d->properties[p].key, "text") == 0)
                hra_placeholder_lets(s->library, d->properties[p].value, want_let, s);
    }
}

static int group_label(const hra_schema *schema)
{
    for (int l = 0; l < schema->label_count; l++)
        if (strcmp(hra_dictionary_at(schema->dictionary, schema->labels[l])->name, "group_id") == 0) return l;
    return -1;
}

static hra_code open_sinks(run_state *s, hra_sink **sinks, int *count, hra_error *error)
{
    const run_options *o = s->options;
    hra_scoring *k = &s->scoring;
    const hra_schema *schema = s->input.source->schema;
    const hra_graph *graph = hra_plan_graph(k->plan);
    hra_person_file_options people = {HRA_PERSON_CSV, o->language, k->threads};
    hra_result_provenance provenance = {.definitions_hash = hra_library_hash(s->library),
                                        .engine_version = HRA_VERSION,
                                        .input_hash = "",
                                        .panel = s->request.panel,
                                        .command = "hra run"};
    hra_result_options results = {.rows = s->input.source->rows};
    HRA_TRY(hra_catalogue_new(s->library, k->outputs, k->output_count, &s->catalogue, error));
    HRA_TRY(hra_group_summary_new(k->outputs, k->output_count, schema, group_label(schema), &s->summary, error));
    sinks[(*count)++] = hra_group_summary_sink(s->summary);
    HRA_TRY(hra_result_writer_new(output_path(s, "results.h5"), k->outputs, k->output_count, schema, &provenance,
                                  &results, &s->results, error));
    sinks[(*count)++] = hra_result_writer_sink(s->results);
    HRA_TRY(
        hra_person_file_new(output_path(s, "persons.csv"), s->catalogue, graph, schema, &people, &s->people, error));
    sinks[(*count)++] = hra_person_file_sink(s->people);
    if (o->no_details) return HRA_OK;
    people.format = HRA_PERSON_JSON_GZ;
    HRA_TRY(hra_person_file_new(output_path(s, "persons.jsonl.gz"), s->catalogue, graph, schema, &people, &s->details,
                                error));
    sinks[(*count)++] = hra_person_file_sink(s->details);
    return HRA_OK;
}

static hra_code write_groups(run_state *s, hra_error *error)
{
    double start = hra_setup_seconds();
    hra_group_report report = {s->catalogue, s->summary, s->scoring.plan, s->options->language};
    HRA_TRY(hra_group_csv_write(&report, output_path(s, "groups.csv"), error));
    HRA_TRY(hra_group_json_write(&report, output_path(s, "groups.json"), error));
    hra_run_report_stage(&s->report, "groups", hra_setup_seconds() - start);
    return HRA_OK;
}

static hra_code want_all_columns(run_state *s, hra_error *error)
{
    size_t columns = (size_t)s->input.source->schema->column_count;
    bool *wanted = hra_arena_alloc(s->arena, columns + 1);
    if (!wanted) return hra_fail(error, HRA_ENOMEM, "out of memory");
    memset(wanted, true, columns);
    s->input.source->wanted = wanted;
    return HRA_OK;
}

static hra_code score_population(run_state *s, hra_error *error)
{
    hra_sink *sinks[MAX_SINKS];
    int count = 0;
    double start = hra_setup_seconds();
    collect_lets(s);
    s->request.lets = s->lets;
    s->request.let_count = s->let_count;
    HRA_TRY(hra_scoring_prepare(s->library, s->input.source, &s->request, &s->scoring, error));
    hra_run_report_stage(&s->report, "compile", hra_setup_seconds() - start);
    HRA_TRY(open_sinks(s, sinks, &count, error));
    s->input.source->want_keys = true;
    if (!s->options->no_details) HRA_TRY(want_all_columns(s, error)); /* the information list shows them all */
    HRA_TRY(hra_scoring_run(&s->scoring, s->input.source, sinks, count, "scoring", 0, error));
    hra_run_report_stage(&s->report, "score", s->scoring.facts.seconds_wall);
    HRA_TRY(hra_result_writer_finish(s->results, error));
    HRA_TRY(hra_person_file_finish(s->people, error));
    if (s->details) HRA_TRY(hra_person_file_finish(s->details, error));
    return write_groups(s, error);
}

/* ---- the run --------------------------------------------------------------- */

static hra_code check_options(const run_options *o, run_state *s, hra_error *error)
{
    hra_plan_request *q = &s->request;
    if (!o->folder) return hra_fail(error, HRA_EUSAGE, "where should the results go? Give -o FOLDER");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (!hra_setup_range_policy(o->range, &q->range))
        return hra_fail(error, HRA_EUSAGE, "--outside-range is compute, blank or clamp, not '%s'", o->range);
    if (!hra_setup_day(o->as_of, &q->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    q->panel = o->panel;
    q->ideal = o->ideal;
    q->risk_age = o->risk_age;
    q->factors = q->tiers = q->prescriptions = q->aggregates = q->share = true;
    return HRA_OK;
}

static hra_code write_report(run_state *s, hra_error *error)
{
    hra_run_report *r = &s->report;
    const hra_run_facts *f = &s->scoring.facts;
    r->command = "run";
    r->inputs = s->inputs;
    r->input_count = s->input_count;
    r->outputs = s->outputs;
    r->output_count = s->output_count;
    r->library = s->library;
    r->plan = s->scoring.plan;
    r->panel = s->request.panel;
    r->range_policy = s->options->range ? s->options->range : "compute";
    r->as_of = s->options->as_of;
    r->isa = s->scoring.isa;
    r->threads = s->scoring.threads;
    r->rows_rejected = s->import_facts.rows_rejected + f->rows_rejected;
    r->rows_scored = f->rows_scored;
    r->rows_in = r->rows_scored + r->rows_rejected;
    r->facts = *f;
    r->peak_kib = hra_setup_peak_kib();
    r->finished = "complete";
    hra_program_describe(s->scoring.program, &r->program);
    return hra_run_report_write(r, path_in(s, "run.json"), error);
}

static void print_summary(const run_state *s)
{
    const hra_run_facts *f = &s->scoring.facts;
    int groups = hra_group_summary_count(s->summary);
    fprintf(stderr,
            "%lld people in %d group%s scored in %.2f s (%.0f people/s), %lld rows rejected, peak memory %ld MiB\n",
            (long long)f->rows_scored, groups, groups == 1 ? "" : "s", f->seconds_wall,
            f->seconds_wall > 0 ? (double)f->rows_scored / f->seconds_wall : 0.0, (long long)s->report.rows_rejected,
            hra_setup_peak_kib() / 1024);
    fprintf(stderr, "results in %s:\n", s->options->folder);
    for (int i = 0; i < s->output_count; i++) fprintf(stderr, "  %s\n", s->outputs[i]);
    fprintf(stderr, "  %s/run.json\n", s->options->folder);
}

static hra_code run(run_state *s, int count, char **paths, hra_error *error)
{
    const run_options *o = s->options;
    if (!s->arena) return hra_fail(error, HRA_ENOMEM, "out of memory");
    HRA_TRY(check_options(o, s, error));
    HRA_TRY(collect_inputs(s, count, paths, error));
    s->scoring.threads = hra_setup_threads(o->threads);
    s->scoring.quiet = o->quiet;
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    if (mkdir(o->folder, 0700) != 0 && errno != EEXIST)
        return hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", o->folder);
    HRA_TRY(hra_lock_take(path_in(s, "run"), &s->lock, error));
    HRA_TRY(open_population(s, error));
    HRA_TRY(score_population(s, error));
    HRA_TRY(write_report(s, error));
    if (!o->quiet) print_summary(s);
    if (s->scoring.facts.rows_scored > 0) return HRA_OK;
    /* everything is written, but a night without people is not what anybody wanted */
    return hra_fail(error, HRA_EINPUT, "no person was scored: %lld rows were rejected, see %s/rejects.csv",
                    (long long)s->report.rows_rejected, o->folder);
}

static void destroy(run_state *s)
{
    hra_person_file_free(s->people);
    hra_person_file_free(s->details);
    hra_result_writer_free(s->results);
    hra_group_summary_free(s->summary);
    hra_catalogue_free(s->catalogue);
    hra_scoring_destroy(&s->scoring);
    hra_setup_close(&s->input);
    hra_library_free(s->library);
    hra_lock_release(s->lock);
    free(s->inputs);
    free(s->lets);
    hra_arena_free(s->arena);
}

int hra_cmd_run(int argc, char **argv)
{
    run_options o = {.panel = "china_corporate", .language = "zh"};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER", "where results go; made if it is not there"},
        {"panel", 'p', HRA_OPTION_TEXT, &o.panel, "NAME", "panel of models (default: china_corporate)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE",
         "more definitions, or house rules; may be repeated"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "language of texts: zh (default) or en"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "the day everything dated refers to, YYYY-MM-DD"},
        {"ideal", 0, HRA_OPTION_FLAG, &o.ideal, NULL, "also the risk of the same person with ideal values"},
        {"risk-age", 0, HRA_OPTION_FLAG, &o.risk_age, NULL, "also the age at which ideal values give the same risk"},
        {"outside-range", 0, HRA_OPTION_TEXT, &o.range, "WHAT",
         "rows outside a model's published range: compute (default), blank or clamp"},
        {"duplicates", 0, HRA_OPTION_TEXT, &o.duplicates, "RULE",
         "rows of one person: first (default), last, reject or all"},
        {"no-details", 0, HRA_OPTION_FLAG, &o.no_details, NULL, "no persons.jsonl.gz (information lists and texts)"},
        {"resume", 0, HRA_OPTION_FLAG, &o.resume, NULL,
         "keep the population.h5 of a stopped run if it is of the same files and options"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        HRA_INPUT_OPTIONS(o.input),
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "run", "INPUT... -o FOLDER [options]",
        "Imports, scores, assesses and summarises whole groups: the nightly job. INPUT is a population\n"
        "store, text files, or folders of them. A file without a group column is one group, named after\n"
        "the file.",
        options,
        "Writes population.h5, results.h5, persons.csv, persons.jsonl.gz, groups.csv, groups.json, rejects.csv,\n"
        "import.txt and run.json. Example: hra run incoming/ -o night --key house.key --as-of 2026-11-21"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 2) {
        fprintf(stderr, "hra run: no input given; see 'hra run --help'\n");
        return HRA_EUSAGE;
    }
    hra_setup_catch_signals();
    hra_error error = {0};
    run_state state = {.options = &o, .arena = hra_arena_new()};
    hra_code code = run(&state, argc - 1, argv + 1, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("run", &error);
}
