/* exp, written once over the vocabulary of the including file: v_set, v_sub,
 * v_fma, v_bounded and v_scale. The same operations in the same order for every
 * processor and for the judge, so the same bits.
 *
 *     exp(x) = 2^n * exp(r),  n the whole number nearest to x / ln 2
 *
 * r = x - n * ln 2 in two steps: the first part of ln 2 has so few bits that its
 * product with n is exact and so is the difference; only the second step
 * rounds. The polynomial has degree 11, the two first coefficients exactly 1 and
 * the others such that its largest relative error on |r| <= ln 2 / 2 is small:
 * 2^-56.3 as they are rounded. In units in the last place that is 0.07, the rounding of
 * r 0.18 and those of the last three steps 0.03 + 0.17 + 0.5 at most: the result is
 * within 0.96 of the true value, within 1 where it is subnormal
 * (test_exponential compares it with MPFR; of 150 million values the worst is
 * 0.93).
 *
 * Overflow gives infinity and underflow rounds once, into the subnormals or to 0; unknown stays unknown. */

/* exp(r); n comes back, too. */
static inline vec exp_reduced(vec x, vec *whole)
{
    const double to_whole = 0x1.8p52; /* added and taken away, it leaves a whole number */
    vec n = v_sub(v_fma(x, v_set(0x1.71547652b82fep+0), v_set(to_whole)), v_set(to_whole));
    vec r = v_fma(n, v_set(-0x1.62e42fefa3800p-1), x);
    r = v_bounded(v_fma(n, v_set(-0x1.ef35793c76730p-45), r));
    vec p = v_fma(v_set(0x1.ad7c6e8d005ebp-26), r, v_set(0x1.28ad5f5b4187bp-22));
    p = v_fma(p, r, v_set(0x1.71df26eda64e4p-19));
    p = v_fma(p, r, v_set(0x1.a0199a20c4562p-16));
    p = v_fma(p, r, v_set(0x1.a01a0129c0d9cp-13));
    p = v_fma(p, r, v_set(0x1.6c16c18422d2dp-10));
    p = v_fma(p, r, v_set(0x1.1111111127d40p-7));
    p = v_fma(p, r, v_set(0x1.555555555089cp-5));
    p = v_fma(p, r, v_set(0x1.55555555554fap-3));
    p = v_fma(p, r, v_set(0x1.000000000000ap-1));
    p = v_fma(p, r, v_set(1));
    *whole = n;
    return v_fma(p, r, v_set(1));
}

static inline vec exp_of(vec x)
{
    vec n, p = exp_reduced(x, &n);
    return v_scale(p, n);
}
