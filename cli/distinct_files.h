/* Files that a command reads and writes: none is read twice, none that is read is written, no two outputs are one.
 * Told by device and inode (of an output that is not there yet: of its folder), so that other spellings and links are
 * found, too; before anything is written. */
#ifndef HRA_CLI_DISTINCT_FILES_H
#define HRA_CLI_DISTINCT_FILES_H

#include "base/fail.h"

typedef struct hra_output_path {
    const char *option; /* that named it */
    const char *path;   /* NULL: not asked for */
} hra_output_path;

/* HRA_EUSAGE with both names: people of a file that is read twice would count twice. */
hra_code hra_distinct_inputs(const char *const *inputs, int count, hra_error *error);

/* HRA_EUSAGE with the option and the file: an output takes the place of what stood there. Inputs may be NULL. */
hra_code hra_distinct_outputs(const hra_output_path *outputs, int output_count, const char *const *inputs,
                              int input_count, hra_error *error);

#endif
