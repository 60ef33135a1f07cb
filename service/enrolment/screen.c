#include "service/enrolment/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/buffer.h"
#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "io/files/spill_sort.h"
#include "service/group/conditions.h"
#include "service/tables/scratch.h"

enum { SORT_BYTES = 64 << 20 };

/* Risks are added as whole multiples of 2^-40: the sum does not depend on the order of people. */
static const double fixed_one = 0x1p40;

typedef struct sums {
    int64_t people, events, followed;
    unsigned __int128 expected;
} sums;

typedef struct place {
    int64_t rank; /* from 1; 0: not enrolled */
} place;

typedef struct screen {
    const hra_screen_request *request;
    hra_screen_account *account;
    hra_arena *arena;
    const char *list_path, *curve_path, *json_path;
    hra_result_reader *results;
    hra_conditions *conditions;
    int *among;
    int by, events, outcome, group;
    hra_spill_sort *sort;
    hra_scratch ranks; /* by row */
    hra_buffer curve;
    sums total;
    unsigned char key[crypto_shorthash_KEYBYTES];
    double *values[3]; /* by, events, outcome of a block */
    char (*keys)[HRA_RESULT_KEY_SIZE];
} screen;

/* ---- opening ---- */

static hra_code find_number(screen *s, const char *name, int *field, hra_error *error)
{
    HRA_TRY(hra_result_reader_require(s->results, name, field, error));
    if (hra_result_reader_field(s->results, *field)->kind == HRA_RESULT_NUMBER) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "'%s' is not a number, so people cannot be ranked by it", name);
}

static hra_code open_screen(screen *s, hra_error *error)
{
    const hra_screen_request *q = s->request;
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "the hash library cannot be started");
    memcpy(s->key, &q->seed, sizeof q->seed);
    s->list_path = hra_arena_printf(s->arena, "%s/screen.csv", q->folder);
    s->curve_path = hra_arena_printf(s->arena, "%s/curve.csv", q->folder);
    s->json_path = hra_arena_printf(s->arena, "%s/screen.json", q->folder);
    s->among = hra_arena_alloc(s->arena, ((size_t)q->among_count + 1) * sizeof *s->among);
    s->keys = hra_arena_alloc(s->arena, HRA_CHUNK_ROWS * sizeof *s->keys);
    for (int i = 0; i < 3; i++) s->values[i] = hra_arena_alloc(s->arena, HRA_CHUNK_ROWS * sizeof *s->values[i]);
    if (!s->list_path || !s->curve_path || !s->json_path || !s->among || !s->keys || !s->values[2])
        return hra_out_of_memory(error);
    HRA_TRY(hra_result_reader_open(q->results, &s->results, error));
    HRA_TRY(find_number(s, q->by, &s->by, error));
    HRA_TRY(find_number(s, q->events ? q->events : q->by, &s->events, error));
    s->outcome = -1;
    if (q->outcome) HRA_TRY(hra_result_reader_require(s->results, q->outcome, &s->outcome, error));
    if (s->outcome >= 0 && hra_result_reader_field(s->results, s->outcome)->kind != HRA_RESULT_FLAG)
        return hra_fail(error, HRA_EUSAGE, "the outcome '%s' is not a flag", q->outcome);
    s->group = hra_result_reader_label(s->results, "group_id");
    HRA_TRY(hra_conditions_new(s->results, &s->conditions, error));
    for (int i = 0; i < q->among_count; i++)
        HRA_TRY(hra_conditions_add(s->conditions, q->among[i], "--among", &s->among[i], error));
    size_t rows = (size_t)hra_result_reader_facts(s->results)->rows;
    HRA_TRY(hra_scratch_open(s->list_path, rows * sizeof(place), &s->ranks, error));
    s->sort = hra_spill_sort_new(s->list_path, SORT_BYTES);
    return s->sort ? HRA_OK : hra_out_of_memory(error);
}

/* ---- ranking ---- */

/* Larger values give smaller words; of a double without NaN. -0 and 0 are one value. */
static uint64_t descending(double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    uint64_t ascending = bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
    return ~ascending;
}

static double value_of(uint64_t word)
{
    uint64_t ascending = ~word, bits = ascending >> 63 ? ascending & ~((uint64_t)1 << 63) : ~ascending;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The order among equals: a hash of the person and the seed, so that neither the order of the file nor a person's
 * number favours anybody, and the same seed gives the same list. */
static uint64_t lot(const screen *s, int64_t row, int64_t index)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t word;
    if (hra_result_reader_facts(s->results)->has_keys)
        crypto_shorthash(hash, (const unsigned char *)s->keys[index], HRA_RESULT_KEY_SIZE - 1, s->key);
    else
        crypto_shorthash(hash, (const unsigned char *)&row, sizeof row, s->key);
    memcpy(&word, hash, sizeof word);
    return word;
}

/* Outcome in the two lowest bits: 0 no, 1 yes, 2 unknown; above them the expected events, below 2^40 + 1. */
static uint64_t payload(double risk, double outcome)
{
    uint64_t fixed = isnan(risk) ? 0 : (uint64_t)llround(risk * fixed_one);
    return fixed << 2 | (isnan(outcome) ? 2u : outcome > 0);
}

static hra_code rank_row(screen *s, int64_t first, int64_t i, hra_error *error)
{
    bool unsure = false;
    for (int a = 0; a < s->request->among_count; a++) {
        if (hra_conditions_hold(s->conditions, s->among[a], i)) continue;
        if (!hra_conditions_unsure(s->conditions, s->among[a], i)) return HRA_OK;
        unsure = true;
    }
    double value = s->values[0][i], risk = s->values[1][i];
    if (unsure) {
        s->account->undecided++;
        return HRA_OK;
    }
    s->account->candidates++;
    if (isnan(value)) {
        s->account->unranked++;
        return HRA_OK;
    }
    if (!isnan(risk) && (risk < 0 || risk > 1))
        return hra_fail(error, HRA_EUSAGE,
                        "'%s' is not a probability (row %lld): name the risk for expected events with --events",
                        hra_result_reader_field(s->results, s->events)->name, (long long)(first + i) + 1);
    hra_spill_record record = {
        {descending(value), lot(s, first + i, i), (uint64_t)(first + i), payload(risk, s->values[2][i])}};
    return hra_spill_sort_add(s->sort, &record, error);
}

static hra_code read_people(screen *s, hra_error *error)
{
    const hra_result_facts *facts = hra_result_reader_facts(s->results);
    for (int64_t first = 0; first < facts->rows; first += HRA_CHUNK_ROWS) {
        int64_t count = facts->rows - first < HRA_CHUNK_ROWS ? facts->rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_conditions_load(s->conditions, first, count, error));
        HRA_TRY(hra_result_reader_values(s->results, s->by, first, count, s->values[0], error));
        HRA_TRY(hra_result_reader_values(s->results, s->events, first, count, s->values[1], error));
        for (int64_t i = 0; i < count; i++) s->values[2][i] = NAN;
        if (s->outcome >= 0)
            HRA_TRY(hra_result_reader_values(s->results, s->outcome, first, count, s->values[2], error));
        if (facts->has_keys) HRA_TRY(hra_result_reader_keys(s->results, first, count, s->keys, error));
        for (int64_t i = 0; i < count; i++) HRA_TRY(rank_row(s, first, i, error));
    }
    s->account->people = facts->rows;
    return HRA_OK;
}

/* ---- the curve ---- */

static double events_of(const sums *sum) { return (double)sum->expected / fixed_one; }

static void add(sums *sum, uint64_t word)
{
    sum->people++;
    sum->expected += word >> 2;
    sum->events += (word & 3) == 1;
    sum->followed += (word & 3) != 2;
}

/* One point: everybody with at least this value. Shares need the totals, which are known at the end only, so that the
 * points stand in memory as numbers. */
typedef struct point {
    double threshold;
    sums reached;
} point;

static hra_code keep_point(screen *s, double threshold, const sums *reached, hra_error *error)
{
    point p = {threshold, *reached};
    hra_buffer_append(&s->curve, &p, sizeof p);
    return s->curve.failed ? hra_out_of_memory(error) : HRA_OK;
}

static void put_share(hra_buffer *out, double part, double whole)
{
    hra_buffer_char(out, ',');
    if (whole > 0) hra_buffer_printf(out, "%.6f", part / whole);
}

static void put_point(const screen *s, const point *p, hra_buffer *out)
{
    hra_buffer_double(out, p->threshold);
    hra_buffer_printf(out, ",%lld", (long long)p->reached.people);
    put_share(out, (double)p->reached.people, (double)s->total.people);
    hra_buffer_printf(out, ",%.6f", events_of(&p->reached));
    put_share(out, events_of(&p->reached), events_of(&s->total));
    if (s->outcome >= 0) {
        hra_buffer_printf(out, ",%lld", (long long)p->reached.events);
        put_share(out, (double)p->reached.events, (double)s->total.events);
        hra_buffer_printf(out, ",%lld", (long long)p->reached.followed);
    } else {
        hra_buffer_text(out, ",,,");
    }
    hra_buffer_char(out, '\n');
}

static hra_code write_curve(const screen *s, hra_error *error)
{
    hra_buffer out = {0};
    hra_buffer_text(&out, "threshold,enrolled,enrolled_share,expected_events,expected_share,observed_events,"
                          "observed_share,outcome_known\n");
    for (size_t at = 0; at + sizeof(point) <= s->curve.length; at += sizeof(point)) {
        point p;
        memcpy(&p, s->curve.bytes + at, sizeof p);
        put_point(s, &p, &out);
    }
    hra_code code =
        out.failed ? hra_out_of_memory(error) : hra_atomic_write(s->curve_path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}

/* ---- who is in ---- */

/* Goes down the ranking: enrols, and keeps a point of the curve behind the last of several equals. */
static hra_code enrol(screen *s, hra_error *error)
{
    const hra_screen_request *q = s->request;
    hra_screen_account *a = s->account;
    place *ranks = s->ranks.memory;
    hra_spill_record record;
    bool any;
    uint64_t value = 0, last = 0;
    int64_t step = 1, next = 1, ranked = a->candidates - a->unranked;
    sums enrolled = {0};
    if (ranked > q->points) step = ranked / q->points;
    a->last = NAN;
    HRA_TRY(hra_spill_sort_finish(s->sort, error));
    for (;;) {
        HRA_TRY(hra_spill_sort_next(s->sort, &record, &any, error));
        if (s->total.people > 0 && (!any || record.word[0] != value) && (s->total.people >= next || !any)) {
            HRA_TRY(keep_point(s, value_of(value), &s->total, error));
            next = s->total.people + step;
        }
        if (!any) break;
        value = record.word[0];
        add(&s->total, record.word[3]);
        bool room = q->capacity < 0 || enrolled.people < q->capacity;
        bool enough = isnan(q->threshold) || value_of(value) >= q->threshold;
        if (room && enough) {
            add(&enrolled, record.word[3]);
            ranks[record.word[2]].rank = enrolled.people;
            last = value;
        } else {
            a->tied += enough && enrolled.people > 0 && value == last;
        }
    }
    if (enrolled.people > 0) a->last = value_of(last);
    a->enrolled = enrolled.people;
    a->expected = events_of(&s->total);
    a->expected_enrolled = events_of(&enrolled);
    a->events = s->total.events;
    a->events_enrolled = enrolled.events;
    a->followed = s->total.followed;
    return HRA_OK;
}

/* ---- the list ---- */

static void put_person(const screen *s, int64_t row, int64_t i, const int32_t *groups, const char *const *texts,
                       hra_buffer *out)
{
    if (hra_result_reader_facts(s->results)->has_keys)
        hra_buffer_text(out, s->keys[i]);
    else
        hra_buffer_printf(out, "%lld", (long long)row + 1);
    hra_buffer_char(out, ',');
    if (s->group >= 0 && groups[i] >= 0) hra_buffer_csv_foreign(out, texts[groups[i]], strlen(texts[groups[i]]));
    hra_buffer_printf(out, ",%lld,", (long long)((const place *)s->ranks.memory)[row].rank);
    hra_buffer_double(out, s->values[0][i]);
    hra_buffer_char(out, ',');
    hra_buffer_double(out, s->values[1][i]);
    hra_buffer_char(out, '\n');
}

static hra_code list_block(screen *s, int64_t first, int64_t count, int32_t *groups, FILE *file, hra_error *error)
{
    const place *ranks = s->ranks.memory;
    const hra_result_facts *facts = hra_result_reader_facts(s->results);
    hra_buffer out = {0};
    int texts = 0;
    const char *const *names = s->group >= 0 ? hra_result_reader_texts(s->results, s->group, &texts) : NULL;
    HRA_TRY(hra_result_reader_values(s->results, s->by, first, count, s->values[0], error));
    HRA_TRY(hra_result_reader_values(s->results, s->events, first, count, s->values[1], error));
    if (facts->has_keys) HRA_TRY(hra_result_reader_keys(s->results, first, count, s->keys, error));
    if (s->group >= 0) HRA_TRY(hra_result_reader_labels(s->results, s->group, first, count, groups, error));
    for (int64_t i = 0; i < count; i++)
        if (ranks[first + i].rank > 0) put_person(s, first + i, i, groups, names, &out);
    hra_code code = out.failed ? hra_out_of_memory(error) : HRA_OK;
    if (!code && out.length > 0 && fwrite(out.bytes, 1, out.length, file) != out.length)
        code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", s->list_path);
    hra_buffer_destroy(&out);
    return code;
}

static hra_code write_list(screen *s, hra_error *error)
{
    hra_atomic_file *file = NULL;
    int64_t rows = hra_result_reader_facts(s->results)->rows;
    int32_t *groups = malloc(HRA_CHUNK_ROWS * sizeof *groups);
    if (!groups) return hra_out_of_memory(error);
    hra_code code = hra_atomic_open(s->list_path, &file, error);
    if (!code && fputs("person,group,rank,value,risk\n", hra_atomic_stream(file)) < 0)
        code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", s->list_path);
    for (int64_t first = 0; first < rows && !code; first += HRA_CHUNK_ROWS)
        code = list_block(s, first, rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS, groups,
                          hra_atomic_stream(file), error);
    free(groups);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}

/* ---- the account ---- */

static void put_count(hra_buffer *out, const char *name, int64_t count)
{
    hra_buffer_printf(out, ",\n \"%s\": %lld", name, (long long)count);
}

static void put_real(hra_buffer *out, const char *name, double value)
{
    hra_buffer_printf(out, ",\n \"%s\": ", name);
    if (isnan(value))
        hra_buffer_text(out, "null");
    else
        hra_buffer_double(out, value);
}

static hra_code write_account(const screen *s, hra_error *error)
{
    const hra_screen_request *q = s->request;
    const hra_screen_account *a = s->account;
    hra_buffer out = {0};
    hra_buffer_text(&out, "{\"by\": ");
    hra_buffer_json(&out, q->by);
    hra_buffer_text(&out, ",\n \"events\": ");
    hra_buffer_json(&out, q->events ? q->events : q->by);
    hra_buffer_text(&out, ",\n \"among\": [");
    for (int i = 0; i < q->among_count; i++) {
        if (i) hra_buffer_text(&out, ", ");
        hra_buffer_json(&out, q->among[i]);
    }
    hra_buffer_text(&out, "],\n \"definitions_hash\": ");
    hra_buffer_json(&out, hra_result_reader_facts(s->results)->definitions_hash);
    hra_buffer_printf(&out, ",\n \"seed\": %llu", (unsigned long long)q->seed);
    if (q->capacity >= 0) put_count(&out, "capacity", q->capacity);
    if (!isnan(q->threshold)) put_real(&out, "threshold", q->threshold);
    put_count(&out, "people", a->people);
    put_count(&out, "candidates", a->candidates);
    put_count(&out, "undecided", a->undecided);
    put_count(&out, "unranked", a->unranked);
    put_count(&out, "enrolled", a->enrolled);
    put_count(&out, "tied_not_enrolled", a->tied);
    put_real(&out, "last_value", a->last);
    put_real(&out, "expected_events", a->expected);
    put_real(&out, "expected_events_enrolled", a->expected_enrolled);
    if (s->outcome >= 0) {
        put_count(&out, "outcome_known", a->followed);
        put_count(&out, "observed_events", a->events);
        put_count(&out, "observed_events_enrolled", a->events_enrolled);
    }
    hra_buffer_text(&out, "}\n");
    hra_code code =
        out.failed ? hra_out_of_memory(error) : hra_atomic_write(s->json_path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}

static hra_code run_screen(screen *s, hra_error *error)
{
    HRA_TRY(open_screen(s, error));
    HRA_TRY(read_people(s, error));
    HRA_TRY(enrol(s, error));
    HRA_TRY(write_list(s, error));
    HRA_TRY(write_curve(s, error));
    return write_account(s, error);
}

hra_code hra_screen(const hra_screen_request *request, hra_screen_account *account, hra_error *error)
{
    *account = (hra_screen_account){0};
    screen s = {.request = request, .account = account, .arena = hra_arena_new()};
    hra_code code = s.arena ? run_screen(&s, error) : hra_out_of_memory(error);
    hra_conditions_free(s.conditions);
    hra_result_reader_close(s.results);
    hra_spill_sort_free(s.sort);
    hra_scratch_close(&s.ranks);
    hra_buffer_destroy(&s.curve);
    hra_arena_free(s.arena);
    return code;
}
