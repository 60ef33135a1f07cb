/* All groups together: who gets an edition, what the pooled other groups may say; then group by group the figures. */
#include "service/group/client_book.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/group/client_internal.h"
#include "service/group/coverage.h"

/* ---- what is published ------------------------------------------------------------ */

static bool named(const hra_group_policy *policy, const char *name)
{
    for (int i = 0; i < policy->publish_count; i++)
        if (strcmp(policy->publish[i], name) == 0) return true;
    return false;
}

void hra_client_book_prepare(const hra_group_policy *policy, const hra_output *outputs, int output_count,
                             hra_group_summary *summary)
{
    for (int i = 0; i < output_count; i++)
        if (outputs[i].role == HRA_ROLE_FACTOR && named(policy, outputs[i].id) &&
            !hra_group_policy_sensitive(policy, outputs[i].id))
            hra_group_summary_by_department(summary, i);
}

static const char *set_of(const hra_library *library, const char *id)
{
    const hra_declaration *d = hra_library_find(library, id);
    return d ? hra_declaration_text(d, "set", "en") : NULL;
}

/* A set of which every finding is told would give each away by the others: its last one is left out. */
static void open_sets(hra_client_book *b)
{
    const hra_client_request *q = &b->request;
    for (int i = b->finding_count - 1; i >= 0; i--) {
        const char *set = b->findings[i].set;
        int told = 0, all = 0;
        if (!set) continue;
        for (int k = 0; k < b->finding_count; k++) told += b->findings[k].set && strcmp(b->findings[k].set, set) == 0;
        for (int k = 0; k < q->output_count; k++) {
            const char *other = q->outputs[k].role == HRA_ROLE_FACTOR ? set_of(q->library, q->outputs[k].id) : NULL;
            all += other && strcmp(other, set) == 0;
        }
        if (told < all || told < 2) continue;
        memmove(&b->findings[i], &b->findings[i + 1], (size_t)(b->finding_count - i - 1) * sizeof b->findings[i]);
        b->finding_count--;
    }
}

/* In the order of the policy. */
static void find_findings(hra_client_book *b)
{
    const hra_client_request *q = &b->request;
    for (int p = 0; p < q->policy->publish_count; p++) {
        for (int i = 0; i < q->output_count; i++) {
            const hra_output *o = &q->outputs[i];
            if (o->role != HRA_ROLE_FACTOR || strcmp(o->id, q->policy->publish[p]) != 0) continue;
            b->findings[b->finding_count++] =
                (hra_client_finding){i, o->id, set_of(q->library, o->id), hra_group_policy_sensitive(q->policy, o->id)};
        }
    }
    open_sets(b);
}

/* ---- the other groups ---------------------------------------------------------------- */

static hra_client_scene scene_of(hra_client_book *b, const hra_group *group, const hra_client_layout *layout)
{
    const hra_client_request *q = &b->request;
    return (hra_client_scene){q->policy, q->summary, group, layout, b->findings, b->finding_count, q->standard};
}

static hra_client_member *member_at(const hra_client_book *b, int group, int finding)
{
    return &b->members[(size_t)group * (size_t)b->finding_count + (size_t)finding];
}

static void note_size(hra_client_others *o, uint64_t people)
{
    if (people > o->largest[0]) {
        o->largest[1] = o->largest[0];
        o->largest[0] = people;
    } else if (people > o->largest[1]) {
        o->largest[1] = people;
    }
}

static void pool_finding(hra_client_book *b, int g, const hra_client_layout *layout, int f)
{
    const hra_group *group = hra_group_summary_at(b->request.summary, g);
    const hra_coverage coverage = hra_coverage_of(b->request.summary, group, b->findings[f].output);
    hra_client_others *o = &b->others[f];
    if (!hra_coverage_speaks_for_all(&coverage)) return;
    const hra_client_scene scene = scene_of(b, group, layout);
    hra_client_solve(&scene, &b->findings[f], &b->solution);
    *member_at(b, g, f) = b->solution.rule == HRA_SHOWN ? HRA_CLIENT_TOLD : HRA_CLIENT_HIDDEN;
    o->groups++;
    o->people += layout->people;
    note_size(o, layout->people);
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        if (!hra_client_layout_holds(layout, -1, -1, c)) continue;
        hra_summary_flag one = hra_group_flag(b->request.summary, group, b->findings[f].output, c);
        o->cells[c].yes += one.yes;
        o->cells[c].no += one.no;
    }
}

/* The pooled figures of the published groups, and which of them hide the total of a finding. */
static hra_code pool_groups(hra_client_book *b, hra_error *error)
{
    const hra_client_request *q = &b->request;
    for (int g = 0; g < hra_group_summary_count(q->summary); g++) {
        hra_client_layout layout;
        hra_code code = hra_client_layout_make(hra_group_summary_at(q->summary, g), q->policy, &layout, error);
        for (int f = 0; !code && layout.published && f < b->finding_count; f++) pool_finding(b, g, &layout, f);
        hra_client_layout_free(&layout);
        HRA_TRY(code);
    }
    return HRA_OK;
}

static hra_summary_flag total_of(hra_client_book *b, int group, int finding)
{
    return hra_group_flag(b->request.summary, hra_group_summary_at(b->request.summary, group),
                          b->findings[finding].output, HRA_SUMMARY_ALL);
}

/* Whoever has every client's edition, and knows which groups are compared, knows the sum of the hidden totals: all of
 * them less the shown ones. Each hidden one must have another that could hold some of its people; else no client is
 * told of the others. */
static bool others_are_safe(hra_client_book *b, int finding)
{
    int groups = hra_group_summary_count(b->request.summary);
    for (int g = 0; g < groups; g++) {
        if (*member_at(b, g, finding) != HRA_CLIENT_HIDDEN) continue;
        hra_summary_flag mine = total_of(b, g, finding);
        bool partner = false;
        for (int h = 0; h < groups && !partner; h++) {
            if (h == g || *member_at(b, h, finding) != HRA_CLIENT_HIDDEN) continue;
            hra_summary_flag other = total_of(b, h, finding);
            uint32_t up = mine.no < other.yes ? mine.no : other.yes, down = mine.yes < other.no ? mine.yes : other.no;
            partner = up + down >= b->request.policy->protection;
        }
        if (!partner) return false;
    }
    return true;
}

enum { TAKING_PART = 4 };
static const char *const participation_columns[TAKING_PART] = {"invited", "examined", "answered", "assessed"};
static const char *const earlier_columns[HRA_EARLIER_COLUMNS] = {
    "kind",      "indicator",        "level",          "sex",   "age_band", "department", "as_of", "people",
    "numerator", "denominator_from", "denominator_to", "share", "reason"};

hra_code hra_client_book_try(const char *participation, const char *earlier, hra_error *error)
{
    if (participation) HRA_TRY(hra_group_rows_try(participation, participation_columns, TAKING_PART, error));
    return earlier ? hra_group_rows_try(earlier, earlier_columns, HRA_EARLIER_COLUMNS, error) : HRA_OK;
}

static hra_code open_book(hra_client_book *b, hra_error *error)
{
    const hra_client_request *q = &b->request;
    size_t groups = (size_t)hra_group_summary_count(q->summary);
    find_findings(b);
    size_t findings = (size_t)b->finding_count;
    b->others = calloc(findings + 1, sizeof *b->others);
    b->members = calloc(groups * findings + 1, sizeof *b->members);
    if (!b->others || !b->members) return hra_out_of_memory(error);
    if (q->participation)
        HRA_TRY(hra_group_rows_open(q->participation, participation_columns, TAKING_PART, &b->participation, error));
    if (q->earlier) HRA_TRY(hra_group_rows_open(q->earlier, earlier_columns, HRA_EARLIER_COLUMNS, &b->earlier, error));
    HRA_TRY(pool_groups(b, error));
    for (int f = 0; f < b->finding_count; f++) b->others[f].safe = others_are_safe(b, f);
    return HRA_OK;
}

hra_code hra_client_book_new(const hra_client_request *request, hra_client_book **out, hra_error *error)
{
    hra_client_book *b = calloc(1, sizeof *b);
    if (!b) return hra_out_of_memory(error);
    b->request = *request;
    hra_code code = open_book(b, error);
    if (code != HRA_OK) {
        hra_client_book_free(b);
        return code;
    }
    *out = b;
    return HRA_OK;
}

void hra_client_book_free(hra_client_book *book)
{
    if (!book) return;
    hra_group_rows_close(book->participation);
    hra_group_rows_close(book->earlier);
    hra_client_layout_free(&book->layout);
    free(book->others);
    free(book->members);
    free(book->figures);
    free(book);
}

hra_code hra_client_book_group(hra_client_book *book, int group, const hra_client_figure **figures, int *count,
                               hra_error *error)
{
    const hra_client_request *q = &book->request;
    book->group = hra_group_summary_at(q->summary, group);
    book->group_index = group;
    book->figure_count = 0;
    book->failed = false;
    hra_client_layout_free(&book->layout);
    HRA_TRY(hra_client_layout_make(book->group, q->policy, &book->layout, error));
    book->scene = scene_of(book, book->group, &book->layout);
    HRA_TRY(hra_client_figures(book, error));
    if (book->failed) return hra_out_of_memory(error);
    HRA_TRY(hra_client_compare_earlier(book, error));
    *figures = book->figures;
    *count = book->figure_count;
    return HRA_OK;
}

bool hra_client_book_allows(const hra_client_book *book, int output, bool sensitive)
{
    const hra_client_finding finding = {output, "", NULL, sensitive};
    hra_client_scene scene = book->scene;
    hra_client_layout totals = book->layout; /* what it says below the total does not matter here */
    if (!book->layout.published || book->figures[0].rule != HRA_SHOWN) return false;
    totals.departments = 0;
    totals.sexes = totals.bands = 1;
    scene.layout = &totals;
    hra_client_solution solution; /* not that of the book: several threads ask */
    hra_client_solve(&scene, &finding, &solution);
    return solution.rule == HRA_SHOWN;
}

uint64_t hra_client_rounded(const hra_client_book *book, uint64_t count)
{
    uint32_t to = book->request.policy->round_to;
    return (count + to / 2) / to * to;
}
