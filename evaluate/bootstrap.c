#include "evaluate/bootstrap.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"

typedef struct bootstrap {
    const hra_measured *of;
    const hra_metrics *metrics;
    int64_t first, count; /* the measures */
    int samples;
    double *value; /* by measure and sample; NAN: none */
    atomic_int next, done;
    atomic_int failed; /* the first fault's code */
    hra_error fault;
} bootstrap;

/* ---- a sample ---- */

/* Numbers from a counter: Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static const uint64_t step = 0x9e3779b97f4a7c15u;

/* How often each of `people` is drawn. The share of a word's range is off by less than people / 2^64. */
static void draw(uint64_t seed, int sample, int64_t people, uint32_t *times)
{
    uint64_t state = mix(mix(seed + step) + (uint64_t)(sample + 1) * step);
    memset(times, 0, (size_t)people * sizeof *times);
    for (int64_t i = 0; i < people; i++) {
        state += step;
        times[(int64_t)((unsigned __int128)mix(state) * (uint64_t)people >> 64)]++;
    }
}

/* The order stays, so that they are still in order of time. */
static void repeat_people(const hra_study_people *all, const uint32_t *times, hra_study_people *out)
{
    out->rows = 0;
    for (int64_t i = 0; i < all->rows; i++)
        for (uint32_t k = 0; k < times[i]; k++) {
            int64_t to = out->rows++;
            out->time[to] = all->time[i];
            out->weight[to] = all->weight[i];
            out->risk[to] = all->risk[i];
            out->other[to] = all->other[i];
            out->event[to] = all->event[i];
        }
}

static bool is_same(const hra_metric *a, const hra_metric *b)
{
    return strcmp(a->name, b->name) == 0 && (a->at == b->at || (isnan(a->at) && isnan(b->at)));
}

/* The measures of a sample stand in the order of those of everybody, but there may be fewer tenths. */
static void keep_values(bootstrap *b, int sample, const hra_metrics *found)
{
    int64_t from = 0, all = hra_metrics_count(found);
    for (int64_t m = 0; m < b->count; m++) {
        const hra_metric *wanted = hra_metrics_at(b->metrics, b->first + m);
        int64_t at = from;
        while (at < all && !is_same(wanted, hra_metrics_at(found, at))) at++;
        b->value[m * b->samples + sample] = at < all ? hra_metrics_at(found, at)->is.value : NAN;
        if (at < all) from = at + 1;
    }
}

static hra_code measure_sample(bootstrap *b, int sample, hra_study_people *people, uint32_t *times, hra_error *error)
{
    const hra_metric_subject *of = hra_metrics_at(b->metrics, b->first)->of;
    hra_metrics *found;
    draw(b->of->study->seed, sample, b->of->people->rows, times);
    repeat_people(b->of->people, times, people);
    HRA_TRY(hra_metrics_new(&found, error));
    hra_code code = hra_metrics_about(found, of, error);
    if (!code) code = hra_measure_people(b->of, people, found, error);
    if (!code) keep_values(b, sample, found);
    hra_metrics_free(found);
    return code;
}

/* ---- all samples ---- */

static void show(bootstrap *b, int thread)
{
    const hra_study *s = b->of->study;
    int done = atomic_fetch_add(&b->done, 1) + 1;
    if (thread == 0 && s->progress)
        s->progress(s->progress_context, &(hra_study_progress){b->of->done, b->of->total, done, b->samples});
}

static void fail(bootstrap *b, hra_code code, const hra_error *error)
{
    int none = HRA_OK;
    if (atomic_compare_exchange_strong(&b->failed, &none, (int)code)) b->fault = *error;
}

static void work(void *context, int thread)
{
    bootstrap *b = context;
    hra_error error = {0};
    hra_study_people people;
    hra_code code = hra_study_people_new(&people, b->of->people->rows, &error);
    uint32_t *times = malloc((size_t)b->of->people->rows * sizeof *times);
    if (!code && !times) code = hra_evaluate_no_memory(&error);
    for (int sample; !code && !atomic_load(&b->failed) && (sample = atomic_fetch_add(&b->next, 1)) < b->samples;) {
        code = measure_sample(b, sample, &people, times, &error);
        show(b, thread);
    }
    if (code) fail(b, code, &error);
    free(times);
    hra_study_people_free(&people);
}

/* ---- what they say ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool is_test(const char *name)
{
    return ends_with(name, "_p") || ends_with(name, "_chi2") || ends_with(name, "_z") || ends_with(name, "_p_fitted");
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double hra_bootstrap_quantile(const double *values, int count, double share)
{
    double rank = (count + 1) * share;
    int below = (int)rank;
    if (below < 1 || below > count || (below == count && rank > count)) return NAN;
    if (below == count) return values[count - 1];
    return values[below - 1] + (rank - below) * (values[below] - values[below - 1]);
}

hra_resampled hra_bootstrap_summary(double *values, int samples)
{
    int count = 0;
    hra_sum sum = {0, 0}, squares = {0, 0};
    for (int i = 0; i < samples; i++)
        if (isfinite(values[i])) values[count++] = values[i];
    for (int i = 0; i < count; i++) hra_sum_add(&sum, values[i]);
    double mean = hra_sum_of(&sum) / count;
    for (int i = 0; i < count; i++) hra_sum_add(&squares, (values[i] - mean) * (values[i] - mean));
    qsort(values, (size_t)count, sizeof *values, ascending);
    return (hra_resampled){count > 1 ? sqrt(hra_sum_of(&squares) / (count - 1)) : NAN,
                           hra_bootstrap_quantile(values, count, 0.025), hra_bootstrap_quantile(values, count, 0.975),
                           count};
}

/* Before they are put in order. */
static void keep_wanted(const bootstrap *b, const hra_wanted_samples *wanted)
{
    for (int64_t m = 0; m < b->count; m++)
        if (strcmp(hra_metrics_at(b->metrics, b->first + m)->name, wanted->measure) == 0)
            memcpy(wanted->value, b->value + m * b->samples, (size_t)b->samples * sizeof *b->value);
}

hra_code hra_bootstrap(const hra_measured *of, hra_metrics *metrics, int64_t first, const hra_wanted_samples *wanted,
                       hra_error *error)
{
    bootstrap b = {.of = of,
                   .metrics = metrics,
                   .first = first,
                   .count = hra_metrics_count(metrics) - first,
                   .samples = of->study->bootstrap};
    int threads = of->study->threads > 1 ? of->study->threads : 1;
    if (b.count == 0) return HRA_OK;
    b.value = malloc((size_t)b.count * (size_t)b.samples * sizeof *b.value);
    if (!b.value) return hra_evaluate_no_memory(error);
    hra_team_run(threads < b.samples ? threads : b.samples, work, &b);
    hra_code code = (hra_code)atomic_load(&b.failed);
    if (code && error) *error = b.fault;
    if (!code && wanted) keep_wanted(&b, wanted);
    for (int64_t m = 0; m < b.count && !code; m++) {
        const hra_metric *metric = hra_metrics_at(metrics, first + m);
        if (!isnan(metric->is.value) && !is_test(metric->name))
            hra_metrics_set_resampled(metrics, first + m, hra_bootstrap_summary(b.value + m * b.samples, b.samples));
    }
    free(b.value);
    return code;
}
