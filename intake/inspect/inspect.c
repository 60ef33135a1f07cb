#include "intake/inspect/inspect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "intake/inspect/inspect_internal.h"
#include "io/words/text_fold.h"

/* ---- what the parts share --------------------------------------------------------------------- */

void hra_inspect_share(int64_t part, int64_t whole, hra_buffer *out)
{
    double percent = whole > 0 ? 100.0 * (double)part / (double)whole : 0;
    if (percent > 0 && percent < 1)
        hra_buffer_printf(out, "%.2g %%", percent);
    else
        hra_buffer_printf(out, percent > 99 && percent < 100 ? "%.1f %%" : "%.0f %%", percent);
}

const char *hra_inspect_title(const hra_inspector *in, const hra_variable *v)
{
    if (!in->words || !v->label_zh || !*v->label_zh) return v->name;
    const char *title = hra_arena_printf(in->arena, hra_say(in->words, "%s (%s)"), v->name, v->label_zh);
    return title ? title : v->name;
}

void hra_inspect_number(const hra_intake_words *words, double value, hra_buffer *out)
{
    if (fabs(value) < 100000)
        hra_buffer_printf(out, "%.4g", value);
    else
        hra_buffer_text(out, hra_say(words, "above 100000"));
}

void hra_inspect_quote(const char *text, hra_buffer *out)
{
    static const char *const reserved[] = {"id", "ignore", "rules", "long", "profile", "mean", "first_known"};
    bool plain = *text != '\0';
    for (const char *at = text; *at && plain; at++)
        plain = !strchr(" =:,\"()[]{}#?/@'", *at) && (unsigned char)*at > 0x20;
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) plain &= strcmp(text, reserved[i]) != 0;
    if (plain && strncmp(text, "---", 3) != 0) {
        hra_buffer_text(out, text);
        return;
    }
    hra_buffer_char(out, '"');
    for (const char *at = text; *at; at++) {
        if (*at == '"') hra_buffer_char(out, '"');
        hra_buffer_char(out, (unsigned char)*at < 0x20 ? ' ' : *at); /* a rule is one line; spaces do not count */
    }
    hra_buffer_char(out, '"');
}

bool hra_inspect_shows_text(const hra_inspected *column, const hra_scan_text *text)
{
    enum { MOST_CODES = 24, OFTEN = 10, LONGEST = 40 };
    const hra_scan_column *scan = column->scan;
    return !column->personal && scan->beyond_list == 0 && scan->list_count <= MOST_CODES && scan->longest <= LONGEST &&
           text->count >= OFTEN;
}

/* ---- columns ---------------------------------------------------------------------------------------- */

/* Nearly every cell another text that is no small number, or long digits: whatever the header says. */
static bool looks_personal(const hra_scan_column *scan)
{
    int64_t filled = hra_scan_filled(scan);
    if (filled == 0) return false;
    bool long_numbers = scan->long_whole * 2 > filled;
    bool own_texts = scan->texts * 2 > filled && scan->different * 10 > filled * 7;
    bool own_numbers = scan->decimals[0] == filled && filled >= 100 && scan->different * 10 > filled * 9;
    return long_numbers || own_texts || own_numbers;
}

/* How many columns have each name, by its key. */
static hra_map *count_names(const hra_inspector *in)
{
    hra_map *counts = hra_map_new();
    for (int i = 0; i < in->plan.width && counts; i++) {
        char key[HRA_HEADER_TEXT];
        if (!hra_header_key(in->plan.columns[i].header, key)) continue;
        int64_t before = hra_map_get(counts, key);
        if (hra_map_set(counts, key, before < 0 ? 1 : before + 1) == 0) continue;
        hra_map_free(counts);
        return NULL;
    }
    return counts;
}

/* As map lines write it: the second of two columns of one name is NAME@2. */
static const char *map_name(hra_inspector *in, int index, const hra_map *counts, hra_map *seen)
{
    char key[HRA_HEADER_TEXT];
    const char *header = in->plan.columns[index].header;
    if (!hra_header_key(header, key)) return header;
    int64_t before = hra_map_get(seen, key);
    if (hra_map_set(seen, key, before < 0 ? 1 : before + 1) != 0) return NULL;
    hra_buffer name = {0};
    if (hra_map_get(counts, key) < 2) {
        hra_inspect_quote(header, &name);
    } else {
        hra_buffer full = {0};
        hra_buffer_printf(&full, "%s@%d", header, before < 0 ? 1 : (int)before + 1);
        hra_inspect_quote(full.bytes ? full.bytes : "", &name);
        hra_buffer_destroy(&full);
    }
    const char *copy = name.failed ? NULL : hra_arena_text(in->arena, name.bytes ? name.bytes : "");
    hra_buffer_destroy(&name);
    return copy;
}

static bool is_end_of_question(const char *text, size_t length, size_t *mark)
{
    static const char *const marks[] = {":", "：", "?", "？", " "};
    for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++) {
        *mark = strlen(marks[m]);
        if (length > *mark && memcmp(text + length - *mark, marks[m], *mark) == 0) return true;
    }
    return false;
}

/* Messages put a colon behind it. */
static const char *shown_header(hra_inspector *in, const hra_inspected *column)
{
    const char *header = column->scan->header;
    size_t length = strlen(header), mark;
    while (is_end_of_question(header, length, &mark)) length -= mark;
    return hra_arena_text_n(in->arena, header, length);
}

/* As map lines write it, or without the end of its question; two of one name stay apart. */
static const char *shown_name(hra_inspector *in, const hra_inspected *column)
{
    hra_buffer full = {0}, plain = {0};
    const char *shown = shown_header(in, column);
    hra_inspect_quote(column->scan->header, &full);
    if (shown) hra_inspect_quote(shown, &plain);
    bool only = full.bytes && strcmp(full.bytes, column->name) == 0;
    if (only) shown = plain.bytes ? hra_arena_text(in->arena, plain.bytes) : NULL;
    hra_buffer_destroy(&full);
    hra_buffer_destroy(&plain);
    return only ? shown : column->name;
}

static hra_code name_columns(hra_inspector *in, hra_error *error)
{
    hra_map *seen = hra_map_new(), *counts = count_names(in);
    bool good = seen && counts;
    for (int i = 0; i < in->plan.width && good; i++) {
        hra_inspected *column = &in->columns[i];
        hra_header_match match;
        column->words = in->words;
        column->scan = &in->scan->columns[i];
        column->name = map_name(in, i, counts, seen);
        good = column->name && (column->shown = shown_name(in, column)) &&
               hra_header_find(in->names, in->plan.columns[i].header, in->arena, &match);
        if (!good) break;
        column->open_unit = match.doubt == hra_header_open_unit;
        if (column->open_unit) match.variable = hra_dictionary_find(in->dictionary, match.about[0]);
        column->variable = match.variable;
        column->how = match.how;
        if (match.doubt)
            column->how = hra_arena_printf(in->arena, hra_say(in->words, match.doubt), match.about[0], match.about[1]);
        good = column->how != NULL;
        if (!good) break;
        column->unit = match.unit;
        column->guess = -1;
        if (match.variable >= 0)
            column->title = hra_inspect_title(in, hra_dictionary_at(in->dictionary, match.variable));
        hra_type type = match.variable >= 0 ? hra_dictionary_at(in->dictionary, match.variable)->type : HRA_TYPE_LABEL;
        in->has_id |= type == HRA_TYPE_ID;
        column->personal = type == HRA_TYPE_TEXT || type == HRA_TYPE_ID || looks_personal(column->scan);
        for (int k = 0; k < i; k++) column->second |= match.variable >= 0 && in->columns[k].variable == match.variable;
        if (type == HRA_TYPE_FLAG || type == HRA_TYPE_CATEGORY)
            good = hra_schema_column(&in->reading, match.variable, NULL, &column->reader, NULL) == HRA_OK;
    }
    hra_map_free(seen);
    hra_map_free(counts);
    return good ? HRA_OK : hra_out_of_memory(error);
}

static void common_evidence(hra_inspector *in, hra_inspected *column)
{
    const hra_scan_column *scan = column->scan;
    hra_buffer *out = &column->evidence;
    const char *shown = shown_header(in, column);
    hra_buffer_printf(out, hra_say(column->words, "%s: "), shown ? shown : scan->header);
    if (scan->numbers) hra_buffer_printf(out, hra_say(column->words, "%lld numbers, "), (long long)scan->numbers);
    if (scan->pairs) hra_buffer_printf(out, hra_say(column->words, "%lld pairs, "), (long long)scan->pairs);
    if (scan->texts) hra_buffer_printf(out, hra_say(column->words, "%lld texts, "), (long long)scan->texts);
    hra_buffer_printf(out, hra_say(column->words, "%lld missing"),
                      (long long)(scan->blank + scan->not_done + scan->refused + scan->other_missing));
    if (scan->not_done)
        hra_buffer_printf(out, hra_say(column->words, ", %lld of them not done"), (long long)scan->not_done);
    if (scan->refused) hra_buffer_printf(out, hra_say(column->words, ", %lld refused"), (long long)scan->refused);
    if (!column->personal && scan->numbers >= 20 && scan->numbers * 2 > hra_scan_filled(scan)) {
        hra_buffer_text(out, hra_say(column->words, "; median "));
        hra_inspect_number(column->words, hra_tally_quantile(scan->values, 0.5), out);
        hra_buffer_text(out, hra_say(column->words, ", nine in ten from "));
        hra_inspect_number(column->words, hra_tally_quantile(scan->values, 0.05), out);
        hra_buffer_text(out, hra_say(column->words, " to "));
        hra_inspect_number(column->words, hra_tally_quantile(scan->values, 0.95), out);
    }
    hra_buffer_char(out, '\n');
    if (hra_scan_filled(scan) == 0)
        hra_buffer_text(out, hra_say(column->words, "the column is empty\n"));
    else if (scan->beyond_list == 0 && scan->list_count == 1 && in->scan->rows > 1)
        hra_buffer_text(out, hra_say(column->words, "every cell that is filled holds the same\n"));
    for (int i = 0; hra_scan_filled(scan) > 0 && i < (int)(column - in->columns); i++) {
        if (in->scan->columns[i].digest != scan->digest) continue;
        hra_buffer_printf(out, hra_say(column->words, "row by row the same as %s\n"), in->scan->columns[i].header);
        break; /* which says the same of itself */
    }
}

/* Two columns of one variable: a person must say which counts. */
static void ask_second(hra_inspector *in, hra_inspected *column, const hra_variable *v)
{
    const hra_inspected *first = in->columns;
    while (first->variable != column->variable) first++;
    hra_buffer_printf(&column->questions,
                      hra_say(column->words,
                              "%s and %s are both %s: ignore one (as below), or combine them: mean(%s, %s) = %s or "
                              "first_known(%s, %s) = %s\n"),
                      first->name, column->name, column->title, first->name, column->name, v->name, first->name,
                      column->name, v->name);
    hra_buffer_printf(&column->rules, "%s = ignore\n", column->name);
}

/* The number of an identity card may be all that says who a row is about. */
static void inspect_text(const hra_inspector *in, hra_inspected *column, const hra_variable *v)
{
    bool national = v->note && strncmp(v->note, "gives ", 6) == 0;
    if (national && !in->has_id && !column->second)
        hra_buffer_printf(&column->questions,
                          hra_say(column->words, "%s: is this the identifier of persons? then write id = %s\n"),
                          column->shown, column->name);
    hra_buffer_text(&column->evidence, hra_say(column->words, "text that never enters hra\n"));
    hra_buffer_printf(&column->rules, "%s = %s\n", column->name, v->name);
}

static bool inspect_column(hra_inspector *in, hra_inspected *column)
{
    common_evidence(in, column);
    if (column->variable < 0) {
        if (*in->plan.columns[column - in->columns].header) return hra_inspect_unknown(in, column);
        hra_buffer_text(&column->evidence, hra_say(column->words, "the column has no name and is not read\n"));
        return true;
    }
    const hra_variable *v = hra_dictionary_at(in->dictionary, column->variable);
    bool pair = hra_inspect_is_pair(in, column), read = v->type != HRA_TYPE_TEXT || pair;
    if (column->second && v->type != HRA_TYPE_ID && read) {
        ask_second(in, column, v);
        return true;
    }
    if (pair || column->in_pair) {
        hra_inspect_pair(in, column);
        return true;
    }
    switch (v->type) {
    case HRA_TYPE_ID: hra_inspect_id(column); break;
    case HRA_TYPE_TEXT: inspect_text(in, column, v); break;
    case HRA_TYPE_LABEL:
        hra_buffer_printf(&column->evidence, hra_say(column->words, "%lld different texts\n"),
                          (long long)column->scan->different);
        hra_buffer_printf(&column->rules, "%s = %s\n", column->name, v->name);
        break;
    case HRA_TYPE_FLAG:
    case HRA_TYPE_CATEGORY: hra_inspect_codes(in, column); break;
    case HRA_TYPE_DATE: hra_inspect_dates(in, column); break;
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: hra_inspect_numbers(in, column); break;
    }
    return true;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

/* Where the header is missing, the first person stands in its place: nothing of it may be written down. */
static hra_code check_header(const hra_inspector *in, hra_error *error)
{
    static const char OTHER_ENCODING[] =
        "not one of its names is known; if the file is in another encoding than GB18030, "
        "name it with --encoding (big5, windows-1252)";
    int known = 0, long_numbers = 0;
    for (int i = 0; i < in->plan.width; i++) {
        const char *header = in->plan.columns[i].header;
        known += in->columns[i].variable >= 0;
        for (const char *at = header; *at; at++) long_numbers += strspn(at, "0123456789") >= 6;
    }
    bool known_row = known > 0 && in->plan.person_line == 0;
    if ((known_row || in->plan.how.header_row > 0) && long_numbers == 0) return HRA_OK;
    const hra_table_choice *table = &in->plan.text.table; /* often a cover sheet stands before the data */
    if (long_numbers == 0 && *table->not_read)
        return hra_fail(error, HRA_EINPUT,
                        hra_say(in->words,
                                "%s: the sheet '%s' does not look like a table (no name of a column is known); choose "
                                "another with --sheet: %s"),
                        in->plan.path, table->name, table->not_read);
    return hra_fail(
        error, HRA_EINPUT,
        hra_say(in->words, "%s: line %lld does not look like a header (%s); say where it is with --header-row"),
        in->plan.path, (long long)in->plan.header_line,
        hra_say(in->words, long_numbers                                   ? "long numbers stand in it"
                           : in->plan.person_line == in->plan.header_line ? "values of a person stand in it"
                           : in->plan.text.encoding == HRA_GB18030        ? OTHER_ENCODING
                                                                          : "not one of its names is known"));
}

static hra_code inspect(hra_inspector *in, const char *path, hra_inspection *out, hra_error *error)
{
    in->names = hra_name_index_new(in->dictionary);
    in->arena = in->reading.arena = hra_arena_new();
    in->reading.schema.dictionary = in->dictionary;
    if (!in->names || !in->arena) return hra_out_of_memory(error);
    HRA_TRY(hra_header_read(in->names, in->arena, path, &in->plan, error));
    HRA_TRY(hra_header_names(in->arena, &in->plan, error));
    hra_scan_options options = {0};
    HRA_TRY(hra_scan_file(&in->plan, &options, &in->scan, error));
    in->columns = calloc((size_t)in->plan.width + 1, sizeof *in->columns);
    if (!in->columns) return hra_out_of_memory(error);
    HRA_TRY(name_columns(in, error));
    hra_inspect_pairs(in);
    hra_inspect_long(in);
    HRA_TRY(check_header(in, error));
    HRA_TRY(hra_cell_readers_new(&in->reading, error));
    for (int i = 0; i < in->plan.width; i++)
        if (!inspect_column(in, &in->columns[i])) return hra_out_of_memory(error);
    hra_inspect_write_draft(in, out);
    hra_inspect_write_summary(in, out);
    for (int i = 0; i < in->plan.width; i++)
        if (in->columns[i].evidence.failed || in->columns[i].questions.failed || in->columns[i].rules.failed)
            return hra_out_of_memory(error);
    return out->draft.failed || out->summary.failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_inspect_file(const char *path, const hra_dictionary *dictionary, const hra_delivery *how,
                          const hra_intake_words *words, hra_inspection *out, hra_error *error)
{
    *out = (hra_inspection){0};
    hra_inspector in = {.words = words, .dictionary = dictionary, .plan.how = *how};
    hra_code code = inspect(&in, path, out, error);
    for (int i = 0; in.columns && i < in.plan.width; i++) {
        hra_buffer_destroy(&in.columns[i].evidence);
        hra_buffer_destroy(&in.columns[i].questions);
        hra_buffer_destroy(&in.columns[i].rules);
    }
    free(in.columns);
    hra_cell_readers_free(&in.reading);
    hra_scan_free(in.scan);
    hra_name_index_free(in.names);
    hra_arena_free(in.arena);
    if (code != HRA_OK) hra_inspection_destroy(out);
    return code;
}

void hra_inspection_destroy(hra_inspection *inspection)
{
    hra_buffer_destroy(&inspection->draft);
    hra_buffer_destroy(&inspection->summary);
}
