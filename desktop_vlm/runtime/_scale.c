/* Pillow's bilinear `resize` of 8-bit RGB, to the same bytes, for some rows of the result at a time; each byte becomes the
   float that a table has for it, in planes of one colour. So threads share an image without waiting for each other, and
   nothing is copied between the steps. `scaling.py` makes the weights and calls it.

   Pillow's arithmetic (libImaging/Resample.c): weights are integers with 22 bits behind the point; rows are scaled first and
   rounded to bytes, then columns of these. Bilinear weights are not negative and add up to 1, so that sums need no limits. */

#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAS_AVX2 1
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

#define BITS 22
#define HALF (1 << (BITS - 1))
#define BEHIND 4 /* bytes that are kept behind a row, as four are written where three are meant */

struct axis {
    const int32_t *first;  /* of the pixels that make one of the result */
    const int32_t *weight; /* of each of them, `count` for one of the result */
    int64_t count;
};

struct scale {
    const uint8_t *pixels;     /* rows of RGB; a byte behind the last may be read, which is not used */
    int64_t width, pixel_bytes; /* of them: 3, or 4, of which the last is not used */
    int64_t scaled_width;
    struct axis across, down;
    const float *table; /* of 256 for each colour */
    float *planes;      /* tiles of three planes of `tile` times `tile` */
    int64_t tile, n_across;
};

/* One row across, bytes of RGB. */
static void scale_row(const struct scale *s, const uint8_t *row, uint8_t *out) {
    const int32_t *weight = s->across.weight;
    const int64_t count = s->across.count, step = s->pixel_bytes;
    for (int64_t x = 0; x < s->scaled_width; x++, weight += count)
        for (int colour = 0; colour < 3; colour++, out++) {
            const uint8_t *from = row + step * s->across.first[x] + colour;
            int32_t sum = HALF;
            for (int64_t i = 0; i < count; i++)
                sum += from[step * i] * weight[i];
            *out = sum >> BITS;
        }
}

/* One row of the result from rows that are scaled across; the image's row r is at r modulo `down.count`. */
static ALWAYS_INLINE void join_rows(const struct scale *s, int64_t y, const uint8_t *rows, int32_t *sums, uint8_t *out) {
    const int64_t n = 3 * s->scaled_width, count = s->down.count;
    for (int64_t x = 0; x < n; x++)
        sums[x] = HALF;
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *from = rows + (s->down.first[y] + i) % count * (n + BEHIND);
        const int32_t weight = s->down.weight[y * count + i];
        for (int64_t x = 0; x < n; x++)
            sums[x] += from[x] * weight;
    }
    for (int64_t x = 0; x < n; x++)
        out[x] = sums[x] >> BITS;
}

static void join_rows_anywhere(const struct scale *s, int64_t y, const uint8_t *rows, int32_t *sums, uint8_t *out) {
    join_rows(s, y, rows, sums, out);
}

#ifdef HAS_AVX2
/* The same, a pixel at once; `step` and `count` are constants where this is inlined. */
__attribute__((target("avx2"))) static ALWAYS_INLINE void scale_row_of(const struct scale *s, const uint8_t *row, uint8_t *out,
                                                                       int64_t step, int64_t count) {
    const int32_t *weight = s->across.weight;
    const __m128i low_bytes = _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    for (int64_t x = 0; x < s->scaled_width; x++, out += 3, weight += count) {
        const uint8_t *from = row + step * s->across.first[x];
        __m128i sums = _mm_set1_epi32(HALF);
        for (int64_t i = 0; i < count; i++) {
            const __m128i pixel = _mm_cvtepu8_epi32(_mm_loadu_si32(from + step * i));
            sums = _mm_add_epi32(sums, _mm_mullo_epi32(pixel, _mm_set1_epi32(weight[i])));
        }
        _mm_storeu_si32(out, _mm_shuffle_epi8(_mm_srai_epi32(sums, BITS), low_bytes));
    }
}

/* Images are seldom scaled down by more than three. */
#define OF_COUNT(n) case n: s->pixel_bytes == 4 ? scale_row_of(s, row, out, 4, n) : scale_row_of(s, row, out, 3, n); break;

__attribute__((target("avx2"))) static void scale_row_avx2(const struct scale *s, const uint8_t *row, uint8_t *out) {
    switch (s->across.count) {
        OF_COUNT(2) OF_COUNT(3) OF_COUNT(4) OF_COUNT(5) OF_COUNT(6) OF_COUNT(7)
    default: scale_row_of(s, row, out, s->pixel_bytes, s->across.count);
    }
}

__attribute__((target("avx2"))) static void join_rows_avx2(const struct scale *s, int64_t y, const uint8_t *rows, int32_t *sums,
                                                           uint8_t *out) {
    join_rows(s, y, rows, sums, out);
}
#endif

/* Bytes of one row -> floats in the planes of the tiles that it crosses. */
static void to_planes(const struct scale *s, int64_t y, const uint8_t *row) {
    const int64_t tile = s->tile, plane = tile * tile;
    for (int64_t left = 0; left < s->scaled_width; left += tile) {
        const int64_t n = s->scaled_width - left < tile ? s->scaled_width - left : tile;
        float *out = s->planes + (y / tile * s->n_across + left / tile) * 3 * plane + y % tile * tile;
        for (int64_t colour = 0; colour < 3; colour++) {
            const float *table = s->table + 256 * colour;
            const uint8_t *from = row + 3 * left + colour;
            for (int64_t x = 0; x < n; x++)
                out[colour * plane + x] = table[from[3 * x]];
        }
    }
}

/* Rows `start` to `stop` of the result. `room`: down.count + 1 rows of 3 * scaled_width + BEHIND bytes; `sums`: 3 * scaled_width. */
EXPORT void desktop_vlm_scale(const struct scale *s, int64_t start, int64_t stop, uint8_t *room, int32_t *sums) {
    const int64_t row_bytes = 3 * s->scaled_width + BEHIND, count = s->down.count;
    uint8_t *rows = room + row_bytes;
    int64_t next = s->down.first[start];
    void (*across)(const struct scale *, const uint8_t *, uint8_t *) = scale_row;
    void (*down)(const struct scale *, int64_t, const uint8_t *, int32_t *, uint8_t *) = join_rows_anywhere;
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2"))
        across = scale_row_avx2, down = join_rows_avx2;
#endif
    for (int64_t y = start; y < stop; y++) {
        for (; next < s->down.first[y] + count; next++)
            across(s, s->pixels + s->pixel_bytes * next * s->width, rows + next % count * row_bytes);
        down(s, y, rows, sums, room);
        to_planes(s, y, room);
    }
}
