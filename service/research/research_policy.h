/* What a table for research may tell of a person: datasets/research_policy.csv. */
#ifndef HRA_SERVICE_RESEARCH_POLICY_H
#define HRA_SERVICE_RESEARCH_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/dictionary.h"

enum { HRA_RESEARCH_PROVINCES = 64 };

typedef enum hra_research_treatment {
    HRA_RESEARCH_TELL,
    HRA_RESEARCH_BAND,     /* in bands of years, as ages are */
    HRA_RESEARCH_LEAVE_OUT /* not told at all */
} hra_research_treatment;

typedef struct hra_research_province {
    const char *code, *names; /* "11", "北京|北京市" */
} hra_research_province;

typedef struct hra_research_policy {
    uint32_t smallest_cell, age_band, top_age, risk_decimals;
    hra_research_province provinces[HRA_RESEARCH_PROVINCES];
    int province_count;
    unsigned char *treatments; /* by variable of the dictionary: hra_research_treatment */
    void *memory;
} hra_research_policy;

/* path NULL: the built-in one. A file of the user's takes its place as a whole. */
hra_code hra_research_policy_load(const char *path, const hra_dictionary *dictionary, hra_research_policy *policy,
                                  hra_error *error);
void hra_research_policy_free(hra_research_policy *policy);

/* The province a file means by this text, by its code or one of its names; -1: none that is listed. */
int hra_research_policy_province(const hra_research_policy *policy, const char *text);

#endif
