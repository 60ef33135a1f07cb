#include "evaluate/reclassification.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/observed_part.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"

static int category(double risk, const double *cuts, int cut_count)
{
    int c = 0;
    while (c < cut_count && risk >= cuts[c]) c++;
    return c;
}

/* 1 up, -1 down, 0 neither. */
static int8_t move_of(double risk, double reference, const double *cuts, int cut_count)
{
    if (cut_count == 0) return (int8_t)((risk > reference) - (risk < reference));
    int to = category(risk, cuts, cut_count), from = category(reference, cuts, cut_count);
    return (int8_t)((to > from) - (to < from));
}

/* ---- known outcomes ---- */

/* The people with one outcome. */
typedef struct moved {
    hra_finding up, down;
    double net, variance; /* up minus down */
} moved;

static moved count_moved(const hra_cohort *people, const double *risk, const double *reference, const double *cuts,
                         int cut_count, hra_outcome outcome)
{
    hra_sum weight[3] = {{0, 0}, {0, 0}, {0, 0}}, squares[3] = {{0, 0}, {0, 0}, {0, 0}}; /* down, neither, up */
    for (int64_t i = 0; i < people->rows; i++) {
        if (!hra_has_outcome(people, i, outcome)) continue;
        int move = 1 + move_of(risk[i], reference[i], cuts, cut_count);
        double w = hra_cohort_weight(people, i);
        hra_sum_add(&weight[move], w);
        hra_sum_add(&squares[move], w * w);
    }
    double sum = 0, sum_of_squares = 0, variance = 0;
    for (int k = 0; k < 3; k++) {
        sum += hra_sum_of(&weight[k]);
        sum_of_squares += hra_sum_of(&squares[k]);
    }
    double up = hra_sum_of(&weight[2]) / sum, down = hra_sum_of(&weight[0]) / sum;
    for (int k = 0; k < 3; k++) {
        double off = (k - 1) - (up - down);
        variance += hra_sum_of(&squares[k]) / (sum * sum) * off * off;
    }
    double effective = sum * sum / sum_of_squares;
    return (moved){hra_found_share(up, effective), hra_found_share(down, effective), up - down, variance};
}

static void set_all(hra_moves *out, const char *why)
{
    out->up_event = out->down_event = out->up_nonevent = out->down_nonevent = hra_found_none(why);
    out->event = out->nonevent = out->nri = hra_found_none(why);
}

hra_code hra_count_moves(const hra_cohort *people, const double *risk, const double *reference, const double *cuts,
                         int cut_count, hra_moves *out, hra_error *error)
{
    const char *why = hra_one_outcome(people);
    if (why) {
        set_all(out, why);
        return HRA_OK;
    }
    moved with = count_moved(people, risk, reference, cuts, cut_count, HRA_WITH_EVENT);
    moved without = count_moved(people, risk, reference, cuts, cut_count, HRA_WITHOUT_EVENT);
    *out = (hra_moves){.up_event = with.up,
                       .down_event = with.down,
                       .up_nonevent = without.up,
                       .down_nonevent = without.down,
                       .event = hra_found(with.net, sqrt(with.variance), -1, 1),
                       .nonevent = hra_found(-without.net, sqrt(without.variance), -1, 1),
                       .nri = hra_found(with.net - without.net, sqrt(with.variance + without.variance), -2, 2)};
    return HRA_OK;
}

/* ---- outcomes after a time ---- */

/* Three parts of the people: all, those who move up, those who move down. */
typedef struct seen_moves {
    hra_part all, up, down;
} seen_moves;

static const char *fault(const seen_moves *s)
{
    const hra_part *parts[] = {&s->all, &s->up, &s->down};
    for (int k = 0; k < 3; k++)
        if (isnan(parts[k]->event)) return parts[k]->observed.why;
    if (!(s->all.event > 0)) return "nobody has the event by the horizon";
    return s->all.no_event > 0 ? NULL : "everybody has the event by the horizon";
}

static hra_finding plain(double value) { return hra_found(value, NAN, -INFINITY, INFINITY); }

static void conclude(const seen_moves *s, hra_moves *out)
{
    const char *why = fault(s);
    if (why) {
        set_all(out, why);
        return;
    }
    double up_event = s->up.event / s->all.event, down_event = s->down.event / s->all.event;
    double up_nonevent = s->up.no_event / s->all.no_event, down_nonevent = s->down.no_event / s->all.no_event;
    *out = (hra_moves){.up_event = plain(up_event),
                       .down_event = plain(down_event),
                       .up_nonevent = plain(up_nonevent),
                       .down_nonevent = plain(down_nonevent),
                       .event = plain(up_event - down_event),
                       .nonevent = plain(down_nonevent - up_nonevent),
                       .nri = plain(up_event - down_event + down_nonevent - up_nonevent)};
}

hra_code hra_observe_moves(const hra_followed *f, const double *risk, const double *reference, double horizon,
                           const double *cuts, int cut_count, hra_moves *out, hra_error *error)
{
    size_t rows = (size_t)(f->people->rows ? f->people->rows : 1);
    int8_t *move = calloc(rows, sizeof *move);
    int64_t *room = malloc(rows * sizeof *room);
    hra_code code = move && room ? HRA_OK : hra_evaluate_no_memory(error);
    if (!code) {
        seen_moves s = {.all = hra_observe_part(f, move, 0, horizon, room)};
        for (int64_t i = 0; i < f->people->rows; i++) move[i] = move_of(risk[i], reference[i], cuts, cut_count);
        s.up = hra_observe_part(f, move, 1, horizon, room);
        s.down = hra_observe_part(f, move, -1, horizon, room);
        conclude(&s, out);
    }
    free(move);
    free(room);
    return code;
}

/* ---- mean risks ---- */

hra_code hra_measure_discrimination_gain(const hra_cohort *people, const double *risk, const double *reference,
                                         hra_discrimination_gain *out, hra_error *error)
{
    double *rise = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *rise);
    if (!rise) return hra_evaluate_no_memory(error);
    for (int64_t i = 0; i < people->rows; i++) rise[i] = risk[i] - reference[i];
    hra_row_mean with = hra_mean_of_rows(people, rise, HRA_WITH_EVENT);
    hra_row_mean without = hra_mean_of_rows(people, rise, HRA_WITHOUT_EVENT);
    free(rise);
    out->idi = hra_found_of_both(with.value - without.value, &with, &without, -2, 2);
    without.value = -without.value; /* the mean fall */
    out->event = hra_found_mean(&with, -1, 1);
    out->nonevent = hra_found_mean(&without, -1, 1);
    return HRA_OK;
}
