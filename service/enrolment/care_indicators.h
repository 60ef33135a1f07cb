/* What a night's results and the contacts that came back say of the service:
 * days to the report, who was told in time (indicators.csv). */
#ifndef HRA_SERVICE_CARE_INDICATORS_H
#define HRA_SERVICE_CARE_INDICATORS_H

#include "service/enrolment/care.h"

typedef struct hra_care_indicators hra_care_indicators;

/* Before the first person; the account's contacts are counted already. */
hra_code hra_care_indicators_new(const hra_care_request *request, hra_care *care, const hra_care_account *account,
                                 hra_care_indicators **out, hra_error *error);
void hra_care_indicators_free(hra_care_indicators *indicators);
hra_code hra_care_indicators_add(hra_care_indicators *indicators, const hra_care_person *person, hra_error *error);
hra_code hra_care_indicators_finish(hra_care_indicators *indicators, hra_error *error);

#endif
