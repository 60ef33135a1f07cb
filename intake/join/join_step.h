/* How far a step of a join is that goes through rows: told now and then, as a run does. */
#ifndef HRA_INTAKE_JOIN_STEP_H
#define HRA_INTAKE_JOIN_STEP_H

#include "intake/join/join.h"

typedef struct hra_join_step {
    const hra_join_request *request;
    const char *name;
    int64_t total, done;
    double started, shown;
} hra_join_step;

hra_join_step hra_join_step_new(const hra_join_request *request, const char *name, int64_t total);
/* One row more. Fails when the run is to stop. */
hra_code hra_join_step_row(hra_join_step *step, hra_error *error);
/* All rows are through. */
void hra_join_step_end(hra_join_step *step);

#endif
