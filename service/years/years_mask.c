#include "service/years/years_mask.h"

#include <stdlib.h>
#include <string.h>

typedef struct mask_source {
    hra_source base;
    hra_source *inner;
    const hra_previous *own, *other;
} mask_source;

/* A chunk of ours: the inner one, and copies of the columns that lost values. */
typedef struct masked {
    hra_chunk inner;
    int64_t *partner; /* for each row, the person's row in the other year, -1: none */
    hra_codes *columns;
    void **memory; /* of the copies */
    int column_count;
    hra_exception *exceptions;
} masked;

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for a chunk"); }

static void masked_free(masked *m)
{
    if (!m) return;
    for (int c = 0; c < m->column_count && m->memory; c++) free(m->memory[c]);
    free(m->memory);
    free(m->columns);
    free(m->partner);
    free(m->exceptions);
    free(m);
}

static masked *masked_new(const hra_chunk *chunk, int columns)
{
    masked *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->inner = *chunk;
    m->column_count = columns;
    m->partner = malloc(((size_t)chunk->rows + 1) * sizeof *m->partner);
    m->columns = calloc((size_t)columns + 1, sizeof *m->columns);
    m->memory = calloc((size_t)columns + 1, sizeof *m->memory);
    m->exceptions = malloc(((size_t)chunk->exception_count + 1) * sizeof *m->exceptions);
    if (m->partner && m->columns && m->memory && m->exceptions) return m;
    masked_free(m);
    return NULL;
}

static bool is_lost(const mask_source *s, const masked *m, int row, int variable)
{
    return m->partner[row] >= 0 && !hra_previous_known(s->other, m->partner[row], variable);
}

/* A copy of the codes with `missing` in the lost rows. */
static hra_code mask_column(const mask_source *s, masked *m, int c, hra_error *error)
{
    const hra_column *column = &s->base.schema->columns[c];
    const hra_codes *codes = &m->inner.columns[c];
    uint32_t missing = hra_column_missing(column);
    int rows = m->inner.rows;
    m->columns[c] = *codes;
    if (!codes->u16 && !codes->u32 && codes->constant == missing) return HRA_OK;
    bool wide = hra_column_wide(column);
    m->memory[c] = malloc(((size_t)rows + 1) * (wide ? sizeof(uint32_t) : sizeof(uint16_t)));
    if (!m->memory[c]) return out_of_memory(error);
    uint16_t *u16 = wide ? NULL : m->memory[c];
    uint32_t *u32 = wide ? m->memory[c] : NULL;
    for (int i = 0; i < rows; i++) {
        uint32_t code = hra_code_at(codes, i);
        if (code != missing && is_lost(s, m, i, column->variable)) code = missing;
        if (wide)
            u32[i] = code;
        else
            u16[i] = (uint16_t)code;
    }
    m->columns[c] = (hra_codes){.u16 = u16, .u32 = u32};
    return HRA_OK;
}

static hra_code mask_chunk(const mask_source *s, masked *m, hra_chunk *chunk, hra_error *error)
{
    char key[HRA_RESULT_KEY_SIZE];
    for (int i = 0; i < chunk->rows; i++) {
        int64_t own_row;
        hra_previous_key(s->own, chunk->first_row + i, key);
        /* of people who stand twice in a year no row is linked */
        if (!hra_previous_find(s->own, key, &own_row) || !hra_previous_find(s->other, key, &m->partner[i]))
            m->partner[i] = -1;
    }
    for (int c = 0; c < m->column_count; c++) HRA_TRY(mask_column(s, m, c, error));
    int kept = 0;
    for (int e = 0; e < chunk->exception_count; e++) {
        const hra_exception *x = &m->inner.exceptions[e];
        if (!is_lost(s, m, x->row, s->base.schema->columns[x->column].variable)) m->exceptions[kept++] = *x;
    }
    chunk->columns = m->columns;
    chunk->exceptions = m->exceptions;
    chunk->exception_count = kept;
    chunk->owner = m;
    return HRA_OK;
}

/* ---- the source ---- */

static hra_code mask_claim(hra_source *base, int64_t *sequence, void **ticket, hra_error *error)
{
    mask_source *s = (mask_source *)base;
    s->inner->wanted = base->wanted;
    s->inner->want_keys = base->want_keys;
    return s->inner->claim(s->inner, sequence, ticket, error);
}

static hra_code mask_fill(hra_source *base, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    mask_source *s = (mask_source *)base;
    HRA_TRY(s->inner->fill(s->inner, sequence, ticket, chunk, error));
    masked *m = masked_new(chunk, base->schema->column_count);
    hra_code code = m ? mask_chunk(s, m, chunk, error) : out_of_memory(error);
    if (!code) return HRA_OK;
    if (m) *chunk = m->inner;
    s->inner->release(s->inner, chunk);
    masked_free(m);
    return code;
}

static void mask_release(hra_source *base, hra_chunk *chunk)
{
    mask_source *s = (mask_source *)base;
    masked *m = chunk->owner;
    s->inner->release(s->inner, &m->inner);
    masked_free(m);
}

static int64_t mask_bytes_done(hra_source *base)
{
    hra_source *inner = ((mask_source *)base)->inner;
    return inner->bytes_done ? inner->bytes_done(inner) : -1;
}

static void mask_close(hra_source *base)
{
    ((mask_source *)base)->inner->wanted = NULL; /* what stood there may be gone */
    free(base);
}

hra_code hra_years_mask_new(hra_source *inner, const hra_previous *own, const hra_previous *other, hra_source **out,
                            hra_error *error)
{
    mask_source *s = calloc(1, sizeof *s);
    if (!s) return out_of_memory(error);
    s->base = *inner;
    s->base.claim = mask_claim;
    s->base.fill = mask_fill;
    s->base.piece = NULL;
    s->base.release = mask_release;
    s->base.bytes_done = mask_bytes_done;
    s->base.close = mask_close;
    s->inner = inner;
    s->own = own;
    s->other = other;
    *out = &s->base;
    return HRA_OK;
}
