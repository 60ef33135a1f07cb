/* Who took part. */
#include <math.h>
#include <string.h>

#include "report/group/group_report_parts.h"

/* The share of those invited; the figures are also of people who came without being invited. */
static void put_represented(const hra_group_paper *p, const hra_figure *assessed)
{
    const hra_figure *people = hra_figure_total(p->book, "people", "", "");
    bool more = people && !people->hidden && people->people > assessed->count;
    char share[HRA_GROUP_TEXT], count[HRA_GROUP_TEXT];
    hra_group_say(p, hra_text(p->words, more ? "group.people.represents_more" : "group.people.represents"),
                  hra_group_percent(assessed->share.value, share), more ? hra_group_whole(people->people, count) : "",
                  NULL);
}

/* Whether those who took part stand for everybody. */
static void put_meaning(const hra_group_paper *p)
{
    const hra_figure *invited = hra_figure_total(p->book, "participation", "invited", NULL);
    const hra_figure *assessed = hra_figure_total(p->book, "participation", "assessed", NULL);
    if (assessed && !assessed->hidden && !isnan(assessed->share.value))
        put_represented(p, assessed);
    else if (!invited)
        hra_html_text(p->out, hra_text(p->words, "group.people.unknown"));
    else if (assessed && !invited->hidden && !assessed->hidden && assessed->count > invited->count)
        hra_html_text(p->out, hra_text(p->words, "group.people.more"));
}

static void put_stages(const hra_group_paper *p)
{
    static const char *const keys[] = {"participation.invited", "participation.examined", "participation.answered",
                                       "participation.assessed"};
    char count[HRA_GROUP_TEXT], share[HRA_GROUP_TEXT];
    int shown = 0;
    for (int i = 0; i < 4; i++) {
        const hra_figure *f = hra_figure_total(p->book, "participation", strchr(keys[i], '.') + 1, NULL);
        if (!f) continue;
        if (!shown++) hra_buffer_text(p->out, "<div class=tiles>");
        hra_html(p->out, "<div class=tile><h3>%s</h3><p class=big>%s</p><p>", hra_text(p->words, keys[i]),
                 f->hidden ? "*" : hra_group_whole(f->count, count));
        if (i > 0 && !f->hidden && !isnan(f->share.value))
            hra_group_say(p, hra_text(p->words, "group.people.of_invited"), hra_group_percent(f->share.value, share),
                          NULL);
        hra_buffer_text(p->out, "</p></div>");
    }
    hra_buffer_text(p->out, shown ? "</div>\n<p>" : "<p>");
    put_meaning(p);
    hra_buffer_text(p->out, "</p>\n");
}

/* A row of the table of sexes and ages. */
static void put_sex(const hra_group_paper *p, const char *sex, const char *label, double total)
{
    char text[HRA_GROUP_TEXT], part[HRA_GROUP_TEXT], age[HRA_GROUP_TEXT];
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "people") != 0 || strcmp(f->sex, sex) != 0 || strcmp(f->age, "all") == 0) continue;
        hra_html(p->out, "<tr><th scope=row>%s · %s</th><td class=n>%s</td><td class=n>%s</td><td class=bar>", label,
                 hra_group_age(p, f->age, age), f->hidden ? "*" : hra_group_whole(f->people, text),
                 f->hidden ? "" : hra_group_percent(f->people / total, part));
        if (!f->hidden) hra_svg_group_bar(p->out, (hra_interval){f->people / total, NAN, NAN}, NAN, 0.5, "gs", text);
        hra_buffer_text(p->out, "</td></tr>\n");
    }
}

static void put_departments(const hra_group_paper *p, double total)
{
    char text[HRA_GROUP_TEXT], part[HRA_GROUP_TEXT];
    int shown = 0;
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "people") != 0 || strcmp(f->department, "all") == 0) continue;
        if (!shown++)
            hra_html(p->out,
                     "<div><h3>%s</h3><table class=gtable><thead><tr><th scope=col>%s</th><th scope=col "
                     "class=n>%s</th><th scope=col class=n>%s</th><td></td></tr></thead><tbody>\n",
                     hra_text(p->words, "group.people.departments"), hra_text(p->words, "column.department"),
                     hra_text(p->words, "group.column.people"), hra_text(p->words, "group.column.share"));
        hra_html(p->out, "<tr><th scope=row>%s</th><td class=n>%s</td><td class=n>%s</td><td class=bar>",
                 hra_group_department(p, f->department), f->hidden ? "*" : hra_group_whole(f->people, text),
                 f->hidden ? "" : hra_group_percent(f->people / total, part));
        if (!f->hidden) hra_svg_group_bar(p->out, (hra_interval){f->people / total, NAN, NAN}, NAN, 0.5, "gs", text);
        hra_buffer_text(p->out, "</td></tr>\n");
    }
    if (shown) hra_buffer_text(p->out, "</tbody></table></div>\n");
}

static void put_sexes(const hra_group_paper *p, double total)
{
    hra_html(p->out,
             "<div><h3>%s</h3><table class=gtable><thead><tr><th scope=col>%s</th><th scope=col class=n>%s</th><th "
             "scope=col class=n>%s</th><td></td></tr></thead><tbody>\n",
             hra_text(p->words, "group.people.sexes"), hra_text(p->words, "group.column.sex_age"),
             hra_text(p->words, "group.column.people"), hra_text(p->words, "group.column.share"));
    put_sex(p, "female", hra_text(p->words, "sex.female"), total);
    put_sex(p, "male", hra_text(p->words, "sex.male"), total);
    if (!p->client) put_sex(p, "unknown", hra_text(p->words, "sex.unknown"), total);
    hra_buffer_text(p->out, "</tbody></table></div>\n");
}

void hra_group_put_people(hra_group_paper *p)
{
    const hra_figure *all = hra_figure_total(p->book, "people", "", "");
    double total = all ? all->people : (double)NAN;
    bool sexes = hra_figure_find(p->book, "people", "", "", "female", NULL, "all") ||
                 hra_figure_find(p->book, "people", "", "", "male", NULL, "all");
    hra_html(p->out, "<section class=\"sheet follows\"><h2>%s</h2>\n", hra_text(p->words, "group.people"));
    put_stages(p);
    hra_buffer_text(p->out, "<div class=gtwo>");
    if (sexes) put_sexes(p, total);
    put_departments(p, total);
    hra_buffer_text(p->out, "</div>\n");
    if (!sexes) hra_html(p->out, "<p class=small>%s</p>\n", hra_text(p->words, "group.people.few"));
    hra_buffer_text(p->out, "</section>\n");
}
