#include "io/hdf5/hdf5_first_look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/plain_text.h"
#include "io/hdf5/hdf5_walk.h"

/* HDF5 needs milliseconds for a step, and for the largest chunk that it can read some seconds. */
enum { SECONDS_PER_STEP = 5, REMEMBERED = 64, OBJECT_NAME = 200 };
#define MOST_MEMORY ((rlim_t)2 << 30) /* more than the process has */

/* Read are at most so many times the bytes of the file: what is packed tighter is looked at only in part. */
enum { UNPACKED = 64, ALWAYS = 64 << 20 };

/* ---- what is known ---- */

typedef struct looked_at {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
    bool damaged;
    char object[OBJECT_NAME];
} looked_at;

static looked_at known[REMEMBERED]; /* under the lock; the oldest gives way */
static unsigned known_count;        /* so far */

static bool is_same(const looked_at *l, const struct stat *facts)
{
    return l->inode == facts->st_ino && l->device == facts->st_dev && l->size == facts->st_size &&
           l->changed.tv_sec == facts->st_mtim.tv_sec && l->changed.tv_nsec == facts->st_mtim.tv_nsec;
}

static const looked_at *find(const struct stat *facts)
{
    for (unsigned i = 0; i < known_count && i < REMEMBERED; i++)
        if (is_same(&known[i], facts)) return &known[i];
    return NULL;
}

static const looked_at *remember(const struct stat *facts, bool damaged, const char *object)
{
    looked_at *l = &known[known_count++ % REMEMBERED];
    *l = (looked_at){facts->st_dev, facts->st_ino, facts->st_size, facts->st_mtim, damaged, ""};
    snprintf(l->object, sizeof l->object, "%.*s", OBJECT_NAME - 1, object);
    hra_plain_text(l->object);
    return l;
}

/* ---- the child ---- */

/* A step that is not followed by another one in time is the last. Time of the processor: a slow disk is no damage. */
static void take_step(void *object, const char *name)
{
    const struct itimerval limit = {.it_value = {.tv_sec = SECONDS_PER_STEP}};
    setitimer(ITIMER_PROF, &limit, NULL);
    snprintf(object, OBJECT_NAME, "%s", name);
}

/* Signals kill as if nobody had asked for them. */
static void forget_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit_memory(void)
{
    char text[64] = "";
    unsigned long long pages;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0 || sscanf(text, "%llu", &pages) != 1) return;
    struct rlimit limit;
    rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + MOST_MEMORY;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur < most) return;
    limit.rlim_cur = most;
    setrlimit(RLIMIT_AS, &limit);
}

/* No image of the memory of a process that holds data of people; what the C library says of a crash is for nobody. */
static void be_quiet(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0) return;
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
}

static _Noreturn void look(const char *path, off_t size, char *object)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    forget_signals();
    limit_memory();
    be_quiet();
    bool sound = hra_h5_walk(path, (uint64_t)size * UNPACKED + ALWAYS, take_step, object);
    _exit(sound ? 0 : 1);
}

/* ---- the parent ---- */

/* False: nothing was found out. Somebody who stops the run stops the child, too. */
static bool wait_for(pid_t child, bool *damaged)
{
    int status;
    pid_t ended;
    do ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended != child) return false;
    *damaged = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return by != SIGINT && by != SIGTERM && by != SIGHUP;
}

/* NULL: nothing was found out. */
static const looked_at *look_in_child(const char *path, const struct stat *facts)
{
    const looked_at *found = NULL;
    bool damaged = false;
    char *object = mmap(NULL, OBJECT_NAME, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (object == MAP_FAILED) return NULL;
    pid_t child = fork();
    if (child == 0) look(path, facts->st_size, object);
    object[OBJECT_NAME - 1] = '\0';
    if (child > 0 && wait_for(child, &damaged)) found = remember(facts, damaged, object);
    munmap(object, OBJECT_NAME);
    return found;
}

hra_code hra_h5_first_look(const char *path, hra_error *error)
{
    struct stat facts;
    if (stat(path, &facts) != 0) return HRA_OK;
    const looked_at *l = find(&facts);
    if (!l) l = look_in_child(path, &facts);
    if (!l || !l->damaged) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s is damaged (or made by a newer HDF5 than this program knows): reading stops at '%s' in it; "
                    "have it sent again, or take it from a copy",
                    path, l->object);
}
