/* Whether the files in the folder of a run are of one run. */
#ifndef HRA_CLI_ENDED_RUN_H
#define HRA_CLI_ENDED_RUN_H

#include "base/fail.h"

/* Refuses the folder of a run that goes on or was stopped. Results of other commands have no account. */
hra_code hra_ended_run_check(const char *folder, hra_error *error);

#endif
