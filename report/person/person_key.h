/* What reports call a person: the hashed key, or without one the number of the row, from 1. */
#ifndef HRA_REPORT_PERSON_KEY_H
#define HRA_REPORT_PERSON_KEY_H

#include "engine/data/column.h"

enum { HRA_ROW_NUMBER = 24 };

/* `number` is room for the text where there is no key. */
const char *hra_person_key(const hra_chunk *chunk, int row, char number[HRA_ROW_NUMBER]);

#endif
