#include "report/models/evaluation_page.h"

#include <stdlib.h>
#include <string.h>

#include "engine/language/library.h"
#include "io/files/atomic_file.h"
#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"

/* ---- the parts of the list ------------------------------------------------------------------- */

static bool knows_horizon(const hra_evaluated *e, double horizon)
{
    for (int i = 0; i < e->horizon_count; i++)
        if (e->horizons[i] == horizon || (isnan(horizon) && isnan(e->horizons[i]))) return true;
    return false;
}

static hra_code find_parts(hra_evaluated *e, hra_error *error)
{
    int64_t count = hra_metrics_count(e->metrics);
    e->parts = malloc((size_t)(count ? count : 1) * sizeof *e->parts);
    e->horizons = malloc((size_t)(count ? count : 1) * sizeof *e->horizons);
    if (!e->parts || !e->horizons) return hra_fail(error, HRA_ENOMEM, "not enough memory for the page");
    for (int64_t i = 0; i < count; i++) {
        const hra_metric_subject *of = hra_metrics_at(e->metrics, i)->of;
        if (e->part_count == 0 || e->parts[e->part_count - 1].of != of)
            e->parts[e->part_count++] = (hra_evaluated_part){of, i, i};
        e->parts[e->part_count - 1].end = i + 1;
        if (!knows_horizon(e, of->horizon)) e->horizons[e->horizon_count++] = of->horizon;
    }
    return HRA_OK;
}

/* ---- what was evaluated ------------------------------------------------------------------------ */

static void put_fact(const char *label, const char *value, hra_buffer *out)
{
    if (value) hra_html(out, "<div><dt>%s<dd>%s</div>\n", label, *value ? value : "–");
}

static void put_left_out(const hra_evaluated *e, hra_buffer *out)
{
    const hra_evaluation_facts *f = e->facts;
    char text[HRA_EVALUATION_TEXT];
    put_fact(hra_text(e->words, "evaluation.people.table"), hra_evaluation_count(f->people, text), out);
    put_fact(hra_text(e->words, "evaluation.without.outcome"), hra_evaluation_count(f->without_outcome, text), out);
    if (f->weight)
        put_fact(hra_text(e->words, "evaluation.without.weight"), hra_evaluation_count(f->without_weight, text), out);
    for (int i = 0; i < f->without_risk_count; i++) {
        hra_html(out, "<div><dt>%s, %s",
                 hra_text(e->words, f->status ? "evaluation.without.risk_or_status" : "evaluation.without.risk"),
                 f->without_risk[i].model);
        hra_html(out, "<dd>%s</div>\n", hra_evaluation_count(f->without_risk[i].people, text));
    }
    if (f->common) put_fact(hra_text(e->words, "evaluation.people"), hra_text(e->words, "evaluation.common"), out);
}

static void put_other_times(const hra_evaluated *e, hra_buffer *out)
{
    char years[HRA_EVALUATION_TEXT], horizon[HRA_EVALUATION_TEXT];
    for (int i = 0; i < e->facts->other_time_count; i++) {
        const hra_evaluation_other_time *o = &e->facts->other_time[i];
        const char *values[] = {hra_evaluation_plain(o->years, years), hra_evaluation_plain(o->horizon, horizon)};
        hra_html(out, "<div><dt>%s, %s<dd>", hra_text(e->words, "evaluation.other_time"), o->model);
        hra_text_fill(hra_text(e->words, "evaluation.other_time.says"), values, 2, out);
        hra_buffer_text(out, "</div>\n");
    }
}

static void put_facts(const hra_evaluated *e, hra_buffer *out)
{
    const hra_evaluation_facts *f = e->facts;
    const hra_words *w = e->words;
    hra_html(out, "<p class=lead>%s</p>\n<dl class=gaps>\n",
             f->time ? hra_text(w, "evaluation.conventions.times") : hra_text(w, "evaluation.conventions.outcome"));
    put_fact(hra_text(w, "evaluation.table"), f->table, out);
    put_fact(hra_text(w, "evaluation.event"), f->event, out);
    put_fact(hra_text(w, "evaluation.time"), f->time, out);
    put_fact(hra_text(w, "evaluation.weight"), f->weight, out);
    put_fact(hra_text(w, "evaluation.by"), f->by, out);
    put_fact(hra_text(w, "evaluation.status"), f->status, out);
    put_fact(hra_text(w, "evaluation.only"), f->only, out);
    put_left_out(e, out);
    put_other_times(e, out);
    hra_buffer_text(out, "</dl>\n<dl class=typed>\n");
    put_fact(hra_text(w, "evaluation.command"), f->command, out);
    put_fact(hra_text(w, "evaluation.hash"), f->table_hash, out);
    hra_buffer_text(out, "</dl></section>\n");
}

/* ---- the main measures --------------------------------------------------------------------------- */

static bool has_column(const hra_evaluated *e, double horizon, const char *name)
{
    for (int64_t i = 0; i < e->part_count; i++)
        if (hra_evaluated_whole(&e->parts[i], horizon) && hra_evaluated_find(e, &e->parts[i], name, NAN)) return true;
    return false;
}

static bool has_value(const hra_evaluated *e, double horizon, const char *name)
{
    for (int64_t i = 0; i < e->part_count; i++) {
        if (!hra_evaluated_whole(&e->parts[i], horizon)) continue;
        const hra_metric *m = hra_evaluated_find(e, &e->parts[i], name, NAN);
        if (m && !isnan(m->is.value)) return true;
    }
    return false;
}

/* A table of models by the measures of the list (it ends in NULL) that were computed. */
static void put_measures(const hra_evaluated *e, double horizon, const char *title, const char *const *names,
                         hra_buffer *out)
{
    char people[HRA_EVALUATION_TEXT], events[HRA_EVALUATION_TEXT];
    hra_html(out, "<table class=gtable><caption>%s</caption><thead><tr><th scope=col>%s", title,
             hra_text(e->words, "evaluation.model"));
    hra_evaluation_put_column(hra_text(e->words, "evaluation.people"), out);
    hra_evaluation_put_column(hra_text(e->words, "evaluation.events"), out);
    for (int n = 0; names[n]; n++)
        if (has_column(e, horizon, names[n])) hra_evaluation_put_column(hra_evaluation_title(e, names[n]), out);
    hra_buffer_text(out, "</thead><tbody>\n");
    for (int64_t i = 0; i < e->part_count; i++) {
        const hra_evaluated_part *part = &e->parts[i];
        if (!hra_evaluated_whole(part, horizon)) continue;
        hra_html(out, "<tr><th scope=row>%s<td class=n>%s<td class=n>%s", part->of->model,
                 hra_evaluation_count(part->of->people, people), hra_evaluation_count(part->of->events, events));
        for (int n = 0; names[n]; n++)
            if (has_column(e, horizon, names[n]))
                hra_evaluation_put_cell(e, hra_evaluated_find(e, part, names[n], NAN), out);
        hra_buffer_char(out, '\n');
    }
    hra_buffer_text(out, "</tbody></table>\n");
}

static void put_results(const hra_evaluated *e, double horizon, hra_buffer *out)
{
    static const char *const accuracy[] = {"c_harrell", "c_uno", "c_wolbers",    "auc",
                                           "brier",     "ipa",   "brier_scaled", NULL};
    static const char *const calibration[] = {
        "observed", "expected", "observed_expected", "calibration_intercept", "calibration_slope", "ici", NULL};
    static const char *const ranks[] = {"rank", "rank_first", NULL};
    hra_buffer_text(out, "<section class=\"sheet follows\">");
    hra_evaluation_put_heading(e, hra_text(e->words, "evaluation.results"), horizon, out);
    put_measures(e, horizon, hra_text(e->words, "evaluation.accuracy"), accuracy, out);
    put_measures(e, horizon, hra_text(e->words, "evaluation.calibration"), calibration, out);
    if (has_value(e, horizon, "rank")) put_measures(e, horizon, hra_text(e->words, "evaluation.ranks"), ranks, out);
    hra_buffer_text(out, "</section>\n");
}

/* ---- the page -------------------------------------------------------------------------------------- */

static void put_begin(const hra_evaluated *e, hra_buffer *out)
{
    const hra_words *w = e->words;
    const char *title = hra_text(w, "evaluation.title"), *language = hra_words_language(w);
    hra_html(out,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=referrer "
             "content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src "
             "'unsafe-inline'\"><style>",
             strcmp(language, "zh") == 0 ? "zh-CN" : language);
    hra_html_style("datasets/report/style.css", out);
    hra_html_style("datasets/report/group.css", out);
    hra_html_style("datasets/report/evaluation.css", out);
    hra_html(out, "</style><title>%s</title></head><body><main>\n<section class=sheet><header><h1>%s</h1>", title,
             title);
    hra_html(out, "<dl><div><dt>hra</dt><dd>%s</dd></div></dl></header>\n", e->facts->engine_version);
}

static void put_page(const hra_evaluated *e, hra_buffer *out)
{
    put_begin(e, out);
    put_facts(e, out);
    for (int h = 0; h < e->horizon_count; h++) {
        put_results(e, e->horizons[h], out);
        hra_evaluation_put_calibration(e, e->horizons[h], out);
        hra_evaluation_put_decision(e, e->horizons[h], out);
        hra_evaluation_put_comparison(e, e->horizons[h], out);
        hra_evaluation_put_groups(e, e->horizons[h], out);
    }
    hra_evaluation_put_notes(e, out);
    hra_buffer_text(out, "</main></body></html>\n");
}

static hra_code read_words(hra_evaluated *e, hra_error *error)
{
    const char *language = e->facts->language;
    e->arena = hra_arena_new();
    if (!e->arena) return hra_fail(error, HRA_ENOMEM, "not enough memory for the page");
    HRA_TRY(hra_words_new(language, &e->words, error));
    return hra_intake_words_of("datasets/evaluation_reasons.csv", language, e->arena, &e->reasons, error);
}

hra_code hra_evaluation_page(const hra_metrics *metrics, const hra_evaluation_facts *facts, const char *path,
                             hra_error *error)
{
    hra_evaluated e = {.metrics = metrics, .facts = facts};
    hra_buffer out = {0};
    hra_code code = read_words(&e, error);
    if (!code) code = find_parts(&e, error);
    if (!code) {
        put_page(&e, &out);
        code = out.failed ? hra_fail(error, HRA_ENOMEM, "not enough memory for %s", path)
                          : hra_atomic_write(path, out.bytes, out.length, error);
    }
    hra_buffer_destroy(&out);
    free(e.parts);
    free(e.horizons);
    hra_words_free(e.words);
    hra_arena_free(e.arena);
    return code;
}
