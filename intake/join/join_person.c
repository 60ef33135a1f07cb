#include "intake/join/join_person.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "intake/join/join_person_internal.h"

/* Rows of one key beyond this are of no single person. */
enum { MOST_ROWS = 4096 };

hra_join_person *hra_join_person_new(const hra_join_schema *schema, const hra_join_request *request,
                                     hra_join_report *report, hra_join_list *list)
{
    hra_join_person *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->schema = schema;
    p->request = request;
    p->report = report;
    p->counts = hra_join_report_count(report);
    p->list = list;
    p->window_start = isnan(request->as_of) ? NAN : hra_day_add_months(request->as_of, -request->window_months);
    p->set_rows = calloc((size_t)schema->set_count + 1, sizeof *p->set_rows);
    if (p->set_rows && hra_join_row_init(&p->merged, schema)) return p;
    hra_join_person_free(p);
    return NULL;
}

void hra_join_person_free(hra_join_person *p)
{
    if (!p) return;
    for (int i = 0; i < p->capacity; i++) hra_join_row_destroy(&p->members[i].row);
    for (int k = 0; k < HRA_JOIN_KINDS; k++) free(p->used[k]);
    free(p->members);
    free(p->order);
    free(p->set_rows);
    hra_join_row_destroy(&p->merged);
    free(p);
}

void hra_join_person_start(hra_join_person *p, const uint64_t key[2])
{
    p->key[0] = key[0];
    p->key[1] = key[1];
    p->count = 0;
    p->beyond = 0;
}

/* ---- gathering ------------------------------------------------------------------------ */

static bool grow(hra_join_person *p)
{
    int capacity = p->capacity ? 2 * p->capacity : 8;
    hra_join_member *members = realloc(p->members, (size_t)capacity * sizeof *members);
    if (!members) return false;
    p->members = members;
    int *order = realloc(p->order, (size_t)capacity * sizeof *order);
    if (!order) return false;
    p->order = order;
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        int *used = realloc(p->used[k], (size_t)capacity * sizeof *used);
        if (!used) return false;
        p->used[k] = used;
    }
    for (; p->capacity < capacity; p->capacity++) {
        p->members[p->capacity] = (hra_join_member){0};
        if (!hra_join_row_init(&p->members[p->capacity].row, p->schema)) return false;
    }
    return true;
}

double hra_join_item_value(const hra_join_person *p, const hra_join_row *row, int item)
{
    if (item < 0) return NAN;
    const hra_join_item *i = &p->schema->items[item];
    for (int c = i->first_column; c < i->first_column + i->column_count; c++) {
        double value = hra_join_row_value(row, p->schema, c);
        if (!isnan(value)) return value;
    }
    return NAN;
}

/* Days of rosters are no visits. */
static hra_join_place place_of(const hra_join_person *p, const hra_join_member *m)
{
    if (m->origin.kind == HRA_JOIN_ROSTER || isnan(m->date)) return HRA_JOIN_USABLE;
    if (m->date > p->request->as_of) return HRA_JOIN_FUTURE;
    if (m->origin.kind == HRA_JOIN_DIAGNOSIS || p->request->own_windows) return HRA_JOIN_USABLE;
    return m->date < p->window_start ? HRA_JOIN_TOO_OLD : HRA_JOIN_USABLE;
}

hra_code hra_join_person_add(hra_join_person *p, const hra_join_origin *origin, const void *packed, hra_error *error)
{
    p->counts->rows[origin->kind]++;
    if (p->count == MOST_ROWS) {
        p->beyond++;
        return HRA_OK;
    }
    if (p->count == p->capacity && !grow(p)) return hra_out_of_memory(error);
    hra_join_member *m = &p->members[p->count++];
    hra_join_row_unpack(&m->row, p->schema, packed);
    m->origin = *origin;
    m->date = hra_join_item_value(p, &m->row, p->schema->visit_date);
    m->birth = hra_join_item_value(p, &m->row, p->schema->birth_date);
    m->age = hra_join_item_value(p, &m->row, p->schema->age);
    m->sex = hra_join_item_value(p, &m->row, p->schema->sex);
    m->repeats = m->left_out = false;
    m->place = place_of(p, m);
    return HRA_OK;
}

static bool is_visit(hra_join_kind kind) { return kind == HRA_JOIN_CHECKUP || kind == HRA_JOIN_QUESTIONNAIRE; }

/* The window of this person ends with the latest visit. Days to come count where there are no others. */
static void end_window_with_visits(hra_join_person *p)
{
    bool has_past = false;
    double latest = NAN;
    for (int i = 0; i < p->count; i++)
        has_past |= is_visit(p->members[i].origin.kind) && p->members[i].place == HRA_JOIN_USABLE;
    for (int i = 0; i < p->count; i++) {
        hra_join_member *m = &p->members[i];
        if (!is_visit(m->origin.kind)) continue;
        if (!has_past) m->place = HRA_JOIN_USABLE;
        if (m->place == HRA_JOIN_USABLE && !(m->date <= latest)) latest = isnan(m->date) ? latest : m->date;
    }
    if (isnan(latest)) return;
    double start = hra_day_add_months(latest, -p->request->window_months);
    for (int i = 0; i < p->count; i++)
        if (is_visit(p->members[i].origin.kind) && p->members[i].date < start) p->members[i].place = HRA_JOIN_TOO_OLD;
}

/* ---- order ------------------------------------------------------------------------------- */

static bool is_later(const hra_join_origin *a, const hra_join_origin *b)
{
    return a->input != b->input ? a->input > b->input : a->number > b->number;
}

/* Rows that count before others, kinds in their order, dated before undated, the latest day (or the first, where the
 * first visit is asked for), and of one day the row that comes later. */
static bool goes_before(const hra_join_person *p, const hra_join_member *a, const hra_join_member *b)
{
    if ((a->place == HRA_JOIN_USABLE) != (b->place == HRA_JOIN_USABLE)) return a->place == HRA_JOIN_USABLE;
    if (a->origin.kind != b->origin.kind) return a->origin.kind < b->origin.kind;
    if (isnan(a->date) != isnan(b->date)) return isnan(b->date);
    if (!isnan(a->date) && a->date != b->date)
        return p->request->visits == HRA_VISITS_FIRST ? a->date < b->date : a->date > b->date;
    return is_later(&a->origin, &b->origin);
}

/* Few rows: by insertion. */
static void put_in_order(hra_join_person *p)
{
    for (int i = 0; i < p->count; i++) {
        int at = i;
        for (; at > 0 && goes_before(p, &p->members[i], &p->members[p->order[at - 1]]); at--)
            p->order[at] = p->order[at - 1];
        p->order[at] = i;
    }
}

static bool same_day(const hra_join_member *a, const hra_join_member *b)
{
    return a->date == b->date || (isnan(a->date) && isnan(b->date));
}

/* Rows that say the same as another of their kind and day count once. */
static void find_repeats(hra_join_person *p)
{
    bool differs = false;
    for (int i = 0; i < p->count; i++) {
        hra_join_member *m = &p->members[p->order[i]];
        for (int j = i - 1; j >= 0 && !m->repeats; j--) {
            const hra_join_member *before = &p->members[p->order[j]];
            if (before->origin.kind != m->origin.kind || !same_day(before, m)) break;
            if (before->repeats) continue;
            m->repeats = hra_join_row_equals(&before->row, &m->row, p->schema);
            if (!m->repeats && !isnan(m->date) && m->place == HRA_JOIN_USABLE) differs = true;
        }
        p->counts->same_rows += m->repeats;
    }
    p->counts->same_day += differs;
}

/* ---- which rows count ------------------------------------------------------------------------ */

static void count_places(hra_join_person *p)
{
    for (int i = 0; i < p->count; i++) {
        const hra_join_member *m = &p->members[i];
        p->counts->too_old += m->place == HRA_JOIN_TOO_OLD;
        p->counts->future += m->place == HRA_JOIN_FUTURE;
        p->counts->undated += is_visit(m->origin.kind) && isnan(m->date);
        if (m->place != HRA_JOIN_USABLE && !m->left_out)
            hra_join_list_add(p->list, p->key,
                              m->place == HRA_JOIN_FUTURE ? "after the as-of day" : "before the window", m->origin.kind,
                              m->row.file, m->row.line);
    }
}

static void use_rows(hra_join_person *p)
{
    memset(p->used_count, 0, sizeof p->used_count);
    for (int i = 0; i < p->count; i++) {
        const hra_join_member *m = &p->members[p->order[i]];
        if (m->place == HRA_JOIN_USABLE && !m->repeats && !m->left_out)
            p->used[m->origin.kind][p->used_count[m->origin.kind]++] = p->order[i];
    }
}

/* True if there are several days among the visits; unless each variable comes from its latest visit, only the visit of
 * the first row stays. */
static bool choose_visit(hra_join_person *p, hra_join_kind kind)
{
    int first_day = 0, count = p->used_count[kind];
    while (first_day < count && same_day(&p->members[p->used[kind][0]], &p->members[p->used[kind][first_day]]))
        first_day++;
    if (p->request->visits != HRA_VISITS_LATEST_VALUES) p->used_count[kind] = first_day;
    return first_day < count;
}

/* Of the roster's rows those whose period holds the day; the one that began last goes first. */
static void choose_roster(hra_join_person *p, double day)
{
    int *rows = p->used[HRA_JOIN_ROSTER], holding = 0, count = p->used_count[HRA_JOIN_ROSTER];
    double last = NAN;
    for (int i = 0; i < count; i++) {
        int at = rows[i];
        const hra_join_member *m = &p->members[at];
        double start = hra_join_item_value(p, &m->row, p->schema->period_start);
        double end = hra_join_item_value(p, &m->row, p->schema->period_end);
        if (start > day || end < day) continue;
        bool begins_later = holding == 0 || start > last || (isnan(last) && !isnan(start));
        if (begins_later) last = start;
        int to = begins_later ? 0 : holding;
        memmove(rows + to + 1, rows + to, sizeof *rows * (size_t)(i - to));
        rows[to] = at;
        holding++;
    }
    p->counts->overlapping += holding > 1 && !isnan(last);
    if (count > 0) p->used_count[HRA_JOIN_ROSTER] = holding > 0 ? holding : 1;
}

/* ---- what was found --------------------------------------------------------------------------------- */

/* A bit for each kind that has rows of this key; `left_out` counts those that are not this person's too. */
static unsigned kinds_known(const hra_join_person *p, bool left_out)
{
    unsigned kinds = 0;
    for (int i = 0; i < p->count; i++)
        if (left_out || !p->members[i].left_out) kinds |= 1u << p->members[i].origin.kind;
    return kinds;
}

static void count_match(hra_join_person *p, bool examined, bool answered)
{
    unsigned kinds = kinds_known(p, true);
    static const char *const only[HRA_JOIN_KINDS] = {"only in checkups", "only in questionnaires", "only in diagnoses",
                                                     "only on the roster"};
    hra_join_counts *c = p->counts;
    const unsigned visits = 1u << HRA_JOIN_CHECKUP | 1u << HRA_JOIN_QUESTIONNAIRE;
    c->people++;
    c->matched += examined && answered;
    c->not_answered += examined && !answered;
    c->not_examined += !examined && answered;
    c->unexamined += !examined && !answered;
    c->outside += (kinds & visits) && !examined && !answered;
    c->not_on_roster += (examined || answered) && !(kinds & 1u << HRA_JOIN_ROSTER);
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        if (kinds != 1u << k) continue;
        c->only[k]++;
        if (p->request->own_windows) continue; /* one source: everybody */
        hra_join_list_add(p->list, p->key, only[k], (hra_join_kind)k, -1, -1);
    }
}

/* Among the texts of the labels; -1: none. */
static int32_t group_text(const hra_join_person *p, const hra_join_row *row)
{
    return p->schema->group_label >= 0 ? row->labels[p->schema->group_label] : -1;
}

static hra_join_group *group_of(hra_join_person *p, const hra_join_row *row)
{
    int32_t text = group_text(p, row);
    return hra_join_report_group(p->report, text >= 0 ? p->schema->text_list[text] : NULL);
}

/* Who was invited stays so even if the row of the roster cannot be joined. */
static hra_code count_group(hra_join_person *p, bool examined, bool answered, bool assessed, hra_error *error)
{
    bool joined = (kinds_known(p, false) & 1u << HRA_JOIN_ROSTER) != 0, was_invited = joined;
    for (int i = 0; i < p->count; i++) {
        const hra_join_member *m = &p->members[p->order[i]];
        if (!m->left_out || m->repeats || m->origin.kind != HRA_JOIN_ROSTER) continue;
        hra_join_group *invited = group_of(p, &m->row);
        if (!invited) return hra_out_of_memory(error);
        invited->invited++;
        was_invited = was_invited || group_text(p, &m->row) == group_text(p, &p->merged);
    }
    hra_join_group *group = group_of(p, &p->merged);
    if (!group) return hra_out_of_memory(error);
    group->invited += joined;
    hra_join_stages *stages = was_invited ? &group->of_invited : &group->of_others;
    stages->examined += examined;
    stages->answered += answered;
    stages->assessed += assessed;
    return HRA_OK;
}

/* Rosters come first, then checkups, questionnaires and diagnoses. */
static int appearance(hra_join_kind kind) { return kind == HRA_JOIN_ROSTER ? -1 : (int)kind; }

static bool appears_before(const hra_join_origin *a, const hra_join_origin *b)
{
    if (a->kind != b->kind) return appearance(a->kind) < appearance(b->kind);
    return is_later(b, a);
}

static void find_first(const hra_join_person *p, hra_join_origin *first)
{
    *first = p->members[0].origin;
    for (int i = 1; i < p->count; i++)
        if (appears_before(&p->members[i].origin, first)) *first = p->members[i].origin;
}

/* Nobody has so many rows: the identifier is a dummy. */
static void refuse_flood(hra_join_person *p)
{
    p->counts->people++;
    p->counts->flooded++;
    p->counts->conflicts++;
    p->counts->rows_left_out += p->count + p->beyond;
    const hra_join_member *m = &p->members[0];
    hra_join_list_add(p->list, p->key, "conflict: too many rows for one person", m->origin.kind, m->row.file,
                      m->row.line);
}

static void put_source(hra_join_person *p)
{
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        if (p->used_count[k] == 0) continue;
        const hra_join_row *row = &p->members[p->used[k][0]].row;
        p->merged.line = row->line;
        p->merged.file = row->file;
        return;
    }
}

/* Who is examined or answered, but has not consented to be assessed, is counted and listed. */
static bool declines(hra_join_person *p)
{
    char key[HRA_JOIN_KEY_TEXT];
    double consent = hra_join_item_value(p, &p->merged, p->schema->consent);
    if (!hra_consent_leaves_out(p->request->consent, consent)) return false;
    int32_t group = group_text(p, &p->merged);
    hra_join_key_write(p->key, key);
    hra_consent_list_add(p->request->declined, key, group >= 0 ? p->schema->text_list[group] : NULL, consent);
    p->counts->without_consent++;
    return true;
}

hra_code hra_join_person_merge(hra_join_person *p, hra_join_merged *merged, hra_error *error)
{
    *merged = (hra_join_merged){0};
    if (p->beyond > 0) {
        refuse_flood(p);
        return HRA_OK;
    }
    if (p->request->own_windows) end_window_with_visits(p);
    put_in_order(p);
    find_repeats(p);
    hra_join_find_conflict(p);
    count_places(p);
    use_rows(p);
    p->counts->several_visits += choose_visit(p, HRA_JOIN_CHECKUP);
    choose_visit(p, HRA_JOIN_QUESTIONNAIRE);
    bool examined = p->used_count[HRA_JOIN_CHECKUP] > 0, answered = p->used_count[HRA_JOIN_QUESTIONNAIRE] > 0;
    double day = NAN;
    if (examined) day = p->members[p->used[HRA_JOIN_CHECKUP][0]].date;
    if (isnan(day) && answered) day = p->members[p->used[HRA_JOIN_QUESTIONNAIRE][0]].date;
    choose_roster(p, isnan(day) ? p->request->as_of : day);
    hra_join_merge_rows(p);
    put_source(p);
    count_match(p, examined, answered);
    bool came = examined || answered, assessed = came && !declines(p);
    HRA_TRY(count_group(p, examined, answered, assessed, error));
    find_first(p, &merged->first);
    if (came ? !assessed : !p->request->keep_unexamined) return HRA_OK;
    merged->row = &p->merged;
    p->counts->written++;
    return HRA_OK;
}
