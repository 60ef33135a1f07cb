/* Who is enrolled if there are only so many places: people ranked by a result,
 * the best list for a capacity or a threshold, and what every threshold would
 * reach. Exact at any number of people: ranking is an external sort. */
#ifndef HRA_SERVICE_SCREEN_H
#define HRA_SERVICE_SCREEN_H

#include "io/results/result_reader.h"

typedef struct hra_screen_request {
    const char *results;      /* result store, or folder of `hra run` */
    const char *by;           /* number the people are ranked by, largest first */
    const char *events;       /* probability that is summed to expected events; NULL: `by` */
    const char *const *among; /* conditions (service/group/conditions.h), all of which must hold */
    int among_count;
    const char *outcome; /* flag that tells who had the event; NULL: not known */
    int64_t capacity;    /* -1: no limit */
    double threshold;    /* at least this; NaN: none */
    int points;          /* of the curve, about; 0: one for every value that occurs */
    uint64_t seed;       /* of the order among equals */
    const char *folder;  /* gets screen.csv, curve.csv, screen.json */
} hra_screen_request;

typedef struct hra_screen_account {
    int64_t people, candidates, undecided, unranked; /* unranked: candidates whose `by` is unknown */
    int64_t enrolled, tied;                          /* tied: not enrolled though equal to the last one who is */
    double last;                                     /* value of the last one enrolled; NaN: nobody */
    double expected, expected_enrolled;
    int64_t events, events_enrolled, followed; /* observed, with an outcome: people whose outcome is known */
} hra_screen_account;

hra_code hra_screen(const hra_screen_request *request, hra_screen_account *account, hra_error *error);

#endif
