#include "evaluate/rank_samples.h"

#include <stdlib.h>
#include <string.h>

#include "evaluate/bootstrap.h"
#include "evaluate/order.h"
#include "evaluate/ranking.h"

hra_code hra_rank_samples_new(hra_rank_samples *r, int models, int samples, hra_error *error)
{
    size_t count = (size_t)models + 1; /* none needs no case of its own */
    *r = (hra_rank_samples){.samples = samples,
                            .most = models,
                            .value = malloc(count * (size_t)samples * sizeof *r->value),
                            .found = malloc(2 * count * sizeof *r->found),
                            .place = malloc(count * sizeof *r->place)};
    return r->value && r->found && r->place ? HRA_OK : hra_evaluate_no_memory(error);
}

void hra_rank_samples_free(hra_rank_samples *r)
{
    free(r->value);
    free(r->found);
    free(r->place);
}

double *hra_rank_samples_next(const hra_rank_samples *r) { return r->value + (int64_t)r->count * r->samples; }

hra_code hra_rank_samples_add(hra_rank_samples *r, const char *measure, int64_t first, hra_metrics *metrics,
                              hra_error *error)
{
    int64_t end = hra_metrics_count(metrics);
    while (first < end && strcmp(hra_metrics_at(metrics, first)->name, measure) != 0) first++;
    if (first == end) return HRA_OK; /* not measured: without times, say */
    r->found[r->count] = hra_metrics_at(metrics, first)->is.value;
    r->place[r->count++] = end;
    HRA_TRY(hra_metrics_add_none(metrics, "rank", "", error));
    return hra_metrics_add_none(metrics, "rank_first", "", error);
}

/* 1 and the number of models that are nearer to the best. */
static int rank_of(const double *distance, int count, int model)
{
    int rank = 1;
    for (int m = 0; m < count; m++) rank += distance[m] < distance[model];
    return rank;
}

/* Ranks in the place of values, samples without one left out; how many samples are left. */
static int rank_samples(hra_rank_samples *r, const char *measure, double *distance)
{
    int kept = 0;
    for (int s = 0; s < r->samples; s++) {
        bool all = true;
        for (int m = 0; m < r->count; m++) {
            distance[m] = hra_ranking_distance(measure, r->value[(int64_t)m * r->samples + s]);
            all &= isfinite(distance[m]) != 0;
        }
        for (int m = 0; m < r->count && all; m++)
            r->value[(int64_t)m * r->samples + kept] = rank_of(distance, r->count, m);
        kept += all;
    }
    return kept;
}

static void fill_model(const hra_rank_samples *r, int model, int rank, int kept, hra_metrics *metrics)
{
    double *ranks = r->value + (int64_t)model * r->samples;
    int first = 0;
    for (int s = 0; s < kept; s++) first += ranks[s] == 1;
    hra_resampled is = hra_bootstrap_summary(ranks, kept);
    is.lower = floor(is.lower); /* there is no rank between two */
    is.upper = ceil(is.upper);
    hra_metrics_set(metrics, r->place[model], (hra_estimate){rank, NAN, NAN, NAN}, "");
    hra_metrics_set_resampled(metrics, r->place[model], is);
    if (kept == 0) return;
    hra_metrics_set(metrics, r->place[model] + 1, (hra_estimate){(double)first / kept, NAN, NAN, NAN}, "");
    hra_metrics_set_resampled(metrics, r->place[model] + 1, (hra_resampled){NAN, NAN, NAN, kept});
}

/* A model without a value has no rank, and the others are ranked without it. */
static void leave_out_unknown(hra_rank_samples *r, const char *measure, hra_metrics *metrics)
{
    int kept = 0;
    for (int m = 0; m < r->count; m++) {
        if (!isfinite(hra_ranking_distance(measure, r->found[m]))) {
            hra_metrics_set(metrics, r->place[m], HRA_NO_ESTIMATE, "the measure has no value");
            continue;
        }
        size_t row = (size_t)r->samples * sizeof *r->value;
        memmove(r->value + (int64_t)kept * r->samples, r->value + (int64_t)m * r->samples, row);
        r->found[kept] = r->found[m];
        r->place[kept++] = r->place[m];
    }
    r->count = kept;
}

void hra_rank_samples_fill(hra_rank_samples *r, const char *measure, bool same_people, hra_metrics *metrics)
{
    for (int m = 0; m < r->count && !same_people; m++)
        hra_metrics_set(metrics, r->place[m], HRA_NO_ESTIMATE, "the models are evaluated on different people");
    if (same_people) leave_out_unknown(r, measure, metrics);
    if (same_people && r->count > 0) {
        for (int m = 0; m < r->count; m++) r->found[m] = hra_ranking_distance(measure, r->found[m]);
        int kept = rank_samples(r, measure, r->found + r->most);
        for (int m = 0; m < r->count; m++) fill_model(r, m, rank_of(r->found, r->count, m), kept, metrics);
    }
    r->count = 0;
}
