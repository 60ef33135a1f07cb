#include "report/person/person_key.h"

#include <stdio.h>

const char *hra_person_key(const hra_chunk *chunk, int row, char number[HRA_ROW_NUMBER])
{
    if (chunk->keys) return chunk->keys[row];
    snprintf(number, HRA_ROW_NUMBER, "%lld", (long long)(chunk->first_row + row + 1));
    return number;
}
