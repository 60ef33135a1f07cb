/* Inputs checked against a folder of profiles (--profiles): those that are read, each in its own manner, and those that
 * are held. Shared by import, run and what reads a file directly. */
#ifndef HRA_CLI_HOLDING_H
#define HRA_CLI_HOLDING_H

#include "cli/setup.h"
#include "intake/profiles/hold.h"

typedef struct hra_checked_inputs {
    hra_profiles *profiles;
    hra_hold *hold;           /* all files, with reasons */
    const char **paths;       /* of the files that are read */
    hra_delivery *deliveries; /* one per path: for hra_csv_options */
    int count;
} hra_checked_inputs;

/* `options->profiles` names the folder; options that profiles decide (--map, --units) are refused beside it. */
hra_code hra_checked_inputs_open(const hra_input_options *options, const char *const *paths, int path_count,
                                 const hra_library *library, int threads, hra_checked_inputs *out, hra_error *error);
/* Holds further files (reasons by input; NULL: none), also where there are no profiles. */
hra_code hra_checked_inputs_hold(hra_checked_inputs *inputs, const char *const *paths, int path_count,
                                 const char *const *reasons, hra_error *error);
/* Takes the files that `taken` marks, one for each file of the hold, though no profile knows them. */
hra_code hra_checked_inputs_take(hra_checked_inputs *inputs, const bool *taken, hra_error *error);
void hra_checked_inputs_close(hra_checked_inputs *inputs);

/* HRA_OK if nothing was held, else HRA_EHELD with a message that counts. */
hra_code hra_checked_inputs_verdict(const hra_checked_inputs *inputs, hra_error *error);

#endif
