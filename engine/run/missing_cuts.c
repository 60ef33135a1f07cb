#include "engine/run/missing_cuts.h"

#include <stdlib.h>

enum { MOST_WATCHED = 32, CUT_BITS = 12 };

typedef struct watched {
    int question, column;
    const uint8_t *answers;
} watched;

typedef struct watch_list {
    int count;
    watched columns[MOST_WATCHED];
} watch_list;

/* Two bits an answer, so that lists of different lengths never say the same. */
typedef struct short_cut {
    uint64_t answers; /* 0: free */
    hra_node node;
    int place;
} short_cut;

struct hra_missing_cuts {
    int nodes;
    watch_list **lists; /* by node */
    short_cut *cuts;    /* by a hash; the last that came stays */
};

hra_missing_cuts *hra_missing_cuts_new(int nodes)
{
    hra_missing_cuts *cuts = calloc(1, sizeof *cuts);
    if (!cuts) return NULL;
    cuts->nodes = nodes;
    cuts->lists = calloc((size_t)nodes + 1, sizeof *cuts->lists);
    cuts->cuts = calloc((size_t)1 << CUT_BITS, sizeof *cuts->cuts);
    if (cuts->lists && cuts->cuts) return cuts;
    hra_missing_cuts_free(cuts);
    return NULL;
}

void hra_missing_cuts_free(hra_missing_cuts *cuts)
{
    if (!cuts) return;
    for (int i = 0; cuts->lists && i < cuts->nodes; i++) free(cuts->lists[i]);
    free(cuts->lists);
    free(cuts->cuts);
    free(cuts);
}

static unsigned answer_of(const watched *w, const hra_chunk *chunk, int row)
{
    return w->answers[hra_code_at(&chunk->columns[w->column], row)];
}

/* 0: one of them is open, or nothing is watched. */
static uint64_t all_answers(const watch_list *list, const hra_chunk *chunk, int row)
{
    uint64_t all = 0;
    for (int i = 0; i < list->count; i++) {
        unsigned answer = answer_of(&list->columns[i], chunk, row);
        if (answer == 0) return 0;
        all = all << 2 | answer;
    }
    return all;
}

static short_cut *cut_at(const hra_missing_cuts *cuts, hra_node node, uint64_t answers)
{
    uint64_t hash = (answers + (uint64_t)node) * UINT64_C(0x9E3779B97F4A7C15);
    return &cuts->cuts[hash >> (64 - CUT_BITS)];
}

int hra_missing_cuts_find(const hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row)
{
    const watch_list *list = cuts->lists[node];
    uint64_t answers = list ? all_answers(list, chunk, row) : 0;
    if (answers == 0) return -1;
    const short_cut *cut = cut_at(cuts, node, answers);
    return cut->answers == answers && cut->node == node ? cut->place : -1;
}

bool hra_missing_cuts_watch(hra_missing_cuts *cuts, hra_node node, int question, int column, const uint8_t *answers)
{
    watch_list *list = cuts->lists[node];
    if (!list) list = cuts->lists[node] = calloc(1, sizeof *list);
    if (!list) return false;
    for (int i = 0; i < list->count; i++)
        if (list->columns[i].question == question) return true;
    if (list->count == MOST_WATCHED) return false;
    list->columns[list->count++] = (watched){question, column, answers};
    return true;
}

int hra_missing_cuts_open(const hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row)
{
    const watch_list *list = cuts->lists[node];
    for (int i = 0; list && i < list->count; i++)
        if (answer_of(&list->columns[i], chunk, row) == 0) return list->columns[i].question;
    return -1;
}

void hra_missing_cuts_keep(hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row, int place)
{
    uint64_t answers = cuts->lists[node] ? all_answers(cuts->lists[node], chunk, row) : 0;
    if (answers != 0) *cut_at(cuts, node, answers) = (short_cut){answers, node, place};
}
