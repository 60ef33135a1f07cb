/* The pages of docs/ about models, made from the definitions so that they
 * cannot drift: models.md lists them, models/<disease>.md tells all. */
#ifndef HRA_REPORT_MODEL_DOCS_H
#define HRA_REPORT_MODEL_DOCS_H

#include "engine/language/library.h"

/* Writes the pages into a folder that exists; `vectors` holds the reference rows. The same library and rows give the
 * same bytes on every machine. */
hra_code hra_model_docs(const hra_library *library, const char *folder, const char *vectors, hra_error *error);

#endif
