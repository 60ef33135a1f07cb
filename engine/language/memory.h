/* Memory of the front end: one arena and one out-of-memory flag.
 *
 * The code above need not test each allocation. Where hra_memory_work runs it, the first that fails ends the work; what
 * it has built is thrown away, and the caller returns HRA_ENOMEM. (A few bytes that it held outside the arena are lost
 * then.) Elsewhere the flag is set and every further allocation gives the same scratch block: enough for lists and
 * texts, not for trees. */
#ifndef HRA_LANGUAGE_MEMORY_H
#define HRA_LANGUAGE_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"

struct hra_symbol;

/* An interned name; two names are the same name if the pointers are equal. */
typedef struct hra_word {
    const char *text;
    struct hra_symbol *global; /* what it means everywhere */
    struct hra_symbol *local;  /* innermost meaning in the declaration being checked */
} hra_word;

typedef struct hra_memory {
    hra_arena *arena;
    hra_map *index; /* text -> number of the word */
    hra_word **words;
    size_t word_count, word_capacity;
    bool failed;
    jmp_buf *way_out; /* of the work that goes on, or NULL */
    _Alignas(16) unsigned char scratch[1024];
} hra_memory;

bool hra_memory_open(hra_memory *memory);
bool hra_memory_open_large(hra_memory *memory); /* for a megabyte and more (hra_arena_new_large) */
void hra_memory_close(hra_memory *memory);
/* Runs `work`; false (and the flag) if it ended for want of memory. */
bool hra_memory_work(hra_memory *memory, void (*work)(void *context), void *context);

/* Zeroed; at most sizeof scratch bytes (single objects). Never NULL. */
void *hra_take(hra_memory *memory, size_t size);
#define HRA_TAKE(memory, type) ((type *)hra_take((memory), sizeof(type)))
/* Zeroed array, or NULL with the flag set. */
void *hra_take_array(hra_memory *memory, size_t count, size_t size);
/* Never NULL ("" after a failure). */
const char *hra_take_text(hra_memory *memory, const char *text, size_t length);
const char *hra_take_printf(hra_memory *memory, const char *format, ...) __attribute__((format(printf, 2, 3)));

hra_word *hra_word_of(hra_memory *memory, const char *text, size_t length);

/* A growing list of pointers. */
typedef struct hra_list {
    void **items;
    int count, capacity;
} hra_list;
void hra_list_add(hra_memory *memory, hra_list *list, void *item);

#endif
