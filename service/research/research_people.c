#include "service/research/research_people.h"

#include <math.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "engine/graph/scalar.h"

typedef struct column_use {
    int place; /* among the values */
    double factor, offset;
} column_use;

struct hra_research_people {
    const hra_schema *schema;
    const hra_research_policy *policy;
    column_use *uses; /* by column of the schema */
    int *variables, count;
    double *values;
    int consent, sex, age, birth, exam, region; /* places among the values, -1: there is none */
    int province;                               /* label, -1: there is none */
    const hra_chunk *chunk;
    int row, exception;
};

static int place_of(const hra_research_people *p, const char *name)
{
    int variable = hra_dictionary_find(p->schema->dictionary, name);
    for (int i = 0; variable >= 0 && i < p->count; i++)
        if (p->variables[i] == variable) return i;
    return -1;
}

static hra_code use_column(hra_research_people *p, int index, const int *place, hra_error *error)
{
    const hra_column *column = &p->schema->columns[index];
    const hra_variable *v = hra_dictionary_at(p->schema->dictionary, column->variable);
    column_use *use = &p->uses[index];
    *use = (column_use){place[column->variable], 1, 0};
    if ((v->type != HRA_TYPE_MEASURE && v->type != HRA_TYPE_COUNT) || !column->unit) return HRA_OK;
    if (hra_variable_unit(v, column->unit, &use->factor, &use->offset)) return HRA_OK;
    return hra_fail(error, HRA_EINTERNAL, "%s stands in '%s', which does not fit", v->name, column->unit);
}

static hra_code list_columns(hra_research_people *p, hra_error *error)
{
    const hra_schema *s = p->schema;
    size_t all = (size_t)hra_dictionary_count(s->dictionary) + 1;
    int *place = malloc(all * sizeof *place);
    p->variables = calloc(all, sizeof *p->variables);
    p->values = calloc(all, sizeof *p->values);
    p->uses = calloc((size_t)s->column_count + 1, sizeof *p->uses);
    hra_code code = place && p->variables && p->values && p->uses ? HRA_OK : HRA_ENOMEM;
    if (code) hra_out_of_memory(error);
    for (int v = 0; !code && v < (int)all - 1; v++) {
        if (hra_schema_find(s, v, NULL) < 0) continue;
        place[v] = p->count;
        p->variables[p->count++] = v;
    }
    for (int c = 0; !code && c < s->column_count; c++) code = use_column(p, c, place, error);
    free(place);
    return code;
}

hra_code hra_research_people_new(const hra_schema *schema, const hra_research_policy *policy, hra_research_people **out,
                                 hra_error *error)
{
    hra_research_people *p = calloc(1, sizeof *p);
    if (!p) return hra_out_of_memory(error);
    *p = (hra_research_people){.schema = schema, .policy = policy};
    hra_code code = list_columns(p, error);
    p->consent = place_of(p, "consent_research");
    p->sex = place_of(p, "sex");
    p->age = place_of(p, "age");
    p->birth = place_of(p, "birth_date");
    p->exam = place_of(p, "exam_date");
    p->region = place_of(p, "region");
    p->province = hra_schema_find_label(schema, "province");
    if (!code && p->consent < 0)
        code = hra_fail(error, HRA_EINPUT,
                        "the store has no consent_research: nobody is known to have agreed; import the answers with "
                        "the people");
    if (code)
        hra_research_people_free(p);
    else
        *out = p;
    return code;
}

void hra_research_people_free(hra_research_people *people)
{
    if (!people) return;
    free(people->variables);
    free(people->values);
    free(people->uses);
    free(people);
}

int hra_research_people_variables(const hra_research_people *people, const int **variables)
{
    *variables = people->variables;
    return people->count;
}

static int levels_of(const hra_research_people *p, int place)
{
    return place < 0 ? 0 : hra_dictionary_at(p->schema->dictionary, p->variables[place])->level_count;
}

int hra_research_people_sexes(const hra_research_people *people) { return levels_of(people, people->sex); }

int hra_research_people_regions(const hra_research_people *people) { return levels_of(people, people->region); }

/* ---- a row ---- */

void hra_research_people_begin(hra_research_people *people, const hra_chunk *chunk)
{
    people->chunk = chunk;
    people->row = -1;
    people->exception = 0;
}

/* Of columns in several units the first that knows it tells the value. */
static void put(hra_research_people *p, int column, double value)
{
    const column_use *use = &p->uses[column];
    if (!isnan(p->values[use->place])) return;
    bool as_it_is = use->factor == 1 && use->offset == 0;
    p->values[use->place] = as_it_is ? value : value * use->factor + use->offset;
}

void hra_research_people_read(hra_research_people *people, int row)
{
    const hra_chunk *chunk = people->chunk;
    people->row = row;
    for (int i = 0; i < people->count; i++) people->values[i] = NAN;
    for (int c = 0; c < people->schema->column_count; c++)
        put(people, c, hra_column_value(&people->schema->columns[c], hra_code_at(&chunk->columns[c], row)));
    int *e = &people->exception;
    while (*e < chunk->exception_count && chunk->exceptions[*e].row < row) ++*e;
    for (; *e < chunk->exception_count && chunk->exceptions[*e].row == row; ++*e)
        put(people, chunk->exceptions[*e].column, chunk->exceptions[*e].value);
}

static double value_at(const hra_research_people *p, int place) { return place < 0 ? NAN : p->values[place]; }

const double *hra_research_people_values(const hra_research_people *people) { return people->values; }

hra_research_consent hra_research_people_consent(const hra_research_people *people)
{
    double answer = value_at(people, people->consent);
    if (isnan(answer)) return HRA_RESEARCH_NOT_ASKED;
    return answer == 1 ? HRA_RESEARCH_AGREED : HRA_RESEARCH_REFUSED;
}

static const char *province_text(const hra_research_people *p)
{
    if (p->province < 0) return NULL;
    const hra_label_codes *labels = &p->chunk->labels[p->province];
    int32_t index = labels->index ? labels->index[p->row] : -1;
    return index >= 0 && index < labels->text_count ? labels->texts[index] : NULL;
}

static int province_of(const hra_research_people *p)
{
    const char *text = province_text(p);
    return text ? hra_research_policy_province(p->policy, text) : -1;
}

bool hra_research_people_strange_province(const hra_research_people *people)
{
    const char *text = province_text(people);
    return text && *text && province_of(people) < 0;
}

static int level_at(const hra_research_people *p, int place)
{
    double level = value_at(p, place);
    return level >= 0 && level < levels_of(p, place) ? (int)level : -1;
}

hra_research_cell hra_research_people_cell(const hra_research_people *people)
{
    const hra_research_policy *policy = people->policy;
    double age = value_at(people, people->age), exam = value_at(people, people->exam);
    if (isnan(age)) age = hra_scalar_years_between(value_at(people, people->birth), exam);
    int64_t year = isnan(exam) ? -1 : hra_date_of_day(exam).year - HRA_RESEARCH_FIRST_YEAR;
    return (hra_research_cell){.sex = level_at(people, people->sex),
                               .age = hra_research_band(age, (int)policy->age_band, (int)policy->top_age),
                               .province = province_of(people),
                               .region = level_at(people, people->region),
                               .year = year >= 0 && year < HRA_RESEARCH_YEARS ? (int)year : -1};
}
