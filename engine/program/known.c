/* Where a number is known. What the operations say of their operands decides
 * where it can, by gates; else the number itself is looked at. */
#include <math.h>

#include "engine/program/builder.h"

static const hra_graph_node *at(const hra_builder *b, hra_node node) { return hra_graph_at(b->request.graph, node); }

static int looked_at(hra_builder *b, hra_node node)
{
    int value = hra_builder_place(b, node), plane = hra_builder_new_plane(b);
    hra_builder_add(b, HRA_KERNEL_KNOWN)->truth_out = plane;
    hra_builder_number_operand(b, value);
    return 2 * plane;
}

static int read_from_code(hra_builder *b, int index)
{
    const hra_column *column = &b->request.schema->columns[index];
    int plane = hra_builder_new_plane(b);
    hra_instruction *i = hra_builder_add(b, hra_column_wide(column) ? HRA_KERNEL_KNOWN32 : HRA_KERNEL_KNOWN16);
    i->truth_out = plane;
    i->columns[0] = index;
    i->parameter[0] = (double)column->levels;
    return 2 * plane;
}

/* Of a function of one input of 16 bits by the code, where there is room for one more set; else by looking. */
static int seen(hra_builder *b, hra_node node)
{
    const int *columns = b->analysis->columns[node];
    const hra_code_set *set = NULL;
    if (b->tables && hra_of_one_narrow_input(&b->request, columns))
        set = hra_tables_add_set(b->tables, b->request.schema, node, HRA_TABLE_KNOWN, columns[0]);
    return set ? hra_builder_in_set(b, set, columns[0]) : looked_at(b, node);
}

static bool has_gaps(const hra_step *step)
{
    for (int i = 0; i <= step->cut_count; i++)
        if (isnan(step->values[i])) return true;
    return false;
}

static int of_select(hra_builder *b, const hra_graph_node *n)
{
    int condition = hra_builder_place(b, n->a);
    int yes = hra_builder_known(b, n->b), no = hra_builder_known(b, n->c);
    if (yes == no) return hra_logic_and(b, hra_flag_known_of(b, condition), yes);
    yes = hra_logic_and(b, hra_flag_truth_of(b, condition), yes);
    return hra_logic_or(b, yes, hra_logic_and(b, hra_flag_falsity_of(b, condition), no));
}

/* By the operation, from its operands: they are placed, or functions of one input as the node is. */
static int derived(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    switch ((hra_op)n->op) {
    case HRA_OP_NEG:
    case HRA_OP_ABS:
    case HRA_OP_FLOOR:
    case HRA_OP_CEIL:
    case HRA_OP_TRUNC:
    case HRA_OP_ROUND:
    case HRA_OP_FROM_FLAG: return hra_builder_known(b, n->a);
    case HRA_OP_MIN:
    case HRA_OP_MAX: return hra_logic_and(b, hra_builder_known(b, n->a), hra_builder_known(b, n->b));
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_SUBSTITUTE: return hra_logic_or(b, hra_builder_known(b, n->a), hra_builder_known(b, n->b));
    case HRA_OP_SELECT: return of_select(b, n);
    case HRA_OP_STEP:
        if (has_gaps(hra_graph_step_at(b->request.graph, n->index))) return seen(b, node);
        return hra_builder_known(b, n->a);
    default: return seen(b, node);
    }
}

static int found(hra_builder *b, hra_node node)
{
    int op = at(b, node)->op;
    if (b->tables && hra_of_one_narrow_input(&b->request, b->analysis->columns[node]))
        return op == HRA_OP_SELECT || op == HRA_OP_FROM_FLAG ? seen(b, node) : derived(b, node);
    bool read = b->place[node] == HRA_UNPLACED || hra_builder_is_table(b, node);
    return read ? looked_at(b, node) : derived(b, node);
}

int hra_builder_known(hra_builder *b, hra_node node)
{
    const hra_graph *graph = b->request.graph;
    if (hra_graph_kind(graph, node) == HRA_KIND_FLAG) {
        int flag = hra_builder_place(b, node);
        return b->failed ? HRA_LITERAL_ZEROS : hra_flag_known_of(b, flag);
    }
    if (b->known[node] != HRA_UNPLACED) return b->known[node];
    int literal;
    if (hra_graph_never_unknown(graph, node))
        literal = HRA_LITERAL_ONES;
    else if (hra_graph_always_unknown(graph, node))
        literal = HRA_LITERAL_ZEROS;
    else if (b->request.tabulate && at(b, node)->op == HRA_OP_INPUT)
        literal = read_from_code(b, at(b, node)->index);
    else
        literal = found(b, node);
    return b->known[node] = literal;
}
