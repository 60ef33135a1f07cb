#include "engine/program/builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool hra_grow(void **items, int *capacity, int needed, size_t item_size)
{
    if (needed <= *capacity) return true;
    int larger = *capacity < 16 ? 16 : *capacity;
    while (larger < needed) larger = larger > INT32_MAX / 2 ? needed : 2 * larger;
    void *moved = realloc(*items, (size_t)larger * item_size);
    if (!moved) return false;
    *items = moved;
    *capacity = larger;
    return true;
}

void hra_routine_free(hra_routine *routine)
{
    if (!routine) return;
    for (int f = 0; f < routine->fold_count; f++) {
        hra_fold_routine *fold = routine->folds[f];
        hra_routine_free(fold->body);
        free(fold->state_wanted);
        free(fold->logarithms);
        free(fold->emit_wanted);
        free(fold);
    }
    free(routine->folds);
    for (int t = 0; t < routine->tree_count; t++) free(routine->trees[t]);
    free(routine->trees);
    free(routine->instructions);
    free(routine->numbers);
    free(routine->flags);
    free(routine->constants);
    free(routine->choices);
    free(routine);
}

/* ---- instructions and values --------------------------------------------------- */

hra_instruction *hra_builder_add(hra_builder *b, int kernel)
{
    static hra_instruction spare; /* written to, never read, once memory is short */
    hra_routine *r = b->routine;
    if (!hra_grow((void **)&r->instructions, &b->instruction_capacity, r->count + 1, sizeof *r->instructions)) {
        b->failed = true;
        return &spare;
    }
    hra_instruction *i = &r->instructions[r->count++];
    *i = (hra_instruction){.kernel = kernel,
                           .out = -1,
                           .known_out = -1,
                           .truth_out = -1,
                           .first_number = r->number_count,
                           .first_flag = r->flag_count,
                           .columns = {-1, -1},
                           .target = -1};
    return i;
}

void hra_builder_number_operand(hra_builder *b, int value)
{
    hra_routine *r = b->routine;
    if (b->failed || !hra_grow((void **)&r->numbers, &b->number_capacity, r->number_count + 1, sizeof *r->numbers)) {
        b->failed = true;
        return;
    }
    r->numbers[r->number_count++] = value;
    r->instructions[r->count - 1].number_count++;
}

void hra_builder_flag_operand(hra_builder *b, int flag)
{
    hra_flag_value v = b->flag_values[flag];
    assert(v.known >= 0);
    hra_builder_literals(b, v.known, v.truth);
}

void hra_builder_literals(hra_builder *b, int known, int truth)
{
    hra_routine *r = b->routine;
    if (b->failed || !hra_grow((void **)&r->flags, &b->flag_capacity, r->flag_count + 1, sizeof *r->flags)) {
        b->failed = true;
        return;
    }
    r->flags[r->flag_count++] = (hra_literals){known, truth};
    r->instructions[r->count - 1].flag_count++;
}

int hra_builder_new_number(hra_builder *b, bool pinned)
{
    if (!hra_grow((void **)&b->number_pinned, &b->pinned_capacity, b->numbers + 1, sizeof *b->number_pinned)) {
        b->failed = true;
        return 0;
    }
    b->number_pinned[b->numbers] = pinned;
    return b->numbers++;
}

/* Where a constant of these bits was put last, if it still is there. */
static int *remembered_constant(hra_builder *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return &b->recent_constants[(bits * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - HRA_RECENT_BITS)];
}

int hra_builder_constant(hra_builder *b, double value)
{
    hra_routine *r = b->routine;
    int *recent = remembered_constant(b, value);
    if (*recent >= r->row_values && *recent < r->constant_count &&
        memcmp(&r->constants[*recent], &value, sizeof value) == 0)
        return ~*recent;
    if (!hra_grow((void **)&r->constants, &b->constant_capacity, r->constant_count + 1, sizeof *r->constants)) {
        b->failed = true;
        return ~0;
    }
    r->constants[r->constant_count] = value;
    *recent = r->constant_count++;
    return ~*recent;
}

int hra_builder_choice(hra_builder *b, const double four[HRA_CHOICES])
{
    hra_routine *r = b->routine;
    if (!hra_grow((void **)&r->choices, &b->choice_capacity, r->choice_count + 1, sizeof *r->choices)) {
        b->failed = true;
        return ~0;
    }
    memcpy(r->choices[r->choice_count], four, sizeof *r->choices);
    return ~(HRA_FIRST_CHOICE + r->choice_count++);
}

int hra_builder_in_set(hra_builder *b, const hra_code_set *set, int column)
{
    int plane = hra_builder_new_plane(b);
    hra_instruction *i = hra_builder_add(b, HRA_KERNEL_IN_SET16);
    i->truth_out = plane;
    i->columns[0] = column;
    i->data = set;
    return 2 * plane;
}

/* ---- begin and end ----------------------------------------------------------------- */

/* A body's fixed values: states, room to exchange them, captures; constants: the row's values and their logarithms. */
static void begin_body(hra_builder *b, const hra_fold *fold)
{
    for (int k = 0; k < 2 * fold->state_count + fold->capture_count; k++) hra_builder_new_number(b, true);
    int row_values = 2 * fold->value_count;
    b->routine->constants = calloc((size_t)row_values + 1, sizeof *b->routine->constants);
    if (!b->routine->constants) {
        b->failed = true;
        return;
    }
    b->constant_capacity = row_values + 1;
    b->routine->constant_count = b->routine->row_values = row_values;
    for (hra_node node = 0; node < b->node_count; node++) {
        const hra_graph_node *n = hra_graph_at(b->request.graph, node);
        if (n->op == HRA_OP_STATE) b->place[node] = n->index;
        if (n->op == HRA_OP_CAPTURE) b->place[node] = 2 * fold->state_count + n->index;
        if (n->op == HRA_OP_ROW_VALUE) b->place[node] = ~n->index;
    }
}

bool hra_builder_begin(hra_builder *b, const hra_analysis_request *request, const hra_fold *fold, hra_tables *tables)
{
    const hra_graph *graph = request->graph;
    size_t nodes = (size_t)hra_graph_count(graph) + 1, folds = (size_t)hra_graph_fold_count(graph) + 1;
    *b = (hra_builder){.request = *request, .fold = fold, .tables = tables, .node_count = (int)nodes - 1};
    b->analysis = hra_analysis_new(request);
    b->routine = calloc(1, sizeof *b->routine);
    b->place = malloc(nodes * sizeof *b->place);
    b->known = malloc(nodes * sizeof *b->known);
    b->table = calloc(nodes, sizeof *b->table);
    b->set = calloc(nodes, sizeof *b->set);
    b->expanded = calloc(nodes, sizeof *b->expanded);
    b->first_emit = malloc(folds * sizeof *b->first_emit);
    if (!b->analysis || !b->routine || !b->place || !b->known || !b->table || !b->set || !b->expanded ||
        !b->first_emit) {
        b->failed = true;
        hra_routine_free(hra_builder_end(b));
        return false;
    }
    for (size_t n = 0; n < nodes; n++) b->place[n] = b->known[n] = HRA_UNPLACED;
    for (size_t f = 0; f < folds; f++) b->first_emit[f] = HRA_UNPLACED;
    hra_builder_new_plane(b);
    hra_flag_sure(b, HRA_LITERAL_ZEROS); /* HRA_FLAG_FALSE, and so on in order */
    hra_flag_sure(b, HRA_LITERAL_ONES);
    hra_builder_flag(b, HRA_LITERAL_ZEROS, HRA_LITERAL_ZEROS, HRA_LITERAL_ZEROS);
    if (fold) begin_body(b, fold);
    return true;
}

hra_routine *hra_builder_end(hra_builder *b)
{
    if (!b->failed && !hra_allocate_slots(b)) b->failed = true;
    hra_analysis_free(b->analysis);
    free(b->place);
    free(b->known);
    free(b->table);
    free(b->set);
    free(b->expanded);
    free(b->first_emit);
    free(b->number_pinned);
    free(b->flag_values);
    free(b->gates);
    free(b->inputs);
    free(b->codes);
    free(b->stack);
    free(b->needs);
    hra_routine *routine = b->routine;
    bool failed = b->failed;
    *b = (hra_builder){0};
    if (!failed) return routine;
    hra_routine_free(routine);
    return NULL;
}

/* ---- placing ------------------------------------------------------------------------- */

static void push(hra_builder *b, hra_node node)
{
    if (!hra_grow((void **)&b->stack, &b->stack_capacity, b->stack_count + 1, sizeof *b->stack))
        b->failed = true;
    else
        b->stack[b->stack_count++] = node;
}

void hra_builder_need(hra_builder *b, hra_node node)
{
    if (!hra_grow((void **)&b->needs, &b->need_capacity, b->need_count + 1, sizeof *b->needs))
        b->failed = true;
    else
        b->needs[b->need_count++] = node;
}

/* Depth first with a stack of its own: sums of a thousand terms nest deep. */
int hra_builder_place(hra_builder *b, hra_node node)
{
    const int below = b->stack_count; /* a node being lowered may ask for another */
    push(b, node);
    while (b->stack_count > below && !b->failed) {
        hra_node top = b->stack[b->stack_count - 1];
        if (b->place[top] != HRA_UNPLACED || b->expanded[top]) {
            b->stack_count--;
            if (b->place[top] == HRA_UNPLACED) hra_lower(b, top);
            continue;
        }
        b->expanded[top] = true;
        b->need_count = 0;
        hra_lower_needs(b, top);
        for (int k = b->need_count - 1; k >= 0; k--)
            if (b->place[b->needs[k]] == HRA_UNPLACED) push(b, b->needs[k]);
    }
    return b->failed ? 0 : b->place[node];
}

/* A flag that is asked for as a number is widened first. */
void hra_builder_store(hra_builder *b, hra_node node, hra_output_kind kind, int target)
{
    int value = hra_builder_place(b, node);
    bool flag = hra_graph_kind(b->request.graph, node) == HRA_KIND_FLAG;
    if (b->failed) return;
    if (flag) hra_flag_known_of(b, value);
    if (flag && kind == HRA_OUTPUT_FLAG) {
        hra_builder_add(b, HRA_KERNEL_STORE_FLAG)->target = target;
        hra_builder_flag_operand(b, value);
        return;
    }
    if (flag) {
        int number = hra_builder_new_number(b, false);
        hra_builder_add(b, HRA_KERNEL_FROM_FLAG)->out = number;
        hra_builder_flag_operand(b, value);
        value = number;
    }
    hra_builder_add(b, kind == HRA_OUTPUT_CATEGORY ? HRA_KERNEL_STORE_LEVEL : HRA_KERNEL_STORE)->target = target;
    hra_builder_number_operand(b, value);
}

void hra_builder_store_known(hra_builder *b, hra_node node, int target)
{
    int known = hra_builder_known(b, node);
    hra_builder_add(b, HRA_KERNEL_STORE_FLAG)->target = target;
    hra_builder_literals(b, known, known);
}

/* The store of a number that was just written looks where it is known, too. */
static void know_by_store(hra_builder *b, hra_node value)
{
    const hra_graph *graph = b->request.graph;
    hra_routine *r = b->routine;
    if (b->failed || b->known[value] != HRA_UNPLACED || r->count == 0) return;
    if (hra_graph_never_unknown(graph, value) || hra_graph_always_unknown(graph, value)) return;
    hra_instruction *store = &r->instructions[r->count - 1];
    if (store->kernel != HRA_KERNEL_STORE || r->numbers[store->first_number] != b->place[value]) return;
    int plane = hra_builder_new_plane(b);
    store->truth_out = plane;
    b->known[value] = 2 * plane;
}

void hra_builder_status_operands(hra_builder *b, hra_node value, const hra_node *flags, hra_literals *operands)
{
    for (int k = 0; k < HRA_STATUS_OPERANDS; k++) operands[k] = (hra_literals){HRA_LITERAL_ONES, HRA_LITERAL_ZEROS};
    hra_builder_place(b, value);
    know_by_store(b, value);
    operands[HRA_STATUS_KNOWN].truth = hra_builder_known(b, value);
    for (int k = HRA_STATUS_KNOWN + 1; k < HRA_STATUS_OPERANDS; k++) {
        if (flags[k] < 0) continue;
        int flag = hra_builder_place(b, flags[k]);
        if (b->failed) return;
        operands[k].truth = hra_flag_truth_of(b, flag);
        if (k == HRA_STATUS_EXCLUDED) operands[k].known = hra_flag_known_of(b, flag);
    }
}

void hra_builder_status(hra_builder *b, hra_node value, const hra_node *flags, int target)
{
    hra_literals operands[HRA_STATUS_OPERANDS];
    hra_builder_status_operands(b, value, flags, operands);
    if (b->failed) return;
    hra_builder_add(b, HRA_KERNEL_STATUS)->target = target;
    for (int k = 0; k < HRA_STATUS_OPERANDS; k++) hra_builder_literals(b, operands[k].known, operands[k].truth);
}
