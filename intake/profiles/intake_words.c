#include "intake/profiles/intake_words.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "service/tables/rule_table.h"

enum { ENGLISH, CHINESE, COLUMNS };
enum { MOST_VALUES = 6, LEAST_LITERAL = 10 }; /* of a sentence that is known by its words */

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

static hra_code read_table(const char *name, hra_intake_words *words, hra_arena *arena, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"en", "zh"};
    HRA_TRY(hra_rule_table_load(NULL, name, columns, COLUMNS, arena, &words->table, error));
    for (int i = 0; i < words->table.count; i++) {
        const char **cells = hra_arena_alloc(arena, COLUMNS * sizeof *cells);
        if (!cells) return hra_out_of_memory(error);
        for (int c = 0; c < COLUMNS; c++) {
            cells[c] = unescape(words->table.rows[i].cells[c], arena);
            if (!cells[c]) return hra_out_of_memory(error);
        }
        words->table.rows[i].cells = cells;
    }
    return HRA_OK;
}

hra_code hra_intake_words_new(const char *language, hra_arena *arena, const hra_intake_words **out, hra_error *error)
{
    return hra_intake_words_of("datasets/intake_texts.csv", language, arena, out, error);
}

hra_code hra_reject_words_new(const char *language, hra_arena *arena, const hra_intake_words **out, hra_error *error)
{
    return hra_intake_words_of("datasets/reject_texts.csv", language, arena, out, error);
}

hra_code hra_intake_words_of(const char *table, const char *language, hra_arena *arena, const hra_intake_words **out,
                             hra_error *error)
{
    *out = NULL;
    if (strcmp(language, "zh") != 0) return HRA_OK;
    hra_intake_words *words = hra_arena_alloc(arena, sizeof *words);
    if (!words) return hra_out_of_memory(error);
    HRA_TRY(read_table(table, words, arena, error));
    *out = words;
    return HRA_OK;
}

const char *hra_say(const hra_intake_words *words, const char *english)
{
    for (int i = 0; words && i < words->table.count; i++)
        if (strcmp(words->table.rows[i].cells[ENGLISH], english) == 0) return words->table.rows[i].cells[CHINESE];
    return english;
}

/* ---- sentences that are whole ------------------------------------------------------------------ */

typedef struct value {
    const char *text;
    size_t length;
} value;

/* The words of a row without its values; 0: values that are no texts stand in it, or too many. */
static size_t literal_length(const char *pattern)
{
    size_t length = 0;
    int values = 0;
    for (const char *at = pattern; *at; at++) {
        if (*at != '%') {
            length++;
        } else if (*++at != 's' || ++values > MOST_VALUES) {
            return 0;
        }
    }
    return length;
}

/* Whether `text` is `pattern` with values in the places of "%s", which end where the words behind them first stand. */
static bool fits(const char *pattern, const char *text, value *values)
{
    int count = 0;
    for (;;) {
        const char *gap = strstr(pattern, "%s");
        size_t before = gap ? (size_t)(gap - pattern) : strlen(pattern);
        if (strncmp(text, pattern, before) != 0) return false;
        text += before;
        if (!gap) return *text == '\0';
        pattern = gap + 2;
        const char *next = strstr(pattern, "%s");
        size_t length = next ? (size_t)(next - pattern) : strlen(pattern), rest = strlen(text);
        const char *end = next ? memmem(text, rest, pattern, length) : rest >= length ? text + rest - length : NULL;
        if (!end) return false;
        values[count++] = (value){text, (size_t)(end - text)};
        text = end;
    }
}

/* "%s" takes the next value, "%2$s" the second. */
static void put_sentence(const char *format, const value *values, hra_buffer *out)
{
    int next = 0;
    for (const char *at = format; *at; at++) {
        bool numbered = at[0] == '%' && at[1] >= '1' && at[1] <= '0' + MOST_VALUES && at[2] == '$' && at[3] == 's';
        if (!numbered && (at[0] != '%' || at[1] != 's')) {
            hra_buffer_char(out, *at);
            continue;
        }
        const value *v = &values[numbered ? at[1] - '1' : next++];
        hra_buffer_append(out, v->text, v->length);
        at += numbered ? 3 : 1;
    }
}

/* The sentence in the other language; NULL: it is not in the table, or out of memory (`failed`). */
static const char *find_sentence(const hra_intake_words *words, const char *sentence, hra_arena *arena, bool *failed)
{
    *failed = false;
    for (int i = 0; words && i < words->table.count; i++) {
        const char *const *cells = words->table.rows[i].cells;
        value values[MOST_VALUES] = {{"", 0}};
        if (literal_length(cells[ENGLISH]) < LEAST_LITERAL || !fits(cells[ENGLISH], sentence, values)) continue;
        hra_buffer out = {0};
        put_sentence(cells[CHINESE], values, &out);
        const char *said = out.failed ? NULL : hra_arena_text(arena, out.bytes);
        hra_buffer_destroy(&out);
        *failed = !said;
        return said;
    }
    return NULL;
}

const char *hra_say_again(const hra_intake_words *words, const char *sentence, hra_arena *arena)
{
    bool failed;
    const char *said = find_sentence(words, sentence, arena, &failed);
    return said || failed ? said : hra_arena_text(arena, sentence);
}

const char *hra_say_why_held(const hra_intake_words *words, const char *sentence, hra_arena *arena)
{
    bool failed;
    const char *said = find_sentence(words, sentence, arena, &failed);
    if (said || failed) return said;
    return words ? hra_arena_printf(arena, hra_say(words, "the file cannot be read (%s)"), sentence)
                 : hra_arena_text(arena, sentence);
}
