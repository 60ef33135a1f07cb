/* datasets/dictionary.csv: one variable a row; columns found by their names. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number_read.h"
#include "engine/language/csv_text.h"
#include "engine/language/dictionary_build.h"

typedef enum column {
    NAME,
    TYPE,
    UNIT,
    DECIMALS,
    PLAUSIBLE_MIN,
    PLAUSIBLE_MAX,
    HARD_MIN,
    HARD_MAX,
    CODES,
    LOINC,
    LOINC_STATUS,
    LABEL_ZH,
    LABEL_EN,
    ALIASES,
    ALT_UNITS,
    DOMAIN,
    NOTE,
    ONLY_FOR,
    OTHER_NAMES, /* the column may be left out */
    COLUMN_COUNT
} column;

static const char *const column_names[COLUMN_COUNT] = {
    "name",      "type",   "unit",  "decimals",     "plausible_min", "plausible_max", "hard_min",
    "hard_max",  "codes",  "loinc", "loinc_status", "label_zh",      "label_en",      "aliases",
    "alt_units", "domain", "note",  "only_for",     "other_names"};

typedef struct reader {
    hra_dictionary *dictionary;
    hra_memory *memory;
    hra_diagnostics *diagnostics;
    const char *cells[COLUMN_COUNT]; /* of the present row */
    hra_span spans[COLUMN_COUNT];
} reader;

static bool parse_number(const char *text, double *value)
{
    char *end = NULL;
    *value = hra_number_read(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

/* Days since 1970-01-01 of YYYY-MM-DD; NaN if it is no date. */
static double day_of_text(const char *text)
{
    int year, month, day, end = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end]) return NAN;
    return hra_date_exists(year, month, day) ? hra_day_of_date((hra_date){year, month, day}) : NAN;
}

/* A limit: empty, a number, or a day for dates. */
static double limit(reader *r, column c, hra_type type)
{
    const char *text = r->cells[c];
    double value = NAN;
    if (!*text) return NAN;
    if (type == HRA_TYPE_DATE) value = day_of_text(text);
    if (type != HRA_TYPE_DATE && !parse_number(text, &value)) value = NAN;
    if (isnan(value))
        hra_fault(r->diagnostics, r->spans[c], "%s of '%s' is no %s", column_names[c], r->cells[NAME],
                  type == HRA_TYPE_DATE ? "day (YYYY-MM-DD)" : "number");
    return value;
}

static bool type_of(reader *r, hra_type *type)
{
    static const char *const names[] = {"measure", "count", "flag", "category", "date", "label", "text", "id"};
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++) {
        if (strcmp(r->cells[TYPE], names[i]) != 0) continue;
        *type = (hra_type)i;
        return true;
    }
    hra_fault(r->diagnostics, r->spans[TYPE],
              "type of '%s' is '%s'; known are measure, count, flag, category, date, "
              "label, text and id",
              r->cells[NAME], r->cells[TYPE]);
    return false;
}

/* Cuts `text` at the next `sign`; returns the piece (in the arena), moves on. */
static const char *piece(reader *r, const char **text, char sign)
{
    const char *start = *text, *end = strchr(start, sign);
    size_t length = end ? (size_t)(end - start) : strlen(start);
    *text = end ? end + 1 : start + length;
    while (length > 0 && *start == ' ') start++, length--;
    while (length > 0 && start[length - 1] == ' ') length--;
    return hra_take_text(r->memory, start, length);
}

static void add_new(reader *r, hra_list *list, const char *text)
{
    for (int i = 0; i < list->count; i++)
        if (*(const char *)list->items[i] == *text && strcmp(list->items[i], text) == 0) return;
    if (*text) hra_list_add(r->memory, list, (void *)text);
}

static bool is_identifier(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_') return false;
    return *text != '\0';
}

/* name=number|label|label */
static bool level_of(reader *r, const char *text, hra_level *level)
{
    const char *name = piece(r, &text, '=');
    const char *code = piece(r, &text, '|');
    if (!is_identifier(name) || !parse_number(code, &level->number)) {
        hra_fault(r->diagnostics, r->spans[CODES], "codes of '%s': expected name=number|label|..., found '%s=%s'",
                  r->cells[NAME], name, code);
        return false;
    }
    hra_list labels = {0};
    add_new(r, &labels, name);
    add_new(r, &labels, code);
    while (*text) add_new(r, &labels, piece(r, &text, '|'));
    level->name = name;
    level->labels = (const char *const *)labels.items;
    level->label_count = labels.count;
    return true;
}

static void levels_of(reader *r, hra_variable *v)
{
    const char *text = r->cells[CODES];
    if (!strchr(text, '=')) { /* open: whatever the files say */
        v->type = HRA_TYPE_LABEL;
        return;
    }
    int count = 1;
    for (const char *c = text; *c; c++) count += *c == ';';
    hra_level *levels = hra_take_array(r->memory, (size_t)count, sizeof *levels);
    if (!levels) return;
    v->levels = levels;
    while (*text) {
        if (!level_of(r, piece(r, &text, ';'), &levels[v->level_count])) return;
        const char *name = levels[v->level_count].name;
        for (int i = 0; i < v->level_count; i++)
            if (levels[i].name[0] == name[0] && strcmp(levels[i].name, name) == 0)
                hra_fault(r->diagnostics, r->spans[CODES], "level '%s' of '%s' is given twice", name, v->name);
        v->level_count++;
    }
}

/* unit:*factor, unit:/divisor, unit:*factor+offset, and @NAME|NAME or @ behind it */
static void units_of(reader *r, hra_variable *v)
{
    const char *text = r->cells[ALT_UNITS];
    int count = *text != '\0';
    for (const char *c = text; *c; c++) count += *c == ';';
    hra_unit_conversion *units = hra_take_array(r->memory, (size_t)count, sizeof *units);
    if (!units) return;
    v->units = units;
    while (*text) {
        const char *row = piece(r, &text, ';');
        hra_unit_conversion *u = &units[v->unit_count];
        u->unit = piece(r, &row, ':');
        char op = *row, *end = NULL;
        u->factor = op == '*' || op == '/' ? strtod(row + 1, &end) : 0;
        if (end && op == '/') u->factor = 1 / u->factor;
        if (end && (*end == '+' || *end == '-')) u->offset = strtod(end, &end);
        if (end && *end == '@' && strchr(u->unit, '-')) {
            u->names = end + 1;
            end += strlen(end);
        }
        if (!end || *end || !(u->factor > 0) || !isfinite(u->factor)) {
            hra_fault(r->diagnostics, r->spans[ALT_UNITS],
                      "alt_units of '%s': expected unit:*factor or unit:*factor+offset, then perhaps @NAMES", v->name);
            return;
        }
        v->unit_count++;
    }
}

static void aliases_of(reader *r, hra_variable *v)
{
    hra_list list = {0};
    add_new(r, &list, v->label_zh);
    add_new(r, &list, v->label_en);
    for (const char *text = r->cells[ALIASES]; *text;) add_new(r, &list, piece(r, &text, '|'));
    v->common_alias_count = list.count;
    for (const char *text = r->cells[OTHER_NAMES]; *text;) add_new(r, &list, piece(r, &text, '|'));
    v->aliases = (const char *const *)list.items;
    v->alias_count = list.count;
}

/* Empty, models, category=level, category!=level or flag=yes */
static void only_for_of(reader *r, hra_variable *v)
{
    const char *text = r->cells[ONLY_FOR];
    if (!*text) return;
    const char *sign = strstr(text, "!=");
    v->only_for_others = sign != NULL;
    const char *category = piece(r, &text, sign ? '!' : '=');
    if (sign) text = sign + 2;
    hra_dictionary_only_for(r->dictionary, v, category, text, r->spans[ONLY_FOR], r->diagnostics);
}

static void row(reader *r)
{
    hra_variable v = {.name = r->cells[NAME],
                      .unit = r->cells[UNIT],
                      .loinc = r->cells[LOINC],
                      .loinc_confirmed = strcmp(r->cells[LOINC_STATUS], "confirmed") == 0,
                      .label_zh = r->cells[LABEL_ZH],
                      .label_en = r->cells[LABEL_EN],
                      .domain = r->cells[DOMAIN],
                      .note = r->cells[NOTE]};
    if (!is_identifier(v.name)) {
        hra_fault(r->diagnostics, r->spans[NAME], "'%s' is not a name: letters, digits and _", v.name);
        return;
    }
    if (hra_dictionary_find(r->dictionary, v.name) >= 0) {
        hra_fault(r->diagnostics, r->spans[NAME], "variable '%s' is given twice", v.name);
        return;
    }
    if (!type_of(r, &v.type)) return;
    bool is_number = v.type == HRA_TYPE_MEASURE || v.type == HRA_TYPE_COUNT;
    double decimals = 0;
    if (*r->cells[DECIMALS] && (!parse_number(r->cells[DECIMALS], &decimals) || decimals < 0 || decimals > 9))
        hra_fault(r->diagnostics, r->spans[DECIMALS], "decimals of '%s' must be 0 to 9", v.name);
    if (v.type == HRA_TYPE_MEASURE && !*r->cells[DECIMALS])
        hra_fault(r->diagnostics, r->spans[NAME], "measure '%s' needs decimals", v.name);
    v.decimals = (int)decimals;
    v.plausible_min = limit(r, PLAUSIBLE_MIN, v.type);
    v.plausible_max = limit(r, PLAUSIBLE_MAX, v.type);
    v.hard_min = limit(r, HARD_MIN, v.type);
    v.hard_max = limit(r, HARD_MAX, v.type);
    if (v.type == HRA_TYPE_CATEGORY) levels_of(r, &v);
    if (is_number) units_of(r, &v);
    aliases_of(r, &v);
    only_for_of(r, &v);
    hra_dictionary_add(r->dictionary, r->memory, &v);
}

/* The header row says which cell is which column; others are passed over. */
static int read_header(reader *r, hra_csv_text *csv, int *columns, int capacity)
{
    int count = 0;
    bool seen[COLUMN_COUNT] = {false};
    hra_csv_cell cell;
    while (hra_csv_text_next(csv, count == 0, &cell)) {
        if (count < capacity) columns[count] = -1;
        for (int i = 0; i < COLUMN_COUNT && count < capacity; i++)
            if (strcmp(cell.text, column_names[i]) == 0) {
                columns[count] = i;
                seen[i] = true;
            }
        count++;
        if (cell.last_of_row) break;
    }
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (!seen[i] && i != OTHER_NAMES)
            hra_fault(r->diagnostics, (hra_span){csv->script, 0, 1}, "the dictionary has no column '%s'",
                      column_names[i]);
    return count < capacity ? count : capacity;
}

void hra_dictionary_read_csv(hra_dictionary *dictionary, hra_memory *memory, const hra_script *script,
                             hra_diagnostics *diagnostics)
{
    int columns[64];
    reader r = {.dictionary = dictionary, .memory = memory, .diagnostics = diagnostics};
    hra_csv_text csv = hra_csv_text_open(script);
    int width = read_header(&r, &csv, columns, 64);
    hra_csv_cell cell;
    while (!csv.cell.failed) {
        int at = 0;
        for (int i = 0; i < COLUMN_COUNT; i++) r.cells[i] = "";
        while (hra_csv_text_next(&csv, at == 0, &cell)) {
            if (at < width && columns[at] >= 0) {
                if (*cell.text) r.cells[columns[at]] = hra_take_text(r.memory, cell.text, strlen(cell.text));
                r.spans[columns[at]] = cell.span;
            }
            at++;
            if (cell.last_of_row) break;
        }
        if (at == 0) break;
        if (at > width)
            hra_fault(diagnostics, cell.span, "row with %d cells; the header has %d", at, width);
        else
            row(&r);
    }
    r.memory->failed |= csv.cell.failed;
    hra_csv_text_close(&csv);
}
