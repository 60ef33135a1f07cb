/* Runs a command and says what it cost, as a line of JSON in a file: seconds
 * by the wall clock and on the processors, and the peak of its memory.
 *
 *     bench_clock FILE COMMAND [ARGUMENTS]
 *
 * Ends with the command's own exit status. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

static int tell(const char *path, double wall, const struct rusage *used)
{
    FILE *file = fopen(path, "w");
    int written = file ? fprintf(file, "{\"seconds\":%.6f,\"processor_seconds\":%.6f,\"peak_kib\":%ld}\n", wall,
                                 seconds(used->ru_utime) + seconds(used->ru_stime), used->ru_maxrss)
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
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) < 0) {
        perror("bench_clock");
        return 3;
    }
    int told = tell(argv[1], now() - start, &used);
    return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : WIFSIGNALED(status) ? 128 : told;
}
