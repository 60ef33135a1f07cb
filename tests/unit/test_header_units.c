/* Headers with a unit behind the name: a table of what hospitals write, every name with every unit, long texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "io/csv/header_match.h"

static hra_library *library;
static const hra_dictionary *dictionary;
static hra_name_index *names;
static hra_arena *arena;

static const char *shown(const hra_header_match *match)
{
    if (match->variable < 0) return match->doubt ? "?" : "-";
    const char *name = hra_dictionary_at(dictionary, match->variable)->name;
    return match->unit ? hra_arena_printf(arena, "%s %s", name, match->unit) : name;
}

static void what_hospitals_write(void **state)
{
    static const struct {
        const char *header, *name, *column;
    } samples[] = {
#include "tests/unit/header_units.inc.h"
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        hra_header_match name, column;
        const char *wanted = *samples[i].column == '=' ? samples[i].name : samples[i].column;
        assert_true(hra_header_find_name(names, samples[i].header, arena, &name));
        assert_true(hra_header_find(names, samples[i].header, arena, &column));
        if (strcmp(shown(&name), samples[i].name) != 0 || strcmp(shown(&column), wanted) != 0)
            fail_msg("%s is '%s' and '%s'", samples[i].header, shown(&name), shown(&column));
        assert_int_equal(column.unit_behind, column.variable >= 0 && name.variable < 0);
    }
}

/* ---- every name with every unit ------------------------------------------------------------------ */

static const char *const words[] = {"公斤", "市斤",  "厘米",  "米",      "毫米汞柱", "次/分", "/min",   "岁",
                                    "y",    "years", "支",    "次/周",   "次",       "天",    "小时",   "h",
                                    "分钟", "克",    "g",     "毫升",    "步",       "个",    "分",     "包年",
                                    "IU/L", "mU/L",  "mIU/L", "x10^9/L", "10*12/L",  "g/L",   "mmol/L", "MG/DL",
                                    "%",    "人",    "ml",    "μmol/L",  "kg",       "cm",    "m",      "mmHg"};
enum { WORDS = sizeof words / sizeof *words };

/* Without brackets it is what it is in brackets, or nothing. A stroke may be the unit's own: /分. */
static int compare(const char *name, const char *separator, const char *unit)
{
    hra_header_match in_brackets, before, behind;
    const char *joined = hra_arena_printf(arena, "%s%s%s", name, separator, unit);
    assert_true(hra_header_find_name(names, hra_arena_printf(arena, "%s(%s)", name, unit), arena, &in_brackets));
    if (*separator == '/' && in_brackets.variable < 0)
        assert_true(hra_header_find_name(names, hra_arena_printf(arena, "%s(/%s)", name, unit), arena, &in_brackets));
    assert_true(hra_header_find_name(names, joined, arena, &before));
    assert_true(hra_header_find(names, joined, arena, &behind));
    if (before.variable >= 0) assert_false(behind.unit_behind);
    if (!behind.unit_behind) return 0;
    if (behind.variable != in_brackets.variable || behind.unit != in_brackets.unit)
        fail_msg("%s is '%s', in brackets '%s'", joined, shown(&behind), shown(&in_brackets));
    return 1;
}

static void every_name_with_every_unit(void **state)
{
    static const char *const separators[] = {"", " ", "/", "_", "-", "："};
    int read = 0;
    for (int i = 0; i < hra_dictionary_count(dictionary); i++) {
        const hra_variable *v = hra_dictionary_at(dictionary, i);
        for (int a = -3; a < v->alias_count; a++) {
            const char *name = a == -3 ? v->name : a == -2 ? v->label_zh : a == -1 ? v->label_en : v->aliases[a];
            for (int u = -1; name && *name && u < v->unit_count + WORDS; u++) {
                const char *unit = u < 0 ? v->unit : u < v->unit_count ? v->units[u].unit : words[u - v->unit_count];
                if (!unit || !*unit) continue;
                int all = a == -2 ? 6 : 1; /* of the Chinese label; one each for the others, in turn */
                for (int s = 0; s < all; s++) read += compare(name, separators[a == -2 ? s : (a + u + 4) % 6], unit);
            }
        }
        hra_arena_reset(arena);
    }
    assert_true(read > 4000);
}

/* ---- texts that are no header --------------------------------------------------------------------- */

static void long_texts_are_no_names(void **state)
{
    static char text[20000];
    hra_header_match match;
    static const char *const pieces[] = {"体重kg/", "体重(", "(kg)", "mmol/L", " ", "/", "\xE4", "体重"};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        size_t length = strlen(pieces[p]), n = 0;
        while (n + length < sizeof text) {
            memcpy(text + n, pieces[p], length);
            text[n += length] = '\0';
            if (n > 400 && n + length < sizeof text - 400) continue; /* the short ones and the longest */
            assert_true(hra_header_find(names, text, arena, &match));
            if (match.variable >= 0) assert_true(n < 8 && !match.unit_behind);
        }
        hra_arena_reset(arena);
    }
}

static int start(void **state)
{
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, faults, &error);
    hra_diagnostics_free(faults);
    dictionary = hra_library_dictionary(library);
    names = hra_name_index_new(dictionary);
    arena = hra_arena_new();
    return code == HRA_OK && names && arena ? 0 : -1;
}

static int finish(void **state)
{
    hra_arena_free(arena);
    hra_name_index_free(names);
    hra_library_free(library);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_hospitals_write),
        cmocka_unit_test(every_name_with_every_unit),
        cmocka_unit_test(long_texts_are_no_names),
    };
    return cmocka_run_group_tests(tests, start, finish);
}
