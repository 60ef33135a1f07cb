/* hra generate: a realistic corporate population, as CSV or as a store. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/setup.h"
#include "generate/csv_writer.h"
#include "generate/generate.h"
#include "io/people/population_store.h"

int hra_cmd_generate(int argc, char **argv);

typedef struct generate_options {
    long long rows, seed;
    int groups, threads;
    const char *output, *headers, *truth, *key;
    bool messy, split, quiet;
} generate_options;

typedef struct generate_state {
    hra_library *library;
    hra_identity *identity;
    hra_source *source;
    hra_csv_writer *csv;
    hra_store_writer *store;
} generate_state;

/* The store as a sink: rows are appended in order. */
typedef struct store_sink {
    hra_sink sink;
    hra_store_writer *writer;
} store_sink;

static hra_code append_to_store(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                                hra_error *error)
{
    (void)results;
    (void)prepared;
    return hra_store_writer_append(((store_sink *)sink)->writer, chunk, error);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool to_store(const generate_options *o) { return o->output && ends_with(o->output, ".h5"); }

static hra_code check_options(const generate_options *o, hra_error *error)
{
    if (o->rows < 1) return hra_fail(error, HRA_EUSAGE, "give the number of people with --rows N, at least 1");
    if (o->seed < 0) return hra_fail(error, HRA_EUSAGE, "--seed is a whole number from 0");
    if (o->groups < 0) return hra_fail(error, HRA_EUSAGE, "--groups is at least 1");
    if (o->groups > o->rows)
        return hra_fail(error, HRA_EUSAGE, "%lld people cannot make %d groups", o->rows, o->groups);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    if (o->headers && strcmp(o->headers, "zh") != 0 && strcmp(o->headers, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--headers is en or zh, not '%s'", o->headers);
    if (o->split && !o->output) return hra_fail(error, HRA_EUSAGE, "--split needs a folder: -o FOLDER");
    if (o->split && to_store(o))
        return hra_fail(error, HRA_EUSAGE, "--split writes CSV files; a store holds all groups");
    if (o->messy && to_store(o))
        return hra_fail(error, HRA_EUSAGE, "a store cannot be messy: give a .csv name or --split");
    if (o->headers && (o->messy || to_store(o)))
        return hra_fail(error, HRA_EUSAGE, "--headers is for clean CSV: messy files have their providers' headers");
    if (o->output && !o->split && !to_store(o) && !ends_with(o->output, ".csv"))
        return hra_fail(error, HRA_EUSAGE, "the output '%s' must end in .csv or .h5, or be a folder with --split",
                        o->output);
    return HRA_OK;
}

static hra_code open_source(const generate_options *o, generate_state *s, hra_error *error)
{
    HRA_TRY(hra_setup_library(&(hra_texts){0}, &s->library, error));
    if (o->key) HRA_TRY(hra_identity_load(o->key, &s->identity, error));
    hra_generate_options options = {.seed = (uint64_t)o->seed,
                                    .rows = o->rows,
                                    .groups = o->groups,
                                    .chinese = o->messy || (o->headers && strcmp(o->headers, "zh") == 0),
                                    .identity = s->identity,
                                    .without_keys = to_store(o) && !s->identity};
    return hra_generate_open(hra_library_dictionary(s->library), &options, &s->source, error);
}

static hra_code open_output(const generate_options *o, generate_state *s, hra_error *error)
{
    if (to_store(o))
        return hra_store_writer_new(o->output, s->source->schema, HRA_STORE_SCALE_OFFSET, &s->store, error);
    hra_csv_writer_options csv = {.path = o->output,
                                  .split = o->split,
                                  .chinese = o->headers && strcmp(o->headers, "zh") == 0,
                                  .messy = o->messy,
                                  .truth = o->truth,
                                  .seed = (uint64_t)o->seed};
    return hra_csv_writer_new(s->source, &csv, &s->csv, error);
}

static hra_code run(const generate_options *o, generate_state *s, hra_run_facts *facts, hra_error *error)
{
    store_sink store = {{.commit = append_to_store}, s->store};
    hra_sink *sink = s->store ? &store.sink : hra_csv_writer_sink(s->csv);
    hra_setup_catch_signals();
    hra_progress_bar bar = hra_progress_bar_start("generating", o->quiet);
    hra_run_options options = {.threads = hra_setup_threads(o->threads),
                               .stop = &hra_setup_stop,
                               .progress = hra_progress_bar_show,
                               .progress_context = &bar};
    hra_code code = hra_run(s->source, NULL, &sink, 1, &options, facts, error);
    hra_progress_bar_end(&bar);
    HRA_TRY(code);
    if (s->csv) return hra_csv_writer_finish(s->csv, error);
    hra_store_facts about = {.definitions_hash = hra_library_hash(s->library),
                             .command = "hra generate",
                             .key_fingerprint = s->identity ? hra_identity_fingerprint(s->identity) : ""};
    return hra_store_writer_finish(s->store, &about, error);
}

static void close_all(generate_state *s)
{
    hra_csv_writer_free(s->csv);
    if (s->store) hra_store_writer_free(s->store);
    if (s->source) s->source->close(s->source);
    hra_identity_free(s->identity);
    hra_library_free(s->library);
}

static void tell(const generate_options *o, const generate_state *s, const hra_run_facts *facts)
{
    fprintf(stderr, "%lld people in %d group%s, %d variables each, in %.1f s: %s\n", o->rows,
            hra_generate_groups(s->source)->count, hra_generate_groups(s->source)->count == 1 ? "" : "s",
            s->source->schema->column_count, facts->seconds_wall, o->output);
}

int hra_cmd_generate(int argc, char **argv)
{
    generate_options o = {.seed = 1};
    const hra_option options[] = {
        {"rows", 'n', HRA_OPTION_LONG, &o.rows, "N", "how many people"},
        {"seed", 's', HRA_OPTION_LONG, &o.seed, "N", "the same seed gives the same people (default: 1)"},
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE", "FILE.csv or FILE.h5; default: CSV to standard output"},
        {"groups", 'g', HRA_OPTION_INT, &o.groups, "N", "corporate groups (default: one for every 400 people)"},
        {"split", 0, HRA_OPTION_FLAG, &o.split, NULL, "one CSV file for each group, in the folder given by -o"},
        {"headers", 0, HRA_OPTION_TEXT, &o.headers, "en|zh", "dictionary names or Chinese labels (default: en)"},
        {"messy", 'm', HRA_OPTION_FLAG, &o.messy, NULL, "with the formats and mistakes of real exports"},
        {"truth", 0, HRA_OPTION_TEXT, &o.truth, "FILE",
         "with --messy: file for the clean rows and what was changed in them"},
        {"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "key file for hashing identifiers"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N",
         "threads (default: all processors); never changes the people"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "generate", "--rows N [-o FILE] [options]",
        "Makes a synthetic corporate population: measurements, laboratory values, questionnaire and\n"
        "membership of employees in groups, with plausible distributions, correlations and gaps.\n"
        "The people are invented; datasets/population/README.md names the sources of the figures.",
        options,
        "Examples:\n"
        "  hra generate --rows 2000 -o people.csv\n"
        "  hra generate --rows 1000000 --seed 7 -o people.h5\n"
        "  hra generate --rows 5000 --groups 8 --messy --split -o exports --truth truth.csv"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    generate_state s = {0};
    hra_run_facts facts = {0};
    hra_code code =
        argc > 1 ? hra_fail(&error, HRA_EUSAGE, "unexpected argument '%s'", argv[1]) : check_options(&o, &error);
    if (code == HRA_OK) code = open_source(&o, &s, &error);
    if (code == HRA_OK) code = open_output(&o, &s, &error);
    if (code == HRA_OK) code = run(&o, &s, &facts, &error);
    if (code == HRA_OK && !o.quiet && o.output) tell(&o, &s, &facts);
    close_all(&s);
    return code == HRA_OK ? 0 : hra_report_error("generate", &error);
}
