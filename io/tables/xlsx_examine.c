/* Which sheet of a workbook is read, whether it is whole, and where its cells are merged. */
#include <stdlib.h>
#include <string.h>

#include "io/tables/sheet_choice.h"
#include "io/tables/xlsx_book.h"
#include "io/tables/xlsx_table.h"

/* ---- choosing ------------------------------------------------------------------------- */

static hra_code sheet_is_empty(const void *book, int index, bool *empty, hra_error *error)
{
    hra_table_choice *choice = calloc(1, sizeof *choice);
    hra_xlsx_table *table = NULL;
    hra_buffer text = {0};
    bool end = false;
    if (!choice) return hra_out_of_memory(error);
    choice->index = index;
    hra_code code = hra_xlsx_table_open(((const hra_xlsx_book *)book)->zip, choice, &table, error);
    while (code == HRA_OK && !end && text.length == 0) code = hra_xlsx_table_read(table, &text, &end, error);
    *empty = text.length == 0;
    hra_xlsx_table_close(table);
    hra_buffer_destroy(&text);
    free(choice);
    return code;
}

static hra_sheet_entry sheet_entry(const void *book, int index)
{
    return ((const hra_xlsx_book *)book)->sheets[index].entry;
}

/* ---- reading it once ----------------------------------------------------------------------- */

enum { BLOCK = 1 << 16, MARK = 128 };

/* "B12" to its numbers; NULL if it is none. */
static const char *read_cell_name(const char *at, long *column, long *row)
{
    char *end;
    *column = 0;
    for (; *at >= 'A' && *at <= 'Z' && *column < 1 << 16; at++) *column = 26 * *column + (*at - 'A' + 1);
    *row = strtol(at, &end, 10);
    return end != at && *column > 0 && *row > 0 ? end : NULL;
}

static void add_merge(const char *range, hra_table_choice *choice)
{
    long first_column, first_row, last_column, last_row;
    range = read_cell_name(range, &first_column, &first_row);
    if (!range || *range != ':' || !read_cell_name(range + 1, &last_column, &last_row)) return;
    hra_choose_merge(choice, first_row, last_row, first_column, last_column);
}

/* Merged cells are listed behind the rows, where a stream comes too late: they are found by their marks, of which those
 * that start before `limit` are taken. */
static void find_merges(const char *text, size_t length, size_t limit, hra_table_choice *choice)
{
    static const char mark[] = "mergeCell ";
    size_t within = limit + sizeof mark - 2;
    const char *at = text, *end = text + (within < length ? within : length);
    while ((at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1))) {
        const char *ref = strstr(at, "ref=");
        if (ref && ref < at + MARK - 32 && (ref[4] == '"' || ref[4] == '\'')) add_merge(ref + 5, choice);
        at += sizeof mark - 1;
    }
}

/* Unpacks a part to its end, which checks its length and checksum; merged cells go to `choice` unless NULL. */
static hra_code check_part(hra_zip *zip, int index, hra_table_choice *choice, hra_error *error)
{
    hra_zip_part *part;
    HRA_TRY(hra_zip_part_open(zip, index, &part, error));
    char *text = malloc(MARK + BLOCK + 1);
    hra_code code = text ? HRA_OK : hra_out_of_memory(error);
    size_t kept = 0, got = 1;
    while (code == HRA_OK && got > 0) {
        code = hra_zip_part_read(part, text + kept, BLOCK, &got, error);
        if (code != HRA_OK || !choice) continue;
        size_t length = kept + got;
        text[length] = '\0';
        size_t limit = got == 0 ? length : length > MARK ? length - MARK : 0;
        find_merges(text, length, limit, choice);
        kept = length - limit;
        memmove(text, text + limit, kept);
    }
    free(text);
    hra_zip_part_close(part);
    return code;
}

hra_code hra_xlsx_examine(hra_zip *zip, const char *wanted, hra_table_choice *choice, hra_error *error)
{
    hra_xlsx_book *book;
    *choice = (hra_table_choice){0};
    HRA_TRY(hra_xlsx_book_open(zip, &book, error));
    hra_sheet_list list = {hra_zip_path(zip), book->sheet_count, sheet_entry, sheet_is_empty, book};
    hra_code code = hra_choose_sheet(&list, wanted, choice, error);
    const hra_xlsx_sheet_entry *sheet = code == HRA_OK ? &book->sheets[choice->index] : NULL;
    if (sheet && sheet->part < 0)
        code = hra_fail(error, HRA_EINPUT,
                        "%s: sheet '%s' is missing in the workbook: open it in Excel or WPS and save it again",
                        hra_zip_path(zip), sheet->entry.name);
    if (code == HRA_OK) code = check_part(zip, sheet->part, choice, error);
    if (code == HRA_OK && book->strings_part >= 0) code = check_part(zip, book->strings_part, NULL, error);
    hra_xlsx_book_close(book);
    return code;
}
