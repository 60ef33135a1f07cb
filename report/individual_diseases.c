/* The diseases: a risk in people out of a hundred, what it would be with better values, and what counts most. */
#include <math.h>

#include "report/individual_parts.h"

/* "about 12" or "fewer than 1". */
static const char *people_text(hra_page *p, double share, char text[8])
{
    int n = hra_page_people(share), at = 0;
    if (n < 0) return hra_text(p->words, "report.people.below");
    if (n >= 100) text[at++] = '1';
    if (n >= 10) text[at++] = (char)('0' + n / 10 % 10);
    text[at++] = (char)('0' + n % 10);
    text[at] = 0;
    return text;
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
    char number[8];
    hra_buffer_text(p->out, "<p class=say>");
    hra_page_say(p, hra_text(w, "report.people.you"), people_text(p, d->risk, number), d->horizon, NULL);
    hra_buffer_text(p->out, "</p><ul class=plain>");
    if (!isnan(d->if_all) && hra_page_people(d->if_all) != hra_page_people(d->risk)) {
        hra_buffer_text(p->out, "<li>");
        hra_page_say(p, hra_text(w, "report.people.all"), people_text(p, d->if_all, number), NULL);
        hra_buffer_text(p->out, "</li>");
    }
    if (!isnan(d->ideal)) {
        hra_buffer_text(p->out, "<li>");
        hra_page_say(p, hra_text(w, "report.people.ideal"), people_text(p, d->ideal, number), NULL);
        hra_buffer_text(p->out, "</li>");
    }
    hra_buffer_text(p->out, "</ul>");
}

/* An age tells little by itself: only beside the risk, with what it means, and where the catalogue names it. */
static void put_risk_age(hra_page *p, const hra_view_disease *d)
{
    const char *called = hra_text_of(p->words, "risk_age_name", d->role, "");
    if (!*called || !*d->risk_age_text) return;
    hra_html(p->out, "<p class=age><b>%s %s</b> ", called, d->risk_age_text);
    hra_page_say(p, hra_text(p->words, "report.risk_age"), d->risk_age_text, NULL);
    if (d->category_index == 0 && d->risk_age > p->view->age)
        hra_html(p->out, " %s", hra_text(p->words, "report.risk_age.low"));
    hra_buffer_text(p->out, "</p>");
}

static void put_bar(hra_page *p, const char *label, const char *note, double risk, double left, double full,
                    const char *text, const char *change)
{
    hra_html(p->out, "<tr><th scope=row>%s", label);
    if (*note) hra_html(p->out, " <small>%s</small>", note);
    hra_buffer_text(p->out, "</th><td>");
    hra_svg_part(p->out, risk, left, full, text);
    hra_html(p->out, "</td><td><b>%s</b></td><td>%s</td></tr>\n", text, change);
}

static double greatest(const hra_view_disease *d)
{
    double most = d->risk;
    for (int i = 0; i < d->what_if_count; i++) most = fmax(most, d->what_ifs[i].risk);
    return most > 0 ? most : 1;
}

static void put_what_ifs(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    if (d->what_if_count == 0) return;
    double full = greatest(d);
    hra_html(p->out,
             "<table class=ifs><caption>%s</caption><thead><tr><th scope=col>%s</th><td></td><th scope=col>%s</th><th "
             "scope=col>%s</th></tr></thead><tbody>",
             hra_text(w, "report.what_if.title"), hra_text(w, "report.what_if.step"),
             hra_text(w, "report.what_if.then"), hra_text(w, "report.what_if.gain"));
    put_bar(p, hra_text(w, "report.what_if.now"), "", d->risk, d->risk, full, d->risk_text, "");
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *x = &d->what_ifs[i];
        put_bar(p, x->origin.title, x->target, d->risk, x->risk, full, x->risk_text, x->removed_text);
    }
    if (!isnan(d->if_all))
        put_bar(p, hra_text(w, "report.what_if.all"), "", d->risk, d->if_all, full, d->if_all_text, d->changeable_text);
    hra_buffer_text(p->out, "</tbody></table>");
}

static void put_reliability(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    hra_html(p->out, "<p class=small><b>%s</b> %s", hra_text(w, "report.reliability"),
             d->status.bits && *d->status.text ? d->status.text : hra_text(w, "report.reliability.good"));
    if (*d->model_title) hra_html(p->out, " %s %s", hra_text(w, "report.model"), d->model_title);
    if (*d->outcome) hra_html(p->out, " %s %s", hra_text(w, "report.outcome"), d->outcome);
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
        hra_html(p->out, " <i>%s %s</i></span>", hra_page_arrow(d->risk - d->previous), d->trend_text);
    }
    hra_buffer_text(p->out, "</p><div class=pair>");
    put_array(p, d);
    hra_buffer_text(p->out, "<div>");
    put_sentences(p, d);
    put_risk_age(p, d);
    hra_buffer_text(p->out, "</div></div>");
    put_what_ifs(p, d);
    put_reliability(p, d);
    hra_buffer_text(p->out, "</article>\n");
}

void hra_page_diseases(hra_page *p)
{
    const hra_person_view *v = p->view;
    if (v->disease_count == 0) return;
    hra_buffer_text(p->out, "<section class=sheet>");
    hra_page_heading(p, 2, "diseases", hra_text(p->words, "report.diseases.title"));
    hra_html(p->out, "<p class=lead>%s</p><p class=\"small legend\">", hra_text(p->words, "report.diseases.lead"));
    hra_html(p->out,
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#i class=pf /></svg>%s</span> "
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#h /></svg>%s</span> "
             "<span><svg class=k viewBox=\"0 0 12 12\" aria-hidden=true><use href=#i class=pe /></svg>%s</span></p>\n",
             hra_text(p->words, "report.legend.affected"), hra_text(p->words, "report.legend.spared"),
             hra_text(p->words, "report.legend.well"));
    for (int i = 0; i < v->disease_count; i++) put_disease(p, &v->diseases[i]);
    hra_html(p->out, "<p class=small>%s</p></section>\n", hra_text(p->words, "report.diseases.key"));
}
