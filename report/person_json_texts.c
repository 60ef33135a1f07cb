/* The parts of a person's JSON object that are the same for everybody: labels, units, titles, targets. */
#include <stdlib.h>
#include <string.h>

#include "report/person_json.h"

static void text_of(const hra_declaration *d, const char *key, const char *language, hra_buffer *out)
{
    const char *text = d ? hra_declaration_text(d, key, language) : NULL;
    hra_buffer_json(out, text ? text : "");
}

/* {"name":"sbp","label":"收缩压","value": ... ,"unit":"mmHg" */
static bool information_item(const hra_person_writer *w, int column, hra_json_part *part)
{
    const hra_column *c = &w->schema->columns[column];
    const hra_variable *v = hra_dictionary_at(w->schema->dictionary, c->variable);
    hra_buffer head = {0}, tail = {0};
    hra_buffer_printf(&head, "{\"name\":\"%s\",\"label\":", v->name);
    hra_buffer_json(&head, strcmp(w->language, "zh") == 0 ? v->label_zh : v->label_en);
    hra_buffer_text(&head, ",\"value\":");
    hra_buffer_text(&tail, "");
    if (c->unit[0] && v->type != HRA_TYPE_DATE) {
        hra_buffer_text(&tail, ",\"unit\":");
        hra_buffer_json(&tail, c->unit);
    }
    *part = (hra_json_part){column, head.bytes, tail.bytes};
    return !head.failed && !tail.failed;
}

/* head: the finding when present; tail: its quoted name for the list of what could not be decided */
static bool finding(const hra_person_writer *w, const hra_rule_output *rule, hra_json_part *part)
{
    const char *id = w->catalogue->outputs[rule->output].id;
    hra_buffer head = {0}, tail = {0};
    hra_buffer_printf(&head, "{\"id\":\"%s\",\"title\":", id);
    text_of(rule->declaration, "title", w->language, &head);
    hra_buffer_text(&head, ",\"severity\":");
    text_of(rule->declaration, "severity", "en", &head);
    hra_buffer_char(&head, '}');
    hra_buffer_json(&tail, id);
    *part = (hra_json_part){rule->output, head.bytes, tail.bytes};
    return !head.failed && !tail.failed;
}

static bool prescription(const hra_person_writer *w, const hra_rule_output *rule, hra_json_part *part)
{
    hra_buffer head = {0}, tail = {0};
    hra_buffer_printf(&head, "{\"code\":\"%s\",\"domain\":", w->catalogue->outputs[rule->output].id);
    text_of(rule->declaration, "domain", "en", &head);
    hra_buffer_text(&head, ",\"priority\":");
    text_of(rule->declaration, "priority", "en", &head);
    hra_buffer_text(&head, ",\"text\":");
    hra_buffer_text(&tail, ",\"target\":");
    text_of(rule->declaration, "target", w->language, &tail);
    hra_buffer_char(&tail, '}');
    *part = (hra_json_part){rule->output, head.bytes, tail.bytes};
    return !head.failed && !tail.failed;
}

static bool fill_texts(const hra_person_writer *w, hra_json_texts *t)
{
    const hra_catalogue *c = w->catalogue;
    bool ok = true;
    for (int v = 0; v < hra_dictionary_count(w->schema->dictionary); v++)
        for (int i = 0; i < w->schema->column_count; i++)
            if (w->schema->columns[i].variable == v) ok = information_item(w, i, &t->items[t->item_count++]) && ok;
    for (int i = 0; i < c->factor_count; i++) ok = finding(w, &c->factors[i], &t->factors[i]) && ok;
    for (int i = 0; i < c->prescription_count; i++)
        ok = prescription(w, &c->prescriptions[i], &t->prescriptions[i]) && ok;
    t->factor_count = c->factor_count;
    t->prescription_count = c->prescription_count;
    return ok;
}

hra_code hra_person_json_texts(hra_person_writer *w, hra_error *error)
{
    hra_json_texts *t = w->json = calloc(1, sizeof *t);
    if (t) {
        t->items = calloc((size_t)w->schema->column_count + 1, sizeof *t->items);
        t->factors = calloc((size_t)w->catalogue->factor_count + 1, sizeof *t->factors);
        t->prescriptions = calloc((size_t)w->catalogue->prescription_count + 1, sizeof *t->prescriptions);
    }
    bool ok = t && t->items && t->factors && t->prescriptions && fill_texts(w, t);
    return ok ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory");
}

static void free_parts(hra_json_part *parts, int count)
{
    for (int i = 0; parts && i < count; i++) {
        free(parts[i].head);
        free(parts[i].tail);
    }
    free(parts);
}

void hra_person_json_texts_free(hra_person_writer *w)
{
    if (!w->json) return;
    free_parts(w->json->items, w->json->item_count);
    free_parts(w->json->factors, w->json->factor_count);
    free_parts(w->json->prescriptions, w->json->prescription_count);
    free(w->json);
}
