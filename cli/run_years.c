/* What changed since last year, when a run is told where last year's results are; with earlier ones the course of
 * values over all of them. */
#include "base/stopwatch.h"
#include "cli/earlier.h"
#include "cli/run.h"
#include "service/years/courses.h"
#include "service/years/years.h"

hra_code hra_run_open_runs(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const char *population = hra_run_store(s);
    const hra_runs_request request = {.population = population ? population : hra_run_path(s, "population.h5"),
                                      .definitions_hash = hra_library_hash(s->library),
                                      .as_of = o->as_of,
                                      .beside = hra_run_path(s, "results.h5"),
                                      .dictionary = hra_library_dictionary(s->library),
                                      .threads = s->scoring.threads,
                                      .stop = &hra_setup_stop};
    if (s->runs) return HRA_OK;
    if (!request.population || !request.beside) return hra_out_of_memory(error);
    return hra_earlier_open(&request, o->previous, &o->earlier, &s->runs, error);
}

static hra_code write_courses(hra_run_state *s, hra_error *error)
{
    hra_courses_account account;
    HRA_TRY(hra_run_open_runs(s, error));
    if (!s->runs) return HRA_OK;
    HRA_TRY(hra_courses_write(s->runs, s->options->folder, s->options->group_policy, &account, error));
    hra_run_output(s, "course.csv");
    hra_run_output(s, "course_groups.csv");
    hra_run_output(s, "course_client.csv");
    hra_run_output(s, "course.json");
    return HRA_OK;
}

hra_code hra_run_years(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    HRA_TRY(hra_courses_remove(o->folder, error));
    if (!o->previous) return HRA_OK;
    double start = hra_seconds();
    hra_years_account account = {0};
    hra_years_request request = {.now = o->folder,
                                 .previous = o->previous,
                                 .now_population = hra_run_store(s),
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
