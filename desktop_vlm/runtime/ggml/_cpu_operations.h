/* The kernels, for the vectors of the header that is included before this one.

   ggml calls them as operations of its graphs, with its own threads (`ggml_custom_4d`). Every number becomes an integer
   of 13 bits (with sign) and a scale for each 128 of them; then one instruction multiplies twice as many as it would of
   float32, and adds them up exactly. What is in float32 at either end stays so. docs/decisions/0009 says why.

   Panels. Both sides of a product are first put into the order in which they are read:
     rows:    for each group of ROWS rows, for each block: [row][BLOCK] integers
     outputs: for each tile of TILE outputs, for each block: [pair of numbers][output][2] integers
   and behind all integers of a tensor, in the same order, a float32 scale for each row or output of a block.
   Two vectors of outputs are multiplied at once: those of a tile or, where they hold more, of one tile each.

   Numbers that are not finite make their scale NaN, and so every result that they are part of. */

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK 128     /* numbers with one scale; 128 products of two at their limit still fit 32 bits */
#define LIMIT 4095    /* of such a number */
#define SMALLEST 1e-30f /* a block of smaller ones is zero: LIMIT through this is a float32 */
#define KEYS 64       /* that attention looks at at once: 64 * WEIGHT_LIMIT * VALUE_LIMIT fits 32 bits */
#define WEIGHT_LIMIT 16383
#define LOG2_WEIGHT_LIMIT 13.9999119f
#define VALUE_LIMIT 2047
#define ROWS_AT_ONCE 96   /* of one piece of work of a thread: with OUTPUTS_AT_ONCE, what stays in its cache */
#define OUTPUTS_AT_ONCE 256
#define BLOCKS_AT_ONCE 5
#define MAX_DEPTH 16384 /* numbers in a row */
#define MAX_HEAD BLOCK
#define TILE 16
#define TILES ((2 * LANES + TILE - 1) / TILE) /* in two vectors */

#include "_cpu_vectors.h"


enum before { NOTHING, NORM, GELU }; /* what is done to rows before they are packed */

struct panels {
    int16_t *numbers;
    float *scales;
};

static void *data_of(const struct work *work, const char *tensor) {
    void *data;
    memcpy(&data, tensor + work->data_offset, sizeof data);
    return data;
}

static int64_t pieces(int64_t n, int64_t size) {
    return (n + size - 1) / size;
}

/* The next piece of work of those that no thread has taken; `n_pieces` or more when all are. */
static int64_t take(struct work *work) {
    return __atomic_fetch_add(&work->n_taken, 1, __ATOMIC_RELAXED);
}

/* A thread found no more work; the last one makes it ready for the graph's next run. ggml waits for all after it. */
static void leave(struct work *work, int n_threads) {
    if (__atomic_add_fetch(&work->n_done, 1, __ATOMIC_ACQ_REL) == n_threads)
        work->n_taken = work->n_done = 0;
}

static struct panels panels_of(void *start, int64_t n_panels, int64_t width, int64_t n_blocks) {
    struct panels panels = {start, NULL};
    panels.scales = (float *)(panels.numbers + n_panels * width * n_blocks * BLOCK);
    return panels;
}

/* Where vector `j` of outputs begins: behind the first in its tile, or in the next one, which is `apart` from it. */
INLINE int64_t place_of(int j, int64_t apart, int64_t each) {
    return j * LANES / TILE * apart + j * LANES % TILE * each;
}

/* sums[row][0 .. n_vectors] of a panel of rows and one of outputs, over `n_pairs` pairs of numbers. */
INLINE void multiply(
    const int16_t *rows, const int16_t *outputs, int64_t apart, int64_t n_pairs, int n_vectors, ints sums[ROWS][2]) {
    const int16_t *second = outputs + place_of(1, apart, 2);
    UNROLL for (int r = 0; r < ROWS; r++)
        sums[r][0] = sums[r][1] = ALL_INTS(0);
    for (int64_t p = 0; p < n_pairs; p++) {
        ints left = LOAD_INTS(outputs + p * 2 * TILE), right = left;
        if (n_vectors > 1)
            right = LOAD_INTS(second + p * 2 * TILE);
        UNROLL for (int r = 0; r < ROWS; r++) {
            int32_t pair;
            memcpy(&pair, rows + r * BLOCK + 2 * p, sizeof pair);
            ints both = ALL_INTS(pair);
            ADD_DOTS(sums[r][0], left, both);
            if (n_vectors > 1)
                ADD_DOTS(sums[r][1], right, both);
        }
    }
}

/* `n` (a multiple of 2 * LANES) numbers -> integers; their scale is returned. */
INLINE float to_integers(const float *x, int64_t n, int16_t *out) {
    floats most = ALL(0), flawed = ALL(0);
    for (int64_t i = 0; i < n; i += LANES) {
        most = MAX(most, absolute(LOAD(x + i)));
        flawed += flaws(LOAD(x + i));
    }
    float limit = largest(most);
    floats inverse = ALL(limit > SMALLEST ? LIMIT / limit : 0);
    for (int64_t i = 0; i < n; i += 2 * LANES) {
        ints left = TO_INTS(LOAD(x + i) * inverse), right = TO_INTS(LOAD(x + i + LANES) * inverse);
        STORE_INTS(out + i, NARROW(left, right));
    }
    return limit / LIMIT + total(flawed);
}

/* The sum of x - mean, or of its squares. */
INLINE float sum_of(const float *x, int64_t n, float mean, bool is_squared) {
    floats sums[4] = {ALL(0), ALL(0), ALL(0), ALL(0)};
    int64_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES)
        UNROLL for (int j = 0; j < 4; j++) {
            floats here = LOAD(x + i + j * LANES) - ALL(mean);
            sums[j] = FMA(here, is_squared ? here : ALL(1), sums[j]);
        }
    float rest = 0;
    for (; i < n; i++)
        rest += is_squared ? (x[i] - mean) * (x[i] - mean) : x[i] - mean;
    return total((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest;
}

/* (x - mean) / deviation * weight + bias, in place. */
INLINE void norm(float *x, int64_t n, const float *weight, const float *bias, float eps) {
    float mean = sum_of(x, n, 0, false) / n, scale = 1.0f / sqrtf(sum_of(x, n, mean, true) / n + eps);
    for (int64_t i = 0; i < n; i++)
        x[i] = (x[i] - mean) * scale * weight[i] + bias[i];
}

/* Row `at` of a head as float32, with zeros up to whole blocks; all zeros where there is none. */
INLINE void read_row(const struct work *work, int64_t at, int64_t head, float *row) {
    int64_t padded = pieces(work->depth, BLOCK) * BLOCK;
    if (at >= work->n) {
        memset(row, 0, sizeof(float) * padded);
        return;
    }
    const char *source = data_of(work, work->source[0]);
    source += at * work->row_bytes + head * work->depth * sizeof(float);
    if (work->to_float)
        work->to_float(source, row, work->depth);
    else
        memcpy(row, source, sizeof(float) * work->depth);
    if (work->before == NORM)
        norm(row, work->depth, data_of(work, work->source[1]), data_of(work, work->source[2]), work->factor);
    memset(row + work->depth, 0, sizeof(float) * (padded - work->depth));
    if (work->before == GELU)
        for (int64_t i = 0; i < work->depth; i += LANES)
            STORE(row + i, gelu(LOAD(row + i)));
}

/* Rows of float32 (of all heads, where there are heads) -> panels of rows, head by head. */
TARGET static void pack_rows(void *result, int thread, int n_threads, void *user_data) {
    struct work *work = user_data;
    int64_t n_groups = pieces(work->n, ROWS), n_panels = n_groups * work->n_heads, n_blocks = pieces(work->depth, BLOCK);
    struct panels out = panels_of(data_of(work, result), n_panels, ROWS, n_blocks);
    float row[MAX_DEPTH];
    for (int64_t i = take(work); i < n_panels; i = take(work)) {
        int64_t head = i / n_groups, group = i % n_groups;
        for (int64_t r = 0; r < ROWS; r++) {
            read_row(work, group * ROWS + r, head, row);
            for (int64_t b = 0; b < n_blocks; b++) {
                int64_t place = (i * n_blocks + b) * ROWS + r;
                out.scales[place] = to_integers(row + b * BLOCK, BLOCK, out.numbers + place * BLOCK);
            }
        }
    }
    leave(work, n_threads);
    (void)thread;
}

/* Rows of weights, or of keys head by head -> panels of outputs. */
TARGET static void pack_outputs(void *result, int thread, int n_threads, void *user_data) {
    struct work *work = user_data;
    int64_t n_tiles = work->n_outputs / TILE, n_panels = n_tiles * work->n_heads, n_blocks = pieces(work->depth, BLOCK);
    struct panels out = panels_of(data_of(work, result), n_panels, TILE, n_blocks);
    float row[MAX_DEPTH];
    for (int64_t i = take(work); i < n_panels; i = take(work)) {
        int64_t head = i / n_tiles, tile = i % n_tiles;
        for (int64_t r = 0; r < TILE; r++) {
            read_row(work, tile * TILE + r, head, row);
            for (int64_t b = 0; b < n_blocks; b++) {
                int16_t numbers[BLOCK];
                out.scales[(i * n_blocks + b) * TILE + r] = to_integers(row + b * BLOCK, BLOCK, numbers);
                int16_t *panel = out.numbers + (i * n_blocks + b) * TILE * BLOCK + 2 * r;
                for (int p = 0; p < BLOCK / 2; p++)
                    memcpy(panel + p * 2 * TILE, numbers + 2 * p, 2 * sizeof *numbers);
            }
        }
    }
    leave(work, n_threads);
    (void)thread;
}

/* Values, head by head -> panels whose outputs are the head's numbers; a block is KEYS keys here. */
TARGET static void pack_values(void *result, int thread, int n_threads, void *user_data) {
    struct work *work = user_data;
    int64_t n_tiles = pieces(work->depth, TILE), n_blocks = pieces(work->n, KEYS);
    int64_t n_panels = work->n_heads * n_tiles * n_blocks;
    struct panels out = panels_of(data_of(work, result), n_panels, TILE, 1);
    const char *source = data_of(work, work->source[0]);
    for (int64_t i = take(work); i < n_panels; i = take(work)) {
        int64_t head = i / (n_tiles * n_blocks), block = i / n_tiles % n_blocks, tile = i % n_tiles;
        int64_t n_here = work->depth - tile * TILE < TILE ? work->depth - tile * TILE : TILE;
        float values[KEYS][TILE] = {{0}};
        for (int64_t k = 0; k < KEYS && block * KEYS + k < work->n; k++) {
            const char *row = source + (block * KEYS + k) * work->row_bytes;
            memcpy(values[k], row + (head * work->depth + tile * TILE) * sizeof(float), sizeof(float) * n_here);
        }
        for (int at = 0; at < TILE; at += LANES) {
            floats most = ALL(SMALLEST), flawed = ALL(0);
            for (int k = 0; k < KEYS; k++) {
                most = MAX(most, absolute(LOAD(values[k] + at)));
                flawed += flaws(LOAD(values[k] + at));
            }
            STORE(out.scales + i * TILE + at, most / ALL(VALUE_LIMIT) + flawed);
            floats inverse = ALL(VALUE_LIMIT) / most;
            for (int k = 0; k < KEYS; k += 2) {
                ints even = TO_INTS(LOAD(values[k] + at) * inverse), odd = TO_INTS(LOAD(values[k + 1] + at) * inverse);
                ints both = OR_INTS(AND_INTS(even, ALL_INTS(0xffff)), SHIFT_LEFT(odd, 16));
                STORE_INTS(out.numbers + i * TILE * BLOCK + (k * TILE + 2 * at), both);
            }
        }
    }
    leave(work, n_threads);
    (void)thread;
}

/* ROWS x n_vectors vectors of results from some blocks: added to what is in `out`, or to the bias at first. */
INLINE void add_blocks(
    const struct panels *x, int64_t x_at, const struct panels *w, int64_t w_at, int64_t all_blocks, int64_t n_blocks,
    int n_vectors, const float *bias, bool is_first, float *out, int64_t stride, int64_t n_rows) {
    floats found[ROWS][2];
    UNROLL for (int r = 0; r < ROWS; r++)
        found[r][0] = found[r][1] = ALL(0);
    for (int64_t b = 0; b < n_blocks; b++) {
        ints sums[ROWS][2];
        multiply(
            x->numbers + (x_at + b) * ROWS * BLOCK, w->numbers + (w_at + b) * TILE * BLOCK, all_blocks * TILE * BLOCK,
            BLOCK / 2, n_vectors, sums);
        const float *scales = w->scales + (w_at + b) * TILE, *of_rows = x->scales + (x_at + b) * ROWS;
        UNROLL for (int j = 0; j < n_vectors; j++) {
            floats of_outputs = LOAD(scales + place_of(j, all_blocks * TILE, 1));
            UNROLL for (int r = 0; r < ROWS; r++)
                found[r][j] = FMA(TO_FLOATS(sums[r][j]), of_outputs * ALL(of_rows[r]), found[r][j]);
        }
    }
    for (int r = 0; r < n_rows; r++)
        for (int j = 0; j < n_vectors; j++) {
            float *place = out + r * stride + j * LANES;
            floats before = !is_first ? LOAD(place) : bias ? LOAD(bias + j * LANES) : ALL(0);
            STORE(place, before + found[r][j]);
        }
}

/* Panels of rows and of outputs -> float32 [row][output]. */
TARGET static void product(void *result, int thread, int n_threads, void *user_data) {
    struct work *work = user_data;
    int64_t n_blocks = pieces(work->depth, BLOCK), n_groups = pieces(work->n, ROWS), n_tiles = work->n_outputs / TILE;
    int64_t groups_at_once = ROWS_AT_ONCE / ROWS, tiles_at_once = OUTPUTS_AT_ONCE / TILE;
    int64_t down = pieces(n_groups, groups_at_once), across = pieces(n_tiles, tiles_at_once);
    struct panels x = panels_of(data_of(work, work->source[0]), n_groups, ROWS, n_blocks);
    struct panels w = panels_of(data_of(work, work->source[1]), n_tiles, TILE, n_blocks);
    const float *bias = work->source[2] ? data_of(work, work->source[2]) : NULL;
    float *out = data_of(work, result);
    for (int64_t i = take(work); i < down * across; i = take(work)) {
        int64_t group = i % down * groups_at_once, tile = i / down * tiles_at_once;
        int64_t last_group = group + groups_at_once < n_groups ? group + groups_at_once : n_groups;
        int64_t last_tile = tile + tiles_at_once < n_tiles ? tile + tiles_at_once : n_tiles;
        for (int64_t b = 0; b < n_blocks; b += BLOCKS_AT_ONCE) {
            int64_t n_here = n_blocks - b < BLOCKS_AT_ONCE ? n_blocks - b : BLOCKS_AT_ONCE;
            for (int64_t t = tile; t < last_tile; t += TILES)
                for (int64_t g = group; g < last_group; g++) {
                    int64_t n_rows = work->n - g * ROWS < ROWS ? work->n - g * ROWS : ROWS, w_at = t * n_blocks + b;
                    float *to = out + g * ROWS * work->n_outputs + t * TILE;
                    const float *of_tile = bias ? bias + t * TILE : NULL;
                    if (t + TILES <= last_tile)
                        add_blocks(
                            &x, g * n_blocks + b, &w, w_at, n_blocks, n_here, 2, of_tile, b == 0, to, work->n_outputs,
                            n_rows);
                    else
                        add_blocks(
                            &x, g * n_blocks + b, &w, w_at, n_blocks, n_here, 1, of_tile, b == 0, to, work->n_outputs,
                            n_rows);
                }
        }
    }
    leave(work, n_threads);
    (void)thread;
}

#define ALL_ROWS ((ROWS + LANES - 1) / LANES * LANES)

/* What attention knows of one group of queries so far; scores are those of powers of two. */
struct group {
    float largest[ALL_ROWS], sum[ROWS][LANES];
    float out[ROWS][MAX_HEAD + TILE];
};

/* Scores of one row, `most` the largest of them, all still without the row's `scale` -> its weights as integers,
   relative to that of `most`. Sums of the weights, which add up to all of them, are returned. */
INLINE floats weigh(const float *scores, float scale, float most, int16_t *weights) {
    floats count = ALL(0), less = ALL(LOG2_WEIGHT_LIMIT - most * scale);
    UNROLL for (int k = 0; k < KEYS; k += 2 * LANES) {
        ints left = TO_INTS(power_of_two(FMA(LOAD(scores + k), ALL(scale), less)));
        ints right = TO_INTS(power_of_two(FMA(LOAD(scores + k + LANES), ALL(scale), less)));
        STORE_INTS(weights + k, NARROW(left, right));
        count += TO_FLOATS(ADD_INTS(left, right));
    }
    return count;
}

/* Scores of all rows -> weights. What is known of a row has to be multiplied with `kept`, the weights with `factor`. */
INLINE void weigh_all(
    struct group *group, float scores[ROWS][KEYS], const float *scales, int16_t weights[ROWS][BLOCK], float *factor,
    float *kept) {
    float most[ALL_ROWS] = {0};
    floats counts[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) {
        floats here = LOAD(scores[r]);
        UNROLL for (int k = LANES; k < KEYS; k += LANES)
            here = MAX(here, LOAD(scores[r] + k));
        float found = largest(here);
        most[r] = found * scales[r];
        counts[r] = weigh(scores[r], scales[r], found, weights[r]);
    }
    for (int r = 0; r < ALL_ROWS; r += LANES) {
        floats before = LOAD(group->largest + r), now = MAX(LOAD(most + r), before);
        STORE(group->largest + r, now);
        STORE(kept + r, power_of_two(before - now));
        STORE(factor + r, power_of_two(LOAD(most + r) - now) * ALL(1.0f / WEIGHT_LIMIT));
    }
    UNROLL for (int r = 0; r < ROWS; r++)
        STORE(group->sum[r], FMA(counts[r], ALL(factor[r]), LOAD(group->sum[r]) * ALL(kept[r])));
}

/* One group of queries meets KEYS keys: scores, still without the queries' scales. */
INLINE void score(
    const int16_t *q, float scale, int64_t depth, const struct panels *keys, int64_t key_tile,
    float scores[ROWS][KEYS]) {
    for (int t = 0; t < KEYS / TILE; t += TILES) {
        ints sums[ROWS][2];
        multiply(q, keys->numbers + (key_tile + t) * TILE * BLOCK, TILE * BLOCK, pieces(depth, 2), 2, sums);
        UNROLL for (int j = 0; j < 2; j++) {
            floats of_keys = LOAD(keys->scales + (key_tile + t) * TILE + j * LANES) * ALL(scale);
            UNROLL for (int r = 0; r < ROWS; r++)
                STORE(scores[r] + t * TILE + j * LANES, TO_FLOATS(sums[r][j]) * of_keys);
        }
    }
}

/* The values of KEYS keys in `n_vectors` vectors of a head's numbers, added up by weight. */
INLINE void add_values(
    struct group *group, const int16_t *weights, const float *factor, const float *kept, const struct panels *values,
    int64_t value_tile, int64_t t, int n_vectors) {
    ints sums[ROWS][2];
    multiply(weights, values->numbers + (value_tile + t) * TILE * BLOCK, TILE * BLOCK, KEYS / 2, n_vectors, sums);
    UNROLL for (int j = 0; j < n_vectors; j++) {
        floats of_outputs = LOAD(values->scales + (value_tile + t) * TILE + j * LANES);
        UNROLL for (int r = 0; r < ROWS; r++) {
            float *out = group->out[r] + t * TILE + j * LANES;
            STORE(out, FMA(TO_FLOATS(sums[r][j]), of_outputs * ALL(factor[r]), LOAD(out) * ALL(kept[r])));
        }
    }
}

/* One group of queries meets KEYS keys and their values. */
INLINE void attend(
    struct group *group, const int16_t *q, const float *q_scales, float scale, int64_t depth,
    const struct panels *keys, int64_t key_tile, const struct panels *values, int64_t value_tile,
    const int64_t n_seen[ROWS]) {
    float scores[ROWS][KEYS], factor[ALL_ROWS], kept[ALL_ROWS];
    int16_t weights[ROWS][BLOCK];
    score(q, scale, depth, keys, key_tile, scores);
    for (int r = 0; r < ROWS; r++)
        for (int64_t k = n_seen[r] < 0 ? 0 : n_seen[r]; k < KEYS; k++)
            scores[r][k] = -INFINITY;
    weigh_all(group, scores, q_scales, weights, factor, kept);
    int64_t n_tiles = pieces(depth, TILE), t = 0;
    for (; t + TILES <= n_tiles; t += TILES)
        add_values(group, weights[0], factor, kept, values, value_tile, t, 2);
    if (t < n_tiles)
        add_values(group, weights[0], factor, kept, values, value_tile, t, 1);
}

/* Queries `first .. first + n` of one head; float32 [query][head][depth]. */
TARGET static void attention(void *result, int thread, int n_threads, void *user_data) {
    struct work *work = user_data;
    const int64_t n_keys = work->n_outputs, depth = work->depth, n_heads = work->n_heads;
    int64_t n_groups = pieces(n_keys, ROWS), key_tiles = pieces(n_keys, KEYS) * KEYS / TILE;
    int64_t value_tiles = pieces(depth, TILE), n_blocks = pieces(n_keys, KEYS);
    struct panels queries = panels_of(data_of(work, work->source[0]), n_groups * n_heads, ROWS, 1);
    struct panels keys = panels_of(data_of(work, work->source[1]), key_tiles * n_heads, TILE, 1);
    struct panels values = panels_of(data_of(work, work->source[2]), n_heads * value_tiles * n_blocks, TILE, 1);
    float *out = data_of(work, result);
    int64_t per_head = pieces(work->n, ROWS_AT_ONCE), last = work->first + work->n;
    struct group groups[ROWS_AT_ONCE / ROWS];
    for (int64_t i = take(work); i < per_head * n_heads; i = take(work)) {
        int64_t head = i / per_head, start = work->first + i % per_head * ROWS_AT_ONCE;
        int64_t stop = start + ROWS_AT_ONCE < last ? start + ROWS_AT_ONCE : last;
        int64_t n_here = pieces(stop - start, ROWS);
        memset(groups, 0, sizeof groups);
        for (int64_t g = 0; g < n_here; g++)
            for (int r = 0; r < ALL_ROWS; r++)
                groups[g].largest[r] = -INFINITY;
        int64_t most_seen = start < work->n_seeing_all ? n_keys : work->n_seeing_all;
        for (int64_t key = 0; key < most_seen; key += KEYS)
            for (int64_t g = 0; g < n_here; g++) {
                int64_t panel = head * n_groups + start / ROWS + g, n_seen[ROWS];
                for (int r = 0; r < ROWS; r++)
                    n_seen[r] = (start + g * ROWS + r < work->n_seeing_all ? n_keys : work->n_seeing_all) - key;
                attend(
                    &groups[g], queries.numbers + panel * ROWS * BLOCK, queries.scales + panel * ROWS,
                    work->factor * LOG2_E, depth, &keys, head * key_tiles + key / TILE, &values,
                    (head * n_blocks + key / KEYS) * value_tiles, n_seen);
            }
        for (int64_t at = start; at < stop; at++) {
            struct group *group = &groups[(at - start) / ROWS];
            int64_t r = (at - start) % ROWS;
            float *to = out + ((at - work->first) * n_heads + head) * depth, inverse = 1 / total(LOAD(group->sum[r]));
            for (int64_t d = 0; d < depth; d++)
                to[d] = group->out[r][d] * inverse;
        }
    }
    leave(work, n_threads);
    (void)thread;
}

#define KERNELS {ROWS, TILE, pack_rows, pack_outputs, pack_values, product, attention}
