/* One piece of work by several threads at once.
 *
 * OpenMP's threads meet before they begin and spin after they have ended. Here each begins as soon as it can, the
 * caller at once, and is gone when its part is done: in a run of a tenth of a second that shows. */
#ifndef HRA_BASE_TEAM_H
#define HRA_BASE_TEAM_H

typedef void hra_team_work(void *context, int thread);

/* Calls work(context, t) for every t below `threads`, side by side, and returns when all calls have; the caller makes
 * that of 0. Calls must not wait for each other to begin: where the system gives no more threads, the caller makes
 * those that are left, one after another. */
void hra_team_run(int threads, hra_team_work *work, void *context);

#endif
