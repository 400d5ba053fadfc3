/* Products and attention of a vision encoder on x86 processors, in 16-bit integers: which kernels a processor has.

   `_cpu_operations.h` is their text, compiled once for each set of instructions in `_cpu_avx2.c` and `_cpu_avx512.c`;
   `cpu_kernels.py` makes operations of ggml of them. It includes no header of Python or ggml. */

#include "_cpu_kernels.h"

#include <string.h>

#ifdef HAS_KERNELS

const struct kernels *desktop_vlm_cpu_kernels(const char *variant) {
    __builtin_cpu_init();
    if (!strcmp(variant, "avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &desktop_vlm_with_avx2;
    if (!strcmp(variant, "avx512") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vnni"))
        return &desktop_vlm_with_avx512;
    return NULL;
}

#else

const struct kernels *desktop_vlm_cpu_kernels(const char *variant) {
    (void)variant;
    return NULL;
}

#endif

/* 0 from a compiler that does not know the kernels' text. */
int64_t desktop_vlm_cpu_work_size(void) {
#if defined(__GNUC__)
    return sizeof(struct work);
#else
    return 0;
#endif
}
