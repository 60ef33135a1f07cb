/* Files compiled into the binary, by name. The list is sorted. */
#include <stdlib.h>
#include <string.h>

#include "engine/language/library.h"

static int by_name(const void *name, const void *file) { return strcmp(name, ((const hra_embedded *)file)->name); }

const hra_embedded *hra_embedded_file(const char *name)
{
    if (hra_embedded_count <= 0) return NULL;
    return bsearch(name, hra_embedded_files, (size_t)hra_embedded_count, sizeof *hra_embedded_files, by_name);
}
