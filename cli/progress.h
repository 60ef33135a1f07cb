/* Progress of a run on standard error: a bar with rate and time left on a
 * terminal, a plain line every ten seconds in a log, nothing when quiet.
 *
 *     hra_progress_bar bar = hra_progress_bar_start("import", quiet);
 *     options.progress = hra_progress_bar_show;
 *     options.progress_context = &bar;
 *     ... hra_run(...) ...
 *     hra_progress_bar_end(&bar);
 */
#ifndef HRA_CLI_PROGRESS_H
#define HRA_CLI_PROGRESS_H

#include <stdbool.h>

#include "engine/run/runner.h"

typedef struct hra_progress_bar {
    const char *what;
    bool quiet, terminal;
    bool drawn;        /* a bar stands on the present line */
    double last_shown; /* seconds of the run, or of its step */
} hra_progress_bar;

hra_progress_bar hra_progress_bar_start(const char *what, bool quiet);
void hra_progress_bar_show(void *bar, const hra_progress *progress);
void hra_progress_bar_end(hra_progress_bar *bar); /* clears the bar's line */

#endif
