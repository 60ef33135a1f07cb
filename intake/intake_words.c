#include "intake/intake_words.h"

#include <stdbool.h>
#include <string.h>

#include "service/rule_table.h"

enum { ENGLISH, CHINESE, COLUMNS };

struct hra_intake_words {
    hra_rule_table table;
};

/* "\n" and "\s" in the table are a line break and a blank, which a cell cannot keep at its ends. */
static const char *unescape(const char *text, hra_arena *arena)
{
    char *out = hra_arena_text(arena, text), *to = out;
    for (const char *at = text; out && *at; at++) {
        bool escaped = at[0] == '\\' && (at[1] == 'n' || at[1] == 's');
        if (escaped) at++;
        *to++ = !escaped ? *at : *at == 'n' ? '\n' : ' ';
    }
    if (out) *to = '\0';
    return out;
}

static hra_code read_table(hra_intake_words *words, hra_arena *arena, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"en", "zh"};
    HRA_TRY(hra_rule_table_load(NULL, "datasets/intake_texts.csv", columns, COLUMNS, arena, &words->table, error));
    for (int i = 0; i < words->table.count; i++) {
        const char **cells = hra_arena_alloc(arena, COLUMNS * sizeof *cells);
        if (!cells) return hra_fail(error, HRA_ENOMEM, "out of memory");
        for (int c = 0; c < COLUMNS; c++) {
            cells[c] = unescape(words->table.rows[i].cells[c], arena);
            if (!cells[c]) return hra_fail(error, HRA_ENOMEM, "out of memory");
        }
        words->table.rows[i].cells = cells;
    }
    return HRA_OK;
}

hra_code hra_intake_words_new(const char *language, hra_arena *arena, const hra_intake_words **out, hra_error *error)
{
    *out = NULL;
    if (strcmp(language, "zh") != 0) return HRA_OK;
    hra_intake_words *words = hra_arena_alloc(arena, sizeof *words);
    if (!words) return hra_fail(error, HRA_ENOMEM, "out of memory");
    HRA_TRY(read_table(words, arena, error));
    *out = words;
    return HRA_OK;
}

const char *hra_say(const hra_intake_words *words, const char *english)
{
    for (int i = 0; words && i < words->table.count; i++)
        if (strcmp(words->table.rows[i].cells[ENGLISH], english) == 0) return words->table.rows[i].cells[CHINESE];
    return english;
}
