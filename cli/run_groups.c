/* What a run says about groups: for the house, and in client/ a folder for each employer. */
#include <unistd.h>

#include "cli/run.h"

/* A file of last year's folder, if there is one of this name. */
static const char *of_last_year(hra_run_state *s, const char *name)
{
    if (!s->options->previous) return NULL;
    const char *path = hra_arena_printf(s->arena, "%s/%s", s->options->previous, name);
    return path && access(path, R_OK) == 0 ? path : NULL;
}

hra_code hra_run_groups_open(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const char *beside = hra_run_path(s, "groups");
    if (!beside) return hra_fail(error, HRA_ENOMEM, "out of memory");
    const hra_group_request request = {.catalogue = s->catalogue,
                                       .summary = s->summary,
                                       .plan = s->scoring.plan,
                                       .schema = s->input.source->schema,
                                       .language = o->language,
                                       .as_of = s->request.as_of,
                                       .folder = beside,
                                       .policy = o->group_policy,
                                       .standard = o->standard,
                                       .last_year = o->last_year ? o->last_year : of_last_year(s, "groups.csv"),
                                       .earlier = o->earlier_edition ? o->earlier_edition
                                                                     : of_last_year(s, "groups_client.csv"),
                                       .participation = o->participation ? o->participation
                                                        : s->join        ? hra_run_path(s, "participation.csv")
                                                                         : NULL,
                                       .lecture_list = o->lecture_list,
                                       .lectures = o->lectures};
    return hra_group_files_new(&request, &s->groups, error);
}

hra_code hra_run_groups_write(hra_run_state *s, hra_error *error)
{
    double start = hra_setup_seconds();
    hra_group_facts facts;
    const hra_group_paths paths = {.csv = hra_run_output(s, "groups.csv"),
                                   .json = hra_run_output(s, "groups.json"),
                                   .withheld = hra_run_output(s, "groups_withheld.csv"),
                                   .rosters = hra_run_output(s, "rosters.csv"),
                                   .client_csv = hra_run_output(s, "groups_client.csv"),
                                   .invitations = hra_run_output(s, "invitations.csv"),
                                   .client_folder = hra_run_output(s, "client")};
    HRA_TRY(hra_group_files_write(s->groups, &paths, &facts, error));
    hra_run_report_stage(&s->report, "groups", hra_setup_seconds() - start);
    return HRA_OK;
}
