/* Checks definition files without the rest of hra: check_definitions FILE... */
#include <stdio.h>
#include <string.h>

#include "engine/language/library.h"

static void forget_missing(hra_library *library) { (void)library; }

int main(int argc, char **argv)
{
    hra_library *library = hra_library_new();
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error = {0};
    if (!library || !diagnostics) return 6;
    forget_missing(library);
    int status = 0;
    for (int i = 1; i < argc; i++) {
        hra_code code = hra_library_add_file(library, argv[i], diagnostics, &error);
        if (code != HRA_OK && code != HRA_EDEFINITION) {
            fprintf(stderr, "%s\n", error.message);
            status = (int)code;
        }
    }
    hra_code code = hra_library_check(library, diagnostics, &error);
    if (code != HRA_OK && code != HRA_EDEFINITION) fprintf(stderr, "%s\n", error.message);
    hra_buffer out = {0};
    hra_diagnostics_print(diagnostics, &out);
    if (out.bytes) fputs(out.bytes, stdout);
    int faults = hra_diagnostics_count(diagnostics);
    if (faults)
        printf("\n%d faults\n", faults);
    else
        printf("%d declarations, no faults\n", hra_library_declaration_count(library));
    hra_buffer_destroy(&out);
    hra_diagnostics_free(diagnostics);
    hra_library_free(library);
    return faults ? 3 : status;
}
