/* A package per branch at the end of a run: only its people, to be opened on an office computer. */
#include "base/stopwatch.h"
#include "cli/report_branches.h"
#include "cli/run.h"

hra_code hra_run_branches(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (!o->branches && !o->branch_keys && !o->branch_pdf) return HRA_OK;
    double start = hra_seconds();
    hra_branches_request request = {.who = {.results = o->folder,
                                            .population = hra_run_store(s),
                                            .language = o->language,
                                            .as_of = o->as_of,
                                            .previous = o->previous,
                                            .earlier = o->earlier,
                                            .definitions = o->definitions,
                                            .signoffs = o->signoffs,
                                            .approved_only = o->approved_only,
                                            .all = true,
                                            .threads = s->scoring.threads,
                                            .quiet = o->quiet},
                                    .output = hra_run_output(s, "branches"),
                                    .people = o->key_map,
                                    .key = o->key_map ? o->input.key : NULL,
                                    .keys = o->branch_keys,
                                    .pdf = o->branch_pdf,
                                    .renew = true}; /* of an earlier run into this folder */
    if (!request.output) return hra_out_of_memory(error);
    HRA_TRY(hra_branches_make(&request, error));
    hra_run_report_stage(&s->report, "branches", hra_seconds() - start);
    return HRA_OK;
}
