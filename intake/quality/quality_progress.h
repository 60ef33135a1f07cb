/* How far the reading for quality reports is: bytes and rows over all files, in one line from 0 to 100 %. */
#ifndef HRA_INTAKE_QUALITY_PROGRESS_H
#define HRA_INTAKE_QUALITY_PROGRESS_H

#include "engine/run/runner.h"
#include "intake/quality/quality.h"

typedef struct hra_quality_progress {
    void (*show)(void *context, const hra_progress *progress); /* NULL: nobody looks */
    void *context;
    double started;
    int64_t bytes, bytes_done, rows_done; /* of all files; of those that are read */
} hra_quality_progress;

hra_quality_progress hra_quality_progress_new(const hra_quality_request *request);
/* Of a file that is being read: for hra_run_options. */
void hra_quality_progress_within(void *progress, const hra_progress *file);
/* A file is read. Several threads may say so. */
void hra_quality_progress_file(hra_quality_progress *progress, const char *path, int64_t rows);

#endif
