/* The kernels for processors with AVX2. */

#include "_cpu_kernels.h"

#ifdef HAS_KERNELS
#include "_cpu_vectors_avx2.h"
#include "_cpu_operations.h"

const struct kernels desktop_vlm_with_avx2 = KERNELS;
#endif
