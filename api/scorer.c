/* Scorers: a request compiled for columns, and what comes out of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/scorer_internal.h"
#include "engine/graph/status.h"

/* ---- columns ----------------------------------------------------------------- */

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
    return *name && (*unit || !open) ? HRA_OK : hra_out_of_memory(error);
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
        return hra_fail(error, HRA_EUSAGE, "'%s' is text and cannot be computed with: leave it out", name);
    HRA_TRY(hra_column_for(d, variable, unit, &s->schema.columns[s->schema.column_count], error));
    s->schema.column_count++;
    return HRA_OK;
}

/* ---- compiling ------------------------------------------------------------------ */

static hra_code name_statuses(hra_scorer *s, hra_error *error)
{
    s->status_names = hra_arena_alloc(s->arena, ((size_t)s->output_count + 1) * sizeof *s->status_names);
    for (int i = 0; s->status_names && i < s->output_count; i++) {
        int holder = s->outputs[i].status_of;
        const char *owner = hra_output_status_owner(s->outputs, s->output_count, holder);
        s->status_names[i] = holder == i ? hra_arena_printf(s->arena, "%s.status", owner) : s->status_names[holder];
        if (!s->status_names[i]) s->status_names = NULL;
    }
    return s->status_names ? HRA_OK : hra_out_of_memory(error);
}

static hra_code compile(hra_scorer *s, const hra_plan_request *request, const char *const *columns, int column_count,
                        hra_error *error)
{
    s->schema.dictionary = hra_library_dictionary(s->engine->library);
    s->schema.columns = hra_arena_alloc(s->arena, ((size_t)column_count + 1) * sizeof(hra_column));
    if (!s->schema.columns) return hra_out_of_memory(error);
    for (int c = 0; c < column_count; c++) HRA_TRY(add_column(s, columns[c], error));
    HRA_TRY(hra_plan_new(s->engine->library, &s->schema, request, &s->plan, error));
    s->outputs = hra_plan_outputs(s->plan, &s->output_count);
    HRA_TRY(name_statuses(s, error));
    return hra_program_compile(hra_plan_graph(s->plan), &s->schema, s->outputs, s->output_count, NULL, &s->program,
                               error);
}

hra_code hra_scorer_compile(const hra_engine *engine, const hra_plan_request *request, hra_arena *arena,
                            const char *const *columns, int column_count, hra_scorer **out, hra_error *error)
{
    hra_scorer *s = calloc(1, sizeof *s);
    if (!s) {
        hra_arena_free(arena);
        return hra_out_of_memory(error);
    }
    s->engine = engine;
    s->arena = arena;
    hra_code code = compile(s, request, columns, column_count, error);
    if (code == HRA_OK)
        *out = s;
    else
        hra_scorer_free(s);
    return code;
}

hra_code hra_scorer_new(const hra_engine *engine, const char *const *models, int model_count,
                        const char *const *columns, int column_count, hra_outside outside, hra_scorer **out,
                        hra_error *error)
{
    if (model_count < 1) return hra_fail(error, HRA_EUSAGE, "no model is asked for");
    if (outside != HRA_OUTSIDE_COMPUTE && outside != HRA_OUTSIDE_BLANK && outside != HRA_OUTSIDE_CLAMP)
        return hra_fail(error, HRA_EUSAGE, "outside is %d: none of HRA_OUTSIDE_COMPUTE, _BLANK and _CLAMP",
                        (int)outside);
    hra_plan_request request = {
        .models = models, .model_count = model_count, .range = (hra_range_policy)outside, .as_of = NAN, .share = true};
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    return hra_scorer_compile(engine, &request, arena, columns, column_count, out, error);
}

hra_code hra_scorer_open(const hra_engine *engine, const char *request, const char *const *columns, int column_count,
                         hra_scorer **out, hra_error *error)
{
    hra_plan_request read;
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_code code = hra_request_read(request, arena, &read, error);
    if (code == HRA_OK) return hra_scorer_compile(engine, &read, arena, columns, column_count, out, error);
    hra_arena_free(arena);
    return code;
}

void hra_scorer_free(hra_scorer *scorer)
{
    if (!scorer) return;
    for (int c = 0; scorer->arrow && c < scorer->schema.column_count; c++) hra_map_free(scorer->arrow[c].levels);
    for (int i = 0; scorer->level_words && i < scorer->output_count; i++) hra_words_drop(scorer->level_words[i]);
    hra_words_drop(scorer->status_words);
    hra_program_free(scorer->program);
    hra_plan_free(scorer->plan);
    hra_arena_free(scorer->arena);
    free(scorer);
}

/* ---- what comes out ----------------------------------------------------------------- */

static const hra_output *output_at(const hra_scorer *scorer, int index)
{
    return index >= 0 && index < scorer->output_count ? &scorer->outputs[index] : NULL;
}

int hra_scorer_output_count(const hra_scorer *scorer) { return scorer->output_count; }

const char *hra_scorer_output(const hra_scorer *scorer, int index)
{
    const hra_output *output = output_at(scorer, index);
    return output ? output->id : NULL;
}

const char *hra_scorer_output_kind(const hra_scorer *scorer, int index)
{
    static const char *const kinds[] = {
        [HRA_OUTPUT_NUMBER] = "number", [HRA_OUTPUT_FLAG] = "flag", [HRA_OUTPUT_CATEGORY] = "category"};
    const hra_output *output = output_at(scorer, index);
    return output ? kinds[output->kind] : NULL;
}

const char *hra_scorer_output_unit(const hra_scorer *scorer, int index)
{
    const hra_output *output = output_at(scorer, index);
    if (!output) return NULL;
    return output->unit && *output->unit ? output->unit : "1";
}

const char *hra_scorer_output_definition(const hra_scorer *scorer, int index)
{
    const hra_output *output = output_at(scorer, index);
    return output ? output->owner : NULL;
}

const char *hra_scorer_output_status(const hra_scorer *scorer, int index)
{
    return output_at(scorer, index) ? scorer->status_names[index] : NULL;
}

const char *const *hra_scorer_output_levels(const hra_scorer *scorer, int index, int *count)
{
    const hra_output *output = output_at(scorer, index);
    *count = output ? output->level_count : 0;
    return output ? output->levels : NULL;
}

void hra_status_words(uint8_t status, char *text, size_t size)
{
    hra_buffer words = {0};
    hra_status_text(status, NULL, 0, &words);
    snprintf(text, size, "%s", words.bytes ? words.bytes : "");
    hra_buffer_destroy(&words);
}
