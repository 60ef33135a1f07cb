/* Outputs take the place of what stood under their names: none may be a file that is read, and no two the same. */
#ifndef HRA_CLI_OUTPUTS_H
#define HRA_CLI_OUTPUTS_H

#include "base/fail.h"

typedef struct hra_output_path {
    const char *option; /* that named it */
    const char *path;   /* NULL: not asked for */
} hra_output_path;

/* HRA_EUSAGE with the option and the file, before anything is written. Files are told by device and inode, so other
 * spellings and links are found, too. NULL among the inputs: none. */
hra_code hra_outputs_check(const hra_output_path *outputs, int output_count, const char *const *inputs, int input_count,
                           hra_error *error);

#endif
