/* Two years of the same people: who stayed, who came, who left; what changed
 * by more than measurement; and how much of a risk's change is the person's, the
 * models' and the data's. docs/years.md defines the parts.
 */
#ifndef HRA_SERVICE_YEARS_H
#define HRA_SERVICE_YEARS_H

#include "engine/language/library.h"
#include "service/years/years_previous.h"

typedef struct hra_years_request {
    const char *now, *previous;                       /* results, or folders of `hra run` */
    const char *now_population, *previous_population; /* NULL: beside the results */
    const char *as_of, *previous_as_of;               /* days; NULL: what the results say */
    const char *rules;                                /* NULL: datasets/changes.csv as built in */
    const char *indicators;                           /* NULL: datasets/indicators.csv as built in */
    const char *folder;         /* gets changes.csv, years.csv, years_indicators.csv, years.json */
    const hra_library *library; /* this year's definitions */
    int threads;
    const volatile int *stop;
} hra_years_request;

typedef struct hra_years_account {
    int64_t now, previous, linked, joined, left;
    bool same_definitions;
} hra_years_account;

hra_code hra_years_compare(const hra_years_request *request, hra_years_account *account, hra_error *error);

#endif
