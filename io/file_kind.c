#include "io/file_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/byte_stream.h"
#include "io/xlsx_book.h"

#define SAVE_AS_XLSX "open it in Excel or WPS and save it as 'Excel workbook (*.xlsx)'"

static hra_code refuse(const char *path, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: this is %s", path, what);
}

/* ---- old Office files -------------------------------------------------------------------- */

static bool holds(const unsigned char *bytes, size_t length, const char *ascii)
{
    unsigned char wide[64];
    size_t count = strlen(ascii);
    for (size_t i = 0; i < count; i++) {
        wide[2 * i] = (unsigned char)ascii[i];
        wide[2 * i + 1] = 0;
    }
    return memmem(bytes, length, wide, 2 * count) != NULL;
}

/* The same container holds old workbooks, old documents, and new ones behind a password: its streams have names, in
 * sectors that no block of the file cuts. */
static hra_code refuse_compound(const char *path, hra_error *error)
{
    hra_byte_stream *bytes;
    const unsigned char *block;
    size_t length = 1;
    bool locked = false, document = false;
    HRA_TRY(hra_byte_stream_open(path, &bytes, error));
    hra_code code = HRA_OK;
    while (code == HRA_OK && length > 0) {
        code = hra_byte_stream_next(bytes, &block, &length, error);
        if (code != HRA_OK) break;
        locked |= holds(block, length, "EncryptedPackage");
        document |= holds(block, length, "WordDocument") || holds(block, length, "PowerPoint Document");
    }
    hra_byte_stream_close(bytes);
    HRA_TRY(code);
    if (locked)
        return refuse(path,
                      "a workbook protected by a password: open it in Excel or WPS, take the password off (File, "
                      "Protect) and save it as .xlsx",
                      error);
    if (document) return refuse(path, "an old Word or PowerPoint document: deliver the table as .xlsx or CSV", error);
    return refuse(path, "an old Excel workbook (.xls): " SAVE_AS_XLSX, error);
}

/* ---- zip archives --------------------------------------------------------------------------- */

static const struct {
    const char *part, *what;
} not_books[] = {
    {"xl/workbook.bin", "a binary Excel workbook (.xlsb): " SAVE_AS_XLSX},
    {"word/document.xml", "a Word document: deliver the table as .xlsx or CSV"},
    {"ppt/presentation.xml", "a PowerPoint document: deliver the table as .xlsx or CSV"},
    {"Index/Document.iwa", "a Numbers or Pages document: export it as Excel (.xlsx) or CSV"},
    {"content.xml", "an OpenDocument file (.ods): open it and save it as Excel workbook (.xlsx)"},
};

static hra_code refuse_several(const hra_zip *zip, hra_error *error)
{
    char names[300] = "";
    size_t used = 0;
    for (int i = 0; i < hra_zip_count(zip) && used < sizeof names; i++) {
        const char *name = hra_zip_name(zip, i);
        bool fits = used + strlen(name) + 8 < sizeof names;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", fits ? name : "...");
        if (!fits) break;
    }
    return hra_fail(error, HRA_EINPUT,
                    "%s: this zip archive holds %d files: unpack it and give the tables one by one (%s)",
                    hra_zip_path(zip), hra_zip_count(zip), names);
}

static hra_code kind_of_zip(const char *path, hra_file_kind *kind, hra_error *error)
{
    hra_zip *zip;
    HRA_TRY(hra_zip_open(path, &zip, error));
    hra_code code = HRA_OK;
    for (size_t i = 0; i < sizeof not_books / sizeof not_books[0] && code == HRA_OK; i++)
        if (hra_zip_find(zip, not_books[i].part) >= 0) code = refuse(path, not_books[i].what, error);
    if (code == HRA_OK) {
        if (hra_xlsx_is_book(zip))
            *kind = HRA_FILE_WORKBOOK;
        else if (hra_zip_single(zip) >= 0)
            *kind = HRA_FILE_ZIPPED_TEXT;
        else if (hra_zip_count(zip) == 0)
            code = refuse(path, "an empty zip archive", error);
        else
            code = refuse_several(zip, error);
    }
    hra_zip_close(zip);
    return code;
}

/* ---- by the first bytes ------------------------------------------------------------------------ */

static const struct {
    const char *start;
    size_t length;
    const char *what;
} not_text[] = {
    {"\xFD"
     "7zXZ",
     5, "an xz archive: unpack it first"},
    {"BZh", 3, "a bzip2 archive: unpack it first"},
    {"\x28\xB5\x2F\xFD", 4, "a zstd archive: unpack it first"},
    {"7z\xBC\xAF", 4, "a 7z archive: unpack it first"},
    {"Rar!", 4, "a rar archive: unpack it first"},
    {"%PDF", 4, "a PDF document: deliver the table as .xlsx or CSV"},
    {"MIME-Version:", 13, "a web archive (.mht), whatever its name: " SAVE_AS_XLSX},
};

static bool starts_with(const unsigned char *bytes, size_t length, const char *start, size_t count)
{
    return length >= count && memcmp(bytes, start, count) == 0;
}

/* Systems export web pages and XML under the name .xls; Excel opens them with a warning. */
static hra_code kind_of_markup(const char *path, const unsigned char *bytes, size_t length, hra_file_kind *kind,
                               hra_error *error)
{
    static const char *const pages[] = {"<html", "<!doctype", "<table", "<head", "<meta", "<style", "<div", "<script"};
    size_t at = 0;
    while (at < length && (bytes[at] <= ' ' || bytes[at] >= 0x80)) at++;
    const char *text = (const char *)bytes + at;
    size_t left = length - at < 4096 ? length - at : 4096;
    bool xml = left > 5 && strncasecmp(text, "<?xml", 5) == 0, page = false;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        page |= left > strlen(pages[i]) && strncasecmp(text, pages[i], strlen(pages[i])) == 0;
    bool book = (xml || (left > 9 && memcmp(text, "<Workbook", 9) == 0)) &&
                (memmem(text, left, "Excel.Sheet", 11) || memmem(text, left, "office:spreadsheet", 18));
    if (page || book || (xml && memmem(text, left, "<html", 5)))
        *kind = HRA_FILE_MARKUP;
    else if (xml)
        return refuse(path, "XML, whatever its name: save the table as .xlsx or CSV", error);
    return HRA_OK;
}

hra_code hra_file_kind_of(const char *path, const unsigned char *start, size_t length, bool packed, hra_file_kind *kind,
                          hra_error *error)
{
    static const char compound[] = "\xD0\xCF\x11\xE0", hdf5[] = "\x89HDF\r\n";
    *kind = HRA_FILE_TEXT;
    bool zip = starts_with(start, length, "PK\x03\x04", 4) || starts_with(start, length, "PK\x05\x06", 4);
    bool other = zip || starts_with(start, length, compound, 4) || starts_with(start, length, hdf5, 6);
    if (other && packed)
        return refuse(path, "a workbook, archive or HDF5 file packed once more: unpack it first", error);
    if (zip) return kind_of_zip(path, kind, error);
    if (starts_with(start, length, compound, 4)) return refuse_compound(path, error);
    if (other) *kind = HRA_FILE_HDF5;
    for (size_t i = 0; i < sizeof not_text / sizeof not_text[0]; i++)
        if (starts_with(start, length, not_text[i].start, not_text[i].length))
            return refuse(path, not_text[i].what, error);
    return other ? HRA_OK : kind_of_markup(path, start, length, kind, error);
}
