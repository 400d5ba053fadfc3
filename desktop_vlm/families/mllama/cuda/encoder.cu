/* What a layer of the vision encoder needs besides matrix products, for NVIDIA GPUs from compute capability 8.0 on.

   Meta's encoder has heads of 80 features, for which ggml's attention reaches a tenth of a GPU's speed, and ggml
   writes every product and every sum as 4-byte numbers. Here the residual stream alone stays float32.

   Compiled to encoder.ptx by `python -m tools.compile_kernels`; the driver translates that for the GPU at hand.
   Nothing is included, so that a compiler alone suffices. Numbers of 16 bits (f16) are kept in unsigned integers. */

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

#define KERNEL extern "C" __global__ void
#define ALL_LANES 0xffffffffu
#define INFINITE __int_as_float(0x7f800000)

static __device__ __forceinline__ u32 pack_f16(float low, float high) {
    u32 packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

static __device__ __forceinline__ float from_f16(u16 bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}

static __device__ __forceinline__ float exp2_fast(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

/* Layer norm */

static __device__ float sum_of_block(float value, float *shared) {
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(ALL_LANES, value, offset);
    if (threadIdx.x % 32 == 0)
        shared[threadIdx.x / 32] = value;
    __syncthreads();
    float total = 0;
    for (int warp = 0; warp < blockDim.x / 32; warp++)
        total += shared[warp];
    __syncthreads();
    return total;
}

/* out = f16(norm(x) * weight + bias), one block a row; then x += factor * later, where `later` is not null: the bias of
   the product that is added to x next. Each thread has 4 neighbours of a row; blockDim.x is a multiple of 32. */
KERNEL layer_norm(float *x, u16 *out, const float *weight, const float *bias, float eps, const float *later, float factor,
                  int width) {
    __shared__ float shared[32];
    const bool has_any = 4 * threadIdx.x < width;
    float4 *own = (float4 *)(x + (u64)blockIdx.x * width) + threadIdx.x;
    float4 v = has_any ? *own : make_float4(0, 0, 0, 0);
    const float mean = sum_of_block(v.x + v.y + v.z + v.w, shared) / width;
    const float a = v.x - mean, b = v.y - mean, c = v.z - mean, d = v.w - mean;
    const float scale = rsqrtf(sum_of_block(has_any ? a * a + b * b + c * c + d * d : 0, shared) / width + eps);
    if (!has_any)
        return;
    const float4 w = ((const float4 *)weight)[threadIdx.x], s = ((const float4 *)bias)[threadIdx.x];
    uint2 packed;
    packed.x = pack_f16(a * scale * w.x + s.x, b * scale * w.y + s.y);
    packed.y = pack_f16(c * scale * w.z + s.z, d * scale * w.w + s.w);
    ((uint2 *)(out + (u64)blockIdx.x * width))[threadIdx.x] = packed;
    if (later) {
        const float4 l = ((const float4 *)later)[threadIdx.x];
        v.x += factor * l.x, v.y += factor * l.y, v.z += factor * l.z, v.w += factor * l.w;
        *own = v;
    }
}

/* Activation */

enum { GELU_ERF, GELU_TANH, GELU_QUICK };

static __device__ __forceinline__ float activated(float x, int kind) {
    if (kind == GELU_ERF)
        return 0.5f * x * (1 + erff(x * 0.70710678f));
    const float y = kind == GELU_TANH ? 2 * 0.79788456f * x * (1 + 0.044715f * x * x) : 1.702f * x;
    return x / (1 + exp2_fast(-1.44269504f * y));
}

/* x = f16(activation(x + bias)): 8 numbers a thread. */
KERNEL add_bias_and_activate(u16 *x, const float *bias, int width, u64 count, int kind) {
    const u64 at = 8 * ((u64)blockIdx.x * blockDim.x + threadIdx.x);
    if (at >= count)
        return;
    const float *b = bias + at % width;
    uint4 *own = (uint4 *)(x + at);
    uint4 v = *own;
    u32 *pairs = &v.x;
#pragma unroll
    for (int i = 0; i < 4; i++)
        pairs[i] = pack_f16(activated(from_f16(pairs[i] & 0xffff) + b[2 * i], kind),
                            activated(from_f16(pairs[i] >> 16) + b[2 * i + 1], kind));
    *own = v;
}

/* out = f16(x): 4 numbers a thread. */
KERNEL round_to_f16(const float *x, u16 *out, u64 count) {
    const u64 at = 4 * ((u64)blockIdx.x * blockDim.x + threadIdx.x);
    if (at >= count)
        return;
    const float4 v = *(const float4 *)(x + at);
    *(uint2 *)(out + at) = make_uint2(pack_f16(v.x, v.y), pack_f16(v.z, v.w));
}

/* Weights in Q8_0: blocks of one f16 factor and 32 signed bytes, 34 bytes in all. 8 numbers a thread. */
KERNEL unpack_q8_0(const u16 *packed, u16 *out, u64 count) {
    const u64 at = 8 * ((u64)blockIdx.x * blockDim.x + threadIdx.x);
    if (at >= count)
        return;
    const u16 *block = packed + at / 32 * 17;
    const float factor = from_f16(block[0]);
    const u16 *bytes = block + 1 + at % 32 / 2;
    u32 pairs[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const u16 two = bytes[i];
        pairs[i] = pack_f16(factor * (signed char)(two & 0xff), factor * (signed char)(two >> 8));
    }
    *(uint4 *)(out + at) = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
}

/* Attention: softmax(scale * Q K') V, after Dao's FlashAttention-2 (arXiv 2307.08691). The first `n_valid` tokens see
   all `n_all`, those after them see only these.

   A warp owns 32 queries and keeps their scores for 32 keys, and their weighted sums, in registers; keys and values
   pass through shared memory, three tiles of 32 deep. The products of the next tile's scores are started before this
   tile's exponentials, which then hide how long they take. Fragments are those of PTX's `mma.m16n8k16`.

   128 queries of one head are a unit. All tiles of keys of all units form one line that is cut into as many equal pieces
   as the GPU runs blocks at once, so that none waits for the others. A unit that was cut leaves unnormalised sums,
   which `join_attention` puts together. */

#define HEAD 80
#define KEYS 32                    /* in a tile */
#define STAGES 3                   /* tiles in shared memory */
#define STEPS (HEAD / 16)
#define PADDED (HEAD + 8)          /* a row of 176 bytes: 8 rows at a time meet all banks */
#define TILE_BYTES (KEYS * PADDED * 2)
#define CHUNKS (HEAD / 8)          /* of 16 bytes in a row */
#define WARPS 4                    /* in a block */
#define M 2                        /* times 16 queries in a warp */
#define QUERIES (16 * M * WARPS)   /* in a unit */

static __device__ __forceinline__ void mma(float *c, const u32 *a, u32 b0, u32 b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

static __device__ __forceinline__ void load_matrices(u32 *m, u32 address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(m[0]), "=r"(m[1]), "=r"(m[2]), "=r"(m[3]) : "r"(address));
}

static __device__ __forceinline__ void load_transposed(u32 *m, u32 address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(m[0]), "=r"(m[1]), "=r"(m[2]), "=r"(m[3]) : "r"(address));
}

/* 16 bytes of a row on their way to shared memory; rows from `n_rows` on become zeros. */
static __device__ __forceinline__ void fetch_chunk(u32 to, const u16 *rows, int first, int n_rows, int stride, int row,
                                                   int chunk) {
    const bool there = first + row < n_rows;
    const u16 *from = rows + (u64)(there ? first + row : 0) * stride + chunk * 8;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :: "r"(to + row * PADDED * 2 + chunk * 16), "l"(from), "r"(there ? 16 : 0));
}

/* A tile of rows: 8 threads take 8 chunks of a row, and 2 the two that are left, of rows whose banks differ. */
static __device__ __forceinline__ void fetch(u32 to, const u16 *rows, int first, int n_rows, int stride) {
#pragma unroll
    for (int i = 0; i < KEYS / (4 * WARPS); i++)
        fetch_chunk(to, rows, first, n_rows, stride, threadIdx.x / 8 + 4 * WARPS * i, threadIdx.x % 8);
    if (threadIdx.x < 2 * KEYS) {
        const int row = threadIdx.x / 2;
        fetch_chunk(to, rows, first, n_rows, stride, row / 8 * 8 + row % 4 * 2 + row / 4 % 2, 8 + threadIdx.x % 2);
    }
}

/* The keys and values of a tile of a piece, if it has that many; one group of copies in any case. */
static __device__ __forceinline__ void fetch_both(u32 memory, const u16 *k, const u16 *v, int tile, int last_tile, int n_keys,
                                                  int stride) {
    if (tile < last_tile) {
        const u32 to = memory + tile % STAGES * 2 * TILE_BYTES;
        fetch(to, k, tile * KEYS, n_keys, stride);
        fetch(to + TILE_BYTES, v, tile * KEYS, n_keys, stride);
    }
    asm volatile("cp.async.commit_group;");
}

/* The line of tiles. */
struct line {
    int n_seeing_all; /* units of a head with queries that see all keys; the later ones see the valid ones only */
    int tiles_all, tiles_valid, per_head; /* tiles of a unit of either kind, and of a whole head */
    int total, n_pieces;
};

static __device__ __forceinline__ line make_line(int n_valid, int n_all, int n_heads, int n_pieces) {
    line l;
    l.n_pieces = n_pieces;
    l.n_seeing_all = (n_valid + QUERIES - 1) / QUERIES;
    l.tiles_all = (n_all + KEYS - 1) / KEYS, l.tiles_valid = (n_valid + KEYS - 1) / KEYS;
    const int n_units = (n_all + QUERIES - 1) / QUERIES;
    l.per_head = l.n_seeing_all * l.tiles_all + (n_units - l.n_seeing_all) * l.tiles_valid;
    l.total = n_heads * l.per_head;
    return l;
}

static __device__ __forceinline__ int start_of_piece(const line &l, int piece) {
    return (int)((u64)piece * l.total / l.n_pieces);
}

/* Where a unit that was cut is kept: a piece begins in one at most, and ends in one at most. */
#define KEPT (QUERIES * (HEAD + 2))
static __device__ __forceinline__ float *kept(float *parts, int piece, bool began_before) {
    return parts + (u64)(2 * piece + (began_before ? 0 : 1)) * KEPT;
}

/* scores = queries * keys', of a tile at address `keys`; `row` and `column` are where the lane reads. */
static __device__ __forceinline__ void score(float (&scores)[M][KEYS / 8][4], const u32 (&queries)[M][STEPS][4], u32 keys,
                                             u32 row, u32 column) {
#pragma unroll
    for (int step = 0; step < STEPS; step++)
#pragma unroll
        for (int some = 0; some < KEYS / 16; some++) {
            u32 b[4];
            load_matrices(b, keys + ((some * 16 + row) * PADDED + step * 16 + column) * 2);
#pragma unroll
            for (int m = 0; m < M; m++) {
                if (step == 0)
#pragma unroll
                    for (int i = 0; i < 4; i++)
                        scores[m][2 * some][i] = scores[m][2 * some + 1][i] = 0;
                mma(scores[m][2 * some], queries[m][step], b[0], b[1]);
                mma(scores[m][2 * some + 1], queries[m][step], b[2], b[3]);
            }
        }
}

/* q, k, v: rows of `stride` numbers, a head's from its number times 80 on; out: rows of `out_stride`. factor: the scale,
   times log2(e). parts: 2 * KEPT numbers for each block. */
KERNEL __launch_bounds__(32 * WARPS, 2) attention(const u16 *q, const u16 *k, const u16 *v, u16 *out, float *parts, int n_heads,
                                                  int n_valid, int n_all, int stride, int out_stride, float factor) {
    __shared__ __align__(128) unsigned char shared[STAGES * 2 * TILE_BYTES];
    const u32 memory = (u32)__cvta_generic_to_shared(shared);
    const int lane = threadIdx.x % 32, group = lane / 4, pair = 2 * (lane % 4);
    const u32 key_row = (lane / 16) * 8 + lane % 8, key_column = lane / 8 % 2 * 8;
    const u32 value_row = lane / 8 % 2 * 8 + lane % 8, value_column = lane / 16 * 8;
    const line l = make_line(n_valid, n_all, n_heads, gridDim.x);
    const int end = start_of_piece(l, blockIdx.x + 1);

    for (int at = start_of_piece(l, blockIdx.x); at < end;) {
        const int head = at / l.per_head, of_all = l.n_seeing_all * l.tiles_all;
        int unit, first_tile = at % l.per_head, n_tiles = l.tiles_all;
        if (first_tile < of_all)
            unit = first_tile / n_tiles, first_tile %= n_tiles;
        else {
            n_tiles = l.tiles_valid, first_tile -= of_all;
            unit = l.n_seeing_all + first_tile / n_tiles, first_tile %= n_tiles;
        }
        const int last_tile = min(n_tiles, first_tile + end - at), n_keys = unit < l.n_seeing_all ? n_all : n_valid;
        at += last_tile - first_tile;
        const int row0 = unit * QUERIES + threadIdx.x / 32 * 16 * M;
        const u16 *head_q = q + HEAD * head, *head_k = k + HEAD * head, *head_v = v + HEAD * head;

#pragma unroll
        for (int i = 0; i < STAGES - 1; i++)
            fetch_both(memory, head_k, head_v, first_tile + i, last_tile, n_keys, stride);

        u32 queries[M][STEPS][4];
#pragma unroll
        for (int m = 0; m < M; m++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const int row = row0 + 16 * m + 8 * half + group;
                const u16 *from = head_q + (u64)(row < n_all ? row : n_all - 1) * stride + pair;
#pragma unroll
                for (int step = 0; step < STEPS; step++) {
                    queries[m][step][half] = *(const u32 *)(from + 16 * step);
                    queries[m][step][half + 2] = *(const u32 *)(from + 16 * step + 8);
                }
            }

        float sums[M][CHUNKS][4] = {}, largest[M][2], total[M][2] = {}, scores[M][KEYS / 8][4];
#pragma unroll
        for (int m = 0; m < M; m++)
            largest[m][0] = largest[m][1] = -INFINITE;
        asm volatile("cp.async.wait_group %0;" :: "n"(STAGES - 2));
        __syncthreads();
        score(scores, queries, memory + first_tile % STAGES * 2 * TILE_BYTES, key_row, key_column);

        for (int tile = first_tile; tile < last_tile; tile++) {
            const u32 values = memory + tile % STAGES * 2 * TILE_BYTES + TILE_BYTES;
            asm volatile("cp.async.wait_group %0;" :: "n"(STAGES - 3));
            __syncthreads();
            fetch_both(memory, head_k, head_v, tile + STAGES - 1, last_tile, n_keys, stride);

            if ((tile + 1) * KEYS > n_valid)
#pragma unroll
                for (int m = 0; m < M; m++)
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        const int sees = row0 + 16 * m + 8 * half + group < n_valid ? n_all : n_valid;
#pragma unroll
                        for (int n = 0; n < KEYS / 8; n++)
#pragma unroll
                            for (int i = 0; i < 2; i++)
                                if (tile * KEYS + n * 8 + pair + i >= sees)
                                    scores[m][n][2 * half + i] = -INFINITE;
                    }
            float most[M][2];
            bool grows = false;
#pragma unroll
            for (int m = 0; m < M; m++)
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    float x = largest[m][half];
#pragma unroll
                    for (int n = 0; n < KEYS / 8; n++)
                        x = fmaxf(x, fmaxf(scores[m][n][2 * half], scores[m][n][2 * half + 1]));
                    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, 1));
                    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, 2));
                    most[m][half] = x;
                    grows |= x > largest[m][half];
                }
            if (__any_sync(ALL_LANES, grows))
#pragma unroll
                for (int m = 0; m < M; m++)
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        const float x = most[m][half];
                        const float shrink = x > largest[m][half] ? exp2_fast((largest[m][half] - x) * factor) : 1;
                        largest[m][half] = x;
                        total[m][half] *= shrink;
#pragma unroll
                        for (int n = 0; n < CHUNKS; n++)
                            sums[m][n][2 * half] *= shrink, sums[m][n][2 * half + 1] *= shrink;
                    }

            float next[M][KEYS / 8][4]; /* of the last tile's successor, which is not there: not used */
            score(next, queries, memory + (tile + 1) % STAGES * 2 * TILE_BYTES, key_row, key_column);

            u32 weights[M][KEYS / 16][4];
#pragma unroll
            for (int m = 0; m < M; m++)
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    const float most = largest[m][half];
                    const float offset = most == -INFINITE ? 0 : most * factor; /* a piece may hold masked keys only */
                    float sum = 0;
#pragma unroll
                    for (int n = 0; n < KEYS / 8; n++) {
                        const float a = exp2_fast(scores[m][n][2 * half] * factor - offset);
                        const float b = exp2_fast(scores[m][n][2 * half + 1] * factor - offset);
                        sum += a + b;
                        weights[m][n / 2][2 * (n % 2) + half] = pack_f16(a, b);
                    }
                    total[m][half] += sum;
                }

#pragma unroll
            for (int some = 0; some < KEYS / 16; some++) {
#pragma unroll
                for (int step = 0; step < STEPS; step++) {
                    u32 b[4];
                    load_transposed(b, values + ((some * 16 + value_row) * PADDED + step * 16 + value_column) * 2);
#pragma unroll
                    for (int m = 0; m < M; m++) {
                        mma(sums[m][2 * step], weights[m][some], b[0], b[1]);
                        mma(sums[m][2 * step + 1], weights[m][some], b[2], b[3]);
                    }
                }
            }
#pragma unroll
            for (int m = 0; m < M; m++)
#pragma unroll
                for (int n = 0; n < KEYS / 8; n++)
#pragma unroll
                    for (int i = 0; i < 4; i++)
                        scores[m][n][i] = next[m][n][i];
        }
        asm volatile("cp.async.wait_group 0;");
        __syncthreads();

#pragma unroll
        for (int m = 0; m < M; m++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                float all = total[m][half];
                all += __shfl_xor_sync(ALL_LANES, all, 1);
                all += __shfl_xor_sync(ALL_LANES, all, 2);
                const float inverse = 1 / all;
                const int row = row0 + 16 * m + 8 * half + group;
                if (first_tile == 0 && last_tile == n_tiles) {
                    if (row < n_all)
#pragma unroll
                        for (int n = 0; n < CHUNKS; n++)
                            *(u32 *)(out + (u64)row * out_stride + HEAD * head + n * 8 + pair) =
                                pack_f16(sums[m][n][2 * half] * inverse, sums[m][n][2 * half + 1] * inverse);
                    continue;
                }
                float *own = kept(parts, blockIdx.x, first_tile > 0) + (row - unit * QUERIES) * (HEAD + 2);
#pragma unroll
                for (int n = 0; n < CHUNKS; n++)
                    *(float2 *)(own + n * 8 + pair) = make_float2(sums[m][n][2 * half], sums[m][n][2 * half + 1]);
                if (pair == 0)
                    *(float2 *)(own + HEAD) = make_float2(largest[m][half], all);
            }
    }
}

/* Units that were cut: blockIdx.x is the unit, blockIdx.y its head; each thread takes two numbers of a query at a time. */
KERNEL join_attention(u16 *out, float *parts, int n_pieces, int n_valid, int n_all, int out_stride, float factor) {
    const line l = make_line(n_valid, n_all, gridDim.y, n_pieces);
    const int unit = blockIdx.x, late = unit - l.n_seeing_all;
    const int first = blockIdx.y * l.per_head + (late < 0 ? unit * l.tiles_all : l.n_seeing_all * l.tiles_all + late * l.tiles_valid);
    const int last = first + (late < 0 ? l.tiles_all : l.tiles_valid) - 1;
    int from = (int)((u64)first * n_pieces / l.total), to;
    while (start_of_piece(l, from) > first)
        from--;
    while (start_of_piece(l, from + 1) <= first)
        from++;
    for (to = from; start_of_piece(l, to + 1) <= last;)
        to++;
    if (from == to)
        return;
    for (int i = threadIdx.x; i < QUERIES * HEAD / 2; i += blockDim.x) {
        const int query = i / (HEAD / 2), n = 2 * (i % (HEAD / 2)), row = unit * QUERIES + query;
        if (row >= n_all)
            return;
        float largest = -INFINITE, all = 0, a = 0, b = 0;
        for (int piece = from; piece <= to; piece++)
            largest = fmaxf(largest, kept(parts, piece, piece > from)[query * (HEAD + 2) + HEAD]);
        for (int piece = from; piece <= to; piece++) {
            const float *own = kept(parts, piece, piece > from) + query * (HEAD + 2);
            const float share = exp2_fast((own[HEAD] - largest) * factor);
            all += share * own[HEAD + 1], a += share * own[n], b += share * own[n + 1];
        }
        *(u32 *)(out + (u64)row * out_stride + HEAD * blockIdx.y + n) = pack_f16(a / all, b / all);
    }
}
