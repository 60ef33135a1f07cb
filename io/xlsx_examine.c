/* Which sheet of a workbook is read, whether it is whole, and where its cells are merged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/xlsx_book.h"
#include "io/xlsx_table.h"

/* ---- choosing ------------------------------------------------------------------------- */

static hra_code sheet_is_empty(hra_zip *zip, int index, bool *empty, hra_error *error)
{
    hra_table_choice *choice = calloc(1, sizeof *choice);
    hra_xlsx_table *table = NULL;
    hra_buffer text = {0};
    bool end = false;
    if (!choice) return hra_out_of_memory(error);
    choice->index = index;
    hra_code code = hra_xlsx_table_open(zip, choice, &table, error);
    while (code == HRA_OK && !end && text.length == 0) code = hra_xlsx_table_read(table, &text, &end, error);
    *empty = text.length == 0;
    hra_xlsx_table_close(table);
    hra_buffer_destroy(&text);
    free(choice);
    return code;
}

static void append_name(char *list, size_t room, const char *name, bool hidden)
{
    static const char more[] = ", ...", mark[] = " (hidden)";
    size_t length = strlen(list);
    bool full = length + strlen(name) + sizeof more + sizeof mark + 2 > room;
    if (full && length >= sizeof more && strcmp(list + length - sizeof more + 1, more) == 0) return;
    snprintf(list + length, room - length, "%s%s%s", length > 0 ? ", " : "", full ? "..." : name,
             hidden && !full ? mark : "");
}

static hra_code no_such_sheet(const hra_xlsx_book *book, const char *wanted, hra_error *error)
{
    char names[HRA_TABLE_OTHERS] = "";
    for (int i = 0; i < book->sheet_count; i++)
        append_name(names, sizeof names, book->sheets[i].name, book->sheets[i].hidden);
    return hra_fail(error, HRA_EUSAGE, "%s: there is no sheet '%s'; its sheets are: %s", hra_zip_path(book->zip),
                    wanted, names);
}

static hra_code choose_sheet(const hra_xlsx_book *book, const char *wanted, hra_table_choice *choice, hra_error *error)
{
    int chosen = -1;
    for (int i = 0; i < book->sheet_count; i++) {
        const hra_xlsx_sheet_entry *sheet = &book->sheets[i];
        if (wanted && strcasecmp(sheet->name, wanted) == 0) chosen = i;
    }
    if (wanted && chosen < 0) return no_such_sheet(book, wanted, error);
    for (int i = 0; i < book->sheet_count; i++) {
        const hra_xlsx_sheet_entry *sheet = &book->sheets[i];
        bool empty = false, first = chosen < 0 && !sheet->hidden;
        if (!sheet->table) continue;
        hra_code code = sheet_is_empty(book->zip, i, &empty, error);
        if (code != HRA_OK && (first || i == chosen)) return code;
        if (code == HRA_OK && empty) continue;
        choice->count++;
        if (first) chosen = i;
        if (i != chosen) append_name(choice->not_read, sizeof choice->not_read, sheet->name, sheet->hidden);
    }
    if (chosen < 0)
        return hra_fail(error, HRA_EINPUT, "%s: every sheet of this workbook that is not hidden is empty%s%s",
                        hra_zip_path(book->zip), choice->not_read[0] ? "; --sheet can name a hidden one: " : "",
                        choice->not_read);
    choice->index = chosen;
    snprintf(choice->name, sizeof choice->name, "%s", book->sheets[chosen].name);
    return HRA_OK;
}

/* ---- reading it once ----------------------------------------------------------------------- */

enum { BLOCK = 1 << 16, MARK = 128, LAST_MERGED_ROW = 64 };

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
    if (first_row > LAST_MERGED_ROW || choice->merge_count == HRA_TABLE_MERGES) return;
    choice->merges[choice->merge_count++] =
        (hra_merged_cells){(uint16_t)first_row, (uint16_t)(last_row < UINT16_MAX ? last_row : UINT16_MAX),
                           (uint16_t)first_column, (uint16_t)(last_column < UINT16_MAX ? last_column : UINT16_MAX)};
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
    hra_code code = choose_sheet(book, wanted, choice, error);
    const hra_xlsx_sheet_entry *sheet = code == HRA_OK ? &book->sheets[choice->index] : NULL;
    if (sheet && !sheet->table)
        code = hra_fail(error, HRA_EINPUT, "%s: sheet '%s' is a chart or macro sheet: name another with --sheet",
                        hra_zip_path(zip), sheet->name);
    else if (sheet && sheet->part < 0)
        code = hra_fail(error, HRA_EINPUT,
                        "%s: sheet '%s' is missing in the workbook: open it in Excel or WPS and save it again",
                        hra_zip_path(zip), sheet->name);
    if (code == HRA_OK) code = check_part(zip, sheet->part, choice, error);
    if (code == HRA_OK && book->strings_part >= 0) code = check_part(zip, book->strings_part, NULL, error);
    hra_xlsx_book_close(book);
    return code;
}
