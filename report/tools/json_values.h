/* Reads JSON that hra wrote (run.json): every plain value with the way to it. */
#ifndef HRA_REPORT_JSON_VALUES_H
#define HRA_REPORT_JSON_VALUES_H

#include "base/fail.h"

/* `path`: names and places from the outside in, "inputs.0.file"; `text`: the value, a text without its quotes.
 * Anything but HRA_OK stops. */
typedef hra_code (*hra_json_visit)(void *context, const char *path, const char *text, hra_error *error);

/* `name`: of the document, for messages. */
hra_code hra_json_values(const char *document, const char *name, hra_json_visit visit, void *context, hra_error *error);
/* The same of a file. */
hra_code hra_json_file(const char *path, hra_json_visit visit, void *context, hra_error *error);

#endif
