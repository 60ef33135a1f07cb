#include "report/person/person_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/graph/scalar.h"
#include "engine/language/quantity_text.h"

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

int hra_lab_decimals(double value, int most)
{
    const double exact_enough = 0.027; /* HDL cholesterol of 39 mg/dL, but a waist of 35.4 inches */
    int decimals = 0;
    while (decimals < most && hra_pow10(decimals) * fabs(value) * exact_enough < 1) decimals++;
    return decimals;
}

/* ---- texts with places ------------------------------------------------------------------- */

/* A column of the variable that a place names: one per delivered unit. */
typedef struct place_column {
    int column;
    const char *unit;      /* as readers call it */
    double factor, offset; /* to the dictionary's unit, which the text around the place has */
} place_column;

typedef struct place {
    const char *before; /* the text up to it */
    size_t length;
    const place_column *columns;
    int column_count;
    int let;                       /* output of a let, or of a variable that others stand in for; -1: none */
    hra_text_piece numbers, unit;  /* of a quantity: what stands for the value, if it is no name; behind it */
    const place_column *delivered; /* of a quantity: its variable's columns; NULL: none */
    int delivered_count;
    bool own_value; /* of a quantity: what is measured itself, not a limit of it */
} place;

struct hra_template {
    const char *text, *rest;
    place *places;
    int count;
};

static bool is_number(const hra_variable *v) { return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT; }

static const place_column *columns_of(hra_arena *arena, const hra_schema *schema, const hra_words *words, int variable,
                                      int *count)
{
    place_column *columns = hra_arena_alloc(arena, ((size_t)schema->column_count + 1) * sizeof *columns);
    for (int c = 0; columns && variable >= 0 && c < schema->column_count; c++) {
        if (schema->columns[c].variable != variable) continue;
        place_column *one = &columns[(*count)++];
        const hra_variable *v = hra_dictionary_at(schema->dictionary, variable);
        const char *unit = schema->columns[c].unit;
        *one = (place_column){c, hra_text_of(words, "unit", unit ? unit : "", unit), 1, 0};
        if (is_number(v)) hra_variable_unit(v, unit, &one->factor, &one->offset);
    }
    return columns;
}

static int variable_called(hra_arena *arena, const hra_schema *schema, hra_text_piece name)
{
    const char *key = hra_arena_text_n(arena, name.text, name.length);
    return key ? hra_dictionary_find(schema->dictionary, key) : -1;
}

static bool find_place(hra_arena *arena, const hra_catalogue *catalogue, const hra_schema *schema,
                       const hra_words *words, hra_text_piece inside, place *found)
{
    hra_quantity q;
    found->let = -1;
    if (hra_quantity_read(inside.text, inside.length, &q)) {
        int variable = variable_called(arena, schema, q.variable);
        found->unit = q.unit;
        found->delivered = columns_of(arena, schema, words, variable, &found->delivered_count);
        if (!found->delivered) return false;
        inside = q.value;
        found->own_value =
            q.value.length == q.variable.length && memcmp(q.value.text, q.variable.text, q.value.length) == 0;
        if (!q.is_name) found->numbers = q.value;
        if (!q.is_name) return true;
    }
    const char *key = hra_arena_text_n(arena, inside.text, inside.length);
    if (!key) return false;
    found->columns =
        columns_of(arena, schema, words, hra_dictionary_find(schema->dictionary, key), &found->column_count);
    found->let = hra_catalogue_let(catalogue, key);
    return found->columns;
}

/* Whether some quantity of the text was delivered in another unit than the text names. */
static bool has_other_unit(hra_arena *arena, const hra_schema *schema, const char *text)
{
    for (const char *open = text; (open = strchr(open, '{')) != NULL; open++) {
        const char *close = strchr(open, '}');
        hra_quantity q;
        if (!close || !hra_quantity_read(open + 1, (size_t)(close - open - 1), &q)) continue;
        int variable = variable_called(arena, schema, q.variable);
        for (int c = 0; variable >= 0 && c < schema->column_count; c++)
            if (schema->columns[c].variable == variable &&
                strcmp(schema->columns[c].unit, hra_dictionary_at(schema->dictionary, variable)->unit) != 0)
                return true;
    }
    return false;
}

static const char *plain_text(hra_arena *arena, const char *text)
{
    hra_buffer plain = {0};
    hra_quantity_plain(text, &plain);
    const char *copy = plain.failed ? NULL : hra_arena_text(arena, plain.bytes ? plain.bytes : "");
    hra_buffer_destroy(&plain);
    return copy;
}

const hra_template *hra_template_new(hra_arena *arena, const hra_catalogue *catalogue, const hra_schema *schema,
                                     const hra_words *words, const char *text)
{
    int most = 0;
    if (!has_other_unit(arena, schema, text) && !(text = plain_text(arena, text))) return NULL;
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
        hra_text_piece inside = {open + 1, (size_t)(close - open - 1)};
        if (!find_place(arena, catalogue, schema, words, inside, p)) return NULL;
        t->count++;
        t->rest = close + 1;
    }
    return t;
}

const char *hra_template_constant(const hra_template *template) { return template->count == 0 ? template->text : NULL; }

/* The first column in which this person has a value; NULL: none. */
static const place_column *known_column(const hra_person *person, const place_column *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (!isnan(person->inputs[columns[i].column])) return &columns[i];
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
    const place_column *known = known_column(person, p->columns, p->column_count);
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

static void put_converted(double canonical, const place_column *to, int most, hra_buffer *out)
{
    double value = (canonical - to->offset) / to->factor;
    int decimals = hra_lab_decimals(value, most);
    hra_buffer_fixed(out, hra_scalar_round(value, decimals), decimals);
}

/* A cut point as the other unit prints it: the smallest printed value that rules take for the cut point or more, or (up
 * to it) the largest that they take for the cut point or less. The nearest one would be told as "131 or more" beside a
 * 131 that is 3.39 and counts for less than 3.4. */
static void put_cut(double canonical, bool up_to, const place_column *to, const hra_person *person, hra_buffer *out)
{
    enum { STEPS = 20 }; /* units differ by less: one step of the one is a few of the other */
    const hra_column *column = &person->schema->columns[to->column];
    int tested = hra_dictionary_at(person->schema->dictionary, column->variable)->decimals;
    double exact = (canonical - to->offset) / to->factor;
    int decimals = hra_lab_decimals(exact, column->decimals);
    double scale = hra_pow10(decimals), printed = hra_scalar_round(exact, decimals) * scale;
    double sign = up_to ? -1 : 1;
    for (int i = -STEPS; i <= STEPS; i++) {
        double value = (printed + sign * i) / scale;
        double read = hra_scalar_round(value * to->factor + to->offset, tested);
        if (sign * (read - canonical) < 0) continue;
        exact = value;
        break;
    }
    hra_buffer_fixed(out, hra_scalar_round(exact, decimals), decimals);
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t size = strlen(end);
    return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* Does the text mean values up to the number, and the number itself? "≤ 420", "above 420", "4.4–7.0", "3.9 or less" */
static bool is_up_to(const char *before, size_t length, const char *behind)
{
    static const char *const openings[] = {"≤", "≤ ", ">", "> ", "above ", "–"};
    static const char *const endings[] = {" or less", " at most"};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (ends_with(before, length, openings[i])) return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strncmp(behind, endings[i], strlen(endings[i])) == 0) return true;
    return false;
}

/* "4.4–7.0" in another unit: every number of it. */
static void put_numbers(const place *p, const char *behind, const place_column *to, const hra_person *person,
                        hra_buffer *out)
{
    const char *begin = p->numbers.text, *end = begin + p->numbers.length;
    bool alone = is_up_to(p->before, p->length, behind);
    for (const char *at = begin; at < end;) {
        char *next = NULL;
        if (*at < '0' || *at > '9') {
            hra_buffer_char(out, *at++);
            continue;
        }
        double number = strtod(at, &next);
        put_cut(number, at == begin ? alone : is_up_to(begin, (size_t)(at - begin), ""), to, person, out);
        at = next;
    }
}

/* " (110 mg/dL)", where this person's value, or all values, came in another unit. */
static void fill_delivered(const place *p, const char *behind, const hra_person *person, const char *language,
                           hra_buffer *out)
{
    const place_column *to = known_column(person, p->delivered, p->delivered_count);
    const place_column *known = known_column(person, p->columns, p->column_count);
    if (!to && p->delivered_count > 0) to = &p->delivered[0];
    if (!to || (to->factor == 1 && to->offset == 0)) return;
    double value = p->let < 0 ? (double)NAN : hra_person_value(person, p->let);
    if (!p->numbers.text && !known && isnan(value)) return;
    int most = person->schema->columns[to->column].decimals;
    hra_buffer_text(out, " (");
    if (p->numbers.text)
        put_numbers(p, behind, to, person, out);
    else if (known == NULL && p->own_value)
        put_converted(value, to, most, out);
    else if (known == NULL)
        put_cut(value, is_up_to(p->before, p->length, behind), to, person, out);
    else if (known->column == to->column)
        hra_person_input_text(person, to->column, language, out); /* as it was delivered */
    else
        put_converted(person->inputs[known->column] * known->factor + known->offset, to, most, out);
    hra_buffer_printf(out, " %s)", to->unit);
}

void hra_template_fill(const hra_template *template, const hra_person *person, const char *language, hra_buffer *out)
{
    for (int i = 0; i < template->count; i++) {
        const place *p = &template->places[i];
        hra_buffer_append(out, p->before, p->length);
        if (p->numbers.text)
            hra_buffer_append(out, p->numbers.text, p->numbers.length);
        else
            fill_place(p, person, language, out);
        hra_buffer_append(out, p->unit.text ? p->unit.text : "", p->unit.length);
        const char *behind = i + 1 < template->count ? template->places[i + 1].before : template->rest;
        fill_delivered(p, behind, person, language, out);
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
        hra_quantity q = {.value = {open + 1, (size_t)(close - open - 1)}, .is_name = true};
        hra_quantity_read(open + 1, q.value.length, &q);
        if (!q.is_name) continue;
        memcpy(key, q.value.text, q.value.length);
        key[q.value.length] = '\0';
        const hra_declaration *declaration = hra_library_find(library, key);
        int variable = hra_dictionary_find(hra_library_dictionary(library), key);
        if (declaration && declaration->kind == HRA_DECLARATION_LET)
            found(context, declaration->id);
        else if (variable >= 0 && is_number(hra_dictionary_at(hra_library_dictionary(library), variable)))
            found(context, hra_dictionary_at(hra_library_dictionary(library), variable)->name);
    }
}
