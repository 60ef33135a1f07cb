/* The places at which a client edition shows figures of one group: sexes, age
 * bands joined until each has enough people, departments likewise. */
#ifndef HRA_SERVICE_CLIENT_LAYOUT_H
#define HRA_SERVICE_CLIENT_LAYOUT_H

#include "engine/summary/group_summary.h"
#include "service/group/group_policy.h"

enum { HRA_LAYOUT_SEXES = 2, HRA_LAYOUT_BANDS = 6 };

typedef struct hra_client_layout {
    bool published; /* a group, and large enough for an edition */
    bool everybody; /* the figures are over all people; false: over those whose sex and age are known */
    bool complete;  /* there is nobody whose sex or age is unknown */
    uint32_t people;
    int sexes, bands;                                   /* 1 x 1: no strata */
    int first[HRA_LAYOUT_BANDS], end[HRA_LAYOUT_BANDS]; /* age bands of the summary, end excluded */
    char band_names[HRA_LAYOUT_BANDS][24];
    int departments;    /* shown ones, the joined one last; 0: not by department */
    int *department_of; /* by department of the summary: shown one */
    const char **department_names;
} hra_client_layout;

hra_code hra_client_layout_make(const hra_group *group, const hra_group_policy *policy, hra_client_layout *layout,
                                hra_error *error);
void hra_client_layout_free(hra_client_layout *layout);

/* Whether a cell of the summary belongs to the place; sex, band or both -1: all of them. */
bool hra_client_layout_holds(const hra_client_layout *layout, int sex, int band, int cell);
uint32_t hra_client_layout_people(const hra_client_layout *layout, const hra_group *group, int sex, int band);
hra_summary_flag hra_client_layout_flag(const hra_client_layout *layout, const hra_group_summary *summary,
                                        const hra_group *group, int output, int sex, int band);
/* People of a shown department and those with the finding (output -1: people only). */
uint32_t hra_client_layout_department(const hra_client_layout *layout, const hra_group_summary *summary,
                                      const hra_group *group, int output, int department, hra_summary_flag *flag);

#endif
