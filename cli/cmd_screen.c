/* hra screen: who is enrolled if there are only so many places. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/folder.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "io/files/atomic_file.h"
#include "service/enrolment/screen.h"

int hra_cmd_screen(int argc, char **argv);

static hra_code screen(const hra_screen_request *request, bool quiet, hra_error *error)
{
    hra_screen_account a;
    hra_lock *lock = NULL;
    char path[4096];
    if (!request->folder) return hra_fail(error, HRA_EUSAGE, "give a folder for the list with -o FOLDER");
    if (!request->by) return hra_fail(error, HRA_EUSAGE, "give the result to rank by with --by RESULT");
    if ((size_t)snprintf(path, sizeof path, "%s/screen", request->folder) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_folder_make(request->folder, error));
    HRA_TRY(hra_lock_take(path, &lock, error));
    hra_code code = hra_screen(request, &a, error);
    hra_lock_release(lock);
    if (code || quiet) return code;
    fprintf(stderr,
            "%lld of %lld candidates enrolled (%lld people; %lld cannot be decided, %lld have no %s), %.1f of %.1f "
            "expected events\n",
            (long long)a.enrolled, (long long)a.candidates, (long long)a.people, (long long)a.undecided,
            (long long)a.unranked, request->by, a.expected_enrolled, a.expected);
    if (a.tied > 0)
        fprintf(stderr, "%lld more have the same value as the last one enrolled (%g); the seed decided among them\n",
                (long long)a.tied, a.last);
    fprintf(stderr, "in %s: screen.csv, curve.csv, screen.json\n", request->folder);
    return HRA_OK;
}

static hra_code check(hra_screen_request *request, long long capacity, bool sweep, hra_error *error)
{
    if (capacity < -1) return hra_fail(error, HRA_EUSAGE, "--capacity is a number of places, 0 or more");
    if (request->points < 1 || request->points > 100000) return hra_fail(error, HRA_EUSAGE, "--points is 1 to 100000");
    if (capacity < 0 && isnan(request->threshold) && !sweep)
        return hra_fail(error, HRA_EUSAGE, "give --capacity N, --threshold X or --sweep");
    request->capacity = sweep && capacity < 0 && isnan(request->threshold) ? 0 : capacity;
    return HRA_OK;
}

int hra_cmd_screen(int argc, char **argv)
{
    hra_screen_request request = {.threshold = NAN, .points = 200};
    hra_texts among = {0};
    long long capacity = -1, seed = 0;
    bool quiet = false, sweep = false;
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &request.folder, "FOLDER", "folder for screen.csv, curve.csv and screen.json"},
        {"by", 0, HRA_OPTION_TEXT, &request.by, "RESULT",
         "number to rank people by, largest first ('hra info RESULTS' lists them)"},
        {"capacity", 'n', HRA_OPTION_LONG, &capacity, "N", "number of places"},
        {"threshold", 0, HRA_OPTION_REAL, &request.threshold, "X", "enrol only people with at least this value"},
        {"sweep", 0, HRA_OPTION_FLAG, &sweep, NULL, "write only the curve; enrol nobody"},
        {"among", 0, HRA_OPTION_TEXTS, &among, "CONDITION",
         "only people with FLAG, !FLAG or TIER=LEVEL|LEVEL; may be repeated"},
        {"events", 0, HRA_OPTION_TEXT, &request.events, "RISK",
         "risk to add up to expected events (default: that of --by)"},
        {"outcome", 0, HRA_OPTION_TEXT, &request.outcome, "FLAG", "flag that says who had the event"},
        {"points", 0, HRA_OPTION_INT, &request.points, "N", "approximate number of points of the curve (default 200)"},
        {"seed", 0, HRA_OPTION_LONG, &seed, "N", "seed for the order of people with equal values (default 0)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "screen", "RESULTS --by RESULT --capacity N -o FOLDER [options]",
        "Ranks the people of a result store and enrols as many as there are places. Also writes a curve: for each\n"
        "threshold, how many people would be enrolled, and how many of the expected events occur among them.",
        options,
        "Example: hra screen results --by china_corporate.chd.risk --capacity 500 --among health_level=comprehensive\n"
        "         -o enrolment"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2) {
        fprintf(stderr, "hra screen: one result store is needed; see 'hra screen --help'\n");
        return HRA_EUSAGE;
    }
    hra_error error = {0};
    request.results = argv[1];
    request.among = among.items;
    request.among_count = among.count;
    request.seed = (uint64_t)seed;
    hra_code code = check(&request, capacity, sweep, &error);
    if (!code) code = screen(&request, quiet, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("screen", &error);
}
