/* hra report overview: one page about all groups of a run, for the head office. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "cli/command.h"
#include "cli/ended_run.h"
#include "cli/report.h"
#include "cli/setup.h"
#include "io/results/result_reader.h"
#include "report/night/overview.h"

enum { PATH = 4096 };

typedef struct overview_options {
    const char *folder, *language;
    hra_texts definitions;
    bool quiet;
} overview_options;

typedef struct overview_state {
    hra_result_reader *results;
    hra_library *library;
    hra_words *words;
    hra_buffer prefix;
    char folder[PATH];
    char *run, *to; /* folders, as the system knows them */
} overview_state;

/* The way from one folder to another: ../ for each level up, then down. */
static void put_way(const char *from, const char *to, hra_buffer *out)
{
    size_t same = 0;
    for (size_t i = 0; from[i] == to[i] || ((!from[i] || !to[i]) && (from[i] == '/' || to[i] == '/')); i++) {
        if (!from[i] || from[i] == '/') same = i;
        if (!from[i] || !to[i]) break;
    }
    for (const char *at = from + same; *at; at++)
        if (*at == '/' && at[1]) hra_buffer_text(out, "../");
    const char *down = to + same;
    while (*down == '/') down++;
    if (*down) hra_buffer_printf(out, "%s/", down);
}

static hra_code find_folders(const overview_options *o, overview_state *s, hra_error *error)
{
    const char *path = hra_result_reader_facts(s->results)->path, *slash = strrchr(path, '/');
    char run[PATH];
    if (snprintf(run, sizeof run, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".") >= (int)sizeof run)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_ended_run_check(run, error));
    if (snprintf(s->folder, sizeof s->folder, "%s%s", o->folder ? o->folder : run, o->folder ? "" : "/overview") >=
        (int)sizeof s->folder)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    const char *to = s->folder;
    HRA_TRY(hra_folder_make(to, error));
    s->run = realpath(run, NULL);
    s->to = realpath(to, NULL);
    if (!s->run || !s->to) return hra_fail(error, HRA_EIO, "%s cannot be read: %m", s->run ? to : run);
    put_way(s->to, s->run, &s->prefix);
    if (!s->prefix.bytes) hra_buffer_text(&s->prefix, "");
    return s->prefix.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code overview(const overview_options *o, const char *results, overview_state *s, hra_error *error)
{
    hra_overview_facts facts = {0};
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    HRA_TRY(hra_result_reader_open(results, &s->results, error));
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    HRA_TRY(hra_words_new(o->language, &s->words, error));
    HRA_TRY(find_folders(o, s, error));
    const hra_result_facts *run = hra_result_reader_facts(s->results);
    const hra_overview_request request = {.run = s->run,
                                          .folder = s->to,
                                          .prefix = s->prefix.bytes,
                                          .library = s->library,
                                          .words = s->words,
                                          .panel = run->panel,
                                          .day = run->as_of,
                                          .engine_version = HRA_VERSION,
                                          .people = run->rows};
    HRA_TRY(hra_overview_write(&request, &facts, error));
    if (!o->quiet)
        fprintf(stderr, "%s/index.html: %d group%s, %lld urgent result%s, %.0f KB\n", s->folder, facts.groups,
                facts.groups == 1 ? "" : "s", (long long)facts.urgent, facts.urgent == 1 ? "" : "s",
                (double)facts.bytes / 1000);
    return HRA_OK;
}

static void destroy(overview_state *s)
{
    hra_result_reader_close(s->results);
    hra_words_free(s->words);
    hra_library_free(s->library);
    hra_buffer_destroy(&s->prefix);
    free(s->run);
    free(s->to);
}

int hra_report_overview(int argc, char **argv)
{
    overview_options o = {.language = "zh"};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER", "folder for the pages (default: overview/ of the run)"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "zh (default) or en"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE",
         "the definitions that the run had; may be repeated"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "report overview", "RESULTS [-o FOLDER] [options]",
        "Writes the overview of a run for the head office, FOLDER/index.html: all groups in a sortable table with "
        "links\n"
        "to their reports, data quality by source, held files; also the account of the run and the urgent results.\n"
        "It opens by double click, also from another folder as long as both folders stay where they are. 'hra run'\n"
        "writes it too. Write the group reports first ('hra report group'), so that it can link to them.",
        options, "Example: hra report overview night"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    if (argc != 2) {
        hra_fail(&error, HRA_EUSAGE, "give the folder of one run; see 'hra report overview --help'");
        return hra_report_error("report overview", &error);
    }
    overview_state state = {0};
    hra_code code = overview(&o, argv[1], &state, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("report overview", &error);
}
