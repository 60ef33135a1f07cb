/* Tail probabilities against R 4.2: 2 * pnorm(-z) and pchisq(x, degrees, lower.tail = FALSE). */
#include "evaluate_fixture.h"

#include "evaluate/tail_probability.h"

static void normal(void **state)
{
    static const struct {
        double z, p;
    } r[] = {{0, 1},
             {0.5, 0.6170750774519739},
             {1, 0.3173105078629141},
             {1.959963984540054, 0.05000000000000002},
             {3, 0.002699796063260189},
             {6, 1.973175290075396e-09},
             {12, 3.552964224155358e-33},
             {37, 1.145114244504915e-299}};
    for (size_t i = 0; i < sizeof r / sizeof *r; i++) {
        double p = hra_p_of_z(r[i].z);
        if (fabs(p - r[i].p) > 1e-13 * r[i].p) fail_msg("z %g: %.17g, expected %.17g", r[i].z, p, r[i].p);
        assert_true(hra_p_of_z(-r[i].z) == p);
    }
}

static void chi_square(void **state)
{
    static const struct {
        double x, degrees, p;
    } r[] = {{0, 3, 1},
             {3.841458820694124, 1, 0.04999999999999998},
             {0.0158, 1, 0.8999709447871138},
             {1e-10, 1, 0.9999920211543921},
             {15.50731305586545, 8, 0.05000000000000005},
             {22.3759254396874, 8, 0.004265059791862657},
             {22.3759254396874, 10, 0.01329993852003437},
             {2, 2, 0.3678794411714423},
             {50, 2, 1.388794386496402e-11},
             {9, 10, 0.5321035763747156},
             {11, 10, 0.3575180024279255},
             {12, 10, 0.2850565003166312},
             {12.1, 10, 0.2784196375227773},
             {300, 8, 4.117794754095029e-60},
             {1300, 9, 3.093716120468291e-274},
             {0.5, 9, 0.9999695662588388},
             {0.001, 10, 1},
             {110, 100, 0.2322047805008562},
             {1000, 1000, 0.4940528538292397},
             {20000, 10, 0}};
    for (size_t i = 0; i < sizeof r / sizeof *r; i++) {
        double p = hra_p_of_chi_square(r[i].x, r[i].degrees);
        if (fabs(p - r[i].p) > 2e-13 * r[i].p)
            fail_msg("%g with %g degrees: %.17g, expected %.17g", r[i].x, r[i].degrees, p, r[i].p);
    }
    assert_true(isnan(hra_p_of_chi_square(NAN, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(normal), cmocka_unit_test(chi_square)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
