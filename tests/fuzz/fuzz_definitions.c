/* Any bytes as a definition file: faults are told, never a crash; what has no
 * fault can be planned for a source that holds every variable. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/language/library.h"
#include "engine/language/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void plan_everything(const hra_library *library)
{
    static const char *models[64];
    static hra_column columns[1024];
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    hra_schema schema = {.dictionary = dictionary, .columns = columns};
    for (int i = 0; i < hra_dictionary_count(dictionary) && schema.column_count < 1024; i++)
        if (hra_column_for(dictionary, i, NULL, &columns[schema.column_count], NULL) == HRA_OK) schema.column_count++;
    hra_plan_request request = {.models = models,
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .aggregates = true,
                                .items = true,
                                .monitors = true,
                                .topics = true,
                                .references = true,
                                .as_of = NAN};
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == HRA_DECLARATION_MODEL && request.model_count < 64) models[request.model_count++] = d->id;
        if (d->kind == HRA_DECLARATION_PANEL) request.panel = d->id;
        request.what_if |= d->kind == HRA_DECLARATION_INTERVENTION;
    }
    for (int share = 0; share < 2; share++) {
        hra_plan *plan = NULL;
        request.share = share == 1;
        request.range = share ? HRA_RANGE_CLAMP : HRA_RANGE_BLANK;
        if (hra_plan_new(library, &schema, &request, &plan, NULL) == HRA_OK) {
            int count;
            hra_plan_outputs(plan, &count);
        }
        hra_plan_free(plan);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error;
    if (library && faults) {
        hra_code added = hra_library_add_text(library, "fuzz.hra", (const char *)data, size, faults, &error);
        hra_code checked = hra_library_check(library, faults, &error);
        if (added == HRA_OK && checked == HRA_OK) {
            if (hra_diagnostics_count(faults) > 0) abort(); /* a fault must fail the load */
            plan_everything(library);
        } else if (hra_diagnostics_count(faults) == 0 && error.code == HRA_EDEFINITION) {
            abort(); /* a failure must name its fault */
        }
    }
    hra_buffer text = {0};
    if (faults) hra_diagnostics_print(faults, &text);
    hra_buffer_destroy(&text);
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return 0;
}
