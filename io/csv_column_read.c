/* What the cell of a column says: the map's meanings first, then the variable's own reading. */
#include <string.h>

#include "io/csv_binding.h"
#include "io/text_fold.h"

static hra_cell_value read_word(const hra_words *words, hra_cell_text cell, bool *found)
{
    char folded[HRA_CELL_TEXT];
    *found = false;
    if (hra_fold(cell.text, cell.length, HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0)
        return hra_cell_missing();
    double number, meant;
    const char *end = folded + strlen(folded);
    bool is_number = hra_read_decimal(folded, end, &number) == end && end != folded;
    for (int i = 0; i < words->count && !*found; i++) {
        const hra_word *word = &words->items[i];
        const char *word_end = word->text + strlen(word->text);
        *found = strcmp(word->text, folded) == 0 ||
                 (is_number && word_end != word->text && hra_read_decimal(word->text, word_end, &meant) == word_end &&
                  meant == number);
        if (*found) return word->missing ? hra_cell_missing() : hra_cell_known(word->value, false);
    }
    if (!words->closed) return hra_cell_missing();
    *found = true;
    return hra_is_missing_word(folded, false) ? hra_cell_missing()
                                              : hra_cell_rejected("the map file gives this text no meaning");
}

hra_cell_value hra_source_column_read(const hra_binding *binding, const hra_source_column *source, hra_cell_text cell,
                                      char delimiter)
{
    const hra_cell_reader *reader = &binding->readers[source->column];
    bool found = false;
    if (source->words) {
        hra_cell_value meant = read_word(source->words, cell, &found);
        if (found) return meant;
    }
    hra_number_reader number = reader->number;
    number.rules = source->rules;
    switch (reader->variable->type) {
    case HRA_TYPE_FLAG: return hra_cell_flag(cell.text, cell.length);
    case HRA_TYPE_CATEGORY: return hra_cell_category(reader->levels, cell.text, cell.length);
    case HRA_TYPE_DATE: return hra_cell_date(source->rules, cell.text, cell.length);
    default: return hra_cell_number(&number, cell.text, cell.length, cell.quoted && delimiter == ',');
    }
}
