#include "report/night/overview.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/files/atomic_file.h"
#include "report/group/client_folders.h"
#include "report/night/overview_internal.h"
#include "report/tools/html.h"

enum { GROUPS, RUN, URGENT, PAGES };
static const char *const files[PAGES] = {"index.html", "run.html", "urgent.html"};
static const char *const titles[PAGES] = {"overview.title", "overview.link.run", "overview.link.urgent"};

/* ---- what the pages share -------------------------------------------------------------------- */

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

void hra_overview_put_link(const hra_overview *o, const char *folder, const char *name, const char *rest,
                           const char *text, hra_buffer *out)
{
    hra_buffer_text(out, "<a href=\"");
    put_address(out, o->request->prefix);
    put_address(out, folder);
    put_address(out, name);
    put_address(out, rest);
    hra_html(out, "\">%s</a>", text);
}

const char *hra_overview_count(double value, char out[HRA_OVERVIEW_TEXT])
{
    char digits[HRA_OVERVIEW_TEXT];
    int length = snprintf(digits, sizeof digits, "%.0f", value), at = 0;
    if (isnan(value)) return "–";
    for (int i = 0; i < length && at < HRA_OVERVIEW_TEXT - 2; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-') out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

void hra_overview_put_section(const char *title, hra_buffer *out)
{
    hra_html(out, "<section class=\"sheet follows\"><h2>%s</h2>\n", title);
}

void hra_overview_put_head(const hra_overview *o, const char *const *columns, int count, hra_buffer *out)
{
    hra_buffer_text(out, "<table class=gtable><thead><tr>");
    for (int i = 0; i < count; i++) {
        bool number = columns[i][0] == '#';
        hra_html(out, number ? "<th scope=col class=n>%s" : "<th scope=col>%s",
                 hra_text(o->request->words, columns[i] + number));
    }
    hra_buffer_text(out, "</thead><tbody>\n");
}

/* ---- a page ------------------------------------------------------------------------------------- */

static void put_begin(const hra_overview *o, int page, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    hra_html(out,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=referrer "
             "content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src "
             "'unsafe-inline';script-src 'unsafe-inline'\"><style>",
             strcmp(hra_words_language(w), "zh") == 0 ? "zh-CN" : hra_words_language(w));
    hra_html_style("datasets/report/style.css", out);
    hra_html_style("datasets/report/group.css", out);
    hra_html_style("datasets/report/overview.css", out);
    hra_html(out,
             "</style><title>%s</title></head><body><main>\n<section class=sheet><header><div class=title><h1>%s</h1>",
             hra_text(w, titles[page]), hra_text(w, titles[page]));
    hra_html(out, "</div><dl><div><dt>%s</dt><dd>%s</dd></div><div><dt>hra</dt><dd>%s</dd></div></dl></header>\n",
             hra_text(w, "report.as_of"), *o->request->day ? o->request->day : "–", o->request->engine_version);
    hra_buffer_text(out, "<p class=ways>");
    for (int i = 0; i < PAGES; i++) {
        if (i > 0) hra_buffer_text(out, " · ");
        if (i == page)
            hra_html(out, "<b>%s</b>", hra_text(w, titles[i]));
        else
            hra_html(out, "<a href=\"%s\">%s</a>", files[i], hra_text(w, titles[i]));
    }
    hra_html(out, "</p>\n<p class=\"edition house\">%s</p>\n", hra_text(w, "group.edition.house.says"));
}

static hra_code write_page(hra_overview *o, int page, size_t *bytes, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    hra_buffer out = {0};
    put_begin(o, page, &out);
    if (page == GROUPS) hra_overview_put_groups(o, &out);
    if (page == RUN) hra_overview_put_run(o, &out);
    if (page == URGENT) hra_overview_put_urgent(o, &out);
    hra_buffer_text(&out, "</main></body></html>\n");
    hra_code code = HRA_OK;
    if (out.failed)
        code = hra_fail(error, HRA_ENOMEM, "out of memory for the overview");
    else if (snprintf(path, sizeof path, "%s/%s", o->request->folder, files[page]) >= (int)sizeof path)
        code = hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    else
        code = hra_atomic_write(path, out.bytes, out.length, error);
    *bytes = out.length;
    hra_buffer_destroy(&out);
    return code;
}

hra_code hra_overview_write(const hra_overview_request *request, hra_overview_facts *facts, hra_error *error)
{
    hra_overview o = {.request = request, .arena = hra_arena_new(), .places = hra_map_new(), .facts = hra_map_new()};
    size_t bytes[PAGES] = {0};
    hra_code code = o.arena && o.places && o.facts ? hra_overview_read(&o, error) : hra_out_of_memory(error);
    for (int page = PAGES - 1; page >= 0 && code == HRA_OK; page--) code = write_page(&o, page, &bytes[page], error);
    *facts = (hra_overview_facts){o.group_count, o.source_count, o.held_count, o.urgent, bytes[GROUPS]};
    hra_overview_forget(&o);
    return code;
}

void hra_overview_clear(const char *folder)
{
    char path[HRA_CLIENT_PATH];
    for (int page = 0; page < PAGES; page++)
        if (snprintf(path, sizeof path, "%s/%s", folder, files[page]) < (int)sizeof path) unlink(path);
}
