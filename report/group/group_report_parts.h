/* Between the parts of the group report: each writes one sheet. */
#ifndef HRA_REPORT_GROUP_REPORT_PARTS_H
#define HRA_REPORT_GROUP_REPORT_PARTS_H

#include "report/group/group_report.h"
#include "report/tools/html.h"
#include "report/tools/svg_group_ages.h"
#include "report/tools/svg_group_bars.h"

/* A health problem: of the house's edition a group action, of the client's a finding. */
typedef struct hra_group_topic {
    const char *id, *title;
    const hra_figure *total;
    bool undecided;     /* the house's table says that too few could be decided */
    double others;      /* standardised; NaN: nothing to compare with */
    int to_others;      /* -1 clearly less, 1 clearly more than the others, 0 no clear difference */
    double before, now; /* last year and this one; NaN: not known */
    int change;         /* against last year, likewise */
} hra_group_topic;

enum { HRA_GROUP_TOPICS = 128, HRA_GROUP_TEXT = 64 };

typedef struct hra_group_paper {
    const hra_group_report_options *options;
    const hra_library *library;
    const hra_words *words;
    const hra_figure_book *book;
    bool client;
    hra_group_topic topics[HRA_GROUP_TOPICS]; /* by rank; those that are not told last */
    int topic_count, told;                    /* told: how many have a rank */
    hra_buffer *out;
} hra_group_paper;

void hra_group_paper_topics(hra_group_paper *p);
/* Whether it could be decided for too few: less than two thirds of the people, or of one sex and age less than half
 * (service/group/group_problems.c). Who can be decided is then not chance: a finding made of alternatives is decided
 * where one of them is known to hold, so that the share among the decided says nothing. */
bool hra_group_is_thin(const hra_group_topic *t);

void hra_group_put_summary(hra_group_paper *p);
void hra_group_put_people(hra_group_paper *p);
void hra_group_put_problems(hra_group_paper *p);
void hra_group_put_findings(hra_group_paper *p);
void hra_group_put_risks(hra_group_paper *p);
void hra_group_put_courses(hra_group_paper *p);
void hra_group_put_year(hra_group_paper *p);
void hra_group_put_notes(hra_group_paper *p);

/* ---- what the parts share ---- */

/* A catalogue text with {0}, {1} ... filled, escaped; the values end with NULL. */
void hra_group_say(const hra_group_paper *p, const char *text, ...) __attribute__((sentinel));
/* Between sentences and the words of a list: nothing in Chinese. */
void hra_group_put_space(const hra_group_paper *p);
/* A text of a declaration, or `otherwise`. */
const char *hra_group_text(const hra_group_paper *p, const char *id, const char *key, const char *otherwise);
const char *hra_group_disease(const hra_group_paper *p, const char *role);
/* A band of ages in words: "30-39", "under 30", "60 and over", "unknown". */
const char *hra_group_age(const hra_group_paper *p, const char *band, char out[HRA_GROUP_TEXT]);
/* A department as it is printed. */
const char *hra_group_department(const hra_group_paper *p, const char *name);
/* "27 %", below ten with a decimal; "24–30"; whole numbers. */
const char *hra_group_percent(double share, char out[HRA_GROUP_TEXT]);
const char *hra_group_range(double low, double high, char out[HRA_GROUP_TEXT]);
const char *hra_group_whole(double value, char out[HRA_GROUP_TEXT]);
/* People expected: about so many, or that it is less than one. */
const char *hra_group_expected(const hra_group_paper *p, double value, char out[HRA_GROUP_TEXT]);
/* How far the models of a disease look ahead: "8–9 years". */
const char *hra_group_horizon(const hra_group_paper *p, const char *role, char out[HRA_GROUP_TEXT]);
/* How many are known: "144", or where that is told in steps "136–145". */
const char *hra_group_known(const hra_figure *f, char out[HRA_GROUP_TEXT]);
/* "277 / 1010" or, where how many are known is told in steps, "277 / 1005–1014". */
void hra_group_put_count(const hra_group_paper *p, const hra_figure *f);
/* Share and interval in a cell, or that it is not told. */
void hra_group_put_share_cell(const hra_group_paper *p, const hra_figure *f);
/* Top of a scale that holds every share: 10, 20 ... 100 %. */
double hra_group_scale(double highest);

#endif
