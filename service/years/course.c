#include "service/years/course.h"

#include <math.h>
#include <stdlib.h>

enum { PAIRS = HRA_COURSE_RUNS * (HRA_COURSE_RUNS - 1) / 2 };

/* steps / days, days > 0 */
typedef struct slope {
    int64_t steps, days;
} slope;

static int by_size(const void *a, const void *b)
{
    const slope *x = a, *y = b;
    int64_t left = x->steps * y->days, right = y->steps * x->days;
    return (left > right) - (left < right);
}

/* The middle one of the slopes; of an even number the mean of the middle two. */
static slope median(slope *slopes, int count)
{
    qsort(slopes, (size_t)count, sizeof *slopes, by_size);
    slope a = slopes[(count - 1) / 2], b = slopes[count / 2];
    if (count % 2) return a;
    return (slope){a.steps * b.days + b.steps * a.days, 2 * a.days * b.days};
}

/* Checkups that are at least half a year apart: two on neighbouring days are one point of the course. */
static int apart(const hra_course_point *points, int count)
{
    int kept = 0;
    for (int i = 0, last = 0; i < count; i++) {
        if (kept > 0 && points[i].day - points[last].day < HRA_COURSE_APART) continue;
        last = i;
        kept++;
    }
    return kept;
}

static slope median_slope(const hra_course_point *points, int count)
{
    slope slopes[PAIRS];
    int pairs = 0;
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++) {
            slope s = {(int64_t)points[k].steps - points[i].steps, (int64_t)points[k].day - points[i].day};
            if (s.days >= HRA_COURSE_APART) slopes[pairs++] = s;
        }
    return median(slopes, pairs);
}

hra_course hra_course_judge(const hra_change_rule *rule, int decimals, const hra_course_point *points, int count)
{
    hra_course course = {HRA_COURSE_NONE, NAN};
    bool up = false, down = false; /* some later value is higher, lower by more than measurement */
    if (count > HRA_COURSE_RUNS || apart(points, count) < HRA_COURSE_LEAST) return course;
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++) {
            int64_t change = (int64_t)points[k].steps - points[i].steps;
            if (!hra_change_is_enough(rule, decimals, points[i].steps, change, 1)) continue;
            *(change > 0 ? &up : &down) = true;
        }
    slope s = median_slope(points, count);
    int64_t span = (int64_t)points[count - 1].day - points[0].day;
    bool enough = hra_change_is_enough(rule, decimals, points[0].steps, (__int128)s.steps * span, s.days);
    course.per_year = (double)s.steps / (double)s.days * 365.25;
    course.word = !up && !down                     ? HRA_COURSE_STEADY
                  : enough && s.steps > 0 && !down ? HRA_COURSE_RISING
                  : enough && s.steps < 0 && !up   ? HRA_COURSE_FALLING
                                                   : HRA_COURSE_VARYING;
    return course;
}

void hra_course_add(hra_course_point *points, int *count, hra_course_point point)
{
    int at = *count;
    while (at > 0 && points[at - 1].day > point.day) at--;
    if (at > 0 && points[at - 1].day == point.day) {
        points[at - 1] = point;
        return;
    }
    for (int i = (*count)++; i > at; i--) points[i] = points[i - 1];
    points[at] = point;
}

const char *hra_course_name(hra_course_word word)
{
    static const char *const names[HRA_COURSE_WORDS] = {"", "rising", "falling", "steady", "varying"};
    return names[word];
}
