/* The report about a group: one self-contained HTML page, for the house or for
 * the employer. Everything on it comes from a figure book; the client's page is
 * made of the client's figures alone. */
#ifndef HRA_REPORT_GROUP_REPORT_H
#define HRA_REPORT_GROUP_REPORT_H

#include "base/buffer.h"
#include "engine/language/library.h"
#include "report/group/figure_book.h"
#include "report/group/group_courses.h"
#include "report/tools/texts.h"

typedef struct hra_group_report_options {
    const hra_library *library;
    const hra_words *words;
    bool client;
    const char *panel;                             /* whose roles name the diseases */
    const char *day;                               /* of the run, where the figures do not say it */
    const char *provider, *contact;                /* who made the report, whom to ask; NULL or "": not said */
    const char *engine_version, *definitions_hash; /* printed among the sources; hash NULL: not said */
    const hra_group_courses *courses; /* of the group that is written, over several years; NULL: nothing is known */
} hra_group_report_options;

typedef struct hra_group_report hra_group_report;

/* Texts must outlive the report. */
hra_code hra_group_report_new(const hra_group_report_options *options, hra_group_report **out, hra_error *error);
void hra_group_report_free(hra_group_report *report);

/* Whether there is a report about the group read last: in the client's edition not about those that are too small. */
bool hra_group_report_possible(const hra_group_report *report, const hra_figure_book *book);
/* Appends the whole document about the group read last. */
void hra_group_report_write(const hra_group_report *report, const hra_figure_book *book, hra_buffer *out);

#endif
