/* index.html: the run in figures, all groups, held files, the quality of each provider's data. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/safe_name.h"
#include "report/night/overview_internal.h"
#include "report/tools/html.h"

enum { TEXT = HRA_OVERVIEW_TEXT };

static const char *whole(double value, char out[TEXT])
{
    snprintf(out, TEXT, "%.0f", value);
    return isnan(value) ? "–" : out;
}

static const char *percent(double share, char out[TEXT])
{
    snprintf(out, TEXT, share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
    return isnan(share) ? "–" : out;
}

/* A difference of two shares in percentage points. */
static const char *points(double difference, char out[TEXT])
{
    snprintf(out, TEXT, "%.1f", 100 * difference);
    return out;
}

/* ---- the run in figures ------------------------------------------------------------------------ */

static void put_tile(const char *title, double value, const char *says, hra_buffer *out)
{
    char text[TEXT];
    hra_html(out, "<div class=tile><h3>%s</h3><p class=big>%s</p><p class=small>%s</p></div>", title,
             hra_overview_count(value, text), says);
}

static void put_figures(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const char *rejected = hra_overview_fact_of(o, "rows.rejected");
    int editions = 0;
    for (int i = 0; i < o->group_count; i++) editions += o->groups[i].edition;
    hra_html(out, "<h2>%s</h2>\n<div class=tiles>", hra_text(w, "overview.run"));
    put_tile(hra_text(w, "overview.people"), (double)o->request->people, hra_text(w, "overview.people.says"), out);
    put_tile(hra_text(w, "overview.groups"), o->group_count, hra_text(w, "overview.groups.says"), out);
    put_tile(hra_text(w, "overview.editions"), editions,
             hra_text(w, editions < o->group_count ? "overview.editions.says" : "overview.editions.all"), out);
    put_tile(hra_text(w, "overview.urgent"), (double)o->urgent_people,
             hra_text(w, o->urgent_people ? "overview.urgent.says" : "overview.urgent.none"), out);
    put_tile(hra_text(w, "overview.rejected"), rejected ? strtod(rejected, NULL) : (double)NAN,
             hra_text(w, "overview.rejected.says"), out);
    put_tile(hra_text(w, "overview.held"), o->held_count, hra_text(w, "overview.held.says"), out);
    hra_buffer_text(out, "</div>\n");
}

/* ---- groups ------------------------------------------------------------------------------------ */

/* Urgent results first, then the largest: the order in which the page opens. */
static int by_need(const void *a, const void *b)
{
    const hra_overview_group *x = a, *y = b;
    if (x->urgent != y->urgent) return x->urgent < y->urgent ? 1 : -1;
    if (x->people != y->people) return x->people < y->people ? 1 : -1;
    return strcmp(x->name, y->name);
}

static bool tells_taking_part(const hra_overview *o)
{
    for (int i = 0; i < o->group_count; i++)
        if (!isnan(o->groups[i].taking_part)) return true;
    return false;
}

static void put_heads(const hra_overview *o, bool taking_part, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const hra_declaration *panel = hra_library_find(o->request->library, o->request->panel);
    char key[TEXT];
    hra_html(out, "<table id=groups class=gtable><thead><tr><th scope=col>%s<th scope=col class=n>%s",
             hra_text(w, "report.group"), hra_text(w, "group.column.people"));
    if (taking_part) hra_html(out, "<th scope=col class=n>%s", hra_text(w, "overview.column.taking_part"));
    hra_html(out, "<th scope=col class=n aria-sort=descending>%s<th scope=col class=t>%s<th scope=col class=n>%s",
             hra_text(w, "overview.column.urgent"), hra_text(w, "overview.column.problem"),
             hra_text(w, "overview.column.share"));
    for (int r = 0; r < o->role_count; r++) {
        snprintf(key, sizeof key, "%s.title", o->roles[r]);
        const char *title = panel ? hra_declaration_text(panel, key, hra_words_language(w)) : NULL;
        hra_html(out, "<th scope=col class=n>%s", title ? title : o->roles[r]);
    }
    hra_html(out, "<th scope=col class=n>%s<th scope=col>%s</thead><tbody>\n", hra_text(w, "overview.column.measures"),
             hra_text(w, "overview.column.client"));
}

/* What is made of shares. Of a few people they mean nothing, and would tell of single ones. */
static void put_shares(const hra_overview *o, const hra_overview_group *g, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const hra_declaration *d = g->problem ? hra_library_find(o->request->library, g->problem) : NULL;
    const char *title = d ? hra_declaration_text(d, "title", hra_words_language(w)) : NULL;
    char text[TEXT];
    if (g->small)
        hra_html(out, "<td class=t>%s<td>–", hra_text(w, "overview.small"));
    else if (title)
        hra_html(out, "<td class=t>%s<td>+%s", title, points(g->excess, text));
    else
        hra_buffer_text(out, "<td class=t>–<td>–");
    for (int r = 0; r < o->role_count; r++) hra_html(out, "<td>%s", percent(g->small ? (double)NAN : g->high[r], text));
    hra_html(out, "<td>%s", whole(g->small ? (double)NAN : g->measures, text));
}

static void put_group(const hra_overview *o, const hra_overview_group *g, bool taking_part, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const char *name = *g->name ? g->name : hra_text(w, "overview.no_group");
    char text[TEXT], safe[HRA_SAFE_NAME];
    hra_safe_name(g->name, safe);
    hra_buffer_text(out, "<tr><td>");
    if (g->page)
        hra_overview_put_link(o, "groups/", safe, ".html", name, out);
    else
        hra_html_text(out, name);
    hra_html(out, "<td>%s", whole(g->people, text));
    if (taking_part) hra_html(out, "<td>%s", percent(g->taking_part, text));
    hra_html(out, "<td>%s", whole((double)g->urgent, text));
    put_shares(o, g, out);
    hra_buffer_text(out, "<td>");
    if (g->client_page)
        hra_overview_put_link(o, "client/", safe, "/report.html", hra_text(w, "overview.edition.page"), out);
    else
        hra_html_text(out, hra_text(w, g->edition ? "overview.edition.tables" : "overview.edition.none"));
    hra_buffer_char(out, '\n');
}

/* Click on a column's head: sorted by it, once more: the other way round. The page opens sorted without it. */
static const char script[] =
    "<script>(function(){var t=document.getElementById('groups'),b=t.tBodies[0],h=t.tHead.rows[0].cells;"
    "function v(r,i){var s=r.cells[i].textContent,n=parseFloat(s);return isNaN(n)?s:n}"
    "function c(a,b){if(typeof a!=typeof b)return typeof a=='number'?1:-1;return typeof "
    "a=='number'?a-b:a.localeCompare(b)}"
    "function sort(i,d){var r=[].slice.call(b.rows).map(function(x){return[v(x,i),x]});r.sort(function(x,y){return "
    "d*c(x[0],y[0])});r.forEach(function(x){b.appendChild(x[1])});for(var k=0;k<h.length;k++)h[k].removeAttribute("
    "'aria-sort');h[i].setAttribute('aria-sort',d>0?'ascending':'descending')}"
    "function "
    "click(i){sort(i,h[i].getAttribute('aria-sort')=='descending'||(i==0&&!h[i].getAttribute('aria-sort'))?1:-1)}"
    "for(var "
    "k=0;k<h.length;k++)(function(i){h[i].tabIndex=0;h[i].onclick=function(){click(i)};h[i].onkeydown=function(e){"
    "if(e.key=='Enter')click(i)}})(k);"
    "var f=document.getElementById('find');f.hidden=false;f.firstElementChild.oninput=function(){var q=this.value."
    "toLowerCase();[].forEach.call(b.rows,function(r){r.hidden=r.cells[0].textContent.toLowerCase().indexOf(q)<0})};"
    "var m=/^#sort=(\\d+)$/.exec(location.hash);if(m&&h[m[1]])click(+m[1])})()</script>\n";

static void put_table(hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    bool taking_part = tells_taking_part(o);
    if (o->group_count) qsort(o->groups, (size_t)o->group_count, sizeof *o->groups, by_need);
    hra_html(out,
             "<h2>%s</h2>\n<p class=lead>%s</p>\n<p id=find hidden><input type=search aria-label=\"%s\" "
             "placeholder=\"%s\"></p>\n",
             hra_text(w, "overview.table"), hra_text(w, "overview.table.says"), hra_text(w, "overview.find"),
             hra_text(w, "overview.find"));
    put_heads(o, taking_part, out);
    for (int i = 0; i < o->group_count; i++) put_group(o, &o->groups[i], taking_part, out);
    hra_buffer_text(out, "</tbody></table>\n");
}

/* Groups of the roster of whom nobody has been assessed, hospitals of which no file has come: none of them is in a
 * table of this page. */
static void put_absent(const hra_overview *o, const char *what, const char *text, hra_buffer *out)
{
    enum { NAMED = 60 }; /* the others are counted */
    const char *name;
    int count = 0;
    for (;; count++) {
        char path[TEXT];
        snprintf(path, sizeof path, "%s.%d", what, count);
        if (!(name = hra_overview_fact_of(o, path))) break;
        if (count == 0) hra_html(out, "<div class=note><p>%s</p><p>", hra_text(o->request->words, text));
        if (count < NAMED) hra_html(out, "%s%s", count ? " · " : "", name);
    }
    if (count > NAMED) hra_html(out, " · … (+%d)", count - NAMED);
    if (count > 0) hra_buffer_text(out, "</p></div>\n");
}

/* ---- providers and held files --------------------------------------------------------------- */

static void put_sources(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    static const char *const columns[] = {"overview.column.provider",  "#overview.column.rows",
                                          "#overview.rejected",        "#overview.column.duplicates",
                                          "#overview.column.warnings", "#overview.column.holds"};
    hra_overview_put_section(hra_text(w, "overview.quality"), out);
    if (o->source_count == 0) {
        hra_html(out, "<p>%s</p></section>\n", hra_text(w, "overview.quality.none"));
        return;
    }
    hra_overview_put_head(o, columns, 6, out);
    for (int i = 0; i < o->source_count; i++) {
        const hra_overview_source *s = &o->sources[i];
        char rows[TEXT], rejected[TEXT], duplicates[TEXT];
        hra_buffer_text(out, "<tr><td>");
        hra_overview_put_link(o, "quality/", s->name, ".html", s->name, out);
        hra_html(out, "<td class=n>%s<td class=n>%s<td class=n>%s<td class=n>%d<td class=n>%d\n",
                 hra_overview_count(s->rows, rows), hra_overview_count(s->rejected, rejected),
                 hra_overview_count(s->duplicates, duplicates), s->warnings, s->holds);
    }
    hra_buffer_text(out, "</tbody></table></section>\n");
}

static void put_held(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    if (o->held_count == 0) return;
    hra_overview_put_section(hra_text(w, "overview.held"), out);
    hra_html(out, "<p class=lead>%s</p>\n<dl class=gaps>", hra_text(w, "overview.held.lead"));
    for (int i = 0; i < o->held_count; i++)
        hra_html(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", o->held[i].file, o->held[i].reason);
    hra_buffer_text(out, "</dl></section>\n");
}

void hra_overview_put_groups(hra_overview *overview, hra_buffer *out)
{
    put_figures(overview, out);
    put_table(overview, out);
    put_absent(overview, "absent_groups", "overview.absent_groups", out);
    put_absent(overview, "absent_sources", "overview.absent_sources", out);
    hra_buffer_text(out, "</section>\n");
    put_held(overview, out);
    put_sources(overview, out);
    hra_buffer_text(out, script);
}
