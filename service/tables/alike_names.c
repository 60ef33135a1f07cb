#include "service/tables/alike_names.h"

#include <stdlib.h>
#include <string.h>

#include "io/words/text_fold.h"

typedef struct folded_name {
    const char *folded, *name;
} folded_name;

static int in_order(const void *a, const void *b)
{
    const folded_name *left = a, *right = b;
    int order = strcmp(left->folded, right->folded);
    return order ? order : strcmp(left->name, right->name);
}

static const char *fold(hra_arena *arena, const char *name)
{
    char folded[512];
    int length = hra_fold(name, strlen(name), HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded);
    return length < 0 ? name : hra_arena_text(arena, folded); /* a name that long is compared as it is */
}

static bool is_alike(const folded_name *names, int count, int i, int other)
{
    return other >= 0 && other < count && strcmp(names[i].folded, names[other].folded) == 0;
}

int hra_alike_names(hra_arena *arena, const char *const *names, int count, const char **alike)
{
    folded_name *all = hra_arena_alloc(arena, ((size_t)count + 1) * sizeof *all);
    int found = 0;
    for (int i = 0; all && i < count; i++) {
        all[i] = (folded_name){fold(arena, names[i]), names[i]};
        if (!all[i].folded) return -1;
    }
    if (!all) return -1;
    qsort(all, (size_t)count, sizeof *all, in_order);
    for (int i = 0; i < count; i++)
        if (is_alike(all, count, i, i - 1) || is_alike(all, count, i, i + 1)) alike[found++] = all[i].name;
    return found;
}
