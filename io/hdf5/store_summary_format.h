/* The bytes of a summary (io/hdf5/store_summary.h), for who makes and who reads them. */
#ifndef HRA_IO_STORE_SUMMARY_FORMAT_H
#define HRA_IO_STORE_SUMMARY_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The file ends with: signature, length of the summary, where it starts, hash. */
enum {
    HRA_SUMMARY_SIGNATURE = 16,
    HRA_SUMMARY_HASH = 64, /* BLAKE3, hexadecimal */
    HRA_SUMMARY_TRAILER = HRA_SUMMARY_SIGNATURE + 16 + HRA_SUMMARY_HASH
};
#define HRA_SUMMARY_MAGIC "hra-summary 1\r\n\x1a" /* and its NUL */

enum { HRA_SUMMARY_TEXT = 1, HRA_SUMMARY_INTS, HRA_SUMMARY_REAL }; /* kinds of attributes */
enum { HRA_SUMMARY_NOTHING, HRA_SUMMARY_TEXTS, HRA_SUMMARY_ROWS }; /* what an object holds */

/* Of the bytes in the ranges that the summary begins with, and of the summary itself; all stand in the file. False:
 * they cannot be read, or the ranges do not rise within the first `start` bytes. */
bool hra_summary_hash(int file, uint64_t start, uint64_t length, char out[HRA_SUMMARY_HASH + 1]);

#endif
