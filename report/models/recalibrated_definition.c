#include "report/models/recalibrated_definition.h"

#include <math.h>
#include <string.h>

static void put_quoted(hra_buffer *out, const char *text)
{
    hra_buffer_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') hra_buffer_char(out, '\\');
        if (*text == '\n')
            hra_buffer_text(out, "\\n");
        else
            hra_buffer_char(out, *text);
    }
    hra_buffer_char(out, '"');
}

static void put_property(hra_buffer *out, const char *key, const char *language, const char *text)
{
    hra_buffer_printf(out, "  %s%s%s ", key, strcmp(language, "en") == 0 ? "" : ".",
                      strcmp(language, "en") == 0 ? "" : language);
    put_quoted(out, text);
    hra_buffer_char(out, '\n');
}

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys && strcmp(*keys, key) != 0) keys++;
    return *keys != NULL;
}

/* ---- what is said of the original ------------------------------------------------------------- */

static void put_titles(hra_buffer *out, const hra_declaration *model)
{
    const char *english = hra_declaration_text(model, "title", "en");
    const char *chinese = hra_declaration_text(model, "title", "zh");
    hra_buffer text = {0};
    hra_buffer_printf(&text, "%s, recalibrated", english ? english : model->id);
    if (text.bytes) put_property(out, "title", "en", text.bytes);
    hra_buffer_clear(&text);
    hra_buffer_printf(&text, "%s（重新校准）", chinese ? chinese : model->id);
    if (text.bytes) put_property(out, "title", "zh", text.bytes);
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

/* A word may stand in quotes, a length of time may not. */
static void put_kept(hra_buffer *out, const hra_declaration *model, double years)
{
    static const char *const kept[] = {"disease",    "kind",       "region",  "review",  "outcome",
                                       "population", "derivation", "licence", "caution", NULL};
    for (int i = 0; i < model->property_count; i++) {
        const hra_property *p = &model->properties[i];
        if (is_one_of(p->key, kept)) put_property(out, p->key, p->language, p->value);
    }
    if (!isnan(years)) hra_buffer_printf(out, "  horizon %g years\n", years);
}

static void put_sources(hra_buffer *out, const hra_declaration *model)
{
    static const char doi[] = "doi:";
    for (int i = 0; i < model->property_count; i++) {
        const hra_property *p = &model->properties[i];
        if (strcmp(p->key, "source") != 0) continue;
        bool is_doi = strncmp(p->value, doi, sizeof doi - 1) == 0;
        hra_buffer_text(out, is_doi ? "  source doi " : "  source ");
        put_quoted(out, is_doi ? p->value + sizeof doi - 1 : p->value);
        hra_buffer_char(out, '\n');
    }
}

/* ---- what was done ---------------------------------------------------------------------------- */

static void put_origin(hra_buffer *out, const hra_recalibrated_facts *f)
{
    const hra_new_calibration *c = f->calibration;
    hra_buffer text = {0};
    hra_buffer_printf(&text, "%s.%s with a new %s (%s), by hra %s on %s: %lld people, %lld events", f->model->id,
                      f->output, c->free_slope ? "intercept and slope" : "intercept",
                      c->timed ? "log cumulative hazard" : "log odds", f->version, f->day, (long long)f->people,
                      (long long)f->before->events);
    if (f->time)
        hra_buffer_printf(&text, " by the horizon %.17g, follow-up up to %.17g, times in column '%s'", f->horizon,
                          f->last, f->time);
    hra_buffer_printf(&text, ", events in column '%s'", f->event);
    if (f->weight) hra_buffer_printf(&text, ", weights in column '%s'", f->weight);
    if (f->only) hra_buffer_printf(&text, ", only people with %s", f->only);
    hra_buffer_printf(&text, "; observed/expected before %.4g", f->before->ratio.is.value);
    if (text.bytes) put_property(out, "source", "en", text.bytes);
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

/* Each formula keeps risks of 0 and 1 as they are. */
static void put_formula(hra_buffer *out, const hra_new_calibration *c)
{
    const char *formula = c->timed ? "1 - (1 - original)^factor" : "factor*original/(factor*original + 1 - original)";
    if (c->free_slope)
        formula = c->timed ? "if(original == 1, 1, 1 - exp(-factor*(-ln(1 - original))^slope))"
                           : "factor*original^slope/(factor*original^slope + (1 - original)^slope)";
    hra_buffer_printf(out, "  let factor = exp(%.17g)\n", c->intercept.is.value);
    if (c->free_slope) hra_buffer_printf(out, "  let slope = %.17g\n", c->slope.is.value);
    hra_buffer_printf(out, "  risk = %s\n", formula);
}

/* Classes of the risk by fixed limits hold for the new risk, too. */
static void put_category(hra_buffer *out, const hra_declaration *model)
{
    static const char of_risk[] = "category = bands(risk: ";
    for (int i = 0; i < model->category_count; i++)
        if (strncmp(model->categories[i], of_risk, sizeof of_risk - 1) == 0)
            hra_buffer_printf(out, "  %s\n", model->categories[i]);
}

void hra_recalibrated_definition(hra_buffer *out, const hra_recalibrated_facts *f)
{
    bool is_risk = strcmp(f->output, "risk") == 0;
    hra_buffer_printf(out, "model %s {\n", f->name);
    put_titles(out, f->model);
    put_kept(out, f->model, f->years);
    put_origin(out, f);
    put_sources(out, f->model);
    hra_buffer_printf(out, "  recalibrates %s.%s\n  let original = %s.%s\n", f->model->id, f->output, f->model->id,
                      f->output);
    put_formula(out, f->calibration);
    if (is_risk) put_category(out, f->model);
    hra_buffer_text(out, "}\n");
}
