/* The people who are to be forgotten: person keys, or identifiers that become keys at once, so that none is kept.
 * 24 bytes for each of them in memory, whatever the files hold that they are taken out of. */
#ifndef HRA_SERVICE_FORGET_LIST_H
#define HRA_SERVICE_FORGET_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "io/identity/identity.h"

typedef struct hra_forget_list hra_forget_list;

/* The first column of a table or a text of one person a line: identifiers as this issuer gave them or, without a key
 * (identity NULL), person keys. A first line `person_id`, `person`, `person_key` or `identifier` is a header. The
 * identity must outlive the list. */
hra_code hra_forget_list_read(const char *path, const hra_identity *identity, const char *issuer, hra_forget_list **out,
                              hra_error *error);
/* An empty one of person keys, made by hra_forget_list_add and then hra_forget_list_order; who is dropped by
 * hra_forget_list_drop, once it is in order, is left out by the next hra_forget_list_order. */
hra_code hra_forget_list_new(const hra_identity *identity, const char *issuer, hra_forget_list **out, hra_error *error);
hra_code hra_forget_list_add(hra_forget_list *list, const char *key, hra_error *error);
void hra_forget_list_drop(hra_forget_list *list, const char *key);
void hra_forget_list_order(hra_forget_list *list);
void hra_forget_list_free(hra_forget_list *list); /* NULL allowed */

/* Whether somebody on the list is meant, who then counts as found. */
bool hra_forget_list_key(hra_forget_list *list, const char *key);                    /* a person key */
bool hra_forget_list_person(hra_forget_list *list, const char *text, size_t length); /* or the identifier itself */

int64_t hra_forget_list_asked(const hra_forget_list *list); /* different people */
int64_t hra_forget_list_found(const hra_forget_list *list);
const char *hra_forget_list_fingerprint(const hra_forget_list *list); /* of the key; "": person keys were given */

#endif
