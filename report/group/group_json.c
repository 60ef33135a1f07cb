/* groups.json: the figures of the house with titles, the problems with their comparisons, measures, the year. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/group/group_page.h"
#include "report/results/result_rows.h"

void hra_json_number(hra_buffer *out, double value)
{
    if (isnan(value))
        hra_buffer_text(out, "null");
    else
        hra_write_number(out, value, false);
}

void hra_json_text_of(hra_buffer *out, const hra_group_page *page, const hra_declaration *d, const char *key)
{
    const char *text = d ? hra_declaration_text(d, key, page->request->language) : NULL;
    if (!text) return;
    hra_buffer_printf(out, ",\"%s\":", key);
    hra_buffer_json(out, text);
}

void hra_json_interval(hra_buffer *out, const char *name, hra_interval interval)
{
    hra_buffer_printf(out, ",\"%s\":{\"value\":", name);
    hra_json_number(out, interval.value);
    hra_buffer_text(out, ",\"low\":");
    hra_json_number(out, interval.low);
    hra_buffer_text(out, ",\"high\":");
    hra_json_number(out, interval.high);
    hra_buffer_char(out, '}');
}

static void write_title(const hra_group_page *page, const hra_declaration *d, hra_buffer *out)
{
    const char *text = d ? hra_declaration_text(d, "title", page->request->language) : NULL;
    hra_buffer_json(out, text ? text : "");
}

/* ---- people, risks, tiers ----------------------------------------------------------- */

static void write_people(const hra_group_page *page, hra_buffer *out)
{
    bool first = true;
    hra_buffer_printf(out, "\"people\":%u,\"people_by_sex_and_age\":[", hra_group_people(page->group, HRA_SUMMARY_ALL));
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        uint32_t people = hra_group_people(page->group, c);
        if (people == 0) continue;
        hra_buffer_printf(out, "%s{\"sex\":\"%s\",\"age\":\"%s\",\"people\":%u}", first ? "" : ",",
                          hra_summary_sex_names[c / HRA_SUMMARY_AGES], hra_summary_age_names[c % HRA_SUMMARY_AGES],
                          people);
        first = false;
    }
    hra_buffer_text(out, "],\"departments\":[");
    for (int d = 0; d < hra_group_department_count(page->group); d++) {
        hra_buffer_text(out, d ? ",{\"name\":" : "{\"name\":");
        hra_buffer_json(out, hra_group_department_name(page->group, d));
        hra_buffer_printf(out, ",\"people\":%u}", hra_group_department_people(page->group, d));
    }
    hra_buffer_char(out, ']');
}

static void write_participation(const hra_group_page *page, hra_buffer *out)
{
    static const char *const names[] = {"invited", "examined", "answered", "assessed"};
    if (!page->has_participation) return;
    hra_buffer_text(out, ",\"participation\":{");
    for (int i = 0; i < 4; i++) {
        double rate = page->participation[i] / page->participation[0];
        hra_buffer_printf(out, "%s\"%s\":{\"people\":", i ? "," : "", names[i]);
        hra_json_number(out, page->participation[i]);
        hra_buffer_text(out, ",\"of_invited\":");
        hra_json_number(out, page->participation[0] > 0 && rate <= 1 ? rate : NAN); /* more: no part of them */
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, '}');
}

/* Counts per level: {"low":12,...,"unknown":3} */
static void write_levels(const hra_group_page *page, int output, hra_buffer *out)
{
    const hra_output *o = output < 0 ? NULL : &page->request->catalogue->outputs[output];
    hra_buffer_char(out, '{');
    for (int l = 0; o && l <= o->level_count; l++)
        hra_buffer_printf(out, "%s\"%s\":%u", l ? "," : "", l < o->level_count ? o->levels[l] : "unknown",
                          hra_group_level(page->request->summary, page->group, output, l, HRA_SUMMARY_ALL));
    hra_buffer_char(out, '}');
}

/* Expected events: the sum of the risks. Preventable: the part of it that is gone when every intervention's target is
 * met, of the people of whom that is known. */
static void write_events(const hra_group_page *page, const hra_role_outputs *role, hra_buffer *out)
{
    const hra_group_summary *s = page->request->summary;
    hra_summary_number risk = hra_group_number(s, page->group, role->risk, HRA_SUMMARY_ALL);
    hra_buffer_printf(out, ",\"known\":%u,\"expected_events\":", risk.known);
    hra_json_number(out, risk.known ? hra_summary_total(risk) : NAN);
    if (role->if_all < 0 || role->prevented < 0) return;
    hra_summary_number gone = hra_group_number(s, page->group, role->prevented, HRA_SUMMARY_ALL);
    double left = hra_summary_total(hra_group_number(s, page->group, role->if_all, HRA_SUMMARY_ALL));
    double prevented = gone.known ? hra_summary_total(gone) : NAN;
    hra_buffer_printf(out, ",\"preventable_known\":%u,\"preventable_events\":", gone.known);
    hra_json_number(out, prevented);
    hra_buffer_text(out, ",\"preventable_share\":");
    hra_json_number(out, prevented + left > 0 ? prevented / (prevented + left) : NAN);
}

static void write_risks(const hra_group_page *page, hra_buffer *out)
{
    const hra_catalogue *c = page->request->catalogue;
    hra_buffer_text(out, ",\"risks\":{");
    for (int i = 0; i < c->role_count; i++) {
        const hra_role_outputs *role = &c->roles[i];
        const uint32_t *bins = role->risk < 0 ? NULL : hra_group_bins(page->request->summary, page->group, role->risk);
        hra_buffer_printf(out, "%s\"%s\":{\"mean\":", i ? "," : "", role->name);
        hra_json_number(out, role->risk < 0 ? NAN : hra_group_mean(page->request->summary, page->group, role->risk));
        if (role->risk >= 0) write_events(page, role, out);
        if (bins) hra_buffer_text(out, ",\"distribution\":[");
        for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++)
            hra_buffer_printf(out, "%s{\"from\":%g,\"people\":%u}", b ? "," : "", hra_summary_bin_limit(b), bins[b]);
        if (bins) hra_buffer_char(out, ']');
        hra_buffer_text(out, ",\"categories\":");
        write_levels(page, role->category, out);
        hra_buffer_text(out, ",\"models\":");
        write_levels(page, role->model, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, '}');
}

static void write_tiers(const hra_group_page *page, hra_buffer *out)
{
    const hra_catalogue *c = page->request->catalogue;
    hra_buffer_text(out, ",\"tiers\":{");
    for (int i = 0; i < c->tier_count; i++) {
        hra_buffer_printf(out, "%s\"%s\":", i ? "," : "", c->outputs[c->tiers[i].output].id);
        write_levels(page, c->tiers[i].output, out);
    }
    hra_buffer_char(out, '}');
}

/* ---- findings -------------------------------------------------------------------------- */

/* Rules that hold for somebody, with count, known and share. */
static void write_flags(const hra_group_page *page, const char *name, const hra_rule_output *rules, int count,
                        bool by_cell, hra_buffer *out)
{
    const hra_group_request *q = page->request;
    bool first = true;
    hra_buffer_printf(out, ",\"%s\":[", name);
    for (int i = 0; i < count; i++) {
        hra_summary_flag f = hra_group_flag(q->summary, page->group, rules[i].output, HRA_SUMMARY_ALL);
        if (f.yes == 0) continue;
        uint64_t known = (uint64_t)f.yes + f.no;
        hra_interval share = hra_proportion(f.yes, known);
        hra_buffer_printf(out, "%s{\"id\":\"%s\",\"title\":", first ? "" : ",",
                          q->catalogue->outputs[rules[i].output].id);
        write_title(page, rules[i].declaration, out);
        hra_buffer_printf(out, ",\"people\":%u,\"known\":%llu,\"share\":", f.yes, (unsigned long long)known);
        hra_json_number(out, share.value);
        /* where few could be decided, those decided are mostly the ones who have it */
        hra_buffer_text(out, ",\"known_share\":");
        hra_json_number(out, (double)known / (double)hra_group_people(page->group, HRA_SUMMARY_ALL));
        hra_buffer_text(out, ",\"low\":");
        hra_json_number(out, share.low);
        hra_buffer_text(out, ",\"high\":");
        hra_json_number(out, share.high);
        if (by_cell)
            hra_json_interval(out, "standardised",
                              hra_group_standardise(q->summary, page->group, rules[i].output, page->standard).share);
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_char(out, ']');
}

/* ---- problems, measures, the year ---------------------------------------------------------- */

static void write_problem(const hra_group_page *page, const hra_problem *p, hra_buffer *out)
{
    hra_buffer_printf(out, "{\"id\":\"%s\",\"title\":", p->action->id);
    write_title(page, p->action, out);
    hra_buffer_printf(out, ",\"rank\":%d,\"rank_people\":%d,\"due\":%s,\"people\":%u,\"known\":%llu", p->rank,
                      p->rank_people, p->due ? "true" : "false", p->total.yes,
                      (unsigned long long)p->total.yes + p->total.no);
    hra_json_interval(out, "share", p->share);
    hra_json_interval(out, "standardised", p->standardised.share);
    hra_buffer_text(out, ",\"standard_covered\":");
    hra_json_number(out, p->standardised.covered);
    hra_json_interval(out, "other_groups", p->others);
    hra_json_interval(out, "less_other_groups", p->to_others);
    hra_json_interval(out, "last_year", p->last_year);
    hra_json_interval(out, "less_last_year", p->to_last_year);
    hra_buffer_char(out, '}');
}

static void write_problems(const hra_group_page *page, hra_buffer *out)
{
    bool first = true;
    hra_buffer_text(out, ",\"problems\":[");
    for (int i = 0; i < page->problem_count; i++) {
        if (page->problems[i].rank == 0) continue;
        if (!first) hra_buffer_char(out, ',');
        write_problem(page, &page->problems[i], out);
        first = false;
    }
    hra_buffer_char(out, ']');
}

/* Measures that are due: what, by whom, the lecture, the newsletter, how many people are on the list. */
static void write_measures(const hra_group_page *page, hra_buffer *out)
{
    static const char *const keys[] = {"priority", "measure",    "responsible", "effort",
                                       "lecture",  "newsletter", "checkup"};
    bool first = true;
    hra_buffer_text(out, ",\"measures\":[");
    for (int i = 0; i < page->problem_count; i++) {
        const hra_problem *p = &page->problems[i];
        if (!p->due) continue;
        hra_buffer_printf(out, "%s{\"id\":\"%s\",\"title\":", first ? "" : ",", p->action->id);
        write_title(page, p->action, out);
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) hra_json_text_of(out, page, p->action, keys[k]);
        if (p->roster >= 0)
            hra_buffer_printf(out, ",\"roster\":%u",
                              hra_group_flag(page->request->summary, page->group, p->roster, HRA_SUMMARY_ALL).yes);
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_char(out, ']');
}

static void write_programme(const hra_group_page *page, hra_buffer *out)
{
    const hra_programme *p = page->programme;
    hra_buffer_text(out, ",\"lectures\":[");
    for (int i = 0; i < p->lecture_count; i++) {
        const hra_problem *one = p->lectures[i].problem;
        hra_buffer_printf(out, "%s{\"id\":\"%s\",\"title\":", i ? "," : "", one->action->id);
        write_title(page, one->action, out);
        hra_json_text_of(out, page, one->action, "lecture");
        hra_buffer_text(out, ",\"specialty\":");
        hra_buffer_json(out, p->lectures[i].specialty);
        hra_buffer_printf(out, ",\"due\":%s,\"rank\":%d,\"share\":", one->due ? "true" : "false", one->rank);
        hra_json_number(out, one->share.value);
        if (one->roster >= 0)
            hra_buffer_printf(out, ",\"audience\":%u",
                              hra_group_flag(page->request->summary, page->group, one->roster, HRA_SUMMARY_ALL).yes);
        hra_buffer_char(out, '}');
    }
    hra_buffer_text(out, "],\"newsletters\":[");
    for (int i = 0; i < p->newsletter_count; i++) {
        const hra_problem *one = p->newsletters[i].problem;
        hra_buffer_printf(out, "%s{\"quarter\":\"%s\",\"id\":\"%s\"", i ? "," : "", p->newsletters[i].quarter,
                          one->action->id);
        hra_json_text_of(out, page, one->action, "newsletter");
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
}

void hra_group_page_json(const hra_group_page *page, hra_buffer *out)
{
    const hra_catalogue *c = page->request->catalogue;
    hra_buffer_text(out, "\n{\"group\":");
    hra_buffer_json(out, hra_group_name(page->group));
    hra_buffer_char(out, ',');
    write_people(page, out);
    write_participation(page, out);
    write_risks(page, out);
    write_tiers(page, out);
    write_flags(page, "factors", c->factors, c->factor_count, true, out);
    write_flags(page, "prescriptions", c->prescriptions, c->prescription_count, false, out);
    write_flags(page, "items", c->items, c->item_count, false, out);
    write_problems(page, out);
    write_measures(page, out);
    write_programme(page, out);
    hra_buffer_char(out, '}');
}
