/* Old Excel workbooks (.xls) as bytes, for tests: records one by one, and the compound file around them. */
#ifndef HRA_TESTS_XLS_WRITER_H
#define HRA_TESTS_XLS_WRITER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

/* ---- numbers ------------------------------------------------------------------------- */

static inline void put_number(hra_buffer *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++) hra_buffer_char(out, (char)(i < 8 ? number >> (8 * i) : 0));
}

static inline void put_double(hra_buffer *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(out, bits, 8);
}

static inline void set_number(hra_buffer *out, size_t at, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++) out->bytes[at + (size_t)i] = (char)(number >> (8 * i));
}

/* ---- records --------------------------------------------------------------------------- */

enum { XLS_RECORD = 8224 }; /* the longest one that Excel writes */

/* The bytes of a record are appended between begin and end. */
static inline size_t xls_begin(hra_buffer *out, int type)
{
    put_number(out, (uint64_t)type, 2);
    put_number(out, 0, 2);
    return out->length;
}

static inline void xls_end(hra_buffer *out, size_t begun) { set_number(out, begun - 2, out->length - begun, 2); }

static inline void xls_record(hra_buffer *out, int type, const void *bytes, size_t length)
{
    size_t begun = xls_begin(out, type);
    hra_buffer_append(out, bytes, length);
    xls_end(out, begun);
}

/* `version` 0x0600: Excel 97, 0x0500: Excel 5; `kind` 5: a workbook, 0x10: a sheet, 0x20: a chart. */
static inline void xls_start(hra_buffer *out, int version, int kind)
{
    size_t begun = xls_begin(out, 0x0809);
    put_number(out, (uint64_t)version, 2);
    put_number(out, (uint64_t)kind, 2);
    put_number(out, 0, version == 0x0600 ? 12 : 4);
    xls_end(out, begun);
}

static inline size_t xls_cell(hra_buffer *out, int type, int row, int column, int style)
{
    size_t begun = xls_begin(out, type);
    put_number(out, (uint64_t)row, 2);
    put_number(out, (uint64_t)column, 2);
    put_number(out, (uint64_t)style, 2);
    return begun;
}

static inline void xls_number(hra_buffer *out, int row, int column, int style, double value)
{
    size_t begun = xls_cell(out, 0x0203, row, column, style);
    put_double(out, value);
    xls_end(out, begun);
}

/* ---- texts -------------------------------------------------------------------------------- */

/* UTF-8 as units of 16 bits; how many. */
static inline size_t xls_units(const char *text, uint16_t *units, size_t room)
{
    size_t count = 0;
    uint32_t c;
    for (const unsigned char *at = (const unsigned char *)text; *at && count + 2 <= room; count++) {
        at += hra_utf8_character(at, &c);
        if (c >= 0x10000) units[count++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
        units[count] = (uint16_t)(c >= 0x10000 ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c);
    }
    return count;
}

static inline bool xls_is_wide(const uint16_t *units, size_t count)
{
    bool wide = false;
    for (size_t i = 0; i < count; i++) wide |= units[i] > 0xFF;
    return wide;
}

/* A text since Excel 97 that has room in its record. `width`: of the number of its characters. */
static inline void xls_text(hra_buffer *out, const char *text, int width)
{
    uint16_t units[1024];
    size_t count = xls_units(text, units, 1024);
    bool wide = xls_is_wide(units, count);
    put_number(out, count, width);
    put_number(out, wide, 1);
    for (size_t i = 0; i < count; i++) put_number(out, units[i], wide ? 2 : 1);
}

/* The table of shared texts as it grows: where a record is full, the text goes on in the next one, in 8 bits a
 * character as soon as what is left of it has room there. */
typedef struct xls_shared {
    hra_buffer records;
    size_t begun;
    uint32_t count;
} xls_shared;

static inline size_t xls_room(const xls_shared *s) { return XLS_RECORD - (s->records.length - s->begun); }

static inline void xls_go_on(xls_shared *s)
{
    xls_end(&s->records, s->begun);
    s->begun = xls_begin(&s->records, 0x003C);
}

/* The number of the text. */
static inline uint32_t xls_share(xls_shared *s, const char *text)
{
    static uint16_t units[1 << 15];
    size_t count = xls_units(text, units, 1 << 15);
    bool wide = xls_is_wide(units, count);
    if (s->count == 0) {
        s->begun = xls_begin(&s->records, 0x00FC);
        put_number(&s->records, 0, 8);
    }
    if (xls_room(s) < 3) xls_go_on(s);
    put_number(&s->records, count, 2);
    put_number(&s->records, wide, 1);
    for (size_t i = 0; i < count; i++) {
        if (xls_room(s) < (wide ? 2u : 1u)) {
            wide = xls_is_wide(units + i, count - i);
            xls_go_on(s);
            put_number(&s->records, wide, 1);
        }
        put_number(&s->records, units[i], wide ? 2 : 1);
    }
    return s->count++;
}

/* Appends the table to a workbook. */
static inline void xls_shared_end(xls_shared *s, hra_buffer *out)
{
    if (s->count > 0) {
        xls_end(&s->records, s->begun);
        set_number(&s->records, 4, s->count, 4);
        set_number(&s->records, 8, s->count, 4);
        hra_buffer_append(out, s->records.bytes, s->records.length);
    }
    hra_buffer_destroy(&s->records);
    *s = (xls_shared){0};
}

/* ---- workbooks ------------------------------------------------------------------------------- */

/* The entry of a sheet; its place is set when it is known. */
static inline size_t xls_sheet(hra_buffer *out, int version, const char *name, int hidden, int kind)
{
    size_t begun = xls_begin(out, 0x0085);
    put_number(out, 0, 4);
    put_number(out, (uint64_t)hidden, 1);
    put_number(out, (uint64_t)kind, 1);
    if (version == 0x0600) {
        xls_text(out, name, 1);
    } else {
        put_number(out, strlen(name), 1);
        hra_buffer_text(out, name);
    }
    xls_end(out, begun);
    return begun;
}

/* ---- the compound file -------------------------------------------------------------------------- */

static inline void xls_entry(hra_buffer *out, const char *name, int kind, uint32_t child, uint32_t start, size_t size)
{
    size_t begun = out->length;
    for (size_t i = 0; i < strlen(name); i++) put_number(out, (unsigned char)name[i], 2);
    while (out->length < begun + 64) hra_buffer_char(out, '\0');
    put_number(out, 2 * (strlen(name) + 1), 2);
    put_number(out, (uint64_t)kind, 1);
    put_number(out, 1, 1);
    put_number(out, UINT32_MAX, 4);
    put_number(out, UINT32_MAX, 4);
    put_number(out, child, 4);
    while (out->length < begun + 116) hra_buffer_char(out, '\0');
    put_number(out, start, 4);
    put_number(out, size, 8);
}

static inline void xls_fill(hra_buffer *out, size_t sector)
{
    while (out->length % sector) hra_buffer_char(out, '\0');
}

/* One stream in a compound file with sectors of 512 (`shift` 9) or 4096 bytes (12). Short ones stand in small sectors.
 * Sectors: the folder, the small table, the stream, the sector table. */
static inline void xls_contain(const hra_buffer *stream, const char *name, int shift, hra_buffer *out)
{
    size_t sector = (size_t)1 << shift, count = (stream->length + sector - 1) / sector, each = sector / 4;
    bool small = stream->length < 4096;
    size_t tables = (2 + count + each) / (each - 1);
    hra_buffer_clear(out);
    hra_buffer_append(out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    while (out->length < 24) hra_buffer_char(out, '\0');
    const uint64_t head[] = {0x3E, shift == 12 ? 4 : 3, 0xFFFE, (uint64_t)shift, 6};
    for (size_t i = 0; i < 5; i++) put_number(out, head[i], 2);
    while (out->length < 44) hra_buffer_char(out, '\0');
    put_number(out, tables, 4);
    put_number(out, 0, 4); /* the folder */
    put_number(out, 0, 4);
    put_number(out, 4096, 4);
    put_number(out, 1, 4); /* the small table */
    put_number(out, 1, 4);
    put_number(out, UINT32_MAX - 1, 4);
    put_number(out, 0, 4);
    for (size_t i = 0; i < 109; i++) put_number(out, i < tables ? 2 + count + i : UINT32_MAX, 4);
    xls_fill(out, sector);
    xls_entry(out, "Root Entry", 5, 1, small ? 2 : UINT32_MAX - 1, small ? stream->length : 0);
    xls_entry(out, name, 2, UINT32_MAX, small ? 0 : 2, stream->length);
    xls_fill(out, sector);
    for (size_t i = 0; i < each; i++) {
        size_t last = (stream->length + 63) / 64;
        put_number(out, !small || i >= last ? UINT32_MAX : i + 1 == last ? UINT32_MAX - 1 : i + 1, 4);
    }
    hra_buffer_append(out, stream->bytes, stream->length);
    xls_fill(out, sector);
    for (size_t i = 0; i < tables * each; i++) {
        bool end = i < 2 || i + 1 == 2 + count;
        uint32_t next = i >= 2 + count + tables ? UINT32_MAX : i >= 2 + count ? UINT32_MAX - 2 : (uint32_t)i + 1;
        put_number(out, end ? UINT32_MAX - 1 : next, 4);
    }
}

#endif
