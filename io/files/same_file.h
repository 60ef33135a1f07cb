/* Whether two paths lead to one file, also through links and other spellings. */
#ifndef HRA_IO_SAME_FILE_H
#define HRA_IO_SAME_FILE_H

#include <stdbool.h>

/* False where one of them is not there. */
bool hra_is_same_file(const char *a, const char *b);

#endif
