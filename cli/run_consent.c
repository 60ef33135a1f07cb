/* Who declined the assessment is not assessed: the run lists these people (declined.csv) and leaves them out of its
 * population store. Their urgent results stay on the urgent list. */
#include <errno.h>
#include <unistd.h>

#include "cli/run.h"
#include "io/files/same_file.h"

hra_code hra_run_forget_declined(hra_run_state *s, hra_error *error)
{
    const char *path = hra_run_path(s, "declined.csv");
    if (!path) return hra_out_of_memory(error);
    if (unlink(path) == 0 || errno == ENOENT) return HRA_OK;
    return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", path);
}

hra_code hra_run_take_declined(hra_run_state *s, hra_error *error)
{
    hra_consent_counts *counts = &s->report.consent;
    HRA_TRY(hra_consent_list_count(hra_run_path(s, "declined.csv"), counts, error));
    if (s->report.account.source_count > 0) s->report.account.sources[0].rows += hra_consent_left_out(counts);
    return HRA_OK;
}

hra_code hra_run_apply_consent(hra_run_state *s, bool own, const char **store, hra_error *error)
{
    hra_consent_request q = {.dictionary = hra_library_dictionary(s->library),
                             .rule = s->consent,
                             .from = *store,
                             .to = hra_run_path(s, "population.h5"),
                             .list = hra_run_path(s, "declined.csv")};
    if (!q.to || !q.list) return hra_out_of_memory(error);
    HRA_TRY(hra_consent_apply(&q, &s->report.consent, error));
    if (hra_consent_left_out(&s->report.consent) == 0) return own ? hra_run_take_declined(s, error) : HRA_OK;
    if (own) return hra_run_note_inputs(s, error); /* it was the input */
    s->own_store = true;
    *store = hra_run_output(s, "population.h5");
    return HRA_OK;
}
