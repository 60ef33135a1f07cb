/* What changed since last year, when a run is told where last year's results are. */
#include "base/stopwatch.h"
#include "cli/run.h"
#include "service/years.h"

hra_code hra_run_years(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (!o->previous) return HRA_OK;
    double start = hra_seconds();
    hra_years_account account = {0};
    hra_years_request request = {
        .now = o->folder,
        .previous = o->previous,
        .now_population = hra_is_store(s->inputs[0]) && s->input_count == 1 && !s->join ? s->inputs[0] : NULL,
        .folder = o->folder,
        .library = s->library,
        .threads = s->scoring.threads,
        .stop = &hra_setup_stop};
    HRA_TRY(hra_years_compare(&request, &account, error));
    hra_run_output(s, "changes.csv");
    hra_run_output(s, "years.csv");
    hra_run_output(s, "years_indicators.csv");
    hra_run_output(s, "years.json");
    hra_run_report_stage(&s->report, "years", hra_seconds() - start);
    return HRA_OK;
}
