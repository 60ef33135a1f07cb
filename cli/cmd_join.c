/* hra join: population stores of several sources into one, by person. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "cli/distinct_files.h"
#include "cli/progress.h"
#include "cli/setup.h"
#include "intake/join/join.h"
#include "io/files/atomic_file.h"

int hra_cmd_join(int argc, char **argv);

typedef struct join_options {
    hra_texts checkups, questionnaires, rosters, diagnoses, definitions;
    const char *output, *as_of, *visits, *rules, *crosswalk, *key, *list, *participation, *report, *encoding;
    int window, memory, threads;
    bool keep_unexamined, quiet;
} join_options;

typedef struct join_state {
    hra_library *library;
    hra_keep *keep;
    hra_identity *identity;
    hra_lock *lock;
    hra_join_report *report;
    hra_join_source *sources;
    int source_count;
    hra_buffer list, participation, command;
    double seconds;
} join_state;

static void add_sources(join_state *s, hra_join_kind kind, const char *const *paths, int count)
{
    for (int i = 0; i < count; i++) s->sources[s->source_count++] = (hra_join_source){kind, paths[i]};
}

static hra_code check_sources(const join_options *o, join_state *s, int count, char **paths, hra_error *error)
{
    int all = count + o->checkups.count + o->questionnaires.count + o->diagnoses.count + o->rosters.count;
    s->sources = calloc((size_t)all + 1, sizeof *s->sources);
    if (!s->sources) return hra_out_of_memory(error);
    add_sources(s, HRA_JOIN_CHECKUP, (const char *const *)paths, count);
    add_sources(s, HRA_JOIN_CHECKUP, o->checkups.items, o->checkups.count);
    add_sources(s, HRA_JOIN_QUESTIONNAIRE, o->questionnaires.items, o->questionnaires.count);
    add_sources(s, HRA_JOIN_DIAGNOSIS, o->diagnoses.items, o->diagnoses.count);
    add_sources(s, HRA_JOIN_ROSTER, o->rosters.items, o->rosters.count);
    for (int i = 0; i < s->source_count; i++) {
        FILE *file = fopen(s->sources[i].path, "rb"); /* a missing file has its own message */
        if (!file) continue;
        fclose(file);
        if (!hra_is_store(s->sources[i].path))
            return hra_fail(
                error, HRA_EUSAGE,
                "%s is not a store: make one from it with 'hra import' (--duplicates all keeps several visits)",
                s->sources[i].path);
    }
    return HRA_OK;
}

static hra_code read_options(const join_options *o, join_state *s, hra_join_request *q, hra_error *error)
{
    static const char *const encodings[] = {"scale-offset", "deflate", "raw"}; /* hra_store_encoding */
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a name for the store with -o FILE.h5");
    if (!hra_setup_day(o->as_of, &q->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    if (isnan(q->as_of)) return hra_fail(error, HRA_EUSAGE, "give the last day of the window with --as-of YYYY-MM-DD");
    if (o->window < 1 || o->window > 1200)
        return hra_fail(error, HRA_EUSAGE, "--window is 1 to 1200 months, not %d", o->window);
    if (!hra_join_visit_rule(o->visits, &q->visits))
        return hra_fail(error, HRA_EUSAGE, "--visits is latest-values, latest-visit or first-visit, not '%s'",
                        o->visits);
    if (o->memory < 16) return hra_fail(error, HRA_EUSAGE, "--memory is at least 16 MiB");
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    int encoding = 0;
    while (o->encoding && encoding < 3 && strcmp(o->encoding, encodings[encoding]) != 0) encoding++;
    if (encoding == 3)
        return hra_fail(error, HRA_EUSAGE, "--store-encoding is scale-offset, deflate or raw, not '%s'", o->encoding);
    q->encoding = (hra_store_encoding)encoding;
    q->window_months = o->window;
    q->keep_unexamined = o->keep_unexamined;
    q->rules = o->rules;
    q->crosswalk = o->crosswalk;
    q->store = o->output;
    q->bytes = (size_t)o->memory << 20;
    q->threads = hra_setup_threads(o->threads);
    hra_buffer_printf(&s->list, "%s%s", o->list ? o->list : o->output, o->list ? "" : ".unmatched.csv");
    hra_buffer_printf(&s->participation, "%s%s", o->participation ? o->participation : o->output,
                      o->participation ? "" : ".participation.csv");
    hra_buffer_printf(&s->command, "hra join --as-of %s --window %d --visits %s%s%s", o->as_of, o->window,
                      o->visits ? o->visits : "latest-values", o->keep_unexamined ? " --keep-unexamined" : "",
                      o->crosswalk ? " --crosswalk" : "");
    if (s->list.failed || s->participation.failed || s->command.failed) return hra_out_of_memory(error);
    q->list = s->list.bytes;
    q->participation = s->participation.bytes;
    q->command = s->command.bytes;
    return HRA_OK;
}

/* Columns that some of the stores carry. */
static hra_code declare_kept(const join_options *o, join_state *s, hra_error *error)
{
    s->keep = hra_keep_new();
    if (!s->keep) return hra_out_of_memory(error);
    for (int i = 0; i < s->source_count; i++) HRA_TRY(hra_keep_from_store(s->keep, s->sources[i].path, error));
    return hra_setup_declare_kept(&o->definitions, s->keep, &s->library, error);
}

static hra_code write_report(const join_options *o, const join_state *s, hra_error *error)
{
    hra_atomic_file *file;
    hra_buffer out = {0};
    hra_buffer_text(&out, "{\"command\":\"join\",\"version\":\"" HRA_VERSION "\",\"output\":");
    hra_buffer_json(&out, o->output);
    hra_buffer_text(&out, ",\"join\":");
    hra_join_report_json(s->report, &out);
    hra_buffer_printf(&out, ",\"seconds\":%.3f,\"peak_kib\":%ld}\n", s->seconds, hra_setup_peak_kib());
    hra_code code = out.failed ? hra_out_of_memory(error) : hra_atomic_open(o->report, &file, error);
    if (code == HRA_OK) {
        fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)); /* commit checks the stream */
        code = hra_atomic_commit(file, error);
    }
    hra_buffer_destroy(&out);
    return code;
}

static void print_summary(const join_options *o, const join_state *s)
{
    hra_buffer out = {0};
    hra_join_report_print(s->report, &out);
    if (out.bytes) fputs(out.bytes, stderr);
    hra_buffer_destroy(&out);
    fprintf(stderr, "%lld people in %s, %.2f s, peak memory %ld MiB\n",
            (long long)hra_join_report_counts(s->report)->written, o->output, s->seconds, hra_setup_peak_kib() / 1024);
    fprintf(stderr, "keys of what did not match: %s\nparticipation by group: %s\n", s->list.bytes,
            s->participation.bytes);
}

/* Before anything is written: what is read stays. */
static hra_code spare_inputs(const join_options *o, const join_state *s, hra_error *error)
{
    const hra_output_path outputs[] = {
        {"output", o->output}, {"list", o->list}, {"participation", o->participation}, {"report", o->report}};
    const char *const read[] = {o->key, o->crosswalk, o->rules};
    enum { OUTPUTS = sizeof outputs / sizeof outputs[0], READ = sizeof read / sizeof read[0] };
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, read, READ, error));
    for (int i = 0; i < s->source_count; i++)
        HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, &s->sources[i].path, 1, error));
    return HRA_OK;
}

static hra_code join(const join_options *o, int count, char **paths, join_state *s, hra_error *error)
{
    double start = hra_seconds();
    hra_join_request q = {.stop = &hra_setup_stop};
    HRA_TRY(read_options(o, s, &q, error));
    HRA_TRY(check_sources(o, s, count, paths, error));
    HRA_TRY(spare_inputs(o, s, error));
    q.sources = s->sources;
    q.source_count = s->source_count;
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    HRA_TRY(declare_kept(o, s, error));
    q.library = s->library;
    if (o->key) HRA_TRY(hra_identity_load(o->key, &s->identity, error));
    q.identity = s->identity;
    HRA_TRY(hra_lock_take(o->output, &s->lock, error));
    hra_progress_bar bar = hra_progress_bar_start("reading", o->quiet);
    q.progress = hra_progress_bar_show;
    q.progress_context = &bar;
    hra_code code = hra_join_run(&q, &s->report, error);
    hra_progress_bar_end(&bar);
    HRA_TRY(code);
    s->seconds = hra_seconds() - start;
    if (o->report) HRA_TRY(write_report(o, s, error));
    if (!o->quiet) print_summary(o, s);
    return HRA_OK;
}

int hra_cmd_join(int argc, char **argv)
{
    join_options o = {.window = 12, .memory = 256};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE.h5", "the population store to write"},
        {"checkup", 0, HRA_OPTION_TEXTS, &o.checkups, "FILE.h5", "store of checkups; may be repeated"},
        {"questionnaire", 0, HRA_OPTION_TEXTS, &o.questionnaires, "FILE.h5",
         "store of questionnaires; may be repeated"},
        {"roster", 0, HRA_OPTION_TEXTS, &o.rosters, "FILE.h5", "store of an employer's roster; may be repeated"},
        {"diagnosis", 0, HRA_OPTION_TEXTS, &o.diagnoses, "FILE.h5", "store of earlier diagnoses; may be repeated"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "last day of the window, YYYY-MM-DD"},
        {"window", 0, HRA_OPTION_INT, &o.window, "MONTHS",
         "checkups and questionnaires of the last MONTHS months (default: 12)"},
        {"visits", 0, HRA_OPTION_TEXT, &o.visits, "RULE",
         "of several visits: latest-values (default), latest-visit or first-visit"},
        {"keep-unexamined", 0, HRA_OPTION_FLAG, &o.keep_unexamined, NULL,
         "also write rows for people who were neither examined nor answered"},
        {"crosswalk", 0, HRA_OPTION_TEXT, &o.crosswalk, "FILE", "CSV that links identifiers of several issuers"},
        {"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "the key the stores were imported with (for --crosswalk)"},
        {"rules", 0, HRA_OPTION_TEXT, &o.rules, "FILE", "which source has precedence (default: built-in table)"},
        {"list", 0, HRA_OPTION_TEXT, &o.list, "FILE.csv",
         "keys of conflicts and unmatched rows (default: beside the output)"},
        {"participation", 0, HRA_OPTION_TEXT, &o.participation, "FILE.csv",
         "counts by group (default: beside the output)"},
        {"report", 0, HRA_OPTION_TEXT, &o.report, "FILE.json", "report of the join as JSON"},
        {"memory", 0, HRA_OPTION_INT, &o.memory, "MIB", "memory for sorting (default: 256)"},
        {"store-encoding", 0, HRA_OPTION_TEXT, &o.encoding, "NAME", "scale-offset (default), deflate or raw"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "file with more variables; may be repeated"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no report"},
        {0}};
    const hra_usage usage = {
        "join", "[CHECKUP.h5...] -o OUT.h5 --as-of DAY [options]",
        "Joins population stores of checkups, questionnaires, rosters and diagnoses by person.", options,
        "Import all stores with the same --key. Rows of one person that disagree on sex or birth date are listed,\n"
        "never merged. To keep several visits of a person, use 'hra import --duplicates all'."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    join_state s = {0};
    hra_error error = {0};
    hra_setup_catch_signals();
    hra_code code = join(&o, argc - 1, argv + 1, &s, &error);
    hra_join_report_free(s.report);
    hra_identity_free(s.identity);
    hra_library_free(s.library);
    hra_keep_free(s.keep);
    hra_lock_release(s.lock);
    free(s.sources);
    hra_buffer_destroy(&s.list);
    hra_buffer_destroy(&s.participation);
    hra_buffer_destroy(&s.command);
    return code == HRA_OK ? HRA_OK : hra_report_error("join", &error);
}
