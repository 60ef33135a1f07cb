/* The public API on top of the engine: columns of doubles become a source of chunks. */
#include "hra/hra.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/language/plan.h"
#include "engine/run/runner.h"
#include "engine/run/status.h"

struct hra_engine {
    hra_library *library;
    const char **models;
    int model_count;
};

struct hra_scorer {
    const hra_engine *engine;
    hra_arena *arena;
    hra_schema schema;
    hra_plan *plan;
    hra_program *program;
    const hra_output *outputs;
    int output_count;
};

const char *hra_version(void) { return HRA_VERSION; }

/* ---- engine ---------------------------------------------------------------- */

static hra_code load(hra_library *library, const char *const *files, int count, hra_error *error)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    if (!faults) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = hra_library_add_builtin(library, faults, error);
    for (int i = 0; i < count && code == HRA_OK; i++) code = hra_library_add_file(library, files[i], faults, error);
    if (code == HRA_OK) code = hra_library_check(library, faults, error);
    if (hra_diagnostics_count(faults) > 0) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        code = hra_fail(error, HRA_EDEFINITION, "%s", text.bytes ? text.bytes : "faults in the definitions");
        hra_buffer_destroy(&text);
    }
    hra_diagnostics_free(faults);
    return code;
}

hra_code hra_engine_new(const char *const *definition_files, int file_count, hra_engine **out, hra_error *error)
{
    hra_engine *engine = calloc(1, sizeof *engine);
    if (engine) engine->library = hra_library_new();
    hra_code code = engine && engine->library ? load(engine->library, definition_files, file_count, error)
                                              : hra_fail(error, HRA_ENOMEM, "out of memory");
    int declarations = code == HRA_OK ? hra_library_declaration_count(engine->library) : 0;
    if (code == HRA_OK) {
        engine->models = calloc((size_t)declarations + 1, sizeof *engine->models);
        if (!engine->models) code = hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    for (int i = 0; code == HRA_OK && i < declarations; i++) {
        const hra_declaration *d = hra_library_declaration(engine->library, i);
        if (d->kind == HRA_DECLARATION_MODEL) engine->models[engine->model_count++] = d->id;
    }
    if (code == HRA_OK)
        *out = engine;
    else
        hra_engine_free(engine);
    return code;
}

void hra_engine_free(hra_engine *engine)
{
    if (!engine) return;
    hra_library_free(engine->library);
    free(engine->models);
    free(engine);
}

int hra_engine_model_count(const hra_engine *engine) { return engine->model_count; }

const char *hra_engine_model(const hra_engine *engine, int index)
{
    return index >= 0 && index < engine->model_count ? engine->models[index] : NULL;
}

const char *hra_engine_model_text(const hra_engine *engine, const char *model, const char *property,
                                  const char *language)
{
    const hra_declaration *d = hra_library_find(engine->library, model);
    return d ? hra_declaration_text(d, property, language) : NULL;
}

const char *hra_engine_model_input(const hra_engine *engine, const char *model, int index)
{
    const hra_declaration *d = hra_library_find(engine->library, model);
    return d && index >= 0 && index < d->input_count ? d->inputs[index] : NULL;
}

/* ---- scorer ---------------------------------------------------------------- */

/* "tc[mg/dL]" -> variable and unit (NULL: canonical) */
static hra_code split_column(hra_scorer *s, const char *text, char **name, char **unit, hra_error *error)
{
    const char *open = strchr(text, '[');
    size_t length = open ? (size_t)(open - text) : strlen(text);
    size_t inside = open ? strcspn(open + 1, "]") : 0;
    if (open && strcmp(open + 1 + inside, "]") != 0)
        return hra_fail(error, HRA_EUSAGE, "'%s': a unit stands between '[' and ']' at the end", text);
    *name = hra_arena_text_n(s->arena, text, length);
    *unit = open ? hra_arena_text_n(s->arena, open + 1, inside) : NULL;
    return *name && (*unit || !open) ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory");
}

static hra_code add_column(hra_scorer *s, const char *text, hra_error *error)
{
    const hra_dictionary *d = s->schema.dictionary;
    char *name = NULL, *unit = NULL;
    HRA_TRY(split_column(s, text, &name, &unit, error));
    int variable = hra_dictionary_find(d, name);
    if (variable < 0) return hra_fail(error, HRA_EUSAGE, "no variable '%s' in the dictionary", name);
    for (int c = 0; c < s->schema.column_count; c++)
        if (s->schema.columns[c].variable == variable)
            return hra_fail(error, HRA_EUSAGE, "'%s' is there twice: which column counts?", name);
    hra_type type = hra_dictionary_at(d, variable)->type;
    if (type == HRA_TYPE_TEXT || type == HRA_TYPE_ID || type == HRA_TYPE_LABEL)
        return hra_fail(error, HRA_EUSAGE, "'%s' is text and cannot be computed with", name);
    HRA_TRY(hra_column_for(d, variable, unit, &s->schema.columns[s->schema.column_count], error));
    s->schema.column_count++;
    return HRA_OK;
}

static hra_code compile(hra_scorer *s, const char *const *models, int model_count, const char *const *columns,
                        int column_count, hra_outside outside, hra_error *error)
{
    s->schema.dictionary = hra_library_dictionary(s->engine->library);
    s->schema.columns = s->arena ? hra_arena_alloc(s->arena, ((size_t)column_count + 1) * sizeof(hra_column)) : NULL;
    if (!s->schema.columns) return hra_fail(error, HRA_ENOMEM, "out of memory");
    for (int c = 0; c < column_count; c++) HRA_TRY(add_column(s, columns[c], error));
    hra_plan_request request = {
        .models = models, .model_count = model_count, .range = (hra_range_policy)outside, .as_of = NAN, .share = true};
    HRA_TRY(hra_plan_new(s->engine->library, &s->schema, &request, &s->plan, error));
    s->outputs = hra_plan_outputs(s->plan, &s->output_count);
    return hra_program_compile(hra_plan_graph(s->plan), &s->schema, s->outputs, s->output_count, NULL, &s->program,
                               error);
}

hra_code hra_scorer_new(const hra_engine *engine, const char *const *models, int model_count,
                        const char *const *columns, int column_count, hra_outside outside, hra_scorer **out,
                        hra_error *error)
{
    if (model_count < 1) return hra_fail(error, HRA_EUSAGE, "no model is asked for");
    if (outside != HRA_OUTSIDE_COMPUTE && outside != HRA_OUTSIDE_BLANK && outside != HRA_OUTSIDE_CLAMP)
        return hra_fail(error, HRA_EUSAGE, "outside is %d: none of HRA_OUTSIDE_COMPUTE, _BLANK and _CLAMP",
                        (int)outside);
    hra_scorer *s = calloc(1, sizeof *s);
    if (!s) return hra_fail(error, HRA_ENOMEM, "out of memory");
    s->engine = engine;
    s->arena = hra_arena_new();
    hra_code code = compile(s, models, model_count, columns, column_count, outside, error);
    if (code == HRA_OK)
        *out = s;
    else
        hra_scorer_free(s);
    return code;
}

void hra_scorer_free(hra_scorer *scorer)
{
    if (!scorer) return;
    hra_program_free(scorer->program);
    hra_plan_free(scorer->plan);
    hra_arena_free(scorer->arena);
    free(scorer);
}

int hra_scorer_output_count(const hra_scorer *scorer) { return scorer->output_count; }

const char *hra_scorer_output(const hra_scorer *scorer, int index)
{
    return index >= 0 && index < scorer->output_count ? scorer->outputs[index].id : NULL;
}

const char *const *hra_scorer_output_levels(const hra_scorer *scorer, int index, int *count)
{
    bool known = index >= 0 && index < scorer->output_count;
    *count = known ? scorer->outputs[index].level_count : 0;
    return known ? scorer->outputs[index].levels : NULL;
}

/* ---- running: the caller's columns as a source, his results as a sink ------- */

typedef struct memory_source {
    hra_source base;
    const double *const *inputs;
    size_t rows, next;
} memory_source;

typedef struct memory_sink {
    hra_sink base;
    const hra_scorer *scorer;
    double *const *results;
    uint8_t *const *status;
} memory_sink;

static hra_code claim(hra_source *base, int64_t *sequence, void **ticket, hra_error *error)
{
    memory_source *s = (memory_source *)base;
    *sequence = s->next * HRA_CHUNK_ROWS < s->rows ? (int64_t)s->next++ : -1;
    *ticket = NULL;
    return HRA_OK;
}

/* A category comes as the dictionary's code and is kept as the level's ordinal. */
static double level_ordinal(const hra_variable *v, double number)
{
    for (int l = 0; l < v->level_count; l++)
        if (v->levels[l].number == number) return l;
    return NAN;
}

static hra_code encode_column(const memory_source *s, int c, size_t first, hra_chunk *chunk, uint32_t *codes,
                              size_t *capacity, hra_error *error)
{
    const hra_column *column = &s->base.schema->columns[c];
    const hra_variable *v = hra_dictionary_at(s->base.schema->dictionary, column->variable);
    for (int r = 0; r < chunk->rows; r++) {
        double value = s->inputs[c][first + (size_t)r];
        if (v->type == HRA_TYPE_CATEGORY) value = level_ordinal(v, value);
        codes[r] = hra_column_code(column, value);
        if (codes[r] != hra_column_escape(column)) continue;
        if ((size_t)chunk->exception_count == *capacity) {
            size_t more = *capacity ? *capacity * 2 : 256;
            hra_exception *list = realloc(chunk->exceptions, more * sizeof *list);
            if (!list) return hra_fail(error, HRA_ENOMEM, "out of memory");
            chunk->exceptions = list;
            *capacity = more;
        }
        chunk->exceptions[chunk->exception_count++] = (hra_exception){r, c, value};
    }
    return HRA_OK;
}

static int by_row(const void *a, const void *b)
{
    const hra_exception *x = a, *y = b;
    return x->row != y->row ? (x->row < y->row ? -1 : 1) : (x->column > y->column) - (x->column < y->column);
}

static void release(hra_source *base, hra_chunk *chunk)
{
    free(chunk->exceptions);
    free(chunk->owner);
    *chunk = (hra_chunk){0};
}

/* One allocation holds the column descriptors and, behind them, all codes. */
static hra_code fill(hra_source *base, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    const memory_source *s = (const memory_source *)base;
    size_t first = (size_t)sequence * HRA_CHUNK_ROWS, left = s->rows - first, capacity = 0;
    int columns = base->schema->column_count;
    *chunk = (hra_chunk){
        .sequence = sequence, .first_row = (int64_t)first, .rows = left < HRA_CHUNK_ROWS ? (int)left : HRA_CHUNK_ROWS};
    size_t head = (size_t)columns * sizeof(hra_codes) + 64, body = (size_t)chunk->rows * sizeof(uint32_t);
    unsigned char *memory = calloc(1, head + (size_t)columns * body);
    if (!memory) return hra_fail(error, HRA_ENOMEM, "out of memory");
    chunk->owner = memory;
    chunk->columns = (hra_codes *)(void *)memory;
    hra_code code = HRA_OK;
    for (int c = 0; c < columns && code == HRA_OK; c++) {
        uint32_t *codes = (uint32_t *)(void *)(memory + head + (size_t)c * body);
        code = encode_column(s, c, first, chunk, codes, &capacity, error);
        if (hra_column_wide(&base->schema->columns[c])) {
            chunk->columns[c].u32 = codes;
        } else { /* narrow in place: entry r is read before it can be overwritten */
            uint16_t *narrow = (uint16_t *)(void *)codes;
            for (int r = 0; r < chunk->rows; r++) {
                uint16_t value = (uint16_t)codes[r];
                memcpy(&narrow[r], &value, sizeof value);
            }
            chunk->columns[c].u16 = narrow;
        }
    }
    if (chunk->exception_count > 1)
        qsort(chunk->exceptions, (size_t)chunk->exception_count, sizeof *chunk->exceptions, by_row);
    if (code != HRA_OK) release(base, chunk);
    return code;
}

static hra_code copy_results(hra_sink *base, int thread, const hra_chunk *chunk, const hra_results *results,
                             void **prepared, hra_error *error)
{
    const memory_sink *sink = (const memory_sink *)base;
    for (int i = 0; i < sink->scorer->output_count; i++) {
        int holder = sink->scorer->outputs[i].status_of;
        hra_results_column(results, i, sink->results[i] + chunk->first_row);
        if (sink->status) memcpy(sink->status[i] + chunk->first_row, results->status[holder], (size_t)chunk->rows);
    }
    return HRA_OK;
}

static void close_nothing(hra_source *base) {}

hra_code hra_scorer_run(const hra_scorer *scorer, size_t rows, const double *const *inputs, double *const *results,
                        uint8_t *const *status, int threads, hra_error *error)
{
    memory_source source = {.base = {.schema = &scorer->schema,
                                     .rows = (int64_t)rows,
                                     .bytes = -1,
                                     .claim = claim,
                                     .fill = fill,
                                     .release = release,
                                     .close = close_nothing},
                            .inputs = inputs,
                            .rows = rows};
    memory_sink sink = {.base = {.prepare = copy_results}, .scorer = scorer, .results = results, .status = status};
    hra_sink *sinks[] = {&sink.base};
    hra_run_options options = {.threads = threads};
    return hra_run(&source.base, scorer->program, sinks, 1, &options, NULL, error);
}

void hra_status_words(uint8_t status, char *text, size_t size)
{
    hra_buffer words = {0};
    hra_status_text(status, NULL, 0, &words);
    snprintf(text, size, "%s", words.bytes ? words.bytes : "");
    hra_buffer_destroy(&words);
}
