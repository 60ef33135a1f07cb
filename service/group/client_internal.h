/* The inside of a client book. */
#ifndef HRA_SERVICE_CLIENT_INTERNAL_H
#define HRA_SERVICE_CLIENT_INTERNAL_H

#include "service/group/client_book.h"
#include "service/group/client_finding.h"
#include "service/group/group_rows.h"

enum {
    HRA_EARLIER_KIND,
    HRA_EARLIER_INDICATOR,
    HRA_EARLIER_LEVEL,
    HRA_EARLIER_SEX,
    HRA_EARLIER_AGE,
    HRA_EARLIER_DEPARTMENT, /* up to here: what a figure is about */
    HRA_EARLIER_AS_OF,
    HRA_EARLIER_PEOPLE,
    HRA_EARLIER_NUMERATOR,
    HRA_EARLIER_FROM,
    HRA_EARLIER_TO,
    HRA_EARLIER_SHARE,
    HRA_EARLIER_REASON,
    HRA_EARLIER_COLUMNS
};

typedef struct hra_client_pool {
    uint64_t yes, no;
} hra_client_pool;

/* The published groups whose share of a finding speaks for all. Only they are compared, each with the others of them.
 */
typedef struct hra_client_others {
    hra_client_pool cells[HRA_SUMMARY_CELLS];
    uint32_t groups;
    uint64_t people;
    uint64_t largest[2]; /* people of the two largest groups */
    bool safe;           /* no hidden total follows from the sum */
} hra_client_others;

typedef enum hra_client_member {
    HRA_CLIENT_APART, /* no edition, or decided for too few */
    HRA_CLIENT_TOLD,
    HRA_CLIENT_HIDDEN /* its total */
} hra_client_member;

struct hra_client_book {
    hra_client_request request;
    hra_client_finding findings[HRA_POLICY_NAMES];
    int finding_count;
    hra_client_others *others;  /* [finding] */
    hra_client_member *members; /* [group][finding] */
    hra_group_rows *participation, *earlier;
    /* the group that is read */
    const hra_group *group;
    int group_index;
    hra_client_layout layout;
    hra_client_scene scene;
    hra_client_solution solution;
    hra_client_figure *figures;
    int figure_count, figure_capacity;
    bool failed; /* memory */
};

/* All figures of the book's group. */
hra_code hra_client_figures(hra_client_book *book, hra_error *error);
/* A new figure about all people; its rule is to be said. */
hra_client_figure *hra_client_add(hra_client_book *book, const char *kind, const char *indicator);
/* Looks at the edition before: what would tell of a few joiners or leavers is hidden. */
hra_code hra_client_compare_earlier(hra_client_book *book, hra_error *error);

#endif
