/* Population stores, result stores and key maps without some of their people. Everybody else keeps order and values;
 * checksums, content hash and summary are made anew, label texts that nobody has any more go. */
#ifndef HRA_SERVICE_FORGET_STORE_H
#define HRA_SERVICE_FORGET_STORE_H

#include "engine/language/library.h"
#include "service/forget/forget_list.h"

/* All write the file anew in its place, whole or not at all, and leave it as it is where nobody on the list is in it.
 * *removed gets the people (rows) that went. `dry`: they are only counted. */
/* `before`: besides, rows of checkups before this day go, and others with a day stay, whoever they are of; NaN: no day.
 */
hra_code hra_forget_in_population(const char *path, const hra_library *library, hra_forget_list *list, double before,
                                  bool dry, int64_t *removed, hra_error *error);
hra_code hra_forget_in_results(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error);

hra_code hra_forget_in_key_map(const char *path, const hra_identity *identity, const hra_library *library,
                               hra_forget_list *list, bool dry, int64_t *removed, hra_error *error);

/* Whether the store's person keys were made with the key of the list, as far as both tell. */
hra_code hra_forget_check_key(const char *path, const char *fingerprint, const hra_forget_list *list, hra_error *error);

#endif
