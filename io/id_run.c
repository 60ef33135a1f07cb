#include "io/id_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

/* What a set needs of an identifier. */
typedef struct note {
    uint64_t rest;
    uint32_t place, number;
} note;

enum { NOTES = 1 << 17 }; /* of a block: one large page */

struct hra_id_run {
    size_t bytes;
    const char *issuer; /* of the last identifier, NULL before the first */
    hra_plain_identifier highest;
    note **blocks;
    size_t block_count, count; /* notes */
    bool whole;
};

void hra_id_span_add(hra_id_span *span, const hra_plain_identifier *identifier)
{
    span->ascending = span->ascending && identifier && hra_plain_identifier_before(&span->highest, identifier);
    if (!span->ascending) return;
    if (span->lowest.length == 0) span->lowest = *identifier;
    span->highest = *identifier;
}

hra_id_run *hra_id_run_new(size_t bytes)
{
    hra_id_run *run = calloc(1, sizeof *run);
    if (!run) return NULL;
    run->bytes = bytes;
    run->whole = true;
    return run;
}

static void forget(hra_id_run *run)
{
    for (size_t i = 0; i < run->block_count; i++) free(run->blocks[i]);
    free(run->blocks);
    run->blocks = NULL;
    run->block_count = run->count = 0;
    run->whole = false;
}

void hra_id_run_free(hra_id_run *run)
{
    if (!run) return;
    forget(run);
    free(run);
}

bool hra_id_run_goes_on(hra_id_run *run, const char *issuer, const hra_id_span *span)
{
    if (!span->ascending) return false;
    if (span->lowest.length == 0) return true;
    int order = run->issuer ? strcmp(run->issuer, issuer) : -1;
    if (order > 0 || (order == 0 && !hra_plain_identifier_before(&run->highest, &span->lowest))) return false;
    run->issuer = issuer;
    run->highest = span->highest;
    return true;
}

static bool add_block(hra_id_run *run)
{
    if ((run->count + NOTES) * sizeof(note) > run->bytes) return false;
    note **blocks = realloc(run->blocks, (run->block_count + 1) * sizeof *blocks);
    if (!blocks) return false;
    run->blocks = blocks;
    size_t bytes = NOTES * sizeof(note);
    blocks[run->block_count] = run->count > 0 ? hra_large_memory(bytes) : malloc(bytes); /* of few only pages in use */
    if (!blocks[run->block_count]) return false;
    run->block_count++;
    return true;
}

void hra_id_run_note(hra_id_run *run, hra_id_hash hash, int64_t number)
{
    if (!run->whole) return;
    if (run->count == run->block_count * NOTES && !add_block(run)) {
        forget(run);
        return;
    }
    run->blocks[run->count / NOTES][run->count % NOTES] =
        (note){.rest = hash.word[1],
               .place = (uint32_t)(hash.word[0] >> 32),
               .number = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX};
    run->count++;
}

bool hra_id_run_is_whole(const hra_id_run *run) { return run->whole; }

size_t hra_id_run_count(const hra_id_run *run) { return run->count; }

static hra_id_hash hash_of(const note *n) { return (hra_id_hash){{(uint64_t)n->place << 32, n->rest}}; }

bool hra_id_run_pour(hra_id_run *run, hra_id_set *set)
{
    enum { AHEAD = 32 };
    bool good = true;
    for (size_t i = 0; good && i < run->count; i++) {
        const note *block = run->blocks[i / NOTES], *own = &block[i % NOTES];
        int64_t earlier;
        if (i % NOTES + AHEAD < NOTES && i + AHEAD < run->count) hra_id_set_prefetch(set, hash_of(own + AHEAD));
        good = hra_id_set_add(set, hash_of(own), own->number, &earlier);
        if (i % NOTES + 1 < NOTES) continue;
        free(run->blocks[i / NOTES]); /* the set grows as they go */
        run->blocks[i / NOTES] = NULL;
    }
    forget(run);
    return good;
}
