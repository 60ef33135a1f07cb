/* A2, A3, urgent results and all other findings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/person/person_view_internal.h"
#include "service/signoff/content.h"

static const char *const severities[] = {"normal", "info", "mild", "moderate", "severe", "urgent"};
enum { SEVERITIES = sizeof severities / sizeof *severities, URGENT = SEVERITIES - 1 };

/* ---- prepared ----------------------------------------------------------------------------- */

typedef struct reason_search {
    const hra_person_views *views;
    int *reasons, count, own;
} reason_search;

static void add_reason(void *context, const hra_declaration *named)
{
    reason_search *s = context;
    const hra_catalogue *c = s->views->request.catalogue;
    for (int i = 0; i < c->factor_count; i++) {
        if (c->factors[i].declaration != named || i == s->own) continue;
        for (int k = 0; k < s->count; k++)
            if (s->reasons[k] == i) return;
        s->reasons[s->count++] = i;
    }
}

static bool prepare_reasons(hra_person_views *v, int index, hra_prepared_finding *f)
{
    const hra_catalogue *c = v->request.catalogue;
    reason_search search = {v, hra_view_take(v, c->factor_count, sizeof(int)), 0, index};
    if (!search.reasons) return false;
    if (c->factors[index].declaration)
        hra_content_names(v->library, c->factors[index].declaration, add_reason, &search);
    f->reasons = search.reasons;
    f->reason_count = search.count;
    return true;
}

/* What the finding reads, but for what tells who somebody is (the dictionary's first domain). Alerts about diseases
 * rest on risks and other findings: nearly everything is behind them, so nothing is named. */
static bool prepare_values(hra_person_views *v, const hra_declaration *d, hra_prepared_finding *f)
{
    const hra_dictionary *dictionary = v->request.schema->dictionary;
    const char *identity = hra_dictionary_at(dictionary, 0)->domain;
    int *variables = hra_view_take(v, d ? d->input_count : 0, sizeof *variables);
    if (!variables) return false;
    for (int i = 0; d && f->alert != HRA_VIEW_CHRONIC && i < d->input_count; i++) {
        int variable = hra_dictionary_find(dictionary, d->inputs[i]);
        if (variable >= 0 && strcmp(hra_dictionary_at(dictionary, variable)->domain, identity) != 0)
            variables[f->variable_count++] = variable;
    }
    f->variables = variables;
    return true;
}

/* Its index among the findings; -1: there is none of that name. */
static int finding_named(const hra_person_views *v, const char *id)
{
    const hra_catalogue *c = v->request.catalogue;
    for (int i = 0; i < c->factor_count; i++)
        if (strcmp(c->outputs[c->factors[i].output].id, id) == 0) return i;
    return -1;
}

/* Who has a disease is not told that it does not threaten. */
static void prepare_known(hra_person_views *v, const hra_declaration *d, hra_prepared_finding *f)
{
    const char *known = hra_view_text(v, d, "known_as");
    f->known_flag = *known ? hra_dictionary_find(v->request.schema->dictionary, known) : -1;
    f->known_finding = finding_named(v, known);
}

hra_prepared_why hra_view_prepare_why(hra_person_views *v, const hra_declaration *d, bool *ok)
{
    return (hra_prepared_why){.usual = hra_view_template(v, d, "exclude.because", ok),
                              .told = hra_view_template(v, d, "exclude.told.because", ok),
                              .told_by = finding_named(v, hra_view_text(v, d, "exclude.told_by"))};
}

static int alert_of(const hra_person_views *v, const hra_declaration *d)
{
    const char *alert = hra_view_text(v, d, "alert");
    return strcmp(alert, "first") == 0     ? HRA_VIEW_FIRST
           : strcmp(alert, "second") == 0  ? HRA_VIEW_SECOND
           : strcmp(alert, "chronic") == 0 ? HRA_VIEW_CHRONIC
                                           : HRA_VIEW_PLAIN;
}

static bool prepare_finding(hra_person_views *v, int index)
{
    const hra_catalogue *c = v->request.catalogue;
    const hra_rule_output *rule = &c->factors[index];
    const hra_declaration *d = rule->declaration;
    hra_prepared_finding *f = &v->findings[index];
    bool ok = true;
    const char *severity = hra_view_text(v, d, "severity");
    f->output = rule->output;
    f->cut = hra_view_template(v, d, "cut", &ok);
    f->action = hra_view_template(v, d, "action", &ok);
    f->why = hra_view_prepare_why(v, d, &ok);
    f->order = (int)hra_view_property_number(d, "order", 1000);
    f->alert = alert_of(v, d);
    prepare_known(v, d, f);
    f->is_quality = strcmp(hra_view_text(v, d, "group"), "quality") == 0;
    for (int s = 0; s < SEVERITIES; s++)
        if (strcmp(severity, severities[s]) == 0) f->severity = s;
    f->fixed = (hra_view_finding){.origin = hra_view_origin_of(v, d, c->outputs[rule->output].id, &ok),
                                  .severity = severity,
                                  .severity_text = hra_text_of(v->words, "severity", severity, severity),
                                  .cut = "",
                                  .deadline_days = (int)hra_view_property_number(d, "deadline_days", -1),
                                  .deadline = "",
                                  .action = "",
                                  .why = ""};
    return ok && prepare_values(v, d, f) && prepare_reasons(v, index, f);
}

static bool is_urgent(const hra_prepared_finding *f) { return f->fixed.deadline_days >= 0 && f->severity == URGENT; }

/* Whatever its answer is. */
static bool may_stand(const hra_prepared_finding *f, int list)
{
    switch (list) {
    case HRA_LIST_URGENT: return is_urgent(f);
    case HRA_LIST_IMPORTANT: return f->fixed.deadline_days >= 0 && !is_urgent(f);
    case HRA_LIST_FIRST: return f->alert == HRA_VIEW_FIRST;
    case HRA_LIST_SECOND: return f->alert == HRA_VIEW_SECOND;
    case HRA_LIST_CHRONIC: return f->alert == HRA_VIEW_CHRONIC;
    case HRA_LIST_QUALITY: return f->is_quality;
    default: return true;
    }
}

static bool is_of_alerts(int list)
{
    return list == HRA_LIST_FIRST || list == HRA_LIST_SECOND || list == HRA_LIST_CHRONIC;
}

/* Alerts by their order, what has a deadline by that, others the severest first; else as declared. */
static bool comes_before(const hra_prepared_finding *a, const hra_prepared_finding *b, int list)
{
    if (is_of_alerts(list)) return a->order < b->order;
    if (list == HRA_LIST_IMPORTANT) return a->fixed.deadline_days < b->fixed.deadline_days;
    return list != HRA_LIST_UNDECIDED && list != HRA_LIST_NOT_APPLICABLE && a->severity > b->severity;
}

static bool prepare_list(hra_person_views *v, int list)
{
    int *picked = hra_view_take(v, v->finding_count, sizeof *picked), n = 0;
    for (int i = 0; picked && i < v->finding_count; i++) {
        if (!may_stand(&v->findings[i], list)) continue;
        int at = n++;
        for (; at > 0 && comes_before(&v->findings[i], &v->findings[picked[at - 1]], list); at--)
            picked[at] = picked[at - 1];
        picked[at] = i;
    }
    v->finding_lists[list] = (hra_prepared_list){picked, n};
    return picked;
}

bool hra_view_prepare_findings(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    v->findings = hra_view_take(v, c->factor_count, sizeof *v->findings);
    if (!v->findings) return false;
    v->finding_count = c->factor_count;
    for (int i = 0; i < c->factor_count; i++)
        if (!prepare_finding(v, i)) return false;
    for (int list = 0; list < HRA_FINDING_LISTS; list++)
        if (!prepare_list(v, list)) return false;
    return true;
}

/* ---- one person ------------------------------------------------------------------------------ */

static bool has_it(const hra_view_build *b, const hra_prepared_finding *f)
{
    const hra_view_value *flag = f->known_flag < 0 ? NULL : b->of_variable[f->known_flag];
    if (flag && flag->known && flag->value == 1) return true;
    return f->known_finding >= 0 && b->answers[f->known_finding] == HRA_VIEW_PRESENT;
}

/* After all answers are there: what warns of a disease says nothing to people who have it. */
static void answer_known(hra_view_build *b)
{
    for (int i = 0; i < b->views->finding_count; i++)
        if (has_it(b, &b->views->findings[i])) b->answers[i] = HRA_VIEW_HAS_IT;
}

/* Numbers and words as they are; answers of yes or no only where they are yes. */
static void show_values(hra_view_build *b, const hra_prepared_finding *f, hra_view_finding *out)
{
    const hra_view_value **values = hra_view_new(b, f->variable_count, sizeof *values);
    for (int i = 0; values && i < f->variable_count; i++) {
        const hra_view_value *value = b->of_variable[f->variables[i]];
        if (!value || !value->known || (value->type == HRA_TYPE_FLAG && value->value != 1)) continue;
        values[out->value_count++] = value;
    }
    out->values = values;
}

static void show_reasons(hra_view_build *b, const hra_prepared_finding *f, hra_view_finding *out)
{
    const char **reasons = hra_view_new(b, f->reason_count, sizeof *reasons);
    for (int i = 0; reasons && out->answer == HRA_VIEW_PRESENT && i < f->reason_count; i++) {
        const hra_prepared_finding *named = &b->views->findings[f->reasons[i]];
        if (b->answers[f->reasons[i]] == HRA_VIEW_PRESENT) reasons[out->reason_count++] = named->fixed.origin.title;
    }
    out->reasons = reasons;
}

const char *hra_view_say_why(hra_view_build *b, const hra_prepared_why *why)
{
    bool told = why->told_by >= 0 && b->answers[why->told_by] == HRA_VIEW_PRESENT;
    return hra_view_say(b, why->told && (told || !why->usual) ? why->told : why->usual);
}

static void fill_finding(hra_view_build *b, const hra_prepared_finding *f, hra_view_finding *out)
{
    *out = f->fixed;
    out->answer = b->answers[f - b->views->findings];
    out->answer_text = b->views->answers[out->answer];
    out->cut = hra_view_say(b, f->cut);
    out->action = hra_view_say(b, f->action);
    show_values(b, f, out);
    show_reasons(b, f, out);
    if (out->answer == HRA_VIEW_UNKNOWN && f->alert) out->missing = hra_view_missing(b, f->output, &out->missing_count);
    if (out->answer == HRA_VIEW_NOT_APPLICABLE) out->why = hra_view_say_why(b, &f->why);
    if (out->deadline_days >= 0) out->deadline = hra_view_day(b, b->views->request.as_of + out->deadline_days);
}

/* The answer that lets a candidate stand in the list; that of alerts does not matter. */
static hra_view_answer answer_of_list(int list)
{
    return list == HRA_LIST_UNDECIDED        ? HRA_VIEW_UNKNOWN
           : list == HRA_LIST_NOT_APPLICABLE ? HRA_VIEW_NOT_APPLICABLE
                                             : HRA_VIEW_PRESENT;
}

static const hra_view_finding *make_list(hra_view_build *b, int list, int *count)
{
    const hra_prepared_list *candidates = &b->views->finding_lists[list];
    const bool any = is_of_alerts(list);
    const hra_view_answer wanted = answer_of_list(list);
    int *picked = hra_view_new(b, candidates->count, sizeof *picked), n = 0;
    for (int i = 0; picked && i < candidates->count; i++) {
        picked[n] = candidates->findings[i];
        n += any || b->answers[picked[n]] == wanted;
    }
    hra_view_finding *findings = hra_view_new(b, n, sizeof *findings);
    for (int i = 0; findings && i < n; i++) {
        const hra_view_finding **known = &b->findings[picked[i]];
        if (*known)
            findings[i] = **known;
        else
            fill_finding(b, &b->views->findings[picked[i]], &findings[i]);
        *known = &findings[i];
    }
    *count = findings ? n : 0;
    return findings;
}

void hra_view_build_findings(hra_view_build *b)
{
    hra_person_view *out = b->out;
    b->answers = hra_view_new(b, b->views->finding_count, sizeof *b->answers);
    b->findings = hra_view_zeroed(b, b->views->finding_count, sizeof *b->findings);
    if (b->failed) return;
    for (int i = 0; i < b->views->finding_count; i++)
        b->answers[i] = hra_view_answer_of(b, b->views->findings[i].output);
    answer_known(b);
    out->urgent = make_list(b, HRA_LIST_URGENT, &out->urgent_count);
    out->important = make_list(b, HRA_LIST_IMPORTANT, &out->important_count);
    out->first_alerts = make_list(b, HRA_LIST_FIRST, &out->first_alert_count);
    out->second_alerts = make_list(b, HRA_LIST_SECOND, &out->second_alert_count);
    out->chronic_alerts = make_list(b, HRA_LIST_CHRONIC, &out->chronic_alert_count);
    out->present = make_list(b, HRA_LIST_PRESENT, &out->present_count);
    out->undecided = make_list(b, HRA_LIST_UNDECIDED, &out->undecided_count);
    out->not_applicable = make_list(b, HRA_LIST_NOT_APPLICABLE, &out->not_applicable_count);
    out->quality = make_list(b, HRA_LIST_QUALITY, &out->quality_count);
}
