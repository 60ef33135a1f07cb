/* hra report: what people read. One row per kind of report. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/report.h"

int hra_cmd_report(int argc, char **argv);

static const hra_command kinds[] = {
    {"individual", "one page per person: risks, what helps most, the plan", hra_report_individual},
    {"pdf", "the same for the printer: PDF files per department, group or person", hra_report_pdf},
    {"branches", "a package per branch: index, work lists, reports", hra_report_branches},
    {"group", "one page per group, for internal use or for the employer", hra_report_group},
    {"overview", "all groups of a run on one page, for the head office", hra_report_overview},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static int help(int status)
{
    FILE *to = status ? stderr : stdout;
    fprintf(to, "Usage: hra report KIND RESULTS [options]\n\n"
                "Writes reports of a run for people to read. KIND is one of:\n\n");
    for (int i = 0; i < KINDS; i++) fprintf(to, "  %-12s %s\n", kinds[i].name, kinds[i].summary);
    fprintf(to, "\n"
                "'hra report KIND --help' explains one.\n");
    return status ? status : hra_finish_stdout(0);
}

int hra_cmd_report(int argc, char **argv)
{
    if (argc < 2) return help(HRA_EUSAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return help(0);
    for (int i = 0; i < KINDS; i++)
        if (strcmp(argv[1], kinds[i].name) == 0) return kinds[i].run(argc - 1, argv + 1);
    fprintf(stderr, "hra report: there is no report '%s'; see 'hra report --help'\n", argv[1]);
    return HRA_EUSAGE;
}
