/* A table in an HDF5 file of somebody else's making as comma-separated text: one-dimensional datasets of one length, a
 * dataset of compound type, a pandas or PyTables table. Read by slabs, in memory that does not grow with the rows. */
#ifndef HRA_IO_HDF5_TABLE_H
#define HRA_IO_HDF5_TABLE_H

#include "base/buffer.h"
#include "base/fail.h"
#include "io/tables/table_choice.h"

/* Chooses the table: `wanted` is its path in the file ("/people"), NULL: the only one. Several are listed in the error.
 */
hra_code hra_hdf5_table_examine(const char *path, const char *wanted, hra_table_choice *choice, hra_error *error);

typedef struct hra_hdf5_table hra_hdf5_table;

hra_code hra_hdf5_table_open(const char *path, const hra_table_choice *choice, hra_hdf5_table **out, hra_error *error);
void hra_hdf5_table_close(hra_hdf5_table *table);
/* Appends lines, the names of the columns first; *end is set when those were the last. */
hra_code hra_hdf5_table_read(hra_hdf5_table *table, hra_buffer *out, bool *end, hra_error *error);
int64_t hra_hdf5_table_progress(const hra_hdf5_table *table); /* as bytes of the file */

#endif
