/* Who is contacted when (datasets/follow_up.csv), and who is asked whether they
 * are satisfied: every fifth of each group, drawn by lot. */
#ifndef HRA_SERVICE_FOLLOW_UP_H
#define HRA_SERVICE_FOLLOW_UP_H

#include "service/enrolment/care.h"

typedef struct hra_follow_up hra_follow_up;

/* The table alone; it says which states of the register are read. */
hra_code hra_follow_up_new(const hra_care_request *request, hra_follow_up **out, hra_error *error);
void hra_follow_up_free(hra_follow_up *follow_up);
const char *const *hra_follow_up_states(const hra_follow_up *follow_up, int *count);
/* Before the first person. */
hra_code hra_follow_up_start(hra_follow_up *follow_up, hra_care *care, hra_error *error);
hra_code hra_follow_up_add(hra_follow_up *follow_up, const hra_care_person *person, hra_care_account *account,
                           hra_error *error);
hra_code hra_follow_up_finish(hra_follow_up *follow_up, hra_care_account *account, hra_error *error);

#endif
