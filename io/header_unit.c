#include "io/header_unit.h"

#include <string.h>

#include "io/header_match.h"
#include "io/text_fold.h"

const char *hra_unit_in_header(const hra_variable *variable, const char *text)
{
    char plain[HRA_HEADER_TEXT];
    const char *unit = hra_unit_spelling(variable, text);
    if (unit || hra_fold(text, strlen(text), HRA_FOLD_NO_MARKS, plain, sizeof plain) < 0) return unit;
    return hra_unit_spelling(variable, plain);
}

/* ---- without brackets ------------------------------------------------------------------- */

static bool is_ascii(char c) { return (unsigned char)c < 0x80; }

static bool separates(char c) { return strchr(" /,:", c) != NULL; }

/* Behind a separator (身高/cm), or where Chinese writing ends (总胆固醇mg/dL). Two letters that follow each other may
 * be one name, and one letter behind a name may be a mark of its own. */
size_t hra_header_tail(const char *text, size_t from, size_t *length)
{
    size_t end = strlen(text);
    for (size_t i = from > 1 ? from : 1; i < end; i++) {
        bool glued = !is_ascii(text[i - 1]) && is_ascii(text[i]) && end - i >= 2;
        if ((!separates(text[i - 1]) && !glued) || (separates(text[i]) && !glued)) continue;
        for (*length = i; *length > 0 && separates(text[*length - 1]);) (*length)--;
        if (*length > 0) return i;
    }
    return 0;
}

const char *hra_header_tail_unit(const hra_variable *variable, const char *tail)
{
    char text[HRA_HEADER_TEXT];
    bool number = variable->type == HRA_TYPE_MEASURE || variable->type == HRA_TYPE_COUNT;
    if (!number || hra_fold(tail, strlen(tail), HRA_FOLD_NO_SPACES, text, sizeof text) < 0) return NULL;
    /* 戒烟/年 may be the year of it; only 岁 is certainly an age */
    if (strcmp(variable->unit, "year") == 0 && !strstr(text, "岁")) return NULL;
    return hra_unit_in_header(variable, text);
}

static const char *unit_behind(const hra_variable *variable, const char *header)
{
    char text[HRA_HEADER_TEXT];
    size_t length;
    if (hra_fold(header, strlen(header), 0, text, sizeof text) < 0) return NULL;
    for (size_t at = 0; (at = hra_header_tail(text, at + 1, &length)) > 0;) {
        const char *unit = hra_header_tail_unit(variable, text + at);
        if (unit) return unit;
    }
    return NULL;
}

/* ---- in brackets -------------------------------------------------------------------------- */

/* The units in any of the brackets, and one behind all of them. */
hra_header_units hra_header_unit(const hra_variable *variable, const char *header, const char **unit)
{
    char text[HRA_HEADER_TEXT];
    *unit = NULL;
    if (hra_fold(header, strlen(header), HRA_FOLD_NO_SPACES, text, sizeof text) < 0) return HRA_HEADER_NO_UNIT;
    const char *found = unit_behind(variable, header);
    for (char *open = strpbrk(text, "(["), *end; open; open = strpbrk(open + 1, "([")) {
        end = strpbrk(open + 1, "()[]");
        if (!end || *end == '(' || *end == '[') continue;
        char close = *end;
        *end = '\0';
        const char *here = hra_unit_in_header(variable, open + 1);
        *end = close;
        if (here && found && strcmp(here, found) != 0) return HRA_HEADER_TWO_UNITS;
        if (here) found = here;
    }
    if (!found) return HRA_HEADER_NO_UNIT;
    *unit = found;
    return hra_unit_choices(variable, found, header) ? HRA_HEADER_TWOFOLD : HRA_HEADER_UNIT;
}
