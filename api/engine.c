/* The definitions behind the public API. */
#include <stdlib.h>
#include <string.h>

#include "api/scorer_internal.h"

const char *hra_version(void) { return HRA_VERSION; }

static hra_code load(hra_library *library, const char *const *files, int count, hra_error *error)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    if (!faults) return hra_out_of_memory(error);
    hra_code code = hra_library_add_builtin(library, faults, error);
    for (int i = 0; i < count && code == HRA_OK; i++) code = hra_library_add_file(library, files[i], faults, error);
    if (code == HRA_OK) code = hra_library_check(library, faults, error);
    if (hra_diagnostics_count(faults) > 0) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        code = hra_fail(error, HRA_EDEFINITION, "%s", text.bytes ? text.bytes : "faults in the definitions");
        hra_buffer_destroy(&text);
    }
    hra_diagnostics_free(faults);
    return code;
}

hra_code hra_engine_new(const char *const *definition_files, int file_count, hra_engine **out, hra_error *error)
{
    hra_engine *engine = calloc(1, sizeof *engine);
    if (engine) engine->library = hra_library_new();
    hra_code code = engine && engine->library ? load(engine->library, definition_files, file_count, error)
                                              : hra_out_of_memory(error);
    int declarations = code == HRA_OK ? hra_library_declaration_count(engine->library) : 0;
    if (code == HRA_OK) {
        engine->models = calloc((size_t)declarations + 1, sizeof *engine->models);
        if (!engine->models) code = hra_out_of_memory(error);
    }
    for (int i = 0; code == HRA_OK && i < declarations; i++) {
        const hra_declaration *d = hra_library_declaration(engine->library, i);
        if (d->kind == HRA_DECLARATION_MODEL) engine->models[engine->model_count++] = d->id;
    }
    if (code == HRA_OK)
        *out = engine;
    else
        hra_engine_free(engine);
    return code;
}

void hra_engine_free(hra_engine *engine)
{
    if (!engine) return;
    hra_library_free(engine->library);
    free(engine->models);
    free(engine);
}

const char *hra_engine_definition(const hra_engine *engine, const char *kind, int index)
{
    int count = hra_library_declaration_count(engine->library);
    for (int i = 0; i < count && index >= 0; i++) {
        const hra_declaration *d = hra_library_declaration(engine->library, i);
        if (strcmp(hra_declaration_kind_name(d->kind), kind) == 0 && index-- == 0) return d->id;
    }
    return NULL;
}

int hra_engine_model_count(const hra_engine *engine) { return engine->model_count; }

const char *hra_engine_model(const hra_engine *engine, int index)
{
    return index >= 0 && index < engine->model_count ? engine->models[index] : NULL;
}

const char *hra_engine_model_text(const hra_engine *engine, const char *model, const char *property,
                                  const char *language)
{
    const hra_declaration *d = hra_library_find(engine->library, model);
    return d ? hra_declaration_text(d, property, language) : NULL;
}

const char *hra_engine_model_input(const hra_engine *engine, const char *model, int index)
{
    const hra_declaration *d = hra_library_find(engine->library, model);
    return d && index >= 0 && index < d->input_count ? d->inputs[index] : NULL;
}
