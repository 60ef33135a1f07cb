/* Two walks along the time, each with a tree of sums over the ranks of risk (Fenwick, Software: Practice and Experience
 * 1994): from the end, everybody with an event meets those who are still followed; from the beginning, everybody meets
 * those who had the event before. So each pair is seen from both its sides, in n log n steps. */
#include "evaluate/concordance.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"

typedef enum pair_rule { HARRELL, UNO, WOLBERS } pair_rule;

typedef struct pairs {
    const hra_followed *f;
    pair_rule rule;
    double horizon;
    int64_t *rank; /* by row, from 1: of the risk; equal risks have one rank */
    int64_t ranks;
    double *tree;  /* sums by rank */
    double *score; /* by row: weights of the person's pairs that agree, half of those with equal risks */
    double *count; /* by row: weights of the person's pairs */
} pairs;

static double sum_up_to(const pairs *p, int64_t rank)
{
    double sum = 0;
    for (; rank > 0; rank &= rank - 1) sum += p->tree[rank];
    return sum;
}

static void insert(pairs *p, int64_t row, double weight)
{
    for (int64_t rank = p->rank[row]; rank <= p->ranks; rank += rank & -rank) p->tree[rank] += weight;
}

static void empty_tree(pairs *p)
{
    for (int64_t i = 0; i <= p->ranks; i++) p->tree[i] = 0;
}

static hra_code rank_risks(pairs *p, const double *risk, hra_error *error)
{
    int64_t rows = p->f->people->rows;
    int64_t *order = malloc((size_t)rows * sizeof *order);
    if (!order) return hra_evaluate_no_memory(error);
    hra_code code = hra_order_rows(risk, rows, order, error);
    if (code == HRA_OK)
        for (int64_t i = 0; i < rows; i++) {
            p->ranks += i == 0 || risk[order[i]] != risk[order[i - 1]];
            p->rank[order[i]] = p->ranks;
        }
    free(order);
    return code;
}

/* The person's event counts. */
static bool is_case(const pairs *p, int64_t row)
{
    const hra_cohort *c = p->f->people;
    return c->event[row] == HRA_EVENT && c->time[row] <= p->horizon;
}

/* The person outlives every event. */
static bool stays(const pairs *p, int64_t row)
{
    return p->rule == WOLBERS && p->f->people->event[row] == HRA_COMPETING;
}

/* Is still followed when there are events at the person's own time. */
static bool outlives_own_time(const pairs *p, int64_t row) { return p->f->people->event[row] != HRA_EVENT; }

static double pair_weight(const pairs *p, int64_t row)
{
    double g = p->f->uncensored[row];
    return p->rule == UNO ? 1 / (g * g) : 1;
}

/* A person with the event meets everybody in the tree. */
static void meet_followed(pairs *p, int64_t row, double all)
{
    double lower = sum_up_to(p, p->rank[row] - 1), equal = sum_up_to(p, p->rank[row]) - lower;
    double each = pair_weight(p, row);
    p->score[row] += each * (lower + equal / 2);
    p->count[row] += each * all;
}

/* A person who is followed meets everybody in the tree, who all had the event. */
static void meet_cases(pairs *p, int64_t row, double all)
{
    double higher = all - sum_up_to(p, p->rank[row]), not_lower = all - sum_up_to(p, p->rank[row] - 1);
    p->score[row] += (higher + not_lower) / 2;
    p->count[row] += all;
}

/* Adds to the tree those of one time who are still followed there when there are events, or those who are not. */
static double insert_followed(pairs *p, int64_t begin, int64_t end, bool outliving)
{
    double added = 0;
    for (int64_t i = begin; i < end; i++) {
        int64_t row = p->f->order[i];
        if (outlives_own_time(p, row) != outliving || stays(p, row)) continue;
        insert(p, row, hra_cohort_weight(p->f->people, row));
        added += hra_cohort_weight(p->f->people, row);
    }
    return added;
}

static void walk_back(pairs *p)
{
    const hra_followed *f = p->f;
    const hra_cohort *c = f->people;
    double all = 0;
    empty_tree(p);
    for (int64_t i = 0; i < c->rows; i++)
        if (stays(p, i)) {
            insert(p, i, hra_cohort_weight(c, i));
            all += hra_cohort_weight(c, i);
        }
    for (int64_t end = c->rows, begin; end > 0; end = begin) {
        for (begin = end; begin > 0 && c->time[f->order[begin - 1]] == c->time[f->order[end - 1]];) begin--;
        all += insert_followed(p, begin, end, true);
        for (int64_t i = begin; i < end; i++)
            if (is_case(p, f->order[i])) meet_followed(p, f->order[i], all);
        all += insert_followed(p, begin, end, false);
    }
}

static void walk_forth(pairs *p)
{
    const hra_followed *f = p->f;
    const hra_cohort *c = f->people;
    double all = 0;
    empty_tree(p);
    for (int64_t begin = 0, end; begin < c->rows; begin = end) {
        end = hra_time_block_end(f, begin);
        for (int64_t i = begin; i < end; i++)
            if (!outlives_own_time(p, f->order[i])) meet_cases(p, f->order[i], all);
        for (int64_t i = begin; i < end; i++) {
            int64_t row = f->order[i];
            if (!is_case(p, row)) continue;
            double weight = hra_cohort_weight(c, row) * pair_weight(p, row);
            insert(p, row, weight);
            all += weight;
        }
        for (int64_t i = begin; i < end; i++) {
            int64_t row = f->order[i];
            if (outlives_own_time(p, row) && !stays(p, row)) meet_cases(p, row, all);
        }
    }
    for (int64_t i = 0; i < c->rows; i++)
        if (stays(p, i)) meet_cases(p, i, all);
}

/* Every pair is in `score` and `count` twice, once at either person. */
static hra_finding conclude(const pairs *p, double *influence)
{
    const hra_cohort *c = p->f->people;
    hra_sum scores = {0, 0}, counts = {0, 0};
    for (int64_t i = 0; i < c->rows; i++) {
        hra_sum_add(&scores, hra_cohort_weight(c, i) * p->score[i]);
        hra_sum_add(&counts, hra_cohort_weight(c, i) * p->count[i]);
    }
    double count = hra_sum_of(&counts);
    if (!(count > 0)) return hra_found_none("no comparable pair");
    double value = hra_sum_of(&scores) / count;
    for (int64_t i = 0; i < c->rows; i++)
        influence[i] = 2 * hra_cohort_weight(c, i) * (p->score[i] - value * p->count[i]) / count;
    return hra_found(value, hra_influence_error(influence, c->rows), 0, 1);
}

static hra_code count_pairs(pairs *p, const double *risk, double *influence, hra_finding *found, hra_error *error)
{
    HRA_TRY(rank_risks(p, risk, error));
    walk_back(p);
    walk_forth(p);
    *found = conclude(p, influence);
    return HRA_OK;
}

static hra_code concordance(pair_rule rule, const hra_followed *f, const double *risk, double horizon,
                            double *influence, hra_finding *found, hra_error *error)
{
    size_t rows = (size_t)f->people->rows;
    pairs p = {.f = f, .rule = rule, .horizon = horizon};
    p.rank = malloc((rows + 1) * sizeof *p.rank);
    p.tree = malloc((rows + 1) * sizeof *p.tree);
    p.score = calloc(rows + 1, sizeof *p.score);
    p.count = calloc(rows + 1, sizeof *p.count);
    hra_code code = p.rank && p.tree && p.score && p.count ? count_pairs(&p, risk, influence, found, error)
                                                           : hra_evaluate_no_memory(error);
    free(p.rank);
    free(p.tree);
    free(p.score);
    free(p.count);
    return code;
}

hra_code hra_harrell_concordance(const hra_followed *people, const double *risk, double horizon, double *influence,
                                 hra_finding *found, hra_error *error)
{
    return concordance(HARRELL, people, risk, horizon, influence, found, error);
}

hra_code hra_uno_concordance(const hra_followed *people, const double *risk, double horizon, double *influence,
                             hra_finding *found, hra_error *error)
{
    return concordance(UNO, people, risk, horizon, influence, found, error);
}

hra_code hra_wolbers_concordance(const hra_followed *people, const double *risk, double horizon, double *influence,
                                 hra_finding *found, hra_error *error)
{
    return concordance(WOLBERS, people, risk, horizon, influence, found, error);
}
