/* hra report group: one page per group, for the house or for the employer, from the tables of a run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/stopwatch.h"
#include "cli/command.h"
#include "cli/ended_run.h"
#include "cli/report.h"
#include "cli/setup.h"
#include "io/results/result_reader.h"
#include "report/group/group_pages.h"

enum { PATH = 4096 };

typedef struct group_options {
    const char *group, *edition, *language, *folder, *panel, *provider, *contact;
    hra_texts definitions;
    bool all, quiet;
} group_options;

typedef struct group_state {
    const group_options *options;
    bool client;
    char run[PATH], table[PATH], to[PATH];
    hra_library *library;
    hra_words *words;
    hra_result_reader *results; /* NULL: the house's tables stand alone */
    hra_group_pages_facts facts;
} group_state;

static hra_code check_options(const group_options *o, hra_error *error)
{
    if ((o->group != NULL) == o->all) return hra_fail(error, HRA_EUSAGE, "give one of --group NAME and --all");
    if (!o->edition || (strcmp(o->edition, "internal") != 0 && strcmp(o->edition, "client") != 0))
        return hra_fail(error, HRA_EUSAGE, "give the edition: --edition internal or --edition client");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    return HRA_OK;
}

static hra_code join(const char *folder, const char *name, char out[PATH], hra_error *error)
{
    if (snprintf(out, PATH, "%s/%s", folder, name) < PATH) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "the name of the folder %s is too long", folder);
}

static hra_code copy(const char *folder, size_t length, char out[PATH], hra_error *error)
{
    if (snprintf(out, PATH, "%.*s", (int)length, folder) < PATH) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
}

/* The folder of the run, and in it the table of the edition. A client's own folder will do for the client's. */
static hra_code find_table(group_state *s, const char *results, hra_error *error)
{
    struct stat about;
    if (stat(results, &about) != 0) return hra_fail(error, HRA_EINPUT, "%s cannot be read: %m", results);
    const char *slash = strrchr(results, '/');
    if (S_ISDIR(about.st_mode))
        HRA_TRY(copy(results, strlen(results), s->run, error));
    else
        HRA_TRY(copy(slash ? results : ".", slash ? (size_t)(slash - results) : 1, s->run, error));
    HRA_TRY(join(s->run, s->client ? "groups_client.csv" : "groups.csv", s->table, error));
    if (s->client && access(s->table, R_OK) != 0) HRA_TRY(join(s->run, "group.csv", s->table, error));
    if (access(s->table, R_OK) == 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s holds no %s; name the folder of 'hra run'", results,
                    s->client ? "groups_client.csv" : "groups.csv");
}

static hra_code find_target(group_state *s, hra_error *error)
{
    if (s->options->folder)
        HRA_TRY(copy(s->options->folder, strlen(s->options->folder), s->to, error));
    else
        HRA_TRY(join(s->run, s->client ? "client" : "groups", s->to, error));
    return hra_folder_make(s->to, error);
}

static hra_code open_run(group_state *s, hra_error *error)
{
    char results[PATH];
    HRA_TRY(hra_setup_library(&s->options->definitions, &s->library, error));
    HRA_TRY(hra_words_new(s->options->language, &s->words, error));
    HRA_TRY(join(s->run, "results.h5", results, error));
    if (s->client || access(results, R_OK) != 0) return HRA_OK;
    return hra_result_reader_open(results, &s->results, error);
}

static hra_code report(group_state *s, const char *results, hra_error *error)
{
    const group_options *o = s->options;
    HRA_TRY(check_options(o, error));
    s->client = strcmp(o->edition, "client") == 0;
    HRA_TRY(find_table(s, results, error));
    HRA_TRY(hra_ended_run_check(s->run, error));
    HRA_TRY(open_run(s, error));
    HRA_TRY(find_target(s, error));
    const hra_result_facts *facts = s->results ? hra_result_reader_facts(s->results) : NULL;
    const char *hash = facts && *facts->definitions_hash ? facts->definitions_hash : hra_library_hash(s->library);
    char courses[PATH];
    HRA_TRY(join(s->run, s->client ? "course_client.csv" : "course_groups.csv", courses, error));
    const hra_group_pages_request request = {.table = s->table,
                                             .courses = access(courses, R_OK) == 0 ? courses : NULL,
                                             .folder = s->to,
                                             .group = o->group,
                                             .report = {.library = s->library,
                                                        .words = s->words,
                                                        .client = s->client,
                                                        .panel = facts && *facts->panel ? facts->panel : o->panel,
                                                        .day = facts ? facts->as_of : "",
                                                        .provider = o->provider,
                                                        .contact = o->contact,
                                                        .engine_version = HRA_VERSION,
                                                        .definitions_hash = hash},
                                             .stop = &hra_setup_stop};
    return hra_group_pages_write(&request, &s->facts, error);
}

static void destroy(group_state *s)
{
    hra_result_reader_close(s->results);
    hra_words_free(s->words);
    hra_library_free(s->library);
}

static void print_summary(const group_state *s, double seconds)
{
    const hra_group_pages_facts *f = &s->facts;
    fprintf(stderr, "%d report%s in %s", f->made, f->made == 1 ? "" : "s", s->to);
    if (f->made) fprintf(stderr, " (%.0f KB each)", (double)f->bytes / 1000 / f->made);
    if (f->left_out) fprintf(stderr, ", %d group%s without an edition", f->left_out, f->left_out == 1 ? "" : "s");
    fprintf(stderr, "; %.1f s\n", seconds);
}

int hra_report_group(int argc, char **argv)
{
    group_options o = {.language = "zh", .panel = "china_corporate"};
    const hra_option options[] = {
        {"group", 0, HRA_OPTION_TEXT, &o.group, "NAME", "this group"},
        {"all", 0, HRA_OPTION_FLAG, &o.all, NULL, "every group"},
        {"edition", 0, HRA_OPTION_TEXT, &o.edition, "WHO", "internal, or client: what the employer may see"},
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER",
         "folder for the reports (default: groups/ or client/ of the run)"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "zh (default) or en"},
        {"panel", 'p', HRA_OPTION_TEXT, &o.panel, "NAME", "panel that names the diseases (default: china_corporate)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE",
         "the definitions that the run had; may be repeated"},
        {"provider", 0, HRA_OPTION_TEXT, &o.provider, "TEXT", "who provides the report"},
        {"contact", 0, HRA_OPTION_TEXT, &o.contact, "TEXT", "contact for questions"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "report group", "RESULTS --group NAME | --all --edition internal|client [options]",
        "Writes one self-contained HTML page per group that prints on A4. RESULTS is the folder of 'hra run'. The\n"
        "internal edition is FOLDER/GROUP.html. The client edition is FOLDER/GROUP/report.html, beside the tables "
        "that\n"
        "this employer may have; it is made from those tables only.",
        options, "Example: hra report group night --all --edition client"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    if (argc != 2) {
        hra_fail(&error, HRA_EUSAGE, "give the folder of one run; see 'hra report group --help'");
        return hra_report_error("report group", &error);
    }
    hra_setup_catch_signals();
    double start = hra_seconds();
    group_state state = {.options = &o};
    hra_code code = report(&state, argv[1], &error);
    if (code == HRA_OK && !o.quiet) print_summary(&state, hra_seconds() - start);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("report group", &error);
}
