/* Names in braces in the texts that people read. */
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/quantity_text.h"

static void check_placeholder(hra_checker *c, hra_decl *decl, const char *name, size_t length)
{
    hra_word *word = hra_word_of(c->memory, name, length);
    const hra_symbol *symbol = word->global;
    bool is_let =
        symbol && symbol->kind == HRA_SYMBOL_DECLARATION && symbol->declaration->public.kind == HRA_DECLARATION_LET;
    if (!symbol) {
        hra_check_unknown_name(c, decl->name_span, word);
        return;
    }
    if (symbol->kind != HRA_SYMBOL_VARIABLE && !is_let) {
        hra_fault(c->diagnostics, decl->name_span, "{%s} in the text is neither a variable nor a let", word->text);
        return;
    }
    hra_expr *e = HRA_TAKE(c->memory, hra_expr);
    *e = (hra_expr){.kind = HRA_EXPR_NAME, .word = word, .span = decl->name_span};
    hra_check_value(c, e);
    hra_list_add(c->memory, &decl->placeholders, e);
}

/* {6.1 mmol/L of glucose_fasting}: the variable must be known by its unit, and the number be in the dictionary's. */
static void check_quantity(hra_checker *c, hra_decl *decl, const hra_quantity *q)
{
    hra_word *word = hra_word_of(c->memory, q->variable.text, q->variable.length);
    const hra_symbol *symbol = word->global;
    if (!symbol) {
        hra_check_unknown_name(c, decl->name_span, word);
        return;
    }
    const hra_variable *v =
        symbol->kind == HRA_SYMBOL_VARIABLE ? hra_dictionary_at(c->dictionary, symbol->variable) : NULL;
    if (!v || (v->type != HRA_TYPE_MEASURE && v->type != HRA_TYPE_COUNT)) {
        hra_fault(c->diagnostics, decl->name_span, "%s in the text is no variable with a unit", word->text);
        return;
    }
    size_t blank = q->unit.length > 0 && *q->unit.text == ' ';
    const char *unit = hra_word_of(c->memory, q->unit.text + blank, q->unit.length - blank)->text;
    double factor = 1, offset = 0;
    if (q->value.length == 0)
        hra_fault(c->diagnostics, decl->name_span, "expected {NUMBER UNIT of %s} in the text", word->text);
    else if (*unit && hra_variable_unit(v, unit, &factor, &offset) && (factor != 1 || offset != 0))
        hra_fault(c->diagnostics, decl->name_span, "texts name the unit of the dictionary: %s is in %s", word->text,
                  v->unit);
    if (q->is_name) check_placeholder(c, decl, q->value.text, q->value.length);
}

/* What a person reads of a declaration; titles, notes and sources are the same for all. */
static bool is_read(const char *key)
{
    static const char *const keys[] = {"text",  "target",    "recheck", "doctor", "because",  "indicator", "method",
                                       "alarm", "frequency", "action",  "cut",    "at_least", "at_most",   NULL};
    const char *dot = strrchr(key, '.');
    for (int i = 0; keys[i]; i++)
        if (strcmp(dot ? dot + 1 : key, keys[i]) == 0) return true;
    return false;
}

void hra_check_texts(hra_checker *c, hra_decl *decl)
{
    for (int i = 0; i < decl->properties.count; i++) {
        const hra_property *property = decl->properties.items[i];
        if (!is_read(property->key)) continue;
        for (const char *at = property->value; (at = strchr(at, '{')); at++) {
            const char *end = strchr(at, '}');
            if (!end) {
                hra_fault(c->diagnostics, decl->name_span, "a '{' in the text has no '}'");
                break;
            }
            hra_quantity quantity;
            if (hra_quantity_read(at + 1, (size_t)(end - at - 1), &quantity))
                check_quantity(c, decl, &quantity);
            else
                check_placeholder(c, decl, at + 1, (size_t)(end - at - 1));
        }
    }
}
