/* What a physician signs: the declarations that say something about people
 * (findings, levels, advice, targets, thresholds), each with a hash of what it
 * says. Models and tables are published work and are verified otherwise. */
#ifndef HRA_SERVICE_CONTENT_H
#define HRA_SERVICE_CONTENT_H

#include "base/buffer.h"
#include "engine/language/library.h"

/* The word that begins such a declaration ("factor", "tier" ...); NULL: nothing to sign. */
const char *hra_content_kind(const hra_declaration *declaration);

/* A finding of class A: urgent, and with a deadline. */
bool hra_content_is_urgent(const hra_declaration *declaration);

enum { HRA_CONTENT_HASH_TEXT = 36 }; /* "b2-" and 32 hexadecimal digits */

/* BLAKE2b of the declaration without comments and white space: what looks
 * different but says the same keeps its hash. False: out of memory. */
bool hra_content_hash(const hra_declaration *declaration, char out[HRA_CONTENT_HASH_TEXT]);

/* The declaration on one line without its texts: conditions, words, numbers. */
void hra_content_rule(const hra_declaration *declaration, hra_buffer *out);

/* All texts of one language but the title: "text: ...; target: ...". */
void hra_content_texts(const hra_declaration *declaration, const char *language, hra_buffer *out);

/* Calls `found` for every other content declaration that this one names, in
 * expressions and in the placeholders of its texts; one may come repeatedly. */
void hra_content_names(const hra_library *library, const hra_declaration *declaration,
                       void (*found)(void *context, const hra_declaration *named), void *context);

#endif
