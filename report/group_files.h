/* Group results of `hra run`: one long table (groups.csv) and one JSON document
 * (groups.json). Internal figures: nothing is suppressed here; what leaves the
 * house is the report's business. */
#ifndef HRA_REPORT_GROUP_FILES_H
#define HRA_REPORT_GROUP_FILES_H

#include "engine/language/plan.h"
#include "engine/summary/group_summary.h"
#include "report/catalogue.h"

/* What both writers read. */
typedef struct hra_group_report {
    const hra_catalogue *catalogue;
    const hra_group_summary *summary;
    const hra_plan *plan; /* group actions */
    const char *language; /* "zh" or "en" */
} hra_group_report;

/* groups.csv: group, kind (people, factor, risk, category, tier, prescription), indicator, level, sex, age_band,
 * people, known, count, share, mean. Every count stands once per sex and age band and once for all. */
hra_code hra_group_csv_write(const hra_group_report *report, const char *path, hra_error *error);
hra_code hra_group_json_write(const hra_group_report *report, const char *path, hra_error *error);

/* Writes a buffer as a whole file that appears at once; frees the buffer. */
hra_code hra_write_file(const char *path, hra_buffer *text, hra_error *error);

#endif
