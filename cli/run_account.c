/* The account of a run: from the files that came in to the people that were assessed. */
#include "cli/run.h"

#include <string.h>

/* Of a kind, NULL: nothing was imported. */
static hra_run_source *source_of(hra_run_account *account, const char *kind)
{
    for (int i = 0; i < account->source_count; i++)
        if (strcmp(account->sources[i].kind, kind) == 0) return &account->sources[i];
    return NULL;
}

static int stores_of(const hra_run_state *s, int kind)
{
    int stores = 0;
    for (int i = 0; i < s->input_count; i++) stores += hra_run_takes_store(s, i) && hra_run_kind_of(s, i) == kind;
    return stores;
}

/* Stores among joined sources: their rows are what the join read beside the imported ones. */
static void count_stores(hra_run_state *s)
{
    hra_run_account *a = &s->report.account;
    const hra_join_counts *c = hra_join_report_counts(s->join);
    for (int kind = 0; kind < HRA_JOIN_KINDS; kind++) {
        const char *name = hra_join_kind_name((hra_join_kind)kind);
        hra_run_source *source = source_of(a, name);
        int64_t rows = c->rows[kind] - (source ? source->rows - source->rejected : 0);
        int stores = stores_of(s, kind);
        if (stores == 0) continue;
        if (!source) source = &a->sources[a->source_count++];
        source->kind = name;
        source->files += stores;
        source->rows += rows;
    }
}

void hra_run_complete_account(hra_run_state *s)
{
    hra_run_account *a = &s->report.account;
    a->files_given = s->input_count;
    a->files_held = s->checked.hold ? s->checked.hold->held_count : 0;
    if (!s->join) return;
    count_stores(s);
    const hra_join_counts *c = hra_join_report_counts(s->join);
    a->joined = true;
    a->people = c->people;
    a->no_visit = c->unexamined;
    a->left_out = c->flooded;
    a->disagreeing = c->conflicts;
    a->disagreeing_rows = c->rows_left_out;
}

hra_code hra_run_nobody(const hra_run_state *s, hra_error *error)
{
    const char *folder = s->options->folder;
    const hra_run_account *a = &s->report.account;
    int64_t declined = hra_consent_left_out(&s->report.consent);
    if (declined > 0)
        return hra_fail(error, HRA_EINPUT,
                        "no person was scored: %lld people have not consented to be assessed, see %s/declined.csv",
                        (long long)declined, folder);
    if (a->joined && a->people > 0)
        return hra_fail(error, HRA_EINPUT,
                        "no person was scored: of %lld known, %lld were neither examined nor answered within the "
                        "window that ends with --as-of, %lld have too many rows; %lld rows were rejected: see "
                        "%s/join.txt, unmatched.csv and rejects_*.csv",
                        (long long)a->people, (long long)a->no_visit, (long long)a->left_out,
                        (long long)s->report.rows_rejected, folder);
    if (s->report.rows_rejected > 0)
        return hra_fail(error, HRA_EINPUT, "no person was scored: %lld rows were rejected, see %s/rejects%s.csv",
                        (long long)s->report.rows_rejected, folder, a->joined ? "_*" : "");
    return hra_fail(error, HRA_EINPUT, "no person was scored: what was read has no rows");
}
