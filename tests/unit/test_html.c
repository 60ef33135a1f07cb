/* Text of a page: what a name brings can neither open a tag nor turn the text around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/tools/html.h"

static void texts_stand_as_they_are_or_harmless(void **state)
{
    static const char *const texts[][2] = {
        {"", ""},
        {"<b a='1'>&amp;\"", "&lt;b a=&#39;1&#39;&gt;&amp;amp;&quot;"},
        {"a\tb\nc\x7f", "a b c "},
        {"a\xC2\x85"
         "b\xC2\x9F\u00a0",
         "a b \u00a0"},                                                         /* controls above ASCII */
        {"\u202e1234\u202c \u2066x\u2069", " 1234   x "},                       /* digits the other way round */
        {"\u05e9\u05dc \u200d\u2014\u2028", "\u05e9\u05dc \u200d\u2014\u2028"}, /* Hebrew, a joiner of emoji */
        {"\xEF\xBF\xBE\uff1d\uff01", " \uff1d\uff01"},
        {"\xC2<\xE2\x80<\xEF", "\xC2&lt;\xE2\x80&lt;\xEF"}, /* broken UTF-8 hides no tag */
        {"\u738b\U0001F600", "\u738b\U0001F600"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        hra_buffer out = {0};
        hra_html_text(&out, texts[i][0]);
        assert_string_equal(out.bytes ? out.bytes : "", texts[i][1]);
        hra_buffer_destroy(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_stand_as_they_are_or_harmless)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
