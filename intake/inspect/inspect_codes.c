/* Categories and flags: what each text means, and which texts have no meaning yet. */
#include <stdio.h>
#include <string.h>

#include "intake/inspect/inspect_internal.h"

typedef struct code {
    const hra_scan_text *text;
    hra_cell_value value;
    double number; /* of a text that is one; it has no meaning by itself */
    bool is_number;
} code;

enum { MOST = 64 };

typedef struct codes {
    code items[MOST];
    int count, unknown, numbers;
    int64_t total;
} codes;

static void read_codes(const hra_inspector *in, const hra_inspected *column, codes *out)
{
    hra_source_column source = {.action = HRA_READ, .column = column->reader, .combination = -1};
    *out = (codes){0};
    for (int i = 0; i < column->scan->list_count && out->count < MOST; i++) {
        const hra_scan_text *text = &column->scan->list[i];
        hra_cell_text cell = {text->text, strlen(text->text), false};
        code c = {.text = text, .value = hra_source_column_read(&in->reading, &source, cell, in->plan.delimiter)};
        if (c.value.kind == HRA_CELL_MISSING) continue;
        const char *end = text->text + cell.length;
        c.is_number = hra_read_decimal(text->text, end, &c.number) == end;
        out->numbers += c.is_number;
        out->unknown += c.value.kind == HRA_CELL_REJECTED;
        out->total += text->count;
        out->items[out->count++] = c;
    }
}

static const char *meaning(const hra_variable *v, const hra_cell_value *value)
{
    if (v->type == HRA_TYPE_FLAG) return value->value != 0 ? "yes" : "no";
    return v->levels[(int)value->value].name;
}

/* Surveys write 1 for yes and 2 for no, and 7 and 9 for refused and not known. */
static const char *proposal(const hra_variable *v, const codes *all, const code *c)
{
    static const double absent[] = {7, 8, 9, 77, 88, 99, 777, 888, 999};
    bool zero = false;
    for (int i = 0; i < all->count; i++) zero |= all->items[i].is_number && all->items[i].number == 0;
    if (!c->is_number) return NULL;
    if (v->type == HRA_TYPE_FLAG && !zero && c->number == 1) return "yes";
    if (v->type == HRA_TYPE_FLAG && !zero && c->number == 2) return "no";
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        if (c->value.kind == HRA_CELL_REJECTED && c->number == absent[i]) return "missing";
    return NULL;
}

static void list_levels(const hra_intake_words *words, const hra_variable *v, hra_buffer *out)
{
    if (v->type == HRA_TYPE_FLAG) hra_buffer_text(out, "yes, no");
    for (int i = 0; i < v->level_count && i < 24; i++) hra_buffer_printf(out, "%s%s", i ? ", " : "", v->levels[i].name);
    hra_buffer_text(out, hra_say(words, v->level_count > 24 ? " ... or missing" : " or missing"));
}

/* A number that can be a code: longer ones may be a person's. */
static bool is_small(const code *c) { return c->is_number && strlen(c->text->text) <= 3; }

/* "1 41 %, 2 59 %" */
static void list_shares(const hra_inspected *column, const codes *all, hra_buffer *out)
{
    for (int i = 0; i < all->count; i++) {
        const code *c = &all->items[i];
        bool shown = c->value.kind == HRA_CELL_KNOWN || hra_inspect_shows_text(column, c->text) || is_small(c);
        hra_buffer_text(out, i ? ", " : "");
        if (!shown)
            hra_buffer_text(out, hra_say(column->words, "another text"));
        else
            hra_inspect_quote(c->text->text, out);
        hra_buffer_char(out, ' ');
        hra_inspect_share(c->text->count, all->total, out);
    }
}

static void write_entry(hra_inspected *column, int *written, const char *text, const char *means)
{
    hra_buffer_text(&column->rules, *written ? ", " : column->name);
    if (++*written == 1) hra_buffer_text(&column->rules, ": ");
    hra_inspect_quote(text, &column->rules);
    hra_buffer_printf(&column->rules, " = %s", means);
}

static bool has_number(const codes *all, double number)
{
    for (int i = 0; i < all->count; i++)
        if (all->items[i].is_number && all->items[i].number == number) return true;
    return false;
}

/* Codes that belong to the table though this file has none of them: the next one may. */
static void write_unseen(hra_inspected *column, const hra_variable *v, const codes *all, int *written)
{
    bool survey = !has_number(all, 0);
    if (all->numbers == 0) return;
    if (v->type == HRA_TYPE_FLAG) {
        if (!has_number(all, 1)) write_entry(column, written, "1", "yes");
        if (survey && !has_number(all, 2)) write_entry(column, written, "2", "no");
        return;
    }
    for (int i = 0; i < v->level_count && v->level_count <= 24; i++) {
        char text[32];
        snprintf(text, sizeof text, "%g", v->levels[i].number);
        if (!has_number(all, v->levels[i].number)) write_entry(column, written, text, v->levels[i].name);
    }
}

static void write_table(hra_inspected *column, const hra_variable *v, const codes *all)
{
    int written = 0;
    for (int i = 0; i < all->count; i++) {
        const code *c = &all->items[i];
        const char *means = proposal(v, all, c);
        if (!means && c->value.kind == HRA_CELL_KNOWN) means = meaning(v, &c->value);
        if (means) write_entry(column, &written, c->text->text, means); /* what is known may be shown */
    }
    if (written) write_unseen(column, v, all, &written);
    if (written) hra_buffer_char(&column->rules, '\n');
}

static void ask_unknown(hra_inspected *column, const hra_variable *v, const codes *all)
{
    hra_buffer *q = &column->questions;
    for (int i = 0; i < all->count; i++) {
        const code *c = &all->items[i];
        if (c->value.kind != HRA_CELL_REJECTED || proposal(v, all, c)) continue;
        hra_buffer_printf(q, hra_say(column->words, "%s: what does "), column->shown);
        if (hra_inspect_shows_text(column, c->text) || is_small(c))
            hra_inspect_quote(c->text->text, q);
        else
            hra_buffer_printf(q, hra_say(column->words, "the text in line %lld"), (long long)c->text->first_line);
        hra_buffer_printf(q,
                          hra_say(column->words, " mean? it occurs %lld times; write it into the line below: TEXT = "),
                          (long long)c->text->count);
        list_levels(column->words, v, q);
        hra_buffer_char(q, '\n');
    }
}

void hra_inspect_codes(hra_inspector *in, hra_inspected *column)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, column->variable);
    codes all;
    read_codes(in, column, &all);
    hra_buffer_printf(&column->rules, "%s = %s\n", column->name, v->name);
    if (column->scan->beyond_list > 0) {
        hra_buffer_printf(&column->questions,
                          hra_say(column->words, "%s: is this %s? it holds about %lld different texts\n"),
                          column->shown, column->title, (long long)column->scan->different);
        return;
    }
    if (all.count == 0) return;
    list_shares(column, &all, &column->evidence);
    hra_buffer_char(&column->evidence, '\n');
    bool zero_one = v->type == HRA_TYPE_FLAG && all.unknown == 0; /* read without a table */
    if (all.numbers > 0 && !zero_one) {
        hra_buffer_printf(&column->questions, hra_say(column->words, "%s: is the table of codes below right? "),
                          column->shown);
        list_shares(column, &all, &column->questions);
        hra_buffer_char(&column->questions, '\n');
    }
    ask_unknown(column, v, &all);
    if ((all.numbers > 0 && !zero_one) || all.unknown > 0) write_table(column, v, &all);
}
