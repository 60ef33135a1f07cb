/* The measures as a CSV file, and the main ones as tables to read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/evaluation.h"
#include "io/atomic_file.h"

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

typedef struct shown {
    const char *name, *title;
    int width;
    bool interval;
} shown;

static const shown by_time[] = {
    {"c_harrell", "C (Harrell)", 20, true},
    {"c_uno", "C (Uno)", 8, false},
    {"auc", "AUC", 8, false},
    {"observed_expected", "O/E", 18, true},
    {"calibration_slope", "slope", 8, false},
    {"ici", "ICI", 8, false},
    {"brier", "Brier", 8, false},
    {"ipa", "IPA", 8, false},
};
static const shown by_outcome[] = {
    {"auc", "AUC", 20, true},
    {"observed_expected", "O/E", 18, true},
    {"calibration_intercept", "in the large", 13, false},
    {"calibration_slope", "slope", 8, false},
    {"ici", "ICI", 8, false},
    {"brier", "Brier", 8, false},
    {"brier_scaled", "scaled", 8, false},
};

static const hra_metric *find(const hra_metrics *metrics, int64_t first, int64_t end, const char *name)
{
    for (int64_t i = first; i < end; i++)
        if (strcmp(hra_metrics_at(metrics, i)->name, name) == 0) return hra_metrics_at(metrics, i);
    return NULL;
}

static void put_value(const hra_metric *m, const shown *column)
{
    char text[64] = "-";
    if (m && !isnan(m->is.value)) {
        double value = fabs(m->is.value) < 0.00005 ? 0 : m->is.value; /* no "-0.0000" */
        if (column->interval && !isnan(m->is.lower))
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

static void put_heading(const hra_metric_subject *of, const char *by, const shown *columns, int count, int width)
{
    if (*of->group)
        printf("\n%s %s", by, of->group);
    else
        printf("\neverybody");
    if (!isnan(of->horizon)) printf(", horizon %g", of->horizon);
    if (*of->other) printf(", against %s", of->other);
    printf("\n%-*s %9s %8s", width, "", "people", "events");
    for (int c = 0; c < count; c++) printf(" %*s", columns[c].width, columns[c].title);
    printf("\n");
}

/* What a comparison found, one line each. */
static void put_differences(const hra_metrics *metrics, int64_t first, int64_t end)
{
    for (int64_t i = first; i < end; i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (isnan(m->is.value)) continue;
        printf("    %-28s", m->name);
        if (!isnan(m->at)) printf(" at %-6g", m->at);
        size_t length = strlen(m->name);
        bool probability = length > 2 && strcmp(m->name + length - 2, "_p") == 0;
        printf(probability ? " %10.2g" : " %10.4f", m->is.value);
        if (!isnan(m->is.lower))
            printf(" (%.4f to %.4f)", m->is.lower, m->is.upper);
        else if (!isnan(m->resampled.lower))
            printf(" (%.4f to %.4f, bootstrap)", m->resampled.lower, m->resampled.upper);
        printf("\n");
    }
}

static void put_notes(const hra_metrics *metrics, int64_t first, int64_t end, const shown *columns, int count)
{
    for (int c = 0; c < count; c++) {
        const hra_metric *m = find(metrics, first, end, columns[c].name);
        if (m && isnan(m->is.value) && *m->note) printf("    no %s: %s\n", columns[c].title, m->note);
    }
    const hra_metric *nobody = find(metrics, first, end, "people");
    if (nobody) printf("    %s\n", nobody->note);
}

hra_code hra_evaluation_show(const hra_metrics *metrics, const char *by, hra_error *error)
{
    int width = name_width(metrics);
    const hra_metric_subject *before = NULL;
    for (int64_t i = 0, end; i < hra_metrics_count(metrics); i = end) {
        const hra_metric_subject *of = hra_metrics_at(metrics, i)->of;
        bool times = !isnan(of->horizon);
        const shown *columns = times ? by_time : by_outcome;
        int count = *of->other ? 0
                    : times    ? (int)(sizeof by_time / sizeof *by_time)
                               : (int)(sizeof by_outcome / sizeof *by_outcome);
        end = end_of_subject(metrics, i);
        if (!before || !same_block(before, of)) put_heading(of, by, columns, count, width);
        before = of;
        printf("%-*.*s %9lld %8lld", width, fitting(of->model, width), of->model, (long long)of->people,
               (long long)of->events);
        for (int c = 0; c < count; c++) put_value(find(metrics, i, end, columns[c].name), &columns[c]);
        printf("\n");
        put_notes(metrics, i, end, columns, count);
        if (*of->other) put_differences(metrics, i, end);
    }
    if (fflush(stdout) != 0) return hra_fail(error, HRA_EIO, "cannot write to standard output: %m");
    return HRA_OK;
}
