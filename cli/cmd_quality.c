/* hra quality: what each source sends, judged by a policy; one report per provider. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/quality_step.h"

int hra_cmd_quality(int argc, char **argv);

typedef struct quality_options {
    hra_input_options input;
    hra_texts definitions;
    const char *folder, *policy, *history, *as_of, *language;
    int threads;
} quality_options;

static hra_code check_options(const quality_options *o, int count, double *as_of, hra_error *error)
{
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "give at least one file");
    if (!o->folder) return hra_fail(error, HRA_EUSAGE, "give a folder for the reports with -o FOLDER");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (!hra_setup_day(o->as_of, as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    return HRA_OK;
}

static hra_code report(const quality_options *o, int count, char **paths, double as_of, const hra_library *library,
                       hra_checked_inputs *checked, hra_error *error)
{
    int threads = hra_setup_threads(o->threads);
    hra_quality *quality;
    if (o->input.profiles)
        HRA_TRY(
            hra_checked_inputs_open(&o->input, (const char *const *)paths, count, library, threads, checked, error));
    hra_quality_step step = {.input = &o->input,
                             .paths = (const char *const *)paths,
                             .path_count = count,
                             .library = library,
                             .policy = o->policy,
                             .history = o->history,
                             .folder = o->folder,
                             .language = o->language,
                             .as_of = as_of,
                             .threads = threads};
    HRA_TRY(hra_quality_step_run(&step, checked, &quality, error));
    hra_code code = hra_quality_save(quality, error);
    fputs(quality->summary.bytes ? quality->summary.bytes : "", stdout);
    printf("%d provider%s, %d warning%s, %d file%s held, %d not read; reports in %s\n", quality->providers,
           quality->providers == 1 ? "" : "s", quality->warnings, quality->warnings == 1 ? "" : "s", quality->held,
           quality->held == 1 ? "" : "s", quality->not_read, o->folder);
    int not_read = quality->not_read;
    hra_quality_free(quality);
    HRA_TRY(code);
    HRA_TRY(hra_checked_inputs_verdict(checked, error));
    return not_read ? hra_fail(error, HRA_EINPUT, "%d file%s could not be read", not_read, not_read == 1 ? "" : "s")
                    : HRA_OK;
}

int hra_cmd_quality(int argc, char **argv)
{
    quality_options o = {.language = "zh"};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER", "folder for the reports; created if it does not exist"},
        {"profiles", 0, HRA_OPTION_TEXT, &o.input.profiles, "DIR", "folder of profiles that say how to read each file"},
        {"history", 0, HRA_OPTION_TEXT, &o.history, "DIR",
         "figures of earlier deliveries, to compare with; updated by this one"},
        {"policy", 0, HRA_OPTION_TEXT, &o.policy, "FILE", "limits that replace the built-in ones (docs/quality.md)"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "the day of the delivery, YYYY-MM-DD"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "language of the reports: zh (default) or en"},
        {"map", 0, HRA_OPTION_TEXT, &o.input.map, "FILE", "map file: lines 'COLUMN = variable [unit]'"},
        {"units", 0, HRA_OPTION_TEXT, &o.input.units, "LIST", "units of columns, for example tc=mg/dL,height=m"},
        {"encoding", 0, HRA_OPTION_TEXT, &o.input.encoding, "NAME",
         "utf-8, gb18030, big5 or windows-1252 (default: detected)"},
        {"delimiter", 0, HRA_OPTION_TEXT, &o.input.delimiter, "CHAR",
         "column separator, 'tab' for tab (default: detected)"},
        {"header-row", 0, HRA_OPTION_INT, &o.input.header_row, "N", "line of the header (default: detected)"},
        {"sheet", 0, HRA_OPTION_TEXT, &o.input.sheet, "NAME", "sheet of workbooks, table of web pages and HDF5 files"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "file with more variables; may be repeated"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        {0}};
    const hra_usage usage = {
        "quality", "FILE... -o FOLDER [options]",
        "Checks the data of each source: completeness, rejected and implausible values, units, rounding, dates,\n"
        "duplicates, and changes since its last delivery. Writes PROVIDER.html, .csv and .json, which can be sent\n"
        "back: they contain counts and shares, no person's data. Exit status 9: the policy or a profile holds a file.",
        options,
        "Example:\n"
        "  hra quality deliveries/*.csv --profiles profiles --history history --as-of 2026-11-22 -o quality"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_setup_catch_signals();
    hra_error error = {0};
    hra_library *library = NULL;
    hra_checked_inputs checked = {0};
    double as_of;
    hra_code code = check_options(&o, argc - 1, &as_of, &error);
    if (code == HRA_OK) code = hra_setup_library(&o.definitions, &library, &error);
    if (code == HRA_OK) code = report(&o, argc - 1, argv + 1, as_of, library, &checked, &error);
    hra_checked_inputs_close(&checked);
    hra_library_free(library);
    return code == HRA_OK ? hra_finish_stdout(HRA_OK) : hra_report_error("quality", &error);
}
