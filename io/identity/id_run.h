/* Identifiers in ascending order, as most files that leave a database have them: one that is greater than all before it
 * was not among them, so nothing is looked up. They are only noted, a few bytes each since neighbours are alike, for
 * the set that takes over where the order ends. */
#ifndef HRA_IO_ID_RUN_H
#define HRA_IO_ID_RUN_H

#include "base/buffer.h"
#include "io/identity/id_set.h"
#include "io/identity/identity.h"
#include "io/words/plain_identifier.h"

/* The identifiers of a batch. */
typedef struct hra_id_span {
    bool ascending; /* all are plain and each is greater than the one before it, or there is none */
    size_t count;   /* then */
    hra_plain_identifier lowest, latest[2];
    int last;     /* which of `latest` is the last */
    int64_t line; /* of the last */
    hra_buffer notes;
} hra_id_span;

void hra_id_span_begin(hra_id_span *span);
void hra_id_span_destroy(hra_id_span *span);
/* Where the next identifier is read to. */
static inline hra_plain_identifier *hra_id_span_room(hra_id_span *span) { return &span->latest[!span->last]; }
/* The identifier there, which stands in `text`, 40 bytes of which can be read, and on that line; NULL: the next one is
 * not plain. */
void hra_id_span_add(hra_id_span *span, const char *text, int64_t line);

typedef struct hra_id_run hra_id_run;

/* Notes identifiers as long as there are no more than `most`, and their notes take no more memory than a set of so many
 * does. NULL: out of memory. */
hra_id_run *hra_id_run_new(size_t most);
void hra_id_run_free(hra_id_run *run);

/* Whether all identifiers of a span are greater than those before; if so they were added and noted. Those of several
 * issuers are ordered by the issuer first, whose text stays where it is. */
bool hra_id_run_add(hra_id_run *run, const char *issuer, int64_t lines_before, const hra_id_span *span);

/* False: there were too many, their notes too long, or memory was short, and none is noted any more. */
bool hra_id_run_is_whole(const hra_id_run *run);
size_t hra_id_run_count(const hra_id_run *run);

/* Hashes identifiers of an issuer. */
typedef hra_code hra_id_run_hash(const void *context, const char *issuer, const hra_identifier *identifiers, int count,
                                 hra_id_hash *out, hra_error *error);
/* Moves what was noted to a set. The number of an identifier is its line, with those before its file. */
hra_code hra_id_run_pour(hra_id_run *run, hra_id_run_hash *hash, const void *context, hra_id_set *set,
                         hra_error *error);

#endif
