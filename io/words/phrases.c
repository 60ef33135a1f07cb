/* The text of a cell asked about one variable or several. */
#include "io/words/phrases.h"

#include <stdio.h>
#include <string.h>

#include "io/words/cell_text.h"
#include "io/words/phrase_book.h"
#include "io/words/text_fold.h"

static hra_cell_value of_meaning(const hra_phrase_meaning *meaning)
{
    if (meaning->kind == HRA_MEANS_VALUE) return hra_cell_known(meaning->value, HRA_ALTERED_WORDS);
    return (hra_cell_value){.kind = HRA_CELL_MISSING, .reason = "a word for none"};
}

bool hra_phrase_whole(const hra_phrase_book *book, int variable, const char *text, size_t length, hra_cell_value *value)
{
    char folded[HRA_CELL_TEXT], key[HRA_CELL_TEXT + 16];
    if (!book->topics[variable].any_whole) return false;
    if (hra_phrase_fold(text, length, folded, sizeof folded) <= 0) return false;
    snprintf(key, sizeof key, "%d:%s", variable, folded);
    int64_t entry = hra_map_get(book->whole, key);
    if (entry >= 0) *value = of_meaning(&book->entries[entry].plain);
    return entry >= 0;
}

/* 未见异常未见异常 is cut as one. */
static bool cut(const hra_phrase_book *book, const char *text, size_t length, hra_phrase_text *out)
{
    char folded[HRA_PHRASE_TEXT];
    int folded_length = hra_phrase_fold(text, length, folded, sizeof folded);
    if (folded_length < 0) return false;
    hra_collapse_repeats(folded);
    return hra_phrase_cut(book, folded, strlen(folded), out);
}

hra_cell_value hra_phrases_read(const hra_phrase_book *book, int variable, const char *text, size_t length)
{
    hra_phrase_text tokens;
    if (!cut(book, text, length, &tokens)) return hra_cell_rejected("text too long to be understood");
    if (tokens.count == 0 && !tokens.unknown) return hra_cell_missing();
    if (tokens.unknown) return hra_cell_rejected(HRA_TEXT_NOT_UNDERSTOOD);
    hra_cell_value value = hra_phrase_says(book, &tokens, variable);
    bool unsaid = value.kind == HRA_CELL_MISSING && strcmp(value.reason, HRA_TEXT_DOES_NOT_SAY) == 0;
    return unsaid ? hra_cell_rejected(HRA_TEXT_DOES_NOT_SAY) : value; /* listed: somebody should look at it */
}

/* ---- several answers in one cell ------------------------------------------------------------ */

/* ①③ as 1;3; */
static int spread_circles(const char *text, size_t length, char *out, size_t capacity)
{
    const char *end = text + length;
    size_t used = 0;
    while (text < end) {
        int n;
        uint32_t c = hra_utf8_next(text, end, &n);
        if (used + 8 > capacity) return -1;
        if (c >= 0x2460 && c <= 0x2473) {
            used += (size_t)snprintf(out + used, capacity - used, "%d;", (int)(c - 0x245F));
        } else {
            memcpy(out + used, text, (size_t)n);
            used += (size_t)n;
        }
        text += n;
    }
    out[used] = '\0';
    return (int)used;
}

/* The length of the mark between two answers, 0: there is none. */
static size_t answer_mark(const char *text)
{
    static const char *const marks[] = {",", ";", "/", "|", "、", "┋"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t length = strlen(marks[i]);
        if (strncmp(text, marks[i], length) == 0) return length;
    }
    return 0;
}

/* How much of the text a code takes, blanks not counted; 0: it is not this code, or goes on behind it. */
static size_t code_length(const char *text, const char *code, bool blank_ends)
{
    const char *at = text;
    for (; *code; at++) {
        if (*at == ' ' && at > text) continue;
        if (*at != *code++) return 0;
    }
    const char *end = at + strspn(at, " ");
    bool ends = *end == '\0' || answer_mark(end) > 0 || (blank_ends && end > at);
    return ends ? (size_t)(end - text) : 0;
}

/* The longest code that the text begins with. */
static size_t find_code(const char *text, const hra_answer_code *codes, int code_count, bool blank_ends, int *code)
{
    size_t longest = 0;
    for (int c = 0; c < code_count; c++) {
        size_t length = code_length(text, codes[c].text, blank_ends);
        if (length <= longest) continue;
        longest = length;
        *code = c;
    }
    return longest;
}

/* The length of an answer that is one code, or several with blanks between them (1 3 7), and marks their variables;
 * 0: part of it is no code, so none counts: "no diabetes" is not the answer "diabetes". */
static size_t take_answer(const char *text, const hra_answer_code *codes, int code_count, hra_cell_value *values)
{
    int found[HRA_SEVERAL_MOST], count = 0, code = 0;
    size_t length = find_code(text, codes, code_count, false, &code);
    if (length > 0) {
        found[count++] = code;
    } else {
        while (text[length] && answer_mark(text + length) == 0) {
            size_t one = find_code(text + length, codes, code_count, true, &code);
            if (one == 0 || count == HRA_SEVERAL_MOST) return 0;
            found[count++] = code;
            length += one;
        }
    }
    for (int i = 0; i < count; i++)
        if (codes[found[i]].place >= 0) values[codes[found[i]].place] = hra_cell_known(1, HRA_ALTERED_WORDS);
    return length;
}

/* Takes the answers that are codes out of the list and marks their variables. The rest stays in `text`. */
static void take_codes(char *text, const hra_answer_code *codes, int code_count, hra_cell_value *values)
{
    char *to = text;
    for (const char *from = text; *from;) {
        size_t blank = strspn(from, " "), length = take_answer(from + blank, codes, code_count, values);
        const char *end = from + (length > 0 ? blank + length : 0);
        if (length == 0)
            while (*end && answer_mark(end) == 0) end++;
        const char *next = end + answer_mark(end);
        if (length == 0) {
            memmove(to, from, (size_t)(next - from));
            to += next - from;
        }
        from = next;
    }
    *to = '\0';
}

void hra_phrases_read_several(const hra_phrase_book *book, const int *variables, int count,
                              const hra_answer_code *codes, int code_count, const char *text, size_t length,
                              hra_cell_value *values)
{
    char spread[HRA_PHRASE_TEXT], folded[HRA_PHRASE_TEXT];
    hra_phrase_text tokens;
    hra_cell_value missing;
    int spread_length = spread_circles(text, length, spread, sizeof spread);
    bool readable = spread_length >= 0 && hra_phrase_fold(spread, (size_t)spread_length, folded, sizeof folded) >= 0;
    bool blank = readable && hra_missing_word(folded, false, &missing);
    for (int i = 0; i < count; i++)
        values[i] = blank ? missing : readable ? hra_cell_missing() : hra_cell_rejected(HRA_TEXT_NOT_UNDERSTOOD);
    if (blank || !readable) return;
    take_codes(folded, codes, code_count, values);
    bool cuts = cut(book, folded, strlen(folded), &tokens);
    for (int i = 0; i < count; i++) {
        if (values[i].kind == HRA_CELL_KNOWN) continue; /* by its code */
        if (cuts) values[i] = hra_phrase_says(book, &tokens, variables[i]);
        bool flag = hra_dictionary_at(book->dictionary, variables[i])->type == HRA_TYPE_FLAG;
        bool unsaid = values[i].kind == HRA_CELL_MISSING; /* or blank so far */
        if (unsaid && (!cuts || tokens.unknown))
            values[i] = hra_cell_rejected("part of the text is not understood");
        else if (unsaid && flag)
            values[i] = hra_cell_known(0, HRA_ALTERED_WORDS);
    }
}
