/* One finding of one group as the client may see it: the total, the table of
 * sexes and age bands, the line of departments. */
#ifndef HRA_SERVICE_CLIENT_FINDING_H
#define HRA_SERVICE_CLIENT_FINDING_H

#include "service/group/client_layout.h"
#include "service/group/suppress.h"
#include "service/tables/proportion.h"

typedef struct hra_client_finding {
    int output;
    const char *id;
    const char *set; /* of findings that exclude each other; NULL: none */
    bool sensitive;
} hra_client_finding;

enum {
    HRA_STRATA_CELLS = (HRA_LAYOUT_SEXES + 1) * (HRA_LAYOUT_BANDS + 1),
    HRA_LINE_CELLS = HRA_SUMMARY_DEPARTMENTS + 1
};

/* A table of the finding; `told`: its figures are given, hidden ones as such. */
typedef struct hra_client_table {
    bool told;
    hra_suppress_table table;
    hra_suppress_cell cells[HRA_LINE_CELLS];
    hra_summary_flag flags[HRA_LINE_CELLS];
    uint32_t people[HRA_LINE_CELLS];
} hra_client_table;

typedef struct hra_client_solution {
    hra_suppress_rule rule; /* of the total */
    hra_summary_flag total;
    bool exact; /* everybody was measured: denominators are told as they are */
    hra_client_table strata, departments;
    double standardised;              /* NaN: not to be told */
    double effective;                 /* people that its interval stands for */
    double weights[HRA_STRATA_CELLS]; /* of the strata in the standard population */
} hra_client_solution;

typedef struct hra_client_scene {
    const hra_group_policy *policy;
    const hra_group_summary *summary;
    const hra_group *group;
    const hra_client_layout *layout;
    const hra_client_finding *findings; /* of the edition: those of the same set are looked at together */
    int finding_count;
    const double *standard;
} hra_client_scene;

void hra_client_solve(const hra_client_scene *scene, const hra_client_finding *finding, hra_client_solution *out);

/* The place of a cell of the strata table: sex, age band; -1: all. */
void hra_client_stratum(const hra_client_layout *layout, int row, int column, int *sex, int *band);

/* What is told of the people known: in steps, so that nobody can tell one to ten who were not measured. */
void hra_client_known(const hra_group_policy *policy, bool exact, uint64_t people, uint64_t known, uint64_t *from,
                      uint64_t *to);

#endif
