#include "report/tools/xlsx_check.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/libzip_calls.h"
#include "io/files/zip_archive.h"

enum { BLOCK = 1 << 16, ROOT = 64, KEPT = 2 * ROOT };

/* A part of the archive, block by block. Of each block the end is kept, so that a tag is met whole. */
typedef struct part_scan {
    char bytes[KEPT + BLOCK + 1];
    size_t length;
    char end[ROOT + 4]; /* the tag that must come last; "": no element has begun */
    int64_t cells;
} part_scan;

static void find_root(part_scan *s)
{
    for (const char *at = strchr(s->bytes, '<'); at; at = strchr(at + 1, '<')) {
        if (!isalpha((unsigned char)at[1])) continue;
        int length = (int)strcspn(at + 1, " />\r\n");
        if (length < ROOT) snprintf(s->end, sizeof s->end, "</%.*s>", length, at + 1);
        return;
    }
}

/* Tags that begin before `until`. */
static void count_cells(part_scan *s, size_t until)
{
    for (const char *at = s->bytes; (at = memchr(at, '<', until - (size_t)(at - s->bytes))); at++)
        s->cells += at[1] == 'c' && at[2] == ' ';
}

static hra_code scan_part(hra_zip_part *part, part_scan *s, hra_error *error)
{
    size_t got = 1;
    s->length = 0;
    s->end[0] = '\0';
    while (got > 0) {
        HRA_TRY(hra_zip_part_read(part, s->bytes + s->length, BLOCK, &got, error));
        s->length += got;
        s->bytes[s->length] = '\0';
        if (!*s->end) find_root(s);
        size_t kept = got == 0 ? 0 : s->length < KEPT ? s->length : KEPT, done = s->length - kept;
        count_cells(s, done);
        if (got == 0) break;
        memmove(s->bytes, s->bytes + done, kept);
        s->length = kept;
    }
    return HRA_OK;
}

static bool ends_well(const part_scan *s)
{
    size_t length = s->length, tag = strlen(s->end);
    while (length > 0 && isspace((unsigned char)s->bytes[length - 1])) length--;
    return tag > 0 && length >= tag && memcmp(s->bytes + length - tag, s->end, tag) == 0;
}

static hra_code scan_all(hra_zip *zip, part_scan *s, bool *whole, hra_error *error)
{
    for (int i = 0; i < hra_zip_count(zip) && *whole; i++) {
        hra_zip_part *part;
        HRA_TRY(hra_zip_part_open(zip, i, &part, error));
        hra_code code = scan_part(part, s, error);
        hra_zip_part_close(part);
        HRA_TRY(code);
        *whole = ends_well(s);
    }
    return HRA_OK;
}

hra_code hra_xlsx_check_load(hra_error *error) { return hra_libzip_load(error); }

hra_code hra_xlsx_check(const char *file, const char *path, int64_t cells, hra_error *error)
{
    hra_zip *zip = NULL;
    hra_error why = {0};
    bool whole = true;
    part_scan *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    hra_code code = hra_zip_open(file, &zip, &why);
    if (code == HRA_OK) code = scan_all(zip, s, &whole, &why);
    hra_zip_close(zip);
    whole &= code == HRA_OK && s->cells == cells;
    free(s);
    if (code == HRA_ENOMEM) return hra_out_of_memory(error);
    if (whole) return HRA_OK;
    return hra_fail(
        error, HRA_EIO,
        "%s cannot be written: parts of the workbook are missing; is the disk full, or is the size of files "
        "limited?",
        path);
}
