/* Which of two registers is the older one. Its own days tell, as far as they differ: a copy keeps them, whatever was
 * entered into it since. On the same day the time of the last change tells. */
#include <math.h>
#include <sys/stat.h>

#include "base/calendar.h"
#include "io/files/same_file.h"
#include "service/enrolment/register.h"
#include "service/enrolment/register_file.h"

/* The last day that a night left in it: somebody was seen, or came into a state. NaN: none, or it cannot be told. */
static double last_day(const char *path)
{
    static const int days[] = {HRA_REGISTER_SINCE, HRA_REGISTER_LAST_SEEN};
    hra_error told_when_read;
    hra_register_file *file = NULL;
    hra_register_line line;
    double last = NAN, day;
    bool any = hra_register_open(path, &file, &told_when_read) == HRA_OK;
    while (any && hra_register_read(file, &line, &any, &told_when_read) == HRA_OK && any)
        for (int i = 0; i < 2; i++)
            if (hra_register_day(line.cells[days[i]], &day)) last = fmax(last, day);
    hra_register_close(file);
    return last;
}

/* A register without a line, as of a night in which nobody was enrolled: there is nothing to lose. */
static bool holds_nobody(const char *path)
{
    hra_error told_when_read;
    hra_register_file *file = NULL;
    hra_register_line line;
    bool any = true, read = hra_register_open(path, &file, &told_when_read) == HRA_OK &&
                            hra_register_read(file, &line, &any, &told_when_read) == HRA_OK;
    hra_register_close(file);
    return read && !any;
}

hra_code hra_register_spare_newer(const char *path, const char *output, hra_error *error)
{
    struct stat from, there;
    char from_day[HRA_DAY_TEXT], there_day[HRA_DAY_TEXT];
    if (stat(path, &from) != 0 || stat(output, &there) != 0) return HRA_OK; /* nothing to lose, or told when read */
    if (hra_is_same_file(path, output) || holds_nobody(output)) return HRA_OK;
    double was = last_day(path), is = last_day(output);
    if (is > was)
        return hra_fail(error, HRA_EUSAGE,
                        "register %s is older than %s and would take its place: its last night was %s, that of the "
                        "other %s, whose changes and entries would be lost. Give that one, or move it away, for "
                        "instance to repeat a run",
                        path, output, hra_day_text(was, from_day), hra_day_text(is, there_day));
    if (was > is) return HRA_OK;
    const struct timespec *old = &from.st_mtim, *young = &there.st_mtim;
    if (young->tv_sec < old->tv_sec || (young->tv_sec == old->tv_sec && young->tv_nsec <= old->tv_nsec)) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE,
                    "register %s is older than %s and would take its place: what staff entered there would be lost. "
                    "Give that one, or move it away, for instance to repeat a run",
                    path, output);
}

bool hra_register_is_untouched(const char *path, const char *changes, double as_of)
{
    enum { TOGETHER = 60 }; /* seconds: both wait for the disk */
    struct stat own, others;
    return stat(path, &own) == 0 && stat(changes, &others) == 0 && own.st_mtime - others.st_mtime < TOGETHER &&
           (last_day(path) == as_of || holds_nobody(path));
}
