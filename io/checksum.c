#include "io/checksum.h"

#include <isa-l/crc.h>

uint32_t hra_checksum(uint32_t before, const void *bytes, size_t size) { return crc32_gzip_refl(before, bytes, size); }
