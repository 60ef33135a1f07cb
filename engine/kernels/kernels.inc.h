/* The kernels, written once over the vocabulary of the including file: vec,
 * mask, indices, LANES and the v_, m_, i_, word_ functions. No contraction,
 * no reassociation: every operation rounds where the language says. */
#include <math.h>
#include <string.h>

#include "engine/graph/exponential.inc.h"
#include "engine/graph/graph.h"
#include "engine/graph/results.h"
#include "engine/graph/judge.h"
#include "engine/graph/status.h"

_Static_assert(HRA_WORD_ROWS % LANES == 0 && (int)LANES <= (int)HRA_LANES_MAX, "a word is whole vectors");

/* Rows to compute: whole vectors of every kind, of the few rows of a fold no more than that. */
static inline size_t padded(const hra_block *block)
{
    return ((size_t)block->rows + HRA_LANES_MAX - 1) / HRA_LANES_MAX * HRA_LANES_MAX;
}

/* The vector of an operand at row i. */
static inline vec at(hra_operand operand, size_t i) { return v_load(operand.data + i * operand.step); }

static inline vec v_unknown(void) { return v_set((double)NAN); }

/* The masks of LANES rows from row i of a flag. */
static inline mask known_mask(const hra_flags *flag, size_t i)
{
    return m_from_bits(hra_flag_known(flag, (int)(i / HRA_WORD_ROWS)) >> (i % HRA_WORD_ROWS));
}
static inline mask truth_mask(const hra_flags *flag, size_t i)
{
    return m_from_bits(hra_flag_truth(flag, (int)(i / HRA_WORD_ROWS)) >> (i % HRA_WORD_ROWS));
}

/* ---- numbers from numbers ------------------------------------------------- */

/* What is cheap is done for so many vectors at a time that all are read before the first is written: the processor
 * makes a load wait for a store before it that ends in the same twelve bits. Beyond the padded rows that may go to the
 * end of the word, which every slot has. */
enum { TOGETHER = HRA_WORD_ROWS / LANES < 8 ? HRA_WORD_ROWS / LANES : 8 };

#define CHEAP_UNARY(name, expression)                                                                                  \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        hra_operand x = call->numbers[0];                                                                              \
        double *out = call->out;                                                                                       \
        for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {                                          \
            vec result[TOGETHER];                                                                                      \
            for (size_t k = 0; k < TOGETHER; k++) {                                                                    \
                vec a = at(x, i + k * LANES);                                                                          \
                result[k] = expression;                                                                                \
            }                                                                                                          \
            for (size_t k = 0; k < TOGETHER; k++) v_store(out + i + k * LANES, result[k]);                             \
        }                                                                                                              \
    }

/* A kernel of two numbers from one that is told their steps: the compiler writes it for two slots and for a slot and a
 * constant, without a product for every address. */
#define BY_STEPS(name)                                                                                                 \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        size_t x_step = call->numbers[0].step, y_step = call->numbers[1].step;                                         \
        if (x_step && y_step)                                                                                          \
            name##_by(call, block, 1, 1);                                                                              \
        else if (x_step)                                                                                               \
            name##_by(call, block, 1, 0);                                                                              \
        else                                                                                                           \
            name##_by(call, block, 0, y_step);                                                                         \
    }

#define CHEAP_BINARY(name, expression)                                                                                 \
    static inline void name##_by(const hra_call *call, const hra_block *block, size_t x_step, size_t y_step)           \
    {                                                                                                                  \
        const double *x = call->numbers[0].data, *y = call->numbers[1].data;                                           \
        double *out = call->out;                                                                                       \
        for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {                                          \
            vec result[TOGETHER];                                                                                      \
            for (size_t k = 0; k < TOGETHER; k++) {                                                                    \
                vec a = v_load(x + (i + k * LANES) * x_step), b = v_load(y + (i + k * LANES) * y_step);                \
                result[k] = expression;                                                                                \
            }                                                                                                          \
            for (size_t k = 0; k < TOGETHER; k++) v_store(out + i + k * LANES, result[k]);                             \
        }                                                                                                              \
    }                                                                                                                  \
    BY_STEPS(name)

#define UNARY(name, expression)                                                                                        \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        hra_operand x = call->numbers[0];                                                                              \
        double *out = call->out;                                                                                       \
        for (size_t i = 0, n = padded(block); i < n; i += LANES) {                                                     \
            vec a = at(x, i);                                                                                          \
            v_store(out + i, expression);                                                                              \
        }                                                                                                              \
    }

#define BINARY(name, expression)                                                                                       \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        hra_operand x = call->numbers[0], y = call->numbers[1];                                                        \
        double *out = call->out;                                                                                       \
        for (size_t i = 0, n = padded(block); i < n; i += LANES) {                                                     \
            vec a = at(x, i), b = at(y, i);                                                                            \
            v_store(out + i, expression);                                                                              \
        }                                                                                                              \
    }

#define TERNARY(name, expression)                                                                                      \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        hra_operand x = call->numbers[0], y = call->numbers[1], z = call->numbers[2];                                  \
        double *out = call->out;                                                                                       \
        for (size_t i = 0, n = padded(block); i < n; i += LANES) {                                                     \
            vec a = at(x, i), b = at(y, i), c = at(z, i);                                                              \
            v_store(out + i, expression);                                                                              \
        }                                                                                                              \
    }

static inline vec ln_of(vec a) { return v_blend(m_lt(v_set(0), a), v_unknown(), v_ln(a)); }

static inline vec power_of(vec a, vec b)
{
    vec zero = v_set(0);
    vec result = v_blend(m_lt(zero, a), v_unknown(), exp_of(v_mul(b, v_ln(a))));
    return v_blend(m_and(m_eq(a, zero), m_lt(zero, b)), result, zero);
}

/* As exp_of, but 0 where that is less than 2^-1021: subnormal results are slow. */
static inline vec normal_exp_of(vec x)
{
    vec n, p = exp_reduced(x, &n);
    return v_scale_normal(p, n);
}

/* Unknown where one is: the second, of which v_smaller and v_larger make the result then, or else the first. */
static inline vec unless_unknown(vec a, vec result) { return v_blend(m_ordered(a, a), a, result); }

CHEAP_UNARY(negate, v_negate(a))
CHEAP_UNARY(absolute, v_abs(a))
CHEAP_UNARY(round_down, v_floor(a))
CHEAP_UNARY(round_up, v_ceil(a))
CHEAP_UNARY(round_to_zero, v_trunc(a))
CHEAP_UNARY(copy, a)
CHEAP_BINARY(add, v_add(a, b))
CHEAP_BINARY(subtract, v_sub(a, b))
CHEAP_BINARY(multiply, v_mul(a, b))
CHEAP_BINARY(smaller, unless_unknown(a, v_smaller(a, b)))
CHEAP_BINARY(larger, unless_unknown(a, v_larger(a, b)))
CHEAP_BINARY(first_known, v_blend(m_ordered(a, a), b, a))
UNARY(exponential, exp_of(a))
UNARY(logarithm, ln_of(a))
UNARY(square_root, v_sqrt(a))
BINARY(power, power_of(a, b))
BINARY(exponential_of_product, exp_of(v_mul(a, b)))
TERNARY(less_any_exponential_of_product, v_sub(c, exp_of(v_mul(a, b))))
TERNARY(less_normal_exponential_of_product, v_sub(c, normal_exp_of(v_mul(a, b))))

_Static_assert((int)TOGETHER == 8, "v_divide_eight");

static inline void divide_by(const hra_call *call, const hra_block *block, size_t x_step, size_t y_step)
{
    const double *x = call->numbers[0].data, *y = call->numbers[1].data;
    double *out = call->out;
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        vec q[TOGETHER];
        v_divide_eight(q, x + i * x_step, x_step * LANES, y + i * y_step, y_step * LANES);
        for (size_t k = 0; k < TOGETHER; k++) v_store(out + i + k * LANES, q[k]);
    }
}

BY_STEPS(divide)

/* Taking less than 2^-1021 from a number of size changes nothing. */
static void less_exponential_of_product(const hra_call *call, const hra_block *block)
{
    hra_operand c = call->numbers[2];
    if (c.step == 0 && fabs(c.data[0]) >= 0x1p-900)
        less_normal_exponential_of_product(call, block);
    else
        less_any_exponential_of_product(call, block);
}

/* A term of a cubic spline. */
static void excess_cubed(const hra_call *call, const hra_block *block)
{
    hra_operand x = call->numbers[0], y = call->numbers[1], least = call->numbers[2];
    for (size_t i = 0, n = padded(block); i < n; i += LANES) {
        vec a = v_sub(at(x, i), at(y, i));
        vec m = unless_unknown(a, v_larger(a, at(least, i)));
        v_store(call->out + i, v_mul(v_mul(m, m), m));
    }
}

/* n / d of whole numbers, |n| up to 2^53 and 1 <= d < 2^30, rounded once as a division is, but much sooner; `inverse`
 * is 1 / d. n * inverse is off by two units in the last place or little more, so the rest n - q * d is exact, and what
 * is rounded at the end is off by less than 2^-51 units. The true ratio is a number or halfway between two (never: that
 * would take a digit more than n has), or at least 1 / (2 * d) units away from there. */
static inline vec whole_ratio(vec n, vec d, vec inverse)
{
    vec q = v_mul(n, inverse);
    return v_fma(v_fma(v_negate(q), d, n), inverse, q);
}

/* As hra_scalar_round. */
static void round_decimal(const hra_call *call, const hra_block *block)
{
    hra_operand x = call->numbers[0];
    vec scale = v_set(call->parameter[0]), inverse = v_set(1 / call->parameter[0]);
    vec lift = v_set(1.0 + 0x1p-50), half = v_set(0.5);
    for (size_t i = 0, n = padded(block); i < n; i += LANES) {
        vec a = at(x, i), v = v_mul(v_abs(a), scale);
        vec lifted = v_blend(m_lt(v, v_set(0x1p45)), v, v_mul(v, lift));
        vec rounded = v_copysign(whole_ratio(v_floor(v_add(lifted, half)), scale, inverse), a);
        v_store(call->out + i, v_blend(m_lt(v, v_set(0x1p52)), a, rounded));
    }
}

/* x * y for the rows from i on; mostly a constant times a slot. */
static inline void products(hra_operand x, hra_operand y, size_t i, vec out[TOGETHER])
{
    const double *a = x.data + i * x.step, *b = y.data + i * y.step;
    if (x.step == 0 && y.step == 1) {
        vec factor = v_load(a);
        for (size_t k = 0; k < TOGETHER; k++) out[k] = v_mul(factor, v_load(b + k * LANES));
    } else {
        size_t a_next = x.step * LANES, b_next = y.step * LANES;
        for (size_t k = 0; k < TOGETHER; k++, a += a_next, b += b_next) out[k] = v_mul(v_load(a), v_load(b));
    }
}

/* Groups of rows whose sums stay in registers while the terms pass. */
static void dot(const hra_call *call, const hra_block *block)
{
    const hra_operand *first = call->numbers, *end = first + call->number_count;
    double *out = call->out;
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        vec sum[TOGETHER], term[TOGETHER];
        products(first[0], first[1], i, sum);
        for (const hra_operand *next = first + 2; next < end; next += 2) {
            products(next[0], next[1], i, term);
            for (size_t k = 0; k < TOGETHER; k++) sum[k] = v_add(sum[k], term[k]);
        }
        for (size_t k = 0; k < TOGETHER; k++) v_store(out + i + k * LANES, sum[k]);
    }
}

static void choice(const hra_call *call, const hra_block *block)
{
    vec code[4];
    for (int k = 0; k < 4; k++) {
        double bits;
        memcpy(&bits, &choice_codes[k], sizeof bits);
        code[k] = v_set(bits);
    }
    for (int w = 0; w < block->words; w++) {
        uint64_t first = hra_flag_truth(&call->flags[0], w), second = hra_flag_truth(&call->flags[1], w);
        for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES) {
            mask by_second = m_from_bits(second >> k);
            vec yes = v_blend(by_second, code[1], code[0]), no = v_blend(by_second, code[3], code[2]);
            v_store(call->out + (size_t)w * HRA_WORD_ROWS + k, v_blend(m_from_bits(first >> k), no, yes));
        }
    }
}

/* As dot; one sum takes eight registers of a processor that has 32 and four of one that has 16. */
static void dot_choice(const hra_call *call, const hra_block *block)
{
    enum { GROUP = LANES == 8 ? 8 : 4 };
    const hra_operand *operands = call->numbers;
    const hra_flags *known = call->flags;
    for (size_t i = 0, rows = padded(block); i < rows; i += GROUP * LANES) {
        vec code[GROUP], sum[GROUP];
        for (int k = 0; k < GROUP; k++) code[k] = v_load(operands[0].data + i + k * LANES);
        for (int k = 0; k < GROUP; k++) sum[k] = v_set(-0.0); /* changes nothing that is added to it */
        for (int t = 1; t < call->number_count; t += 2) {
            hra_operand factor = operands[t], x = operands[t + 1];
            const double *values = x.data + i * x.step;
            size_t next = x.step * LANES;
            if (factor.step == 0)
                for (int k = 0; k < GROUP; k++)
                    sum[k] = v_add(sum[k], v_mul(v_choose(factor.data, code[k]), v_load(values + k * next)));
            else
                for (int k = 0; k < GROUP; k++)
                    sum[k] = v_add(sum[k], v_mul(at(factor, i + (size_t)k * LANES), v_load(values + k * next)));
        }
        bool all_known = hra_flag_known(known, (int)(i / HRA_WORD_ROWS)) == UINT64_MAX;
        for (int k = 0; k < GROUP && !all_known; k++)
            sum[k] = v_blend(known_mask(known, i + (size_t)k * LANES), v_unknown(), sum[k]);
        for (int k = 0; k < GROUP; k++) v_store(call->out + i + k * LANES, sum[k]);
    }
}

/* floor(a / n) of whole numbers; the half keeps the product away from whole numbers by more than it is rounded. */
static inline vec whole_part(vec a, double n) { return v_floor(v_mul(v_add(a, v_set(0.5)), v_set(1 / n))); }

static inline vec less_times(vec a, vec b, double n) { return v_sub(a, v_mul(b, v_set(n))); }

/* A number that orders days as (year, month, day of the month) does and grows by 372 from a day to the same day of the
 * next year. Years begin in March here, so that a leap day is the last of its year. Whole numbers all through. */
static inline vec place_in_years(vec date)
{
    vec z = v_add(v_floor(date), v_set(719468)), era = whole_part(z, 146097);
    vec day = less_times(z, era, 146097);
    vec leap = v_sub(v_add(v_sub(day, whole_part(day, 1460)), whole_part(day, 36524)), whole_part(day, 146096));
    vec year = whole_part(leap, 365);
    vec day_of_year = v_add(v_sub(less_times(day, year, 365), whole_part(year, 4)), whole_part(year, 100));
    vec month = whole_part(v_add(v_mul(day_of_year, v_set(5)), v_set(2)), 153);
    vec before = whole_part(v_add(v_mul(month, v_set(153)), v_set(2)), 5);
    vec years = v_add(v_mul(era, v_set(400)), year);
    return v_add(v_add(v_mul(years, v_set(372)), v_mul(month, v_set(31))), v_sub(day_of_year, before));
}

/* As hra_scalar_years_between. */
static void years_between(const hra_call *call, const hra_block *block)
{
    hra_operand x = call->numbers[0], y = call->numbers[1];
    vec most = v_set(1e8);
    for (size_t i = 0, n = padded(block); i < n; i += LANES) {
        vec a = at(x, i), b = at(y, i);
        mask dates = m_and(m_le(v_abs(a), most), m_le(v_abs(b), most));
        vec years = whole_part(v_sub(place_in_years(b), place_in_years(a)), 372);
        v_store(call->out + i, v_blend(dates, v_unknown(), years));
    }
}

/* Groups of rows whose values stay in registers while the cuts pass. */
static void step_few(const hra_call *call, const hra_block *block)
{
    const hra_step *step = call->data;
    hra_operand x = call->numbers[0];
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        vec a[TOGETHER], value[TOGETHER];
        for (size_t k = 0; k < TOGETHER; k++) a[k] = at(x, i + k * LANES);
        for (size_t k = 0; k < TOGETHER; k++) value[k] = v_set(step->values[0]);
        for (int c = 0; c < step->cut_count; c++) {
            vec cut = v_set(step->cuts[c]), right = v_set(step->values[c + 1]);
            if (step->after[c])
                for (size_t k = 0; k < TOGETHER; k++) value[k] = v_blend(m_lt(cut, a[k]), value[k], right);
            else
                for (size_t k = 0; k < TOGETHER; k++) value[k] = v_blend(m_le(cut, a[k]), value[k], right);
        }
        for (size_t k = 0; k < TOGETHER; k++) v_store(call->out + i + k * LANES, unless_unknown(a[k], value[k]));
    }
}

/* Each level halves the cuts that are left; where a row has come to is counted in the last bits of 2^52 + the number of
 * its way. */
static void step_many(const hra_call *call, const hra_block *block)
{
    const hra_step_tree *tree = call->data;
    hra_operand x = call->numbers[0];
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        vec a[TOGETHER], way[TOGETHER];
        for (size_t k = 0; k < TOGETHER; k++) a[k] = at(x, i + k * LANES);
        for (size_t k = 0; k < TOGETHER; k++) way[k] = v_set(0x1p52);
        for (int level = 0; level < tree->levels; level++) {
            const double *cuts = tree->cuts + ((size_t)1 << level);
            vec right = v_set((double)(1 << level));
            for (size_t k = 0; k < TOGETHER; k++) {
                mask reached = m_le(v_pick(cuts, level, way[k]), a[k]);
                way[k] = v_add(way[k], v_blend(reached, v_set(0), right));
            }
        }
        for (size_t k = 0; k < TOGETHER; k++)
            v_store(call->out + i + k * LANES, unless_unknown(a[k], v_pick(tree->values, tree->levels, way[k])));
    }
}

static void gather(const hra_call *call, const hra_block *block)
{
    hra_operand x = call->numbers[0];
    vec zero = v_set(0), count = v_set((double)call->count);
    for (size_t i = 0, n = padded(block); i < n; i += LANES) {
        vec a = at(x, i);
        mask valid = m_and(m_and(m_le(zero, a), m_lt(a, count)), m_eq(a, v_floor(a)));
        vec value = v_gather(call->data, i_from(v_blend(valid, zero, a)));
        v_store(call->out + i, v_blend(valid, v_unknown(), value));
    }
}

/* ---- numbers and flags from codes ------------------------------------------ */

#define LOAD(name, codes_at_i)                                                                                         \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        vec first = v_set(call->parameter[0]), levels = v_set(call->parameter[2]);                                     \
        vec scale = v_set(call->parameter[1]), inverse = v_set(1 / call->parameter[1]);                                \
        bool whole = call->parameter[1] == 1;                                                                          \
        for (size_t i = 0, n = padded(block); i < n; i += LANES) {                                                     \
            vec code = v_from(codes_at_i), steps = v_add(code, first);                                                 \
            vec value = whole ? steps : whole_ratio(steps, scale, inverse);                                            \
            v_store(call->out + i, v_blend(m_lt(code, levels), v_unknown(), value));                                   \
        }                                                                                                              \
    }

LOAD(load16, i_load16(call->codes[0]->u16 + i))
LOAD(load32, i_load32(call->codes[0]->u32 + i))

static inline indices pair_at(const hra_call *call, size_t i)
{
    return i_mad(i_load16(call->codes[0]->u16 + i), (uint32_t)call->count, i_load16(call->codes[1]->u16 + i));
}

#define NUMBER_FROM_CODES(name, expression)                                                                            \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        for (size_t i = 0, n = padded(block); i < n; i += LANES) v_store(call->out + i, expression);                   \
    }

/* A table's 0, 1 or NaN as a flag. */
#define FLAG_FROM_CODES(name, expression)                                                                              \
    static void name(const hra_call *call, const hra_block *block)                                                     \
    {                                                                                                                  \
        for (int w = 0; w < block->words; w++) {                                                                       \
            uint64_t known = 0, truth = 0;                                                                             \
            for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES) {                                                      \
                size_t i = (size_t)w * HRA_WORD_ROWS + k;                                                              \
                vec value = expression;                                                                                \
                known |= (uint64_t)m_bits(m_ordered(value, value)) << k;                                               \
                truth |= (uint64_t)m_bits(m_eq(value, v_set(1))) << k;                                                 \
            }                                                                                                          \
            call->known_out[w] = known;                                                                                \
            call->truth_out[w] = truth;                                                                                \
        }                                                                                                              \
    }

NUMBER_FROM_CODES(table16, v_gather(call->data, i_load16(call->codes[0]->u16 + i)))
NUMBER_FROM_CODES(table32, v_gather(call->data, i_load32(call->codes[0]->u32 + i)))
NUMBER_FROM_CODES(table_pair, v_gather(call->data, pair_at(call, i)))
FLAG_FROM_CODES(table_flag16, v_gather(call->data, i_load16(call->codes[0]->u16 + i)))
FLAG_FROM_CODES(table_flag32, v_gather(call->data, i_load32(call->codes[0]->u32 + i)))
FLAG_FROM_CODES(table_flag_pair, v_gather(call->data, pair_at(call, i)))

static void flag16(const hra_call *call, const hra_block *block)
{
    for (int w = 0; w < block->words; w++) {
        const uint16_t *codes = call->codes[0]->u16 + (size_t)w * HRA_WORD_ROWS;
        call->known_out[w] = word_below(codes, 2);
        call->truth_out[w] = word_equal(codes, 1);
    }
}

static void known16(const hra_call *call, const hra_block *block)
{
    for (int w = 0; w < block->words; w++) {
        uint64_t known = word_below(call->codes[0]->u16 + (size_t)w * HRA_WORD_ROWS, (uint16_t)call->parameter[0]);
        call->truth_out[w] = known;
    }
}

static void known32(const hra_call *call, const hra_block *block)
{
    uint32_t levels = (uint32_t)call->parameter[0];
    for (int w = 0; w < block->words; w++) {
        const uint32_t *codes = call->codes[0]->u32 + (size_t)w * HRA_WORD_ROWS;
        uint64_t known = 0;
        for (int k = 0; k < HRA_WORD_ROWS; k++) known |= (uint64_t)(codes[k] < levels) << k;
        call->truth_out[w] = known;
    }
}

static inline uint64_t word_of_bits(const uint16_t *codes, const uint64_t *bits)
{
    uint64_t word = 0;
    for (int k = 0; k < HRA_WORD_ROWS; k++)
        word |= (bits[codes[k] / HRA_WORD_ROWS] >> (codes[k] % HRA_WORD_ROWS) & 1) << k;
    return word;
}

static void in_set16(const hra_call *call, const hra_block *block)
{
    const hra_code_set *set = call->data;
    for (int w = 0; w < block->words; w++) {
        const uint16_t *codes = call->codes[0]->u16 + (size_t)w * HRA_WORD_ROWS;
        uint64_t word = set->cut_count & 1 ? UINT64_MAX : 0;
        for (int k = 0; !set->bits && k < set->cut_count; k++) word ^= word_below(codes, set->cuts[k]);
        call->truth_out[w] = set->bits ? word_of_bits(codes, set->bits) : word;
    }
}

static uint32_t highest16(const uint16_t *codes, int n)
{
    uint16_t highest = 0;
    for (int i = 0; i < n; i++) highest = codes[i] > highest ? codes[i] : highest;
    return highest;
}

static uint32_t highest32(const uint32_t *codes, int n)
{
    uint32_t highest = 0;
    for (int i = 0; i < n; i++) highest = codes[i] > highest ? codes[i] : highest;
    return highest;
}

/* ---- flags from numbers ------------------------------------------------------ */

/* The words of a truth plane, LANES bits at a time. */
#define TRUTH(name, operands, expression)                                                                              \
    static inline void name##_by(const hra_call *call, const hra_block *block, size_t x_step, size_t y_step)           \
    {                                                                                                                  \
        const double *x = call->numbers[0].data, *y = call->numbers[operands - 1].data;                                \
        for (int w = 0; w < block->words; w++) {                                                                       \
            uint64_t truth = 0;                                                                                        \
            for (size_t k = 0; k < HRA_WORD_ROWS; k += LANES) {                                                        \
                size_t i = (size_t)w * HRA_WORD_ROWS + k;                                                              \
                vec a = v_load(x + i * x_step), b = v_load(y + i * y_step);                                            \
                truth |= (uint64_t)m_bits(expression) << k;                                                            \
            }                                                                                                          \
            call->truth_out[w] = truth;                                                                                \
        }                                                                                                              \
    }

TRUTH(less, 2, m_lt(a, b))
TRUTH(less_or_equal, 2, m_le(a, b))
TRUTH(equal, 2, m_eq(a, b))
TRUTH(known_number, 1, m_ordered(a, b))
BY_STEPS(less)
BY_STEPS(less_or_equal)
BY_STEPS(equal)
static void known_number(const hra_call *call, const hra_block *block)
{
    size_t step = call->numbers[0].step;
    known_number_by(call, block, step, step);
}

/* ---- flags from flags ------------------------------------------------------------- */

/* As much of a plane as a register holds; no function takes one by value. */
typedef uint64_t plane_part __attribute__((vector_size(LANES * sizeof(uint64_t)), may_alias));

static inline const plane_part *part_of(const char *planes, uint32_t input)
{
    return (const plane_part *)(planes + (input & ~UINT32_C(1)));
}

static void gates(const hra_call *call, const hra_block *block)
{
    const hra_gate *first = call->data, *end = first + call->count;
    int groups = (block->words + HRA_PLANE_WORDS - 1) / HRA_PLANE_WORDS;
    char *planes = (char *)call->truth_out;
    for (int g = 0; g < groups; g++, planes += HRA_PLANE_WORDS * sizeof(uint64_t))
        for (const hra_gate *gate = first; gate < end; gate++) {
            const plane_part *a = part_of(planes, gate->a), *b = part_of(planes, gate->b);
            plane_part *out = (plane_part *)(planes + gate->out);
            uint64_t flip_a = -(uint64_t)(gate->a & 1), flip_b = -(uint64_t)(gate->b & 1);
            for (int k = 0; k < HRA_PLANE_WORDS / LANES; k++) out[k] = (a[k] ^ flip_a) & (b[k] ^ flip_b);
        }
}

/* ---- counting: one binary counter per row, its digits as bit planes -------------- */

enum { DIGITS = 31 };

static inline int add_bit(uint64_t *digits, int used, uint64_t bit)
{
    for (int d = 0; bit; d++) {
        if (d == used) digits[used++] = 0;
        uint64_t carry = digits[d] & bit;
        digits[d] ^= bit;
        bit = carry;
    }
    return used;
}

/* Rows whose counter reaches t. */
static inline uint64_t reached(const uint64_t *digits, int used, uint32_t t)
{
    if (used < 32 && t >> used) return 0;
    uint64_t enough = UINT64_MAX;
    for (int d = 0; d < used; d++) enough = t >> d & 1 ? digits[d] & enough : digits[d] | enough;
    return enough;
}

static void count_flags(const hra_call *call, const hra_block *block)
{
    for (int w = 0; w < block->words; w++) {
        uint64_t digits[DIGITS], known = UINT64_MAX;
        int used = 0;
        for (int f = 0; f < call->flag_count; f++) {
            known &= hra_flag_known(&call->flags[f], w);
            used = add_bit(digits, used, hra_flag_truth(&call->flags[f], w));
        }
        for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES) {
            vec sum = v_set(0);
            for (int d = 0; d < used; d++)
                sum = v_add(sum, v_blend(m_from_bits(digits[d] >> k), v_set(0), v_set((double)(1u << d))));
            v_store(call->out + (size_t)w * HRA_WORD_ROWS + k, v_blend(m_from_bits(known >> k), v_unknown(), sum));
        }
    }
}

static void count_at_least(const hra_call *call, const hra_block *block)
{
    double threshold = ceil(call->parameter[0]);
    uint32_t t = threshold > 0 ? threshold < 0x1p31 ? (uint32_t)threshold : UINT32_MAX : 0;
    for (int w = 0; w < block->words; w++) {
        uint64_t sure[DIGITS], possible[DIGITS];
        int sure_used = 0, possible_used = 0;
        for (int f = 0; f < call->flag_count; f++) {
            uint64_t truth = hra_flag_truth(&call->flags[f], w);
            sure_used = add_bit(sure, sure_used, truth);
            possible_used = add_bit(possible, possible_used, truth | ~hra_flag_known(&call->flags[f], w));
        }
        uint64_t truth = reached(sure, sure_used, t);
        call->truth_out[w] = truth;
        call->known_out[w] = truth | ~reached(possible, possible_used, t);
    }
}

/* ---- between flags and numbers ---------------------------------------------------- */

static inline vec truth_as_number(uint64_t truth) { return v_blend(m_from_bits(truth), v_set(0), v_set(1)); }

static void from_flag(const hra_call *call, const hra_block *block)
{
    const hra_flags *f = call->flags;
    for (int w = 0; w < block->words; w++) {
        uint64_t known = hra_flag_known(f, w), truth = hra_flag_truth(f, w);
        double *out = call->out + (size_t)w * HRA_WORD_ROWS;
        for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES) v_store(out + k, truth_as_number(truth >> k));
        if (known == UINT64_MAX) continue;
        for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES)
            v_store(out + k, v_blend(m_from_bits(known >> k), v_unknown(), v_load(out + k)));
    }
}

static inline void select_number_by(const hra_call *call, const hra_block *block, size_t x_step, size_t y_step)
{
    const hra_flags f = *call->flags;
    const double *yes = call->numbers[0].data, *no = call->numbers[1].data;
    double *out = call->out;
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        int w = (int)(i / HRA_WORD_ROWS);
        uint64_t truth = hra_flag_truth(&f, w) >> i % HRA_WORD_ROWS, known = hra_flag_known(&f, w);
        vec value[TOGETHER];
        for (size_t k = 0; k < TOGETHER; k++) {
            size_t row = i + k * LANES;
            value[k] = v_blend(m_from_bits(truth >> k * LANES), v_load(no + row * y_step), v_load(yes + row * x_step));
        }
        if (known != UINT64_MAX) {
            known >>= i % HRA_WORD_ROWS;
            for (size_t k = 0; k < TOGETHER; k++)
                value[k] = v_blend(m_from_bits(known >> k * LANES), v_unknown(), value[k]);
        }
        for (size_t k = 0; k < TOGETHER; k++) v_store(out + i + k * LANES, value[k]);
    }
}

BY_STEPS(select_number)

/* SELECT after SELECT; the values of some rows stay in registers while the choices pass. */
static void choose(const hra_call *call, const hra_block *block)
{
    for (size_t i = 0, n = padded(block); i < n; i += TOGETHER * LANES) {
        int w = (int)(i / HRA_WORD_ROWS);
        vec value[TOGETHER];
        for (size_t k = 0; k < TOGETHER; k++) value[k] = at(call->numbers[0], i + k * LANES);
        for (int f = 0; f < call->flag_count; f++) {
            uint64_t truth = hra_flag_truth(&call->flags[f], w), known = hra_flag_known(&call->flags[f], w);
            hra_operand yes = call->numbers[f + 1];
            const double *from = yes.data + i * yes.step;
            size_t next = yes.step * LANES;
            truth >>= i % HRA_WORD_ROWS;
            if (truth)
                for (size_t k = 0; k < TOGETHER; k++, from += next)
                    value[k] = v_blend(m_from_bits(truth >> k * LANES), value[k], v_load(from));
            if (known == UINT64_MAX) continue;
            known >>= i % HRA_WORD_ROWS;
            for (size_t k = 0; k < TOGETHER; k++)
                value[k] = v_blend(m_from_bits(known >> k * LANES), v_unknown(), value[k]);
        }
        for (size_t k = 0; k < TOGETHER; k++) v_store(call->out + i + k * LANES, value[k]);
    }
}

/* ---- results ------------------------------------------------------------------------ */

/* Nothing beyond the rows is written. */
static void store_number(const hra_call *call, const hra_block *block)
{
    hra_operand x = call->numbers[0];
    for (int w = 0; w * HRA_WORD_ROWS < block->rows; w++) {
        size_t start = (size_t)w * HRA_WORD_ROWS;
        double last[HRA_WORD_ROWS], *values = call->target->numbers + start;
        int left = block->rows - w * HRA_WORD_ROWS;
        double *to = left < HRA_WORD_ROWS ? last : values;
        uint64_t known = 0;
        for (unsigned k = 0; k < HRA_WORD_ROWS; k += LANES) {
            vec a = at(x, start + k);
            mask ordered = m_ordered(a, a);
            known |= (uint64_t)m_bits(ordered) << k;
            v_store(to + k, v_blend(ordered, v_unknown(), a));
        }
        if (to == last) memcpy(values, last, (size_t)left * sizeof *last);
        if (call->truth_out) call->truth_out[w] = known;
    }
}

/* An unknown level is all ones. */
static void store_level(const hra_call *call, const hra_block *block)
{
    uint16_t *levels = call->target->levels, last[LANES];
    size_t i = 0, rows = (size_t)block->rows;
    vec unknown = v_set(HRA_ORDINAL_UNKNOWN);
    for (; i < rows; i += LANES) {
        vec level = at(call->numbers[0], i);
        indices whole = i_from(v_blend(m_ordered(level, level), unknown, level));
        i_store16(i + LANES <= rows ? levels + i : last, whole);
    }
    if (i > rows) memcpy(levels + i - LANES, last, (rows + LANES - i) * sizeof *last);
}

/* Bits of the rows of a word that are there. */
static inline uint64_t rows_of_word(const hra_block *block, int w)
{
    int left = block->rows - w * HRA_WORD_ROWS;
    if (left <= 0) return 0;
    return left >= HRA_WORD_ROWS ? UINT64_MAX : (UINT64_C(1) << left) - 1;
}

static void store_planes(const hra_call *call, const hra_block *block)
{
    const hra_plane_store *first = call->data, *end = first + call->count;
    const char *planes = (const char *)call->truth_out;
    int whole = block->rows / HRA_WORD_ROWS;
    for (const hra_plane_store *store = first; store < end; store++) {
        const plane_part *from = part_of(planes, store->from);
        uint64_t flip = -(uint64_t)(store->from & 1), *to = *store->to;
        int w = 0;
        for (; w + LANES <= whole; w += LANES) {
            plane_part part = *from++ ^ flip;
            memcpy(to + w, &part, sizeof part);
        }
        for (const uint64_t *word = (const uint64_t *)from; w < block->words; w++)
            to[w] = (*word++ ^ flip) & rows_of_word(block, w);
    }
}

static void store_status(const hra_call *call, const hra_block *block)
{
    const hra_flags *flags = call->flags;
    for (int w = 0; w * HRA_WORD_ROWS < block->rows; w++) {
        hra_status_batch facts = {.known = hra_flag_truth(&flags[HRA_STATUS_KNOWN], w),
                                  .outside = hra_flag_truth(&flags[HRA_STATUS_OUTSIDE], w),
                                  .excluded = hra_flag_truth(&flags[HRA_STATUS_EXCLUDED], w),
                                  .exclusion_unknown = ~hra_flag_known(&flags[HRA_STATUS_EXCLUDED], w),
                                  .substituted = hra_flag_truth(&flags[HRA_STATUS_SUBSTITUTE_USED], w),
                                  .clamped = hra_flag_truth(&flags[HRA_STATUS_WAS_CLAMPED], w),
                                  .missing = hra_flag_truth(&flags[HRA_STATUS_INPUT_MISSING], w),
                                  .provisional = hra_flag_truth(&flags[HRA_STATUS_IS_PROVISIONAL], w)};
        uint64_t planes[HRA_STATUS_BITS], any = 0;
        hra_status_planes(&facts, planes);
        for (int k = 0; k < HRA_STATUS_BITS; k++) any |= planes[k];
        int left = block->rows - w * HRA_WORD_ROWS;
        uint8_t last[HRA_WORD_ROWS], *status = call->target->status + (size_t)w * HRA_WORD_ROWS;
        uint8_t *to = left < HRA_WORD_ROWS ? last : status;
        if (any)
            bytes_of_planes(to, planes);
        else
            memset(to, 0, HRA_WORD_ROWS);
        if (to == last) memcpy(status, last, (size_t)left);
    }
}

const hra_kernels HRA_KERNELS_NAME = {
#define HRA_KERNEL_ENTRY(name, function) [HRA_KERNEL_##name] = function,
    .run = {HRA_KERNELS(HRA_KERNEL_ENTRY)},
#undef HRA_KERNEL_ENTRY
    .highest16 = highest16,
    .highest32 = highest32,
};
