#include "io/csv_header_row.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/cell_value.h"
#include "io/csv_cells.h"
#include "io/text_fold.h"

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

static bool look_at_cell(const hra_name_index *names, hra_arena *arena, hra_cell_text cell, bool *seen,
                         hra_row_look *look)
{
    char name[HRA_HEADER_TEXT], folded[HRA_HEADER_TEXT];
    if (cell.length == 0) return true;
    int length =
        cell.length < sizeof name ? hra_fold(cell.text, cell.length, HRA_FOLD_NO_SPACES, folded, sizeof folded) : 1;
    look->filled += length > 0;
    if (length <= 0 || cell.length >= sizeof name) return true;
    memcpy(name, cell.text, cell.length);
    name[cell.length] = '\0';
    if (is_number(folded))
        look->numbers++;
    else if (is_answer(hra_name_index_dictionary(names), folded))
        look->words++;
    return count_name(names, arena, name, folded, seen, look);
}

hra_code hra_row_look_at(const hra_name_index *names, hra_arena *arena, const hra_batch *batch,
                         const hra_record *record, char delimiter, hra_row_look *look, hra_error *error)
{
    hra_buffer scratch = {0};
    hra_cells cells = hra_cells_begin(batch->text.bytes + record->start, record->length, delimiter, &scratch);
    bool *seen = calloc((size_t)hra_dictionary_count(hra_name_index_dictionary(names)), sizeof *seen);
    bool good = seen != NULL;
    *look = (hra_row_look){0};
    while (good && !cells.done) good = look_at_cell(names, arena, hra_cells_next(&cells), seen, look);
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
