#include "cli/ended_run.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static bool holds(const char *folder, const char *name)
{
    char path[4096];
    return snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path && access(path, F_OK) == 0;
}

/* Its people may be of tonight, its register and lists of the run before. The account is the first that a run removes
 * and the last that it writes; an employer's own folder has neither. */
hra_code hra_ended_run_check(const char *folder, hra_error *error)
{
    if (holds(folder, "run.json") || !holds(folder, "urgent.csv")) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s: the run in this folder has not ended (run.json is missing), so its files may be of two runs: "
                    "wait until it has, or repeat it with --resume",
                    folder);
}
