/* The list of what a night changed in the register. */
#ifndef HRA_SERVICE_REGISTER_CHANGES_H
#define HRA_SERVICE_REGISTER_CHANGES_H

#include <stdio.h>

#include "base/fail.h"

#define HRA_REGISTER_CHANGES_HEADER "person,group,branch,plan,from,to,date,rule,title_en,title_zh\n"

/* The lines of `day` (as text) in an earlier list; nothing where there is no such list. */
hra_code hra_register_changes_copy(const char *path, const char *day, FILE *out, hra_error *error);

#endif
