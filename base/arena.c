#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

enum { BLOCK_SIZE = 64 * 1024, LARGE_BLOCK = 2 << 20, ALIGNMENT = 16 };

typedef struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
} block;

struct hra_arena {
    block *head;
    size_t least; /* size of the next block: what the last use took in all */
};

hra_arena *hra_arena_new(void) { return calloc(1, sizeof(hra_arena)); }

hra_arena *hra_arena_new_large(void)
{
    hra_arena *arena = hra_arena_new();
    if (arena) arena->least = LARGE_BLOCK - sizeof(block);
    return arena;
}

void hra_arena_free(hra_arena *arena)
{
    if (!arena) return;
    for (block *b = arena->head; b;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

void hra_arena_reset(hra_arena *arena)
{
    block *first = arena->head;
    if (first && !first->next) {
        first->used = 0;
        return;
    }
    size_t total = 0;
    for (block *b = first; b;) {
        block *next = b->next;
        total += b->size;
        free(b);
        b = next;
    }
    arena->head = NULL;
    arena->least = total;
}

void *hra_arena_take(hra_arena *arena, size_t size)
{
    if (size > SIZE_MAX - sizeof(block) - ALIGNMENT) return NULL;
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    block *b = arena->head;
    if (!b || b->size - b->used < size) {
        size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        if (!b && capacity < arena->least) capacity = arena->least;
        size_t whole = sizeof(block) + capacity;
        b = whole < LARGE_BLOCK ? malloc(whole) : hra_large_memory(whole);
        if (!b) return NULL;
        b->next = arena->head;
        b->used = 0;
        b->size = capacity;
        arena->head = b;
    }
    void *memory = b->bytes + b->used;
    b->used += size;
    return memory;
}

void *hra_arena_alloc(hra_arena *arena, size_t size)
{
    void *memory = hra_arena_take(arena, size);
    return memory ? memset(memory, 0, size) : NULL;
}

char *hra_arena_text_n(hra_arena *arena, const char *text, size_t length)
{
    char *copy = hra_arena_take(arena, length + 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *hra_arena_text(hra_arena *arena, const char *text) { return hra_arena_text_n(arena, text, strlen(text)); }

char *hra_arena_printf(hra_arena *arena, const char *format, ...)
{
    va_list args, copy;
    va_start(args, format);
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    char *text = length < 0 ? NULL : hra_arena_alloc(arena, (size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}
