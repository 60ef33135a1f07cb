#include "engine/program/analysis.h"

#include <math.h>
#include <stdlib.h>

#include "engine/kernels/kernels.h"

/* ---- costs --------------------------------------------------------------------- */

enum { COLUMNS_NONE = -1, COLUMNS_MANY = -2 };
enum { TABLE_ENTRIES_MAX = 131072, PAIR_ENTRIES_MAX = 32768 };

static double fold_cost(const hra_fold *fold)
{
    double per_row = 0;
    for (hra_node n = 0; n < hra_graph_count(fold->body); n++) {
        hra_op op = (hra_op)hra_graph_at(fold->body, n)->op;
        per_row += op == HRA_OP_EXP || op == HRA_OP_POW || op == HRA_OP_LN ? 20 : 1;
    }
    return per_row * fold->row_count / (fold->emit_count > 0 ? fold->emit_count : 1);
}

static double own_cost(const hra_graph *graph, const hra_schema *schema, const hra_graph_node *n)
{
    switch ((hra_op)n->op) {
    case HRA_OP_NUMBER:
    case HRA_OP_UNKNOWN:
    case HRA_OP_OUTSIDE:
    case HRA_OP_FLAG: return 0;
    case HRA_OP_INPUT: return schema && schema->columns[n->index].decimals > 0 ? 8 : 1.5;
    case HRA_OP_DIV: return 8;
    case HRA_OP_SQRT: return 10;
    case HRA_OP_ROUND: return 12;
    case HRA_OP_EXP: return 16;
    case HRA_OP_LN: return 24;
    case HRA_OP_POW: return hra_graph_at(graph, n->a)->op == HRA_OP_NUMBER ? 18 : 40;
    case HRA_OP_YEARS_BETWEEN: return 30;
    case HRA_OP_STEP: {
        int cuts = hra_graph_step_at(graph, n->index)->cut_count;
        return cuts <= HRA_STEP_FEW ? 1 + 0.7 * cuts : 6 + 2 * log2(cuts);
    }
    case HRA_OP_GATHER: return 5;
    case HRA_OP_FOLD_OUT: return fold_cost(hra_graph_fold_at(graph, n->index));
    case HRA_OP_COUNT: return 1 + 0.3 * n->many;
    case HRA_OP_COUNT_AT_LEAST: return 0.5 + 0.5 * n->many;
    case HRA_OP_INPUT_FLAG:
    case HRA_OP_AND:
    case HRA_OP_OR:
    case HRA_OP_NOT:
    case HRA_OP_SELECT_FLAG:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE_FLAG:
    case HRA_OP_KNOWN_FLAG:
    case HRA_OP_IS_TRUE: return 0.3;
    default: return 1;
    }
}

/* Reading a table: by how far from the core it will lie. */
static double table_cost(int64_t entries, bool pair, bool flag)
{
    double near = entries <= 4096 ? 4 : entries <= 32768 ? 5 : 7;
    return near + pair + flag;
}

int64_t hra_table_entries(const hra_schema *schema, const int columns[2])
{
    int64_t entries = (int64_t)schema->columns[columns[0]].levels + 2;
    return columns[1] < 0 ? entries : entries * ((int64_t)schema->columns[columns[1]].levels + 2);
}

/* Cost of reading the node from a table, or a huge one if it cannot be. */
static double cost_from_table(const hra_analysis_request *r, const int columns[2], bool flag)
{
    const double never = 1e300;
    if (!r->tabulate || !r->schema || columns[0] < 0) return never;
    int64_t entries = hra_table_entries(r->schema, columns);
    bool pair = columns[1] >= 0;
    if (entries > (pair ? PAIR_ENTRIES_MAX : TABLE_ENTRIES_MAX)) return never;
    if (pair && (hra_column_wide(&r->schema->columns[columns[0]]) || hra_column_wide(&r->schema->columns[columns[1]])))
        return never;
    return table_cost(entries, pair, flag);
}

bool hra_known_by_code(const hra_analysis_request *r, const hra_graph_node *n)
{
    return r->tabulate && n->op == HRA_OP_KNOWN && hra_graph_at(r->graph, n->a)->op == HRA_OP_INPUT;
}

bool hra_of_one_narrow_input(const hra_analysis_request *r, const int columns[2])
{
    return r->tabulate && r->schema && columns[0] >= 0 && columns[1] < 0 &&
           !hra_column_wide(&r->schema->columns[columns[0]]);
}

static bool is_comparison(const hra_graph_node *n) { return n->op >= HRA_OP_LT && n->op <= HRA_OP_NE; }

/* ---- the passes ------------------------------------------------------------------ */

static void add_column(int columns[2], int column)
{
    if (columns[0] == COLUMNS_MANY || column == columns[0] || column == columns[1]) return;
    if (columns[0] == COLUMNS_NONE)
        columns[0] = column;
    else if (columns[1] == COLUMNS_NONE)
        columns[1] = column;
    else
        columns[0] = COLUMNS_MANY;
}

static void find_columns(hra_analysis *a, const hra_analysis_request *r, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(r->graph, node);
    int *columns = a->columns[node];
    columns[0] = columns[1] = COLUMNS_NONE;
    if (n->op == HRA_OP_INPUT || n->op == HRA_OP_INPUT_FLAG) columns[0] = n->index;
    if (n->op == HRA_OP_STATE || n->op == HRA_OP_CAPTURE || n->op == HRA_OP_ROW_VALUE) columns[0] = COLUMNS_MANY;
    for (int k = 0, count = hra_graph_operand_count(r->graph, node); k < count; k++) {
        const int *of = a->columns[hra_graph_operand(r->graph, node, k)];
        if (of[0] == COLUMNS_MANY) columns[0] = COLUMNS_MANY;
        for (int c = 0; c < 2 && of[0] != COLUMNS_MANY; c++)
            if (of[c] >= 0) add_column(columns, of[c]);
    }
    /* in ascending order, so that equal sets are equal */
    if (columns[0] >= 0 && columns[1] >= 0 && columns[1] < columns[0]) {
        int swap = columns[0];
        columns[0] = columns[1];
        columns[1] = swap;
    }
}

static bool is_number(const hra_graph *graph, hra_node node) { return hra_graph_at(graph, node)->op == HRA_OP_NUMBER; }

static void decide(hra_analysis *a, const hra_analysis_request *r, hra_node node, bool only_in_sums)
{
    const hra_graph_node *n = hra_graph_at(r->graph, node);
    if (hra_known_by_code(r, n)) {
        a->cost[node] = 0.3;
        return;
    }
    if (is_comparison(n) && hra_of_one_narrow_input(r, a->columns[node])) {
        a->by_code[node] = true;
        a->cost[node] = 0.5;
        return;
    }
    bool scaling =
        n->op == HRA_OP_NEG || (n->op == HRA_OP_MUL && (is_number(r->graph, n->a) || is_number(r->graph, n->b)));
    double cost = r->fuse && only_in_sums && scaling ? 0 : own_cost(r->graph, r->schema, n);
    for (int k = 0, count = hra_graph_operand_count(r->graph, node); k < count; k++) {
        hra_node operand = hra_graph_operand(r->graph, node, k);
        cost += a->cost[operand] / a->uses[operand];
    }
    double table = cost_from_table(r, a->columns[node], hra_graph_kind(r->graph, node) == HRA_KIND_FLAG);
    a->tabulate[node] = table < cost;
    a->cost[node] = table < cost ? table : cost;
}

static void count_uses(hra_analysis *a, const hra_analysis_request *r, bool *elsewhere)
{
    for (int i = 0; i < r->root_count; i++) {
        if (r->roots[i] < 0) continue;
        a->uses[r->roots[i]]++;
        elsewhere[r->roots[i]] = true;
    }
    for (hra_node node = hra_graph_count(r->graph) - 1; node >= 0; node--) {
        if (a->uses[node] == 0) continue;
        hra_op op = (hra_op)hra_graph_at(r->graph, node)->op;
        for (int k = 0, count = hra_graph_operand_count(r->graph, node); k < count; k++) {
            hra_node operand = hra_graph_operand(r->graph, node, k);
            a->uses[operand]++;
            if (op != HRA_OP_ADD && op != HRA_OP_SUB) elsewhere[operand] = true;
        }
    }
}

/* ---- guards ------------------------------------------------------------------------ */

void hra_guards_keep_common(hra_guards *guards, const hra_guards *other)
{
    int kept = 0;
    for (int i = 0; i < guards->count; i++) {
        bool common = false;
        for (int k = 0; k < other->count; k++)
            common |=
                guards->item[i].condition == other->item[k].condition && guards->item[i].truth == other->item[k].truth;
        if (common) guards->item[kept++] = guards->item[i];
    }
    guards->count = kept;
}

static void add_guard(hra_guards *guards, hra_guard guard)
{
    if (guards->count < HRA_GUARDS_MAX) guards->item[guards->count++] = guard;
}

/* `x and is_true(c)` asks for x only where c is true, `x and is_true(not c)` only where it is false. */
static void add_guard_of_and(const hra_graph *graph, hra_guards *guards, hra_node other)
{
    const hra_graph_node *n = hra_graph_at(graph, other);
    if (n->op != HRA_OP_IS_TRUE) return;
    bool negated = hra_graph_at(graph, n->a)->op == HRA_OP_NOT;
    add_guard(guards, (hra_guard){negated ? hra_graph_at(graph, n->a)->a : n->a, !negated});
}

/* The guards of operand k as seen through this user. */
static hra_guards through(const hra_graph *graph, const hra_guards *of_user, hra_node user, int k)
{
    hra_guards guards = *of_user;
    const hra_graph_node *n = hra_graph_at(graph, user);
    bool choice = n->op == HRA_OP_SELECT || n->op == HRA_OP_SELECT_FLAG;
    if (choice && k > 0) add_guard(&guards, (hra_guard){n->a, k == 1});
    if (n->op == HRA_OP_AND) add_guard_of_and(graph, &guards, k == 0 ? n->b : n->a);
    return guards;
}

static void find_guards(hra_analysis *a, const hra_analysis_request *r, bool *reached)
{
    for (int i = 0; i < r->root_count; i++)
        if (r->roots[i] >= 0) reached[r->roots[i]] = true; /* with no guards */
    for (hra_node node = hra_graph_count(r->graph) - 1; node >= 0; node--) {
        if (!reached[node]) continue;
        for (int k = 0, count = hra_graph_operand_count(r->graph, node); k < count; k++) {
            hra_node operand = hra_graph_operand(r->graph, node, k);
            hra_guards guards = through(r->graph, &a->guards[node], node, k);
            if (reached[operand])
                hra_guards_keep_common(&a->guards[operand], &guards);
            else
                a->guards[operand] = guards;
            reached[operand] = true;
        }
    }
}

hra_analysis *hra_analysis_new(const hra_analysis_request *request)
{
    size_t count = (size_t)hra_graph_count(request->graph) + 1;
    hra_analysis *a = calloc(1, sizeof *a);
    bool *marks = calloc(2 * count, sizeof *marks);
    if (a) {
        a->uses = calloc(count, sizeof *a->uses);
        a->tabulate = calloc(count, sizeof *a->tabulate);
        a->by_code = calloc(count, sizeof *a->by_code);
        a->columns = calloc(count, sizeof *a->columns);
        a->cost = calloc(count, sizeof *a->cost);
        a->guards = calloc(count, sizeof *a->guards);
    }
    if (!a || !marks || !a->uses || !a->tabulate || !a->by_code || !a->columns || !a->cost || !a->guards) {
        free(marks);
        hra_analysis_free(a);
        return NULL;
    }
    count_uses(a, request, marks);
    for (hra_node node = 0; node < hra_graph_count(request->graph); node++) {
        if (a->uses[node] == 0) continue;
        find_columns(a, request, node);
        decide(a, request, node, !marks[node]);
    }
    find_guards(a, request, marks + count);
    free(marks);
    return a;
}

void hra_analysis_free(hra_analysis *analysis)
{
    if (!analysis) return;
    free(analysis->uses);
    free(analysis->tabulate);
    free(analysis->by_code);
    free(analysis->columns);
    free(analysis->cost);
    free(analysis->guards);
    free(analysis);
}
