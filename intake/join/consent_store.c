/* Who is left out for want of consent is taken out of a population store. */
#include <stdlib.h>

#include "engine/run/source_walk.h"
#include "intake/join/consent.h"
#include "io/people/store_rewrite.h"

static hra_code list_rows(void *gate, const hra_chunk *chunk, hra_error *error)
{
    for (int row = 0; row < chunk->rows; row++) hra_consent_goes(gate, chunk, row);
    return HRA_OK;
}

/* Only the consent, the keys and the groups are read. */
static hra_code fill_list(const hra_consent_request *q, hra_source *source, hra_consent_list *list, hra_error *error)
{
    hra_consent_gate gate = hra_consent_gate_of(q->rule, source->schema, list);
    bool *wanted = calloc((size_t)source->schema->column_count + 1, sizeof *wanted);
    if (!wanted) return hra_out_of_memory(error);
    if (gate.column >= 0) wanted[gate.column] = true;
    source->wanted = wanted;
    source->want_keys = true;
    hra_code code = hra_source_walk(source, list_rows, &gate, error);
    source->wanted = NULL;
    free(wanted);
    return code;
}

static hra_code make_list(const hra_consent_request *q, hra_consent_counts *counts, hra_error *error)
{
    hra_source *source;
    hra_consent_list *list = NULL;
    hra_atomic_file *file = NULL;
    HRA_TRY(hra_store_open(q->from, q->dictionary, &source, error));
    hra_code code = hra_consent_list_new(q->list, &list, error);
    if (code == HRA_OK) code = fill_list(q, source, list, error);
    if (code == HRA_OK) code = hra_consent_list_complete(list, counts, &file, error);
    if (code == HRA_OK && file) code = hra_atomic_commit(file, error);
    hra_consent_list_free(list);
    source->close(source);
    return code;
}

/* The list first: who is not in the store any more stands on it. */
hra_code hra_consent_apply(const hra_consent_request *q, hra_consent_counts *counts, hra_error *error)
{
    hra_source *source;
    *counts = (hra_consent_counts){0};
    if (q->rule == HRA_CONSENT_NOT_ASKED) return HRA_OK;
    HRA_TRY(make_list(q, counts, error));
    if (hra_consent_left_out(counts) == 0) return HRA_OK;
    HRA_TRY(hra_store_open(q->from, q->dictionary, &source, error));
    hra_consent_gate gate = hra_consent_gate_of(q->rule, source->schema, NULL);
    hra_code code = hra_store_rewrite(source, q->to, hra_consent_goes, &gate, error);
    source->close(source);
    return code;
}
