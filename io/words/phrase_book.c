#include "io/words/phrase_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/csv_text.h"
#include "engine/language/library.h"
#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

enum { CELLS = 10 };

/* A table while it is read. */
typedef struct table {
    hra_phrase_book *book;
    const char *name;
    int row;
    const char *cells[CELLS]; /* of the present row, in the arena */
    hra_error *error;
} table;

static hra_code wrong(const table *t, const char *what, const char *text)
{
    return hra_fail(t->error, HRA_EDEFINITION, "%s: row %d: %s '%s'", t->name, t->row, what, text);
}

/* ---- words ---------------------------------------------------------------------- */

/* The word of a folded text, made if it is new; -1: out of memory. */
static int word_of(hra_phrase_book *book, const char *folded)
{
    int64_t known = hra_map_get(book->index, folded);
    if (known >= 0) return (int)known;
    if (book->word_count == book->word_capacity) {
        int capacity = book->word_capacity ? 2 * book->word_capacity : 256;
        hra_phrase_word *words = realloc(book->words, sizeof *words * (size_t)capacity);
        if (!words) return -1;
        book->words = words;
        book->word_capacity = capacity;
    }
    if (hra_map_set(book->index, folded, book->word_count) != 0) return -1;
    if (strlen(folded) > book->longest) book->longest = strlen(folded);
    book->words[book->word_count] = (hra_phrase_word){.first = -1};
    return book->word_count++;
}

static int add_entry(hra_phrase_book *book, const hra_phrase_entry *entry)
{
    if (book->entry_count == book->entry_capacity) {
        int capacity = book->entry_capacity ? 2 * book->entry_capacity : 256;
        hra_phrase_entry *entries = realloc(book->entries, sizeof *entries * (size_t)capacity);
        if (!entries) return -1;
        book->entries = entries;
        book->entry_capacity = capacity;
    }
    book->entries[book->entry_count] = *entry;
    return book->entry_count++;
}

/* ---- rows of phrases.csv ------------------------------------------------------------ */

enum { VARIABLE, PHRASE, MEANING, NEGATED, PAST, YEARS, SUBJECT, WHOLE };

static bool read_meaning(const hra_variable *v, const char *text, hra_phrase_meaning *out)
{
    *out = (hra_phrase_meaning){0};
    if (!*text) return true;
    out->kind = HRA_MEANS_VALUE;
    if (strcmp(text, "missing") == 0) {
        out->kind = HRA_MEANS_MISSING;
        return true;
    }
    if (v->type == HRA_TYPE_FLAG) {
        out->value = strcmp(text, "yes") == 0;
        return out->value == 1 || strcmp(text, "no") == 0;
    }
    int level = hra_variable_level(v, text);
    out->value = level;
    return v->type == HRA_TYPE_CATEGORY && level >= 0;
}

static hra_code read_entry(table *t, const hra_variable *v, hra_phrase_entry *entry)
{
    const hra_dictionary *dictionary = t->book->dictionary;
    if (!read_meaning(v, t->cells[MEANING], &entry->plain)) return wrong(t, "no meaning", t->cells[MEANING]);
    if (!read_meaning(v, t->cells[NEGATED], &entry->negated)) return wrong(t, "no meaning", t->cells[NEGATED]);
    if (!read_meaning(v, t->cells[PAST], &entry->past)) return wrong(t, "no meaning", t->cells[PAST]);
    entry->relative = strcmp(t->cells[SUBJECT], "relative") == 0;
    entry->years = -1;
    if (*t->cells[YEARS]) entry->years = hra_dictionary_find(dictionary, t->cells[YEARS]);
    return HRA_OK;
}

static void note_topic(hra_phrase_book *book, const hra_phrase_entry *entry, bool whole)
{
    hra_phrase_topic *topic = &book->topics[entry->variable];
    topic->any = true;
    topic->any_whole |= whole;
    if (whole) return;
    topic->relative |= entry->relative;
    if (topic->plain.kind == HRA_MEANS_UNSAID) topic->plain = entry->plain;
    if (topic->negated.kind == HRA_MEANS_UNSAID) topic->negated = entry->negated;
}

/* A variable of "-": a phrase that is understood and about no variable. */
static hra_code add_phrase(table *t)
{
    hra_phrase_book *book = t->book;
    char folded[HRA_CELL_TEXT], key[HRA_CELL_TEXT + 16];
    hra_phrase_entry entry = {.variable = -1, .next = -1};
    if (hra_phrase_fold(t->cells[PHRASE], strlen(t->cells[PHRASE]), folded, sizeof folded) <= 0)
        return wrong(t, "no phrase", t->cells[PHRASE]);
    bool about = strcmp(t->cells[VARIABLE], "-") != 0;
    if (about) {
        entry.variable = hra_dictionary_find(book->dictionary, t->cells[VARIABLE]);
        if (entry.variable < 0) return HRA_OK; /* another dictionary */
        HRA_TRY(read_entry(t, hra_dictionary_at(book->dictionary, entry.variable), &entry));
        note_topic(book, &entry, strcmp(t->cells[WHOLE], "yes") == 0);
    }
    bool whole = strcmp(t->cells[WHOLE], "yes") == 0;
    int word = whole ? 0 : word_of(book, folded);
    if (word < 0) return hra_out_of_memory(t->error);
    if (!whole) book->words[word].phrase = true;
    if (!about) return HRA_OK;
    if (!whole) entry.next = book->words[word].first;
    int at = add_entry(book, &entry);
    if (at < 0) return hra_out_of_memory(t->error);
    if (!whole) {
        book->words[word].first = at;
        return HRA_OK;
    }
    snprintf(key, sizeof key, "%d:%s", entry.variable, folded);
    return hra_map_set(book->whole, key, at) == 0 ? HRA_OK : hra_out_of_memory(t->error);
}

/* ---- rows of phrase_words.csv ---------------------------------------------------------- */

static hra_code add_word(table *t)
{
    static const char *const roles[HRA_PHRASE_ROLES] = {"",     "negation", "affirmation", "relative", "other",
                                                        "self", "past",     "nothing",     "filler"};
    char folded[HRA_CELL_TEXT];
    if (hra_phrase_fold(t->cells[1], strlen(t->cells[1]), folded, sizeof folded) <= 0)
        return wrong(t, "no word", t->cells[1]);
    int word = word_of(t->book, folded);
    if (word < 0) return hra_out_of_memory(t->error);
    for (int r = 1; r < HRA_PHRASE_ROLES; r++)
        if (strcmp(roles[r], t->cells[0]) == 0) t->book->words[word].role = (hra_phrase_role)r;
    return t->book->words[word].role ? HRA_OK : wrong(t, "no role", t->cells[0]);
}

/* ---- tables ------------------------------------------------------------------------------ */

/* Calls `add` for every row behind the header. */
static hra_code read_table(table *t, const char *text, size_t length, hra_code (*add)(table *))
{
    const hra_script script = {.name = t->name, .text = text, .length = (int)length};
    hra_csv_text csv = hra_csv_text_open(&script);
    hra_csv_cell cell;
    hra_code code = HRA_OK;
    int column = 0;
    for (bool start = true; code == HRA_OK && hra_csv_text_next(&csv, start, &cell); start = cell.last_of_row) {
        if (start) {
            t->row++;
            column = 0;
            for (int i = 0; i < CELLS; i++) t->cells[i] = "";
        }
        bool kept = column < CELLS && *cell.text;
        if (kept) t->cells[column] = hra_arena_text(t->book->arena, cell.text);
        if (kept && !t->cells[column]) code = hra_out_of_memory(t->error);
        column++;
        if (code == HRA_OK && cell.last_of_row && t->row > 1) code = add(t);
    }
    hra_csv_text_close(&csv);
    return code;
}

hra_code hra_phrase_book_read(hra_phrase_book *book, const char *name, const char *text, size_t length,
                              hra_error *error)
{
    table t = {.book = book, .name = name, .error = error};
    return read_table(&t, text, length, add_phrase);
}

hra_code hra_phrase_words_read(hra_phrase_book *book, const char *name, const char *text, size_t length,
                               hra_error *error)
{
    table t = {.book = book, .name = name, .error = error};
    return read_table(&t, text, length, add_word);
}

static hra_code read_embedded(hra_phrase_book *book, hra_error *error)
{
    static const char phrases[] = "datasets/phrases.csv", words[] = "datasets/phrase_words.csv";
    const hra_embedded *p = hra_embedded_file(phrases), *w = hra_embedded_file(words);
    if (!p || !w) return hra_fail(error, HRA_EINTERNAL, "this build holds no %s", p ? words : phrases);
    HRA_TRY(hra_phrase_book_read(book, phrases, (const char *)p->bytes, p->length, error));
    return hra_phrase_words_read(book, words, (const char *)w->bytes, w->length, error);
}

hra_code hra_phrase_book_new(const hra_dictionary *dictionary, hra_phrase_book **out, hra_error *error)
{
    *out = NULL;
    hra_phrase_book *book = calloc(1, sizeof *book);
    if (!book) return hra_out_of_memory(error);
    book->dictionary = dictionary;
    book->arena = hra_arena_new();
    book->index = hra_map_new();
    book->whole = hra_map_new();
    book->topics = calloc((size_t)hra_dictionary_count(dictionary) + 1, sizeof *book->topics);
    hra_code code = book->arena && book->index && book->whole && book->topics ? read_embedded(book, error)
                                                                              : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_phrase_book_free(book);
        return code;
    }
    *out = book;
    return HRA_OK;
}

void hra_phrase_book_free(hra_phrase_book *book)
{
    if (!book) return;
    hra_map_free(book->index);
    hra_map_free(book->whole);
    hra_arena_free(book->arena);
    free(book->words);
    free(book->entries);
    free(book->topics);
    free(book);
}

bool hra_phrases_about(const hra_phrase_book *book, int variable) { return book->topics[variable].any; }
