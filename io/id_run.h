/* Identifiers in ascending order, as most files that leave a database have them: one that is greater than all before it
 * was not among them, so nothing is looked up. They are only noted, for the set that takes over where the order ends.
 */
#ifndef HRA_IO_ID_RUN_H
#define HRA_IO_ID_RUN_H

#include "io/id_set.h"
#include "io/plain_identifier.h"

/* The identifiers of a few rows. */
typedef struct hra_id_span {
    bool ascending; /* all are plain and each is greater than the one before it, or there is none */
    hra_plain_identifier lowest, highest; /* then; length 0: there is none */
} hra_id_span;

/* The next identifier of a span; NULL: one that is not plain. */
void hra_id_span_add(hra_id_span *span, const hra_plain_identifier *identifier);

typedef struct hra_id_run hra_id_run;

/* Notes at most so many bytes, 16 for each identifier; beyond them none. NULL: out of memory. */
hra_id_run *hra_id_run_new(size_t bytes);
void hra_id_run_free(hra_id_run *run);

/* Whether all identifiers of a span are greater than those before. If so, they are the last from now on. Those of
 * several issuers are ordered by the issuer first, whose text stays where it is. */
bool hra_id_run_goes_on(hra_id_run *run, const char *issuer, const hra_id_span *span);
/* Notes an identifier with its number, as hra_id_set_add takes it. */
void hra_id_run_note(hra_id_run *run, hra_id_hash hash, int64_t number);

/* False: there were too many, or memory was short, and none is noted any more. */
bool hra_id_run_is_whole(const hra_id_run *run);
size_t hra_id_run_count(const hra_id_run *run);
/* Moves what was noted to a set. False: out of memory. */
bool hra_id_run_pour(hra_id_run *run, hra_id_set *set);

#endif
