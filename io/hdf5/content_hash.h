/* The hash of everything an HDF5 file of ours says: names, types, shapes, filters, attributes, lists of texts, and
 * the checksums of the numbers in place of the numbers. Not where things stand in the file: equal content gives equal
 * hashes. A file carries it as the attribute `content_hash` of the root (docs/formats.md).
 */
#ifndef HRA_IO_CONTENT_HASH_H
#define HRA_IO_CONTENT_HASH_H

#include "io/hdf5/attribute_notes.h"

#define HRA_CONTENT_HASH "content_hash"
/* Attributes of datasets whose bytes have checksums and are not hashed themselves. */
#define HRA_CHUNK_SUMS "chunk_crc32"     /* one for the stored bytes of each chunk */
#define HRA_LIST_SUM "crc32"             /* of all elements, as they stand in memory */
#define HRA_SUM_COLUMN "checksum_column" /* column of /checksums/crc32 (io/results/result_sums.h) */

enum { HRA_H5_HASH_TEXT = 65 };

/* All with the lock held. */
hra_code hra_h5_hash(hid_t file, char out[HRA_H5_HASH_TEXT], hra_error *error);
/* Sets the attribute, when all else is written. */
hra_code hra_h5_hash_put(hid_t file, hra_error *error);

/* An object as the hash comes by it, in the order of paths, a group before its members. */
typedef struct hra_h5_seen {
    hid_t object;
    const char *path;
    int depth;   /* 0: the root */
    int members; /* of a group, else -1 */
    const hra_attribute_list *attributes;
} hra_h5_seen;

/* Who wants to see the objects, too, so that nobody has to walk through the file again, and what it knows of them. */
typedef struct hra_h5_witness {
    hra_code (*see)(void *context, const hra_h5_seen *seen, hra_error *error);
    void *context;
    const hra_attribute_notes *notes; /* of attributes as they were written; what is not noted is read */
} hra_h5_witness;

hra_code hra_h5_hash_put_seen(hid_t file, const hra_h5_witness *witness, hra_error *error);
/* What the attribute says, unchecked; `out` is "" for a file without it: older, or written by another program. */
hra_code hra_h5_hash_stated(hid_t file, char out[HRA_H5_HASH_TEXT], hra_error *error);
/* Compares; `out` as above. */
hra_code hra_h5_hash_check(hid_t file, const char *path, char out[HRA_H5_HASH_TEXT], hra_error *error);

#endif
