/* The shipped definitions: every model, factor, tier, prescription and panel,
 * computed for random people by the judge on the plain tree and by the fast
 * path on the shared graph, on every instruction set, bit for bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"
#include "tests/differential/random.h"

enum { ROWS = 300, PANELS_MAX = 32 };

static hra_library *library;
static hra_schema schema;
static const char **models;
static int model_count;
static const char *panels[PANELS_MAX];
static int panel_count;

/* ---- the library and a column for every variable that a store can hold ------------ */

static void add_declarations(void)
{
    int count = hra_library_declaration_count(library);
    models = calloc((size_t)count + 1, sizeof(char *));
    assert_non_null(models);
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == HRA_DECLARATION_MODEL) models[model_count++] = d->id;
        if (d->kind == HRA_DECLARATION_PANEL && panel_count < PANELS_MAX) panels[panel_count++] = d->id;
    }
}

static void add_columns(void)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    int count = hra_dictionary_count(dictionary);
    schema = (hra_schema){.dictionary = dictionary, .columns = calloc((size_t)count + 1, sizeof(hra_column))};
    assert_non_null(schema.columns);
    for (int v = 0; v < count; v++) {
        hra_error error;
        if (hra_dictionary_at(dictionary, v)->type > HRA_TYPE_DATE) continue;
        if (hra_column_for(dictionary, v, NULL, &schema.columns[schema.column_count], &error) != HRA_OK)
            fail_msg("%s", error.message);
        schema.column_count++;
    }
}

static int set_up(void **state)
{
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    hra_diagnostics_free(diagnostics);
    if (code != HRA_OK) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    add_declarations();
    add_columns();
    return 0;
}

static int tear_down(void **state)
{
    hra_library_free(library);
    free(schema.columns);
    free(models);
    return 0;
}

/* ---- people ---------------------------------------------------------------------------- */

typedef struct people {
    hra_chunk chunk;
    hra_codes *codes;
    hra_exception *exceptions;
} people;

/* Mostly plausible, so that the published ranges are met; now and then anything the column can hold. */
static uint32_t person_code(random_state *r, const hra_column *column, int missing)
{
    const hra_variable *v = hra_dictionary_at(schema.dictionary, column->variable);
    if (random_chance(r, missing)) return hra_column_missing(column);
    if (isnan(v->plausible_min) || isnan(v->plausible_max) || random_chance(r, 5))
        return (uint32_t)(random_bits(r) % column->levels);
    double value = v->plausible_min + random_unit(r) * (v->plausible_max - v->plausible_min);
    double code = round(value * hra_pow10(column->decimals)) - (double)column->first;
    return code < 0 ? 0 : code < column->levels ? (uint32_t)code : column->levels - 1;
}

static void set_code(hra_codes *codes, int row, uint32_t code)
{
    if (codes->u16)
        ((uint16_t *)codes->u16)[row] = (uint16_t)code;
    else
        ((uint32_t *)codes->u32)[row] = code;
}

/* A value off the grid, in a few rows. */
static void add_exception(people *p, random_state *r, int row)
{
    int c = random_below(r, schema.column_count);
    const hra_column *column = &schema.columns[c];
    const hra_variable *v = hra_dictionary_at(schema.dictionary, column->variable);
    if (v->type != HRA_TYPE_MEASURE || isnan(v->plausible_min) || isnan(v->plausible_max)) return;
    double value = v->plausible_min + random_unit(r) * (v->plausible_max - v->plausible_min);
    set_code(&p->codes[c], row, hra_column_escape(column));
    p->exceptions[p->chunk.exception_count++] = (hra_exception){row, c, value};
}

static people people_new(uint64_t seed, int missing)
{
    random_state r = {seed};
    people p = {.codes = calloc((size_t)schema.column_count + 1, sizeof(hra_codes)),
                .exceptions = calloc(ROWS, sizeof(hra_exception))};
    assert_true(p.codes && p.exceptions);
    for (int c = 0; c < schema.column_count; c++) {
        void *memory = calloc(ROWS, sizeof(uint32_t));
        assert_non_null(memory);
        if (hra_column_wide(&schema.columns[c]))
            p.codes[c].u32 = memory;
        else
            p.codes[c].u16 = memory;
        for (int row = 0; row < ROWS; row++) set_code(&p.codes[c], row, person_code(&r, &schema.columns[c], missing));
    }
    for (int row = ROWS / 2; row < ROWS; row++)
        if (random_chance(&r, 5)) add_exception(&p, &r, row);
    p.chunk.rows = ROWS;
    p.chunk.columns = p.codes;
    p.chunk.exceptions = p.exceptions;
    return p;
}

static void people_destroy(people *p)
{
    for (int c = 0; c < schema.column_count; c++) {
        free((void *)p->codes[c].u16);
        free((void *)p->codes[c].u32);
    }
    free(p->codes);
    free(p->exceptions);
}

/* ---- comparing --------------------------------------------------------------------------- */

/* The ideal state and risk ages once for all models: with the first panel. */
static hra_plan *plan_of(const char *panel, hra_range_policy range, bool share)
{
    hra_plan *plan;
    hra_error error;
    hra_plan_request request = {.models = models,
                                .model_count = model_count,
                                .panel = panel,
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .aggregates = true,
                                .items = panel == panels[0],
                                .monitors = panel == panels[0],
                                .topics = panel == panels[0],
                                .references = panel == panels[0],
                                .range = range,
                                .as_of = 20400,
                                .ideal = panel == panels[0],
                                .risk_age = panel == panels[0],
                                .share = share};
    if (hra_plan_new(library, &schema, &request, &plan, &error) != HRA_OK) fail_msg("%s", error.message);
    return plan;
}

/* The same output of the tree. Group actions share an equal aggregate, so there may be fewer in the shared graph. */
static const hra_output **matching(const hra_output *outputs, int count, const hra_output *tree, int tree_count)
{
    const hra_output **match = calloc((size_t)count + 1, sizeof(hra_output *));
    assert_non_null(match);
    for (int i = 0, k = 0; i < count; i++, k++) {
        while (k < tree_count && strcmp(tree[k].id, outputs[i].id) != 0) k++;
        if (k == tree_count) fail_msg("%s is not an output of the tree", outputs[i].id);
        match[i] = &tree[k];
    }
    return match;
}

/* What the judge says on the plain tree, output after output. */
typedef struct expected {
    double *values;
    uint8_t *status;
} expected;

static expected ask_judge(const hra_plan *tree, const hra_output *const *match, int count, const people *p)
{
    expected e = {calloc((size_t)count * ROWS, sizeof(double)), calloc((size_t)count * ROWS, 1)};
    hra_judge *judge = hra_judge_new(hra_plan_graph(tree));
    double *inputs = calloc((size_t)schema.column_count + 1, sizeof *inputs);
    assert_true(e.values && e.status && judge && inputs);
    for (int row = 0; row < ROWS; row++) {
        hra_chunk_person(&schema, &p->chunk, row, inputs);
        hra_judge_person(judge, inputs);
        for (int i = 0; i < count; i++) {
            e.values[i * ROWS + row] = hra_judge_value(judge, match[i]->value);
            e.status[i * ROWS + row] = (uint8_t)hra_judge_status(judge, match[i]);
        }
    }
    free(inputs);
    hra_judge_free(judge);
    return e;
}

static void same_row(const char *isa, const char *id, const hra_results *results, int i, int row, const expected *e)
{
    double value = e->values[i * ROWS + row], got = hra_results_value(results, i, row);
    uint8_t status = e->status[i * ROWS + row], got_status = results->status[i] ? results->status[i][row] : status;
    if (memcmp(&value, &got, sizeof got) == 0 && status == got_status) return;
    fail_msg("%s: %s, person %d: %.17g status %u, the judge says %.17g status %u", isa, id, row, got, got_status, value,
             status);
}

/* Returns how many values are known. */
static int compare(const char *isa, const hra_plan *shared, const people *p, const hra_program_options *options,
                   const expected *e)
{
    int count, known = 0;
    const hra_output *outputs = hra_plan_outputs(shared, &count);
    hra_error error;
    hra_program *program;
    if (hra_program_compile(hra_plan_graph(shared), &schema, outputs, count, options, &program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, ROWS);
    assert_true(workspace && results);
    if (hra_program_score(program, workspace, &p->chunk, results, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int i = 0; i < count; i++) {
        for (int row = 0; row < ROWS; row++) {
            same_row(isa, outputs[i].id, results, i, row, e);
            known += !isnan(hra_results_value(results, i, row));
        }
    }
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
    return known;
}

static void compare_everywhere(const char *panel, hra_range_policy range, int missing, uint64_t seed)
{
    static const hra_program_options options[] = {{0}, {.block_rows = 3, .no_fusion = true}, {.no_tabulation = true}};
    hra_plan *tree = plan_of(panel, range, false), *shared = plan_of(panel, range, true);
    people p = people_new(seed, missing);
    int count, tree_count;
    const hra_output *outputs = hra_plan_outputs(shared, &count), *tree_outputs = hra_plan_outputs(tree, &tree_count);
    const hra_output **match = matching(outputs, count, tree_outputs, tree_count);
    expected e = ask_judge(tree, match, count, &p);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        for (size_t k = 0; k < ((*isa)->kernels ? sizeof options / sizeof *options : 1); k++)
            assert_in_range(compare((*isa)->name, shared, &p, &options[k], &e), 1, count * ROWS);
    }
    hra_isa_force(NULL, NULL);
    free(e.values);
    free(e.status);
    free(match);
    people_destroy(&p);
    hra_plan_free(tree);
    hra_plan_free(shared);
}

static void test_every_panel(void **state)
{
    assert_true(panel_count > 0 && model_count > 0);
    for (int k = 0; k < panel_count; k++) compare_everywhere(panels[k], HRA_RANGE_COMPUTE, 3, (uint64_t)k + 1);
}

static void test_much_unknown(void **state) { compare_everywhere(panels[0], HRA_RANGE_BLANK, 40, 77); }

static void test_clamped(void **state) { compare_everywhere(panels[0], HRA_RANGE_CLAMP, 1, 78); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_panel),
        cmocka_unit_test(test_much_unknown),
        cmocka_unit_test(test_clamped),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
