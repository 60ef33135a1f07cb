/* A shared library that is loaded when it is first needed. Those that draw, and those that read and write workbooks,
 * bring forty others: loading them took most commands longer than their own work. Their functions are called through a
 * table of pointers, which cmake/late.cmake makes from a list of names, with a macro for each, so that code reads as
 * ever. */
#ifndef HRA_BASE_LATE_LIBRARY_H
#define HRA_BASE_LATE_LIBRARY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

typedef struct hra_late_library {
    const char *purpose;      /* what needs it: "workbooks" */
    const char *packages;     /* what to install on Debian where it is absent */
    const char *const *files; /* as the system's loader looks for them; the last is NULL */
    const char *const *names; /* of the functions, in the order of the table */
    size_t count;
    void *calls; /* the table: as many pointers to functions */
    pthread_mutex_t lock;
    bool loaded;
} hra_late_library;

/* Any thread, any number of times; it stays loaded. Absent or too old: HRA_EUSAGE with what to install. */
hra_code hra_late_load(hra_late_library *library, hra_error *error);

#endif
