#include "io/parcel.h"

#include <string.h>

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

int64_t hra_parcel_number(hra_parcel *parcel)
{
    uint64_t number = 0;
    parcel->failed |= parcel->end - parcel->at < 8;
    if (parcel->failed) return 0;
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

const char *hra_parcel_text(hra_parcel *parcel)
{
    int64_t length = hra_parcel_number(parcel);
    parcel->failed |= length < 0 || parcel->end - parcel->at <= length || parcel->at[length] != '\0';
    if (parcel->failed) return "";
    const char *text = (const char *)parcel->at;
    parcel->at += length + 1;
    return text;
}

int64_t hra_parcel_count(hra_parcel *parcel, size_t size)
{
    int64_t count = hra_parcel_number(parcel);
    parcel->failed |= count < 0 || (uint64_t)count > (uint64_t)(parcel->end - parcel->at) / size;
    return parcel->failed ? 0 : count;
}
