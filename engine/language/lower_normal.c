/* The standard normal distribution function, to a few units in the last place also in the tails: the rational
 * approximations of Cody (1969, doi:10.1090/S0025-5718-1969-0247736-4; 1993, doi:10.1145/151271.151273), which R's
 * pnorm uses, too. */
#include "engine/language/lower.h"

/* (c[last]*z^n + c[0]*z^(n-1) + ... + c[n-1]) / (z^n + d[0]*z^(n-1) + ... + d[n-1]) */
typedef struct rational {
    int n;
    double above[9], below[8];
} rational;

/* Of z = x^2, times x: the distance from one half. */
static const rational middle = {
    4,
    {2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249,
     .065682337918207449113},
    {47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956}};
/* Of z = |x|, times exp(-x^2/2): the tail. */
static const rational side = {
    8,
    {.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
     6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8},
    {22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091,
     34900.952721145977266, 38912.003286093271411, 19685.429676859990727}};
/* Of z = 1/x^2, times z, from 1/sqrt(2 pi), times exp(-x^2/2)/|x|: the far tail. */
static const rational far = {
    5,
    {.21589853405795699, .1274011611602473639, .022235277870649807, .001421619193227893466, 2.9112874951168792e-5,
     .02307344176494017303},
    {1.28426009614491121, .468238212480865118, .0659881378689285515, .00378239633202758244, 7.29751555083966205e-5}};

static const double middle_end = 0.67448975, side_end = 5.656854249492380581, vanishing = 40;
static const double one_over_root_two_pi = 0.398942280401432677939946;

static hra_node number(hra_graph *g, double value) { return hra_graph_number(g, value); }
static hra_node add(hra_graph *g, hra_node a, hra_node b) { return hra_graph_binary(g, HRA_OP_ADD, a, b); }
static hra_node subtract(hra_graph *g, hra_node a, hra_node b) { return hra_graph_binary(g, HRA_OP_SUB, a, b); }
static hra_node times(hra_graph *g, hra_node a, hra_node b) { return hra_graph_binary(g, HRA_OP_MUL, a, b); }
static hra_node over(hra_graph *g, hra_node a, hra_node b) { return hra_graph_binary(g, HRA_OP_DIV, a, b); }

static hra_node up_to(hra_graph *g, hra_node a, double limit)
{
    return hra_graph_binary(g, HRA_OP_LE, a, number(g, limit));
}

static hra_node polynomial(hra_graph *g, hra_node z, hra_node first, const double *c, int n)
{
    hra_node value = first;
    for (int i = 0; i < n; i++) {
        value = add(g, value, number(g, c[i]));
        if (i + 1 < n) value = times(g, value, z);
    }
    return value;
}

static hra_node quotient(hra_graph *g, hra_node z, const rational *r)
{
    hra_node above = polynomial(g, z, times(g, number(g, r->above[r->n]), z), r->above, r->n);
    return over(g, above, polynomial(g, z, z, r->below, r->n));
}

/* exp(-y^2/2): the square of y to a sixteenth is exact, and what is left is small. */
static hra_node bell(hra_graph *g, hra_node y)
{
    hra_node sixteenths = hra_graph_unary(g, HRA_OP_TRUNC, times(g, y, number(g, 16)));
    hra_node coarse = over(g, sixteenths, number(g, 16));
    hra_node rest = times(g, subtract(g, y, coarse), add(g, y, coarse));
    hra_node large = hra_graph_unary(g, HRA_OP_EXP, times(g, times(g, coarse, coarse), number(g, -0.5)));
    return times(g, large, hra_graph_unary(g, HRA_OP_EXP, times(g, rest, number(g, -0.5))));
}

hra_node hra_lower_normal_cdf(hra_graph *g, hra_node x)
{
    hra_node y = hra_graph_binary(g, HRA_OP_MIN, hra_graph_unary(g, HRA_OP_ABS, x), number(g, vanishing));
    hra_node near_half = add(g, number(g, 0.5), times(g, x, quotient(g, times(g, x, x), &middle)));
    hra_node z = over(g, number(g, 1), times(g, y, y));
    hra_node beyond = subtract(g, number(g, one_over_root_two_pi), times(g, z, quotient(g, z, &far)));
    hra_node share = hra_graph_select(g, up_to(g, y, side_end), quotient(g, y, &side), over(g, beyond, y));
    hra_node tail = times(g, bell(g, y), share);
    hra_node outer = hra_graph_select(g, up_to(g, x, 0), tail, subtract(g, number(g, 1), tail));
    hra_node value = hra_graph_select(g, up_to(g, y, middle_end), near_half, outer);
    hra_graph_call(g, value, "normal_cdf", x);
    return value;
}
