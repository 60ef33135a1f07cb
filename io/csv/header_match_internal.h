/* What the parts of the matching of headers share. */
#ifndef HRA_IO_HEADER_MATCH_INTERNAL_H
#define HRA_IO_HEADER_MATCH_INTERNAL_H

#include "io/csv/header_match.h"

/* No match, for a reason that a person may want in another language. False: out of memory. */
bool hra_header_doubt(hra_arena *arena, const char *sentence, const char *first, const char *second,
                      hra_header_match *match);
/* The same where a header says more than one unit. */
bool hra_header_two_units(const hra_name_index *index, int variable, const char *header, hra_arena *arena,
                          hra_header_match *match);

/* The same where its unit is a short form of several and the name does not say which. */
bool hra_header_say_open_unit(const hra_name_index *index, int variable, hra_arena *arena, hra_header_match *match);

#endif
