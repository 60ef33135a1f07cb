/* The same work by several threads at once. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#endif

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

#ifdef CPU_SETSIZE
typedef struct allowed {
    cpu_set_t wanted;
    _Atomic int like_caller;
} allowed;

static void compare_processors(void *context, int thread)
{
    (void)thread;
    allowed *a = context;
    cpu_set_t own;
    a->like_caller += sched_getaffinity(0, sizeof own, &own) == 0 && CPU_EQUAL(&own, &a->wanted);
}

/* A team in a team: what a thread is given for its beginning must not be what its own threads inherit. */
static void compare_two_deep(void *context, int thread)
{
    (void)thread;
    hra_team_run(MOST, compare_processors, context);
}

static void test_threads_may_use_the_processors_of_the_caller(void **state)
{
    (void)state;
    cpu_set_t all, one;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    allowed a = {.wanted = all};
    hra_team_run(MOST, compare_two_deep, &a);
    assert_int_equal(a.like_caller, MOST * MOST);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    allowed narrow = {.wanted = one};
    hra_team_run(MOST, compare_two_deep, &narrow);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
    assert_int_equal(narrow.like_caller, MOST * MOST);
}
#endif

#ifdef __linux__
enum { NO_FILTER = 77 };

/* As services are often run: this process may not say on which processors it runs any more. */
static bool forbid_choice(void)
{
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_setaffinity, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof lines / sizeof *lines, lines};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void test_threads_begin_where_no_processor_may_be_chosen(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!forbid_choice()) _exit(NO_FILTER);
        caller = pthread_self();
        _Atomic int calls[MOST + 1] = {0};
        hra_team_run(MOST, count_own, (void *)calls);
        int own = 0;
        for (int t = 0; t < MOST; t++) own += calls[t];
        _exit(own);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_FILTER) skip(); /* an emulator, or a filter that forbids filters */
    assert_int_equal(WEXITSTATUS(status), 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_threads_the_caller_does_it),
        cmocka_unit_test(test_every_call_is_made_once),
#ifdef CPU_SETSIZE
        cmocka_unit_test(test_threads_may_use_the_processors_of_the_caller),
#endif
#ifdef __linux__
        cmocka_unit_test(test_threads_begin_where_no_processor_may_be_chosen),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
