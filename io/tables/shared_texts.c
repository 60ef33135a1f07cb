#include "io/tables/shared_texts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "io/files/spool.h"

enum { KEPT_BYTES = 8 << 20, KEPT_TEXTS = 1 << 18 };

struct hra_shared_texts {
    int64_t count;
    hra_buffer kept; /* the first texts, one after the other */
    uint32_t *kept_ends;
    int64_t kept_count;
    hra_spool *texts, *places; /* the others: length and text; where that stands */
};

hra_shared_texts *hra_shared_texts_new(void)
{
    hra_shared_texts *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->kept_ends = malloc(KEPT_TEXTS * sizeof *t->kept_ends);
    t->texts = hra_spool_new();
    t->places = hra_spool_new();
    if (t->kept_ends && t->texts && t->places) return t;
    hra_shared_texts_free(t);
    return NULL;
}

void hra_shared_texts_free(hra_shared_texts *texts)
{
    if (!texts) return;
    hra_buffer_destroy(&texts->kept);
    free(texts->kept_ends);
    hra_spool_free(texts->texts);
    hra_spool_free(texts->places);
    free(texts);
}

int64_t hra_shared_texts_count(const hra_shared_texts *texts) { return texts->count; }

static hra_code keep(hra_shared_texts *t, const char *text, size_t length, hra_error *error)
{
    hra_buffer_append(&t->kept, text, length);
    t->kept_ends[t->kept_count++] = (uint32_t)t->kept.length;
    return t->kept.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code put_aside(hra_shared_texts *t, const char *text, size_t length, hra_error *error)
{
    int64_t place = hra_spool_size(t->texts);
    uint32_t stored = (uint32_t)length;
    HRA_TRY(hra_spool_append(t->places, &place, sizeof place, error));
    HRA_TRY(hra_spool_append(t->texts, &stored, sizeof stored, error));
    return hra_spool_append(t->texts, text, length, error);
}

hra_code hra_shared_texts_add(hra_shared_texts *t, const char *text, size_t length, hra_error *error)
{
    bool kept = t->kept_count == t->count && t->count < KEPT_TEXTS && t->kept.length + length <= KEPT_BYTES;
    HRA_TRY(kept ? keep(t, text, length, error) : put_aside(t, text, length, error));
    t->count++;
    return HRA_OK;
}

hra_code hra_shared_texts_get(hra_shared_texts *t, int64_t index, const char **text, size_t *length, hra_error *error)
{
    *text = NULL;
    *length = 0;
    if (index < 0 || index >= t->count) return HRA_OK;
    if (index < t->kept_count) {
        uint32_t start = index > 0 ? t->kept_ends[index - 1] : 0;
        *text = t->kept.bytes + start;
        *length = t->kept_ends[index] - start;
        return HRA_OK;
    }
    const char *bytes;
    int64_t place;
    uint32_t stored;
    HRA_TRY(hra_spool_read(t->places, (index - t->kept_count) * (int64_t)sizeof place, sizeof place, &bytes, error));
    memcpy(&place, bytes, sizeof place);
    HRA_TRY(hra_spool_read(t->texts, place, sizeof stored, &bytes, error));
    memcpy(&stored, bytes, sizeof stored);
    *length = stored;
    return hra_spool_read(t->texts, place + (int64_t)sizeof stored, stored, text, error);
}
