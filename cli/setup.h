/* What the commands share: the library with the user's definitions, an input
 * of either kind as a source, signals, times and memory. */
#ifndef HRA_CLI_SETUP_H
#define HRA_CLI_SETUP_H

#include "cli/options.h"
#include "engine/language/library.h"
#include "engine/language/plan.h"
#include "engine/run/runner.h"
#include "io/csv/csv_source.h"
#include "io/csv/keep.h"

/* How text inputs are read; one struct behind the options of score, run and explain. */
typedef struct hra_input_options {
    const char *map, *profiles, *units, *encoding, *delimiter, *sheet, *key, *issuer, *rejects, *keep;
    const char *language; /* of the reasons why files are held; NULL: English */
    int header_row;
    hra_summary_file *known; /* of a store that was looked at before, and is taken over; NULL: of none */
} hra_input_options;

/* Rows of an option table for hra_input_options; `i` is the struct. */
#define HRA_INPUT_OPTIONS(i)                                                                                           \
    {"map", 0, HRA_OPTION_TEXT, &(i).map, "FILE", "map file: lines 'COLUMN = variable [unit]'"},                       \
        {"profiles", 0, HRA_OPTION_TEXT, &(i).profiles, "DIR", "folder of profiles that say how to read each file"},   \
        {"units", 0, HRA_OPTION_TEXT, &(i).units, "LIST", "units of columns, for example tc=mg/dL,height=m"},          \
        {"encoding",    0,      HRA_OPTION_TEXT,                                                                       \
         &(i).encoding, "NAME", "utf-8, gb18030, big5 or windows-1252 (default: detected)"},                           \
        {"delimiter",    0,      HRA_OPTION_TEXT,                                                                      \
         &(i).delimiter, "CHAR", "column separator, 'tab' for tab (default: detected)"},                               \
        {"sheet",         0,                                                                                           \
         HRA_OPTION_TEXT, &(i).sheet,                                                                                  \
         "NAME",          "sheet of workbooks (default: the first), table of web pages (the largest) and HDF5 files"}, \
        {"header-row", 0, HRA_OPTION_INT, &(i).header_row, "N", "line of the header (default: detected)"},             \
        {"key", 0, HRA_OPTION_TEXT, &(i).key, "FILE", "key file for hashing identifiers"},                             \
        {"keep", 0, HRA_OPTION_TEXT, &(i).keep, "COLS", "own columns to carry into the results: outcome,time=COLUMN"}, \
        {"issuer", 0, HRA_OPTION_TEXT, &(i).issuer, "NAME", "who issued the identifiers (default: none)"},             \
    {                                                                                                                  \
        "rejects", 0, HRA_OPTION_TEXT, &(i).rejects, "FILE",                                                           \
            "file for rejected values and rows (default: beside the output)"                                           \
    }

/* Rows of an option table where reports and lists show names; the first was --people in some commands. */
#define HRA_NAMES_OPTIONS(key_map, key)                                                                                \
    {"key-map", 0, HRA_OPTION_TEXT, &(key_map), "FILE", "key map of the import, for names (with --key)"},              \
        {"people", 0, HRA_OPTION_TEXT, &(key_map), "FILE", NULL},                                                      \
    {                                                                                                                  \
        "key", 0, HRA_OPTION_TEXT, &(key), "FILE", "key file of the key map"                                           \
    }

/* Built-in definitions and the given files, checked. Faults are printed to standard error. */
hra_code hra_setup_library(const hra_texts *definitions, hra_library **out, hra_error *error);
/* The same, for nothing but these models and panels; for none of them nothing but the dictionary. */
hra_code hra_setup_narrow_library(const hra_texts *definitions, const char *const *names, int count, hra_library **out,
                                  hra_error *error);

/* Columns of their own: those that --keep names, or that a population store carries. Where there are any, the library
 * is made anew with them declared, and csv->keep is set. Called before the input is opened; *keep is the caller's:
 * NULL, or what the store carries if that was read before. */
hra_code hra_setup_keep(const hra_texts *definitions, const char *const *paths, int path_count,
                        const hra_input_options *options, hra_csv_options *csv, hra_library **library, hra_keep **keep,
                        hra_error *error);
/* The same with known columns, for inputs of several stores; nothing happens where there are none. */
hra_code hra_setup_declare_kept(const hra_texts *definitions, const hra_keep *keep, hra_library **library,
                                hra_error *error);
/* The definitions that a store is read by: its own columns are declared. `store` NULL: those without any. */
hra_code hra_setup_store_library(const hra_texts *definitions, const char *store, hra_library **out, hra_error *error);

/* What is open for one input. */
typedef struct hra_input {
    hra_source *source;
    hra_identity *identity;
    bool is_store;
} hra_input;

hra_code hra_setup_input(const char *const *paths, int path_count, const hra_library *library,
                         const hra_input_options *options, const hra_csv_options *csv, hra_input *input,
                         hra_error *error);
void hra_setup_close(hra_input *input);
/* Of the key the person keys of this input are hashed with; "" if none. */
const char *hra_setup_key_fingerprint(const hra_input *input);

/* Refuses text inputs of which no column is known; names columns that are not
 * used, with the reason, on standard error unless quiet. */
hra_code hra_setup_check_columns(const char *command, const hra_input *input, bool quiet, hra_error *error);

/* csv options from the command line's; false: a bad delimiter (error is filled). */
bool hra_setup_csv_options(const hra_input_options *options, hra_csv_options *csv, hra_error *error);

/* "a,b,c" split in place of a copy kept by the list. */
typedef struct hra_list {
    char *text;
    const char **items;
    int count;
} hra_list;
hra_code hra_list_split(const char *text, hra_list *list, hra_error *error); /* also at spaces */
hra_code hra_list_split_at(const char *text, const char *separators, hra_list *list, hra_error *error);
void hra_list_destroy(hra_list *list);

/* "2026-11-21" to a day; NaN and true for NULL. */
bool hra_setup_day(const char *text, double *day);
bool hra_setup_range_policy(const char *text, hra_range_policy *policy);

/* What is to be computed, as the command line says it; NULL: not given. */
typedef struct hra_what_options {
    const char *panel, *models, *range, *as_of;
} hra_what_options;
/* The panel or the models, the default panel if neither is given; what to do outside the range, and the day. `models`
 * keeps their names. */
hra_code hra_setup_request(const hra_what_options *what, hra_list *models, hra_plan_request *request, hra_error *error);

/* Set by SIGINT and SIGTERM after hra_setup_catch_signals. */
extern volatile int hra_setup_stop;
void hra_setup_catch_signals(void);

long hra_setup_peak_kib(void);    /* peak resident memory */
int hra_setup_threads(int asked); /* 0: all processors */

#endif
