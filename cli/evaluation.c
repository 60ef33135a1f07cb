/* One evaluation, from the table to what is written and shown. */
#include "cli/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "io/same_file.h"

/* Models of many people take seconds each: a line that says how far it is, on a terminal only. */
static void show_progress(void *context, int64_t done, int64_t total)
{
    (void)context;
    fprintf(stderr, "\revaluation %lld of %lld", (long long)done + 1, (long long)total);
    if (done + 1 == total) fprintf(stderr, "\r%40s\r", "");
}

/* Who is left out, and why: each person once, by the first reason. */
static void tell_left_out(const hra_study *s)
{
    int64_t outcome = 0, weight = 0;
    for (int64_t r = 0; r < s->rows; r++) {
        bool unknown = isnan(s->event[r]) || (s->time && isnan(s->time[r]));
        outcome += unknown;
        weight += !unknown && s->weight && isnan(s->weight[r]);
    }
    fprintf(stderr, "%lld people", (long long)s->rows);
    if (outcome > 0) fprintf(stderr, "; left out: %lld without a known outcome", (long long)outcome);
    if (weight > 0) fprintf(stderr, "; left out: %lld without a weight", (long long)weight);
    fprintf(stderr, "\n");
    for (int m = 0; m < s->model_count; m++) {
        int64_t unknown = 0;
        for (int64_t r = 0; r < s->rows; r++) unknown += isnan(s->models[m].risk[r]);
        if (unknown > 0)
            fprintf(stderr, "  %s: left out, without a risk: %lld\n", s->models[m].name, (long long)unknown);
    }
}

static hra_code evaluate(const char *path, const hra_evaluation_options *o, hra_evaluation_input *in,
                         hra_metrics *metrics, hra_error *error)
{
    hra_study *s = hra_evaluation_study(in);
    if (o->output && hra_is_same_file(path, o->output))
        return hra_fail(error, HRA_EUSAGE, "-o %s would replace the table that is evaluated", o->output);
    if (!o->quiet) tell_left_out(s);
    if (!o->quiet && isatty(STDERR_FILENO)) s->progress = show_progress;
    HRA_TRY(hra_study_evaluate(s, metrics, error));
    if (o->output) HRA_TRY(hra_evaluation_write(o->output, metrics, error));
    return o->quiet ? HRA_OK : hra_evaluation_show(metrics, o->by, error);
}

hra_code hra_evaluation(const char *path, const hra_evaluation_options *o, hra_error *error)
{
    hra_evaluation_input *in;
    hra_metrics *metrics = NULL;
    HRA_TRY(hra_evaluation_read(path, o, &in, error));
    hra_code code = hra_metrics_new(&metrics, error);
    if (!code) code = evaluate(path, o, in, metrics, error);
    hra_metrics_free(metrics);
    hra_evaluation_free(in);
    return code;
}
