#include <math.h>
#include <string.h>

#include "engine/run/judge.h"
#include "io/cell_tally.h"
#include "report/person_json.h"
#include "report/person_text.h"

/* Objects are written member by member; `first` tells whether a comma is due. */
static void member(hra_buffer *out, bool *first, const char *name)
{
    if (!*first) hra_buffer_char(out, ',');
    *first = false;
    hra_buffer_printf(out, "\"%s\":", name);
}

static void number(hra_buffer *out, double value)
{
    if (isnan(value))
        hra_buffer_text(out, "null");
    else
        hra_buffer_double(out, value);
}

static const char *value_flag(const hra_variable *v, const hra_column *c, double value)
{
    double factor = 1, offset = 0;
    if (v->type != HRA_TYPE_MEASURE && v->type != HRA_TYPE_COUNT) return NULL;
    if (strcmp(c->unit, v->unit) != 0) hra_variable_unit(v, c->unit, &factor, &offset);
    double canonical = value * factor + offset;
    if (canonical < v->plausible_min) return "below plausible range";
    if (canonical > v->plausible_max) return "above plausible range";
    return NULL;
}

/* The mark of a column among those of the person; 0: none. */
static uint8_t mark_of(const hra_cell_mark *marks, int count, int column)
{
    for (int i = 0; i < count; i++)
        if (marks[i].column == column) return marks[i].mark;
    return 0;
}

/* "<" for a value below what could be measured, ">" above, "range" where the person gave two numbers. */
static const char *comparator(uint8_t mark)
{
    return mark == HRA_MARK_BELOW ? "<" : mark == HRA_MARK_ABOVE ? ">" : mark == HRA_MARK_RANGE ? "range" : NULL;
}

static void write_known(const hra_person_writer *w, const hra_person *p, const hra_json_part *item, uint8_t mark,
                        hra_buffer *out)
{
    double value = p->inputs[item->index];
    const hra_column *c = &w->schema->columns[item->index];
    const hra_variable *v = hra_dictionary_at(w->schema->dictionary, c->variable);
    if (v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT) {
        hra_buffer_decimal(out, value, c->decimals);
    } else {
        hra_buffer text = {0};
        hra_person_input_text(p, item->index, w->language, &text);
        hra_buffer_json(out, text.bytes ? text.bytes : "");
        hra_buffer_destroy(&text);
    }
    hra_buffer_text(out, item->tail);
    if (comparator(mark)) hra_buffer_printf(out, ",\"comparator\":\"%s\"", comparator(mark));
    const char *flag = value_flag(v, c, value);
    if (flag) hra_buffer_printf(out, ",\"flag\":\"%s\"", flag);
}

/* The information list: every known value with unit and flag; values that are missing for a stated reason. */
static void write_information(const hra_person_writer *w, const hra_chunk *chunk, const hra_person *p, hra_buffer *out)
{
    bool first = true;
    int count;
    const hra_cell_mark *marks = hra_chunk_marks(chunk, p->row, &count);
    hra_buffer_char(out, '[');
    for (int i = 0; i < w->json->item_count; i++) {
        const hra_json_part *item = &w->json->items[i];
        uint8_t mark = mark_of(marks, count, item->index);
        bool known = !isnan(p->inputs[item->index]);
        if (!known && !mark) continue;
        if (!first) hra_buffer_char(out, ',');
        first = false;
        hra_buffer_text(out, item->head);
        if (known) {
            write_known(w, p, item, mark, out);
        } else {
            hra_buffer_text(out, "null");
            hra_buffer_text(out, item->tail);
            hra_buffer_printf(out, ",\"missing\":\"%s\"", hra_mark_name(mark));
        }
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
}

/* Names of what was left blank or not delivered. */
static void write_blank(const hra_person_writer *w, const hra_chunk *chunk, const hra_person *p, hra_buffer *out)
{
    bool first = true;
    int count;
    const hra_cell_mark *marks = hra_chunk_marks(chunk, p->row, &count);
    hra_buffer_char(out, '[');
    for (int i = 0; i < w->json->item_count; i++) {
        int column = w->json->items[i].index;
        if (!isnan(p->inputs[column]) || mark_of(marks, count, column)) continue;
        if (!first) hra_buffer_char(out, ',');
        first = false;
        hra_buffer_json(out, hra_dictionary_at(w->schema->dictionary, w->schema->columns[column].variable)->name);
    }
    hra_buffer_char(out, ']');
}

static void write_level(const hra_person *p, int output, hra_buffer *out)
{
    double value = hra_person_value(p, output);
    if (isnan(value))
        hra_buffer_text(out, "null");
    else
        hra_buffer_json(out, p->catalogue->outputs[output].levels[(int)value]);
}

static void write_status(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_person *p,
                         int output, hra_buffer *out)
{
    hra_buffer words = {0};
    if (output >= 0)
        hra_status_write(w->status, thread, chunk, p->row, &p->catalogue->outputs[output], hra_person_status(p, output),
                         &words);
    hra_buffer_json(out, words.bytes ? words.bytes : "");
    hra_buffer_destroy(&words);
}

static void write_risks(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_person *p,
                        hra_buffer *out)
{
    const hra_catalogue *c = p->catalogue;
    hra_buffer_char(out, '{');
    for (int r = 0; r < c->role_count; r++) {
        const hra_role_outputs *role = &c->roles[r];
        hra_buffer_printf(out, "%s\"%s\":{\"risk\":", r ? "," : "", role->name);
        number(out, hra_person_value(p, role->risk));
        hra_buffer_text(out, ",\"category\":");
        write_level(p, role->category, out);
        hra_buffer_text(out, ",\"model\":");
        write_level(p, role->model, out);
        hra_buffer_text(out, ",\"status\":");
        write_status(w, thread, chunk, p, role->risk, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, '}');
}

static void write_tiers(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_person *p,
                        hra_buffer *out)
{
    hra_buffer_char(out, '{');
    for (int t = 0; t < p->catalogue->tier_count; t++) {
        int output = p->catalogue->tiers[t].output;
        hra_buffer_printf(out, "%s\"%s\":{\"level\":", t ? "," : "", p->catalogue->outputs[output].id);
        write_level(p, output, out);
        hra_buffer_text(out, ",\"status\":");
        write_status(w, thread, chunk, p, output, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, '}');
}

/* Present findings with title and severity; names of those that cannot be decided. */
static void write_factors(const hra_person_writer *w, const hra_person *p, hra_buffer *out)
{
    const hra_json_texts *t = w->json;
    bool first = true;
    hra_buffer_text(out, "{\"present\":[");
    for (int i = 0; i < t->factor_count; i++) {
        if (hra_person_value(p, t->factors[i].index) != 1) continue;
        if (!first) hra_buffer_char(out, ',');
        hra_buffer_text(out, t->factors[i].head);
        first = false;
    }
    hra_buffer_text(out, "],\"not_measurable\":[");
    first = true;
    for (int i = 0; i < t->factor_count; i++) {
        if (!isnan(hra_person_value(p, t->factors[i].index))) continue;
        if (!first) hra_buffer_char(out, ',');
        hra_buffer_text(out, t->factors[i].tail);
        first = false;
    }
    hra_buffer_text(out, "]}");
}

static void write_prescriptions(const hra_person_writer *w, const hra_person *p, hra_buffer *out)
{
    const hra_json_texts *t = w->json;
    hra_buffer text = {0};
    bool first = true;
    hra_buffer_char(out, '[');
    for (int i = 0; i < t->prescription_count; i++) {
        const hra_declaration *d = w->catalogue->prescriptions[i].declaration;
        if (!d || hra_person_value(p, t->prescriptions[i].index) != 1) continue;
        const char *template = hra_declaration_text(d, "text", w->language);
        hra_buffer_clear(&text);
        hra_person_fill(p, template ? template : "", w->language, &text);
        if (!first) hra_buffer_char(out, ',');
        hra_buffer_text(out, t->prescriptions[i].head);
        hra_buffer_json(out, text.bytes ? text.bytes : "");
        hra_buffer_text(out, t->prescriptions[i].tail);
        first = false;
    }
    hra_buffer_char(out, ']');
    hra_buffer_destroy(&text);
}

void hra_person_json_row(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_results *results,
                         int row, const double *inputs, const char *key, hra_buffer *out)
{
    static const char *const labels[] = {"group_id", "branch", "department"};
    const hra_person p = {
        .catalogue = w->catalogue, .schema = w->schema, .inputs = inputs, .results = results, .row = row};
    bool first = true;
    hra_buffer_char(out, '{');
    member(out, &first, "person_id");
    hra_buffer_json(out, key);
    for (int l = 0; l < 3; l++) {
        const char *text = hra_chunk_label(w->schema, chunk, row, labels[l]);
        if (!text[0]) continue;
        member(out, &first, labels[l]);
        hra_buffer_json(out, text);
    }
    member(out, &first, "information");
    write_information(w, chunk, &p, out);
    member(out, &first, "blank");
    write_blank(w, chunk, &p, out);
    member(out, &first, "factors");
    write_factors(w, &p, out);
    member(out, &first, "risks");
    write_risks(w, thread, chunk, &p, out);
    member(out, &first, "tiers");
    write_tiers(w, thread, chunk, &p, out);
    member(out, &first, "prescriptions");
    write_prescriptions(w, &p, out);
    hra_buffer_text(out, "}\n");
}
