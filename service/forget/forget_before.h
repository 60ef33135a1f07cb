/* Whose time to be kept is over: people of population stores whose last checkup was before a day. */
#ifndef HRA_SERVICE_FORGET_BEFORE_H
#define HRA_SERVICE_FORGET_BEFORE_H

#include "engine/language/library.h"
#include "service/forget/forget_files.h"
#include "service/forget/forget_list.h"

/* By all population stores among the files. *undated gets the rows of `store` whose day is not known; their people are
 * on the list only by another row. */
hra_code hra_forget_list_before(const hra_forget_files *files, const char *store, const hra_library *library,
                                double before, const hra_identity *identity, const char *issuer, hra_forget_list **out,
                                int64_t *undated, hra_error *error);

#endif
