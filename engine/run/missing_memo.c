#include "engine/run/missing_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/run/missing_proof.h"

enum { MOST_BRANCHES = 1 << 17, MOST_SETS = 1 << 14, MOST_ANSWER_BYTES = 8 << 20 };

/* What a branch of the tree asks for. Answers of one column are kept by code, 0 where nobody had it yet. */
typedef struct question {
    hra_node node;
    int column;
    uint8_t *answers; /* NULL: the judge is asked every time */
} question;

/* Where an answer leads: to the branch `next`, to the set -1 - `next`, or, 0, to nothing that is remembered. Branch 0
 * does not exist. */
typedef struct branch {
    int question;
    int next[HRA_ANSWER_END];
} branch;

struct hra_missing_memo {
    const hra_graph *graph;
    const hra_schema *schema;
    hra_row_judge *rows;
    hra_missing_proof *proof;
    int *root;        /* by node, like `next` of a branch */
    int *question_of; /* by node, 1 + its place; 0: none yet */
    question *questions;
    int question_count;
    size_t answer_bytes;
    branch *branches;
    int branch_count, branch_capacity;
    uint32_t *asked; /* by question: the call that has its answer on its way through the tree */
    uint32_t call;
    hra_missing_names **sets;
    int set_count, set_capacity;
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
                            .root = calloc(nodes, sizeof *m->root),
                            .question_of = calloc(nodes, sizeof *m->question_of),
                            .questions = calloc(nodes, sizeof *m->questions),
                            .asked = calloc(nodes, sizeof *m->asked),
                            .branch_count = 1,
                            .set_of = hra_map_new(),
                            .columns = calloc((size_t)schema->column_count + 1, sizeof *m->columns),
                            .absent = calloc(variables, sizeof *m->absent),
                            .variables = calloc(variables, sizeof *m->variables),
                            .names = calloc(variables, sizeof *m->names)};
    if (m->proof && m->root && m->question_of && m->questions && m->asked && m->set_of && m->columns && m->absent &&
        m->variables && m->names)
        return m;
    hra_missing_memo_free(m);
    return NULL;
}

void hra_missing_memo_free(hra_missing_memo *m)
{
    if (!m) return;
    for (int i = 0; i < m->question_count; i++) free(m->questions[i].answers);
    for (int i = 0; i < m->set_count; i++) free(m->sets[i]);
    hra_missing_proof_free(m->proof);
    free(m->root);
    free(m->question_of);
    free(m->questions);
    free(m->branches);
    free(m->asked);
    free(m->sets);
    hra_map_free(m->set_of);
    free(m->columns);
    free(m->absent);
    free(m->variables);
    free(m->names);
    free(m);
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
        size_t codes = (size_t)m->schema->columns[q->column].levels + 1;
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
    m->found = (hra_missing_names){.variables = m->variables, .names = m->names};
    for (int i = 0; i < variables; i++) {
        if (!m->absent[i]) continue;
        m->variables[m->found.count] = i;
        m->names[m->found.count++] = hra_dictionary_at(m->schema->dictionary, i)->name;
    }
}

/* A copy in one block: the set, its names, its variables. */
static hra_missing_names *copy_set(const hra_missing_names *set)
{
    size_t count = (size_t)set->count;
    hra_missing_names *copy = malloc(sizeof *copy + count * (sizeof(char *) + sizeof(int)));
    if (!copy) return NULL;
    const char **names = (const char **)(copy + 1);
    int *variables = (int *)(names + count);
    memcpy(names, set->names, count * sizeof *names);
    memcpy(variables, set->variables, count * sizeof *variables);
    *copy = (hra_missing_names){set->count, variables, names};
    return copy;
}

static bool reserve_set(hra_missing_memo *m)
{
    if (m->set_count < m->set_capacity) return true;
    if (m->set_count == MOST_SETS) return false;
    int capacity = m->set_capacity ? 2 * m->set_capacity : 64;
    hra_missing_names **more = realloc(m->sets, (size_t)capacity * sizeof(hra_missing_names *));
    if (!more) return false;
    m->sets = more;
    m->set_capacity = capacity;
    return true;
}

/* The place of what was found among the sets, or -1: no room. */
static int keep_found(hra_missing_memo *m)
{
    const char *key = (const char *)m->found.variables;
    size_t length = (size_t)m->found.count * sizeof *m->found.variables;
    int64_t place = hra_map_get_n(m->set_of, key, length);
    if (place >= 0) return (int)place;
    hra_missing_names *set = reserve_set(m) ? copy_set(&m->found) : NULL;
    if (!set) return -1;
    m->sets[m->set_count] = set;
    if (hra_map_set_n(m->set_of, key, length, m->set_count) == 0) return m->set_count++;
    free(set);
    return -1;
}

/* ---- the tree */

/* Follows the answers of this row; *place is where they lead. NULL: to nothing, and *place is where it could stand. */
static const hra_missing_names *follow(hra_missing_memo *m, const hra_chunk *chunk, int row, int **place)
{
    while (**place > 0) {
        branch *b = &m->branches[**place];
        m->asked[b->question] = m->call;
        *place = &b->next[ask(m, &m->questions[b->question], chunk, row)];
    }
    return **place < 0 ? m->sets[-1 - **place] : NULL;
}

static bool reserve_branches(hra_missing_memo *m, int many)
{
    if (m->branch_count + many <= m->branch_capacity) return true;
    if (m->branch_count + many > MOST_BRANCHES) return false;
    int capacity = m->branch_capacity ? m->branch_capacity : 256;
    while (capacity < m->branch_count + many) capacity *= 2;
    branch *more = realloc(m->branches, (size_t)capacity * sizeof *more);
    if (!more) return false;
    m->branches = more;
    m->branch_capacity = capacity;
    return true;
}

/* The facts that were not asked for on the way become branches, one below the other. */
static void grow(hra_missing_memo *m, hra_node node, const hra_chunk *chunk, int row, int set)
{
    const hra_node *facts;
    hra_judge *judge = hra_row_judge_at(m->rows, chunk, row);
    int count = hra_missing_proof_facts(m->proof, judge, node, &facts), *place = &m->root[node];
    if (!reserve_branches(m, count)) return;
    follow(m, chunk, row, &place); /* again: the branches may have moved */
    for (int i = 0; i < count; i++) {
        int asked = question_about(m, facts[i]);
        if (m->asked[asked] == m->call) continue;
        branch *b = &m->branches[m->branch_count];
        *b = (branch){.question = asked};
        *place = m->branch_count++;
        place = &b->next[ask(m, &m->questions[asked], chunk, row)];
    }
    *place = -1 - set;
}

const hra_missing_names *hra_missing_memo_find(hra_missing_memo *m, const hra_chunk *chunk, int row, hra_node node)
{
    if (++m->call == 0) {
        memset(m->asked, 0, (size_t)hra_graph_count(m->graph) * sizeof *m->asked);
        m->call = 1;
    }
    int *place = &m->root[node];
    const hra_missing_names *known = follow(m, chunk, row, &place);
    if (known) return known;
    find_names(m, hra_row_judge_at(m->rows, chunk, row), node);
    int kept = keep_found(m);
    if (kept >= 0) grow(m, node, chunk, row, kept);
    return &m->found;
}
