#include "intake/quality/quality_words.h"

#include <stdio.h>
#include <string.h>

#include "intake/profiles/intake_words.h"
#include "service/tables/rule_table.h"

enum { KEY, ENGLISH, CHINESE, COLUMNS };
enum { UNIT_KEY, UNIT_TEXT, UNIT_COLUMNS };

struct hra_quality_words {
    hra_rule_table table;
    hra_rule_table units;            /* among the texts of the reports */
    const hra_intake_words *reasons; /* why cells were rejected */
    int language;                    /* ENGLISH or CHINESE */
};

hra_code hra_quality_words_new(const char *language, hra_arena *arena, const hra_quality_words **out, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"key", "en", "zh"}, *const unit_columns[] = {"key", "text"};
    hra_quality_words *words = hra_arena_alloc(arena, sizeof *words);
    if (!words) return hra_out_of_memory(error);
    words->language = strcmp(language, "zh") == 0 ? CHINESE : ENGLISH;
    *out = words;
    HRA_TRY(hra_reject_words_new(language, arena, &words->reasons, error));
    HRA_TRY(hra_rule_table_load(NULL, words->language == CHINESE ? "datasets/texts/zh.csv" : "datasets/texts/en.csv",
                                unit_columns, UNIT_COLUMNS, arena, &words->units, error));
    return hra_rule_table_load(NULL, "datasets/quality_texts.csv", columns, COLUMNS, arena, &words->table, error);
}

bool hra_quality_words_chinese(const hra_quality_words *words) { return words->language == CHINESE; }

const char *hra_quality_word(const hra_quality_words *words, const char *prefix, const char *name)
{
    char key[96];
    snprintf(key, sizeof key, "%s%s%s", prefix, name ? "." : "", name ? name : "");
    for (int i = 0; i < words->table.count; i++)
        if (strcmp(words->table.rows[i].cells[KEY], key) == 0) return words->table.rows[i].cells[words->language];
    return name ? name : prefix;
}

const char *hra_quality_reject(const hra_quality_words *words, const char *reason)
{
    return hra_say(words->reasons, reason);
}

const char *hra_quality_unit(const hra_quality_words *words, const char *unit)
{
    for (int i = 0; i < words->units.count; i++) {
        const char *key = words->units.rows[i].cells[UNIT_KEY];
        if (strncmp(key, "unit.", 5) == 0 && strcmp(key + 5, unit) == 0) return words->units.rows[i].cells[UNIT_TEXT];
    }
    return unit;
}
