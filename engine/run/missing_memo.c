#include "engine/run/missing_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/run/missing_cuts.h"
#include "engine/run/missing_proof.h"

enum { MOST_BRANCHES = 1 << 17, MOST_LEAVES = 1 << 16, MOST_WAYS = 1 << 21, MOST_SETS = 1 << 14 };
enum { MOST_ANSWER_BYTES = 8 << 20 };

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

/* The end of a way through the tree of one node. Nodes are asked about in the same order for every row, and mostly
 * depend on the same facts: where the questions on the way to another node's leaf are among those on the way to this
 * one, whoever comes here comes there too. */
typedef struct leaf {
    int set;
    size_t way; /* where its questions begin among all */
    int way_length;
    hra_node next_node; /* NOT_TRIED, NO_NODE, or the one whose leaf is `next_leaf` */
    int next_leaf;
} leaf;

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
    int *way; /* of the present call */
    int way_length;
    const hra_chunk *chunk; /* of the last call, with its leaf; -1: none */
    int64_t sequence;
    int row, last;
    bool follows; /* `last` from the leaf before by a link */
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
                            .way = calloc(nodes, sizeof *m->way),
                            .last = -1,
                            .set_of = hra_map_new(),
                            .columns = calloc((size_t)schema->column_count + 1, sizeof *m->columns),
                            .absent = calloc(variables, sizeof *m->absent),
                            .variables = calloc(variables, sizeof *m->variables),
                            .names = calloc(variables, sizeof *m->names)};
    if (m->proof && m->cuts && m->root && m->question_of && m->questions && m->way && m->set_of && m->columns &&
        m->absent && m->variables && m->names)
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

/* The judge's walk. */
static void find_names(hra_missing_memo *m, hra_judge *judge, hra_node node)
{
    int variables = hra_dictionary_count(m->schema->dictionary);
    memset(m->columns, 0, (size_t)m->schema->column_count * sizeof *m->columns);
    memset(m->absent, 0, (size_t)variables * sizeof *m->absent);
    hra_judge_missing_all(judge, node, m->columns, m->absent);
    for (int c = 0; c < m->schema->column_count; c++) /* a variable may have several columns, one per unit */
        if (m->columns[c]) m->absent[m->schema->columns[c].variable] = true;
    m->found = (hra_missing_names){.place = -1, .variables = m->variables, .names = m->names};
    for (int i = 0; i < variables; i++) {
        if (!m->absent[i]) continue;
        m->variables[m->found.count] = i;
        m->names[m->found.count++] = hra_dictionary_at(m->schema->dictionary, i)->name;
    }
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

/* Room for one leaf and its way: what was asked for already and so many questions more. */
static bool reserve_leaf(hra_missing_memo *m, size_t questions)
{
    size_t way = (size_t)m->way_length + questions + 1;
    branch *branches =
        longer(m->branches, m->branch_count, &m->branch_capacity, questions, MOST_BRANCHES, sizeof *branches);
    if (branches) m->branches = branches;
    leaf *leaves = longer(m->leaves, m->leaf_count, &m->leaf_capacity, 1, MOST_LEAVES, sizeof *leaves);
    if (leaves) m->leaves = leaves;
    int *ways = longer(m->ways, m->way_count, &m->way_capacity, way, MOST_WAYS, sizeof *ways);
    if (ways) m->ways = ways;
    return branches && leaves && ways;
}

/* The facts that were not asked for on the way become branches, one below the other. Returns the leaf; -1: no room. */
static int grow(hra_missing_memo *m, hra_node node, const hra_chunk *chunk, int row, int set)
{
    const hra_node *facts;
    hra_judge *judge = hra_row_judge_at(m->rows, chunk, row);
    int count = hra_missing_proof_facts(m->proof, judge, node, &facts), *place = &m->root[node];
    m->full = !reserve_leaf(m, (size_t)count);
    if (m->full) return -1;
    follow(m, chunk, row, &place); /* again: the branches may have moved */
    for (int i = 0; i < count; i++) {
        int asked = question_about(m, facts[i]);
        if (is_among(m->way, m->way_length, asked)) continue;
        branch *b = &m->branches[m->branch_count];
        *b = (branch){.question = asked};
        *place = (int)m->branch_count++;
        m->way[m->way_length++] = asked;
        place = &b->next[ask(m, &m->questions[asked], chunk, row)];
    }
    memcpy(m->ways + m->way_count, m->way, (size_t)m->way_length * sizeof *m->ways);
    m->leaves[m->leaf_count] =
        (leaf){.set = set, .way = m->way_count, .way_length = m->way_length, .next_node = NOT_TRIED};
    m->way_count += (size_t)m->way_length;
    *place = -1 - (int)m->leaf_count;
    return (int)m->leaf_count++;
}

/* ---- asking */

static int find_new_leaf(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    find_names(m, hra_row_judge_at(m->rows, chunk, row), node);
    int set = keep_found(m);
    return set < 0 || m->full ? -1 : grow(m, node, chunk, row, set);
}

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
    if (found < 0) found = find_new_leaf(m, chunk, row, node);
    if (found >= 0) keep_cut(m, chunk, row, node, found);
    return found;
}

/* Whether coming to the one leaf is coming to the other, is tried once. */
static void try_link(const hra_missing_memo *m, leaf *from, hra_node node, int to)
{
    if (from->next_node != NOT_TRIED) return;
    const leaf *next = &m->leaves[to];
    from->next_node = NO_NODE;
    for (int i = 0; i < next->way_length; i++)
        if (!is_among(m->ways + from->way, from->way_length, m->ways[next->way + (size_t)i])) return;
    from->next_node = node;
    from->next_leaf = to;
}

const hra_missing_names *hra_missing_memo_find(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    bool same_row = m->last >= 0 && m->row == row && m->chunk == chunk && m->sequence == chunk->sequence;
    int before = same_row ? m->last : -1;
    if (before >= 0 && m->leaves[before].next_node == node) {
        m->last = m->leaves[before].next_leaf;
    } else {
        m->last = find_leaf(m, chunk, row, node);
        if (before >= 0 && m->last >= 0) try_link(m, &m->leaves[before], node, m->last);
    }
    m->follows = before >= 0 && m->leaves[before].next_node == node;
    m->chunk = chunk;
    m->sequence = chunk->sequence;
    m->row = row;
    return m->last >= 0 ? m->sets[m->leaves[m->last].set] : &m->found;
}

int hra_missing_memo_answers(const hra_missing_memo *m, bool *follows)
{
    *follows = m->follows;
    return m->last;
}

void hra_missing_memo_skip(hra_missing_memo *m, int answers) { m->last = answers; }
