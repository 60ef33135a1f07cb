/* Reading rules by name, as map files and profiles write them:
 *     rules: dates = day-first, serials = 1900, bound = half
 * docs/formats-text.md lists them. */
#ifndef HRA_IO_READING_RULES_H
#define HRA_IO_READING_RULES_H

#include "base/fail.h"
#include "io/words/cell_value.h"

/* HRA_OK, or HRA_EINPUT with a message that names what is accepted (without file and line). */
hra_code hra_reading_rule_set(hra_reading_rules *rules, const char *name, const char *value, hra_error *error);

#endif
