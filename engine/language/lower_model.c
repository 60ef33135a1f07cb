/* Outputs of models: the value, and the flags its status is made of. */
#include <math.h>
#include <string.h>

#include "engine/language/lower_changed.h"

static hra_node either(hra_lowering *l, hra_node a, hra_node b) { return hra_lower_or(l->graph, a, b); }

static bool is_no(const hra_lowering *l, hra_node flag)
{
    if (flag < 0) return true;
    const hra_graph_node *n = hra_graph_at(l->graph, flag);
    return n->op == HRA_OP_FLAG && n->number == 0;
}

void hra_lower_why(hra_lowering *l, hra_node value, hra_result *result)
{
    hra_node missing = hra_graph_why(l->graph, value, HRA_WHY_MISSING);
    hra_node substituted = hra_graph_why(l->graph, value, HRA_WHY_SUBSTITUTED);
    hra_node outside = hra_graph_why(l->graph, value, HRA_WHY_OUTSIDE);
    result->missing = is_no(l, missing) ? -1 : missing;
    result->substituted = is_no(l, substituted) ? -1 : substituted;
    if (!is_no(l, outside)) result->outside = either(l, result->outside, outside);
}

/* ---- ranges --------------------------------------------------------------------------- */

/* `valid NAME in a..b` or `valid NAME[unit] in a..b` of a number: it can be clamped. */
static bool as_clamp(const hra_statement *valid, hra_clamp *clamp)
{
    const hra_expr *e = valid->value;
    if (e->kind != HRA_EXPR_IN_RANGE) return false;
    const hra_expr *subject = e->a->kind == HRA_EXPR_UNIT ? e->a->a : e->a;
    if (subject->kind != HRA_EXPR_NAME || !subject->symbol || subject->type.sort != HRA_SORT_NUMBER) return false;
    *clamp = (hra_clamp){.symbol = subject->symbol, .range = e->range};
    if (e->a->kind == HRA_EXPR_UNIT) {
        clamp->unit = e->a->text;
        clamp->paper = e->a->b;
    }
    return true;
}

static bool same_clamps(const hra_lower_frame *f, const hra_clamp *clamps, int count)
{
    bool same = f->clamp_count == count;
    for (int i = 0; same && i < count; i++)
        same = f->clamps[i].symbol == clamps[i].symbol && f->clamps[i].range.low == clamps[i].range.low &&
               f->clamps[i].range.high == clamps[i].range.high && f->clamps[i].unit == clamps[i].unit;
    return same;
}

/* Outputs that read their inputs in the same way share a frame, and with it
 * the lets and folds of the model. */
static hra_lower_frame *frame_for(hra_lowering *l, const hra_decl *model, const hra_clamp *clamps, int count)
{
    hra_list fresh = {0}, *frames = l->expanding_count ? &fresh : &l->frames[model->number];
    for (int i = 0; i < frames->count; i++)
        if (same_clamps(frames->items[i], clamps, count)) return frames->items[i];
    hra_lower_frame *frame = HRA_TAKE(l->memory, hra_lower_frame);
    *frame = hra_lower_frame_open(l, model, false);
    frame->clamps = clamps;
    frame->clamp_count = count;
    hra_list_add(l->memory, frames, frame);
    return frame;
}

/* What a recalibrated model says of its people is read in its own frame. */
static hra_lower_frame frame_of(const hra_lower_frame *plain, const hra_statement *s)
{
    return s->owner ? *frame_for(plain->l, s->owner, NULL, 0) : *plain;
}

/* True where the condition of a range is false. */
static hra_node broken(const hra_lower_frame *plain, const hra_statement *valid)
{
    hra_lower_frame f = frame_of(plain, valid);
    hra_node holds = hra_lower_flag(&f, valid->value);
    return hra_lower_is_true(f.graph, hra_graph_unary(f.graph, HRA_OP_NOT, holds));
}

typedef struct limits {
    hra_node outside; /* of ranges that are not clamped */
    hra_node clamped;
    hra_clamp *clamps;
    int clamp_count;
} limits;

static limits limits_of(hra_lower_frame *plain, const hra_decl *model, const hra_symbol *output)
{
    hra_lowering *l = plain->l;
    limits found = {.outside = -1, .clamped = -1};
    found.clamps = hra_take_array(l->memory, (size_t)model->valids.count, sizeof *found.clamps);
    for (int i = 0; found.clamps && i < model->valids.count; i++) {
        const hra_statement *valid = model->valids.items[i];
        if (!hra_statement_applies(valid, output)) continue;
        hra_node is_broken = broken(plain, valid);
        if (l->range == HRA_RANGE_CLAMP && as_clamp(valid, &found.clamps[found.clamp_count])) {
            found.clamp_count++;
            found.clamped = either(l, found.clamped, is_broken);
        } else {
            found.outside = either(l, found.outside, is_broken);
        }
    }
    return found;
}

/* ---- outputs -------------------------------------------------------------------------------- */

hra_node hra_lower_excluded(hra_lower_frame *frame, const hra_decl *decl)
{
    hra_node any = -1;
    for (int i = 0; i < decl->excludes.count; i++) {
        const hra_statement *exclude = decl->excludes.items[i];
        hra_lower_frame own = frame_of(frame, exclude);
        hra_node flag = hra_lower_flag(&own, exclude->value);
        if (!is_no(frame->l, flag)) any = either(frame->l, any, flag);
    }
    return any;
}

hra_node hra_lower_blank(hra_lowering *l, hra_node value, hra_node flag, bool outside)
{
    if (flag < 0) return value;
    bool is_flag = hra_graph_kind(l->graph, value) == HRA_KIND_FLAG;
    hra_node nothing = outside   ? hra_lower_outside(l->graph, is_flag)
                       : is_flag ? hra_graph_flag(l->graph, NAN)
                                 : hra_graph_unknown(l->graph);
    return hra_graph_select(l->graph, hra_lower_is_true(l->graph, flag), nothing, value);
}

static hra_node value_of(hra_lowering *l, const hra_decl *model, const hra_symbol *output, const limits *given)
{
    return hra_lower_symbol(frame_for(l, model, given->clamps, given->clamp_count), output);
}

hra_node hra_lower_output_value(hra_lowering *l, const hra_decl *model, const hra_symbol *output)
{
    if (hra_lower_below(l, model)) return hra_lower_output_value(l->before, model, output);
    hra_lower_frame plain = *frame_for(l, model, NULL, 0);
    limits given = limits_of(&plain, model, output);
    return value_of(l, model, output, &given);
}

void hra_lower_limits(const hra_decl *model, const hra_symbol *output, int variable, double *low, double *high)
{
    for (int i = 0; i < model->valids.count; i++) {
        const hra_statement *valid = model->valids.items[i];
        hra_clamp limit;
        if (!hra_statement_applies(valid, output) || !as_clamp(valid, &limit)) continue;
        if (limit.symbol->kind != HRA_SYMBOL_VARIABLE || limit.symbol->variable != variable || limit.unit) continue;
        const hra_range *r = &limit.range;
        if (r->has_low) *low = fmax(*low, r->low_open ? nextafter(r->low, INFINITY) : r->low);
        if (r->has_high) *high = fmin(*high, r->high_open ? nextafter(r->high, -INFINITY) : r->high);
    }
}

/* A disease is there or not, whatever the inputs are replaced with. */
static hra_node exclusion(hra_lowering *l, hra_lower_frame *plain, const hra_decl *model, const hra_symbol *output)
{
    hra_result scratch;
    return l->as_he_is ? hra_lower_output(l->as_he_is, model, output, &scratch)->excluded
                       : hra_lower_excluded(plain, model);
}

static void lower_output(hra_lowering *l, const hra_decl *model, const hra_symbol *output, hra_result *result)
{
    hra_lower_frame plain = *frame_for(l, model, NULL, 0);
    limits given = limits_of(&plain, model, output);
    hra_node value = value_of(l, model, output, &given);
    *result = (hra_result){.done = true,
                           .value = value,
                           .outside = given.outside,
                           .clamped = given.clamped,
                           .excluded = exclusion(l, &plain, model, output),
                           .provisional = -1};
    if (value < 0) return;
    hra_lower_why(l, value, result);
    /* what cannot be clamped is left unknown under that policy, never computed unasked */
    if (l->range != HRA_RANGE_COMPUTE) result->value = hra_lower_blank(l, result->value, given.outside, true);
    result->value = hra_lower_blank(l, result->value, result->excluded, false);
}

const hra_result *hra_lower_output(hra_lowering *l, const hra_decl *model, const hra_symbol *output,
                                   hra_result *scratch)
{
    if (hra_lower_below(l, model)) return hra_lower_output(l->before, model, output, scratch);
    if (l->expanding_count > 0) { /* its inputs are read in a special way at the moment */
        lower_output(l, model, output, scratch);
        return scratch;
    }
    hra_result **results = &l->outputs[model->number];
    if (!*results) *results = hra_take_array(l->memory, (size_t)model->outputs.count, sizeof **results);
    int index = 0;
    while (index < model->outputs.count && model->outputs.items[index] != output) index++;
    if (!*results || index == model->outputs.count) {
        lower_output(l, model, output, scratch);
        return scratch;
    }
    if (!(*results)[index].done) lower_output(l, model, output, &(*results)[index]);
    return &(*results)[index];
}
