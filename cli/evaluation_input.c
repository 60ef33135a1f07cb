/* The study that a table and the options describe. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/number_read.h"
#include "base/plain_text.h"
#include "cli/evaluation.h"
#include "cli/evaluation_only.h"
#include "cli/setup.h"
#include "evaluate/bootstrap.h"
#include "io/results/number_table.h"

/* Where risks are parted unless the user says; the plots of a page need more points. */
static const char default_cuts[] = "0.05,0.1,0.2";
static const char curve[] =
    "0.01,0.02,0.03,0.04,0.05,0.06,0.07,0.08,0.09,0.1,0.12,0.14,0.16,0.18,0.2,0.25,0.3,0.35,0.4,0.45,0.5";

enum { MOST_MODELS = 1000, MOST_NUMBERS = 100, MOST_GROUPS = 200 };

typedef struct place {
    hra_number_table *table;
    int column; /* -1: none */
} place;

typedef struct model_column {
    int risk, status; /* columns; status -1: none */
    const char *name;
    double horizon;
} model_column;

struct hra_evaluation_input {
    const char *path;
    const hra_evaluation_options *options;
    hra_number_table *table, *outcomes; /* of the risks; of what happened, NULL: in the same table */
    hra_join_tables join;
    hra_partners partners;
    hra_arena *arena;
    hra_list risks;     /* as they are asked for */
    const char *unread; /* models that nobody asked for and that have no column .risk; NULL or "": none */
    hra_study study;
    place event, time, weight, by, only;
    hra_only wanted; /* of --only */
    int64_t table_rows;
    model_column *columns;
    hra_study_model *models;
    const char **group_names;
    int32_t *groups;
};

static hra_code no_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "not enough memory"); }

/* ---- options ---- */

static hra_code put_numbers(const hra_list *list, const char *option, double low, double high, double *numbers,
                            int *count, hra_error *error)
{
    for (int i = 0; i < list->count; i++) {
        char *end;
        double number = hra_number_read(list->items[i], &end);
        if (end == list->items[i] || *end || !(number > low && number < high))
            return hra_fail(error, HRA_EUSAGE, "--%s: '%s' is not a number above %g%s", option, list->items[i], low,
                            high <= 1 ? " and below 1" : "");
        if (*count == MOST_NUMBERS) return hra_fail(error, HRA_EUSAGE, "--%s: at most %d", option, MOST_NUMBERS);
        if (*count > 0 && number <= numbers[*count - 1])
            return hra_fail(error, HRA_EUSAGE, "--%s: give the numbers in ascending order, each once", option);
        numbers[(*count)++] = number;
    }
    return *count > 0 ? HRA_OK : hra_fail(error, HRA_EUSAGE, "--%s: give at least one number", option);
}

static hra_code read_numbers(hra_evaluation_input *in, const char *option, const char *text, double low, double high,
                             const double **out, int *count, hra_error *error)
{
    double *numbers = hra_arena_alloc(in->arena, MOST_NUMBERS * sizeof *numbers);
    hra_list list;
    *out = numbers;
    *count = 0;
    if (!numbers) return no_memory(error);
    hra_code code = hra_list_split_at(text, ",", &list, error);
    if (!code) code = put_numbers(&list, option, low, high, numbers, count, error);
    hra_list_destroy(&list);
    return code;
}

/* A column of the risks by its name. */
static hra_code find(const hra_evaluation_input *in, const char *name, int *column, hra_error *error)
{
    return hra_number_table_require(in->table, name, column, error);
}

/* MODEL stands for MODEL.risk where there is no column MODEL. */
static const char *column_of(const hra_evaluation_input *in, const char *name)
{
    char risk[512];
    int length = snprintf(risk, sizeof risk, "%s.risk", name);
    if (length >= (int)sizeof risk || hra_number_table_find(in->table, name) >= 0) return name;
    int column = hra_number_table_find(in->table, risk);
    return column >= 0 ? hra_number_table_name(in->table, column) : name;
}

/* A column of what happened, which may stand in a table of its own. */
static hra_code find_outcome(const hra_evaluation_input *in, const char *name, place *out, hra_error *error)
{
    *out = (place){in->outcomes ? in->outcomes : in->table, -1};
    return name ? hra_number_table_require(out->table, name, &out->column, error) : HRA_OK;
}

/* A column that either table may have. */
static hra_code find_anywhere(const hra_evaluation_input *in, const char *option, const char *name, place *out,
                              hra_error *error)
{
    *out = (place){in->table, -1};
    if (!name) return HRA_OK;
    bool beside = in->outcomes && hra_number_table_find(in->outcomes, name) >= 0;
    if (beside && hra_number_table_find(in->table, name) >= 0)
        return hra_fail(error, HRA_EUSAGE, "--%s: both %s and %s have a column '%s': rename one", option, in->path,
                        in->options->outcomes, name);
    if (beside) out->table = in->outcomes;
    return hra_number_table_require(out->table, name, &out->column, error);
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

/* Of "COLUMN@T" where the number begins; NULL where the name of a column holds an @, or none is there. */
static const char *horizon_in(const hra_evaluation_input *in, const char *item)
{
    const char *at = strrchr(item, '@');
    return at && hra_number_table_find(in->table, item) < 0 ? at + 1 : NULL;
}

static hra_code add_named(hra_evaluation_input *in, const char *item, hra_error *error)
{
    const char *at = horizon_in(in, item);
    if (!at) return add_model(in, column_of(in, item), NAN, error);
    char *end, *name = hra_arena_text_n(in->arena, item, (size_t)(at - 1 - item));
    if (!name) return no_memory(error);
    double horizon = hra_number_read(at, &end);
    for (int h = 0; h < in->study.horizon_count; h++)
        if (end > at && !*end && in->study.horizons[h] == horizon)
            return add_model(in, column_of(in, name), horizon, error);
    return hra_fail(error, HRA_EUSAGE, "--risks: '%s': the number behind @ must be one of --horizon", item);
}

/* Models whose outputs have other names than "risk": NAME.status stands there, neither NAME nor NAME.risk does. */
static hra_code note_unread(hra_evaluation_input *in, hra_error *error)
{
    static const char tail[] = ".status";
    in->unread = "";
    for (int c = 0; c < hra_number_table_width(in->table); c++) {
        const char *name = hra_number_table_name(in->table, c);
        if (!ends_with(name, tail)) continue;
        int length = (int)(strlen(name) - strlen(tail));
        char *model = hra_arena_printf(in->arena, "%.*s", length, name);
        char *risk = hra_arena_printf(in->arena, "%.*s.risk", length, name);
        if (!model || !risk) return no_memory(error);
        if (hra_number_table_find(in->table, model) >= 0 || hra_number_table_find(in->table, risk) >= 0) continue;
        in->unread = hra_arena_printf(in->arena, "%s%s%s", in->unread, *in->unread ? ", " : "", model);
        if (!in->unread) return no_memory(error);
    }
    return HRA_OK;
}

static hra_code find_models(hra_evaluation_input *in, hra_error *error)
{
    in->columns = hra_arena_alloc(in->arena, MOST_MODELS * sizeof *in->columns);
    in->models = hra_arena_alloc(in->arena, MOST_MODELS * sizeof *in->models);
    if (!in->columns || !in->models) return no_memory(error);
    const char *asked = in->options->risks;
    for (int i = 0; i < in->risks.count; i++) HRA_TRY(add_named(in, in->risks.items[i], error));
    for (int c = 0; !asked && c < hra_number_table_width(in->table); c++)
        if (ends_with(hra_number_table_name(in->table, c), ".risk"))
            HRA_TRY(add_model(in, hra_number_table_name(in->table, c), NAN, error));
    if (!asked) HRA_TRY(note_unread(in, error));
    if (in->study.model_count == 0 && asked) return hra_fail(error, HRA_EUSAGE, "--risks: give at least one column");
    if (in->study.model_count == 0)
        return hra_fail(error, HRA_EUSAGE, "%s has no column that ends in .risk: name the columns with --risks",
                        in->path);
    in->study.reference = -1;
    const char *against = in->options->against ? column_of(in, in->options->against) : NULL;
    for (int m = 0; against && m < in->study.model_count; m++)
        if (strcmp(in->columns[m].name, against) == 0) in->study.reference = m;
    if (against && in->study.reference < 0)
        return hra_fail(error, HRA_EUSAGE, "--against: '%s' is not one of the risks that are evaluated",
                        in->options->against);
    return HRA_OK;
}

/* ---- horizons ---- */

/* Ascending, each once. */
static void insert(double *numbers, int *count, double number)
{
    int at = 0;
    while (at < *count && numbers[at] < number) at++;
    if (at < *count && numbers[at] == number) return;
    memmove(numbers + at + 1, numbers + at, (size_t)(*count - at) * sizeof *numbers);
    numbers[at] = number;
    (*count)++;
}

/* Those that --risks names behind @. */
static hra_code horizons_of_risks(hra_evaluation_input *in, hra_error *error)
{
    double *numbers = hra_arena_alloc(in->arena, (MOST_NUMBERS + 1) * sizeof *numbers);
    if (!numbers) return no_memory(error);
    for (int i = 0; i < in->risks.count; i++) {
        const char *at = horizon_in(in, in->risks.items[i]);
        if (!at) continue;
        char *end;
        double number = hra_number_read(at, &end);
        if (end == at || *end || !(number > 0 && number < INFINITY))
            return hra_fail(error, HRA_EUSAGE, "--risks: '%s': what stands behind @ is not a number above 0",
                            in->risks.items[i]);
        insert(numbers, &in->study.horizon_count, number);
        if (in->study.horizon_count > MOST_NUMBERS)
            return hra_fail(error, HRA_EUSAGE, "--risks: at most %d horizons", MOST_NUMBERS);
    }
    in->study.horizons = numbers;
    if (in->study.horizon_count > 0) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "give the horizon of the risks with --horizon, in the unit of '%s'",
                    in->options->time);
}

static hra_code find_horizons(hra_evaluation_input *in, hra_error *error)
{
    const hra_evaluation_options *o = in->options;
    hra_study *s = &in->study;
    if (o->horizons && !o->time) return hra_fail(error, HRA_EUSAGE, "--horizon needs the column of --time");
    if (!o->time) return HRA_OK;
    if (!o->horizons) return horizons_of_risks(in, error);
    return read_numbers(in, "horizon", o->horizons, 0, INFINITY, &s->horizons, &s->horizon_count, error);
}

static hra_code understand(hra_evaluation_input *in, hra_error *error)
{
    const hra_evaluation_options *o = in->options;
    hra_study *s = &in->study;
    if (o->bootstrap && (o->bootstrap < HRA_LEAST_SAMPLES || o->bootstrap > HRA_MOST_SAMPLES))
        return hra_fail(error, HRA_EUSAGE, "--bootstrap is a number of samples from %d to %d, such as 1999",
                        HRA_LEAST_SAMPLES, HRA_MOST_SAMPLES);
    if (!o->event) return hra_fail(error, HRA_EUSAGE, "say which column holds what happened with --event COLUMN");
    HRA_TRY(find_outcome(in, o->event, &in->event, error));
    HRA_TRY(find_outcome(in, o->time, &in->time, error));
    HRA_TRY(find_anywhere(in, "weight", o->weight, &in->weight, error));
    HRA_TRY(find_anywhere(in, "by", o->by, &in->by, error));
    if (o->only) HRA_TRY(hra_only_parse(o->only, in->arena, &in->wanted, error));
    HRA_TRY(find_anywhere(in, "only", in->wanted.column, &in->only, error));
    HRA_TRY(hra_list_split_at(o->risks, ",", &in->risks, error));
    HRA_TRY(find_horizons(in, error));
    const char *cuts = o->thresholds ? o->thresholds : default_cuts;
    HRA_TRY(read_numbers(in, "thresholds", cuts, 0, 1, &s->cuts, &s->cut_count, error));
    const char *thresholds = !o->thresholds && o->page ? curve : cuts;
    HRA_TRY(read_numbers(in, "thresholds", thresholds, 0, 1, &s->thresholds, &s->threshold_count, error));
    s->common = o->common;
    s->bootstrap = o->bootstrap;
    s->seed = (uint64_t)o->seed;
    s->threads = hra_setup_threads(o->threads);
    return find_models(in, error);
}

/* ---- columns ---- */

static void ask_numbers(place p)
{
    if (p.column >= 0) hra_number_table_ask_numbers(p.table, p.column);
}

static void ask(hra_evaluation_input *in)
{
    ask_numbers(in->event);
    ask_numbers(in->time);
    ask_numbers(in->weight);
    if (in->by.column >= 0) hra_number_table_ask_texts(in->by.table, in->by.column);
    if (in->only.column >= 0) hra_number_table_ask_texts(in->only.table, in->only.column);
    for (int m = 0; m < in->study.model_count; m++) {
        hra_number_table_ask_numbers(in->table, in->columns[m].risk);
        if (in->options->status) hra_number_table_ask_texts(in->table, in->columns[m].status);
    }
}

/* The numbers of a column by row of the risks; NULL: there is no such column. */
static hra_code numbers_of(const hra_evaluation_input *in, place p, const double **out, hra_error *error)
{
    *out = p.column >= 0 ? hra_number_table_numbers(p.table, p.column) : NULL;
    if (p.column < 0 || p.table == in->table) return HRA_OK;
    double *moved = hra_arena_take(in->arena, (size_t)(in->study.rows + 1) * sizeof *moved);
    if (!moved) return no_memory(error);
    for (int64_t r = 0; r < in->study.rows; r++)
        moved[r] = in->partners.row[r] >= 0 ? (*out)[in->partners.row[r]] : NAN;
    *out = moved;
    return HRA_OK;
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

/* Places in the order of the names; an empty text is a group without a name, "(none)". */
static hra_code name_groups(hra_evaluation_input *in, int32_t count, int32_t *new_place, hra_error *error)
{
    in->group_names = hra_arena_alloc(in->arena, (size_t)(count + 1) * sizeof *in->group_names);
    if (!in->group_names) return no_memory(error);
    for (int32_t g = 0; g < count; g++) in->group_names[g] = hra_number_table_text(in->by.table, in->by.column, g);
    qsort(in->group_names, (size_t)count, sizeof *in->group_names, by_name);
    for (int32_t g = 0; g < count; g++)
        for (int32_t n = 0; n < count; n++)
            if (in->group_names[n] == hra_number_table_text(in->by.table, in->by.column, g)) new_place[g] = n;
    for (int32_t g = 0; g < count; g++) {
        char *shown = hra_arena_text(in->arena, *in->group_names[g] ? in->group_names[g] : "(none)");
        if (!shown) return no_memory(error);
        hra_plain_text(shown); /* it is printed */
        in->group_names[g] = shown;
    }
    return HRA_OK;
}

static hra_code find_groups(hra_evaluation_input *in, hra_error *error)
{
    int32_t count = hra_number_table_text_count(in->by.table, in->by.column);
    int64_t rows = in->study.rows;
    if (count > MOST_GROUPS)
        return hra_fail(
            error, HRA_EINPUT,
            "--by: column '%s' has %d different texts, more than %d groups: give it classes, such as age bands",
            in->options->by, (int)count, MOST_GROUPS);
    int32_t *new_place = hra_arena_alloc(in->arena, (size_t)(count + 1) * sizeof *new_place);
    in->groups = hra_arena_take(in->arena, (size_t)(rows + 1) * sizeof *in->groups);
    if (!new_place || !in->groups) return no_memory(error);
    HRA_TRY(name_groups(in, count, new_place, error));
    const int32_t *texts = hra_number_table_texts(in->by.table, in->by.column);
    for (int64_t r = 0; r < rows; r++) {
        int64_t from = in->by.table == in->table ? r : in->partners.row[r];
        in->groups[r] = from >= 0 ? new_place[texts[from]] : -1; /* without an outcome: counts in no group */
    }
    in->study.group = in->groups;
    in->study.group_names = in->group_names;
    in->study.group_count = count;
    return HRA_OK;
}

static const double *own_numbers(const hra_evaluation_input *in, place p)
{
    return p.column >= 0 && p.table == in->outcomes ? hra_number_table_numbers(p.table, p.column) : NULL;
}

static hra_code join_outcomes(hra_evaluation_input *in, hra_error *error)
{
    const hra_evaluation_options *o = in->options;
    if (!in->outcomes) return HRA_OK;
    HRA_TRY(hra_number_table_read(in->outcomes, error));
    if (hra_number_table_rows(in->outcomes) == 0)
        return hra_fail(error, HRA_EINPUT, "%s has a header and no rows", o->outcomes);
    /* faults of these columns are told with the rows of their own table */
    const hra_study alone = {.rows = hra_number_table_rows(in->outcomes),
                             .event = own_numbers(in, in->event),
                             .time = own_numbers(in, in->time),
                             .weight = own_numbers(in, in->weight)};
    const hra_study_names names = {o->outcomes, o->time, o->event, o->weight};
    HRA_TRY(hra_study_check(&alone, &names, error));
    return hra_partners_find(&in->join, in->arena, &in->partners, error);
}

/* The people of --only, after the check, which names rows of the table. */
static hra_code keep_only(hra_evaluation_input *in, hra_error *error)
{
    const bool *wanted;
    in->table_rows = in->study.rows;
    if (in->only.column < 0) return HRA_OK;
    const int64_t *partner = in->only.table == in->table ? NULL : in->partners.row;
    HRA_TRY(hra_only_find(&in->wanted, in->only.table, in->only.column, partner, in->study.rows, in->arena, &wanted,
                          error));
    return hra_only_narrow(wanted, &in->study, in->models, in->arena, error);
}

static bool has_risk(const hra_study *s, const hra_study_model *model)
{
    for (int64_t r = 0; r < s->rows; r++)
        if (!isnan(model->risk[r])) return true;
    return false;
}

static bool has_all_risks(const hra_study *s, int64_t row)
{
    for (int m = 0; m < s->model_count; m++)
        if (isnan(s->models[m].risk[row])) return false;
    return true;
}

/* With --common a model that has no risks leaves nobody for the others. */
static hra_code refuse_nobody(const hra_evaluation_input *in, hra_error *error)
{
    const hra_study *s = &in->study;
    for (int64_t r = 0; r < s->rows; r++)
        if (has_all_risks(s, r)) return HRA_OK;
    hra_buffer without = {0};
    for (int m = 0; m < s->model_count; m++)
        if (!has_risk(s, &s->models[m]))
            hra_buffer_printf(&without, "%s%s", without.length ? ", " : "", s->models[m].name);
    hra_code code =
        hra_fail(error, HRA_EINPUT, "--common: nobody has a risk of all %d models%s%s; choose models with --risks",
                 s->model_count, without.length ? "; nobody has one of " : "", without.bytes ? without.bytes : "");
    hra_buffer_destroy(&without);
    return code;
}

static hra_code fill(hra_evaluation_input *in, hra_error *error)
{
    hra_study *s = &in->study;
    ask(in);
    HRA_TRY(hra_number_table_read(in->table, error));
    s->rows = hra_number_table_rows(in->table);
    if (s->rows == 0) return hra_fail(error, HRA_EINPUT, "%s has a header and no rows", in->path);
    HRA_TRY(join_outcomes(in, error));
    HRA_TRY(numbers_of(in, in->event, &s->event, error));
    HRA_TRY(numbers_of(in, in->time, &s->time, error));
    HRA_TRY(numbers_of(in, in->weight, &s->weight, error));
    for (int m = 0; m < s->model_count; m++) {
        in->models[m] = (hra_study_model){.name = in->columns[m].name, .horizon = in->columns[m].horizon};
        HRA_TRY(risks_of(in, &in->columns[m], &in->models[m].risk, error));
    }
    s->models = in->models;
    if (in->by.column >= 0) HRA_TRY(find_groups(in, error));
    const hra_study_names names = {in->path, in->options->time, in->options->event, in->options->weight};
    HRA_TRY(hra_study_check(s, &names, error));
    HRA_TRY(keep_only(in, error));
    return s->common ? refuse_nobody(in, error) : HRA_OK;
}

static hra_code open_tables(hra_evaluation_input *in, hra_error *error)
{
    const hra_evaluation_options *o = in->options;
    HRA_TRY(hra_number_table_open(in->path, &in->table, error));
    if (!o->outcomes && (o->id || o->key || o->issuer))
        return hra_fail(error, HRA_EUSAGE, "--%s needs the table of --outcomes",
                        o->id    ? "id"
                        : o->key ? "key"
                                 : "issuer");
    if (!o->outcomes) return HRA_OK;
    HRA_TRY(hra_number_table_open(o->outcomes, &in->outcomes, error));
    in->join = (hra_join_tables){in->table, in->outcomes, in->path, o->outcomes, o->key, o->issuer, -1, -1};
    return hra_partners_ask(&in->join, o->id, error);
}

hra_code hra_evaluation_read(const char *path, const hra_evaluation_options *options, hra_evaluation_input **out,
                             hra_error *error)
{
    hra_evaluation_input *in = calloc(1, sizeof *in);
    if (!in) return no_memory(error);
    in->path = path;
    in->options = options;
    in->arena = hra_arena_new();
    hra_code code = in->arena ? open_tables(in, error) : no_memory(error);
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
    hra_number_table_close(in->outcomes);
    hra_list_destroy(&in->risks);
    hra_arena_free(in->arena);
    free(in);
}

hra_study *hra_evaluation_study(hra_evaluation_input *in) { return &in->study; }

const char *hra_evaluation_unread(const hra_evaluation_input *in)
{
    return in->unread && *in->unread ? in->unread : NULL;
}

const hra_partners *hra_evaluation_partners(const hra_evaluation_input *in)
{
    return in->outcomes ? &in->partners : NULL;
}

int64_t hra_evaluation_table_rows(const hra_evaluation_input *in) { return in->table_rows; }
