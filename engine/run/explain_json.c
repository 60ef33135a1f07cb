/* An explanation for programs: numbers with all their digits, unknown as null. */
#include <math.h>

#include "engine/run/explain_internal.h"

static void number(hra_buffer *out, double value)
{
    if (isfinite(value))
        hra_buffer_double(out, value);
    else
        hra_buffer_text(out, isnan(value) ? "null" : value > 0 ? "\"inf\"" : "\"-inf\"");
}

static void value_of(hra_buffer *out, double value, bool is_flag)
{
    if (is_flag && !isnan(value))
        hra_buffer_text(out, value != 0 ? "true" : "false");
    else
        number(out, value);
}

static void text_member(hra_buffer *out, const char *key, const char *text)
{
    if (!text) return;
    hra_buffer_printf(out, ",\"%s\":", key);
    hra_buffer_json(out, text);
}

static void number_member(hra_buffer *out, const char *key, bool there, double value)
{
    if (!there) return;
    hra_buffer_printf(out, ",\"%s\":", key);
    number(out, value);
}

static void texts_member(hra_buffer *out, const char *key, const char *const *texts, int count)
{
    if (count == 0) return;
    hra_buffer_printf(out, ",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        if (i > 0) hra_buffer_char(out, ',');
        hra_buffer_json(out, texts[i]);
    }
    hra_buffer_char(out, ']');
}

static void input(hra_buffer *out, const hra_explained_input *i)
{
    hra_buffer_text(out, "{\"name\":");
    hra_buffer_json(out, i->name);
    hra_buffer_text(out, ",\"value\":");
    if (i->level)
        hra_buffer_json(out, i->level);
    else
        value_of(out, i->value, i->is_flag);
    if (i->unit && i->unit[0]) text_member(out, "unit", i->unit);
    hra_buffer_char(out, '}');
}

static void term(hra_buffer *out, const hra_term *t)
{
    hra_buffer_text(out, "{\"term\":");
    hra_buffer_json(out, t->text);
    number_member(out, "value", t->has_value, t->value);
    number_member(out, "coefficient", t->has_coefficient, t->coefficient);
    number_member(out, "contribution", true, t->contribution);
    number_member(out, "sum", true, t->sum);
    hra_buffer_char(out, '}');
}

static void step(hra_buffer *out, const hra_explained_step *s)
{
    hra_buffer_text(out, "{\"name\":");
    hra_buffer_json(out, s->name);
    hra_buffer_text(out, ",\"value\":");
    if (s->level)
        hra_buffer_json(out, s->level);
    else
        value_of(out, s->value, s->is_flag);
    texts_member(out, "where", s->reasons, s->reason_count);
    text_member(out, "formula", s->formula);
    text_member(out, "numbers", s->numbers);
    for (int i = 0; i < s->term_count; i++) {
        hra_buffer_text(out, i == 0 ? ",\"terms\":[" : ",");
        term(out, &s->terms[i]);
    }
    hra_buffer_text(out, s->term_count > 0 ? "]}" : "}");
}

static void result(hra_buffer *out, const hra_explained_result *r)
{
    hra_buffer_text(out, "{\"name\":");
    hra_buffer_json(out, r->name);
    hra_buffer_text(out, ",\"value\":");
    if (r->level)
        hra_buffer_json(out, r->level);
    else
        value_of(out, r->value, r->is_flag);
    if (r->unit[0]) text_member(out, "unit", r->unit);
    text_member(out, "status", r->status);
    texts_member(out, "because", r->causes, r->cause_count);
    hra_buffer_char(out, '}');
}

void hra_explain_json(const hra_explain_heading *heading, const hra_explanation *explanation,
                      const hra_explained_result *results, int result_count, hra_buffer *out)
{
    hra_buffer_text(out, "{\"id\":");
    hra_buffer_json(out, heading->id);
    text_member(out, "title", heading->title);
    texts_member(out, "sources", heading->sources, heading->source_count);
    hra_buffer_text(out, ",\"inputs\":[");
    for (int i = 0; i < explanation->input_count; i++) {
        if (i > 0) hra_buffer_char(out, ',');
        input(out, &explanation->inputs[i]);
    }
    hra_buffer_text(out, "],\"steps\":[");
    for (int i = 0; i < explanation->step_count; i++) {
        if (i > 0) hra_buffer_char(out, ',');
        step(out, &explanation->steps[i]);
    }
    hra_buffer_text(out, "],\"results\":[");
    for (int i = 0; i < result_count; i++) {
        if (i > 0) hra_buffer_char(out, ',');
        result(out, &results[i]);
    }
    hra_buffer_text(out, "]}");
}
