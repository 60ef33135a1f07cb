/* Symmetric matrices of two rows, for regressions on one number. */
#ifndef HRA_EVALUATE_TWO_BY_TWO_H
#define HRA_EVALUATE_TWO_BY_TWO_H

typedef struct hra_two_by_two {
    double aa, ab, bb;
} hra_two_by_two;

static inline hra_two_by_two hra_inverse(const hra_two_by_two *m)
{
    double determinant = m->aa * m->bb - m->ab * m->ab;
    return (hra_two_by_two){m->bb / determinant, -m->ab / determinant, m->aa / determinant};
}

/* v s v */
static inline hra_two_by_two hra_sandwich(const hra_two_by_two *v, const hra_two_by_two *s)
{
    double a = v->aa * s->aa + v->ab * s->ab, b = v->aa * s->ab + v->ab * s->bb;
    double c = v->ab * s->aa + v->bb * s->ab, d = v->ab * s->ab + v->bb * s->bb;
    return (hra_two_by_two){a * v->aa + b * v->ab, a * v->ab + b * v->bb, c * v->ab + d * v->bb};
}

#endif
