/* Marked-up text (HTML as systems write it, simple XML) cut into marks and the text between them, block by block.
 * Forgiving: nothing has to be closed, and `<0.5` is text. Comments, declarations and scripts are passed over. */
#ifndef HRA_IO_MARKUP_READER_H
#define HRA_IO_MARKUP_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

typedef struct hra_markup_handlers {
    /* `name` in lower case, without a namespace prefix. A mark such as <Cell/> opens and closes. */
    void (*open)(void *context, const char *name, const char *attributes);
    void (*close)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t length); /* may come in pieces, entities as they stand */
} hra_markup_handlers;

typedef struct hra_markup_reader hra_markup_reader;

/* NULL: out of memory. `handlers` and `context` are borrowed. */
hra_markup_reader *hra_markup_reader_new(const hra_markup_handlers *handlers, void *context);
void hra_markup_reader_free(hra_markup_reader *reader);
/* Takes a block of UTF-8; the last one with `end`. False: out of memory. */
bool hra_markup_reader_feed(hra_markup_reader *reader, const char *text, size_t length, bool end);

/* The value of an attribute, its name without prefix and in any case; false: absent or longer than `room`. */
bool hra_markup_attribute(const char *attributes, const char *name, char *out, size_t room);
/* A text with its entities replaced and its white space folded, in place. */
void hra_markup_plain(hra_buffer *text);

#endif
