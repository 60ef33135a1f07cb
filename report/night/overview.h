/* The head office's view of a run, for a double click: all groups in one sortable
 * table, the quality of each provider's data and files that were held; beside it
 * the account of the run and the urgent results. Static pages that stay light with
 * thousands of groups; they hold small numbers and are for the house alone. */
#ifndef HRA_REPORT_OVERVIEW_H
#define HRA_REPORT_OVERVIEW_H

#include <stdint.h>

#include "base/buffer.h"
#include "engine/language/library.h"
#include "report/tools/texts.h"

typedef struct hra_overview_request {
    const char *run;     /* folder of the run */
    const char *account; /* what will be run.json there; NULL: it is there, or there is none */
    const char *folder;  /* where index.html, run.html and urgent.html go; it is there */
    const char *prefix;  /* the way from that folder to the run's: "../" */
    const hra_library *library;
    const hra_words *words;
    const char *panel, *day; /* panel: whose roles name the diseases; day: of the run, "" where it is not known */
    const char *engine_version;
    int64_t people; /* scored */
} hra_overview_request;

typedef struct hra_overview_facts {
    int groups, providers, held;
    int64_t urgent;
    size_t bytes; /* of the page about groups */
} hra_overview_facts;

hra_code hra_overview_write(const hra_overview_request *request, hra_overview_facts *facts, hra_error *error);

/* Removes the pages that an earlier run left there. */
void hra_overview_clear(const char *folder);

#endif
