/* hra models: what the definitions say, and whether they compute what was published. */
#include <stdio.h>
#include <string.h>

#include "cli/models.h"
#include "cli/options.h"
#include "cli/setup.h"

int hra_cmd_models(int argc, char **argv);

int hra_models_print(hra_buffer *out)
{
    bool failed = out->failed;
    if (!failed && out->bytes) fputs(out->bytes, stdout);
    hra_buffer_destroy(out);
    if (failed) fprintf(stderr, "hra models: out of memory\n");
    return failed ? HRA_ENOMEM : HRA_OK;
}

int hra_models_unknown(const hra_library *library, const char *id)
{
    const char *meant = hra_library_suggest(library, id);
    fprintf(stderr, "hra models: nothing is declared as '%s'", id);
    if (meant) fprintf(stderr, "; did you mean '%s'?", meant);
    fprintf(stderr, "; 'hra models search WORD' finds models\n");
    return HRA_EUSAGE;
}

static int run(const hra_library *library, int argc, char **argv, const hra_models_options *options)
{
    const char *verb = argc > 1 ? argv[1] : "list";
    if (strcmp(verb, "list") == 0 && argc <= 2) return hra_models_list(library, NULL, 0, options);
    if (strcmp(verb, "search") == 0 && argc > 2) return hra_models_list(library, argv + 2, argc - 2, options);
    if (strcmp(verb, "show") == 0 && argc == 3) return hra_models_show(library, argv[2], options);
    if (strcmp(verb, "verify") == 0) return hra_models_verify(library, argv + 2, argc - 2, options);
    if (strcmp(verb, "docs") == 0 && argc == 3) return hra_models_docs(library, argv[2], options);
    fprintf(stderr, "hra models: expected list, search WORD..., show ID, verify [ID...] or docs DIR; "
                    "see 'hra models --help'\n");
    return HRA_EUSAGE;
}

int hra_cmd_models(int argc, char **argv)
{
    hra_models_options asked = {0};
    hra_texts definitions = {0};
    const hra_option options[] = {
        {"json", 0, HRA_OPTION_FLAG, &asked.json, NULL, "list, search, show, verify: as JSON"},
        {"details", 0, HRA_OPTION_FLAG, &asked.details, NULL,
         "list, search: also the outcome and the names of the inputs"},
        {"speed", 0, HRA_OPTION_FLAG, &asked.speed, NULL, "list, search: also people a second, measured now"},
        {"vectors", 0, HRA_OPTION_TEXT, &asked.vectors, "DIR",
         "verify, docs: reference rows (default: the installed ones)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &definitions, "FILE", "definitions of your own (may be repeated)"},
        {0}};
    const hra_usage usage = {
        "models", "[list | search WORD... | show ID | verify [ID...] | docs DIR] [options]",
        "Lists the models, searches them, shows one with its source, inputs and formula, or verifies\n"
        "that this machine computes what was published: every model against its reference rows, on\n"
        "every instruction set (or the one HRA_ISA names).",
        options,
        "Examples:\n  hra models search stroke china --details\n  hra models show china_par_2016\n"
        "  hra models verify\n\n"
        "'show' also takes the id of a risk factor, tier, prescription, table, let or panel. 'verify' ends with\n"
        "exit status 4 if an answer differs. 'docs' writes models.md and models/*.md, the pages of docs/."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_library *library = NULL;
    hra_error error = {0};
    if (hra_setup_library(&definitions, &library, &error) != HRA_OK) return hra_report_error("models", &error);
    status = run(library, argc, argv, &asked);
    hra_library_free(library);
    return status;
}
