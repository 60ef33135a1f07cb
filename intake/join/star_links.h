/* Which of many linked things belong together, in bounded memory: every node is led to the smallest node it is linked
 * with, directly or by a chain. Links are kept in sorts outside of memory; each round halves the chains. */
#ifndef HRA_INTAKE_STAR_LINKS_H
#define HRA_INTAKE_STAR_LINKS_H

#include "io/files/spill_sort.h"
#include "io/identity/id_set.h"

typedef struct hra_star_links hra_star_links;

hra_star_links *hra_star_links_new(const char *beside, size_t bytes); /* NULL: out of memory */
void hra_star_links_free(hra_star_links *links);
hra_code hra_star_links_add(hra_star_links *links, hra_id_hash a, hra_id_hash b, hra_error *error);
/* After the last link. */
hra_code hra_star_links_resolve(hra_star_links *links, hra_error *error);
/* Every node that is not the smallest of its own, with the smallest; each once. */
hra_code hra_star_links_next(hra_star_links *links, hra_id_hash *node, hra_id_hash *smallest, bool *any,
                             hra_error *error);

#endif
