#include "service/years/plan_effect_sums.h"

#include <math.h>

#include "service/tables/mean_interval.h"

/* So many beside somebody in the plan, or there is nothing to compare with. */
enum { LEAST_BESIDE = 5 };

void hra_effect_add(hra_effect_sum *sum, int64_t before, int64_t now)
{
    int64_t change = now - before;
    sum->people++;
    sum->before += before;
    sum->change += change;
    sum->squares += (unsigned __int128)((__int128)change * change);
}

static double mean(const hra_effect_sum *s) { return (double)s->change / (double)s->people; }

/* Sum of (change - centre)^2. */
static double squares_around(const hra_effect_sum *s, double centre)
{
    return (double)s->squares - 2 * centre * (double)s->change + (double)s->people * centre * centre;
}

/* Everybody's change less the mean change of those who began like them. Its variance is that of these differences, and
 * that of the means that were taken away. */
static void compare(const hra_effect_stratum *strata, int count, int rule, hra_effect *e)
{
    double differences = 0, around = 0, means = 0, beside = 0;
    for (int i = 0; i < count; i++) {
        const hra_effect_stratum *s = &strata[i];
        if (s->rule != rule || s->beside.people < LEAST_BESIDE) continue;
        double own = (double)s->inside.people, others = (double)s->beside.people, centre = mean(&s->beside);
        e->compared += s->inside.people;
        e->beside += s->beside.people;
        beside += own * centre;
        differences += (double)s->inside.change - own * centre;
        around += squares_around(&s->inside, centre);
        means += own * own * squares_around(&s->beside, centre) / (others - 1) / others;
    }
    double n = (double)e->compared;
    if (e->compared < 2) return;
    double value = differences / n, spread = fmax(around - n * value * value, 0) / (n - 1);
    double half = hra_student(e->compared - 1) * sqrt(spread / n + means / (n * n));
    e->beside_change = beside / n;
    e->difference = (hra_interval){value, value - half, value + half};
}

hra_effect hra_effect_of(const hra_effect_stratum *strata, int count, int rule)
{
    hra_effect e = {.change = {NAN, NAN, NAN}, .before = NAN, .beside_change = NAN, .difference = {NAN, NAN, NAN}};
    hra_effect_sum all = {0};
    for (int i = 0; i < count; i++) {
        if (strata[i].rule != rule) continue;
        all.people += strata[i].inside.people;
        all.before += strata[i].inside.before;
        all.change += strata[i].inside.change;
        all.squares += strata[i].inside.squares;
    }
    e.people = all.people;
    e.change = hra_mean_interval(all.people, all.change, all.squares);
    if (all.people > 0) e.before = (double)all.before / (double)all.people;
    compare(strata, count, rule, &e);
    return e;
}
