#include "engine/run/missing_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/run/missing_cuts.h"
#include "engine/run/missing_proof.h"

enum { MOST_BRANCHES = 1 << 17, MOST_LEAVES = 1 << 16, MOST_WAYS = 1 << 19, MOST_ENDS = 1 << 18, MOST_SETS = 1 << 14 };
enum { MOST_ANSWER_BYTES = 6 << 20, MOST_PATTERNS = 1 << 16, PLACE_BITS = 17 };

/* What a branch of the tree asks for. Answers of one column are kept by code, 0 where nobody had it yet. */
typedef struct question {
    hra_node node;
    int column;
    uint8_t *answers; /* NULL: the judge is asked every time */
} question;

/* Where an answer leads: to the branch `next`, to the leaf -1 - `next`, or, 0, to nothing that is remembered. Branch 0
 * does not exist. */
typedef struct branch {
    int question;
    int next[HRA_ANSWER_END];
} branch;

/* What may be missing at the end of a path. */
typedef struct path_end {
    int variable;
    int column; /* -1: missing for everybody */
    uint32_t missing, escape;
    hra_node node;
} path_end;

/* The end of a way through the tree of one node: a path, and the inputs at its ends. */
typedef struct leaf {
    size_t way; /* where its questions begin among all ... */
    int way_length;
    size_t ends; /* ... and its ends */
    int end_count;
} leaf;

/* Which ends of a path are unknown, a bit for each. */
enum { MOST_LEAF_ENDS = 128, MASK_WORDS = MOST_LEAF_ENDS / 64 };
typedef struct mask {
    uint64_t words[MASK_WORDS];
} mask;

/* People who took the same path and lack the same inputs at its ends. Nodes are asked about in the same order for every
 * row, and mostly depend on the same facts: where what decides another node's pattern is among what decides this one's,
 * whoever comes here comes there too. */
typedef struct pattern {
    int leaf, set;
    mask unknown;
    hra_node next_node; /* NOT_TRIED, NO_NODE, or the one whose pattern is `next` */
    int next;
} pattern;

enum { NOT_TRIED = -1, NO_NODE = -2 };

struct hra_missing_memo {
    const hra_graph *graph;
    const hra_schema *schema;
    hra_row_judge *rows;
    hra_missing_proof *proof;
    hra_missing_cuts *cuts;
    int *root;        /* by node, like `next` of a branch */
    int *question_of; /* by node, 1 + its place; 0: none yet */
    question *questions;
    int question_count;
    size_t answer_bytes;
    branch *branches;
    size_t branch_count, branch_capacity;
    leaf *leaves;
    size_t leaf_count, leaf_capacity;
    int *ways; /* the questions of all leaves */
    size_t way_count, way_capacity;
    path_end *ends; /* of all leaves */
    size_t end_count, end_capacity;
    pattern *patterns;
    size_t pattern_count, pattern_capacity;
    int *places; /* by a hash: 1 + a pattern, 0: none; beside where that is taken */
    int *way;    /* of the present call */
    int way_length;
    const hra_chunk *chunk; /* of the last call, with its pattern; -1: none */
    int64_t sequence;
    int row, last;
    bool follows; /* `last` from the one before by a link */
    bool full;    /* nothing more is remembered */
    hra_missing_names **sets;
    size_t set_count, set_capacity;
    hra_map *set_of;        /* variables -> set */
    bool *columns, *absent; /* what the judge marks */
    int *variables;         /* the set the judge found last ... */
    const char **names;
    hra_missing_names found;
};

hra_missing_memo *hra_missing_memo_new(const hra_graph *graph, const hra_schema *schema, hra_row_judge *rows)
{
    size_t nodes = (size_t)hra_graph_count(graph) + 1;
    size_t variables = (size_t)hra_dictionary_count(schema->dictionary) + 1;
    hra_missing_memo *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    *m = (hra_missing_memo){.graph = graph,
                            .schema = schema,
                            .rows = rows,
                            .proof = hra_missing_proof_new(graph),
                            .cuts = hra_missing_cuts_new(hra_graph_count(graph)),
                            .root = calloc(nodes, sizeof *m->root),
                            .question_of = calloc(nodes, sizeof *m->question_of),
                            .questions = calloc(nodes, sizeof *m->questions),
                            .branch_count = 1,
                            .places = calloc((size_t)1 << PLACE_BITS, sizeof *m->places),
                            .way = calloc(nodes, sizeof *m->way),
                            .last = -1,
                            .set_of = hra_map_new(),
                            .columns = calloc((size_t)schema->column_count + 1, sizeof *m->columns),
                            .absent = calloc(variables, sizeof *m->absent),
                            .variables = calloc(variables, sizeof *m->variables),
                            .names = calloc(variables, sizeof *m->names)};
    if (m->proof && m->cuts && m->places && m->root && m->question_of && m->questions && m->way && m->set_of &&
        m->columns && m->absent && m->variables && m->names)
        return m;
    hra_missing_memo_free(m);
    return NULL;
}

void hra_missing_memo_free(hra_missing_memo *m)
{
    if (!m) return;
    for (int i = 0; i < m->question_count; i++) free(m->questions[i].answers);
    for (size_t i = 0; i < m->set_count; i++) free(m->sets[i]);
    hra_missing_proof_free(m->proof);
    hra_missing_cuts_free(m->cuts);
    free(m->root);
    free(m->question_of);
    free(m->questions);
    free(m->branches);
    free(m->leaves);
    free(m->ways);
    free(m->ends);
    free(m->patterns);
    free(m->places);
    free(m->way);
    free(m->sets);
    hra_map_free(m->set_of);
    free(m->columns);
    free(m->absent);
    free(m->variables);
    free(m->names);
    free(m);
}

/* The list with room for so many more elements, perhaps elsewhere; NULL, and the list as it was: too many, or out of
 * memory. */
static void *longer(void *list, size_t count, size_t *capacity, size_t more, size_t most, size_t size)
{
    if (count + more <= *capacity) return list;
    if (count + more > most) return NULL;
    size_t wanted = *capacity ? *capacity : 256;
    while (wanted < count + more) wanted *= 2;
    void *moved = realloc(list, wanted * size);
    if (moved) *capacity = wanted;
    return moved;
}

/* ---- questions */

static hra_answer ask_judge(hra_missing_memo *m, hra_node node, const hra_chunk *chunk, int row)
{
    return hra_missing_answer(m->graph, hra_row_judge_at(m->rows, chunk, row), node);
}

/* Escaped values are behind one code, so what is known of them holds for this person alone. */
static hra_answer ask(hra_missing_memo *m, const question *q, const hra_chunk *chunk, int row)
{
    if (!q->answers) return ask_judge(m, q->node, chunk, row);
    uint32_t code = hra_code_at(&chunk->columns[q->column], row);
    if (code == hra_column_escape(&m->schema->columns[q->column])) return ask_judge(m, q->node, chunk, row);
    if (q->answers[code] == 0) q->answers[code] = (uint8_t)ask_judge(m, q->node, chunk, row);
    return (hra_answer)q->answers[code];
}

/* Its place. Without memory for the answers the judge gives them. */
static int question_about(hra_missing_memo *m, hra_node node)
{
    if (m->question_of[node]) return m->question_of[node] - 1;
    question *q = &m->questions[m->question_count];
    *q = (question){.node = node, .column = hra_missing_proof_column(m->proof, node)};
    if (q->column >= 0) {
        size_t codes = (size_t)hra_column_escape(&m->schema->columns[q->column]) + 1; /* of the last nothing is kept */
        if (codes <= MOST_ANSWER_BYTES - m->answer_bytes) q->answers = calloc(codes, sizeof *q->answers);
        if (q->answers) m->answer_bytes += codes;
    }
    m->question_of[node] = ++m->question_count;
    return m->question_count - 1;
}

/* ---- sets of names */

/* The marked variables. */
static void collect_names(hra_missing_memo *m)
{
    int variables = hra_dictionary_count(m->schema->dictionary);
    const bool *end = m->absent + variables;
    m->found = (hra_missing_names){.place = -1, .variables = m->variables, .names = m->names};
    for (const bool *at = m->absent; (at = memchr(at, true, (size_t)(end - at))) != NULL; at++) {
        int variable = (int)(at - m->absent);
        m->variables[m->found.count] = variable;
        m->names[m->found.count++] = hra_dictionary_at(m->schema->dictionary, variable)->name;
    }
}

/* The judge's walk. */
static void find_names(hra_missing_memo *m, hra_judge *judge, hra_node node)
{
    memset(m->columns, 0, (size_t)m->schema->column_count * sizeof *m->columns);
    memset(m->absent, 0, (size_t)hra_dictionary_count(m->schema->dictionary) * sizeof *m->absent);
    hra_judge_missing_all(judge, node, m->columns, m->absent);
    for (int c = 0; c < m->schema->column_count; c++) /* a variable may have several columns, one per unit */
        if (m->columns[c]) m->absent[m->schema->columns[c].variable] = true;
    collect_names(m);
}

/* The same from a path and what is unknown at its ends. */
static void name_ends(hra_missing_memo *m, const leaf *path, const mask *unknown)
{
    memset(m->absent, 0, (size_t)hra_dictionary_count(m->schema->dictionary) * sizeof *m->absent);
    for (int i = 0; i < path->end_count; i++)
        if (unknown->words[i / 64] >> (i % 64) & 1) m->absent[m->ends[path->ends + (size_t)i].variable] = true;
    collect_names(m);
}

/* A copy in one block: the set, its names, its variables. */
static hra_missing_names *copy_set(const hra_missing_names *set, int place)
{
    size_t count = (size_t)set->count;
    hra_missing_names *copy = malloc(sizeof *copy + count * (sizeof(char *) + sizeof(int)));
    if (!copy) return NULL;
    const char **names = (const char **)(copy + 1);
    int *variables = (int *)(names + count);
    memcpy(names, set->names, count * sizeof *names);
    memcpy(variables, set->variables, count * sizeof *variables);
    *copy = (hra_missing_names){place, set->count, variables, names};
    return copy;
}

/* The place of what was found among the sets, or -1: no room. */
static int keep_found(hra_missing_memo *m)
{
    const char *key = (const char *)m->found.variables;
    size_t length = (size_t)m->found.count * sizeof *m->found.variables;
    int64_t place = hra_map_get_n(m->set_of, key, length);
    if (place >= 0) return (int)place;
    hra_missing_names **sets = longer(m->sets, m->set_count, &m->set_capacity, 1, MOST_SETS, sizeof *sets), *set = NULL;
    if (sets) {
        m->sets = sets;
        set = copy_set(&m->found, (int)m->set_count);
    }
    if (!set) return -1;
    m->sets[m->set_count] = set;
    if (hra_map_set_n(m->set_of, key, length, (int64_t)m->set_count) == 0) return (int)m->set_count++;
    free(set);
    return -1;
}

/* ---- the tree */

/* Follows the answers of this row to a leaf; -1 where they lead to nothing, and *place is where it could stand. */
static int follow(hra_missing_memo *m, const hra_chunk *chunk, int row, int **place)
{
    m->way_length = 0;
    while (**place > 0) {
        branch *b = &m->branches[**place];
        m->way[m->way_length++] = b->question;
        *place = &b->next[ask(m, &m->questions[b->question], chunk, row)];
    }
    return **place < 0 ? -1 - **place : -1;
}

static bool is_among(const int *questions, int count, int wanted)
{
    for (int i = 0; i < count; i++)
        if (questions[i] == wanted) return true;
    return false;
}

/* Room for one leaf, its ends and its way: what was asked for already and so many questions more. */
static bool reserve_leaf(hra_missing_memo *m, size_t questions, size_t ends)
{
    size_t way = (size_t)m->way_length + questions + 1;
    branch *branches =
        longer(m->branches, m->branch_count, &m->branch_capacity, questions, MOST_BRANCHES, sizeof *branches);
    if (branches) m->branches = branches;
    leaf *leaves = longer(m->leaves, m->leaf_count, &m->leaf_capacity, 1, MOST_LEAVES, sizeof *leaves);
    if (leaves) m->leaves = leaves;
    int *ways = longer(m->ways, m->way_count, &m->way_capacity, way, MOST_WAYS, sizeof *ways);
    if (ways) m->ways = ways;
    path_end *all_ends = longer(m->ends, m->end_count, &m->end_capacity, ends + 1, MOST_ENDS, sizeof *all_ends);
    if (all_ends) m->ends = all_ends;
    return branches && leaves && ways && all_ends;
}

static path_end end_at(const hra_missing_memo *m, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(m->graph, node);
    if (n->op != HRA_OP_INPUT && n->op != HRA_OP_INPUT_FLAG) return (path_end){n->index, -1, 0, 0, node};
    const hra_column *column = &m->schema->columns[n->index];
    return (path_end){column->variable, n->index, hra_column_missing(column), hra_column_escape(column), node};
}

/* The leaf of the way just gone, with the ends of its path. */
static int add_leaf(hra_missing_memo *m, const hra_missing_path *path)
{
    memcpy(m->ways + m->way_count, m->way, (size_t)m->way_length * sizeof *m->ways);
    m->leaves[m->leaf_count] = (leaf){m->way_count, m->way_length, m->end_count, path->end_count};
    m->way_count += (size_t)m->way_length;
    for (int i = 0; i < path->end_count; i++) m->ends[m->end_count++] = end_at(m, path->ends[i]);
    return (int)m->leaf_count++;
}

/* The facts that were not asked for on the way become branches, one below the other. Returns the leaf; -1: no room. */
static int grow(hra_missing_memo *m, hra_node node, const hra_chunk *chunk, int row)
{
    hra_missing_path path = hra_missing_proof_path(m->proof, hra_row_judge_at(m->rows, chunk, row), node);
    int *place = &m->root[node];
    m->full = !reserve_leaf(m, (size_t)path.fact_count, (size_t)path.end_count);
    if (m->full) return -1;
    follow(m, chunk, row, &place); /* again: the branches may have moved */
    for (int i = 0; i < path.fact_count; i++) {
        int asked = question_about(m, path.facts[i]);
        if (is_among(m->way, m->way_length, asked)) continue;
        branch *b = &m->branches[m->branch_count];
        *b = (branch){.question = asked};
        *place = (int)m->branch_count++;
        m->way[m->way_length++] = asked;
        place = &b->next[ask(m, &m->questions[asked], chunk, row)];
    }
    *place = -1 - (int)m->leaf_count;
    return add_leaf(m, &path);
}

/* ---- patterns */

/* Of an escaped value the judge knows whether it is one. */
static mask unknown_ends(hra_missing_memo *m, const leaf *path, const hra_chunk *chunk, int row)
{
    mask unknown = {{0}};
    for (int i = 0; i < path->end_count; i++) {
        const path_end *end = &m->ends[path->ends + (size_t)i];
        uint32_t code = end->column >= 0 ? hra_code_at(&chunk->columns[end->column], row) : end->missing;
        bool is =
            code == end->missing || (code == end->escape && ask_judge(m, end->node, chunk, row) == HRA_ANSWER_UNKNOWN);
        unknown.words[i / 64] |= (uint64_t)is << (i % 64);
    }
    return unknown;
}

/* Where the pattern stands, or the free place where it could. There are twice as many places as patterns. */
static int *place_of(const hra_missing_memo *m, int of_leaf, const mask *unknown)
{
    uint64_t hash = (uint64_t)of_leaf + 1;
    for (int w = 0; w < MASK_WORDS; w++) hash = (hash ^ unknown->words[w]) * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t at = hash >> (64 - PLACE_BITS);; at = (at + 1) & (((size_t)1 << PLACE_BITS) - 1)) {
        const pattern *p = m->places[at] ? &m->patterns[m->places[at] - 1] : NULL;
        if (!p || (p->leaf == of_leaf && memcmp(&p->unknown, unknown, sizeof *unknown) == 0)) return &m->places[at];
    }
}

/* -1: no room; then what was found is in m->found. */
static int add_pattern(hra_missing_memo *m, int of_leaf, const mask *unknown, int *place)
{
    name_ends(m, &m->leaves[of_leaf], unknown);
    int set = keep_found(m);
    pattern *patterns = longer(m->patterns, m->pattern_count, &m->pattern_capacity, 1, MOST_PATTERNS, sizeof *patterns);
    if (patterns) m->patterns = patterns;
    if (set < 0 || !patterns) return -1;
    m->patterns[m->pattern_count] = (pattern){.leaf = of_leaf, .set = set, .unknown = *unknown, .next_node = NOT_TRIED};
    *place = (int)++m->pattern_count;
    return *place - 1;
}

/* ---- asking */

/* The next row with these answers need not follow the way that led to the leaf, unless the judge was asked on it. */
static void keep_cut(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node, int found)
{
    int open;
    for (int i = 0; i < m->way_length; i++)
        if (!m->questions[m->way[i]].answers) return;
    for (int i = 0; i < m->way_length; i++) {
        const question *q = &m->questions[m->way[i]];
        if (!hra_missing_cuts_watch(m->cuts, node, m->way[i], q->column, q->answers)) return;
    }
    while ((open = hra_missing_cuts_open(m->cuts, node, chunk, row)) >= 0) {
        ask(m, &m->questions[open], chunk, row);
        if (hra_missing_cuts_open(m->cuts, node, chunk, row) == open) return; /* an escaped value */
    }
    hra_missing_cuts_keep(m->cuts, node, chunk, row, found);
}

static int find_leaf(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    int found = hra_missing_cuts_find(m->cuts, node, chunk, row);
    if (found >= 0) return found;
    int *place = &m->root[node];
    found = follow(m, chunk, row, &place);
    if (found < 0 && !m->full) found = grow(m, node, chunk, row);
    if (found >= 0) keep_cut(m, chunk, row, node, found);
    return found;
}

/* -1: not remembered; what was found is in m->found. */
static int find_pattern(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    int found = find_leaf(m, chunk, row, node);
    if (found < 0 || m->leaves[found].end_count > MOST_LEAF_ENDS) {
        find_names(m, hra_row_judge_at(m->rows, chunk, row), node);
        return -1;
    }
    mask unknown = unknown_ends(m, &m->leaves[found], chunk, row);
    int *place = place_of(m, found, &unknown);
    return *place ? *place - 1 : add_pattern(m, found, &unknown, place);
}

static bool has_end(const hra_missing_memo *m, const leaf *path, hra_node node)
{
    for (int i = 0; i < path->end_count; i++)
        if (m->ends[path->ends + (size_t)i].node == node) return true;
    return false;
}

/* Whether coming to the one leaf, with its ends known or not, is coming to the other with its own. */
static bool decides(const hra_missing_memo *m, const leaf *from, const leaf *to)
{
    for (int i = 0; i < to->way_length; i++)
        if (!is_among(m->ways + from->way, from->way_length, m->ways[to->way + (size_t)i])) return false;
    for (int i = 0; i < to->end_count; i++)
        if (!has_end(m, from, m->ends[to->ends + (size_t)i].node)) return false;
    return true;
}

/* Whether coming to the one pattern is coming to the other, is tried once. */
static void try_link(const hra_missing_memo *m, pattern *from, hra_node node, int to)
{
    if (from->next_node != NOT_TRIED) return;
    bool linked = decides(m, &m->leaves[from->leaf], &m->leaves[m->patterns[to].leaf]);
    from->next_node = linked ? node : NO_NODE;
    from->next = to;
}

const hra_missing_names *hra_missing_memo_find(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    bool same_row = m->last >= 0 && m->row == row && m->chunk == chunk && m->sequence == chunk->sequence;
    int before = same_row ? m->last : -1;
    if (before >= 0 && m->patterns[before].next_node == node) {
        m->last = m->patterns[before].next;
    } else {
        m->last = find_pattern(m, chunk, row, node);
        if (before >= 0 && m->last >= 0) try_link(m, &m->patterns[before], node, m->last);
    }
    m->follows = before >= 0 && m->patterns[before].next_node == node;
    m->chunk = chunk;
    m->sequence = chunk->sequence;
    m->row = row;
    return m->last >= 0 ? m->sets[m->patterns[m->last].set] : &m->found;
}

int hra_missing_memo_pattern(const hra_missing_memo *m, bool *follows)
{
    *follows = m->follows;
    return m->last;
}

void hra_missing_memo_skip(hra_missing_memo *m, int number) { m->last = number; }
