#include "engine/program/frame.h"

#include <stdlib.h>
#include <string.h>

/* Cache lines; a little more than a power of two between slots, so that their same rows do not alias. */
enum { ALIGNMENT = 64, PITCH_EXTRA = 8 };

static void *aligned(size_t bytes)
{
    size_t whole = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    void *memory = aligned_alloc(ALIGNMENT, whole);
    if (memory) memset(memory, 0, whole);
    return memory;
}

static void fill_constants(hra_frame *frame)
{
    const hra_routine *r = frame->routine;
    for (int k = 0; k < r->constant_count; k++)
        for (int lane = 0; lane < HRA_LANES_MAX; lane++)
            frame->constants[(size_t)k * HRA_LANES_MAX + (size_t)lane] = r->constants[k];
    size_t bytes = (size_t)frame->words * sizeof(uint64_t);
    memset(hra_frame_flag(frame, HRA_FLAG_FALSE).known, 0xFF, bytes);
    memset(hra_frame_flag(frame, HRA_FLAG_TRUE).known, 0xFF, bytes);
    memset(hra_frame_flag(frame, HRA_FLAG_TRUE).truth, 0xFF, bytes);
}

static void resolve_operands(hra_frame *frame)
{
    const hra_routine *r = frame->routine;
    for (int k = 0; k < r->number_count; k++) {
        int operand = r->numbers[k];
        if (operand >= 0)
            frame->numbers[k] = (hra_operand){hra_frame_slot(frame, operand), 1};
        else
            frame->numbers[k] = (hra_operand){frame->constants + (size_t)~operand * HRA_LANES_MAX, 0};
    }
    for (int k = 0; k < r->flag_count; k++) frame->flags[k] = hra_frame_flag(frame, r->flags[k]);
}

static void resolve(hra_frame *frame, const hra_instruction *in, hra_call *call, const hra_kernels *kernels,
                    const hra_block_codes *inputs, hra_target *targets)
{
    *call = (hra_call){.numbers = frame->numbers + in->first_number,
                       .flags = frame->flags + in->first_flag,
                       .number_count = in->number_count,
                       .flag_count = in->flag_count,
                       .target = in->target >= 0 ? &targets[in->target] : NULL,
                       .data = in->data,
                       .count = in->count};
    memcpy(call->parameter, in->parameter, sizeof call->parameter);
    if (in->out >= 0) call->out = hra_frame_slot(frame, in->out);
    if (in->flag_out >= 0) call->flag_out = hra_frame_flag(frame, in->flag_out);
    for (int c = 0; c < 2; c++) call->codes[c] = in->columns[c] >= 0 ? &inputs[in->columns[c]] : NULL;
    if (in->kernel != HRA_KERNEL_FOLD) call->run = kernels->run[in->kernel];
}

static bool add_folds(hra_frame *frame, const hra_kernels *kernels)
{
    const hra_routine *r = frame->routine;
    int folds = 0;
    for (int i = 0; i < r->count; i++) {
        if (r->instructions[i].kernel != HRA_KERNEL_FOLD) continue;
        hra_fold_frame *fold = hra_fold_frame_new(r->instructions[i].data, kernels, frame);
        if (!fold) return false;
        frame->folds[folds++] = fold;
        frame->calls[i].run = hra_fold_run;
        frame->calls[i].data = fold;
    }
    return true;
}

hra_frame *hra_frame_new(const hra_routine *routine, const hra_kernels *kernels, int words,
                         const hra_block_codes *inputs, hra_target *targets)
{
    hra_frame *frame = calloc(1, sizeof *frame);
    if (!frame) return NULL;
    frame->routine = routine;
    frame->words = words;
    frame->pitch = (size_t)words * HRA_WORD_ROWS + PITCH_EXTRA;
    frame->slots = aligned((size_t)routine->slots * frame->pitch * sizeof(double));
    frame->constants = aligned((size_t)routine->constant_count * HRA_LANES_MAX * sizeof(double));
    frame->planes = aligned((size_t)routine->flag_slots * 2 * (size_t)words * sizeof(uint64_t));
    frame->numbers = calloc((size_t)routine->number_count + 1, sizeof *frame->numbers);
    frame->flags = calloc((size_t)routine->flag_count + 1, sizeof *frame->flags);
    frame->calls = calloc((size_t)routine->count + 1, sizeof *frame->calls);
    frame->folds = calloc((size_t)routine->fold_count + 1, sizeof(hra_fold_frame *));
    if (!frame->slots || !frame->constants || !frame->planes || !frame->numbers || !frame->flags || !frame->calls ||
        !frame->folds) {
        hra_frame_free(frame);
        return NULL;
    }
    fill_constants(frame);
    resolve_operands(frame);
    for (int i = 0; i < routine->count; i++)
        resolve(frame, &routine->instructions[i], &frame->calls[i], kernels, inputs, targets);
    if (!add_folds(frame, kernels)) {
        hra_frame_free(frame);
        return NULL;
    }
    return frame;
}

void hra_frame_free(hra_frame *frame)
{
    if (!frame) return;
    for (int f = 0; frame->folds && f < frame->routine->fold_count; f++) hra_fold_frame_free(frame->folds[f]);
    free(frame->folds);
    free(frame->slots);
    free(frame->constants);
    free(frame->planes);
    free(frame->numbers);
    free(frame->flags);
    free(frame->calls);
    free(frame);
}
