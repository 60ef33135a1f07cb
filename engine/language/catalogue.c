/* The public view of declarations: properties, inputs, outputs, text. */
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

hra_symbol *hra_model_main_output(const hra_decl *model)
{
    static const char *const names[] = {"risk", "met", "value", "points"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        for (int i = 0; i < model->outputs.count; i++) {
            hra_symbol *symbol = model->outputs.items[i];
            if (strcmp(symbol->word->text, names[n]) == 0) return symbol;
        }
    return model->outputs.count ? model->outputs.items[0] : NULL;
}

static void fill_inputs(hra_library *library, hra_decl *decl)
{
    int count = hra_dictionary_count(library->dictionary), used = 0;
    if (!decl->reads) return;
    for (int i = 0; i < count; i++) used += (int)(decl->reads[i / 64] >> (i % 64) & 1);
    const char **names = hra_take_array(&library->memory, (size_t)used, sizeof *names);
    if (!names) return;
    decl->public.inputs = names;
    for (int i = 0; i < count; i++)
        if (decl->reads[i / 64] >> (i % 64) & 1)
            names[decl->public.input_count++] = hra_dictionary_at(library->dictionary, i)->name;
}

static void fill_outputs(hra_library *library, hra_decl *decl)
{
    int count = decl->public.kind == HRA_DECLARATION_MODEL ? decl->outputs.count : decl->blocks.count;
    const char **names = hra_take_array(&library->memory, (size_t)count, sizeof *names);
    if (!names) return;
    for (int i = 0; i < count; i++)
        names[i] = decl->public.kind == HRA_DECLARATION_MODEL ? ((hra_symbol *)decl->outputs.items[i])->word->text
                                                              : ((hra_named_block *)decl->blocks.items[i])->word->text;
    decl->public.outputs = names;
    decl->public.output_count = count;
}

static void fill_properties(hra_library *library, hra_decl *decl)
{
    hra_property *properties = hra_take_array(&library->memory, (size_t)decl->properties.count, sizeof *properties);
    if (!properties) return;
    for (int i = 0; i < decl->properties.count; i++) properties[i] = *(hra_property *)decl->properties.items[i];
    decl->public.properties = properties;
    decl->public.property_count = decl->properties.count;
}

void hra_catalogue_fill(hra_library *library)
{
    for (int i = 0; i < library->declarations.count; i++) {
        hra_decl *decl = library->declarations.items[i];
        decl->public.id = decl->word->text;
        decl->public.source_text = decl->span.script->text + decl->span.start;
        decl->public.source_length = decl->span.length;
        fill_properties(library, decl);
        fill_inputs(library, decl);
        fill_outputs(library, decl);
    }
}

int hra_library_declaration_count(const hra_library *library) { return library->declarations.count; }

const hra_declaration *hra_library_declaration(const hra_library *library, int index)
{
    if (index < 0 || index >= library->declarations.count) return NULL;
    return &((const hra_decl *)library->declarations.items[index])->public;
}

const hra_declaration *hra_library_find(const hra_library *library, const char *id)
{
    int64_t number = hra_map_get(library->memory.index, id);
    if (number < 0) return NULL;
    const hra_symbol *symbol = library->memory.words[number]->global;
    return symbol && symbol->kind == HRA_SYMBOL_DECLARATION ? &symbol->declaration->public : NULL;
}

const char *hra_declaration_text(const hra_declaration *declaration, const char *key, const char *language)
{
    const char *english = NULL;
    for (int i = 0; i < declaration->property_count; i++) {
        const hra_property *p = &declaration->properties[i];
        if (strcmp(p->key, key) != 0) continue;
        if (strcmp(p->language, language) == 0) return p->value;
        if (!english && strcmp(p->language, "en") == 0) english = p->value;
    }
    return english;
}
