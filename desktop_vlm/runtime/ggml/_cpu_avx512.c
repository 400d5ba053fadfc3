/* The kernels for processors with AVX-512 and its VNNI. */

#include "_cpu_kernels.h"

#ifdef HAS_KERNELS
#include "_cpu_vectors_avx512.h"
#include "_cpu_operations.h"

const struct kernels desktop_vlm_with_avx512 = KERNELS;
#endif
