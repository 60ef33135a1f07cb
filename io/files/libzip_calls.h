/* libzip, loaded when the first archive is opened (it brings a library of ciphers along). Whoever calls it includes
 * this header instead of its own; functions that are called stand in libzip.calls. */
#ifndef HRA_IO_LIBZIP_CALLS_H
#define HRA_IO_LIBZIP_CALLS_H

#include <zip.h>

#include "base/fail.h"
#include "late/libzip.h" /* after the library's own names */

/* Before an archive is opened; later calls cost nothing. Library absent: HRA_EUSAGE with what to install. */
hra_code hra_libzip_load(hra_error *error);

#endif
