#include "report/person_text.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/graph/scalar.h"

double hra_person_value(const hra_person *person, int output)
{
    return output < 0 ? NAN : hra_results_value(person->results, output, person->row);
}

unsigned hra_person_status(const hra_person *person, int output)
{
    int holder = person->catalogue->outputs[output].status_of;
    return person->results->status[holder][person->row];
}

bool hra_person_not_applicable(const hra_person *person, int output)
{
    return output >= 0 && (hra_person_status(person, output) & HRA_STATUS_NOT_APPLICABLE);
}

static void write_day(double day, hra_buffer *out)
{
    char text[HRA_DAY_TEXT];
    hra_buffer_text(out, hra_day_text(day, text));
}

static bool is_word(const char *label)
{
    return (label[0] >= 'A' && label[0] <= 'Z') || (label[0] >= 'a' && label[0] <= 'z');
}

/* A level's number in files. */
static bool is_code(const char *label) { return label[strspn(label, "0123456789.")] == '\0'; }

/* In Chinese the first label in Chinese script, else the first that is no word of another ("3+"); in English the first
 * that reads as words (two letters or more) and is not the level's name in the dictionary. Else that name. */
const char *hra_level_label(const hra_level *level, const char *language)
{
    bool chinese = strcmp(language, "zh") == 0;
    for (int l = 0; l < level->label_count; l++) {
        const char *label = level->labels[l];
        if (chinese && (unsigned char)label[0] >= 0xE3) return label;
        if (!chinese && is_word(label) && strlen(label) > 1 && strcmp(label, level->name) != 0) return label;
    }
    for (int l = 0; chinese && l < level->label_count; l++)
        if (!is_word(level->labels[l]) && !is_code(level->labels[l])) return level->labels[l];
    return level->name;
}

void hra_person_input_text(const hra_person *person, int column, const char *language, hra_buffer *out)
{
    const hra_column *c = &person->schema->columns[column];
    const hra_variable *v = hra_dictionary_at(person->schema->dictionary, c->variable);
    double value = person->inputs[column];
    bool chinese = strcmp(language, "zh") == 0;
    if (isnan(value))
        hra_buffer_text(out, "–");
    else if (v->type == HRA_TYPE_FLAG)
        hra_buffer_text(out, value == 1 ? (chinese ? "是" : "yes") : (chinese ? "否" : "no"));
    else if (v->type == HRA_TYPE_CATEGORY)
        hra_buffer_text(out, hra_level_label(&v->levels[(int)value], language));
    else if (v->type == HRA_TYPE_DATE)
        write_day(value, out);
    else
        hra_measured_text(value, c->decimals, strcmp(c->unit, v->unit) != 0, out);
}

void hra_measured_text(double value, int decimals, bool other_unit, hra_buffer *out)
{
    double rounded = hra_scalar_round(value, decimals);
    if (other_unit)
        hra_buffer_decimal(out, rounded, decimals);
    else
        hra_buffer_fixed(out, rounded, decimals);
}

/* ---- texts with places ------------------------------------------------------------------- */

/* A column of the variable that a place names: one per delivered unit. */
typedef struct place_column {
    int column;
    double factor, offset; /* to the dictionary's unit, which the text around the place has */
} place_column;

typedef struct place {
    const char *before; /* the text up to it */
    size_t length;
    const place_column *columns;
    int column_count;
    int let; /* output of a let, or of a variable that others stand in for; -1: none */
} place;

struct hra_template {
    const char *text, *rest;
    place *places;
    int count;
};

static bool is_number(const hra_variable *v) { return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT; }

static bool find_place(hra_arena *arena, const hra_catalogue *catalogue, const hra_schema *schema, const char *open,
                       const char *close, place *found)
{
    const char *key = hra_arena_text_n(arena, open + 1, (size_t)(close - open - 1));
    if (!key) return false;
    int variable = hra_dictionary_find(schema->dictionary, key);
    place_column *columns = hra_arena_alloc(arena, ((size_t)schema->column_count + 1) * sizeof *columns);
    if (!columns) return false;
    for (int c = 0; variable >= 0 && c < schema->column_count; c++) {
        if (schema->columns[c].variable != variable) continue;
        place_column *one = &columns[found->column_count++];
        const hra_variable *v = hra_dictionary_at(schema->dictionary, variable);
        *one = (place_column){c, 1, 0};
        if (is_number(v)) hra_variable_unit(v, schema->columns[c].unit, &one->factor, &one->offset);
    }
    found->columns = columns;
    found->let = hra_catalogue_let(catalogue, key);
    return true;
}

const hra_template *hra_template_new(hra_arena *arena, const hra_catalogue *catalogue, const hra_schema *schema,
                                     const char *text)
{
    int most = 0;
    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) most++;
    hra_template *t = hra_arena_alloc(arena, sizeof *t);
    if (!t) return NULL;
    *t = (hra_template){.text = text, .rest = text};
    t->places = hra_arena_alloc(arena, (size_t)(most + 1) * sizeof *t->places);
    if (!t->places) return NULL;
    for (const char *open; (open = strchr(t->rest, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        place *p = &t->places[t->count];
        if (!close) break;
        *p = (place){.before = t->rest, .length = (size_t)(open - t->rest)};
        if (!find_place(arena, catalogue, schema, open, close, p)) return NULL;
        t->count++;
        t->rest = close + 1;
    }
    return t;
}

const char *hra_template_constant(const hra_template *template) { return template->count == 0 ? template->text : NULL; }

/* The first column of the place in which this person has a value; NULL: none. */
static const place_column *known_column(const hra_person *person, const place *p)
{
    for (int i = 0; i < p->column_count; i++)
        if (!isnan(person->inputs[p->columns[i].column])) return &p->columns[i];
    return NULL;
}

/* The text names the dictionary's unit: 166 mg/dL are 4.29 in "{ldl} mmol/L". */
static void fill_known(const place_column *known, const hra_person *person, const char *language, hra_buffer *out)
{
    if (known->factor == 1 && known->offset == 0) {
        hra_person_input_text(person, known->column, language, out);
        return;
    }
    int decimals =
        hra_dictionary_at(person->schema->dictionary, person->schema->columns[known->column].variable)->decimals;
    double value = person->inputs[known->column] * known->factor + known->offset;
    hra_buffer_fixed(out, hra_scalar_round(value, decimals), decimals);
}

static void fill_place(const place *p, const hra_person *person, const char *language, hra_buffer *out)
{
    const place_column *known = known_column(person, p);
    if (known) {
        fill_known(known, person, language, out);
        return;
    }
    double value = hra_person_value(person, p->let);
    if (isnan(value)) {
        hra_buffer_text(out, "–");
        return;
    }
    int decimals = person->catalogue->outputs[p->let].decimals;
    if (decimals >= 0)
        hra_buffer_fixed(out, hra_scalar_round(value, decimals), decimals);
    else
        hra_buffer_printf(out, "%.4g", value);
}

void hra_template_fill(const hra_template *template, const hra_person *person, const char *language, hra_buffer *out)
{
    for (int i = 0; i < template->count; i++) {
        hra_buffer_append(out, template->places[i].before, template->places[i].length);
        fill_place(&template->places[i], person, language, out);
    }
    hra_buffer_text(out, template->rest);
}

void hra_placeholder_lets(const hra_library *library, const char *text, void (*found)(void *context, const char *name),
                          void *context)
{
    for (const char *open = text; (open = strchr(open, '{')) != NULL; open++) {
        const char *close = strchr(open, '}');
        char key[128];
        if (!close || (size_t)(close - open) > sizeof key) return;
        size_t length = (size_t)(close - open - 1);
        memcpy(key, open + 1, length);
        key[length] = '\0';
        const hra_declaration *declaration = hra_library_find(library, key);
        int variable = hra_dictionary_find(hra_library_dictionary(library), key);
        if (declaration && declaration->kind == HRA_DECLARATION_LET)
            found(context, declaration->id);
        else if (variable >= 0 && is_number(hra_dictionary_at(hra_library_dictionary(library), variable)))
            found(context, hra_dictionary_at(hra_library_dictionary(library), variable)->name);
    }
}
