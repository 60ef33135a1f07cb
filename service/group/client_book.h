/* What the client is told about groups: every figure of the client edition with
 * the rule that hides it, over tables that are safe together.
 *
 * Published of a finding are the share of the whole group and, each on its own,
 * the table of sexes and age bands and the line of departments, which share only
 * that total; where the total is hidden nothing below it is shown. How many were
 * not measured is told in steps only. Comparisons with other groups are shares in
 * whole per cent. docs/groups.md says why this cannot be undone. */
#ifndef HRA_SERVICE_CLIENT_BOOK_H
#define HRA_SERVICE_CLIENT_BOOK_H

#include "engine/language/library.h"
#include "engine/summary/group_summary.h"
#include "service/group/group_policy.h"
#include "service/group/suppress.h"
#include "service/tables/proportion.h"

typedef struct hra_client_request {
    const hra_library *library;
    const hra_group_summary *summary;
    const hra_output *outputs;
    int output_count;
    const hra_group_policy *policy;
    const double *standard;    /* weight of every cell of the summary; see service/group/standard.h */
    const char *participation; /* CSV group,invited,examined,answered,assessed; NULL: none */
    const char *earlier;       /* groups_client.csv of the edition before; NULL: none */
    double as_of;
} hra_client_request;

typedef struct hra_client_figure {
    const char *kind; /* edition, people, participation, tier, category, risk, finding */
    const char *indicator, *level, *sex, *age, *department; /* "" or "all" */
    uint32_t people;
    uint64_t count, known;         /* the truth, for the house alone */
    uint64_t known_from, known_to; /* what is told of the people known */
    hra_suppress_rule rule;        /* HRA_SHOWN, or why count, known and share are hidden */
    hra_interval share;            /* of count among known, by what is told */
    double mean;                   /* of a risk */
    hra_interval standardised;     /* in whole per cent, like the next two */
    double others, others_standardised;
    hra_suppress_rule compared; /* why these three are not given */
    double earlier;             /* share in the edition before */
} hra_client_figure;

typedef struct hra_client_book hra_client_book;

/* Before the run: the flags that the book wants by department. */
void hra_client_book_prepare(const hra_group_policy *policy, const hra_output *outputs, int output_count,
                             hra_group_summary *summary);

/* After the run. The request and what it names must outlive the book. */
/* Can these tables be read? NULL: none. */
hra_code hra_client_book_try(const char *participation, const char *earlier, hra_error *error);
hra_code hra_client_book_new(const hra_client_request *request, hra_client_book **out, hra_error *error);
void hra_client_book_free(hra_client_book *book);
/* The figures of one group (by the summary's order), valid until the next call. The first one is of kind "edition":
 * hidden where the group gets none. */
hra_code hra_client_book_group(hra_client_book *book, int group, const hra_client_figure **figures, int *count,
                               hra_error *error);

/* Whether the group read last may be told that this flag (of a group action) is frequent: a measure that is due says
 * so. Several threads may ask at a time. */
bool hra_client_book_allows(const hra_client_book *book, int output, bool sensitive);
/* A count as it is told: rounded where the policy says so. */
uint64_t hra_client_rounded(const hra_client_book *book, uint64_t count);

/* What the client reads of an edition, or a figure, that an earlier edition would give away. */
extern const char hra_client_reason_edition[];

#endif
