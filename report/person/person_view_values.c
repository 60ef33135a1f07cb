/* A1: the information list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/judge.h"
#include "engine/graph/scalar.h"
#include "io/words/cell_tally.h"
#include "report/person/person_json.h"
#include "report/person/person_view_internal.h"

/* ---- prepared ----------------------------------------------------------------------------- */

static bool prepare_labels(hra_person_views *v, hra_view_column *c)
{
    const char **labels = hra_view_take(v, c->variable->level_count, sizeof *labels);
    for (int l = 0; labels && l < c->variable->level_count; l++)
        labels[l] = hra_level_label(&c->variable->levels[l], v->request.language);
    c->level_labels = labels;
    return labels;
}

/* A bound of a reference in the column's unit; NaN: open. */
static double bound(const hra_view_column *c, const hra_declaration *reference, int band, const char *which,
                    const char **text)
{
    char key[32];
    double factor = 1, offset = 0;
    hra_buffer name = {0};
    hra_buffer_printf(&name, "band%d.%s", band, which);
    strncpy(key, name.bytes ? name.bytes : "", sizeof key - 1);
    key[sizeof key - 1] = '\0';
    hra_buffer_destroy(&name);
    *text = hra_declaration_text(reference, key, "en");
    if (!*text) return NAN;
    const char *unit = hra_declaration_text(reference, "unit", "en");
    if (unit) hra_variable_unit(c->variable, unit, &factor, &offset);
    return (strtod(*text, NULL) * factor + offset - c->offset) / c->factor;
}

/* Of the values with so many decimals the last one within, since the rules round in the dictionary's unit: up to 6.09
 * mmol/L are up to 109 mg/dL, not 110. */
static double last_within(const hra_view_column *c, double bound, bool high, int decimals)
{
    double scale = hra_pow10(decimals), half = 0.5 / hra_pow10(c->variable->decimals) / c->factor;
    double limit = hra_scalar_round(bound * c->factor + c->offset, c->variable->decimals), sign = high ? 1 : -1;
    double step = sign * (ceil(sign * bound * scale + half * scale) + 1);
    while (sign * (hra_scalar_round(step / scale * c->factor + c->offset, c->variable->decimals) - limit) > 0)
        step -= sign;
    return step / scale;
}

/* "90–139", "≥1.0", "≤5.19": as it was written where the units agree. */
static const char *band_text(hra_person_views *v, const hra_view_column *c, const struct hra_view_band *b,
                             const char *low, const char *high, bool as_written)
{
    double largest = fmax(isnan(b->low) ? 0 : fabs(b->low), isnan(b->high) ? 0 : fabs(b->high));
    int decimals = hra_lab_decimals(largest, c->decimals);
    char numbers[2][64] = {"", ""};
    const char *texts[2] = {low, high};
    const double values[2] = {b->low, b->high};
    for (int i = 0; i < 2 && !as_written; i++)
        if (texts[i]) {
            hra_buffer number = {0};
            hra_buffer_printf(&number, "%.*f", decimals, last_within(c, values[i], i == 1, decimals));
            if (number.bytes && number.length < sizeof numbers[i]) memcpy(numbers[i], number.bytes, number.length + 1);
            hra_buffer_destroy(&number);
            texts[i] = numbers[i];
        }
    if (texts[0] && texts[1]) return hra_arena_printf(v->arena, "%s–%s", texts[0], texts[1]);
    return hra_arena_printf(v->arena, "%s%s", texts[0] ? "≥" : "≤", texts[0] ? texts[0] : texts[1] ? texts[1] : "");
}

static bool prepare_bands(hra_person_views *v, hra_view_column *c, const hra_output *output)
{
    const hra_declaration *reference = c->reference;
    const char *unit = hra_declaration_text(reference, "unit", "en");
    bool as_written = strcmp(unit ? unit : c->variable->unit, c->unit) == 0;
    c->band_count = output->level_count / 3;
    c->bands = hra_view_take(v, c->band_count, sizeof *c->bands);
    for (int b = 0; c->bands && b < c->band_count; b++) {
        const char *low, *high;
        struct hra_view_band *band = &c->bands[b];
        band->low = bound(c, reference, b + 1, "low", &low);
        band->high = bound(c, reference, b + 1, "high", &high);
        band->text = band_text(v, c, band, low, high, as_written);
        hra_buffer json = {0};
        hra_person_json_value_band(band->low, band->high, &json);
        band->json = hra_view_take_text(v, &json);
        if (!band->text || !band->json) return false;
    }
    return c->bands;
}

static bool prepare_reference(hra_person_views *v, hra_view_column *c)
{
    const hra_catalogue *catalogue = v->request.catalogue;
    for (int i = 0; i < catalogue->reference_count; i++) {
        const hra_output *output = &catalogue->outputs[catalogue->references[i].output];
        if (strcmp(output->owner, c->variable->name) != 0 || !catalogue->references[i].declaration) continue;
        c->reference = catalogue->references[i].declaration;
        c->reference_output = catalogue->references[i].output;
        return prepare_bands(v, c, output);
    }
    return true;
}

/* Nothing is said of anybody yet. */
static hra_view_value start_value(const hra_view_column *c)
{
    return (hra_view_value){.column = c->column,
                            .variable = c->index,
                            .name = c->variable->name,
                            .label = c->label,
                            .domain = c->variable->domain,
                            .unit = c->variable->type == HRA_TYPE_DATE ? "" : c->unit,
                            .type = c->variable->type,
                            .derived = c->column < 0,
                            .value = NAN,
                            .decimals = c->decimals,
                            .other_unit = c->other_unit,
                            .text = "",
                            .own_text = "",
                            .own_unit = "",
                            .in_brackets = "",
                            .comparator = "",
                            .missing = "",
                            .missing_text = "",
                            .low = NAN,
                            .high = NAN,
                            .band = "",
                            .flag_text = "",
                            .previous = NAN,
                            .change = NAN,
                            .previous_text = "",
                            .change_text = "",
                            .trend = "",
                            .trend_text = "",
                            .course = "",
                            .course_text = "",
                            .per_year = NAN,
                            .json_head = c->json_head,
                            .json_unit = c->json_unit,
                            .json_band = ""};
}

/* The answers of a flag or category: of most people nothing else is said there. */
static bool prepare_answers(hra_person_views *v, hra_view_column *c)
{
    bool flag = c->variable->type == HRA_TYPE_FLAG;
    int count = flag ? 2 : c->variable->type == HRA_TYPE_CATEGORY ? c->variable->level_count : 0;
    hra_view_json *answers = hra_view_take(v, count, sizeof *answers);
    for (int i = 0; answers && i < count; i++) {
        hra_view_value value = c->start;
        hra_buffer json = {0};
        value.known = true;
        value.value = i;
        value.text = flag ? v->flags[i] : c->level_labels[i];
        hra_person_json_value(&value, &json);
        answers[i].length = json.length;
        if (!(answers[i].text = hra_view_take_text(v, &json))) return false;
    }
    c->json_answers = count > 0 ? answers : NULL;
    return answers;
}

static bool prepare_members(hra_person_views *v, hra_view_column *c)
{
    hra_buffer head = {0}, unit = {0};
    hra_person_json_value_head(c->variable->name, c->label, &head);
    hra_person_json_value_unit(c->variable->type == HRA_TYPE_DATE ? "" : c->unit, c->column < 0, &unit);
    c->json_head = hra_view_take_text(v, &head);
    c->json_unit = hra_view_take_text(v, &unit);
    c->start = start_value(c);
    return c->json_head && c->json_unit;
}

static int course_of(const hra_person_views *v, int variable)
{
    const hra_change_rules *rules = v->request.runs ? hra_runs_rules(v->request.runs) : NULL;
    for (int r = 0; rules && r < rules->count; r++)
        if (rules->rules[r].variable == variable) return r;
    return -1;
}

/* Column -1: the value that is derived from others. */
static bool prepare_column(hra_person_views *v, int variable, int column, hra_view_column *c)
{
    const hra_column *own = column < 0 ? NULL : &v->request.schema->columns[column];
    const hra_variable *x = hra_dictionary_at(v->request.schema->dictionary, variable);
    *c = (hra_view_column){.column = column,
                           .derived = own ? -1 : hra_catalogue_let(v->request.catalogue, x->name),
                           .index = variable,
                           .decimals = own ? own->decimals : x->decimals,
                           .unit = own ? own->unit : x->unit,
                           .variable = x,
                           .label = v->names[variable].label,
                           .reference_output = -1,
                           .factor = 1,
                           .change = hra_change_rule_of(&v->changes, variable),
                           .course = course_of(v, variable)};
    c->only_for = hra_variable_asked_by(v->request.schema->dictionary, c->variable, &c->only_for_answer);
    c->other_unit = strcmp(c->unit, x->unit) != 0;
    if (c->other_unit) hra_variable_unit(x, c->unit, &c->factor, &c->offset);
    return prepare_reference(v, c) && prepare_labels(v, c) && prepare_members(v, c) && prepare_answers(v, c);
}

/* The columns of a variable, then its derived value. */
static bool prepare_variable(hra_person_views *v, int variable)
{
    const hra_schema *schema = v->request.schema;
    const char *name = hra_dictionary_at(schema->dictionary, variable)->name;
    for (int c = 0; c < schema->column_count; c++)
        if (schema->columns[c].variable == variable && !prepare_column(v, variable, c, &v->columns[v->column_count++]))
            return false;
    if (hra_catalogue_let(v->request.catalogue, name) < 0) return true;
    return prepare_column(v, variable, -1, &v->columns[v->column_count++]);
}

/* Columns by domain in the order in which domains appear in the dictionary, then by variable. */
static bool prepare_columns(hra_person_views *v)
{
    const hra_schema *schema = v->request.schema;
    const hra_dictionary *dictionary = schema->dictionary;
    int variables = hra_dictionary_count(dictionary);
    bool *done = hra_view_take(v, variables, sizeof *done);
    v->columns = hra_view_take(v, schema->column_count + variables, sizeof *v->columns);
    if (!done || !v->columns) return false;
    for (int first = 0; first < variables; first++) {
        const char *domain = hra_dictionary_at(dictionary, first)->domain;
        for (int x = first; x < variables && !done[first]; x++) {
            if (strcmp(hra_dictionary_at(dictionary, x)->domain, domain) != 0 || (x > first && done[x])) continue;
            done[x] = x != first;
            if (!prepare_variable(v, x)) return false;
        }
        done[first] = true;
    }
    return true;
}

bool hra_view_prepare_values(hra_person_views *v)
{
    const hra_dictionary *dictionary = v->request.schema->dictionary;
    bool chinese = strcmp(v->request.language, "zh") == 0;
    v->names = hra_view_take(v, hra_dictionary_count(dictionary), sizeof *v->names);
    for (int i = 0; v->names && i < hra_dictionary_count(dictionary); i++) {
        const hra_variable *x = hra_dictionary_at(dictionary, i);
        const char *label = chinese ? x->label_zh : x->label_en;
        v->names[i] = (hra_view_name){x->name, label && *label ? label : x->name};
    }
    v->sex = hra_dictionary_find(dictionary, "sex");
    v->age = hra_dictionary_find(dictionary, "age");
    v->exam_date = hra_dictionary_find(dictionary, "exam_date");
    return v->names && prepare_columns(v);
}

/* ---- one person ------------------------------------------------------------------------------ */

static bool is_number(const hra_view_value *value)
{
    return value->type == HRA_TYPE_MEASURE || value->type == HRA_TYPE_COUNT;
}

static double number_of(const hra_view_build *b, const hra_view_column *c)
{
    return c->column < 0 ? hra_view_value_of(b, c->derived) : b->person.inputs[c->column];
}

static const char *comparator_of(uint8_t mark)
{
    return mark == HRA_MARK_BELOW ? "<" : mark == HRA_MARK_ABOVE ? ">" : mark == HRA_MARK_RANGE ? "range" : "";
}

static const char *printed(hra_view_build *b, const hra_view_column *c, const hra_view_value *value)
{
    hra_buffer *out = &b->worker->text;
    if (value->type == HRA_TYPE_CATEGORY) return c->level_labels[(int)value->value];
    if (value->type == HRA_TYPE_FLAG) return b->views->flags[value->value == 1];
    if (value->type == HRA_TYPE_DATE) return hra_view_day(b, value->value);
    if (value->comparator[0] == '<' || value->comparator[0] == '>') hra_buffer_text(out, value->comparator);
    hra_measured_text(value->value, value->decimals, value->other_unit, out);
    return hra_view_keep(b);
}

static void place_in_band(hra_view_build *b, const hra_view_column *c, hra_view_value *value)
{
    double level = c->reference_output < 0 ? (double)NAN : hra_view_value_of(b, c->reference_output);
    if (isnan(level)) return;
    const struct hra_view_band *band = &c->bands[(int)level / 3];
    value->low = band->low;
    value->high = band->high;
    value->band = band->text;
    value->json_band = band->json;
    value->flag = (hra_view_flag)(HRA_VIEW_LOW + (int)level % 3);
    value->flag_text = b->views->places[(int)level % 3];
}

static void check_plausible(const hra_view_column *c, hra_view_value *value)
{
    double canonical = value->value * c->factor + c->offset;
    if (canonical < c->variable->plausible_min) value->beyond_plausible = -1;
    if (canonical > c->variable->plausible_max) value->beyond_plausible = 1;
}

/* Now, in the canonical unit as reported; NaN unknown. */
static double canonical_now(const hra_view_build *b, int variable)
{
    for (int i = 0; i < b->views->column_count; i++) {
        const hra_view_column *c = &b->views->columns[i];
        double value = c->index == variable ? number_of(b, c) : (double)NAN;
        if (!isnan(value)) return hra_scalar_round(value * c->factor + c->offset, c->variable->decimals);
    }
    return NAN;
}

static hra_trend trend_of(const hra_view_build *b, const hra_view_column *c, int variable)
{
    const hra_change_rule *rule = c->change;
    const hra_previous *previous = b->views->request.previous;
    int32_t before;
    if (!rule || !hra_previous_steps(previous, b->previous_row, variable, &before)) return HRA_TREND_UNKNOWN;
    int decimals = c->variable->decimals;
    int64_t now = llround(canonical_now(b, variable) * hra_pow10(decimals));
    return hra_change_judge(&b->views->changes, rule, decimals, before, now,
                            hra_previous_value(previous, b->previous_row, rule->judged_by),
                            canonical_now(b, rule->judged_by));
}

static void compare_years(hra_view_build *b, const hra_view_column *c, hra_view_value *value)
{
    if (b->previous_row < 0) return;
    double before = hra_previous_value(b->views->request.previous, b->previous_row, value->variable);
    if (isnan(before)) return;
    hra_view_value old = *value;
    old.value = before;
    old.comparator = "";
    if (is_number(value)) old.value = value->previous = (before - c->offset) / c->factor;
    value->previous_text = printed(b, c, &old);
    if (!is_number(value) || !value->known) return;
    value->change = hra_scalar_round(value->value, value->decimals) - hra_scalar_round(old.value, value->decimals);
    value->change = hra_scalar_round(value->change, value->decimals);
    hra_buffer_text(&b->worker->text, value->change > 0 ? "+" : value->change < 0 ? "−" : "");
    hra_measured_text(fabs(value->change), value->decimals, value->other_unit, &b->worker->text);
    value->change_text = hra_view_keep(b);
    value->trend = hra_trend_word(trend_of(b, c, value->variable));
    value->trend_text = *value->trend ? hra_text_of(b->views->words, "trend", value->trend, value->trend) : "";
}

/* Waist 43 inches (109.2 cm): what says "90 cm or more" can be compared. */
static void show_in_own_unit(hra_view_build *b, const hra_view_column *c, hra_view_value *value)
{
    int decimals = c->variable->decimals;
    if (!value->other_unit || !is_number(value) || *value->comparator) return;
    value->own_unit = c->variable->unit;
    value->own_text = hra_view_number(b, value->value * c->factor + c->offset, decimals);
    const char *unit = hra_text_of(b->views->words, "unit", value->own_unit, value->own_unit);
    hra_buffer_printf(&b->worker->text, " (%s %s)", value->own_text, unit);
    value->in_brackets = hra_view_keep(b);
}

static void fill_value(hra_view_build *b, const hra_view_column *c, uint8_t mark, hra_view_value *value)
{
    const char *reason = hra_mark_name(mark);
    *value = c->start;
    value->value = number_of(b, c);
    value->known = !isnan(value->value);
    value->comparator = comparator_of(mark);
    if (value->known) {
        value->text = printed(b, c, value);
        if (is_number(value)) check_plausible(c, value);
        show_in_own_unit(b, c, value);
        place_in_band(b, c, value);
        bool more = *value->comparator || *value->band || b->previous_row >= 0;
        if (c->json_answers && !more) value->json = &c->json_answers[(int)value->value];
    } else {
        value->missing = reason;
        value->missing_text = hra_text_of(b->views->words, "missing", reason, reason);
    }
    compare_years(b, c, value);
    if (c->course >= 0 && value->known) hra_view_add_course(b, c, value);
}

static uint8_t mark_of(const hra_cell_mark *marks, int count, int column)
{
    for (int i = 0; i < count; i++)
        if (marks[i].column == column) return marks[i].mark;
    return 0;
}

/* Is it asked of such people? Where it is not known who somebody is, yes. */
static bool concerns(const hra_view_build *b, const hra_view_column *c)
{
    if (c->variable->only_for_models) return false;
    const hra_view_value *who = c->only_for < 0 ? NULL : b->of_variable[c->only_for];
    return !who || !who->known || hra_variable_asks(c->variable, c->only_for_answer, who->value);
}

/* What was delivered; what is derived only where nothing known was. */
static void add_value(hra_view_build *b, const hra_view_column *c, uint8_t mark, hra_view_value *values,
                      hra_view_name *blank)
{
    hra_person_view *out = b->out;
    const hra_view_value *there = b->of_variable[c->index];
    bool known = !isnan(number_of(b, c));
    if (c->column < 0 && (!known || (there && there->known))) return;
    bool asked = concerns(b, c);
    out->asked_count += c->column >= 0 && (asked || known || mark);
    if (!known && !mark && !asked) return;
    if (!known && !mark) {
        blank[out->blank_count++] = b->views->names[c->index];
        return;
    }
    hra_view_value *value = &values[out->value_count++];
    fill_value(b, c, mark, value);
    bool says_something = known && !c->variable->only_for_models && (value->type != HRA_TYPE_FLAG || value->value == 1);
    value->hidden = !asked && !says_something;
    if (known || !there) b->of_variable[c->index] = value;
    out->known_count += known && c->column >= 0;
}

/* Variables of which nothing is said: not delivered, not refused and not derived from others either. */
static void list_lacking(hra_view_build *b)
{
    const hra_person_views *v = b->views;
    hra_view_name *lacking = hra_view_new(b, v->column_count, sizeof *lacking);
    int last = -1;
    for (int i = 0; lacking && i < v->column_count; i++) {
        const hra_view_column *c = &v->columns[i];
        if (c->column < 0 || c->index == last || b->of_variable[c->index] || !concerns(b, c)) continue;
        lacking[b->out->lacking_count++] = v->names[c->index];
        last = c->index;
    }
    b->out->lacking = lacking;
}

void hra_view_build_values(hra_view_build *b)
{
    const hra_person_views *v = b->views;
    hra_person_view *out = b->out;
    int mark_count;
    const hra_cell_mark *marks = hra_chunk_marks(b->chunk, b->person.row, &mark_count);
    hra_view_value *values = hra_view_new(b, v->column_count, sizeof *values);
    hra_view_name *blank = hra_view_new(b, v->column_count, sizeof *blank);
    b->of_variable = hra_view_zeroed(b, hra_dictionary_count(v->request.schema->dictionary), sizeof *b->of_variable);
    if (b->failed) return;
    for (int i = 0; i < v->column_count; i++)
        add_value(b, &v->columns[i], mark_of(marks, mark_count, v->columns[i].column), values, blank);
    out->values = values;
    out->blank = blank;
    list_lacking(b);
}
