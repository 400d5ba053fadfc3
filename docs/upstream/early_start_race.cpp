// A race in ggml's CUDA backend: attention right behind a norm reads queries that the norm has not written yet.
//
//     g++ -std=c++17 -O2 early_start_race.cpp -I ggml/include -L lib -lggml -lggml-base -lggml-cuda -o early_start_race
//     ./early_start_race                                wrong results
//     GGML_CUDA_DISABLE_GRAPHS=1 ./early_start_race     fewer
//     GGML_CUDA_PDL=0 ./early_start_race                none
//
// Needs a GPU of compute capability 9.0 or later. Two inputs take turns in one graph, so that a query that is read too
// early is the other input's. What is right is computed in two graphs, with a wait between norm and attention.
// Everything is compared bit for bit. What is known of the cause: docs/decisions/0005.

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

struct Case {
    const char * name;
    int  head_dim, heads, kv_heads, keys;
    bool weight;  // the norm's result times a weight, which the backend fuses
    bool product; // a matrix product in front of the norm
    bool mask;
    char between; // a kernel between norm and attention: 'r' repeats the mask, 'c' copies it, 0 for none
    bool after;
};

static ggml_tensor * leaf(ggml_context * context, ggml_type type, int64_t a, int64_t b = 1, int64_t c = 1) {
    return ggml_new_tensor_3d(context, type, a, b, c);
}

struct Model {
    ggml_context *        context;
    ggml_backend_buffer_t buffer;
    ggml_tensor *x, *proj, *weight, *k, *v, *mask, *query, *out_proj;
};

static ggml_tensor * norm(ggml_context * g, const Model & m, const Case & c) {
    ggml_tensor * q = m.x;
    if (c.product) q = ggml_mul_mat(g, m.proj, q);
    q = ggml_reshape_3d(g, q, c.head_dim, c.heads, 1);
    q = ggml_rms_norm(g, q, 1e-5f);
    return c.weight ? ggml_mul(g, q, m.weight) : q;
}

static ggml_tensor * attention(ggml_context * g, const Model & m, const Case & c, ggml_tensor * q) {
    ggml_tensor * mask = c.mask ? m.mask : nullptr;
    if (c.between == 'c') mask = ggml_dup(g, m.mask);
    if (c.between == 'r') mask = ggml_repeat(g, m.mask, m.mask);
    ggml_tensor * o = ggml_flash_attn_ext(g, ggml_permute(g, q, 0, 2, 1, 3), m.k, m.v, mask, 1 / sqrtf(c.head_dim), 0, 0);
    o = ggml_reshape_2d(g, o, c.head_dim * c.heads, 1);
    if (c.after) o = ggml_mul_mat(g, m.out_proj, o);
    return ggml_cont(g, o);
}

struct Graph {
    ggml_context * context;
    ggml_cgraph *  graph;
    ggml_gallocr_t allocator;
    ggml_tensor *  out;
};

template <typename Build> static Graph make(ggml_backend_t backend, Build build) {
    Graph made;
    made.context = ggml_init({64 * ggml_tensor_overhead() + ggml_graph_overhead(), nullptr, true});
    made.graph   = ggml_new_graph(made.context);
    made.out     = build(made.context);
    ggml_set_output(made.out);
    ggml_build_forward_expand(made.graph, made.out);
    made.allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend));
    ggml_gallocr_alloc_graph(made.allocator, made.graph);
    return made;
}

static std::mt19937 rng(7);

static void fill(ggml_tensor * t, float scale) {
    std::normal_distribution<float> normal(0, scale);
    std::vector<float>       values(ggml_nelements(t));
    for (float & value : values) value = normal(rng);
    if (t->type == GGML_TYPE_F32) {
        ggml_backend_tensor_set(t, values.data(), 0, ggml_nbytes(t));
        return;
    }
    std::vector<ggml_fp16_t> half(values.size());
    ggml_fp32_to_fp16_row(values.data(), half.data(), (int64_t) values.size());
    ggml_backend_tensor_set(t, half.data(), 0, ggml_nbytes(t));
}

static void run(ggml_backend_t backend, const Case & c, int runs) {
    Model m;
    const int width = c.head_dim * c.heads;
    m.context  = ggml_init({16 * ggml_tensor_overhead(), nullptr, true});
    m.x        = leaf(m.context, GGML_TYPE_F32, width);
    m.proj     = leaf(m.context, GGML_TYPE_F16, width, width);
    m.out_proj = leaf(m.context, GGML_TYPE_F16, width, width);
    m.weight   = leaf(m.context, GGML_TYPE_F32, c.head_dim);
    m.k        = leaf(m.context, GGML_TYPE_F16, c.head_dim, c.keys, c.kv_heads);
    m.v        = leaf(m.context, GGML_TYPE_F16, c.head_dim, c.keys, c.kv_heads);
    m.mask     = leaf(m.context, GGML_TYPE_F16, c.keys, 1);
    m.query    = leaf(m.context, GGML_TYPE_F32, c.head_dim, c.heads, 1);
    m.buffer   = ggml_backend_alloc_ctx_tensors(m.context, backend);
    for (ggml_tensor * t : {m.k, m.v}) fill(t, 1);
    for (ggml_tensor * t : {m.proj, m.out_proj}) fill(t, 0.05f);
    fill(m.weight, 2);
    fill(m.mask, 0);
    std::vector<float> inputs[2], expected[2];
    for (auto & input : inputs) {
        fill(m.x, 1);
        input.resize(width);
        ggml_backend_tensor_get(m.x, input.data(), 0, width * sizeof(float));
    }
    Graph first  = make(backend, [&](ggml_context * g) { return ggml_cpy(g, norm(g, m, c), m.query); });
    Graph second = make(backend, [&](ggml_context * g) { return attention(g, m, c, m.query); });
    for (int i = 0; i < 2; i++) {
        ggml_backend_tensor_set(m.x, inputs[i].data(), 0, width * sizeof(float));
        ggml_backend_graph_compute(backend, first.graph);
        ggml_backend_synchronize(backend);
        ggml_backend_graph_compute(backend, second.graph);
        expected[i].resize(width);
        ggml_backend_tensor_get(second.out, expected[i].data(), 0, width * sizeof(float));
    }
    Graph whole = make(backend, [&](ggml_context * g) {
        ggml_tensor * q = norm(g, m, c);
        ggml_set_output(q); // keeps its memory to itself, so that what is there too early is the last run's query
        return attention(g, m, c, q);
    });
    std::vector<float> found(width);
    int wrong = 0, heads_right = 0, heads_other = 0, heads_neither = 0;
    for (int i = 0; i < runs; i++) {
        ggml_backend_tensor_set(m.x, inputs[i % 2].data(), 0, width * sizeof(float));
        ggml_backend_graph_compute(backend, whole.graph);
        ggml_backend_tensor_get(whole.out, found.data(), 0, width * sizeof(float));
        wrong += memcmp(found.data(), expected[i % 2].data(), width * sizeof(float)) != 0;
        for (int head = 0; head < c.heads && !c.after; head++) {
            const int at = head * c.head_dim, n = c.head_dim * sizeof(float);
            if (!memcmp(&found[at], &expected[i % 2][at], n)) heads_right++;
            else if (!memcmp(&found[at], &expected[1 - i % 2][at], n)) heads_other++;
            else heads_neither++;
        }
    }
    printf("%-44s %5d of %d wrong", c.name, wrong, runs);
    if (!c.after) printf("; heads: %d right, %d the other input's, %d neither", heads_right, heads_other, heads_neither);
    puts("");
    fflush(stdout);
    for (Graph & g : {std::ref(first), std::ref(second), std::ref(whole)}) {
        ggml_gallocr_free(g.allocator);
        ggml_free(g.context);
    }
    ggml_backend_buffer_free(m.buffer);
    ggml_free(m.context);
}

int main() {
    ggml_backend_load_all();
    ggml_backend_t backend = ggml_backend_init_by_type(GGML_BACKEND_DEVICE_TYPE_GPU, nullptr);
    if (!backend) return puts("no GPU"), 1;
    const Case cases[] = {
        //                                       dim heads kv keys weight product mask between after
        {"norm, attention",                      128, 32, 8, 1024, false, false, false, 0,   false},
        {"the same, one head, 256 keys",         128, 1,  1, 256, false, false, false, 0,   false},
        {"the same, 255 keys: another kernel",   128, 1,  1, 255, false, false, false, 0,   false},
        {"heads of 64",                          64,  32, 8, 1024, false, false, false, 0,   false},
        {"norm with a weight",                   128, 32, 8, 1024, true,  false, false, 0,   false},
        {"product, norm, attention, product",    128, 32, 8, 1024, true,  true,  false, 0,   true},
        {"the same, with a mask",                128, 32, 8, 1024, true,  true,  true,  0,   true},
        {"the same, the mask repeated between",  128, 32, 8, 1024, true,  true,  false, 'r', true},
        {"the same, the mask copied between",    128, 32, 8, 1024, true,  true,  false, 'c', true},
        {"repeated, 6656 keys",                  128, 32, 8, 6656, true,  true,  false, 'r', false},
        {"repeated, no product",                 128, 32, 8, 1024, true,  false, false, 'r', false},
        {"repeated, one head",                   128, 1,  1, 256, false, false, false, 'r', false},
        {"repeated, 128 heads",                  128, 128, 8, 256, true,  false, false, 'r', false},
        {"repeated, as many keys as queries",    128, 32, 32, 512, true,  true,  false, 'r', false},
        {"copied, one head",                     128, 1,  1, 256, false, false, false, 'c', false},
        {"copied, 128 heads",                    128, 128, 8, 256, true,  false, false, 'c', false},
    };
    for (const Case & c : cases) run(backend, c, 1000);
    ggml_backend_free(backend);
}
