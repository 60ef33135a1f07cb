#include "service/tables/named_groups.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

typedef struct named {
    char *name;
    void *numbers;
} named;

struct hra_named_groups {
    size_t bytes;
    hra_map *names;
    named *items;
    int count, capacity;
};

static bool room_for_one(hra_named_groups *g)
{
    if (g->count < g->capacity) return true;
    int capacity = g->capacity ? 2 * g->capacity : 64;
    named *items = realloc(g->items, (size_t)capacity * sizeof *items);
    if (!items) return false;
    g->items = items;
    g->capacity = capacity;
    return true;
}

static int add(hra_named_groups *g, const char *name, bool everybody)
{
    if (!room_for_one(g)) return -1;
    named one = {.name = strdup(name), .numbers = calloc(1, g->bytes)};
    if (one.name && one.numbers && (everybody || hra_map_set(g->names, name, g->count) == 0)) {
        g->items[g->count] = one;
        return g->count++;
    }
    free(one.name);
    free(one.numbers);
    return -1;
}

hra_named_groups *hra_named_groups_new(size_t bytes)
{
    hra_named_groups *g = calloc(1, sizeof *g);
    if (!g) return NULL;
    g->bytes = bytes;
    g->names = hra_map_new();
    if (g->names && add(g, "*", true) == 0) return g;
    hra_named_groups_free(g);
    return NULL;
}

void hra_named_groups_free(hra_named_groups *g)
{
    if (!g) return;
    for (int i = 0; i < g->count; i++) {
        free(g->items[i].name);
        free(g->items[i].numbers);
    }
    free(g->items);
    hra_map_free(g->names);
    free(g);
}

int hra_named_groups_of(hra_named_groups *g, const char *name)
{
    int64_t found = hra_map_get(g->names, name);
    return found >= 0 ? (int)found : add(g, name, false);
}

int hra_named_groups_count(const hra_named_groups *g) { return g->count; }

const char *hra_named_groups_name(const hra_named_groups *g, int index) { return g->items[index].name; }

void *hra_named_groups_numbers(const hra_named_groups *g, int index) { return g->items[index].numbers; }
