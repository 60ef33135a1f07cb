/* One evaluation, from the table to what is written and shown. */
#include "cli/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/model_horizon.h"
#include "evaluate/ranking.h"
#include "io/files/atomic_file.h"
#include "io/files/file_hash.h"
#include "io/files/same_file.h"
#include "report/models/evaluation_page.h"

/* Models of many people take seconds each: a line that says how far it is, on a terminal only. */
static void show_progress(void *context, const hra_study_progress *p)
{
    int *shown = context; /* the hundredth of the samples that stands there */
    int part = p->samples > 0 ? (int)(100 * (int64_t)p->sample / p->samples) : 0;
    if (p->sample > 0 && part == *shown) return;
    *shown = part;
    fprintf(stderr, "\revaluation %lld of %lld", (long long)p->done + 1, (long long)p->total);
    if (p->samples > 0) fprintf(stderr, ", %d %% of %d samples", part, p->samples);
    fprintf(stderr, "\033[K");
    if (p->done + 1 == p->total && p->sample == p->samples) fprintf(stderr, "\r\033[K");
}

/* Who does not count, each person once, by the first reason. */
typedef struct left_out {
    int64_t outcome, weight;
    hra_evaluation_without *risk; /* a line for each model that lacks risks */
    int risk_count;
    hra_evaluation_other_time *other_time; /* who counts, and should not */
    int other_time_count;
} left_out;

static hra_code count_left_out(const hra_study *s, left_out *l, hra_error *error)
{
    *l = (left_out){.risk = calloc((size_t)s->model_count, sizeof *l->risk)};
    if (!l->risk) return hra_out_of_memory(error);
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

static void tell_left_out(const hra_study *s, const hra_evaluation_options *o, const hra_evaluation_input *in,
                          const left_out *l)
{
    const hra_partners *partners = hra_evaluation_partners(in);
    fprintf(stderr, "%lld people", (long long)s->rows);
    if (o->only) fprintf(stderr, " with %s, of %lld", o->only, (long long)hra_evaluation_table_rows(in));
    if (partners)
        fprintf(stderr, "; %lld are not in the table of outcomes; %lld of the table have no risk here",
                (long long)partners->without_outcome, (long long)partners->without_risk);
    if (l->outcome > 0) fprintf(stderr, "; left out: %lld without a known outcome", (long long)l->outcome);
    if (l->weight > 0) fprintf(stderr, "; left out: %lld without a weight", (long long)l->weight);
    fprintf(stderr, "\n");
    for (int m = 0; m < l->risk_count; m++)
        fprintf(stderr, "  %s: left out, without a risk%s: %lld\n", l->risk[m].model,
                o->status ? " or with a status that is not asked for" : "", (long long)l->risk[m].people);
}

/* Years beside days: nobody is followed so many times as long as the risks reach. */
static void tell_other_unit(const hra_study *s, const char *column)
{
    const double beyond = 50;
    double last = 0;
    for (int64_t r = 0; s->time && r < s->rows; r++) last = s->time[r] > last ? s->time[r] : last;
    for (int h = 0; s->time && h < s->horizon_count; h++)
        if (last > beyond * s->horizons[h])
            fprintf(stderr, "warning: the follow-up in column '%s' goes to %g: is the horizon %g in the same unit?\n",
                    column, last, s->horizons[h]);
}

/* At the wrong time all figures are wrong: told even if nothing else is. */
static void tell_other_times(const left_out *l)
{
    for (int i = 0; i < l->other_time_count; i++) {
        const hra_evaluation_other_time *o = &l->other_time[i];
        bool next = i > 0 && l->other_time[i - 1].horizon == o->horizon;
        bool last = i + 1 == l->other_time_count || l->other_time[i + 1].horizon != o->horizon;
        if (!next)
            fprintf(stderr, "warning: the horizon %g is not the time of these models in years, months, weeks or days: ",
                    o->horizon);
        fprintf(stderr, "%s%s (%g years)%s", next ? ", " : "", o->model, o->years, last ? "\n" : "");
    }
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
                                        .only = o->only,
                                        .common = o->common,
                                        .people = s->rows,
                                        .without_outcome = l->outcome,
                                        .without_weight = l->weight,
                                        .without_risk = l->risk,
                                        .without_risk_count = l->risk_count,
                                        .other_time = l->other_time,
                                        .other_time_count = l->other_time_count};
    return hra_evaluation_page(metrics, &facts, o->page, error);
}

static hra_code refuse_ranking(hra_error *error)
{
    hra_buffer list = {0};
    for (int i = 0; hra_ranking_at(i); i++) hra_buffer_printf(&list, "%s%s", i > 0 ? ", " : "", hra_ranking_at(i));
    hra_code code =
        hra_fail(error, HRA_EUSAGE, "--rank: models are ranked by one of %s", list.bytes ? list.bytes : "few measures");
    hra_buffer_destroy(&list);
    return code;
}

/* Places are tried before the work, and none is the table or another output. */
static hra_code check_outputs(const char *table, const hra_evaluation_options *o, hra_error *error)
{
    const char *outputs[] = {o->output, o->page};
    for (int i = 0; i < 2; i++) {
        if (!outputs[i]) continue;
        if (hra_is_same_file(table, outputs[i]) || (o->outcomes && hra_is_same_file(o->outcomes, outputs[i])))
            return hra_fail(error, HRA_EUSAGE, "%s would replace the table that is evaluated", outputs[i]);
        for (int d = 0; d < o->definitions.count; d++)
            if (hra_is_same_file(o->definitions.items[d], outputs[i]))
                return hra_fail(error, HRA_EUSAGE, "%s would replace a file of definitions", outputs[i]);
        HRA_TRY(hra_atomic_try(outputs[i], error));
    }
    if (o->output && o->page && (strcmp(o->output, o->page) == 0 || hra_is_same_file(o->output, o->page)))
        return hra_fail(error, HRA_EUSAGE, "-o and --page name the same file");
    if (o->rank && !hra_is_ranking(o->rank)) return refuse_ranking(error);
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is en or zh, not '%s'", o->language);
    return HRA_OK;
}

static hra_code evaluate(const char *path, const hra_evaluation_options *o, hra_evaluation_input *in, const left_out *l,
                         hra_metrics *metrics, hra_error *error)
{
    hra_study *s = hra_evaluation_study(in);
    int shown = 0;
    if (!o->quiet) tell_left_out(s, o, in, l);
    tell_other_times(l);
    tell_other_unit(s, o->time);
    const char *unread = hra_evaluation_unread(in);
    if (!o->quiet && unread)
        fprintf(stderr, "not evaluated, because no column of theirs ends in .risk: %s; --risks names columns\n",
                unread);
    if (!o->quiet && isatty(STDERR_FILENO)) s->progress = show_progress;
    s->progress_context = &shown;
    s->rank = o->rank;
    HRA_TRY(hra_study_evaluate(s, metrics, error));
    if (o->rank) HRA_TRY(hra_rank_models(metrics, o->rank, error));
    if (o->output) HRA_TRY(hra_evaluation_write(o->output, metrics, s->bootstrap > 0, error));
    if (o->page) HRA_TRY(write_page(path, o, s, l, metrics, error));
    return o->quiet ? HRA_OK : hra_evaluation_show(metrics, o->by, error);
}

static hra_code evaluate_file(const char *path, const hra_evaluation_options *o, hra_error *error)
{
    hra_evaluation_input *in;
    hra_metrics *metrics = NULL;
    left_out left = {0};
    HRA_TRY(check_outputs(path, o, error));
    HRA_TRY(hra_evaluation_read(path, o, &in, error));
    hra_code code = hra_metrics_new(&metrics, error);
    if (!code) code = count_left_out(hra_evaluation_study(in), &left, error);
    if (!code)
        code = hra_find_other_times(hra_evaluation_study(in), &o->definitions, &left.other_time, &left.other_time_count,
                                    error);
    if (!code) code = evaluate(path, o, in, &left, metrics, error);
    free(left.risk);
    free(left.other_time);
    hra_metrics_free(metrics);
    hra_evaluation_free(in);
    return code;
}

/* The folder of a run stands for its results. */
hra_code hra_evaluation(const char *path, const hra_evaluation_options *o, hra_error *error)
{
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode)) return evaluate_file(path, o, error);
    hra_buffer file = {0};
    hra_buffer_printf(&file, "%s/results.h5", path);
    hra_code code = file.failed ? hra_out_of_memory(error) : evaluate_file(file.bytes, o, error);
    hra_buffer_destroy(&file);
    return code;
}
