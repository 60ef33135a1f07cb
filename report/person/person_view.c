#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/graph/judge.h"
#include "engine/graph/scalar.h"
#include "engine/graph/status.h"
#include "report/person/person_files.h"
#include "report/person/person_json.h"
#include "report/person/person_view_internal.h"

/* ---- prepared once ------------------------------------------------------------------------ */

void *hra_view_take(hra_person_views *views, int count, size_t size)
{
    return hra_arena_alloc(views->arena, ((size_t)count + 1) * size);
}

const char *hra_view_text(const hra_person_views *views, const hra_declaration *declaration, const char *key)
{
    const char *text = declaration ? hra_declaration_text(declaration, key, views->request.language) : NULL;
    return text ? text : "";
}

const hra_template *hra_view_template(hra_person_views *views, const hra_declaration *declaration, const char *key,
                                      bool *ok)
{
    const char *text = hra_view_text(views, declaration, key);
    if (!*text) return NULL;
    const hra_template *template =
        hra_template_new(views->arena, views->request.catalogue, views->request.schema, views->words, text);
    *ok = *ok && template;
    return template;
}

const char *hra_view_take_text(hra_person_views *views, hra_buffer *text)
{
    const char *taken = text->failed ? NULL : hra_arena_text(views->arena, text->bytes ? text->bytes : "");
    hra_buffer_destroy(text);
    return taken;
}

hra_view_origin hra_view_origin_of(hra_person_views *views, const hra_declaration *declaration, const char *id,
                                   bool *ok)
{
    hra_signoff state = HRA_SIGNOFF_NONE;
    if (views->request.signoffs && declaration) state = hra_signoffs_state(views->request.signoffs, declaration);
    hra_view_origin origin = {.id = id,
                              .title = hra_view_text(views, declaration, "title"),
                              .review = hra_view_text(views, declaration, "review"),
                              .signoff = views->request.signoffs ? hra_signoff_word(state) : "",
                              .approved = state == HRA_SIGNOFF_APPROVED};
    hra_buffer json = {0};
    hra_person_json_origin(&origin, &json);
    origin.json = hra_view_take_text(views, &json);
    *ok = *ok && origin.json;
    return origin;
}

double hra_view_property_number(const hra_declaration *declaration, const char *key, double otherwise)
{
    const char *text = declaration ? hra_declaration_text(declaration, key, "en") : NULL;
    return text ? strtod(text, NULL) : otherwise;
}

/* What every person is told, looked up once. */
static void look_up(const hra_words *words, const char *const *keys, int count, const char **texts)
{
    for (int i = 0; i < count; i++) texts[i] = hra_text(words, keys[i]);
}

static bool prepare_words(hra_person_views *v)
{
    static const char *const answers[HRA_VIEW_ANSWERS] = {"answer.absent", "answer.present", "answer.unknown",
                                                          "answer.has_it", "answer.not_applicable"};
    static const char *const targets[HRA_VIEW_ANSWERS] = {"target.missed", "target.reached", "target.unknown",
                                                          "answer.has_it", "answer.not_applicable"};
    static const char *const flags[] = {"flag.no", "flag.yes"}, *const places[] = {"flag.low", "flag.within",
                                                                                   "flag.high"};
    look_up(v->words, answers, HRA_VIEW_ANSWERS, v->answers);
    look_up(v->words, targets, HRA_VIEW_ANSWERS, v->targets);
    look_up(v->words, flags, 2, v->flags);
    look_up(v->words, places, 3, v->places);
    char day[HRA_DAY_TEXT];
    v->as_of = hra_arena_text(v->arena, hra_day_text(v->request.as_of, day));
    return v->as_of;
}

static bool prepare_workers(hra_person_views *v)
{
    v->workers = hra_view_take(v, v->request.threads, sizeof *v->workers);
    for (int t = 0; v->workers && t < v->request.threads; t++) {
        hra_view_worker *w = &v->workers[t];
        w->arena = hra_arena_new();
        w->inputs = hra_view_take(v, v->request.schema->column_count, sizeof *w->inputs);
        if (!w->arena || !w->inputs) return false;
    }
    return v->workers;
}

static hra_code prepare(hra_person_views *v, hra_error *error)
{
    const hra_person_views_request *r = &v->request;
    HRA_TRY(hra_words_new(r->language, &v->words, error));
    HRA_TRY(hra_change_rules_load(NULL, r->schema->dictionary, v->arena, &v->changes, error));
    HRA_TRY(hra_status_writer_new(r->graph, r->schema, r->threads, &v->status, error));
    if (r->previous)
        v->same_definitions =
            strcmp(hra_previous_facts(r->previous)->definitions_hash, hra_library_hash(v->library)) == 0;
    bool ok = prepare_words(v) && prepare_workers(v) && hra_view_prepare_values(v) && hra_view_prepare_findings(v) &&
              hra_view_prepare_advice(v) && hra_view_prepare_topics(v) && hra_view_prepare_diseases(v) &&
              hra_view_prepare_service(v);
    return ok ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_person_views_new(const hra_person_views_request *request, hra_person_views **out, hra_error *error)
{
    hra_person_views *v = calloc(1, sizeof *v);
    if (v) v->arena = hra_arena_new();
    if (!v || !v->arena) {
        free(v);
        return hra_out_of_memory(error);
    }
    v->request = *request;
    v->library = request->catalogue->library;
    hra_code code = prepare(v, error);
    if (code == HRA_OK)
        *out = v;
    else
        hra_person_views_free(v);
    return code;
}

void hra_person_views_free(hra_person_views *views)
{
    if (!views) return;
    for (int t = 0; views->workers && t < views->request.threads; t++) {
        hra_arena_free(views->workers[t].arena);
        hra_buffer_destroy(&views->workers[t].text);
    }
    hra_status_writer_free(views->status);
    hra_words_free(views->words);
    hra_arena_free(views->arena);
    free(views);
}

const hra_words *hra_person_views_words(const hra_person_views *views) { return views->words; }
const hra_runs *hra_person_views_runs(const hra_person_views *views) { return views->request.runs; }

/* ---- pieces of one person ------------------------------------------------------------------- */

void *hra_view_new(hra_view_build *build, int count, size_t size)
{
    void *memory = hra_arena_take(build->worker->arena, ((size_t)count + 1) * size);
    if (!memory) build->failed = true;
    return memory;
}

void *hra_view_zeroed(hra_view_build *build, int count, size_t size)
{
    void *memory = hra_view_new(build, count, size);
    return memory ? memset(memory, 0, ((size_t)count + 1) * size) : NULL;
}

const char *hra_view_keep(hra_view_build *build)
{
    hra_buffer *text = &build->worker->text;
    const char *kept = hra_arena_text_n(build->worker->arena, text->bytes ? text->bytes : "", text->length);
    if (text->failed || !kept) build->failed = true;
    hra_buffer_clear(text);
    return kept ? kept : "";
}

const char *hra_view_say(hra_view_build *build, const hra_template *template)
{
    if (!template) return "";
    const char *constant = hra_template_constant(template);
    if (constant) return constant;
    hra_template_fill(template, &build->person, build->views->request.language, &build->worker->text);
    return hra_view_keep(build);
}

const char *hra_view_fill(hra_view_build *build, const char *key, const char *value)
{
    hra_text_fill(hra_text(build->views->words, key), &value, 1, &build->worker->text);
    return hra_view_keep(build);
}

const char *hra_view_day(hra_view_build *build, double day)
{
    char text[HRA_DAY_TEXT];
    if (isnan(day)) return "";
    hra_buffer_text(&build->worker->text, hra_day_text(day, text));
    return hra_view_keep(build);
}

void hra_view_put_number(hra_view_build *build, double value, int decimals)
{
    hra_buffer_fixed(&build->worker->text, hra_scalar_round(value, decimals), decimals);
}

const char *hra_view_number(hra_view_build *build, double value, int decimals)
{
    if (isnan(value)) return "";
    hra_view_put_number(build, value, decimals);
    return hra_view_keep(build);
}

const char *hra_view_percent(hra_view_build *build, double share)
{
    if (isnan(share)) return "";
    if (share < 0.01) return hra_text(build->views->words, "risk.below");
    return hra_view_fill(build, "risk.percent", hra_view_number(build, 100 * share, 0));
}

double hra_view_value_of(const hra_view_build *build, int output) { return hra_person_value(&build->person, output); }

hra_view_answer hra_view_answer_of(const hra_view_build *build, int output)
{
    double value = hra_view_value_of(build, output);
    if (!isnan(value)) return value == 1 ? HRA_VIEW_PRESENT : HRA_VIEW_ABSENT;
    return hra_person_not_applicable(&build->person, output) ? HRA_VIEW_NOT_APPLICABLE : HRA_VIEW_UNKNOWN;
}

static const hra_view_name *names_of(hra_view_build *build, const int *variables, int count)
{
    hra_view_name *names = hra_view_new(build, count, sizeof *names);
    for (int i = 0; names && i < count; i++) names[i] = build->views->names[variables[i]];
    return names;
}

const hra_view_name *hra_view_missing(hra_view_build *build, int output, int *count)
{
    const int *variables;
    const hra_output *o = &build->person.catalogue->outputs[output];
    *count = hra_status_missing(build->views->status, build->thread, build->chunk, build->person.row, o, &variables);
    const hra_view_name *names = names_of(build, variables, *count);
    if (!names) *count = 0;
    return names;
}

bool hra_view_names_hold_comma(const hra_view_name *names, int count)
{
    bool holds = false;
    for (int i = 0; i < count; i++) holds = holds || hra_text_holds_comma(names[i].label);
    return holds;
}

bool hra_view_reasons_hold_comma(const hra_view_finding *finding)
{
    bool holds = false;
    for (int i = 0; i < finding->reason_count; i++) holds = holds || hra_text_holds_comma(finding->reasons[i]);
    return holds;
}

const char *hra_view_list(hra_view_build *build, const hra_view_name *names, int count)
{
    const char *separator = hra_list_separator(build->views->words, hra_view_names_hold_comma(names, count));
    for (int i = 0; i < count; i++) {
        if (i) hra_buffer_text(&build->worker->text, separator);
        hra_buffer_text(&build->worker->text, names[i].label);
    }
    return hra_view_keep(build);
}

/* ---- status ---------------------------------------------------------------------------------- */

static void add_sentence(hra_view_build *build, const char **text, const char *sentence)
{
    hra_buffer *out = &build->worker->text;
    if (**text) {
        hra_buffer_text(out, *text);
        hra_buffer_text(out, hra_list_separator(build->views->words, true));
    }
    hra_buffer_text(out, sentence);
    *text = hra_view_keep(build);
}

static void name_substituted(hra_view_build *build, const hra_output *o, hra_view_status *s)
{
    const int *variables;
    int count =
        hra_status_substituted(build->views->status, build->thread, build->chunk, build->person.row, o, &variables);
    s->substituted = names_of(build, variables, count);
    s->substituted_count = s->substituted ? count : 0;
    add_sentence(
        build, &s->text,
        count ? hra_view_fill(build, "status.substituted", hra_view_list(build, s->substituted, s->substituted_count))
              : hra_text(build->views->words, "status.substituted_some"));
}

/* The status for programs: "missing:tc,hdl". */
static void write_words(hra_view_build *build, hra_view_status *s)
{
    const char **missing = hra_view_new(build, s->missing_count, sizeof *missing);
    for (int i = 0; missing && i < s->missing_count; i++) missing[i] = s->missing[i].name;
    hra_status_text(s->bits, missing, missing ? s->missing_count : 0, &build->worker->text);
    s->words = hra_view_keep(build);
}

hra_view_status hra_view_status_of(hra_view_build *build, int output)
{
    static const struct {
        unsigned bit;
        const char *key;
    } sentences[] = {{HRA_STATUS_OUTSIDE_RANGE, "status.outside_range"},
                     {HRA_STATUS_CLAMPED, "status.clamped"},
                     {HRA_STATUS_NOT_APPLICABLE, "status.not_applicable"},
                     {HRA_STATUS_EXCLUSION_UNVERIFIED, "status.exclusion_unverified"},
                     {HRA_STATUS_NUMERIC_ERROR, "status.numeric_error"},
                     {HRA_STATUS_PROVISIONAL, "status.provisional"}};
    const hra_output *o = &build->person.catalogue->outputs[output];
    hra_view_status s = {.bits = hra_person_status(&build->person, output), .words = "ok", .text = ""};
    if (s.bits == 0) return s;
    bool known = !isnan(hra_view_value_of(build, output));
    if (s.bits & HRA_STATUS_MISSING) {
        s.missing = hra_view_missing(build, output, &s.missing_count);
        add_sentence(build, &s.text,
                     hra_view_fill(build, known ? "status.missing_some" : "status.missing",
                                   hra_view_list(build, s.missing, s.missing_count)));
    }
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (s.bits & sentences[i].bit) add_sentence(build, &s.text, hra_text(build->views->words, sentences[i].key));
    if (known && (s.bits & HRA_STATUS_SUBSTITUTED)) name_substituted(build, o, &s);
    write_words(build, &s);
    return s;
}

hra_view_status hra_view_tier_status(hra_view_build *build, int output)
{
    hra_view_status s = {.bits = hra_person_status(&build->person, output), .words = "ok", .text = ""};
    if (s.bits & (HRA_STATUS_MISSING | HRA_STATUS_PROVISIONAL)) return hra_view_status_of(build, output);
    if (s.bits) write_words(build, &s);
    return s;
}

/* ---- who ------------------------------------------------------------------------------------- */

/* The value of a variable in the information list, or NULL. */
static const hra_view_value *value_of(const hra_view_build *b, int variable)
{
    const hra_view_value *value = variable < 0 ? NULL : b->of_variable[variable];
    return value && value->known ? value : NULL;
}

static void identify(hra_view_build *b, const char *key)
{
    hra_person_view *out = b->out;
    const hra_schema *schema = b->person.schema;
    int row = b->person.row;
    out->language = b->views->request.language;
    out->key = key;
    out->group = hra_chunk_label(schema, b->chunk, row, "group_id");
    out->branch = hra_chunk_label(schema, b->chunk, row, "branch");
    out->department = hra_chunk_label(schema, b->chunk, row, "department");
    out->as_of = b->views->as_of;
    const hra_view_value *sex = value_of(b, b->views->sex), *age = value_of(b, b->views->age),
                         *exam = value_of(b, b->views->exam_date);
    const hra_variable *sexes = b->views->sex >= 0 ? hra_dictionary_at(schema->dictionary, b->views->sex) : NULL;
    out->sex = sex && sexes ? sexes->levels[(int)sex->value].name : "";
    out->sex_text = sex ? sex->text : "";
    out->age = age ? age->value : (double)NAN;
    out->age_text = isnan(out->age) ? "" : hra_view_fill(b, "age.years", hra_view_number(b, floor(out->age), 0));
    out->exam_day = exam ? exam->text : "";
}

/* The text belongs to the previous year's reader or the arena; a person who stands twice is not found. */
static void find_previous(hra_view_build *b, const char *key)
{
    const hra_previous *previous = b->views->request.previous;
    b->previous_row = -1;
    if (previous && b->chunk->keys && !hra_previous_find(previous, key, &b->previous_row)) b->previous_row = -1;
    b->out->has_previous = b->previous_row >= 0;
    const hra_runs *runs = b->views->request.runs;
    for (int i = 0; i < HRA_COURSE_RUNS; i++) b->run_rows[i] = -1;
    if (!runs || !b->chunk->keys) return;
    hra_runs_find(runs, key, b->run_rows);
    b->out->providers = hra_runs_providers(runs, b->run_rows);
}

static void any_unapproved(hra_person_view *out)
{
    bool all = true;
    for (int i = 0; i < out->advice_count; i++) all = all && out->advice[i].origin.approved;
    for (int i = 0; i < out->present_count; i++) all = all && out->present[i].origin.approved;
    for (int i = 0; i < out->topic_count; i++) all = all && out->topics[i].origin.approved;
    for (int i = 0; i < out->tier_count; i++) all = all && out->tiers[i].origin.approved;
    for (int i = 0; i < out->item_count; i++) all = all && out->items[i].origin.approved;
    for (int i = 0; i < out->monitor_count; i++) all = all && out->monitors[i].origin.approved;
    out->unapproved = !all;
}

const hra_person_view *hra_person_views_build(hra_person_views *views, int thread, const hra_chunk *chunk,
                                              const hra_results *results, int row, const char *key)
{
    hra_view_worker *w = &views->workers[thread];
    const hra_person_views_request *r = &views->request;
    hra_arena_reset(w->arena);
    hra_buffer_clear(&w->text);
    w->view = (hra_person_view){0};
    hra_chunk_person(r->schema, chunk, row, w->inputs);
    hra_view_build b = {.views = views,
                        .worker = w,
                        .thread = thread,
                        .chunk = chunk,
                        .person = {r->catalogue, r->schema, w->inputs, results, row},
                        .out = &w->view};
    find_previous(&b, key);
    hra_view_build_values(&b);
    if (b.failed) return NULL;
    identify(&b, key);
    hra_view_build_findings(&b);
    hra_view_build_advice(&b);
    if (!b.failed) hra_view_build_topics(&b);
    if (!b.failed) hra_view_build_diseases(&b);
    if (!b.failed) hra_view_build_service(&b);
    any_unapproved(b.out);
    return b.failed ? NULL : b.out;
}

/* ---- what texts need --------------------------------------------------------------------------- */

void hra_person_texts_lets(const hra_library *library, void (*found)(void *context, const char *name), void *context)
{
    for (int v = 0; v < hra_dictionary_count(hra_library_dictionary(library)); v++) {
        const char *name = hra_dictionary_at(hra_library_dictionary(library), v)->name;
        if (v == hra_dictionary_find(hra_library_dictionary(library), "age") || hra_library_reference(library, name))
            found(context, name);
    }
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == HRA_DECLARATION_MODEL || d->kind == HRA_DECLARATION_GROUP_ACTION) continue;
        for (int p = 0; p < d->property_count; p++)
            if (strchr(d->properties[p].value, '{') != NULL && strcmp(d->properties[p].key, "note") != 0)
                hra_placeholder_lets(library, d->properties[p].value, found, context);
    }
}
