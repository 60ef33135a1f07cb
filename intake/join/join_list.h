/* The list of what did not match: keys with reasons, for the owner of the data alone (0600). */
#ifndef HRA_INTAKE_JOIN_LIST_H
#define HRA_INTAKE_JOIN_LIST_H

#include <stdint.h>

#include "base/fail.h"
#include "intake/join/join_report.h"

enum { HRA_JOIN_KEY_TEXT = 33 };

/* 32 hexadecimal digits as two words and back. */
void hra_join_key_read(const char *text, uint64_t key[2]);
void hra_join_key_write(const uint64_t key[2], char out[HRA_JOIN_KEY_TEXT]);

typedef struct hra_join_list hra_join_list;

/* `files`: names that rows refer to; they stay the caller's. The file appears whole at finish. */
hra_code hra_join_list_new(const char *path, const char *const *files, hra_join_list **out, hra_error *error);
/* `file` -1: a person, not a row. */
void hra_join_list_add(hra_join_list *list, const uint64_t key[2], const char *what, hra_join_kind kind, int file,
                       int64_t line);
hra_code hra_join_list_finish(hra_join_list *list, hra_error *error); /* frees */
void hra_join_list_free(hra_join_list *list);                         /* unfinished: nothing is left */

#endif
