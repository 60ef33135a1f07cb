#include "engine/language/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool open_in(hra_memory *memory, hra_arena *arena)
{
    *memory = (hra_memory){.arena = arena, .index = hra_map_new()};
    return memory->arena && memory->index;
}

bool hra_memory_open(hra_memory *memory) { return open_in(memory, hra_arena_new()); }

bool hra_memory_open_large(hra_memory *memory) { return open_in(memory, hra_arena_new_large()); }

void hra_memory_close(hra_memory *memory)
{
    hra_arena_free(memory->arena);
    hra_map_free(memory->index);
    free(memory->words);
    *memory = (hra_memory){0};
}

bool hra_memory_work(hra_memory *memory, void (*work)(void *context), void *context)
{
    jmp_buf here;
    if (setjmp(here) == 0) {
        memory->way_out = &here;
        work(context);
    }
    memory->way_out = NULL;
    return !memory->failed;
}

static void ran_out(hra_memory *memory)
{
    memory->failed = true;
    if (memory->way_out) longjmp(*memory->way_out, 1);
}

void *hra_take(hra_memory *memory, size_t size)
{
    void *block = memory->failed ? NULL : hra_arena_alloc(memory->arena, size);
    if (block) return block;
    ran_out(memory);
    return memset(memory->scratch, 0, sizeof memory->scratch);
}

void *hra_take_array(hra_memory *memory, size_t count, size_t size)
{
    if (count == 0) count = 1;
    void *block = memory->failed || size > SIZE_MAX / count ? NULL : hra_arena_alloc(memory->arena, count * size);
    if (!block) ran_out(memory);
    return block;
}

const char *hra_take_text(hra_memory *memory, const char *text, size_t length)
{
    const char *copy = memory->failed ? NULL : hra_arena_text_n(memory->arena, text, length);
    if (copy) return copy;
    ran_out(memory);
    return "";
}

const char *hra_take_printf(hra_memory *memory, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length < 0) length = 0;
    if (length >= (int)sizeof text) length = (int)sizeof text - 1;
    return hra_take_text(memory, text, (size_t)length);
}

static bool room_for_word(hra_memory *memory)
{
    if (memory->word_count < memory->word_capacity) return true;
    size_t capacity = memory->word_capacity ? memory->word_capacity * 2 : 1024;
    hra_word **words = realloc(memory->words, capacity * sizeof *words);
    if (!words) return false;
    memory->words = words;
    memory->word_capacity = capacity;
    return true;
}

hra_word *hra_word_of(hra_memory *memory, const char *text, size_t length)
{
    int64_t known = hra_map_get_n(memory->index, text, length);
    if (known >= 0) return memory->words[known];
    hra_word *word = HRA_TAKE(memory, hra_word);
    word->text = hra_take_text(memory, text, length);
    if (memory->failed) return word;
    if (!room_for_word(memory) || hra_map_set_n(memory->index, text, length, (int64_t)memory->word_count) != 0) {
        ran_out(memory);
        return word;
    }
    return memory->words[memory->word_count++] = word;
}

void hra_list_add(hra_memory *memory, hra_list *list, void *item)
{
    if (list->count == list->capacity) {
        int capacity = list->capacity ? list->capacity * 2 : 4;
        void **items = hra_take_array(memory, (size_t)capacity, sizeof *items);
        if (!items) return;
        if (list->count) memcpy(items, list->items, (size_t)list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = item;
}
