/* Arena: many small allocations with one lifetime, freed together. */
#ifndef HRA_BASE_ARENA_H
#define HRA_BASE_ARENA_H

#include <stddef.h>

typedef struct hra_arena hra_arena;

hra_arena *hra_arena_new(void);
/* For what takes more than a megabyte at once: it begins in a large page, which the system gives as a whole. */
hra_arena *hra_arena_new_large(void);
void hra_arena_free(hra_arena *arena);
/* Forgets everything; memory is kept for what comes next. */
void hra_arena_reset(hra_arena *arena);

/* Zeroed memory aligned for any type; NULL only when out of memory. */
void *hra_arena_alloc(hra_arena *arena, size_t size);

/* The same, not zeroed: for what is filled at once. */
void *hra_arena_take(hra_arena *arena, size_t size);

/* NUL-terminated copies. */
char *hra_arena_text(hra_arena *arena, const char *text);
char *hra_arena_text_n(hra_arena *arena, const char *text, size_t length);
char *hra_arena_printf(hra_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
