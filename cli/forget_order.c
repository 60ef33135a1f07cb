#include "cli/forget_order.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/same_file.h"

typedef struct run {
    char *results, *text, *year; /* year NULL: none */
    bool is_command, is_put;
} run;

struct hra_forget_order {
    run *runs;
    int count;
};

hra_forget_order *hra_forget_order_new(void) { return calloc(1, sizeof(hra_forget_order)); }

static void clear(run *r)
{
    free(r->results);
    free(r->text);
    free(r->year);
}

void hra_forget_order_free(hra_forget_order *order)
{
    for (int i = 0; order && i < order->count; i++) clear(&order->runs[i]);
    if (order) free(order->runs);
    free(order);
}

hra_code hra_forget_order_add(hra_forget_order *order, const char *results, const char *text, bool is_command,
                              const char *year, hra_error *error)
{
    run *runs = realloc(order->runs, ((size_t)order->count + 1) * sizeof *runs);
    if (runs) order->runs = runs;
    run own = {strdup(results), strdup(text), year ? strdup(year) : NULL, is_command, false};
    if (!runs || !own.results || !own.text || (year && !own.year)) {
        clear(&own);
        return hra_out_of_memory(error);
    }
    order->runs[order->count++] = own;
    return HRA_OK;
}

static run *run_of(hra_forget_order *order, const char *results)
{
    for (int i = 0; i < order->count; i++)
        if (hra_is_same_file(order->runs[i].results, results)) return &order->runs[i];
    return NULL;
}

static void put(hra_forget_order *order, run *r, hra_buffer *out)
{
    if (r->is_put) return;
    r->is_put = true;
    run *before = r->year ? run_of(order, r->year) : NULL;
    if (before) put(order, before, out);
    if (r->is_command && r->year && !(before && before->is_command)) {
        r->is_command = false; /* nor may those that wait for it */
        hra_buffer_printf(out,
                          "%s: the figures of the earlier year that it is compared with, %s, still count people who "
                          "were deleted: form them anew, then repeat this command\n",
                          r->results, r->year);
    } else {
        hra_buffer_text(out, r->text);
    }
}

void hra_forget_order_put(hra_forget_order *order, hra_buffer *out)
{
    for (int i = 0; i < order->count; i++) put(order, &order->runs[i], out);
}
