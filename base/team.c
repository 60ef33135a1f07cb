#include "base/team.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/thread_start.h"

typedef struct member {
    pthread_t id;
    bool started;
    int thread;
    hra_team_work *work;
    void *context;
} member;

static void *begin(void *argument)
{
    member *m = argument;
    m->work(m->context, m->thread);
    return NULL;
}

void hra_team_run(int threads, hra_team_work *work, void *context)
{
    member *members = threads > 1 ? calloc((size_t)threads, sizeof *members) : NULL;
    for (int t = 1; t < threads && members; t++) {
        members[t] = (member){.thread = t, .work = work, .context = context};
        members[t].started = hra_thread_start(&members[t].id, t, begin, &members[t]) == 0;
    }
    work(context, 0);
    for (int t = 1; t < threads; t++) {
        if (members && members[t].started)
            pthread_join(members[t].id, NULL);
        else
            work(context, t);
    }
    free(members);
}
