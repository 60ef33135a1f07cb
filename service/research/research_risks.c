#include "service/research/research_risks.h"

#include <stdlib.h>
#include <string.h>

#include "service/tables/key_index.h"
#include "service/tables/scratch.h"

enum { BLOCK_ROWS = 4096 };

struct hra_research_risks {
    hra_result_reader *reader;
    hra_key_index *index;
    hra_scratch room;
    double *values; /* rows x fields */
    int *fields, count;
};

static bool is_told(const hra_result_field *field, const char *role)
{
    const char *part = strrchr(field->name, '.');
    if (strcmp(field->role, role) != 0) return false;
    return field->kind != HRA_RESULT_NUMBER || (part && strcmp(part, ".risk") == 0);
}

static hra_code list_fields(hra_research_risks *r, hra_error *error)
{
    const hra_result_facts *facts = hra_result_reader_facts(r->reader);
    const char *role = *facts->panel ? "panel" : "model";
    int all = hra_result_reader_count(r->reader);
    r->fields = calloc((size_t)all + 1, sizeof *r->fields);
    if (!r->fields) return hra_out_of_memory(error);
    for (int i = 0; i < all; i++)
        if (is_told(hra_result_reader_field(r->reader, i), role)) r->fields[r->count++] = i;
    if (r->count > 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s holds no risks of a panel or of models", facts->path);
}

static hra_code check_keys(const hra_research_risks *r, const char *key_fingerprint, hra_error *error)
{
    const hra_result_facts *f = hra_result_reader_facts(r->reader);
    if (!f->has_keys)
        return hra_fail(error, HRA_EINPUT, "%s has no person keys: its risks cannot be matched with people", f->path);
    if (strcmp(f->key_fingerprint, key_fingerprint) == 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s and the store were made with different keys (%s, %s): the same person has another key in each",
                    f->path, *f->key_fingerprint ? f->key_fingerprint : "none",
                    *key_fingerprint ? key_fingerprint : "none");
}

static hra_code take_keys(hra_research_risks *r, int64_t first, int64_t rows, hra_error *error)
{
    char(*texts)[HRA_RESULT_KEY_SIZE] = malloc(BLOCK_ROWS * sizeof *texts);
    uint64_t key[2];
    hra_code code = texts ? hra_result_reader_keys(r->reader, first, rows, texts, error) : hra_out_of_memory(error);
    for (int64_t i = 0; !code && i < rows; i++)
        if (hra_person_key_read(texts[i], key)) code = hra_key_index_add(r->index, key, first + i, error);
    free(texts);
    return code;
}

static hra_code take_values(hra_research_risks *r, int64_t first, int64_t rows, hra_error *error)
{
    double values[BLOCK_ROWS];
    for (int f = 0; f < r->count; f++) {
        HRA_TRY(hra_result_reader_values(r->reader, r->fields[f], first, rows, values, error));
        for (int64_t i = 0; i < rows; i++) r->values[(first + i) * r->count + f] = values[i];
    }
    return HRA_OK;
}

static hra_code fill(hra_research_risks *r, const char *path, const char *beside, const char *key_fingerprint,
                     hra_error *error)
{
    HRA_TRY(hra_result_reader_open(path, &r->reader, error));
    HRA_TRY(check_keys(r, key_fingerprint, error));
    HRA_TRY(list_fields(r, error));
    int64_t rows = hra_result_reader_facts(r->reader)->rows;
    HRA_TRY(hra_key_index_new(beside, rows, &r->index, error));
    HRA_TRY(hra_scratch_open(beside, (size_t)rows * (size_t)r->count * sizeof *r->values, &r->room, error));
    r->values = r->room.memory;
    for (int64_t first = 0; first < rows; first += BLOCK_ROWS) {
        int64_t block = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        HRA_TRY(take_keys(r, first, block, error));
        HRA_TRY(take_values(r, first, block, error));
    }
    return hra_key_index_finish(r->index, error);
}

hra_code hra_research_risks_open(const char *path, const char *beside, const char *key_fingerprint,
                                 hra_research_risks **out, hra_error *error)
{
    hra_research_risks *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    hra_code code = fill(r, path, beside, key_fingerprint, error);
    if (code)
        hra_research_risks_close(r);
    else
        *out = r;
    return code;
}

void hra_research_risks_close(hra_research_risks *risks)
{
    if (!risks) return;
    if (risks->reader) hra_result_reader_close(risks->reader);
    hra_key_index_free(risks->index);
    hra_scratch_close(&risks->room);
    free(risks->fields);
    free(risks);
}

const hra_result_facts *hra_research_risks_facts(const hra_research_risks *risks)
{
    return hra_result_reader_facts(risks->reader);
}

int hra_research_risks_count(const hra_research_risks *risks) { return risks->count; }

const hra_result_field *hra_research_risks_field(const hra_research_risks *risks, int index)
{
    return hra_result_reader_field(risks->reader, risks->fields[index]);
}

const double *hra_research_risks_find(const hra_research_risks *risks, const uint64_t key[2])
{
    int64_t row;
    return hra_key_index_find(risks->index, key, &row) ? risks->values + row * risks->count : NULL;
}
