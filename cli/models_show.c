/* hra models show. */
#include <stdio.h>

#include "cli/models.h"
#include "report/models/model_card.h"

int hra_models_show(const hra_library *library, const char *id, const hra_models_options *options)
{
    const hra_declaration *d = hra_library_find(library, id);
    if (!d) return hra_models_unknown(library, id);
    hra_buffer out = {0};
    if (options->json) {
        hra_model_card_json(&out, library, d, -1);
        hra_buffer_char(&out, '\n');
    } else {
        hra_model_card(&out, library, d);
    }
    return hra_models_print(&out);
}
