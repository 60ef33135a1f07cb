/* hra export: what hra found, for other programs. One row per kind. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/export.h"
#include "cli/options.h"

int hra_cmd_export(int argc, char **argv);

static const hra_command kinds[] = {
    {"xlsx", "lists as Excel workbooks", hra_export_xlsx},
    {"fhir", "risks as FHIR R4, one resource per line", hra_export_fhir},
    {"research", "a table of the people who agreed, without identifiers", hra_export_research},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static int help(int status)
{
    FILE *to = status ? stderr : stdout;
    fprintf(to, "Usage: hra export KIND INPUT -o PATH [options]\n\n"
                "Writes results for other programs. KIND is one of:\n\n");
    for (int i = 0; i < KINDS; i++) fprintf(to, "  %-12s %s\n", kinds[i].name, kinds[i].summary);
    fprintf(to, "\n"
                "'hra export KIND --help' explains one.\n");
    return status ? status : hra_finish_stdout(0);
}

int hra_cmd_export(int argc, char **argv)
{
    if (argc < 2) return help(HRA_EUSAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return help(0);
    for (int i = 0; i < KINDS; i++)
        if (strcmp(argv[1], kinds[i].name) == 0) return kinds[i].run(argc - 1, argv + 1);
    fprintf(stderr, "hra export: there is no export '%s'; see 'hra export --help'\n", argv[1]);
    return HRA_EUSAGE;
}
