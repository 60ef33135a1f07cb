/* Cutting a text into known words: every character must belong to one. */
#include <string.h>

#include "io/words/cell_text.h"
#include "io/words/phrase_book.h"
#include "io/words/text_fold.h"

enum { NEVER = 1 << 20 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t starts(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 ? length : 0;
}

int hra_phrase_fold(const char *text, size_t length, char *out, size_t capacity)
{
    char broken[HRA_PHRASE_TEXT * 2];
    uint8_t altered = 0;
    size_t used = 0;
    for (size_t i = 0; i < length; i++) { /* line breaks end a statement */
        if (used + 4 > sizeof broken) return -1;
        if (text[i] == '\n' || text[i] == '\r') {
            memcpy(broken + used, "。", 3);
            used += 3;
        } else {
            broken[used++] = text[i];
        }
    }
    int folded = hra_cell_clean(broken, used, HRA_FOLD_LOWER, out, capacity, &altered);
    if (folded < 0) return -1;
    char *to = out;
    for (const char *from = out; *from; from++) {
        if (*from == '\n')
            *to++ = ' '; /* of a tag */
        else if (*from != ' ' || (to > out && to[-1] != ' '))
            *to++ = *from;
    }
    *to = '\0';
    return (int)(to - out);
}

/* ---- numbers in a text ------------------------------------------------------------------ */

/* Digits, with a point, or Chinese numerals. */
static size_t read_number(const char *text, double *number)
{
    if (is_digit(*text)) {
        const char *end = text + strspn(text, "0123456789.");
        const char *stop = hra_read_decimal(text, end, number);
        return stop == end ? (size_t)(end - text) : 0;
    }
    int whole, numerals;
    size_t length = hra_read_numeral(text, &whole, &numerals);
    if (length > 0) *number = whole;
    if (length == 0 && (length = starts(text, "半"))) *number = 0.5;
    return length;
}

/* The second number of 10-20, 150/95, 6*5. */
static size_t read_more_numbers(const char *text)
{
    static const char *const signs[] = {"-", "~", "/", "*", "x", "×", "至", "到"};
    double unused;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t sign = starts(text, signs[i]), digits = sign ? read_number(text + sign, &unused) : 0;
        if (digits) return sign + digits;
    }
    return 0;
}

/* "2015年", "2015年3月", "2015-03": a point in time, not a duration. */
static size_t read_date(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits != 4 || (strncmp(text, "19", 2) != 0 && strncmp(text, "20", 2) != 0)) return 0;
    size_t length = digits + starts(text + digits, "年");
    if (length == digits) return 0;
    size_t month = strspn(text + length, "0123456789");
    if (month >= 1 && month <= 2 && starts(text + length + month, "月")) length += month + 3;
    return length;
}

/* A number with what it counts. Durations are told apart where they are whole: 10年, 6个月, 两年半. */
static size_t read_quantity(const char *text, hra_phrase_token *token)
{
    static const struct {
        const char *unit;
        double years; /* 0: no duration */
    } units[] = {{"年半", -1},       {"年", 1},    {"个月", 1 / 12.0}, {"月", 1 / 12.0}, {"周", 7 / 365.25},
                 {"天", 1 / 365.25}, {"岁", 0},    {"支", 0},          {"包", 0},        {"根", 0},
                 {"两", 0},          {"克", 0},    {"毫升", 0},        {"毫克", 0},      {"片", 0},
                 {"粒", 0},          {"次", 0},    {"级", 0},          {"期", 0},        {"度", 0},
                 {"型", 0},          {"枚", 0},    {"个", 0},          {"%", 0},         {"mmhg", 0},
                 {"mmol/l", 0},      {"mg", 0},    {"mm", 0},          {"cm", 0},        {"ml", 0},
                 {"g", 0},           {"次/分", 0}, {"bpm", 0},         {"支/日", 0},     {"支/天", 0}};
    size_t length = read_date(text);
    token->class = HRA_TOKEN_QUANTITY;
    if (length) return length;
    double number;
    length = read_number(text, &number);
    if (!length) return 0;
    size_t more = read_more_numbers(text + length);
    length += more;
    length += more ? read_more_numbers(text + length) : 0;
    size_t about = starts(text + length, "余");
    if (!about) about = starts(text + length, "多");
    if (!about) about = starts(text + length, "+");
    length += about;
    size_t best = 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t unit = starts(text + length, units[i].unit);
        if (unit <= best) continue;
        best = unit;
        bool duration = units[i].years != 0 && !more;
        token->class = duration ? HRA_TOKEN_DURATION : HRA_TOKEN_QUANTITY;
        token->years = units[i].years < 0 ? number + 0.5 : number * units[i].years;
    }
    return best ? length + best : 0;
}

/* ---- marks --------------------------------------------------------------------------------- */

static size_t read_mark(const char *text, hra_token_class *class)
{
    static const struct {
        const char *mark;
        hra_token_class class;
    } marks[] = {{"、", HRA_TOKEN_LIST}, {"和", HRA_TOKEN_LIST}, {"及", HRA_TOKEN_LIST}, {"或", HRA_TOKEN_LIST},
                 {"与", HRA_TOKEN_LIST}, {"/", HRA_TOKEN_LIST},  {",", HRA_TOKEN_COMMA}, {" ", HRA_TOKEN_COMMA},
                 {";", HRA_TOKEN_STOP},  {"。", HRA_TOKEN_STOP}, {".", HRA_TOKEN_STOP},  {"|", HRA_TOKEN_STOP},
                 {"!", HRA_TOKEN_STOP},  {"┋", HRA_TOKEN_STOP}}; /* ┋: between the answers of a web questionnaire */
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t length = starts(text, marks[i].mark);
        if (!length) continue;
        *class = marks[i].class;
        return length;
    }
    return 0;
}

/* ---- covering ------------------------------------------------------------------------------- */

/* The best token at each place of a clause and the number of tokens from there to its end; fewest tokens win, then
 * the longest first one, so that 甲状腺结节 is not 结节 of something. */
typedef struct cover {
    const hra_phrase_book *book;
    const char *text;
    int length;
    hra_phrase_token best[HRA_PHRASE_TEXT + 1];
    int cost[HRA_PHRASE_TEXT + 1];
} cover;

static void consider(cover *c, int at, const hra_phrase_token *token, size_t length)
{
    if (length == 0 || at + (int)length > c->length) return;
    int cost = 1 + c->cost[at + (int)length];
    if (cost > c->cost[at] || cost >= NEVER) return;
    if (cost == c->cost[at] && length <= c->best[at].length) return;
    c->cost[at] = cost;
    c->best[at] = *token;
    c->best[at].text = c->text + at;
    c->best[at].length = length;
}

static void consider_all(cover *c, int at)
{
    const char *text = c->text + at;
    hra_phrase_token token = {0};
    size_t left = (size_t)(c->length - at), most = left < c->book->longest ? left : c->book->longest;
    c->cost[at] = NEVER;
    for (size_t length = 1; length <= most; length++) {
        if (length < left && ((unsigned char)text[length] & 0xC0) == 0x80) continue;
        int64_t word = hra_map_get_n(c->book->index, text, length);
        if (word < 0) continue;
        token = (hra_phrase_token){.class = HRA_TOKEN_WORD, .word = (int)word};
        consider(c, at, &token, length);
    }
    token = (hra_phrase_token){0};
    consider(c, at, &token, read_quantity(text, &token));
    hra_token_class class = HRA_TOKEN_STOP;
    size_t mark = read_mark(text, &class);
    token = (hra_phrase_token){.class = class};
    if (mark) consider(c, at, &token, mark);
    if (strchr("():[]\"", *text)) { /* brackets and colons only set things apart */
        token = (hra_phrase_token){.class = HRA_TOKEN_QUANTITY};
        consider(c, at, &token, 1);
    }
}

/* Covers one clause; false if some of it is unknown. */
static bool cover_clause(cover *c, hra_phrase_text *out)
{
    c->cost[c->length] = 0;
    for (int at = c->length - 1; at >= 0; at--) {
        c->cost[at] = NEVER;
        if (((unsigned char)c->text[at] & 0xC0) != 0x80) consider_all(c, at);
    }
    if (c->cost[0] >= NEVER || out->count + c->cost[0] > HRA_PHRASE_TOKENS) return false;
    for (int at = 0; at < c->length; at += (int)c->best[at].length) out->tokens[out->count++] = c->best[at];
    return true;
}

/* Ends of clauses for the covering: marks that no phrase contains. */
static size_t clause_end(const char *text)
{
    static const char *const ends[] = {"、", ",", ";", "。", "|", "┋"};
    const char *end = text + strlen(text);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const char *at = strstr(text, ends[i]);
        if (at && at < end) end = at;
    }
    return (size_t)(end - text);
}

bool hra_phrase_cut(const hra_phrase_book *book, const char *text, size_t length, hra_phrase_text *out)
{
    out->count = 0;
    out->unknown = false;
    if (hra_phrase_fold(text, length, out->folded, sizeof out->folded) < 0) return false;
    cover c = {.book = book};
    const char *at = out->folded;
    while (*at) {
        c.text = at;
        c.length = (int)clause_end(at);
        if (c.length > 0 && !cover_clause(&c, out)) out->unknown = true;
        at += c.length;
        hra_token_class class = HRA_TOKEN_STOP;
        size_t mark = *at ? read_mark(at, &class) : 0;
        if (mark && out->count < HRA_PHRASE_TOKENS)
            out->tokens[out->count++] = (hra_phrase_token){.class = class, .text = at, .length = mark};
        at += mark;
    }
    return true;
}
