/* The variables by number and by name, and what one variable says of its units, levels and answers. */
#include "engine/data/dictionary_fill.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

struct hra_dictionary {
    hra_arena *arena;
    hra_variable **variables;
    int count, capacity;
    hra_map *names;   /* name -> index */
    hra_map *aliases; /* alternative name -> index, or AMBIGUOUS */
};

enum { AMBIGUOUS = 1 << 30 };

/* ---- variables and names ------------------------------------------------------ */

hra_dictionary *hra_dictionary_new(hra_arena *arena)
{
    hra_dictionary *d = calloc(1, sizeof *d);
    if (!d) return NULL;
    d->arena = arena;
    d->names = hra_map_new();
    d->aliases = hra_map_new();
    if (d->names && d->aliases) return d;
    hra_dictionary_free(d);
    return NULL;
}

void hra_dictionary_free(hra_dictionary *d)
{
    if (!d) return;
    hra_map_free(d->names);
    hra_map_free(d->aliases);
    free(d->variables);
    free(d);
}

int hra_dictionary_count(const hra_dictionary *d) { return d->count; }

const hra_variable *hra_dictionary_at(const hra_dictionary *d, int index)
{
    return index >= 0 && index < d->count ? d->variables[index] : NULL;
}

int hra_dictionary_find(const hra_dictionary *d, const char *name)
{
    int64_t index = hra_map_get(d->names, name);
    if (index < 0) index = hra_map_get(d->aliases, name);
    return index < 0 || index == AMBIGUOUS ? -1 : (int)index;
}

int hra_dictionary_put(hra_dictionary *d, const hra_variable *variable)
{
    hra_variable *copy = hra_arena_alloc(d->arena, sizeof *copy);
    if (!copy) return -1;
    *copy = *variable;
    int64_t known = hra_map_get(d->names, variable->name);
    if (known >= 0) {
        d->variables[known] = copy;
        return (int)known;
    }
    if (d->count == d->capacity) {
        int capacity = d->capacity ? d->capacity * 2 : 256;
        hra_variable **grown = realloc(d->variables, (size_t)capacity * sizeof *grown);
        if (!grown) return -1;
        d->variables = grown;
        d->capacity = capacity;
    }
    if (hra_map_set(d->names, variable->name, d->count) != 0) return -1;
    d->variables[d->count] = copy;
    return d->count++;
}

/* Lower case, so that header spellings such as K or NA do not become names. */
static bool looks_like_name(const char *text)
{
    if (!islower((unsigned char)text[0]) || !text[1]) return false;
    for (; *text; text++)
        if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && *text != '_') return false;
    return true;
}

bool hra_dictionary_index_aliases(hra_dictionary *d)
{
    for (int i = 0; i < d->count; i++) {
        const hra_variable *v = d->variables[i];
        for (int k = 0; k < v->alias_count; k++) {
            const char *alias = v->aliases[k];
            if (!looks_like_name(alias) || hra_map_get(d->names, alias) >= 0) continue;
            int64_t known = hra_map_get(d->aliases, alias);
            if (hra_map_set(d->aliases, alias, known >= 0 && known != i ? AMBIGUOUS : i) != 0) return false;
        }
    }
    return true;
}

/* ---- units ------------------------------------------------------------------ */

/* The next byte of a unit text in its folded form: without spaces, full-width
 * ASCII as ASCII, both micro signs as u. */
static unsigned char folded(const unsigned char **text)
{
    const unsigned char *c = *text;
    while (*c == ' ') c++;
    if ((c[0] == 0xC2 && c[1] == 0xB5) || (c[0] == 0xCE && c[1] == 0xBC)) {
        *text = c + 2;
        return 'u';
    }
    if (c[0] == 0xEF && (c[1] == 0xBC || c[1] == 0xBD) && c[2]) {
        int code = 0xFF00 + ((c[1] - 0xBC) << 6) + (c[2] & 0x3F);
        if (code >= 0xFF01 && code <= 0xFF5E) {
            *text = c + 3;
            return (unsigned char)(code - 0xFEE0);
        }
    }
    *text = *c ? c + 1 : c;
    return *c;
}

static bool same_unit(const char *a, const char *b)
{
    const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
    for (;;) {
        unsigned char p = folded(&x), q = folded(&y);
        if (p != q) return false;
        if (!p) return true;
    }
}

bool hra_variable_unit(const hra_variable *variable, const char *unit, double *factor, double *offset)
{
    *factor = 1;
    *offset = 0;
    if (same_unit(unit, variable->unit)) return true;
    for (int i = 0; i < variable->unit_count; i++) {
        if (!same_unit(unit, variable->units[i].unit)) continue;
        *factor = variable->units[i].factor;
        *offset = variable->units[i].offset;
        return true;
    }
    return false;
}

/* ---- levels and answers ------------------------------------------------------- */

int hra_variable_level(const hra_variable *variable, const char *name)
{
    for (int i = 0; i < variable->level_count; i++)
        if (strcmp(variable->levels[i].name, name) == 0) return i;
    return -1;
}

int hra_variable_answer(const hra_variable *asked, const char *answer)
{
    if (asked->type != HRA_TYPE_FLAG) return hra_variable_level(asked, answer);
    return strcmp(answer, "yes") == 0 ? 1 : strcmp(answer, "no") == 0 ? 0 : -1;
}

int hra_variable_asked_by(const hra_dictionary *d, const hra_variable *v, double *answer)
{
    int asked = v->only_for ? hra_dictionary_find(d, v->only_for) : -1;
    if (asked >= 0) *answer = hra_variable_answer(hra_dictionary_at(d, asked), v->only_for_level);
    return asked >= 0 && *answer >= 0 ? asked : -1; /* a category may have been replaced by one without that level */
}
