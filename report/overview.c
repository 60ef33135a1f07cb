#include "report/overview.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/safe_name.h"
#include "report/client_folders.h"
#include "report/html.h"
#include "report/overview_internal.h"

enum { TEXT = 64 };

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

/* A path as an address: what is neither letter, digit nor one of a few marks is escaped. */
static void put_address(hra_buffer *out, const char *path)
{
    for (const unsigned char *c = (const unsigned char *)path; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     strchr("-._~/", *c) != NULL;
        if (plain)
            hra_buffer_char(out, (char)*c);
        else
            hra_buffer_printf(out, "%%%02X", *c);
    }
}

static void put_link(const hra_overview *o, const char *folder, const char *name, const char *rest, const char *text,
                     hra_buffer *out)
{
    hra_buffer_text(out, "<a href=\"");
    put_address(out, o->request->prefix);
    put_address(out, folder);
    put_address(out, name);
    put_address(out, rest);
    hra_html(out, "\">%s</a>", text);
}

/* ---- the head and the run ------------------------------------------------------------------ */

static void put_style(const char *name, hra_buffer *out)
{
    const hra_embedded *style = hra_embedded_file(name);
    if (style) hra_html_style((const char *)style->bytes, style->length, out);
}

static void put_head(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    hra_html(out,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=referrer "
             "content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src "
             "'unsafe-inline';script-src 'unsafe-inline'\"><style>",
             strcmp(hra_words_language(w), "zh") == 0 ? "zh-CN" : hra_words_language(w));
    put_style("datasets/report/style.css", out);
    put_style("datasets/report/group.css", out);
    put_style("datasets/report/overview.css", out);
    hra_html(out,
             "</style><title>%s</title></head><body><main>\n<section class=sheet><header><div class=title><h1>%s</h1>",
             hra_text(w, "overview.title"), hra_text(w, "overview.title"));
    hra_html(out, "</div><dl><div><dt>%s</dt><dd>%s</dd></div><div><dt>hra</dt><dd>%s</dd></div></dl></header>\n",
             hra_text(w, "report.as_of"), o->request->day, o->request->engine_version);
    hra_html(out, "<p class=\"edition house\">%s</p>\n", hra_text(w, "group.edition.house.says"));
}

static void put_tile(const char *title, double value, const char *says, hra_buffer *out)
{
    char text[TEXT];
    hra_html(out, "<div class=tile><h3>%s</h3><p class=big>%s</p><p class=small>%s</p></div>", title,
             whole(value, text), says);
}

static void put_run(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    int editions = 0;
    for (int i = 0; i < o->group_count; i++) editions += o->groups[i].edition;
    hra_buffer_text(out, "<div class=tiles>");
    put_tile(hra_text(w, "overview.people"), (double)o->request->people, hra_text(w, "overview.people.says"), out);
    put_tile(hra_text(w, "overview.groups"), o->group_count, hra_text(w, "overview.groups.says"), out);
    put_tile(hra_text(w, "overview.editions"), editions, hra_text(w, "overview.editions.says"), out);
    put_tile(hra_text(w, "overview.urgent"), (double)o->urgent_people, hra_text(w, "overview.urgent.says"), out);
    put_tile(hra_text(w, "overview.rejected"), o->rejected, hra_text(w, "overview.rejected.says"), out);
    put_tile(hra_text(w, "overview.held"), o->held_count, hra_text(w, "overview.held.says"), out);
    hra_buffer_text(out, "</div>\n<p>");
    put_link(o, "run.json", "", "", hra_text(w, "overview.link.run"), out);
    hra_buffer_text(out, " · ");
    put_link(o, "import.txt", "", "", hra_text(w, "overview.link.import"), out);
    hra_buffer_text(out, " · ");
    put_link(o, "urgent.csv", "", "", hra_text(w, "overview.link.urgent"), out);
    hra_buffer_text(out, " · ");
    put_link(o, "rejects.csv", "", "", hra_text(w, "overview.link.rejects"), out);
    hra_buffer_text(out, "</p>\n");
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

static bool has_invited(const hra_overview *o)
{
    for (int i = 0; i < o->group_count; i++)
        if (!isnan(o->groups[i].invited)) return true;
    return false;
}

static void put_heads(const hra_overview *o, bool invited, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const hra_declaration *panel = hra_library_find(o->request->library, o->request->panel);
    char key[TEXT];
    hra_html(out, "<table id=groups class=gtable><thead><tr><th scope=col>%s<th scope=col class=n>%s",
             hra_text(w, "report.group"), hra_text(w, "group.column.people"));
    if (invited) hra_html(out, "<th scope=col class=n>%s", hra_text(w, "overview.column.taking_part"));
    hra_html(out, "<th scope=col class=n aria-sort=descending>%s<th scope=col>%s<th scope=col class=n>%s",
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

static void put_group(const hra_overview *o, const hra_overview_group *g, bool invited, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const hra_declaration *d = g->problem ? hra_library_find(o->request->library, g->problem) : NULL;
    const char *title = d ? hra_declaration_text(d, "title", hra_words_language(w)) : NULL;
    const char *name = *g->name ? g->name : hra_text(w, "overview.no_group");
    char text[TEXT], safe[HRA_SAFE_NAME];
    hra_safe_name(g->name, safe);
    hra_buffer_text(out, "<tr><td>");
    if (g->page)
        put_link(o, "groups/", safe, ".html", name, out);
    else
        hra_html_text(out, name);
    hra_html(out, "<td>%s", whole(g->people, text));
    if (invited) hra_html(out, "<td>%s", percent(g->people / g->invited, text));
    hra_html(out, "<td>%s", whole((double)g->urgent, text));
    if (title)
        hra_html(out, "<td class=t>%s<td>+%s", title, percent(g->excess, text));
    else
        hra_buffer_text(out, "<td class=t>–<td>–");
    for (int r = 0; r < o->role_count; r++) hra_html(out, "<td>%s", percent(g->high[r], text));
    hra_html(out, "<td>%d<td>", g->measures);
    if (g->client_page)
        put_link(o, "client/", safe, "/report.html", hra_text(w, "overview.edition.page"), out);
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

static void put_groups(hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    bool invited = has_invited(o);
    if (o->group_count) qsort(o->groups, (size_t)o->group_count, sizeof *o->groups, by_need);
    hra_html(out,
             "<h2>%s</h2>\n<p class=lead>%s</p>\n<p id=find hidden><input type=search aria-label=\"%s\" "
             "placeholder=\"%s\"></p>\n",
             hra_text(w, "overview.table"), hra_text(w, "overview.table.says"), hra_text(w, "overview.find"),
             hra_text(w, "overview.find"));
    put_heads(o, invited, out);
    for (int i = 0; i < o->group_count; i++) put_group(o, &o->groups[i], invited, out);
    hra_buffer_text(out, "</tbody></table>\n");
}

/* ---- providers and held files --------------------------------------------------------------- */

static void put_sources(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    hra_html(out, "<section class=sheet><h2>%s</h2>\n", hra_text(w, "overview.quality"));
    if (o->source_count == 0) {
        hra_html(out, "<p>%s</p></section>\n", hra_text(w, "overview.quality.none"));
        return;
    }
    hra_html(out,
             "<table class=gtable><thead><tr><th scope=col>%s<th scope=col class=n>%s<th scope=col class=n>%s<th "
             "scope=col class=n>%s<th scope=col class=n>%s<th scope=col class=n>%s</thead><tbody>\n",
             hra_text(w, "overview.column.provider"), hra_text(w, "overview.column.rows"),
             hra_text(w, "overview.rejected"), hra_text(w, "overview.column.duplicates"),
             hra_text(w, "overview.column.warnings"), hra_text(w, "overview.column.holds"));
    for (int i = 0; i < o->source_count; i++) {
        const hra_overview_source *s = &o->sources[i];
        char rows[TEXT], rejected[TEXT], duplicates[TEXT];
        hra_buffer_text(out, "<tr><td>");
        put_link(o, "quality/", s->name, ".html", s->name, out);
        hra_html(out, "<td class=n>%s<td class=n>%s<td class=n>%s<td class=n>%d<td class=n>%d\n", whole(s->rows, rows),
                 whole(s->rejected, rejected), whole(s->duplicates, duplicates), s->warnings, s->holds);
    }
    hra_buffer_text(out, "</tbody></table></section>\n");
}

static void put_held(const hra_overview *o, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    if (o->held_count == 0) return;
    hra_html(out, "<section class=sheet><h2>%s</h2>\n<p class=lead>%s</p>\n<dl class=gaps>",
             hra_text(w, "overview.held"), hra_text(w, "overview.held.lead"));
    for (int i = 0; i < o->held_count; i++)
        hra_html(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", o->held[i].file, o->held[i].reason);
    hra_buffer_text(out, "</dl></section>\n");
}

hra_code hra_overview_write(const hra_overview_request *request, hra_buffer *out, hra_overview_facts *facts,
                            hra_error *error)
{
    hra_overview o = {.request = request, .arena = hra_arena_new(), .places = hra_map_new()};
    hra_code code = o.arena && o.places ? hra_overview_read(&o, error) : hra_fail(error, HRA_ENOMEM, "out of memory");
    if (code == HRA_OK) {
        put_head(&o, out);
        put_run(&o, out);
        put_groups(&o, out);
        hra_buffer_text(out, "</section>\n");
        put_held(&o, out);
        put_sources(&o, out);
        hra_buffer_text(out, "</main>\n");
        hra_buffer_text(out, script);
        hra_buffer_text(out, "</body></html>\n");
        *facts = (hra_overview_facts){o.group_count, o.source_count, o.held_count, o.urgent};
        if (out->failed) code = hra_fail(error, HRA_ENOMEM, "out of memory for the overview");
    }
    free(o.groups);
    free(o.sources);
    free(o.held);
    hra_map_free(o.places);
    hra_arena_free(o.arena);
    return code;
}
