/* Plain lines cut many bytes at a time against lines cut byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "io/csv/csv_lines.h"

enum { LONGEST = 40000, ROUNDS = 600 };

static uint32_t seed = 1;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Lines of about `usual` bytes; one in `rare` bytes is none that stands in plain lines. */
static size_t put_text(char *text, uint32_t usual, uint32_t rare)
{
    static const char odd[] = {'"', '\0', '\r'}, cells[] = "0123.xyz pbqr\x8A\x8D\xA2\x80*-:=2BRZ\x1A\x0B\x0F\x1D";
    size_t length = 1 + any(LONGEST);
    bool returns = any(4) == 0;
    for (size_t i = 0; i < length; i++) {
        text[i] = any(5) ? cells[any(sizeof cells - 1)] : ',';
        if (any(usual) == 0) text[i] = '\n';
        if (returns && i > 0 && text[i] == '\n') text[i - 1] = '\r';
        if (any(rare) == 0) text[i] = odd[any(sizeof odd)];
    }
    memset(text + length, '\n', HRA_TEXT_SLACK);
    return length;
}

/* The same, byte by byte. */
static void cut_slowly(hra_line_cut *cut)
{
    while (cut->at < cut->length) {
        const char *start = cut->text + cut->at, *feed = memchr(start, '\n', cut->length - cut->at);
        if (!feed || cut->count == cut->room) return;
        size_t length = (size_t)(feed - start);
        if (length > 0 && start[length - 1] == '\r') length--;
        if (memchr(start, '"', length) || memchr(start, 0, length) || memchr(start, '\r', length)) return;
        uint32_t cells = 1;
        for (size_t i = 0; i < length; i++) cells += start[i] == cut->delimiter;
        if (length > 0)
            cut->records[cut->count++] =
                (hra_record){.line = cut->line, .start = (uint32_t)cut->at, .length = (uint32_t)length, .cells = cells};
        cut->line++;
        cut->at = (size_t)(feed - cut->text) + 1;
    }
}

static void check_text(hra_vector_level level, const char *text, size_t length)
{
    static hra_record records[2][LONGEST];
    hra_line_cut slow = {.text = text, .length = length, .at = any(3), .delimiter = ',', .line = 7};
    slow.room = any(4) ? LONGEST : (int)any(300);
    slow.at = slow.at < length ? slow.at : length;
    hra_line_cut quick = slow;
    slow.records = records[0];
    quick.records = records[1];
    for (int start = 0; start < 20; start++) {
        cut_slowly(&slow);
        hra_cut_lines(level, &quick);
        assert_int_equal(quick.count, slow.count);
        assert_int_equal(quick.at, slow.at);
        assert_int_equal(quick.line, slow.line);
        for (int i = 0; i < slow.count; i++) {
            const hra_record *a = &slow.records[i], *b = &quick.records[i];
            assert_true(a->line == b->line && a->start == b->start && a->length == b->length && a->cells == b->cells &&
                        !b->quoted && b->fault == HRA_RECORD_GOOD);
        }
        const char *feed = memchr(text + slow.at, '\n', length - slow.at); /* behind the line that is not plain */
        if (!feed || slow.count == slow.room) return;
        slow.at = quick.at = (size_t)(feed - text) + 1;
    }
}

static void lines(void **state)
{
    static char text[LONGEST + HRA_TEXT_SLACK];
    (void)state;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        hra_vector_level level = hra_vector_level_choose();
        for (int i = 0; i < ROUNDS && level != HRA_VECTOR_PLAIN; i++) {
            static const uint32_t usual[] = {3, 30, 170, 2000}, rare[] = {100, 5000, UINT32_MAX >> 8};
            check_text(level, text, put_text(text, usual[any(4)], rare[any(3)]));
        }
    }
    hra_isa_force(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
