#include "report/person/view_questions.h"

#include <math.h>

bool hra_view_has_alert(const hra_person_view *v)
{
    for (int i = 0; i < v->chronic_alert_count; i++)
        if (v->chronic_alerts[i].answer == HRA_VIEW_PRESENT) return true;
    return false;
}

bool hra_view_has_risk(const hra_person_view *view)
{
    for (int i = 0; i < view->disease_count; i++)
        if (!view->diseases[i].not_applicable && !isnan(view->diseases[i].risk)) return true;
    return false;
}

int hra_view_topic_count(const hra_person_view *v, hra_view_answer answer)
{
    int count = 0;
    for (int i = 0; i < v->topic_count; i++) count += v->topics[i].at_target == answer;
    return count;
}

const char *hra_view_due(const hra_view_advice *a)
{
    return *a->recheck ? a->recheck : *a->target ? a->target : a->domain_text;
}
