/* Whether a finished population store is what importing again would make. */
#ifndef HRA_CLI_RESUMING_H
#define HRA_CLI_RESUMING_H

#include <stdbool.h>

#include "cli/importing.h"

/* All options that change what a store holds, as the command the store records. */
hra_code hra_import_command(const char *command, const hra_input_options *input, const char *duplicates,
                            hra_buffer *text, hra_error *error);
/* What profiles say of the files, behind it; nothing where no file has a profile. */
hra_code hra_import_command_profiles(const hra_delivery *deliveries, int count, hra_buffer *text, hra_error *error);

/* True if the request's store exists and comes from the same files, command, definitions and key;
 * then also how many rows its import stored and rejected. */
hra_code hra_import_done(const hra_import_request *request, bool *done, hra_run_facts *facts, hra_error *error);

#endif
