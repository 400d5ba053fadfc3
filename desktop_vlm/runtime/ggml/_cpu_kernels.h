/* What `_cpu_kernels.c` shows to Python, and what its variants for different processors give it. */

#ifndef DESKTOP_VLM_CPU_KERNELS_H
#define DESKTOP_VLM_CPU_KERNELS_H

#include <stdint.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#define INTERNAL
#else
#define EXPORT __attribute__((visibility("default")))
#define INTERNAL __attribute__((visibility("hidden")))
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_KERNELS
#endif

typedef void (*kernel)(void *result, int thread, int n_threads, void *work);

struct kernels {
    int64_t rows, tile; /* of a panel */
    kernel pack_rows, pack_outputs, pack_values, product, attention;
};

/* What one operation works on; `_Work` of cpu_kernels.py. */
struct work {
    int64_t data_offset;   /* of a ggml_tensor's address of its numbers */
    const char *source[4]; /* ggml_tensors; a product's: rows, outputs, bias. attention's: queries, keys, values */
    void (*to_float)(const void *, float *, int64_t); /* NULL where the numbers are float32 */
    int64_t row_bytes;     /* from one row of the source to the next */
    int64_t n;             /* rows; attention: queries */
    int64_t depth;         /* numbers in a row; in one head's part of it */
    int64_t n_outputs;     /* attention: keys */
    int64_t n_heads;
    int64_t first;         /* attention: of the queries, which are a part of all rows */
    int64_t n_seeing_all;  /* of all rows; the others see just the keys of these */
    float factor;          /* attention: on the scores; norm: epsilon */
    int32_t before;
    int64_t n_taken;       /* pieces of work that threads have taken */
    int64_t n_done;        /* threads that found no more of them */
};

/* Those of one variant, "avx512" or "avx2"; NULL where the processor lacks its instructions, and for other names. */
EXPORT const struct kernels *desktop_vlm_cpu_kernels(const char *variant);
EXPORT int64_t desktop_vlm_cpu_work_size(void);

INTERNAL extern const struct kernels desktop_vlm_with_avx2, desktop_vlm_with_avx512;

#endif
