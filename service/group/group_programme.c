#include "service/group/group_programme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "service/tables/rule_table.h"

struct hra_lecture_list {
    hra_arena *arena;
    hra_rule_table table;
};

hra_code hra_lecture_list_load(const char *path, hra_lecture_list **out, hra_error *error)
{
    static const char *const columns[] = {"lecture", "specialty"};
    hra_lecture_list *list = calloc(1, sizeof *list);
    if (list) list->arena = hra_arena_new();
    hra_code code = list && list->arena ? hra_rule_table_load(path, NULL, columns, 2, list->arena, &list->table, error)
                                        : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_lecture_list_free(list);
        return code;
    }
    *out = list;
    return HRA_OK;
}

void hra_lecture_list_free(hra_lecture_list *list)
{
    if (!list) return;
    hra_arena_free(list->arena);
    free(list);
}

/* The specialty of who can give it; NULL: nobody. */
static const char *specialty_of(const hra_lecture_list *list, const hra_declaration *action)
{
    if (!list) return "";
    const char *english = hra_declaration_text(action, "lecture", "en");
    const char *chinese = hra_declaration_text(action, "lecture", "zh");
    for (int i = 0; i < list->table.count; i++) {
        const char *name = list->table.rows[i].cells[0];
        if (strcmp(name, action->id) == 0 || (english && strcmp(name, english) == 0) ||
            (chinese && strcmp(name, chinese) == 0))
            return list->table.rows[i].cells[1];
    }
    return NULL;
}

/* ---- lectures ------------------------------------------------------------------ */

static int priority_of(const hra_problem *problem)
{
    const char *text = hra_declaration_text(problem->action, "priority", "en");
    return text ? atoi(text) : 100;
}

static bool has_lecture(const hra_programme *p, const hra_problem *problem)
{
    for (int i = 0; i < p->lecture_count; i++)
        if (p->lectures[i].problem == problem) return true;
    return false;
}

/* The best problem of those that are due (or not) and have no lecture yet. */
static const hra_problem *next_lecture(const hra_programme_request *q, const hra_problem *problems, int count, bool due,
                                       const hra_programme *p)
{
    const hra_problem *best = NULL;
    for (int i = 0; i < count; i++) {
        const hra_problem *one = &problems[i];
        if (one->due != due || (!due && one->total.yes == 0) || has_lecture(p, one)) continue;
        if (!hra_declaration_text(one->action, "lecture", "en") || !specialty_of(q->list, one->action)) continue;
        if (!best || (due && priority_of(one) < priority_of(best))) best = one; /* else rank, their order */
    }
    return best;
}

static void choose_lectures(const hra_programme_request *q, const hra_problem *problems, int count, hra_programme *p)
{
    int bought = q->lectures > 0 ? q->lectures : (int)q->policy->lectures;
    if (bought > HRA_LECTURES_MOST) bought = HRA_LECTURES_MOST;
    while (p->lecture_count < bought) {
        const hra_problem *next = next_lecture(q, problems, count, true, p);
        if (!next) next = next_lecture(q, problems, count, false, p);
        if (!next) return;
        p->lectures[p->lecture_count++] = (hra_lecture){next, specialty_of(q->list, next->action)};
    }
}

/* ---- newsletters ---------------------------------------------------------------- */

/* Issues since the topic was used last; a large number if never. */
static int rested(const hra_programme_request *q, const hra_programme *p, const char *id)
{
    for (int i = p->newsletter_count - 1; i >= 0; i--)
        if (strcmp(p->newsletters[i].problem->action->id, id) == 0) return p->newsletter_count - 1 - i;
    for (int i = q->issue_count - 1; i >= 0; i--)
        if (strcmp(q->issues[i], id) == 0) return p->newsletter_count + q->issue_count - 1 - i;
    return 1000;
}

static bool is_candidate(const hra_problem *one)
{
    return one->total.yes > 0 && hra_declaration_text(one->action, "newsletter", "en");
}

/* Where every topic was used in the last issues, the one that has rested longest. */
static const hra_problem *longest_rested(const hra_programme_request *q, const hra_problem *problems, int count,
                                         const hra_programme *p)
{
    const hra_problem *best = NULL;
    for (int i = 0; i < count; i++)
        if (is_candidate(&problems[i]) &&
            (!best || rested(q, p, problems[i].action->id) > rested(q, p, best->action->id)))
            best = &problems[i];
    return best;
}

static const hra_problem *next_topic(const hra_programme_request *q, const hra_problem *problems, int count,
                                     const hra_programme *p, const char *season)
{
    const hra_problem *first = NULL;
    for (int i = 0; i < count; i++) {
        const hra_problem *one = &problems[i];
        if (!is_candidate(one) || rested(q, p, one->action->id) < (int)q->policy->newsletter_rest) continue;
        if (!first) first = one;
        if (!(first->standardised.share.value - one->standardised.share.value <= q->policy->newsletter_tie)) break;
        const char *own = hra_declaration_text(one->action, "season", "en");
        if (own && strcmp(own, season) == 0) return one;
    }
    return first ? first : longest_rested(q, problems, count, p);
}

static void choose_newsletters(const hra_programme_request *q, const hra_problem *problems, int count, hra_programme *p)
{
    int issues = (int)q->policy->newsletters_per_year, start = 0;
    int64_t year = 0;
    if (!isnan(q->as_of)) {
        hra_date date = hra_date_of_day(q->as_of);
        start = (date.month - 1) / 3 + 1; /* the next quarter, from 0 */
        year = date.year;
    }
    for (int i = 0; i < issues && i < HRA_NEWSLETTERS_MOST; i++) {
        int quarter = start + i * HRA_QUARTERS / issues;
        const hra_problem *topic = next_topic(q, problems, count, p, q->policy->seasons[quarter % HRA_QUARTERS]);
        if (!topic) return;
        hra_newsletter *n = &p->newsletters[p->newsletter_count];
        n->problem = topic;
        if (isnan(q->as_of))
            snprintf(n->quarter, sizeof n->quarter, "Q%d", quarter % HRA_QUARTERS + 1);
        else
            snprintf(n->quarter, sizeof n->quarter, "%dQ%d", (int)(year + quarter / HRA_QUARTERS) % 100000,
                     quarter % HRA_QUARTERS + 1);
        p->newsletter_count++;
    }
}

void hra_programme_make(const hra_programme_request *request, const hra_problem *problems, int count,
                        hra_programme *out)
{
    *out = (hra_programme){.lecture_count = 0};
    choose_lectures(request, problems, count, out);
    choose_newsletters(request, problems, count, out);
}
