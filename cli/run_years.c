/* What changed since last year, when a run is told where last year's results are; with earlier ones the course of
 * values over all of them. */
#include <errno.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "cli/earlier.h"
#include "cli/run.h"
#include "service/courses.h"
#include "service/years.h"

static const char *own_population(const hra_run_state *s)
{
    return hra_is_store(s->inputs[0]) && s->input_count == 1 && !s->join ? s->inputs[0] : NULL;
}

hra_code hra_run_open_runs(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const char *population = own_population(s);
    const hra_runs_request request = {.population = population ? population : hra_run_path(s, "population.h5"),
                                      .definitions_hash = hra_library_hash(s->library),
                                      .as_of = o->as_of,
                                      .beside = hra_run_path(s, "results.h5"),
                                      .dictionary = hra_library_dictionary(s->library),
                                      .threads = s->scoring.threads,
                                      .stop = &hra_setup_stop};
    if (s->runs) return HRA_OK;
    if (!request.population || !request.beside) return hra_fail(error, HRA_ENOMEM, "out of memory");
    return hra_earlier_open(&request, o->previous, &o->earlier, &s->runs, error);
}

/* The last one comes with the register. */
static const char *const course_files[] = {"course.csv", "course_groups.csv", "course_client.csv", "course.json",
                                           "course_plans.csv"};
enum { COURSE_FILES = sizeof course_files / sizeof *course_files };

/* Those of an earlier run into this folder would stand beside results that they do not belong to, and on pages. */
static hra_code remove_courses(hra_run_state *s, hra_error *error)
{
    for (int i = 0; i < COURSE_FILES; i++) {
        const char *path = hra_run_path(s, course_files[i]);
        if (!path) return hra_fail(error, HRA_ENOMEM, "out of memory");
        if (unlink(path) != 0 && errno != ENOENT)
            return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", path);
    }
    return HRA_OK;
}

static hra_code write_courses(hra_run_state *s, hra_error *error)
{
    hra_courses_account account;
    HRA_TRY(hra_run_open_runs(s, error));
    if (!s->runs) return HRA_OK;
    HRA_TRY(hra_courses_write(s->runs, s->options->folder, s->options->group_policy, &account, error));
    for (int i = 0; i < COURSE_FILES - 1; i++) hra_run_output(s, course_files[i]);
    return HRA_OK;
}

hra_code hra_run_years(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    HRA_TRY(remove_courses(s, error));
    if (!o->previous) return HRA_OK;
    double start = hra_seconds();
    hra_years_account account = {0};
    hra_years_request request = {.now = o->folder,
                                 .previous = o->previous,
                                 .now_population = own_population(s),
                                 .folder = o->folder,
                                 .library = s->library,
                                 .threads = s->scoring.threads,
                                 .stop = &hra_setup_stop};
    HRA_TRY(hra_years_compare(&request, &account, error));
    hra_run_output(s, "changes.csv");
    hra_run_output(s, "years.csv");
    hra_run_output(s, "years_indicators.csv");
    hra_run_output(s, "years.json");
    HRA_TRY(write_courses(s, error));
    hra_run_report_stage(&s->report, "years", hra_seconds() - start);
    return HRA_OK;
}
