#include "io/csv/repeats.h"

#include <stdlib.h>

#include "io/csv/csv_row_day.h"
#include "io/files/spill_sort.h"

struct hra_repeats {
    hra_duplicate_rule rule;
    hra_spill_sort *identifiers; /* hash, hash, row, line and day; NULL once resolved */
    hra_spill_sort *fallen;      /* rows that do not stand: row, other line, whether later */
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

/* Line and day share a word of a record that is sorted. */
static uint64_t line_of(const hra_spill_record *record) { return record->word[3] >> HRA_DAY_BITS; }
static uint64_t day_of(const hra_spill_record *record) { return record->word[3] & ((1u << HRA_DAY_BITS) - 1); }

hra_code hra_repeats_add(hra_repeats *repeats, hra_id_hash hash, int64_t row, int64_t line, uint32_t day,
                         hra_error *error)
{
    uint64_t line_and_day = (uint64_t)line << HRA_DAY_BITS | day;
    hra_spill_record record = {{hash.word[0], hash.word[1], (uint64_t)row, line_and_day}};
    return hra_spill_sort_add(repeats->identifiers, &record, error);
}

static hra_code fall(hra_repeats *repeats, const hra_spill_record *row, uint64_t other_line, bool later,
                     hra_error *error)
{
    hra_spill_record record = {{row->word[2], other_line, later}};
    return hra_spill_sort_add(repeats->fallen, &record, error);
}

/* Rows of one identifier, which come one after the other. */
typedef struct person {
    hra_spill_record first, stands; /* `stands`: so far, where a later row may take its place */
    int64_t rows;
} person;

/* Another row of the same identifier: one of the two falls, where not both do. */
static hra_code compare(hra_repeats *repeats, person *p, const hra_spill_record *row, hra_error *error)
{
    bool later = day_of(&p->first) > 0 && day_of(row) > day_of(&p->first);
    if (repeats->rule == HRA_DUPLICATE_KEEP_FIRST) return fall(repeats, row, line_of(&p->first), later, error);
    if (repeats->rule == HRA_DUPLICATE_REJECT) {
        if (p->rows == 1) HRA_TRY(fall(repeats, &p->first, 0, false, error));
        return fall(repeats, row, 0, false, error);
    }
    if (repeats->rule == HRA_DUPLICATE_KEEP_LATEST && day_of(row) < day_of(&p->stands))
        return fall(repeats, row, 0, false, error);
    HRA_TRY(fall(repeats, &p->stands, 0, false, error));
    p->stands = *row;
    return HRA_OK;
}

static hra_code find_fallen(hra_repeats *repeats, hra_error *error)
{
    person p = {.rows = 0};
    hra_spill_record row;
    bool any;
    for (;;) {
        HRA_TRY(hra_spill_sort_next(repeats->identifiers, &row, &any, error));
        if (!any) return HRA_OK;
        bool same = p.rows > 0 && row.word[0] == p.first.word[0] && row.word[1] == p.first.word[1];
        if (same)
            HRA_TRY(compare(repeats, &p, &row, error));
        else
            p = (person){row, row, 0};
        p.rows++;
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

hra_code hra_repeats_judge(hra_repeats *repeats, int64_t row, hra_repeat *repeat, hra_error *error)
{
    while (repeats->any && repeats->next.word[0] < (uint64_t)row)
        HRA_TRY(hra_spill_sort_next(repeats->fallen, &repeats->next, &repeats->any, error));
    *repeat = (hra_repeat){.stands = !repeats->any || repeats->next.word[0] != (uint64_t)row};
    if (repeat->stands) return HRA_OK;
    repeat->other_line = (int64_t)repeats->next.word[1];
    repeat->later = repeats->next.word[2] > 0;
    return HRA_OK;
}
