/* Files that only later stages need are read before the first one: a night must not end at its last stage for what
 * could be told when it began. */
#include <unistd.h>

#include "cli/run.h"
#include "engine/summary/group_summary.h"
#include "intake/join/crosswalk.h"
#include "io/identity/identity.h"
#include "service/enrolment/register_facts.h"
#include "service/group/client_book.h"
#include "service/group/group_policy.h"
#include "service/group/group_problems.h"
#include "service/group/group_programme.h"
#include "service/group/standard.h"

static hra_code try_key(const char *path, hra_error *error)
{
    hra_identity *identity = NULL;
    hra_code code = hra_identity_load(path, &identity, error);
    hra_identity_free(identity);
    return code;
}

static hra_code try_group_policy(const char *path, hra_error *error)
{
    hra_group_policy policy = {0};
    hra_code code = hra_group_policy_load(path, &policy, error);
    hra_group_policy_free(&policy);
    return code;
}

static hra_code try_standard(const char *path, hra_error *error)
{
    double weights[HRA_SUMMARY_CELLS];
    return hra_standard_load(path, NULL, weights, error);
}

static hra_code try_lectures(const char *path, hra_error *error)
{
    hra_lecture_list *lectures = NULL;
    hra_code code = hra_lecture_list_load(path, &lectures, error);
    hra_lecture_list_free(lectures);
    return code;
}

hra_code hra_run_try_files(const hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (o->input.key) HRA_TRY(try_key(o->input.key, error));
    if (o->crosswalk) HRA_TRY(hra_crosswalk_try(o->crosswalk, error));
    if (o->group_policy) HRA_TRY(try_group_policy(o->group_policy, error));
    if (o->standard) HRA_TRY(try_standard(o->standard, error));
    if (o->lecture_list) HRA_TRY(try_lectures(o->lecture_list, error));
    if (o->last_year) HRA_TRY(hra_group_problems_try(o->last_year, error));
    HRA_TRY(hra_client_book_try(o->participation, o->earlier_edition, error));
    bool has_register = o->register_path && access(o->register_path, F_OK) == 0; /* otherwise one is begun */
    return has_register ? hra_register_try(o->register_path, s->request.as_of, NULL, NULL, NULL, error) : HRA_OK;
}
