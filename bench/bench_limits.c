/* What this machine can do at best: memory, the page cache, inflate. The other
 * benchmarks of the same run are held against these.
 *
 *     bench_limits FOLDER FILE.gz
 *
 * FOLDER takes a scratch file of 256 MiB; FILE.gz is inflated. One line of JSON
 * for each measure: the best and the median of several rounds. */
#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stopwatch.h"

enum { ROUNDS = 9, PIECE = 1 << 20, STREAM = 256 << 10 };
static const size_t SIZE = (size_t)256 << 20; /* no cache but the largest holds it */

typedef struct ground { /* what the measures work on */
    char *from, *to;
    int file;
    unsigned char *packed, *text; /* FILE.gz, and room for what it holds */
    size_t packed_size, text_size;
    volatile uint64_t sink; /* so that no result is unused */
} ground;

/* One round of something on THREADS threads; the bytes it moved, 0 when it failed. */
typedef size_t work(ground *g, int threads);

/* ---- the measures -------------------------------------------------------------------- */

static size_t read_memory(ground *g, int threads)
{
    const uint64_t *words = (const uint64_t *)(const void *)g->from;
    size_t count = SIZE / sizeof *words;
    uint64_t sum = 0;
#pragma omp parallel for simd num_threads(threads) reduction(+ : sum) schedule(static)
    for (size_t i = 0; i < count; i++) sum += words[i];
    g->sink += sum;
    return SIZE;
}

static size_t copy_memory(ground *g, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t at = 0; at < SIZE; at += PIECE) memcpy(g->to + at, g->from + at, PIECE);
    g->sink += (unsigned char)g->to[SIZE - 1];
    return 2 * SIZE; /* read and written */
}

/* From the page cache into one small buffer a thread, as chunks are read. */
static size_t read_file(ground *g, int threads)
{
    int failures = 0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : failures)
    for (size_t at = 0; at < SIZE; at += PIECE)
        failures += pread(g->file, g->to + (size_t)omp_get_thread_num() * PIECE, PIECE, (off_t)at) != PIECE;
    return failures ? 0 : SIZE;
}

/* Into fresh pages of the page cache, as results are written. */
static size_t write_file(ground *g, int threads)
{
    int failures = ftruncate(g->file, 0) != 0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : failures)
    for (size_t at = 0; at < SIZE; at += PIECE) failures += pwrite(g->file, g->from + at, PIECE, (off_t)at) != PIECE;
    return failures ? 0 : SIZE;
}

/* ISA-L, through a buffer that is used again and again. */
static size_t inflate_stream(ground *g, int threads)
{
    struct inflate_state state;
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP;
    state.next_in = g->packed;
    state.avail_in = (uint32_t)g->packed_size;
    size_t size = 0;
    int code = ISAL_DECOMP_OK;
    while (code == ISAL_DECOMP_OK && state.block_state != ISAL_BLOCK_FINISH) {
        state.next_out = (unsigned char *)g->to;
        state.avail_out = STREAM;
        code = isal_inflate(&state);
        if (state.avail_out == STREAM && state.block_state != ISAL_BLOCK_FINISH) return 0; /* cut off */
        size += STREAM - state.avail_out;
    }
    return code == ISAL_DECOMP_OK ? size : 0;
}

/* libdeflate needs the whole text at once. */
static size_t inflate_whole(ground *g, int threads)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t size = 0;
    if (!decompressor || libdeflate_gzip_decompress(decompressor, g->packed, g->packed_size, g->text, g->text_size,
                                                    &size) != LIBDEFLATE_SUCCESS)
        size = 0;
    libdeflate_free_decompressor(decompressor);
    return size;
}

static const struct {
    const char *what;
    work *work;
    int parallel;
} measures[] = {
    {"memory, read", read_memory, 1},
    {"memory, copied (read and written)", copy_memory, 1},
    {"file in the page cache, written", write_file, 1},
    {"file in the page cache, read", read_file, 1},
    {"inflate, ISA-L, streaming (of text)", inflate_stream, 0},
    {"inflate, libdeflate, whole buffer (of text)", inflate_whole, 0},
};

static int measure(ground *g, const char *what, work *one_round, int threads)
{
    double rates[ROUNDS];
    for (int k = -1; k < ROUNDS; k++) { /* the first warms up */
        double start = hra_seconds();
        size_t bytes = one_round(g, threads);
        if (bytes == 0) return fprintf(stderr, "bench_limits: %s failed\n", what), 0;
        if (k >= 0) rates[k] = (double)bytes / (hra_seconds() - start) / 1e6;
    }
    qsort(rates, ROUNDS, sizeof *rates, hra_ascending);
    printf("{\"bench\":\"limits\",\"what\":\"%s\",\"threads\":%d,\"value\":%.0f,\"best\":%.0f,\"unit\":\"MB/s\"}\n",
           what, threads, rates[ROUNDS / 2], rates[ROUNDS - 1]);
    return 1;
}

/* ---- what they work on ----------------------------------------------------------------- */

static int load_packed(ground *g, const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    int ok = file >= 0 && fstat(file, &status) == 0 && status.st_size > 18 && status.st_size < (1 << 30);
    if (ok) {
        g->packed_size = (size_t)status.st_size;
        g->packed = malloc(g->packed_size);
        ok = g->packed && read(file, g->packed, g->packed_size) == status.st_size;
    }
    if (ok) { /* the last four bytes of gzip: the size of the text */
        const unsigned char *end = g->packed + g->packed_size;
        g->text_size = (size_t)end[-4] | (size_t)end[-3] << 8 | (size_t)end[-2] << 16 | (size_t)end[-1] << 24;
        g->text = malloc(g->text_size + 1);
        ok = g->text != NULL;
    }
    if (!ok)
        fprintf(stderr, "bench_limits: cannot read %s: %s\n", path, errno ? strerror(errno) : "too short or too long");
    if (file >= 0) close(file);
    return ok;
}

static int prepare(ground *g, const char *folder)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/bench_limits.scratch", folder);
    g->from = malloc(SIZE);
    g->to = malloc(SIZE);
    g->file = length < (int)sizeof path ? open(path, O_RDWR | O_CREAT | O_EXCL, 0600) : -1;
    if (g->file >= 0) unlink(path); /* gone with this process, whatever happens */
    if (!g->from || !g->to || g->file < 0)
        return fprintf(stderr, "bench_limits: no memory, or no file in %s\n", folder), 0;
    memset(g->from, 1, SIZE);
    memset(g->to, 2, SIZE);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench_limits FOLDER FILE.gz\n");
        return 2;
    }
    ground g = {.file = -1};
    int ok = prepare(&g, argv[1]) && load_packed(&g, argv[2]), most = omp_get_max_threads();
    if (most > (int)(SIZE / PIECE)) most = (int)(SIZE / PIECE); /* a piece of the buffer a thread */
    for (size_t k = 0; ok && k < sizeof measures / sizeof *measures; k++) {
        ok = measure(&g, measures[k].what, measures[k].work, 1);
        if (ok && measures[k].parallel && most > 1) ok = measure(&g, measures[k].what, measures[k].work, most);
    }
    if (g.file >= 0) close(g.file);
    free(g.from);
    free(g.to);
    free(g.packed);
    free(g.text);
    return ok ? 0 : 3;
}
