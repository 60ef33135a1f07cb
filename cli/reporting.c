#include "cli/reporting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "cli/earlier.h"
#include "io/people/population_store.h"
#include "report/person/person_files.h"

enum { SLICE_ROWS = 512 }; /* reports of a slice stand in memory until it is their turn */

/* ---- what the run was ---------------------------------------------------------------- */

static hra_code check_options(const hra_reporting_options *o, hra_error *error)
{
    int ways = (o->people.count > 0) + (o->group != NULL) + o->all;
    if (ways != 1) return hra_fail(error, HRA_EUSAGE, "give one of --person KEY, --group NAME and --all");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    return HRA_OK;
}

/* population.h5 in the folder of the results. */
static char *beside_results(const char *results)
{
    const char *slash = strrchr(results, '/');
    int folder = slash ? (int)(slash - results) + 1 : 0;
    char *path = NULL;
    return asprintf(&path, "%.*spopulation.h5", folder, results) < 0 ? NULL : path;
}

static hra_code find_population(hra_reporting *r, hra_error *error)
{
    const char *given = r->options->population;
    r->population = given ? strdup(given) : beside_results(r->facts->path);
    if (!r->population) return hra_out_of_memory(error);
    if (hra_is_store(r->population)) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s is not a population store; name the one the results were made from with --population",
                    r->population);
}

static hra_code check_definitions(const hra_reporting *r, hra_error *error)
{
    const char *made = r->facts->definitions_hash, *now = hra_library_hash(r->library);
    if (strcmp(made, now) == 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s was made with other definitions (%.12s, these are %.12s): give those of the run with "
                    "--definitions, or run it again",
                    r->facts->path, *made ? made : "unknown", now);
}

static hra_code open_signoffs(hra_reporting *r, hra_plan_request *request, hra_error *error)
{
    const hra_reporting_options *o = r->options;
    if (o->approved_only && o->signoffs.count == 0)
        return hra_fail(error, HRA_EUSAGE, "--approved-only needs the signed sheet: give --signoffs FILE");
    if (o->signoffs.count == 0) return HRA_OK;
    HRA_TRY(hra_signoffs_new(r->library, r->as_of, &r->signoffs, error));
    for (int i = 0; i < o->signoffs.count; i++) HRA_TRY(hra_signoffs_read(r->signoffs, o->signoffs.items[i], error));
    if (!o->approved_only) return HRA_OK;
    request->accepts = hra_signoffs_accept;
    request->accepts_context = r->signoffs;
    return HRA_OK;
}

/* ---- scoring as the run did ------------------------------------------------------------- */

static void want_let(void *context, const char *name)
{
    hra_reporting *r = context;
    for (int i = 0; i < r->let_count; i++)
        if (strcmp(r->lets[i], name) == 0) return;
    if (r->let_count == r->let_capacity) {
        int capacity = r->let_capacity ? r->let_capacity * 2 : 32;
        const char **lets = realloc(r->lets, (size_t)capacity * sizeof *lets);
        if (!lets) {
            r->failed = true;
            return;
        }
        r->lets = lets;
        r->let_capacity = capacity;
    }
    r->lets[r->let_count++] = name;
}

static hra_code make_plan(hra_reporting *r, hra_error *error)
{
    const hra_result_facts *f = r->facts;
    hra_plan_request q = {.panel = *f->panel ? f->panel : NULL, .as_of = r->as_of, .share = true};
    if (!q.panel)
        return hra_fail(error, HRA_EINPUT, "%s was made without a panel; reports need one: 'hra run'", f->path);
    if (!hra_setup_range_policy(*f->outside_range ? f->outside_range : NULL, &q.range))
        return hra_fail(error, HRA_EINPUT, "%s: its outside_range '%s' is not known", f->path, f->outside_range);
    q.factors = q.tiers = q.prescriptions = q.items = q.monitors = q.topics = q.references = true;
    q.ideal = q.what_if = q.risk_age = true;
    HRA_TRY(open_signoffs(r, &q, error));
    hra_person_texts_lets(r->library, want_let, r);
    if (r->failed) return hra_out_of_memory(error);
    q.lets = r->lets;
    q.let_count = r->let_count;
    return hra_scoring_prepare(r->library, r->input.source, &q, &r->scoring, error);
}

/* The risks of the panel that the results hold too. */
static hra_code find_checked(hra_reporting *r, hra_error *error)
{
    int count = r->scoring.output_count;
    r->checked_outputs = calloc((size_t)count + 1, sizeof *r->checked_outputs);
    r->checked_fields = calloc((size_t)count + 1, sizeof *r->checked_fields);
    if (!r->checked_outputs || !r->checked_fields) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) {
        const hra_output *o = &r->scoring.outputs[i];
        if (o->role != HRA_ROLE_PANEL || o->kind != HRA_OUTPUT_NUMBER) continue;
        int field = hra_result_reader_find(r->reader, o->id);
        if (field < 0) continue;
        r->checked_outputs[r->checked_count] = i;
        r->checked_fields[r->checked_count++] = field;
    }
    return HRA_OK;
}

static hra_code open_previous(hra_reporting *r, const char *beside, hra_error *error)
{
    const char *path = r->options->previous;
    if (!path) return HRA_OK;
    const hra_previous_request request = {.results = path,
                                          .beside = beside,
                                          .dictionary = hra_library_dictionary(r->library),
                                          .key_fingerprint = hra_store_key_fingerprint(r->input.source),
                                          .threads = r->scoring.threads,
                                          .stop = &hra_setup_stop};
    return hra_previous_open(&request, &r->previous, error);
}

static hra_code open_runs(hra_reporting *r, const char *beside, hra_error *error)
{
    const hra_runs_request request = {.results = r->options->results,
                                      .population = r->population,
                                      .as_of = *r->facts->as_of ? NULL : r->options->as_of,
                                      .beside = beside,
                                      .dictionary = hra_library_dictionary(r->library),
                                      .threads = r->scoring.threads,
                                      .stop = &hra_setup_stop};
    return hra_earlier_open(&request, r->options->previous, &r->options->earlier, &r->runs, error);
}

static hra_code open_views(hra_reporting *r, hra_error *error)
{
    hra_scoring *k = &r->scoring;
    HRA_TRY(hra_catalogue_new(r->library, k->outputs, k->output_count, &r->catalogue, error));
    const hra_person_views_request request = {.catalogue = r->catalogue,
                                              .schema = r->input.source->schema,
                                              .graph = hra_plan_graph(k->plan),
                                              .language = r->options->language,
                                              .as_of = r->as_of,
                                              .threads = 2 * k->threads, /* as many for what is made in order */
                                              .previous = r->previous,
                                              .runs = r->runs,
                                              .signoffs = r->signoffs};
    return hra_person_views_new(&request, &r->views, error);
}

/* A source is read once: a further pass opens another one of the same store. */
static hra_code open_again(hra_reporting *r, hra_error *error)
{
    const char *path = r->population;
    const hra_input_options input = {0};
    const hra_csv_options csv = {0};
    hra_setup_close(&r->again);
    return hra_setup_input(&path, 1, r->library, &input, &csv, &r->again, error);
}

static hra_code open_input(hra_reporting *r, hra_error *error)
{
    const hra_reporting_options *o = r->options;
    const char *path = r->population;
    hra_input_options input = {0};
    hra_csv_options csv = {0};
    HRA_TRY(hra_setup_library(&o->definitions, &r->library, error));
    HRA_TRY(hra_setup_keep(&o->definitions, &path, 1, &input, &csv, &r->library, &r->keep, error));
    HRA_TRY(check_definitions(r, error));
    HRA_TRY(hra_setup_input(&path, 1, r->library, &input, &csv, &r->input, error));
    if (r->input.source->rows == r->facts->rows) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT, "%s has %lld people, %s has %lld: they are not from the same run",
                    r->population, (long long)r->input.source->rows, r->facts->path, (long long)r->facts->rows);
}

hra_code hra_reporting_open(const hra_reporting_options *options, const char *beside, hra_reporting *r,
                            hra_error *error)
{
    *r = (hra_reporting){.options = options};
    HRA_TRY(check_options(options, error));
    r->scoring.threads = hra_setup_threads(options->threads);
    HRA_TRY(hra_result_reader_open(options->results, &r->reader, error));
    r->facts = hra_result_reader_facts(r->reader);
    const char *day = *r->facts->as_of ? r->facts->as_of : options->as_of;
    if (!hra_setup_day(day, &r->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", day);
    HRA_TRY(find_population(r, error));
    HRA_TRY(open_input(r, error));
    HRA_TRY(make_plan(r, error));
    HRA_TRY(find_checked(r, error));
    HRA_TRY(open_previous(r, beside, error));
    HRA_TRY(open_runs(r, beside, error));
    return open_views(r, error);
}

void hra_reporting_close(hra_reporting *r)
{
    hra_person_views_free(r->views);
    hra_catalogue_free(r->catalogue);
    hra_previous_close(r->previous);
    hra_runs_close(r->runs);
    hra_scoring_destroy(&r->scoring);
    hra_setup_close(&r->input);
    hra_setup_close(&r->again);
    hra_signoffs_free(r->signoffs);
    hra_result_reader_close(r->reader);
    hra_library_free(r->library);
    hra_keep_free(r->keep);
    free(r->checked_outputs);
    free(r->checked_fields);
    free(r->population);
    free(r->lets);
    *r = (hra_reporting){0};
}

hra_code hra_reporting_stamp(const hra_reporting *r, const char *provider, const char *contact, bool mask_names,
                             hra_buffer *out, hra_error *error)
{
    hra_buffer_printf(out, "%s|%s|%s|%s|%s|%s|%s|%d|%.0f|", HRA_VERSION, hra_library_hash(r->library), r->facts->panel,
                      r->facts->outside_range, r->options->language, provider ? provider : "", contact ? contact : "",
                      mask_names, r->as_of);
    if (r->signoffs) HRA_TRY(hra_signoffs_sheet(r->signoffs, out, error)); /* the decisions that count today */
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

/* ---- the pass ------------------------------------------------------------------------------ */

/* Without stored keys the row number, from 1. */
static bool is_person(const hra_chunk *chunk, int row, const char *key)
{
    if (chunk->keys) return strcmp(chunk->keys[row], key) == 0;
    char *end;
    return strtoll(key, &end, 10) == chunk->first_row + row + 1 && end != key && !*end;
}

bool hra_reporting_wants(const void *reporting, const hra_chunk *chunk, int row)
{
    const hra_reporting *r = reporting;
    const hra_reporting_options *o = r->options;
    if (o->all) return true;
    if (o->group) return strcmp(hra_chunk_label(r->input.source->schema, chunk, row, "group_id"), o->group) == 0;
    for (int i = 0; i < o->people.count; i++)
        if (is_person(chunk, row, o->people.items[i])) return true;
    return false;
}

/* Counts who was wanted, and holds their risks against the stored ones. */
typedef struct check_sink {
    hra_sink sink;
    hra_reporting *reporting;
    double *stored;
} check_sink;

static bool is_same(double now, double stored)
{
    return isnan(now) ? isnan(stored) : now == stored || (float)now == (float)stored;
}

static hra_code check_risk(check_sink *s, const hra_chunk *chunk, const double *now, int field, hra_error *error)
{
    const hra_reporting *r = s->reporting;
    HRA_TRY(hra_result_reader_values(r->reader, field, chunk->first_row, chunk->rows, s->stored, error));
    for (int i = 0; i < chunk->rows; i++)
        if (!is_same(now[i], s->stored[i]) && hra_reporting_wants(r, chunk, i))
            return hra_fail(
                error, HRA_ECONFLICT,
                "%s: when scored again, the %s of person %lld is different: was the run made with another --as-of, or "
                "are these not its population and definitions? Nothing is reported; run it again",
                r->facts->path, hra_result_reader_field(r->reader, field)->name, (long long)(chunk->first_row + i + 1));
    return HRA_OK;
}

static hra_code check_chunk(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                            hra_error *error)
{
    check_sink *s = (check_sink *)sink;
    hra_reporting *r = s->reporting;
    int64_t wanted = 0;
    for (int i = 0; i < chunk->rows; i++) wanted += hra_reporting_wants(r, chunk, i);
    if (wanted == 0) return HRA_OK;
    r->people += wanted;
    double *stored = realloc(s->stored, (size_t)chunk->rows * sizeof *stored);
    if (!stored) return hra_out_of_memory(error);
    s->stored = stored;
    for (int i = 0; i < r->checked_count; i++)
        HRA_TRY(check_risk(s, chunk, results->numbers[r->checked_outputs[i]], r->checked_fields[i], error));
    return HRA_OK;
}

static hra_code nobody(const hra_reporting *r, hra_error *error)
{
    const hra_reporting_options *o = r->options;
    const char *who = o->all ? "nobody is" : o->group ? "nobody of this group is" : "nobody with such a key is";
    return hra_fail(error, HRA_EINPUT, "%s in %s%s", who, r->population,
                    o->people.count ? "; persons.csv of the run has the keys" : "");
}

hra_code hra_reporting_run(hra_reporting *r, hra_sink *sink, hra_error *error)
{
    check_sink check = {.sink = {.commit = check_chunk}, .reporting = r};
    hra_sink *sinks[] = {&check.sink, sink}; /* first the check: nothing wrong is written */
    if (r->passes > 0) HRA_TRY(open_again(r, error));
    hra_source *source = r->passes++ > 0 ? r->again.source : r->input.source;
    bool *wanted = malloc((size_t)source->schema->column_count + 1);
    if (!wanted) return hra_out_of_memory(error);
    memset(wanted, true, (size_t)source->schema->column_count + 1);
    source->wanted = wanted;
    source->want_keys = source->want_marks = true;
    r->people = 0;
    hra_progress_bar bar = hra_progress_bar_start("reports", r->options->quiet);
    hra_run_options options = {.threads = r->scoring.threads,
                               .stop = &hra_setup_stop,
                               .progress = hra_progress_bar_show,
                               .progress_context = &bar,
                               .slice_rows = SLICE_ROWS};
    hra_code code = hra_run(source, r->scoring.program, sinks, 2, &options, &r->scoring.facts, error);
    hra_progress_bar_end(&bar);
    source->wanted = NULL;
    free(wanted);
    free(check.stored);
    return code == HRA_OK && r->people == 0 ? nobody(r, error) : code;
}

hra_code hra_reporting_folder(const char *folder, char beside[HRA_REPORTING_PATH], hra_lock **lock, hra_error *error)
{
    if (!folder) return hra_fail(error, HRA_EUSAGE, "give a folder for the reports with -o FOLDER");
    if (snprintf(beside, HRA_REPORTING_PATH, "%s/reports", folder) >= HRA_REPORTING_PATH)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_folder_make(folder, error));
    return hra_lock_take(beside, lock, error);
}

hra_code hra_reporting_names(const char *key_map, const char *key, hra_identity **identity, hra_key_map **names,
                             hra_error *error)
{
    if (!key_map) return HRA_OK;
    if (!key)
        return hra_fail(error, HRA_EUSAGE, "names are encrypted in the key map; also give the key with --key FILE");
    HRA_TRY(hra_identity_load(key, identity, error));
    return hra_key_map_open(key_map, *identity, names, error);
}
