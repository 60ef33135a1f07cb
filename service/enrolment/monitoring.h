/* What is monitored of a person: plan, reminders and the template of the diary. */
#ifndef HRA_SERVICE_MONITORING_H
#define HRA_SERVICE_MONITORING_H

#include "service/enrolment/care.h"

typedef struct hra_monitoring hra_monitoring;

hra_code hra_monitoring_new(const hra_care_request *request, hra_care *care, hra_monitoring **out, hra_error *error);
void hra_monitoring_free(hra_monitoring *monitoring);
hra_code hra_monitoring_add(hra_monitoring *monitoring, const hra_care_person *person, hra_care_account *account,
                            hra_error *error);
hra_code hra_monitoring_finish(hra_monitoring *monitoring, hra_error *error); /* the three files appear */

#endif
