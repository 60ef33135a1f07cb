/* The figures of one group at a time as a run wrote them, in one shape for both
 * editions: the house's from groups.csv, the client's from groups_client.csv and
 * from nothing else, so that a page made of them cannot tell more than that file. */
#ifndef HRA_REPORT_FIGURE_BOOK_H
#define HRA_REPORT_FIGURE_BOOK_H

#include <stdbool.h>

#include "base/fail.h"
#include "service/proportion.h"

typedef struct hra_figure {
    const char *kind, *indicator, *level, *sex, *age, *department; /* as in docs/groups.md; "all" */
    bool hidden;                      /* there is such a figure, but it is not told to the client */
    double people, count, from, to;   /* from, to: how many are known at least and at most; NaN: not said */
    double mean;                      /* of a risk; of events how many */
    hra_interval share, standardised; /* NaN: not said */
    double others;                    /* standardised, of the other groups; client */
    double earlier;                   /* share in the edition before; client */
} hra_figure;

typedef struct hra_figure_book hra_figure_book;

hra_code hra_figure_book_open(const char *path, bool client, hra_figure_book **out, hra_error *error);
void hra_figure_book_close(hra_figure_book *book); /* NULL allowed */

/* Groups in the order of the file; NULL after the last. */
const char *hra_figure_book_name(const hra_figure_book *book, int index);

/* Reads a group; it is empty if the file does not know it. */
hra_code hra_figure_book_read(hra_figure_book *book, const char *group, hra_error *error);
/* ---- of the group read last; valid until the next is read ---- */
const char *hra_figure_book_group(const hra_figure_book *book);
const char *hra_figure_book_day(const hra_figure_book *book); /* "" where the file does not say it */
int hra_figure_book_count(const hra_figure_book *book);
const hra_figure *hra_figure_book_at(const hra_figure_book *book, int index);
/* The first figure of this kind and indicator (NULL: any) for these people, or NULL. */
const hra_figure *hra_figure_find(const hra_figure_book *book, const char *kind, const char *indicator,
                                  const char *level, const char *sex, const char *age, const char *department);
/* The same of the whole group. */
const hra_figure *hra_figure_total(const hra_figure_book *book, const char *kind, const char *indicator,
                                   const char *level);

#endif
