/* The head office's view of a run: all groups in one sortable table, the run
 * itself, urgent results, the quality of each provider's data, files that were
 * held. One static page that opens by double click and stays light with
 * thousands of groups; it holds small numbers and is for the house alone. */
#ifndef HRA_REPORT_OVERVIEW_H
#define HRA_REPORT_OVERVIEW_H

#include <stdint.h>

#include "base/buffer.h"
#include "engine/language/library.h"
#include "report/texts.h"

typedef struct hra_overview_request {
    const char *run;    /* folder of the run */
    const char *prefix; /* put before links into it: "" or "../night/" */
    const hra_library *library;
    const hra_words *words;
    const char *panel, *day; /* panel: whose roles name the diseases; day: of the run, "" where it is not known */
    const char *engine_version;
    int64_t people; /* scored */
} hra_overview_request;

typedef struct hra_overview_facts {
    int groups, providers, held;
    int64_t urgent;
} hra_overview_facts;

hra_code hra_overview_write(const hra_overview_request *request, hra_buffer *out, hra_overview_facts *facts,
                            hra_error *error);

#endif
