/* A quality report as a page: one file, printable, without scripts and without anything fetched. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "intake/quality/quality_internal.h"

static const char style[] =
    "body{font:14px/1.45 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#222;max-width:66em;margin:2em auto;"
    "padding:0 1em}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.6em}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}td.n,th.n{text-align:"
    "right;white-space:nowrap}td.k{white-space:nowrap}tr{break-inside:avoid}.hold{font-weight:bold}.note{"
    "color:#555}"
    ".bar{display:inline-block;"
    "height:.7em;background:#456;vertical-align:middle;print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "@media screen and (max-width:70em){main{overflow-x:auto}}"
    "@page{size:A4;margin:15mm}@media print{body{margin:0;max-width:none;font-size:8.5pt;padding:0}th,td{padding:.15em "
    ".3em}thead{display:table-header-"
    "group}h2{break-after:avoid}}";

typedef struct page {
    const hra_quality_job *job;
    const hra_quality_delivery *delivery;
    hra_buffer *out;
} page;

static const char *word(const page *p, const char *name) { return hra_quality_word(p->job->words, "page", name); }

static void escape(hra_buffer *out, const char *text)
{
    for (; *text; text++) switch (*text) {
        case '&': hra_buffer_text(out, "&amp;"); break;
        case '<': hra_buffer_text(out, "&lt;"); break;
        case '>': hra_buffer_text(out, "&gt;"); break;
        case '"': hra_buffer_text(out, "&quot;"); break;
        case '\n': hra_buffer_text(out, "<br>"); break;
        default: hra_buffer_char(out, (unsigned char)*text < 0x20 ? ' ' : *text);
        }
}

static void heading(const page *p, const char *name)
{
    hra_buffer_text(p->out, "<h2>");
    escape(p->out, word(p, name));
    hra_buffer_text(p->out, "</h2>\n");
}

/* A sentence whose {1} is a number or a day. */
static void note(const page *p, const char *name, const char *value)
{
    hra_buffer_text(p->out, "<p class=note>");
    for (const char *at = word(p, name); *at; at++) {
        char one[2] = {*at, '\0'};
        bool place = strncmp(at, "{1}", 3) == 0;
        if (place) at += 2;
        if (place || !((unsigned char)*at & 0x80))
            escape(p->out, place ? value : one);
        else
            hra_buffer_char(p->out, *at);
    }
    hra_buffer_text(p->out, "</p>\n");
}

static void head_cell(const page *p, const char *name, bool number)
{
    hra_buffer_text(p->out, number ? "<th scope=col class=n>" : "<th scope=col>");
    escape(p->out, word(p, name));
    hra_buffer_text(p->out, "</th>");
}

static void cell(const page *p, const char *text)
{
    hra_buffer_text(p->out, "<td>");
    escape(p->out, text);
    hra_buffer_text(p->out, "</td>");
}

static void row_head(const page *p, const char *text)
{
    hra_buffer_text(p->out, "<th scope=row>");
    escape(p->out, text);
    hra_buffer_text(p->out, "</th>");
}

static void count_cell(const page *p, int64_t count)
{
    hra_buffer_printf(p->out, "<td class=n>%" PRId64 "</td>", count);
}

static const char *label(const page *p, int variable)
{
    if (variable < 0) return "";
    const hra_variable *v = hra_dictionary_at(p->job->dictionary, variable);
    const char *text = hra_quality_words_chinese(p->job->words) ? v->label_zh : v->label_en;
    return text && *text ? text : v->name;
}

/* ---- parts ---------------------------------------------------------------------------------- */

static void write_files(const page *p)
{
    heading(p, "files");
    hra_buffer_text(p->out, "<table><tr>");
    head_cell(p, "file", false);
    head_cell(p, "rows", true);
    head_cell(p, "rejected_rows", true);
    head_cell(p, "duplicates", true);
    head_cell(p, "state", false);
    hra_buffer_text(p->out, "</tr>\n");
    for (int i = 0; i < p->delivery->file_count; i++) {
        const hra_quality_file *file = &p->delivery->files[i];
        hra_buffer_text(p->out, "<tr>");
        cell(p, file->name);
        count_cell(p, file->rows);
        count_cell(p, file->rows_rejected);
        count_cell(p, file->duplicates);
        hra_buffer_text(p->out, file->held || file->not_read ? "<td class=hold>" : "<td>");
        escape(p->out, word(p, file->not_read ? "not_read" : file->held ? "held" : "read"));
        if (file->not_read) {
            hra_buffer_text(p->out, ": ");
            escape(p->out, file->not_read);
        }
        hra_buffer_text(p->out, "</td></tr>\n");
    }
    hra_buffer_text(p->out, "</table>\n");
}

static void write_finding(const page *p, const hra_quality_finding *finding)
{
    hra_buffer sentence = {0};
    hra_quality_sentence(p->job->words, finding, &sentence);
    hra_buffer_text(p->out, finding->action == HRA_QUALITY_HOLD ? "<tr class=hold>" : "<tr>");
    hra_buffer_text(p->out, "<td class=k>");
    escape(p->out, hra_quality_word(p->job->words, "action", finding->action == HRA_QUALITY_HOLD ? "hold" : "warn"));
    hra_buffer_text(p->out, "</td>");
    cell(p, finding->file >= 0 ? p->delivery->files[finding->file].name : word(p, "whole"));
    cell(p, finding->header ? finding->header : label(p, finding->variable));
    cell(p, sentence.bytes ? sentence.bytes : "");
    hra_buffer_printf(p->out, "<td class=n>%.3g</td></tr>\n", finding->limit);
    p->out->failed |= sentence.failed;
    hra_buffer_destroy(&sentence);
}

static void write_findings(const page *p)
{
    const hra_quality_findings *findings = &p->delivery->findings;
    heading(p, "findings");
    if (findings->count == 0) {
        note(p, "none", "");
        return;
    }
    hra_buffer_text(p->out, "<table><tr>");
    head_cell(p, "state", false);
    head_cell(p, "file", false);
    head_cell(p, "column", false);
    head_cell(p, "finding", false);
    head_cell(p, "limit", true);
    hra_buffer_text(p->out, "</tr>\n");
    for (int hold = 1; hold >= 0; hold--)
        for (int i = 0; i < findings->count; i++)
            if ((findings->items[i].action == HRA_QUALITY_HOLD) == hold) write_finding(p, &findings->items[i]);
    hra_buffer_text(p->out, "</table>\n");
}

static void write_quantiles(const page *p, const hra_quality_column *column, const hra_variable *v)
{
    bool number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    if (!number || column->known < p->job->policy.quantiles_from) {
        hra_buffer_text(p->out, "<td></td><td></td>");
        return;
    }
    hra_buffer_printf(p->out, "<td class=n>%.4g</td><td class=n>%.4g - %.4g</td>",
                      hra_tally_quantile(column->values, 0.5), hra_tally_quantile(column->values, 0.05),
                      hra_tally_quantile(column->values, 0.95));
}

static void write_column(const page *p, const hra_quality_column *column)
{
    const hra_variable *v = hra_dictionary_at(p->job->dictionary, column->variable);
    hra_buffer_text(p->out, "<tr>");
    cell(p, label(p, column->variable));
    cell(p, hra_quality_unit(p->job->words, v->unit));
    if (column->rows)
        hra_buffer_printf(p->out, "<td class=n>%.1f %%</td>", 100.0 * (double)column->known / (double)column->rows);
    else
        hra_buffer_text(p->out, "<td></td>"); /* nobody was asked */
    count_cell(p, column->rows - column->known - column->rejected - column->not_done - column->refused);
    count_cell(p, column->not_done);
    count_cell(p, column->refused);
    count_cell(p, column->rejected);
    count_cell(p, column->implausible);
    write_quantiles(p, column, v);
    hra_buffer_text(p->out, "</tr>\n");
}

static void write_columns(const page *p)
{
    static const char *const heads[] = {"complete", "missing",     "not_done", "refused",
                                        "rejected", "implausible", "median",   "range"};
    char least[24];
    if (p->delivery->column_count == 0) return;
    heading(p, "columns");
    snprintf(least, sizeof least, "%" PRId64, p->job->policy.quantiles_from);
    note(p, "columns_note", least);
    hra_buffer_text(p->out, "<table><tr>");
    head_cell(p, "variable", false);
    head_cell(p, "unit", false);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) head_cell(p, heads[i], true);
    hra_buffer_text(p->out, "</tr>\n");
    for (int i = 0; i < p->delivery->column_count; i++) write_column(p, &p->delivery->columns[i]);
    hra_buffer_text(p->out, "</table>\n");
}

static void write_reasons(const page *p)
{
    bool any = false;
    for (int i = 0; i < p->delivery->column_count; i++) {
        const hra_quality_column *column = &p->delivery->columns[i];
        for (int k = 0; k < column->reason_count; k++, any = true) {
            if (!any) {
                heading(p, "reasons");
                hra_buffer_text(p->out, "<table><tr>");
                head_cell(p, "variable", false);
                head_cell(p, "reason", false);
                head_cell(p, "count", true);
                hra_buffer_text(p->out, "</tr>\n");
            }
            hra_buffer_text(p->out, "<tr>");
            cell(p, label(p, column->variable));
            cell(p, hra_quality_reject(p->job->words, column->reasons[k].what));
            count_cell(p, column->reasons[k].count);
            hra_buffer_text(p->out, "</tr>\n");
        }
    }
    if (any) hra_buffer_text(p->out, "</table>\n");
}

/* Of the columns whose digits the policy judges by name. */
static bool shows_digits(const page *p, const hra_quality_column *column)
{
    int at = 0;
    return column->digit_decimals >= 0 && column->known >= p->job->policy.quantiles_from &&
           hra_quality_rule_next(&p->job->policy, HRA_QUALITY_DIGIT_ZERO, column->variable, &at) != NULL;
}

static void write_digits(const page *p)
{
    bool any = false;
    for (int i = 0; i < p->delivery->column_count; i++) {
        const hra_quality_column *column = &p->delivery->columns[i];
        int64_t total = 0;
        if (!shows_digits(p, column)) continue;
        if (!any) {
            heading(p, "digits");
            note(p, "digits_note", "");
            hra_buffer_text(p->out, "<table><tr><th></th>");
            for (int d = 0; d < 10; d++) hra_buffer_printf(p->out, "<th>%d</th>", d);
            hra_buffer_text(p->out, "</tr>\n");
        }
        any = true;
        for (int d = 0; d < 10; d++) total += column->digits[d];
        hra_buffer_text(p->out, "<tr>");
        cell(p, label(p, column->variable));
        for (int d = 0; d < 10; d++) {
            double percent = total ? 100.0 * (double)column->digits[d] / (double)total : 0;
            hra_buffer_printf(p->out, "<td>%.0f %%<br><span class=bar style=\"width:%.0f%%\"></span></td>", percent,
                              percent);
        }
        hra_buffer_text(p->out, "</tr>\n");
    }
    if (any) hra_buffer_text(p->out, "</table>\n");
}

static void write_distribution(const page *p, const hra_quality_column *column, double width)
{
    hra_quality_band bands[HRA_QUALITY_BANDS];
    int count = hra_quality_bands(p->job, column, width, bands);
    hra_buffer_text(p->out, "<tr>");
    row_head(p, label(p, column->variable));
    hra_buffer_text(p->out, "<td>");
    for (int i = 0; i < count; i++) {
        if (bands[i].count == 0) continue;
        hra_buffer text = {0};
        hra_quality_band_text(p->job, bands, count, i, &text);
        escape(p->out, bands[i].label);
        hra_buffer_text(p->out, ": ");
        escape(p->out, text.bytes ? text.bytes : "");
        hra_buffer_text(p->out, " &nbsp; ");
        hra_buffer_destroy(&text);
    }
    hra_buffer_text(p->out, "</td></tr>\n");
}

static void write_distributions(const page *p)
{
    bool any = false;
    char below[24];
    snprintf(below, sizeof below, "%" PRId64, p->job->policy.hide_below);
    for (int r = 0; r < p->job->policy.count; r++) {
        const hra_quality_rule *rule = &p->job->policy.rules[r];
        for (int i = 0; rule->indicator == HRA_QUALITY_SHOW && i < p->delivery->column_count; i++) {
            if (p->delivery->columns[i].variable != rule->variable) continue;
            if (!any) {
                heading(p, "people");
                note(p, "people_note", below);
                hra_buffer_text(p->out, "<table>\n");
            }
            any = true;
            write_distribution(p, &p->delivery->columns[i], rule->limit);
        }
    }
    if (any) hra_buffer_text(p->out, "</table>\n");
}

/* ---- the page ----------------------------------------------------------------------------------- */

void hra_quality_html(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out)
{
    page p = {job, delivery, out};
    char day[HRA_DAY_TEXT];
    hra_buffer_printf(out,
                      "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=viewport "
                      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=Content-Security-Policy "
                      "content=\"default-src 'none';style-src 'unsafe-inline'\"><title>",
                      hra_quality_words_chinese(job->words) ? "zh-CN" : "en");
    escape(out, word(&p, "title"));
    hra_buffer_printf(out, "</title><style>%s</style></head><body><main>\n<h1>", style);
    escape(out, word(&p, "title"));
    hra_buffer_text(out, "</h1>\n<p>");
    escape(out, word(&p, "provider"));
    hra_buffer_text(out, ": <b>");
    escape(out, delivery->provider);
    hra_buffer_text(out, "</b>");
    if (!isnan(job->request->as_of)) {
        hra_buffer_text(out, " &nbsp; ");
        escape(out, word(&p, "day"));
        hra_buffer_printf(out, ": %s", hra_day_text(job->request->as_of, day));
    }
    hra_buffer_text(out, "</p>\n");
    note(&p,
         !delivery->has_history ? "history_none"
         : delivery->earlier    ? "history_compared"
                                : "history_first",
         delivery->earlier ? delivery->earlier : "");
    write_files(&p);
    write_findings(&p);
    write_columns(&p);
    write_reasons(&p);
    write_digits(&p);
    write_distributions(&p);
    note(&p, "privacy", "");
    hra_buffer_text(out, "</main></body></html>\n");
}
