#include "service/enrolment/register.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "io/files/same_file.h"
#include "io/files/spill_sort.h"
#include "service/enrolment/register_changes.h"
#include "service/enrolment/register_facts.h"
#include "service/enrolment/register_file.h"
#include "service/enrolment/register_rules.h"
#include "service/tables/key_index.h"
#include "service/tables/scratch.h"

enum { SORT_BYTES = 32 << 20, FLUSH_BYTES = 1 << 18 };

/* What the results of one person say tonight. */
typedef struct tonight {
    uint64_t holds; /* bit i: the condition of transition i */
    uint64_t in;    /* bit i: the register has the person under the plan of transition i */
    int32_t group, branch;
} tonight;

typedef struct update {
    const hra_register_request *request;
    hra_register_account *account;
    hra_arena *arena;
    hra_result_reader *results;
    hra_conditions *conditions;
    hra_register_rules rules;
    uint64_t absent_holds;
    hra_key_index *index;
    hra_scratch room;
    tonight *people;
    int group, branch; /* labels of the results */
    hra_register_file *file;
    hra_atomic_file *out, *changes;
    hra_buffer out_text, changes_text;
    char as_of[HRA_DAY_TEXT];
} update;

/* ---- the results ---- */

static hra_code read_labels(const update *u, int label, int64_t first, int64_t count, int32_t *out, hra_error *error)
{
    for (int64_t i = 0; i < count; i++) out[i] = -1;
    return label < 0 ? HRA_OK : hra_result_reader_labels(u->results, label, first, count, out, error);
}

static hra_code read_block(update *u, int64_t first, int64_t count, char (*keys)[HRA_RESULT_KEY_SIZE],
                           int32_t *labels[2], hra_error *error)
{
    HRA_TRY(hra_conditions_load(u->conditions, first, count, error));
    HRA_TRY(hra_result_reader_keys(u->results, first, count, keys, error));
    HRA_TRY(read_labels(u, u->group, first, count, labels[0], error));
    HRA_TRY(read_labels(u, u->branch, first, count, labels[1], error));
    for (int64_t i = 0; i < count; i++) {
        uint64_t key[2];
        tonight *person = &u->people[first + i];
        *person = (tonight){.group = labels[0][i], .branch = labels[1][i]};
        for (int t = 0; t < u->rules.count; t++)
            person->holds |= (uint64_t)hra_conditions_hold(u->conditions, u->rules.transitions[t].condition, i) << t;
        if (!hra_person_key_read(keys[i], key))
            return hra_fail(error, HRA_EINPUT, "%s: the key of row %lld is not a hashed key", u->request->results,
                            (long long)(first + i) + 1);
        HRA_TRY(hra_key_index_add(u->index, key, first + i, error));
    }
    return HRA_OK;
}

static hra_code read_results(update *u, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(u->results)->rows;
    char(*keys)[HRA_RESULT_KEY_SIZE] = malloc(HRA_CHUNK_ROWS * sizeof *keys);
    int32_t *labels[2] = {malloc(HRA_CHUNK_ROWS * sizeof(int32_t)), malloc(HRA_CHUNK_ROWS * sizeof(int32_t))};
    hra_code code = keys && labels[0] && labels[1] ? HRA_OK : hra_out_of_memory(error);
    for (int64_t first = 0; first < rows && !code; first += HRA_CHUNK_ROWS)
        code = read_block(u, first, rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS, keys, labels, error);
    free(keys);
    free(labels[0]);
    free(labels[1]);
    if (!code) code = hra_key_index_finish(u->index, error);
    for (int t = 0; t < u->rules.count && !code; t++)
        u->absent_holds |= (uint64_t)hra_conditions_hold(u->conditions, u->rules.transitions[t].condition, -1) << t;
    return code;
}

static hra_code open_results(update *u, hra_error *error)
{
    const hra_register_request *q = u->request;
    HRA_TRY(hra_result_reader_open(q->results, &u->results, error));
    const hra_result_facts *facts = hra_result_reader_facts(u->results);
    if (!facts->has_keys)
        return hra_fail(error, HRA_EINPUT, "%s has no person keys: import with --key and score again", facts->path);
    u->group = hra_result_reader_label(u->results, "group_id");
    u->branch = hra_result_reader_label(u->results, "branch");
    u->account->people = facts->rows;
    HRA_TRY(hra_conditions_new(u->results, &u->conditions, error));
    HRA_TRY(hra_register_rules_load(q->rules, u->conditions, u->arena, &u->rules, error));
    HRA_TRY(hra_key_index_new(q->output, facts->rows, &u->index, error));
    HRA_TRY(hra_scratch_open(q->output, (size_t)facts->rows * sizeof *u->people, &u->room, error));
    u->people = u->room.memory;
    HRA_TRY(read_results(u, error));
    int64_t repeated = hra_key_index_repeated(u->index);
    if (!repeated) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT, "%s: %lld people stand there more than once; import with --duplicates first",
                    facts->path, (long long)repeated);
}

/* ---- what the register says ---- */

/* The facts of a line, and whose row it is (-1: not among tonight's people). */
static hra_code read_case(const update *u, const hra_register_line *line, hra_register_case *c, int64_t *row,
                          hra_error *error)
{
    hra_register_facts facts;
    double as_of = u->request->as_of;
    HRA_TRY(hra_register_facts_read(u->request->path, line, as_of, &facts, error));
    *c = (hra_register_case){.plan = line->cells[HRA_REGISTER_PLAN],
                             .state = line->cells[HRA_REGISTER_STATE],
                             .consent = facts.consent,
                             .decision = facts.decision};
    if (!hra_key_index_find(u->index, facts.key, row)) *row = -1;
    c->days_in_state = as_of - facts.since;
    c->days_unseen = *row >= 0 ? 0 : as_of - (isnan(facts.last_seen) ? facts.since : facts.last_seen);
    c->holds = *row >= 0 ? u->people[*row].holds : u->absent_holds;
    if (hra_register_has_plan(&u->rules, c->plan) && !hra_register_has_state(&u->rules, c->plan, c->state))
        return hra_register_line_fault(u->request->path, line, HRA_REGISTER_STATE,
                                       "names a state that the table of transitions does not have", error);
    return HRA_OK;
}

/* One line for a person and plan; found before anything is written. */
static hra_code check_repeats(const update *u, hra_error *error)
{
    hra_spill_sort *sort = hra_spill_sort_new(u->request->output, SORT_BYTES);
    hra_register_file *file = NULL;
    hra_spill_record record, before = {{0}};
    hra_code code = sort ? hra_register_open(u->request->path, &file, error) : hra_out_of_memory(error);
    bool any = true;
    while (!code && any) {
        hra_register_line line;
        uint64_t key[2], plan = 1469598103934665603u;
        code = hra_register_read(file, &line, &any, error);
        if (code || !any) break;
        if (!hra_person_key_read(line.cells[HRA_REGISTER_PERSON], key)) continue; /* told later */
        for (const char *c = line.cells[HRA_REGISTER_PLAN]; *c; c++) plan = (plan ^ (unsigned char)*c) * 1099511628211u;
        record = (hra_spill_record){{key[0], key[1], plan, (uint64_t)line.line}};
        code = hra_spill_sort_add(sort, &record, error);
    }
    if (!code) code = hra_spill_sort_finish(sort, error);
    for (any = true; !code; before = record) {
        code = hra_spill_sort_next(sort, &record, &any, error);
        if (code || !any) break;
        if (before.word[3] && memcmp(record.word, before.word, 3 * sizeof *record.word) == 0)
            code = hra_fail(error, HRA_EINPUT, "%s: lines %llu and %llu are the same person and plan", u->request->path,
                            (unsigned long long)before.word[3], (unsigned long long)record.word[3]);
    }
    hra_register_close(file);
    hra_spill_sort_free(sort);
    return code;
}

/* ---- writing ---- */

static hra_code flush(hra_atomic_file *file, hra_buffer *text, size_t least, const char *path, hra_error *error)
{
    if (text->failed) return hra_out_of_memory(error);
    if (text->length < least || text->length == 0) return HRA_OK;
    bool written = fwrite(text->bytes, 1, text->length, hra_atomic_stream(file)) == text->length;
    hra_buffer_clear(text);
    return written ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
}

static hra_code flush_both(update *u, size_t least, hra_error *error)
{
    HRA_TRY(flush(u->out, &u->out_text, least, u->request->output, error));
    return flush(u->changes, &u->changes_text, least, u->request->changes, error);
}

static void put_label(update *u, int label, int32_t index)
{
    int count = 0;
    const char *const *texts = label >= 0 ? hra_result_reader_texts(u->results, label, &count) : NULL;
    hra_buffer_char(&u->changes_text, ',');
    if (index >= 0 && index < count) hra_buffer_csv_foreign(&u->changes_text, texts[index], strlen(texts[index]));
}

static void put_change(update *u, const char *person, int64_t row, const hra_transition *t)
{
    hra_buffer *out = &u->changes_text;
    hra_buffer_csv(out, person);
    put_label(u, u->group, row >= 0 ? u->people[row].group : -1);
    put_label(u, u->branch, row >= 0 ? u->people[row].branch : -1);
    const char *const cells[] = {t->plan, t->from, t->to, u->as_of, t->id, t->title_en, t->title_zh};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        hra_buffer_char(out, ',');
        hra_buffer_csv(out, cells[i]);
    }
    hra_buffer_char(out, '\n');
}

/* ---- the night ---- */

static void move_on(update *u, hra_register_line *line, int64_t row, const hra_transition *t)
{
    put_change(u, line->cells[HRA_REGISTER_PERSON], row, t);
    line->cells[HRA_REGISTER_STATE] = t->to;
    line->cells[HRA_REGISTER_SINCE] = u->as_of;
    line->cells[HRA_REGISTER_RULE] = t->id;
    line->cells[HRA_REGISTER_DECISION] = ""; /* it was about the state that ended */
    u->account->changed++;
}

static hra_code update_line(update *u, hra_register_line *line, hra_error *error)
{
    hra_register_case c;
    int64_t row;
    HRA_TRY(read_case(u, line, &c, &row, error));
    u->account->lines++;
    u->account->absent += row < 0;
    u->account->other_plans += !hra_register_has_plan(&u->rules, c.plan);
    for (int i = 0; i < u->rules.count && row >= 0; i++)
        if (strcmp(u->rules.transitions[i].plan, c.plan) == 0) u->people[row].in |= (uint64_t)1 << i;
    const hra_transition *t = c.days_in_state > 0 ? hra_register_next(&u->rules, &c) : NULL;
    if (row >= 0) line->cells[HRA_REGISTER_LAST_SEEN] = u->as_of;
    if (t) move_on(u, line, row, t);
    hra_register_put(u->file, line, &u->out_text);
    return flush_both(u, FLUSH_BYTES, error);
}

static hra_code update_lines(update *u, hra_error *error)
{
    HRA_TRY(check_repeats(u, error));
    HRA_TRY(hra_register_open(u->request->path, &u->file, error));
    hra_register_put_header(u->file, &u->out_text);
    for (;;) {
        hra_register_line line;
        bool any;
        HRA_TRY(hra_register_read(u->file, &line, &any, error));
        if (!any) return HRA_OK;
        HRA_TRY(update_line(u, &line, error));
    }
}

static void add_line(update *u, int64_t row, const char *person, const hra_transition *t)
{
    int extra = hra_register_extra(u->file);
    const char *cells[HRA_REGISTER_COLUMNS + 256];
    for (int i = 0; i < HRA_REGISTER_COLUMNS + extra; i++) cells[i] = "";
    cells[HRA_REGISTER_PERSON] = person;
    cells[HRA_REGISTER_PLAN] = t->plan;
    cells[HRA_REGISTER_STATE] = t->to;
    cells[HRA_REGISTER_SINCE] = u->as_of;
    cells[HRA_REGISTER_RULE] = t->id;
    cells[HRA_REGISTER_LAST_SEEN] = u->as_of;
    hra_register_line line = {cells, 0};
    put_change(u, person, row, t);
    hra_register_put(u->file, &line, &u->out_text);
    u->account->added++;
}

/* People of tonight whom the register does not have under a plan. */
static void add_person(update *u, int64_t row, const char *key)
{
    uint64_t open = u->people[row].holds & ~u->people[row].in;
    for (int i = 0; i < u->rules.count && open; i++) {
        const hra_transition *t = &u->rules.transitions[i];
        hra_register_case c = {.plan = t->plan, .state = "none", .holds = open};
        if (!(open >> i & 1) || strcmp(t->from, "none") != 0) continue;
        t = hra_register_next(&u->rules, &c);
        for (int j = i; j < u->rules.count; j++) /* this plan is settled */
            if (strcmp(u->rules.transitions[j].plan, u->rules.transitions[i].plan) == 0) open &= ~((uint64_t)1 << j);
        if (t) add_line(u, row, key, t);
    }
}

static hra_code add_people(update *u, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(u->results)->rows;
    char(*keys)[HRA_RESULT_KEY_SIZE] = malloc(HRA_CHUNK_ROWS * sizeof *keys);
    hra_code code = keys ? HRA_OK : hra_out_of_memory(error);
    for (int64_t first = 0; first < rows && !code; first += HRA_CHUNK_ROWS) {
        int64_t count = rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS;
        code = hra_result_reader_keys(u->results, first, count, keys, error);
        for (int64_t i = 0; i < count && !code; i++) {
            add_person(u, first + i, keys[i]);
            code = flush_both(u, FLUSH_BYTES, error);
        }
    }
    free(keys);
    return code;
}

/* A register in place that is updated once more on the same day: what it changed before is still this day's. */
static hra_code keep_changes(update *u, hra_error *error)
{
    const hra_register_request *q = u->request;
    hra_buffer_text(&u->changes_text, HRA_REGISTER_CHANGES_HEADER);
    HRA_TRY(flush(u->changes, &u->changes_text, 0, q->changes, error));
    if (!q->path || !hra_is_same_file(q->path, q->output)) return HRA_OK;
    return hra_register_changes_copy(q->changes, u->as_of, hra_atomic_stream(u->changes), error);
}

static hra_code run_update(update *u, hra_error *error)
{
    const hra_register_request *q = u->request;
    if (q->path && !q->renews) HRA_TRY(hra_register_spare_newer(q->path, q->output, error));
    hra_day_text(u->request->as_of, u->as_of);
    HRA_TRY(open_results(u, error));
    HRA_TRY(hra_atomic_open(u->request->output, &u->out, error));
    HRA_TRY(hra_atomic_open(u->request->changes, &u->changes, error));
    HRA_TRY(keep_changes(u, error));
    if (u->request->path)
        HRA_TRY(update_lines(u, error));
    else
        hra_register_put_header(NULL, &u->out_text);
    HRA_TRY(add_people(u, error));
    HRA_TRY(flush_both(u, 0, error));
    /* the list of changes first: a register in place without it would hide what changed */
    hra_atomic_file *file = u->changes;
    u->changes = NULL;
    HRA_TRY(hra_atomic_commit(file, error));
    file = u->out;
    u->out = NULL;
    return hra_atomic_commit(file, error);
}

hra_code hra_register_update(const hra_register_request *request, hra_register_account *account, hra_error *error)
{
    *account = (hra_register_account){0};
    update u = {.request = request, .account = account, .arena = hra_arena_new()};
    hra_code code = u.arena ? run_update(&u, error) : hra_out_of_memory(error);
    hra_atomic_abandon(u.out);
    hra_atomic_abandon(u.changes);
    hra_register_close(u.file);
    hra_key_index_free(u.index);
    hra_scratch_close(&u.room);
    hra_conditions_free(u.conditions);
    hra_result_reader_close(u.results);
    hra_buffer_destroy(&u.out_text);
    hra_buffer_destroy(&u.changes_text);
    hra_arena_free(u.arena);
    return code;
}

void hra_register_remarks(const hra_register_account *account, hra_buffer *out)
{
    if (account->lines > 0 && account->absent == account->lines && account->people > 0)
        hra_buffer_printf(out,
                          "nobody of the register's %" PRId64
                          " lines is among tonight's people: were they imported with "
                          "another key? Then everybody counts as new\n",
                          account->lines);
    if (account->other_plans > 0)
        hra_buffer_printf(out,
                          "%" PRId64 " lines of the register name a plan that the table of transitions does not have; "
                          "they stay as they are\n",
                          account->other_plans);
}
