/* A5: the diseases of the panel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/person/person_view_internal.h"

/* ---- prepared ----------------------------------------------------------------------------- */

static const hra_declaration *model_of(hra_person_views *v, const char *level)
{
    char id[128];
    snprintf(id, sizeof id, "%.*s", (int)strcspn(level, "."), level);
    return hra_library_find(v->library, id);
}

/* The DOI and the first source that is none. */
static void find_sources(const hra_declaration *d, hra_view_source *source)
{
    source->source = source->doi = "";
    for (int i = 0; d && i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        if (strcmp(p->key, "source") != 0) continue;
        bool is_doi = strncmp(p->value, "doi:", 4) == 0;
        if (is_doi && !*source->doi) source->doi = p->value + 4;
        if (!is_doi && !*source->source) source->source = p->value;
    }
}

static bool prepare_model(hra_person_views *v, const hra_declaration *panel, const char *role, const char *level,
                          int use, hra_prepared_model *m)
{
    const hra_declaration *d = model_of(v, level);
    const char *because = hra_arena_printf(v->arena, "%s.use%d.because", role, use);
    char years[32];
    m->source.id = d ? d->id : level;
    m->source.title = hra_view_text(v, d, "title");
    find_sources(d, &m->source);
    m->outcome = hra_view_text(v, d, "outcome");
    m->because = because ? hra_view_text(v, panel, because) : NULL;
    m->years = hra_view_property_number(d, "horizon", NAN);
    m->horizon = "";
    if (isnan(m->years)) return m->because;
    snprintf(years, sizeof years, "%g", m->years);
    const char *values[] = {years};
    hra_buffer text = {0};
    hra_text_fill(hra_text(v->words, "horizon.years"), values, 1, &text);
    m->horizon = hra_arena_text(v->arena, text.bytes ? text.bytes : "");
    hra_buffer_destroy(&text);
    return m->because && m->horizon;
}

static const char *category_text(hra_person_views *v, const hra_declaration *panel, const char *role, const char *level)
{
    char key[160];
    snprintf(key, sizeof key, "%s.%s.title", role, level);
    const char *text = hra_view_text(v, panel, key);
    return *text ? text : hra_text_of(v->words, "category", level, level);
}

static bool prepare_levels(hra_person_views *v, const hra_role_outputs *r, hra_prepared_disease *p)
{
    const hra_output *outputs = v->request.catalogue->outputs;
    const hra_declaration *panel = hra_library_find(v->library, outputs[r->risk].owner);
    int categories = r->category < 0 ? 0 : outputs[r->category].level_count;
    int models = r->model < 0 ? 0 : outputs[r->model].level_count;
    const char **texts = hra_view_take(v, categories, sizeof *texts);
    hra_prepared_model *made = hra_view_take(v, models, sizeof *made);
    if (!texts || !made) return false;
    for (int i = 0; i < categories; i++) texts[i] = category_text(v, panel, r->name, outputs[r->category].levels[i]);
    for (int i = 0; i < models; i++)
        if (!prepare_model(v, panel, r->name, outputs[r->model].levels[i], i + 1, &made[i])) return false;
    p->category_texts = texts;
    p->models = made;
    p->fixed.category_count = categories;
    return true;
}

static bool prepare_disease(hra_person_views *v, const hra_role_outputs *r, hra_prepared_disease *p)
{
    const hra_declaration *panel = hra_library_find(v->library, v->request.catalogue->outputs[r->risk].owner);
    char title[128], note[128];
    snprintf(title, sizeof title, "%s.title", r->name);
    snprintf(note, sizeof note, "%s.note", r->name);
    *p = (hra_prepared_disease){.outputs = r, .previous = -1};
    if (v->request.previous) p->previous = hra_previous_role(v->request.previous, r->name);
    p->fixed = (hra_view_disease){.role = r->name,
                                  .title = hra_view_text(v, panel, title),
                                  .note = hra_view_text(v, panel, note),
                                  .risk_text = "",
                                  .horizon_years = NAN,
                                  .horizon = "",
                                  .category = "",
                                  .category_text = "",
                                  .category_index = -1,
                                  .model = "",
                                  .model_title = "",
                                  .outcome = "",
                                  .doi = "",
                                  .because = "",
                                  .risk_age_text = "",
                                  .previous = NAN,
                                  .previous_text = "",
                                  .trend = "",
                                  .trend_text = ""};
    if (!*p->fixed.title) p->fixed.title = r->name;
    return prepare_levels(v, r, p);
}

bool hra_view_prepare_diseases(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    bool ok = true;
    v->diseases = hra_view_take(v, c->role_count, sizeof *v->diseases);
    v->what_ifs = hra_view_take(v, c->what_if_count, sizeof *v->what_ifs);
    if (!v->diseases || !v->what_ifs) return false;
    for (int i = 0; i < c->role_count; i++) ok = ok && prepare_disease(v, &c->roles[i], &v->diseases[i]);
    for (int i = 0; i < c->what_if_count; i++) {
        const hra_declaration *d = c->what_ifs[i].declaration;
        v->what_ifs[i].origin = hra_view_origin_of(v, d, d ? d->id : "", &ok);
        v->what_ifs[i].target = hra_view_template(v, d, "target", &ok);
    }
    return ok;
}

/* ---- one person ------------------------------------------------------------------------------ */

static const char *points(hra_view_build *b, double removed)
{
    if (!(removed > 0)) return "";
    if (removed < 0.005) return hra_text(b->views->words, "points.below");
    return hra_view_fill(b, "points", hra_view_number(b, 100 * removed, 0));
}

/* Those that change the risk, the greatest gain first. An intervention that is not for this person leaves it as it is
 * and is left out; who cannot be helped by any has none. */
static void show_what_ifs(hra_view_build *b, int role, hra_view_disease *out)
{
    const hra_catalogue *c = b->person.catalogue;
    hra_view_what_if *made = hra_view_new(b, c->what_if_count, sizeof *made);
    for (int i = 0; made && i < c->what_if_count; i++) {
        double risk = hra_view_value_of(b, c->what_ifs[i].risks[role]), removed = out->risk - risk;
        if (isnan(removed) || removed == 0) continue;
        hra_view_what_if one = {.origin = b->views->what_ifs[i].origin,
                                .target = hra_view_say(b, b->views->what_ifs[i].target),
                                .risk = risk,
                                .removed = removed,
                                .share = out->risk > 0 ? removed / out->risk : (double)NAN,
                                .risk_text = hra_view_percent(b, risk),
                                .removed_text = points(b, removed)};
        int at = out->what_if_count++;
        for (; at > 0 && removed > made[at - 1].removed; at--) made[at] = made[at - 1];
        made[at] = one;
    }
    out->what_ifs = made;
}

static void show_model(hra_view_build *b, const hra_prepared_disease *p, hra_view_disease *out)
{
    double level = p->outputs->model < 0 ? (double)NAN : hra_view_value_of(b, p->outputs->model);
    if (isnan(level)) return;
    const hra_prepared_model *m = &p->models[(int)level];
    out->model = m->source.id;
    out->model_title = m->source.title;
    out->doi = m->source.doi;
    out->outcome = m->outcome;
    out->because = m->because;
    out->horizon_years = m->years;
    out->horizon = m->horizon;
}

static void show_risk_age(hra_view_build *b, const hra_prepared_disease *p, hra_view_disease *out)
{
    int output = p->outputs->risk_age;
    out->risk_age = hra_view_value_of(b, output);
    if (isnan(out->risk_age)) return;
    out->risk_age_limit = (hra_person_status(&b->person, output) & HRA_STATUS_CLAMPED) != 0;
    const char *age = hra_view_number(b, out->risk_age, 0);
    out->risk_age_text =
        out->risk_age_limit ? hra_view_fill(b, "risk_age.limit", age) : hra_view_fill(b, "risk_age", age);
}

/* Risks of different definitions are not compared: what changed may be the model. */
static void compare_years(hra_view_build *b, const hra_prepared_disease *p, hra_view_disease *out)
{
    const hra_person_views *v = b->views;
    if (b->previous_row < 0 || p->previous < 0) return;
    out->previous = hra_previous_risk(v->request.previous, b->previous_row, p->previous);
    out->previous_text = hra_view_percent(b, out->previous);
    if (isnan(out->previous) || isnan(out->risk)) return;
    out->trend = v->same_definitions ? hra_trend_word(hra_change_risk_trend(&v->changes, out->risk - out->previous))
                                     : "not_comparable";
    out->trend_text = hra_text_of(v->words, "trend", out->trend, out->trend);
}

static void fill_disease(hra_view_build *b, int role, hra_view_disease *out)
{
    const hra_prepared_disease *p = &b->views->diseases[role];
    const hra_role_outputs *r = p->outputs;
    *out = p->fixed;
    out->risk = hra_view_value_of(b, r->risk);
    out->risk_text = hra_view_percent(b, out->risk);
    out->status = hra_view_status_of(b, r->risk);
    out->not_applicable = (out->status.bits & HRA_STATUS_NOT_APPLICABLE) != 0;
    double category = r->category < 0 ? (double)NAN : hra_view_value_of(b, r->category);
    if (!isnan(category)) {
        out->category_index = (int)category;
        out->category = b->person.catalogue->outputs[r->category].levels[out->category_index];
        out->category_text = p->category_texts[out->category_index];
    }
    show_model(b, p, out);
    out->ideal = hra_view_value_of(b, r->ideal);
    out->ideal_text = hra_view_percent(b, out->ideal);
    show_risk_age(b, p, out);
    out->if_all = hra_view_value_of(b, r->if_all);
    out->if_all_text = hra_view_percent(b, out->if_all);
    out->changeable = hra_view_value_of(b, r->changeable);
    out->changeable_text = hra_view_percent(b, out->changeable);
    show_what_ifs(b, role, out);
    compare_years(b, p, out);
}

static void list_sources(hra_view_build *b)
{
    hra_person_view *out = b->out;
    hra_view_source *sources = hra_view_new(b, out->disease_count, sizeof *sources);
    for (int i = 0; sources && i < out->disease_count; i++) {
        const hra_prepared_disease *p = &b->views->diseases[i];
        double level = p->outputs->model < 0 ? (double)NAN : hra_view_value_of(b, p->outputs->model);
        if (isnan(level)) continue;
        const hra_view_source *source = &p->models[(int)level].source;
        bool there = false;
        for (int k = 0; k < out->source_count; k++) there = there || sources[k].id == source->id;
        if (!there) sources[out->source_count++] = *source;
    }
    out->sources = sources;
}

void hra_view_build_diseases(hra_view_build *b)
{
    int count = b->person.catalogue->role_count;
    hra_view_disease *diseases = hra_view_new(b, count, sizeof *diseases);
    for (int i = 0; diseases && i < count; i++) fill_disease(b, i, &diseases[i]);
    b->out->diseases = diseases;
    b->out->disease_count = diseases ? count : 0;
    if (diseases) list_sources(b);
}
