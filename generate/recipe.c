#include "generate/recipe.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/library.h"
#include "engine/graph/scalar.h"
#include "generate/random.h"

enum { BANDS = 5 };
static const double band_middle[BANDS] = {24, 34.5, 44.5, 54.5, 64.5};
const double hra_knot_scores[HRA_KNOTS] = {-1.6448536269514722, -0.6744897501960817, 0, 0.6744897501960817,
                                           1.6448536269514722};

#define NAME(name) #name,
static const char *const score_names[] = {HRA_SCORES(NAME)};
static const char *const measure_names[] = {HRA_MEASURES(NAME)};
static const char *const share_names[] = {HRA_SHARES(NAME)};
#undef NAME

/* A table as it stands in the file, per sex: up to five statistics for five age bands; NaN: not given. */
typedef struct raw_table {
    hra_shape shape;
    double at[HRA_SEX_COUNT][HRA_KNOTS][BANDS];
} raw_table;

typedef struct reader {
    const char *file, *at, *end;
    int line;
} reader;

enum { MAX_FIELDS = 12, FIELD_SIZE = 48 };

/* The next line's comma-separated fields (these files need no quotes); 0 at the end, -1 if it cannot be read. */
static int next_line(reader *in, char fields[MAX_FIELDS][FIELD_SIZE])
{
    if (in->at == in->end) return 0;
    int count = 0, length = 0;
    in->line++;
    for (; in->at < in->end && *in->at != '\n'; in->at++) {
        if (*in->at == ',') {
            fields[count++][length] = '\0';
            length = 0;
            if (count == MAX_FIELDS) return -1;
        } else if (*in->at != '\r') {
            if (length == FIELD_SIZE - 1) return -1;
            fields[count][length++] = *in->at;
        }
    }
    fields[count][length] = '\0';
    if (in->at < in->end) in->at++;
    return count + 1;
}

static hra_code fail_at(const reader *in, hra_error *error, const char *what, const char *value)
{
    return hra_fail(error, HRA_EINPUT, "%s:%d: %s '%s'", in->file, in->line, what, value);
}

static int find(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

static bool read_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return *text && !*end && isfinite(*out);
}

/* ---- correlations --------------------------------------------------------- */

/* Cholesky factor in place, its entries rounded to multiples of 2^-20 (so that products with the scores are exact). */
static hra_code factorise(double *matrix, const char *sex, hra_error *error)
{
    const int n = HRA_SCORE_COUNT;
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) {
            double sum = matrix[i * n + j];
            for (int k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
            if (i == j && !(sum > 0))
                return hra_fail(error, HRA_EINPUT, "the correlations of %s contradict each other at '%s'", sex,
                                score_names[j]);
            matrix[i * n + j] = i == j ? sqrt(sum) : sum / matrix[j * n + j];
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) matrix[i * n + j] = j > i ? 0 : nearbyint(matrix[i * n + j] * 0x1p20) * 0x1p-20;
    return HRA_OK;
}

static hra_code read_correlations(reader *in, hra_recipe *recipe, hra_error *error)
{
    const int n = HRA_SCORE_COUNT;
    for (int s = 0; s < HRA_SEX_COUNT; s++)
        for (int i = 0; i < n; i++) recipe->factor[s][i * n + i] = 1;
    char fields[MAX_FIELDS][FIELD_SIZE];
    int count = next_line(in, fields);
    while ((count = next_line(in, fields)) != 0) {
        if (count != 5) return fail_at(in, error, "five columns expected at", fields[0]);
        int a = find(score_names, n, fields[0]), b = find(score_names, n, fields[1]);
        if (a < 0) return fail_at(in, error, "no such score", fields[0]);
        if (b < 0 || a == b) return fail_at(in, error, "no such score or the same one twice", fields[1]);
        for (int s = 0; s < HRA_SEX_COUNT; s++) {
            double r;
            if (!read_number(fields[2 + s], &r) || fabs(r) >= 1)
                return fail_at(in, error, "not a correlation:", fields[2 + s]);
            recipe->factor[s][a * n + b] = recipe->factor[s][b * n + a] = r;
        }
    }
    HRA_TRY(factorise(recipe->factor[HRA_MALE], "men", error));
    return factorise(recipe->factor[HRA_FEMALE], "women", error);
}

/* ---- marginals ------------------------------------------------------------ */

static int statistic_index(const char *name)
{
    static const char *const quantiles[] = {"p05", "p25", "p50", "p75", "p95"};
    if (strcmp(name, "mean") == 0 || strcmp(name, "prevalence") == 0) return 0;
    if (strcmp(name, "sd") == 0) return 1;
    return find(quantiles, HRA_KNOTS, name);
}

static hra_code read_marginal_line(reader *in, char fields[MAX_FIELDS][FIELD_SIZE], raw_table *measures,
                                   raw_table *shares, hra_error *error)
{
    static const char *const shapes[] = {"normal", "lognormal", "quantiles"};
    bool share = strcmp(fields[2], "prevalence") == 0;
    int which =
        share ? find(share_names, HRA_SHARE_COUNT, fields[0]) : find(measure_names, HRA_MEASURE_COUNT, fields[0]);
    if (which < 0) return fail_at(in, error, "no such variable", fields[0]);
    int shape = share ? 0 : find(shapes, 3, fields[2]), statistic = statistic_index(fields[3]);
    if (shape < 0) return fail_at(in, error, "no such shape", fields[2]);
    if (statistic < 0) return fail_at(in, error, "no such statistic", fields[3]);
    bool all = strcmp(fields[1], "all") == 0;
    int sex = strcmp(fields[1], "male") == 0 ? HRA_MALE : HRA_FEMALE;
    if (!all && sex == HRA_FEMALE && strcmp(fields[1], "female") != 0)
        return fail_at(in, error, "no such sex", fields[1]);
    raw_table *table = share ? &shares[which] : &measures[which];
    table->shape = (hra_shape)shape;
    for (int b = 0; b < BANDS; b++) {
        double value;
        if (!read_number(fields[4 + b], &value) || value < 0 || (share && value > 1))
            return fail_at(in, error, "wrong number", fields[4 + b]);
        if (all)
            table->at[HRA_MALE][statistic][b] = table->at[HRA_FEMALE][statistic][b] = value;
        else
            table->at[sex][statistic][b] = value;
    }
    return HRA_OK;
}

/* Linear between the middles of the age bands, constant outside. */
static double at_age(const double bands[BANDS], int age)
{
    double x = age + 0.5;
    if (x <= band_middle[0]) return bands[0];
    for (int b = 1; b < BANDS; b++)
        if (x <= band_middle[b]) {
            double t = (x - band_middle[b - 1]) / (band_middle[b] - band_middle[b - 1]);
            return bands[b - 1] + t * (bands[b] - bands[b - 1]);
        }
    return bands[BANDS - 1];
}

static int statistics_of(hra_shape shape) { return shape == HRA_SHAPE_QUANTILES ? HRA_KNOTS : 2; }

static void prepare_measure(const raw_table *raw, hra_measure_table *table)
{
    table->shape = raw->shape;
    for (int s = 0; s < HRA_SEX_COUNT; s++)
        for (int a = 0; a < HRA_AGE_COUNT; a++) {
            double v[HRA_KNOTS] = {0};
            for (int k = 0; k < statistics_of(raw->shape); k++) v[k] = at_age(raw->at[s][k], HRA_AGE_LOW + a);
            if (raw->shape == HRA_SHAPE_LOGNORMAL) {
                double variance = hra_scalar_ln(1 + (v[1] / v[0]) * (v[1] / v[0]));
                v[0] = hra_scalar_ln(v[0]) - variance / 2;
                v[1] = sqrt(variance);
            } else if (raw->shape == HRA_SHAPE_QUANTILES) {
                for (int k = 0; k < HRA_KNOTS; k++) v[k] = hra_scalar_ln(v[k]);
            }
            for (int k = 0; k < HRA_KNOTS; k++) table->at[s][a][k] = (float)v[k];
        }
}

static void prepare_share(const raw_table *raw, hra_share_table *table)
{
    for (int s = 0; s < HRA_SEX_COUNT; s++)
        for (int a = 0; a < HRA_AGE_COUNT; a++) {
            double p = at_age(raw->at[s][0], HRA_AGE_LOW + a);
            table->share[s][a] = p;
            table->score[s][a] = p <= 0 ? INFINITY : p >= 1 ? -INFINITY : hra_normal_quantile(1 - p);
        }
}

static hra_code require_complete(const raw_table *table, int statistics, const char *name, hra_error *error)
{
    for (int s = 0; s < HRA_SEX_COUNT; s++)
        for (int k = 0; k < statistics; k++)
            if (isnan(table->at[s][k][0]))
                return hra_fail(error, HRA_EINPUT, "the population's marginals lack '%s' for %s", name,
                                s == HRA_MALE ? "men" : "women");
    return HRA_OK;
}

static void forget(raw_table *tables, int count)
{
    for (int i = 0; i < count; i++)
        for (int s = 0; s < HRA_SEX_COUNT; s++)
            for (int k = 0; k < HRA_KNOTS; k++)
                for (int b = 0; b < BANDS; b++) tables[i].at[s][k][b] = NAN;
}

static hra_code read_marginals(reader *in, raw_table *measures, raw_table *shares, hra_recipe *recipe, hra_error *error)
{
    forget(measures, HRA_MEASURE_COUNT);
    forget(shares, HRA_SHARE_COUNT);
    char fields[MAX_FIELDS][FIELD_SIZE];
    int count = next_line(in, fields);
    while ((count = next_line(in, fields)) != 0) {
        if (count != 10) return fail_at(in, error, "ten columns expected at", fields[0]);
        HRA_TRY(read_marginal_line(in, fields, measures, shares, error));
    }
    for (int i = 0; i < HRA_MEASURE_COUNT; i++) {
        HRA_TRY(require_complete(&measures[i], statistics_of(measures[i].shape), measure_names[i], error));
        prepare_measure(&measures[i], &recipe->measures[i]);
    }
    for (int i = 0; i < HRA_SHARE_COUNT; i++) {
        HRA_TRY(require_complete(&shares[i], 1, share_names[i], error));
        prepare_share(&shares[i], &recipe->shares[i]);
    }
    return HRA_OK;
}

hra_code hra_recipe_parse(const char *correlations, size_t correlations_length, const char *marginals,
                          size_t marginals_length, hra_recipe **out, hra_error *error)
{
    *out = NULL;
    hra_recipe *recipe = calloc(1, sizeof *recipe);
    raw_table *raw = calloc(HRA_MEASURE_COUNT + HRA_SHARE_COUNT, sizeof *raw);
    hra_code code = recipe && raw ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) {
        reader in = {"datasets/population/correlations.csv", correlations, correlations + correlations_length, 0};
        code = read_correlations(&in, recipe, error);
    }
    if (code == HRA_OK) {
        reader in = {"datasets/population/marginals.csv", marginals, marginals + marginals_length, 0};
        code = read_marginals(&in, raw, raw + HRA_MEASURE_COUNT, recipe, error);
    }
    free(raw);
    if (code == HRA_OK)
        *out = recipe;
    else
        hra_recipe_free(recipe);
    return code;
}

hra_code hra_recipe_load(hra_recipe **out, hra_error *error)
{
    *out = NULL;
    const hra_embedded *correlations = hra_embedded_file("datasets/population/correlations.csv");
    const hra_embedded *marginals = hra_embedded_file("datasets/population/marginals.csv");
    if (!correlations || !marginals)
        return hra_fail(error, HRA_EINTERNAL, "the population tables are not in this binary");
    return hra_recipe_parse((const char *)correlations->bytes, correlations->length, (const char *)marginals->bytes,
                            marginals->length, out, error);
}

void hra_recipe_free(hra_recipe *recipe) { free(recipe); }

/* ---- values --------------------------------------------------------------- */

/* Linear between the logarithms of the quantiles, continued with the outer slopes. */
static inline double quantile_log(const float *k, double z)
{
    int i = z < hra_knot_scores[1] ? 0 : z < 0 ? 1 : z < hra_knot_scores[3] ? 2 : 3;
    double t = (z - hra_knot_scores[i]) / (hra_knot_scores[i + 1] - hra_knot_scores[i]);
    return k[i] + t * ((double)k[i + 1] - k[i]);
}

void hra_measure_values(const hra_measure_table *table, int sex, const int *ages, const double *z, int count,
                        double *values)
{
    const float(*at)[HRA_KNOTS] = table->at[sex];
    if (table->shape == HRA_SHAPE_QUANTILES)
        for (int i = 0; i < count; i++) values[i] = quantile_log(at[ages[i] - HRA_AGE_LOW], z[i]);
    else
        for (int i = 0; i < count; i++) {
            const float *k = at[ages[i] - HRA_AGE_LOW];
            values[i] = k[0] + k[1] * z[i];
        }
    if (table->shape == HRA_SHAPE_NORMAL) return;
    for (int i = 0; i < count; i++) values[i] = hra_exp_plain(values[i]);
}

double hra_measure_at(const hra_measure_table *table, int sex, int age, double z)
{
    double value;
    hra_measure_values(table, sex, &age, &z, 1, &value);
    return value;
}
