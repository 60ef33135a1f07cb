/* first_step.1 to 3: the prescriptions to begin with.
 *
 * All prescriptions stand in one order (priority, order, id); the number of a prescription is its place in it. What is
 * always first, what serves an intervention, and all the rest are contenders: of the first and the last the first three
 * that are due, of each intervention the first one. Three times the contender with the greatest gain wins, of equal
 * ones the earlier place. */
#include <stdlib.h>

#include "engine/language/library_internal.h"
#include "engine/language/plan_internal.h"

enum { STEPS = 3 };
static const double GAIN_ALWAYS = 1e9, GAIN_NONE = -1; /* what an intervention removes lies between */

typedef struct contender {
    hra_node place[STEPS]; /* those to come; the last place of all: nobody */
    hra_node gain;         /* -1: fixed */
    double fixed;          /* where somebody is there */
    int depth;             /* how many can come */
} contender;

typedef struct contest {
    hra_plan *plan;
    hra_graph *graph;
    const hra_decl **order;
    int count;
    hra_node nobody;
    contender *contenders;
    int contender_count;
} contest;

static int by_order(const void *a, const void *b)
{
    return hra_prescription_order(*(hra_decl *const *)a, *(hra_decl *const *)b);
}

static bool line_up(contest *c)
{
    const hra_list *all = &c->plan->lowering.library->declarations;
    c->order = hra_take_array(&c->plan->memory, (size_t)all->count + 1, sizeof *c->order);
    for (int i = 0; c->order && i < all->count; i++) {
        const hra_decl *decl = all->items[i];
        if (decl->public.kind == HRA_DECLARATION_PRESCRIPTION && hra_plan_accepts(c->plan, decl))
            c->order[c->count++] = decl;
    }
    if (c->count > 1) qsort(c->order, (size_t)c->count, sizeof *c->order, by_order);
    return c->order;
}

static hra_node due(contest *c, const hra_decl *decl)
{
    return hra_lower_is_true(c->graph, hra_lower_rule(&c->plan->lowering, decl)->value);
}

/* ---- contenders ----------------------------------------------------------------------------- */

/* Whose contender a prescription is: an intervention's number, or one of these. */
enum { ALWAYS = -1, REST = -2 };

static int side_of(const contest *c, const hra_decl *decl)
{
    if (decl->first_always) return ALWAYS;
    const hra_what_if *w = &c->plan->what_if;
    for (int i = 0; decl->serves && i < w->count; i++)
        if (w->items[i].decl == decl->serves->declaration) return i;
    return REST;
}

/* The first places of a side that are due: each one due moves those behind it up. */
static void find_places(contest *c, int side, contender *who)
{
    for (int k = 0; k < STEPS; k++) who->place[k] = c->nobody;
    for (int i = c->count - 1; i >= 0; i--) {
        if (side_of(c, c->order[i]) != side) continue;
        hra_node is_due = due(c, c->order[i]);
        for (int k = who->depth - 1; k > 0; k--)
            who->place[k] = hra_graph_select(c->graph, is_due, who->place[k - 1], who->place[k]);
        who->place[0] = hra_graph_select(c->graph, is_due, hra_graph_number(c->graph, i), who->place[0]);
    }
}

/* What is always first takes its intervention's turn. */
static void yield_to_always(contest *c, const hra_decl *intervention, contender *who)
{
    for (int i = 0; i < c->count; i++) {
        const hra_decl *decl = c->order[i];
        if (!decl->first_always || !decl->serves || decl->serves->declaration != intervention) continue;
        who->place[0] = hra_graph_select(c->graph, due(c, decl), c->nobody, who->place[0]);
    }
}

static void add_pool(contest *c, int side, double gain)
{
    contender *who = &c->contenders[c->contender_count++];
    *who = (contender){.gain = -1, .fixed = gain, .depth = STEPS};
    find_places(c, side, who);
}

static void add_intervention(contest *c, int index)
{
    contender *who = &c->contenders[c->contender_count++];
    hra_node removable = c->plan->removable[index], zero = hra_graph_number(c->graph, 0);
    *who = (contender){.gain = -1, .fixed = 0, .depth = 1};
    if (removable >= 0) who->gain = hra_graph_binary(c->graph, HRA_OP_FIRST_KNOWN, removable, zero);
    find_places(c, index, who);
    yield_to_always(c, c->plan->what_if.items[index].decl, who);
}

/* ---- rounds ------------------------------------------------------------------------------------ */

typedef struct leader {
    hra_node gain, place;
} leader;

static leader head_of(contest *c, const contender *who)
{
    hra_graph *g = c->graph;
    hra_node here = hra_graph_binary(g, HRA_OP_LT, who->place[0], c->nobody);
    hra_node gain = who->gain >= 0 ? who->gain : hra_graph_number(g, who->fixed);
    return (leader){hra_graph_select(g, here, gain, hra_graph_number(g, GAIN_NONE)), who->place[0]};
}

static leader better(hra_graph *g, leader a, leader b)
{
    hra_node more = hra_graph_binary(g, HRA_OP_LT, a.gain, b.gain);
    hra_node equal = hra_graph_binary(g, HRA_OP_EQ, a.gain, b.gain);
    hra_node earlier = hra_graph_binary(g, HRA_OP_LT, b.place, a.place);
    hra_node wins = hra_graph_binary(g, HRA_OP_OR, more, hra_graph_binary(g, HRA_OP_AND, equal, earlier));
    return (leader){hra_graph_select(g, wins, b.gain, a.gain), hra_graph_select(g, wins, b.place, a.place)};
}

/* Who has won does not come again. */
static void move_up(contest *c, hra_node winner)
{
    for (int i = 0; i < c->contender_count; i++) {
        contender *who = &c->contenders[i];
        hra_node won = hra_graph_binary(c->graph, HRA_OP_EQ, who->place[0], winner);
        for (int k = 0; k < who->depth; k++)
            who->place[k] =
                hra_graph_select(c->graph, won, k + 1 < who->depth ? who->place[k + 1] : c->nobody, who->place[k]);
    }
}

static const char **level_names(contest *c)
{
    const char **names = hra_take_array(&c->plan->memory, (size_t)c->count + 1, sizeof *names);
    for (int i = 0; names && i < c->count; i++) names[i] = c->order[i]->word->text;
    if (names) names[c->count] = "none";
    return names;
}

static void add_step(contest *c, int number, hra_node place, const char *const *names)
{
    const char *id = hra_take_printf(&c->plan->memory, "first_step.%d", number);
    if (!hra_plan_take_id(c->plan, id)) return;
    hra_output *output = hra_plan_new_output(c->plan, id, id, "", HRA_ROLE_FIRST_STEP);
    output->kind = HRA_OUTPUT_CATEGORY;
    output->levels = names;
    output->level_count = names ? c->count + 1 : 0;
    output->value = place;
}

void hra_plan_add_first_steps(hra_plan *plan)
{
    contest c = {.plan = plan, .graph = plan->graph};
    int interventions = plan->what_if.count;
    c.contenders = hra_take_array(&plan->memory, (size_t)interventions + 2, sizeof *c.contenders);
    if (!c.contenders || !line_up(&c)) return;
    c.nobody = hra_graph_number(c.graph, c.count);
    add_pool(&c, ALWAYS, GAIN_ALWAYS);
    for (int i = 0; i < interventions; i++) add_intervention(&c, i);
    add_pool(&c, REST, 0);
    const char **names = level_names(&c);
    for (int step = 1; step <= STEPS; step++) {
        leader best = head_of(&c, &c.contenders[0]);
        for (int i = 1; i < c.contender_count; i++) best = better(c.graph, best, head_of(&c, &c.contenders[i]));
        add_step(&c, step, best.place, names);
        if (step < STEPS) move_up(&c, best.place);
    }
}
