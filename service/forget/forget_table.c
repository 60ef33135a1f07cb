/* Lists without some of their people, cut as bytes: what stays is not written in any other way than it stood there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "service/enrolment/register_titles.h"
#include "service/forget/forget_text.h"

enum { BLOCK = 1 << 20 };

typedef struct table {
    const char *path;
    FILE *file;
    hra_buffer text, scratch;
    size_t at; /* in the text: what stands before it was dealt with */
    bool end;  /* of the file */
    hra_cutter cutter;
    int person; /* column, -1: none */
} table;

static hra_code read_more(table *t, hra_error *error)
{
    if (t->at > 0) {
        t->text.length -= t->at;
        memmove(t->text.bytes, t->text.bytes + t->at, t->text.length);
        t->at = 0;
    }
    char *room = hra_buffer_reserve(&t->text, BLOCK);
    if (!room) return hra_out_of_memory(error);
    size_t got = fread(room, 1, BLOCK, t->file);
    if (got == 0 && ferror(t->file))
        return hra_fail(error, HRA_EIO, "%s: reading failed: %s", t->path, strerror(errno));
    t->text.length += got;
    t->end = got == 0;
    t->cutter.feedless = 0;
    return t->text.length > HRA_LINE_LIMIT ? hra_fail(error, HRA_EINPUT, "%s has a line that never ends", t->path)
                                           : HRA_OK;
}

/* The next record with its line end: text from `at` to `*next`. *any false at the end. */
static hra_code next_record(table *t, hra_record *record, size_t *next, bool *any, hra_error *error)
{
    int64_t lines;
    for (;;) {
        *any = t->at < t->text.length &&
               hra_cut_record(&t->cutter, t->text.bytes, t->text.length, t->at, t->end, record, next, &lines);
        if (*any || t->end) return HRA_OK;
        HRA_TRY(read_more(t, error));
    }
}

static hra_cell_text cell_of(table *t, const hra_record *record, int column)
{
    hra_cells cells = hra_cells_begin(t->text.bytes + record->start, record->length, t->cutter.delimiter, &t->scratch);
    hra_cell_text cell = {"", 0, false};
    for (int i = 0; i <= column && !cells.done; i++) {
        cell = hra_cells_next(&cells);
        if (i < column && cells.done) cell = (hra_cell_text){"", 0, false};
    }
    return cell;
}

static bool names_people(const hra_register_titles *titles, hra_cell_text cell)
{
    static const char *const names[] = {"person_id", "person", "key"}; /* `key`: what a join could not match */
    const char *title = hra_register_titles_find(titles, cell.text, cell.length);
    if (title) return strcmp(title, "person") == 0 || strcmp(title, "person_id") == 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == cell.length && memcmp(cell.text, names[i], cell.length) == 0) return true;
    return false;
}

static hra_code find_person(table *t, const hra_record *record, hra_error *error)
{
    hra_register_titles *titles;
    HRA_TRY(hra_register_titles_new(&titles, error));
    hra_cells cells = hra_cells_begin(t->text.bytes + record->start, record->length, t->cutter.delimiter, &t->scratch);
    t->cutter.width = 0;
    for (int i = 0; !cells.done; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (t->person < 0 && names_people(titles, cell)) t->person = i;
        t->cutter.width++;
    }
    hra_register_titles_free(titles);
    return t->scratch.failed ? hra_out_of_memory(error) : HRA_OK;
}

/* Texts only: what holds a NUL byte or is packed is none. */
static bool is_text(const hra_buffer *text)
{
    const unsigned char *bytes = (const unsigned char *)text->bytes;
    bool gzip = text->length > 1 && bytes[0] == 0x1F && bytes[1] == 0x8B;
    return text->length > 0 && !gzip && !memchr(bytes, '\0', text->length);
}

/* Behind the header; t->person stays -1 where the file has no column of people. */
static hra_code open_table(table *t, const char *path, size_t *header_end, hra_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* a byte-order mark is no part of the first column's name */
    hra_record record;
    bool any;
    *t = (table){.path = path, .person = -1};
    t->file = fopen(path, "rbe");
    if (!t->file) return hra_fail(error, HRA_EIO, "%s: cannot open it: %s", path, strerror(errno));
    HRA_TRY(read_more(t, error));
    if (!is_text(&t->text)) return HRA_OK;
    if (t->text.length > 3 && memcmp(t->text.bytes, mark, 3) == 0) t->at = 3;
    t->cutter.delimiter = hra_sniff_delimiter(t->text.bytes + t->at, t->text.length - t->at, t->text.length < BLOCK);
    HRA_TRY(next_record(t, &record, header_end, &any, error));
    return any ? find_person(t, &record, error) : HRA_OK;
}

static void close_table(table *t)
{
    if (t->file) fclose(t->file);
    hra_buffer_destroy(&t->text);
    hra_buffer_destroy(&t->scratch);
}

hra_code hra_forget_is_table(const char *path, bool *is_table, hra_error *error)
{
    table t;
    size_t header_end;
    hra_code code = open_table(&t, path, &header_end, error);
    *is_table = !code && t.person >= 0;
    close_table(&t);
    return code;
}

/* Records behind the header; those that stay go to `out`, NULL: they are only counted. */
static hra_code take_records(table *t, hra_forget_list *list, FILE *out, int64_t *removed, hra_error *error)
{
    for (*removed = 0;;) {
        hra_record record;
        size_t next;
        bool any;
        HRA_TRY(next_record(t, &record, &next, &any, error));
        if (!any) return HRA_OK;
        if (record.fault != HRA_RECORD_GOOD)
            return hra_fail(error, HRA_EINPUT, "%s: a record cannot be read: a quote that is not closed, or damage",
                            t->path);
        hra_cell_text cell = cell_of(t, &record, t->person);
        bool goes = hra_forget_list_person(list, cell.text, cell.length);
        *removed += goes;
        if (!goes && out && fwrite(t->text.bytes + t->at, 1, next - t->at, out) != next - t->at)
            return hra_fail(error, HRA_EIO, "%s cannot be written anew: %s", t->path, strerror(errno));
        t->at = next;
        if (t->scratch.failed) return hra_out_of_memory(error);
    }
}

/* A hra_forget_pass. */
static hra_code pass(const char *path, hra_forget_list *list, FILE *out, int64_t *removed, hra_error *error)
{
    table t;
    size_t header_end = 0;
    hra_code code = open_table(&t, path, &header_end, error);
    if (!code && t.person < 0) code = hra_fail(error, HRA_EINPUT, "%s has no column of people", path);
    if (!code && out && fwrite(t.text.bytes, 1, header_end, out) != header_end)
        code = hra_fail(error, HRA_EIO, "%s cannot be written anew: %s", path, strerror(errno));
    t.at = header_end;
    if (!code) code = take_records(&t, list, out, removed, error);
    close_table(&t);
    return code;
}

hra_code hra_forget_in_table(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error)
{
    return hra_forget_in_text(path, pass, list, dry, removed, error);
}
