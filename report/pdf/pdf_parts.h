/* Between the parts of the printed report: each lays out one sheet. */
#ifndef HRA_REPORT_PDF_PARTS_H
#define HRA_REPORT_PDF_PARTS_H

#include "report/pdf/pdf_leaf.h"
#include "report/person/individual_parts.h"

void hra_leaf_urgent(hra_leaf *leaf);
void hra_leaf_summary(hra_leaf *leaf);
void hra_leaf_values(hra_leaf *leaf);
void hra_leaf_topics(hra_leaf *leaf);
void hra_leaf_diseases(hra_leaf *leaf);
void hra_leaf_plan(hra_leaf *leaf);
void hra_leaf_notes(hra_leaf *leaf);

/* "Goal: below 130/80 · by 2026-12-01" with HRA_PDF_SOFTER around it; nothing where there is neither. */
void hra_leaf_goal(hra_leaf *leaf, hra_buffer *to, const hra_view_advice *advice);
/* A value with its unit, as a reader calls it; the unit is not broken. */
void hra_leaf_value(hra_leaf *leaf, hra_buffer *to, const char *value_look, const char *value, const char *unit);
void hra_leaf_names(hra_leaf *leaf, hra_buffer *to, const hra_view_name *names, int count);
/* The place of an item of the prescription in the plan, from 1; 0: not there. */
int hra_leaf_advice_number(const hra_leaf *leaf, const hra_view_advice *advice);

#endif
