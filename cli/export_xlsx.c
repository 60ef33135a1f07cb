/* hra export xlsx: lists as workbooks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "cli/ended_run.h"
#include "cli/export.h"
#include "cli/setup.h"
#include "report/results/xlsx_list.h"

typedef struct export_options {
    const char *output, *language, *people, *key, *transitions;
    int sheet_rows;
    bool quiet;
} export_options;

/* What a run's folder holds that people work through. */
static const char *const work_lists[] = {"urgent.csv",           "rosters.csv",           "register.csv",
                                         "register_changes.csv", "care/follow_up.csv",    "care/monitoring.csv",
                                         "care/reminders.csv",   "care/log_template.csv", "care/satisfaction.csv"};

static hra_code convert(const export_options *o, const hra_xlsx_list_request *request, const char *from, const char *to,
                        hra_error *error)
{
    int64_t rows;
    HRA_TRY(hra_xlsx_list_convert(from, to, request, &rows, error));
    if (!o->quiet) fprintf(stderr, "%s: %lld rows\n", to, (long long)rows);
    return HRA_OK;
}

static hra_code convert_folder(const export_options *o, const hra_xlsx_list_request *request, const char *folder,
                               hra_error *error)
{
    char from[4096], to[4096], name[64];
    int made = 0;
    HRA_TRY(hra_ended_run_check(folder, error));
    HRA_TRY(hra_folder_make(o->output, error));
    for (size_t i = 0; i < sizeof work_lists / sizeof *work_lists; i++) {
        hra_xlsx_list_name(work_lists[i], name);
        if (snprintf(from, sizeof from, "%s/%s", folder, work_lists[i]) >= (int)sizeof from ||
            snprintf(to, sizeof to, "%s/%s.xlsx", o->output, name) >= (int)sizeof to)
            return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
        struct stat facts;
        if (stat(from, &facts) != 0) continue;
        HRA_TRY(convert(o, request, from, to, error));
        made++;
    }
    if (made == 0) return hra_fail(error, HRA_EINPUT, "%s holds no lists: is it a folder of 'hra run'?", folder);
    return HRA_OK;
}

static hra_code export_xlsx(const export_options *o, int count, char **paths, hra_error *error)
{
    struct stat facts;
    hra_words *words = NULL;
    hra_people_names *people = NULL;
    if (count != 1 || !o->output)
        return hra_fail(error, HRA_EUSAGE,
                        "expected a list or the folder of a run, and -o: see 'hra export xlsx --help'");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (o->sheet_rows < 0) return hra_fail(error, HRA_EUSAGE, "--sheet-rows is at least 1");
    HRA_TRY(hra_words_new(o->language, &words, error));
    hra_code code = o->people ? hra_people_names_open(o->people, o->key, &people, error) : HRA_OK;
    hra_xlsx_list_request request = {
        .words = words, .people = people, .transitions = o->transitions, .sheet_rows = o->sheet_rows};
    if (code)
        ;
    else if (stat(paths[0], &facts) == 0 && S_ISDIR(facts.st_mode))
        code = convert_folder(o, &request, paths[0], error);
    else
        code = convert(o, &request, paths[0], o->output, error);
    hra_people_names_close(people);
    hra_words_free(words);
    return code;
}

int hra_export_xlsx(int argc, char **argv)
{
    export_options o = {.language = "zh"};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "PATH", "output file; for a folder of lists, output folder"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "language of headers: zh (default) or en"},
        HRA_NAMES_OPTIONS(o.people, o.key),
        {"transitions", 0, HRA_OPTION_TEXT, &o.transitions, "FILE",
         "table of transitions, for the states that a register offers (default: built in)"},
        {"sheet-rows", 0, HRA_OPTION_INT, &o.sheet_rows, "N", "maximum number of rows per sheet (default: 1048575)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "export xlsx", "LIST.csv|FOLDER -o PATH [options]",
        "Writes lists (urgent results, rosters, register, follow-up ...) as workbooks: headers in the reader's "
        "language,\n"
        "filters, dates and numbers as such, everything else as text. A register can be read back. FOLDER is the\n"
        "folder of 'hra run'.",
        options, "Example: hra export xlsx night -o lists --key-map people.names --key house.key"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code = export_xlsx(&o, argc - 1, argv + 1, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("export xlsx", &error);
}
