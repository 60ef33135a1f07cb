/* What pages and prints both ask of the view of a person. */
#ifndef HRA_REPORT_VIEW_QUESTIONS_H
#define HRA_REPORT_VIEW_QUESTIONS_H

#include "report/person/person_view.h"

bool hra_view_has_alert(const hra_person_view *view);                          /* of a chronic disease */
bool hra_view_has_risk(const hra_person_view *view);                           /* of some disease, computed */
int hra_view_topic_count(const hra_person_view *view, hra_view_answer answer); /* topics whose target is so */
const char *hra_view_due(const hra_view_advice *advice); /* what the calendar says: recheck, target, else the domain */

#endif
