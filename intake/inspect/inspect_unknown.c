/* Columns whose name no variable has, and identifiers. What a column might be is asked, never taken. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "intake/inspect/inspect_internal.h"
#include "io/words/unit_words.h"

/* ---- parts of a name ------------------------------------------------------------------------ */

static bool is_word(char c) { return isalnum((unsigned char)c) || (unsigned char)c >= 0x80; }

/* A variable whose name is a part of the header ("tc_mmol" holds "tc"), digits at its end not counted; -1: none. */
static bool find_by_part(hra_inspector *in, const char *header, int *variable, char part[64])
{
    *variable = -1;
    size_t longest = 0;
    for (const char *at = header; *at;) {
        size_t length = 0;
        bool ascii = (unsigned char)*at < 0x80; /* "体重kg" has two parts */
        while (is_word(at[length]) && ((unsigned char)at[length] < 0x80) == ascii) length++;
        for (int cut = 0; cut < 2 && length > longest && length < 64; cut++) {
            char word[64];
            size_t n = length;
            while (cut && n > 1 && isdigit((unsigned char)at[n - 1])) n--;
            if (n < 2 || n <= longest || (cut && n == length)) continue;
            snprintf(word, sizeof word, "%.*s", (int)n, at);
            hra_header_match match;
            if (!hra_header_find(in->names, word, in->arena, &match)) return false;
            if (match.variable < 0) continue;
            *variable = match.variable;
            longest = n;
            snprintf(part, 64, "%s", word);
        }
        at += length;
        while (*at && !is_word(*at)) at++;
    }
    return true;
}

static bool is_taken(const hra_inspector *in, int variable)
{
    for (int i = 0; i < in->plan.width; i++)
        if (in->columns[i].variable == variable) return true;
    return false;
}

static bool is_number_type(const hra_variable *v) { return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT; }

static bool is_question(const char *header)
{
    static const char *const signs[] = {"您", "你", "?", "？"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(header, signs[i])) return true;
    return false;
}

/* Whether a question can be about this variable: not what another column is, nor a disease, which may be asked of the
 * family, nor a choice that is answered with many numbers. */
static bool may_be_asked(const hra_inspector *in, const hra_scan_column *scan, int variable)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, variable);
    bool many = scan->numbers * 2 > hra_scan_filled(scan) && scan->different > 9;
    return !is_taken(in, variable) && (is_number_type(v) || (v->type == HRA_TYPE_CATEGORY && !many));
}

/* The longest variable whose name stands anywhere in a Chinese question, which has no words apart: 您目前的吸烟情况. */
static bool find_in_question(hra_inspector *in, const hra_scan_column *scan, int *variable, char part[64])
{
    size_t longest = 3; /* bytes: names of one character are not looked for */
    for (const char *at = scan->header; *at && is_question(scan->header); at++) {
        if (((unsigned char)*at & 0xC0) != 0xC0) continue; /* where a character of several bytes begins */
        for (size_t length = 1; length < 60 && (unsigned char)at[length] >= 0x80; length++) {
            char word[64];
            hra_header_match match;
            if (length < longest || ((unsigned char)at[length + 1] & 0xC0) == 0x80) continue;
            snprintf(word, sizeof word, "%.*s", (int)length + 1, at);
            if (!hra_header_find(in->names, word, in->arena, &match)) return false;
            if (match.variable < 0 || match.variable == *variable)
                continue; /* 睡眠时间 says as much as 睡眠时间(小时) */
            if (!may_be_asked(in, scan, match.variable)) continue;
            *variable = match.variable;
            longest = length + 1;
            snprintf(part, 64, "%s", word);
        }
    }
    return true;
}

/* A category one of whose answers is the name of the column, as "Smoker" with yes and no below it; -1: none. */
static bool find_by_answer(const hra_inspector *in, const char *header, int *variable, char part[64])
{
    enum { SHORTEST = 4 };
    size_t length = strlen(header);
    for (int i = 0; i < hra_dictionary_count(in->dictionary) && length >= SHORTEST && *variable < 0; i++) {
        const hra_variable *v = hra_dictionary_at(in->dictionary, i);
        if (v->type != HRA_TYPE_CATEGORY || is_taken(in, i)) continue;
        hra_map *levels = hra_cell_level_map(v);
        if (!levels) return false;
        if (hra_cell_category(levels, header, length).kind == HRA_CELL_KNOWN) *variable = i;
        hra_map_free(levels);
    }
    if (*variable >= 0) snprintf(part, 64, "%s", header);
    return true;
}

/* ---- what the numbers could be ---------------------------------------------------------------- */

/* The units most numbers are plausible in: of several that fit alike none is chosen, "斤 or lb". */
static void best_units(const hra_inspected *column, const hra_variable *v, int64_t *plausible, hra_buffer *units)
{
    *plausible = 0;
    for (int i = -1; i < v->unit_count; i++) {
        const char *unit = i < 0 ? v->unit : v->units[i].unit;
        int64_t inside = hra_inspect_plausible(column->scan, v, unit);
        if (i >= 0 && (inside < *plausible || inside == 0)) continue;
        if (i >= 0 && inside == *plausible)
            hra_buffer_printf(units, "%s ", hra_say(column->words, " or"));
        else
            hra_buffer_clear(units);
        hra_buffer_text(units, unit);
        *plausible = inside;
    }
}

/* "crp_mgdl" names mg/dL: letters and digits behind the last _ are those of the unit. */
static bool ends_in_unit(const char *header, const char *unit)
{
    const char *tail = strrchr(header, '_');
    if (!tail || !*unit) return false;
    for (tail++; *unit; unit++) {
        if (!isalnum((unsigned char)*unit)) continue;
        if (tolower((unsigned char)*unit) != tolower((unsigned char)*tail)) return false;
        tail++;
    }
    return *tail == '\0';
}

/* "weight in pounds": the one unit among the words of the header; NULL: none, or two. */
static const char *unit_among_words(const char *header, const hra_variable *v)
{
    const char *found = NULL;
    char word[32];
    for (const char *at = header; *at;) {
        size_t length = strcspn(at, " _?:()");
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : 0), at);
        bool single = length < 2 || strcasecmp(word, "in") == 0; /* "a", "in": words before they are units */
        const char *unit = single ? NULL : hra_unit_spelling(v, word, header);
        if (unit && found && strcmp(unit, found) != 0) return NULL;
        if (unit) found = unit;
        at += length;
        at += strspn(at, " _?:()");
    }
    return found;
}

/* The unit that the header names, NULL: none. */
static const char *named_unit(const hra_inspected *column, const hra_variable *v)
{
    const char *among = unit_among_words(column->scan->header, v);
    if (among) return among;
    if (ends_in_unit(column->scan->header, v->unit)) return v->unit;
    for (int i = 0; i < v->unit_count; i++)
        if (ends_in_unit(column->scan->header, v->units[i].unit)) return v->units[i].unit;
    return NULL;
}

/* 尿铅(μg/L): what stands in brackets at the end is no unit of the variable. */
static bool names_other_unit(const char *header, const hra_variable *v)
{
    static const char wide[] = "）";
    size_t length = strlen(header);
    bool bracket = length > 0 && (header[length - 1] == ')' || header[length - 1] == ']');
    bool full = length >= strlen(wide) && strcmp(header + length - strlen(wide), wide) == 0;
    return (bracket || full) && !hra_header_unit(v, header);
}

/* Measured values that this column's numbers would fit, the narrowest ranges first; at most three. */
static void ask_by_values(hra_inspector *in, hra_inspected *column)
{
    enum { SHOWN = 3 };
    int found[SHOWN], count = 0;
    double widths[SHOWN];
    const hra_scan_column *scan = column->scan;
    for (int i = 0; i < hra_dictionary_count(in->dictionary); i++) {
        const hra_variable *v = hra_dictionary_at(in->dictionary, i);
        if (v->type != HRA_TYPE_MEASURE || strcmp(v->domain, "checkup") != 0 || is_taken(in, i)) continue;
        if (names_other_unit(scan->header, v)) continue;
        double width = (v->plausible_max - v->plausible_min) / v->plausible_max;
        if (!(width > 0) || hra_inspect_plausible(scan, v, v->unit) * 100 < scan->numbers * 99) continue;
        int place = count < SHOWN ? count++ : SHOWN;
        for (; place > 0 && widths[place - 1] > width; place--)
            if (place < SHOWN) {
                found[place] = found[place - 1];
                widths[place] = widths[place - 1];
            }
        if (place == SHOWN) continue;
        found[place] = i;
        widths[place] = width;
    }
    if (count == 0) return;
    hra_buffer_text(&column->evidence, hra_say(column->words, "by its values it could be"));
    for (int i = 0; i < count; i++)
        hra_buffer_printf(&column->evidence, "%s %s", i ? hra_say(column->words, " or") : "",
                          hra_inspect_title(in, hra_dictionary_at(in->dictionary, found[i])));
    hra_buffer_text(&column->evidence, hra_say(column->words, ", among others: values alone prove nothing\n"));
}

/* A column before this one that is, or may be, the same variable. */
static const hra_inspected *other_reading(const hra_inspector *in, const hra_inspected *column, int variable)
{
    for (const hra_inspected *other = in->columns; other < column; other++)
        if (other->variable == variable || other->guess == variable) return other;
    return NULL;
}

static void ask_in_unit(hra_inspector *in, hra_inspected *column, int variable, const char *part, const char *unit,
                        int64_t plausible)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, variable);
    hra_buffer *q = &column->questions;
    column->guess = variable;
    hra_buffer_printf(q, hra_say(column->words, "%s: is this %s? its name holds '%s', and "), column->shown,
                      hra_inspect_title(in, v), part);
    hra_inspect_share(plausible, column->scan->numbers, q);
    hra_buffer_printf(q, hra_say(column->words, " of its numbers are plausible in %s; then write %s = %s"),
                      *unit ? unit : hra_say(column->words, "its unit"), column->name, v->name);
    if (*unit) hra_buffer_printf(q, " [%s]", unit);
    const hra_inspected *other = other_reading(in, column, variable);
    if (other)
        hra_buffer_printf(q, hra_say(column->words, "; several readings: mean(%s, %s) = %s or first_known(...)"),
                          other->name, column->name, v->name);
    hra_buffer_char(q, '\n');
}

static void ask_by_part(hra_inspector *in, hra_inspected *column, int variable, const char *part)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, variable);
    const char *title = hra_inspect_title(in, v);
    hra_buffer *q = &column->questions;
    if (!is_number_type(v)) {
        hra_buffer_printf(q, hra_say(column->words, "%s: is this %s? its name holds '%s'; then write %s = %s\n"),
                          column->shown, title, part, column->name, v->name);
        return;
    }
    int64_t plausible;
    hra_buffer units = {0};
    const char *unit = named_unit(column, v); /* tenths of a milligram per decilitre are plausible per litre, too */
    if (unit)
        plausible = hra_inspect_plausible(column->scan, v, unit);
    else
        best_units(column, v, &plausible, &units), unit = units.bytes ? units.bytes : "";
    if (plausible * 2 >= column->scan->numbers && column->scan->numbers > 0)
        ask_in_unit(in, column, variable, part, unit, plausible);
    column->questions.failed |= units.failed;
    hra_buffer_destroy(&units);
}

/* 高血压┋糖尿病: the mark that web questionnaires write between the answers to one question. */
static bool holds_several(const hra_scan_column *scan)
{
    for (int i = 0; i < scan->list_count; i++)
        if (strstr(scan->list[i].text, "┋")) return true;
    return false;
}

bool hra_inspect_unknown(hra_inspector *in, hra_inspected *column)
{
    const hra_scan_column *scan = column->scan;
    int variable;
    char part[64];
    hra_buffer_printf(&column->rules, "%s = ignore\n", column->name);
    if (!find_by_part(in, scan->header, &variable, part)) return false;
    if (variable < 0 && !find_in_question(in, scan, &variable, part)) return false;
    if (variable < 0 && !find_by_answer(in, scan->header, &variable, part)) return false;
    if (strcmp(column->how, "no such variable") != 0) {
        hra_buffer_printf(&column->questions, hra_say(column->words, "%s: "), column->shown);
        hra_buffer_printf(&column->questions, "%s\n", hra_say(column->words, column->how));
        return true;
    }
    hra_buffer_text(&column->evidence, hra_say(column->words, "no variable has this name\n"));
    if (!in->has_id && column->personal && scan->blank == 0 && scan->different * 100 > hra_scan_filled(scan) * 95)
        hra_buffer_printf(&column->questions,
                          hra_say(column->words, "%s: is this the identifier of persons? then write id = %s\n"),
                          column->shown, column->name);
    if (holds_several(scan))
        hra_buffer_printf(
            &column->questions,
            hra_say(column->words,
                    "%s: a cell holds several answers (┋); to read them write %s = flags(VARIABLE, VARIABLE ...)\n"),
            column->shown, column->name);
    bool text = variable >= 0 && hra_dictionary_at(in->dictionary, variable)->type == HRA_TYPE_TEXT;
    if (variable >= 0 && !text && !column->personal && hra_scan_filled(scan) > 0)
        ask_by_part(in, column, variable, part);
    else if (!column->personal && scan->numbers >= 20 && scan->numbers * 10 >= hra_scan_filled(scan) * 9 &&
             scan->different > 10)
        ask_by_values(in, column);
    return true;
}

/* ---- identifiers -------------------------------------------------------------------------------- */

void hra_inspect_id(hra_inspected *column)
{
    const hra_scan_column *scan = column->scan;
    int64_t filled = hra_scan_filled(scan);
    if (column->second) {
        hra_buffer_printf(
            &column->questions,
            hra_say(column->words,
                    "%s: there is another identifier; which one is the person's? the first is taken below\n"),
            column->shown);
        hra_buffer_printf(&column->rules, "%s = ignore\n", column->name);
        return;
    }
    hra_buffer_printf(&column->rules, "id = %s\n", column->name);
    if (scan->blank > 0)
        hra_buffer_printf(&column->evidence,
                          hra_say(column->words, "%lld rows without identifier: they cannot be imported\n"),
                          (long long)scan->blank);
    if (scan->exponents + scan->zero_tails > 0)
        hra_buffer_printf(
            &column->questions,
            hra_say(column->words,
                    "%s: %lld identifiers were damaged by a spreadsheet (1.1E+17, or 000 at the end of 16 digits "
                    "and more); ask the sender for the column as text\n"),
            column->shown, (long long)(scan->exponents + scan->zero_tails));
    if (scan->beyond_list == 0 && scan->different < filled)
        hra_buffer_printf(&column->evidence, hra_say(column->words, "%lld different identifiers in %lld rows\n"),
                          (long long)scan->different, (long long)filled);
    hra_buffer_text(&column->evidence,
                    hra_say(column->words, "identifiers are hashed together with the issuer above\n"));
}
