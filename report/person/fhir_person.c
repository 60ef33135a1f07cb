#include "report/person/fhir_person.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/map.h"
#include "report/person/fhir_units.h"

#define UCUM "http://unitsofmeasure.org"
#define VARIABLES "urn:x-hra:variable"
#define MODELS "urn:x-hra:model"
#define DISEASES "urn:x-hra:disease"
#define DEFINITIONS "urn:x-hra:definitions"
#define PROBABILITY "http://terminology.hl7.org/CodeSystem/risk-probability"

struct hra_fhir {
    hra_fhir_request request;
    const hra_dictionary *dictionary;
    hra_map *models;   /* id to place */
    bool *reads;       /* by model, then variable */
    int variables;     /* of the dictionary */
    hra_buffer system; /* of the subjects' identifiers */
};

/* ---- which model reads what ---- */

static bool is_model(const hra_declaration *d) { return d->kind == HRA_DECLARATION_MODEL; }

static bool note_reads(hra_fhir *f)
{
    int count = hra_library_declaration_count(f->request.library), models = 0;
    f->variables = hra_dictionary_count(f->dictionary);
    for (int i = 0; i < count; i++) models += is_model(hra_library_declaration(f->request.library, i));
    f->reads = calloc((size_t)models + 1, (size_t)f->variables + 1);
    f->models = hra_map_new();
    if (!f->reads || !f->models) return false;
    models = 0;
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_declaration(f->request.library, i);
        if (!is_model(d)) continue;
        for (int k = 0; k < d->input_count; k++) {
            int variable = hra_dictionary_find(f->dictionary, d->inputs[k]);
            if (variable >= 0) f->reads[(size_t)models * (size_t)f->variables + (size_t)variable] = true;
        }
        if (hra_map_set(f->models, d->id, models++) != 0) return false;
    }
    return true;
}

static bool reads(const hra_fhir *f, const char *model, int variable)
{
    int64_t m = *model ? hra_map_get(f->models, model) : -1;
    return m >= 0 && variable < f->variables && f->reads[(size_t)m * (size_t)f->variables + (size_t)variable];
}

hra_code hra_fhir_new(const hra_fhir_request *request, hra_fhir **out, hra_error *error)
{
    hra_fhir *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->request = *request;
    f->dictionary = hra_library_dictionary(request->library);
    const char *fingerprint = *request->key_fingerprint ? request->key_fingerprint : "none";
    if (request->person_system)
        hra_buffer_text(&f->system, request->person_system);
    else
        hra_buffer_printf(&f->system, "urn:x-hra:person:%s", fingerprint);
    if (note_reads(f) && !f->system.failed) {
        *out = f;
        return HRA_OK;
    }
    hra_fhir_free(f);
    return hra_out_of_memory(error);
}

void hra_fhir_free(hra_fhir *f)
{
    if (!f) return;
    hra_map_free(f->models);
    hra_buffer_destroy(&f->system);
    free(f->reads);
    free(f);
}

/* ---- pieces ---- */

/* An id has letters, digits, '-' and '.' alone. */
static void put_id(hra_buffer *out, const char *key, const char *kind, const char *name)
{
    hra_buffer_printf(out, "%s-%s", key, kind);
    for (; *name; name++) hra_buffer_char(out, *name == '_' ? '-' : *name);
}

static void put_text_member(hra_buffer *out, const char *member, const char *text)
{
    if (!*text) return;
    hra_buffer_printf(out, ",\"%s\":", member);
    hra_buffer_json(out, text);
}

static void put_coding(hra_buffer *out, const char *system, const char *code, const char *display)
{
    hra_buffer_printf(out, "{\"system\":\"%s\",\"code\":", system);
    hra_buffer_json(out, code);
    put_text_member(out, "display", display);
    hra_buffer_char(out, '}');
}

/* `,"NAME":{"coding":[{...}],"text":...}` */
static void put_concept(hra_buffer *out, const char *member, const char *system, const char *code, const char *text)
{
    hra_buffer_printf(out, ",\"%s\":{\"coding\":[", member);
    put_coding(out, system, code, "");
    hra_buffer_char(out, ']');
    put_text_member(out, "text", text);
    hra_buffer_char(out, '}');
}

static void put_subject(const hra_fhir *f, const char *key, hra_buffer *out)
{
    hra_buffer_text(out, ",\"subject\":{\"type\":\"Patient\",\"identifier\":{\"system\":");
    hra_buffer_json(out, f->system.bytes);
    hra_buffer_text(out, ",\"value\":");
    hra_buffer_json(out, key);
    hra_buffer_text(out, "}}");
}

/* ---- Observation ---- */

static void put_quantity(const hra_view_value *v, hra_buffer *out)
{
    const char *code = hra_fhir_unit(v->unit);
    hra_buffer_text(out, ",\"valueQuantity\":{\"value\":");
    hra_buffer_decimal(out, v->value, v->decimals);
    if (strcmp(v->comparator, "<") == 0 || strcmp(v->comparator, ">") == 0)
        hra_buffer_printf(out, ",\"comparator\":\"%s\"", v->comparator);
    put_text_member(out, "unit", v->unit);
    if (code) hra_buffer_printf(out, ",\"system\":\"" UCUM "\",\"code\":\"%s\"", code);
    hra_buffer_char(out, '}');
}

static void put_value(const hra_view_value *v, hra_buffer *out)
{
    switch (v->type) {
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: put_quantity(v, out); break;
    case HRA_TYPE_FLAG: hra_buffer_printf(out, ",\"valueBoolean\":%s", v->value != 0 ? "true" : "false"); break;
    case HRA_TYPE_DATE: put_text_member(out, "valueDateTime", v->text); break;
    default:
        hra_buffer_text(out, ",\"valueCodeableConcept\":{\"text\":");
        hra_buffer_json(out, v->text);
        hra_buffer_char(out, '}');
    }
}

/* A LOINC code says amount or mass, so it stands only for the unit that the dictionary names it for. */
static void put_observation(const hra_fhir *f, const hra_person_view *p, const hra_view_value *v, hra_buffer *out)
{
    const hra_variable *variable = hra_dictionary_at(f->dictionary, v->variable);
    hra_buffer_text(out, "{\"resourceType\":\"Observation\",\"id\":\"");
    put_id(out, p->key, "v-", v->name);
    hra_buffer_text(out, "\",\"status\":\"final\",\"code\":{\"coding\":[");
    if (variable->loinc_confirmed && *variable->loinc && strcmp(v->unit, variable->unit) == 0) {
        put_coding(out, "http://loinc.org", variable->loinc, "");
        hra_buffer_char(out, ',');
    }
    put_coding(out, VARIABLES, v->name, "");
    hra_buffer_char(out, ']');
    put_text_member(out, "text", v->label);
    hra_buffer_char(out, '}');
    put_subject(f, p->key, out);
    put_text_member(out, "effectiveDateTime", p->exam_day);
    put_value(v, out);
    hra_buffer_text(out, "}\n");
}

/* ---- RiskAssessment ---- */

static void put_method(const hra_view_disease *d, hra_buffer *out)
{
    if (!*d->model) return;
    hra_buffer_text(out, ",\"method\":{\"coding\":[");
    put_coding(out, MODELS, d->model, d->model_title);
    if (*d->doi) {
        hra_buffer_char(out, ',');
        put_coding(out, "https://doi.org", d->doi, "");
    }
    hra_buffer_char(out, ']');
    put_text_member(out, "text", d->model_title);
    hra_buffer_char(out, '}');
}

static void put_basis(const hra_fhir *f, const hra_person_view *p, const hra_view_disease *d, hra_buffer *out)
{
    bool any = false;
    for (int i = 0; i < p->value_count; i++) {
        const hra_view_value *v = &p->values[i];
        if (!v->known || !reads(f, d->model, v->variable)) continue;
        hra_buffer_text(out, any ? ",{\"reference\":\"Observation/" : ",\"basis\":[{\"reference\":\"Observation/");
        put_id(out, p->key, "v-", v->name);
        hra_buffer_text(out, "\"}");
        any = true;
    }
    if (any) hra_buffer_char(out, ']');
}

static void put_age(hra_buffer *out, const char *member, double years)
{
    hra_buffer_printf(out, "\"%s\":{\"value\":", member);
    hra_buffer_double(out, years);
    hra_buffer_text(out, ",\"unit\":\"a\",\"system\":\"" UCUM "\",\"code\":\"a\"}");
}

/* The time the probability is for: days where the day of reference is known, else the person's ages. */
static void put_when(const hra_fhir *f, const hra_person_view *p, const hra_view_disease *d, hra_buffer *out)
{
    char start[HRA_DAY_TEXT], end[HRA_DAY_TEXT];
    if (!(d->horizon_years > 0)) return;
    if (!isnan(f->request.as_of)) {
        hra_day_text(f->request.as_of, start);
        hra_day_text(hra_day_add_months(f->request.as_of, (int)lround(12 * d->horizon_years)), end);
        hra_buffer_printf(out, ",\"whenPeriod\":{\"start\":\"%s\",\"end\":\"%s\"}", start, end);
    } else if (!isnan(p->age)) {
        hra_buffer_text(out, ",\"whenRange\":{");
        put_age(out, "low", p->age);
        hra_buffer_char(out, ',');
        put_age(out, "high", p->age + d->horizon_years);
        hra_buffer_char(out, '}');
    }
}

/* Why this model, and the same person at ideal values. That is no relativeRisk, which compares with everybody. */
static void put_rationale(const hra_fhir *f, const hra_view_disease *d, hra_buffer *out)
{
    hra_buffer text = {0};
    hra_buffer_text(&text, d->because);
    if (*d->ideal_text) {
        if (text.length) hra_buffer_text(&text, " ");
        hra_text_fill(hra_text(f->request.words, "fhir.ideal"), &d->ideal_text, 1, &text);
    }
    if (text.length) put_text_member(out, "rationale", text.bytes);
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

static void put_qualitative(const hra_view_disease *d, hra_buffer *out)
{
    static const char *const codes[] = {"negligible", "low", "moderate", "high", "certain"};
    bool known = false;
    if (d->category_index < 0) return;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) known |= strcmp(codes[i], d->category) == 0;
    put_concept(out, "qualitativeRisk", known ? PROBABILITY : "urn:x-hra:category", d->category, d->category_text);
}

/* Probabilities are per cent here; six digits, as in hra's tables. Unknown risks have no prediction, but a note. */
static void put_prediction(const hra_fhir *f, const hra_person_view *p, const hra_view_disease *d, hra_buffer *out)
{
    const char *outcome = *d->outcome ? d->outcome : d->title;
    if (isnan(d->risk)) return;
    hra_buffer_text(out, ",\"prediction\":[{\"outcome\":{\"text\":");
    hra_buffer_json(out, outcome);
    hra_buffer_printf(out, "},\"probabilityDecimal\":%.6g", 100 * d->risk);
    put_qualitative(d, out);
    put_when(f, p, d, out);
    put_rationale(f, d, out);
    hra_buffer_text(out, "}]");
}

static void put_mitigation(const hra_view_disease *d, hra_buffer *out)
{
    hra_buffer text = {0};
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *w = &d->what_ifs[i];
        if (!(w->removed > 0) || !*w->risk_text) continue;
        hra_buffer_printf(&text, "%s%s: %s", text.length ? "; " : "", w->origin.title, w->risk_text);
    }
    if (text.length) put_text_member(out, "mitigation", text.bytes);
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

static void put_assessment(const hra_fhir *f, const hra_person_view *p, const hra_view_disease *d, hra_buffer *out)
{
    hra_buffer_text(out, "{\"resourceType\":\"RiskAssessment\",\"id\":\"");
    put_id(out, p->key, "r-", d->role);
    hra_buffer_printf(out, "\",\"language\":\"%s\",\"status\":\"final\"", p->language);
    put_method(d, out);
    put_concept(out, "code", DISEASES, d->role, d->title);
    put_subject(f, p->key, out);
    put_text_member(out, "occurrenceDateTime", p->as_of);
    hra_buffer_text(out, ",\"performer\":{\"reference\":\"Device/hra\"}");
    put_basis(f, p, d, out);
    put_prediction(f, p, d, out);
    put_mitigation(d, out);
    if (d->status.bits && *d->status.text) {
        hra_buffer_text(out, ",\"note\":[{\"text\":");
        hra_buffer_json(out, d->status.text);
        hra_buffer_text(out, "}]");
    }
    hra_buffer_text(out, "}\n");
}

/* ---- Device, Provenance ---- */

void hra_fhir_device(const hra_fhir *f, hra_buffer *out)
{
    hra_buffer_printf(out,
                      "{\"resourceType\":\"Device\",\"id\":\"hra\",\"identifier\":[{\"system\":\"" DEFINITIONS
                      "\",\"value\":\"%s\"}],\"status\":\"active\",\"deviceName\":[{\"name\":\"hra\",\"type\":"
                      "\"model-name\"}],\"version\":[{\"value\":\"%s\"}]}\n",
                      f->request.definitions_hash, f->request.engine_version);
}

static void put_provenance(const hra_fhir *f, const hra_person_view *p, hra_buffer *out)
{
    if (p->disease_count == 0) return;
    hra_buffer_printf(out, "{\"resourceType\":\"Provenance\",\"id\":\"%s-p\",\"target\":[", p->key);
    for (int i = 0; i < p->disease_count; i++) {
        hra_buffer_text(out, i ? ",{\"reference\":\"RiskAssessment/" : "{\"reference\":\"RiskAssessment/");
        put_id(out, p->key, "r-", p->diseases[i].role);
        hra_buffer_text(out, "\"}");
    }
    hra_buffer_printf(out,
                      "],\"recorded\":\"%s\",\"agent\":[{\"who\":{\"reference\":\"Device/hra\"}}],\"entity\":[{"
                      "\"role\":\"source\",\"what\":{\"identifier\":{\"system\":\"" DEFINITIONS
                      "\",\"value\":\"%s\"}}}]}\n",
                      f->request.recorded, f->request.definitions_hash);
}

void hra_fhir_person(const hra_fhir *f, const hra_person_view *view, hra_buffer *out)
{
    for (int i = 0; i < view->value_count; i++) {
        const hra_view_value *v = &view->values[i];
        bool used = false;
        for (int d = 0; v->known && d < view->disease_count && !used; d++)
            used = reads(f, view->diseases[d].model, v->variable);
        if (used) put_observation(f, view, v, out);
    }
    for (int d = 0; d < view->disease_count; d++) put_assessment(f, view, &view->diseases[d], out);
    put_provenance(f, view, out);
}
