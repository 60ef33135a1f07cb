/* People who asked to be deleted, or whose time is over, taken out of stores, results, key maps and lists. */
#ifndef HRA_SERVICE_FORGET_H
#define HRA_SERVICE_FORGET_H

#include "engine/language/library.h"
#include "service/forget/forget_files.h"
#include "service/forget/forget_list.h"

typedef struct hra_forget_request {
    const hra_forget_files *files;
    hra_forget_list *list;
    const hra_identity *identity; /* for key maps; NULL: person keys were given */
    bool dry;                     /* nothing is written, only counted */
    double before;                /* the day that the list was made by (forget_before.h); NaN: it was given */
    const char *dated;            /* the store of the run it was made for; NULL: none */
    /* The definitions that a population store is read by (NULL: those of a key map); *out is freed here. */
    hra_code (*library)(void *context, const char *store, hra_library **out, hra_error *error);
    /* Called for results with `rows` people whose figures beside them still count others. */
    hra_code (*counted)(void *context, const char *results, int64_t rows, hra_error *error);
    void *context;
} hra_forget_request;

typedef struct hra_forget_account {
    int64_t files, rows; /* written anew; rows, lines and entries that went */
    int64_t left;        /* files that still hold, or may hold, somebody on the list */
    int64_t figures;     /* files and folders of figures that still count people */
} hra_forget_account;

/* One file after the other, each whole or not at all: after a stop the same call goes on. A line for every file that
 * was written goes to `done`, after a failure too, for every one that still holds somebody to `left`; they name nobody.
 * The stores that a list was made by stay as long as other files hold somebody, who could not be found without them. */
hra_code hra_forget(const hra_forget_request *request, hra_forget_account *account, hra_buffer *done, hra_buffer *left,
                    hra_error *error);

#endif
