#include "io/tables/sheet_choice.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void append_name(char *list, size_t room, const char *name, bool hidden)
{
    static const char more[] = ", ...", mark[] = " (hidden)";
    size_t length = strlen(list);
    bool full = length + strlen(name) + sizeof more + sizeof mark + 2 > room;
    if (full && length >= sizeof more && strcmp(list + length - sizeof more + 1, more) == 0) return;
    snprintf(list + length, room - length, "%s%s%s", length > 0 ? ", " : "", full ? "..." : name,
             hidden && !full ? mark : "");
}

static hra_code no_such_sheet(const hra_sheet_list *list, const char *wanted, hra_error *error)
{
    char names[HRA_TABLE_OTHERS] = "";
    for (int i = 0; i < list->count; i++) {
        hra_sheet_entry sheet = list->entry(list->book, i);
        append_name(names, sizeof names, sheet.name, sheet.hidden);
    }
    return hra_fail(error, HRA_EUSAGE, "%s: there is no sheet '%s'; its sheets are: %s", list->path, wanted, names);
}

hra_code hra_choose_sheet(const hra_sheet_list *list, const char *wanted, hra_table_choice *choice, hra_error *error)
{
    int chosen = -1;
    for (int i = 0; wanted && i < list->count; i++)
        if (strcasecmp(list->entry(list->book, i).name, wanted) == 0) chosen = i;
    if (wanted && chosen < 0) return no_such_sheet(list, wanted, error);
    for (int i = 0; i < list->count; i++) {
        hra_sheet_entry sheet = list->entry(list->book, i);
        bool empty = false, first = chosen < 0 && !sheet.hidden;
        if (!sheet.table) continue;
        hra_code code = list->is_empty(list->book, i, &empty, error);
        if (code != HRA_OK && (first || i == chosen)) return code;
        if (code == HRA_OK && empty) continue;
        choice->count++;
        if (first) chosen = i;
        if (i != chosen) append_name(choice->not_read, sizeof choice->not_read, sheet.name, sheet.hidden);
    }
    if (chosen < 0)
        return hra_fail(error, HRA_EINPUT, "%s: every sheet of this workbook that is not hidden is empty%s%s",
                        list->path, choice->not_read[0] ? "; --sheet can name a hidden one: " : "", choice->not_read);
    hra_sheet_entry sheet = list->entry(list->book, chosen);
    if (!sheet.table)
        return hra_fail(error, HRA_EINPUT, "%s: sheet '%s' is a chart or macro sheet: name another with --sheet",
                        list->path, sheet.name);
    choice->index = chosen;
    snprintf(choice->name, sizeof choice->name, "%s", sheet.name);
    return HRA_OK;
}

enum { LAST_MERGED_ROW = 64 };

static uint16_t within(long number) { return (uint16_t)(number < UINT16_MAX ? number : UINT16_MAX); }

void hra_choose_merge(hra_table_choice *choice, long first_row, long last_row, long first_column, long last_column)
{
    if (first_row > LAST_MERGED_ROW || choice->merge_count == HRA_TABLE_MERGES) return;
    choice->merges[choice->merge_count++] =
        (hra_merged_cells){within(first_row), within(last_row), within(first_column), within(last_column)};
}
