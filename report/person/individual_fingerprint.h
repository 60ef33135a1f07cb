/* Whether two reports would be the same: a hash of everything a person's report
 * is made from. That is the stamp of the call (engine, definitions, texts,
 * language, day, options), the person's key, labels, name, inputs with their
 * marks, results with their statuses, last year's values and risks, and the
 * checkups of earlier runs. */
#ifndef HRA_REPORT_INDIVIDUAL_FINGERPRINT_H
#define HRA_REPORT_INDIVIDUAL_FINGERPRINT_H

#include "engine/run/runner.h"
#include "report/person/individual_archive.h"
#include "service/years/runs.h"
#include "service/years/years_previous.h"

typedef struct hra_fingerprints hra_fingerprints;

/* `runs`: NULL where values have no course. */
hra_code hra_fingerprints_new(const char *stamp, const hra_schema *schema, const hra_previous *previous,
                              const hra_runs *runs, int threads, hra_fingerprints **out, hra_error *error);
void hra_fingerprints_free(hra_fingerprints *fingerprints);

/* `name`: NULL where none is shown. */
void hra_fingerprint(hra_fingerprints *fingerprints, int thread, const hra_chunk *chunk, const hra_results *results,
                     int row, const char *key, const char *name, hra_fingerprint_bytes *out);

#endif
