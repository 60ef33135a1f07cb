#include "report/pdf/pdf_book.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "report/pdf/drawing_calls.h"

enum { TAIL = 48 }; /* the end of a PDF file, where it says where its list of objects begins */

struct hra_pdf_book {
    hra_atomic_file *file;
    cairo_surface_t *surface;
    cairo_t *cr;
    int pages; /* finished */
    int write_error;
    char tail[TAIL + 1]; /* of what was written */
    int64_t bytes;
};

static void remember_tail(hra_pdf_book *book, const unsigned char *bytes, unsigned length)
{
    unsigned last = length < TAIL ? length : TAIL;
    memmove(book->tail, book->tail + last, TAIL - last);
    memcpy(book->tail + TAIL - last, bytes + length - last, last);
    book->bytes += length;
}

/* The drawing library is never told of a fault: parts of it end the program when one strikes them. hra_pdf_book_check
 * tells. */
static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    hra_pdf_book *book = closure;
    if (book->write_error) return CAIRO_STATUS_SUCCESS;
    errno = 0;
    remember_tail(book, bytes, length);
    if (fwrite(bytes, 1, length, hra_atomic_stream(book->file)) != length) book->write_error = errno ? errno : EIO;
    return CAIRO_STATUS_SUCCESS;
}

/* Without a day the file would say when it was made, and no two would be the same. */
static void describe(hra_pdf_book *book, const hra_pdf_book_options *options)
{
    char day[40];
    snprintf(day, sizeof day, "%.10sT00:00:00Z", *options->day ? options->day : "1970-01-01");
    cairo_pdf_surface_set_metadata(book->surface, CAIRO_PDF_METADATA_CREATE_DATE, day);
    cairo_pdf_surface_set_metadata(book->surface, CAIRO_PDF_METADATA_MOD_DATE, day);
    cairo_pdf_surface_set_metadata(book->surface, CAIRO_PDF_METADATA_TITLE, options->title);
    if (*options->author) cairo_pdf_surface_set_metadata(book->surface, CAIRO_PDF_METADATA_AUTHOR, options->author);
    cairo_pdf_surface_set_metadata(book->surface, CAIRO_PDF_METADATA_CREATOR, "hra " HRA_VERSION);
}

hra_code hra_pdf_book_open(const char *path, const hra_pdf_book_options *options, hra_pdf_book **out, hra_error *error)
{
    HRA_TRY(hra_drawing_load(error));
    hra_pdf_book *book = calloc(1, sizeof *book);
    if (!book) return hra_out_of_memory(error);
    hra_code code = hra_atomic_open(path, &book->file, error);
    if (code != HRA_OK) {
        free(book);
        return code;
    }
    book->surface = cairo_pdf_surface_create_for_stream(write_bytes, book, HRA_PDF_PAGE_WIDTH, HRA_PDF_PAGE_HEIGHT);
    book->cr = cairo_create(book->surface);
    describe(book, options);
    code = hra_pdf_book_check(book, error);
    if (code == HRA_OK)
        *out = book;
    else
        hra_pdf_book_abandon(book);
    return code;
}

cairo_t *hra_pdf_book_page(hra_pdf_book *book) { return book->cr; }

void hra_pdf_book_turn(hra_pdf_book *book)
{
    cairo_show_page(book->cr);
    book->pages++;
}

int hra_pdf_book_mark(hra_pdf_book *book, int parent, const char *text, double y)
{
    char place[64];
    snprintf(place, sizeof place, "page=%d pos=[0 %d]", book->pages + 1, (int)y);
    return cairo_pdf_surface_add_outline(book->surface, parent, text, place, 0);
}

hra_code hra_pdf_book_check(const hra_pdf_book *book, hra_error *error)
{
    cairo_status_t status = cairo_status(book->cr);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(book->surface);
    if (status == CAIRO_STATUS_SUCCESS && !book->write_error) return HRA_OK;
    if (status == CAIRO_STATUS_NO_MEMORY) return hra_fail(error, HRA_ENOMEM, "out of memory while drawing a PDF file");
    errno = book->write_error;
    if (book->write_error) return hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(book->file));
    return hra_fail(error, HRA_EINTERNAL, "drawing a PDF file failed: %s", cairo_status_to_string(status));
}

int hra_pdf_book_pages(const hra_pdf_book *book) { return book->pages; }

/* ---- the end of a file ---- */

/* What follows cairo's end: a comment with what the file was made from and how long it is, then the end once more. */
static void put_end(char end[160], const hra_fingerprint_bytes *content, int64_t bytes, int64_t objects)
{
    char hex[2 * HRA_FINGERPRINT_SIZE + 1];
    sodium_bin2hex(hex, sizeof hex, content->bytes, sizeof content->bytes);
    snprintf(end, 160, "%%hra %s %lld\nstartxref\n%lld\n%%%%EOF\n", hex, (long long)bytes, (long long)objects);
}

static hra_code write_end(hra_pdf_book *book, const hra_fingerprint_bytes *content, hra_error *error)
{
    static const char word[] = "startxref\n";
    char end[160];
    const char *at = NULL;
    for (int i = 0; i + (int)sizeof word <= TAIL; i++)
        if (memcmp(book->tail + i, word, sizeof word - 1) == 0) at = book->tail + i + sizeof word - 1;
    if (!at) return hra_fail(error, HRA_EINTERNAL, "a PDF file has no end");
    put_end(end, content, book->bytes, strtoll(at, NULL, 10));
    errno = 0;
    if (fputs(end, hra_atomic_stream(book->file)) >= 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(book->file));
}

hra_code hra_pdf_book_close(hra_pdf_book *book, const hra_fingerprint_bytes *content, hra_error *error)
{
    cairo_surface_finish(book->surface);
    hra_code code = HRA_OK;
    cairo_status_t status = cairo_surface_status(book->surface);
    if (book->write_error || (status != CAIRO_STATUS_SUCCESS && status != CAIRO_STATUS_SURFACE_FINISHED))
        code = hra_pdf_book_check(book, error);
    if (code == HRA_OK) code = write_end(book, content, error);
    if (code == HRA_OK) {
        hra_atomic_file *file = book->file;
        book->file = NULL;
        code = hra_atomic_commit(file, error);
    }
    hra_pdf_book_abandon(book);
    return code;
}

bool hra_pdf_book_is(const char *path, const hra_fingerprint_bytes *content)
{
    char last[200] = "", end[160];
    FILE *file = fopen(path, "rbe");
    if (!file) return false;
    size_t length = 0;
    if (fseeko(file, -(off_t)(sizeof last - 1), SEEK_END) == 0) length = fread(last, 1, sizeof last - 1, file);
    off_t size = ftello(file);
    fclose(file);
    const char *at = length == sizeof last - 1 ? strstr(last, "\nstartxref\n") : NULL;
    const char *mark = at ? strstr(at, "%hra ") : NULL;
    if (!mark) return false;
    put_end(end, content, (int64_t)size - (int64_t)strlen(mark), strtoll(at + 11, NULL, 10));
    return strcmp(mark, end) == 0;
}

void hra_pdf_book_abandon(hra_pdf_book *book)
{
    if (!book) return;
    cairo_destroy(book->cr);
    cairo_surface_destroy(book->surface);
    hra_atomic_abandon(book->file);
    free(book);
}
