/* Numbers and texts one after the other in bytes, and back, without trusting them: what does not fit sets `failed`,
 * and everything read after that is 0 or "". Little-endian. */
#ifndef HRA_IO_PARCEL_H
#define HRA_IO_PARCEL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

void hra_parcel_put_number(hra_buffer *out, int64_t number);
void hra_parcel_put_real(hra_buffer *out, double number);
void hra_parcel_put_text(hra_buffer *out, const char *text);

typedef struct hra_parcel {
    const uint8_t *at, *end;
    bool failed;
} hra_parcel;

int64_t hra_parcel_number(hra_parcel *parcel);
double hra_parcel_real(hra_parcel *parcel);
const char *hra_parcel_text(hra_parcel *parcel); /* stays within the bytes */
/* A number of items of at least `size` bytes each, which must all have room in what follows. */
int64_t hra_parcel_count(hra_parcel *parcel, size_t size);

#endif
