/* hra compare: two years of the same people; with earlier runs the course of their values over all of them. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "io/files/atomic_file.h"
#include "service/years/courses.h"
#include "service/years/plan_effect.h"
#include "service/years/years.h"

int hra_cmd_compare(int argc, char **argv);

typedef struct compare_request {
    hra_years_request years;
    const char *const *earlier; /* the run before, then others; more than one: courses are written */
    int earlier_count;
    const char *policy, *registered;
    bool quiet;
} compare_request;

/* Before anything is written, so that a run that does not belong here is told at once. */
static hra_code open_runs(const compare_request *q, const char *beside, hra_runs **runs, hra_error *error)
{
    const hra_years_request *y = &q->years;
    const hra_runs_request request = {.earlier = q->earlier,
                                      .earlier_count = q->earlier_count,
                                      .results = y->now,
                                      .population = y->now_population,
                                      .previous = y->previous,
                                      .previous_population = y->previous_population,
                                      .as_of = y->as_of,
                                      .previous_as_of = y->previous_as_of,
                                      .rules = y->rules,
                                      .beside = beside,
                                      .dictionary = hra_library_dictionary(y->library),
                                      .threads = y->threads,
                                      .stop = y->stop};
    return q->earlier_count < 2 ? HRA_OK : hra_runs_open(&request, runs, error);
}

static bool holds(const char *folder, const char *name)
{
    char path[4096 + 32];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* The course of other runs would stand beside a comparison of two. But in the folder of a run it is that run's, and
 * without its account somebody else's. */
static hra_code remove_courses(const char *folder, hra_error *error)
{
    if (holds(folder, "results.h5") || !holds(folder, "course.json")) return HRA_OK;
    return hra_courses_remove(folder, error);
}

/* Of the courses that are about to be replaced: without --register nothing takes its place. */
static hra_code remove_plans(const char *folder, const char *plans, hra_error *error)
{
    if (!holds(folder, "course.json") || unlink(plans) == 0 || errno == ENOENT) return HRA_OK;
    return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier comparison: %m", plans);
}

static hra_code write_courses(const compare_request *q, const hra_runs *runs, hra_error *error)
{
    hra_courses_account account;
    char plans[4096 + 32];
    if (!runs) return remove_courses(q->years.folder, error);
    snprintf(plans, sizeof plans, "%s/course_plans.csv", q->years.folder);
    HRA_TRY(remove_plans(q->years.folder, plans, error));
    HRA_TRY(hra_courses_write(runs, q->years.folder, q->policy, &account, error));
    if (q->registered) HRA_TRY(hra_plan_effect_write(runs, q->registered, plans, plans, error));
    if (!q->quiet)
        fprintf(stderr,
                "%d runs: the course of %lld of %lld people can be stated; course.csv, course_groups.csv, "
                "course_client.csv, course.json\n",
                account.runs, (long long)account.stated, (long long)account.people);
    return HRA_OK;
}

static hra_code write_years(const compare_request *q, hra_error *error)
{
    hra_years_account account;
    HRA_TRY(hra_years_compare(&q->years, &account, error));
    if (!q->quiet)
        fprintf(stderr,
                "%lld people now, %lld a year ago: %lld in both, %lld joined, %lld left; %s\nin %s: changes.csv, "
                "years.csv, years_indicators.csv, years.json\n",
                (long long)account.now, (long long)account.previous, (long long)account.linked,
                (long long)account.joined, (long long)account.left,
                account.same_definitions ? "both years have the same definitions"
                                         : "last year was scored again under this year's definitions",
                q->years.folder);
    return HRA_OK;
}

static hra_code compare(compare_request *q, const hra_texts *definitions, hra_error *error)
{
    hra_library *library = NULL;
    hra_lock *lock = NULL;
    hra_runs *runs = NULL;
    const char *folder = q->years.folder;
    char path[4096];
    if (q->registered && q->earlier_count < 2)
        return hra_fail(error, HRA_EUSAGE,
                        "--register needs EARLIER runs, with values from before people entered a plan");
    if (!folder) return hra_fail(error, HRA_EUSAGE, "give a folder for the comparison with -o FOLDER");
    if ((size_t)snprintf(path, sizeof path, "%s/years", folder) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_setup_library(definitions, &library, error));
    q->years.library = library;
    hra_code code = hra_folder_make(folder, error);
    if (!code) code = hra_lock_take(path, &lock, error);
    if (!code) code = open_runs(q, path, &runs, error);
    if (!code) code = write_years(q, error);
    if (!code) code = write_courses(q, runs, error);
    hra_runs_close(runs);
    hra_lock_release(lock);
    hra_library_free(library);
    return code;
}

int hra_cmd_compare(int argc, char **argv)
{
    compare_request asked = {0};
    hra_years_request *q = &asked.years;
    hra_texts definitions = {0};
    int threads = 0;
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &q->folder, "FOLDER", "folder for the files of the comparison"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &definitions, "FILE",
         "the definitions with which this year was scored; may be repeated"},
        {"population", 0, HRA_OPTION_TEXT, &q->now_population, "FILE",
         "population store of this year (default: population.h5 beside the results)"},
        {"previous-population", 0, HRA_OPTION_TEXT, &q->previous_population, "FILE", "population store of last year"},
        {"as-of", 0, HRA_OPTION_TEXT, &q->as_of, "DAY", "day of this year's run, if its results do not record it"},
        {"previous-as-of", 0, HRA_OPTION_TEXT, &q->previous_as_of, "DAY",
         "day of last year's run, if its results do not record it"},
        {"changes", 0, HRA_OPTION_TEXT, &q->rules, "FILE",
         "table of the smallest changes that count (default: built in, see docs/years.md)"},
        {"group-policy", 0, HRA_OPTION_TEXT, &asked.policy, "FILE",
         "rules for small groups, for course_client.csv (default: built in)"},
        {"register", 0, HRA_OPTION_TEXT, &asked.registered, "FILE",
         "with EARLIER: the enrolment register, to report the change in the people of each plan"},
        {"indicators", 0, HRA_OPTION_TEXT, &q->indicators, "FILE",
         "table of service indicators (default: built in, see docs/indicators.md)"},
        {"threads", 't', HRA_OPTION_INT, &threads, "N", "threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &asked.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "compare", "NOW PREVIOUS [EARLIER...] -o FOLDER [options]",
        "Links the people of two years by their keys and reports what changed: values beyond measurement noise, and "
        "how\n"
        "much of each risk's change is due to the person, the models and the data. NOW and PREVIOUS are result stores "
        "or\n"
        "folders of 'hra run'. With EARLIER runs it also reports the course of people's values over all runs.",
        options, "Example: hra compare results/2026 results/2025 -o results/2026"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 3) {
        fprintf(stderr, "hra compare: this year's and last year's results are needed; see 'hra compare --help'\n");
        return HRA_EUSAGE;
    }
    hra_error error = {0};
    q->now = argv[1];
    q->previous = argv[2];
    asked.earlier = (const char *const *)argv + 2;
    asked.earlier_count = argc - 2;
    q->threads = hra_setup_threads(threads);
    q->stop = &hra_setup_stop;
    hra_setup_catch_signals();
    hra_code code = compare(&asked, &definitions, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("compare", &error);
}
