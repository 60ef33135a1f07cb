/* CRC-32 as zlib, gzip and Python's zlib.crc32 have it, by the fastest code there is for the processor. */
#ifndef HRA_IO_CHECKSUM_H
#define HRA_IO_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Of what came `before` (0: nothing) and these bytes. */
uint32_t hra_checksum(uint32_t before, const void *bytes, size_t size);

#endif
