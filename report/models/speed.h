/* How fast a model is on this machine: measured, shown, never judged. */
#ifndef HRA_REPORT_SPEED_H
#define HRA_REPORT_SPEED_H

#include "engine/language/library.h"

/* Median people a second of all outputs of one model with their status, on one thread, people in memory, every input
 * known. */
hra_code hra_model_speed(const hra_library *library, const hra_declaration *model, double *people_per_second,
                         hra_error *error);

#endif
