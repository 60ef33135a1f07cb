/* Categories: level sets, and level names in the place where they are meant. */
#include <string.h>

#include "engine/language/check.h"

int hra_level_index(const hra_levels *levels, const char *name)
{
    for (int i = 0; i < levels->count; i++)
        if (levels->names[i][0] == name[0] && strcmp(levels->names[i], name) == 0) return i;
    return -1;
}

bool hra_levels_equal(const hra_levels *a, const hra_levels *b)
{
    if (a == b) return true;
    if (!a || !b || a->count != b->count) return false;
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    return true;
}

const hra_levels *hra_check_variable_levels(hra_checker *c, int variable)
{
    if (c->variable_levels[variable]) return c->variable_levels[variable];
    const hra_variable *v = hra_dictionary_at(c->dictionary, variable);
    hra_levels *levels = HRA_TAKE(c->memory, hra_levels);
    const char **names = hra_take_array(c->memory, (size_t)v->level_count, sizeof *names);
    double *numbers = hra_take_array(c->memory, (size_t)v->level_count, sizeof *numbers);
    if (!names || !numbers) return levels;
    for (int i = 0; i < v->level_count; i++) {
        names[i] = v->levels[i].name;
        numbers[i] = v->levels[i].number;
    }
    *levels = (hra_levels){v->level_count, names, numbers};
    return c->variable_levels[variable] = levels;
}

const hra_levels *hra_levels_of_words(hra_memory *memory, hra_word *const *words, int count)
{
    hra_levels *levels = HRA_TAKE(memory, hra_levels);
    const char **names = hra_take_array(memory, (size_t)count, sizeof *names);
    for (int i = 0; names && i < count; i++) names[i] = words[i]->text;
    *levels = (hra_levels){names ? count : 0, names, NULL};
    return levels;
}

bool hra_check_as_level(hra_expr *e, const hra_levels *levels)
{
    if (e->kind != HRA_EXPR_NAME || !levels) return false;
    int ordinal = hra_level_index(levels, e->word->text);
    if (ordinal < 0) return false;
    e->is_level = true;
    e->symbol = NULL;
    e->depth = 0;
    e->column = ordinal;
    e->type = (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = levels};
    return true;
}

void hra_check_no_level(hra_checker *c, const hra_expr *e, const hra_levels *levels, const char *of)
{
    hra_suggestion s = {.wanted = e->word->text};
    hra_buffer names = {0};
    for (int i = 0; i < levels->count; i++) {
        hra_suggest(&s, levels->names[i]);
        if (i < 12) hra_buffer_printf(&names, "%s%s", i ? ", " : "", levels->names[i]);
    }
    if (levels->count > 12) hra_buffer_text(&names, ", ...");
    const char *best = hra_suggested(&s);
    hra_fault(c->diagnostics, e->span, "'%s' is not a level of %s%s%s%s; known are %s", e->word->text, of,
              best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "", names.bytes ? names.bytes : "");
    hra_buffer_destroy(&names);
}

/* ---- alternatives ---------------------------------------------------------------- */

/* Calls `visit` for each expression that can be the value of `e`. */
static void each_result(hra_expr *e, void (*visit)(hra_expr *, void *), void *context)
{
    switch (e->kind) {
    case HRA_EXPR_CALL: {
        int first = e->op == HRA_FUNCTION_IF ? 1 : 0;
        for (int i = first; i < e->args.count; i++) visit(hra_expr_at(&e->args, i), context);
        break;
    }
    case HRA_EXPR_CASE:
    case HRA_EXPR_BANDS:
        for (int i = 0; i < e->arms.count; i++) visit(((hra_arm *)e->arms.items[i])->value, context);
        if (e->b) visit(e->b, context);
        break;
    default: break;
    }
}

static bool has_results(const hra_expr *e)
{
    bool call = e->kind == HRA_EXPR_CALL && (e->op == HRA_FUNCTION_IF || e->op == HRA_FUNCTION_FIRST_KNOWN);
    return call || e->kind == HRA_EXPR_CASE || e->kind == HRA_EXPR_BANDS;
}

typedef struct coercion {
    hra_checker *c;
    const hra_levels *levels;
} coercion;

static void coerce_one(hra_expr *e, void *context)
{
    const coercion *to = context;
    hra_check_coerce(to->c, e, to->levels);
}

static bool all_known(const hra_levels *levels, const hra_levels *among)
{
    for (int i = 0; i < levels->count; i++)
        if (hra_level_index(among, levels->names[i]) < 0) return false;
    return true;
}

void hra_check_coerce(hra_checker *c, hra_expr *e, const hra_levels *levels)
{
    if (c->memory->failed || e->type.sort == HRA_SORT_FAULT || e->type.sort == HRA_SORT_ANY) return;
    if (e->type.sort == HRA_SORT_CATEGORY && e->type.levels == levels) return;
    bool bare = e->kind == HRA_EXPR_NAME && (e->is_level || e->type.sort == HRA_SORT_WORD);
    if (bare) {
        if (hra_check_as_level(e, levels)) return;
        hra_check_no_level(c, e, levels, "what is wanted here");
        e->type.sort = HRA_SORT_FAULT;
        return;
    }
    if (e->type.sort == HRA_SORT_CATEGORY && has_results(e)) {
        coercion to = {c, levels};
        each_result(e, coerce_one, &to);
        e->type.levels = levels;
        return;
    }
    if (e->type.sort == HRA_SORT_CATEGORY && hra_levels_equal(e->type.levels, levels)) return;
    if (e->type.sort == HRA_SORT_CATEGORY && all_known(e->type.levels, levels)) {
        hra_expr *inner = HRA_TAKE(c->memory, hra_expr);
        *inner = *e;
        *e = (hra_expr){.kind = HRA_EXPR_RECAST,
                        .span = inner->span,
                        .a = inner,
                        .depth = inner->depth,
                        .checked = true,
                        .type = {.sort = HRA_SORT_CATEGORY, .levels = levels}};
        return;
    }
    hra_fault(c->diagnostics, e->span, "the levels of this category are not those wanted here");
    e->type.sort = HRA_SORT_FAULT;
}

/* ---- joining ----------------------------------------------------------------------- */

typedef struct tally {
    bool numbers, flags, categories, days, words;
    const hra_levels *levels; /* of the first category */
    bool same_levels;
    const char *unit;
} tally;

static tally count_sorts(hra_checker *c, hra_span span, hra_expr *const *values, int count)
{
    tally t = {.same_levels = true};
    for (int i = 0; i < count; i++) {
        hra_value_type type = values[i]->type;
        t.numbers |= type.sort == HRA_SORT_NUMBER;
        t.flags |= type.sort == HRA_SORT_FLAG;
        t.categories |= type.sort == HRA_SORT_CATEGORY;
        t.days |= type.sort == HRA_SORT_DAY;
        t.words |= type.sort == HRA_SORT_WORD;
        if (type.sort == HRA_SORT_NUMBER) t.unit = hra_check_units(c, span, t.unit, type.unit);
        if (type.sort != HRA_SORT_CATEGORY) continue;
        if (!t.levels) t.levels = type.levels;
        t.same_levels &= hra_levels_equal(t.levels, type.levels);
    }
    return t;
}

/* A dictionary category takes bare words as its levels; own levels are united. */
static const hra_levels *common_levels(hra_checker *c, hra_expr *const *values, int count, const tally *t)
{
    bool fits = t->levels && t->same_levels;
    for (int i = 0; fits && i < count; i++)
        if (values[i]->type.sort == HRA_SORT_WORD) fits = hra_level_index(t->levels, values[i]->word->text) >= 0;
    if (fits) return t->levels;
    hra_list words = {0};
    for (int i = 0; i < count; i++) {
        hra_value_type type = values[i]->type;
        int names = type.sort == HRA_SORT_CATEGORY ? type.levels->count : type.sort == HRA_SORT_WORD;
        for (int k = 0; k < names; k++) {
            const char *text = type.sort == HRA_SORT_WORD ? values[i]->word->text : type.levels->names[k];
            hra_word *word = hra_word_of(c->memory, text, strlen(text));
            bool seen = false;
            for (int w = 0; w < words.count; w++) seen |= words.items[w] == word;
            if (!seen) hra_list_add(c->memory, &words, word);
        }
    }
    return hra_levels_of_words(c->memory, (hra_word *const *)words.items, words.count);
}

hra_value_type hra_check_join(hra_checker *c, hra_span span, hra_expr *const *values, int count)
{
    tally t = count_sorts(c, span, values, count);
    hra_value_type fault = {.sort = HRA_SORT_FAULT};
    bool others = t.numbers || t.flags || t.days;
    if (t.words && others) {
        for (int i = 0; i < count; i++)
            if (values[i]->type.sort == HRA_SORT_WORD) hra_check_unknown_name(c, values[i]->span, values[i]->word);
        return fault;
    }
    if ((t.categories && others) || (t.days && (t.numbers || t.flags))) {
        hra_fault(c->diagnostics, span,
                  "the alternatives are of different kinds (numbers, conditions, categories, days)");
        return fault;
    }
    if (t.words || t.categories) {
        const hra_levels *levels = common_levels(c, values, count, &t);
        for (int i = 0; i < count; i++) hra_check_coerce(c, values[i], levels);
        return (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = levels};
    }
    if (t.numbers) return (hra_value_type){.sort = HRA_SORT_NUMBER, .unit = t.unit};
    if (t.flags) return (hra_value_type){.sort = HRA_SORT_FLAG};
    if (t.days) return (hra_value_type){.sort = HRA_SORT_DAY};
    for (int i = 0; i < count; i++)
        if (values[i]->type.sort == HRA_SORT_FAULT) return fault;
    return (hra_value_type){.sort = HRA_SORT_ANY};
}
