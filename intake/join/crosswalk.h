/* Crosswalk: a table that links the identifiers of several issuers, so that rows hashed under different identifiers
 * meet as one person. Applied when stores are joined; it needs the key they were hashed with.
 *
 * The file has the header issuer,identifier,issuer,identifier; in each line the identifier on the right (a national
 * number, say) is what the one on the left stands for. Links chain. An identifier that is linked, directly or by a
 * chain, to two right-hand identifiers of one issuer is a conflict: none of its chain is linked.
 *
 * Any number of links in bounded memory: identifiers are hashed at once and sorted outside; the links of one person are
 * brought together by sorting passes whose number grows with the longest chain's logarithm only. */
#ifndef HRA_INTAKE_CROSSWALK_H
#define HRA_INTAKE_CROSSWALK_H

#include <stdint.h>

#include "io/identity/identity.h"

typedef struct hra_crosswalk hra_crosswalk;

typedef struct hra_crosswalk_counts {
    int64_t links;     /* lines that were understood */
    int64_t rejected;  /* lines that were not */
    int64_t conflicts; /* chains that lead to two identifiers of one issuer */
    int64_t used;      /* rows that got another key */
} hra_crosswalk_counts;

/* Is it a crosswalk? By its first line. */
hra_code hra_crosswalk_try(const char *path, hra_error *error);
/* Reads the file and finds out which identifiers are one person's. Temporary files stand beside `beside`. */
hra_code hra_crosswalk_open(const char *path, const hra_identity *identity, const char *beside, size_t bytes,
                            hra_crosswalk **out, hra_error *error);
void hra_crosswalk_free(hra_crosswalk *crosswalk);
const hra_crosswalk_counts *hra_crosswalk_count(const hra_crosswalk *crosswalk);

/* Keys of all rows are told first ... */
hra_code hra_crosswalk_add(hra_crosswalk *crosswalk, int input, int64_t row, const uint64_t key[2], hra_error *error);
hra_code hra_crosswalk_resolve(hra_crosswalk *crosswalk, hra_error *error);
/* ... then, in the order of inputs and rows, each key is replaced by its person's. */
hra_code hra_crosswalk_key(hra_crosswalk *crosswalk, int input, int64_t row, uint64_t key[2], hra_error *error);

/* Called for each identifier of a conflict, with its key. */
typedef void hra_crosswalk_listener(void *context, const uint64_t key[2]);
hra_code hra_crosswalk_listen(hra_crosswalk *crosswalk, hra_crosswalk_listener *listener, void *context,
                              hra_error *error); /* once */

#endif
