/* hra definitions check: all faults of definition files, with line and caret. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "engine/language/library.h"

int hra_cmd_definitions(int argc, char **argv);

/* Declarations of the given files; without files, of the built-in ones. */
static int count_declarations(const hra_library *library, char **files, int file_count)
{
    int count = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        bool counts = file_count == 0;
        for (int k = 0; k < file_count; k++) counts |= strcmp(d->file, files[k]) == 0;
        count += counts;
    }
    return count;
}

static hra_code load(hra_library *library, char **files, int file_count, hra_diagnostics *faults, hra_error *error)
{
    hra_code code = hra_library_add_builtin(library, faults, error);
    for (int i = 0; i < file_count && (code == HRA_OK || code == HRA_EDEFINITION); i++) {
        hra_code added = hra_library_add_file(library, files[i], faults, error);
        if (added != HRA_OK) code = added;
    }
    if (code != HRA_OK && code != HRA_EDEFINITION) return code;
    hra_code checked = hra_library_check(library, faults, error);
    return checked != HRA_OK ? checked : code;
}

static int check(char **files, int file_count)
{
    hra_error error = {HRA_ENOMEM, "out of memory"};
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_code code = library && faults ? load(library, files, file_count, faults, &error) : HRA_ENOMEM;
    int found = faults ? hra_diagnostics_count(faults) : 0;
    if (found > 0) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        fprintf(stderr, "%s\n%d fault%s\n", text.bytes ? text.bytes : "", found, found == 1 ? "" : "s");
        hra_buffer_destroy(&text);
    } else if (code == HRA_OK) {
        printf("%d declarations, no faults\n", count_declarations(library, files, file_count));
    } else {
        hra_report_error("definitions", &error);
    }
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return (int)code;
}

int hra_cmd_definitions(int argc, char **argv)
{
    const hra_option options[] = {{0}};
    const hra_usage usage = {
        "definitions", "check [FILE...]",
        "Checks definition files (*.hra) together with the built-in ones and prints every fault\n"
        "with file, line, column and what was expected. Without FILE the built-in ones are checked.",
        options,
        "Examples:\n  hra definitions check house-rules.hra\n\n"
        "Exit status 3 means that there are faults. The language: docs/language.md."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 2 || strcmp(argv[1], "check") != 0) {
        fprintf(stderr, "hra definitions: what to do? 'hra definitions check [FILE...]'\n");
        return HRA_EUSAGE;
    }
    return check(argv + 2, argc - 2);
}
