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

/* Bytes in memory, or those of a file, of which only a window is held at a time: however many they are. */
typedef struct hra_parcel {
    const uint8_t *at, *end; /* the bytes at hand */
    bool failed;
    int fault; /* of a failure that says nothing of the bytes: ENOMEM, or what the disk said */
    int file;
    uint64_t next, last; /* where in the file those begin that follow, and where they end; equal: none */
    uint8_t *window;
    size_t capacity;
} hra_parcel;

/* `length` bytes of a file; they need not be there. */
void hra_parcel_open(hra_parcel *parcel, int file, uint64_t offset, uint64_t length);
void hra_parcel_close(hra_parcel *parcel);

int64_t hra_parcel_number(hra_parcel *parcel);
double hra_parcel_real(hra_parcel *parcel);
/* Until the next is read; `length` may be NULL. */
const char *hra_parcel_text(hra_parcel *parcel, size_t *length);
/* A number of items of at least `size` bytes each, which must all have room in what follows. */
int64_t hra_parcel_count(hra_parcel *parcel, size_t size);
void hra_parcel_skip(hra_parcel *parcel, uint64_t bytes);
uint64_t hra_parcel_left(const hra_parcel *parcel);  /* bytes */
uint64_t hra_parcel_place(const hra_parcel *parcel); /* in the file, of what comes next */

/* Whether all of `size` bytes could be read from the file. */
bool hra_read_at(int file, uint64_t offset, void *out, size_t size);

#endif
