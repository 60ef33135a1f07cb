#include "base/thread_start.h"

#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#ifdef CPU_SETSIZE

/* The `place`-th processor of `all` after `here`, in a circle. */
static int processor_after(const cpu_set_t *all, int here, int place)
{
    int processor = here;
    for (int left = place % CPU_COUNT(all); left > 0;) {
        processor = (processor + 1) % CPU_SETSIZE;
        left -= CPU_ISSET(processor, all) != 0;
    }
    return processor;
}

typedef struct beginning {
    cpu_set_t all;
    void *(*run)(void *argument);
    void *argument;
} beginning;

/* First of all it gets back what the others may use, so that threads of its own inherit that. */
static void *begin(void *argument)
{
    beginning own = *(beginning *)argument;
    free(argument);
    sched_setaffinity(0, sizeof own.all, &own.all);
    return own.run(own.argument);
}

/* One processor for the beginning. False: there is nothing to choose, or nothing known. */
static bool choose_processor(int place, cpu_set_t *all, pthread_attr_t *attributes)
{
    int here = sched_getcpu();
    if (here < 0 || sched_getaffinity(0, sizeof *all, all) != 0 || !CPU_ISSET(here, all)) return false;
    int processor = processor_after(all, here, place);
    if (processor == here || pthread_attr_init(attributes) != 0) return false;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    if (pthread_attr_setaffinity_np(attributes, sizeof one, &one) == 0) return true;
    pthread_attr_destroy(attributes);
    return false;
}

int hra_thread_start(pthread_t *thread, int place, void *(*run)(void *argument), void *argument)
{
    beginning *own = malloc(sizeof *own);
    pthread_attr_t attributes;
    bool started = false;
    if (own && choose_processor(place, &own->all, &attributes)) {
        own->run = run;
        own->argument = argument;
        started = pthread_create(thread, &attributes, begin, own) == 0;
        pthread_attr_destroy(&attributes);
    }
    if (started) return 0;
    free(own);
    return pthread_create(thread, NULL, run, argument); /* the processor has just gone, or none may be chosen */
}

#else

int hra_thread_start(pthread_t *thread, int place, void *(*run)(void *argument), void *argument)
{
    (void)place;
    return pthread_create(thread, NULL, run, argument);
}

#endif
