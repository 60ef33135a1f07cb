#include "report/models/model_card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 110, MARGIN = 17, LEVELS_SHOWN = 12 };

void hra_card_paragraph(hra_buffer *out, const char *label, int margin, const char *text)
{
    int column = margin;
    hra_buffer_printf(out, "%-*s", margin, label);
    while (*text) {
        int length = (int)strcspn(text, " \n");
        if (column > margin && column + 1 + length > WIDTH) {
            hra_buffer_printf(out, "\n%*s", margin, "");
            column = margin;
        } else if (column > margin) {
            hra_buffer_char(out, ' ');
            column++;
        }
        hra_buffer_append(out, text, (size_t)length);
        column += length;
        text += length;
        text += *text != '\0';
    }
    hra_buffer_char(out, '\n');
}

const char *hra_card_text(const hra_declaration *d, const char *key, const char *language)
{
    const char *text = hra_declaration_text(d, key, language);
    return text ? text : "";
}

/* ---- in order ------------------------------------------------------------------------ */

static int by_disease(const void *a, const void *b)
{
    const hra_declaration *x = *(const hra_declaration *const *)a, *y = *(const hra_declaration *const *)b;
    int order = strcmp(hra_card_text(x, "disease", "en"), hra_card_text(y, "disease", "en"));
    return order ? order : strcmp(x->id, y->id);
}

const hra_declaration **hra_card_models(const hra_library *library, int *count)
{
    int all = hra_library_declaration_count(library);
    const hra_declaration **models = calloc((size_t)all + 1, sizeof *models);
    *count = 0;
    for (int i = 0; models && i < all; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == HRA_DECLARATION_MODEL) models[(*count)++] = d;
    }
    if (models) qsort(models, (size_t)*count, sizeof *models, by_disease);
    return models;
}

/* ---- relatives ------------------------------------------------------------------- */

static bool shares_source(const hra_declaration *a, const hra_declaration *b)
{
    for (int i = 0; i < a->property_count; i++) {
        if (strcmp(a->properties[i].key, "source") != 0) continue;
        for (int k = 0; k < b->property_count; k++)
            if (strcmp(b->properties[k].key, "source") == 0 &&
                strcmp(a->properties[i].value, b->properties[k].value) == 0)
                return true;
    }
    return false;
}

const hra_declaration *hra_card_relative(const hra_library *library, const hra_declaration *d, int *at)
{
    while (*at < hra_library_declaration_count(library)) {
        const hra_declaration *other = hra_library_declaration(library, (*at)++);
        if (other->kind == HRA_DECLARATION_MODEL && other != d && shares_source(d, other)) return other;
    }
    return NULL;
}

/* ---- for reading ------------------------------------------------------------------ */

static bool shown_elsewhere(const char *key) { return strcmp(key, "title") == 0 || strcmp(key, "caution") == 0; }

static void properties(hra_buffer *out, const hra_declaration *d)
{
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        if (shown_elsewhere(p->key)) continue;
        hra_buffer label = {0};
        hra_buffer_printf(&label, "  %s", p->key);
        if (strcmp(p->language, "en") != 0) hra_buffer_printf(&label, ".%s", p->language);
        hra_buffer_char(&label, ' ');
        hra_card_paragraph(out, label.bytes ? label.bytes : "", MARGIN, p->value);
        hra_buffer_destroy(&label);
    }
}

static void clauses(hra_buffer *out, const char *label, const char *const *texts, int count)
{
    for (int i = 0; i < count; i++) hra_card_paragraph(out, label, MARGIN, texts[i]);
}

static void relatives(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    int at = 0, count = 0;
    hra_buffer names = {0};
    for (const hra_declaration *other; (other = hra_card_relative(library, d, &at));)
        hra_buffer_printf(&names, "%s%s", count++ ? ", " : "", other->id);
    if (count && names.bytes) hra_card_paragraph(out, "  same source", MARGIN, names.bytes);
    hra_buffer_destroy(&names);
}

void hra_card_values(hra_buffer *out, const hra_variable *v)
{
    if (v->type == HRA_TYPE_CATEGORY) {
        for (int i = 0; i < v->level_count && i < LEVELS_SHOWN; i++)
            hra_buffer_printf(out, "%s%s", i ? " | " : "", v->levels[i].name);
        if (v->level_count > LEVELS_SHOWN) hra_buffer_printf(out, " | ... (%d levels)", v->level_count);
    } else if (v->type == HRA_TYPE_FLAG) {
        hra_buffer_text(out, "yes or no");
    } else if (v->type == HRA_TYPE_DATE) {
        hra_buffer_text(out, "day");
    } else {
        hra_buffer_text(out, *v->unit ? v->unit : "number");
    }
}

static void inputs(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    hra_buffer_text(out, "\nInputs (in the dictionary's unit; other units are converted)\n");
    for (int i = 0; i < d->input_count; i++) {
        int index = hra_dictionary_find(dictionary, d->inputs[i]);
        if (index < 0) continue;
        const hra_variable *v = hra_dictionary_at(dictionary, index);
        hra_buffer_printf(out, "  %-24s ", v->name);
        hra_card_values(out, v);
        if (!isnan(v->plausible_min) && !isnan(v->plausible_max) && v->type != HRA_TYPE_CATEGORY &&
            v->type != HRA_TYPE_FLAG)
            hra_buffer_printf(out, ", plausible %g to %g", v->plausible_min, v->plausible_max);
        hra_buffer_printf(out, "   %s%s%s\n", v->label_en, *v->label_zh ? " / " : "", v->label_zh);
    }
}

void hra_model_card(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    const char *title = hra_card_text(d, "title", "en"), *chinese = hra_card_text(d, "title", "zh");
    hra_buffer_printf(out, "%s\n%s\n", d->id, title);
    if (*chinese && strcmp(chinese, title) != 0) hra_buffer_printf(out, "%s\n", chinese);
    hra_buffer_char(out, '\n');
    if (*hra_card_text(d, "caution", "en")) {
        hra_card_paragraph(out, "CAUTION", MARGIN, hra_card_text(d, "caution", "en"));
        hra_buffer_char(out, '\n');
    }
    properties(out, d);
    clauses(out, "  valid", d->valids, d->valid_count);
    clauses(out, "  exclude", d->excludes, d->exclude_count);
    clauses(out, "  category", d->categories, d->category_count);
    if (d->kind == HRA_DECLARATION_MODEL) relatives(out, library, d);
    if (d->input_count) inputs(out, library, d);
    if (d->output_count && d->kind == HRA_DECLARATION_MODEL) {
        hra_buffer_text(out, "\nOutputs\n ");
        for (int i = 0; i < d->output_count; i++) hra_buffer_printf(out, " %s.%s", d->id, d->outputs[i]);
        hra_buffer_char(out, '\n');
    }
    hra_buffer_printf(out, "\nDefinition (%s, line %d)\n\n%.*s\n", d->file, d->line, d->source_length, d->source_text);
}

/* ---- for programs ------------------------------------------------------------------- */

static void json_texts(hra_buffer *out, const char *key, const char *const *items, int count)
{
    hra_buffer_printf(out, ",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        if (i) hra_buffer_char(out, ',');
        hra_buffer_json(out, items[i]);
    }
    hra_buffer_char(out, ']');
}

static void json_member(hra_buffer *out, const char *key, const char *value)
{
    hra_buffer_printf(out, ",\"%s\":", key);
    if (value)
        hra_buffer_json(out, value);
    else
        hra_buffer_text(out, "null");
}

static void json_properties(hra_buffer *out, const hra_declaration *d)
{
    hra_buffer_text(out, ",\"properties\":[");
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        hra_buffer_text(out, i ? ",{\"key\":" : "{\"key\":");
        hra_buffer_json(out, p->key);
        json_member(out, "language", p->language);
        json_member(out, "value", p->value);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
}

static void json_units(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    hra_buffer_text(out, ",\"units\":{");
    for (int i = 0; i < d->input_count; i++) {
        int index = hra_dictionary_find(dictionary, d->inputs[i]);
        hra_buffer_printf(out, "%s\"%s\":", i ? "," : "", d->inputs[i]);
        hra_buffer_json(out, index < 0 ? "" : hra_dictionary_at(dictionary, index)->unit);
    }
    hra_buffer_char(out, '}');
}

static void json_definition(hra_buffer *out, const hra_declaration *d)
{
    hra_buffer text = {0};
    hra_buffer_append(&text, d->source_text, (size_t)d->source_length);
    json_member(out, "definition", text.bytes && !text.failed ? text.bytes : "");
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

void hra_model_card_json(hra_buffer *out, const hra_library *library, const hra_declaration *d, double speed)
{
    static const char *const members[] = {"title", "disease", "outcome", "horizon", "region", "caution"};
    hra_buffer_text(out, "{\"id\":");
    hra_buffer_json(out, d->id);
    json_member(out, "file", d->file);
    hra_buffer_printf(out, ",\"line\":%d", d->line);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_member(out, members[i], hra_declaration_text(d, members[i], "en"));
    json_texts(out, "inputs", d->inputs, d->input_count);
    json_units(out, library, d);
    json_texts(out, "outputs", d->outputs, d->output_count);
    json_texts(out, "valid", d->valids, d->valid_count);
    json_texts(out, "exclude", d->excludes, d->exclude_count);
    json_texts(out, "categories", d->categories, d->category_count);
    json_properties(out, d);
    if (speed >= 0) hra_buffer_printf(out, ",\"people_per_second\":%.0f", speed);
    json_definition(out, d);
    hra_buffer_char(out, '}');
}
