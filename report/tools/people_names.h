/* Names put back at render time, from the encrypted key map of the import. */
#ifndef HRA_REPORT_PEOPLE_NAMES_H
#define HRA_REPORT_PEOPLE_NAMES_H

#include "io/identity/key_map.h"

typedef struct hra_people_names hra_people_names;

enum { HRA_PEOPLE_FIELDS = 3 };
extern const char *const hra_people_fields[HRA_PEOPLE_FIELDS]; /* "identifier", "name", "phone" */

hra_code hra_people_names_open(const char *map, const char *key, hra_people_names **out, hra_error *error);
void hra_people_names_close(hra_people_names *names); /* NULL allowed */

/* The texts of a person, "" where nothing is known; valid until the next call. One thread at a time. */
hra_code hra_people_names_find(hra_people_names *names, const char *person, const char *texts[HRA_PEOPLE_FIELDS],
                               hra_error *error);

/* The map itself. */
hra_key_map *hra_people_names_map(hra_people_names *names);

#endif
