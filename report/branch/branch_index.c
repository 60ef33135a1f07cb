#include "report/branch/branch_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/language/library.h"
#include "report/results/xlsx_list.h"
#include "report/tools/html.h"

typedef struct page {
    const hra_branch_index_request *request;
    const hra_words *words;
    hra_buffer out;
    FILE *file;
    int branch; /* -1: no page is open */
    bool urgent, rest;
} page;

/* Finds people by what their rows say; full-width and capital letters are as good as plain ones. */
static const char script[] =
    "<script>(function(){var q=document.getElementById('q'),n=document.getElementById('n'),"
    "r=[].slice.call(document.querySelectorAll('tbody tr[id]')),t=null;"
    "function f(s){return(s.normalize?s.normalize('NFKC'):s).toLowerCase()}"
    "document.getElementById('s').hidden=false;"
    "q.addEventListener('input',function(){if(!t)t=r.map(function(e){return f(e.textContent)});"
    "var w=f(q.value).split(/\\s+/).filter(Boolean),c=0;"
    "r.forEach(function(e,i){var s=w.every(function(x){return t[i].indexOf(x)>=0});e.hidden=!s;if(s)c++});"
    "n.textContent=c})})()</script>\n";

/* ---- pieces ---- */

static void say(page *p, const char *key, int64_t number)
{
    char text[32];
    hra_buffer filled = {0};
    snprintf(text, sizeof text, "%lld", (long long)number);
    hra_text_fill(hra_text(p->words, key), (const char *const[]){text}, 1, &filled);
    hra_html_text(&p->out, filled.bytes ? filled.bytes : "");
    p->out.failed |= filled.failed;
    hra_buffer_destroy(&filled);
}

static hra_code cannot_write(const page *p, hra_error *error)
{
    const char *folder = hra_branch_book_at(p->request->book, p->branch)->folder;
    return hra_fail(error, HRA_EIO, "cannot write index.html of the branch %s: %m", folder);
}

static hra_code flush(page *p, hra_error *error)
{
    if (p->out.failed) return hra_out_of_memory(error);
    if (p->out.length && fwrite(p->out.bytes, 1, p->out.length, p->file) != p->out.length)
        return cannot_write(p, error);
    hra_buffer_clear(&p->out);
    return HRA_OK;
}

static void put_head(page *p, const char *title)
{
    bool zh = strcmp(hra_words_language(p->words), "zh") == 0;
    hra_html(&p->out,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=referrer "
             "content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src "
             "'unsafe-inline';script-src 'unsafe-inline'\"><title>%s</title><style>",
             zh ? "zh-CN" : "en", title);
    hra_html_style("datasets/report/branch.css", &p->out);
    hra_buffer_text(&p->out, "</style></head><body><main>\n");
}

static void put_lists(page *p, const hra_branch *b)
{
    char name[64];
    bool any = false;
    for (int i = 0; i < HRA_BRANCH_LISTS; i++) {
        if (b->rows[i] == 0) continue;
        if (!any)
            hra_html(&p->out, "<section class=l><h2>%s</h2><ul class=lists>\n", hra_text(p->words, "branch.lists"));
        any = true;
        hra_xlsx_list_name(hra_branch_lists[i], name);
        hra_html(&p->out, "<li><a href=\"lists/%s.xlsx\">%s</a> <i>", name, hra_text_of(p->words, "sheet", name, name));
        say(p, "branch.rows", b->rows[i]);
        hra_buffer_text(&p->out, "</i>\n");
    }
    if (any) hra_buffer_text(&p->out, "</ul></section>\n");
}

/* Slashes and letters of any script stay; what means something in an address does not. */
static void put_address(page *p, const char *path)
{
    static const char plain[] = "-._~/";
    for (const unsigned char *c = (const unsigned char *)path; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (letter || *c >= 0x80 || strchr(plain, *c))
            hra_buffer_char(&p->out, (char)*c);
        else
            hra_buffer_printf(&p->out, "%%%02X", *c);
    }
}

/* By the names of group and department; those of its folders may be altered. */
static void put_print(page *p, const hra_branch_print *print)
{
    hra_buffer_text(&p->out, "<li><a href=\"");
    put_address(p, print->path);
    hra_html(&p->out, "\">%s%s%s</a> <i>", *print->group ? print->group : hra_text(p->words, "overview.no_group"),
             *print->department ? " / " : "", print->department);
    say(p, "branch.people", print->people);
    hra_buffer_text(&p->out, "</i>\n");
}

static void put_prints(page *p)
{
    int at = 0;
    hra_branch_print print;
    bool any = false;
    if (!p->request->prints) return;
    while (hra_branch_prints_next(p->request->prints, p->branch, &at, &print)) {
        if (!any)
            hra_html(&p->out, "<section class=l><h2>%s</h2><ul class=lists>\n", hra_text(p->words, "branch.prints"));
        any = true;
        put_print(p, &print);
    }
    if (any) hra_buffer_text(&p->out, "</ul></section>\n");
}

static void put_table_head(page *p)
{
    static const char *const keys[] = {"branch.person",   "column.group", "column.department", "branch.age",
                                       "branch.findings", "branch.tier",  "branch.risks"};
    hra_buffer_text(&p->out, "<table><thead><tr>");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        hra_html(&p->out, "<th scope=col>%s", hra_text(p->words, keys[i]));
    hra_buffer_text(&p->out, "</thead>\n");
}

static void put_top(page *p, const hra_branch *b)
{
    const char *name = *b->name ? b->name : hra_text(p->words, "branch.none");
    put_head(p, name);
    hra_html(&p->out, "<header><p>%s</p><h1>%s</h1><p>", hra_text(p->words, "branch.title"), name);
    say(p, "branch.people", b->people);
    if (*p->request->as_of) hra_html(&p->out, " · %s", p->request->as_of);
    hra_html(&p->out, "</p></header>\n<p class=note>%s</p>\n", hra_text(p->words, "branch.note"));
    put_lists(p, b);
    put_prints(p);
    if (b->people == 0) return;
    hra_html(&p->out,
             "<section><h2>%s</h2>\n<p id=s hidden><label>%s <input id=q type=search autocomplete=off "
             "spellcheck=false></label> <output id=n for=q></output></p>\n",
             hra_text(p->words, "branch.list"), hra_text(p->words, "branch.search"));
    put_table_head(p);
}

/* ---- pages ---- */

static hra_code close_page(page *p, hra_error *error)
{
    if (p->branch < 0) return HRA_OK;
    if (p->urgent || p->rest) hra_buffer_text(&p->out, "</table></section>\n");
    hra_html(&p->out, "<footer>%s</footer></main>\n", hra_text(p->words, "branch.limits"));
    if (p->urgent || p->rest) hra_buffer_text(&p->out, script);
    hra_buffer_text(&p->out, "</body></html>\n");
    hra_code code = flush(p, error);
    if (fclose(p->file) != 0 && !code) code = cannot_write(p, error);
    p->file = NULL;
    p->branch = -1;
    return code;
}

static hra_code open_page(page *p, int branch, hra_error *error)
{
    char path[4096];
    HRA_TRY(hra_branch_path(p->request->book, branch, NULL, "index.html", path, sizeof path, error));
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    p->file = file < 0 ? NULL : fdopen(file, "w");
    if (!p->file) {
        int cause = errno;
        if (file >= 0) close(file);
        return hra_fail(error, HRA_EIO, "cannot write %s: %s", path, strerror(cause));
    }
    p->branch = branch;
    p->urgent = p->rest = false;
    put_top(p, hra_branch_book_at(p->request->book, branch));
    return flush(p, error);
}

/* Urgent cases stand in a part of their own before everybody else. */
static void begin_part(page *p, bool urgent)
{
    const hra_branch *b = hra_branch_book_at(p->request->book, p->branch);
    if (urgent ? p->urgent : p->rest) return;
    hra_html(&p->out, "<tbody class=%s><tr><th colspan=7 scope=rowgroup>", urgent ? "u" : "r");
    say(p, urgent ? "branch.urgent" : "branch.rest", urgent ? b->urgent : b->people - b->urgent);
    hra_buffer_text(&p->out, "\n");
    if (urgent)
        p->urgent = true;
    else
        p->rest = true;
}

static hra_code put_person(page *p, const hra_branch_line *line, hra_error *error)
{
    const char *texts[HRA_PEOPLE_FIELDS] = {"", "", ""};
    if (p->request->names) HRA_TRY(hra_people_names_find(p->request->names, line->key, texts, error));
    const char *shown = *texts[1] ? texts[1] : *texts[0] ? texts[0] : line->key;
    hra_html(&p->out, "<tr id=\"p%s\"><td>", line->key);
    if (p->request->reports)
        hra_html(&p->out, "<a href=\"reports/%s.html\">%s</a>", line->key, shown);
    else
        hra_html(&p->out, "<b>%s</b>", shown);
    if (*texts[1] && *texts[0]) hra_html(&p->out, " %s", texts[0]);
    if (shown != line->key) hra_html(&p->out, "<small>%s</small>", line->key);
    hra_html(&p->out, "<td>%s<td>%s<td>%s %s<td>", line->group, line->department, line->sex, line->age);
    if (*line->urgent) hra_html(&p->out, "<b class=u>▲ %s</b> %s", line->urgent, line->deadline);
    if (*line->urgent && *line->important) hra_buffer_text(&p->out, "<br>");
    hra_html(&p->out, "%s<td>%s<td>%s\n", line->important, line->tier, line->risks);
    return HRA_OK;
}

/* Lists can name a branch of which nobody was scored. */
static hra_code write_empty(page *p, hra_error *error)
{
    for (int i = 0; i < hra_branch_book_count(p->request->book); i++) {
        if (hra_branch_book_at(p->request->book, i)->people > 0) continue;
        HRA_TRY(open_page(p, i, error));
        HRA_TRY(close_page(p, error));
    }
    return HRA_OK;
}

static hra_code write_all(page *p, hra_error *error)
{
    for (;;) {
        hra_branch_line line;
        bool any;
        HRA_TRY(hra_branch_people_next(p->request->people, &line, &any, error));
        if (!any) break;
        if (line.branch != p->branch) {
            HRA_TRY(close_page(p, error));
            HRA_TRY(open_page(p, line.branch, error));
        }
        begin_part(p, *line.urgent != '\0');
        HRA_TRY(put_person(p, &line, error));
        if (p->out.length > 1 << 16) HRA_TRY(flush(p, error));
    }
    HRA_TRY(close_page(p, error));
    return write_empty(p, error);
}

hra_code hra_branch_index_write(const hra_branch_index_request *request, hra_error *error)
{
    page p = {.request = request, .words = request->words, .branch = -1};
    hra_code code = write_all(&p, error);
    if (p.file) fclose(p.file);
    hra_buffer_destroy(&p.out);
    return code;
}
