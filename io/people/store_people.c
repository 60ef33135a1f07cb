/* Who the rows of a store are: keys, and where each row came from. */
#include "io/people/store_people.h"

#include <string.h>

#include "io/identity/identity.h"
#include "io/people/store_layout.h"

#define NO_INDEX UINT32_MAX
#define NO_LINE INT64_MIN

void hra_store_people_begin(hra_store_people *p, const hra_chunk *chunk)
{
    p->has_keys = chunk->keys || chunk->key_hashes;
    p->has_lines = chunk->source_lines != NULL;
    p->has_files = chunk->source_files != NULL;
}

bool hra_store_people_fit(const hra_store_people *p, const hra_chunk *chunk)
{
    return (p->has_keys || (!chunk->keys && !chunk->key_hashes)) && (p->has_lines || !chunk->source_lines) &&
           (p->has_files || !chunk->source_files);
}

hra_code hra_store_people_create(hra_store_people *p, hid_t group, int chunk, hra_store_encoding encoding,
                                 hra_error *error)
{
    if (p->has_keys)
        HRA_TRY(hra_series_create_texts(group, "key", HRA_STORE_KEY_LENGTH, chunk, encoding, &p->keys, error));
    if (p->has_lines) HRA_TRY(hra_series_create(group, "source_line", 8, NO_LINE, chunk, encoding, &p->lines, error));
    if (!p->has_files) return HRA_OK;
    return hra_series_create(group, "source_file", 4, -1, chunk, encoding, &p->files, error);
}

static hra_code copy_keys(const hra_store_people *people, int at, const hra_chunk *chunk, int from, int count,
                          hra_error *error)
{
    if (chunk->key_hashes) {
        hra_identity_key_digits(chunk->key_hashes + from, count, people->key_texts + (size_t)at * HRA_STORE_KEY_LENGTH);
        return HRA_OK;
    }
    for (int i = 0; i < count; i++) {
        const char *key = chunk->keys ? chunk->keys[from + i] : NULL;
        if (!key || !hra_is_hashed_key(key))
            return hra_fail(error, HRA_EUSAGE,
                            "an identifier that is not hashed cannot be stored: give the key file with --key");
        memcpy(people->key_texts + (size_t)(at + i) * HRA_STORE_KEY_LENGTH, key, HRA_STORE_KEY_LENGTH);
    }
    return HRA_OK;
}

static void copy_lines(int64_t *out, const int64_t *lines, int from, int count)
{
    if (lines) memcpy(out, lines + from, (size_t)count * sizeof *out);
    for (int i = 0; i < count && !lines; i++) out[i] = NO_LINE;
}

static void copy_files(uint32_t *restrict out, const int32_t *restrict files, int from, int count)
{
    if (!files) memset(out, 0xFF, (size_t)count * sizeof *out); /* NO_INDEX */
    for (int i = 0; i < count && files; i++) out[i] = files[from + i] >= 0 ? (uint32_t)files[from + i] : NO_INDEX;
}

hra_code hra_store_people_copy(hra_store_people *p, int at, const hra_chunk *chunk, int from, int count,
                               hra_error *error)
{
    if (p->has_keys) HRA_TRY(copy_keys(p, at, chunk, from, count, error));
    if (p->has_lines) copy_lines(p->line_numbers + at, chunk->source_lines, from, count);
    if (p->has_files) copy_files(p->file_numbers + at, chunk->source_files, from, count);
    return HRA_OK;
}

/* Line numbers grow: within a chunk they fit 32 bits above the smallest. */
static hra_code put_lines(hra_store_people *people, hra_series_buffers *buffers, int64_t index, int64_t rows,
                          int filled, hra_error *error)
{
    const int64_t *lines = people->line_numbers;
    int64_t low = INT64_MAX, high = 0;
    for (int i = 0; i < filled; i++) {
        low = lines[i] != NO_LINE && lines[i] < low ? lines[i] : low;
        high = lines[i] > high ? lines[i] : high;
    }
    if (low == INT64_MAX) low = 0;
    if (high - low >= NO_INDEX) return hra_fail(error, HRA_EINTERNAL, "line numbers jump by more than 32 bits");
    uint32_t *codes = people->line_codes;
    for (int i = 0; i < filled; i++) codes[i] = lines[i] == NO_LINE ? NO_INDEX : (uint32_t)(lines[i] - low);
    return hra_series_put32(&people->lines, buffers, index, rows, codes, NO_INDEX, low, error);
}

hra_code hra_store_people_put(hra_store_people *people, hra_series_buffers *buffers, int64_t index, int64_t rows,
                              int filled, hra_error *error)
{
    if (people->has_keys) {
        size_t used = (size_t)filled * HRA_STORE_KEY_LENGTH;
        memset(people->key_texts + used, 0, (size_t)people->keys.chunk_rows * HRA_STORE_KEY_LENGTH - used);
        HRA_TRY(hra_series_put_texts(&people->keys, buffers, index, rows, people->key_texts, error));
    }
    if (people->has_lines) HRA_TRY(put_lines(people, buffers, index, rows, filled, error));
    if (!people->has_files) return HRA_OK;
    return hra_series_put32(&people->files, buffers, index, rows, people->file_numbers, NO_INDEX, 0, error);
}

hra_code hra_store_people_finish(const hra_store_people *p, hra_error *error)
{
    HRA_TRY(hra_series_finish(&p->keys, error));
    HRA_TRY(hra_series_finish(&p->lines, error));
    return hra_series_finish(&p->files, error);
}

void hra_store_people_close(hra_store_people *p)
{
    hra_series_close(&p->keys);
    hra_series_close(&p->lines);
    hra_series_close(&p->files);
}
