/* Vectors of AVX2: short names for its instructions, and the functions that it has none for. For _cpu_kernels.c. */

#ifndef DESKTOP_VLM_CPU_VECTORS_H
#define DESKTOP_VLM_CPU_VECTORS_H

#include <immintrin.h>

#define LANES 8 /* float32 in a vector */

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
#define ROUND(x) _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
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
    float all[LANES], found;
    STORE(all, x);
    found = all[0];
    for (int i = 1; i < LANES; i++)
        found = all[i] > found ? all[i] : found;
    return found;
}

INLINE float total(floats x) {
    float all[LANES], found = 0;
    STORE(all, x);
    for (int i = 0; i < LANES; i++)
        found += all[i];
    return found;
}

INLINE floats absolute(floats x) {
    return AS_FLOATS(AND_INTS(AS_INTS(x), ALL_INTS(0x7fffffff)));
}

/* e^x for x <= 0, to 2e-7 of the result. */
INLINE floats exponential(floats x) {
    x = MAX(x, ALL(-87));
    floats n = ROUND(x * ALL(1.44269504f));
    floats r = FMA(n, ALL(-0.693359375f), x);
    r = FMA(n, ALL(2.12194440e-4f), r);
    floats p = FMA(ALL(1.9875691500e-4f), r, ALL(1.3981999507e-3f));
    p = FMA(p, r, ALL(8.3334519073e-3f));
    p = FMA(p, r, ALL(4.1665795894e-2f));
    p = FMA(p, r, ALL(1.6666665459e-1f));
    p = FMA(p, r, ALL(5.0000001201e-1f));
    p = FMA(p, r * r, r + ALL(1));
    return p * AS_FLOATS(SHIFT_LEFT(ADD_INTS(TO_INTS(n), ALL_INTS(127)), 23));
}

/* x * Phi(x); erf after Abramowitz and Stegun 7.1.26, to 1.5e-7. */
INLINE floats gelu(floats x) {
    floats z = absolute(x) * ALL(0.70710678f);
    floats t = ALL(1) / FMA(z, ALL(0.3275911f), ALL(1));
    floats p = FMA(ALL(1.061405429f), t, ALL(-1.453152027f));
    p = FMA(p, t, ALL(1.421413741f));
    p = FMA(p, t, ALL(-0.284496736f));
    p = FMA(p, t, ALL(0.254829592f)) * t;
    floats tail = p * exponential(ALL(0) - z * z) * ALL(0.5f); /* 1 - Phi(|x|) */
    return MAX(x, ALL(0)) - absolute(x) * tail;
}

/* A vector of zeros, or of NaN where a number is not finite. */
INLINE floats flaws(floats x) {
    return x - x;
}

#endif
