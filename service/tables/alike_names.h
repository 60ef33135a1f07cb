/* Names that differ only in capitals (of ASCII), width or blanks: mostly one thing written in two ways. */
#ifndef HRA_SERVICE_ALIKE_NAMES_H
#define HRA_SERVICE_ALIKE_NAMES_H

#include "base/arena.h"

/* Those of `names` that another one is like, alike ones behind each other, into `alike` (room for `count`); how many,
 * -1: out of memory. */
int hra_alike_names(hra_arena *arena, const char *const *names, int count, const char **alike);

#endif
