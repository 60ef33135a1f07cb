/* Names in braces in the texts that people read. */
#include <string.h>

#include "engine/language/check.h"

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
            check_placeholder(c, decl, at + 1, (size_t)(end - at - 1));
        }
    }
}
