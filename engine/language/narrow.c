/* A library of which few built-in declarations are wanted: those, and what they name, are read and checked. */
#include <string.h>

#include "engine/language/library.h"
#include "engine/language/library_internal.h"
#include "engine/language/parser.h"

void hra_library_want(hra_library *library, const char *const *names, int count)
{
    library->narrow = true;
    for (int i = 0; i < count; i++) /* MODEL.OUTPUT names a model, too */
        hra_list_add(&library->memory, &library->wanted,
                     hra_word_of(&library->memory, names[i], strcspn(names[i], ".")));
}

bool hra_library_is_whole(const hra_library *library) { return !library->narrow; }

static bool is_wanted(const hra_library *library, const hra_decl *decl)
{
    for (int i = 0; i < library->wanted.count; i++)
        if (library->wanted.items[i] == decl->word) return true;
    return false;
}

/* What stands in for a variable concerns whoever reads it. */
bool hra_library_wants(const hra_library *library, const hra_decl *decl)
{
    if (!library->narrow || !decl->builtin) return true;
    if (decl->public.kind == HRA_DECLARATION_SUBSTITUTE) return !decl->panel || is_wanted(library, decl->panel);
    return (decl->public.kind == HRA_DECLARATION_MODEL || decl->public.kind == HRA_DECLARATION_PANEL) &&
           is_wanted(library, decl);
}

static bool is_wanted_panel(const hra_library *library, const hra_decl *decl)
{
    return decl->unread && decl->public.kind == HRA_DECLARATION_PANEL && (!library->narrow || is_wanted(library, decl));
}

bool hra_library_read_panels(hra_library *library, hra_diagnostics *diagnostics)
{
    hra_memory *memory = &library->memory;
    hra_list all = {0};
    bool found = false;
    for (int i = 0; i < library->all.count; i++) found |= is_wanted_panel(library, library->all.items[i]);
    for (int i = 0; found && i < library->all.count; i++) {
        hra_decl *decl = library->all.items[i];
        hra_list inner = {0};
        if (is_wanted_panel(library, decl)) hra_parse_unread(memory, diagnostics, decl, &inner);
        for (int k = 0; k < inner.count; k++) {
            hra_decl *substitute = inner.items[k];
            substitute->public.file = decl->public.file;
            substitute->builtin = true;
            hra_list_add(memory, &all, substitute);
        }
        hra_list_add(memory, &all, decl);
    }
    if (found) library->all = all;
    return found;
}

/* Whether it can be there without any built-in declaration meaning something else. */
static bool stands_apart(const hra_decl *decl)
{
    hra_declaration_kind kind = decl->public.kind;
    if (kind == HRA_DECLARATION_SUBSTITUTE) return decl->panel != NULL;
    return !decl->replaces && (kind == HRA_DECLARATION_LET || kind == HRA_DECLARATION_TABLE ||
                               kind == HRA_DECLARATION_MODEL || kind == HRA_DECLARATION_PANEL);
}

bool hra_library_can_be_narrow(const hra_library *library)
{
    if (!library->narrow || library->blocks.count > 0) return false;
    for (int i = 0; i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (!decl->builtin && !stands_apart(decl)) return false;
    }
    for (int i = 0; i < library->wanted.count; i++) {
        const hra_symbol *symbol = ((const hra_word *)library->wanted.items[i])->global;
        if (!symbol || symbol->kind != HRA_SYMBOL_DECLARATION) return false;
        const hra_decl *decl = symbol->declaration;
        bool panel = decl->public.kind == HRA_DECLARATION_PANEL;
        if (!panel && decl->public.kind != HRA_DECLARATION_MODEL) return false;
    }
    return true;
}

void hra_library_drop_unchecked(hra_library *library)
{
    hra_list *all = &library->declarations;
    int kept = 0;
    for (int i = 0; i < all->count; i++) {
        hra_decl *decl = all->items[i];
        if (decl->state != HRA_CHECKED) {
            if (decl->symbol && decl->word->global == decl->symbol) decl->word->global = NULL;
            continue;
        }
        decl->number = kept;
        all->items[kept++] = decl;
    }
    all->count = kept;
}
