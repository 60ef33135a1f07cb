/* The figures of one group at a time as a run wrote them, in one shape for both
 * editions: the house's from groups.csv, the client's from groups_client.csv and
 * from nothing else, so that a page made of them cannot tell more than that file. */
#ifndef HRA_REPORT_FIGURE_BOOK_H
#define HRA_REPORT_FIGURE_BOOK_H

#include <stdbool.h>

#include "base/fail.h"
#include "service/tables/proportion.h"

typedef struct hra_figure {
    const char *kind, *indicator, *level, *sex, *age, *department; /* as in docs/groups.md; "all" */
    bool hidden;                      /* there is such a figure, but it is not told to the client */
    bool small_group;                 /* fewer people than an edition needs; house, of the whole group */
    double people, count, from, to;   /* from, to: how many are known at least and at most; NaN: not said */
    double mean;                      /* of a risk; of events how many */
    hra_interval share, standardised; /* NaN: not said */
    double others;                    /* standardised, of the other groups; client */
    double earlier;                   /* share in the edition before; client */
} hra_figure;
bool hra_figure_is_total(const hra_figure *figure); /* about the whole group, not a part of it */

typedef struct hra_figure_book hra_figure_book;

/* Which figures a reader needs: their kind as the file calls it, and whether they are about the whole group. */
typedef bool (*hra_figure_filter)(const char *kind, bool total);
/* Those of a page about a group in the house's edition. */
bool hra_figure_of_page(const char *kind, bool total);

/* `wants`: what is read of the file; NULL: all. */
hra_code hra_figure_book_open(const char *path, bool client, hra_figure_filter wants, hra_figure_book **out,
                              hra_error *error);
void hra_figure_book_close(hra_figure_book *book); /* NULL allowed */

/* Reads the next group; the file is read once, in its order. *found: false after the last. */
hra_code hra_figure_book_next(hra_figure_book *book, bool *found, hra_error *error);
/* Reads on to this group. *found: false if it does not come any more. */
hra_code hra_figure_book_find(hra_figure_book *book, const char *group, bool *found, hra_error *error);
/* ---- of the group read last; valid until the next is read ---- */
const char *hra_figure_book_group(const hra_figure_book *book); /* its plain name; "": people without one */
const char *hra_figure_book_day(const hra_figure_book *book);   /* "" where the file does not say it */
int hra_figure_book_count(const hra_figure_book *book);
const hra_figure *hra_figure_book_at(const hra_figure_book *book, int index);
/* The first figure of this kind and indicator (NULL: any) for these people, or NULL. */
const hra_figure *hra_figure_find(const hra_figure_book *book, const char *kind, const char *indicator,
                                  const char *level, const char *sex, const char *age, const char *department);
/* The same of the whole group. */
const hra_figure *hra_figure_total(const hra_figure_book *book, const char *kind, const char *indicator,
                                   const char *level);

#endif
