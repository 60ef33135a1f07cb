/* The texts of labels (groups, departments) in a result store, and the numbers that rows have in their place. Where the
 * input knows all its texts they keep their numbers; else a text gets its number when it first comes. */
#ifndef HRA_IO_RESULT_LABELS_H
#define HRA_IO_RESULT_LABELS_H

#include "engine/data/column.h"
#include "io/results/result_journal.h"

typedef struct hra_result_labels hra_result_labels;

/* The schema stays the caller's. NULL: out of memory. */
hra_result_labels *hra_result_labels_new(const hra_schema *schema);
void hra_result_labels_free(hra_result_labels *labels);

/* By label: whether its texts and their numbers are those of the input. */
const bool *hra_result_labels_numbered(const hra_result_labels *labels);
/* Gives a text the next number. */
hra_code hra_result_labels_add(hra_result_labels *labels, int label, const char *text, hra_error *error);
/* The number of each row's text, -1: none. New texts get theirs in the order of the rows, so that files do not depend
 * on threads; the journal, where there is one, is told. */
hra_code hra_result_labels_index(hra_result_labels *labels, int label, const hra_label_codes *codes, int rows,
                                 hra_journal *journal, int32_t *out, hra_error *error);
const char *const *hra_result_labels_texts(const hra_result_labels *labels, int label, int *count);

#endif
