/* A thread that begins on a processor of its own.
 *
 * The system may put a new thread behind the one that makes it and notice only after milliseconds that another
 * processor has nothing to do: a run of a tenth of a second loses a fortieth of its time so. Only where it begins is
 * said; from then on the system moves it as it likes. */
#ifndef HRA_BASE_THREAD_START_H
#define HRA_BASE_THREAD_START_H

#include <pthread.h>

/* pthread_create, on the `place`-th of the caller's processors after the one that it is on. */
int hra_thread_start(pthread_t *thread, int place, void *(*run)(void *argument), void *argument);

#endif
