/* Options as typed rows: parsing, usage and help come from one table.
 *
 *     int threads = 0; const char *output = NULL; bool quiet = false;
 *     const hra_option options[] = {
 *         {"output", 'o', HRA_OPTION_TEXT, &output, "FILE", "where results go (.h5 or .csv)"},
 *         {"threads", 0, HRA_OPTION_INT, &threads, "N", "threads (default: all processors)"},
 *         {"quiet", 'q', HRA_OPTION_FLAG, &quiet, NULL, "no progress, no summary"},
 *         {0}};
 *     const hra_usage usage = {"score", "INPUT -o OUTPUT [options]", "Computes ...", options, "Examples: ..."};
 *     int status = hra_options_parse(&usage, &argc, argv);   // leaves positional arguments in argv[1..argc-1]
 *     if (status >= 0) return status;                        // --help (0) or a usage error (2)
 */
#ifndef HRA_CLI_OPTIONS_H
#define HRA_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/fail.h"

typedef enum hra_option_type {
    HRA_OPTION_FLAG, /* bool * */
    HRA_OPTION_TEXT, /* const char ** */
    HRA_OPTION_INT,  /* int * */
    HRA_OPTION_LONG, /* long long * */
    HRA_OPTION_REAL, /* double * */
    HRA_OPTION_TEXTS /* hra_texts *: may be given several times */
} hra_option_type;

typedef struct hra_texts {
    const char *items[64];
    int count;
} hra_texts;

typedef struct hra_option {
    const char *name; /* without the dashes; 0 ends the table */
    char letter;      /* 0: none */
    hra_option_type type;
    void *value;
    const char *placeholder; /* "FILE"; NULL for flags */
    const char *help;        /* NULL: an older spelling of the option with the same value; not shown */
} hra_option;

typedef struct hra_usage {
    const char *command, *arguments, *description;
    const hra_option *options;
    const char *more; /* examples and notes after the options, may be NULL */
} hra_usage;

/* --name value, --name=value, -x value, -- ends options; each once but flags and lists. -1: go on; else the exit status
 * to return with (0 after --help on standard output, 2 after an error on standard error). */
int hra_options_parse(const hra_usage *usage, int *argc, char **argv);

/* Prints "hra COMMAND: message" to standard error and returns the code as exit status. */
int hra_report_error(const char *command, const hra_error *error);

/* Closes standard output and turns a failure (full disk) into exit status 5. */
int hra_finish_stdout(int status);

#endif
