#include "service/group/client_finding.h"

#include <math.h>
#include <string.h>

void hra_client_stratum(const hra_client_layout *layout, int row, int column, int *sex, int *band)
{
    if (layout->sexes > 1 && layout->bands == 1) { /* a line of sexes */
        *sex = column < layout->sexes ? column : -1;
        *band = -1;
        return;
    }
    *sex = layout->sexes > 1 && row < layout->sexes ? row : -1;
    *band = column < layout->bands ? column : -1;
}

void hra_client_known(const hra_group_policy *policy, bool exact, uint64_t people, uint64_t known, uint64_t *from,
                      uint64_t *to)
{
    uint64_t step = policy->hide_up_to, unknown = people - known;
    *from = *to = known;
    if (exact || step == 0) return;
    uint64_t low = unknown <= step ? 0 : (unknown - 1) / step * step + 1;
    uint64_t high = unknown <= step ? step : low + step - 1;
    *to = people - low;
    *from = high < people ? people - high : 0;
}

/* ---- rules of a single figure -------------------------------------------------- */

static hra_suppress_rule rule_of(const hra_client_scene *s, bool sensitive, bool exact, hra_summary_flag f,
                                 uint32_t people)
{
    const hra_group_policy *p = s->policy;
    uint64_t from, to, known = (uint64_t)f.yes + f.no;
    hra_client_known(p, exact, people, known, &from, &to);
    if (from < p->minimum_denominator) return HRA_HIDDEN_SMALL_DENOMINATOR;
    if (f.yes >= 1 && f.yes <= p->hide_up_to) return HRA_HIDDEN_SMALL_COUNT;
    if (f.no >= 1 && f.no <= p->hide_up_to) return HRA_HIDDEN_SMALL_REST;
    if (sensitive && f.yes == 0) return HRA_HIDDEN_SENSITIVE;
    if ((f.yes == 0 || f.no == 0) && known < p->homogeneous_below) return HRA_HIDDEN_HOMOGENEOUS;
    return HRA_SHOWN;
}

/* ---- tables ---------------------------------------------------------------------- */

/* How many more could have the finding: those without it, less those who have another one of its set that is told. */
static uint64_t room_of(const hra_client_scene *s, const hra_client_finding *finding, hra_summary_flag f, int sex,
                        int band)
{
    uint64_t room = f.no;
    for (int i = 0; finding->set && i < s->finding_count; i++) {
        const hra_client_finding *other = &s->findings[i];
        if (other == finding || !other->set || strcmp(other->set, finding->set) != 0) continue;
        uint32_t taken = hra_client_layout_flag(s->layout, s->summary, s->group, other->output, sex, band).yes;
        room -= taken < room ? taken : room;
    }
    return room;
}

static void fill_strata(const hra_client_scene *s, const hra_client_finding *finding, hra_client_solution *out)
{
    const hra_client_layout *l = s->layout;
    hra_client_table *t = &out->strata;
    bool line = l->sexes == 1 || l->bands == 1;
    t->table = (hra_suppress_table){line ? 1 : l->sexes, l->bands > 1 ? l->bands : l->sexes, t->cells};
    int width = t->table.columns + 1, cells = width * (line ? 1 : l->sexes + 1);
    for (int i = 0; i < cells; i++) {
        int sex, band;
        hra_client_stratum(l, i / width, i % width, &sex, &band);
        t->flags[i] = hra_client_layout_flag(l, s->summary, s->group, finding->output, sex, band);
        t->people[i] = hra_client_layout_people(l, s->group, sex, band);
        t->cells[i] = (hra_suppress_cell){t->flags[i].yes, room_of(s, finding, t->flags[i], sex, band), HRA_SHOWN, 0, 0,
                                          {-1, -1}};
        out->weights[i] = 0;
        bool sum = i % width == t->table.columns || i / width == l->sexes;
        for (int c = 0; c < HRA_SUMMARY_CELLS && !sum; c++)
            if (hra_client_layout_holds(l, sex, band, c)) out->weights[i] += s->standard[c];
    }
}

static void fill_departments(const hra_client_scene *s, const hra_client_finding *finding, hra_client_table *t)
{
    int count = s->layout->departments;
    t->table = (hra_suppress_table){1, count, t->cells};
    t->flags[count] = (hra_summary_flag){0, 0};
    t->people[count] = 0;
    for (int d = 0; d < count; d++) {
        hra_summary_flag f;
        t->people[d] = hra_client_layout_department(s->layout, s->summary, s->group, finding->output, d, &f);
        t->flags[d] = f;
        t->cells[d] = (hra_suppress_cell){f.yes, f.no, HRA_SHOWN, 0, 0, {-1, -1}};
        t->flags[count].yes += f.yes;
        t->flags[count].no += f.no;
        t->people[count] += t->people[d];
    }
    t->cells[count] = (hra_suppress_cell){t->flags[count].yes, t->flags[count].no, HRA_SHOWN, 0, 0, {-1, -1}};
}

static int cell_count(const hra_suppress_table *t) { return (t->rows == 1 ? 1 : t->rows + 1) * (t->columns + 1); }

/* Whether the steps in which the unmeasured are told, added up, leave some of them open to fewer than `protection`. */
static bool steps_are_safe(const hra_client_scene *s, const hra_client_solution *solution, const hra_client_table *t)
{
    hra_bounds unknown[HRA_LINE_CELLS];
    int cells = cell_count(&t->table);
    int64_t least = s->policy->hide_up_to, width = s->policy->protection;
    if (solution->exact) return true;
    for (int i = 0; i < cells; i++) {
        uint64_t from, to, known = (uint64_t)t->flags[i].yes + t->flags[i].no;
        hra_client_known(s->policy, false, t->people[i], known, &from, &to);
        unknown[i] = (hra_bounds){(int64_t)(t->people[i] - to), (int64_t)(t->people[i] - from)};
    }
    if (!hra_bounds_narrow(unknown, t->table.rows, t->table.columns)) return false;
    for (int i = 0; i < cells; i++)
        if (unknown[i].low >= 1 && unknown[i].high <= least && unknown[i].high - unknown[i].low < width) return false;
    return true;
}

/* Hides what must be hidden. The total stays as it is, unless nothing else helps. */
static void protect(const hra_client_scene *s, bool sensitive, hra_client_solution *out, hra_client_table *t)
{
    int last = cell_count(&t->table) - 1;
    for (int i = 0; i < last; i++) t->cells[i].rule = rule_of(s, sensitive, out->exact, t->flags[i], t->people[i]);
    t->told = steps_are_safe(s, out, t);
    if (!t->told) return;
    hra_suppress_protect(&t->table, s->policy->protection);
    if (t->cells[last].rule != HRA_SHOWN) out->rule = t->cells[last].rule;
}

/* ---- the standardised share --------------------------------------------------------- */

/* The share is told in whole per cent. While the swap that protects a hidden cell runs, it must not change by that
 * much: else it would say where the swap ends. */
static bool share_keeps_quiet(const hra_client_solution *out, int cell, uint64_t protection)
{
    const hra_client_table *t = &out->strata;
    const hra_suppress_cell *c = &t->cells[cell];
    int moves[HRA_STRATA_CELLS], width = t->table.columns + 1;
    double slope = 0, rounded = floor(out->standardised * 100 + 0.5) / 100;
    if (!hra_suppress_moves(&t->table, cell / width, cell % width, moves)) return false;
    for (int i = 0; i < cell_count(&t->table); i++) {
        double known = (double)t->flags[i].yes + t->flags[i].no;
        if (moves[i] && out->weights[i] > 0) slope += moves[i] * out->weights[i] / known;
    }
    if (slope == 0) return true;
    double above = (rounded + 0.005 - out->standardised) / fabs(slope);
    double below = (out->standardised - rounded + 0.005) / fabs(slope);
    double up = fmin((double)c->up, floor(slope > 0 ? above : below));
    double down = fmin((double)c->down, floor(slope > 0 ? below : above));
    return up + down >= (double)protection;
}

static void standardise(const hra_client_scene *s, hra_client_solution *out)
{
    const hra_client_table *t = &out->strata;
    double weights = 0, weighted = 0, variance = 0;
    for (int i = 0; i < cell_count(&t->table); i++) {
        double known = (double)t->flags[i].yes + t->flags[i].no;
        if (out->weights[i] == 0) continue;
        if (known == 0) return;
        weights += out->weights[i];
        weighted += out->weights[i] * (double)t->flags[i].yes / known;
        variance += out->weights[i] * out->weights[i] / (double)t->people[i];
    }
    if (!(weights > 0)) return;
    for (int i = 0; i < cell_count(&t->table); i++) out->weights[i] /= weights;
    out->standardised = weighted / weights;
    out->effective = weights * weights / variance;
    for (int i = 0; i < cell_count(&t->table); i++) {
        bool ruled = t->cells[i].rule != HRA_SHOWN && t->cells[i].rule != HRA_HIDDEN_COMPLEMENT;
        if (!ruled || share_keeps_quiet(out, i, s->policy->protection)) continue;
        out->standardised = NAN;
        return;
    }
}

void hra_client_solve(const hra_client_scene *scene, const hra_client_finding *finding, hra_client_solution *out)
{
    const hra_client_layout *l = scene->layout;
    out->strata.told = out->departments.told = false;
    out->standardised = out->effective = NAN;
    out->total = hra_client_layout_flag(l, scene->summary, scene->group, finding->output, -1, -1);
    out->exact = out->total.yes + out->total.no == l->people;
    bool sensitive = finding->sensitive;
    out->rule = rule_of(scene, sensitive, out->exact, out->total, l->people);
    if (sensitive && l->people < scene->policy->sensitive_minimum) out->rule = HRA_HIDDEN_SENSITIVE;
    /* nobody or everybody: what is below the total follows from it */
    if (out->rule != HRA_SHOWN || out->total.yes == 0 || out->total.no == 0) return;
    if (l->sexes * l->bands > 1 && !sensitive) {
        fill_strata(scene, finding, out);
        protect(scene, sensitive, out, &out->strata);
    }
    if (l->departments > 0 && !sensitive) {
        fill_departments(scene, finding, &out->departments);
        protect(scene, sensitive, out, &out->departments);
    }
    if (out->rule != HRA_SHOWN) { /* nothing else helped */
        out->strata.told = out->departments.told = false;
        return;
    }
    if (out->strata.told) standardise(scene, out);
}
