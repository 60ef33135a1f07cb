#include "report/person/individual_fingerprint.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/library.h"
#include "engine/graph/judge.h"

struct hra_fingerprints {
    const hra_schema *schema;
    const hra_previous *previous;
    const hra_runs *runs;
    unsigned char stamp[32]; /* of the call, of the texts and styles in the program */
    double **inputs;         /* one array per thread */
    int threads;
};

typedef crypto_generichash_state state;

static void add(state *s, const void *bytes, size_t length) { crypto_generichash_update(s, bytes, length); }

/* With its end, so that "ab" + "c" is not "a" + "bc". */
static void add_text(state *s, const char *text) { add(s, text, strlen(text) + 1); }

static bool is_shown(const char *file)
{
    return strncmp(file, "datasets/texts/", 15) == 0 || strncmp(file, "datasets/report/", 16) == 0;
}

static void make_stamp(hra_fingerprints *f, const char *stamp)
{
    state s;
    crypto_generichash_init(&s, NULL, 0, sizeof f->stamp);
    add_text(&s, stamp);
    for (int i = 0; i < hra_embedded_count; i++)
        if (is_shown(hra_embedded_files[i].name)) add(&s, hra_embedded_files[i].bytes, hra_embedded_files[i].length);
    crypto_generichash_final(&s, f->stamp, sizeof f->stamp);
}

hra_code hra_fingerprints_new(const char *stamp, const hra_schema *schema, const hra_previous *previous,
                              const hra_runs *runs, int threads, hra_fingerprints **out, hra_error *error)
{
    hra_fingerprints *f = calloc(1, sizeof *f);
    bool ok = f && sodium_init() >= 0;
    if (ok) {
        *f = (hra_fingerprints){.schema = schema, .previous = previous, .runs = runs, .threads = threads};
        f->inputs = calloc((size_t)threads, sizeof *f->inputs);
        ok = f->inputs != NULL;
    }
    for (int t = 0; ok && t < threads; t++)
        ok = (f->inputs[t] = calloc((size_t)schema->column_count + 1, sizeof **f->inputs)) != NULL;
    if (!ok) {
        hra_fingerprints_free(f);
        return hra_out_of_memory(error);
    }
    make_stamp(f, stamp);
    *out = f;
    return HRA_OK;
}

void hra_fingerprints_free(hra_fingerprints *f)
{
    if (!f) return;
    for (int t = 0; f->inputs && t < f->threads; t++) free(f->inputs[t]);
    free(f->inputs);
    free(f);
}

static void add_results(state *s, const hra_results *results, int row)
{
    for (int o = 0; o < results->output_count; o++) {
        double value = hra_results_value(results, o, row);
        add(s, &value, sizeof value);
        if (results->status[o]) add(s, &results->status[o][row], 1);
    }
}

static void add_labels(state *s, const hra_fingerprints *f, const hra_chunk *chunk, int row)
{
    for (int l = 0; l < f->schema->label_count; l++) {
        int text = chunk->labels[l].index ? chunk->labels[l].index[row] : -1;
        add_text(s, text >= 0 ? chunk->labels[l].texts[text] : "");
    }
}

/* Also in canonical form, where a value stands outside of the columns. */
static void add_marks(state *s, const hra_chunk *chunk, int row)
{
    int count;
    const hra_cell_mark *marks = hra_chunk_marks(chunk, row, &count);
    for (int i = 0; i < count; i++) {
        add(s, &marks[i].column, sizeof marks[i].column);
        add(s, &marks[i].mark, sizeof marks[i].mark);
    }
}

static void add_previous(state *s, const hra_previous *previous, const char *key, const hra_dictionary *dictionary)
{
    int64_t row;
    if (!previous || !hra_previous_find(previous, key, &row)) return;
    add_text(s, hra_previous_facts(previous)->definitions_hash);
    for (int v = 0; v < hra_dictionary_count(dictionary); v++) {
        int32_t steps = INT32_MIN;
        hra_previous_steps(previous, row, v, &steps);
        add(s, &steps, sizeof steps);
    }
    for (int r = 0; r < hra_previous_role_count(previous); r++) {
        double risk = hra_previous_risk(previous, row, r);
        add(s, &risk, sizeof risk);
    }
}

static void add_courses(state *s, const hra_runs *runs, const char *key)
{
    int64_t rows[HRA_COURSE_RUNS];
    hra_course_point points[HRA_COURSE_RUNS];
    if (!runs) return;
    hra_runs_find(runs, key, rows);
    int providers = hra_runs_providers(runs, rows);
    add(s, &providers, sizeof providers);
    for (int r = 0; r < hra_runs_rules(runs)->count; r++) {
        int count = hra_runs_points(runs, rows, r, points);
        add(s, &count, sizeof count);
        add(s, points, (size_t)count * sizeof *points);
    }
}

void hra_fingerprint(hra_fingerprints *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                     const char *key, const char *name, hra_fingerprint_bytes *out)
{
    state s;
    double *inputs = f->inputs[thread];
    crypto_generichash_init(&s, NULL, 0, sizeof out->bytes);
    add(&s, f->stamp, sizeof f->stamp);
    add_text(&s, key);
    add_text(&s, name ? name : "");
    hra_chunk_person(f->schema, chunk, row, inputs);
    add(&s, inputs, (size_t)f->schema->column_count * sizeof *inputs);
    add_marks(&s, chunk, row);
    add_labels(&s, f, chunk, row);
    add_results(&s, results, row);
    add_previous(&s, f->previous, key, f->schema->dictionary);
    add_courses(&s, f->runs, key);
    crypto_generichash_final(&s, out->bytes, sizeof out->bytes);
}
