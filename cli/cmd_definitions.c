/* hra definitions: faults of definition files, the sheet to sign, and who would change category. */
#include <stdio.h>
#include <string.h>

#include "cli/definitions.h"
#include "engine/language/library.h"

int hra_cmd_definitions(int argc, char **argv);

/* ---- check ------------------------------------------------------------------------------ */

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

/* `variables`: how many the dictionary had before the files. */
static hra_code load(hra_library *library, char **files, int file_count, hra_diagnostics *faults, int *variables,
                     hra_error *error)
{
    hra_code code = hra_library_add_builtin(library, faults, error);
    if (code == HRA_OK) *variables = hra_dictionary_count(hra_library_dictionary(library));
    for (int i = 0; i < file_count && (code == HRA_OK || code == HRA_EDEFINITION); i++) {
        hra_code added = hra_library_add_file(library, files[i], faults, error);
        if (added != HRA_OK) code = added;
    }
    if (code != HRA_OK && code != HRA_EDEFINITION) return code;
    hra_code checked = hra_library_check(library, faults, error);
    if (code == HRA_OK) code = checked;
    if (code == HRA_OK && hra_library_check_urgent(library, faults) > 0) code = HRA_EDEFINITION;
    return code;
}

int hra_definitions_check(char **files, int count)
{
    hra_error error = {HRA_ENOMEM, "out of memory"};
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    int variables = 0;
    hra_code code = library && faults ? load(library, files, count, faults, &variables, &error) : HRA_ENOMEM;
    int found = faults ? hra_diagnostics_count(faults) : 0;
    if (found > 0 && code != HRA_ENOMEM) { /* what memory ran out under looks faulty and is not */
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        fprintf(stderr, "%s\n%d fault%s\n", text.bytes ? text.bytes : "", found, found == 1 ? "" : "s");
        hra_buffer_destroy(&text);
    } else if (code == HRA_OK) {
        variables = hra_dictionary_count(hra_library_dictionary(library)) - variables;
        printf("%d declarations, no faults\n", count_declarations(library, files, count) + variables);
    } else {
        hra_report_error("definitions", &error);
    }
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return (int)code;
}

/* ---- the command --------------------------------------------------------------------------- */

static int run(int argc, char **argv, const hra_definitions_options *options)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "check") == 0) return hra_definitions_check(argv + 2, argc - 2);
    if (strcmp(verb, "review") == 0 && argc == 2) return hra_definitions_review(options);
    if (strcmp(verb, "diff") == 0 && argc == 4) return hra_definitions_diff(argv[2], argv[3], options);
    fprintf(stderr, "hra definitions: expected check [FILE...], review, or diff BEFORE AFTER --on STORE; "
                    "see 'hra definitions --help'\n");
    return HRA_EUSAGE;
}

int hra_cmd_definitions(int argc, char **argv)
{
    hra_definitions_options asked = {0};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &asked.output, "FILE", "review, diff: output file (default: standard output)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &asked.definitions, "FILE", "review: more definitions; may be repeated"},
        {"signoffs", 0, HRA_OPTION_TEXTS, &asked.signoffs, "FILE",
         "review: signed sheets whose decisions are carried over; may be repeated"},
        {"on", 0, HRA_OPTION_TEXT, &asked.store, "STORE", "diff: population store to compare on"},
        {"panel", 'p', HRA_OPTION_TEXT, &asked.panel, "NAME", "diff: panel of models (default: china_corporate)"},
        {"as-of", 0, HRA_OPTION_TEXT, &asked.as_of, "DAY", "reference day for ages and dates, YYYY-MM-DD"},
        {"threads", 't', HRA_OPTION_INT, &asked.threads, "N", "diff: threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &asked.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "definitions", "check [FILE...] | review [options] | diff BEFORE AFTER --on STORE [options]",
        "check: checks definition files (*.hra) together with the built-in ones and prints every fault\n"
        "with file, line, column and what was expected. Without FILE the built-in ones are checked.\n"
        "review: writes the sheet (CSV) on which a physician approves rules and texts. A signed sheet given\n"
        "with --signoffs is valid as long as what was signed is unchanged and has not expired.\n"
        "diff: counts how many people of a store change category from BEFORE to AFTER. Each is a definition\n"
        "file or the word 'shipped'. No person is named.",
        options,
        "Examples:\n"
        "  hra definitions check house-rules.hra\n"
        "  hra definitions review -d house-rules.hra -o sheet.csv\n"
        "  hra definitions diff shipped house-rules.hra --on people.h5 --as-of 2026-12-31\n\n"
        "Exit status 3: there are faults. docs/language.md describes the language."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    return run(argc, argv, &asked);
}
