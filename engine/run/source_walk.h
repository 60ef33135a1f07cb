/* A source read from its first row to its last by one thread, without scoring. */
#ifndef HRA_ENGINE_RUN_SOURCE_WALK_H
#define HRA_ENGINE_RUN_SOURCE_WALK_H

#include "engine/data/column.h"

typedef hra_code hra_chunk_visit(void *user, const hra_chunk *chunk, hra_error *error);

/* Gives every chunk to `visit`, in order; a chunk is the source's again when `visit` returns. The first error ends it.
 */
hra_code hra_source_walk(hra_source *source, hra_chunk_visit *visit, void *user, hra_error *error);

#endif
