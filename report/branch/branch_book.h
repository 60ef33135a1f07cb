/* The branches of a run: each with a folder of its own, named safely and like no other. Grows with branches, not with
 * people. */
#ifndef HRA_REPORT_BRANCH_BOOK_H
#define HRA_REPORT_BRANCH_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

enum { HRA_BRANCH_LISTS = 9 };
/* Files of a run's folder that people work through, without ".csv": "urgent", "care/follow_up" ... */
extern const char *const hra_branch_lists[HRA_BRANCH_LISTS];

typedef struct hra_branch {
    const char *name;   /* "": people of whom no branch is known */
    const char *folder; /* below the package's folder */
    int64_t people, urgent, important;
    int64_t rows[HRA_BRANCH_LISTS]; /* of its work lists */
} hra_branch;

typedef struct hra_branch_book hra_branch_book;

/* `root`: where the branches' folders are made. */
hra_code hra_branch_book_new(const char *root, hra_branch_book **out, hra_error *error);
void hra_branch_book_free(hra_branch_book *book); /* NULL allowed */

/* The branch of this name; a new one gets its folder. */
hra_code hra_branch_book_find(hra_branch_book *book, const char *name, int *branch, hra_error *error);
int hra_branch_book_count(const hra_branch_book *book);
hra_branch *hra_branch_book_at(hra_branch_book *book, int branch);

/* ROOT/FOLDER/name and its folder, made if it is not there; FOLDER NULL: none, name "": the folder itself. */
hra_code hra_branch_path(const hra_branch_book *book, int branch, const char *folder, const char *name, char *out,
                         size_t size, hra_error *error);

#endif
