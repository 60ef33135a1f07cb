/* What the cell of a column says: the map's meanings first, then the variable's own reading. */
#include <string.h>

#include "io/csv/csv_binding.h"
#include "io/words/text_fold.h"

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

/* Yes, no or a level; where that fails and there are phrases about the variable, as free text. */
static hra_cell_value read_text(const hra_binding *binding, int column, hra_cell_text cell)
{
    const hra_cell_reader *reader = &binding->readers[column];
    int variable = binding->schema.columns[column].variable;
    bool about = hra_phrases_about(binding->phrases, variable);
    hra_cell_value value;
    if (about && hra_phrase_whole(binding->phrases, variable, cell.text, cell.length, &value)) return value;
    value = reader->variable->type == HRA_TYPE_FLAG ? hra_cell_flag(cell.text, cell.length)
                                                    : hra_cell_category(reader->levels, cell.text, cell.length);
    if (!about || value.kind != HRA_CELL_REJECTED) return value;
    hra_cell_value said = hra_phrases_read(binding->phrases, variable, cell.text, cell.length);
    bool understood = said.kind != HRA_CELL_REJECTED || strcmp(said.reason, HRA_TEXT_NOT_UNDERSTOOD) != 0;
    return understood ? said : value;
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
    number.header = source->header;
    switch (reader->variable->type) {
    case HRA_TYPE_FLAG:
    case HRA_TYPE_CATEGORY: return read_text(binding, source->column, cell);
    case HRA_TYPE_DATE: return hra_cell_date(source->rules, cell.text, cell.length);
    default: return hra_cell_number(&number, cell.text, cell.length, cell.quoted && delimiter == ',');
    }
}
