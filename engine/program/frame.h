/* A frame: the memory one routine works in, and its instructions with every
 * operand resolved to an address. Belongs to one thread. Internal to
 * engine/program. */
#ifndef HRA_PROGRAM_FRAME_H
#define HRA_PROGRAM_FRAME_H

#include "engine/program/routine.h"

typedef struct hra_fold_frame hra_fold_frame;

typedef struct hra_frame {
    const hra_routine *routine;
    int words;          /* capacity of a block */
    size_t plane_words; /* from one plane to the next */
    size_t pitch;       /* doubles from one slot to the next */
    double *slots;
    double *constants; /* HRA_LANES_MAX of each */
    uint64_t *planes;
    hra_operand *numbers;
    hra_flags *flags;
    hra_gate *gates;
    hra_plane_store *stores;
    hra_call *calls;
    int *call_instruction; /* the first instruction of each call: gates in a row are one call, and stores of planes */
    int call_count;
    hra_fold_frame **folds;
} hra_frame;

/* `inputs` (one per schema column) and `targets` are read when an instruction
 * runs. NULL without memory. */
hra_frame *hra_frame_new(const hra_routine *routine, const hra_kernels *kernels, int words,
                         const hra_block_codes *inputs, hra_target *targets);
void hra_frame_free(hra_frame *frame);

static inline double *hra_frame_slot(const hra_frame *frame, int slot)
{
    return frame->slots + (size_t)slot * frame->pitch;
}
static inline uint64_t *hra_frame_plane(const hra_frame *frame, int plane)
{
    return frame->planes + (size_t)plane * frame->plane_words;
}

/* Calls are many more than a cache holds beside what they work on, and each is read once a block: so those to come are
 * asked for, and a little later what they name. There are so many more than call_count, without meaning. */
enum { HRA_CALLS_AHEAD = 8, HRA_OPERANDS_AHEAD = 4 };

static inline void hra_frame_run(const hra_frame *frame, const hra_block *block)
{
    const hra_call *end = frame->calls + frame->call_count;
    for (const hra_call *call = frame->calls; call < end; call++) {
        const char *ahead = (const char *)(call + HRA_CALLS_AHEAD);
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + sizeof *call / 2);
        __builtin_prefetch(call[HRA_OPERANDS_AHEAD].numbers);
        __builtin_prefetch(call[HRA_OPERANDS_AHEAD].flags);
        call->run(call, block);
    }
}

/* ---- fold.c */
hra_fold_frame *hra_fold_frame_new(const hra_fold_routine *fold, const hra_kernels *kernels, const hra_frame *outer);
void hra_fold_frame_free(hra_fold_frame *fold);
/* The kernel of a fold; call->data is its hra_fold_frame. */
void hra_fold_run(const hra_call *call, const hra_block *block);

#endif
