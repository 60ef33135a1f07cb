/* Enrolment after a run: the register held against tonight's results, and the lists of who is monitored, reminded and
 * contacted. */
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/stopwatch.h"
#include "cli/run.h"
#include "service/enrolment/care.h"
#include "service/enrolment/register.h"
#include "service/years/plan_effect.h"

/* The folder of the lists. */
static hra_code care_folder(hra_run_state *s, const char **folder, hra_error *error)
{
    *folder = hra_run_output(s, "care");
    if (!*folder) return hra_out_of_memory(error);
    return hra_folder_make(*folder, error);
}

static void print_remarks(const hra_register_account *account)
{
    hra_buffer text = {0};
    hra_register_remarks(account, &text);
    if (text.bytes) fprintf(stderr, "register: %s", text.bytes);
    hra_buffer_destroy(&text);
}

/* With several years. */
static hra_code write_plan_effect(hra_run_state *s, const char *registered, hra_error *error)
{
    if (!s->runs) return HRA_OK;
    const char *path = hra_run_output(s, "course_plans.csv");
    if (!path) return hra_out_of_memory(error);
    return hra_plan_effect_write(s->runs, registered, path, path, error);
}

hra_code hra_run_register(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    struct stat facts;
    if (!o->register_path) return HRA_OK;
    if (isnan(s->request.as_of))
        return hra_fail(error, HRA_EUSAGE, "the register is kept by day: give --as-of YYYY-MM-DD");
    double start = hra_seconds();
    const char *folder, *updated = hra_run_output(s, "register.csv");
    hra_register_account changed;
    hra_register_request update = {.path = stat(o->register_path, &facts) == 0 ? o->register_path : NULL,
                                   .results = o->folder,
                                   .output = updated,
                                   .changes = hra_run_output(s, "register_changes.csv"),
                                   .renews = s->renews_register,
                                   .as_of = s->request.as_of};
    HRA_TRY(hra_register_update(&update, &changed, error));
    print_remarks(&changed);
    HRA_TRY(care_folder(s, &folder, error));
    hra_care_account cared;
    hra_care_request care = {.results = o->folder,
                             .population = hra_run_store(s),
                             .register_path = updated,
                             .folder = folder,
                             .language = o->language,
                             .library = s->library,
                             .as_of = s->request.as_of};
    HRA_TRY(hra_care_plan(&care, &cared, error));
    HRA_TRY(write_plan_effect(s, updated, error));
    hra_run_report_stage(&s->report, "register", hra_seconds() - start);
    return HRA_OK;
}
