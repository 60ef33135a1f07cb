#include "io/csv/csv_header_above.h"

#include <string.h>

#include "io/words/text_fold.h"

/* What both rows are read with. */
typedef struct rows {
    const hra_name_index *names;
    hra_arena *arena;
    hra_error *error;
    const char *group; /* the nearest name above, also to the left: cells of a group are merged */
} rows;

/* Whether columns below this name speak of relatives. */
static bool is_family(const char *key)
{
    static const char *const words[] = {"家族", "亲属", "父母", "父亲", "母亲", "兄弟", "姐妹", "family", "relative"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(key, words[i])) return true;
    return false;
}

static hra_code find(const rows *r, const char *name, int *variable)
{
    hra_header_match match;
    *variable = -1;
    if (!hra_header_find(r->names, name, r->arena, &match)) return hra_out_of_memory(r->error);
    *variable = match.variable;
    return HRA_OK;
}

static bool is_flag(const rows *r, int variable)
{
    return variable >= 0 && hra_dictionary_at(hra_name_index_dictionary(r->names), variable)->type == HRA_TYPE_FLAG;
}

/* 高血压 below 家族史 is 高血压家族史. Whose disease it is below another word for relatives is left to the map. */
static hra_code name_in_family(const rows *r, const char **name, bool *found)
{
    static const char *const groups[] = {"家族史", "家族病史", "家族疾病史", "家族遗传史", "familyhistory"};
    char key[HRA_HEADER_TEXT];
    int variable = -1;
    if (!r->group || !hra_header_key(r->group, key) || !is_family(key)) return HRA_OK;
    HRA_TRY(find(r, *name, &variable));
    if (!is_flag(r, variable)) return HRA_OK;
    const char *own = *name, *full = NULL;
    size_t count = sizeof groups / sizeof groups[0];
    for (size_t i = 0; i < count && !full; i++) {
        if (strcmp(key, groups[i]) != 0) continue;
        full = hra_arena_printf(r->arena, i + 1 < count ? "%s家族史" : "Family history of %s", own);
        if (!full) return hra_out_of_memory(r->error);
    }
    variable = -1;
    if (full) HRA_TRY(find(r, full, &variable));
    *name = variable >= 0 ? full : hra_arena_printf(r->arena, "%s(%s)", r->group, own);
    *found = true;
    return *name ? HRA_OK : hra_out_of_memory(r->error);
}

static hra_code put_name(rows *r, int column, hra_cell_text above, hra_cell_text cell, hra_buffer *out, bool *found)
{
    int variable = -1;
    hra_trim(&above.text, &above.length);
    hra_trim(&cell.text, &cell.length);
    const char *name = hra_arena_text_n(r->arena, cell.text, cell.length);
    const char *upper = hra_arena_text_n(r->arena, above.text, above.length);
    if (!name || !upper) return hra_out_of_memory(r->error);
    if (*upper) r->group = column > 0 ? upper : NULL; /* a title stands in the first */
    if (cell.length > 0) {
        HRA_TRY(name_in_family(r, &name, found));
    } else if (*upper) {
        name = upper;
        HRA_TRY(hra_header_own_name(r->names, r->arena, above, &variable, r->error));
        *found |= variable >= 0;
    }
    hra_put_header_cell(name, strlen(name), out);
    return HRA_OK;
}

static hra_code complete(rows *r, hra_row_text above, hra_row_text header, char delimiter, hra_buffer *out, bool *found)
{
    hra_buffer scratch = {0}, scratch_above = {0};
    hra_cells cells = hra_cells_begin(header.text, header.length, delimiter, &scratch);
    hra_cells higher = hra_cells_begin(above.text, above.length, delimiter, &scratch_above);
    hra_code code = HRA_OK;
    for (int i = 0; code == HRA_OK && !cells.done; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        hra_cell_text upper = higher.done ? (hra_cell_text){"", 0, false} : hra_cells_next(&higher);
        if (i > 0) hra_buffer_char(out, delimiter);
        code = put_name(r, i, upper, cell, out, found);
    }
    if (code == HRA_OK && (scratch.failed || scratch_above.failed || out->failed)) code = hra_out_of_memory(r->error);
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&scratch_above);
    return code;
}

static hra_row_text text_of(const hra_batch *batch, int row)
{
    return (hra_row_text){batch->text.bytes + batch->records[row].start, batch->records[row].length};
}

hra_code hra_whole_header(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, int row,
                          char delimiter, hra_row_text *whole, hra_error *error)
{
    rows r = {.names = names, .arena = arena, .error = error};
    hra_buffer completed = {0};
    bool found = false;
    *whole = text_of(batch, row);
    if (row == 0 || batch->records[row - 1].fault != HRA_RECORD_GOOD) return HRA_OK;
    hra_code code = complete(&r, text_of(batch, row - 1), *whole, delimiter, &completed, &found);
    if (code == HRA_OK && found)
        *whole = (hra_row_text){hra_arena_text_n(arena, completed.bytes, completed.length), completed.length};
    hra_buffer_destroy(&completed);
    return code == HRA_OK && !whole->text ? hra_out_of_memory(error) : code;
}
