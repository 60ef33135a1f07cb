/* Joining in a run: what several sources know of a person becomes one row. */
#include <math.h>
#include <stdio.h>

#include "base/stopwatch.h"
#include "cli/progress.h"
#include "cli/run.h"
#include "intake/profiles/intake_words.h"
#include "report/group/group_files.h"
#include "report/person/urgent_origin.h"

static hra_code read_options(const hra_run_state *s, hra_join_request *q, hra_error *error)
{
    const hra_run_request *o = s->options;
    q->own_windows = s->own_windows;
    if (isnan(s->request.as_of) && !s->own_windows)
        return hra_fail(error, HRA_EUSAGE,
                        "several sources are joined over the months before a day: give --as-of YYYY-MM-DD");
    if (o->window < 0 || o->window > 1200)
        return hra_fail(error, HRA_EUSAGE, "--window is 1 to 1200 months, not %d", o->window);
    if (!hra_join_visit_rule(o->visits, &q->visits))
        return hra_fail(error, HRA_EUSAGE, "--visits is latest-values, latest-visit or first-visit, not '%s'",
                        o->visits);
    q->as_of = s->request.as_of;
    q->window_months = o->window > 0 ? o->window : 12;
    return HRA_OK;
}

/* join.txt and join.json beside the store. */
static hra_code write_account(hra_run_state *s, hra_error *error)
{
    hra_buffer text = {0}, json = {0};
    hra_join_report_print(s->join, &text);
    hra_join_report_json(s->join, &json);
    hra_buffer_char(&json, '\n');
    hra_code code = hra_write_file(hra_run_output(s, "join.txt"), &text, error);
    if (code == HRA_OK) return hra_write_file(hra_run_output(s, "join.json"), &json, error);
    hra_buffer_destroy(&json);
    return code;
}

/* Two employers that number their people alike look like one person each: whoever is left out is missed by nobody. */
static hra_code tell_disagreeing(const hra_run_state *s, hra_error *error)
{
    const hra_join_counts *c = hra_join_report_counts(s->join);
    const hra_intake_words *words;
    if (c->rows_left_out == 0) return HRA_OK;
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    fprintf(stderr,
            hra_say(words,
                    "rows left out, because sex, birth date or age differ within one identifier: %lld (of %lld "
                    "identifiers, see unmatched.csv); if several employers or hospitals issued these numbers, give the "
                    "profile of each its own issuer\n"),
            (long long)c->rows_left_out, (long long)c->conflicts);
    return HRA_OK;
}

/* Branches are told of their people's urgent results: often only the roster knows the branch. */
static hra_code complete_urgent(const hra_run_state *s, const char *urgent, const char *store, hra_error *error)
{
    hra_source *population = NULL;
    HRA_TRY(hra_store_open(store, hra_library_dictionary(s->library), &population, error));
    hra_code code = hra_urgent_origin(urgent, population, s->scoring.threads, error);
    population->close(population);
    return code;
}

/* Columns of their own that some of the stores carry. */
static hra_code declare_kept(hra_run_state *s, const hra_join_source *sources, int count, hra_error *error)
{
    hra_keep_free(s->keep);
    s->keep = hra_keep_new();
    if (!s->keep) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) HRA_TRY(hra_keep_from_store(s->keep, sources[i].path, error));
    return hra_setup_declare_kept(&s->options->definitions, s->keep, &s->library, error);
}

/* Of deliveries the import has listed them. */
static hra_code list_urgent_of_stores(hra_run_state *s, hra_error *error)
{
    bool keeps = s->report.account.source_count > 0;
    for (int i = 0; i < s->input_count; i++) {
        if (!hra_run_takes_store(s, i)) continue;
        HRA_TRY(hra_run_list_urgent(s, s->inputs[i], keeps, error));
        keeps = true;
    }
    return HRA_OK;
}

/* Who has not consented, in its place. */
static hra_code put_list(hra_run_state *s, hra_consent_list *list, hra_error *error)
{
    hra_atomic_file *file;
    HRA_TRY(hra_consent_list_complete(list, &s->report.consent, &file, error));
    return file ? hra_atomic_commit(file, error) : HRA_OK;
}

hra_code hra_run_join(hra_run_state *s, const hra_join_source *sources, int count, const char *store, hra_error *error)
{
    const hra_run_request *o = s->options;
    double start = hra_seconds();
    hra_identity *identity = NULL;
    hra_progress_bar bar = hra_progress_bar_start("joining", o->quiet);
    hra_join_request q = {.sources = sources,
                          .source_count = count,
                          .crosswalk = o->crosswalk,
                          .store = store,
                          .list = hra_run_output(s, "unmatched.csv"),
                          .participation = s->own_windows ? NULL : hra_run_output(s, "participation.csv"),
                          .command = "hra run",
                          .threads = s->scoring.threads,
                          .consent = s->consent,
                          .stop = &hra_setup_stop,
                          .progress = hra_progress_bar_show,
                          .progress_context = &bar};
    HRA_TRY(read_options(s, &q, error));
    HRA_TRY(declare_kept(s, sources, count, error));
    HRA_TRY(list_urgent_of_stores(s, error));
    q.library = s->library;
    if (o->input.key) HRA_TRY(hra_identity_load(o->input.key, &identity, error));
    q.identity = identity;
    hra_code code = hra_run_forget_declined(s, error);
    if (code == HRA_OK) code = hra_consent_list_new(hra_run_path(s, "declined.csv"), &q.declined, error);
    if (code == HRA_OK) code = hra_join_run(&q, &s->join, error);
    if (code == HRA_OK) code = put_list(s, q.declined, error);
    hra_consent_list_free(q.declined);
    hra_progress_bar_end(&bar);
    hra_identity_free(identity);
    if (code == HRA_OK) code = write_account(s, error);
    if (code == HRA_OK) code = tell_disagreeing(s, error);
    if (code == HRA_OK) code = complete_urgent(s, hra_run_path(s, "urgent.csv"), store, error);
    hra_run_report_stage(&s->report, "join", hra_seconds() - start);
    return code;
}
