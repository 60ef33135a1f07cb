/* A unit behind a name, without brackets: 身高/cm, 总胆固醇mg/dL, 收缩压 mmHg. */
#include <string.h>
#include <strings.h>

#include "io/csv/header_match_internal.h"
#include "io/words/text_fold.h"

/* Longer headers are no name and a unit. */
enum { LONGEST = 160 };
static const char separators[] = "/_-:";

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_inside(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Cuts off marks behind the unit: 体重kg*. */
static void cut_marks(char *text)
{
    char none[8];
    for (size_t end = strlen(text), at; end > 0; end = at) {
        for (at = end - 1; at > 0 && is_inside(text[at]);) at--;
        if (hra_fold(text + at, end - at, HRA_FOLD_NO_MARKS, none, sizeof none) != 0) return;
        text[at] = '\0';
    }
}

/* A unit as it may stand in brackets. A single letter says less there: it is in its own case, and apart from letters
 * (WCM and HEIGHT_M are no metres). */
static bool is_unit(const hra_name_index *index, int variable, const char *name, const char *text, bool behind_letter,
                    const char **unit)
{
    char word[LONGEST];
    if (hra_fold(text, strlen(text), HRA_FOLD_NO_SPACES, word, sizeof word) <= 0) return false;
    if (is_letter(word[0]) && !word[1] && (behind_letter || word[0] < 'a')) return false;
    return hra_header_accepts(index, variable, name, word, unit);
}

/* One unit behind a name that ends before `rest`, after one separator or none. */
static bool is_unit_behind(const hra_name_index *index, int variable, const char *name, const char *rest,
                           const char **unit)
{
    bool behind_letter = is_letter(rest[-1]);
    if (is_unit(index, variable, name, rest, behind_letter, unit))
        return true; /* 心率/min: the stroke may be its own */
    rest += strspn(rest, " ");
    return *rest && strchr(separators, *rest) && is_unit(index, variable, name, rest + 1, false, unit);
}

/* "Height in cm": before another unit it is no unit. */
static bool is_preposition(const char *word) { return strcasecmp(word, "in") == 0; }

/* kg/斤, kg(斤), (kg)斤: a unit, and behind it another, whatever stands around them. */
static bool are_two_units(const hra_name_index *index, int variable, const char *name, const char *rest)
{
    static const char around[] = " /_-:,;()[]";
    char first[LONGEST];
    const char *unit;
    rest += strspn(rest, around);
    for (size_t cut = 1; rest[cut]; cut++) {
        if (is_inside(rest[cut])) continue;
        size_t length = cut;
        while (length > 1 && strchr(around, rest[length - 1])) length--;
        memcpy(first, rest, length);
        first[length] = '\0';
        if (is_preposition(first) || !is_unit(index, variable, name, first, false, &unit)) continue;
        const char *second = rest + cut + strspn(rest + cut, around);
        bool behind_letter = is_letter(second[-1]);
        memmove(first, second, strlen(second) + 1);
        for (length = strlen(first); length > 1 && strchr(around, first[length - 1]);) first[--length] = '\0';
        if (is_unit(index, variable, name, first, behind_letter, &unit)) return true;
    }
    return false;
}

/* What stands behind the name, without its separator, is a short form of several units. */
static bool is_open(const hra_name_index *index, int variable, const char *rest)
{
    char word[LONGEST];
    rest += strspn(rest, " ");
    if (*rest && strchr(separators, *rest)) rest++;
    return hra_fold(rest, strlen(rest), HRA_FOLD_NO_SPACES, word, sizeof word) > 0 &&
           hra_unit_choice(hra_dictionary_at(hra_name_index_dictionary(index), variable), word, 0);
}

typedef struct reading {
    hra_header_match match;
    int other;      /* variable of a second reading that differs; -1: none */
    int more_units; /* variable of a name with more than one unit; -1: none */
    int open_unit;  /* of one with a unit that may be several; -1: none */
} reading;

/* The name ends at text[cut]; what is behind it may be its unit. False: out of memory. */
static bool read_at(const hra_name_index *index, const char *text, size_t cut, hra_arena *arena, reading *found)
{
    hra_header_match name;
    const char *unit = NULL;
    char before[LONGEST];
    memcpy(before, text, cut);
    before[cut] = '\0';
    bool good = hra_header_find_name(index, before, arena, &name);
    if (!good || name.variable < 0) return good;
    bool one = is_unit_behind(index, name.variable, before, text + cut, &unit);
    if (one ? name.unit != NULL : are_two_units(index, name.variable, before, text + cut))
        found->more_units = name.variable;
    if (!one && is_open(index, name.variable, text + cut)) found->open_unit = name.variable;
    if (!one || name.unit) return true;
    if (found->match.variable < 0)
        found->match =
            (hra_header_match){.variable = name.variable, .unit = unit, .unit_behind = true, .how = name.how};
    else if (found->match.variable != name.variable)
        found->other = name.variable;
    else if (found->match.unit != unit)
        found->more_units = name.variable;
    return true;
}

bool hra_header_find(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match)
{
    char text[LONGEST];
    reading found = {.match.variable = -1, .other = -1, .more_units = -1, .open_unit = -1};
    if (!hra_header_find_name(index, header, arena, match)) return false;
    if (match->variable >= 0 || match->doubt) return true;
    if (!hra_header_may_name(index, header, strlen(header))) return true;
    if (hra_fold(header, strlen(header), 0, text, sizeof text) < 2) return true;
    cut_marks(text);
    for (size_t cut = strlen(text); cut-- > 1;)
        if (!is_inside(text[cut]) && !read_at(index, text, cut, arena, &found)) return false;
    if (found.more_units >= 0) return hra_header_two_units(index, found.more_units, header, arena, match);
    const hra_dictionary *dictionary = hra_name_index_dictionary(index);
    if (found.other >= 0) {
        const char *names =
            hra_arena_printf(arena, "%s or %s", hra_dictionary_at(dictionary, found.match.variable)->name,
                             hra_dictionary_at(dictionary, found.other)->name);
        return names && hra_header_doubt(arena, "ambiguous: %s? say which in a map file", names, "", match);
    }
    if (found.match.variable < 0 && found.open_unit >= 0)
        return hra_header_say_open_unit(index, found.open_unit, arena, match);
    if (found.match.variable >= 0) *match = found.match;
    return true;
}
