#include "base/buffer.h"
#include "engine/graph/graph_internal.h"

static void print_node(const hra_graph *graph, hra_node node, hra_buffer *out)
{
    const hra_graph_node *n = &graph->nodes[node];
    hra_buffer_printf(out, "%%%d = %s", (int)node, hra_op_text((hra_op)n->op));
    switch ((hra_op)n->op) {
    case HRA_OP_NUMBER:
    case HRA_OP_FLAG:
    case HRA_OP_COUNT_AT_LEAST: hra_buffer_printf(out, " %.17g", n->number); break;
    case HRA_OP_FOLD_OUT: hra_buffer_printf(out, " %d.%d", (int)n->index, (int)n->b); break;
    default:
        if (n->index >= 0) hra_buffer_printf(out, " #%d", (int)n->index);
    }
    for (int i = 0; i < hra_graph_operand_count(graph, node); i++)
        hra_buffer_printf(out, " %%%d", (int)hra_graph_operand(graph, node, i));
    if (n->name) hra_buffer_printf(out, "   # %s", n->name);
    hra_buffer_char(out, '\n');
}

void hra_graph_print(const hra_graph *graph, hra_buffer *out)
{
    for (hra_node i = 0; i < graph->count; i++) print_node(graph, i, out);
    for (int i = 0; i < graph->fold_count; i++) {
        const hra_fold *fold = &graph->folds[i];
        hra_buffer_printf(out, "fold %d%s%s: %d rows\n", i, fold->name ? " " : "", fold->name ? fold->name : "",
                          fold->row_count);
        hra_graph_print(fold->body, out);
        for (int s = 0; s < fold->state_count; s++) hra_buffer_printf(out, "next %d = %%%d\n", s, (int)fold->next[s]);
    }
}
