#include "report/workbook_calls.h"

#include "base/late_library.h"

struct hra_late_workbook hra_late_workbook;

static const char *const files[] = {HRA_LATE_WORKBOOK_FILES};
static const char *const names[] = {HRA_LATE_WORKBOOK_NAMES};
_Static_assert(sizeof hra_late_workbook == sizeof names, "a name for every pointer");

static hra_late_library library = {.purpose = "workbooks",
                                   .packages = "libxlsxwriter4",
                                   .files = files,
                                   .names = names,
                                   .count = sizeof names / sizeof *names,
                                   .calls = &hra_late_workbook,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};

hra_code hra_workbook_load(hra_error *error) { return hra_late_load(&library, error); }
