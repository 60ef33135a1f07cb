/* The same work by several threads at once. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/team.h"

enum { MOST = 9 };

static void count(void *context, int thread) { ((_Atomic int *)context)[thread]++; }

static pthread_t caller;

/* Counts what the caller does itself. */
static void count_own(void *context, int thread)
{
    if (pthread_equal(pthread_self(), caller)) count(context, thread);
}

static void test_every_call_is_made_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= MOST; threads++) {
        _Atomic int calls[MOST + 1] = {0};
        hra_team_run(threads, count, (void *)calls);
        for (int t = 0; t <= MOST; t++) assert_int_equal(calls[t], t < threads);
    }
}

/* Stacks so large that there is room for none. */
static void test_without_threads_the_caller_does_it(void **state)
{
    (void)state;
    pthread_attr_t before, huge;
    caller = pthread_self();
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_attr_init(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 48), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    _Atomic int calls[MOST + 1] = {0};
    hra_team_run(MOST, count_own, (void *)calls);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    for (int t = 0; t <= MOST; t++) assert_int_equal(calls[t], t < MOST);
    pthread_attr_destroy(&before);
    pthread_attr_destroy(&huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_threads_the_caller_does_it),
        cmocka_unit_test(test_every_call_is_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
