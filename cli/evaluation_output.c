/* The measures as a CSV file, and the main ones as tables to read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/evaluation.h"
#include "io/files/atomic_file.h"

/* ---- the file ---- */

static void put_resampled(hra_buffer *out, const hra_resampled *r)
{
    const double numbers[] = {r->standard_error, r->lower, r->upper};
    for (int i = 0; i < 3; i++) {
        hra_buffer_char(out, ',');
        hra_buffer_double(out, numbers[i]);
    }
    hra_buffer_char(out, ',');
    if (r->samples > 0) hra_buffer_printf(out, "%d", r->samples);
}

static void put_line(hra_buffer *out, const hra_metric *m, bool resampled)
{
    const hra_metric_subject *of = m->of;
    const char *names[] = {of->group, of->model, of->other};
    for (int i = 0; i < 3; i++) {
        hra_buffer_csv_foreign(out, names[i], strlen(names[i])); /* no formula for spreadsheets */
        hra_buffer_char(out, ',');
    }
    hra_buffer_double(out, of->horizon);
    hra_buffer_printf(out, ",%lld,%lld,%s,", (long long)of->people, (long long)of->events, m->name);
    hra_buffer_double(out, m->at);
    const double numbers[] = {m->is.value, m->is.standard_error, m->is.lower, m->is.upper};
    for (int i = 0; i < 4; i++) {
        hra_buffer_char(out, ',');
        hra_buffer_double(out, numbers[i]);
    }
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, m->note);
    if (resampled) put_resampled(out, &m->resampled);
    hra_buffer_char(out, '\n');
}

hra_code hra_evaluation_write(const char *path, const hra_metrics *metrics, bool resampled, hra_error *error)
{
    hra_buffer out = {0};
    hra_buffer_text(&out, "group,model,against,horizon,people,events,measure,at,value,standard_error,lower,upper,note");
    hra_buffer_text(&out, resampled ? ",bootstrap_error,bootstrap_lower,bootstrap_upper,bootstrap_samples\n" : "\n");
    for (int64_t i = 0; i < hra_metrics_count(metrics); i++) put_line(&out, hra_metrics_at(metrics, i), resampled);
    hra_code code = out.failed ? hra_fail(error, HRA_ENOMEM, "not enough memory for %s", path)
                               : hra_atomic_write(path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}

/* ---- the tables ---- */

typedef enum cell_kind { PLAIN, WITH_INTERVAL, DIFFERENCE, RANK } cell_kind;

typedef struct shown {
    const char *name, *title;
    int width;
    cell_kind kind;
    double at; /* the threshold; NAN: none */
} shown;

enum { MOST_COLUMNS = 8 };

typedef struct table {
    shown columns[MOST_COLUMNS];
    int count;
    const char *title; /* NULL: what the block is of says it */
} table;

static const table by_time = {{{"c_harrell", "C (Harrell)", 20, WITH_INTERVAL, NAN},
                               {"c_uno", "C (Uno)", 8, PLAIN, NAN},
                               {"auc", "AUC", 8, PLAIN, NAN},
                               {"observed_expected", "O/E", 18, WITH_INTERVAL, NAN},
                               {"calibration_slope", "slope", 8, PLAIN, NAN},
                               {"ici", "ICI", 8, PLAIN, NAN},
                               {"brier", "Brier", 8, PLAIN, NAN},
                               {"ipa", "IPA", 8, PLAIN, NAN}},
                              8,
                              NULL};
static const table by_outcome = {{{"auc", "AUC", 20, WITH_INTERVAL, NAN},
                                  {"observed_expected", "O/E", 18, WITH_INTERVAL, NAN},
                                  {"calibration_intercept", "in the large", 13, PLAIN, NAN},
                                  {"calibration_slope", "slope", 8, PLAIN, NAN},
                                  {"ici", "ICI", 8, PLAIN, NAN},
                                  {"brier", "Brier", 8, PLAIN, NAN},
                                  {"brier_scaled", "scaled", 8, PLAIN, NAN}},
                                 7,
                                 NULL};
static const table differences_by_time = {{{"delta_c_harrell", "C (Harrell)", 28, DIFFERENCE, NAN},
                                           {"delta_auc", "AUC", 28, DIFFERENCE, NAN},
                                           {"delta_brier", "Brier", 28, DIFFERENCE, NAN},
                                           {"delta_ipa", "IPA", 28, DIFFERENCE, NAN}},
                                          4,
                                          NULL};
static const table differences_by_outcome = {{{"delta_auc", "AUC", 28, DIFFERENCE, NAN},
                                              {"delta_brier", "Brier", 28, DIFFERENCE, NAN},
                                              {"delta_brier_scaled", "scaled", 28, DIFFERENCE, NAN},
                                              {"idi", "IDI", 28, DIFFERENCE, NAN}},
                                             4,
                                             NULL};

static const hra_metric *find(const hra_metrics *metrics, int64_t first, int64_t end, const char *name, double at)
{
    for (int64_t i = first; i < end; i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (strcmp(m->name, name) == 0 && (isnan(at) || m->at == at)) return m;
    }
    return NULL;
}

static double no_minus(double value) { return fabs(value) < 0.00005 ? 0 : value; } /* no "-0.0000" */

/* A difference with its interval, or where it has none of its own that of the bootstrap. */
static void write_difference(const hra_metric *m, char *text, size_t size)
{
    bool own = !isnan(m->is.lower);
    double lower = own ? m->is.lower : m->resampled.lower, upper = own ? m->is.upper : m->resampled.upper;
    if (isnan(lower) || isnan(upper))
        snprintf(text, size, "%.4f", no_minus(m->is.value));
    else
        snprintf(text, size, "%.4f (%.4f to %.4f)", no_minus(m->is.value), no_minus(lower), no_minus(upper));
}

static void put_value(const hra_metric *m, const shown *column)
{
    char text[64] = "-";
    if (m && !isnan(m->is.value)) {
        double value = no_minus(m->is.value);
        if (column->kind == DIFFERENCE)
            write_difference(m, text, sizeof text);
        else if (column->kind == RANK)
            snprintf(text, sizeof text, "%.0f (%.0f to %.0f)", value, m->resampled.lower, m->resampled.upper);
        else if (column->kind == WITH_INTERVAL && !isnan(m->is.lower))
            snprintf(text, sizeof text, "%.3f (%.3f-%.3f)", m->is.value, m->is.lower, m->is.upper);
        else
            snprintf(text, sizeof text, fabs(value) < 0.1 ? "%.4f" : fabs(value) < 1e6 ? "%.3f" : "%.2g", value);
    }
    printf(" %*s", column->width, text);
}

static int64_t end_of_subject(const hra_metrics *metrics, int64_t first)
{
    int64_t i = first;
    while (i < hra_metrics_count(metrics) && hra_metrics_at(metrics, i)->of == hra_metrics_at(metrics, first)->of) i++;
    return i;
}

/* Whether two subjects stand in one block of the table. */
static bool same_block(const hra_metric_subject *a, const hra_metric_subject *b)
{
    return strcmp(a->group, b->group) == 0 && strcmp(a->other, b->other) == 0 &&
           (a->horizon == b->horizon || (isnan(a->horizon) && isnan(b->horizon)));
}

static int64_t end_of_block(const hra_metrics *metrics, int64_t first)
{
    const hra_metric_subject *of = hra_metrics_at(metrics, first)->of;
    int64_t i = first;
    while (i < hra_metrics_count(metrics) && same_block(of, hra_metrics_at(metrics, i)->of)) i++;
    return i;
}

static int name_width(const hra_metrics *metrics)
{
    enum { LEAST = 12, MOST = 48 };
    int width = LEAST;
    for (int64_t i = 0; i < hra_metrics_count(metrics); i++) {
        int length = (int)strlen(hra_metrics_at(metrics, i)->of->model);
        if (length > width) width = length;
    }
    return width < MOST ? width : MOST;
}

/* As many bytes of a name as fit, no character cut in two. */
static int fitting(const char *name, int width)
{
    int length = (int)strlen(name);
    if (length <= width) return length;
    while (width > 0 && ((unsigned char)name[width] & 0xC0) == 0x80) width--;
    return width;
}

static void put_heading(const hra_metric_subject *of, const char *by, const table *t, int width)
{
    if (*of->group)
        printf("\n%s %s", by, of->group);
    else
        printf("\neverybody");
    if (!isnan(of->horizon)) printf(", horizon %g", of->horizon);
    if (*of->other) printf(", against %s", of->other);
    if (t->title) printf(": %s", t->title);
    printf("\n%-*s %9s %8s", width, "", "people", "events");
    for (int c = 0; c < t->count; c++) printf(" %*s", t->columns[c].width, t->columns[c].title);
    printf("\n");
}

static void put_notes(const hra_metrics *metrics, int64_t first, int64_t end, const table *t)
{
    for (int c = 0; c < t->count; c++) {
        const hra_metric *m = find(metrics, first, end, t->columns[c].name, t->columns[c].at);
        if (m && isnan(m->is.value) && *m->note) printf("    no %s: %s\n", t->columns[c].title, m->note);
    }
    const hra_metric *nobody = find(metrics, first, end, "people", NAN);
    if (nobody) printf("    %s\n", nobody->note);
}

/* A line for each model of the block. */
static void put_table(const hra_metrics *metrics, int64_t first, int64_t block_end, const char *by, const table *t)
{
    int width = name_width(metrics);
    put_heading(hra_metrics_at(metrics, first)->of, by, t, width);
    for (int64_t i = first, end; i < block_end; i = end) {
        const hra_metric_subject *of = hra_metrics_at(metrics, i)->of;
        end = end_of_subject(metrics, i);
        printf("%-*.*s %9lld %8lld", width, fitting(of->model, width), of->model, (long long)of->people,
               (long long)of->events);
        for (int c = 0; c < t->count; c++)
            put_value(find(metrics, i, end, t->columns[c].name, t->columns[c].at), &t->columns[c]);
        printf("\n");
        put_notes(metrics, i, end, t);
    }
}

/* Net reclassification and, at the first few thresholds, net benefit. */
static void put_decisions(const hra_metrics *metrics, int64_t first, int64_t end, const char *by)
{
    enum { MOST_THRESHOLDS = 3, TITLE = 32 };
    char title[MOST_THRESHOLDS][TITLE];
    table t = {{{"nri_event", "NRI, event", 28, DIFFERENCE, NAN}, {"nri_nonevent", "no event", 28, DIFFERENCE, NAN}},
               2,
               "net reclassification, difference of net benefit"};
    bool resampled = false;
    for (int64_t i = first; i < end && t.count < 2 + MOST_THRESHOLDS; i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (strcmp(m->name, "delta_net_benefit") != 0) continue;
        if (m->at <= t.columns[t.count - 1].at) break; /* of the next model */
        snprintf(title[t.count - 2], TITLE, "benefit at %g", m->at);
        t.columns[t.count] = (shown){m->name, title[t.count - 2], 28, DIFFERENCE, m->at};
        t.count++;
        resampled |= isnan(m->is.lower) && !isnan(m->resampled.lower);
    }
    if (t.count == 2) return; /* nobody */
    if (resampled) t.title = "net reclassification, difference of net benefit; intervals from the bootstrap";
    put_table(metrics, first, end, by, &t);
}

/* How certain the order is. The reason why it is not known is that of all models. */
static void put_ranks(const hra_metrics *metrics, int64_t first, int64_t end, const char *by)
{
    static const table ranks = {{{"rank", "rank", 14, RANK, NAN}, {"rank_first", "share first", 12, PLAIN, NAN}},
                                2,
                                "ranks in the samples of the bootstrap"};
    const hra_metric *none = NULL;
    bool any = false;
    for (int64_t i = first; i < end; i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (strcmp(m->name, "rank") != 0) continue;
        any |= !isnan(m->resampled.lower);
        none = m;
    }
    if (any)
        put_table(metrics, first, end, by, &ranks);
    else if (none)
        printf("    no ranks in samples: %s\n",
               *none->note ? none->note : "too few samples have a value of the measure");
}

hra_code hra_evaluation_show(const hra_metrics *metrics, const char *by, hra_error *error)
{
    for (int64_t i = 0, end; i < hra_metrics_count(metrics); i = end) {
        const hra_metric_subject *of = hra_metrics_at(metrics, i)->of;
        bool times = !isnan(of->horizon), compared = *of->other != '\0';
        end = end_of_block(metrics, i);
        table t = compared ? (times ? differences_by_time : differences_by_outcome) : times ? by_time : by_outcome;
        if (find(metrics, i, end, "delta_ici", NAN))
            t.columns[t.count++] = (shown){"delta_ici", "ICI", 28, DIFFERENCE, NAN};
        put_table(metrics, i, end, by, &t);
        put_ranks(metrics, i, end, by);
        if (compared) put_decisions(metrics, i, end, by);
    }
    if (fflush(stdout) != 0) return hra_fail(error, HRA_EIO, "cannot write to standard output: %m");
    return HRA_OK;
}
