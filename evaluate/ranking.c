#include "evaluate/ranking.h"

#include <stdlib.h>
#include <string.h>

#include "evaluate/order.h"

typedef enum best { LARGEST, SMALLEST, NEAR_0, NEAR_1, NEAR_RATIO_1 } best;

static const struct ranking {
    const char *measure;
    best rule;
} rankings[] = {{"auc", LARGEST},
                {"auc_event_free", LARGEST},
                {"brier", SMALLEST},
                {"brier_scaled", LARGEST},
                {"c_harrell", LARGEST},
                {"c_harrell_horizon", LARGEST},
                {"c_uno", LARGEST},
                {"c_wolbers", LARGEST},
                {"calibration_intercept", NEAR_0},
                {"calibration_slope", NEAR_1},
                {"calibration_slope_horizon", NEAR_1},
                {"discrimination_slope", LARGEST},
                {"e50", SMALLEST},
                {"e90", SMALLEST},
                {"emax", SMALLEST},
                {"ici", SMALLEST},
                {"ipa", LARGEST},
                {"observed_expected", NEAR_RATIO_1}};

const char *hra_ranking_at(int index)
{
    return index < (int)(sizeof rankings / sizeof *rankings) ? rankings[index].measure : NULL;
}

static const struct ranking *find_ranking(const char *measure)
{
    for (size_t i = 0; i < sizeof rankings / sizeof *rankings; i++)
        if (strcmp(rankings[i].measure, measure) == 0) return &rankings[i];
    return NULL;
}

bool hra_is_ranking(const char *measure) { return find_ranking(measure) != NULL; }

static double distance(best rule, double value)
{
    if (isnan(value)) return INFINITY;
    switch (rule) {
    case LARGEST: return -value;
    case SMALLEST: return value;
    case NEAR_0: return fabs(value);
    case NEAR_1: return fabs(value - 1);
    case NEAR_RATIO_1: return value > 0 ? fabs(log(value)) : INFINITY;
    }
    return INFINITY;
}

double hra_ranking_distance(const char *measure, double value) { return distance(find_ranking(measure)->rule, value); }

/* ---- the list ---- */

/* The measures of a subject, and where it stands among those around it. */
typedef struct run {
    int64_t first, end, block;
    double distance;
} run;

static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static bool same_block(const hra_metric_subject *a, const hra_metric_subject *b)
{
    return strcmp(a->group, b->group) == 0 && strcmp(a->other, b->other) == 0 && same_number(a->horizon, b->horizon);
}

/* Of a model on everybody at a horizon. */
static double value_on_everybody(const hra_metrics *m, const hra_metric_subject *of, const char *measure)
{
    for (int64_t i = 0; i < hra_metrics_count(m); i++) {
        const hra_metric *one = hra_metrics_at(m, i);
        if (*one->of->group) break; /* the whole cohort comes first */
        if (!*one->of->other && same_number(one->of->horizon, of->horizon) && strcmp(one->name, measure) == 0 &&
            strcmp(one->of->model, of->model) == 0)
            return one->is.value;
    }
    return NAN;
}

static int64_t find_runs(const hra_metrics *m, const struct ranking *by, run *runs)
{
    int64_t count = 0;
    for (int64_t i = 0; i < hra_metrics_count(m); i++) {
        const hra_metric_subject *of = hra_metrics_at(m, i)->of;
        const hra_metric_subject *before = i > 0 ? hra_metrics_at(m, i - 1)->of : NULL;
        if (of != before) {
            int64_t block = !before ? 0 : runs[count - 1].block + !same_block(of, before);
            runs[count++] = (run){i, i, block, distance(by->rule, value_on_everybody(m, of, by->measure))};
        }
        runs[count - 1].end = i + 1;
    }
    return count;
}

static int compare_runs(const void *a, const void *b)
{
    const run *x = a, *y = b;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

hra_code hra_rank_models(hra_metrics *metrics, const char *measure, hra_error *error)
{
    size_t room = (size_t)hra_metrics_count(metrics) + 1;
    run *runs = malloc(room * sizeof *runs);
    int64_t *order = malloc(room * sizeof *order), place = 0;
    hra_code code = runs && order ? HRA_OK : hra_evaluate_no_memory(error);
    if (!code) {
        int64_t count = find_runs(metrics, find_ranking(measure), runs);
        qsort(runs, (size_t)count, sizeof *runs, compare_runs);
        for (int64_t r = 0; r < count; r++)
            for (int64_t i = runs[r].first; i < runs[r].end; i++) order[place++] = i;
        code = hra_metrics_reorder(metrics, order, error);
    }
    free(runs);
    free(order);
    return code;
}
