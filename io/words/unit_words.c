/* How people write units, in cells, headers, rows of units and maps: 公斤, umol/l, IU/L, x10^9/L. */
#include "io/words/unit_words.h"

#include <string.h>
#include <strings.h>

#include "io/words/text_fold.h"

enum { UNIT_TEXT = 64, NAME_TEXT = 512 }; /* longer texts are no units, no names */

/* How people write units, and the dictionary's spelling. A word may stand for several: the variable decides. */
static const struct {
    const char *word, *unit;
} spellings[] = {{"公斤", "kg"},
                 {"千克", "kg"},
                 {"市斤", "斤"},
                 {"磅", "lb"},
                 {"公分", "cm"},
                 {"厘米", "cm"},
                 {"米", "m"},
                 {"公尺", "m"},
                 {"市尺", "尺"},
                 {"英寸", "inch"},
                 {"毫米", "mm"},
                 {"毫米汞柱", "mmHg"},
                 {"千帕", "kPa"},
                 {"次/分", "bpm"},
                 {"次/分钟", "bpm"},
                 {"次/min", "bpm"},
                 {"/min", "bpm"},
                 {"/分", "bpm"},
                 {"岁", "year"},
                 {"歲", "year"},
                 {"周岁", "year"},
                 {"足岁", "year"},
                 {"年", "year"},
                 {"y", "year"},
                 {"yr", "year"},
                 {"yrs", "year"},
                 {"years", "year"},
                 {"yearsold", "year"},
                 {"支", "/day"},
                 {"根", "/day"},
                 {"支/日", "/day"},
                 {"支/天", "/day"},
                 {"根/天", "/day"},
                 {"支每天", "/day"},
                 {"包/天", "包"},
                 {"包/日", "包"},
                 {"次/周", "/week"},
                 {"次/星期", "/week"},
                 {"次", "/week"},
                 {"次/月", "/month"},
                 {"次", "/month"},
                 {"天/周", "day/week"},
                 {"天", "day/week"},
                 {"次/周", "day/week"},
                 {"小时", "h"},
                 {"小时/天", "h/day"},
                 {"小时/日", "h/day"},
                 {"小时", "h/day"},
                 {"h", "h/day"},
                 {"小时/周", "h/week"},
                 {"分钟/周", "min/week"},
                 {"分/周", "min/week"},
                 {"分钟", "min/week"},
                 {"克/天", "g/day"},
                 {"克/日", "g/day"},
                 {"g/d", "g/day"},
                 {"克", "g/day"},
                 {"g", "g/day"},
                 {"毫升/天", "mL/day"},
                 {"毫升", "mL/day"},
                 {"ml", "mL/day"},
                 {"步", "step/day"},
                 {"步/天", "step/day"},
                 {"人", "person"},
                 {"个", "person"},
                 {"分", "score"},
                 {"包年", "pack-year"},
                 {"IU/L", "U/L"},
                 {"μIU/mL", "uIU/mL"},
                 {"mU/L", "uIU/mL"},
                 {"mIU/L", "uIU/mL"},
                 {"uIU/mL", "mIU/L"},
                 {"μIU/mL", "mIU/L"},
                 {"mU/L", "mIU/L"},
                 {"毫摩尔/升", "mmol/L"},
                 {"微摩尔/升", "umol/L"},
                 {"mcmol/L", "umol/L"},
                 {"micromol/L", "umol/L"},
                 {"克/升", "g/L"},
                 {"百分之", "%"},
                 {"in", "inch"},
                 {"inches", "inch"},
                 {"lbs", "lb"},
                 {"pound", "lb"},
                 {"pounds", "lb"},
                 {"kgs", "kg"},
                 {"beats/min", "bpm"},
                 {"cigs/day", "/day"},
                 {"cigarettes/day", "/day"},
                 {"perday", "/day"},
                 {"perweek", "/week"},
                 {"times/week", "/week"},
                 {"days/week", "day/week"},
                 {"minutes/week", "min/week"},
                 {"min/wk", "min/week"},
                 {"hours", "h"},
                 {"hrs", "h"},
                 {"hours", "h/day"},
                 {"hours/day", "h/day"},
                 {"hrs/day", "h/day"},
                 {"grams/day", "g/day"},
                 {"ml/d", "mL/day"},
                 {"steps/day", "step/day"},
                 {"percent", "%"},
                 {"10^3/uL", "10^9/L"},
                 {"10^3/μL", "10^9/L"},
                 {"10^3/mm3", "10^9/L"},
                 {"K/uL", "10^9/L"},
                 {"10^6/uL", "10^12/L"},
                 {"10^6/μL", "10^12/L"},
                 {"10^6/mm3", "10^12/L"},
                 {"M/uL", "10^12/L"}};

/* As the dictionary writes it. */
static const char *exact_unit(const hra_variable *variable, const char *unit)
{
    double factor, offset;
    if (!hra_variable_unit(variable, unit, &factor, &offset)) return NULL;
    if (factor == 1 && offset == 0) return variable->unit;
    for (int i = 0; i < variable->unit_count; i++)
        if (variable->units[i].factor == factor && variable->units[i].offset == offset) return variable->units[i].unit;
    return NULL;
}

/* "x10^9/L", "10*9/L", "10E9/L" and "10⁹/L" are one unit. */
static void plain_power(const char *text, char *out, size_t capacity)
{
    static const char *const signs[] = {"×", "x", "X", "*"};
    static const struct {
        const char *sign, *digits;
    } raised[] = {{"⁹", "9"}, {"¹2", "12"}, {"¹²", "12"}}; /* folding has made 2 of ² */
    const char *at = text;
    for (size_t i = 0; i < 4; i++)
        if (strncmp(at, signs[i], strlen(signs[i])) == 0 && strncmp(at + strlen(signs[i]), "10", 2) == 0)
            at += strlen(signs[i]);
    out[0] = '\0';
    if (strlen(at) + 2 > capacity) return;
    strcpy(out, at);
    if (strncmp(at, "10", 2) != 0) return;
    for (size_t i = 0; i < sizeof raised / sizeof raised[0]; i++) {
        size_t length = strlen(raised[i].sign);
        if (strncmp(at + 2, raised[i].sign, length) != 0) continue;
        out[2] = '^';
        strcpy(out + 3, raised[i].digits);
        strcat(out, at + 2 + length);
        return;
    }
    if (at[2] && strchr("^*Ee", at[2])) out[2] = '^';
}

/* The variable's own units, whatever the case of their letters. */
static const char *own_unit(const hra_variable *v, const char *text)
{
    const char *unit = exact_unit(v, text);
    if (!unit && *v->unit && strcasecmp(v->unit, text) == 0) unit = v->unit;
    for (int i = 0; !unit && i < v->unit_count; i++)
        if (strcasecmp(v->units[i].unit, text) == 0) unit = v->units[i].unit;
    return unit;
}

static const char *known_unit(const hra_variable *v, const char *text)
{
    const char *unit = own_unit(v, text);
    for (size_t i = 0; !unit && i < sizeof spellings / sizeof spellings[0]; i++)
        if (strcasecmp(spellings[i].word, text) == 0) unit = exact_unit(v, spellings[i].unit);
    return unit;
}

/* ---- short forms: mg/dL of urea may mean urea, mg/dL-urea, or its nitrogen, mg/dL-N ---------------- */

static bool is_short_for(const hra_unit_conversion *unit, const char *text)
{
    size_t length = unit->names ? strcspn(unit->unit, "-") : 0;
    if (length == 0 || !text) return length > 0;
    return strncasecmp(text, unit->unit, length) == 0 && !text[length];
}

const char *hra_unit_choice(const hra_variable *v, const char *text, int choice)
{
    for (int i = 0; i < v->unit_count; i++)
        if (is_short_for(&v->units[i], text) && choice-- == 0) return v->units[i].unit;
    return NULL;
}

/* A name for comparison: without spaces, marks, case, and what joins words. */
static size_t plain_name(const char *name, size_t length, char out[NAME_TEXT])
{
    size_t used = 0;
    if (hra_fold(name, length, HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES | HRA_FOLD_NO_MARKS, out, NAME_TEXT) < 0)
        out[0] = '\0';
    for (const char *c = out; *c; c++)
        if (!strchr("_-.", *c)) out[used++] = *c;
    out[used] = '\0';
    return used;
}

static bool is_name(const char *part, size_t length, const char *name, size_t name_length)
{
    char plain[NAME_TEXT];
    return length > 0 && plain_name(name, name_length, plain) == length && memcmp(part, plain, length) == 0;
}

/* Whether it is among the names A|B. */
static bool is_listed(const char *part, size_t length, const char *names)
{
    for (size_t own; *names; names += own + (names[own] == '|')) {
        own = strcspn(names, "|");
        if (is_name(part, length, names, own)) return true;
    }
    return false;
}

static bool is_any_name(const char *part, size_t length, const hra_variable *v)
{
    const char *const own[] = {v->name, v->label_zh, v->label_en};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (own[i] && is_name(part, length, own[i], strlen(own[i]))) return true;
    for (int a = 0; a < v->alias_count; a++)
        if (is_name(part, length, v->aliases[a], strlen(v->aliases[a]))) return true;
    return false;
}

/* Whether a column's name says that this unit is meant: 尿素氮(BUN), but not 尿素(BUN), which says both. */
static bool says_unit(const hra_variable *v, const hra_unit_conversion *unit, const char *header)
{
    char key[NAME_TEXT];
    bool said = false;
    plain_name(header, strlen(header), key);
    for (const char *part = key; *part;) {
        size_t length = strcspn(part, "()[]");
        if (is_listed(part, length, unit->names))
            said = true;
        else if (is_any_name(part, length, v))
            return false;
        part += length + strspn(part + length, "()[]");
    }
    return said;
}

static const char *long_form(const hra_variable *v, const char *text, const char *header)
{
    for (int i = 0; header && i < v->unit_count; i++)
        if (is_short_for(&v->units[i], text) && says_unit(v, &v->units[i], header)) return v->units[i].unit;
    return NULL;
}

const char *hra_unit_in_column(const hra_variable *v, const char *text, const char *header, const char *unit)
{
    for (int i = 0; unit && i < v->unit_count; i++)
        if (strcmp(v->units[i].unit, unit) == 0 && is_short_for(&v->units[i], text)) return v->units[i].unit;
    return hra_unit_spelling(v, text, header);
}

const char *hra_unit_spelling(const hra_variable *v, const char *text, const char *header)
{
    char power[UNIT_TEXT];
    if (!*text) return NULL;
    if (hra_unit_choice(v, text, 0)) return long_form(v, text, header);
    const char *unit = known_unit(v, text);
    if (unit) return unit;
    plain_power(text, power, sizeof power);
    return *power ? known_unit(v, power) : NULL;
}
