/* Whose time to be kept is over: people of a population store whose last checkup was before a day. */
#ifndef HRA_SERVICE_FORGET_BEFORE_H
#define HRA_SERVICE_FORGET_BEFORE_H

#include "engine/language/library.h"
#include "service/forget_list.h"

/* *undated gets the rows whose day is not known; their people are on the list only by another row. */
hra_code hra_forget_list_before(const char *store, const hra_library *library, double before,
                                const hra_identity *identity, const char *issuer, hra_forget_list **out,
                                int64_t *undated, hra_error *error);

#endif
