/* Looking things up in the data dictionary, and `variable` blocks. */
#include "engine/language/dictionary_build.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

struct hra_dictionary {
    hra_memory *memory;
    hra_variable **variables;
    int count, capacity;
    hra_map *names;   /* name -> index */
    hra_map *aliases; /* alternative name -> index, or AMBIGUOUS */
};

enum { AMBIGUOUS = 1 << 30 };

hra_dictionary *hra_dictionary_new(hra_memory *memory)
{
    hra_dictionary *d = calloc(1, sizeof *d);
    if (!d) return NULL;
    d->memory = memory;
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
    hra_variable *copy = HRA_TAKE(d->memory, hra_variable);
    *copy = *variable;
    int64_t known = hra_map_get(d->names, variable->name);
    if (known >= 0) {
        d->variables[known] = copy;
        return (int)known;
    }
    if (d->count == d->capacity) {
        int capacity = d->capacity ? d->capacity * 2 : 256;
        hra_variable **grown = realloc(d->variables, (size_t)capacity * sizeof *grown);
        if (!grown) d->memory->failed = true;
        if (!grown) return -1;
        d->variables = grown;
        d->capacity = capacity;
    }
    if (d->memory->failed || hra_map_set(d->names, variable->name, d->count) != 0) {
        d->memory->failed = true;
        return -1;
    }
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

void hra_dictionary_index_aliases(hra_dictionary *d)
{
    for (int i = 0; i < d->count; i++) {
        const hra_variable *v = d->variables[i];
        for (int k = 0; k < v->alias_count; k++) {
            const char *alias = v->aliases[k];
            if (!looks_like_name(alias) || hra_map_get(d->names, alias) >= 0) continue;
            int64_t known = hra_map_get(d->aliases, alias);
            if (hra_map_set(d->aliases, alias, known >= 0 && known != i ? AMBIGUOUS : i) != 0) d->memory->failed = true;
        }
    }
}

int hra_variable_level(const hra_variable *variable, const char *name)
{
    for (int i = 0; i < variable->level_count; i++)
        if (strcmp(variable->levels[i].name, name) == 0) return i;
    return -1;
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

/* ---- days ------------------------------------------------------------------- */

double hra_day_of_text(const char *text)
{
    int year, month, day, end = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end]) return NAN;
    return hra_date_exists(year, month, day) ? hra_day_of_date((hra_date){year, month, day}) : NAN;
}

/* ---- variable blocks ---------------------------------------------------------- */

static const char *property(const hra_variable_block *block, const char *key, const char *language)
{
    const char *value = hra_property_value(&block->properties, key, language);
    return value ? value : "";
}

static void fill_levels(hra_dictionary *d, const hra_variable_block *block, hra_variable *v)
{
    int count = block->levels.count;
    hra_level *levels = hra_take_array(d->memory, (size_t)count, sizeof *levels);
    if (!levels) return;
    for (int i = 0; i < count; i++) {
        const hra_level_row *row = block->levels.items[i];
        hra_list labels = {0};
        hra_list_add(d->memory, &labels, (void *)row->word->text);
        if (!isnan(row->number))
            hra_list_add(d->memory, &labels, (void *)hra_take_printf(d->memory, "%g", row->number));
        for (int k = 0; k < row->labels.count; k++) hra_list_add(d->memory, &labels, row->labels.items[k]);
        levels[i] = (hra_level){.name = row->word->text,
                                .number = row->number,
                                .labels = (const char *const *)labels.items,
                                .label_count = labels.count};
    }
    v->levels = levels;
    v->level_count = count;
}

/* A level of a category, or yes or no of a flag, as its value; -1: there is none. */
static int answer_of(const hra_variable *asked, const char *answer)
{
    if (asked->type != HRA_TYPE_FLAG) return hra_variable_level(asked, answer);
    return strcmp(answer, "yes") == 0 ? 1 : strcmp(answer, "no") == 0 ? 0 : -1;
}

int hra_variable_asked_by(const hra_dictionary *d, const hra_variable *v, double *answer)
{
    int asked = v->only_for ? hra_dictionary_find(d, v->only_for) : -1;
    if (asked >= 0) *answer = answer_of(hra_dictionary_at(d, asked), v->only_for_level);
    return asked >= 0 && *answer >= 0 ? asked : -1; /* a category may have been replaced by one without that level */
}

void hra_dictionary_only_for(const hra_dictionary *d, hra_variable *v, const char *category, const char *level,
                             hra_span span, hra_diagnostics *diagnostics)
{
    if (strcmp(category, "models") == 0 && !*level) {
        v->only_for_models = true;
        return;
    }
    int index = hra_dictionary_find(d, category);
    const hra_variable *asked = index < 0 ? NULL : hra_dictionary_at(d, index);
    if (!asked || (asked->type != HRA_TYPE_CATEGORY && asked->type != HRA_TYPE_FLAG)) {
        hra_fault(diagnostics, span,
                  "'%s' is only for 'models', or for a level of a category or an answer given before it, not '%s'",
                  v->name, category);
        return;
    }
    if (answer_of(asked, level) < 0) {
        hra_fault(diagnostics, span, "'%s' has no level '%s'%s", category, level,
                  asked->type == HRA_TYPE_FLAG ? "; the answers are yes and no" : "");
        return;
    }
    v->only_for = category;
    v->only_for_level = level;
}

void hra_dictionary_add_block(hra_dictionary *d, const hra_variable_block *block, hra_diagnostics *diagnostics)
{
    const char *name = block->word->text;
    if (!block->replaces && hra_map_get(d->names, name) >= 0) {
        hra_fault(diagnostics, block->name_span,
                  "variable '%s' is already in the dictionary; write 'replace variable' to change it", name);
        return;
    }
    bool is_number = block->type == HRA_TYPE_MEASURE || block->type == HRA_TYPE_COUNT;
    hra_variable v = {.name = name,
                      .type = block->type,
                      .unit = block->unit ? block->unit : "",
                      .decimals = isnan(block->decimals) ? 0 : (int)block->decimals,
                      .plausible_min = block->plausible_min,
                      .plausible_max = block->plausible_max,
                      .hard_min = block->hard_min,
                      .hard_max = block->hard_max,
                      .label_en = property(block, "title", "en"),
                      .label_zh = property(block, "title", "zh"),
                      .loinc = "",
                      .domain = property(block, "domain", "en"),
                      .note = property(block, "note", "en")};
    if (block->type == HRA_TYPE_MEASURE && isnan(block->decimals))
        hra_fault(diagnostics, block->name_span, "measure '%s' needs 'decimals'", name);
    if (!is_number && block->converts.count > 0)
        hra_fault(diagnostics, block->name_span, "variable '%s' is not a number and cannot be converted", name);
    hra_list aliases = {0};
    if (*v.label_zh) hra_list_add(d->memory, &aliases, (void *)v.label_zh);
    if (*v.label_en) hra_list_add(d->memory, &aliases, (void *)v.label_en);
    for (int i = 0; i < block->aliases.count; i++) hra_list_add(d->memory, &aliases, block->aliases.items[i]);
    v.aliases = (const char *const *)aliases.items;
    v.alias_count = aliases.count;
    hra_unit_conversion *units = hra_take_array(d->memory, (size_t)block->converts.count, sizeof *units);
    for (int i = 0; units && i < block->converts.count; i++)
        units[i] = *(hra_unit_conversion *)block->converts.items[i];
    v.units = units;
    v.unit_count = units ? block->converts.count : 0;
    if (block->levels.count) fill_levels(d, block, &v);
    v.only_for_others = block->only_for_others;
    if (block->only_for)
        hra_dictionary_only_for(d, &v, block->only_for->text, block->only_for_level ? block->only_for_level->text : "",
                                block->only_for_span, diagnostics);
    hra_dictionary_put(d, &v);
}

hra_memory *hra_dictionary_memory(hra_dictionary *dictionary) { return dictionary->memory; }
