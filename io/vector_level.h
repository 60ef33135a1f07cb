/* How wide the processor works on text: chosen as the kernels are (HRA_ISA forces it). */
#ifndef HRA_IO_VECTOR_LEVEL_H
#define HRA_IO_VECTOR_LEVEL_H

typedef enum hra_vector_level {
    HRA_VECTOR_PLAIN, /* portable C */
    HRA_VECTOR_AVX2,
    HRA_VECTOR_AVX512 /* F, BW, DQ, VL */
} hra_vector_level;

hra_vector_level hra_vector_level_choose(void);

#endif
