/* llama.cpp's evaluation callback without Python in its common cases.

   llama.cpp asks about each of a thousand nodes a token, and computes one token in a few milliseconds. Here the
   question is a look-up; where a node's work is a graph that is ready, it is started at once. Python is asked about
   everything else. `eval_hook.py` fills the table, and does all of this itself where this file was not compiled.
   It includes no header of Python or ggml, so that any C compiler will do and one library fits every Python. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define MAX_STOPS 128
#define MAX_GRAPHS 4
#define MAX_NAME 64

typedef bool (*eval_callback)(void *node, bool ask, void *user_data);
typedef int (*compute_function)(void *backend, void *graph);

struct stop {
    const char *node;
    const void *buffer; /* where the graphs expect the node's numbers: */
    const void *data;   /* an address alone names nothing, Vulkan's buffers all begin at the same one; */
    int64_t n_rows;     /* and how many rows */
    void *backend;
    void *graphs[MAX_GRAPHS];
    int32_t n_graphs; /* 0: Python does it */
    int32_t n_met;
    int32_t no_wait; /* what the backend does next comes after the node, so nobody has to wait for it */
    char name[MAX_NAME];
};

struct stops {
    eval_callback python;
    compute_function compute;
    int64_t data_offset, n_rows_offset, name_offset, buffer_offset, view_offset; /* in a ggml_tensor */
    int64_t wait_offset; /* in a ggml_backend: the function that waits for it; negative: it is left alone */
    void **waits;        /* where that function was taken out for the moment, */
    void *wait;          /* and which it is */
    int32_t all;         /* ask Python about every node */
    int32_t status; /* the first failed graph's */
    int32_t n_stops;
    struct stop stops[MAX_STOPS]; /* by address */
};

static struct stop *find(struct stops *table, const char *node) {
    int32_t low = 0, high = table->n_stops;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (table->stops[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->n_stops && table->stops[low].node == node ? &table->stops[low] : NULL;
}

static const void *pointer_in(const char *node, int64_t offset) {
    const void *found;
    memcpy(&found, node + offset, sizeof found);
    return found;
}

/* Whose memory a node's is: a view has its source's. */
static const void *buffer_of(const struct stops *table, const char *node) {
    const char *source = pointer_in(node, table->view_offset);
    return pointer_in(source ? source : node, table->buffer_offset);
}

static bool is_ready(const struct stops *table, const struct stop *stop) {
    int64_t n_rows;
    memcpy(&n_rows, stop->node + table->n_rows_offset, sizeof n_rows);
    return stop->n_graphs > 0 && pointer_in(stop->node, table->data_offset) == stop->data && n_rows == stop->n_rows &&
           buffer_of(table, stop->node) == stop->buffer &&
           strncmp(stop->node + table->name_offset, stop->name, MAX_NAME) == 0;
}

/* llama.cpp waits for the device between asking about a node and saying that it is there. Where all that is to be done
   then is put on the same stream, that leaves the device idle; a backend without the function does not wait. */
static void take_wait(struct stops *table, const struct stop *stop) {
    if (!stop->no_wait || table->wait_offset < 0)
        return;
    table->waits = (void **)((char *)stop->backend + table->wait_offset);
    table->wait = *table->waits;
    *table->waits = NULL;
}

EXPORT void desktop_vlm_give_wait_back(struct stops *table) {
    if (table->waits != NULL)
        *table->waits = table->wait;
    table->waits = NULL;
}

EXPORT bool desktop_vlm_eval_stop(void *node, bool ask, void *user_data) {
    struct stops *table = user_data;
    desktop_vlm_give_wait_back(table);
    if (table->all)
        return table->python(node, ask, NULL);
    struct stop *stop = find(table, node);
    if (stop == NULL)
        return false;
    if (!is_ready(table, stop))
        return table->python(node, ask, NULL);
    if (ask) {
        take_wait(table, stop);
        return true;
    }
    stop->n_met++;
    for (int32_t i = 0; i < stop->n_graphs && table->status == 0; i++)
        table->status = table->compute(stop->backend, stop->graphs[i]);
    return true; /* false would end only a part of the computation */
}

EXPORT int64_t desktop_vlm_stops_size(void) {
    return sizeof(struct stops);
}
