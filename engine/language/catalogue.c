/* The public view of declarations: properties, inputs, outputs, text. */
#include <stdlib.h>
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
    int words = (hra_dictionary_count(library->dictionary) + 63) / 64, used = 0;
    if (!decl->reads) return;
    for (int w = 0; w < words; w++) used += __builtin_popcountll(decl->reads[w]);
    const char **names = hra_take_array(&library->memory, (size_t)used, sizeof *names);
    if (!names) return;
    decl->public.inputs = names;
    for (int w = 0; w < words; w++)
        for (uint64_t left = decl->reads[w]; left; left &= left - 1) {
            int variable = 64 * w + __builtin_ctzll(left);
            names[decl->public.input_count++] = hra_dictionary_at(library->dictionary, variable)->name;
        }
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

/* A piece of a script on one line: comments and runs of white space become one blank. */
static const char *one_line(hra_memory *memory, hra_span span)
{
    const char *from = span.script->text + span.start, *end = from + span.length;
    char *text = hra_take_array(memory, (size_t)span.length + 1, 1), *to = text;
    bool quoted = false;
    if (!text) return "";
    while (from < end) {
        bool comment = *from == '#' && !quoted, blank = strchr(" \t\r\n", *from) != NULL;
        if (comment || (blank && !quoted)) {
            size_t length = comment ? strcspn(from, "\n") : 1;
            from = length < (size_t)(end - from) ? from + length : end;
            if (to > text && to[-1] != ' ') *to++ = ' ';
            continue;
        }
        quoted ^= *from == '"';
        *to++ = *from++;
    }
    if (to > text && to[-1] == ' ') to--;
    *to = '\0';
    return text;
}

/* What an exclusion says of many is an exclude by name, whose text is the condition. */
static const char *condition_text(hra_memory *memory, const hra_statement *s)
{
    const char *text = one_line(memory, s->value->span);
    if (s->exclusion) return hra_take_printf(memory, "%s (exclusion %s)", text, s->exclusion->word->text);
    for (int i = 0; i < s->outputs.count; i++)
        text = hra_take_printf(memory, "%s%s%s", text, i ? ", " : " for ", hra_expr_at(&s->outputs, i)->word->text);
    return text;
}

static const char **condition_texts(hra_memory *memory, const hra_list *statements)
{
    const char **texts = hra_take_array(memory, (size_t)statements->count + 1, sizeof *texts);
    for (int i = 0; texts && i < statements->count; i++) texts[i] = condition_text(memory, statements->items[i]);
    return texts;
}

/* "category = bands(...)"; the levels alone where every stratum has its own expression. */
static const char *category_text(hra_memory *memory, const hra_symbol *output)
{
    const char *name = output->word->text;
    if (output->kind == HRA_SYMBOL_LOCAL && output->value)
        return hra_take_printf(memory, "%s = %s", name, one_line(memory, output->value->span));
    const hra_levels *levels = output->type.levels;
    const char *text = hra_take_printf(memory, "%s:", name);
    for (int i = 0; i < levels->count; i++)
        text = hra_take_printf(memory, "%s%s %s", text, i ? " |" : "", levels->names[i]);
    return text;
}

static void fill_clauses(hra_library *library, hra_decl *decl)
{
    hra_memory *memory = &library->memory;
    hra_declaration *public = &decl->public;
    const char **categories = hra_take_array(memory, (size_t)decl->outputs.count + 1, sizeof *categories);
    public->valids = condition_texts(memory, &decl->valids);
    public->excludes = condition_texts(memory, &decl->excludes);
    public->categories = categories;
    if (!public->valids || !public->excludes || !categories) return;
    public->valid_count = decl->valids.count;
    public->exclude_count = decl->excludes.count;
    for (int i = 0; i < decl->outputs.count; i++) {
        const hra_symbol *output = decl->outputs.items[i];
        if (output->type.sort == HRA_SORT_CATEGORY && output->type.levels)
            categories[public->category_count++] = category_text(memory, output);
    }
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
        if (decl->public.kind == HRA_DECLARATION_MODEL || decl->excludes.count > 0) fill_clauses(library, decl);
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

const hra_declaration *hra_library_reference(const hra_library *library, const char *variable)
{
    int index = hra_dictionary_find(library->dictionary, variable);
    for (int i = 0; index >= 0 && i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (decl->public.kind == HRA_DECLARATION_REFERENCE && decl->substitutes == index && !decl->faulty)
            return &decl->public;
    }
    return NULL;
}

const char *hra_library_suggest(const hra_library *library, const char *id)
{
    hra_suggestion suggestion = {.wanted = id};
    for (int i = 0; i < library->declarations.count; i++)
        hra_suggest(&suggestion, ((const hra_decl *)library->declarations.items[i])->word->text);
    return hra_suggested(&suggestion);
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

int hra_declaration_days(const hra_declaration *declaration, const char *key)
{
    const char *text = hra_declaration_text(declaration, key, "en");
    if (!text) return -1;
    char *unit = NULL;
    int number = (int)strtol(text, &unit, 10); /* the parser lets only 1 to 9999 through */
    switch (unit[1]) {
    case 'w': return number * 7;
    case 'm': return number * 30;
    case 'y': return number * 365;
    default: return number;
    }
}
