/* A cell as one number: what stands before, in and behind it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

static const hra_reading_rules defaults;

/* One cell while it is read. */
typedef struct reading {
    const hra_number_reader *reader;
    const hra_reading_rules *rules;
    hra_suffix around; /* what stands around the number */
    uint8_t altered;
    bool numeral; /* Chinese: taken only with a unit, or two of them at least */
    bool range;
} reading;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- digits and points ------------------------------------------------------------------ */

/* "1,203": one to three digits, then groups of exactly three. */
static bool is_thousands(const char *text)
{
    size_t head = strspn(text, "0123456789");
    if (head < 1 || head > 3 || text[head] != ',') return false;
    const char *at = text + head;
    for (; *at == ','; at += 4)
        if (strspn(at + 1, "0123456789") != 3) return false;
    return *at == '\0' || (*at == '.' && at[1 + strspn(at + 1, "0123456789")] == '\0');
}

static void drop_commas(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ',') *to++ = *from;
    *to = '\0';
}

/* 。 and · between two digits are a decimal point typed with a Chinese keyboard; so is a comma where the rules say it.
 */
static bool fix_point(char *text, bool comma)
{
    static const char *const points[] = {"。", "·", ","};
    for (size_t i = 0; i < 2 + (size_t)comma; i++) {
        char *at = strstr(text, points[i]);
        size_t length = strlen(points[i]);
        if (!at || at == text || !is_digit(at[-1]) || !is_digit(at[length])) continue;
        *at = '.';
        memmove(at + 1, at + length, strlen(at + length) + 1);
        return true;
    }
    return false;
}

/* "200 10^9/L": the power is the unit's. */
static bool is_power(const char *text)
{
    static const char *const powers[] = {"10^", "10*", "10E", "10e", "10⁹", "10¹"};
    for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++)
        if (strncmp(text, powers[i], strlen(powers[i])) == 0) return true;
    return false;
}

/* "5 .6", "5. 6", "12 3": one number or two? */
static bool has_inner_space(const char *text)
{
    for (const char *at = strchr(text, ' '); at; at = strchr(at + 1, ' ')) {
        bool before = at > text && (is_digit(at[-1]) || at[-1] == '.');
        bool after = is_digit(at[1]) || at[1] == '.';
        if (before && after && !is_power(at + 1)) return true;
    }
    return false;
}

/* A number at `text`, in digits or Chinese numerals. Returns where it ends, NULL: there is none. */
static const char *read_one(reading *r, const char *text, double *value)
{
    const char *end = text + strlen(text), *rest = hra_read_decimal(text, end, value);
    if (rest != text) return rest;
    int number, numerals;
    size_t length = hra_read_numeral(text, &number, &numerals);
    if (length == 0) return NULL;
    *value = number;
    r->numeral = numerals == 1;
    r->altered |= HRA_ALTERED_NUMERAL;
    return text + length;
}

/* ---- numbers of two parts ----------------------------------------------------------------- */

/* "2尺3" is 2.3 尺, "1米75" 1.75 m: the digits go on behind the unit. Rewrites to "2.3尺". */
static bool join_split_unit(char *text)
{
    static const struct {
        const char *sign, *unit;
        size_t digits; /* at most */
    } splits[] = {{"尺", "尺", 1}, {"米", "m", 2}, {"m", "m", 2}};
    size_t whole = strspn(text, "0123456789");
    for (size_t i = 0; whole > 0 && i < sizeof splits / sizeof splits[0]; i++) {
        size_t sign = strlen(splits[i].sign);
        if (strncmp(text + whole, splits[i].sign, sign) != 0) continue;
        const char *digits = text + whole + sign;
        size_t count = strspn(digits, "0123456789");
        const char *rest = digits + count;
        char second = '\0';
        if (strncmp(rest, "寸", 3) == 0) { /* 2尺3寸5 */
            rest += 3;
            if (is_digit(*rest)) second = *rest++;
        }
        if (count < 1 || count > splits[i].digits || *rest) continue;
        char joined[HRA_CELL_TEXT];
        snprintf(joined, sizeof joined, "%.*s.%.*s%.1s%s", (int)whole, text, (int)count, digits,
                 second ? (char[]){second, '\0'} : "", splits[i].unit);
        strcpy(text, joined);
        return true;
    }
    return false;
}

/* The length of one of the words at `text`, which is in any case; 0: none of them. */
static size_t one_of_words(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strncasecmp(text, *words, strlen(*words)) == 0) return strlen(*words);
    return 0;
}

/* "5'10\"" and "5 ft 10 in" are 70 inches; a number of feet alone needs its unit. Rewrites to "70inch". */
static void join_feet(const hra_variable *v, char *text)
{
    static const char *const feet_words[] = {"feet", "foot", "ft.", "ft", "'", "’", "′", "英尺", "呎", NULL};
    static const char *const inch_words[] = {"inches", "inch", "in.", "in", "\"", "”", "″", "''", "英寸", "吋", NULL};
    double factor, offset;
    size_t whole = strspn(text, "0123456789");
    const char *at = text + whole + strspn(text + whole, " ");
    size_t sign = one_of_words(at, feet_words);
    if (whole < 1 || whole > 2 || sign == 0 || !hra_variable_unit(v, "inch", &factor, &offset)) return;
    at += sign + strspn(at + sign, " ");
    char inches[8] = "0";
    size_t digits = strspn(at, "0123456789.");
    if (digits >= sizeof inches || (digits == 0 && *at)) return;
    if (digits > 0) snprintf(inches, sizeof inches, "%.*s", (int)digits, at);
    at += digits + strspn(at + digits, " ");
    at += one_of_words(at, inch_words);
    double more;
    const char *end = inches + strlen(inches);
    if (*at || hra_read_decimal(inches, end, &more) != end || more >= 12) return;
    snprintf(text, HRA_CELL_TEXT, "%.10ginch", atoi(text) * 12 + more);
}

/* "5年3个月", "两年半" behind their first number: adds the rest of a year. NULL: it is not that. */
static const char *add_months(const hra_variable *v, const char *rest, double *value)
{
    if (strcmp(v->unit, "year") != 0) return NULL;
    const char *at = strncmp(rest, "年", 3) == 0 || strncmp(rest, "岁", 3) == 0 ? rest + 3 : NULL;
    if (!at) return NULL;
    if (strcmp(at, "半") == 0) {
        *value += 0.5;
        return at + 3;
    }
    if (strncmp(at, "零", 3) == 0) at += 3;
    size_t digits = strspn(at, "0123456789");
    int months;
    if (digits < 1 || digits > 2 || sscanf(at, "%2d", &months) != 1 || months > 11) return NULL;
    if (strcmp(at + digits, "个月") != 0 && strcmp(at + digits, "月") != 0) return NULL;
    *value += months / 12.0;
    return at + strlen(at);
}

/* "20-30", "3~5", "10至20支": the second number behind the first. */
static const char *read_range(reading *r, const char *rest, double *value, const char **reason)
{
    static const char *const signs[] = {"-", "~", "至", "到"};
    while (*rest == ' ') rest++;
    for (size_t i = 0; i < 4; i++) {
        size_t length = strlen(signs[i]);
        if (strncmp(rest, signs[i], length) != 0) continue;
        const char *second = rest + length;
        while (*second == ' ') second++;
        if (!is_digit(*second)) continue;
        double high;
        const char *after = hra_read_decimal(second, second + strlen(second), &high);
        if (!(high > *value)) *reason = "two numbers of which the second is not the larger";
        if (r->rules->span == HRA_SPAN_MIDPOINT) *value = (*value + high) / 2;
        r->range = true;
        return after;
    }
    return rest;
}

/* ---- the value ---------------------------------------------------------------------------- */

/* In the column's unit: as it stands, or from another unit of the variable into the canonical one. */
static hra_cell_value in_unit(const reading *r, double value)
{
    const hra_number_reader *reader = r->reader;
    double factor, offset, column_factor, column_offset;
    const char *unit = r->around.unit ? r->around.unit : reader->unit;
    if (!hra_variable_unit(reader->variable, unit, &factor, &offset) ||
        !hra_variable_unit(reader->variable, reader->unit, &column_factor, &column_offset))
        return hra_cell_rejected("unit in the cell");
    if (factor == column_factor && offset == column_offset) return hra_cell_known(value, r->altered);
    if (column_factor == 1 && column_offset == 0) return hra_cell_known(value * factor + offset, r->altered);
    return hra_cell_rejected("unit in the cell differs from the unit of the column");
}

static double bounded(const hra_reading_rules *rules, double bound)
{
    if (rules->bound == HRA_BOUND_HALF) return bound / 2;
    return rules->bound == HRA_BOUND_ROOT2 ? bound / sqrt(2.0) : bound;
}

/* Completed years of months; years of other variables keep their fraction. */
static double years_of_months(const hra_variable *v, double months)
{
    return v->type == HRA_TYPE_COUNT ? floor(months / 12) : months / 12;
}

static hra_cell_value finish(reading *r, double value)
{
    const hra_variable *v = r->reader->variable;
    hra_bounder bounder = r->around.bounder;
    bool bound = bounder == HRA_BOUNDER_BELOW || bounder == HRA_BOUNDER_ABOVE;
    if (!isfinite(value)) return hra_cell_rejected("number out of range");
    if (r->range && bound) return hra_cell_rejected("a range and a comparator in one cell");
    if (r->numeral && !r->around.unit && !r->around.months)
        return hra_cell_rejected("a single Chinese numeral without a unit");
    if ((r->altered & HRA_ALTERED_NUMERAL) && r->around.remark) return hra_cell_rejected("text instead of a number");
    if (r->around.months) value = years_of_months(v, value);
    if (bounder == HRA_BOUNDER_BELOW) value = bounded(r->rules, value);
    if (r->around.remark || bounder == HRA_BOUNDER_ABOUT) r->altered |= HRA_ALTERED_REMARK;
    if (r->around.unit || r->around.months) r->altered |= HRA_ALTERED_UNIT;
    if (value == 0 && !bound && !r->around.unit && v->hard_min > 0)
        return (hra_cell_value){.kind = HRA_CELL_MISSING, .mark = HRA_MARK_NOT_DONE, .reason = HRA_REASON_ZERO};
    hra_cell_value result = in_unit(r, value);
    if (result.kind != HRA_CELL_KNOWN) return result;
    if (bound) result.mark = bounder == HRA_BOUNDER_BELOW ? HRA_MARK_BELOW : HRA_MARK_ABOVE;
    if (r->range) result.mark = HRA_MARK_RANGE;
    return result;
}

/* What stands behind the first number. */
static hra_cell_value read_rest(reading *r, double value, const char *rest)
{
    char suffix[HRA_CELL_TEXT];
    const char *reason = NULL, *months = add_months(r->reader->variable, rest, &value);
    if (months) {
        r->around.unit = r->reader->variable->unit;
        if (r->reader->variable->type == HRA_TYPE_COUNT) value = floor(value);
        rest = months;
    } else {
        rest = read_range(r, rest, &value, &reason);
    }
    if (reason) return hra_cell_rejected(reason);
    if (hra_fold(rest, strlen(rest), HRA_FOLD_NO_SPACES, suffix, sizeof suffix) < 0)
        return hra_cell_rejected("text instead of a number");
    if (*suffix == '/' && is_digit(suffix[1])) return hra_cell_rejected("two numbers in the cell of one");
    if (!hra_read_suffix(r->reader, suffix, &r->around))
        return hra_cell_rejected("text after the number is neither a unit of this variable nor a known remark");
    return finish(r, value);
}

/* 虚岁 is one or two more than the completed years: no rule can tell which. */
static bool is_nominal_age(const char *text) { return strstr(text, "虚岁") || strstr(text, "(虚)"); }

/* 0.058 as 5.8: the point moves in the digits, so the result is rounded once. */
static void read_fraction(reading *r, const char *start, const char **rest, double *value)
{
    const hra_number_reader *reader = r->reader;
    char shifted[HRA_CELL_TEXT];
    if (!r->rules->percent_fractions || strcmp(reader->unit, "%") != 0 || **rest) return;
    int length = snprintf(shifted, sizeof shifted, "%.*se2", (int)(*rest - start), start);
    double percent;
    if (length >= (int)sizeof shifted || strpbrk(start, "eE")) return;
    hra_read_decimal(shifted, shifted + length, &percent);
    *value = percent;
    r->altered |= HRA_ALTERED_POINT;
}

hra_cell_value hra_cell_number(const hra_number_reader *reader, const char *text, size_t length, bool grouped)
{
    char folded[HRA_CELL_TEXT];
    hra_cell_value missing;
    reading r = {.reader = reader, .rules = reader->rules ? reader->rules : &defaults};
    if (hra_cell_clean(text, length, 0, folded, sizeof folded, &r.altered) < 0)
        return hra_cell_rejected("text instead of a number");
    if (hra_missing_word(folded, true, &missing)) return missing;
    bool comma = r.rules->decimal_comma;
    if (comma && strchr(folded, ',') && strchr(folded, '.'))
        return hra_cell_rejected("a point and a comma in one number");
    join_feet(reader->variable, folded);
    if (fix_point(folded, comma)) r.altered |= HRA_ALTERED_POINT;
    if (grouped && !comma && is_thousands(folded)) {
        drop_commas(folded);
        r.altered |= HRA_ALTERED_POINT;
    }
    if (is_nominal_age(folded))
        return hra_cell_rejected("虚岁 is not an age in completed years; the birth date is needed");
    if (has_inner_space(folded)) return hra_cell_rejected("a space between digits");
    join_split_unit(folded);
    const char *start = hra_skip_prefix(reader->variable, folded, &r.around);
    double value;
    const char *rest = read_one(&r, start, &value);
    if (!rest) return hra_cell_rejected("text instead of a number");
    read_fraction(&r, start, &rest, &value);
    return read_rest(&r, value, rest);
}
