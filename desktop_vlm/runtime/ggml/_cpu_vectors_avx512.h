/* Vectors of AVX-512: short names for its instructions. For _cpu_operations.h. */

#ifndef DESKTOP_VLM_CPU_VECTORS_AVX512_H
#define DESKTOP_VLM_CPU_VECTORS_AVX512_H

#include <immintrin.h>

#define LANES 16 /* float32 in a vector */
#define ROWS 12  /* with two vectors of sums each, and what is multiplied: 27 of 32 registers */

typedef __m512 floats;
typedef __m512i ints;
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vnni,fma")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

#define LOAD _mm512_loadu_ps
#define STORE _mm512_storeu_ps
#define ALL _mm512_set1_ps
#define FMA _mm512_fmadd_ps
#define MAX _mm512_max_ps
#define LOAD_INTS(p) _mm512_loadu_si512((const void *)(p))
#define STORE_INTS(p, x) _mm512_storeu_si512((void *)(p), x)
#define ALL_INTS _mm512_set1_epi32
#define TO_FLOATS _mm512_cvtepi32_ps
#define TO_INTS _mm512_cvtps_epi32
#define AS_FLOATS _mm512_castsi512_ps
#define AS_INTS _mm512_castps_si512
#define ADD_INTS _mm512_add_epi32
#define AND_INTS _mm512_and_si512
#define OR_INTS _mm512_or_si512
#define SHIFT_LEFT _mm512_slli_epi32
#define NARROW(a, b) \
    _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), _mm512_packs_epi32(a, b))

/* sum += a[2 i] * b[2 i] + a[2 i + 1] * b[2 i + 1]; as text for the reason that AVX2 has. */
#define ADD_DOTS(sum, a, b) __asm__("vpdpwssd %[y], %[x], %[all]" : [all] "+v"(sum) : [x] "v"(a), [y] "v"(b))

#define largest _mm512_reduce_max_ps
#define total _mm512_reduce_add_ps

#endif
