/* The texts of monitors as a person reads them: what stands in braces is a number of the results. */
#ifndef HRA_SERVICE_MONITOR_TEXTS_H
#define HRA_SERVICE_MONITOR_TEXTS_H

#include "base/buffer.h"
#include "service/enrolment/care.h"

typedef struct hra_monitor_texts hra_monitor_texts;

/* `results` must stay. NULL: out of memory. */
hra_monitor_texts *hra_monitor_texts_new(const hra_result_reader *results);
void hra_monitor_texts_free(hra_monitor_texts *texts);
/* What is unknown, or not among the results, prints as "?", as on the person's page. */
hra_code hra_monitor_texts_put(hra_monitor_texts *texts, const char *text, const hra_care_person *person,
                               hra_buffer *out, hra_error *error);

#endif
