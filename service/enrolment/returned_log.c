#include "service/enrolment/returned_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/calendar.h"
#include "engine/language/plan.h"
#include "engine/graph/judge.h"
#include "io/files/atomic_file.h"
#include "io/results/result_reader.h"
#include "service/enrolment/follow_up.h"
#include "service/enrolment/log_readings.h"
#include "service/enrolment/register_file.h"
#include "service/tables/rule_table.h"

enum { SORT_BYTES = 64 << 20, FLUSH_BYTES = 1 << 18 };

/* The states, in the order of datasets/log_states.csv. */
typedef enum log_state { STATE_URGENT, STATE_NO_DATA, STATE_NOT_CONTROLLED, STATE_CONTROLLED, STATES } log_state;
static const char *const state_names[STATES] = {"urgent", "no_data", "not_controlled", "controlled"};
/* What the definitions say of a reading, and of the means of a person's readings. */
enum { URGENT, AT_GOAL, RULES };
static const char *const rule_names[RULES] = {"log_urgent", "log_at_goal"};

/* What came in of one person. */
typedef struct person {
    uint64_t key[2];
    bool any, expected, urgent;
    int64_t readings, last_day;
    double sums[HRA_LOG_VARIABLES];
    int64_t counts[HRA_LOG_VARIABLES];
} person;

typedef struct log_state_rule {
    const char *title_en, *title_zh;
    double next_days;
} log_state_rule;

typedef struct work {
    const hra_log_request *request;
    hra_log_account *account;
    hra_arena *arena;
    hra_log_variables variables;
    hra_column columns[HRA_LOG_VARIABLES];
    hra_schema schema;
    hra_plan *plan;
    hra_judge *judge;
    hra_node rules[RULES];
    log_state_rule states[STATES];
    hra_spill_sort *sort;
    const char *path;
    hra_atomic_file *file;
    hra_buffer text;
} work;

/* ---- definitions ---- */

static hra_code load_rules(work *w, hra_error *error)
{
    const hra_library *library = w->request->library;
    w->schema = (hra_schema){.dictionary = hra_library_dictionary(library), .columns = w->columns};
    HRA_TRY(hra_log_variables_load(w->schema.dictionary, w->arena, &w->variables, error));
    for (; w->schema.column_count < w->variables.count; w->schema.column_count++)
        HRA_TRY(hra_column_for(w->schema.dictionary, w->variables.variables[w->schema.column_count], NULL,
                               &w->columns[w->schema.column_count], error));
    hra_plan_request request = {.lets = rule_names, .let_count = RULES, .as_of = w->request->as_of, .share = true};
    HRA_TRY(hra_plan_new(library, &w->schema, &request, &w->plan, error));
    int count;
    const hra_output *outputs = hra_plan_outputs(w->plan, &count);
    for (int r = 0; r < RULES; r++) {
        w->rules[r] = -1;
        for (int i = 0; i < count; i++)
            if (strcmp(outputs[i].id, rule_names[r]) == 0 && outputs[i].kind == HRA_OUTPUT_FLAG)
                w->rules[r] = outputs[i].value;
        if (w->rules[r] < 0)
            return hra_fail(error, HRA_EDEFINITION, "the definition '%s' must be a flag", rule_names[r]);
    }
    w->judge = hra_judge_new(hra_plan_graph(w->plan));
    return w->judge ? HRA_OK : hra_out_of_memory(error);
}

static hra_code load_states(work *w, hra_error *error)
{
    enum { NAME, NEXT_DAYS, TITLE_EN, TITLE_ZH, REVIEW, COLUMNS };
    static const char *const columns[COLUMNS] = {"state", "next_days", "title_en", "title_zh", "review"};
    hra_rule_table table;
    HRA_TRY(hra_rule_table_load(NULL, "datasets/log_states.csv", columns, COLUMNS, w->arena, &table, error));
    for (int s = 0; s < STATES; s++) {
        int at = 0;
        while (at < table.count && strcmp(table.rows[at].cells[NAME], state_names[s]) != 0) at++;
        if (at == table.count) return hra_fail(error, HRA_EINPUT, "%s has no state '%s'", table.file, state_names[s]);
        w->states[s] =
            (log_state_rule){.title_en = table.rows[at].cells[TITLE_EN], .title_zh = table.rows[at].cells[TITLE_ZH]};
        HRA_TRY(hra_rule_number(&table, &table.rows[at], columns, NEXT_DAYS, NAN, &w->states[s].next_days, error));
    }
    return HRA_OK;
}

/* ---- who is expected ---- */

static hra_code expect_line(work *w, const hra_register_line *line, const char *const *states, int count,
                            hra_error *error)
{
    hra_spill_record record = {{0, 0, hra_log_word(HRA_LOG_EXPECTED, 0), 0}};
    int state = 0;
    while (state < count && strcmp(line->cells[HRA_REGISTER_STATE], states[state]) != 0) state++;
    if (state == count) return HRA_OK;
    if (hra_person_key_read(line->cells[HRA_REGISTER_PERSON], record.word))
        return hra_spill_sort_add(w->sort, &record, error);
    return hra_fail(error, HRA_EINPUT, "%s:%lld: the column 'person' is not a person key", w->request->register_path,
                    (long long)line->line);
}

/* Everybody whom the register has in a plan: in one of the states that the table of contacts names. */
static hra_code expect_people(work *w, hra_error *error)
{
    const hra_care_request request = {0};
    hra_follow_up *contacts = NULL;
    hra_register_file *file = NULL;
    bool any = true;
    int count = 0;
    if (!w->request->register_path) return HRA_OK;
    hra_code code = hra_follow_up_new(&request, &contacts, error);
    const char *const *states = code ? NULL : hra_follow_up_states(contacts, &count);
    if (!code) code = hra_register_open(w->request->register_path, &file, error);
    while (!code && any) {
        hra_register_line line;
        code = hra_register_read(file, &line, &any, error);
        if (!code && any) code = expect_line(w, &line, states, count, error);
    }
    hra_register_close(file);
    hra_follow_up_free(contacts);
    return code;
}

/* ---- one person ---- */

static bool rule_holds(work *w, int rule, const double *inputs, bool *known)
{
    hra_judge_person(w->judge, inputs);
    double value = hra_judge_value(w->judge, w->rules[rule]);
    *known = !isnan(value);
    return value == 1;
}

static void add_reading(work *w, person *p, const hra_spill_record *record)
{
    double inputs[HRA_LOG_VARIABLES], value;
    int variable = (int)(record->word[2] & 0xffff);
    int32_t day = (int32_t)(uint32_t)(record->word[2] >> 16);
    bool known;
    if (day == HRA_LOG_EXPECTED) {
        p->expected = true;
        return;
    }
    memcpy(&value, &record->word[3], sizeof value);
    for (int v = 0; v < w->variables.count; v++) inputs[v] = NAN;
    inputs[variable] = value;
    p->urgent |= rule_holds(w, URGENT, inputs, &known); /* every reading by itself: a mean would hide it */
    p->sums[variable] += value;
    p->counts[variable]++;
    p->readings++;
    if (day > p->last_day) p->last_day = day;
}

static log_state state_of(work *w, const person *p)
{
    double means[HRA_LOG_VARIABLES];
    bool known;
    if (p->urgent) return STATE_URGENT;
    if (p->readings == 0) return STATE_NO_DATA;
    for (int v = 0; v < w->variables.count; v++)
        means[v] = p->counts[v] ? p->sums[v] / (double)p->counts[v] : (double)NAN;
    bool at_goal = rule_holds(w, AT_GOAL, means, &known);
    return !known ? STATE_NO_DATA : at_goal ? STATE_CONTROLLED : STATE_NOT_CONTROLLED;
}

static hra_code finish_person(work *w, const person *p, hra_error *error)
{
    int64_t *const counts[STATES] = {&w->account->urgent, &w->account->no_data, &w->account->not_controlled,
                                     &w->account->controlled};
    char key[HRA_RESULT_KEY_SIZE], last[HRA_DAY_TEXT], next[HRA_DAY_TEXT];
    if (!p->any) return HRA_OK;
    log_state state = state_of(w, p);
    ++*counts[state];
    hra_person_key_write(p->key, key);
    hra_day_text(p->readings ? (double)p->last_day : (double)NAN, last);
    hra_day_text(w->request->as_of + w->states[state].next_days, next);
    hra_buffer_printf(&w->text, "%s,%s,%s,%lld,%s,%s,", key, p->expected ? "yes" : "no", state_names[state],
                      (long long)p->readings, last, next);
    hra_buffer_csv(&w->text, w->states[state].title_en);
    hra_buffer_char(&w->text, ',');
    hra_buffer_csv(&w->text, w->states[state].title_zh);
    hra_buffer_char(&w->text, '\n');
    if (w->text.failed) return hra_out_of_memory(error);
    if (w->text.length < FLUSH_BYTES) return HRA_OK;
    bool written = fwrite(w->text.bytes, 1, w->text.length, hra_atomic_stream(w->file)) == w->text.length;
    hra_buffer_clear(&w->text);
    return written ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", w->path);
}

static hra_code write_people(work *w, hra_error *error)
{
    person p = {.last_day = INT64_MIN};
    bool any = true;
    hra_buffer_text(&w->text, "person,expected,state,readings,last_reading,next_contact,title_en,title_zh\n");
    HRA_TRY(hra_spill_sort_finish(w->sort, error));
    while (any) {
        hra_spill_record record;
        HRA_TRY(hra_spill_sort_next(w->sort, &record, &any, error));
        if (!any || !p.any || memcmp(p.key, record.word, sizeof p.key) != 0) {
            HRA_TRY(finish_person(w, &p, error));
            p = (person){.any = any, .last_day = INT64_MIN};
            if (any) memcpy(p.key, record.word, sizeof p.key);
        }
        if (any) add_reading(w, &p, &record);
    }
    if (fwrite(w->text.bytes, 1, w->text.length, hra_atomic_stream(w->file)) != w->text.length)
        return hra_fail(error, HRA_EIO, "%s: writing failed: %m", w->path);
    hra_atomic_file *file = w->file;
    w->file = NULL;
    return hra_atomic_commit(file, error);
}

static hra_code read_logs(work *w, hra_error *error)
{
    w->path = hra_arena_printf(w->arena, "%s/log_states.csv", w->request->folder);
    if (!w->path) return hra_out_of_memory(error);
    HRA_TRY(load_rules(w, error));
    HRA_TRY(load_states(w, error));
    w->sort = hra_spill_sort_new(w->path, SORT_BYTES);
    if (!w->sort) return hra_out_of_memory(error);
    HRA_TRY(hra_atomic_open(w->path, &w->file, error));
    HRA_TRY(hra_log_readings(w->request, &w->variables, w->sort, w->account, error));
    HRA_TRY(expect_people(w, error));
    return write_people(w, error);
}

hra_code hra_log_read(const hra_log_request *request, hra_log_account *account, hra_error *error)
{
    *account = (hra_log_account){0};
    work w = {.request = request, .account = account, .arena = hra_arena_new()};
    hra_code code = w.arena ? read_logs(&w, error) : hra_out_of_memory(error);
    hra_judge_free(w.judge);
    hra_plan_free(w.plan);
    hra_spill_sort_free(w.sort);
    hra_atomic_abandon(w.file);
    hra_buffer_destroy(&w.text);
    hra_arena_free(w.arena);
    return code;
}
