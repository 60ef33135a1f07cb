#include "evaluate/risk_tenths.h"

#include "evaluate/order.h"

static int64_t count_up_to(const double *ascending, int64_t count, double bound)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (ascending[middle] <= bound)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Between the bounds of few people there may be nobody. */
static void add_end(hra_risk_tenths *cut, int64_t end)
{
    if (end > (cut->groups ? cut->end[cut->groups - 1] : 0)) cut->end[cut->groups++] = end;
}

hra_risk_tenths hra_cut_risks(const double *ascending, int64_t count)
{
    hra_risk_tenths cut = {0};
    if (count == 0) return cut;
    double bound = ascending[0];
    for (int k = 1; k < HRA_MOST_TENTHS; k++) {
        double next = hra_quantile(ascending, count, k / (double)HRA_MOST_TENTHS);
        if (!(next > bound)) continue;
        bound = next;
        add_end(&cut, count_up_to(ascending, count, bound));
    }
    add_end(&cut, count);
    return cut;
}
