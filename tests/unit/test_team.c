/* The same work by several threads at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/team.h"

enum { MOST = 9 };

static void count(void *context, int thread) { ((_Atomic int *)context)[thread]++; }

static void test_every_call_is_made_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= MOST; threads++) {
        _Atomic int calls[MOST + 1] = {0};
        hra_team_run(threads, count, (void *)calls);
        for (int t = 0; t <= MOST; t++) assert_int_equal(calls[t], t < threads);
    }
}

/* So little room that no stack of another thread fits. */
static void test_without_threads_the_caller_does_it(void **state)
{
    (void)state;
    struct rlimit before, none;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    none = before;
    none.rlim_cur = 1 << 20;
    _Atomic int calls[MOST + 1] = {0};
    assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
    hra_team_run(MOST, count, (void *)calls);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    for (int t = 0; t <= MOST; t++) assert_int_equal(calls[t], t < MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_threads_the_caller_does_it), /* before stacks of ended threads are kept */
        cmocka_unit_test(test_every_call_is_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
