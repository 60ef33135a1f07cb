/* hra import: checkup files into a population store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shown_name.h"
#include "base/stopwatch.h"
#include "cli/distinct_files.h"
#include "cli/holding.h"
#include "cli/importing.h"
#include "cli/noted_files.h"
#include "io/files/atomic_file.h"
#include "io/files/file_hash.h"

int hra_cmd_import(int argc, char **argv);

typedef struct import_options {
    hra_input_options input;
    hra_texts definitions;
    const char *output, *duplicates, *encoding, *report, *group, *key_map;
    int threads;
    bool quiet, keep_impossible;
} import_options;

typedef struct import_state {
    int64_t later; /* rows left out that are of a later visit than the one that stands */
    hra_library *library;
    hra_keep *keep;
    hra_lock *lock;
    hra_checked_inputs checked; /* with --profiles */
    hra_buffer reject_path, report, columns;
    hra_run_facts facts;
    char (*hashes)[65]; /* of the inputs */
    const char *const *inputs;
    struct stat *begun; /* of the inputs, before their profiles were chosen; NULL without profiles */
    int input_count;
    double seconds;
} import_state;

/* One of the words, by position. */
static bool choose(const char *text, const char *const *words, int count, int *chosen)
{
    for (int i = 0; text && i < count; i++) {
        if (strcmp(text, words[i]) != 0) continue;
        *chosen = i;
        return true;
    }
    return text == NULL;
}

static hra_code read_options(const import_options *o, hra_csv_options *csv, hra_import_request *request,
                             hra_error *error)
{
    static const char *const rules[] = {"all", "first", "last", "reject", "latest"}; /* hra_duplicate_rule */
    static const char *const encodings[] = {"scale-offset", "deflate", "raw"};       /* hra_store_encoding */
    int rule = HRA_DUPLICATE_KEEP_FIRST, encoding = HRA_STORE_SCALE_OFFSET;
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a name for the store with -o FILE.h5");
    if (!choose(o->duplicates, rules, 5, &rule))
        return hra_fail(error, HRA_EUSAGE, "--duplicates is first, last, latest, reject or all, not '%s'",
                        o->duplicates);
    if (!choose(o->encoding, encodings, 3, &encoding))
        return hra_fail(error, HRA_EUSAGE, "--store-encoding is scale-offset, deflate or raw, not '%s'", o->encoding);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    csv->duplicates = (hra_duplicate_rule)rule;
    csv->group = o->group;
    csv->key_map = o->key_map;
    request->encoding = (hra_store_encoding)encoding;
    return hra_setup_csv_options(&o->input, csv, error) ? HRA_OK : error->code;
}

static hra_code check_inputs(int count, char **paths, hra_error *error)
{
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "no input file is given");
    for (int i = 0; i < count; i++)
        if (hra_is_store(paths[i]))
            return hra_fail(error, HRA_EUSAGE, "%s is a store already; import reads text files, workbooks and tables",
                            paths[i]);
    return hra_distinct_inputs((const char *const *)paths, count, error);
}

/* Before anything is written: what is read stays. */
static hra_code spare_inputs(const import_options *o, int count, char **paths, hra_error *error)
{
    const hra_output_path outputs[] = {
        {"output", o->output}, {"report", o->report}, {"key-map", o->key_map}, {"rejects", o->input.rejects}};
    const char *const read[] = {o->input.key, o->input.map};
    enum { OUTPUTS = sizeof outputs / sizeof outputs[0] };
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, (const char *const *)paths, count, error));
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, read, 2, error));
    return hra_distinct_outputs(outputs, OUTPUTS, o->definitions.items, o->definitions.count, error);
}

static void json_held(const import_state *s, hra_buffer *out)
{
    bool first = true;
    hra_buffer_text(out, ",\"held\":[");
    for (int i = 0; s->checked.hold && i < s->checked.hold->file_count; i++) {
        const hra_hold_file *file = &s->checked.hold->files[i];
        if (!file->held) continue;
        hra_buffer_text(out, first ? "{\"file\":" : ",{\"file\":");
        hra_buffer_json_path(out, file->path);
        hra_buffer_text(out, ",\"reason\":");
        hra_buffer_json(out, file->reason);
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_char(out, ']');
}

static hra_code write_report(const import_options *o, const hra_import_request *request, const import_state *s,
                             hra_error *error)
{
    hra_atomic_file *file;
    hra_buffer out = {0};
    hra_buffer_text(&out, "{\"command\":\"import\",\"version\":\"" HRA_VERSION "\",\"definitions\":");
    hra_buffer_json(&out, hra_library_hash(s->library));
    hra_buffer_text(&out, ",\"inputs\":[");
    for (int i = 0; i < request->path_count; i++) {
        hra_buffer_text(&out, i ? ",{\"file\":" : "{\"file\":");
        hra_buffer_json_path(&out, request->paths[i]);
        hra_buffer_printf(&out, ",\"" HRA_FILE_HASH_NAME "\":\"%s\"}", request->hashes[i]);
    }
    hra_buffer_char(&out, ']');
    json_held(s, &out);
    hra_buffer_text(&out, ",\"output\":");
    hra_buffer_json_path(&out, o->output);
    hra_buffer_printf(&out,
                      ",\"rows_in\":%" PRId64 ",\"rows_stored\":%" PRId64 ",\"rows_rejected\":%" PRId64
                      ",\"seconds\":%.3f,\"peak_kib\":%ld,\"files\":",
                      s->facts.rows_scored + s->facts.rows_rejected, s->facts.rows_scored, s->facts.rows_rejected,
                      s->seconds, hra_setup_peak_kib());
    if (s->columns.bytes) hra_buffer_append(&out, s->columns.bytes, s->columns.length);
    hra_buffer_text(&out, "}\n");
    hra_code code =
        out.failed || s->columns.failed ? hra_out_of_memory(error) : hra_atomic_open(o->report, &file, error);
    if (code == HRA_OK) {
        fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)); /* commit checks the stream */
        code = hra_atomic_commit(file, error);
    }
    hra_buffer_destroy(&out);
    return code;
}

static void print_summary(const import_options *o, const import_state *s)
{
    if (s->report.bytes) fputs(s->report.bytes, stderr);
    fprintf(stderr, "%" PRId64 " people stored in %s, %" PRId64 " rows rejected, %.2f s, peak memory %ld MiB\n",
            s->facts.rows_scored, o->output, s->facts.rows_rejected, s->seconds, hra_setup_peak_kib() / 1024);
    fprintf(stderr, "rejected values and rows, with reasons: %s\n", s->reject_path.bytes);
    if (s->later > 0)
        fprintf(stderr,
                "%" PRId64 " of the rows left out are of a later visit than the row of the same person that stands: "
                "--duplicates latest keeps the latest; hra run and hra join combine the visits\n",
                s->later);
}

/* The file that a profile was chosen for is the one that was read. */
static hra_code verify_inputs(const void *context, hra_error *error)
{
    const import_state *s = context;
    return hra_files_unchanged(s->inputs, s->input_count, s->begun, s->checked.hold, error);
}

/* Where a file was found faulty, a change of it is the reason to tell. */
static hra_code blame_change(const import_state *s, hra_code code, hra_error *error)
{
    hra_error changed = {0};
    if (code != HRA_EINPUT || !s->begun || verify_inputs(s, &changed) == HRA_OK) return code;
    *error = changed;
    return changed.code;
}

static hra_code note_inputs(hra_import_request *request, import_state *s, hra_error *error)
{
    s->inputs = request->paths;
    s->input_count = request->path_count;
    s->begun = calloc((size_t)s->input_count + 1, sizeof *s->begun);
    if (!s->begun) return hra_out_of_memory(error);
    hra_files_note(s->inputs, s->input_count, s->begun);
    request->verify = verify_inputs;
    request->verify_context = s;
    return HRA_OK;
}

/* With --profiles: leaves out the files that are held, and says why. */
static hra_code choose_files(const import_options *o, hra_csv_options *csv, hra_import_request *request,
                             import_state *s, hra_error *error)
{
    if (!o->input.profiles) return HRA_OK;
    HRA_TRY(note_inputs(request, s, error));
    HRA_TRY(hra_checked_inputs_open(&o->input, request->paths, request->path_count, s->library, request->threads,
                                    &s->checked, error));
    hra_buffer text = {0};
    hra_hold_print(s->checked.hold, &text);
    if (text.bytes) fputs(text.bytes, stderr);
    hra_buffer_destroy(&text);
    if (s->checked.count == 0) return hra_checked_inputs_verdict(&s->checked, error);
    request->paths = s->checked.paths;
    request->path_count = s->checked.count;
    csv->deliveries = s->checked.deliveries;
    return HRA_OK;
}

/* An import needs the dictionary, and none of what is computed. The name of a kept column may be that of any
 * declaration.
 */
static hra_code open_library(const import_options *o, import_state *s, hra_error *error)
{
    static const char *const nothing[1];
    if (o->input.keep || o->input.profiles) return hra_setup_library(&o->definitions, &s->library, error);
    return hra_setup_narrow_library(&o->definitions, nothing, 0, &s->library, error);
}

static hra_code import(const import_options *o, int count, char **paths, import_state *s, hra_error *error)
{
    hra_csv_options csv = {.enforce_hard_limits = !o->keep_impossible, .require_id = true, .tells_later = true};
    hra_import_request request = {.paths = (const char *const *)paths,
                                  .path_count = count,
                                  .input = &o->input,
                                  .csv = &csv,
                                  .store = o->output,
                                  .command = "hra import",
                                  .threads = hra_setup_threads(o->threads),
                                  .quiet = o->quiet,
                                  .later = &s->later,
                                  .columns_json = o->report ? &s->columns : NULL};
    double start = hra_seconds();
    HRA_TRY(read_options(o, &csv, &request, error));
    HRA_TRY(check_inputs(count, paths, error));
    HRA_TRY(spare_inputs(o, count, paths, error));
    HRA_TRY(open_library(o, s, error));
    request.library = s->library;
    HRA_TRY(choose_files(o, &csv, &request, s, error));
    HRA_TRY(hra_setup_keep(&o->definitions, request.paths, request.path_count, &o->input, &csv, &s->library, &s->keep,
                           error));
    request.library = s->library;
    s->hashes = calloc((size_t)request.path_count + 1, sizeof *s->hashes);
    if (!s->hashes) return hra_out_of_memory(error);
    request.hashes = s->hashes;
    hra_buffer_printf(&s->reject_path, "%s", o->input.rejects ? o->input.rejects : o->output);
    if (!o->input.rejects) hra_buffer_text(&s->reject_path, ".rejects.csv");
    if (s->reject_path.failed) return hra_out_of_memory(error);
    csv.reject_path = s->reject_path.bytes;
    HRA_TRY(hra_lock_take(o->output, &s->lock, error));
    hra_code code = hra_import_files(&request, o->quiet ? NULL : &s->report, &s->facts, error);
    HRA_TRY(blame_change(s, code, error));
    s->seconds = hra_seconds() - start;
    if (o->report) HRA_TRY(write_report(o, &request, s, error));
    if (!o->quiet) print_summary(o, s);
    return hra_checked_inputs_verdict(&s->checked, error);
}

int hra_cmd_import(int argc, char **argv)
{
    import_options o = {0};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE.h5", "the population store to write"},
        HRA_INPUT_OPTIONS(o.input),
        {"duplicates", 0, HRA_OPTION_TEXT, &o.duplicates, "RULE",
         "rows kept of a repeated identifier: first (default), last, latest (visit), reject (none) or all"},
        {"group", 0, HRA_OPTION_TEXT, &o.group, "NAME", "group of files without a group column"},
        {"key-map", 0, HRA_OPTION_TEXT, &o.key_map, "FILE",
         "write the identifiers, names and phones behind the keys, encrypted, for reports"},
        {"keep-impossible", 0, HRA_OPTION_FLAG, &o.keep_impossible, NULL, "keep values outside the hard limits"},
        {"store-encoding", 0, HRA_OPTION_TEXT, &o.encoding, "NAME", "scale-offset (default), deflate or raw"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "file with more variables; may be repeated"},
        {"report", 0, HRA_OPTION_TEXT, &o.report, "FILE.json", "report of the import as JSON"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no report"},
        {0}};
    const hra_usage usage = {
        "import", "FILE... -o STORE.h5 [options]",
        "Reads tables into a population store: CSV and other delimited text (UTF-8, GB18030, UTF-16; plain, gzip or\n"
        "alone in a zip archive), Excel workbooks, HDF5 files of other programs.",
        options,
        "Identifiers are hashed with a key before they are stored. Make a key with 'hra key new hra.key' and give it\n"
        "with --key every time. Names, phones and other free text are left out. Values and rows that cannot be read\n"
        "go to the reject file with file, line, column and reason."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    import_state s = {0};
    hra_error error = {0};
    hra_setup_catch_signals();
    hra_code code = import(&o, argc - 1, argv + 1, &s, &error);
    hra_checked_inputs_close(&s.checked);
    hra_library_free(s.library);
    hra_keep_free(s.keep);
    hra_lock_release(s.lock);
    free(s.hashes);
    free(s.begun);
    hra_buffer_destroy(&s.reject_path);
    hra_buffer_destroy(&s.report);
    hra_buffer_destroy(&s.columns);
    return code == HRA_OK ? HRA_OK : hra_report_error("import", &error);
}
