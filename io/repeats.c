#include "io/repeats.h"

#include <stdlib.h>

#include "io/spill_sort.h"

struct hra_repeats {
    hra_duplicate_rule rule;
    hra_spill_sort *identifiers; /* hash, hash, row, line; NULL once resolved */
    hra_spill_sort *fallen;      /* rows that do not stand: row, other line */
    hra_spill_record next;       /* of the fallen */
    bool any;                    /* there is a next one */
};

hra_repeats *hra_repeats_new(hra_duplicate_rule rule, const char *beside, size_t bytes)
{
    hra_repeats *repeats = calloc(1, sizeof *repeats);
    if (!repeats) return NULL;
    repeats->rule = rule;
    repeats->identifiers = hra_spill_sort_new(beside, bytes / 2); /* both are in use while resolving */
    repeats->fallen = hra_spill_sort_new(beside, bytes / 2);
    if (repeats->identifiers && repeats->fallen) return repeats;
    hra_repeats_free(repeats);
    return NULL;
}

void hra_repeats_free(hra_repeats *repeats)
{
    if (!repeats) return;
    hra_spill_sort_free(repeats->identifiers);
    hra_spill_sort_free(repeats->fallen);
    free(repeats);
}

hra_code hra_repeats_add(hra_repeats *repeats, hra_id_hash hash, int64_t row, int64_t line, hra_error *error)
{
    hra_spill_record record = {{hash.word[0], hash.word[1], (uint64_t)row, (uint64_t)line}};
    return hra_spill_sort_add(repeats->identifiers, &record, error);
}

static hra_code fall(hra_repeats *repeats, uint64_t row, uint64_t other_line, hra_error *error)
{
    hra_spill_record record = {{row, other_line}};
    return hra_spill_sort_add(repeats->fallen, &record, error);
}

/* Of two neighbouring rows of one identifier: `before` was the first of its rows if `first`. */
static hra_code compare(hra_repeats *repeats, const hra_spill_record *before, bool first, const hra_spill_record *row,
                        uint64_t first_line, hra_error *error)
{
    if (repeats->rule == HRA_DUPLICATE_KEEP_FIRST) return fall(repeats, row->word[2], first_line, error);
    if (repeats->rule == HRA_DUPLICATE_KEEP_LAST) return fall(repeats, before->word[2], 0, error);
    if (first) HRA_TRY(fall(repeats, before->word[2], 0, error));
    return fall(repeats, row->word[2], 0, error);
}

static hra_code find_fallen(hra_repeats *repeats, hra_error *error)
{
    hra_spill_record before = {{0}}, row;
    bool any, some = false, first = true;
    uint64_t first_line = 0;
    for (;;) {
        HRA_TRY(hra_spill_sort_next(repeats->identifiers, &row, &any, error));
        if (!any) return HRA_OK;
        bool same = some && row.word[0] == before.word[0] && row.word[1] == before.word[1];
        if (same)
            HRA_TRY(compare(repeats, &before, first, &row, first_line, error));
        else
            first_line = row.word[3];
        first = !same;
        before = row;
        some = true;
    }
}

hra_code hra_repeats_resolve(hra_repeats *repeats, hra_error *error)
{
    HRA_TRY(hra_spill_sort_finish(repeats->identifiers, error));
    HRA_TRY(find_fallen(repeats, error));
    hra_spill_sort_free(repeats->identifiers);
    repeats->identifiers = NULL;
    HRA_TRY(hra_spill_sort_finish(repeats->fallen, error));
    return hra_spill_sort_next(repeats->fallen, &repeats->next, &repeats->any, error);
}

hra_code hra_repeats_judge(hra_repeats *repeats, int64_t row, bool *stands, int64_t *other_line, hra_error *error)
{
    while (repeats->any && repeats->next.word[0] < (uint64_t)row)
        HRA_TRY(hra_spill_sort_next(repeats->fallen, &repeats->next, &repeats->any, error));
    *stands = !repeats->any || repeats->next.word[0] != (uint64_t)row;
    *other_line = *stands ? 0 : (int64_t)repeats->next.word[1];
    return HRA_OK;
}
