/* Rows of any length sorted in any memory; and links between many things brought together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "intake/join/star_links.h"
#include "io/files/row_sort.h"

static char folder[] = "/tmp/hra-row-sort-XXXXXX";
static char beside[64];
static uint64_t random_state = 7;

static uint64_t random_below(uint64_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % limit;
}

/* ---- rows -------------------------------------------------------------------------------- */

enum { LONGEST = 300000 };

typedef struct known_row {
    uint64_t key[4];
    size_t length;
} known_row;

static int by_key(const void *a, const void *b)
{
    const known_row *x = a, *y = b;
    for (int i = 0; i < 4; i++)
        if (x->key[i] != y->key[i]) return x->key[i] < y->key[i] ? -1 : 1;
    return 0;
}

/* The bytes of a row follow from its key, so that they can be checked. */
static void fill(const known_row *row, unsigned char *bytes)
{
    for (size_t i = 0; i < row->length; i++) bytes[i] = (unsigned char)(row->key[3] * 31 + row->key[0] + i * 7);
}

static void sort_and_compare(size_t count, size_t bytes, size_t longest)
{
    hra_error error = {0};
    hra_row_sort *sort = hra_row_sort_new(beside, bytes);
    known_row *rows = calloc(count + 1, sizeof *rows);
    static unsigned char text[LONGEST + 1];
    bool any;
    assert_non_null(sort);
    assert_non_null(rows);
    assert_true(longest <= LONGEST);
    for (size_t i = 0; i < count; i++) {
        rows[i] =
            (known_row){{random_below(5) << 60, random_below(3), random_below(100), i}, random_below(longest + 1)};
        fill(&rows[i], text);
        hra_sort_row row = {.bytes = text, .length = rows[i].length};
        memcpy(row.key, rows[i].key, sizeof row.key);
        assert_int_equal(hra_row_sort_add(sort, &row, &error), 0);
    }
    qsort(rows, count, sizeof *rows, by_key);
    assert_int_equal(hra_row_sort_finish(sort, &error), 0);
    for (size_t i = 0; i < count; i++) {
        hra_sort_row row;
        assert_int_equal(hra_row_sort_next(sort, &row, &any, &error), 0);
        assert_true(any);
        assert_memory_equal(row.key, rows[i].key, sizeof row.key);
        assert_int_equal(row.length, rows[i].length);
        fill(&rows[i], text);
        if (row.length > 0) assert_memory_equal(row.bytes, text, row.length);
    }
    hra_sort_row row;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(hra_row_sort_next(sort, &row, &any, &error), 0);
        assert_false(any);
    }
    hra_row_sort_free(sort);
    free(rows);
}

static void rows_come_in_order(void **state)
{
    static const size_t counts[] = {0, 1, 2, 3, 1000, 30000}, memories[] = {1, 1 << 17, 1 << 22};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        for (size_t j = 0; j < sizeof memories / sizeof memories[0]; j++) sort_and_compare(counts[i], memories[j], 200);
    sort_and_compare(40, 1, LONGEST); /* rows longer than the memory and than a block */
    sort_and_compare(500, 1 << 16, 0);
}

/* Rows of these lengths in turn until the disk, which has so much room, is full. */
static void fill_the_disk(const size_t lengths[2], rlim_t room)
{
    static unsigned char bytes[LONGEST];
    struct rlimit before, small;
    hra_error error = {0};
    hra_row_sort *sort = hra_row_sort_new(beside, 1 << 20);
    hra_code code = HRA_OK;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = room;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (uint64_t i = 0; i < 100000 && code == HRA_OK; i++) {
        hra_sort_row row = {.key = {i}, .bytes = bytes, .length = lengths[i % 2]};
        code = hra_row_sort_add(sort, &row, &error);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(code, HRA_EIO);
    assert_non_null(strstr(error.message, "temporary file"));
    hra_row_sort_free(sort);
}

static void a_full_disk_is_an_error(void **state)
{
    fill_the_disk((const size_t[]){100, 100}, 1 << 20);
    fill_the_disk((const size_t[]){100, LONGEST}, 0); /* nothing of a row longer than a block is copied after that */
}

/* ---- links -------------------------------------------------------------------------------- */

enum { NODES = 3000 };

static hra_id_hash node_hash(int node)
{
    /* neighbours in number are far apart in order */
    return (hra_id_hash){{(uint64_t)node * 0x9E3779B97F4A7C15u, (uint64_t)node % 3}};
}

static int root_of(int *parents, int node)
{
    while (parents[node] != node) node = parents[node] = parents[parents[node]];
    return node;
}

static int compare(const uint64_t a[2], const uint64_t b[2])
{
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

static void link_and_compare(int links, int chain, size_t bytes)
{
    static int parents[NODES], smallest[NODES];
    hra_error error = {0};
    hra_star_links *stars = hra_star_links_new(beside, bytes);
    int linked = 0, found = 0;
    assert_non_null(stars);
    for (int i = 0; i < NODES; i++) parents[i] = i;
    for (int i = 0; i < links; i++) {
        int a = chain ? i : (int)random_below(NODES), b = chain ? i + 1 : (int)random_below(NODES);
        parents[root_of(parents, a)] = root_of(parents, b);
        assert_int_equal(hra_star_links_add(stars, node_hash(a), node_hash(b), &error), 0);
    }
    for (int i = 0; i < NODES; i++) smallest[i] = -1;
    for (int i = 0; i < NODES; i++) {
        int root = root_of(parents, i);
        hra_id_hash own = node_hash(i), least = node_hash(smallest[root] < 0 ? i : smallest[root]);
        if (smallest[root] < 0 || compare(own.word, least.word) < 0) smallest[root] = i;
    }
    for (int i = 0; i < NODES; i++) linked += smallest[root_of(parents, i)] != i;
    assert_int_equal(hra_star_links_resolve(stars, &error), 0);
    for (;; found++) {
        hra_id_hash node, least;
        bool any;
        assert_int_equal(hra_star_links_next(stars, &node, &least, &any, &error), 0);
        if (!any) break;
        int i = 0;
        while (i < NODES && node_hash(i).word[0] != node.word[0]) i++;
        assert_true(i < NODES);
        hra_id_hash expected = node_hash(smallest[root_of(parents, i)]);
        assert_int_equal(compare(expected.word, least.word), 0);
        assert_int_not_equal(compare(node.word, least.word), 0);
    }
    assert_int_equal(found, linked);
    hra_star_links_free(stars);
}

static void linked_things_come_together(void **state)
{
    static const int links[] = {0, 1, 100, 1000, 2999, 6000};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        link_and_compare(links[i], 0, 1 << 20);
        link_and_compare(links[i], 0, 1);
    }
    link_and_compare(NODES - 1, 1, 1 << 20); /* one chain of all */
}

static int setup(void **state)
{
    if (!mkdtemp(folder)) return -1;
    snprintf(beside, sizeof beside, "%s/output", folder);
    return 0;
}

static int teardown(void **state) { return rmdir(folder); } /* no temporary file is left */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_order),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(linked_things_come_together),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
