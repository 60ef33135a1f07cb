/* A quality report as CSV and JSON, and what its forms share: sentences and bands of people. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/safe_name.h"
#include "intake/quality/quality_internal.h"

/* ---- sentences ------------------------------------------------------------------------------- */

void hra_quality_sentence(const hra_quality_words *words, const hra_quality_finding *finding, hra_buffer *out)
{
    const char *text = hra_quality_word(words, "finding", hra_quality_indicator_name(finding->indicator));
    while (*text) {
        int place = text[0] == '{' && text[1] > '0' && text[2] == '}' ? text[1] - '1' : -1;
        if (place >= 0 && place < finding->argument_count)
            hra_buffer_text(out, finding->arguments[place]);
        else
            hra_buffer_char(out, *text);
        text += place >= 0 && place < finding->argument_count ? 3 : 1;
    }
}

/* ---- bands ------------------------------------------------------------------------------------ */

static void level_label(const hra_quality_job *job, const hra_variable *v, int ordinal, char label[96])
{
    if (v->type == HRA_TYPE_FLAG) {
        snprintf(label, 96, "%s", hra_quality_word(job->words, "page", ordinal ? "yes" : "no"));
        return;
    }
    const hra_level *level = &v->levels[ordinal];
    const char *text = level->name;
    for (int i = 0; hra_quality_words_chinese(job->words) && i < level->label_count; i++)
        if ((unsigned char)level->labels[i][0] >= 0x80) {
            text = level->labels[i];
            break;
        }
    snprintf(label, 96, "%s", text);
}

static double band_of(const hra_variable *v, double value, double width)
{
    double number = v->type == HRA_TYPE_DATE ? (double)hra_date_of_day(value).year : value;
    return width > 0 ? floor(number / width) * width : number;
}

int hra_quality_bands(const hra_quality_job *job, const hra_quality_column *column, double width,
                      hra_quality_band bands[HRA_QUALITY_BANDS])
{
    const hra_variable *v = hra_dictionary_at(job->dictionary, column->variable);
    const hra_tally_entry *entries;
    bool levels = v->type == HRA_TYPE_FLAG || v->type == HRA_TYPE_CATEGORY;
    int entry_count, count = 0;
    double last = NAN;
    if (!hra_tally_finish(column->values, &entries, &entry_count)) return 0;
    for (int i = 0; i < entry_count; i++) {
        double start = levels ? entries[i].value : band_of(v, entries[i].value, width);
        if (count == 0 || (start != last && count < HRA_QUALITY_BANDS)) {
            hra_quality_band *band = &bands[count++];
            band->count = 0;
            if (levels && start >= 0 && start < (v->type == HRA_TYPE_FLAG ? 2 : v->level_count))
                level_label(job, v, (int)start, band->label);
            else if (width > 1)
                snprintf(band->label, sizeof band->label, "%.4g-%.4g", start, start + width - 1);
            else
                snprintf(band->label, sizeof band->label, "%.4g", start);
        }
        last = start;
        bands[count - 1].count += entries[i].count;
    }
    return count;
}

void hra_quality_band_text(const hra_quality_job *job, const hra_quality_band *bands, int count, int index,
                           hra_buffer *out)
{
    int64_t below = job->policy.hide_below, own = bands[index].count;
    bool some_hidden = false;
    for (int i = 0; i < count; i++) some_hidden |= bands[i].count > 0 && bands[i].count < below;
    if (own > 0 && own < below)
        hra_buffer_printf(out, "<%" PRId64, below);
    else if (some_hidden)
        hra_buffer_printf(out, "~%" PRId64, (own + 5) / 10 * 10);
    else
        hra_buffer_printf(out, "%" PRId64, own);
}

/* ---- CSV ----------------------------------------------------------------------------------------- */

typedef struct table {
    const hra_quality_job *job;
    const hra_quality_delivery *delivery;
    hra_buffer *out;
} table;

static const char *name_of(const table *t, int variable)
{
    return variable >= 0 ? hra_dictionary_at(t->job->dictionary, variable)->name : "";
}

static void text_cell(const table *t, const char *text) { hra_buffer_csv_foreign(t->out, text, strlen(text)); }

/* part,file,variable,what, so far */
static void begin_line(const table *t, const char *part, const char *file, int variable, const char *what)
{
    hra_buffer_printf(t->out, "%s,", part);
    text_cell(t, file);
    hra_buffer_printf(t->out, ",%s,", name_of(t, variable));
    text_cell(t, what);
    hra_buffer_char(t->out, ',');
}

static void count_line(const table *t, const char *part, const char *file, int variable, const char *what,
                       int64_t count)
{
    begin_line(t, part, file, variable, what);
    hra_buffer_printf(t->out, "%" PRId64 ",,,\n", count);
}

static void finding_line(const table *t, const hra_quality_finding *finding)
{
    const char *file = finding->file >= 0 ? t->delivery->files[finding->file].name : "";
    hra_buffer sentence = {0};
    hra_quality_sentence(t->job->words, finding, &sentence);
    begin_line(t, "finding", file, finding->variable, hra_quality_indicator_name(finding->indicator));
    hra_buffer_printf(t->out, "%.6g,%.6g,%s,", finding->found, finding->limit,
                      finding->action == HRA_QUALITY_HOLD ? "hold" : "warn");
    text_cell(t, sentence.bytes ? sentence.bytes : "");
    hra_buffer_char(t->out, '\n');
    t->out->failed |= sentence.failed;
    hra_buffer_destroy(&sentence);
}

static bool has_quantiles(const table *t, const hra_quality_column *column)
{
    hra_type type = hra_dictionary_at(t->job->dictionary, column->variable)->type;
    return (type == HRA_TYPE_MEASURE || type == HRA_TYPE_COUNT) && column->known >= t->job->policy.quantiles_from;
}

static const struct {
    const char *name;
    double share;
} quantiles[] = {{"q05", 0.05}, {"q25", 0.25}, {"median", 0.5}, {"q75", 0.75}, {"q95", 0.95}};
enum { QUANTILES = sizeof quantiles / sizeof quantiles[0] };

static void column_lines(const table *t, const hra_quality_column *column)
{
    const struct {
        const char *what;
        int64_t count;
    } counts[] = {{"rows", column->rows},       {"known", column->known},       {"not done", column->not_done},
                  {"refused", column->refused}, {"rejected", column->rejected}, {"implausible", column->implausible},
                  {"zero", column->zeros},      {"altered", column->altered}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        count_line(t, "column", "", column->variable, counts[i].what, counts[i].count);
    for (int i = 0; i < column->reason_count; i++)
        count_line(t, "reason", "", column->variable, column->reasons[i].what, column->reasons[i].count);
    for (int i = 0; i < QUANTILES && has_quantiles(t, column); i++) {
        begin_line(t, "column", "", column->variable, quantiles[i].name);
        hra_buffer_printf(t->out, "%.6g,,,\n", hra_tally_quantile(column->values, quantiles[i].share));
    }
    for (int d = 0; d < 10 && column->digit_decimals >= 0; d++) {
        const char digit[2] = {(char)('0' + d), '\0'};
        count_line(t, "digit", "", column->variable, digit, column->digits[d]);
    }
}

static void distribution_lines(const table *t, const hra_quality_column *column, double width)
{
    hra_quality_band bands[HRA_QUALITY_BANDS];
    int count = hra_quality_bands(t->job, column, width, bands);
    for (int i = 0; i < count; i++) {
        begin_line(t, "people", "", column->variable, bands[i].label);
        hra_quality_band_text(t->job, bands, count, i, t->out);
        hra_buffer_text(t->out, ",,,\n");
    }
}

void hra_quality_csv(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out)
{
    table t = {job, delivery, out};
    hra_buffer_text(out, "part,file,variable,what,value,limit,action,text\n");
    for (int i = 0; i < delivery->findings.count; i++) finding_line(&t, &delivery->findings.items[i]);
    for (int i = 0; i < delivery->file_count; i++) {
        const hra_quality_file *file = &delivery->files[i];
        begin_line(&t, "file", file->name, -1, file->not_read ? "not read" : file->held ? "held" : "read");
        hra_buffer_text(out, ",,,");
        text_cell(&t, file->not_read ? file->not_read : "");
        hra_buffer_char(out, '\n');
        if (file->not_read) continue;
        count_line(&t, "file", file->name, -1, "rows", file->rows);
        count_line(&t, "file", file->name, -1, "rows rejected", file->rows_rejected);
        count_line(&t, "file", file->name, -1, "duplicates", file->duplicates);
    }
    for (int i = 0; i < delivery->column_count; i++) column_lines(&t, &delivery->columns[i]);
    for (int r = 0; r < job->policy.count; r++)
        for (int i = 0; job->policy.rules[r].indicator == HRA_QUALITY_SHOW && i < delivery->column_count; i++)
            if (delivery->columns[i].variable == job->policy.rules[r].variable)
                distribution_lines(&t, &delivery->columns[i], job->policy.rules[r].limit);
}

/* ---- JSON ------------------------------------------------------------------------------------------- */

static void json_text(const table *t, const char *key, const char *text)
{
    hra_buffer_json(t->out, key);
    hra_buffer_char(t->out, ':');
    hra_buffer_json(t->out, text);
}

static void json_count(const table *t, const char *key, int64_t count)
{
    hra_buffer_printf(t->out, ",\"%s\":%" PRId64, key, count);
}

static void json_finding(const table *t, const hra_quality_finding *finding)
{
    hra_buffer sentence = {0};
    hra_quality_sentence(t->job->words, finding, &sentence);
    hra_buffer_char(t->out, '{');
    json_text(t, "indicator", hra_quality_indicator_name(finding->indicator));
    hra_buffer_char(t->out, ',');
    json_text(t, "action", finding->action == HRA_QUALITY_HOLD ? "hold" : "warn");
    if (finding->file >= 0) {
        hra_buffer_char(t->out, ',');
        json_text(t, "file", t->delivery->files[finding->file].name);
    }
    if (finding->variable >= 0) {
        hra_buffer_char(t->out, ',');
        json_text(t, "variable", name_of(t, finding->variable));
    }
    hra_buffer_printf(t->out, ",\"found\":%.6g,\"limit\":%.6g,", finding->found, finding->limit);
    json_text(t, "text", sentence.bytes ? sentence.bytes : "");
    hra_buffer_char(t->out, '}');
    t->out->failed |= sentence.failed;
    hra_buffer_destroy(&sentence);
}

static void json_file(const table *t, const hra_quality_file *file)
{
    hra_buffer_char(t->out, '{');
    json_text(t, "file", file->name);
    hra_buffer_char(t->out, ',');
    json_text(t, "state", file->not_read ? "not read" : file->held ? "held" : "read");
    if (file->not_read) {
        hra_buffer_char(t->out, ',');
        json_text(t, "why", file->not_read);
    } else {
        json_count(t, "rows", file->rows);
        json_count(t, "rows_rejected", file->rows_rejected);
        json_count(t, "duplicates", file->duplicates);
        json_count(t, "rows_short", file->short_rows);
        json_count(t, "rows_shifted", file->shifted);
        json_count(t, "damaged_places", file->damaged);
    }
    hra_buffer_char(t->out, '}');
}

static void json_column(const table *t, const hra_quality_column *column)
{
    hra_buffer_char(t->out, '{');
    json_text(t, "variable", name_of(t, column->variable));
    hra_buffer_char(t->out, ',');
    json_text(t, "unit", column->unit);
    json_count(t, "rows", column->rows);
    json_count(t, "known", column->known);
    json_count(t, "not_done", column->not_done);
    json_count(t, "refused", column->refused);
    json_count(t, "rejected", column->rejected);
    json_count(t, "implausible", column->implausible);
    json_count(t, "zero", column->zeros);
    json_count(t, "altered", column->altered);
    for (int i = 0; i < QUANTILES && has_quantiles(t, column); i++)
        hra_buffer_printf(t->out, ",\"%s\":%.6g", quantiles[i].name,
                          hra_tally_quantile(column->values, quantiles[i].share));
    hra_buffer_text(t->out, ",\"rejected_by\":{");
    for (int i = 0; i < column->reason_count; i++) {
        if (i) hra_buffer_char(t->out, ',');
        hra_buffer_json(t->out, column->reasons[i].what);
        hra_buffer_printf(t->out, ":%" PRId64, column->reasons[i].count);
    }
    hra_buffer_char(t->out, '}');
    if (column->digit_decimals >= 0) {
        hra_buffer_text(t->out, ",\"last_digits\":[");
        for (int d = 0; d < 10; d++) hra_buffer_printf(t->out, "%s%" PRId64, d ? "," : "", column->digits[d]);
        hra_buffer_char(t->out, ']');
    }
    hra_buffer_char(t->out, '}');
}

void hra_quality_json(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out)
{
    table t = {job, delivery, out};
    char day[HRA_DAY_TEXT];
    hra_buffer_char(out, '{');
    json_text(&t, "provider", delivery->provider);
    hra_buffer_char(out, ',');
    json_text(&t, "day", hra_day_text(job->request->as_of, day));
    hra_buffer_char(out, ',');
    json_text(&t, "compared_with", delivery->earlier ? delivery->earlier : "");
    hra_buffer_text(out, ",\"findings\":[");
    for (int i = 0; i < delivery->findings.count; i++) {
        if (i) hra_buffer_char(out, ',');
        json_finding(&t, &delivery->findings.items[i]);
    }
    hra_buffer_text(out, "],\"files\":[");
    for (int i = 0; i < delivery->file_count; i++) {
        if (i) hra_buffer_char(out, ',');
        json_file(&t, &delivery->files[i]);
    }
    hra_buffer_text(out, "],\"columns\":[");
    for (int i = 0; i < delivery->column_count; i++) {
        if (i) hra_buffer_char(out, ',');
        json_column(&t, &delivery->columns[i]);
    }
    hra_buffer_text(out, "]}\n");
}

/* ---- files ---------------------------------------------------------------------------------------------- */

hra_code hra_quality_write(hra_quality_job *job, const hra_quality_delivery *delivery)
{
    static void (*const writers[])(const hra_quality_job *, const hra_quality_delivery *,
                                   hra_buffer *) = {hra_quality_html, hra_quality_csv, hra_quality_json};
    static const char *const endings[] = {"html", "csv", "json"};
    char name[HRA_SAFE_NAME];
    hra_safe_name(delivery->provider, name);
    hra_code code = HRA_OK;
    for (int i = 0; i < 3 && code == HRA_OK; i++) {
        hra_buffer text = {0};
        const char *path = hra_arena_printf(job->arena, "%s/%s.%s", job->request->folder, name, endings[i]);
        writers[i](job, delivery, &text);
        code = hra_quality_add_page(job, NULL, path, &text);
    }
    return code;
}
