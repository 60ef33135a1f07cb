/* A package per branch at the end of a run: only its people, to be opened on an office computer. */
#include <unistd.h>

#include "base/stopwatch.h"
#include "cli/report_branches.h"
#include "cli/run.h"
#include "report/tools/archive_folder.h"

/* What a run that was stopped left of its packages holds people, and nothing else would remove it. */
static hra_code remove_part(hra_run_state *s, hra_error *error)
{
    hra_error busy = {0};
    hra_lock *lock = NULL;
    const char *part = hra_run_path(s, "branches.part");
    if (!part) return hra_out_of_memory(error);
    if (access(part, F_OK) != 0) return HRA_OK;
    if (hra_lock_take(part, &lock, &busy) != HRA_OK) return HRA_OK; /* 'hra report branches' is at work there */
    hra_code code = hra_archive_remove(part, error);
    hra_lock_release(lock);
    return code;
}

hra_code hra_run_branches(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (!o->branches && !o->branch_keys && !o->branch_pdf) return remove_part(s, error);
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
