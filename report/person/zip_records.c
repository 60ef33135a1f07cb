#include "report/person/zip_records.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"

enum {
    LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    END = 0x06054b50,
    END64 = 0x06064b50,
    LOCATOR64 = 0x07064b50,
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    VERSION = 20,
    VERSION64 = 45,
    UNIX_MADE = 3 << 8,
    UTF8_NAMES = 0x0800,
    DEFLATED = 8,
    HEX = 2 * HRA_FINGERPRINT_SIZE
};

#define MOST_32 0xFFFFFFFFull
#define MOST_16 0xFFFFull

static const char suffix[] = ".html";

static void put(hra_buffer *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) hra_buffer_char(out, (char)(value >> (8 * i) & 0xFF));
}

static uint64_t get(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value |= (uint64_t)at[i] << (8 * i);
    return value;
}

hra_zip_day hra_zip_day_of(double day)
{
    hra_date d = isnan(day) ? (hra_date){1980, 1, 1} : hra_date_of_day(day);
    if (d.year < 1980 || d.year > 2107) d = (hra_date){1980, 1, 1};
    return (hra_zip_day)((d.year - 1980) << 9 | d.month << 5 | d.day);
}

/* Method to length of the name: the same in both records. Reports are far below 4 GiB. */
static void put_common(hra_buffer *out, hra_zip_day day, const char *key, const hra_archive_entry *entry)
{
    put(out, UTF8_NAMES, 2);
    put(out, DEFLATED, 2);
    put(out, 0, 2);
    put(out, day, 2);
    put(out, entry->crc, 4);
    put(out, entry->packed, 4);
    put(out, entry->length, 4);
    put(out, strlen(key) + sizeof suffix - 1, 2);
}

static void put_name(hra_buffer *out, const char *key)
{
    hra_buffer_text(out, key);
    hra_buffer_text(out, suffix);
}

void hra_zip_local(hra_buffer *out, hra_zip_day day, const char *key, const hra_archive_entry *entry)
{
    put(out, LOCAL, 4);
    put(out, VERSION, 2);
    put_common(out, day, key, entry);
    put(out, 0, 2);
    put_name(out, key);
}

static void put_hex(hra_buffer *out, const unsigned char *bytes, int count)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < count; i++) {
        hra_buffer_char(out, digits[bytes[i] >> 4]);
        hra_buffer_char(out, digits[bytes[i] & 15]);
    }
}

void hra_zip_central(hra_buffer *out, hra_zip_day day, const char *key, const hra_archive_entry *entry, uint64_t offset)
{
    bool wide = offset >= MOST_32;
    put(out, CENTRAL, 4);
    put(out, UNIX_MADE | (wide ? VERSION64 : VERSION), 2);
    put(out, wide ? VERSION64 : VERSION, 2);
    put_common(out, day, key, entry);
    put(out, wide ? 12 : 0, 2);
    put(out, HEX, 2);
    put(out, 0, 4);                          /* first disk; binary */
    put(out, (uint64_t)(0100600u) << 16, 4); /* a file of its owner's */
    put(out, wide ? MOST_32 : offset, 4);
    put_name(out, key);
    if (wide) {
        put(out, 1, 2);
        put(out, 8, 2);
        put(out, offset, 8);
    }
    put_hex(out, entry->fingerprint.bytes, HRA_FINGERPRINT_SIZE);
}

void hra_zip_end(hra_buffer *out, uint64_t count, uint64_t offset, uint64_t list_bytes)
{
    if (count >= MOST_16 || offset >= MOST_32 || list_bytes >= MOST_32) {
        put(out, END64, 4);
        put(out, 44, 8);
        put(out, UNIX_MADE | VERSION64, 2);
        put(out, VERSION64, 2);
        put(out, 0, 8);
        put(out, count, 8);
        put(out, count, 8);
        put(out, list_bytes, 8);
        put(out, offset, 8);
        put(out, LOCATOR64, 4);
        put(out, 0, 4);
        put(out, offset + list_bytes, 8);
        put(out, 1, 4);
    }
    put(out, END, 4);
    put(out, 0, 4);
    put(out, count < MOST_16 ? count : MOST_16, 2);
    put(out, count < MOST_16 ? count : MOST_16, 2);
    put(out, list_bytes < MOST_32 ? list_bytes : MOST_32, 4);
    put(out, offset < MOST_32 ? offset : MOST_32, 4);
    put(out, 0, 2);
}

/* ---- reading ---- */

bool hra_zip_read_end(const unsigned char *tail, size_t length, hra_zip_list *list)
{
    const unsigned char *end = tail + length - 22;
    if (length < 22 || get(end, 4) != END) return false;
    *list = (hra_zip_list){.count = get(end + 10, 2), .bytes = get(end + 12, 4), .offset = get(end + 16, 4)};
    if (list->count < MOST_16 && list->bytes < MOST_32 && list->offset < MOST_32) return true;
    const unsigned char *wide = end - 20 - 56;
    if (length < HRA_ZIP_END || get(wide, 4) != END64) return false;
    *list = (hra_zip_list){.count = get(wide + 32, 8), .bytes = get(wide + 40, 8), .offset = get(wide + 48, 8)};
    return true;
}

static int digit(unsigned char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static bool read_hex(const unsigned char *at, unsigned char *out, int count)
{
    for (int i = 0; i < count; i++) {
        int high = digit(at[2 * i]), low = digit(at[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

size_t hra_zip_read_central(const unsigned char *at, size_t room, char key[64], hra_archive_entry *entry,
                            uint64_t *stored)
{
    if (room < CENTRAL_BYTES || get(at, 4) != CENTRAL) return 0;
    size_t name = get(at + 28, 2), extra = get(at + 30, 2), comment = get(at + 32, 2), end = sizeof suffix - 1;
    size_t length = CENTRAL_BYTES + name + extra + comment;
    const unsigned char *text = at + CENTRAL_BYTES;
    if (room < length || comment != HEX || name <= end || name - end >= 64) return 0;
    if (memcmp(text + name - end, suffix, end) != 0) return 0;
    memcpy(key, text, name - end);
    key[name - end] = 0;
    *entry =
        (hra_archive_entry){.crc = (uint32_t)get(at + 16, 4), .packed = get(at + 20, 4), .length = get(at + 24, 4)};
    uint64_t offset = get(at + 42, 4);
    if (offset == MOST_32) {
        if (extra != 12) return 0;
        offset = get(text + name + 4, 8);
    }
    *stored = offset + LOCAL_BYTES + name;
    return read_hex(text + name + extra, entry->fingerprint.bytes, HRA_FINGERPRINT_SIZE) ? length : 0;
}
