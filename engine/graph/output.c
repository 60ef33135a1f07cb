#include "engine/graph/output.h"

#include <string.h>

/* The main output of an owner: risk, met, value, points, else its first. */
static int main_output(const hra_output *outputs, int count, const char *owner)
{
    static const char *const main_names[] = {"risk", "met", "value", "points"};
    int best = -1, best_rank = 5;
    for (int i = 0; i < count; i++) {
        if (strcmp(outputs[i].owner, owner) != 0) continue;
        int rank = 4;
        for (int n = 0; n < 4; n++)
            if (strcmp(outputs[i].name, main_names[n]) == 0) rank = n;
        if (rank < best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

const char *hra_output_status_owner(const hra_output *outputs, int count, int output)
{
    const hra_output *o = &outputs[output];
    int main = o->role == HRA_ROLE_MODEL ? main_output(outputs, count, o->owner) : -1;
    return main >= 0 && outputs[main].status_of == output ? o->owner : o->id;
}
