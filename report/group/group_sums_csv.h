/* The table of `hra score --groups`: sums by group and output. */
#ifndef HRA_REPORT_GROUP_SUMS_CSV_H
#define HRA_REPORT_GROUP_SUMS_CSV_H

#include "engine/summary/group_sums.h"
#include "io/files/atomic_file.h"

/* `sums` finished; as many threads as have summed form the table, the same bytes for any number. The file is
 * whole, and has its place when it is committed. */
hra_code hra_group_sums_csv_write(const char *path, const hra_group_sums *sums, const hra_output *outputs,
                                  hra_atomic_file **out, hra_error *error);

#endif
