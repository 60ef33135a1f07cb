/* Old Excel workbooks (.xls) become comma-separated text: records written here one by one, because no writer makes all
 * of them, and workbooks that real programs wrote (tests/workbooks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/tables/text_stream.h"
#include "tests/tools/xls_writer.h"
#include "tests/unit/file_fixture.h"

enum { SINCE_97 = 0x0600, BEFORE_97 = 0x0500 };

static char path[64];

static int make_name(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/hra_xls_%ld.xls", (long)getpid());
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

/* ---- making workbooks ------------------------------------------------------------------- */

static void write_bytes(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A workbook with one sheet: records about the whole, and those with cells; both are used up. */
static void make_book(int version, hra_buffer *about, hra_buffer *cells, hra_buffer *out)
{
    hra_buffer_clear(out);
    xls_start(out, version, 5);
    size_t sheet = xls_sheet(out, version, version == SINCE_97 ? "数据" : "data", 0, 0);
    if (about) hra_buffer_append(out, about->bytes, about->length);
    xls_record(out, 0x000A, "", 0);
    set_number(out, sheet, out->length, 4);
    xls_start(out, version, 0x10);
    hra_buffer_append(out, cells->bytes, cells->length);
    xls_record(out, 0x000A, "", 0);
    if (about) hra_buffer_clear(about);
    hra_buffer_clear(cells);
}

static void write_book(int version, hra_buffer *about, hra_buffer *cells)
{
    hra_buffer stream = {0}, file = {0};
    make_book(version, about, cells, &stream);
    xls_contain(&stream, version == SINCE_97 ? "Workbook" : "Book", 9, &file);
    write_bytes(file.bytes, file.length);
    hra_buffer_destroy(&stream);
    hra_buffer_destroy(&file);
}

static void add_format(hra_buffer *about, int id, const char *code)
{
    size_t begun = xls_begin(about, 0x041E);
    put_number(about, (uint64_t)id, 2);
    xls_text(about, code, 2);
    xls_end(about, begun);
}

static void add_style(hra_buffer *about, int format)
{
    size_t begun = xls_begin(about, 0x00E0);
    put_number(about, 0, 2);
    put_number(about, (uint64_t)format, 2);
    put_number(about, 0, 16);
    xls_end(about, begun);
}

static void add_text(hra_buffer *cells, int row, int column, const char *text)
{
    size_t begun = xls_cell(cells, 0x0204, row, column, 0);
    xls_text(cells, text, 2);
    xls_end(cells, begun);
}

static void add_rk(hra_buffer *cells, int row, int column, uint32_t bits)
{
    size_t begun = xls_cell(cells, 0x027E, row, column, 0);
    put_number(cells, bits, 4);
    xls_end(cells, begun);
}

static void add_shared(hra_buffer *cells, int row, int column, uint32_t text)
{
    size_t begun = xls_cell(cells, 0x00FD, row, column, 0);
    put_number(cells, text, 4);
    xls_end(cells, begun);
}

static void add_boolean(hra_buffer *cells, int row, int column, int value, int is_error)
{
    size_t begun = xls_cell(cells, 0x0205, row, column, 0);
    put_number(cells, (uint64_t)value, 1);
    put_number(cells, (uint64_t)is_error, 1);
    xls_end(cells, begun);
}

/* `result`: eight bytes. */
static void add_formula(hra_buffer *cells, int row, int column, uint64_t result)
{
    size_t begun = xls_cell(cells, 0x0006, row, column, 0);
    put_number(cells, result, 8);
    put_number(cells, 0, 8);
    xls_end(cells, begun);
}

/* Two columns of one row and a text in 8 bits a character, as before Excel 97. */
static void add_narrow(hra_buffer *cells, int row, int column, const char *text)
{
    size_t begun = xls_cell(cells, 0x0204, row, column, 0);
    put_number(cells, strlen(text), 2);
    hra_buffer_text(cells, text);
    xls_end(cells, begun);
}

/* ---- reading them ---------------------------------------------------------------------- */

static hra_code read_file(const char *file, const char *sheet, hra_text_facts *facts, hra_buffer *text,
                          hra_error *error)
{
    hra_text_stream *stream;
    bool end = false;
    hra_code code = hra_text_examine_table(file, NULL, sheet, facts, error);
    if (code == HRA_OK) code = hra_text_stream_open(file, facts, &stream, error);
    if (code != HRA_OK) return code;
    while (code == HRA_OK && !end) code = hra_text_stream_read(stream, text, &end, error);
    hra_text_stream_close(stream);
    return code;
}

static void expect_sheet(const char *sheet, const char *wanted)
{
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error = {0};
    if (read_file(path, sheet, &facts, &text, &error) != HRA_OK) fail_msg("%s", error.message);
    assert_string_equal(text.bytes ? text.bytes : "", wanted);
    assert_int_equal(facts.kind, HRA_FILE_OLD_WORKBOOK);
    assert_int_equal(facts.delimiter, ',');
    hra_buffer_destroy(&text);
}

static void expect_cells(hra_buffer *about, hra_buffer *cells, const char *wanted)
{
    write_book(SINCE_97, about, cells);
    expect_sheet(NULL, wanted);
}

static void expect_fault(const char *words)
{
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error = {0};
    assert_int_not_equal(read_file(path, NULL, &facts, &text, &error), HRA_OK);
    if (!strstr(error.message, words)) fail_msg("no '%s' in: %s", words, error.message);
    if (!strstr(error.message, path)) fail_msg("the file is not named: %s", error.message);
    hra_buffer_destroy(&text);
}

/* ---- cells --------------------------------------------------------------------------------- */

static uint32_t rk_whole(int32_t value, bool hundredth) { return (uint32_t)value << 2 | 2 | hundredth; }

static uint32_t rk_double(double value, bool hundredth)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint32_t)(bits >> 32 & ~3ULL) | hundredth;
}

static void test_numbers(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    add_rk(&cells, 0, 0, rk_whole(570, true));
    add_rk(&cells, 0, 1, rk_whole(57, false));
    add_rk(&cells, 0, 2, rk_whole(-1, false));
    add_rk(&cells, 0, 3, rk_whole(-12345, true));
    add_rk(&cells, 0, 4, rk_double(0.5, false));
    add_rk(&cells, 0, 5, rk_double(123.5, true));
    add_rk(&cells, 0, 6, rk_whole(536870911, false));
    add_rk(&cells, 0, 7, rk_whole(-536870912, false));
    const double values[] = {5.6, 5.5999999999999996, 0.1 + 0.2, 42, 110101199001011237.0, 1e-7, -0.058, 1e21};
    for (int i = 0; i < 8; i++) xls_number(&cells, 1, i, 0, values[i]);
    size_t begun = xls_begin(&cells, 0x00BD); /* several in a record */
    put_number(&cells, 2, 2);
    put_number(&cells, 1, 2);
    for (int i = 0; i < 3; i++) {
        put_number(&cells, 0, 2);
        put_number(&cells, rk_whole(560 + i, true), 4);
    }
    put_number(&cells, 3, 2);
    xls_end(&cells, begun);
    expect_cells(NULL, &cells,
                 "5.7,57,-1,-123.45,0.5,1.235,536870911,-536870912\n"
                 "5.6,5.6,0.30000000000000004,42,1.1010119900101123e+17,1e-07,-0.058,1e+21\n"
                 ",5.6,5.61,5.62,,,,\n");
    hra_buffer_destroy(&cells);
}

static void add_days(hra_buffer *about, hra_buffer *cells)
{
    const struct {
        const char *code; /* NULL: one that has a number */
        int id;
        double value;
    } days[] = {{NULL, 14, 45356},
                {NULL, 22, 45356.5},
                {NULL, 31, 45356},
                {NULL, 57, 45356},
                {"yyyy\"年\"m\"月\"d\"日\"", 164, 45356},
                {"[$-804]yyyy\"年\"m\"月\"d\"日\";@", 165, 45356.25},
                {"m/d/yy", 166, 60},
                {"h:mm", 167, 0.25},
                {"0.0%", 168, 0.058},
                {"00000", 169, 42},
                {"0.00\"元\"", 170, 5.7},
                {"[Red]General", 171, 5.7}};
    for (int i = 0; i < 12; i++) {
        if (days[i].code) add_format(about, days[i].id, days[i].code);
        add_style(about, days[i].id);
        xls_number(cells, 0, i, i, days[i].value);
    }
}

static void test_formats(void **state)
{
    (void)state;
    hra_buffer about = {0}, cells = {0};
    add_days(&about, &cells);
    expect_cells(&about, &cells,
                 "2024-03-05,2024-03-05 12:00:00,2024-03-05,2024-03-05,2024-03-05,2024-03-05,1900-02-29,06:00:00,5.8%,"
                 "00042,5.7,5.7\n");
    xls_record(&about, 0x0022, "\1\0", 2); /* days since 1904 */
    add_style(&about, 14);
    xls_number(&cells, 0, 0, 0, 43894);
    expect_cells(&about, &cells, "2024-03-05\n");
    xls_number(&cells, 0, 0, 700, 43894); /* a style that there is not */
    expect_cells(NULL, &cells, "43894\n");
    hra_buffer_destroy(&about);
    hra_buffer_destroy(&cells);
}

static void test_other_values(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    const int errors[] = {0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A};
    for (int i = 0; i < 7; i++) add_boolean(&cells, 0, i, errors[i], 1);
    add_boolean(&cells, 0, 7, 1, 0);
    add_boolean(&cells, 0, 8, 0, 0);
    xls_record(&cells, 0x0201, "\0\0\11\0\0\0", 6); /* an empty cell with a format */
    expect_cells(NULL, &cells, "#NULL!,#DIV/0!,#VALUE!,#REF!,#NAME?,#NUM!,#N/A,TRUE,FALSE\n");
    hra_buffer_destroy(&cells);
}

static void test_formulas(void **state)
{
    (void)state;
    hra_buffer cells = {0}, text = {0};
    double value = 5.7;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_formula(&cells, 0, 0, bits);
    add_formula(&cells, 0, 1, 0xFFFF000000010001); /* true */
    add_formula(&cells, 0, 2, 0xFFFF0000002A0002); /* an error */
    add_formula(&cells, 0, 3, 0xFFFF000000000003); /* an empty text */
    add_formula(&cells, 0, 4, 0xFFFF000000000000); /* a text */
    xls_record(&cells, 0x04BC, "shared", 6);
    xls_text(&text, "否认", 2);
    xls_record(&cells, 0x0207, text.bytes, text.length);
    add_formula(&cells, 0, 5, 0xFFFF000000000000); /* a text that is missing */
    xls_number(&cells, 0, 6, 0, 1);
    expect_cells(NULL, &cells, "5.7,TRUE,#N/A,,否认,=?,1\n");
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&text);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void test_texts(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    add_text(&cells, 0, 0, "0012");
    add_text(&cells, 0, 1, "张三丰");
    add_text(&cells, 0, 2, "Größe \"x\", y");
    add_text(&cells, 0, 3, "𠮷\n_x000D_");
    add_text(&cells, 0, 4, "");
    size_t begun = xls_cell(&cells, 0x0204, 0, 5, 0); /* half a character */
    put_number(&cells, 2, 2);
    put_number(&cells, 1, 1);
    put_number(&cells, 0xD842, 2);
    put_number(&cells, 'a', 2);
    xls_end(&cells, begun);
    begun = xls_cell(&cells, 0x00D6, 0, 6, 0); /* rich text and phonetic guides */
    put_number(&cells, 2, 2);
    put_number(&cells, 1 | 4 | 8, 1);
    put_number(&cells, 1, 2);
    put_number(&cells, 3, 4);
    put_number(&cells, 0x9634, 2);
    put_number(&cells, 0x6027, 2);
    hra_buffer_append(&cells, "runsphn", 7);
    xls_end(&cells, begun);
    expect_cells(NULL, &cells,
                 "0012,张三丰,\"Größe \"\"x\"\", y\",𠮷 _x000D_,,\xEF\xBF\xBD"
                 "a,阴性\n");
    hra_buffer_destroy(&cells);
}

/* Records end in the middle of texts, where these change between 8 and 16 bits a character. */
static void test_shared_texts(void **state)
{
    (void)state;
    enum { TEXTS = 9000 };
    hra_buffer about = {0}, cells = {0}, wanted = {0}, text = {0};
    xls_shared shared = {0};
    for (int i = 0; i < TEXTS; i++) {
        hra_buffer_clear(&text);
        for (int k = 0; k < i % 7; k++) hra_buffer_text(&text, "未见异常");
        hra_buffer_printf(&text, "%d%.*s", i, i % 13, "abcdefghijklm");
        add_shared(&cells, i, 0, xls_share(&shared, text.bytes));
        hra_buffer_printf(&wanted, "%s\n", text.bytes);
    }
    hra_buffer_clear(&text);
    for (int i = 0; i < 4000; i++) hra_buffer_text(&text, i < 2000 ? "阴性" : "negative");
    add_shared(&cells, TEXTS, 0, xls_share(&shared, text.bytes)); /* longer than a record */
    hra_buffer_printf(&wanted, "%s\n", text.bytes);
    add_shared(&cells, TEXTS + 1, 0, 5);
    hra_buffer_printf(&wanted, "未见异常未见异常未见异常未见异常未见异常5abcde\n");
    xls_shared_end(&shared, &about);
    expect_cells(&about, &cells, wanted.bytes);
    add_shared(&cells, 0, 0, 0);
    write_book(SINCE_97, NULL, &cells);
    expect_fault("names a shared text that the workbook does not have");
    hra_buffer_destroy(&about);
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&wanted);
    hra_buffer_destroy(&text);
}

/* Rich text and phonetic guides of shared texts that end in other records than they begin. */
static void test_shared_rich_text(void **state)
{
    (void)state;
    hra_buffer about = {0}, cells = {0};
    size_t begun = xls_begin(&about, 0x00FC);
    put_number(&about, 2, 4);
    put_number(&about, 2, 4);
    put_number(&about, 1, 2);
    put_number(&about, 8 | 4, 1);
    put_number(&about, 3, 2);
    put_number(&about, 10, 4);
    hra_buffer_text(&about, "arunsru");
    xls_end(&about, begun);
    xls_record(&about, 0x003C, "nsrunsphone", 11);
    begun = xls_begin(&about, 0x003C);
    hra_buffer_text(&about, "ticss");
    put_number(&about, 2, 2);
    put_number(&about, 0, 1);
    xls_end(&about, begun);
    xls_record(&about, 0x003C, "\0bc", 3); /* after its head the text goes on elsewhere */
    add_shared(&cells, 0, 0, 0);
    add_shared(&cells, 0, 1, 1);
    expect_cells(&about, &cells, "a,bc\n");
    hra_buffer_destroy(&about);
    hra_buffer_destroy(&cells);
}

static void test_code_pages(void **state)
{
    (void)state;
    static const struct {
        const char *page, *text, *wanted;
    } pages[] = {{"\xA8\x03", "\xB7\xF1\xC8\xCF", "否认"},       /* 936 */
                 {"\xB6\x03", "\xA4\xA4\xA4\xE5", "中文"},       /* 950 */
                 {"\xE4\x04", "\xB7\xF1\xC8\xCF", "否认"},       /* 1252, and wrong */
                 {"\xE4\x04", "Jos\xE9 50 \xB5g", "José 50 µg"}, /* 1252 */
                 {NULL, "\xE5\x90\xA6\xE8\xAE\xA4", "否认"},     /* UTF-8, not told */
                 {NULL, "\xC1\xAA\xCD\xA8\xB7\xF1", "联通否"}};
    hra_buffer about = {0}, cells = {0}, wanted = {0};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (pages[i].page) xls_record(&about, 0x0042, pages[i].page, 2);
        add_narrow(&cells, 0, 0, pages[i].text);
        write_book(BEFORE_97, &about, &cells);
        hra_buffer_clear(&wanted);
        hra_buffer_printf(&wanted, "%s\n", pages[i].wanted);
        expect_sheet("data", wanted.bytes);
    }
    hra_buffer_destroy(&about);
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&wanted);
}

/* What snippets of code write that are copied from program to program: records without anything around them. */
static void test_bare_records(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    xls_record(&cells, 0x0809, "\0\0\x10\0\0\0\0\0", 8);
    add_narrow(&cells, 0, 0, "\xD0\xD5\xC3\xFB");
    add_narrow(&cells, 0, 1, "TC");
    add_narrow(&cells, 1, 0, "\xC1\xAA\xCD\xA8");
    xls_number(&cells, 1, 1, 0, 5.7);
    xls_record(&cells, 0x000A, "", 0);
    write_bytes(cells.bytes, cells.length);
    expect_sheet(NULL, "姓名,TC\n联通,5.7\n");
    write_bytes(cells.bytes, cells.length - 4);
    expect_fault("it ends before its contents do");
    hra_buffer_destroy(&cells);
}

/* ---- sheets ------------------------------------------------------------------------------------ */

static void add_merge(hra_buffer *cells, int row, int last_row, int column, int last_column)
{
    const int range[] = {1, row, last_row, column, last_column};
    size_t begun = xls_begin(cells, 0x00E5);
    for (int i = 0; i < 5; i++) put_number(cells, (uint64_t)range[i], 2);
    xls_end(cells, begun);
}

static void test_rows(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    add_text(&cells, 0, 0, "b"); /* column by column */
    add_text(&cells, 2, 0, "2");
    add_text(&cells, 5, 0, "5");
    add_formula(&cells, 0, 1, 0xFFFF000000000000);
    xls_record(&cells, 0x0207, "\1\0\0c", 4);
    xls_number(&cells, 2, 1, 0, 7);
    xls_number(&cells, 5, 1, 0, 8);
    expect_cells(NULL, &cells, "b,c\n\n2,7\n\n\n5,8\n");
    add_text(&cells, 0, 3, "d"); /* from right to left */
    add_text(&cells, 0, 0, "a");
    expect_cells(NULL, &cells, "a,,,d\n");
    add_text(&cells, 0, 0, "a");
    add_text(&cells, 0, 0, "b");
    write_book(SINCE_97, NULL, &cells);
    expect_fault("row 1 has two cells in column 1");
    xls_number(&cells, 65535, 255, 0, 7); /* the last cell that there is */
    write_book(SINCE_97, NULL, &cells);
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error = {0};
    assert_int_equal(read_file(path, NULL, &facts, &text, &error), HRA_OK);
    assert_int_equal(text.length, 65535 + 255 + 2);
    hra_buffer_destroy(&text);
    xls_number(&cells, 0, 256, 0, 7);
    write_book(SINCE_97, NULL, &cells);
    expect_fault("row 1: the address of a cell does not fit");
    hra_buffer_destroy(&cells);
}

static void test_merged_headers(void **state)
{
    (void)state;
    hra_buffer cells = {0};
    add_text(&cells, 0, 0, "工号");
    add_text(&cells, 0, 1, "血压");
    add_text(&cells, 1, 1, "收缩压");
    add_text(&cells, 1, 2, "舒张压");
    xls_number(&cells, 2, 0, 0, 1);
    xls_number(&cells, 2, 1, 0, 120);
    xls_number(&cells, 2, 2, 0, 80);
    add_merge(&cells, 0, 1, 0, 0);
    add_merge(&cells, 0, 0, 1, 2);
    expect_cells(NULL, &cells, "工号,血压,\n工号,收缩压,舒张压\n1,120,80\n");
    hra_buffer_destroy(&cells);
}

static void add_sheet(hra_buffer *book, size_t listed, const char *text)
{
    set_number(book, listed, book->length, 4);
    xls_start(book, SINCE_97, 0x10);
    xls_start(book, SINCE_97, 0x20); /* a chart with numbers of its own */
    xls_number(book, 0, 0, 0, 1);
    xls_record(book, 0x000A, "", 0);
    if (text) add_text(book, 0, 0, text);
    xls_record(book, 0x000A, "", 0);
}

static void test_sheets(void **state)
{
    (void)state;
    static const char *const names[] = {"图", "旧", "空", "a", "b", "B2"};
    static const int hidden[] = {0, 1, 0, 0, 2, 0}, kinds[] = {2, 0, 0, 0, 0, 0};
    hra_buffer book = {0}, file = {0}, text = {0};
    hra_text_facts facts;
    hra_error error = {0};
    size_t listed[6];
    xls_start(&book, SINCE_97, 5);
    for (int i = 0; i < 6; i++) listed[i] = xls_sheet(&book, SINCE_97, names[i], hidden[i], kinds[i]);
    xls_record(&book, 0x000A, "", 0);
    for (int i = 0; i < 6; i++) add_sheet(&book, listed[i], i == 2 ? NULL : names[i]);
    xls_contain(&book, "Workbook", 9, &file);
    write_bytes(file.bytes, file.length);
    assert_int_equal(read_file(path, NULL, &facts, &text, &error), HRA_OK);
    assert_string_equal(text.bytes, "a\n");
    assert_string_equal(facts.table.name, "a");
    assert_string_equal(facts.table.not_read, "旧 (hidden), b (hidden), B2");
    assert_int_equal(facts.table.count, 4);
    expect_sheet("旧", "旧\n");
    expect_sheet("b2", "B2\n");
    assert_int_equal(read_file(path, "c", &facts, &text, &error), HRA_EUSAGE);
    assert_non_null(
        strstr(error.message, "there is no sheet 'c'; its sheets are: 图, 旧 (hidden), 空, a, b (hidden), B2"));
    assert_int_equal(read_file(path, "图", &facts, &text, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "is a chart or macro sheet"));
    hra_buffer_destroy(&book);
    hra_buffer_destroy(&file);
    hra_buffer_destroy(&text);
}

/* ---- compound files --------------------------------------------------------------------------- */

static void add_rows(hra_buffer *cells, int rows, hra_buffer *wanted)
{
    hra_buffer_clear(wanted);
    for (int i = 0; i < rows; i++) {
        xls_number(cells, i, 0, 0, i);
        add_text(cells, i, 1, "未见异常");
        hra_buffer_printf(wanted, "%d,未见异常\n", i);
    }
}

static void test_containers(void **state)
{
    (void)state;
    hra_buffer cells = {0}, wanted = {0}, stream = {0}, file = {0};
    for (int shift = 9; shift <= 12; shift += 3)
        for (int rows = 1; rows < 4000; rows = rows * 3 + 1) { /* short streams and long ones */
            add_rows(&cells, rows, &wanted);
            make_book(SINCE_97, NULL, &cells, &stream);
            xls_contain(&stream, "WORKBOOK", shift, &file);
            write_bytes(file.bytes, file.length);
            expect_sheet(NULL, wanted.bytes);
        }
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&wanted);
    hra_buffer_destroy(&stream);
    hra_buffer_destroy(&file);
}

/* A file that was cut anywhere before the end of its last sector is refused. */
static void test_cut_files(void **state)
{
    (void)state;
    hra_buffer cells = {0}, wanted = {0}, stream = {0}, file = {0};
    add_rows(&cells, 200, &wanted);
    make_book(SINCE_97, NULL, &cells, &stream);
    xls_contain(&stream, "Workbook", 9, &file);
    for (size_t length = 8; length < file.length; length += 61) {
        write_bytes(file.bytes, length);
        expect_fault("damaged or cut off");
    }
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&wanted);
    hra_buffer_destroy(&stream);
    hra_buffer_destroy(&file);
}

/* Sectors that follow themselves, tables that name themselves: reading ends. */
static void test_circles(void **state)
{
    (void)state;
    hra_buffer cells = {0}, wanted = {0}, stream = {0}, file = {0};
    add_rows(&cells, 200, &wanted);
    make_book(SINCE_97, NULL, &cells, &stream);
    xls_contain(&stream, "Workbook", 9, &file);
    size_t table = file.length - 512;
    const struct {
        size_t at;
        uint32_t number;
    } changes[] = {
        {table, 0},          {table + 4, 1}, {table + 8, 2},          {44, 0xFFFFFFF0}, {76, 0xFFFFFFFE},
        {48, 0xFFFFFFFE},    {512 + 76, 0},  {512 + 128 + 116, 7777}, {30, 40},         {512 + 128 + 120, 1u << 30},
        {512 + 128 + 68, 1}, {68, 2}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        hra_text_facts facts;
        hra_buffer text = {0};
        hra_error error = {0};
        uint32_t before;
        memcpy(&before, file.bytes + changes[i].at, 4);
        set_number(&file, changes[i].at, changes[i].number, 4);
        write_bytes(file.bytes, file.length);
        hra_code code = read_file(path, NULL, &facts, &text, &error);
        if (code == HRA_OK) assert_string_equal(text.bytes, wanted.bytes);
        memcpy(file.bytes + changes[i].at, &before, 4);
        hra_buffer_destroy(&text);
    }
    hra_buffer_destroy(&cells);
    hra_buffer_destroy(&wanted);
    hra_buffer_destroy(&stream);
    hra_buffer_destroy(&file);
}

/* ---- what is refused ------------------------------------------------------------------------------ */

static void test_refused(void **state)
{
    (void)state;
    hra_buffer about = {0}, cells = {0};
    xls_record(&about, 0x002F, "\1\0\1\0\1\0", 6);
    xls_number(&cells, 0, 0, 0, 7);
    write_book(SINCE_97, &about, &cells);
    expect_fault("a workbook protected by a password");
    xls_record(&cells, 0x0203, "\0\0\0\0\0\0", 6);
    write_book(SINCE_97, NULL, &cells);
    expect_fault("a cell in it is cut");
    xls_record(&cells, 0x0204, "\0\0\0\0\0\0\7\0\0abc", 12);
    write_book(SINCE_97, NULL, &cells);
    expect_fault("a text in it has no end");
    static const char *const starts[] = {"\x09\0\x04\0\2\0\x10\0", "\x09\2\6\0\0\0\x10\0", "\x09\4\6\0\0\0\x10\0"};
    for (int i = 0; i < 3; i++) {
        write_bytes(starts[i], 8);
        expect_fault("from before Excel 5");
    }
    hra_buffer_destroy(&about);
    hra_buffer_destroy(&cells);
}

/* ---- workbooks of real programs -------------------------------------------------------------------- */

static void test_real_workbooks(void **state)
{
    (void)state;
    static const char *const names[] = {"xlwt", "libreoffice", "gnumeric_excel5", "writeexcel"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char file[256];
        hra_text_facts facts;
        hra_buffer text = {0};
        hra_error error = {0};
        snprintf(file, sizeof file, HRA_SOURCE_DIR "/tests/workbooks/%s.xls", names[i]);
        if (read_file(file, NULL, &facts, &text, &error) != HRA_OK) fail_msg("%s", error.message);
        snprintf(file, sizeof file, HRA_SOURCE_DIR "/tests/workbooks/%s.csv", names[i]);
        char *wanted = file_text(file);
        assert_string_equal(text.bytes, wanted);
        free(wanted);
        hra_buffer_destroy(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_numbers, remove_file),
        cmocka_unit_test_teardown(test_formats, remove_file),
        cmocka_unit_test_teardown(test_other_values, remove_file),
        cmocka_unit_test_teardown(test_formulas, remove_file),
        cmocka_unit_test_teardown(test_texts, remove_file),
        cmocka_unit_test_teardown(test_shared_texts, remove_file),
        cmocka_unit_test_teardown(test_shared_rich_text, remove_file),
        cmocka_unit_test_teardown(test_code_pages, remove_file),
        cmocka_unit_test_teardown(test_bare_records, remove_file),
        cmocka_unit_test_teardown(test_rows, remove_file),
        cmocka_unit_test_teardown(test_merged_headers, remove_file),
        cmocka_unit_test_teardown(test_sheets, remove_file),
        cmocka_unit_test_teardown(test_containers, remove_file),
        cmocka_unit_test_teardown(test_cut_files, remove_file),
        cmocka_unit_test_teardown(test_circles, remove_file),
        cmocka_unit_test_teardown(test_refused, remove_file),
        cmocka_unit_test(test_real_workbooks),
    };
    return cmocka_run_group_tests(tests, make_name, NULL);
}
