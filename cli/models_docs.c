/* hra models docs. */
#include "cli/models.h"
#include "cli/options.h"
#include "report/documentation/model_docs.h"
#include "report/models/reference.h"

int hra_models_docs(const hra_library *library, const char *folder, const hra_models_options *options)
{
    char vectors[4096];
    hra_error error = {0};
    const char *rows = options->vectors ? options->vectors : vectors;
    if (!options->vectors && hra_reference_folder(vectors, sizeof vectors, &error) != HRA_OK)
        return hra_report_error("models", &error);
    if (hra_model_docs(library, folder, rows, &error) != HRA_OK) return hra_report_error("models", &error);
    return HRA_OK;
}
