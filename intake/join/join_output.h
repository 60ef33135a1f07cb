/* Joined rows on their way into a store, in the order of first appearance. */
#ifndef HRA_INTAKE_JOIN_OUTPUT_H
#define HRA_INTAKE_JOIN_OUTPUT_H

#include "intake/join/join_input.h"
#include "intake/join/join_person.h"

/* The place of a person in the output, as the words of a row sort. */
void hra_join_output_place(const hra_join_origin *first, const uint64_t key[2], uint64_t place[4]);

/* Writes all rows of `sort` (finished), so many people, to the store of the request; it appears whole. */
hra_code hra_join_output_write(const hra_join_inputs *inputs, const hra_join_request *request, hra_row_sort *sort,
                               int64_t people, hra_error *error);

#endif
