#include "cli/setup.h"

#include <math.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/calendar.h"
#include "base/plain_text.h"
#include "cli/holding.h"
#include "io/people/population_store.h"

volatile int hra_setup_stop;

static hra_code add_definitions(hra_library *library, const hra_texts *definitions, const hra_buffer *kept,
                                bool nothing_else, hra_diagnostics *faults, hra_error *error)
{
    hra_code code = nothing_else ? hra_library_add_dictionary(library, faults, error)
                                 : hra_library_add_builtin(library, faults, error);
    if (kept && code == HRA_OK)
        code = hra_library_add_text(library, "kept columns", kept->bytes, kept->length, faults, error);
    for (int i = 0; definitions && i < definitions->count && (code == HRA_OK || code == HRA_EDEFINITION); i++) {
        hra_code added = hra_library_add_file(library, definitions->items[i], faults, error);
        if (added != HRA_OK) code = added;
    }
    return code == HRA_OK ? hra_library_check(library, faults, error) : code;
}

/* `kept`: declarations of kept columns, or NULL. `names`: all that is wanted, or NULL. */
static hra_code make_library(const hra_texts *definitions, const hra_buffer *kept, const char *const *names, int count,
                             hra_library **out, hra_error *error)
{
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    bool nothing = names && count == 0 && !kept && (!definitions || definitions->count == 0);
    if (library && names) hra_library_want(library, names, count);
    hra_code code = library && faults ? add_definitions(library, definitions, kept, nothing, faults, error)
                                      : hra_out_of_memory(error);
    if (faults && hra_diagnostics_count(faults) > 0 && code != HRA_ENOMEM) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        if (text.bytes) hra_plain_lines(text.bytes);
        if (text.bytes) fprintf(stderr, "%s", text.bytes);
        hra_buffer_destroy(&text);
        code = hra_fail(error, HRA_EDEFINITION, "%d fault(s) in the definitions", hra_diagnostics_count(faults));
    }
    hra_diagnostics_free(faults);
    if (code == HRA_OK)
        *out = library;
    else
        hra_library_free(library);
    return code;
}

hra_code hra_setup_library(const hra_texts *definitions, hra_library **out, hra_error *error)
{
    return make_library(definitions, NULL, NULL, 0, out, error);
}

hra_code hra_setup_narrow_library(const hra_texts *definitions, const char *const *names, int count, hra_library **out,
                                  hra_error *error)
{
    return make_library(definitions, NULL, names, count, out, error);
}

hra_code hra_setup_declare_kept(const hra_texts *definitions, const hra_keep *keep, hra_library **library,
                                hra_error *error)
{
    hra_buffer text = {0};
    hra_library *declared = NULL;
    if (hra_keep_count(keep) == 0) return HRA_OK;
    hra_keep_declare(keep, &text);
    hra_code code =
        text.failed ? hra_out_of_memory(error) : make_library(definitions, &text, NULL, 0, &declared, error);
    hra_buffer_destroy(&text);
    if (code != HRA_OK) return code;
    hra_library_free(*library);
    *library = declared;
    return HRA_OK;
}

hra_code hra_setup_store_library(const hra_texts *definitions, const char *store, hra_library **out, hra_error *error)
{
    HRA_TRY(hra_setup_library(definitions, out, error));
    if (!store) return HRA_OK;
    hra_keep *keep = hra_keep_new();
    if (!keep) return hra_out_of_memory(error);
    hra_code code = hra_keep_from_store(keep, store, error);
    if (!code) code = hra_setup_declare_kept(definitions, keep, out, error);
    hra_keep_free(keep);
    return code;
}

hra_code hra_setup_keep(const hra_texts *definitions, const char *const *paths, int path_count,
                        const hra_input_options *options, hra_csv_options *csv, hra_library **library, hra_keep **keep,
                        hra_error *error)
{
    bool read = *keep != NULL, store = read || hra_is_store(paths[0]);
    if (store && options->keep)
        return hra_fail(error, HRA_EUSAGE,
                        "--keep is for text files; %s is a store, which carries what it was imported with", paths[0]);
    if (!store && !options->keep) return HRA_OK;
    if (!read) *keep = hra_keep_new();
    if (!*keep) return hra_out_of_memory(error);
    if (store) {
        if (!read) HRA_TRY(hra_keep_from_store(*keep, paths[0], error));
    } else {
        HRA_TRY(hra_keep_ask(*keep, options->keep, error));
        HRA_TRY(hra_keep_examine(*keep, paths, path_count, *library, csv, error));
    }
    HRA_TRY(hra_setup_declare_kept(definitions, *keep, library, error));
    csv->keep = *keep;
    return HRA_OK;
}

bool hra_setup_csv_options(const hra_input_options *options, hra_csv_options *csv, hra_error *error)
{
    csv->encoding = options->encoding;
    csv->sheet = options->sheet;
    csv->header_row = options->header_row;
    csv->map_file = options->map;
    csv->units = options->units;
    csv->issuer = options->issuer ? options->issuer : "";
    if (!options->delimiter) return true;
    csv->delimiter = strcmp(options->delimiter, "tab") == 0 ? '\t' : options->delimiter[0];
    if (csv->delimiter == '\t' || (options->delimiter[0] && !options->delimiter[1])) return true;
    hra_fail(error, HRA_EUSAGE, "the delimiter '%s' is not one character", options->delimiter);
    return false;
}

/* Without a key people go by the identifier alone, and that of two issuers means two people. */
static hra_code check_issuers(const hra_delivery *deliveries, int count, hra_error *error)
{
    const char *first = NULL;
    for (int i = 0; i < count; i++) {
        const char *issuer = deliveries[i].issuer ? deliveries[i].issuer : "";
        if (first && strcmp(first, issuer) != 0)
            return hra_fail(error, HRA_EUSAGE,
                            "the files have identifiers of several issuers ('%s', '%s'), and the same one of two "
                            "issuers means two people: give --key FILE, so that everybody has a key of their own",
                            first, issuer);
        first = issuer;
    }
    return HRA_OK;
}

/* Where every file is needed, one that is held stops the command. */
static hra_code open_by_profiles(const char *const *paths, int path_count, const hra_library *library,
                                 const hra_input_options *options, hra_csv_options *csv, hra_input *input,
                                 hra_error *error)
{
    hra_checked_inputs checked;
    HRA_TRY(hra_checked_inputs_open(options, paths, path_count, library, 0, &checked, error));
    hra_code code = HRA_OK;
    for (int i = 0; i < path_count && code == HRA_OK; i++)
        if (checked.hold->files[i].held)
            code = hra_fail(error, HRA_EHELD, "%s is held: %s", paths[i], checked.hold->files[i].reason);
    csv->deliveries = checked.deliveries;
    if (code == HRA_OK && !options->key) code = check_issuers(checked.deliveries, checked.count, error);
    if (code == HRA_OK)
        code = hra_csv_open(paths, path_count, hra_library_dictionary(library), csv, &input->source, error);
    hra_checked_inputs_close(&checked);
    return code;
}

hra_code hra_setup_input(const char *const *paths, int path_count, const hra_library *library,
                         const hra_input_options *options, const hra_csv_options *csv, hra_input *input,
                         hra_error *error)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    *input = (hra_input){0};
    input->is_store = (options->known && options->known->summary) || hra_is_store(paths[0]);
    if (input->is_store) {
        if (path_count > 1) return hra_fail(error, HRA_EUSAGE, "only one population store can be read at a time");
        if (options->map || options->units || options->profiles)
            return hra_fail(error, HRA_EUSAGE, "--map, --profiles and --units are for text files; %s is a store",
                            paths[0]);
        return options->known ? hra_store_open_known(paths[0], options->known, dictionary, &input->source, error)
                              : hra_store_open(paths[0], dictionary, &input->source, error);
    }
    hra_csv_options own = *csv;
    if (options->key) HRA_TRY(hra_identity_load(options->key, &input->identity, error));
    own.identity = input->identity;
    bool by_profiles = options->profiles && !own.deliveries;
    hra_code code = by_profiles ? open_by_profiles(paths, path_count, library, options, &own, input, error)
                                : hra_csv_open(paths, path_count, dictionary, &own, &input->source, error);
    if (code == HRA_OK) return HRA_OK;
    hra_identity_free(input->identity);
    input->identity = NULL;
    return code;
}

static void print_unused(const char *command, const hra_csv_report *report)
{
    enum { MOST = 12 };
    int unused = 0;
    for (int i = 0; i < report->match_count; i++) {
        const char *how = report->matches[i].how;
        if (strncmp(how, "kept, ", 6) == 0)
            fprintf(stderr, "hra %s: column '%s' is %s\n", command, report->matches[i].header, how);
        if (report->matches[i].variable >= 0 || strncmp(how, "ignored", 7) == 0 || strstr(how, "identifier")) continue;
        if (++unused > MOST) continue;
        fprintf(stderr, "hra %s: column '%s' is not used: %s\n", command, report->matches[i].header, how);
    }
    if (unused > MOST)
        fprintf(stderr, "hra %s: and %d more column%s not used\n", command, unused - MOST,
                unused == MOST + 1 ? " is" : "s are");
}

hra_code hra_setup_check_columns(const char *command, const hra_input *input, bool quiet, hra_error *error)
{
    if (input->is_store) return HRA_OK;
    for (int f = 0; f < hra_csv_file_count(input->source); f++) {
        const hra_csv_report *report = hra_csv_file_report(input->source, f);
        if (input->source->schema->column_count == 0)
            return hra_fail(error, HRA_EINPUT,
                            "%s: none of its %d columns is known; is the first line a header? (--header-row, --map)",
                            report->file, report->match_count);
        if (!quiet) print_unused(command, report);
    }
    return HRA_OK;
}

const char *hra_setup_key_fingerprint(const hra_input *input)
{
    if (input->is_store) return hra_store_key_fingerprint(input->source);
    return input->identity ? hra_identity_fingerprint(input->identity) : "";
}

void hra_setup_close(hra_input *input)
{
    if (input->source) input->source->close(input->source);
    hra_identity_free(input->identity);
    *input = (hra_input){0};
}

hra_code hra_list_split(const char *text, hra_list *list, hra_error *error)
{
    return hra_list_split_at(text, ", ", list, error);
}

hra_code hra_list_split_at(const char *text, const char *separators, hra_list *list, hra_error *error)
{
    *list = (hra_list){0};
    if (!text) return HRA_OK;
    list->text = strdup(text);
    list->items = calloc(strlen(text) / 2 + 2, sizeof *list->items);
    if (!list->text || !list->items) return hra_out_of_memory(error);
    char *rest = NULL;
    for (char *item = strtok_r(list->text, separators, &rest); item; item = strtok_r(NULL, separators, &rest))
        list->items[list->count++] = item;
    return HRA_OK;
}

void hra_list_destroy(hra_list *list)
{
    free(list->text);
    free(list->items);
    *list = (hra_list){0};
}

bool hra_setup_day(const char *text, double *day)
{
    *day = NAN;
    if (!text) return true;
    return hra_day_read(text, day);
}

bool hra_setup_range_policy(const char *text, hra_range_policy *policy)
{
    static const char *const names[] = {"compute", "blank", "clamp"};
    *policy = HRA_RANGE_COMPUTE;
    if (!text) return true;
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *policy = (hra_range_policy)i;
        return true;
    }
    return false;
}

hra_code hra_setup_request(const hra_what_options *what, hra_list *models, hra_plan_request *q, hra_error *error)
{
    if (what->panel && what->models) return hra_fail(error, HRA_EUSAGE, "give either --panel or --models, not both");
    if (!hra_setup_range_policy(what->range, &q->range))
        return hra_fail(error, HRA_EUSAGE, "--outside-range is compute, blank or clamp, not '%s'", what->range);
    if (!hra_setup_day(what->as_of, &q->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", what->as_of);
    HRA_TRY(hra_list_split(what->models, models, error));
    q->models = models->items;
    q->model_count = models->count;
    q->panel = what->models ? NULL : what->panel ? what->panel : "china_corporate";
    return HRA_OK;
}

static void on_signal(int number)
{
    (void)number;
    hra_setup_stop = 1;
}

void hra_setup_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = (int)SA_RESETHAND}; /* a second Ctrl-C ends at once */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error with a message */
}

long hra_setup_peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

int hra_setup_threads(int asked) { return asked > 0 ? asked : omp_get_num_procs(); }
