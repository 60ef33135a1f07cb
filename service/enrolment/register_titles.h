/* The titles that workbooks of the register carry in place of column names: "管理状态" is state, "Consent" consent. */
#ifndef HRA_SERVICE_REGISTER_TITLES_H
#define HRA_SERVICE_REGISTER_TITLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

typedef struct hra_register_titles hra_register_titles;

hra_code hra_register_titles_new(hra_register_titles **out, hra_error *error);
void hra_register_titles_free(hra_register_titles *titles); /* NULL allowed */

/* The name of the column whose title in any language this is; NULL: none. */
const char *hra_register_titles_find(const hra_register_titles *titles, const char *title, size_t length);

#endif
