/* Runs a command and says what it cost, as a line of JSON in a file: seconds
 * by the wall clock and on the processors, the peak of its memory, and the bytes
 * it read from files and wrote to them (-1 where the system does not tell).
 *
 *     bench_clock FILE COMMAND [ARGUMENTS]
 *
 * Ends with the command's own exit status. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/stopwatch.h"

static double seconds(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

typedef struct cost {
    double wall;
    long long bytes_read, bytes_written;
    struct rusage used;
} cost;

/* The child has ended but is not yet reaped: its account can still be read. */
static void count_bytes(pid_t child, cost *c)
{
    char path[64], key[32];
    long long value;
    c->bytes_read = c->bytes_written = -1;
    snprintf(path, sizeof path, "/proc/%d/io", (int)child);
    FILE *file = fopen(path, "r");
    while (file && fscanf(file, "%31[^:]: %lld\n", key, &value) == 2) {
        if (strcmp(key, "rchar") == 0) c->bytes_read = value;
        if (strcmp(key, "wchar") == 0) c->bytes_written = value;
    }
    if (file) fclose(file);
}

static int tell(const char *path, const cost *c)
{
    FILE *file = fopen(path, "w");
    int written = file ? fprintf(file,
                                 "{\"seconds\":%.6f,\"processor_seconds\":%.6f,\"peak_kib\":%ld,\"bytes_read\":%lld,"
                                 "\"bytes_written\":%lld}\n",
                                 c->wall, seconds(c->used.ru_utime) + seconds(c->used.ru_stime), c->used.ru_maxrss,
                                 c->bytes_read, c->bytes_written)
                       : -1;
    if (file && fclose(file) != 0) written = -1;
    if (written < 0) fprintf(stderr, "bench_clock: cannot write %s\n", path);
    return written < 0 ? 3 : 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_clock FILE COMMAND [ARGUMENTS]\n");
        return 2;
    }
    double start = hra_seconds();
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    cost c;
    siginfo_t ended;
    int waited = child < 0 ? -1 : waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT);
    c.wall = hra_seconds() - start;
    if (waited == 0) count_bytes(child, &c);
    if (waited != 0 || wait4(child, &status, 0, &c.used) < 0) {
        perror("bench_clock");
        return 3;
    }
    int told = tell(argv[1], &c);
    return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : WIFSIGNALED(status) ? 128 : told;
}
