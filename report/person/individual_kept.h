/* Reports that archives of an earlier call hold, found by person. */
#ifndef HRA_REPORT_INDIVIDUAL_KEPT_H
#define HRA_REPORT_INDIVIDUAL_KEPT_H

#include "report/person/individual_archive.h"

typedef struct hra_kept_reports hra_kept_reports;

/* Looks into every FOLDER/NAME.zip. What was not written by hra, or is damaged, counts as not there. */
hra_code hra_kept_reports_open(const char *folder, hra_kept_reports **out, hra_error *error);
void hra_kept_reports_close(hra_kept_reports *kept);

/* See hra_individual_archives_kept. */
hra_code hra_kept_reports_take(const hra_kept_reports *kept, const char *key, hra_archive_entry *entry, bool *found,
                               hra_buffer *out, hra_error *error);

#endif
