#include "io/csv/header_match_internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "io/csv/csv_bind_file.h"
#include "io/words/text_fold.h"

/* Names before labels before aliases before other spellings of these: a better kind of name wins over a worse one of
 * another variable. */
enum tier { TIER_NAME, TIER_LABEL, TIER_ALIAS, TIER_SPELLING, TIER_COUNT };
static const char *const tier_names[] = {"name", "label", "alias", "spelling"};
enum { AMBIGUOUS = INT32_MAX };

struct hra_name_index {
    const hra_dictionary *dictionary;
    hra_map *tiers[TIER_COUNT]; /* key -> variable, or AMBIGUOUS */
    bool letterless;            /* some name has no letter: else numbers need not be looked up */
};

bool hra_header_key(const char *header, char key[HRA_HEADER_TEXT])
{
    int flags = HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES | HRA_FOLD_NO_MARKS;
    return hra_fold(header, strlen(header), flags, key, HRA_HEADER_TEXT) >= 0;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool has_letter(const char *text, size_t length)
{
    for (const char *end = text + length; text < end; text++)
        if ((unsigned char)*text >= 0x80 || is_letter(*text)) return true;
    return false;
}

static bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

static bool is_joint(char c) { return c == '_' || c == '-' || c == '.'; }

/* A key as if the words of the name were not joined: "heart_rate", "heart-rate" and "heart.rate" are "heartrate". False
 * where none are; short ones (n-a) are no words. */
static bool unjoined(const char *key, char out[HRA_HEADER_TEXT])
{
    enum { SHORTEST = 4 };
    size_t used = 0;
    for (const char *c = key; *c; c++) {
        bool joins = is_joint(*c) && c > key && is_letter_or_digit(c[-1]) && is_letter_or_digit(c[1]);
        if (!joins || !(is_letter(c[-1]) || is_letter(c[1]))) out[used++] = *c;
    }
    out[used] = '\0';
    return used >= SHORTEST && key[used];
}

static bool add_key(hra_name_index *index, enum tier tier, const char *key, int variable)
{
    int64_t known = hra_map_get(index->tiers[tier], key);
    if (known == variable) return true;
    return hra_map_set(index->tiers[tier], key, known < 0 ? variable : AMBIGUOUS) == 0;
}

static bool add_name(hra_name_index *index, enum tier tier, const char *name, int variable)
{
    char key[HRA_HEADER_TEXT], plain[HRA_HEADER_TEXT];
    if (!name || !hra_header_key(name, key) || !*key) return true;
    index->letterless |= !has_letter(key, strlen(key));
    if (!add_key(index, tier, key, variable)) return false;
    /* names of definitions are met as they are: "urine_protein" is a dipstick, "urine protein" may be a quantity */
    return tier == TIER_NAME || !unjoined(key, plain) || add_key(index, TIER_SPELLING, plain, variable);
}

hra_name_index *hra_name_index_new(const hra_dictionary *dictionary)
{
    hra_name_index *index = calloc(1, sizeof *index);
    if (!index) return NULL;
    index->dictionary = dictionary;
    bool good = true;
    for (int t = 0; t < TIER_COUNT; t++) good = (index->tiers[t] = hra_map_new()) && good;
    for (int i = 0; good && i < hra_dictionary_count(dictionary); i++) {
        const hra_variable *v = hra_dictionary_at(dictionary, i);
        good = add_name(index, TIER_NAME, v->name, i) && add_name(index, TIER_LABEL, v->label_zh, i) &&
               add_name(index, TIER_LABEL, v->label_en, i);
        for (int a = 0; good && a < v->alias_count; a++) good = add_name(index, TIER_ALIAS, v->aliases[a], i);
    }
    if (good) return index;
    hra_name_index_free(index);
    return NULL;
}

void hra_name_index_free(hra_name_index *index)
{
    if (!index) return;
    for (int t = 0; t < TIER_COUNT; t++) hra_map_free(index->tiers[t]);
    free(index);
}

const hra_dictionary *hra_name_index_dictionary(const hra_name_index *index) { return index->dictionary; }

static int find_exact(const hra_name_index *index, const char *key, enum tier *tier)
{
    for (int t = 0; t < TIER_COUNT; t++) {
        int64_t variable = hra_map_get(index->tiers[t], key);
        if (variable < 0) continue;
        *tier = (enum tier)t;
        return (int)variable;
    }
    return -1;
}

/* "3、您的性别：" of a questionnaire is 性别 and "What is your sex?" is sex, without the number of the question and
 * what addresses the reader. */
static bool undecorated(const char *key, char out[HRA_HEADER_TEXT])
{
    size_t number = strspn(key, "0123456789"), length = strlen(key);
    const char *name = key;
    if (number > 0 && number <= 3) {
        const char *behind = key + number;
        size_t mark = strncmp(behind, "、", strlen("、")) == 0 ? strlen("、")
                      : strchr(".:)", *behind) && *behind      ? 1
                                                               : 0;
        if (mark > 0) name = behind + mark;
    }
    static const char *const addresses[] = {"您的", "您", "你的", "whatisyour", "your"};
    for (size_t i = 0, n; i < sizeof addresses / sizeof addresses[0]; i++)
        if (n = strlen(addresses[i]), strncmp(name, addresses[i], n) == 0) {
            name += n;
            break;
        }
    while (key + length > name && strchr(":?", key[length - 1])) length--;
    length -= (size_t)(name - key);
    memcpy(out, name, length);
    out[length] = '\0';
    return length > 0 && strcmp(out, key) != 0;
}

/* Variable, AMBIGUOUS or -1. */
static int find_key(const hra_name_index *index, const char *key, enum tier *tier)
{
    char plain[HRA_HEADER_TEXT];
    bool spelt = false;
    int variable = find_exact(index, key, tier);
    if (variable < 0 && unjoined(key, plain)) variable = find_exact(index, plain, tier), spelt = true;
    if (variable < 0 && undecorated(key, plain)) variable = find_exact(index, plain, tier), spelt = true;
    if (variable >= 0 && spelt) *tier = TIER_SPELLING;
    return variable;
}

static bool is_spelled(const char *name, const char *key, enum tier tier)
{
    char own[HRA_HEADER_TEXT], plain[HRA_HEADER_TEXT], plain_key[HRA_HEADER_TEXT];
    if (!name || !hra_header_key(name, own)) return false;
    if (strcmp(own, key) == 0) return true;
    return tier == TIER_SPELLING &&
           strcmp(unjoined(own, plain) ? plain : own, unjoined(key, plain_key) ? plain_key : key) == 0;
}

static bool has_name(const hra_variable *v, const char *key, enum tier tier)
{
    if (tier != TIER_ALIAS && (is_spelled(v->label_zh, key, tier) || is_spelled(v->label_en, key, tier))) return true;
    for (int a = 0; tier != TIER_LABEL && a < v->alias_count; a++)
        if (is_spelled(v->aliases[a], key, tier)) return true;
    return false;
}

bool hra_header_doubt(hra_arena *arena, const char *sentence, const char *first, const char *second,
                      hra_header_match *match)
{
    match->variable = -1;
    match->unit = NULL;
    match->doubt = sentence;
    match->about[0] = first;
    match->about[1] = second;
    match->how = first ? hra_arena_printf(arena, sentence, first, second) : NULL;
    return match->how != NULL;
}

static bool say_ambiguous(const hra_name_index *index, const char *key, enum tier tier, hra_arena *arena,
                          hra_header_match *match)
{
    char names[200] = "";
    size_t used = 0;
    for (int i = 0; i < hra_dictionary_count(index->dictionary); i++) {
        const hra_variable *v = hra_dictionary_at(index->dictionary, i);
        if (!has_name(v, key, tier) || used + strlen(v->name) + 8 > sizeof names) continue;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? " or " : "", v->name);
    }
    return hra_header_doubt(arena, "ambiguous: %s? say which in a map file", hra_arena_text(arena, names), "", match);
}

/* Folds a name that ends with a bracket, marks behind it and the colon of a form aside, and cuts that bracket off: its
 * length, 0 if it has none. Marks inside stay: 10*9/L is a unit. */
static size_t fold_bracketed(const char *header, char text[HRA_HEADER_TEXT])
{
    char behind[HRA_HEADER_TEXT];
    int length = hra_fold(header, strlen(header), HRA_FOLD_NO_SPACES, text, HRA_HEADER_TEXT);
    while (length >= 3 && text[length - 1] != ')' && text[length - 1] != ']') length--;
    if (length < 3 || hra_fold(text + length, strlen(text + length), HRA_FOLD_NO_MARKS, behind, sizeof behind) < 0 ||
        behind[strspn(behind, ":?")])
        return 0;
    text[length - 1] = '\0';
    return (size_t)length - 1;
}

/* A unit in a header, also with marks beside it: "mmol/L↑". */
static const char *unit_in_header(const hra_variable *v, const char *name, const char *text)
{
    char plain[HRA_HEADER_TEXT];
    const char *unit = hra_unit_spelling(v, text, name);
    if (unit || hra_fold(text, strlen(text), HRA_FOLD_NO_MARKS, plain, sizeof plain) < 0) return unit;
    return hra_unit_spelling(v, plain, name);
}

/* Cuts a header into its name and the text of its last bracket; NULL: it does not end with one. */
static const char *last_bracket(const char *header, char name[HRA_HEADER_TEXT])
{
    if (fold_bracketed(header, name) == 0) return NULL;
    char *round = strrchr(name, '('), *square = strrchr(name, '[');
    char *bracket = !square || (round && round > square) ? round : square;
    if (!bracket) return NULL;
    *bracket = '\0';
    return bracket + 1;
}

const char *hra_header_unit(const hra_variable *variable, const char *header)
{
    char name[HRA_HEADER_TEXT];
    const char *text = last_bracket(header, name);
    return text ? unit_in_header(variable, name, text) : NULL;
}

bool hra_header_opens_unit(const hra_variable *variable, const char *header)
{
    char name[HRA_HEADER_TEXT];
    const char *text = last_bracket(header, name);
    return text && hra_unit_choice(variable, text, 0) && !unit_in_header(variable, name, text);
}

/* Pressures in one cell have the unit of each, which stands in the header: 血压(mmHg). */
static bool is_unit_of_pair(const hra_name_index *index, const hra_variable *v, const char *inner)
{
    int first, second;
    if (!hra_pair_parts(index->dictionary, v, &first, &second)) return false;
    const hra_variable *part = hra_dictionary_at(index->dictionary, first);
    const char *unit = unit_in_header(part, NULL, inner);
    return unit && strcmp(unit, part->unit) == 0;
}

bool hra_header_accepts(const hra_name_index *index, int variable, const char *name, const char *text,
                        const char **unit)
{
    const hra_variable *v = hra_dictionary_at(index->dictionary, variable);
    *unit = unit_in_header(v, name, text);
    return *unit || is_unit_of_pair(index, v, text);
}

const char hra_header_open_unit[] = "looks like %s, but its unit may be any of %s; say which in a map file";

bool hra_header_say_open_unit(const hra_name_index *index, int variable, hra_arena *arena, hra_header_match *match)
{
    const hra_variable *v = hra_dictionary_at(index->dictionary, variable);
    const char *units = "", *unit;
    for (int i = 0; units && (unit = hra_unit_choice(v, NULL, i)); i++)
        units = hra_arena_printf(arena, "%s%s%s", units, i ? ", " : "", unit);
    return units && hra_header_doubt(arena, hra_header_open_unit, v->name, units, match);
}

/* What stands in the brackets: a unit, another name of the same variable, or something unknown. */
static bool judge_bracket(const hra_name_index *index, int variable, const char *name, const char *inner,
                          const char *how, hra_arena *arena, hra_header_match *match)
{
    const hra_variable *v = hra_dictionary_at(index->dictionary, variable);
    char key[HRA_HEADER_TEXT];
    enum tier inner_tier;
    const char *unit;
    if (hra_header_accepts(index, variable, name, inner, &unit) ||
        (hra_header_key(inner, key) && find_key(index, key, &inner_tier) == variable)) {
        *match = (hra_header_match){.variable = variable, .unit = unit, .how = how};
        return true;
    }
    if (hra_unit_choice(v, inner, 0)) return hra_header_say_open_unit(index, variable, arena, match);
    const char *shown = hra_arena_text(arena, inner);
    return shown && hra_header_doubt(arena, "looks like %s, but '%s' is none of its units; say so in a map file",
                                     v->name, shown, match);
}

bool hra_header_two_units(const hra_name_index *index, int variable, const char *header, hra_arena *arena,
                          hra_header_match *match)
{
    const char *shown = hra_arena_text(arena, header);
    return shown && hra_header_doubt(arena, "looks like %s, but '%s' names more than one unit; say which in a map file",
                                     hra_dictionary_at(index->dictionary, variable)->name, shown, match);
}

/* 腰围(cm)(米): a name that holds a unit itself, with another one behind it. */
static bool is_other_unit(const hra_variable *v, const char *name, const char *inner)
{
    const char *own = hra_header_unit(v, name), *unit = own ? unit_in_header(v, name, inner) : NULL;
    return unit && strcmp(unit, own) != 0;
}

/* "TC(mg/dL)": tries every opening bracket, the last one first. "总胆固醇(TC)(mg/dL)": what stands before the last one
 * is a name with a bracket itself. */
static bool find_with_bracket(const hra_name_index *index, const char *header, hra_arena *arena,
                              hra_header_match *match)
{
    char text[HRA_HEADER_TEXT], key[HRA_HEADER_TEXT];
    size_t length = fold_bracketed(header, text);
    for (size_t i = length; i-- > 1;) {
        if (text[i] != '(' && text[i] != '[') continue;
        char bracket = text[i];
        text[i] = '\0';
        enum tier tier;
        hra_header_match before = {.variable = -1};
        int variable = hra_header_key(text, key) ? find_key(index, key, &tier) : -1;
        if (variable == AMBIGUOUS) return say_ambiguous(index, key, tier, arena, match);
        if (variable >= 0 && is_other_unit(hra_dictionary_at(index->dictionary, variable), text, text + i + 1))
            return hra_header_two_units(index, variable, header, arena, match);
        if (variable >= 0) return judge_bracket(index, variable, text, text + i + 1, tier_names[tier], arena, match);
        if (!strpbrk(text + i + 1, "([") && !find_with_bracket(index, text, arena, &before)) return false;
        if (before.variable >= 0 && !before.unit)
            return judge_bracket(index, before.variable, text, text + i + 1, before.how, arena, match);
        text[i] = bracket;
    }
    return true;
}

bool hra_header_may_name(const hra_name_index *index, const char *text, size_t length)
{
    return length > 0 && (index->letterless || has_letter(text, length));
}

bool hra_header_find_name(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    char key[HRA_HEADER_TEXT];
    enum tier tier;
    *match = (hra_header_match){.variable = -1, .how = "no such variable"};
    if (!hra_header_may_name(index, header, strlen(header))) return true;
    if (!hra_header_key(header, key)) return true;
    int variable = find_key(index, key, &tier);
    if (variable == AMBIGUOUS) return say_ambiguous(index, key, tier, arena, match);
    if (variable < 0) return find_with_bracket(index, header, arena, match);
    match->variable = variable;
    match->how = tier_names[tier];
    hra_header_match unit = {.variable = -1}; /* an alias may hold its unit: 身高(cm) */
    if (!find_with_bracket(index, header, arena, &unit)) return false;
    if (unit.variable == variable) match->unit = unit.unit;
    return true;
}
