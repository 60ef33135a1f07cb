/* A set of identifiers, kept as 128-bit hashes with one number each. Open
 * addressing: 24 bytes a slot, between 32 and 64 bytes per identifier. */
#ifndef HRA_IO_ID_SET_H
#define HRA_IO_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hra_id_set hra_id_set;

hra_id_set *hra_id_set_new(void);
void hra_id_set_free(hra_id_set *set);
size_t hra_id_set_count(const hra_id_set *set);

/* The number kept for an identifier, 0 if it was not there before (*added). NULL: out of memory. Valid until the next
 * call. Identifiers differing only in case, width or outer spaces are the same. */
int64_t *hra_id_set_at(hra_id_set *set, const char *identifier, size_t length, bool *added);

#endif
