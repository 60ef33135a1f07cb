#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_CELLS = 24 };
static const double LOG_INTERVAL = 10.0;

hra_progress_bar hra_progress_bar_start(const char *what, bool quiet)
{
    return (hra_progress_bar){.what = what, .quiet = quiet, .terminal = isatty(STDERR_FILENO) == 1};
}

/* The share done by rows where their number is known, else by bytes; -1: unknown. */
static double share_done(const hra_progress *p)
{
    double share = -1;
    if (p->rows_total > 0)
        share = (double)p->rows_done / (double)p->rows_total;
    else if (p->bytes_total > 0)
        share = (double)p->bytes_done / (double)p->bytes_total;
    return share > 1 ? 1 : share;
}

/* "1,234,567" */
static void group_digits(long long number, char *out, size_t size)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%lld", number);
    size_t used = 0;
    for (int i = 0; i < length && used + 2 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0) out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

static void describe_time(double seconds, char *out, size_t size)
{
    long s = (long)(seconds + 0.5);
    if (s < 60)
        snprintf(out, size, "%ld s", s);
    else if (s < 3600)
        snprintf(out, size, "%ld min %02ld s", s / 60, s % 60);
    else
        snprintf(out, size, "%ld h %02ld min", s / 3600, s / 60 % 60);
}

void hra_progress_bar_show(void *context, const hra_progress *progress)
{
    hra_progress_bar *bar = context;
    if (progress->seconds < bar->last_shown) bar->last_shown = 0; /* the next step began */
    if (bar->quiet || (!bar->terminal && progress->seconds - bar->last_shown < LOG_INTERVAL)) return;
    bar->last_shown = progress->seconds;
    char what[64], rows[40], rate[40], left[48] = "", time_left[32];
    snprintf(what, sizeof what, "%s%s%s", bar->what, progress->step ? ", " : "", progress->step ? progress->step : "");
    double share = share_done(progress);
    double per_second = progress->seconds > 0 ? (double)progress->rows_done / progress->seconds : 0;
    group_digits(progress->rows_done, rows, sizeof rows);
    group_digits((long long)per_second, rate, sizeof rate);
    if (share > 0.01 && progress->seconds > 0.5) {
        describe_time(progress->seconds * (1 - share) / share, time_left, sizeof time_left);
        snprintf(left, sizeof left, ", %s left", time_left);
    }
    if (!bar->terminal) {
        if (share >= 0)
            fprintf(stderr, "%s: %3.0f %%, ", what, 100 * share);
        else
            fprintf(stderr, "%s: ", what);
        fprintf(stderr, "%s rows, %s rows/s%s\n", rows, rate, left);
        return;
    }
    char cells[BAR_CELLS + 1];
    int full = share < 0 ? 0 : (int)(share * BAR_CELLS);
    memset(cells, '-', BAR_CELLS);
    memset(cells, '#', (size_t)full);
    cells[BAR_CELLS] = '\0';
    if (share >= 0)
        fprintf(stderr, "\r%s [%s] %3.0f %%  %s rows, %s rows/s%s\033[K", what, cells, 100 * share, rows, rate, left);
    else
        fprintf(stderr, "\r%s  %s rows, %s rows/s\033[K", what, rows, rate);
    fflush(stderr);
    bar->drawn = true;
}

void hra_progress_bar_end(hra_progress_bar *bar)
{
    if (bar->drawn) fprintf(stderr, "\r\033[K");
    bar->drawn = false;
}
