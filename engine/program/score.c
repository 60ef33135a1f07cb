/* Scoring a chunk: block by block, codes in, results out. A block with a value
 * that its code cannot hold (an exception) runs through the plain routine, with
 * the value patched in where the code was widened. */
#include <stdlib.h>
#include <string.h>

#include "engine/program/frame.h"
#include "engine/program/program_internal.h"
#include "engine/graph/judge.h"

struct hra_workspace {
    const hra_program *program;
    hra_frame *tabulated, *plain;
    hra_block_codes *inputs; /* of every schema column, for the present block */
    void **padding;          /* of every wanted column: one block of codes */
    hra_target *targets;
    hra_judge *judge; /* where there are no kernels */
    double *person;
};

/* ---- the workspace ----------------------------------------------------------------- */

static bool add_frames(hra_workspace *w)
{
    const hra_program *p = w->program;
    size_t columns = (size_t)p->schema->column_count;
    w->inputs = calloc(columns + 1, sizeof *w->inputs);
    w->padding = calloc(columns + 1, sizeof *w->padding);
    w->targets = calloc((size_t)(p->output_count + p->sets.count) + 1, sizeof *w->targets);
    if (!w->inputs || !w->padding || !w->targets) return false;
    for (size_t c = 0; c < columns; c++) {
        if (!p->wanted[c]) continue;
        size_t code = hra_column_wide(&p->schema->columns[c]) ? sizeof(uint32_t) : sizeof(uint16_t);
        w->padding[c] = calloc((size_t)p->block_words * HRA_WORD_ROWS, code);
        if (!w->padding[c]) return false;
    }
    w->plain = hra_frame_new(p->plain, p->kernels, p->block_words, w->inputs, w->targets);
    if (p->tabulated) w->tabulated = hra_frame_new(p->tabulated, p->kernels, p->block_words, w->inputs, w->targets);
    return w->plain && (w->tabulated || !p->tabulated);
}

static bool add_judge(hra_workspace *w)
{
    w->judge = hra_judge_new(w->program->graph);
    w->person = calloc((size_t)w->program->schema->column_count + 1, sizeof *w->person);
    return w->judge && w->person;
}

hra_workspace *hra_workspace_new(const hra_program *program)
{
    hra_workspace *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->program = program;
    if (program->kernels ? add_frames(w) : add_judge(w)) return w;
    hra_workspace_free(w);
    return NULL;
}

void hra_workspace_free(hra_workspace *workspace)
{
    if (!workspace) return;
    for (int c = 0; workspace->padding && c < workspace->program->schema->column_count; c++)
        free(workspace->padding[c]);
    free(workspace->padding);
    free(workspace->inputs);
    free(workspace->targets);
    hra_frame_free(workspace->tabulated);
    hra_frame_free(workspace->plain);
    if (workspace->judge) hra_judge_free(workspace->judge);
    free(workspace->person);
    free(workspace);
}

/* ---- inputs ----------------------------------------------------------------------------- */

static const char *name_of(const hra_program *p, int column)
{
    const hra_schema *schema = p->schema;
    return schema->dictionary ? hra_dictionary_at(schema->dictionary, schema->columns[column].variable)->name : "?";
}

static hra_code check_column(const hra_program *p, const hra_chunk *chunk, int c, hra_error *error)
{
    const hra_column *column = &p->schema->columns[c];
    const hra_codes *codes = &chunk->columns[c];
    if (hra_column_wide(column) ? codes->u16 != NULL : codes->u32 != NULL)
        return hra_fail(error, HRA_EINTERNAL, "the codes of column %s have the wrong width", name_of(p, c));
    uint32_t highest = codes->constant;
    if (codes->u16) highest = p->kernels->highest16(codes->u16, chunk->rows);
    if (codes->u32) highest = p->kernels->highest32(codes->u32, chunk->rows);
    if (highest <= hra_column_escape(column)) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "column %s, chunk %lld: code %u is beyond the last one (%u); the input is damaged", name_of(p, c),
                    (long long)chunk->sequence, highest, hra_column_escape(column));
}

/* Patching relies on the order of the rows and on columns that exist. */
static hra_code check_exceptions(const hra_program *p, const hra_chunk *chunk, hra_error *error)
{
    int32_t row = 0;
    for (int k = 0; k < chunk->exception_count; k++) {
        const hra_exception *e = &chunk->exceptions[k];
        if (e->row < row || e->row >= chunk->rows || e->column < 0 || e->column >= p->schema->column_count)
            return hra_fail(error, HRA_EINPUT,
                            "chunk %lld: exception %d (row %d, column %d) is out of place; the input is damaged",
                            (long long)chunk->sequence, k, e->row, e->column);
        row = e->row;
    }
    return HRA_OK;
}

static hra_code check_chunk(const hra_program *p, const hra_chunk *chunk, const hra_results *results, hra_error *error)
{
    if (chunk->rows < 0 || chunk->rows > results->capacity)
        return hra_fail(error, HRA_EINTERNAL, "a chunk of %d rows does not fit results of %d", chunk->rows,
                        results->capacity);
    for (int c = 0; p->kernels && c < p->schema->column_count; c++)
        if (p->wanted[c]) HRA_TRY(check_column(p, chunk, c, error));
    return check_exceptions(p, chunk, error);
}

static void fill16(uint16_t *to, uint16_t code, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = code;
}

static void fill32(uint32_t *to, uint32_t code, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = code;
}

/* Points at the codes of the block's rows; a block that ends inside a word is copied and padded with missing. */
static void set_input(hra_workspace *w, const hra_chunk *chunk, int c, int start, const hra_block *block)
{
    const hra_codes *codes = &chunk->columns[c];
    size_t rows = (size_t)block->rows, padded = (size_t)block->words * HRA_WORD_ROWS;
    uint32_t missing = hra_column_missing(&w->program->schema->columns[c]);
    bool constant = !codes->u16 && !codes->u32;
    if (hra_column_wide(&w->program->schema->columns[c])) {
        uint32_t *own = w->padding[c];
        if (constant)
            fill32(own, codes->constant, padded);
        else if (rows == padded)
            own = NULL;
        else {
            memcpy(own, codes->u32 + start, rows * sizeof *own);
            fill32(own + rows, missing, padded - rows);
        }
        w->inputs[c] = (hra_block_codes){NULL, own ? own : codes->u32 + start};
    } else {
        uint16_t *own = w->padding[c];
        if (constant)
            fill16(own, (uint16_t)codes->constant, padded);
        else if (rows == padded)
            own = NULL;
        else {
            memcpy(own, codes->u16 + start, rows * sizeof *own);
            fill16(own + rows, (uint16_t)missing, padded - rows);
        }
        w->inputs[c] = (hra_block_codes){own ? own : codes->u16 + start, NULL};
    }
}

/* ---- exceptions --------------------------------------------------------------------------- */

typedef struct exceptions {
    const hra_exception *items; /* from the block's first one */
    int count;                  /* to the chunk's last */
} exceptions;

/* Goes on to the block at `start`; true if it has an exception that the program reads. */
static bool next_exceptions(exceptions *e, const bool *wanted, int start, int rows)
{
    while (e->count > 0 && e->items->row < start) {
        e->items++;
        e->count--;
    }
    for (int k = 0; k < e->count && e->items[k].row < start + rows; k++)
        if (wanted[e->items[k].column]) return true;
    return false;
}

static void patch(const hra_frame *frame, const hra_instruction *in, const exceptions *e, int start, int rows)
{
    for (int k = 0; k < e->count && e->items[k].row < start + rows; k++) {
        const hra_exception *x = &e->items[k];
        if (x->column != in->columns[0]) continue;
        int row = x->row - start;
        if (in->out >= 0) {
            hra_frame_slot(frame, in->out)[row] = x->value;
            continue;
        }
        uint64_t bit = UINT64_C(1) << (row % HRA_WORD_ROWS);
        bool known = !isnan(x->value), truth = known && x->value != 0;
        uint64_t *k_word = hra_frame_plane(frame, in->known_out) + row / HRA_WORD_ROWS;
        uint64_t *t_word = hra_frame_plane(frame, in->truth_out) + row / HRA_WORD_ROWS;
        *k_word = known ? *k_word | bit : *k_word & ~bit;
        *t_word = truth ? *t_word | bit : *t_word & ~bit;
    }
}

static void run_patched(const hra_frame *frame, const hra_block *block, const exceptions *e, int start)
{
    for (int i = 0; i < frame->call_count; i++) {
        const hra_instruction *in = &frame->routine->instructions[frame->call_instruction[i]];
        frame->calls[i].run(&frame->calls[i], block);
        if (in->columns[0] >= 0) patch(frame, in, e, start, block->rows);
    }
}

/* ---- scoring -------------------------------------------------------------------------------- */

/* The first row is that of a word. */
static hra_target target_of(const hra_results *r, int output, int start)
{
    hra_target t = {0};
    if (r->numbers[output]) t.numbers = r->numbers[output] + start;
    if (r->known[output]) t.known = r->known[output] + start / HRA_WORD_ROWS;
    if (r->truth[output]) t.truth = r->truth[output] + start / HRA_WORD_ROWS;
    if (r->levels[output]) t.levels = r->levels[output] + start;
    if (r->status[output]) t.status = r->status[output] + start;
    return t;
}

static void score_block(hra_workspace *w, const hra_chunk *chunk, int start, int rows, exceptions *e,
                        hra_results *results)
{
    const hra_program *p = w->program;
    hra_block block = {rows, (rows + HRA_WORD_ROWS - 1) / HRA_WORD_ROWS};
    for (int c = 0; c < p->schema->column_count; c++)
        if (p->wanted[c]) set_input(w, chunk, c, start, &block);
    for (int i = 0; i < p->output_count; i++) w->targets[i] = target_of(results, i, start);
    for (int k = 0; k < p->sets.count; k++)
        w->targets[p->output_count + k].truth = results->sets[k] + start / HRA_WORD_ROWS;
    if (next_exceptions(e, p->wanted, start, rows))
        run_patched(w->plain, &block, e, start);
    else
        hra_frame_run(w->tabulated ? w->tabulated : w->plain, &block);
}

static void judge_rows(hra_workspace *w, const hra_chunk *chunk, hra_results *results)
{
    const hra_program *p = w->program;
    for (int row = 0; row < chunk->rows; row++) {
        hra_chunk_person(p->schema, chunk, row, w->person);
        hra_judge_person(w->judge, w->person);
        for (int i = 0; i < p->output_count; i++) {
            hra_results_put(results, i, row, hra_judge_value(w->judge, p->outputs[i].value));
            if (p->outputs[i].status_of == i)
                hra_results_put_status(results, i, row, hra_judge_status(w->judge, &p->outputs[i]));
        }
    }
}

hra_code hra_program_score(const hra_program *program, hra_workspace *workspace, const hra_chunk *chunk,
                           hra_results *results, hra_error *error)
{
    HRA_TRY(check_chunk(program, chunk, results, error));
    results->rows = chunk->rows;
    if (!program->kernels) {
        judge_rows(workspace, chunk, results);
        return HRA_OK;
    }
    exceptions e = {chunk->exceptions, chunk->exception_count};
    for (int start = 0; start < chunk->rows; start += program->block_rows) {
        int left = chunk->rows - start;
        score_block(workspace, chunk, start, left < program->block_rows ? left : program->block_rows, &e, results);
    }
    return HRA_OK;
}
