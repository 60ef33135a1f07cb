/* One evaluation, from the table to what is written and shown. */
#include "cli/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/atomic_file.h"
#include "io/file_hash.h"
#include "io/same_file.h"
#include "report/evaluation_page.h"

/* Models of many people take seconds each: a line that says how far it is, on a terminal only. */
static void show_progress(void *context, int64_t done, int64_t total)
{
    (void)context;
    fprintf(stderr, "\revaluation %lld of %lld", (long long)done + 1, (long long)total);
    if (done + 1 == total) fprintf(stderr, "\r%40s\r", "");
}

/* Who does not count, each person once, by the first reason. */
typedef struct left_out {
    int64_t outcome, weight;
    hra_evaluation_without *risk; /* a line for each model that lacks risks */
    int risk_count;
} left_out;

static hra_code count_left_out(const hra_study *s, left_out *l, hra_error *error)
{
    *l = (left_out){.risk = calloc((size_t)s->model_count, sizeof *l->risk)};
    if (!l->risk) return hra_fail(error, HRA_ENOMEM, "not enough memory");
    for (int64_t r = 0; r < s->rows; r++) {
        bool unknown = isnan(s->event[r]) || (s->time && isnan(s->time[r]));
        l->outcome += unknown;
        l->weight += !unknown && s->weight && isnan(s->weight[r]);
    }
    for (int m = 0; m < s->model_count; m++) {
        int64_t unknown = 0;
        for (int64_t r = 0; r < s->rows; r++) unknown += isnan(s->models[m].risk[r]);
        if (unknown > 0) l->risk[l->risk_count++] = (hra_evaluation_without){s->models[m].name, unknown};
    }
    return HRA_OK;
}

static void tell_left_out(const hra_study *s, bool by_status, const left_out *l)
{
    fprintf(stderr, "%lld people", (long long)s->rows);
    if (l->outcome > 0) fprintf(stderr, "; left out: %lld without a known outcome", (long long)l->outcome);
    if (l->weight > 0) fprintf(stderr, "; left out: %lld without a weight", (long long)l->weight);
    fprintf(stderr, "\n");
    for (int m = 0; m < l->risk_count; m++)
        fprintf(stderr, "  %s: left out, without a risk%s: %lld\n", l->risk[m].model,
                by_status ? " or with a status that is not asked for" : "", (long long)l->risk[m].people);
}

static hra_code write_page(const char *path, const hra_evaluation_options *o, const hra_study *s, const left_out *l,
                           const hra_metrics *metrics, hra_error *error)
{
    char hash[HRA_FILE_HASH_TEXT];
    HRA_TRY(hra_file_hash(path, hash, error));
    const hra_evaluation_facts facts = {.language = o->language,
                                        .table = path,
                                        .table_hash = hash,
                                        .engine_version = HRA_VERSION,
                                        .command = o->command,
                                        .event = o->event,
                                        .time = o->time,
                                        .weight = o->weight,
                                        .by = o->by,
                                        .status = o->status,
                                        .common = o->common,
                                        .people = s->rows,
                                        .without_outcome = l->outcome,
                                        .without_weight = l->weight,
                                        .without_risk = l->risk,
                                        .without_risk_count = l->risk_count};
    return hra_evaluation_page(metrics, &facts, o->page, error);
}

/* Places are tried before the work, and none is the table or another output. */
static hra_code check_outputs(const char *table, const hra_evaluation_options *o, hra_error *error)
{
    const char *outputs[] = {o->output, o->page};
    for (int i = 0; i < 2; i++) {
        if (!outputs[i]) continue;
        if (hra_is_same_file(table, outputs[i]))
            return hra_fail(error, HRA_EUSAGE, "%s would replace the table that is evaluated", outputs[i]);
        HRA_TRY(hra_atomic_try(outputs[i], error));
    }
    if (o->output && o->page && (strcmp(o->output, o->page) == 0 || hra_is_same_file(o->output, o->page)))
        return hra_fail(error, HRA_EUSAGE, "-o and --page name the same file");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is en or zh, not '%s'", o->language);
    return HRA_OK;
}

static hra_code evaluate(const char *path, const hra_evaluation_options *o, hra_study *s, const left_out *l,
                         hra_metrics *metrics, hra_error *error)
{
    if (!o->quiet) tell_left_out(s, o->status != NULL, l);
    if (!o->quiet && isatty(STDERR_FILENO)) s->progress = show_progress;
    HRA_TRY(hra_study_evaluate(s, metrics, error));
    if (o->output) HRA_TRY(hra_evaluation_write(o->output, metrics, error));
    if (o->page) HRA_TRY(write_page(path, o, s, l, metrics, error));
    return o->quiet ? HRA_OK : hra_evaluation_show(metrics, o->by, error);
}

hra_code hra_evaluation(const char *path, const hra_evaluation_options *o, hra_error *error)
{
    hra_evaluation_input *in;
    hra_metrics *metrics = NULL;
    left_out left = {0};
    HRA_TRY(check_outputs(path, o, error));
    HRA_TRY(hra_evaluation_read(path, o, &in, error));
    hra_code code = hra_metrics_new(&metrics, error);
    if (!code) code = count_left_out(hra_evaluation_study(in), &left, error);
    if (!code) code = evaluate(path, o, hra_evaluation_study(in), &left, metrics, error);
    free(left.risk);
    hra_metrics_free(metrics);
    hra_evaluation_free(in);
    return code;
}
