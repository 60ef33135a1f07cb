#include "engine/graph/scalar.h"

#include <stdint.h>

#include "base/calendar.h"
#include "engine/data/column.h"

/* SLEEF's header shows it only to code compiled for FMA, which this file is not; the library has it always, and running
 * it needs a processor with FMA. */
extern double Sleef_finz_logd1_u10purecfma(double);

double hra_scalar_ln(double x) { return x > 0 ? hra_scalar_canonical(Sleef_finz_logd1_u10purecfma(x)) : (double)NAN; }

double hra_scalar_pow(double x, double y)
{
    if (x > 0) return hra_scalar_exp(hra_scalar_canonical(y * hra_scalar_ln(x)));
    return x == 0 && y > 0 ? 0.0 : (double)NAN;
}

/* Half away from zero, as the decimal is printed. With v = |x| * 10^decimals,
 * each step rounded once:
 *   v < 2^45           floor(v * (1 + 2^-50) + 0.5) / 10^decimals
 *   2^45 <= v < 2^52   floor(v + 0.5) / 10^decimals
 *   2^52 <= v          |x|: no double between two steps is left
 * and then the sign of x. The factor lifts what the binary form of a printed
 * half has lost (2.675 is 2.67499999999999982), at most four last places;
 * for larger v it would reach a whole step. */
double hra_scalar_round(double x, int decimals)
{
    const double lift = 1.0 + 0x1p-50;
    double scale = hra_pow10(decimals), v = fabs(x) * scale;
    if (!(v < 0x1p52)) return hra_scalar_canonical(x);
    double steps = floor((v < 0x1p45 ? v * lift : v) + 0.5);
    return copysign(steps / scale, x);
}

/* Birthdays passed from day a to day b: someone born on 29 February is a year
 * older on 1 March of a common year. Negative when b lies before a. Days more
 * than 100 million from 1970 are no dates. */
double hra_scalar_years_between(double day_a, double day_b)
{
    if (!(fabs(day_a) <= 1e8) || !(fabs(day_b) <= 1e8)) return (double)NAN;
    hra_date a = hra_date_of_day(day_a), b = hra_date_of_day(day_b);
    bool before_birthday = b.month < a.month || (b.month == a.month && b.day < a.day);
    return (double)(b.year - a.year - before_birthday);
}

double hra_step_value(const hra_step *step, double x)
{
    if (isnan(x)) return (double)NAN;
    int place = 0;
    while (place < step->cut_count && (step->after[place] ? x > step->cuts[place] : x >= step->cuts[place])) place++;
    return hra_scalar_canonical(step->values[place]);
}

double hra_scalar_gather(const hra_gather *table, double index)
{
    if (!(index >= 0) || !(index < (double)table->count) || index != floor(index)) return (double)NAN;
    return hra_scalar_canonical(table->values[(int64_t)index]);
}

double hra_scalar_count(hra_op op, int is_true, int unknown, double threshold)
{
    if (op == HRA_OP_COUNT) return unknown ? (double)NAN : is_true;
    if (is_true >= threshold) return 1;
    return is_true + unknown < threshold ? 0 : (double)NAN;
}

static double three_valued(bool known, bool value) { return known ? (double)value : (double)NAN; }

static double arithmetic(hra_op op, double a, double b, int decimals)
{
    bool both = !isnan(a) && !isnan(b);
    switch (op) {
    case HRA_OP_ADD: return a + b;
    case HRA_OP_SUB: return a - b;
    case HRA_OP_MUL: return a * b;
    case HRA_OP_DIV: return b == 0 ? (double)NAN : a / b;
    case HRA_OP_NEG: return -a;
    case HRA_OP_POW: return hra_scalar_pow(a, b);
    case HRA_OP_EXP: return hra_scalar_exp(a);
    case HRA_OP_LN: return hra_scalar_ln(a);
    case HRA_OP_SQRT: return sqrt(a);
    case HRA_OP_ABS: return fabs(a);
    case HRA_OP_FLOOR: return floor(a);
    case HRA_OP_CEIL: return ceil(a);
    case HRA_OP_TRUNC: return trunc(a);
    case HRA_OP_ROUND: return hra_scalar_round(a, decimals);
    /* of two equal values (0 and -0) the second, as the processors' min and max do */
    case HRA_OP_MIN: return !both ? (double)NAN : a < b ? a : b;
    case HRA_OP_MAX: return !both ? (double)NAN : a > b ? a : b;
    case HRA_OP_YEARS_BETWEEN: return hra_scalar_years_between(a, b);
    default: return (double)NAN;
    }
}

static double choice(hra_op op, double a, double b, double c)
{
    bool both = !isnan(a) && !isnan(b);
    switch (op) {
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: return isnan(a) ? (double)NAN : a != 0 ? b : c;
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: return isnan(a) ? b : a;
    case HRA_OP_FROM_FLAG: return a;
    case HRA_OP_LT: return three_valued(both, a < b);
    case HRA_OP_LE: return three_valued(both, a <= b);
    case HRA_OP_EQ: return three_valued(both, a == b);
    case HRA_OP_NE: return three_valued(both, a != b);
    case HRA_OP_AND: return a == 0 || b == 0 ? 0 : three_valued(both, true);
    case HRA_OP_OR: return a == 1 || b == 1 ? 1 : three_valued(both, false);
    case HRA_OP_NOT: return three_valued(!isnan(a), a == 0);
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG: return !isnan(a);
    case HRA_OP_IS_TRUE: return a == 1;
    default: return (double)NAN;
    }
}

double hra_scalar_operation(hra_op op, const double operand[3], int decimals)
{
    bool is_arithmetic = op >= HRA_OP_ADD && op <= HRA_OP_YEARS_BETWEEN;
    double result = is_arithmetic ? arithmetic(op, operand[0], operand[1], decimals)
                                  : choice(op, operand[0], operand[1], operand[2]);
    return hra_scalar_canonical(result);
}
