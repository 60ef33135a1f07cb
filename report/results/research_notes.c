#include "report/results/research_notes.h"

#include <string.h>

/* ---- the columns ---- */

static void cell(hra_buffer *out, const char *text)
{
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, text);
}

static void put_line(hra_buffer *out, const char *name, const char *zh, const char *en, const char *unit,
                     const char *values, const char *told)
{
    hra_buffer_csv(out, name);
    cell(out, zh);
    cell(out, en);
    cell(out, unit);
    cell(out, values);
    cell(out, told);
    hra_buffer_char(out, '\n');
}

/* "male=男; female=女" */
static void list_levels(const hra_variable *v, hra_buffer *text)
{
    hra_buffer_clear(text);
    for (int i = 0; i < v->level_count; i++) {
        const hra_level *level = &v->levels[i];
        /* the labels begin with name and code */
        const char *label = level->label_count > 2 ? level->labels[2] : level->name;
        hra_buffer_printf(text, "%s%s=%s", i ? "; " : "", level->name, label);
    }
}

static void list_result_levels(const hra_result_field *f, hra_buffer *text)
{
    hra_buffer_clear(text);
    for (int i = 0; i < f->level_count; i++) hra_buffer_printf(text, "%s%s", i ? "; " : "", f->levels[i]);
}

static const char *text_of(const hra_buffer *text) { return text->length > 0 ? text->bytes : ""; }

static void put_who(const hra_research_policy *p, const hra_dictionary *d, hra_buffer *text, hra_buffer *out)
{
    const char *merged = "coarser or blank in small cells";
    int sex = hra_dictionary_find(d, "sex"), region = hra_dictionary_find(d, "region");
    put_line(out, "research_id", "研究编号", "Research id: keyed hash, the same for the same person and key", "", "",
             "instead of the person key");
    list_levels(hra_dictionary_at(d, sex), text);
    put_line(out, "sex", "性别", "Sex", "", text_of(text), "");
    put_line(out, "age_band", "年龄段", "Band of ages at the exam", "year", "", merged);
    hra_buffer_clear(text);
    for (int i = 0; i < p->province_count; i++) {
        const char *names = p->provinces[i].names;
        hra_buffer_printf(text, "%s%s=%.*s", i ? "; " : "", p->provinces[i].code, (int)strcspn(names, "|"), names);
    }
    put_line(out, "province", "省份", "Province, code of GB/T 2260", "", text_of(text), merged);
    list_levels(hra_dictionary_at(d, region), text);
    put_line(out, "region", "南方/北方", "North or south", "", text_of(text), merged);
    put_line(out, "year", "体检年份", "Year of the exam", "", "", "");
}

static void put_variable(const hra_research_column *c, hra_buffer *text, hra_buffer *out)
{
    const hra_variable *v = c->variable;
    hra_buffer_clear(text);
    if (v->type == HRA_TYPE_FLAG) hra_buffer_text(text, "1=是; 0=否");
    if (v->type == HRA_TYPE_CATEGORY) list_levels(v, text);
    put_line(out, v->name, v->label_zh, v->label_en, v->unit, text_of(text),
             c->banded             ? "in bands"
             : c->levels.count > 0 ? "rare answers are blank"
                                   : "rounded to the dictionary's decimals");
}

static const char *part_of(const char *name)
{
    const char *point = strrchr(name, '.');
    return point ? point + 1 : name;
}

static void put_result(const hra_research_column *c, hra_buffer *text, hra_buffer *out)
{
    const hra_result_field *f = c->field;
    const char *part = part_of(f->name);
    const char *zh = strcmp(part, "risk") == 0       ? "风险"
                     : strcmp(part, "category") == 0 ? "风险分类"
                     : strcmp(part, "model") == 0    ? "所用模型"
                                                     : "评估结果";
    hra_buffer_clear(text);
    if (f->kind == HRA_RESULT_LEVELS) list_result_levels(f, text);
    if (f->kind == HRA_RESULT_FLAG) hra_buffer_text(text, "1=是; 0=否");
    put_line(out, f->name, zh, part, f->unit, text_of(text),
             c->levels.count > 0 ? "rare answers are blank" : "rounded");
}

void hra_research_notes_columns(const hra_research_table *table, const hra_research_policy *policy,
                                const hra_dictionary *dictionary, hra_buffer *out)
{
    const hra_research_column *columns;
    int count = hra_research_table_columns(table, &columns);
    hra_buffer text = {0};
    hra_buffer_text(out, "\xEF\xBB\xBFname,title_zh,title_en,unit,values,told\n"); /* spreadsheets need the mark */
    put_who(policy, dictionary, &text, out);
    for (int i = 0; i < count; i++) {
        if (columns[i].variable)
            put_variable(&columns[i], &text, out);
        else
            put_result(&columns[i], &text, out);
    }
    out->failed |= text.failed;
    hra_buffer_destroy(&text);
}

/* ---- what was done ---- */

static void put_text(hra_buffer *out, const char *name, const char *value)
{
    hra_buffer_printf(out, "  \"%s\": ", name);
    hra_buffer_json(out, value);
    hra_buffer_text(out, ",\n");
}

static void put_people(const hra_research_table *t, hra_buffer *out)
{
    static const char *const details[] = {"as_it_is", "without_province", "without_place", "in_wide_age_bands",
                                          "without_place_and_age"};
    const hra_research_facts *f = hra_research_table_facts(t);
    const hra_research_cells *cells = hra_research_table_cells(t);
    hra_buffer_printf(out,
                      "  \"people\": {\"in_store\": %lld, \"agreed\": %lld, \"refused\": %lld, \"not_asked\": %lld, "
                      "\"in_small_cells\": %lld, \"written\": %lld},\n",
                      (long long)f->in_store, (long long)f->agreed, (long long)f->refused, (long long)f->not_asked,
                      (long long)hra_research_cells_people(cells, HRA_RESEARCH_NOBODY), (long long)f->written);
    hra_buffer_text(out, "  \"cells_told\": {");
    for (int d = 0; d < HRA_RESEARCH_NOBODY; d++)
        hra_buffer_printf(out, "%s\"%s\": %lld", d ? ", " : "", details[d],
                          (long long)hra_research_cells_people(cells, (hra_research_detail)d));
    hra_buffer_printf(out, "},\n  \"provinces_not_listed\": %lld,\n", (long long)f->strange_provinces);
}

static void put_hidden(const hra_research_column *columns, int count, hra_buffer *out)
{
    bool any = false;
    hra_buffer_text(out, "  \"rare_answers_left_blank\": [");
    for (int i = 0; i < count; i++)
        for (int level = 0; level < columns[i].levels.count; level++) {
            if (!columns[i].levels.hidden[level]) continue;
            hra_buffer_text(out, any ? ", {\"column\": " : "{\"column\": ");
            hra_buffer_json(out, hra_research_column_name(&columns[i]));
            hra_buffer_text(out, ", \"answer\": ");
            hra_buffer_json(out, hra_research_column_level(&columns[i], level));
            hra_buffer_char(out, '}');
            any = true;
        }
    hra_buffer_text(out, "],\n");
}

/* Variables of the dictionary with this treatment, delivered or not. */
static void put_treated(const char *name, hra_research_treatment treatment, const hra_research_policy *p,
                        const hra_dictionary *d, hra_buffer *out)
{
    bool any = false;
    hra_buffer_printf(out, "  \"%s\": [", name);
    for (int i = 0; i < hra_dictionary_count(d); i++) {
        if (p->treatments[i] != treatment) continue;
        if (any) hra_buffer_text(out, ", ");
        hra_buffer_json(out, hra_dictionary_at(d, i)->name);
        any = true;
    }
    hra_buffer_text(out, "],\n");
}

void hra_research_notes_made(const hra_research_table *table, const hra_research_policy *policy,
                             const hra_dictionary *dictionary, const hra_research_origin *origin, hra_buffer *out)
{
    const hra_research_column *columns;
    int count = hra_research_table_columns(table, &columns);
    hra_buffer_text(out, "{\n");
    put_text(out, "format", "hra-research");
    put_text(out, "engine_version", HRA_VERSION);
    put_text(out, "definitions_hash", origin->definitions_hash);
    put_text(out, "input_hash", origin->input_hash);
    put_text(out, "research_key", origin->key_fingerprint);
    if (origin->results) {
        put_text(out, "results_definitions_hash", origin->results->definitions_hash);
        put_text(out, "results_input_hash", origin->results->input_hash);
        put_text(out, "results_as_of", origin->results->as_of);
        hra_buffer_printf(out, "  \"written_without_results\": %lld,\n",
                          (long long)hra_research_table_facts(table)->without_risks);
    }
    hra_buffer_printf(out,
                      "  \"smallest_cell\": %u,\n  \"cells_of\": [\"sex\", \"age_band\", \"province\", \"region\", "
                      "\"year\"],\n  \"age_band\": %u,\n  \"top_age\": %u,\n  \"risk_decimals\": %u,\n",
                      policy->smallest_cell, policy->age_band, policy->top_age, policy->risk_decimals);
    put_people(table, out);
    put_hidden(columns, count, out);
    put_treated("told_in_bands", HRA_RESEARCH_BAND, policy, dictionary, out);
    put_treated("never_told", HRA_RESEARCH_LEAVE_OUT, policy, dictionary, out);
    hra_buffer_text(out, "  \"columns\": [\"research_id\", \"sex\", \"age_band\", \"province\", \"region\", \"year\"");
    for (int i = 0; i < count; i++) {
        hra_buffer_text(out, ", ");
        hra_buffer_json(out, hra_research_column_name(&columns[i]));
    }
    hra_buffer_text(out, "]\n}\n");
}
