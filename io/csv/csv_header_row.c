#include "io/csv/csv_header_row.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv/csv_cells.h"
#include "io/words/cell_value.h"
#include "io/words/text_fold.h"

/* "130", "5.2", "<0.5", "120/80", "1980-03-04", "1980年3月4日". */
static bool is_number(const char *folded)
{
    static const char *const signs[] = {"年", "月", "日"};
    bool digits = false;
    for (const char *at = folded; *at;) {
        size_t length = strspn(at, "0123456789.,+-/:<>=%~");
        digits |= strcspn(at, "0123456789") < length;
        for (size_t i = 0; length == 0 && i < sizeof signs / sizeof signs[0]; i++)
            if (strncmp(at, signs[i], strlen(signs[i])) == 0) length = strlen(signs[i]);
        if (length == 0) return false;
        at += length;
    }
    return digits;
}

static bool is_sex(const hra_dictionary *dictionary, const char *folded)
{
    int sex = hra_dictionary_find(dictionary, "sex");
    const hra_variable *v = sex >= 0 ? hra_dictionary_at(dictionary, sex) : NULL;
    for (int i = 0; v && i < v->level_count; i++)
        for (int k = 0; k < v->levels[i].label_count; k++)
            if (strcasecmp(v->levels[i].labels[k], folded) == 0) return true;
    return false;
}

/* One letter may be the name of anything: M, F, Y, T. */
static bool is_answer(const hra_dictionary *dictionary, const char *folded)
{
    size_t length = strlen(folded);
    return length > 1 && (is_sex(dictionary, folded) || hra_cell_flag(folded, length).kind == HRA_CELL_KNOWN);
}

/* Diseases are both, names of columns and what is written in those of earlier ones. */
static bool is_name_only(const hra_dictionary *dictionary, int variable, const char *folded)
{
    return hra_dictionary_at(dictionary, variable)->type != HRA_TYPE_FLAG && !hra_is_missing_word(folded, true);
}

/* A variable counts once: in a row of people, `NA` stands in many cells, and is also a name of sodium. */
static bool count_name(const hra_name_index *names, hra_arena *arena, const char *name, const char *folded, bool *seen,
                       hra_row_look *look)
{
    const hra_dictionary *dictionary = hra_name_index_dictionary(names);
    hra_header_match match;
    if (!hra_header_find(names, name, arena, &match)) return false;
    bool doubtful = match.variable < 0 && match.doubt; /* a name, though it is left to the map what it means */
    int variable = doubtful ? hra_dictionary_find(dictionary, match.about[0]) : match.variable;
    if (variable < 0 || seen[variable]) return true;
    seen[variable] = true;
    look->known += !doubtful;
    look->names += is_name_only(dictionary, variable, folded);
    return true;
}

/* The cells of a record that are not too long to be names, folded; false at the end. */
static bool next_cell(hra_cells *cells, hra_cell_text *cell, char folded[HRA_HEADER_TEXT], int *filled)
{
    while (!cells->done) {
        *cell = hra_cells_next(cells);
        if (cell->length == 0) continue;
        bool fits = cell->length < HRA_HEADER_TEXT;
        int length = fits ? hra_fold(cell->text, cell->length, HRA_FOLD_NO_SPACES, folded, HRA_HEADER_TEXT) : -1;
        *filled += length != 0;
        if (length > 0) return true;
    }
    return false;
}

/* Ends where the cells that are left cannot make more than `least` names. */
static bool count_names(const hra_name_index *names, hra_arena *arena, hra_cells cells, int count, int least,
                        bool *seen, hra_row_look *look)
{
    char name[HRA_HEADER_TEXT], folded[HRA_HEADER_TEXT];
    hra_cell_text cell;
    for (int left = count; look->known + left > least && next_cell(&cells, &cell, folded, &look->filled); left--) {
        memcpy(name, cell.text, cell.length);
        name[cell.length] = '\0';
        if (!count_name(names, arena, name, folded, seen, look)) return false;
    }
    return true;
}

static void count_values(const hra_dictionary *dictionary, hra_cells cells, hra_row_look *look)
{
    char folded[HRA_HEADER_TEXT];
    hra_cell_text cell;
    int again = 0;
    while (next_cell(&cells, &cell, folded, &again))
        if (is_number(folded))
            look->numbers++;
        else if (is_answer(dictionary, folded))
            look->words++;
}

hra_code hra_row_look_at(const hra_name_index *names, hra_arena *arena, const hra_batch *batch,
                         const hra_record *record, char delimiter, int least, hra_row_look *look, hra_error *error)
{
    const hra_dictionary *dictionary = hra_name_index_dictionary(names);
    hra_buffer scratch = {0};
    hra_cells cells = hra_cells_begin(batch->text.bytes + record->start, record->length, delimiter, &scratch);
    bool *seen = calloc((size_t)hra_dictionary_count(dictionary), sizeof *seen);
    *look = (hra_row_look){0};
    bool good = seen && count_names(names, arena, cells, (int)record->cells, least, seen, look);
    if (good && look->known > least) count_values(dictionary, cells, look);
    good = good && !scratch.failed;
    free(seen);
    hra_buffer_destroy(&scratch);
    return good ? HRA_OK : hra_out_of_memory(error);
}

bool hra_row_holds_values(const hra_row_look *look)
{
    if (look->names == 0) return look->numbers + look->words > 0;
    return look->words > 0 && look->numbers > look->names;
}
