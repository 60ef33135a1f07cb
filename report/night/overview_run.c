/* run.html: the account of the run, run.json as a person reads it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/night/overview_internal.h"
#include "report/night/run_report.h"
#include "report/tools/html.h"

enum { TEXT = HRA_OVERVIEW_TEXT };

static const char *fact(const hra_overview *o, const char *path)
{
    const char *text = hra_overview_fact_of(o, path);
    return text ? text : "–";
}

/* The member NAME of the item of a list, e.g. inputs.3.file. */
static const char *member(const hra_overview *o, const char *list, int place, const char *name)
{
    char path[TEXT];
    snprintf(path, sizeof path, "%s.%d%s%s", list, place, *name ? "." : "", name);
    return hra_overview_fact_of(o, path);
}

static const char *count_of(const char *text, char out[TEXT])
{
    return hra_overview_count(text ? strtod(text, NULL) : (double)NAN, out);
}

static void put_pair(const char *label, const char *value, hra_buffer *out)
{
    hra_html(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", label, value);
}

/* "2026-11-22T04:01:42Z" as people write it. */
static void put_time(const char *label, const char *stamp, hra_buffer *out)
{
    char text[TEXT];
    size_t length = strlen(stamp);
    bool known = length == 20 && stamp[10] == 'T' && stamp[19] == 'Z';
    if (known) snprintf(text, sizeof text, "%.10s %.8s UTC", stamp, stamp + 11);
    put_pair(label, known ? text : stamp, out);
}

/* Nobody shall think that a row was lost: what came in is scored or rejected. Where sources are joined, rows are not
 * yet people: these are known, and assessed or not. */
static void put_rows(const hra_overview *o, hra_buffer *out)
{
    static const char *const rows[] = {"rows.in", "rows.scored", "rows.rejected"};
    static const char *const people[] = {"account.people.known", "rows.scored", "rows.rejected"};
    static const char *const row_keys[] = {"overview.rows.in", "overview.rows.scored", "overview.rejected"};
    static const char *const people_keys[] = {"overview.people.known", "overview.rows.scored", "overview.rejected"};
    bool joined = hra_overview_fact_of(o, people[0]) != NULL;
    const char *const *paths = joined ? people : rows, *const *keys = joined ? people_keys : row_keys;
    const hra_words *w = o->request->words;
    char text[TEXT];
    hra_html(out, "<h2>%s</h2>\n<div class=tiles>", hra_text(w, "overview.account"));
    for (int i = 0; i < 3; i++)
        hra_html(out, "<div class=tile><h3>%s</h3><p class=big>%s</p></div>", hra_text(w, keys[i]),
                 count_of(hra_overview_fact_of(o, paths[i]), text));
    hra_buffer_text(out, "</div>\n<dl class=gaps>");
    const char *finished = fact(o, "finished");
    put_pair(hra_text(w, "overview.finished"), hra_text_of(w, "overview.finished", finished, finished), out);
    put_time(hra_text(w, "overview.written"), fact(o, "written_at"), out);
    put_pair(hra_text(w, "overview.panel"), fact(o, "panel"), out);
    const char *range = fact(o, "outside_range");
    put_pair(hra_text(w, "overview.range"), hra_text_of(w, "overview.range", range, range), out);
    put_pair(hra_text(w, "overview.definitions"), fact(o, "definitions_hash"), out);
    hra_buffer_text(out, "</dl></section>\n");
}

static void put_source(const hra_overview *o, int place, const char *source, hra_buffer *out)
{
    static const char *const counts[] = {"files", "rows", "rejected", "imported"};
    char text[TEXT];
    hra_html(out, "<tr><th scope=row>%s", hra_text_of(o->request->words, "overview.source", source, source));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        hra_html(out, "<td class=n>%s", count_of(member(o, "account.sources", place, counts[i]), text));
    hra_buffer_text(out, "\n");
}

static void put_count(const hra_overview *o, const char *path, const char *key, hra_buffer *out)
{
    char text[TEXT];
    const char *count = hra_overview_fact_of(o, path);
    if (count) put_pair(hra_text(o->request->words, key), count_of(count, text), out);
}

/* From the files to the people: sums that close. */
static void put_sums(const hra_overview *o, hra_buffer *out)
{
    static const char *const columns[] = {"overview.column.provider", "#overview.column.files", "#overview.column.rows",
                                          "#overview.column.rejected", "#overview.column.imported"};
    const hra_words *w = o->request->words;
    const char *source;
    if (!hra_overview_fact_of(o, "account.files.given")) return;
    hra_overview_put_section(hra_text(w, "overview.sums"), out);
    hra_html(out, "<p>%s</p>\n", hra_text(w, "overview.sums.lead"));
    hra_overview_put_head(o, columns, 5, out);
    for (int i = 0; (source = member(o, "account.sources", i, "source")) != NULL; i++) put_source(o, i, source, out);
    hra_buffer_text(out, "</tbody></table>\n<dl class=gaps>");
    put_count(o, "account.files.given", "overview.files.given", out);
    put_count(o, "account.files.held", "overview.files.held", out);
    put_count(o, "account.people.known", "overview.people.known", out);
    put_count(o, "account.people.assessed", "overview.people.scored", out);
    put_count(o, "account.people.without_visit", "overview.people.without_visit", out);
    put_count(o, "without_consent.declined", "overview.people.declined", out);
    put_count(o, "without_consent.not_asked", "overview.people.not_asked", out);
    put_count(o, "account.people.left_out", "overview.people.left_out", out);
    put_count(o, "account.disagreeing.rows", "overview.disagreeing.rows", out);
    hra_buffer_text(out, "</dl></section>\n");
}

static void put_inputs(const hra_overview *o, hra_buffer *out)
{
    static const char *const columns[] = {"column.file", "#overview.column.bytes", "overview.column.hash"};
    const char *file;
    char text[TEXT];
    hra_overview_put_section(hra_text(o->request->words, "overview.inputs"), out);
    hra_overview_put_head(o, columns, 3, out);
    for (int i = 0; (file = member(o, "inputs", i, "file")) != NULL; i++) {
        const char *hash = member(o, "inputs", i, "blake3");
        if (!hash) hash = member(o, "inputs", i, "content_hash");
        if (!hash) hash = member(o, "inputs", i, "blake2b_256"); /* of earlier versions */
        if (member(o, "inputs", i, "held")) hash = hra_text(o->request->words, "overview.held.says");
        hra_html(out, "<tr><th scope=row>%s<td class=n>%s<td class=hash>%s\n", file,
                 count_of(member(o, "inputs", i, "bytes"), text), hash ? hash : "–");
    }
    hra_buffer_text(out, "</tbody></table></section>\n");
}

/* Where an output stands in the run's folder: its name, or that with its folder's; NULL: elsewhere. */
static const char *place_of(const hra_overview *o, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (hra_overview_has(o, name)) return name;
    while (slash && slash > path && slash[-1] != '/') slash--;
    return slash && hra_overview_has(o, slash) ? slash : NULL;
}

static void put_output(const hra_overview *o, const char *path, hra_buffer *out)
{
    const char *place = place_of(o, path), *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    hra_buffer_text(out, "<tr><th scope=row>");
    if (place)
        hra_overview_put_link(o, "", place, "", name, out);
    else
        hra_html_text(out, name);
    hra_html(out, "<td>%s\n", hra_text_of(o->request->words, "file", name, ""));
}

static void put_leftovers(const hra_overview *o, hra_buffer *out)
{
    const char *path = member(o, "leftovers", 0, "");
    if (!path) return;
    hra_html(out, "<div class=note><p>%s</p><ul>\n", hra_text(o->request->words, "overview.leftovers"));
    for (int i = 0; (path = member(o, "leftovers", i, "")) != NULL; i++) {
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        hra_html(out, "<li>%s: %s\n", name, hra_text_of(o->request->words, "file", name, ""));
    }
    hra_buffer_text(out, "</ul></div>\n");
}

static void put_alike_groups(const hra_overview *o, hra_buffer *out)
{
    const char *name = member(o, "alike_groups", 0, "");
    if (!name) return;
    hra_html(out, "<div class=note><p>%s</p><ul>\n", hra_text(o->request->words, "overview.alike_groups"));
    for (int i = 0; (name = member(o, "alike_groups", i, "")) != NULL; i++) hra_html(out, "<li>%s\n", name);
    hra_buffer_text(out, "</ul></div>\n");
}

static void put_outputs(const hra_overview *o, hra_buffer *out)
{
    static const char *const columns[] = {"overview.column.output", "overview.column.content"};
    const char *path;
    hra_overview_put_section(hra_text(o->request->words, "overview.outputs"), out);
    hra_overview_put_head(o, columns, 2, out);
    for (int i = 0; (path = member(o, "outputs", i, "")) != NULL; i++) put_output(o, path, out);
    put_output(o, "run.json", out);
    hra_buffer_text(out, "</tbody></table>\n");
    put_leftovers(o, out);
    put_alike_groups(o, out);
    hra_buffer_text(out, "</section>\n");
}

static void put_models(const hra_overview *o, hra_buffer *out)
{
    static const char *const columns[] = {"overview.column.model", "overview.column.title"};
    const char *id;
    hra_overview_put_section(hra_text(o->request->words, "overview.models"), out);
    hra_overview_put_head(o, columns, 2, out);
    for (int i = 0; (id = member(o, "models", i, "")) != NULL; i++) {
        const hra_declaration *d = hra_library_find(o->request->library, id);
        const char *title = d ? hra_declaration_text(d, "title", hra_words_language(o->request->words)) : NULL;
        hra_html(out, "<tr><th scope=row>%s<td>%s\n", id, title ? title : "–");
    }
    hra_buffer_text(out, "</tbody></table>\n");
    for (int i = 0; (id = member(o, "cautions", i, "model")) != NULL; i++) {
        const char *caution = member(o, "cautions", i, "caution");
        hra_html(out, "<p class=note><b>%s</b> %s</p>\n", id, caution ? caution : "");
    }
    hra_buffer_text(out, "</section>\n");
}

static void put_times(const hra_overview *o, hra_buffer *out)
{
    static const char *const columns[] = {"overview.column.stage", "#overview.column.seconds"};
    const hra_words *w = o->request->words;
    char text[TEXT];
    hra_overview_put_section(hra_text(w, "overview.times"), out);
    hra_overview_put_head(o, columns, 2, out);
    for (int i = 0; i < o->account_count; i++) {
        const hra_overview_fact *f = &o->account[i];
        if (strncmp(f->path, "seconds.", 8) != 0) continue;
        snprintf(text, sizeof text, "%.1f", strtod(f->text, NULL));
        hra_html(out, "<tr><th scope=row>%s<td class=n>%s\n", hra_run_stage_title(o->request->words, f->path + 8),
                 text);
    }
    hra_buffer_text(out, "</tbody></table>\n<dl class=gaps>");
    put_pair(hra_text(w, "overview.rate"), count_of(hra_overview_fact_of(o, "rows_per_second"), text), out);
    const char *memory = hra_overview_fact_of(o, "peak_memory_kib");
    put_pair(hra_text(w, "overview.memory"),
             hra_overview_count(memory ? strtod(memory, NULL) / 1024 : (double)NAN, text), out);
    put_pair(hra_text(w, "overview.threads"), fact(o, "threads"), out);
    put_pair(hra_text(w, "overview.instructions"), fact(o, "instruction_set"), out);
    hra_buffer_text(out, "</dl></section>\n");
}

void hra_overview_put_run(const hra_overview *overview, hra_buffer *out)
{
    if (overview->account_count == 0) {
        hra_html(out, "<p>%s</p></section>\n", hra_text(overview->request->words, "overview.account.none"));
        return;
    }
    put_rows(overview, out);
    put_sums(overview, out);
    put_inputs(overview, out);
    put_outputs(overview, out);
    put_times(overview, out);
    put_models(overview, out);
}
