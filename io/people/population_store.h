/* Population store: one HDF5 file of packed columns (docs/formats.md).
 *
 * Written by import and generate, read as a source of chunks. Plain HDF5 with
 * CF attributes: h5py, xarray and R read it with no help of ours.
 */
#ifndef HRA_IO_POPULATION_STORE_H
#define HRA_IO_POPULATION_STORE_H

#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "io/hdf5/store_summary.h"

typedef enum hra_store_encoding {
    HRA_STORE_SCALE_OFFSET, /* default */
    HRA_STORE_DEFLATE,      /* shuffle + deflate: smaller, slower */
    HRA_STORE_RAW
} hra_store_encoding;

typedef struct hra_store_writer hra_store_writer;

typedef struct hra_store_facts { /* kept as attributes of the file */
    const char *definitions_hash, *command;
    const char *key_fingerprint; /* of the key the person keys were hashed with; "" if none */
    const char *const *files;    /* input file names (base names), for source_file */
    const char *const *file_hashes;
    int file_count;
    int64_t rows_rejected; /* by the import */
} hra_store_facts;

/* Creates `path` (0600) under a temporary name; appears whole at finish. */
hra_code hra_store_writer_new(const char *path, const hra_schema *schema, hra_store_encoding encoding,
                              hra_store_writer **out, hra_error *error);
/* The same in two steps: the file is made before, or beside, it is known what it will hold. */
hra_code hra_store_writer_open(const char *path, hra_store_encoding encoding, hra_store_writer **out, hra_error *error);
hra_code hra_store_writer_describe(hra_store_writer *writer, const hra_schema *schema, hra_error *error);
/* Appends rows; chunks need not be full: the writer re-blocks them to
 * HRA_CHUNK_ROWS. Keys must be 32 hex digits (hashed) or NULL. */
hra_code hra_store_writer_append(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error);
hra_code hra_store_writer_finish(hra_store_writer *writer, const hra_store_facts *facts, hra_error *error);
/* The same without the last step: `*file` is to be put in place, with other files. */
hra_code hra_store_writer_complete(hra_store_writer *writer, const hra_store_facts *facts, hra_atomic_file **file,
                                   hra_error *error);
void hra_store_writer_free(hra_store_writer *writer); /* unfinished: removes the temporary file */

/* Opens a store (ours, or one h5py wrote in the same layout) as a source. The
 * variables are matched to the dictionary by dataset name. */
hra_code hra_store_open(const char *path, const hra_dictionary *dictionary, hra_source **out, hra_error *error);
/* The same where its summary was read before; the file is taken over. */
hra_code hra_store_open_known(const char *path, hra_summary_file *known, const hra_dictionary *dictionary,
                              hra_source **out, hra_error *error);
const char *hra_store_key_fingerprint(const hra_source *source);
/* Hash of all the store holds (docs/formats.md), known without reading the values; they are compared with it, by their
 * checksums, when they are read. "" for stores that lack checksums. */
const char *hra_store_content_hash(const hra_source *source);

/* What the file says about its origin; texts are "" where it says nothing. */
typedef struct hra_store_about {
    const char *engine_version, *definitions_hash, *command, *key_fingerprint;
    const char *const *files;       /* chunk->source_files index these */
    const char *const *file_hashes; /* NULL if the file does not say */
    int file_count;
    int64_t rows_rejected; /* by the import; -1 if the file does not say */
} hra_store_about;
const hra_store_about *hra_store_describe(const hra_source *source);
/* How a column of the schema is stored: "scale-offset", "shuffle+deflate", "plain", ... and in how many bytes. */
void hra_store_column_facts(const hra_source *source, int column, const char **encoding, uint64_t *stored_bytes);
/* Datasets under /variables that the dictionary does not know, or that may not enter the engine. */
int hra_store_unmatched(const hra_source *source, const char *const **names);

/* True if the file starts with the HDF5 signature. */
bool hra_is_hdf5(const char *path);
/* True for HDF5 files in the layout of hra's own (docs/formats.md), whoever wrote them; others are tables to import
 * (io/tables/hdf5_table.h). */
bool hra_is_store(const char *path);

#endif
