#include "bench/vector_libraries.h"

#include <stddef.h>

#if defined(__x86_64__) && defined(HRA_LIBMVEC)
#include <immintrin.h>

/* As the compilers call them for `omp simd`; glibc has them without a header, and sleef.h shows each set only to code
 * compiled for it. */
extern __m512d _ZGVeN8v_exp(__m512d), _ZGVeN8v_log(__m512d);
extern __m256d _ZGVdN4v_exp(__m256d), _ZGVdN4v_log(__m256d);
extern __m512d Sleef_finz_expd8_u10avx512f(__m512d), Sleef_finz_logd8_u10avx512f(__m512d);
extern __m256d Sleef_finz_expd4_u10avx2(__m256d), Sleef_finz_logd4_u10avx2(__m256d);

#define OVER_ARRAYS(name, set, lanes, load, store, function)                                                           \
    __attribute__((target(set))) static void name(const double *x, double *y, int n)                                   \
    {                                                                                                                  \
        for (int i = 0; i < n; i += lanes) store(y + i, function(load(x + i)));                                        \
    }

OVER_ARRAYS(libmvec_exp8, "avx512f", 8, _mm512_loadu_pd, _mm512_storeu_pd, _ZGVeN8v_exp)
OVER_ARRAYS(libmvec_ln8, "avx512f", 8, _mm512_loadu_pd, _mm512_storeu_pd, _ZGVeN8v_log)
OVER_ARRAYS(sleef_exp8, "avx512f", 8, _mm512_loadu_pd, _mm512_storeu_pd, Sleef_finz_expd8_u10avx512f)
OVER_ARRAYS(sleef_ln8, "avx512f", 8, _mm512_loadu_pd, _mm512_storeu_pd, Sleef_finz_logd8_u10avx512f)
OVER_ARRAYS(libmvec_exp4, "avx2", 4, _mm256_loadu_pd, _mm256_storeu_pd, _ZGVdN4v_exp)
OVER_ARRAYS(libmvec_ln4, "avx2", 4, _mm256_loadu_pd, _mm256_storeu_pd, _ZGVdN4v_log)
OVER_ARRAYS(sleef_exp4, "avx2", 4, _mm256_loadu_pd, _mm256_storeu_pd, Sleef_finz_expd4_u10avx2)
OVER_ARRAYS(sleef_ln4, "avx2", 4, _mm256_loadu_pd, _mm256_storeu_pd, Sleef_finz_logd4_u10avx2)

const vector_function vector_functions[] = {{"libmvec", "exp", "avx512", libmvec_exp8},
                                            {"libmvec", "ln", "avx512", libmvec_ln8},
                                            {"SLEEF", "exp", "avx512", sleef_exp8},
                                            {"SLEEF", "ln", "avx512", sleef_ln8},
                                            {"libmvec", "exp", "avx2", libmvec_exp4},
                                            {"libmvec", "ln", "avx2", libmvec_ln4},
                                            {"SLEEF", "exp", "avx2", sleef_exp4},
                                            {"SLEEF", "ln", "avx2", sleef_ln4},
                                            {NULL, NULL, NULL, NULL}};
#else
const vector_function vector_functions[] = {{NULL, NULL, NULL, NULL}};
#endif
