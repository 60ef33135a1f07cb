/* No value is lost between two bins: every points and bands table of the shipped definitions is walked across its
 * span, on each boundary, half a unit beside it and just beside it. Published bins such as 97-105 and 106-115 are
 * written half-open, so 105.5 has its points. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/plan.h"
#include "engine/graph/graph.h"

static hra_library *library;
static hra_schema schema;
static int tables, faults;

static int set_up(void **state)
{
    (void)state;
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    hra_diagnostics_free(diagnostics);
    if (code != HRA_OK) return -1;
    schema.dictionary = hra_library_dictionary(library);
    int count = hra_dictionary_count(schema.dictionary);
    schema.columns = calloc((size_t)count, sizeof *schema.columns);
    for (int i = 0; schema.columns && i < count; i++) {
        hra_type type = hra_dictionary_at(schema.dictionary, i)->type;
        if (type == HRA_TYPE_TEXT || type == HRA_TYPE_ID || type == HRA_TYPE_LABEL) continue;
        if (hra_column_for(schema.dictionary, i, NULL, &schema.columns[schema.column_count++], &error)) return -1;
    }
    return schema.columns ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(schema.columns);
    hra_library_free(library);
    return 0;
}

static double value_at(const hra_step *s, double x)
{
    int i = 0;
    while (i < s->cut_count && (s->after[i] ? x > s->cuts[i] : x >= s->cuts[i])) i++;
    return s->values[i];
}

static bool is_whole_number(double x) { return isnan(x) || x == floor(x); }

static bool step_is_whole(const hra_step *s)
{
    for (int i = 0; i <= s->cut_count; i++)
        if (!is_whole_number(s->values[i])) return false;
    return true;
}

static bool table_is_whole(const hra_gather *t)
{
    for (int64_t i = 0; i < t->count; i++)
        if (!is_whole_number(t->values[i])) return false;
    return true;
}

static bool input_is_whole(int column)
{
    const hra_variable *v = hra_dictionary_at(schema.dictionary, schema.columns[column].variable);
    return v->type == HRA_TYPE_CATEGORY || v->type == HRA_TYPE_DATE || strcmp(v->unit, "person") == 0;
}

/* A graph; of a fold's body also the fold and what is whole around it. */
typedef struct walked {
    const hra_graph *graph;
    bool *whole;
    const hra_fold *fold;
    const struct walked *outer;
} walked;

static bool row_value_is_whole(const hra_fold *fold, int column)
{
    for (int r = 0; r < fold->row_count; r++)
        if (!is_whole_number(fold->rows[r * fold->value_count + column])) return false;
    return true;
}

/* Whether a node gives whole numbers only, sums of points and codes of levels among them: nothing falls between its
 * bins. An age is not: it may be delivered as 45.5. */
static bool node_is_whole(const walked *w, hra_node node)
{
    const hra_graph *graph = w->graph;
    const bool *whole = w->whole;
    const hra_graph_node *n = hra_graph_at(graph, node);
    switch (n->op) {
    case HRA_OP_NUMBER: return is_whole_number(n->number);
    case HRA_OP_INPUT: return input_is_whole(n->index);
    case HRA_OP_STEP: return step_is_whole(hra_graph_step_at(graph, n->index));
    case HRA_OP_GATHER: return table_is_whole(hra_graph_gather_at(graph, n->index));
    case HRA_OP_CAPTURE: return w->outer->whole[w->fold->captures[n->index]];
    case HRA_OP_ROW_VALUE: return row_value_is_whole(w->fold, n->index);
    case HRA_OP_ROUND: return n->index == 0;
    case HRA_OP_FLOOR:
    case HRA_OP_CEIL:
    case HRA_OP_TRUNC:
    case HRA_OP_FROM_FLAG:
    case HRA_OP_COUNT:
    case HRA_OP_YEARS_BETWEEN:
    case HRA_OP_UNKNOWN:
    case HRA_OP_OUTSIDE: return true;
    case HRA_OP_ADD:
    case HRA_OP_SUB:
    case HRA_OP_MUL:
    case HRA_OP_MIN:
    case HRA_OP_MAX:
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_SUBSTITUTE: return whole[n->a] && whole[n->b];
    case HRA_OP_NEG:
    case HRA_OP_ABS: return whole[n->a];
    case HRA_OP_SELECT: return whole[n->b] && whole[n->c];
    default: return false;
    }
}

/* Whether a value that was rounded to tenths (reported() does that) can lie where the table has a hole. */
static bool is_reachable(const walked *w, hra_node operand, double x)
{
    const hra_graph_node *n = hra_graph_at(w->graph, operand);
    if (w->whole[operand]) return x == floor(x);
    if (n->op != HRA_OP_ROUND) return true;
    double scaled = x * pow(10, n->index);
    return fabs(scaled - round(scaled)) < 1e-9;
}

static void walk_step(const walked *w, const hra_graph_node *node, const char *owner)
{
    static const double beside[] = {0, -0.5, 0.5, -0.25, 0.25, -1e-9, 1e-9};
    const hra_step *s = hra_graph_step_at(w->graph, node->index);
    int first = 0, last = s->cut_count - 1;
    while (first < s->cut_count && isnan(s->values[first])) first++; /* the outermost known bins */
    while (last >= 0 && isnan(s->values[last + 1])) last--;
    tables++;
    for (int i = 0; i < s->cut_count; i++)
        for (size_t k = 0; k < sizeof beside / sizeof beside[0]; k++) {
            double x = s->cuts[i] + beside[k];
            bool inside = (first == 0 || x > s->cuts[first - 1]) && (last == s->cut_count - 1 || x < s->cuts[last + 1]);
            if (!inside || !isnan(value_at(s, x)) || !is_reachable(w, node->a, x)) continue;
            print_error("%s: %.17g falls between two bins (at %.17g)\n", owner, x, s->cuts[i]);
            faults++;
            return;
        }
}

static void walk(const hra_graph *graph, const hra_fold *fold, const walked *outer, const char *owner)
{
    walked w = {graph, calloc((size_t)hra_graph_count(graph) + 1, sizeof(bool)), fold, outer};
    assert_non_null(w.whole);
    for (int i = 0; i < hra_graph_count(graph); i++) { /* operands come before the nodes that read them */
        const hra_graph_node *node = hra_graph_at(graph, i);
        w.whole[i] = node_is_whole(&w, i);
        if (node->op == HRA_OP_STEP) walk_step(&w, node, owner);
    }
    for (int i = 0; i < hra_graph_fold_count(graph); i++) {
        const hra_fold *inner = hra_graph_fold_at(graph, i);
        walk(inner->body, inner, &w, owner);
    }
    free(w.whole);
}

static void walk_plan(const hra_plan_request *request, const char *owner)
{
    hra_plan *plan;
    hra_error error = {0};
    if (hra_plan_new(library, &schema, request, &plan, &error) != HRA_OK) fail_msg("%s: %s", owner, error.message);
    walk(hra_plan_graph(plan), NULL, NULL, owner);
    hra_plan_free(plan);
}

static void no_value_falls_between_bins(void **state)
{
    (void)state;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind != HRA_DECLARATION_MODEL) continue;
        const char *models[] = {d->id};
        hra_plan_request request = {.models = models, .model_count = 1, .as_of = NAN, .share = true};
        char owner[300];
        snprintf(owner, sizeof owner, "%s: %s", d->file, d->id);
        walk_plan(&request, owner);
    }
    const hra_plan_request rules = {
        .factors = true, .tiers = true, .prescriptions = true, .aggregates = true, .as_of = NAN, .share = true};
    walk_plan(&rules, "factors, tiers and prescriptions");
    assert_true(tables > 300);
    assert_int_equal(faults, 0);
}

/* The walk itself: a table with whole-number bins is caught, the half-open one is not. */
static void the_walk_finds_a_gap(void **state)
{
    (void)state;
    static const double holed_cuts[] = {97, 105, 106, 115}, holed_values[] = {NAN, 1, NAN, 2, NAN};
    static const double whole_cuts[] = {97, 106, 116}, whole_values[] = {NAN, 1, 2, NAN};
    static const bool holed_after[] = {false, true, false, true}, whole_after[] = {false, false, false};
    for (int holed = 0; holed < 2; holed++) {
        hra_graph *graph = hra_graph_new(true);
        int column = hra_schema_find(&schema, hra_dictionary_find(schema.dictionary, "sbp"), NULL);
        const hra_step step = holed ? (hra_step){4, holed_cuts, holed_after, holed_values}
                                    : (hra_step){3, whole_cuts, whole_after, whole_values};
        hra_node rounded = hra_graph_round(graph, hra_graph_input(graph, column), 0);
        hra_graph_step(graph, hra_graph_input(graph, column), &step);
        int before = faults;
        walk(graph, NULL, NULL, "(a gap on purpose)");
        assert_int_equal(faults - before, holed);
        hra_graph_step(graph, rounded, &step); /* whole numbers only: nothing can fall between */
        before = faults;
        walk(graph, NULL, NULL, "(a gap on purpose)");
        assert_int_equal(faults - before, holed);
        faults = before;
        hra_graph_free(graph);
    }
    faults = tables = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_walk_finds_a_gap),
        cmocka_unit_test(no_value_falls_between_bins),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
