#include "io/files/parcel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 1 << 16 };

/* ---- writing ---- */

void hra_parcel_put_number(hra_buffer *out, int64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
    hra_buffer_append(out, bytes, sizeof bytes);
}

void hra_parcel_put_real(hra_buffer *out, double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    hra_parcel_put_number(out, bits);
}

void hra_parcel_put_text(hra_buffer *out, const char *text)
{
    size_t length = strlen(text);
    hra_parcel_put_number(out, (int64_t)length);
    hra_buffer_append(out, text, length + 1);
}

/* ---- reading ---- */

bool hra_read_at(int file, uint64_t offset, void *out, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(file, (char *)out + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

void hra_parcel_open(hra_parcel *parcel, int file, uint64_t offset, uint64_t length)
{
    *parcel =
        (hra_parcel){.file = file, .next = offset, .last = offset + length, .failed = length > UINT64_MAX - offset};
}

void hra_parcel_close(hra_parcel *parcel)
{
    free(parcel->window);
    *parcel = (hra_parcel){.failed = true};
}

uint64_t hra_parcel_left(const hra_parcel *parcel)
{
    return parcel->failed ? 0 : (uint64_t)(parcel->end - parcel->at) + (parcel->last - parcel->next);
}

uint64_t hra_parcel_place(const hra_parcel *parcel) { return parcel->next - (uint64_t)(parcel->end - parcel->at); }

/* Brings the window forward until `size` bytes are at hand. */
static bool move_window(hra_parcel *p, size_t size)
{
    size_t held = (size_t)(p->end - p->at), room = size > WINDOW ? size : WINDOW;
    uint8_t *window = p->window;
    if (p->capacity < size) {
        window = malloc(room);
        if (!window) {
            p->fault = ENOMEM;
            return false;
        }
        p->capacity = room;
    }
    if (held > 0) memmove(window, p->at, held);
    if (window != p->window) free(p->window);
    uint64_t left = p->last - p->next, more = left < p->capacity - held ? left : p->capacity - held;
    p->window = window;
    p->at = window;
    p->end = window + held;
    errno = 0;
    if (!hra_read_at(p->file, p->next, window + held, (size_t)more)) {
        p->fault = errno == EINTR ? 0 : errno;
        return false;
    }
    p->end += more;
    p->next += more;
    return true;
}

/* Whether `size` bytes are at hand. */
static bool have(hra_parcel *parcel, size_t size)
{
    if (parcel->failed) return false;
    if ((size_t)(parcel->end - parcel->at) >= size) return true;
    parcel->failed = size > hra_parcel_left(parcel) || !move_window(parcel, size);
    return !parcel->failed;
}

int64_t hra_parcel_number(hra_parcel *parcel)
{
    uint64_t number = 0;
    if (!have(parcel, 8)) return 0;
    for (int i = 0; i < 8; i++) number |= (uint64_t)parcel->at[i] << (8 * i);
    parcel->at += 8;
    return (int64_t)number;
}

double hra_parcel_real(hra_parcel *parcel)
{
    int64_t bits = hra_parcel_number(parcel);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

const char *hra_parcel_text(hra_parcel *parcel, size_t *length)
{
    int64_t bytes = hra_parcel_number(parcel);
    if (length) *length = 0;
    parcel->failed |= bytes < 0 || (uint64_t)bytes >= hra_parcel_left(parcel);
    if (!have(parcel, (size_t)bytes + 1)) return "";
    parcel->failed |= parcel->at[bytes] != '\0';
    if (parcel->failed) return "";
    const char *text = (const char *)parcel->at;
    parcel->at += bytes + 1;
    if (length) *length = (size_t)bytes;
    return text;
}

int64_t hra_parcel_count(hra_parcel *parcel, size_t size)
{
    int64_t count = hra_parcel_number(parcel);
    parcel->failed |= count < 0 || (uint64_t)count > hra_parcel_left(parcel) / size;
    return parcel->failed ? 0 : count;
}

void hra_parcel_skip(hra_parcel *parcel, uint64_t bytes)
{
    parcel->failed |= bytes > hra_parcel_left(parcel);
    if (parcel->failed) return;
    uint64_t held = (uint64_t)(parcel->end - parcel->at), near = bytes < held ? bytes : held;
    parcel->at += near;
    parcel->next += bytes - near;
}
