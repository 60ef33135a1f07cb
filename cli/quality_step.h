/* Quality of inputs, before they are imported. Shared by hra quality and hra run. */
#ifndef HRA_CLI_QUALITY_STEP_H
#define HRA_CLI_QUALITY_STEP_H

#include "cli/holding.h"
#include "intake/quality/quality.h"

typedef struct hra_quality_step {
    const hra_input_options *input;
    const char *const *paths; /* stores among them are left out */
    const char *const *names; /* as files are told; NULL: without their folders */
    const bool *checkups;     /* per path: it is a checkup; NULL: what its profile says, else yes */
    int path_count;
    const hra_library *library;
    const char *policy, *history, *folder, *language;
    double as_of;
    int threads;
    bool quiet; /* no progress */
} hra_quality_step;

/* Judges every source, writes nothing yet (hra_quality_save); files that the policy holds are held in `checked`. */
hra_code hra_quality_step_run(const hra_quality_step *step, hra_checked_inputs *checked, hra_quality **out,
                              hra_error *error);

#endif
