/* Running a fold: the rows that need it move together into a dense block of
 * their own, the body runs over it once per row of the table, and the emits go
 * back to where their rows came from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/program/frame.h"

struct hra_fold_frame {
    const hra_fold_routine *routine;
    const hra_frame *outer;
    hra_frame *body;
    int *rows;                /* the rows that are computed, in order */
    uint64_t *needed, *known; /* a bit for each row */
    hra_kernel find_known;
};

hra_fold_frame *hra_fold_frame_new(const hra_fold_routine *fold, const hra_kernels *kernels, const hra_frame *outer)
{
    hra_fold_frame *frame = calloc(1, sizeof *frame);
    if (!frame) return NULL;
    frame->routine = fold;
    frame->outer = outer;
    frame->body = hra_frame_new(fold->body, kernels, outer->words, NULL, NULL);
    frame->rows = calloc((size_t)outer->words * HRA_WORD_ROWS, sizeof *frame->rows);
    frame->needed = calloc((size_t)outer->words, sizeof *frame->needed);
    frame->known = calloc((size_t)outer->words, sizeof *frame->known);
    frame->find_known = kernels->run[HRA_KERNEL_KNOWN];
    if (frame->body && frame->rows && frame->needed && frame->known) return frame;
    hra_fold_frame_free(frame);
    return NULL;
}

void hra_fold_frame_free(hra_fold_frame *fold)
{
    if (!fold) return;
    hra_frame_free(fold->body);
    free(fold->rows);
    free(fold->needed);
    free(fold->known);
    free(fold);
}

/* Rows whose guards hold. */
static void ask_guards(const hra_fold_frame *f, const hra_call *call, const hra_block *block)
{
    for (int w = 0; w < block->words; w++) {
        int left = block->rows - w * HRA_WORD_ROWS;
        uint64_t needed = left >= HRA_WORD_ROWS ? UINT64_MAX : left > 0 ? (UINT64_C(1) << left) - 1 : 0;
        for (int g = 0; g < call->flag_count; g++) {
            uint64_t truth = hra_flag_truth(&call->flags[g], w), known = hra_flag_known(&call->flags[g], w);
            needed &= f->routine->guard_truth >> g & 1 ? truth : known & ~truth;
        }
        f->needed[w] = needed;
    }
}

/* Rows whose guards hold and whose initial states and captures (unless the fold is open) are known. */
static int find_rows(const hra_fold_frame *f, const hra_call *call, const hra_block *block)
{
    ask_guards(f, call, block);
    hra_call known = {.truth_out = f->known, .number_count = 1};
    for (int k = f->routine->fold->open ? f->routine->fold->capture_count : 0; k < call->number_count; k++) {
        known.numbers = &call->numbers[k];
        f->find_known(&known, block);
        for (int w = 0; w < block->words; w++) f->needed[w] &= f->known[w];
    }
    int count = 0;
    for (int w = 0; w < block->words; w++)
        for (uint64_t needed = f->needed[w]; needed; needed &= needed - 1)
            f->rows[count++] = w * HRA_WORD_ROWS + __builtin_ctzll(needed);
    return count;
}

static void collect(const hra_fold_frame *f, int count, hra_operand from, double *to)
{
    for (int k = 0; k < count; k++) to[k] = from.data[(size_t)f->rows[k] * from.step];
}

/* Emits asked for after this row of the table (-1: before the first). */
static void emit(const hra_fold_frame *f, int count, int row)
{
    const hra_fold *fold = f->routine->fold;
    for (int e = 0; e < fold->emit_count; e++) {
        if (!f->routine->emit_wanted[e] || fold->emit_row[e] != row) continue;
        const double *state = hra_frame_slot(f->body, fold->emit_state[e]);
        double *out = hra_frame_slot(f->outer, f->routine->first_emit + e);
        for (int k = 0; k < count; k++) out[f->rows[k]] = state[k];
    }
}

static void clear_emits(const hra_fold_frame *f, const hra_block *block)
{
    size_t rows = (size_t)block->words * HRA_WORD_ROWS;
    for (int e = 0; e < f->routine->fold->emit_count; e++) {
        if (!f->routine->emit_wanted[e]) continue;
        double *out = hra_frame_slot(f->outer, f->routine->first_emit + e);
        for (size_t i = 0; i < rows; i++) out[i] = (double)NAN;
    }
}

static void set_constant(const hra_frame *body, int constant, double value)
{
    for (int lane = 0; lane < HRA_LANES_MAX; lane++) body->constants[constant * HRA_LANES_MAX + lane] = value;
}

static void set_row(const hra_fold_frame *f, int row)
{
    int values = f->routine->fold->value_count;
    size_t first = (size_t)row * (size_t)values;
    for (int v = 0; v < values; v++) {
        set_constant(f->body, v, f->routine->fold->rows[first + (size_t)v]);
        set_constant(f->body, values + v, f->routine->logarithms[first + (size_t)v]);
    }
}

void hra_fold_run(const hra_call *call, const hra_block *block)
{
    hra_fold_frame *f = (hra_fold_frame *)call->data;
    const hra_fold *fold = f->routine->fold;
    clear_emits(f, block);
    int count = find_rows(f, call, block);
    if (count == 0) return;
    for (int k = 0; k < fold->capture_count; k++)
        collect(f, count, call->numbers[k], hra_frame_slot(f->body, 2 * fold->state_count + k));
    for (int s = 0; s < fold->state_count; s++)
        collect(f, count, call->numbers[fold->capture_count + s], hra_frame_slot(f->body, s));
    emit(f, count, -1);
    hra_block dense = {count, (count + HRA_WORD_ROWS - 1) / HRA_WORD_ROWS};
    for (int row = 0; row < f->routine->rows; row++) {
        set_row(f, row);
        hra_frame_run(f->body, &dense);
        emit(f, count, row);
    }
}
