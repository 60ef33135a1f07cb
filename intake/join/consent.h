/* Who is assessed, by the consent to the assessment (variable `consent`), and the list of who is not. */
#ifndef HRA_INTAKE_CONSENT_H
#define HRA_INTAKE_CONSENT_H

#include <stdint.h>

#include "engine/data/column.h"
#include "io/files/atomic_file.h"

typedef enum hra_consent_rule {
    HRA_CONSENT_NOT_ASKED, /* everybody */
    HRA_CONSENT_NOT_DECLINED,
    HRA_CONSENT_GIVEN
} hra_consent_rule;

/* "all", "not-declined" or "given" (NULL: not-declined); false: none of them. */
bool hra_consent_rule_of(const char *text, hra_consent_rule *rule);
/* `consent`: 1 yes, 0 no, NaN: nobody has asked. */
bool hra_consent_leaves_out(hra_consent_rule rule, double consent);

typedef struct hra_consent_counts {
    int64_t declined, not_asked; /* people left out */
} hra_consent_counts;
int64_t hra_consent_left_out(const hra_consent_counts *counts);

/* key,consent,group: who is left out. */
typedef struct hra_consent_list hra_consent_list;
hra_code hra_consent_list_new(const char *path, hra_consent_list **out, hra_error *error);
void hra_consent_list_add(hra_consent_list *list, const char *key, const char *group, double consent);
/* *file (0600) is to be put in place; NULL: nobody is on the list. */
hra_code hra_consent_list_complete(hra_consent_list *list, hra_consent_counts *counts, hra_atomic_file **file,
                                   hra_error *error);
void hra_consent_list_free(hra_consent_list *list); /* NULL allowed; what is not complete is not written */
/* Of a list that was written before; there need not be one. */
hra_code hra_consent_list_count(const char *path, hra_consent_counts *counts, hra_error *error);

/* Which rows of chunks go, as hra_row_goes (io/people/store_rewrite.h) says it. */
typedef struct hra_consent_gate {
    hra_consent_rule rule;
    const hra_schema *schema;
    int column, group;      /* of the consent; the label; -1: there is none */
    hra_consent_list *list; /* gets who goes; NULL: they are only found */
} hra_consent_gate;
hra_consent_gate hra_consent_gate_of(hra_consent_rule rule, const hra_schema *schema, hra_consent_list *list);
bool hra_consent_goes(void *gate, const hra_chunk *chunk, int row);

typedef struct hra_consent_request {
    const hra_dictionary *dictionary;
    hra_consent_rule rule;
    const char *from, *to; /* stores, may be one */
    const char *list;
} hra_consent_request;
/* Writes a population store without those people, and their list, if somebody is to be left out. */
hra_code hra_consent_apply(const hra_consent_request *request, hra_consent_counts *counts, hra_error *error);

#endif
