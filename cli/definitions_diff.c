/* hra definitions diff: who would change category before a change goes live. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/definitions.h"
#include "cli/scoring.h"
#include "io/files/atomic_file.h"
#include "io/people/population_store.h"
#include "service/signoff/definitions_diff.h"

typedef struct side {
    hra_library *library;
    hra_scoring scoring;
} side;

typedef struct comparison {
    side before, after;
    hra_source *source;
    bool *wanted;
    hra_diff *diff;
    hra_buffer text;
} comparison;

static hra_code load_side(const char *name, side *s, hra_error *error)
{
    hra_texts files = {.items = {name}, .count = strcmp(name, "shipped") == 0 ? 0 : 1};
    return hra_setup_library(&files, &s->library, error);
}

/* Both read the store through one dictionary: that of the side with more variables. */
static hra_code same_variables(const hra_dictionary *a, const hra_dictionary *b, hra_error *error)
{
    int count = hra_dictionary_count(a) < hra_dictionary_count(b) ? hra_dictionary_count(a) : hra_dictionary_count(b);
    for (int i = 0; i < count; i++) {
        const char *first = hra_dictionary_at(a, i)->name, *second = hra_dictionary_at(b, i)->name;
        if (strcmp(first, second) != 0)
            return hra_fail(error, HRA_EUSAGE,
                            "both files declare variables of their own ('%s', '%s'); compare each with 'shipped'",
                            first, second);
    }
    return HRA_OK;
}

static hra_code prepare(const hra_definitions_options *o, comparison *c, hra_error *error)
{
    hra_plan_request request = {.panel = o->panel ? o->panel : "china_corporate",
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .items = true,
                                .monitors = true,
                                .topics = true,
                                .references = true,
                                .share = true};
    if (!hra_setup_day(o->as_of, &request.as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    const hra_dictionary *a = hra_library_dictionary(c->before.library), *b = hra_library_dictionary(c->after.library);
    HRA_TRY(same_variables(a, b, error));
    if (!hra_is_store(o->store))
        return hra_fail(error, HRA_EINPUT, "%s is not a population store; 'hra import' makes one", o->store);
    HRA_TRY(hra_store_open(o->store, hra_dictionary_count(a) > hra_dictionary_count(b) ? a : b, &c->source, error));
    c->before.scoring.threads = hra_setup_threads(o->threads);
    c->before.scoring.quiet = o->quiet;
    HRA_TRY(hra_scoring_prepare(c->before.library, c->source, &request, &c->before.scoring, error));
    HRA_TRY(hra_scoring_prepare(c->after.library, c->source, &request, &c->after.scoring, error));
    c->wanted = calloc((size_t)c->source->schema->column_count + 1, sizeof *c->wanted);
    if (!c->wanted) return hra_out_of_memory(error);
    hra_program_columns(c->before.scoring.program, c->wanted);
    hra_program_columns(c->after.scoring.program, c->wanted);
    c->source->wanted = c->wanted;
    return HRA_OK;
}

static hra_diff_side diff_side(const side *s)
{
    return (hra_diff_side){s->library, s->scoring.program, s->scoring.outputs, s->scoring.output_count};
}

static hra_code write_csv(const hra_definitions_options *o, comparison *c, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_buffer csv = {0};
    hra_code code = hra_diff_csv(c->diff, &csv, error);
    if (code == HRA_OK) code = hra_atomic_open(o->output, &file, error);
    if (code == HRA_OK && fwrite(csv.bytes, 1, csv.length, hra_atomic_stream(file)) != csv.length) {
        hra_atomic_abandon(file);
        code = hra_fail(error, HRA_EIO, "%s: writing failed (disk full?)", o->output);
    } else if (code == HRA_OK) {
        code = hra_atomic_commit(file, error);
    }
    hra_buffer_destroy(&csv);
    return code;
}

static hra_code compare(const char *before, const char *after, const hra_definitions_options *o, comparison *c,
                        hra_error *error)
{
    if (!o->store) return hra_fail(error, HRA_EUSAGE, "give the population store to compare on with --on STORE.h5");
    HRA_TRY(load_side(before, &c->before, error));
    HRA_TRY(load_side(after, &c->after, error));
    HRA_TRY(prepare(o, c, error));
    hra_diff_side a = diff_side(&c->before), b = diff_side(&c->after);
    HRA_TRY(hra_diff_new(&a, &b, c->before.scoring.threads, &c->diff, error));
    hra_sink *sink = hra_diff_sink(c->diff);
    HRA_TRY(hra_scoring_run(&c->before.scoring, c->source, &sink, 1, "comparing", 0, error));
    if (o->output) HRA_TRY(write_csv(o, c, error));
    HRA_TRY(hra_diff_text(c->diff, &c->text, error));
    fputs(c->text.bytes, stdout);
    const hra_run_facts *f = &c->before.scoring.facts;
    if (!o->quiet)
        fprintf(stderr, "%lld people scored under both definitions in %.2f s (%.0f people/s)\n",
                (long long)f->rows_scored, f->seconds_wall,
                f->seconds_wall > 0 ? (double)f->rows_scored / f->seconds_wall : 0.0);
    return HRA_OK;
}

static void destroy(comparison *c)
{
    hra_diff_free(c->diff);
    if (c->source) c->source->close(c->source);
    hra_scoring_destroy(&c->before.scoring);
    hra_scoring_destroy(&c->after.scoring);
    hra_library_free(c->before.library);
    hra_library_free(c->after.library);
    hra_buffer_destroy(&c->text);
    free(c->wanted);
}

int hra_definitions_diff(const char *before, const char *after, const hra_definitions_options *options)
{
    hra_error error = {0};
    comparison c = {0};
    hra_setup_catch_signals();
    hra_code code = compare(before, after, options, &c, &error);
    destroy(&c);
    return code == HRA_OK ? HRA_OK : hra_report_error("definitions", &error);
}
