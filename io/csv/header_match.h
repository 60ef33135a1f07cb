/* Header names to dictionary variables.
 *
 * A name is compared after folding (full-width forms, spaces, case of ASCII,
 * the marks * # and arrows) with the dictionary's names, then labels, then
 * aliases; a unit may follow, in brackets or without: "TC(mg/dL)", "TC mg/dL".
 * Nothing is matched by likeness: a name that is not known, known for two
 * variables, or followed by two units, is left to the map file. */
#ifndef HRA_IO_HEADER_MATCH_H
#define HRA_IO_HEADER_MATCH_H

#include "base/arena.h"
#include "engine/data/dictionary.h"
#include "io/words/unit_words.h"

enum { HRA_HEADER_TEXT = 512 };

typedef struct hra_name_index hra_name_index;

hra_name_index *hra_name_index_new(const hra_dictionary *dictionary); /* NULL: out of memory */
void hra_name_index_free(hra_name_index *index);
const hra_dictionary *hra_name_index_dictionary(const hra_name_index *index);

typedef struct hra_header_match {
    int variable;         /* -1: none */
    const char *unit;     /* the dictionary's spelling of the unit in the header; NULL: none was given */
    bool unit_behind;     /* it stands there without brackets */
    const char *how;      /* "name", "label", "alias", or why there is no match (from the arena) */
    const char *doubt;    /* of such a reason: the sentence with its places, NULL: there is none */
    const char *about[2]; /* what stands in them */
} hra_header_match;

/* False: this text is certainly no variable's name. Quick. */
bool hra_header_may_name(const hra_name_index *index, const char *text, size_t length);

/* A name of a variable, alone or with its unit in brackets. False: out of memory. */
bool hra_header_find_name(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match);

/* The header of a column: also a complete name with one complete unit behind it, "身高/cm". False: out of memory. */
bool hra_header_find(const hra_name_index *index, const char *header, hra_arena *arena, hra_header_match *match);

/* The unit that a header ends with in brackets; NULL: none that fits. */
const char *hra_header_unit(const hra_variable *variable, const char *header);

/* The doubt about a header whose unit is a short form of several, 尿素(mg/dL): its variable, its units. */
extern const char hra_header_open_unit[];
/* Whether such a unit stands in its brackets, whatever name stands before them. */
bool hra_header_opens_unit(const hra_variable *variable, const char *header);

/* Whether a text, without spaces, is a unit in headers of the variable behind this name of it; a pair of values has
 * none of its own (NULL). */
bool hra_header_accepts(const hra_name_index *index, int variable, const char *name, const char *text,
                        const char **unit);

/* Folds a header name for comparison; false if it is too long to be one. */
bool hra_header_key(const char *header, char key[HRA_HEADER_TEXT]);

#endif
