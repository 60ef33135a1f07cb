/* Tables in web pages and Excel 2003 XML as text: which one is chosen, where its cells stand, in blocks of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/tables/markup_table.h"

static hra_code feed(hra_markup_table *table, const char *page, size_t block, hra_buffer *out, hra_error *error)
{
    size_t length = strlen(page);
    hra_code code = HRA_OK;
    for (size_t at = 0; code == HRA_OK && at <= length; at += block) {
        size_t some = length - at < block ? length - at : block;
        code = hra_markup_table_feed(table, page + at, some, at + block > length, out, error);
    }
    return code;
}

static hra_code choose(const char *page, const char *wanted, size_t block, hra_table_choice *choice, hra_error *error)
{
    hra_markup_table *table;
    assert_int_equal(hra_markup_table_search("page", wanted, &table, error), HRA_OK);
    hra_code code = feed(table, page, block, NULL, error);
    if (code == HRA_OK) code = hra_markup_table_chosen(table, choice, error);
    hra_markup_table_close(table);
    return code;
}

/* The text must be the same however the page is cut. */
static void expect(const char *page, const char *wanted, const char *name, const char *not_read, const char *text)
{
    static const size_t blocks[] = {1, 2, 3, 7, 1 << 20};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        hra_table_choice choice = {0};
        hra_markup_table *table;
        hra_buffer out = {0};
        hra_error error = {0};
        if (choose(page, wanted, blocks[i], &choice, &error) != HRA_OK) fail_msg("%s", error.message);
        assert_string_equal(choice.name, name);
        assert_string_equal(choice.not_read, not_read);
        assert_int_equal(hra_markup_table_open("page", &choice, &table, &error), HRA_OK);
        assert_int_equal(feed(table, page, blocks[i], &out, &error), HRA_OK);
        assert_string_equal(out.bytes ? out.bytes : "", text);
        hra_markup_table_close(table);
        hra_buffer_destroy(&out);
    }
}

static void cells_of_pages(void **state)
{
    expect("<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>", NULL, "table 1", "",
           "a,b\n1,2\n");
    /* nothing closed, capitals, attributes with a mark in them, entities, breaks, spaces */
    expect("<HTML><TABLE summary=\"a>b\"><TR><TH x='1>0'>a b<TD>\n c "
           "<TR><TD>&lt;0.5<TD>&#x4E2D;&#22269;&nbsp;1<br>2</TABLE>",
           NULL, "table 1", "", "a b,c\n<0.5,中国 1 2\n");
    /* what is no mark is text; marks inside a cell go */
    expect("<table><tr><td><0.5<td>1 < 2<td><b>x</b>y<td>AT&T</table>", NULL, "table 1", "", "<0.5,1 < 2,xy,AT&T\n");
    expect("<table><tr><td>a<b<td>c <i <td>d</table>", NULL, "table 1", "", "a<b,c <i,d\n");
    /* comments, scripts and styles hold no cells */
    expect("<!-- <table><tr><td>1<td>2 --><style>td > a {}</style><script>if (a<b) '<td>'</script>"
           "<table><tr><td>a<!-- - -- > --><td>b</table>",
           NULL, "table 1", "", "a,b\n");
    expect("<style></style><script></script><!----><table><tr><td>a<td>b</table>", NULL, "table 1", "", "a,b\n");
    /* text that CSV has to quote */
    expect("<table><tr><td>a,b<td>\"c\"</table>", NULL, "table 1", "", "\"a,b\",\"\"\"c\"\"\"\n");
    /* an end without a beginning, a page that is cut off */
    expect("</td></table><table><tr><td>a<td>b<tr><td>c<td>d <", NULL, "table 1", "", "a,b\nc,d <\n");
}

static void cells_over_several(void **state)
{
    /* names over columns and rows, as a header in two rows has them; values only where they stand */
    expect("<table><tr><td rowspan=2>id<td colspan=2>bp<td>x<tr><td>s<td>d<td>y<tr><td>1<td>120<td>80<td>5</table>",
           NULL, "table 1", "", "id,bp,,x\nid,s,d,y\n1,120,80,5\n");
    expect("<table><tr><td>a<td>b<tr><td rowspan=2>1<td>2<tr><td>3<tr><td>4<td>5</table>", NULL, "table 1", "",
           "a,b\n1,2\n,3\n4,5\n");
}

static void which_table(void **state)
{
    static const char page[] = "<table><tr><td>menu<td>help</table>"
                               "<table><tr><td>layout: <table><tr><td>a<td>b<td>c<tr><td>1<td>2<td>3</table></table>"
                               "<table><tr><td>p<td>q<tr><td>8<td>9</table>";
    expect(page, NULL, "table 3", "table 4", "a,b,c\n1,2,3\n");
    expect(page, "TABLE 4", "table 4", "table 3", "p,q\n8,9\n");
    hra_table_choice choice = {0};
    hra_error error = {0};
    assert_int_equal(choose(page, "table 9", 100, &choice, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "there is no table 'table 9'; its tables are: table 3, table 4"));
    assert_int_equal(choose("<html><p>Please log in", NULL, 5, &choice, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "a web page in which there is no table"));
    assert_int_equal(choose("<table><tr><td>one<tr><td>column</table>", NULL, 5, &choice, &error), HRA_EINPUT);
}

static void workbooks(void **state)
{
    expect("<?xml version=\"1.0\"?><Workbook xmlns:ss=\"urn\"><Worksheet ss:Name=\"A &amp; B\"><Table>"
           "<Row><Cell><Data ss:Type=\"String\">a</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">c</Data>"
           "<Comment><ss:Data>seen</ss:Data></Comment></Cell></Row>"
           "<Row ss:Index=\"3\"><Cell/><Cell><Data ss:Type=\"DateTime\">2026-03-01T00:00:00.000</Data></Cell>"
           "<Cell><Data ss:Type=\"DateTime\">2026-03-01T08:12:00.000</Data></Cell></Row>"
           "</Table></Worksheet><Worksheet "
           "ss:Name=\"C\"><Table><Row><Cell><Data>1</Data></Cell><Cell><Data>2</Data></Cell>"
           "</Row><Row><Cell><Data>3</Data></Cell><Cell><Data>4</Data></Cell></Row></Table></Worksheet>"
           "<Worksheet ss:Name=\"empty\"><Table/></Worksheet></Workbook>",
           NULL, "A & B", "C", "a,,c\n\n,2026-03-01,2026-03-01 08:12:00\n");
}

/* Deeper than anybody lays tables, wider than any sheet, longer than any mark. */
static void absurd_pages(void **state)
{
    hra_buffer page = {0};
    hra_table_choice choice = {0};
    hra_error error = {0};
    hra_buffer_text(&page, "<table><tr><td>a<td>b<tr><td>1<td>2");
    for (int i = 0; i < 200; i++) hra_buffer_text(&page, "<table><tr><td>x");
    assert_int_equal(choose(page.bytes, NULL, 4096, &choice, &error), HRA_OK);
    assert_string_equal(choice.name, "table 1");
    hra_buffer_clear(&page);
    hra_buffer_text(&page, "<table><tr><td colspan=99999999 rowspan=-1>a<td colspan=1000 rowspan=1000>b<td ");
    for (int i = 0; i < 200000; i++) hra_buffer_char(&page, 'x');
    assert_int_equal(choose(page.bytes, NULL, 4096, &choice, &error), HRA_OK);
    hra_buffer_clear(&page);
    hra_buffer_text(&page, "<table><tr>");
    for (int i = 0; i < 20000; i++) hra_buffer_text(&page, "<td>1");
    hra_markup_table *table;
    hra_buffer out = {0};
    assert_int_equal(choose(page.bytes, NULL, 4096, &choice, &error), HRA_OK);
    assert_int_equal(hra_markup_table_open("page", &choice, &table, &error), HRA_OK);
    assert_int_equal(feed(table, page.bytes, 4096, &out, &error), HRA_EINPUT);
    hra_markup_table_close(table);
    hra_buffer_destroy(&out);
    hra_buffer_destroy(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_of_pages), cmocka_unit_test(cells_over_several),
                                       cmocka_unit_test(which_table), cmocka_unit_test(workbooks),
                                       cmocka_unit_test(absurd_pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
