/* Two editions about nearly the same people tell, one subtracted from the other, about those who joined or left. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "service/group/client_internal.h"

const char hra_client_reason_edition[] = "as in the earlier edition";

static double number(const hra_client_book *b, int row, int column)
{
    return hra_group_rows_number(b->earlier, row, column);
}

/* As it would be printed, to compare with what was. */
static double told(const hra_client_book *b, uint64_t count) { return (double)hra_client_rounded(b, count); }

static int row_of(const hra_client_book *b, const hra_client_figure *f)
{
    const char *key[] = {f->kind, f->indicator, f->level, f->sex, f->age, f->department};
    return hra_group_rows_find(b->earlier, key, HRA_EARLIER_AS_OF);
}

static bool few(const hra_client_book *b, double difference)
{
    return fabs(difference) >= 1 && fabs(difference) <= b->request.policy->hide_up_to;
}

/* An edition of the same group a year ago is about another checkup; one of some weeks ago is not. */
static bool is_recent(const hra_client_book *b, int row)
{
    const char *text = hra_group_rows_cell(b->earlier, row, HRA_EARLIER_AS_OF);
    int year, month, day;
    if (isnan(b->request.as_of) || sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3) return true;
    if (!hra_date_exists(year, month, day)) return true;
    double then = hra_day_of_date((hra_date){year, month, day});
    return fabs(b->request.as_of - then) < b->request.policy->edition_days;
}

static void withhold_edition(hra_client_book *b)
{
    b->figure_count = 1;
    b->figures[0].rule = HRA_HIDDEN_EDITION;
}

/* Whether a figure says exactly what it said before. */
static bool is_same(const hra_client_book *b, const hra_client_figure *f)
{
    int row = row_of(b, f);
    if (row < 0) return false;
    double numerator = number(b, row, HRA_EARLIER_NUMERATOR);
    if (number(b, row, HRA_EARLIER_PEOPLE) != told(b, f->people)) return false;
    if (f->rule != HRA_SHOWN) return isnan(numerator);
    bool counted = strcmp(f->kind, "risk") != 0;
    if (counted && numerator != told(b, f->count)) return false;
    return number(b, row, HRA_EARLIER_FROM) == told(b, f->known_from) &&
           number(b, row, HRA_EARLIER_TO) == told(b, f->known_to);
}

static bool is_total(const hra_client_figure *f)
{
    return strcmp(f->sex, "all") == 0 && strcmp(f->age, "all") == 0 && strcmp(f->department, "all") == 0;
}

/* Who knows that only leavers (or only joiners) stand between two editions reads their figures from the difference: it
 * is then itself a figure about so many people, and keeps the rules of one. */
static bool tells_of_change(const hra_client_book *b, const hra_client_figure *f, double change)
{
    const hra_group_policy *policy = b->request.policy;
    int row = row_of(b, f);
    if (row < 0 || strcmp(f->kind, "people") == 0 || strcmp(f->kind, "participation") == 0) return false;
    if (strcmp(f->kind, "risk") == 0) return fabs(change) < policy->minimum_denominator;
    double numerator = number(b, row, HRA_EARLIER_NUMERATOR), rest = number(b, row, HRA_EARLIER_FROM) - numerator;
    double found = told(b, f->count) - numerator, others = change - found;
    if (few(b, found) || few(b, others) || few(b, told(b, f->known_from) - told(b, f->count) - rest)) return true;
    return fabs(change) < policy->homogeneous_below && (found == 0 || others == 0);
}

/* More than a few people have come or gone: totals whose difference tells nothing of them stay, nothing below them. */
static void keep_totals(hra_client_book *b, double change)
{
    int kept = 0;
    for (int i = 0; i < b->figure_count; i++) {
        hra_client_figure *f = &b->figures[i];
        if (!is_total(f)) continue;
        if (i > 0 && tells_of_change(b, f, change)) f->rule = HRA_HIDDEN_EDITION;
        f->standardised = (hra_interval){NAN, NAN, NAN};
        f->others_standardised = NAN;
        b->figures[kept++] = *f;
    }
    b->figure_count = kept;
}

/* A level that is hidden here is not protected by the line it stands in: with it the whole line is. */
static void hide_lines(hra_client_book *b)
{
    for (int i = 0; i < b->figure_count; i++) {
        const hra_client_figure *f = &b->figures[i];
        if (!*f->level || f->rule != HRA_HIDDEN_EDITION) continue;
        for (int k = 0; k < b->figure_count; k++) {
            hra_client_figure *g = &b->figures[k];
            if (strcmp(g->kind, f->kind) == 0 && g->indicator == f->indicator && g->rule == HRA_SHOWN)
                g->rule = HRA_HIDDEN_EDITION;
        }
    }
}

static void forget_hidden(hra_client_book *b)
{
    for (int i = 0; i < b->figure_count; i++) {
        hra_client_figure *f = &b->figures[i];
        if (f->rule != HRA_HIDDEN_EDITION) continue;
        f->share = f->standardised = (hra_interval){NAN, NAN, NAN};
        f->others = f->others_standardised = f->mean = NAN;
    }
}

static void compare_recent(hra_client_book *b, double earlier_people)
{
    double difference = told(b, b->layout.people) - earlier_people;
    bool same = difference == 0;
    for (int i = 1; i < b->figure_count && same; i++) same = is_same(b, &b->figures[i]);
    if (same) return; /* the same edition once more */
    if (fabs(difference) <= b->request.policy->hide_up_to) {
        withhold_edition(b);
        return;
    }
    keep_totals(b, difference);
    hide_lines(b);
    forget_hidden(b);
}

hra_code hra_client_compare_earlier(hra_client_book *book, hra_error *error)
{
    int rows = 0;
    if (!book->earlier || !book->layout.published) return HRA_OK;
    HRA_TRY(hra_group_rows_read(book->earlier, hra_group_name(book->group), &rows, error));
    const char *people[] = {"people", "", "", "all", "all", "all"},
               *edition[] = {"edition", "", "", "all", "all", "all"};
    int row = hra_group_rows_find(book->earlier, people, HRA_EARLIER_AS_OF);
    if (row < 0) { /* there was no edition; perhaps because of one before it, which is not here to compare with */
        row = hra_group_rows_find(book->earlier, edition, HRA_EARLIER_AS_OF);
        bool withheld = row >= 0 && strcmp(hra_group_rows_cell(book->earlier, row, HRA_EARLIER_REASON),
                                           hra_client_reason_edition) == 0;
        if (withheld && is_recent(book, row)) withhold_edition(book);
        return HRA_OK;
    }
    if (is_recent(book, row)) compare_recent(book, number(book, row, HRA_EARLIER_PEOPLE));
    for (int i = 0; i < book->figure_count; i++) {
        hra_client_figure *f = &book->figures[i];
        int before = f->rule == HRA_SHOWN ? row_of(book, f) : -1;
        if (before >= 0) f->earlier = number(book, before, HRA_EARLIER_SHARE);
    }
    return HRA_OK;
}
