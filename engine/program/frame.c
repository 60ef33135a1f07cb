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
    double *choices = frame->constants + (size_t)r->constant_count * HRA_LANES_MAX;
    for (int k = 0; k < r->choice_count; k++)
        for (int lane = 0; lane < HRA_LANES_MAX; lane++)
            choices[(size_t)k * HRA_LANES_MAX + (size_t)lane] = r->choices[k][lane % HRA_CHOICES];
}

static uint64_t flip_of(int literal) { return literal & 1 ? UINT64_MAX : 0; }

static void resolve_operands(hra_frame *frame)
{
    const hra_routine *r = frame->routine;
    for (int k = 0; k < r->number_count; k++) {
        int operand = r->numbers[k];
        if (operand <= ~HRA_FIRST_CHOICE) operand += HRA_FIRST_CHOICE - r->constant_count; /* behind the constants */
        if (operand >= 0)
            frame->numbers[k] = (hra_operand){hra_frame_slot(frame, operand), 1};
        else
            frame->numbers[k] = (hra_operand){frame->constants + (size_t)~operand * HRA_LANES_MAX, 0};
    }
    for (int k = 0; k < r->flag_count; k++) {
        int known = r->flags[k].known, truth = r->flags[k].truth;
        frame->flags[k] = (hra_flags){hra_frame_plane(frame, known >> 1), hra_frame_plane(frame, truth >> 1),
                                      flip_of(known), flip_of(truth)};
    }
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
    if (in->known_out >= 0) call->known_out = hra_frame_plane(frame, in->known_out);
    if (in->truth_out >= 0) call->truth_out = hra_frame_plane(frame, in->truth_out);
    for (int c = 0; c < 2; c++) call->codes[c] = in->columns[c] >= 0 ? &inputs[in->columns[c]] : NULL;
    if (in->kernel != HRA_KERNEL_FOLD) call->run = kernels->run[in->kernel];
}

static uint32_t place_of(const hra_frame *frame, int literal)
{
    size_t bytes = frame->plane_words * sizeof(uint64_t) * (size_t)(literal >> 1);
    return (uint32_t)bytes | (literal & 1);
}

static bool stores_planes(const hra_instruction *in)
{
    return in->kernel == HRA_KERNEL_STORE_FLAG || in->kernel == HRA_KERNEL_STORE_PLANE;
}

static bool same_call(const hra_instruction *a, const hra_instruction *b)
{
    return (a->kernel == HRA_KERNEL_GATES && b->kernel == HRA_KERNEL_GATES) || (stores_planes(a) && stores_planes(b));
}

static void add_gate(hra_frame *frame, const hra_instruction *in, hra_call *call, hra_gate *gate)
{
    const hra_literals *inputs = &frame->routine->flags[in->first_flag];
    if (call->count++ == 0) call->data = gate;
    *gate =
        (hra_gate){place_of(frame, inputs->known), place_of(frame, inputs->truth), place_of(frame, 2 * in->truth_out)};
}

/* The known plane and the truth, or the truth alone. */
static int add_stores(hra_frame *frame, const hra_instruction *in, const hra_target *target, hra_call *call,
                      hra_plane_store *store)
{
    const hra_literals *flag = &frame->routine->flags[in->first_flag];
    int added = 0;
    if (call->count == 0) call->data = store;
    if (in->kernel == HRA_KERNEL_STORE_FLAG)
        store[added++] = (hra_plane_store){&target->known, place_of(frame, flag->known)};
    store[added++] = (hra_plane_store){&target->truth, place_of(frame, flag->truth)};
    call->count += added;
    return added;
}

/* One call for each instruction, one for gates or stores of planes in a row. */
static void add_calls(hra_frame *frame, const hra_kernels *kernels, const hra_block_codes *inputs, hra_target *targets)
{
    const hra_routine *r = frame->routine;
    hra_gate *gate = frame->gates;
    hra_plane_store *store = frame->stores;
    for (int i = 0; i < r->count; i++) {
        const hra_instruction *in = &r->instructions[i];
        if (i == 0 || !same_call(in - 1, in)) {
            frame->call_instruction[frame->call_count] = i;
            resolve(frame, in, &frame->calls[frame->call_count++], kernels, inputs, targets);
        }
        hra_call *call = &frame->calls[frame->call_count - 1];
        if (in->kernel == HRA_KERNEL_GATES) add_gate(frame, in, call, gate++);
        if (stores_planes(in)) store += add_stores(frame, in, &targets[in->target], call, store);
        if (in->kernel == HRA_KERNEL_GATES || stores_planes(in)) call->truth_out = frame->planes;
    }
}

static bool add_folds(hra_frame *frame, const hra_kernels *kernels)
{
    const hra_routine *r = frame->routine;
    int folds = 0;
    for (int i = 0; i < frame->call_count; i++) {
        const hra_instruction *in = &r->instructions[frame->call_instruction[i]];
        if (in->kernel != HRA_KERNEL_FOLD) continue;
        hra_fold_frame *fold = hra_fold_frame_new(in->data, kernels, frame);
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
    frame->constants =
        aligned((size_t)(routine->constant_count + routine->choice_count) * HRA_LANES_MAX * sizeof(double));
    frame->plane_words = ((size_t)words + HRA_PLANE_WORDS - 1) / HRA_PLANE_WORDS * HRA_PLANE_WORDS;
    frame->planes = aligned((size_t)routine->planes * frame->plane_words * sizeof(uint64_t));
    frame->numbers = calloc((size_t)routine->number_count + 1, sizeof *frame->numbers);
    frame->flags = calloc((size_t)routine->flag_count + 1, sizeof *frame->flags);
    frame->gates = calloc((size_t)routine->count + 1, sizeof *frame->gates);
    frame->stores = calloc(2 * (size_t)routine->count + 1, sizeof *frame->stores);
    frame->calls = calloc((size_t)routine->count + HRA_CALLS_AHEAD, sizeof *frame->calls);
    frame->call_instruction = calloc((size_t)routine->count + 1, sizeof *frame->call_instruction);
    frame->folds = calloc((size_t)routine->fold_count + 1, sizeof(hra_fold_frame *));
    bool all_reached = (size_t)routine->planes * frame->plane_words * sizeof(uint64_t) <= UINT32_MAX;
    if (!all_reached || !frame->slots || !frame->constants || !frame->planes || !frame->numbers || !frame->flags ||
        !frame->gates || !frame->stores || !frame->calls || !frame->call_instruction || !frame->folds) {
        hra_frame_free(frame);
        return NULL;
    }
    fill_constants(frame);
    resolve_operands(frame);
    add_calls(frame, kernels, inputs, targets);
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
    free(frame->gates);
    free(frame->stores);
    free(frame->call_instruction);
    free(frame->calls);
    free(frame);
}
