/* A finished result store, read column by column in blocks of rows: numbers,
 * categories, flags and the bits of the sets (factors, prescriptions ...) under
 * their names, person keys and labels. */
#ifndef HRA_IO_RESULT_READER_H
#define HRA_IO_RESULT_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

typedef enum hra_result_kind { HRA_RESULT_NUMBER, HRA_RESULT_LEVELS, HRA_RESULT_FLAG } hra_result_kind;

typedef struct hra_result_field {
    const char *name; /* "china_corporate.chd.risk", "health_level", "r_bmi_obese" */
    const char *role; /* "panel", "model", "tier" ...; of bits the name of their set: "factors" */
    const char *unit; /* numbers; "1" for risks */
    hra_result_kind kind;
    const char *const *levels; /* HRA_RESULT_LEVELS: names by ordinal */
    int level_count;
} hra_result_field;

typedef struct hra_result_facts {
    const char *path;
    int64_t rows;
    bool has_keys;
    /* "" where the file does not say */
    const char *engine_version, *definitions_hash, *input_hash, *panel, *command, *key_fingerprint, *as_of,
        *outside_range;
} hra_result_facts;

typedef struct hra_result_reader hra_result_reader;

/* `path`: the file, or the folder of `hra run` with results.h5 in it. */
hra_code hra_result_reader_open(const char *path, hra_result_reader **out, hra_error *error);
void hra_result_reader_close(hra_result_reader *reader);
const hra_result_facts *hra_result_reader_facts(const hra_result_reader *reader);

int hra_result_reader_count(const hra_result_reader *reader);
const hra_result_field *hra_result_reader_field(const hra_result_reader *reader, int field);
int hra_result_reader_find(const hra_result_reader *reader, const char *name); /* -1: none */
/* The same, or an error that names the file and what it may be called. */
hra_code hra_result_reader_require(const hra_result_reader *reader, const char *name, int *field, hra_error *error);

/* `count` values from row `first`: numbers, ordinals of levels, 0 or 1; NaN is unknown. */
hra_code hra_result_reader_values(const hra_result_reader *reader, int field, int64_t first, int64_t count, double *out,
                                  hra_error *error);

enum { HRA_RESULT_KEY_SIZE = 33 };
/* Person keys as texts of 32 hexadecimal digits; only where the file has keys. */
hra_code hra_result_reader_keys(const hra_result_reader *reader, int64_t first, int64_t count,
                                char (*out)[HRA_RESULT_KEY_SIZE], hra_error *error);

/* A label ("group_id", "branch"): its texts, and for each row the index of one, -1 missing. -1: the file has none. */
int hra_result_reader_label(const hra_result_reader *reader, const char *name);
const char *const *hra_result_reader_texts(const hra_result_reader *reader, int label, int *count);
hra_code hra_result_reader_labels(const hra_result_reader *reader, int label, int64_t first, int64_t count,
                                  int32_t *out, hra_error *error);

/* A person key as two numbers; false if the text is no hashed key. */
bool hra_person_key_read(const char *text, uint64_t out[2]);
void hra_person_key_write(const uint64_t key[2], char out[HRA_RESULT_KEY_SIZE]);

#endif
