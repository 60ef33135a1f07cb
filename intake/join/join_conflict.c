/* Are the rows of one key one person's? */
#include <math.h>

#include "base/calendar.h"
#include "intake/join/join_person_internal.h"

enum { OTHER_SEX = 1, OTHER_AGE = 2 };

static int whole_years(double from, double to)
{
    hra_date a = hra_date_of_day(from), b = hra_date_of_day(to);
    int years = (int)(b.year - a.year);
    return years - (b.month < a.month || (b.month == a.month && b.day < a.day));
}

static double day_of(const hra_join_person *p, const hra_join_member *m)
{
    return isnan(m->date) ? p->request->as_of : m->date;
}

/* Between which ages the person of this row is on a day. */
static void age_on(const hra_join_person *p, const hra_join_member *m, double day, double *low, double *high)
{
    if (!isnan(m->birth)) {
        *low = *high = whole_years(m->birth, day);
        return;
    }
    double own = day_of(p, m);
    if (day >= own) {
        *low = m->age + whole_years(own, day);
        *high = *low + 1;
    } else {
        *high = m->age - whole_years(day, own);
        *low = *high - 1;
    }
    if (day == own) *low = *high = m->age;
}

static bool has_age(const hra_join_member *m) { return !isnan(m->birth) || !isnan(m->age); }

static bool ages_differ(const hra_join_person *p, const hra_join_member *a, const hra_join_member *b)
{
    if (!isnan(a->birth) && !isnan(b->birth)) return a->birth != b->birth;
    double day = isnan(b->birth) ? day_of(p, b) : day_of(p, a), low[2], high[2];
    age_on(p, a, day, &low[0], &high[0]);
    age_on(p, b, day, &low[1], &high[1]);
    return low[0] - high[1] > 1 || low[1] - high[0] > 1;
}

/* In what two rows disagree. */
static int disagreement(const hra_join_person *p, const hra_join_member *a, const hra_join_member *b)
{
    int bits = 0;
    if (!isnan(a->sex) && !isnan(b->sex) && a->sex != b->sex) bits |= OTHER_SEX;
    if (has_age(a) && has_age(b) && ages_differ(p, a, b)) bits |= OTHER_AGE;
    return bits;
}

/* All rows against the first that knows the sex and the first that knows the age. */
static int find_conflict(const hra_join_person *p)
{
    int bits = 0;
    const hra_join_member *sex = NULL, *age = NULL;
    for (int i = 0; i < p->count; i++) {
        const hra_join_member *m = &p->members[p->order[i]];
        if (sex) bits |= disagreement(p, sex, m) & OTHER_SEX;
        if (age) bits |= disagreement(p, age, m) & OTHER_AGE;
        if (!sex && !isnan(m->sex)) sex = m;
        if (!age && has_age(m)) age = m;
    }
    return bits;
}

/* Rows that cannot be shown to be of the first row's person are left out. */
static void leave_out(hra_join_person *p, int bits)
{
    const hra_join_member *first = &p->members[p->order[0]];
    for (int i = 1; i < p->count; i++) {
        hra_join_member *m = &p->members[p->order[i]];
        int differs = disagreement(p, first, m) & bits;
        bool sex_shown = !(bits & OTHER_SEX) || (!isnan(first->sex) && !isnan(m->sex));
        bool age_shown = !(bits & OTHER_AGE) || (has_age(first) && has_age(m));
        if (!differs && sex_shown && age_shown) continue;
        m->left_out = true;
        p->counts->rows_left_out++;
        const char *what = differs == OTHER_SEX   ? "conflict: sex"
                           : differs == OTHER_AGE ? "conflict: birth date or age"
                           : differs              ? "conflict: sex and birth date or age"
                                                  : "conflict: does not say which of two people it means";
        hra_join_list_add(p->list, p->key, what, m->origin.kind, m->row.file, m->row.line);
    }
    hra_join_list_add(p->list, p->key, "conflict: goes on without the rows that disagree", first->origin.kind,
                      first->row.file, first->row.line);
    p->counts->conflicts++;
}

void hra_join_find_conflict(hra_join_person *p)
{
    int bits = find_conflict(p);
    if (bits) leave_out(p, bits);
}
