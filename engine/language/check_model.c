/* Bodies of models: statements in order, strata with joined names, folds. */
#include <math.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

static void check_body(hra_checker *c, hra_list *body, hra_list *given);

/* ---- lets and outputs ------------------------------------------------------------- */

static void take_properties(hra_symbol *symbol, const hra_list *properties)
{
    symbol->unit = hra_property_value(properties, "unit", "en");
    const char *decimals = hra_property_value(properties, "decimals", "en");
    if (decimals) symbol->decimals = decimals[0] - '0';
}

static void check_named(hra_checker *c, hra_statement *s, hra_list *given)
{
    hra_value_type type = hra_check_expr(c, s->value);
    if (type.sort == HRA_SORT_WORD && s->value->quoted) /* a category of one level; strata unite them */
        type = hra_check_join(c, s->value->span, &s->value, 1);
    else
        type = hra_check_value(c, s->value);
    hra_symbol *symbol = hra_check_define(c, HRA_SYMBOL_LOCAL, s->word, s->span);
    symbol->type = type;
    symbol->value = s->value;
    symbol->depth = 0;
    symbol->is_output = s->kind == HRA_STATEMENT_OUTPUT;
    symbol->unit = type.unit;
    take_properties(symbol, &s->properties);
    if (!symbol->unit) symbol->unit = type.unit;
    s->symbol = symbol;
    hra_list_add(c->memory, given, symbol);
}

/* ---- map ---------------------------------------------------------------------------- */

static void map_entry(hra_checker *c, hra_statement *s, const hra_map_entry *entry, const hra_levels *levels,
                      double *ordinals, bool *named)
{
    double own = entry->own ? hra_level_index(s->own, entry->own->text) : NAN;
    for (int i = 0; i < entry->levels.count; i++) {
        hra_expr *name = hra_expr_at(&entry->levels, i);
        int level = hra_level_index(levels, name->word->text);
        if (level < 0)
            hra_check_no_level(c, name, levels, s->word->text);
        else if (named[level])
            hra_fault(c->diagnostics, name->span, "level '%s' is mapped already", name->word->text);
        if (level < 0) continue;
        named[level] = true;
        ordinals[level] = own;
    }
}

static void own_levels(hra_checker *c, hra_statement *s)
{
    hra_list words = {0};
    for (int i = 0; i < s->entries.count; i++) {
        hra_word *own = ((hra_map_entry *)s->entries.items[i])->own;
        bool seen = !own;
        for (int k = 0; k < words.count && !seen; k++) seen = words.items[k] == own;
        if (!seen) hra_list_add(c->memory, &words, own);
    }
    s->own = hra_levels_of_words(c->memory, (hra_word *const *)words.items, words.count);
}

static void check_map(hra_checker *c, hra_statement *s)
{
    hra_expr name = {.kind = HRA_EXPR_NAME, .span = s->span, .word = s->word};
    hra_value_type type = hra_check_value(c, &name);
    if (type.sort == HRA_SORT_FAULT) return;
    if (type.sort != HRA_SORT_CATEGORY) {
        hra_fault(c->diagnostics, s->span, "'%s' is not a category", s->word->text);
        return;
    }
    own_levels(c, s);
    double *ordinals = hra_take_array(c->memory, (size_t)type.levels->count, sizeof *ordinals);
    bool *named = hra_take_array(c->memory, (size_t)type.levels->count, sizeof *named);
    if (!ordinals || !named) return;
    for (int i = 0; i < s->entries.count; i++) map_entry(c, s, s->entries.items[i], type.levels, ordinals, named);
    hra_buffer missing = {0};
    for (int i = 0; i < type.levels->count; i++)
        if (!named[i]) hra_buffer_printf(&missing, "%s%s", missing.length ? ", " : "", type.levels->names[i]);
    if (missing.length)
        hra_fault(c->diagnostics, s->span, "this map leaves out levels of %s: %.300s", s->word->text, missing.bytes);
    hra_buffer_destroy(&missing);
    s->ordinals = ordinals;
    s->mapped = name.symbol;
    s->mapped_count = type.levels->count;
    s->symbol = hra_check_define(c, HRA_SYMBOL_MAP, s->word, s->span);
    s->symbol->type = (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = s->own};
    s->symbol->statement = s;
}

/* ---- strata --------------------------------------------------------------------------- */

static hra_symbol *given_as(const hra_list *symbols, const hra_word *word)
{
    for (int i = 0; i < symbols->count; i++)
        if (((hra_symbol *)symbols->items[i])->word == word) return symbols->items[i];
    return NULL;
}

/* Categories of the strata are united: the parts' values are made over all levels. */
static void coerce_symbol(hra_checker *c, hra_symbol *symbol, const hra_levels *levels)
{
    if (symbol->type.sort != HRA_SORT_CATEGORY) return;
    if (symbol->kind == HRA_SYMBOL_LOCAL) hra_check_coerce(c, symbol->value, levels);
    for (int i = 0; i < symbol->parts.count; i++) coerce_symbol(c, symbol->parts.items[i], levels);
    symbol->type.levels = levels;
}

/* Joining uses the rules of `if`, on stand-ins for the parts. */
static hra_value_type join_type(hra_checker *c, const hra_list *parts, hra_span span)
{
    hra_list stand_ins = {0};
    bool category = false;
    hra_list words = {0};
    for (int i = 0; i < parts->count; i++) {
        hra_symbol *part = parts->items[i];
        category |= part->type.sort == HRA_SORT_CATEGORY;
        for (int k = 0; part->type.sort == HRA_SORT_CATEGORY && k < part->type.levels->count; k++) {
            hra_word *word = hra_word_of(c->memory, part->type.levels->names[k], strlen(part->type.levels->names[k]));
            bool seen = false;
            for (int w = 0; w < words.count; w++) seen |= words.items[w] == word;
            if (!seen) hra_list_add(c->memory, &words, word);
        }
        hra_expr *e = HRA_TAKE(c->memory, hra_expr);
        *e = (hra_expr){.kind = HRA_EXPR_UNKNOWN, .span = span, .type = part->type, .checked = true};
        hra_list_add(c->memory, &stand_ins, e);
    }
    if (!category) return hra_check_join(c, span, (hra_expr *const *)stand_ins.items, stand_ins.count);
    const hra_levels *levels = hra_levels_of_words(c->memory, (hra_word *const *)words.items, words.count);
    hra_symbol *first = parts->items[0];
    if (first->type.levels && first->type.levels->count == levels->count) levels = first->type.levels;
    for (int i = 0; i < parts->count; i++) coerce_symbol(c, parts->items[i], levels);
    return (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = levels};
}

static void join(hra_checker *c, hra_statement *s, hra_symbol *first, hra_list *given)
{
    hra_list parts = {0};
    bool output = false;
    const hra_stratum *without = NULL;
    for (int i = 0; i < s->strata.count; i++) {
        const hra_stratum *arm = s->strata.items[i];
        hra_symbol *part = given_as(&arm->symbols, first->word);
        if (!part) without = arm;
        if (part) output |= part->is_output;
        if (part) hra_list_add(c->memory, &parts, part);
    }
    if (without) {
        if (output)
            hra_fault(c->diagnostics, without->span,
                      "output '%s' is given in another stratum but not in this one; write '%s = outside' where it does "
                      "not apply",
                      first->word->text, first->word->text);
        return;
    }
    hra_symbol *symbol = hra_check_define(c, HRA_SYMBOL_JOIN, first->word, first->span);
    symbol->type = join_type(c, &parts, first->span);
    symbol->parts = parts;
    symbol->statement = s;
    symbol->is_output = output;
    symbol->unit = first->unit;
    symbol->decimals = first->decimals;
    hra_list_add(c->memory, &s->joins, symbol);
    hra_list_add(c->memory, given, symbol);
}

static void check_strata(hra_checker *c, hra_statement *s, hra_list *given)
{
    for (int i = 0; i < s->strata.count; i++) {
        hra_stratum *arm = s->strata.items[i];
        int mark = c->scope.count;
        c->any_level = true;
        hra_check_flag(c, arm->condition);
        c->any_level = false;
        check_body(c, &arm->body, &arm->symbols);
        hra_check_close_scope(c, mark);
    }
    /* every name of every stratum once, in file order */
    for (int i = 0; i < s->strata.count; i++) {
        const hra_stratum *arm = s->strata.items[i];
        for (int k = 0; k < arm->symbols.count; k++) {
            hra_symbol *symbol = arm->symbols.items[k];
            bool earlier = false;
            for (int j = 0; j < i; j++)
                earlier |= given_as(&((hra_stratum *)s->strata.items[j])->symbols, symbol->word) != NULL;
            if (!earlier) join(c, s, symbol, given);
        }
    }
}

/* ---- folds ----------------------------------------------------------------------------- */

static hra_symbol *find_state(const hra_fold_body *fold, const hra_word *word)
{
    for (int i = 0; i < fold->items.count; i++) {
        const hra_fold_item *item = fold->items.items[i];
        if (item->kind == HRA_FOLD_STATE && item->word == word) return item->symbol;
    }
    return NULL;
}

static void check_states(hra_checker *c, hra_fold_body *fold)
{
    int index = 0;
    for (int i = 0; i < fold->items.count; i++) { /* the first values know nothing of the loop */
        hra_fold_item *item = fold->items.items[i];
        if (item->kind == HRA_FOLD_STATE) hra_check_number(c, item->value);
    }
    hra_check_loop(c, &fold->loop);
    for (int i = 0; i < fold->items.count; i++) {
        hra_fold_item *item = fold->items.items[i];
        if (item->kind != HRA_FOLD_STATE) continue;
        item->symbol = hra_check_define(c, HRA_SYMBOL_STATE, item->word, item->span);
        item->symbol->type = (hra_value_type){.sort = HRA_SORT_NUMBER};
        item->symbol->value = item->value;
        item->symbol->depth = fold->loop.depth;
        item->symbol->index = index++;
    }
}

static void check_next(hra_checker *c, hra_fold_body *fold, hra_fold_item *item, bool *given)
{
    item->symbol = find_state(fold, item->word);
    hra_check_number(c, item->value);
    if (!item->symbol)
        hra_fault(c->diagnostics, item->span, "'%s' is not a state of this fold", item->word->text);
    else if (given[item->symbol->index])
        hra_fault(c->diagnostics, item->span, "the next '%s' is already given", item->word->text);
    else
        given[item->symbol->index] = true;
}

static void check_steps(hra_checker *c, hra_fold_body *fold)
{
    bool *given = hra_take_array(c->memory, (size_t)fold->state_count, sizeof *given);
    for (int i = 0; given && i < fold->items.count; i++) {
        hra_fold_item *item = fold->items.items[i];
        if (item->kind == HRA_FOLD_NEXT) check_next(c, fold, item, given);
        if (item->kind != HRA_FOLD_LET) continue;
        hra_value_type type = hra_check_value(c, item->value);
        item->symbol = hra_check_define(c, HRA_SYMBOL_LOCAL, item->word, item->span);
        item->symbol->type = type;
        item->symbol->value = item->value;
        item->symbol->depth = item->value->depth;
    }
}

/* The last row for which the condition holds; -1 where none does. */
static int emit_row(hra_checker *c, const hra_fold_body *fold, hra_emit *emit)
{
    int rows = hra_loop_rows(&fold->loop);
    if (!emit->condition) return rows - 1;
    hra_check_flag(c, emit->condition);
    if (emit->condition->type.sort == HRA_SORT_FAULT) return -1;
    for (int row = rows - 1; row >= 0; row--) {
        double holds;
        if (!hra_row_value(&fold->loop, row, emit->condition, &holds)) {
            hra_fault(c->diagnostics, emit->condition->span,
                      "the condition of emit may read only the row: the loop variable "
                      "or the table's columns");
            return -1;
        }
        if (holds != 0) return row;
    }
    if (rows > 0) hra_fault(c->diagnostics, emit->condition->span, "this holds in no row of the fold");
    return -1;
}

static void check_fold(hra_checker *c, hra_statement *s, hra_list *given)
{
    hra_fold_body *fold = s->fold;
    int mark = c->scope.count;
    fold->slot = c->decl->slot_count++;
    check_states(c, fold);
    check_steps(c, fold);
    for (int i = 0; i < fold->emits.count; i++) {
        hra_emit *emit = fold->emits.items[i];
        hra_symbol *state = find_state(fold, emit->state_word);
        if (!state)
            hra_fault(c->diagnostics, emit->state_span, "'%s' is not a state of this fold", emit->state_word->text);
        emit->state = state ? state->index : 0;
        emit->row = emit_row(c, fold, emit);
    }
    hra_check_close_scope(c, mark);
    c->depth--;
    if (fold->emits.count == 0) hra_fault(c->diagnostics, s->span, "this fold emits nothing");
    for (int i = 0; i < fold->emits.count; i++) {
        hra_emit *emit = fold->emits.items[i];
        emit->symbol = hra_check_define(c, HRA_SYMBOL_EMIT, emit->word, emit->span);
        emit->symbol->type = (hra_value_type){.sort = HRA_SORT_NUMBER};
        emit->symbol->statement = s;
        emit->symbol->index = i;
        hra_list_add(c->memory, given, emit->symbol);
    }
}

/* ---- models ------------------------------------------------------------------------------ */

static void check_condition(hra_checker *c, hra_statement *s, hra_list *into)
{
    c->any_level = true;
    hra_check_flag(c, s->value);
    c->any_level = false;
    hra_list_add(c->memory, into, s);
}

static void take_over(hra_checker *c, const hra_expr *output, const hra_list *from, hra_list *to)
{
    for (int i = 0; i < from->count; i++) {
        const hra_statement *s = from->items[i];
        if (!hra_statement_applies(s, output->symbol)) continue;
        hra_statement *own = HRA_TAKE(c->memory, hra_statement);
        *own = *s;
        own->outputs = (hra_list){0};
        if (!own->owner) own->owner = output->declaration;
        hra_list_add(c->memory, to, own);
    }
}

/* Where the model has said before whom it recalibrates; NULL: nowhere. */
static const hra_span *earlier_recalibrates(const hra_decl *decl, const hra_statement *s)
{
    for (int i = 0; i < decl->body.count && decl->body.items[i] != s; i++) {
        const hra_statement *other = decl->body.items[i];
        if (other->kind == HRA_STATEMENT_RECALIBRATES) return &other->span;
    }
    return NULL;
}

/* The people of the recalibrated output are those of this model. */
static void check_recalibrates(hra_checker *c, hra_statement *s)
{
    hra_check_number(c, s->value);
    const hra_expr *output = s->value;
    if (output->type.sort == HRA_SORT_FAULT) return;
    if (output->kind != HRA_EXPR_MEMBER || !output->declaration || !output->symbol) {
        hra_fault(c->diagnostics, output->span, "name an output of another model here, as in china_par_2016.risk");
        return;
    }
    const hra_span *earlier = earlier_recalibrates(c->decl, s);
    if (earlier) {
        hra_fault(c->diagnostics, s->span, "'recalibrates' is already given on line %d: a model has one original",
                  hra_span_line(*earlier));
        return;
    }
    take_over(c, output, &output->declaration->valids, &c->decl->valids);
    take_over(c, output, &output->declaration->excludes, &c->decl->excludes);
}

static void check_statement(hra_checker *c, hra_statement *s, hra_list *given)
{
    switch (s->kind) {
    case HRA_STATEMENT_LET:
    case HRA_STATEMENT_OUTPUT: check_named(c, s, given); break;
    case HRA_STATEMENT_VALID: check_condition(c, s, &c->decl->valids); break;
    case HRA_STATEMENT_EXCLUDE: check_condition(c, s, &c->decl->excludes); break;
    case HRA_STATEMENT_MAP: check_map(c, s); break;
    case HRA_STATEMENT_STRATA: check_strata(c, s, given); break;
    case HRA_STATEMENT_FOLD: check_fold(c, s, given); break;
    case HRA_STATEMENT_RECALIBRATES: check_recalibrates(c, s); break;
    }
}

static void check_body(hra_checker *c, hra_list *body, hra_list *given)
{
    for (int i = 0; i < body->count; i++) check_statement(c, body->items[i], given);
}

/* `valid NAME in {...}` anywhere in the model says what the levels mean. */
static void find_limited(hra_checker *c, const hra_decl *decl)
{
    c->limited.count = 0;
    for (int i = 0; i < decl->body.count; i++) {
        const hra_statement *s = decl->body.items[i];
        bool limits = s->kind == HRA_STATEMENT_VALID && s->outputs.count == 0 && s->value->kind == HRA_EXPR_IN_SET &&
                      s->value->a->kind == HRA_EXPR_NAME;
        if (limits) hra_list_add(c->memory, &c->limited, s->value->a->word);
    }
}

void hra_check_model(hra_checker *c, hra_decl *decl)
{
    hra_list given = {0}, limited = c->limited;
    c->limited = (hra_list){0};
    find_limited(c, decl);
    check_body(c, &decl->body, &given);
    c->limited = limited;
    for (int i = 0; i < given.count; i++) {
        hra_symbol *symbol = given.items[i];
        if (symbol->is_output) hra_list_add(c->memory, &decl->outputs, symbol);
        if (symbol->is_output && symbol->type.sort == HRA_SORT_DAY)
            hra_fault(c->diagnostics, symbol->span, "an output is a number, a condition or a category, not a day");
    }
    for (int i = 0; i < decl->valids.count; i++) {
        const hra_statement *s = decl->valids.items[i];
        for (int k = 0; k < s->outputs.count; k++) {
            hra_expr *name = hra_expr_at(&s->outputs, k);
            name->symbol = hra_check_output(c, decl, name->word, name->span);
        }
    }
    if (decl->outputs.count == 0 && !decl->faulty)
        hra_fault(c->diagnostics, decl->name_span, "model '%s' has no output 'NAME = expression'", decl->word->text);
}
