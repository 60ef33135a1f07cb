#include "io/header_match.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "io/csv_bind_file.h"
#include "io/header_unit.h"
#include "io/text_fold.h"

/* Names before labels before aliases: a better kind of name wins over a worse one of another variable. */
enum tier { TIER_NAME, TIER_LABEL, TIER_ALIAS, TIER_COUNT };
static const char *const tier_names[] = {"name", "label", "alias"};
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

static bool has_letter(const char *text, size_t length)
{
    for (const char *end = text + length; text < end; text++)
        if ((unsigned char)*text >= 0x80 || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z'))
            return true;
    return false;
}

static bool add_name(hra_name_index *index, enum tier tier, const char *name, int variable)
{
    char key[HRA_HEADER_TEXT];
    if (!name || !hra_header_key(name, key) || !*key) return true;
    index->letterless |= !has_letter(key, strlen(key));
    int64_t known = hra_map_get(index->tiers[tier], key);
    if (known == variable) return true;
    return hra_map_set(index->tiers[tier], key, known < 0 ? variable : AMBIGUOUS) == 0;
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

/* Variable, AMBIGUOUS or -1. */
static int find_key(const hra_name_index *index, const char *key, enum tier *tier)
{
    for (int t = 0; t < TIER_COUNT; t++) {
        int64_t variable = hra_map_get(index->tiers[t], key);
        if (variable < 0) continue;
        *tier = (enum tier)t;
        return (int)variable;
    }
    return -1;
}

static bool has_name(const hra_variable *v, const char *key, enum tier tier)
{
    char own[HRA_HEADER_TEXT];
    if (tier == TIER_LABEL)
        return (v->label_zh && hra_header_key(v->label_zh, own) && strcmp(own, key) == 0) ||
               (v->label_en && hra_header_key(v->label_en, own) && strcmp(own, key) == 0);
    for (int a = 0; a < v->alias_count; a++)
        if (hra_header_key(v->aliases[a], own) && strcmp(own, key) == 0) return true;
    return false;
}

/* No match, for a reason that a person may want in another language. */
static bool say_doubt(hra_arena *arena, const char *sentence, const char *first, const char *second,
                      hra_header_match *match)
{
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
    return say_doubt(arena, "ambiguous: %s? say which in a map file", hra_arena_text(arena, names), "", match);
}

/* Folds a name that ends with a bracket, marks behind it aside, and cuts that bracket off: its length, 0 if it has
 * none. Marks inside stay: 10*9/L is a unit. */
static size_t fold_bracketed(const char *header, char text[HRA_HEADER_TEXT])
{
    char behind[HRA_HEADER_TEXT];
    int length = hra_fold(header, strlen(header), HRA_FOLD_NO_SPACES, text, HRA_HEADER_TEXT);
    while (length >= 3 && text[length - 1] != ')' && text[length - 1] != ']') length--;
    if (length < 3 || hra_fold(text + length, strlen(text + length), HRA_FOLD_NO_MARKS, behind, sizeof behind) != 0)
        return 0;
    text[length - 1] = '\0';
    return (size_t)length - 1;
}

/* Pressures in one cell have the unit of each, which stands in the header: 血压(mmHg). */
static bool is_unit_of_pair(const hra_name_index *index, const hra_variable *v, const char *inner)
{
    int first, second;
    if (!hra_pair_parts(index->dictionary, v, &first, &second)) return false;
    const hra_variable *part = hra_dictionary_at(index->dictionary, first);
    const char *unit = hra_unit_in_header(part, inner);
    return unit && strcmp(unit, part->unit) == 0;
}

/* 血糖(餐后2小时): what stands in the brackets may belong to the name, before it. */
static int find_qualified(const hra_name_index *index, const char *name, const char *inner, enum tier *tier)
{
    char whole[HRA_HEADER_TEXT], key[HRA_HEADER_TEXT];
    int length = snprintf(whole, sizeof whole, "%s%s", inner, name);
    if (length >= (int)sizeof whole || !hra_header_key(whole, key)) return -1;
    int variable = find_key(index, key, tier);
    return variable == AMBIGUOUS ? -1 : variable;
}

/* What stands in the brackets: a unit, another name of the same variable, a part of the name, or something unknown. */
static bool judge_bracket(const hra_name_index *index, int variable, const char *name, const char *inner,
                          const char *how, hra_arena *arena, hra_header_match *match)
{
    const hra_variable *v = hra_dictionary_at(index->dictionary, variable);
    char key[HRA_HEADER_TEXT];
    enum tier inner_tier;
    const char *unit = hra_unit_in_header(v, inner);
    if (unit || (hra_header_key(inner, key) && find_key(index, key, &inner_tier) == variable) ||
        is_unit_of_pair(index, v, inner)) {
        *match = (hra_header_match){.variable = variable, .unit = unit, .how = how};
        return true;
    }
    int qualified = find_qualified(index, name, inner, &inner_tier);
    if (qualified >= 0) {
        *match = (hra_header_match){.variable = qualified, .how = tier_names[inner_tier]};
        return true;
    }
    const char *shown = hra_arena_text(arena, inner);
    return shown && say_doubt(arena, "looks like %s, but '%s' is none of its units; say so in a map file", v->name,
                              shown, match);
}

/* 血糖(mmol/L)(空腹): the unit stands before a part of the name. */
static bool find_turned(const hra_name_index *index, const char *before, const char *inner, hra_header_match *match)
{
    char name[HRA_HEADER_TEXT];
    enum tier tier;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(before, "(["), before);
    int variable = find_qualified(index, name, inner, &tier);
    const char *open = before + strlen(name), *unit;
    if (variable < 0 || !*open || strpbrk(open + 1, "([")) return false;
    if (hra_header_unit(hra_dictionary_at(index->dictionary, variable), before, &unit) != HRA_HEADER_UNIT) return false;
    *match = (hra_header_match){.variable = variable, .unit = unit, .how = tier_names[tier]};
    return true;
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
        if (variable >= 0) return judge_bracket(index, variable, text, text + i + 1, tier_names[tier], arena, match);
        if (!strpbrk(text + i + 1, "([") && !find_with_bracket(index, text, arena, &before)) return false;
        if (before.variable >= 0 && !before.unit)
            return judge_bracket(index, before.variable, text, text + i + 1, before.how, arena, match);
        if (before.variable >= 0 && !strpbrk(text + i + 1, "([") && find_turned(index, text, text + i + 1, match))
            return true;
        text[i] = bracket;
    }
    return true;
}

bool hra_header_may_name(const hra_name_index *index, const char *text, size_t length)
{
    return length > 0 && (index->letterless || has_letter(text, length));
}

/* 身高/cm, 总胆固醇mg/dL, 收缩压 mmHg: a unit without brackets behind the name. */
static bool find_with_tail(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    char text[HRA_HEADER_TEXT], name[HRA_HEADER_TEXT], key[HRA_HEADER_TEXT];
    size_t length;
    if (hra_fold(header, strlen(header), 0, text, sizeof text) < 0) return true;
    for (size_t at = 0; (at = hra_header_tail(text, at + 1, &length)) > 0;) {
        enum tier tier;
        hra_header_match before = {.variable = -1};
        snprintf(name, sizeof name, "%.*s", (int)length, text);
        int variable = hra_header_key(name, key) ? find_key(index, key, &tier) : -1;
        if (variable >= 0 && variable != AMBIGUOUS)
            before = (hra_header_match){.variable = variable, .how = tier_names[tier]};
        else if (!find_with_bracket(index, name, arena, &before))
            return false;
        if (before.variable < 0) continue;
        const hra_variable *v = hra_dictionary_at(index->dictionary, before.variable);
        const char *unit = hra_header_tail_unit(v, text + at);
        if (!unit && !is_unit_of_pair(index, v, text + at)) continue;
        *match = (hra_header_match){.variable = before.variable, .unit = unit, .how = before.how};
        return true;
    }
    return true;
}

/* Two units, or one of two meanings, are no match. */
static bool check_unit(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    const hra_variable *v = hra_dictionary_at(index->dictionary, match->variable);
    const char *unit;
    hra_header_units units = hra_header_unit(v, header, &unit);
    if (units == HRA_HEADER_TWO_UNITS) {
        match->variable = -1;
        return say_doubt(arena, "looks like %s, but names two units; say which in a map file", v->name, "", match);
    }
    if (units == HRA_HEADER_TWOFOLD) {
        match->variable = -1;
        return say_doubt(arena,
                         "looks like %s, but its unit is written for two quantities; say which in a map file: %s",
                         v->name, hra_unit_choices(v, unit, header), match);
    }
    match->unit = unit;
    return true;
}

static bool find_by_name(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    char key[HRA_HEADER_TEXT];
    enum tier tier;
    if (!hra_header_key(header, key)) return true;
    int variable = find_key(index, key, &tier);
    if (variable == AMBIGUOUS) return say_ambiguous(index, key, tier, arena, match);
    if (variable >= 0) {
        match->variable = variable;
        match->how = tier_names[tier];
        return true;
    }
    if (!find_with_bracket(index, header, arena, match)) return false;
    return match->variable >= 0 || match->doubt || find_with_tail(index, header, arena, match);
}

bool hra_header_find(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    *match = (hra_header_match){.variable = -1, .how = "no such variable"};
    if (!hra_header_may_name(index, header, strlen(header))) return true;
    if (!find_by_name(index, header, arena, match)) return false;
    return match->variable < 0 || check_unit(index, header, arena, match);
}
