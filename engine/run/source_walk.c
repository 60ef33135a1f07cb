#include "engine/run/source_walk.h"

#include "base/fail.h"

hra_code hra_source_walk(hra_source *source, hra_chunk_visit *visit, void *user, hra_error *error)
{
    for (;;) {
        int64_t sequence;
        void *ticket = NULL;
        hra_chunk chunk = {.first_row = -1};
        HRA_TRY(source->claim(source, &sequence, &ticket, error));
        if (sequence < 0) return HRA_OK;
        chunk.sequence = sequence;
        HRA_TRY(source->fill(source, sequence, ticket, &chunk, error));
        hra_code code = visit(user, &chunk, error);
        source->release(source, &chunk);
        if (code) return code;
    }
}
