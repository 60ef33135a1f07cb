/* How functions inside hra report an error; programs outside read hra/error.h. */
#ifndef HRA_BASE_FAIL_H
#define HRA_BASE_FAIL_H

#include "hra/error.h"

/* Fills `error` (if not NULL) and returns `code`, so that a failing function
 * ends with `return hra_fail(error, HRA_EIO, "...", ...)`. Messages are one
 * impersonal line: what was wrong, where (file, line, column), what to do. */
hra_code hra_fail(hra_error *error, hra_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* HRA_ENOMEM with the one message for it, where there is nothing more to say. */
hra_code hra_out_of_memory(hra_error *error);

/* Puts where it happened before the message of a failed reading or writing that does not name it. Returns `code`. */
hra_code hra_fail_at(hra_error *error, hra_code code, const char *where);

/* Returns early with the code of a failed expression. */
#define HRA_TRY(expression)                                                                                            \
    do {                                                                                                               \
        hra_code hra_try_code_ = (expression);                                                                         \
        if (hra_try_code_ != HRA_OK) return hra_try_code_;                                                             \
    } while (0)

#endif
