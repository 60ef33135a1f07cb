#include "io/zip_calls.h"

#include "base/late_library.h"

struct hra_late_libzip hra_late_libzip;

static const char *const files[] = {HRA_LATE_LIBZIP_FILES};
static const char *const names[] = {HRA_LATE_LIBZIP_NAMES};
_Static_assert(sizeof hra_late_libzip == sizeof names, "a name for every pointer");

static hra_late_library library = {.purpose = "workbooks and zip archives",
                                   .packages = "libzip4",
                                   .files = files,
                                   .names = names,
                                   .count = sizeof names / sizeof *names,
                                   .calls = &hra_late_libzip,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};

hra_code hra_libzip_load(hra_error *error) { return hra_late_load(&library, error); }
