/* exp and ln of the libraries that a program could call, for every instruction
 * set, over arrays; and hra's own, which the kernels hold. */
#ifndef HRA_BENCH_VECTOR_LIBRARIES_H
#define HRA_BENCH_VECTOR_LIBRARIES_H

typedef struct vector_function {
    const char *library, *name, *isa; /* name: "exp" or "ln" */
    void (*run)(const double *x, double *y, int n);
} vector_function;

/* Those of this processor's kind; `run` is NULL behind the last. Whether it has the instruction set is for the caller.
 */
extern const vector_function vector_functions[];

#endif
