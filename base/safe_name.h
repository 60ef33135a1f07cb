/* Names from data (groups, branches) as names of files. */
#ifndef HRA_BASE_SAFE_NAME_H
#define HRA_BASE_SAFE_NAME_H

enum { HRA_SAFE_NAME = 128 };

/* A file name that every system takes: separators, wildcards, quotes and control characters become '_', long names are
 * cut between characters. A name that had to be changed ends in eight digits of its hash, so that two names never
 * become one. "" gives "_". */
const char *hra_safe_name(const char *name, char out[HRA_SAFE_NAME]);

#endif
