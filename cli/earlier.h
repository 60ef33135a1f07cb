/* The runs before this one, as options give them: last year's (--previous) and those before (--earlier). */
#ifndef HRA_CLI_EARLIER_H
#define HRA_CLI_EARLIER_H

#include "cli/options.h"
#include "service/years/runs.h"

/* `request` says everything but which runs. Nothing (NULL) without --earlier. */
hra_code hra_earlier_open(const hra_runs_request *request, const char *previous, const hra_texts *earlier,
                          hra_runs **out, hra_error *error);

#endif
