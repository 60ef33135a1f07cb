/* For tests of measures: short cohorts, one measure of a list, and the tables of reference values. */
#ifndef HRA_TESTS_EVALUATE_FIXTURE_H
#define HRA_TESTS_EVALUATE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"

/* The measure of a list by its name, and by its threshold or tenth (NAN: without). */
__attribute__((unused)) static const hra_metric *evaluate_find(const hra_metrics *metrics, const char *name, double at)
{
    for (int64_t i = 0; i < hra_metrics_count(metrics); i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (strcmp(m->name, name) == 0 && (m->at == at || (isnan(m->at) && isnan(at)))) return m;
    }
    fail_msg("no measure '%s' at %g", name, at);
    return NULL;
}

/* A list that measures are added to, of one model. */
__attribute__((unused)) static hra_metrics *evaluate_list(void)
{
    hra_metrics *metrics;
    const hra_metric_subject subject = {"", "model", "", NAN, 0, 0};
    assert_int_equal(hra_metrics_new(&metrics, NULL), HRA_OK);
    assert_int_equal(hra_metrics_about(metrics, &subject, NULL), HRA_OK);
    return metrics;
}

/* Whether a reference value is met: relatively, and near 0 absolutely. */
__attribute__((unused)) static int evaluate_close(double value, double expected, double tolerance)
{
    if (isnan(expected)) return isnan(value);
    return fabs(value - expected) <= tolerance * fmax(fabs(expected), 1e-3);
}

/* ---- reference tables ---- */

enum { EVALUATE_COLUMNS = 32, EVALUATE_LINE = 4096 };

#define EVALUATE_DATA HRA_SOURCE_DIR "/../shared/data/metrics/"

/* Columns of numbers under a line of names. */
typedef struct evaluate_table {
    int columns;
    int64_t rows;
    char name[EVALUATE_COLUMNS][64];
    double *column[EVALUATE_COLUMNS];
} evaluate_table;

/* Cuts at commas outside quotes; the quotes stay. */
__attribute__((unused)) static int evaluate_split(char *line, char *field[EVALUATE_COLUMNS])
{
    int count = 0, quoted = 0;
    line[strcspn(line, "\r\n")] = '\0';
    field[count++] = line;
    for (char *at = line; *at; at++) {
        if (*at == '"') quoted = !quoted;
        if (*at != ',' || quoted || count == EVALUATE_COLUMNS) continue;
        *at = '\0';
        field[count++] = at + 1;
    }
    return count;
}

/* Whether there is such a table; compressed or not. */
__attribute__((unused)) static int evaluate_read_table(const char *path, evaluate_table *t)
{
    char line[EVALUATE_LINE], *field[EVALUATE_COLUMNS];
    int64_t room = 0;
    gzFile file = gzopen(path, "rb");
    if (!file) return 0;
    *t = (evaluate_table){0};
    assert_non_null(gzgets(file, line, sizeof line));
    t->columns = evaluate_split(line, field);
    for (int c = 0; c < t->columns; c++) snprintf(t->name[c], sizeof t->name[c], "%s", field[c]);
    while (gzgets(file, line, sizeof line)) {
        assert_int_equal(evaluate_split(line, field), t->columns);
        if (t->rows == room) room = room ? 2 * room : 1024;
        for (int c = 0; c < t->columns; c++) {
            t->column[c] = realloc(t->column[c], (size_t)room * sizeof(double));
            assert_non_null(t->column[c]);
            t->column[c][t->rows] = strtod(field[c], NULL);
        }
        t->rows++;
    }
    gzclose(file);
    return 1;
}

__attribute__((unused)) static void evaluate_free_table(evaluate_table *t)
{
    for (int c = 0; c < t->columns; c++) free(t->column[c]);
}

/* NULL: there is no such column. */
__attribute__((unused)) static double *evaluate_column(const evaluate_table *t, const char *name)
{
    for (int c = 0; c < t->columns; c++)
        if (strcmp(t->name[c], name) == 0) return t->column[c];
    return NULL;
}

/* One line of the reference values. */
typedef struct evaluate_reference {
    const char *model, *horizon, *weights, *metric, *source, *options;
    double value, standard_error, lower, upper; /* NAN: not given */
} evaluate_reference;

typedef void evaluate_check(const evaluate_reference *reference, void *context);

/* Calls `check` for each line. */
__attribute__((unused)) static void evaluate_each_reference(const char *path, evaluate_check *check, void *context)
{
    char line[EVALUATE_LINE], *f[EVALUATE_COLUMNS];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        double number[4];
        assert_int_equal(evaluate_split(line, f), 12);
        for (int i = 0; i < 4; i++) number[i] = *f[6 + i] ? strtod(f[6 + i], NULL) : NAN;
        evaluate_reference r = {f[2], f[3], f[4], f[5], f[10], f[11], number[0], number[1], number[2], number[3]};
        check(&r, context);
    }
    fclose(file);
}

#endif
