/* How frequent the first problems are by sex and age: small panels, and the same in numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { PANELS = 6, ROWS = 40 };

static const char *const sexes[] = {"female", "male"};

/* The bands of age of this group, as its table of people has them. */
static int find_ages(const hra_group_paper *p, const char **ages)
{
    int count = 0;
    for (int i = 0; i < hra_figure_book_count(p->book) && count < HRA_PANEL_AGES; i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        bool band = strcmp(f->kind, "people") == 0 && strcmp(f->age, "all") != 0 && strcmp(f->age, "unknown") != 0 &&
                    strcmp(f->sex, "unknown") != 0;
        for (int k = 0; k < count && band; k++) band = strcmp(ages[k], f->age) != 0;
        if (band) ages[count++] = f->age;
    }
    return count;
}

/* Under a panel there is room for "<30", "30-39", "60+". */
static const char *short_age(const char *band, char out[HRA_GROUP_TEXT])
{
    if (strncmp(band, "under ", 6) == 0)
        snprintf(out, HRA_GROUP_TEXT, "<%s", band + 6);
    else
        snprintf(out, HRA_GROUP_TEXT, strstr(band, " and over") ? "%.*s+" : "%.*s", (int)strcspn(band, " "), band);
    return out;
}

static hra_interval told_share(const hra_figure *f)
{
    return f && !f->hidden ? f->share : (hra_interval){NAN, NAN, NAN};
}

static bool fill_panel(const hra_group_paper *p, const hra_group_topic *t, const char *const *ages, int count,
                       hra_age_panel *panel)
{
    double most = 0;
    *panel = (hra_age_panel){.count = count};
    for (int a = 0; a < count; a++)
        for (int s = 0; s < 2; s++) {
            const hra_figure *f = hra_figure_find(p->book, t->total->kind, t->id, NULL, sexes[s], ages[a], "all");
            panel->shares[s][a] = told_share(f);
            if (!isnan(panel->shares[s][a].value)) most = fmax(most, panel->shares[s][a].high);
        }
    panel->full = hra_group_scale(most);
    return most > 0;
}

static void put_panels(hra_group_paper *p, const char *const *ages, int count)
{
    char labels[HRA_PANEL_AGES][HRA_GROUP_TEXT];
    hra_age_panel panel;
    hra_buffer_text(p->out, "<div class=panels>");
    for (int i = 0, shown = 0; i < p->told && shown < PANELS; i++) {
        const hra_group_topic *t = &p->topics[i];
        if (!fill_panel(p, t, ages, count, &panel)) continue;
        for (int a = 0; a < count; a++) panel.ages[a] = short_age(ages[a], labels[a]);
        hra_html(p->out, "<figure><figcaption>%s</figcaption>", t->title);
        hra_svg_group_ages(p->out, &panel, t->title);
        hra_buffer_text(p->out, "</figure>\n");
        shown++;
    }
    hra_html(
        p->out,
        "</div>\n<p class=\"small legend\"><span class=aw><svg class=k aria-hidden=true viewBox=\"0 0 10 10\"><circle "
        "cx=5 "
        "cy=5 r=3.4 /></svg>%s</span><span class=am><svg class=k aria-hidden=true viewBox=\"0 0 10 10\"><rect x=2 y=2 "
        "width=6 height=6 /></svg>%s</span><span>%s</span></p>\n",
        hra_text(p->words, "sex.female"), hra_text(p->words, "sex.male"),
        hra_text(p->words, p->client ? "group.ages.key.client" : "group.ages.key"));
}

/* The share in each cell of a row: all; of the client's, where the smallest cells are often hidden, the sexes and the
 * ages apart, in the house each band of each sex. */
static void put_cells(const hra_group_paper *p, const hra_group_topic *t, const char *const *ages, int count)
{
    hra_group_put_share_cell(p, t->total);
    for (int s = 0; s < 2 && p->client; s++)
        hra_group_put_share_cell(p, hra_figure_find(p->book, t->total->kind, t->id, NULL, sexes[s], "all", "all"));
    for (int a = 0; a < count && p->client; a++)
        hra_group_put_share_cell(p, hra_figure_find(p->book, t->total->kind, t->id, NULL, "all", ages[a], "all"));
    for (int s = 0; s < 2 && !p->client; s++)
        for (int a = 0; a < count; a++)
            hra_group_put_share_cell(p,
                                     hra_figure_find(p->book, t->total->kind, t->id, NULL, sexes[s], ages[a], "all"));
}

static void put_client_heads(const hra_group_paper *p, const char *const *ages, int count)
{
    char age[HRA_GROUP_TEXT];
    hra_html(p->out, "<thead><tr><th scope=col>%s</th><th scope=col>%s</th><th scope=col>%s</th><th scope=col>%s</th>",
             hra_text(p->words, "group.column.problem"), hra_text(p->words, "group.column.all"),
             hra_text(p->words, "sex.female"), hra_text(p->words, "sex.male"));
    for (int a = 0; a < count; a++) hra_html(p->out, "<th scope=col>%s</th>", hra_group_age(p, ages[a], age));
    hra_buffer_text(p->out, "</tr></thead>\n");
}

static void put_heads(const hra_group_paper *p, const char *const *ages, int count)
{
    char age[HRA_GROUP_TEXT];
    if (p->client) {
        put_client_heads(p, ages, count);
        return;
    }
    hra_html(p->out, "<thead><tr><th rowspan=2 scope=col>%s</th><th rowspan=2 scope=col>%s</th>",
             hra_text(p->words, "group.column.problem"), hra_text(p->words, "group.column.all"));
    for (int s = 0; s < 2; s++)
        hra_html(p->out, "<th colspan=%d scope=colgroup>%s</th>", count,
                 s ? hra_text(p->words, "sex.male") : hra_text(p->words, "sex.female"));
    hra_buffer_text(p->out, "</tr><tr>");
    for (int s = 0; s < 2; s++)
        for (int a = 0; a < count; a++) hra_html(p->out, "<th scope=col>%s</th>", hra_group_age(p, ages[a], age));
    hra_buffer_text(p->out, "</tr></thead>\n");
}

enum { COLUMNS = 6 };

/* Departments against the first problems; only the client's table counts findings by department. */
static void put_departments(const hra_group_paper *p)
{
    bool open = false;
    int columns = p->told < COLUMNS ? p->told : COLUMNS;
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "people") != 0 || strcmp(f->department, "all") == 0) continue;
        if (!open) {
            hra_html(p->out, "<h3 id=departments>%s</h3><table class=\"gtable cells\"><thead><tr><th scope=col>%s</th>",
                     hra_text(p->words, "group.departments"), hra_text(p->words, "column.department"));
            for (int t = 0; t < columns; t++) hra_html(p->out, "<th scope=col>%s</th>", p->topics[t].title);
            hra_buffer_text(p->out, "</tr></thead><tbody>\n");
            open = true;
        }
        hra_html(p->out, "<tr><th scope=row>%s</th>", hra_group_department(p, f->department));
        for (int t = 0; t < columns; t++)
            hra_group_put_share_cell(
                p, hra_figure_find(p->book, "finding", p->topics[t].id, NULL, "all", "all", f->department));
        hra_buffer_text(p->out, "</tr>\n");
    }
    if (open) hra_buffer_text(p->out, "</tbody></table>\n");
}

void hra_group_put_findings(hra_group_paper *p)
{
    const char *ages[HRA_PANEL_AGES];
    int count = find_ages(p, ages);
    if (p->told == 0 || count == 0) return;
    hra_html(p->out, "<section class=sheet><h2>%s</h2>\n<p class=lead>%s</p>\n", hra_text(p->words, "group.ages"),
             hra_text(p->words, "group.ages.lead"));
    put_panels(p, ages, count);
    hra_html(p->out, "<h3 id=cells>%s</h3><table class=\"gtable cells\">", hra_text(p->words, "group.ages.table"));
    put_heads(p, ages, count);
    hra_buffer_text(p->out, "<tbody>\n");
    for (int i = 0; i < p->told && i < ROWS; i++) {
        hra_html(p->out, "<tr><th scope=row>%s</th>", p->topics[i].title);
        put_cells(p, &p->topics[i], ages, count);
        hra_buffer_text(p->out, "</tr>\n");
    }
    hra_buffer_text(p->out, "</tbody></table>\n");
    if (p->client) put_departments(p);
    hra_html(p->out, "<p class=small>%s</p></section>\n",
             hra_text(p->words, p->client ? "group.ages.table.key.client" : "group.ages.table.key"));
}
