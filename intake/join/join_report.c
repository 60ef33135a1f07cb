#include "intake/join/join_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/map.h"
#include "io/files/atomic_file.h"

struct hra_join_report {
    hra_join_counts counts;
    hra_arena *arena;
    hra_map *map; /* name -> group; people without a group are group 0 */
    hra_join_group *groups;
    int group_count, group_capacity;
    double as_of;
    int months;
    const char *visits;
};

static const char *const kind_names[HRA_JOIN_KINDS] = {"checkup", "questionnaire", "diagnosis", "roster"};

const char *hra_join_kind_name(hra_join_kind kind) { return kind < HRA_JOIN_KINDS ? kind_names[kind] : ""; }

int hra_join_kind_of(const char *name, size_t length)
{
    for (int i = 0; i < HRA_JOIN_KINDS; i++)
        if (strlen(kind_names[i]) == length && strncmp(kind_names[i], name, length) == 0) return i;
    return -1;
}

hra_join_report *hra_join_report_new(void)
{
    hra_join_report *report = calloc(1, sizeof *report);
    if (!report) return NULL;
    report->arena = hra_arena_new();
    report->map = hra_map_new();
    report->as_of = NAN;
    if (report->arena && report->map && hra_join_report_group(report, NULL)) return report;
    hra_join_report_free(report);
    return NULL;
}

void hra_join_report_free(hra_join_report *report)
{
    if (!report) return;
    hra_arena_free(report->arena);
    hra_map_free(report->map);
    free(report->groups);
    free(report);
}

hra_join_counts *hra_join_report_count(hra_join_report *report) { return &report->counts; }
const hra_join_counts *hra_join_report_counts(const hra_join_report *report) { return &report->counts; }

hra_join_group *hra_join_report_group(hra_join_report *report, const char *name)
{
    int64_t at = name ? hra_map_get(report->map, name) : report->group_count > 0 ? 0 : -1;
    if (at >= 0) return &report->groups[at];
    if (report->group_count == report->group_capacity) {
        int capacity = report->group_capacity ? 2 * report->group_capacity : 64;
        hra_join_group *groups = realloc(report->groups, (size_t)capacity * sizeof *groups);
        if (!groups) return NULL;
        report->groups = groups;
        report->group_capacity = capacity;
    }
    const char *copy = name ? hra_arena_text(report->arena, name) : NULL;
    if (name && (!copy || hra_map_set(report->map, name, report->group_count) != 0)) return NULL;
    hra_join_group *group = &report->groups[report->group_count++];
    *group = (hra_join_group){.name = copy};
    return group;
}

void hra_join_report_rules(hra_join_report *report, double as_of, int months, const char *visits)
{
    report->as_of = as_of;
    report->months = months;
    report->visits = visits;
}

static int by_name(const void *a, const void *b)
{
    const hra_join_group *x = a, *y = b;
    if (!x->name || !y->name) return (x->name == NULL) - (y->name == NULL);
    return strcmp(x->name, y->name);
}

void hra_join_report_finish(hra_join_report *report)
{
    qsort(report->groups, (size_t)report->group_count, sizeof *report->groups, by_name);
}

static bool is_empty(const hra_join_group *g)
{
    return g->invited + g->of_invited.assessed + g->of_others.assessed == 0;
}

/* A share is of the people invited: where these are known, only they are counted. */
static const hra_join_stages *stages_of(const hra_join_group *g) { return g->invited ? &g->of_invited : &g->of_others; }

hra_code hra_join_report_write_groups(const hra_join_report *report, const char *path, hra_error *error)
{
    hra_buffer out = {0};
    hra_atomic_file *file;
    hra_buffer_text(&out, "group,invited,examined,answered,assessed,not_invited\n");
    for (int i = 0; i < report->group_count; i++) {
        const hra_join_group *g = &report->groups[i];
        const hra_join_stages *stages = stages_of(g);
        if (!g->name && is_empty(g)) continue;
        if (g->name) hra_buffer_csv_foreign(&out, g->name, strlen(g->name));
        hra_buffer_printf(&out, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",", g->invited, stages->examined,
                          stages->answered, stages->assessed);
        if (g->invited) hra_buffer_printf(&out, "%" PRId64, g->of_others.assessed);
        hra_buffer_char(&out, '\n');
    }
    hra_code code = out.failed ? hra_out_of_memory(error) : hra_atomic_open(path, &file, error);
    if (code == HRA_OK) {
        fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)); /* commit checks the stream */
        code = hra_atomic_commit(file, error);
    }
    hra_buffer_destroy(&out);
    return code;
}

/* ---- text and JSON -------------------------------------------------------------------- */

/* One list for both forms. */
typedef struct line {
    const char *name, *words;
    int64_t count;
} line;

enum { MOST_LINES = 32, ALWAYS_TOLD = 5 };

static int list_counts(const hra_join_counts *c, line out[MOST_LINES])
{
    const line lines[] = {
        {"people", "people", c->people},
        {"written", "rows written", c->written},
        {"matched", "with checkup and questionnaire", c->matched},
        {"not_answered", "with checkup, without questionnaire", c->not_answered},
        {"not_examined", "with questionnaire, without checkup", c->not_examined},
        {"only_checkup", "only in checkups", c->only[HRA_JOIN_CHECKUP]},
        {"only_questionnaire", "only in questionnaires", c->only[HRA_JOIN_QUESTIONNAIRE]},
        {"only_diagnosis", "only in diagnoses", c->only[HRA_JOIN_DIAGNOSIS]},
        {"only_roster", "only on the roster", c->only[HRA_JOIN_ROSTER]},
        {"not_on_roster", "examined or answered, but not on the roster", c->not_on_roster},
        {"unexamined", "neither examined nor answered in the window", c->unexamined},
        {"without_consent", "without consent to the assessment, so not written", c->without_consent},
        {"conflicts", "people whose rows disagree on sex, birth date or age", c->conflicts},
        {"rows_left_out", "rows left out because of that", c->rows_left_out},
        {"several_visits", "people with checkups on several days", c->several_visits},
        {"same_day", "people with different rows of one kind on one day", c->same_day},
        {"same_rows", "rows that repeat another", c->same_rows},
        {"rows_too_old", "rows before the window", c->too_old},
        {"rows_future", "rows after the as-of day", c->future},
        {"rows_undated", "rows without a day, taken as inside the window", c->undated},
        {"outside_window", "people with rows outside the window only", c->outside},
        {"overlapping", "people with overlapping rows of the roster", c->overlapping},
        {"crosswalk_links", "links of the crosswalk", c->crosswalk_links},
        {"crosswalk_used", "rows brought under another identifier by it", c->crosswalk_used},
        {"crosswalk_conflicts", "identifiers it links to two of one issuer, not linked", c->crosswalk_conflicts},
        {"crosswalk_rejected", "lines of it that cannot be read", c->crosswalk_rejected},
    };
    int count = (int)(sizeof lines / sizeof lines[0]);
    memcpy(out, lines, sizeof lines);
    return count;
}

void hra_join_report_print(const hra_join_report *report, hra_buffer *out)
{
    char day[HRA_DAY_TEXT];
    line lines[MOST_LINES];
    int count = list_counts(&report->counts, lines);
    hra_buffer_printf(out, "joined by person, window of %d months before %s, visits: %s\n", report->months,
                      isnan(report->as_of) ? "each person's latest visit" : hra_day_text(report->as_of, day),
                      report->visits ? report->visits : "");
    hra_buffer_text(out, "  rows read:");
    for (int k = 0; k < HRA_JOIN_KINDS; k++)
        hra_buffer_printf(out, "%s %" PRId64 " %s", k ? "," : "", report->counts.rows[k], kind_names[k]);
    hra_buffer_char(out, '\n');
    for (int i = 0; i < count; i++)
        if (i < ALWAYS_TOLD || lines[i].count > 0)
            hra_buffer_printf(out, "  %10" PRId64 "  %s\n", lines[i].count, lines[i].words);
}

void hra_join_report_json(const hra_join_report *report, hra_buffer *out)
{
    char day[HRA_DAY_TEXT];
    line lines[MOST_LINES];
    int count = list_counts(&report->counts, lines);
    hra_buffer_text(out, "{\"as_of\":");
    if (isnan(report->as_of))
        hra_buffer_text(out, "null");
    else
        hra_buffer_printf(out, "\"%s\"", hra_day_text(report->as_of, day));
    hra_buffer_printf(out, ",\"window_months\":%d,\"visits\":", report->months);
    hra_buffer_json(out, report->visits ? report->visits : "");
    hra_buffer_text(out, ",\"rows\":{");
    for (int k = 0; k < HRA_JOIN_KINDS; k++)
        hra_buffer_printf(out, "%s\"%s\":%" PRId64, k ? "," : "", kind_names[k], report->counts.rows[k]);
    hra_buffer_char(out, '}');
    for (int i = 0; i < count; i++) hra_buffer_printf(out, ",\"%s\":%" PRId64, lines[i].name, lines[i].count);
    hra_buffer_text(out, ",\"groups\":[");
    bool first = true;
    bool participation = !isnan(report->as_of); /* of one source nobody says who was invited */
    for (int i = 0; i < report->group_count && participation; i++) {
        const hra_join_group *g = &report->groups[i];
        const hra_join_stages *stages = stages_of(g);
        if (!g->name && is_empty(g)) continue;
        hra_buffer_text(out, first ? "{\"group\":" : ",{\"group\":");
        first = false;
        if (g->name)
            hra_buffer_json(out, g->name);
        else
            hra_buffer_text(out, "null");
        hra_buffer_printf(
            out, ",\"invited\":%" PRId64 ",\"examined\":%" PRId64 ",\"answered\":%" PRId64 ",\"assessed\":%" PRId64,
            g->invited, stages->examined, stages->answered, stages->assessed);
        if (g->invited) hra_buffer_printf(out, ",\"not_invited\":%" PRId64, g->of_others.assessed);
        hra_buffer_char(out, '}');
    }
    hra_buffer_text(out, "]}");
}
