#include "cli/earlier.h"

#include <string.h>

hra_code hra_earlier_open(const hra_runs_request *request, const char *previous, const hra_texts *earlier,
                          hra_runs **out, hra_error *error)
{
    enum { MOST = sizeof earlier->items / sizeof *earlier->items };
    const char *paths[MOST + 1] = {previous};
    hra_runs_request whole = *request;
    *out = NULL;
    if (earlier->count == 0) return HRA_OK;
    if (!previous)
        return hra_fail(error, HRA_EUSAGE, "--earlier is about runs before last year's: give that one with --previous");
    memcpy(paths + 1, earlier->items, (size_t)earlier->count * sizeof *paths);
    whole.earlier = paths;
    whole.earlier_count = earlier->count + 1;
    return hra_runs_open(&whole, out, error);
}
