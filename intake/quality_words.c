#include "intake/quality_words.h"

#include <stdio.h>
#include <string.h>

#include "service/rule_table.h"

enum { KEY, ENGLISH, CHINESE, COLUMNS };

struct hra_quality_words {
    hra_rule_table table;
    int language; /* ENGLISH or CHINESE */
};

hra_code hra_quality_words_new(const char *language, hra_arena *arena, const hra_quality_words **out, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"key", "en", "zh"};
    hra_quality_words *words = hra_arena_alloc(arena, sizeof *words);
    if (!words) return hra_fail(error, HRA_ENOMEM, "out of memory");
    words->language = strcmp(language, "zh") == 0 ? CHINESE : ENGLISH;
    *out = words;
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
