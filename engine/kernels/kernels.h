/* The kernels: what the processor does for one block of rows.
 *
 * A block is `words` words of 64 rows. A number slot holds one double per row,
 * unknown is any NaN; a plane holds one bit per row. A flag is two planes,
 * `truth` a subset of `known`; either may be read inverted. Rows beyond `rows` are padding: kernels may compute
 * anything there, but never read or write outside the slots.
 *
 * kernels.inc.h defines the kernels once; each kernels_ISA.c gives it that
 * processor's vector vocabulary. All sets give the same bits.
 */
#ifndef HRA_KERNELS_KERNELS_H
#define HRA_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { HRA_WORD_ROWS = 64, HRA_LANES_MAX = 8 };

/* A number operand: a slot (step 1), or a constant as HRA_LANES_MAX equal doubles (step 0). */
typedef struct hra_operand {
    const double *data;
    size_t step;
} hra_operand;

/* A flag operand: the planes and what every word is flipped with, all zeros or all ones. */
typedef struct hra_flags {
    const uint64_t *known, *truth;
    uint64_t flip_known, flip_truth;
} hra_flags;

static inline uint64_t hra_flag_known(const hra_flags *flag, int word) { return flag->known[word] ^ flag->flip_known; }
static inline uint64_t hra_flag_truth(const hra_flags *flag, int word) { return flag->truth[word] ^ flag->flip_truth; }

/* Plane `out` is where both inputs are: how many bytes behind the first plane each stands, which is even; of an input
 * the lowest bit says that it is a complement. Small, because a program has thousands. Planes are whole groups of so
 * many words, and so aligned. */
enum { HRA_PLANE_WORDS = 8 };
typedef struct hra_gate {
    uint32_t a, b, out;
} hra_gate;

/* The codes of one input column for the present block: one of the two. */
typedef struct hra_block_codes {
    const uint16_t *u16;
    const uint32_t *u32;
} hra_block_codes;

/* Some of the codes of a column of 16 bits: from each cut on they are in it, or out again; before the first they are
 * out. With more cuts than a few there is a bit for every code. */
enum { HRA_CUTS_FEW = 16 };
typedef struct hra_code_set {
    int cut_count;
    uint16_t cuts[HRA_CUTS_FEW];
    uint64_t *bits; /* NULL: the cuts say it */
} hra_code_set;

/* A step function as a tree of cuts. A way goes right where x >= the cut; its turn to the right at level l adds 2^l to
 * its number. The cut of level l on way number n is cuts[2^l + n], the value at the end values[n]. There are more
 * than HRA_LANES_MAX of both: as many may be read where one is asked for. */
typedef struct hra_step_tree {
    int levels;
    const double *cuts, *values;
} hra_step_tree;

/* Where the results of one output go for the present block: the first row's place. Of numbers, planes and levels
 * those of its kind (engine/graph/results.h). */
typedef struct hra_target {
    double *numbers;
    uint64_t *known, *truth;
    uint16_t *levels;
    uint8_t *status;
} hra_target;

/* A plane that goes to a result, or its complement: where it stands, as in a gate, and the target's place for it. */
typedef struct hra_plane_store {
    uint64_t *const *to;
    uint32_t from;
} hra_plane_store;

typedef struct hra_block {
    int rows, words;
} hra_block;

typedef struct hra_call hra_call;
typedef void (*hra_kernel)(const hra_call *call, const hra_block *block);

/* One instruction with every operand resolved to an address. `data`, `count`
 * and `parameter` mean what the list below says in brackets. */
struct hra_call {
    hra_kernel run;
    double *out;
    uint64_t *known_out, *truth_out; /* planes: both, or the truth alone of what is never unknown or known elsewhere */
    const hra_operand *numbers;
    const hra_flags *flags;
    int number_count, flag_count;
    const hra_block_codes *codes[2];
    hra_target *target;
    const void *data;
    int64_t count;
    double parameter[3];
};

/* KERNEL(NAME, function): operands and meaning as the graph's operation of the
 * same name, or:
 *   LOAD*           codes widened [first, 10^decimals, levels]
 *   TABLE*          data[code]; PAIR: data[code0 * count + code1]
 *   FLAG16          codes 0, 1 as a flag;  KNOWN*: code < levels [levels]
 *   IN_SET16        codes in the set that data is: the truth alone
 *   LT LE EQ KNOWN  the truth alone
 *   GATES           data is the gates, in order, over the planes at truth_out [count]
 *   CHOOSE          n1 where flag 0 is true, else n0; then n2 where flag 1 is true, else that; and so on
 *   EXCESS_CUBED    m*m*m of m = max(n0 - n1, n2)
 *   TABLE_FLAG*     as TABLE, 0/1/NaN as a flag
 *   DOT             n0*n1 + n2*n3 + ..., left to right, products rounded
 *   CHOICE          which of four: where flags 0 and 1 are true, 0 alone, 1 alone, none; no number
 *   DOT_CHOICE      as DOT behind n0, a CHOICE; of a step of 0 are the first factors four, twice, of which it chooses;
 *                   known where flag 0 is
 *   EXP_PRODUCT     exp(n0 * n1): a power with a constant base;  LESS_EXP_PRODUCT: n2 - that
 *   ROUND           [10^decimals];  COUNT_AT_LEAST [threshold]
 *   STEP_FEW        data is the hra_step;  STEP_MANY: the hra_step_tree;  GATHER: data[n0], count entries
 *   COPY            n0
 *   STORE           n0 to the target, canonical NaN; its truth, if wanted, is where it is known
 *   STORE_LEVEL     n0 as an ordinal
 *   STORE_FLAG      data is the plane stores, from the planes at truth_out [count];  STORE_PLANE: the same of one plane
 *   STATUS          flags to the target's bytes, by the rule of status.h */
#define HRA_KERNELS(KERNEL)                                                                                            \
    KERNEL(LOAD16, load16)                                                                                             \
    KERNEL(LOAD32, load32)                                                                                             \
    KERNEL(TABLE16, table16)                                                                                           \
    KERNEL(TABLE32, table32)                                                                                           \
    KERNEL(TABLE_PAIR, table_pair)                                                                                     \
    KERNEL(FLAG16, flag16)                                                                                             \
    KERNEL(KNOWN16, known16)                                                                                           \
    KERNEL(KNOWN32, known32)                                                                                           \
    KERNEL(IN_SET16, in_set16)                                                                                         \
    KERNEL(TABLE_FLAG16, table_flag16)                                                                                 \
    KERNEL(TABLE_FLAG32, table_flag32)                                                                                 \
    KERNEL(TABLE_FLAG_PAIR, table_flag_pair)                                                                           \
    KERNEL(ADD, add)                                                                                                   \
    KERNEL(SUB, subtract)                                                                                              \
    KERNEL(MUL, multiply)                                                                                              \
    KERNEL(DIV, divide)                                                                                                \
    KERNEL(NEG, negate)                                                                                                \
    KERNEL(DOT, dot)                                                                                                   \
    KERNEL(CHOICE, choice)                                                                                             \
    KERNEL(DOT_CHOICE, dot_choice)                                                                                     \
    KERNEL(POW, power)                                                                                                 \
    KERNEL(EXP, exponential)                                                                                           \
    KERNEL(EXP_PRODUCT, exponential_of_product)                                                                        \
    KERNEL(LESS_EXP_PRODUCT, less_exponential_of_product)                                                              \
    KERNEL(LN, logarithm)                                                                                              \
    KERNEL(SQRT, square_root)                                                                                          \
    KERNEL(ABS, absolute)                                                                                              \
    KERNEL(FLOOR, round_down)                                                                                          \
    KERNEL(CEIL, round_up)                                                                                             \
    KERNEL(TRUNC, round_to_zero)                                                                                       \
    KERNEL(ROUND, round_decimal)                                                                                       \
    KERNEL(MIN, smaller)                                                                                               \
    KERNEL(MAX, larger)                                                                                                \
    KERNEL(EXCESS_CUBED, excess_cubed)                                                                                 \
    KERNEL(YEARS_BETWEEN, years_between)                                                                               \
    KERNEL(SELECT, select_number)                                                                                      \
    KERNEL(CHOOSE, choose)                                                                                             \
    KERNEL(FIRST_KNOWN, first_known)                                                                                   \
    KERNEL(FROM_FLAG, from_flag)                                                                                       \
    KERNEL(COUNT, count_flags)                                                                                         \
    KERNEL(STEP_FEW, step_few)                                                                                         \
    KERNEL(STEP_MANY, step_many)                                                                                       \
    KERNEL(GATHER, gather)                                                                                             \
    KERNEL(COPY, copy)                                                                                                 \
    KERNEL(LT, less)                                                                                                   \
    KERNEL(LE, less_or_equal)                                                                                          \
    KERNEL(EQ, equal)                                                                                                  \
    KERNEL(KNOWN, known_number)                                                                                        \
    KERNEL(GATES, gates)                                                                                               \
    KERNEL(COUNT_AT_LEAST, count_at_least)                                                                             \
    KERNEL(STORE, store_number)                                                                                        \
    KERNEL(STORE_LEVEL, store_level)                                                                                   \
    KERNEL(STORE_FLAG, store_planes)                                                                                   \
    KERNEL(STORE_PLANE, store_planes)                                                                                  \
    KERNEL(STATUS, store_status)

typedef enum hra_kernel_id {
#define HRA_KERNEL_ID(name, function) HRA_KERNEL_##name,
    HRA_KERNELS(HRA_KERNEL_ID)
#undef HRA_KERNEL_ID
        HRA_KERNEL_COUNT_
} hra_kernel_id;

/* Flags of STATUS, in the order of its operands: the truth of each, and of EXCLUDED also whether it is known. */
enum hra_status_operand {
    HRA_STATUS_KNOWN, /* known_flag of the value */
    HRA_STATUS_OUTSIDE,
    HRA_STATUS_EXCLUDED,
    HRA_STATUS_SUBSTITUTE_USED,
    HRA_STATUS_WAS_CLAMPED,
    HRA_STATUS_INPUT_MISSING,
    HRA_STATUS_IS_PROVISIONAL,
    HRA_STATUS_OPERANDS
};

/* Up to so many cuts every one is compared; of more a tree is made. */
enum { HRA_STEP_FEW = 24 };

typedef struct hra_kernels {
    hra_kernel run[HRA_KERNEL_COUNT_];
    /* The highest of n codes (0 of none): sources are checked before tables are read by code. */
    uint32_t (*highest16)(const uint16_t *codes, int n);
    uint32_t (*highest32)(const uint32_t *codes, int n);
} hra_kernels;

extern const hra_kernels hra_kernels_avx2, hra_kernels_avx512, hra_kernels_neon;

#endif
