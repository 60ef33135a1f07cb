#include "report/models/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"

static const double usual_tolerance = 1e-9;

typedef struct trial {
    const hra_library *library;
    const hra_reference *reference;
    hra_verification *result;
    double tolerance;
    double *judged; /* output_count * rows: what the judge answered */
    hra_error *error;
} trial;

static hra_code no_memory(const trial *t)
{
    return hra_fail(t->error, HRA_ENOMEM, "out of memory verifying %s", t->reference->model->id);
}

static hra_code plan_of(const trial *t, bool share, hra_plan **plan)
{
    hra_plan_request request = {
        .models = &t->reference->model->id, .model_count = 1, .range = HRA_RANGE_COMPUTE, .as_of = NAN, .share = share};
    return hra_plan_new(t->library, &t->reference->schema, &request, plan, t->error);
}

/* The plan's output for each expected one. */
static const hra_output *find_output(const hra_plan *plan, const char *name, int *index)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (*index = 0; *index < count; ++*index)
        if (strcmp(outputs[*index].name, name) == 0) return &outputs[*index];
    return NULL;
}

/* ---- comparing ------------------------------------------------------------------ */

/* Points, counts and rules are whole numbers: nothing to round. */
static bool is_exact(const hra_output *output)
{
    return output->kind == HRA_OUTPUT_FLAG || strcmp(output->name, "points") == 0 || strcmp(output->name, "count") == 0;
}

static void wrong(trial *t, const char *how, const hra_output *output, int row, const char *got, const char *want)
{
    if (t->result->wrong++ == 0)
        snprintf(t->result->first, sizeof t->result->first, "%s, %s, row %d: %s instead of %s", output->id, how,
                 row + 1, got, want);
}

static hra_code compare(trial *t, const char *how, const hra_output *output, int row, const char *want, double got)
{
    char text[64];
    t->result->compared++;
    if (output->kind == HRA_OUTPUT_CATEGORY) {
        const char *level = isnan(got) ? "unknown" : output->levels[(int)got];
        if (strcmp(level, want) != 0) wrong(t, how, output, row, level, want);
        return HRA_OK;
    }
    char *end;
    double expected = strtod(want, &end);
    if (want[0] == '\0' || *end)
        return hra_fail(t->error, HRA_EINPUT, "%s, reference row %d: %s is not a number: '%s'", t->reference->path,
                        row + 1, output->name, want);
    double difference = fabs(got - expected);
    if (difference > t->result->largest) t->result->largest = difference;
    if (difference <= (is_exact(output) ? 0 : t->tolerance)) return HRA_OK; /* an unknown answer is wrong */
    snprintf(text, sizeof text, "%.17g", got);
    wrong(t, how, output, row, text, want);
    return HRA_OK;
}

static void compare_bits(trial *t, const char *how, const hra_output *output, int row, double judged, double got)
{
    if (memcmp(&got, &judged, sizeof got) == 0 || (isnan(got) && isnan(judged))) return;
    char mine[64], theirs[64];
    snprintf(mine, sizeof mine, "%.17g", got);
    snprintf(theirs, sizeof theirs, "the judge's %.17g", judged);
    wrong(t, how, output, row, mine, theirs);
}

static const char *expected(const trial *t, int output, int row)
{
    return t->reference->expected[(size_t)row * (size_t)t->reference->output_count + (size_t)output];
}

static double *judged(const trial *t, int output, int row)
{
    return &t->judged[(size_t)output * (size_t)t->reference->rows + (size_t)row];
}

/* ---- the judge ------------------------------------------------------------------ */

static hra_code judge_row(trial *t, const hra_plan *plan, hra_judge *judge, int row)
{
    const hra_reference *f = t->reference;
    hra_judge_person(judge, f->inputs + (size_t)row * (size_t)f->schema.column_count);
    for (int e = 0; e < f->output_count; e++) {
        int index;
        const hra_output *output = find_output(plan, f->outputs[e], &index);
        if (!output) return hra_fail(t->error, HRA_EINTERNAL, "%s has no output %s", f->model->id, f->outputs[e]);
        *judged(t, e, row) = hra_judge_value(judge, output->value);
        HRA_TRY(compare(t, "the judge", output, row, expected(t, e, row), *judged(t, e, row)));
    }
    return HRA_OK;
}

static hra_code try_judge(trial *t)
{
    hra_plan *plan = NULL;
    HRA_TRY(plan_of(t, false, &plan));
    hra_judge *judge = hra_judge_new(hra_plan_graph(plan));
    hra_code code = judge ? HRA_OK : no_memory(t);
    for (int row = 0; code == HRA_OK && row < t->reference->rows; row++) code = judge_row(t, plan, judge, row);
    hra_judge_free(judge);
    hra_plan_free(plan);
    return code;
}

/* ---- the rows as a chunk ----------------------------------------------------------- */

typedef struct packed {
    hra_chunk chunk;
    hra_codes *codes;
    uint32_t *memory; /* rows of every column, wide enough for either width */
    hra_exception *exceptions;
} packed;

static void pack_column(packed *p, const hra_reference *f, int c)
{
    const hra_column *column = &f->schema.columns[c];
    uint32_t *wide = p->memory + (size_t)c * (size_t)f->rows;
    uint16_t *narrow = (uint16_t *)wide;
    bool is_wide = hra_column_wide(column);
    p->codes[c] = is_wide ? (hra_codes){.u32 = wide} : (hra_codes){.u16 = narrow};
    for (int row = 0; row < f->rows; row++) {
        uint32_t code = hra_column_code(column, f->inputs[(size_t)row * (size_t)f->schema.column_count + (size_t)c]);
        if (is_wide)
            wide[row] = code;
        else
            narrow[row] = (uint16_t)code;
    }
}

/* Values off their column's grid, by row as a chunk wants them. */
static void add_exceptions(packed *p, const hra_reference *f)
{
    int columns = f->schema.column_count;
    for (int row = 0; row < f->rows; row++)
        for (int c = 0; c < columns; c++) {
            double value = f->inputs[(size_t)row * (size_t)columns + (size_t)c];
            const hra_column *column = &f->schema.columns[c];
            if (hra_column_code(column, value) == hra_column_escape(column))
                p->exceptions[p->chunk.exception_count++] = (hra_exception){.row = row, .column = c, .value = value};
        }
}

static bool pack(packed *p, const hra_reference *f)
{
    size_t columns = (size_t)f->schema.column_count, cells = columns * (size_t)f->rows;
    *p = (packed){.codes = calloc(columns + 1, sizeof *p->codes),
                  .memory = calloc(cells + 1, sizeof *p->memory),
                  .exceptions = calloc(cells + 1, sizeof *p->exceptions)};
    if (!p->codes || !p->memory || !p->exceptions) return false;
    for (size_t c = 0; c < columns; c++) pack_column(p, f, (int)c);
    add_exceptions(p, f);
    p->chunk.rows = f->rows;
    p->chunk.columns = p->codes;
    p->chunk.exceptions = p->exceptions;
    return true;
}

static void unpack(packed *p)
{
    free(p->codes);
    free(p->memory);
    free(p->exceptions);
}

/* ---- the program ------------------------------------------------------------------- */

static hra_code compare_results(trial *t, const hra_plan *plan, const char *set, const hra_results *results)
{
    for (int e = 0; e < t->reference->output_count; e++) {
        int index;
        const hra_output *output = find_output(plan, t->reference->outputs[e], &index);
        if (!output) return hra_fail(t->error, HRA_EINTERNAL, "no output %s", t->reference->outputs[e]);
        for (int row = 0; row < t->reference->rows; row++) {
            double got = hra_results_value(results, index, row);
            HRA_TRY(compare(t, set, output, row, expected(t, e, row), got));
            compare_bits(t, set, output, row, *judged(t, e, row), got);
        }
    }
    return HRA_OK;
}

static hra_code run_program(trial *t, const hra_plan *plan, const char *set, const hra_program *program)
{
    packed p;
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, t->reference->rows);
    bool ready = pack(&p, t->reference) && workspace && results;
    hra_code code = ready ? hra_program_score(program, workspace, &p.chunk, results, t->error) : no_memory(t);
    if (code == HRA_OK) code = compare_results(t, plan, set, results);
    unpack(&p);
    hra_results_free(results);
    hra_workspace_free(workspace);
    return code;
}

static hra_code try_set(trial *t, const char *set)
{
    hra_plan *plan = NULL;
    hra_program *program = NULL;
    HRA_TRY(hra_isa_force(set, t->error));
    hra_code code = plan_of(t, true, &plan);
    if (code == HRA_OK) {
        int count;
        const hra_output *outputs = hra_plan_outputs(plan, &count);
        code =
            hra_program_compile(hra_plan_graph(plan), &t->reference->schema, outputs, count, NULL, &program, t->error);
    }
    if (code == HRA_OK) code = run_program(t, plan, set, program);
    hra_program_free(program);
    hra_plan_free(plan);
    hra_isa_force(NULL, NULL);
    return code;
}

hra_code hra_verify(const hra_library *library, const hra_reference *reference, const hra_isa *const *sets,
                    int set_count, hra_verification *out, hra_error *error)
{
    *out = (hra_verification){.rows = reference->rows, .outputs = reference->output_count};
    trial t = {.library = library,
               .reference = reference,
               .result = out,
               .tolerance = usual_tolerance,
               .judged = calloc((size_t)reference->rows * (size_t)reference->output_count, sizeof(double)),
               .error = error};
    if (!t.judged) return no_memory(&t);
    const char *rounded = hra_declaration_text(reference->model, "reference_error", "en");
    if (rounded) t.tolerance = strtod(rounded, NULL);
    hra_code code = try_judge(&t);
    for (int i = 0; code == HRA_OK && i < set_count; i++) code = try_set(&t, sets[i]->name);
    free(t.judged);
    return code;
}

hra_code hra_verify_sets(const hra_isa **sets, int capacity, int *count, hra_error *error)
{
    *count = 0;
    const hra_isa *chosen = NULL;
    HRA_TRY(hra_isa_choose(&chosen, error)); /* a bad HRA_ISA is an error here too */
    const char *only = getenv("HRA_ISA");
    for (const hra_isa *const *isa = hra_isa_list(); *isa && *count < capacity; isa++)
        if (only && *only ? *isa == chosen : (*isa)->supported()) sets[(*count)++] = *isa;
    return HRA_OK;
}
