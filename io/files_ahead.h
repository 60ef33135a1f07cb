/* Small files are opened and read by a thread of its own, some files ahead of who cuts their rows: as large ones are,
 * block by block (io/read_ahead.h). */
#ifndef HRA_IO_FILES_AHEAD_H
#define HRA_IO_FILES_AHEAD_H

#include "io/csv_binding.h"

typedef struct hra_files_ahead hra_files_ahead;

/* NULL: a single file, or no thread is to be had. Nothing is lost by that: hra_files_ahead_open opens files itself. */
hra_files_ahead *hra_files_ahead_start(const hra_binding *binding);
void hra_files_ahead_end(hra_files_ahead *ahead);
/* The reader of a wide file. Files are asked for in their order, each once; `ahead` may be NULL. */
hra_code hra_files_ahead_open(hra_files_ahead *ahead, const hra_file_plan *plan, hra_record_reader **out,
                              hra_error *error);

#endif
