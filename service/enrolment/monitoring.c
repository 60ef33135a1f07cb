#include "service/enrolment/monitoring.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/buffer.h"
#include "io/files/atomic_file.h"
#include "service/enrolment/monitor_texts.h"
#include "service/tables/rule_table.h"

enum { FLUSH_BYTES = 1 << 18, YEAR_DAYS = 365, MONTH_DAYS = 30, MOST_TEMPLATES = 16, MOST_VARIABLES = 64 };
enum { PLAN, REMINDERS, TEMPLATE, FILES };

typedef struct monitor {
    const hra_declaration *declaration;
    int condition, every, next_contact;
    const char *kind; /* its class */
} monitor;

typedef struct reminder {
    const char *id, *text;
    double most_days;
} reminder;

typedef struct indicator {
    const char *kind; /* class of monitors */
    const hra_variable *variable;
} indicator;

struct hra_monitoring {
    const hra_care_request *request;
    const hra_conditions *conditions;
    hra_arena *arena;
    hra_monitor_texts *texts;
    hra_buffer filled;
    monitor *monitors;
    int count;
    reminder reminders[MOST_TEMPLATES];
    int reminder_count;
    indicator indicators[MOST_VARIABLES];
    int indicator_count;
    hra_atomic_file *files[FILES];
    const char *paths[FILES];
    hra_buffer text[FILES];
};

/* ---- what there is ---- */

static hra_code read_monitors(hra_monitoring *m, hra_care *care, hra_error *error)
{
    const hra_library *library = m->request->library;
    int total = hra_library_declaration_count(library);
    m->monitors = hra_arena_alloc(m->arena, (size_t)(total + 1) * sizeof *m->monitors);
    if (!m->monitors) return hra_out_of_memory(error);
    for (int i = 0; i < total; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind != HRA_DECLARATION_MONITOR || hra_result_reader_find(hra_care_results(care), d->id) < 0) continue;
        monitor *new = &m->monitors[m->count++];
        const char *kind = hra_declaration_text(d, "class", "en");
        *new = (monitor){.declaration = d,
                         .every = hra_declaration_days(d, "every"),
                         .next_contact = hra_declaration_days(d, "next_contact"),
                         .kind = kind ? kind : ""};
        HRA_TRY(hra_conditions_add(hra_care_conditions(care), d->id, d->id, &new->condition, error));
    }
    return HRA_OK;
}

static hra_code read_reminders(hra_monitoring *m, hra_error *error)
{
    static const char *const columns[] = {"template", "most_days", "text_en", "text_zh", "review"};
    hra_rule_table table;
    HRA_TRY(hra_rule_table_load(NULL, "datasets/reminders.csv", columns, 5, m->arena, &table, error));
    for (int i = 0; i < table.count && i < MOST_TEMPLATES; i++) {
        reminder *r = &m->reminders[m->reminder_count++];
        r->id = table.rows[i].cells[0];
        r->text = table.rows[i].cells[strcmp(m->request->language, "zh") == 0 ? 3 : 2];
        HRA_TRY(hra_rule_number(&table, &table.rows[i], columns, 1, 0, &r->most_days, error));
    }
    return HRA_OK;
}

static hra_code read_indicators(hra_monitoring *m, hra_error *error)
{
    static const char *const columns[] = {"class", "variable"};
    const hra_dictionary *dictionary = hra_library_dictionary(m->request->library);
    hra_rule_table table;
    HRA_TRY(hra_rule_table_load(NULL, "datasets/log_indicators.csv", columns, 2, m->arena, &table, error));
    for (int i = 0; i < table.count && i < MOST_VARIABLES; i++) {
        int variable = hra_dictionary_find(dictionary, table.rows[i].cells[1]);
        if (variable < 0)
            return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' is not a variable", table.file, table.rows[i].line,
                            table.rows[i].cells[1]);
        m->indicators[m->indicator_count++] =
            (indicator){table.rows[i].cells[0], hra_dictionary_at(dictionary, variable)};
    }
    return HRA_OK;
}

static hra_code open_files(hra_monitoring *m, hra_error *error)
{
    static const char *const names[FILES] = {"monitoring.csv", "reminders.csv", "log_template.csv"};
    static const char *const headers[FILES] = {
        ("person,group,branch,monitor,class,indicator,method,frequency,target,alarm,first,every_days,times,last,"
         "next_contact\n"),
        "person,branch,template,first,every_days,times,last,text\n", "person,branch,date,variable,value,unit\n"};
    for (int f = 0; f < FILES; f++) {
        m->paths[f] = hra_arena_printf(m->arena, "%s/%s", m->request->folder, names[f]);
        if (!m->paths[f]) return hra_out_of_memory(error);
        HRA_TRY(hra_atomic_open(m->paths[f], &m->files[f], error));
        hra_buffer_text(&m->text[f], headers[f]);
    }
    return HRA_OK;
}

hra_code hra_monitoring_new(const hra_care_request *request, hra_care *care, hra_monitoring **out, hra_error *error)
{
    hra_monitoring *m = calloc(1, sizeof *m);
    if (!m) return hra_out_of_memory(error);
    m->request = request;
    m->conditions = hra_care_conditions(care);
    m->arena = hra_arena_new();
    m->texts = hra_monitor_texts_new(hra_care_results(care));
    hra_code code = m->arena && m->texts ? read_monitors(m, care, error) : hra_out_of_memory(error);
    if (!code) code = read_reminders(m, error);
    if (!code) code = read_indicators(m, error);
    if (!code) code = open_files(m, error);
    if (code)
        hra_monitoring_free(m);
    else
        *out = m;
    return code;
}

void hra_monitoring_free(hra_monitoring *m)
{
    if (!m) return;
    for (int f = 0; f < FILES; f++) {
        hra_atomic_abandon(m->files[f]);
        hra_buffer_destroy(&m->text[f]);
    }
    hra_monitor_texts_free(m->texts);
    hra_buffer_destroy(&m->filled);
    hra_arena_free(m->arena);
    free(m);
}

/* ---- one person ---- */

static void put_foreign(hra_buffer *out, const char *text)
{
    hra_buffer_csv_foreign(out, text, strlen(text));
    hra_buffer_char(out, ',');
}

/* "2026-12-01,7,52,2027-11-23": the first day, the step, how often in a year, the last day. */
static void put_series(const hra_monitoring *m, int every, hra_buffer *out)
{
    char first[HRA_DAY_TEXT], last[HRA_DAY_TEXT];
    int times = every > 0 ? YEAR_DAYS / every : 0;
    if (times == 0) {
        hra_buffer_text(out, ",,0,");
        return;
    }
    hra_buffer_printf(out, "%s,%d,%d,%s", hra_day_text(m->request->as_of + every, first), every, times,
                      hra_day_text(m->request->as_of + (double)every * times, last));
}

static hra_code put_monitor(hra_monitoring *m, const monitor *new, const hra_care_person *person, hra_buffer *out,
                            hra_error *error)
{
    static const char *const keys[] = {"indicator", "method", "frequency", "target", "alarm"};
    char day[HRA_DAY_TEXT];
    hra_buffer_printf(out, "%s,", person->key);
    put_foreign(out, person->group);
    put_foreign(out, person->branch);
    hra_buffer_printf(out, "%s,%s,", new->declaration->id, new->kind);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const char *text = hra_declaration_text(new->declaration, keys[k], m->request->language);
        hra_buffer_clear(&m->filled);
        if (text) HRA_TRY(hra_monitor_texts_put(m->texts, text, person, &m->filled, error));
        hra_buffer_csv(out, m->filled.bytes ? m->filled.bytes : "");
        out->failed |= m->filled.failed;
        hra_buffer_char(out, ',');
    }
    put_series(m, new->every, out);
    hra_buffer_char(out, ',');
    if (new->next_contact > 0) hra_buffer_text(out, hra_day_text(m->request->as_of + new->next_contact, day));
    hra_buffer_char(out, '\n');
    return HRA_OK;
}

/* One reminder of each text, as often as the most frequent of what it reminds of, within the ordered number. What is
 * monitored is not told. */
static int put_reminders(const hra_monitoring *m, const int *shortest, const hra_care_person *person, hra_buffer *out)
{
    int count = 0, least = m->request->reminders_a_month ? MONTH_DAYS / m->request->reminders_a_month : 1;
    for (int r = 0; r < m->reminder_count; r++) {
        if (shortest[r] == 0) continue;
        hra_buffer_printf(out, "%s,", person->key);
        put_foreign(out, person->branch);
        hra_buffer_printf(out, "%s,", m->reminders[r].id);
        put_series(m, shortest[r] > least ? shortest[r] : least, out);
        hra_buffer_char(out, ',');
        hra_buffer_csv(out, m->reminders[r].text);
        hra_buffer_char(out, '\n');
        count++;
    }
    return count;
}

static void put_template(const hra_monitoring *m, const indicator *new, const hra_care_person *person, hra_buffer *out)
{
    hra_buffer_printf(out, "%s,", person->key);
    put_foreign(out, person->branch);
    hra_buffer_printf(out, ",%s,,%s\n", new->variable->name, new->variable->unit);
}

static hra_code flush(hra_monitoring *m, size_t least, hra_error *error)
{
    for (int f = 0; f < FILES; f++) {
        hra_buffer *text = &m->text[f];
        if (text->failed) return hra_out_of_memory(error);
        if (text->length == 0 || text->length < least) continue;
        if (fwrite(text->bytes, 1, text->length, hra_atomic_stream(m->files[f])) != text->length)
            return hra_fail(error, HRA_EIO, "%s: writing failed: %m", m->paths[f]);
        hra_buffer_clear(text);
    }
    return HRA_OK;
}

hra_code hra_monitoring_add(hra_monitoring *m, const hra_care_person *person, hra_care_account *account,
                            hra_error *error)
{
    int shortest[MOST_TEMPLATES] = {0};
    bool wanted[MOST_VARIABLES] = {false}, any = false;
    if (m->request->register_path && !person->record.states) return HRA_OK;
    for (int i = 0; i < m->count; i++) {
        const monitor *one = &m->monitors[i];
        if (!hra_conditions_hold(m->conditions, one->condition, person->index)) continue;
        any = true;
        HRA_TRY(put_monitor(m, one, person, &m->text[PLAN], error));
        int r = 0;
        while (r < m->reminder_count && one->every > m->reminders[r].most_days) r++;
        if (r < m->reminder_count && one->every > 0 && (shortest[r] == 0 || one->every < shortest[r]))
            shortest[r] = one->every;
        for (int v = 0; v < m->indicator_count; v++) wanted[v] |= strcmp(m->indicators[v].kind, one->kind) == 0;
    }
    for (int v = 0; v < m->indicator_count; v++)
        if (wanted[v]) put_template(m, &m->indicators[v], person, &m->text[TEMPLATE]);
    account->monitored += any;
    account->opted_in += person->opted_in;
    if (person->opted_in) account->reminders += put_reminders(m, shortest, person, &m->text[REMINDERS]);
    return flush(m, FLUSH_BYTES, error);
}

hra_code hra_monitoring_finish(hra_monitoring *m, hra_error *error)
{
    HRA_TRY(flush(m, 0, error));
    for (int f = 0; f < FILES; f++) {
        hra_atomic_file *file = m->files[f];
        m->files[f] = NULL;
        HRA_TRY(hra_atomic_commit(file, error));
    }
    return HRA_OK;
}
