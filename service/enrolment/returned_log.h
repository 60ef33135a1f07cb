/* Diaries that come back: checked, held against definitions, and turned into
 * states and a work list. Any number of readings in bounded memory.
 */
#ifndef HRA_SERVICE_RETURNED_LOG_H
#define HRA_SERVICE_RETURNED_LOG_H

#include <stdint.h>

#include "engine/language/library.h"

typedef struct hra_log_request {
    const char *const *paths; /* person,date,variable,value,unit in any order; other columns are passed over */
    int path_count;
    const char *register_path; /* NULL: nobody is expected */
    const char *folder;        /* gets log_states.csv, log_rejects.csv */
    const hra_library *library;
    double as_of;
    int window_days; /* readings of so many days up to as_of count */
} hra_log_request;

typedef struct hra_log_account {
    int64_t readings, rejected, implausible, outside_window;
    int64_t urgent, not_controlled, controlled, no_data;
} hra_log_account;

hra_code hra_log_read(const hra_log_request *request, hra_log_account *account, hra_error *error);

#endif
