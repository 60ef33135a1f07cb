/* hra compare: two years of the same people. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/setup.h"
#include "io/atomic_file.h"
#include "service/years.h"

int hra_cmd_compare(int argc, char **argv);

static hra_code compare(hra_years_request *request, const hra_texts *definitions, bool quiet, hra_error *error)
{
    hra_library *library = NULL;
    hra_lock *lock = NULL;
    hra_years_account account;
    char path[4096];
    if (!request->folder) return hra_fail(error, HRA_EUSAGE, "where should the comparison go? Give -o FOLDER");
    if ((size_t)snprintf(path, sizeof path, "%s/years", request->folder) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_setup_library(definitions, &library, error));
    request->library = library;
    hra_code code = HRA_OK;
    if (mkdir(request->folder, 0700) != 0 && errno != EEXIST)
        code = hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", request->folder);
    if (!code) code = hra_lock_take(path, &lock, error);
    if (!code) code = hra_years_compare(request, &account, error);
    if (!code && !quiet)
        fprintf(stderr,
                "%lld people now, %lld a year ago: %lld in both, %lld joined, %lld left; %s\nin %s: changes.csv, "
                "years.csv, years_indicators.csv, years.json\n",
                (long long)account.now, (long long)account.previous, (long long)account.linked,
                (long long)account.joined, (long long)account.left,
                account.same_definitions ? "both years have the same definitions"
                                         : "last year was scored again under this year's definitions",
                request->folder);
    hra_lock_release(lock);
    hra_library_free(library);
    return code;
}

int hra_cmd_compare(int argc, char **argv)
{
    hra_years_request request = {0};
    hra_texts definitions = {0};
    bool quiet = false;
    int threads = 0;
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &request.folder, "FOLDER", "the folder of the comparison's files"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &definitions, "FILE",
         "the definitions that this year was scored with; may be repeated"},
        {"population", 0, HRA_OPTION_TEXT, &request.now_population, "FILE",
         "population store of this year (default: population.h5 beside the results)"},
        {"previous-population", 0, HRA_OPTION_TEXT, &request.previous_population, "FILE", "the same of last year"},
        {"as-of", 0, HRA_OPTION_TEXT, &request.as_of, "DAY", "day of this year's run, where its results do not say it"},
        {"previous-as-of", 0, HRA_OPTION_TEXT, &request.previous_as_of, "DAY", "day of last year's run, likewise"},
        {"changes", 0, HRA_OPTION_TEXT, &request.rules, "FILE",
         "from which change on a value counts as changed (default: built in, see docs/years.md)"},
        {"indicators", 0, HRA_OPTION_TEXT, &request.indicators, "FILE",
         "service indicators to count (default: built in, see docs/indicators.md)"},
        {"threads", 't', HRA_OPTION_INT, &threads, "N", "threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "compare", "NOW PREVIOUS -o FOLDER [options]",
        "Links the people of two years by their keys and says what changed: values beyond measurement noise, and how\n"
        "much of each risk's change is the person's, the models' and the data's. NOW and PREVIOUS are result stores "
        "or\n"
        "folders of 'hra run'.",
        options, "Example: hra compare results/2026 results/2025 -o results/2026"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 3) {
        fprintf(stderr, "hra compare: this year's and last year's results are needed; see 'hra compare --help'\n");
        return HRA_EUSAGE;
    }
    hra_error error = {0};
    request.now = argv[1];
    request.previous = argv[2];
    request.threads = hra_setup_threads(threads);
    request.stop = &hra_setup_stop;
    hra_setup_catch_signals();
    hra_code code = compare(&request, &definitions, quiet, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("compare", &error);
}
