/* A recalibrated risk as a definition in hra's own language (docs/language.md). */
#ifndef HRA_REPORT_RECALIBRATED_DEFINITION_H
#define HRA_REPORT_RECALIBRATED_DEFINITION_H

#include "base/buffer.h"
#include "engine/language/library.h"
#include "evaluate/recalibration.h"

typedef struct hra_recalibrated_facts {
    const hra_declaration *model; /* whose output this is */
    const char *output;
    const char *name; /* of the new model */
    double years;     /* over which the output predicts; NAN: unknown */
    const hra_new_calibration *calibration;
    const hra_agreement *before;
    int64_t people;
    double horizon, last; /* of the risks and of the follow-up, in the unit of the column `time`; NULL: none */
    const char *time, *event, *weight, *only; /* only: "COLUMN=VALUE", NULL: everybody */
    const char *version, *day;
} hra_recalibrated_facts;

void hra_recalibrated_definition(hra_buffer *out, const hra_recalibrated_facts *facts);

#endif
