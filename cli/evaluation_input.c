/* The study that a table and the options describe. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number_read.h"
#include "base/plain_text.h"
#include "cli/evaluation.h"
#include "io/number_table.h"

/* Where risks are parted unless the user says; the plots of a page need more points. */
static const char default_cuts[] = "0.05,0.1,0.2";
static const char curve[] =
    "0.01,0.02,0.03,0.04,0.05,0.06,0.07,0.08,0.09,0.1,0.12,0.14,0.16,0.18,0.2,0.25,0.3,0.35,0.4,0.45,0.5";

enum { MOST_MODELS = 1000, MOST_NUMBERS = 100, MOST_GROUPS = 200 };

typedef struct model_column {
    int risk, status; /* columns; status -1: none */
    const char *name;
    double horizon;
} model_column;

struct hra_evaluation_input {
    const char *path;
    const hra_evaluation_options *options;
    hra_number_table *table;
    hra_arena *arena;
    hra_study study;
    int event, time, weight, by; /* columns; -1: none */
    model_column *columns;
    hra_study_model *models;
    const char **group_names;
    int32_t *groups;
};

static hra_code no_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "not enough memory"); }

/* ---- options ---- */

/* The next item of "a,b,c"; NULL at the end. */
static char *next_item(hra_arena *arena, const char **rest, bool *failed)
{
    if (!**rest) return NULL;
    size_t length = strcspn(*rest, ",");
    char *item = hra_arena_text_n(arena, *rest, length);
    *rest += length + ((*rest)[length] == ',');
    *failed = !item;
    return item;
}

static hra_code read_numbers(hra_evaluation_input *in, const char *option, const char *list, double low, double high,
                             const double **out, int *count, hra_error *error)
{
    double *numbers = hra_arena_alloc(in->arena, MOST_NUMBERS * sizeof *numbers);
    bool failed = !numbers;
    *count = 0;
    for (char *item; !failed && (item = next_item(in->arena, &list, &failed));) {
        char *end;
        double number = hra_number_read(item, &end);
        if (end == item || *end || !(number > low && number < high))
            return hra_fail(error, HRA_EUSAGE, "--%s: '%s' is not a number above %g%s", option, item, low,
                            high <= 1 ? " and below 1" : "");
        if (*count == MOST_NUMBERS) return hra_fail(error, HRA_EUSAGE, "--%s: at most %d", option, MOST_NUMBERS);
        if (*count > 0 && number <= numbers[*count - 1])
            return hra_fail(error, HRA_EUSAGE, "--%s: give the numbers in ascending order, each once", option);
        numbers[(*count)++] = number;
    }
    *out = numbers;
    if (failed) return no_memory(error);
    return *count > 0 ? HRA_OK : hra_fail(error, HRA_EUSAGE, "--%s: give at least one number", option);
}

static hra_code find(const hra_evaluation_input *in, const char *name, int *column, hra_error *error)
{
    *column = -1;
    return name ? hra_number_table_require(in->table, name, column, error) : HRA_OK;
}

/* ---- models ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* The column NAME.status beside NAME.risk, or beside a column of another name. */
static int status_of(const hra_evaluation_input *in, const char *risk)
{
    char name[512];
    snprintf(name, sizeof name, "%s.status", risk);
    int column = hra_number_table_find(in->table, name);
    if (column >= 0 || !ends_with(risk, ".risk")) return column;
    snprintf(name, sizeof name, "%.*s.status", (int)(strlen(risk) - strlen(".risk")), risk);
    return hra_number_table_find(in->table, name);
}

static hra_code add_model(hra_evaluation_input *in, const char *name, double horizon, hra_error *error)
{
    int count = in->study.model_count;
    if (count == MOST_MODELS) return hra_fail(error, HRA_EUSAGE, "at most %d risks", MOST_MODELS);
    model_column *c = &in->columns[count];
    *c = (model_column){.name = name, .horizon = horizon, .status = status_of(in, name)};
    HRA_TRY(find(in, name, &c->risk, error));
    for (int m = 0; m < count; m++)
        if (in->columns[m].risk == c->risk &&
            (in->columns[m].horizon == horizon || isnan(in->columns[m].horizon) || isnan(horizon)))
            return hra_fail(error, HRA_EUSAGE, "--risks names '%s' twice", name);
    if (in->options->status && c->status < 0)
        return hra_fail(error, HRA_EUSAGE, "--status: %s has no column with the status of '%s'", in->path, name);
    if (in->options->status)
        HRA_TRY(find(in, hra_number_table_name(in->table, c->status), &c->status, error)); /* it is there once */
    in->study.model_count++;
    return HRA_OK;
}

/* "COLUMN@T", or a column whose name holds an @. */
static hra_code add_named(hra_evaluation_input *in, char *item, hra_error *error)
{
    char *at = strrchr(item, '@'), *end;
    if (!at || hra_number_table_find(in->table, item) >= 0) return add_model(in, item, NAN, error);
    double horizon = hra_number_read(at + 1, &end);
    for (int h = 0; h < in->study.horizon_count; h++)
        if (end > at + 1 && !*end && in->study.horizons[h] == horizon) {
            *at = '\0';
            return add_model(in, item, horizon, error);
        }
    return hra_fail(error, HRA_EUSAGE, "--risks: '%s': the number behind @ must be one of --horizon", item);
}

static hra_code find_models(hra_evaluation_input *in, hra_error *error)
{
    in->columns = hra_arena_alloc(in->arena, MOST_MODELS * sizeof *in->columns);
    in->models = hra_arena_alloc(in->arena, MOST_MODELS * sizeof *in->models);
    if (!in->columns || !in->models) return no_memory(error);
    const char *list = in->options->risks;
    bool failed = false;
    for (char *item; list && (item = next_item(in->arena, &list, &failed));) HRA_TRY(add_named(in, item, error));
    if (failed) return no_memory(error);
    for (int c = 0; !in->options->risks && c < hra_number_table_width(in->table); c++)
        if (ends_with(hra_number_table_name(in->table, c), ".risk"))
            HRA_TRY(add_model(in, hra_number_table_name(in->table, c), NAN, error));
    if (in->study.model_count == 0 && list) return hra_fail(error, HRA_EUSAGE, "--risks: give at least one column");
    if (in->study.model_count == 0)
        return hra_fail(error, HRA_EUSAGE, "%s has no column that ends in .risk: name the columns with --risks",
                        in->path);
    in->study.reference = -1;
    for (int m = 0; in->options->against && m < in->study.model_count; m++)
        if (strcmp(in->columns[m].name, in->options->against) == 0) in->study.reference = m;
    if (in->options->against && in->study.reference < 0)
        return hra_fail(error, HRA_EUSAGE, "--against: '%s' is not one of the risks that are evaluated",
                        in->options->against);
    return HRA_OK;
}

static hra_code understand(hra_evaluation_input *in, hra_error *error)
{
    const hra_evaluation_options *o = in->options;
    hra_study *s = &in->study;
    if (!o->event) return hra_fail(error, HRA_EUSAGE, "say which column holds what happened with --event COLUMN");
    if (o->time && !o->horizons)
        return hra_fail(error, HRA_EUSAGE, "give the horizon of the risks with --horizon, in the unit of '%s'",
                        o->time);
    if (o->horizons && !o->time) return hra_fail(error, HRA_EUSAGE, "--horizon needs the column of --time");
    HRA_TRY(find(in, o->event, &in->event, error));
    HRA_TRY(find(in, o->time, &in->time, error));
    HRA_TRY(find(in, o->weight, &in->weight, error));
    HRA_TRY(find(in, o->by, &in->by, error));
    if (o->horizons)
        HRA_TRY(read_numbers(in, "horizon", o->horizons, 0, INFINITY, &s->horizons, &s->horizon_count, error));
    const char *cuts = o->thresholds ? o->thresholds : default_cuts;
    HRA_TRY(read_numbers(in, "thresholds", cuts, 0, 1, &s->cuts, &s->cut_count, error));
    const char *thresholds = !o->thresholds && o->page ? curve : cuts;
    HRA_TRY(read_numbers(in, "thresholds", thresholds, 0, 1, &s->thresholds, &s->threshold_count, error));
    s->common = o->common;
    return find_models(in, error);
}

/* ---- columns ---- */

static void ask(hra_evaluation_input *in)
{
    hra_number_table_ask_numbers(in->table, in->event);
    if (in->time >= 0) hra_number_table_ask_numbers(in->table, in->time);
    if (in->weight >= 0) hra_number_table_ask_numbers(in->table, in->weight);
    if (in->by >= 0) hra_number_table_ask_texts(in->table, in->by);
    for (int m = 0; m < in->study.model_count; m++) {
        hra_number_table_ask_numbers(in->table, in->columns[m].risk);
        if (in->options->status) hra_number_table_ask_texts(in->table, in->columns[m].status);
    }
}

static bool is_listed(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, word, length) == 0 && (at[length] == ',' || !at[length])) return true;
    return false;
}

/* Risks of the asked statuses; the others become unknown. */
static hra_code risks_of(hra_evaluation_input *in, const model_column *c, const double **out, hra_error *error)
{
    const double *risk = hra_number_table_numbers(in->table, c->risk);
    *out = risk;
    if (!in->options->status) return HRA_OK;
    int32_t words = hra_number_table_text_count(in->table, c->status);
    int64_t rows = hra_number_table_rows(in->table);
    bool *listed = hra_arena_alloc(in->arena, (size_t)words + 1);
    double *kept = hra_arena_take(in->arena, (size_t)(rows + 1) * sizeof *kept);
    if (!listed || !kept) return no_memory(error);
    for (int32_t w = 0; w < words; w++)
        listed[w] = is_listed(in->options->status, hra_number_table_text(in->table, c->status, w));
    const int32_t *status = hra_number_table_texts(in->table, c->status);
    for (int64_t r = 0; r < rows; r++) kept[r] = listed[status[r]] ? risk[r] : NAN;
    *out = kept;
    return HRA_OK;
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The groups in the order of their names; an empty cell is a group without a name, "(none)". */
static hra_code find_groups(hra_evaluation_input *in, hra_error *error)
{
    int32_t count = hra_number_table_text_count(in->table, in->by);
    int64_t rows = hra_number_table_rows(in->table);
    if (count > MOST_GROUPS)
        return hra_fail(
            error, HRA_EINPUT,
            "--by: column '%s' has %d different texts, more than %d groups: give it classes, such as age bands",
            in->options->by, (int)count, MOST_GROUPS);
    in->group_names = hra_arena_alloc(in->arena, (size_t)(count + 1) * sizeof *in->group_names);
    int32_t *place = hra_arena_alloc(in->arena, (size_t)(count + 1) * sizeof *place);
    in->groups = hra_arena_take(in->arena, (size_t)(rows + 1) * sizeof *in->groups);
    if (!in->group_names || !place || !in->groups) return no_memory(error);
    for (int32_t g = 0; g < count; g++) in->group_names[g] = hra_number_table_text(in->table, in->by, g);
    qsort(in->group_names, (size_t)count, sizeof *in->group_names, by_name);
    for (int32_t g = 0; g < count; g++)
        for (int32_t n = 0; n < count; n++)
            if (in->group_names[n] == hra_number_table_text(in->table, in->by, g)) place[g] = n;
    const int32_t *texts = hra_number_table_texts(in->table, in->by);
    for (int64_t r = 0; r < rows; r++) in->groups[r] = place[texts[r]];
    for (int32_t g = 0; g < count; g++) {
        char *shown = hra_arena_text(in->arena, *in->group_names[g] ? in->group_names[g] : "(none)");
        if (!shown) return no_memory(error);
        hra_plain_text(shown); /* it is printed */
        in->group_names[g] = shown;
    }
    in->study.group = in->groups;
    in->study.group_names = in->group_names;
    in->study.group_count = count;
    return HRA_OK;
}

static hra_code fill(hra_evaluation_input *in, hra_error *error)
{
    hra_study *s = &in->study;
    ask(in);
    HRA_TRY(hra_number_table_read(in->table, error));
    s->rows = hra_number_table_rows(in->table);
    if (s->rows == 0) return hra_fail(error, HRA_EINPUT, "%s has a header and no rows", in->path);
    s->event = hra_number_table_numbers(in->table, in->event);
    s->time = in->time >= 0 ? hra_number_table_numbers(in->table, in->time) : NULL;
    s->weight = in->weight >= 0 ? hra_number_table_numbers(in->table, in->weight) : NULL;
    for (int m = 0; m < s->model_count; m++) {
        in->models[m] = (hra_study_model){.name = in->columns[m].name, .horizon = in->columns[m].horizon};
        HRA_TRY(risks_of(in, &in->columns[m], &in->models[m].risk, error));
    }
    s->models = in->models;
    if (in->by >= 0) HRA_TRY(find_groups(in, error));
    const hra_study_names names = {in->path, in->options->time, in->options->event, in->options->weight};
    return hra_study_check(s, &names, error);
}

hra_code hra_evaluation_read(const char *path, const hra_evaluation_options *options, hra_evaluation_input **out,
                             hra_error *error)
{
    hra_evaluation_input *in = calloc(1, sizeof *in);
    if (!in) return no_memory(error);
    in->path = path;
    in->options = options;
    in->arena = hra_arena_new();
    hra_code code = in->arena ? hra_number_table_open(path, &in->table, error) : no_memory(error);
    if (!code) code = understand(in, error);
    if (!code) code = fill(in, error);
    if (code) {
        hra_evaluation_free(in);
        return code;
    }
    *out = in;
    return HRA_OK;
}

void hra_evaluation_free(hra_evaluation_input *in)
{
    if (!in) return;
    hra_number_table_close(in->table);
    hra_arena_free(in->arena);
    free(in);
}

hra_study *hra_evaluation_study(hra_evaluation_input *in) { return &in->study; }
