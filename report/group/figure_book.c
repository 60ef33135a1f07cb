#include "report/group/figure_book.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "service/group/group_rows.h"
#include "service/group/suppress.h"

/* Columns of either file; the last ones stand only in one of them. */
enum {
    KIND,
    INDICATOR,
    LEVEL,
    SEX,
    AGE,
    PEOPLE,
    SHARE,
    LOW,
    HIGH,
    MEAN,
    STANDARDISED,
    STANDARDISED_LOW,
    STANDARDISED_HIGH,
    SHARED,
    KNOWN = SHARED, /* the house's */
    COUNT,
    REASON,
    HOUSE,
    AS_OF = SHARED, /* the client's */
    DEPARTMENT,
    NUMERATOR,
    FROM,
    TO,
    OTHERS,
    EARLIER,
    SUPPRESSED,
    CLIENT
};

/* clang-format off */
#define SHARED_COLUMNS "kind", "indicator", "level", "sex", "age_band", "people", "share", "low", "high", "mean", \
                       "standardised", "standardised_low", "standardised_high"
/* clang-format on */
static const char *const house_columns[HOUSE] = {SHARED_COLUMNS, "known", "count", "reason"};
static const char *const client_columns[CLIENT] = {
    SHARED_COLUMNS,        "as_of",         "department", "numerator", "denominator_from", "denominator_to",
    "others_standardised", "earlier_share", "suppressed"};

/* Figures of one kind and indicator that stand together. */
typedef struct run {
    const char *kind, *indicator;
    int first, end;
} run;

struct hra_figure_book {
    hra_group_rows *rows;
    hra_figure_filter wants; /* NULL: all */
    bool client;
    const char *group;
    hra_figure *figures;
    int count, capacity;
    run *runs;
    int run_count, run_capacity;
};

/* ---- what is read ----------------------------------------------------------------------- */

bool hra_figure_of_page(const char *kind, bool total)
{
    if (!total) return strcmp(kind, "people") == 0 || strcmp(kind, "problem") == 0;
    return strcmp(kind, "factor") != 0 && strcmp(kind, "prescription") != 0 && strcmp(kind, "model") != 0;
}

static bool is_wanted(void *context, const char *const *cells)
{
    const hra_figure_book *b = context;
    return b->wants(cells[KIND], strcmp(cells[SEX], "all") == 0 && strcmp(cells[AGE], "all") == 0);
}

hra_code hra_figure_book_open(const char *path, bool client, hra_figure_filter wants, hra_figure_book **out,
                              hra_error *error)
{
    hra_figure_book *b = calloc(1, sizeof *b);
    if (!b) return hra_out_of_memory(error);
    b->client = client;
    b->group = "";
    b->wants = wants;
    const hra_group_rows_filter filter = {AGE + 1, is_wanted, b};
    hra_code code = hra_group_rows_open_in_order(path, client ? client_columns : house_columns, client ? CLIENT : HOUSE,
                                                 wants ? &filter : NULL, &b->rows, error);
    if (code == HRA_OK)
        *out = b;
    else
        hra_figure_book_close(b);
    return code;
}

void hra_figure_book_close(hra_figure_book *book)
{
    if (!book) return;
    hra_group_rows_close(book->rows);
    free(book->figures);
    free(book->runs);
    free(book);
}

/* ---- reading -------------------------------------------------------------------------- */

static hra_interval interval_of(const hra_figure_book *b, int row, int value, int low, int high)
{
    return (hra_interval){hra_group_rows_number(b->rows, row, value), hra_group_rows_number(b->rows, row, low),
                          hra_group_rows_number(b->rows, row, high)};
}

static void read_client(const hra_figure_book *b, int row, hra_figure *f)
{
    f->department = hra_group_rows_cell(b->rows, row, DEPARTMENT);
    f->hidden = strcmp(hra_group_rows_cell(b->rows, row, SUPPRESSED), "0") != 0;
    f->count = hra_group_rows_number(b->rows, row, NUMERATOR);
    f->from = hra_group_rows_number(b->rows, row, FROM);
    f->to = hra_group_rows_number(b->rows, row, TO);
    f->others = hra_group_rows_number(b->rows, row, OTHERS);
    f->earlier = hra_group_rows_number(b->rows, row, EARLIER);
}

/* Findings are called factors in the house's file, and departments have a kind of their own. */
static void read_house(const hra_figure_book *b, int row, hra_figure *f)
{
    f->department = "all";
    f->count = hra_group_rows_number(b->rows, row, COUNT);
    f->from = f->to = hra_group_rows_number(b->rows, row, KNOWN);
    f->others = f->earlier = NAN;
    f->small_group =
        strcmp(hra_group_rows_cell(b->rows, row, REASON), hra_suppress_reason(HRA_HIDDEN_SMALL_GROUP)) == 0;
    if (strcmp(f->kind, "factor") == 0) f->kind = "finding";
    if (strcmp(f->kind, "department") != 0) return;
    f->kind = "people";
    f->department = f->level;
    f->level = "";
}

static void read_figure(const hra_figure_book *b, int row, hra_figure *f)
{
    *f = (hra_figure){.kind = hra_group_rows_cell(b->rows, row, KIND),
                      .indicator = hra_group_rows_cell(b->rows, row, INDICATOR),
                      .level = hra_group_rows_cell(b->rows, row, LEVEL),
                      .sex = hra_group_rows_cell(b->rows, row, SEX),
                      .age = hra_group_rows_cell(b->rows, row, AGE),
                      .people = hra_group_rows_number(b->rows, row, PEOPLE),
                      .mean = hra_group_rows_number(b->rows, row, MEAN),
                      .share = interval_of(b, row, SHARE, LOW, HIGH),
                      .standardised = interval_of(b, row, STANDARDISED, STANDARDISED_LOW, STANDARDISED_HIGH)};
    if (b->client)
        read_client(b, row, f);
    else
        read_house(b, row, f);
}

static bool grow(void **items, int needed, int *capacity, size_t size)
{
    if (needed <= *capacity) return true;
    int more = *capacity ? *capacity : 256;
    while (more < needed) more *= 2;
    void *larger = realloc(*items, (size_t)more * size);
    if (!larger) return false;
    *items = larger;
    *capacity = more;
    return true;
}

static bool extend_run(hra_figure_book *b, int figure)
{
    const hra_figure *f = &b->figures[figure];
    run *last = b->run_count ? &b->runs[b->run_count - 1] : NULL;
    if (!last || strcmp(last->kind, f->kind) != 0 || strcmp(last->indicator, f->indicator) != 0) {
        if (!grow((void **)&b->runs, b->run_count + 1, &b->run_capacity, sizeof *b->runs)) return false;
        last = &b->runs[b->run_count++];
        *last = (run){f->kind, f->indicator, figure, figure};
    }
    last->end = figure + 1;
    return true;
}

hra_code hra_figure_book_next(hra_figure_book *book, bool *found, hra_error *error)
{
    const char *group;
    int count;
    book->count = book->run_count = 0;
    book->group = "";
    HRA_TRY(hra_group_rows_next(book->rows, &group, &count, error));
    *found = group != NULL;
    bool ok = grow((void **)&book->figures, count, &book->capacity, sizeof *book->figures);
    for (int row = 0; row < count && ok; row++) {
        read_figure(book, row, &book->figures[row]);
        ok = extend_run(book, row);
    }
    if (!ok) return hra_fail(error, HRA_ENOMEM, "out of memory reading the figures of a group");
    if (group) book->group = hra_csv_unguarded(group);
    book->count = count;
    return HRA_OK;
}

hra_code hra_figure_book_find(hra_figure_book *book, const char *group, bool *found, hra_error *error)
{
    do {
        HRA_TRY(hra_figure_book_next(book, found, error));
    } while (*found && strcmp(book->group, group) != 0);
    return HRA_OK;
}

/* ---- what was read ------------------------------------------------------------------------ */

const char *hra_figure_book_group(const hra_figure_book *book) { return book->group; }

const char *hra_figure_book_day(const hra_figure_book *book)
{
    return book->client && book->count ? hra_group_rows_cell(book->rows, 0, AS_OF) : "";
}

int hra_figure_book_count(const hra_figure_book *book) { return book->count; }

const hra_figure *hra_figure_book_at(const hra_figure_book *book, int index) { return &book->figures[index]; }

static bool fits(const char *wanted, const char *text) { return !wanted || strcmp(wanted, text) == 0; }

const hra_figure *hra_figure_find(const hra_figure_book *book, const char *kind, const char *indicator,
                                  const char *level, const char *sex, const char *age, const char *department)
{
    for (int r = 0; r < book->run_count; r++) {
        if (!fits(kind, book->runs[r].kind) || !fits(indicator, book->runs[r].indicator)) continue;
        for (int i = book->runs[r].first; i < book->runs[r].end; i++) {
            const hra_figure *f = &book->figures[i];
            if (fits(level, f->level) && fits(sex, f->sex) && fits(age, f->age) && fits(department, f->department))
                return f;
        }
    }
    return NULL;
}

const hra_figure *hra_figure_total(const hra_figure_book *book, const char *kind, const char *indicator,
                                   const char *level)
{
    return hra_figure_find(book, kind, indicator, level, "all", "all", "all");
}

bool hra_figure_is_total(const hra_figure *f)
{
    return strcmp(f->sex, "all") == 0 && strcmp(f->age, "all") == 0 && strcmp(f->department, "all") == 0;
}
