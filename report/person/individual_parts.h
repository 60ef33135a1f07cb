/* Between the parts of the individual report: each writes one sheet. */
#ifndef HRA_REPORT_INDIVIDUAL_PARTS_H
#define HRA_REPORT_INDIVIDUAL_PARTS_H

#include "report/person/individual_page.h"
#include "report/tools/html.h"
#include "report/tools/svg_bars.h"
#include "report/tools/svg_marks.h"

typedef struct hra_page {
    const hra_individual_options *options;
    const hra_words *words;
    const hra_person_view *view;
    const char *name;
    hra_buffer *out;
} hra_page;

void hra_page_urgent(hra_page *page);
void hra_page_summary(hra_page *page);
void hra_page_values(hra_page *page);
void hra_page_topics(hra_page *page);
void hra_page_diseases(hra_page *page);
void hra_page_plan(hra_page *page);
void hra_page_notes(hra_page *page);

/* A catalogue text with {0}, {1} ... filled; the values end with NULL. Everything is escaped. */
void hra_page_say(hra_page *page, const char *text, ...) __attribute__((sentinel));
void hra_page_heading(hra_page *page, int level, const char *id, const char *text);
/* "by 2026-12-20" on one line; nothing for "". */
void hra_page_day(hra_page *page, const char *day);
/* A mark and its words. */
void hra_page_level(hra_page *page, hra_level_mark mark, const char *text);
hra_level_mark hra_page_finding_mark(const hra_view_finding *finding);
hra_level_mark hra_page_topic_mark(const hra_view_topic *topic);
hra_level_mark hra_page_disease_mark(const hra_view_disease *disease);
/* "↑" or "↓" for a change, "→" for none; and where the trend is "same". */
const char *hra_page_arrow(double change);
const char *hra_page_trend_arrow(const char *trend, double change);
/* Where an item of the information list stands. */
typedef enum hra_value_place {
    HRA_VALUE_MEASURED,
    HRA_VALUE_ANSWER,
    HRA_VALUE_NO,         /* answered with no, as last year: told in one sentence */
    HRA_VALUE_REGISTERED, /* who somebody is, not how healthy */
    HRA_VALUE_HIDDEN      /* not for the page */
} hra_value_place;
/* Fewer than half of the items that concern the person: the report says so before anything else. */
bool hra_page_little_known(const hra_person_view *view);
bool hra_page_any_category(const hra_person_view *view);
hra_value_place hra_page_value_place(const hra_view_value *value);
/* A step that a model does not reward is still advice, but no bar: categories of pressure can make less look worse. */
bool hra_page_helps(const hra_view_disease *disease, const hra_view_what_if *step);
bool hra_page_any_helps(const hra_view_disease *disease);
/* Whole people out of 100; below one: -1. */
int hra_page_people(double share);
/* The unit of a value as a reader calls it: an age has another word for years than a duration where the language has.
 */
const char *hra_page_value_unit(const hra_words *words, const hra_view_value *value);
/* What a reader calls a unit. */
const char *hra_page_unit(const hra_page *page, const char *unit);
/* What stands between two items of a list, and names as a list. */
void hra_page_separator(hra_page *page, bool semicolons);
void hra_page_names(hra_page *page, const hra_view_name *names, int count);
/* The place of an item of the prescription in the plan, from 1; 0: not there. */
int hra_page_advice_number(const hra_page *page, const hra_view_advice *advice);

#endif
