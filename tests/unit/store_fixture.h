/* A small dictionary, invented rows and a temporary folder for the tests of the stores. */
#ifndef HRA_TESTS_STORE_FIXTURE_H
#define HRA_TESTS_STORE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "engine/data/column.h"

static const char fixture_definitions[] =
    "variable fx_age { type count unit \"year\" decimals 0 plausible 18..85 hard 0..120 title \"Age\" title.zh "
    "\"年龄\" "
    "}\n"
    "variable fx_sex { type category title \"Sex\" level male 1 \"男\" level female 2 \"女\" }\n"
    "variable fx_smoking { type category title \"Smoking\" level never 0 level former 1 level current 2 }\n"
    "variable fx_tc { type measure unit \"mmol/L\" decimals 2 plausible 2..12 hard 0.5..40 title \"Total "
    "cholesterol\"\n"
    "              convert \"mg/dL\" 0.02586 }\n"
    "variable fx_platelets { type measure unit \"10^9/L\" decimals 3 plausible 2..12 hard 0..400 title \"Platelets\" "
    "}\n"
    "variable fx_change { type measure unit \"%\" decimals 2 plausible -50..50 hard -250..250 title \"Change\" }\n"
    "variable fx_high { type measure unit \"U/L\" decimals 2 plausible 1..200 hard 0..400 title \"High\" }\n"
    "variable fx_diabetes { type flag title \"Diabetes\" }\n"
    "variable fx_exam_date { type date title \"Exam date\" }\n"
    "variable fx_group_id { type label title \"Group\" }\n"
    "variable fx_name { type text title \"Name\" }\n";

static hra_library *fixture_library;

static const hra_dictionary *fixture_dictionary(void)
{
    if (fixture_library) return hra_library_dictionary(fixture_library);
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error = {0};
    fixture_library = hra_library_new();
    hra_code code = hra_library_add_text(fixture_library, "fixture.hra", fixture_definitions,
                                         sizeof fixture_definitions - 1, diagnostics, &error);
    if (!code) code = hra_library_check(fixture_library, diagnostics, &error);
    if (code) {
        hra_buffer text = {0};
        hra_diagnostics_print(diagnostics, &text);
        fail_msg("%s %s", error.message, text.bytes ? text.bytes : "");
    }
    hra_diagnostics_free(diagnostics);
    return hra_library_dictionary(fixture_library);
}

static char fixture_folder[64];

static inline const char *fixture_path(const char *name)
{
    static char paths[8][128];
    static int turn;
    char *path = paths[turn++ % 8];
    if (!fixture_folder[0]) {
        strcpy(fixture_folder, "/tmp/hra-store-XXXXXX");
        assert_non_null(mkdtemp(fixture_folder));
    }
    snprintf(path, 128, "%s/%s", fixture_folder, name);
    return path;
}

static int fixture_teardown(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", fixture_folder);
    hra_library_free(fixture_library);
    fixture_library = NULL;
    return fixture_folder[0] ? system(command) : 0;
}

/* ---- invented people: any row's value can be asked for again ---- */

enum {
    FIX_AGE,
    FIX_SEX,
    FIX_SMOKING,
    FIX_TC,
    FIX_TC_MGDL,
    FIX_PLATELETS,
    FIX_CHANGE,
    FIX_DIABETES,
    FIX_DATE,
    FIX_COLUMNS
};

static uint64_t fixture_random(int64_t row, int column)
{
    uint64_t x = (uint64_t)row * 0x9E3779B97F4A7C15u + (uint64_t)column * 0xD1B54A32D192ED03u + 1;
    x ^= x >> 31;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBu;
    return x ^ x >> 33;
}

static inline double fixture_value(int64_t row, int column)
{
    uint64_t r = fixture_random(row, column);
    if (column == FIX_PLATELETS && row >= 65536 && row < 131072) return NAN; /* a chunk without */
    if (r % 16 == 0) return NAN;
    r /= 16;
    switch (column) {
    case FIX_AGE: return (double)(r % 121);
    case FIX_SEX: return (double)(r % 2);
    case FIX_SMOKING: return (double)(r % 3);
    case FIX_TC: return r % 50 == 0 ? (double)r / 3e17 : (double)(200 + r % 700) / 100; /* some off the grid */
    case FIX_TC_MGDL: return (double)(100 + r % 200);
    case FIX_PLATELETS: return (double)(r % 400001) / 1000;
    case FIX_CHANGE: return (double)((int64_t)(r % 50001) - 25000) / 100; /* needs all 16 bits: packing does not pay */
    case FIX_DIABETES: return (double)(r % 2);
    default: return (double)(15000 + (int64_t)(r % 5000));
    }
}

static inline const char *fixture_group(int64_t row)
{
    static char text[32];
    uint64_t r = fixture_random(row, 99);
    if (r % 10 == 0) return NULL;
    snprintf(text, sizeof text, "集团 %d", (int)(r / 10 % 37));
    return text;
}

static inline void fixture_key(int64_t row, char out[33])
{
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)fixture_random(row, 7),
             (unsigned long long)fixture_random(row, 8));
}

static inline hra_schema fixture_schema(void)
{
    static const char *const names[FIX_COLUMNS] = {"fx_age",       "fx_sex",    "fx_smoking",  "fx_tc",       "fx_tc",
                                                   "fx_platelets", "fx_change", "fx_diabetes", "fx_exam_date"};
    static hra_column columns[FIX_COLUMNS];
    static int labels[1];
    const hra_dictionary *dictionary = fixture_dictionary();
    for (int i = 0; i < FIX_COLUMNS; i++) {
        hra_error error;
        int variable = hra_dictionary_find(dictionary, names[i]);
        assert_true(variable >= 0);
        assert_int_equal(hra_column_for(dictionary, variable, i == FIX_TC_MGDL ? "mg/dL" : NULL, &columns[i], &error),
                         HRA_OK);
    }
    labels[0] = hra_dictionary_find(dictionary, "fx_group_id");
    return (hra_schema){
        .dictionary = dictionary, .columns = columns, .column_count = FIX_COLUMNS, .labels = labels, .label_count = 1};
}

/* A chunk of the rows from `first`, with all it points to. */
typedef struct fixture_chunk {
    hra_chunk chunk;
    hra_codes codes[FIX_COLUMNS];
    void *memory[FIX_COLUMNS];
    hra_exception *exceptions;
    hra_label_codes label;
    int32_t *index;
    char (*key_texts)[33];
    const char **keys, **texts;
    int64_t *lines;
    int32_t *files;
} fixture_chunk;

static void fixture_add_codes(fixture_chunk *f, const hra_schema *schema, int column, int64_t first, int rows)
{
    const hra_column *c = &schema->columns[column];
    uint16_t *u16 = calloc((size_t)rows, sizeof *u16);
    uint32_t *u32 = calloc((size_t)rows, sizeof *u32);
    for (int i = 0; i < rows; i++) {
        uint32_t code = hra_column_code(c, fixture_value(first + i, column));
        u16[i] = (uint16_t)code;
        u32[i] = code;
    }
    f->codes[column] = hra_column_wide(c) ? (hra_codes){.u32 = u32} : (hra_codes){.u16 = u16};
    f->memory[column] = hra_column_wide(c) ? (void *)u32 : (void *)u16;
    free(hra_column_wide(c) ? (void *)u16 : (void *)u32);
}

static void fixture_add_exceptions(fixture_chunk *f, const hra_schema *schema, int64_t first, int rows)
{
    f->exceptions = calloc((size_t)rows * FIX_COLUMNS, sizeof *f->exceptions);
    for (int i = 0; i < rows; i++)
        for (int c = 0; c < FIX_COLUMNS; c++) {
            double value = fixture_value(first + i, c);
            if (hra_column_code(&schema->columns[c], value) != hra_column_escape(&schema->columns[c])) continue;
            f->exceptions[f->chunk.exception_count++] = (hra_exception){i, c, value};
        }
    f->chunk.exceptions = f->exceptions;
}

/* Labels get a table of this chunk alone, in the order of appearance. */
static void fixture_add_labels(fixture_chunk *f, int64_t first, int rows)
{
    f->index = calloc((size_t)rows, sizeof *f->index);
    f->texts = calloc((size_t)rows, sizeof *f->texts);
    for (int i = 0; i < rows; i++) {
        const char *text = fixture_group(first + i);
        f->index[i] = -1;
        for (int t = 0; text && t < f->label.text_count; t++)
            if (strcmp(f->texts[t], text) == 0) f->index[i] = t;
        if (!text || f->index[i] >= 0) continue;
        f->index[i] = f->label.text_count;
        f->texts[f->label.text_count++] = strdup(text);
    }
    f->label.index = f->index;
    f->label.texts = f->texts;
    f->chunk.labels = &f->label;
}

static inline fixture_chunk *fixture_chunk_new(const hra_schema *schema, int64_t sequence, int64_t first, int rows)
{
    fixture_chunk *f = calloc(1, sizeof *f);
    f->chunk = (hra_chunk){.sequence = sequence, .first_row = first, .rows = rows, .columns = f->codes};
    for (int c = 0; c < FIX_COLUMNS; c++) fixture_add_codes(f, schema, c, first, rows);
    fixture_add_exceptions(f, schema, first, rows);
    fixture_add_labels(f, first, rows);
    f->key_texts = calloc((size_t)rows, sizeof *f->key_texts);
    f->keys = calloc((size_t)rows, sizeof *f->keys);
    f->lines = calloc((size_t)rows, sizeof *f->lines);
    f->files = calloc((size_t)rows, sizeof *f->files);
    for (int i = 0; i < rows; i++) {
        fixture_key(first + i, f->key_texts[i]);
        f->keys[i] = f->key_texts[i];
        f->lines[i] = 2 + (first + i) * 3 / 2;
        f->files[i] = (int32_t)((first + i) / 50000);
    }
    f->chunk.keys = f->keys;
    f->chunk.source_lines = f->lines;
    f->chunk.source_files = f->files;
    return f;
}

/* ---- chunks whose codes come by piece ---- */

/* Asks for the codes of a chunk in pieces of `rows` and puts them together. Free what comes back with
 * fixture_gathered_free. */
static inline hra_codes *fixture_gather(hra_source *source, const hra_chunk *chunk, int rows)
{
    size_t count = (size_t)source->schema->column_count;
    hra_codes *all = calloc(count, sizeof *all), *piece = calloc(count, sizeof *piece);
    uint32_t *codes = calloc(count * (size_t)chunk->rows + 1, sizeof *codes);
    hra_piece_memory memory = {0};
    hra_error error = {0};
    assert_null(chunk->columns);
    for (int start = 0; start < chunk->rows; start += rows) {
        int these = chunk->rows - start < rows ? chunk->rows - start : rows;
        if (source->piece(source, chunk, start, these, &memory, piece, &error)) fail_msg("%s", error.message);
        for (size_t c = 0; c < count; c++)
            for (int i = 0; i < these; i++)
                codes[c * (size_t)chunk->rows + (size_t)(start + i)] = hra_code_at(&piece[c], i);
    }
    for (size_t c = 0; c < count; c++) all[c].u32 = codes + c * (size_t)chunk->rows;
    free(memory.bytes);
    free(piece);
    return all;
}

static inline void fixture_gathered_free(hra_codes *gathered)
{
    if (gathered) free((void *)gathered[0].u32);
    free(gathered);
}

static inline void fixture_chunk_free(fixture_chunk *f)
{
    for (int c = 0; c < FIX_COLUMNS; c++) free(f->memory[c]);
    for (int t = 0; t < f->label.text_count; t++) free((void *)f->texts[t]);
    free(f->exceptions);
    free(f->index);
    free((void *)f->texts);
    free(f->key_texts);
    free((void *)f->keys);
    free(f->lines);
    free(f->files);
    free(f);
}

#endif
