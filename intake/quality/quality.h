/* Quality of deliveries: what each source sends, judged by a policy, before anything is imported. Per provider one
 * report that can be sent back to it (HTML, CSV, JSON): counts and shares, no person's data. A policy may hold a file,
 * exactly as a profile that does not fit does. Judging and writing are two steps, so that what must be known first
 * (urgent results) waits for no report. Deliveries are compared with the provider's last one by aggregate
 * figures kept in a history folder. */
#ifndef HRA_INTAKE_QUALITY_H
#define HRA_INTAKE_QUALITY_H

#include "base/buffer.h"
#include "engine/run/runner.h"
#include "io/csv/csv_source.h"

typedef struct hra_quality_input {
    const char *path;
    const char *name;             /* as it is told; NULL: that of the file without its folders */
    const hra_delivery *delivery; /* how it is read; NULL: by request->csv */
    const char *provider;         /* NULL: the file stands for itself */
    bool checkup;                 /* absent columns are found of checkups alone */
    const char *held;             /* why it will not be read anyway; NULL: it will */
} hra_quality_input;

typedef struct hra_quality_request {
    const hra_quality_input *inputs;
    int input_count;
    const hra_dictionary *dictionary;
    const hra_csv_options *csv; /* as the import reads; duplicates and rejects are the report's own */
    const char *policy;         /* NULL: the built-in one */
    const char *history;        /* folder, made if it is not there; NULL: none */
    const char *folder;         /* where reports go, made if it is not there */
    const char *language;       /* "zh" or "en" */
    double as_of;               /* day of the delivery; NaN: not known (no history, no future dates) */
    int threads;                /* 0: all processors */
    const volatile int *stop;
    void (*progress)(void *context, const hra_progress *progress);
    void *progress_context;
} hra_quality_request;

typedef struct hra_quality {
    const char **reasons; /* per input: why the policy holds it, one line or several; NULL: it does not */
    int warnings, held, not_read, providers;
    hra_buffer summary;             /* for people */
    struct hra_quality_page *pages; /* not yet written: reports and history */
    int page_count;
    const char *folder, *history;
    void *memory; /* private */
} hra_quality;

/* Reads and judges all inputs; writes nothing. */
hra_code hra_quality_report(const hra_quality_request *request, hra_quality **out, hra_error *error);
/* Puts the reports and the history in place. */
hra_code hra_quality_save(const hra_quality *quality, hra_error *error);
void hra_quality_free(hra_quality *quality);

#endif
