/* Vectors of AVX2: short names for its instructions, and functions that it has none for. For _cpu_operations.h. */

#ifndef DESKTOP_VLM_CPU_VECTORS_AVX2_H
#define DESKTOP_VLM_CPU_VECTORS_AVX2_H

#include <immintrin.h>

#define LANES 8 /* float32 in a vector */
#define ROWS 6  /* with two vectors of sums each, and what is multiplied: all 16 registers */

typedef __m256 floats;
typedef __m256i ints;
#define TARGET __attribute__((target("avx2,fma")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

#define LOAD _mm256_loadu_ps
#define STORE _mm256_storeu_ps
#define ALL _mm256_set1_ps
#define FMA _mm256_fmadd_ps
#define MAX _mm256_max_ps
#define LOAD_INTS(p) _mm256_loadu_si256((const void *)(p))
#define STORE_INTS(p, x) _mm256_storeu_si256((void *)(p), x)
#define ALL_INTS _mm256_set1_epi32
#define TO_FLOATS _mm256_cvtepi32_ps
#define TO_INTS _mm256_cvtps_epi32
#define AS_FLOATS _mm256_castsi256_ps
#define AS_INTS _mm256_castps_si256
#define ADD_INTS _mm256_add_epi32
#define AND_INTS _mm256_and_si256
#define OR_INTS _mm256_or_si256
#define SHIFT_LEFT _mm256_slli_epi32
#define NARROW(a, b) _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xd8)

/* sum += a[2 i] * b[2 i] + a[2 i + 1] * b[2 i + 1]. As text, since compilers that are free to move the products of
   several rows hold more sums than there are registers, which halves the speed. */
#define ADD_DOTS(sum, a, b) \
    do { \
        ints dots; \
        __asm__( \
            "vpmaddwd %[y], %[x], %[dots]\n\tvpaddd %[dots], %[all], %[all]" \
            : [all] "+x"(sum), [dots] "=&x"(dots) \
            : [x] "x"(a), [y] "x"(b)); \
    } while (0)

INLINE float largest(floats x) {
    __m128 most = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    most = _mm_max_ps(most, _mm_movehl_ps(most, most));
    return _mm_cvtss_f32(_mm_max_ss(most, _mm_movehdup_ps(most)));
}

INLINE float total(floats x) {
    __m128 sum = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

#endif
