/* A delivery against the provider's last one. */
#ifndef HRA_INTAKE_QUALITY_DRIFT_H
#define HRA_INTAKE_QUALITY_DRIFT_H

#include "intake/quality/quality_internal.h"

/* Findings of drift; needs request->history and request->as_of. */
hra_code hra_quality_drift(hra_quality_job *job, hra_quality_delivery *delivery);
/* Keeps what is compared next time: of the columns given (of the files that are not held). */
hra_code hra_quality_remember(hra_quality_job *job, const hra_quality_delivery *delivery);

#endif
