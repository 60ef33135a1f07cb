/* What if: for invented people and every intervention, the risk after it is, bit for bit, the risk of the same person
 * whose inputs were edited by hand; what is removed and the first steps are what a plain count over the outputs gives;
 * and every instruction set computes what the judge says on the plain tree. */
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
#include "engine/language/plan_internal.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"
#include "generate/generate.h"

enum { ROWS = 300 };

static const char *const PANEL = "china_corporate";
/* Beside what is shipped: two that set one input, one whose weight decides the body-mass index, one that leaves
 * somebody out for want of a value, and prescriptions that stand in each other's way. */
static const char *const MORE =
    "intervention t_pressure { title \"t\" order 1 when sbp > 120 sbp = min(sbp, 125) - 1 dbp = dbp - 2 }\n"
    "intervention t_salt { title \"t\" order 2 when sbp > 118 sbp = sbp*0.97 }\n"
    "intervention t_weight { title \"t\" order 3 when bmi > 22 weight = weight - 3.3 }\n"
    "intervention t_lipids { title \"t\" order 4 when tc > 4.5 tc = tc - 0.7 hdl = max(hdl, 1.1) tg = min(tg, 1.5) }\n"
    "intervention t_smoking { title \"t\" order 5 when smoking_status == current smoking_status = former\n"
    "  cigs_per_day = 0 quit_years = 1 }\n"
    "intervention t_walk { title \"t\" order 6 when activity_min_week < 200 activity_min_week = 300 }\n"
    "prescription t_p1 { domain exercise priority 1 order 1 when sbp > 125 intervention t_pressure text \"x\" }\n"
    "prescription t_p2 { domain diet priority 3 when sbp > 119 intervention t_salt one_of t_s text \"x\" }\n"
    "prescription t_p3 { domain diet priority 2 when age > 40 one_of t_s text \"x\" }\n"
    "prescription t_p4 { domain weight priority 1 when bmi > 23 intervention t_weight unless age >= 60 text \"x\" }\n"
    "prescription t_p5 { domain smoking priority 5 when ever_smoker intervention t_smoking instead_of t_p6 text \"x\" "
    "}\n"
    "prescription t_p6 { domain exercise priority 1 order 2 when activity_min_week < 200 intervention t_walk text "
    "\"x\" }\n"
    "prescription t_p7 { domain referral priority 4 first always when sbp > 150 intervention t_pressure text \"x\" }\n"
    "prescription t_p8 { domain lipid priority 2 when tc > 5.2 intervention t_lipids text \"x\" }\n";

static hra_library *library;
static const char **models;
static int model_count;
static hra_source *source;
static const hra_schema *delivered;  /* the columns of invented people */
static hra_schema full;              /* a column for every variable, so that each can be edited */
static double *people, *full_people; /* ROWS x columns */

static double *person_of(const hra_schema *schema, int row)
{
    double *all = schema == &full ? full_people : people;
    return all + (size_t)row * (size_t)schema->column_count;
}

static int tear_down(void **state)
{
    (void)state;
    if (source) source->close(source);
    hra_library_free(library);
    free(people);
    free(full_people);
    free(full.columns);
    free(models);
    return 0;
}

static hra_code load(hra_error *error)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, faults, error);
    if (code == HRA_OK) code = hra_library_add_text(library, "more.hra", MORE, strlen(MORE), faults, error);
    if (code == HRA_OK) code = hra_library_check(library, faults, error);
    hra_buffer text = {0};
    hra_diagnostics_print(faults, &text);
    if (text.bytes) fprintf(stderr, "%s", text.bytes);
    hra_buffer_destroy(&text);
    hra_diagnostics_free(faults);
    return code;
}

static hra_chunk take_chunk(void)
{
    hra_error error = {0};
    hra_chunk chunk = {0};
    int64_t sequence;
    void *ticket = NULL;
    const hra_generate_options options = {.seed = 11, .rows = ROWS, .without_keys = true};
    if (source) source->close(source);
    assert_int_equal(hra_generate_open(hra_library_dictionary(library), &options, &source, &error), HRA_OK);
    delivered = source->schema;
    assert_int_equal(source->claim(source, &sequence, &ticket, &error), HRA_OK);
    assert_int_equal(source->fill(source, sequence, ticket, &chunk, &error), HRA_OK);
    assert_int_equal(chunk.rows, ROWS);
    return chunk;
}

static void name_models(void)
{
    int count = hra_library_declaration_count(library);
    models = calloc((size_t)count + 1, sizeof *models);
    assert_non_null(models);
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == HRA_DECLARATION_MODEL) models[model_count++] = d->id;
    }
}

static int column_of(const hra_schema *schema, int variable)
{
    for (int c = 0; c < schema->column_count; c++)
        if (schema->columns[c].variable == variable) return c;
    return -1;
}

/* The same people with a column for everything that can be computed with. */
static void fill_full(void)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    int count = hra_dictionary_count(dictionary);
    full = (hra_schema){.dictionary = dictionary, .columns = calloc((size_t)count + 1, sizeof(hra_column))};
    assert_non_null(full.columns);
    for (int v = 0; v < count; v++) {
        hra_error error;
        if (hra_dictionary_at(dictionary, v)->type > HRA_TYPE_DATE) continue;
        if (hra_column_for(dictionary, v, NULL, &full.columns[full.column_count], &error) != HRA_OK)
            fail_msg("%s", error.message);
        full.column_count++;
    }
    full_people = calloc((size_t)ROWS * (size_t)full.column_count, sizeof *full_people);
    assert_non_null(full_people);
    for (int c = 0; c < full.column_count; c++) {
        int from = column_of(delivered, full.columns[c].variable);
        for (int row = 0; row < ROWS; row++)
            person_of(&full, row)[c] = from < 0 ? (double)NAN : person_of(delivered, row)[from];
    }
}

static int set_up(void **state)
{
    hra_error error = {0};
    if (load(&error) != HRA_OK) {
        fprintf(stderr, "%s\n", error.message);
        tear_down(state);
        return -1;
    }
    hra_chunk chunk = take_chunk();
    people = calloc((size_t)ROWS * (size_t)delivered->column_count, sizeof *people);
    assert_non_null(people);
    for (int row = 0; row < ROWS; row++) hra_chunk_person(delivered, &chunk, row, person_of(delivered, row));
    source->release(source, &chunk);
    name_models();
    fill_full();
    return 0;
}

/* ---- plans ---------------------------------------------------------------------------- */

/* The panel's risks; `named` models too; `rules`: everything that is decided beside the risks. */
static hra_plan *plan_of(const hra_schema *schema, int named, bool what_if, bool share, bool rules)
{
    hra_plan_request request = {.models = models,
                                .model_count = named,
                                .panel = PANEL,
                                .prescriptions = rules,
                                .tiers = rules,
                                .items = rules,
                                .monitors = rules,
                                .topics = rules,
                                .references = rules,
                                .as_of = 20400,
                                .what_if = what_if,
                                .share = share};
    hra_plan *plan;
    hra_error error;
    if (hra_plan_new(library, schema, &request, &plan, &error) != HRA_OK) fail_msg("%s", error.message);
    return plan;
}

static const hra_output *find(const hra_plan *plan, const char *id)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(outputs[i].id, id) == 0) return &outputs[i];
    return NULL;
}

static bool same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

/* ---- editing by hand -------------------------------------------------------------------- */

static bool reads_one(const hra_decl *decl, const bool *touched)
{
    for (int v = 0; v < hra_dictionary_count(full.dictionary); v++)
        if (touched[v] && decl->reads[v / 64] >> (v % 64) & 1) return true;
    return false;
}

/* Measured values that follow from an edited one are struck out, so that they are computed. */
static void strike_out(double *inputs, const hra_decl *intervention)
{
    int count = hra_dictionary_count(full.dictionary);
    bool *touched = calloc((size_t)count, sizeof *touched);
    bool *edited = calloc((size_t)count, sizeof *edited);
    assert_true(touched && edited);
    for (int i = 0; i < intervention->ideals.count; i++) {
        int v = ((hra_decl *)intervention->ideals.items[i])->substitutes;
        touched[v] = edited[v] = true;
    }
    for (bool more = true; more;) {
        more = false;
        for (int v = 0; v < count; v++) {
            bool before = touched[v];
            for (int k = 0; k < library->substitutes[v].count && !touched[v]; k++) {
                const hra_decl *substitute = library->substitutes[v].items[k];
                bool ours = !substitute->panel || strcmp(substitute->panel->word->text, PANEL) == 0;
                touched[v] = ours && reads_one(substitute, touched);
            }
            more |= touched[v] != before;
        }
    }
    for (int v = 0; v < count; v++)
        if (touched[v] && !edited[v] && column_of(&full, v) >= 0) inputs[column_of(&full, v)] = NAN;
    free(touched);
    free(edited);
}

typedef struct edit {
    const hra_plan *plan; /* with what-if: its graph holds the interventions' expressions */
    hra_judge *judge;
    double *inputs;
} edit;

/* Does the intervention to the inputs, if it is for this person. */
static void apply(edit *e, const hra_intervention *it, bool applies)
{
    if (!applies) return;
    double values[64];
    assert_in_range(it->decl->ideals.count, 1, 64);
    hra_judge_person(e->judge, e->inputs);
    for (int i = 0; i < it->decl->ideals.count; i++) {
        int v = ((hra_decl *)it->decl->ideals.items[i])->substitutes;
        values[i] = hra_judge_value(e->judge, it->alone.replaced[v] - 1);
    }
    strike_out(e->inputs, it->decl);
    for (int i = 0; i < it->decl->ideals.count; i++) {
        int c = column_of(&full, ((hra_decl *)it->decl->ideals.items[i])->substitutes);
        if (c >= 0) e->inputs[c] = values[i];
    }
}

/* ---- one person --------------------------------------------------------------------------- */

typedef struct bench {
    const hra_schema *schema;
    hra_plan *with, *without;
    hra_judge *asked, *helper, *edited; /* what-if, expressions of interventions, the edited person without what-if */
    double *inputs;
    int compared, moved; /* values that were compared, those that differ from the risk as it is */
} bench;

static void compare(bench *b, int row, const char *id, double risk, const hra_output *plain)
{
    const hra_output *output = find(b->with, id);
    if (!output) return;
    double got = hra_judge_value(b->asked, output->value);
    double want = plain ? hra_judge_value(b->edited, plain->value) : NAN;
    if (!same(got, want)) fail_msg("%s, person %d: %.17g, edited by hand %.17g", id, row, got, want);
    b->compared += !isnan(got);
    b->moved += !same(got, risk);
}

static const char *name_of(const bench *b, int intervention)
{
    static char name[128];
    if (intervention < 0) return "if_all";
    snprintf(name, sizeof name, "if.%s", b->with->what_if.items[intervention].decl->word->text);
    return name;
}

/* The output of the model that the role chose for the person as he is, in the plan without what-if. */
static const hra_output *chosen_output(bench *b, const char *role, const hra_named_block *block)
{
    char id[256];
    snprintf(id, sizeof id, "%s.%s.model", PANEL, role);
    double chosen = hra_judge_value(b->asked, find(b->with, id)->value);
    if (isnan(chosen)) return NULL;
    const hra_expr *use = hra_expr_at(&block->uses, (int)chosen);
    snprintf(id, sizeof id, "%s.%s", use->declaration->word->text, use->symbol->word->text);
    return find(b->without, id);
}

static void compare_outputs(bench *b, int row, int intervention)
{
    char id[256];
    const hra_decl *panel = b->with->lowering.panel;
    for (int r = 0; r < panel->blocks.count; r++) {
        const hra_named_block *block = panel->blocks.items[r];
        const char *role = block->word->text;
        snprintf(id, sizeof id, "%s.%s.risk", PANEL, role);
        double risk = hra_judge_value(b->asked, find(b->with, id)->value);
        snprintf(id, sizeof id, "%s.%s.%s", PANEL, role, name_of(b, intervention));
        compare(b, row, id, risk, chosen_output(b, role, block));
    }
    for (int m = 0; m < model_count; m++) {
        const hra_decl *model = hra_decl_of(hra_library_find(library, models[m]));
        const char *main_output = hra_model_main_output(model)->word->text;
        snprintf(id, sizeof id, "%s.%s", models[m], main_output);
        const hra_output *plain = find(b->without, id);
        double risk = hra_judge_value(b->asked, find(b->with, id)->value);
        snprintf(id, sizeof id, "%s.%s.%s", models[m], main_output, name_of(b, intervention));
        compare(b, row, id, risk, plain);
    }
}

static void start_edit(bench *b, int row)
{
    memcpy(b->inputs, person_of(b->schema, row), (size_t)b->schema->column_count * sizeof *b->inputs);
}

static void one_person(bench *b, int row)
{
    const hra_what_if *w = &b->with->what_if;
    edit e = {b->with, b->helper, b->inputs};
    start_edit(b, row);
    hra_judge_person(b->asked, person_of(b->schema, row));
    for (int i = 0; i < w->count; i++) {
        start_edit(b, row);
        apply(&e, &w->items[i], hra_judge_value(b->asked, w->items[i].applies) == 1);
        hra_judge_person(b->edited, b->inputs);
        compare_outputs(b, row, i);
    }
    start_edit(b, row);
    for (int i = 0; i < w->count; i++) apply(&e, &w->items[i], hra_judge_value(b->asked, w->items[i].applies) == 1);
    hra_judge_person(b->edited, b->inputs);
    compare_outputs(b, row, HRA_WHAT_IF_ALL);
}

static bench open_bench(const hra_schema *schema, int named, bool rules)
{
    bench b = {.schema = schema,
               .with = plan_of(schema, named, true, true, rules),
               .without = plan_of(schema, named, false, false, false)};
    b.asked = hra_judge_new(hra_plan_graph(b.with));
    b.helper = hra_judge_new(hra_plan_graph(b.with));
    b.edited = hra_judge_new(hra_plan_graph(b.without));
    b.inputs = calloc((size_t)schema->column_count, sizeof *b.inputs);
    assert_true(b.asked && b.helper && b.edited && b.inputs);
    return b;
}

static void close_bench(bench *b)
{
    hra_judge_free(b->asked);
    hra_judge_free(b->helper);
    hra_judge_free(b->edited);
    hra_plan_free(b->with);
    hra_plan_free(b->without);
    free(b->inputs);
}

static void test_what_if_is_an_edit(void **state)
{
    (void)state;
    bench b = open_bench(&full, model_count, false);
    for (int row = 0; row < ROWS; row += 3) one_person(&b, row);
    print_message("%d interventions, %d values compared, %d of them moved\n", b.with->what_if.count, b.compared,
                  b.moved);
    assert_in_range(b.moved, 1000, b.compared);
    close_bench(&b);
}

/* ---- what is removed, and where to begin ------------------------------------------------------- */

static double value(const bench *b, const char *id)
{
    const hra_output *o = find(b->with, id);
    return o ? hra_judge_value(b->asked, o->value) : (double)NAN;
}

static double removable(const bench *b, int intervention)
{
    static const char *const roles[] = {"chd", "stroke", "diabetes", "lung"};
    double sum = 0;
    bool any = false;
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        char risk[256], after[256];
        snprintf(risk, sizeof risk, "%s.%s.risk", PANEL, roles[r]);
        snprintf(after, sizeof after, "%s.%s.%s", PANEL, roles[r], name_of(b, intervention));
        double less = value(b, risk) - value(b, after);
        if (isnan(less)) continue;
        any = true;
        sum += less > 0 ? less : 0;
    }
    return any ? sum : (double)NAN;
}

/* Is the prescription due, and by how much does it rank? Negative: not due. */
static double gain(const bench *b, const hra_decl *decl, const double *removed)
{
    if (value(b, decl->word->text) != 1) return -1;
    if (decl->first_always) return INFINITY;
    for (int i = 0; decl->serves && i < b->with->what_if.count; i++)
        if (b->with->what_if.items[i].decl == decl->serves->declaration) return isnan(removed[i]) ? 0 : removed[i];
    return 0;
}

/* The best that is not taken yet, and whose intervention is not; "none". */
static const hra_decl *best_left(const bench *b, const double *removed, const hra_decl *const *taken, int taken_count)
{
    const hra_decl *best = NULL;
    double best_gain = -1;
    for (int i = 0; i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (decl->public.kind != HRA_DECLARATION_PRESCRIPTION) continue;
        double mine = gain(b, decl, removed);
        bool again = mine < 0;
        for (int k = 0; k < taken_count; k++) {
            bool served = decl->serves && taken[k]->serves && !decl->first_always &&
                          taken[k]->serves->declaration == decl->serves->declaration;
            again |= taken[k] == decl || served;
        }
        if (again) continue;
        if (best && (mine < best_gain || (mine == best_gain && hra_prescription_order(decl, best) > 0))) continue;
        best = decl;
        best_gain = mine;
    }
    return best;
}

static int check_first_steps(const bench *b, int row, const double *removed)
{
    const hra_decl *taken[3];
    int count = 0;
    for (int step = 1; step <= 3; step++) {
        char id[32];
        snprintf(id, sizeof id, "first_step.%d", step);
        const hra_output *o = find(b->with, id);
        assert_non_null(o);
        const char *got = o->levels[(int)hra_judge_value(b->asked, o->value)];
        const hra_decl *want = best_left(b, removed, taken, count);
        if (strcmp(got, want ? want->word->text : "none") != 0)
            fail_msg("first_step.%d, person %d: %s instead of %s", step, row, got, want ? want->word->text : "none");
        if (want) taken[count++] = want;
    }
    return count;
}

static void test_first_steps(void **state)
{
    (void)state;
    bench b = open_bench(delivered, 0, true);
    int steps = 0, interventions = b.with->what_if.count;
    double *removed = calloc((size_t)interventions, sizeof *removed);
    assert_non_null(removed);
    for (int row = 0; row < ROWS; row++) {
        hra_judge_person(b.asked, person_of(delivered, row));
        for (int i = 0; i < interventions; i++) {
            char id[128];
            removed[i] = removable(&b, i);
            snprintf(id, sizeof id, "removable.%s", b.with->what_if.items[i].decl->word->text);
            if (!same(removed[i], value(&b, id)))
                fail_msg("%s, person %d: %.17g, not %.17g", id, row, value(&b, id), removed[i]);
        }
        steps += check_first_steps(&b, row, removed);
    }
    assert_in_range(steps, ROWS, 3 * ROWS);
    free(removed);
    close_bench(&b);
}

/* ---- the same on every instruction set -------------------------------------------------------- */

static void same_as_judge(const char *isa, const hra_output *outputs, const hra_results *results, int i, int row,
                          double want, unsigned status)
{
    unsigned got = results->status[i] ? results->status[i][row] : status;
    if (same(hra_results_value(results, i, row), want) && got == status) return;
    fail_msg("%s: %s, person %d: %.17g status %u, the judge says %.17g status %u", isa, outputs[i].id, row,
             hra_results_value(results, i, row), got, want, status);
}

static hra_results *score(const hra_plan *plan, const hra_chunk *chunk, const hra_program_options *options,
                          hra_program **program)
{
    hra_error error;
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    if (hra_program_compile(hra_plan_graph(plan), delivered, outputs, count, options, program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    hra_workspace *workspace = hra_workspace_new(*program);
    hra_results *results = hra_program_results(*program, ROWS);
    assert_true(workspace && results);
    if (hra_program_score(*program, workspace, chunk, results, &error) != HRA_OK) fail_msg("%s", error.message);
    hra_workspace_free(workspace);
    return results;
}

static void compare_set(const char *isa, const hra_plan *shared, const hra_plan *tree, const hra_chunk *chunk,
                        const hra_program_options *options)
{
    int count;
    const hra_output *plain = hra_plan_outputs(tree, &count), *outputs = hra_plan_outputs(shared, &count);
    hra_program *program;
    hra_results *results = score(shared, chunk, options, &program);
    hra_judge *judge = hra_judge_new(hra_plan_graph(tree));
    assert_non_null(judge);
    for (int row = 0; row < ROWS; row += 4) {
        hra_judge_person(judge, person_of(delivered, row));
        for (int i = 0; i < count; i++) {
            const hra_output *o = &plain[i];
            same_as_judge(isa, outputs, results, i, row, hra_judge_value(judge, o->value), hra_judge_status(judge, o));
        }
    }
    hra_judge_free(judge);
    hra_results_free(results);
    hra_program_free(program);
}

static void test_every_instruction_set(void **state)
{
    (void)state;
    static const hra_program_options options[] = {{0}, {.block_rows = 65, .no_fusion = true, .no_tabulation = true}};
    hra_chunk chunk = take_chunk();
    hra_plan *shared = plan_of(delivered, 4, true, true, true), *tree = plan_of(delivered, 4, true, false, true);
    int count, tree_count;
    const hra_output *outputs = hra_plan_outputs(shared, &count), *plain = hra_plan_outputs(tree, &tree_count);
    assert_int_equal(count, tree_count);
    for (int i = 0; i < count; i++) assert_string_equal(outputs[i].id, plain[i].id);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        for (size_t k = 0; k < ((*isa)->kernels ? sizeof options / sizeof *options : 1); k++)
            compare_set((*isa)->name, shared, tree, &chunk, &options[k]);
    }
    hra_isa_force(NULL, NULL);
    hra_plan_free(shared);
    hra_plan_free(tree);
    source->release(source, &chunk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_if_is_an_edit),
        cmocka_unit_test(test_first_steps),
        cmocka_unit_test(test_every_instruction_set),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
