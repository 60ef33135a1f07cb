#include "service/group/coverage.h"

enum { FEW_PEOPLE = 5, SMALL_PART = 20 };

void hra_coverage_add(hra_coverage *c, uint64_t people, uint64_t known)
{
    c->people += people;
    c->known += known;
    if (2 * known < people) c->undecided += people;
}

static bool is_enough(const hra_coverage *c, uint64_t least, uint64_t of)
{
    if (c->known == 0 || c->known * of < c->people * least) return false;
    return c->undecided < FEW_PEOPLE || c->undecided * SMALL_PART < c->people;
}

bool hra_coverage_speaks_for_all(const hra_coverage *c) { return is_enough(c, 2, 3); }
bool hra_coverage_is_half(const hra_coverage *c) { return is_enough(c, 1, 2); }

hra_coverage hra_coverage_of(const hra_group_summary *summary, const hra_group *group, int output)
{
    hra_summary_flag total = hra_group_flag(summary, group, output, HRA_SUMMARY_ALL);
    hra_coverage c = {0, 0, 0};
    for (int cell = 0; cell < HRA_SUMMARY_CELLS; cell++) {
        hra_summary_flag f = hra_group_flag(summary, group, output, cell);
        hra_coverage_add(&c, hra_group_people(group, cell), (uint64_t)f.yes + f.no);
    }
    c.people = hra_group_people(group, HRA_SUMMARY_ALL); /* with those without a sex or age */
    c.known = (uint64_t)total.yes + total.no;
    return c;
}
