/* Groups by name, each with numbers of its own, in the order in which they are met. The first is everybody: its name
 * is "*", but no name finds it. */
#ifndef HRA_SERVICE_NAMED_GROUPS_H
#define HRA_SERVICE_NAMED_GROUPS_H

#include <stddef.h>

typedef struct hra_named_groups hra_named_groups;

/* With everybody alone; `bytes` of numbers each, zero at first. NULL without memory. */
hra_named_groups *hra_named_groups_new(size_t bytes);
void hra_named_groups_free(hra_named_groups *groups);

/* The index of the group, which is added if it is new; -1 without memory. */
int hra_named_groups_of(hra_named_groups *groups, const char *name);

int hra_named_groups_count(const hra_named_groups *groups);
const char *hra_named_groups_name(const hra_named_groups *groups, int index);
void *hra_named_groups_numbers(const hra_named_groups *groups, int index); /* they stay where they are */

#endif
