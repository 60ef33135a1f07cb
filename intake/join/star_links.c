/* Rounds of "large star" and "small star" (Kiveris and others, Connected components in MapReduce and beyond, 2014),
 * each one sort: large star: all larger neighbours of a node are linked to the smallest of its neighbours and itself;
 *   small star: a node and its smaller neighbours are linked to the smallest of them.
 * When a round changes nothing, every node is linked to the smallest of its own and to nothing else. */
#include "intake/join/star_links.h"

#include <stdlib.h>
#include <string.h>

struct hra_star_links {
    char *beside;
    size_t bytes;
    hra_spill_sort *edges; /* node, neighbour; both ways between rounds, to the smaller one at the end */
    hra_spill_record last; /* handed out last */
    bool some;
};

enum { MOST_ROUNDS = 1000 };

/* Two sorts are in use at once. */
static hra_spill_sort *new_sort(const hra_star_links *links)
{
    return hra_spill_sort_new(links->beside, links->bytes / 2);
}

hra_star_links *hra_star_links_new(const char *beside, size_t bytes)
{
    hra_star_links *links = calloc(1, sizeof *links);
    if (!links) return NULL;
    links->bytes = bytes;
    links->beside = strdup(beside);
    if (links->beside) links->edges = new_sort(links);
    if (links->edges) return links;
    hra_star_links_free(links);
    return NULL;
}

void hra_star_links_free(hra_star_links *links)
{
    if (!links) return;
    hra_spill_sort_free(links->edges);
    free(links->beside);
    free(links);
}

static int compare(const uint64_t a[2], const uint64_t b[2])
{
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

static hra_code put(hra_spill_sort *sort, const uint64_t node[2], const uint64_t neighbour[2], hra_error *error)
{
    hra_spill_record record = {{node[0], node[1], neighbour[0], neighbour[1]}};
    return hra_spill_sort_add(sort, &record, error);
}

static hra_code put_both_ways(hra_spill_sort *sort, const uint64_t a[2], const uint64_t b[2], hra_error *error)
{
    HRA_TRY(put(sort, a, b, error));
    return put(sort, b, a, error);
}

hra_code hra_star_links_add(hra_star_links *links, hra_id_hash a, hra_id_hash b, hra_error *error)
{
    if (compare(a.word, b.word) == 0) return HRA_OK;
    return put_both_ways(links->edges, a.word, b.word, error);
}

/* Sums up a set of links whatever their order. */
static uint64_t fingerprint(const hra_spill_record *record)
{
    uint64_t x = 0;
    for (int i = 0; i < 4; i++) {
        x = (x ^ record->word[i]) * 0x9E3779B97F4A7C15u;
        x ^= x >> 29;
    }
    return x * 0xBF58476D1CE4E5B9u ^ x >> 32;
}

/* Takes neighbours of a node in ascending order: the first tells the smallest. Links go to `out`, the larger node
 * first. */
static hra_code large_star(hra_spill_sort *in, hra_spill_sort *out, uint64_t *sum, hra_error *error)
{
    hra_spill_record edge, before = {{0}};
    uint64_t smallest[2] = {0};
    bool any, some = false;
    *sum = 0;
    for (;; before = edge, some = true) {
        HRA_TRY(hra_spill_sort_next(in, &edge, &any, error));
        if (!any) return HRA_OK;
        if (some && memcmp(&edge, &before, sizeof edge) == 0) continue;
        const uint64_t *node = edge.word, *neighbour = edge.word + 2;
        if (!some || compare(node, before.word) != 0)
            memcpy(smallest, compare(neighbour, node) < 0 ? neighbour : node, sizeof smallest);
        if (compare(neighbour, node) < 0) continue;
        *sum += fingerprint(&edge);
        HRA_TRY(put(out, neighbour, smallest, error));
    }
}

/* The same with the smaller neighbours; links go to `out` both ways. */
static hra_code small_star(hra_spill_sort *in, hra_spill_sort *out, hra_error *error)
{
    hra_spill_record edge, before = {{0}};
    uint64_t smallest[2] = {0};
    bool any, some = false;
    for (;; before = edge, some = true) {
        HRA_TRY(hra_spill_sort_next(in, &edge, &any, error));
        if (!any) return HRA_OK;
        if (some && memcmp(&edge, &before, sizeof edge) == 0) continue;
        const uint64_t *node = edge.word, *neighbour = edge.word + 2;
        if (!some || compare(node, before.word) != 0) {
            memcpy(smallest, neighbour, sizeof smallest);
            HRA_TRY(put_both_ways(out, node, smallest, error));
        } else {
            HRA_TRY(put_both_ways(out, neighbour, smallest, error));
        }
    }
}

/* Sorts links->edges and puts what a pass makes of them in their place. */
static hra_code pass(hra_star_links *links, bool large, uint64_t *sum, hra_error *error)
{
    hra_spill_sort *out = new_sort(links);
    hra_code code = out ? hra_spill_sort_finish(links->edges, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = large ? large_star(links->edges, out, sum, error) : small_star(links->edges, out, error);
    if (code != HRA_OK) {
        hra_spill_sort_free(out);
        return code;
    }
    hra_spill_sort_free(links->edges);
    links->edges = out;
    return HRA_OK;
}

hra_code hra_star_links_resolve(hra_star_links *links, hra_error *error)
{
    uint64_t before = 0, sum;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        HRA_TRY(pass(links, true, &sum, error));
        /* behind a large star that changed nothing stand the links to the smallest, which is the result */
        if (round > 0 && sum == before) return hra_spill_sort_finish(links->edges, error);
        before = sum;
        HRA_TRY(pass(links, false, NULL, error));
    }
    return hra_fail(error, HRA_EINTERNAL, "links of a crosswalk do not come to an end");
}

hra_code hra_star_links_next(hra_star_links *links, hra_id_hash *node, hra_id_hash *smallest, bool *any,
                             hra_error *error)
{
    hra_spill_record edge;
    do {
        HRA_TRY(hra_spill_sort_next(links->edges, &edge, any, error));
        if (!*any) return HRA_OK;
    } while (links->some && memcmp(&edge, &links->last, sizeof edge) == 0);
    links->last = edge;
    links->some = true;
    memcpy(node->word, edge.word, sizeof node->word);
    memcpy(smallest->word, edge.word + 2, sizeof smallest->word);
    return HRA_OK;
}
