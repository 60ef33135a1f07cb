/* The diseases: a risk in people out of a hundred, what it would be with better values, and what counts most. */
#include <math.h>
#include <string.h>

#include "report/person/individual_parts.h"
#include "report/person/view_questions.h"

/* A sentence with a number of people: {0} of `some`, or `below` where it is less than one. {1}: the horizon. */
static void say_people(hra_page *p, double share, const char *some, const char *below, const char *horizon)
{
    char text[8];
    int n = hra_page_people(share), at = 0;
    if (n < 0) {
        hra_page_say(p, below, horizon, NULL);
        return;
    }
    if (n >= 100) text[at++] = '1';
    if (n >= 10) text[at++] = (char)('0' + n / 10 % 10);
    text[at++] = (char)('0' + n % 10);
    text[at] = 0;
    hra_page_say(p, some, text, horizon, NULL);
}

static void put_array(hra_page *p, const hra_view_disease *d)
{
    int affected = hra_page_people(d->risk), left = isnan(d->if_all) ? affected : hra_page_people(d->if_all);
    if (affected < 0) affected = 0;
    if (left < 0) left = 0;
    int spared = left < affected ? affected - left : 0;
    hra_svg_people(p->out, affected, spared, d->risk_text);
}

static void put_sentences(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<p class=say>");
    say_people(p, d->risk, hra_text(w, "report.people.you"), hra_text(w, "report.people.you_below"), d->horizon);
    hra_buffer_text(p->out, "</p><ul class=plain>");
    if (d->if_all < d->risk && hra_page_people(d->if_all) != hra_page_people(d->risk)) {
        hra_buffer_text(p->out, "<li>");
        say_people(p, d->if_all, hra_text(w, "report.people.all"), hra_text(w, "report.people.all_below"), "");
        hra_buffer_text(p->out, "</li>");
    }
    if (!isnan(d->ideal) && hra_page_people(d->ideal) >= hra_page_people(d->risk)) {
        hra_html(p->out, "<li>%s</li>", hra_text(w, "report.people.ideal_same"));
    } else if (!isnan(d->ideal)) {
        hra_buffer_text(p->out, "<li>");
        say_people(p, d->ideal, hra_text(w, "report.people.ideal"), hra_text(w, "report.people.ideal_below"), "");
        hra_buffer_text(p->out, "</li>");
    }
    hra_buffer_text(p->out, "</ul>");
}

/* An age tells little by itself: only beside the risk, with what it means, and where the catalogue names it. */
static void put_risk_age(hra_page *p, const hra_view_disease *d)
{
    const char *called = hra_text_of(p->words, "risk_age_name", d->role, "");
    if (!*called || !*d->risk_age_text) return;
    if (d->risk_age_limit && d->risk_age <= p->view->age) return; /* the end of the model's range says nothing here */
    hra_html(p->out, "<p class=age><b>%s %s</b> ", called, d->risk_age_text);
    if (!d->risk_age_limit) hra_page_say(p, hra_text(p->words, "report.risk_age"), d->risk_age_text, NULL);
    if (d->category_index == 0 && d->risk_age > p->view->age)
        hra_html(p->out, " %s", hra_text(p->words, "report.risk_age.low"));
    hra_buffer_text(p->out, "</p>");
}

static void put_bar(hra_page *p, const char *label, double risk, double left, double full, const char *text,
                    const char *change)
{
    hra_html(p->out, "<tr><th scope=row>%s</th><td>", label);
    hra_svg_part(p->out, risk, left, full, *change ? change : text);
    hra_html(p->out, "</td><td><b>%s</b></td><td>%s</td></tr>\n", text, change);
}

/* The share that goes if everything is done. */
static void put_all(hra_page *p, const hra_view_disease *d, double full)
{
    const hra_words *w = p->words;
    hra_html(p->out, "<tr class=all><th scope=row>%s</th><td>", hra_text(w, "report.what_if.all"));
    hra_svg_part(p->out, d->risk, d->if_all, full,
                 *d->if_all_text ? d->if_all_text : hra_text(w, "report.what_if.all"));
    hra_html(p->out, "</td><td><b>%s</b></td><td>", d->if_all_text);
    if (*d->changeable_text) hra_page_say(p, hra_text(w, "report.what_if.share"), d->changeable_text, NULL);
    hra_buffer_text(p->out, "</td></tr>\n");
}

static void put_what_ifs(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    if (!hra_page_any_helps(d)) return;
    double full = d->risk;
    hra_html(p->out,
             "<table class=ifs><caption>%s</caption><thead><tr><th scope=col>%s</th><td></td><th scope=col>%s</th><th "
             "scope=col>%s</th></tr></thead><tbody>",
             hra_text(w, "report.what_if.title"), hra_text(w, "report.what_if.step"),
             hra_text(w, "report.what_if.then"), hra_text(w, "report.what_if.gain"));
    put_bar(p, hra_text(w, "report.what_if.now"), d->risk, d->risk, full, d->risk_text, "");
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *x = &d->what_ifs[i];
        if (hra_page_helps(d, x)) put_bar(p, x->origin.title, d->risk, x->risk, full, "", x->removed_text);
    }
    if (d->if_all < d->risk) put_all(p, d, full);
    hra_buffer_text(p->out, "</tbody></table>");
}

/* What each step stands for, once for all diseases. */
static void put_meanings(hra_page *p)
{
    enum { MOST = 64 };
    const hra_person_view *v = p->view;
    const char *told[MOST];
    int count = 0;
    for (int d = 0; d < v->disease_count; d++) {
        for (int i = 0; i < v->diseases[d].what_if_count; i++) {
            const hra_view_what_if *x = &v->diseases[d].what_ifs[i];
            int k = 0;
            while (k < count && strcmp(told[k], x->origin.id) != 0) k++;
            if (k < count || count == MOST || !*x->target) continue;
            if (count == 0) hra_html(p->out, "<p class=small>%s", hra_text(p->words, "report.what_if.means"));
            hra_html(p->out, "%s<b>%s</b> %s", count > 0 ? " · " : " ", x->origin.title, x->target);
            told[count++] = x->origin.id;
        }
    }
    if (count > 0) hra_buffer_text(p->out, "</p>\n");
}

static void put_reliability(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    hra_html(p->out, "<p class=small><b>%s</b> %s", hra_text(w, "report.reliability"),
             d->status.bits && *d->status.text ? d->status.text : hra_text(w, "report.reliability.good"));
    if (*d->model_title) hra_html(p->out, " · %s %s", hra_text(w, "report.model"), d->model_title);
    if (*d->outcome) hra_html(p->out, " · %s %s", hra_text(w, "report.outcome"), d->outcome);
    hra_buffer_text(p->out, "</p>");
}

static void put_disease(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    hra_html(p->out, "<article class=disease><h3>%s</h3>", d->title);
    if (d->not_applicable || isnan(d->risk)) {
        hra_level_mark mark = d->not_applicable ? HRA_LEVEL_WATCH : HRA_LEVEL_UNKNOWN;
        hra_buffer_text(p->out, "<p>");
        hra_page_level(p, mark, d->not_applicable ? hra_text(w, "report.risk.has_it") : d->status.text);
        hra_buffer_text(p->out, "</p></article>\n");
        return;
    }
    hra_html(p->out, "<p class=top><span class=big>%s</span> ", d->risk_text);
    hra_page_say(p, hra_text(w, "report.risk.within"), d->horizon, NULL);
    hra_buffer_char(p->out, ' ');
    if (*d->category_text) hra_page_level(p, hra_page_disease_mark(d), d->category_text);
    if (*d->previous_text) {
        hra_buffer_text(p->out, " <span class=bv>");
        hra_page_say(p, hra_text(w, "report.last_year"), d->previous_text, NULL);
        hra_html(p->out, " <i>%s %s</i></span>", hra_page_trend_arrow(d->trend, d->risk - d->previous), d->trend_text);
    }
    hra_buffer_text(p->out, "</p><div class=pair>");
    put_array(p, d);
    hra_buffer_text(p->out, "<div>");
    put_sentences(p, d);
    put_risk_age(p, d);
    put_what_ifs(p, d);
    hra_buffer_text(p->out, "</div></div>");
    put_reliability(p, d);
    hra_buffer_text(p->out, "</article>\n");
}

/* How the drawings are read, where there are some. */
static void put_key(hra_page *p)
{
    hra_html(p->out, "<p class=lead>%s %s</p><p class=\"small legend\">", hra_text(p->words, "report.diseases.lead"),
             hra_text(p->words, "report.diseases.key"));
    hra_html(p->out,
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#i class=pf /></svg>%s</span> "
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#h /></svg>%s</span> "
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#i class=pe /></svg>%s</span></p>\n",
             hra_text(p->words, "report.legend.affected"), hra_text(p->words, "report.legend.spared"),
             hra_text(p->words, "report.legend.well"));
}

void hra_page_diseases(hra_page *p)
{
    const hra_person_view *v = p->view;
    if (v->disease_count == 0) return;
    hra_buffer_text(p->out, "<section class=sheet>");
    hra_page_heading(p, 2, "diseases", hra_text(p->words, "report.diseases.title"));
    if (hra_view_has_risk(v)) put_key(p);
    for (int i = 0; i < v->disease_count; i++) put_disease(p, &v->diseases[i]);
    put_meanings(p);
    hra_buffer_text(p->out, "</section>\n");
}
