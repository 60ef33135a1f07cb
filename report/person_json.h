/* What the JSON of all people shares; between person_json.c and person_json_texts.c. */
#ifndef HRA_REPORT_PERSON_JSON_H
#define HRA_REPORT_PERSON_JSON_H

#include "report/person_files.h"

/* JSON before and after the part that differs; `index` is a schema column or an output. */
typedef struct hra_json_part {
    int index;
    char *head, *tail;
} hra_json_part;

typedef struct hra_json_texts {
    hra_json_part *items, *factors, *prescriptions;
    int item_count, factor_count, prescription_count;
} hra_json_texts;

#endif
