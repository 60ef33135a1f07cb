#include "io/tables/file_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/tables/compound_file.h"
#include "io/tables/xls_book.h"
#include "io/tables/xlsx_book.h"

#define SAVE_AS_XLSX "open it in Excel or WPS and save it as 'Excel workbook (*.xlsx)'"

static hra_code refuse(const char *path, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: this is %s", path, what);
}

/* ---- old Office files -------------------------------------------------------------------- */

hra_code hra_refuse_locked(const char *path, hra_error *error)
{
    return refuse(path,
                  "a workbook protected by a password: open it in Excel or WPS, take the password off (File, "
                  "Protect) and save it as .xlsx",
                  error);
}

hra_code hra_refuse_before_5(const char *path, hra_error *error)
{
    return refuse(path, "an Excel workbook from before Excel 5 (1993): " SAVE_AS_XLSX, error);
}

static const struct {
    const char *part, *what;
} not_old_books[] = {
    {"WordDocument", "an old Word or PowerPoint document: deliver the table as .xlsx or CSV"},
    {"PowerPoint Document", "an old Word or PowerPoint document: deliver the table as .xlsx or CSV"},
    {"__properties_version1.0", "a message of Outlook: deliver the table in it as .xlsx or CSV"},
};

/* The same container holds old workbooks, old documents, and new ones behind a password. */
static hra_code kind_of_compound(const char *path, hra_file_kind *kind, hra_error *error)
{
    hra_compound *file;
    HRA_TRY(hra_compound_open(path, &file, error));
    hra_code code = HRA_OK;
    bool book = false;
    for (int i = 0; hra_xls_stream_names[i]; i++) book |= hra_compound_has(file, hra_xls_stream_names[i]);
    if (hra_compound_has(file, "EncryptedPackage")) code = hra_refuse_locked(path, error);
    for (size_t i = 0; i < sizeof not_old_books / sizeof not_old_books[0] && code == HRA_OK && !book; i++)
        if (hra_compound_has(file, not_old_books[i].part)) code = refuse(path, not_old_books[i].what, error);
    if (code == HRA_OK && !book)
        code = refuse(path, "a document of another program: deliver the table as .xlsx or CSV", error);
    hra_compound_close(file);
    *kind = HRA_FILE_OLD_WORKBOOK;
    return code;
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

/* Excel 2 to 4: the first record says which. */
static bool is_before_5(const unsigned char *bytes, size_t length)
{
    return starts_with(bytes, length, "\x09\0\x04\0", 4) || starts_with(bytes, length, "\x09\x02\x06\0", 4) ||
           starts_with(bytes, length, "\x09\x04\x06\0", 4);
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
    static const char compound[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", hdf5[] = "\x89HDF\r\n";
    *kind = HRA_FILE_TEXT;
    bool zip = starts_with(start, length, "PK\x03\x04", 4) || starts_with(start, length, "PK\x05\x06", 4);
    bool old = starts_with(start, length, compound, 8), bare = hra_xls_is_bare(start, length);
    bool other = zip || old || bare || starts_with(start, length, hdf5, 6);
    if (other && packed)
        return refuse(path, "a workbook, archive or HDF5 file packed once more: unpack it first", error);
    if (zip) return kind_of_zip(path, kind, error);
    if (old) return kind_of_compound(path, kind, error);
    if (is_before_5(start, length)) return hra_refuse_before_5(path, error);
    if (other) *kind = bare ? HRA_FILE_OLD_WORKBOOK : HRA_FILE_HDF5;
    for (size_t i = 0; i < sizeof not_text / sizeof not_text[0]; i++)
        if (starts_with(start, length, not_text[i].start, not_text[i].length))
            return refuse(path, not_text[i].what, error);
    return other ? HRA_OK : kind_of_markup(path, start, length, kind, error);
}
