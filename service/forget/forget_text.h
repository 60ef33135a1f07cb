/* Lists and other texts: which hold people, lists without some of them, and what else a folder holds of them. */
#ifndef HRA_SERVICE_FORGET_TEXT_H
#define HRA_SERVICE_FORGET_TEXT_H

#include <stdio.h>

#include "service/forget/forget_list.h"

/* Goes through a file once and counts what people on the list have in it; the rest goes to `out` unless that is NULL.
 */
typedef hra_code hra_forget_pass(const char *path, hra_forget_list *list, FILE *out, int64_t *removed,
                                 hra_error *error);

/* Writes a text anew in its place with `pass`, whole or not at all; one that holds none of these people is left alone.
 * `dry`: it is only counted, here and below. */
hra_code hra_forget_in_text(const char *path, hra_forget_pass *pass, hra_forget_list *list, bool dry, int64_t *removed,
                            hra_error *error);

/* Whether the file is delimited text with a column of people: person_id, person, key, or a title as workbooks have. */
hra_code hra_forget_is_table(const char *path, bool *is_table, hra_error *error);

/* Writes such a file anew in its place without the records of people on the list, whole or not at all; all other bytes
 * stay as they are, and so does a file that holds none of these people. */
hra_code hra_forget_in_table(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error);

/* The same of persons.jsonl, packed with zstd or gzip (.jsonl.zst, .jsonl.gz): an object a line. */
hra_code hra_forget_is_details(const char *path, bool *is_details, hra_error *error);
hra_code hra_forget_in_details(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error);

typedef enum hra_forget_finding {
    HRA_FORGET_CLEAN,  /* a text in which no key or identifier of theirs stands as a word */
    HRA_FORGET_HOLDS,  /* one does, in the text or in the name of the file */
    HRA_FORGET_CLOSED, /* packed, printed or encrypted: it cannot be told */
    HRA_FORGET_LINK,   /* a symbolic link, which was not followed */
    HRA_FORGET_REJECTS /* values as they were delivered, by line of a file */
} hra_forget_finding;

/* What any other file still holds. */
hra_code hra_forget_look(const char *path, hra_forget_list *list, hra_forget_finding *finding, hra_error *error);

#endif
