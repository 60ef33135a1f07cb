#include "io/csv/csv_unit_row.h"

#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/words/cell_value.h"
#include "io/words/text_fold.h"

typedef enum meaning { NOTHING, UNIT, BRACKETED, NAMED, OTHER } meaning;

/* "(mmol/L)", "［mmol/L］" or "mmol/L" without its brackets, folded. */
static bool read_unit(const char *text, size_t length, char unit[HRA_HEADER_TEXT], bool *bracketed)
{
    int folded = hra_fold(text, length, HRA_FOLD_NO_SPACES, unit, HRA_HEADER_TEXT);
    if (folded < 0) return false;
    size_t end = (size_t)folded;
    *bracketed = end > 2 && ((unit[0] == '(' && unit[end - 1] == ')') || (unit[0] == '[' && unit[end - 1] == ']'));
    if (*bracketed) {
        memmove(unit, unit + 1, end - 2);
        unit[end - 2] = '\0';
    }
    return true;
}

/* Signs that stand where a column has no unit. */
static bool says_none(const char *unit)
{
    static const char *const words[] = {"", "-", "--", "/", "—", "无", "单位"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(unit, words[i]) == 0) return true;
    return false;
}

/* "pmol/L", "x10^9/L", "mL/min/1.73m2", "空腹": no value of a person, all of which but words begin with a digit. */
static bool may_be_unit(const char *text)
{
    static const char *const times[] = {"×", "x", "*"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (strncmp(text, times[i], strlen(times[i])) == 0) text += strlen(times[i]);
    if (strncmp(text, "10", 2) == 0 && text[2] && !strchr("0123456789.-/", text[2])) return true;
    return (*text < '0' || *text > '9') && (!strpbrk(text, "0123456789") || strpbrk(text, "/^"));
}

/* What is no unit of the column above. A person's cells are not taken for a row of units, but a column that hra does
 * not know, or a unit that it does not know, must not hide the units of the others. */
static meaning judge_other(const hra_dictionary *dictionary, int variable, const char *unit)
{
    const hra_variable *v = variable >= 0 ? hra_dictionary_at(dictionary, variable) : NULL;
    if (v && v->type == HRA_TYPE_ID) return strstr(unit, "单位") ? NOTHING : OTHER;
    if (!may_be_unit(unit)) return OTHER;
    bool number = !v || v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    return number ? BRACKETED : NOTHING; /* "男/女" below a name */
}

hra_code hra_header_own_name(const hra_name_index *names, hra_arena *arena, hra_cell_text cell, int *variable,
                             hra_error *error)
{
    hra_header_match match;
    char folded[HRA_HEADER_TEXT];
    *variable = -1;
    hra_trim(&cell.text, &cell.length);
    const char *name = hra_arena_text_n(arena, cell.text, cell.length);
    if (!name || !hra_header_find(names, name, arena, &match)) return hra_out_of_memory(error);
    int length = hra_fold(cell.text, cell.length, HRA_FOLD_NO_SPACES, folded, sizeof folded);
    if (match.variable < 0 || length < 0 || hra_is_missing_word(folded, true)) return HRA_OK;
    const hra_variable *v = hra_dictionary_at(hra_name_index_dictionary(names), match.variable);
    if (v->type != HRA_TYPE_FLAG) *variable = match.variable;
    return HRA_OK;
}

static hra_code judge(const hra_name_index *names, hra_arena *arena, const char *name, hra_cell_text below,
                      char unit[HRA_HEADER_TEXT], meaning *out, hra_error *error)
{
    bool bracketed;
    hra_header_match match, with_unit;
    *out = OTHER;
    if (!read_unit(below.text, below.length, unit, &bracketed)) return HRA_OK;
    char folded[HRA_HEADER_TEXT];
    int length = hra_fold(name, strlen(name), HRA_FOLD_NO_SPACES, folded, sizeof folded);
    if (says_none(unit) || (length >= 0 && strcmp(folded, unit) == 0)) {
        *out = NOTHING;
        return HRA_OK;
    }
    const char *joined = hra_arena_printf(arena, "%s(%s)", name, unit);
    if (!joined || !hra_header_find(names, name, arena, &match) || !hra_header_find(names, joined, arena, &with_unit))
        return hra_out_of_memory(error);
    int own;
    HRA_TRY(hra_header_own_name(names, arena, below, &own, error));
    const char *below_unit;
    if (match.unit && hra_header_accepts(names, match.variable, name, unit, &below_unit))
        *out = strcmp(below_unit, match.unit) == 0 ? NOTHING : BRACKETED; /* once more, or a contradiction */
    else if (match.variable >= 0 && with_unit.variable == match.variable)
        *out = with_unit.unit ? UNIT : BRACKETED; /* two pressures have the unit of each */
    else if (own >= 0 && own != match.variable)
        *out = NAMED;
    else
        *out = bracketed ? BRACKETED : judge_other(hra_name_index_dictionary(names), match.variable, unit);
    return HRA_OK;
}

void hra_put_header_cell(const char *text, size_t length, hra_buffer *out)
{
    hra_buffer_char(out, '"'); /* whatever the separator */
    for (const char *end = text + length; text < end; text++) {
        if (*text == '"') hra_buffer_char(out, '"');
        hra_buffer_char(out, *text);
    }
    hra_buffer_char(out, '"');
}

static hra_code join_cell(const hra_name_index *names, hra_arena *arena, hra_cell_text above, hra_cell_text below,
                          hra_buffer *joined, meaning *found, hra_error *error)
{
    char unit[HRA_HEADER_TEXT];
    hra_trim(&above.text, &above.length);
    hra_trim(&below.text, &below.length);
    char *name = hra_arena_text_n(arena, above.text, above.length);
    if (!name) return hra_out_of_memory(error);
    HRA_TRY(judge(names, arena, name, below, unit, found, error));
    const char *full = *found == UNIT || *found == BRACKETED ? hra_arena_printf(arena, "%s(%s)", name, unit) : name;
    if (!full) return hra_out_of_memory(error);
    if (*found == NAMED)
        hra_put_header_cell(below.text, below.length, joined);
    else
        hra_put_header_cell(full, strlen(full), joined);
    return HRA_OK;
}

hra_code hra_join_unit_row(const hra_name_index *names, hra_arena *arena, hra_row_text header, hra_row_text below,
                           char delimiter, hra_buffer *joined, bool *found, hra_error *error)
{
    hra_buffer scratch = {0}, scratch_below = {0};
    hra_cells heads = hra_cells_begin(header.text, header.length, delimiter, &scratch);
    hra_cells units = hra_cells_begin(below.text, below.length, delimiter, &scratch_below);
    int known = 0, named = 0;
    bool other = false;
    hra_code code = HRA_OK;
    for (int i = 0; code == HRA_OK && !other && !heads.done; i++) {
        meaning here = NOTHING;
        hra_cell_text head = hra_cells_next(&heads);
        hra_cell_text unit = units.done ? (hra_cell_text){"", 0, false} : hra_cells_next(&units);
        if (i > 0) hra_buffer_char(joined, delimiter);
        code = join_cell(names, arena, head, unit, joined, &here, error);
        known += here == UNIT;
        named += here == NAMED;
        other = here == OTHER;
    }
    *found = (known > 0 || named > 1) && !other && units.done;
    if (code == HRA_OK && (scratch.failed || scratch_below.failed || joined->failed)) code = hra_out_of_memory(error);
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&scratch_below);
    return code;
}
