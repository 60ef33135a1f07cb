#include "service/signoff/definitions_diff.h"

#include <stdlib.h>
#include <string.h>

/* What an output can be: its levels (a flag: absent, present), unknown, and not computed on this side. */
typedef struct side_output {
    int index; /* -1: this side has no such output */
    int states;
} side_output;

typedef struct change {
    const hra_output *output; /* of the side that has it */
    const hra_declaration *declaration;
    side_output from, to;
    size_t first; /* of its table in the counts: from.states rows of to.states cells */
} change;

enum { GROUPS = 4 }; /* 0: risk categories, 1: findings, 2: levels, 3: everything else (advice, items ...) */

typedef struct worker {
    hra_workspace *workspace;
    hra_results *results;
    int64_t *counts;
    unsigned char *touched; /* by row: bits of the groups in which something changes */
    int64_t people, changed, changed_in[GROUPS];
} worker;

struct hra_diff {
    hra_sink sink; /* first: the sink is the diff */
    hra_diff_side before, after;
    change *changes;
    int change_count;
    size_t cells;
    worker *workers;
    int worker_count;
};

/* ---- what is compared --------------------------------------------------------------------- */

static bool is_compared(const hra_output *o)
{
    return o->kind != HRA_OUTPUT_NUMBER && o->role != HRA_ROLE_AGGREGATE && o->role != HRA_ROLE_DERIVED &&
           o->role != HRA_ROLE_MODEL;
}

static int find_output(const hra_diff_side *side, const hra_output *like)
{
    for (int i = 0; i < side->output_count; i++)
        if (side->outputs[i].kind == like->kind && strcmp(side->outputs[i].id, like->id) == 0) return i;
    return -1;
}

static int level_count(const hra_output *o) { return o->kind == HRA_OUTPUT_FLAG ? 2 : o->level_count; }

static side_output side_of(const hra_diff_side *side, int index)
{
    return (side_output){index, index < 0 ? 1 : level_count(&side->outputs[index]) + 1};
}

static void add_change(hra_diff *d, int before, int after)
{
    change *c = &d->changes[d->change_count++];
    const hra_diff_side *side = after >= 0 ? &d->after : &d->before;
    c->output = &side->outputs[after >= 0 ? after : before];
    c->declaration = hra_library_find(side->library, c->output->owner);
    c->from = side_of(&d->before, before);
    c->to = side_of(&d->after, after);
    c->first = d->cells;
    d->cells += (size_t)c->from.states * (size_t)c->to.states;
}

static hra_code pair_outputs(hra_diff *d, hra_error *error)
{
    d->changes = calloc((size_t)d->before.output_count + (size_t)d->after.output_count + 1, sizeof *d->changes);
    if (!d->changes) return hra_out_of_memory(error);
    for (int i = 0; i < d->before.output_count; i++)
        if (is_compared(&d->before.outputs[i])) add_change(d, i, find_output(&d->after, &d->before.outputs[i]));
    for (int i = 0; i < d->after.output_count; i++)
        if (is_compared(&d->after.outputs[i]) && find_output(&d->before, &d->after.outputs[i]) < 0)
            add_change(d, -1, i);
    return HRA_OK;
}

/* ---- counting -------------------------------------------------------------------------------- */

static int group_of(const hra_output *o)
{
    switch (o->role) {
    case HRA_ROLE_PANEL: return 0;
    case HRA_ROLE_FACTOR: return 1;
    case HRA_ROLE_TIER: return 2;
    default: return 3;
    }
}

static inline int state_of(const side_output *side, const hra_results *results, int row)
{
    if (side->index < 0) return 0;
    double value = hra_results_value(results, side->index, row);
    return value >= 0 && value < side->states - 1 ? (int)value : side->states - 1;
}

static const char *state_name(const hra_diff_side *side, const side_output *s, int state)
{
    static const char *const flags[] = {"absent", "present"};
    if (s->index < 0) return "not computed";
    if (state == s->states - 1) return "unknown";
    const hra_output *o = &side->outputs[s->index];
    return o->kind == HRA_OUTPUT_FLAG ? flags[state] : o->levels[state];
}

static bool is_change(const hra_diff *d, const change *c, int from, int to)
{
    return strcmp(state_name(&d->before, &c->from, from), state_name(&d->after, &c->to, to)) != 0;
}

static void count_change(const hra_diff *d, const change *c, const hra_results *before, const worker *w, int rows)
{
    enum { MOST = 256 }; /* of states whose pairs are known beforehand */
    int64_t *table = w->counts + c->first;
    const unsigned char bit = (unsigned char)(1u << group_of(c->output));
    bool differs[MOST];
    int cells = c->from.states * c->to.states;
    for (int k = 0; k < cells && k < MOST; k++) differs[k] = is_change(d, c, k / c->to.states, k % c->to.states);
    for (int row = 0; row < rows; row++) {
        int from = state_of(&c->from, before, row), to = state_of(&c->to, w->results, row);
        int cell = from * c->to.states + to;
        table[cell]++;
        if (cell < MOST ? differs[cell] : is_change(d, c, from, to)) w->touched[row] |= bit;
    }
}

static hra_code make_room(hra_diff *d, worker *w, int rows, hra_error *error)
{
    if (w->results && w->results->capacity >= rows) return HRA_OK;
    hra_results_free(w->results);
    free(w->touched);
    w->results = hra_program_results(d->after.program, rows);
    w->touched = malloc((size_t)rows + 1);
    if (w->results && w->touched) return HRA_OK;
    return hra_fail(error, HRA_ENOMEM, "out of memory for results of %d rows", rows);
}

static hra_code compare_chunk(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                              void **prepared, hra_error *error)
{
    hra_diff *d = (hra_diff *)sink;
    worker *w = &d->workers[thread];
    *prepared = NULL;
    HRA_TRY(make_room(d, w, chunk->rows, error));
    HRA_TRY(hra_program_score(d->after.program, w->workspace, chunk, w->results, error));
    memset(w->touched, 0, (size_t)chunk->rows);
    for (int i = 0; i < d->change_count; i++) count_change(d, &d->changes[i], results, w, chunk->rows);
    w->people += chunk->rows;
    for (int row = 0; row < chunk->rows; row++) {
        w->changed += w->touched[row] != 0;
        for (int g = 0; g < GROUPS; g++) w->changed_in[g] += w->touched[row] >> g & 1;
    }
    return HRA_OK;
}

/* ---- life -------------------------------------------------------------------------------------- */

static hra_code open_workers(hra_diff *d, int threads, hra_error *error)
{
    d->workers = calloc((size_t)threads, sizeof *d->workers);
    if (!d->workers) return hra_out_of_memory(error);
    d->worker_count = threads;
    for (int i = 0; i < threads; i++) {
        d->workers[i].workspace = hra_workspace_new(d->after.program);
        d->workers[i].counts = calloc(d->cells + 1, sizeof(int64_t));
        if (!d->workers[i].workspace || !d->workers[i].counts) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_diff_new(const hra_diff_side *before, const hra_diff_side *after, int threads, hra_diff **out,
                      hra_error *error)
{
    hra_diff *d = calloc(1, sizeof *d);
    if (!d) return hra_out_of_memory(error);
    d->sink.prepare = compare_chunk;
    d->before = *before;
    d->after = *after;
    hra_code code = pair_outputs(d, error);
    if (code == HRA_OK) code = open_workers(d, threads, error);
    if (code == HRA_OK)
        *out = d;
    else
        hra_diff_free(d);
    return code;
}

void hra_diff_free(hra_diff *diff)
{
    if (!diff) return;
    for (int i = 0; i < diff->worker_count; i++) {
        hra_workspace_free(diff->workers[i].workspace);
        hra_results_free(diff->workers[i].results);
        free(diff->workers[i].counts);
        free(diff->workers[i].touched);
    }
    free(diff->workers);
    free(diff->changes);
    free(diff);
}

hra_sink *hra_diff_sink(hra_diff *diff) { return &diff->sink; }

/* ---- telling -------------------------------------------------------------------------------------- */

static int64_t people(const hra_diff *d, const change *c, int from, int to)
{
    int64_t sum = 0;
    size_t cell = c->first + (size_t)from * (size_t)c->to.states + (size_t)to;
    for (int i = 0; i < d->worker_count; i++) sum += d->workers[i].counts[cell];
    return sum;
}

static const char *role_word(const hra_output *o)
{
    if (o->role == HRA_ROLE_PANEL) return "risk";
    if (o->role == HRA_ROLE_FACTOR) return "factor";
    if (o->role == HRA_ROLE_TIER) return "tier";
    return o->role == HRA_ROLE_PRESCRIPTION ? "prescription" : "service";
}

static void csv_row(const hra_diff *d, const change *c, int from, int to, int64_t count, hra_buffer *out)
{
    const char *title = c->declaration ? hra_declaration_text(c->declaration, "title", "en") : NULL;
    const char *chinese = c->declaration ? hra_declaration_text(c->declaration, "title", "zh") : NULL;
    hra_buffer_printf(out, "%s,%s,", role_word(c->output), c->output->id);
    hra_buffer_csv(out, title ? title : "");
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, chinese ? chinese : "");
    hra_buffer_printf(out, ",%s,%s,%lld\n", state_name(&d->before, &c->from, from), state_name(&d->after, &c->to, to),
                      (long long)count);
}

hra_code hra_diff_csv(const hra_diff *diff, hra_buffer *out, hra_error *error)
{
    hra_buffer_text(out, "kind,id,title,title_zh,from,to,people\n");
    for (int i = 0; i < diff->change_count; i++) {
        const change *c = &diff->changes[i];
        for (int from = 0; from < c->from.states; from++)
            for (int to = 0; to < c->to.states; to++) {
                int64_t count = people(diff, c, from, to);
                bool listed = c->output->kind == HRA_OUTPUT_CATEGORY || is_change(diff, c, from, to);
                if (count && listed) csv_row(diff, c, from, to, count, out);
            }
    }
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

static void text_line(const hra_diff *d, const change *c, hra_buffer *out)
{
    bool some = false;
    for (int from = 0; from < c->from.states; from++)
        for (int to = 0; to < c->to.states; to++) {
            int64_t count = people(d, c, from, to);
            if (!count || !is_change(d, c, from, to)) continue;
            if (some)
                hra_buffer_text(out, "; ");
            else
                hra_buffer_printf(out, "%s %s: ", role_word(c->output), c->output->id);
            hra_buffer_printf(out, "%lld %s -> %s", (long long)count, state_name(&d->before, &c->from, from),
                              state_name(&d->after, &c->to, to));
            some = true;
        }
    if (some) hra_buffer_char(out, '\n');
}

hra_code hra_diff_text(const hra_diff *diff, hra_buffer *out, hra_error *error)
{
    worker total = {0};
    for (int i = 0; i < diff->worker_count; i++) {
        const worker *w = &diff->workers[i];
        total.people += w->people;
        total.changed += w->changed;
        for (int g = 0; g < GROUPS; g++) total.changed_in[g] += w->changed_in[g];
    }
    hra_buffer_printf(out,
                      "%lld of %lld people change: %lld in risk categories, %lld in findings, %lld in levels, "
                      "%lld in advice and services\n",
                      (long long)total.changed, (long long)total.people, (long long)total.changed_in[0],
                      (long long)total.changed_in[1], (long long)total.changed_in[2], (long long)total.changed_in[3]);
    for (int i = 0; i < diff->change_count; i++) text_line(diff, &diff->changes[i], out);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}
