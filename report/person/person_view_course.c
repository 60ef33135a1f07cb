/* The course of a value over several runs. */
#include <math.h>

#include "engine/data/column.h"
#include "engine/graph/scalar.h"
#include "report/person/person_view_internal.h"

static const char *words_of(hra_view_build *b, hra_course_word word, int checkups)
{
    static const char *const keys[HRA_COURSE_WORDS] = {NULL, "course.rising", "course.falling", "course.steady",
                                                       "course.varying"};
    return word == HRA_COURSE_NONE ? "" : hra_view_fill(b, keys[word], hra_view_number(b, checkups, 0));
}

/* A point is rounded in the canonical unit; of today's the value stands there as it was delivered. */
static bool is_of(const hra_view_column *c, const hra_view_value *value, const hra_course_point *point)
{
    int decimals = c->variable->decimals;
    return llround(hra_scalar_round(value->value * c->factor + c->offset, decimals) * hra_pow10(decimals)) ==
           point->steps;
}

void hra_view_add_course(hra_view_build *b, const hra_view_column *c, hra_view_value *value)
{
    const hra_runs *runs = b->views->request.runs;
    const hra_change_rule *rule = &hra_runs_rules(runs)->rules[c->course];
    double scale = hra_pow10(c->variable->decimals);
    hra_course_point points[HRA_COURSE_RUNS];
    int count = hra_runs_points(runs, b->run_rows, c->course, points);
    if (count < HRA_COURSE_LEAST) return;
    hra_view_point *out = hra_view_new(b, count, sizeof *out);
    for (int i = 0; out && i < count; i++)
        out[i] = (hra_view_point){points[i].day, (points[i].steps / scale - c->offset) / c->factor};
    if (!out) return;
    if (is_of(c, value, &points[count - 1])) out[count - 1].value = value->value;
    const hra_course course = hra_runs_course(runs, c->course, points, count);
    value->points = out;
    value->point_count = count;
    value->noise = rule->percent ? fabs(out[0].value) * rule->minimum / 100 : rule->minimum / c->factor;
    value->course = hra_course_name(course.word);
    value->course_text = words_of(b, course.word, count);
    value->per_year = course.per_year / scale / c->factor;
    b->out->has_courses = true;
}
