#include "report/drawing_calls.h"

#include "base/late_library.h"

struct hra_late_drawing hra_late_drawing;

static const char *const files[] = {HRA_LATE_DRAWING_FILES};
static const char *const names[] = {HRA_LATE_DRAWING_NAMES};
_Static_assert(sizeof hra_late_drawing == sizeof names, "a name for every pointer");

static hra_late_library library = {.purpose = "printed reports",
                                   .packages = "libpangocairo-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                                   .files = files,
                                   .names = names,
                                   .count = sizeof names / sizeof *names,
                                   .calls = &hra_late_drawing,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};

hra_code hra_drawing_load(hra_error *error) { return hra_late_load(&library, error); }
