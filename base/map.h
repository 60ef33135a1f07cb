/* Hash map from text to a non-negative number. Keys are copied. */
#ifndef HRA_BASE_MAP_H
#define HRA_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct hra_map hra_map;

hra_map *hra_map_new(void);
void hra_map_free(hra_map *map);

/* The value stored for the key, or -1. */
int64_t hra_map_get(const hra_map *map, const char *key);
int64_t hra_map_get_n(const hra_map *map, const char *key, size_t length);

/* Sets the value; 0 on success, -1 when out of memory. */
int hra_map_set(hra_map *map, const char *key, int64_t value);
int hra_map_set_n(hra_map *map, const char *key, size_t length, int64_t value);

#endif
