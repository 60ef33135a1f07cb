/* Workbooks become comma-separated text: hand-written parts for what no writer makes, libxlsxwriter for what one does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "io/tables/text_stream.h"
#include "io/tables/xlsx_number.h"
#include "tests/tools/xls_writer.h"

static char path[64];

static int make_name(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/hra_xlsx_%ld.xlsx", (long)getpid());
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

/* ---- making workbooks ------------------------------------------------------------------- */

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS "http://schemas.openxmlformats.org/package/2006/relationships"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

typedef struct part {
    const char *name, *text;
} part;

static void write_zip(const part *parts, int count)
{
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(zip);
    for (int i = 0; i < count; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        assert_true(zip_file_add(zip, parts[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
}

typedef struct book {
    const char *properties; /* of the workbook */
    const char *strings, *styles;
    const char *data;   /* inside sheetData */
    const char *behind; /* behind it */
} book;

static void write_book(const book *b)
{
    static char workbook[4000], sheet[100000], strings[100000], styles[20000];
    snprintf(workbook, sizeof workbook,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\">%s"
             "<sheets><sheet name=\"数据\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
             b->properties ? b->properties : "");
    snprintf(sheet, sizeof sheet, "<worksheet xmlns=\"" MAIN "\"><sheetData>%s</sheetData>%s</worksheet>", b->data,
             b->behind ? b->behind : "");
    snprintf(strings, sizeof strings, "<sst xmlns=\"" MAIN "\">%s</sst>", b->strings ? b->strings : "");
    snprintf(styles, sizeof styles, "<styleSheet xmlns=\"" MAIN "\">%s</styleSheet>", b->styles ? b->styles : "");
    part parts[] = {{"[Content_Types].xml", "<Types/>"},
                    {"_rels/.rels", "<Relationships xmlns=\"" RELATIONS "\"><Relationship Id=\"r\" Type=\"" OFFICE
                                    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
                    {"xl/_rels/workbook.xml.rels",
                     "<Relationships xmlns=\"" RELATIONS "\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                     "/worksheet\" Target=\"/xl/worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" OFFICE
                     "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" OFFICE
                     "/styles\" Target=\"../xl/styles.xml\"/></Relationships>"},
                    {"xl/workbook.xml", workbook},
                    {"xl/worksheets/sheet1.xml", sheet},
                    {"xl/sharedStrings.xml", strings},
                    {"xl/styles.xml", styles}};
    write_zip(parts, (int)(sizeof parts / sizeof parts[0]));
}

/* ---- reading them ---------------------------------------------------------------------- */

static hra_code read_table(const char *sheet, hra_text_facts *facts, hra_buffer *text, hra_error *error)
{
    hra_text_stream *stream;
    bool end = false;
    hra_buffer_clear(text);
    hra_code code = hra_text_examine_table(path, NULL, sheet, facts, error);
    if (code == HRA_OK) code = hra_text_stream_open(path, facts, &stream, error);
    if (code != HRA_OK) return code;
    while (code == HRA_OK && !end) code = hra_text_stream_read(stream, text, &end, error);
    hra_text_stream_close(stream);
    return code;
}

static void expect_text(const char *sheet, const char *wanted)
{
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error = {0};
    hra_code code = read_table(sheet, &facts, &text, &error);
    if (code != HRA_OK) fail_msg("%s", error.message);
    assert_string_equal(text.bytes ? text.bytes : "", wanted);
    assert_int_equal(facts.kind, HRA_FILE_WORKBOOK);
    assert_int_equal(facts.delimiter, ',');
    hra_buffer_destroy(&text);
}

static void expect_data(const char *data, const char *wanted)
{
    write_book(&(book){.data = data});
    expect_text(NULL, wanted);
}

static void expect_fault(const char *words)
{
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error = {0};
    assert_int_not_equal(read_table(NULL, &facts, &text, &error), HRA_OK);
    if (!strstr(error.message, words)) fail_msg("no '%s' in: %s", words, error.message);
    if (!strstr(error.message, path)) fail_msg("the file is not named: %s", error.message);
    hra_buffer_destroy(&text);
}

static void expect_data_fault(const char *data, const char *words)
{
    write_book(&(book){.data = data});
    expect_fault(words);
}

/* ---- numbers ------------------------------------------------------------------------------ */

static void expect_number(const char *text, const char *code, bool from_1904, const char *wanted)
{
    hra_buffer out = {0};
    hra_xlsx_number_text(text, strlen(text), hra_xlsx_form_of_code(code), from_1904, &out);
    assert_string_equal(out.bytes ? out.bytes : "", wanted);
    hra_buffer_destroy(&out);
}

static void test_numbers(void **state)
{
    (void)state;
    expect_number("5.6", "General", false, "5.6");
    expect_number("5.5999999999999996", "General", false, "5.6");
    expect_number("0.30000000000000004", "General", false, "0.30000000000000004");
    expect_number("5.60", "0.00", false, "5.60");
    expect_number("1.2E+1", "General", false, "12");
    expect_number("1.1010119900101E+17", "General", false, "1.1010119900101e+17");
    expect_number("110101199001010000", "0", false, "1.1010119900101e+17"); /* damaged: it must not look whole */
    expect_number("-0", "General", false, "-0");
    expect_number("13800138000", "General", false, "13800138000");
    expect_number("0.058", "0.0%", false, "5.8%");
    expect_number("5.8000000000000003E-2", "0%", false, "5.8%");
    expect_number("1", "0%", false, "100%");
    expect_number("-0.5", "0.00%", false, "-50%");
    expect_number("12.345", "0%", false, "1234.5%");
    expect_number("5.8", "0.0\\%", false, "5.8");
    expect_number("5.8", "0.0\"%\"", false, "5.8");
    expect_number("5.8", "0.0\"mmol/L\"", false, "5.8");
    expect_number("5.8", "[Red]0.0;[Blue]-0.0", false, "5.8");
    expect_number("5.8", "_-* #,##0.00_-", false, "5.8");
    expect_number("12", "000000", false, "000012");
    expect_number("1234567", "000000", false, "1234567");
    expect_number("1.5", "000000", false, "1.5");
    expect_number("NaN", "0.0", false, "NaN");
    expect_number("1E999", "0.0", false, "1E999");
}

static void test_days(void **state)
{
    (void)state;
    expect_number("45356", "yyyy-mm-dd", false, "2024-03-05");
    expect_number("43894", "yyyy-mm-dd", true, "2024-03-05");
    expect_number("45356.34", "yyyy/m/d h:mm", false, "2024-03-05 08:09:36");
    expect_number("45356.34", "yyyy/m/d", false, "2024-03-05");
    expect_number("45356.999999999", "yyyy/m/d", false, "2024-03-05");
    expect_number("45356.999999999", "yyyy/m/d h:mm:ss", false, "2024-03-06");
    expect_number("45356", "[$-804]yyyy\"年\"m\"月\"d\"日\";@", false, "2024-03-05");
    expect_number("45356", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", false, "2024-03-05");
    expect_number("45356", "mmm-yy", false, "2024-03-05");
    expect_number("1", "yyyy-mm-dd", false, "1900-01-01");
    expect_number("59", "yyyy-mm-dd", false, "1900-02-28");
    expect_number("60", "yyyy-mm-dd", false, "1900-02-29"); /* no such day: rejected where a date is wanted */
    expect_number("61", "yyyy-mm-dd", false, "1900-03-01");
    expect_number("0", "yyyy-mm-dd", true, "1904-01-01");
    expect_number("0", "yyyy-mm-dd", false, "0");
    expect_number("2958465", "yyyy-mm-dd", false, "9999-12-31");
    expect_number("2958466", "yyyy-mm-dd", false, "2958466");
    expect_number("-1", "yyyy-mm-dd", false, "-1");
    expect_number("0.5", "h:mm", false, "12:00:00");
    expect_number("1.5", "[h]:mm", false, "36:00:00");
    assert_int_equal(hra_xlsx_form_builtin(14).kind, HRA_XLSX_DAY);
    assert_int_equal(hra_xlsx_form_builtin(22).kind, HRA_XLSX_CLOCK);
    assert_int_equal(hra_xlsx_form_builtin(31).kind, HRA_XLSX_DAY);
    assert_int_equal(hra_xlsx_form_builtin(10).kind, HRA_XLSX_PERCENT);
    assert_int_equal(hra_xlsx_form_builtin(4).kind, HRA_XLSX_NUMBER);
    assert_int_equal(hra_xlsx_form_builtin(49).kind, HRA_XLSX_NUMBER);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void test_cell_kinds(void **state)
{
    (void)state;
    write_book(&(book){
        .strings = "<si><t>性别</t></si><si><r><t>总</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">胆 </t></r>"
                   "<rPh sb=\"0\" eb=\"1\"><t>ふ</t></rPh><phoneticPr fontId=\"1\"/></si><si><t/></si>"
                   "<si><t>a&amp;b,\"c\"</t></si><si><t>line\nbreak_x000D__x005F_x_xD842__xDFB7_</t></si>",
        .data =
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
            "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" t=\"s\"><v>4</v></c></row>"
            "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>男</t></is></c><c r=\"B2\"><v>5.2000000000000002</v></c>"
            "<c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"D2\" t=\"e\"><v>#DIV/0!</v></c>"
            "<c r=\"E2\" t=\"str\"><f>A2&amp;B2</f><v>男5.2</v></c></row>"
            "<row r=\"3\"><c r=\"A3\" t=\"b\"><v>0</v></c><c r=\"B3\" t=\"d\"><v>2024-03-05T00:00:00.000</v></c>"
            "<c r=\"C3\" t=\"d\"><v>2024-03-05T08:12:00</v></c><c r=\"D3\"><f>B2*2</f><v>10.4</v></c>"
            "<c r=\"E3\"><f>B2*2</f></c></row>"});
    expect_text(NULL, "性别,总胆 ,,\"a&b,\"\"c\"\"\",line break _x𠮷\n"
                      "男,5.2,TRUE,#DIV/0!,男5.2\n"
                      "FALSE,2024-03-05,2024-03-05 08:12:00,10.4,=B2*2\n");
}

static void test_styles(void **state)
{
    (void)state;
    book b = {
        .styles =
            "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
            "<numFmt numFmtId=\"165\" formatCode=\"0.0%\"/></numFmts>"
            "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
            "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"14\"/></cellXfs>",
        .data = "<row r=\"1\"><c r=\"A1\"><v>45356</v></c><c r=\"B1\" s=\"1\"><v>45356</v></c>"
                "<c r=\"C1\" s=\"2\"><v>0.058</v></c><c r=\"D1\" s=\"3\"><v>45356</v></c>"
                "<c r=\"E1\" s=\"99\"><v>45356</v></c></row>"};
    write_book(&b);
    expect_text(NULL, "45356,2024-03-05,5.8%,2024-03-05,45356\n");
    b.properties = "<workbookPr date1904=\"1\"/>";
    write_book(&b);
    expect_text(NULL, "45356,2028-03-06,5.8%,2028-03-06,45356\n");
}

static void test_odd_addresses(void **state)
{
    (void)state;
    expect_data("<row r=\"3\"><c r=\"C3\"><v>3</v></c><c r=\"A3\"><v>1</v></c></row><row r=\"5\"><c r=\"A5\"/></row>"
                "<row r=\"6\"><c r=\"B6\"><v>2</v></c></row>",
                "\n\n1,,3\n\n\n,2,\n"); /* rows keep their numbers */
    expect_data("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>", "1,2\n\n3,\n");
    expect_data("<x:row xmlns:x=\"u\" r=\"1\"><x:c r=\"AA1\"><x:v>7</x:v></x:c></x:row>",
                ",,,,,,,,,,,,,,,,,,,,,,,,,,7\n");
    expect_data_fault("<row r=\"2\"/><row r=\"1\"><c><v>1</v></c></row>", "row 1 stands after row 2");
    expect_data_fault("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>", "two cells in column 1");
    expect_data_fault("<row r=\"1\"><c r=\"A7\"><v>1</v></c></row>", "address");
    expect_data_fault("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "beyond what a sheet can hold");
    expect_data_fault("<row r=\"1\"><c r=\"ABCDEFGHIJK1\"><v>1</v></c></row>", "beyond what a sheet can hold");
    expect_data_fault("<row r=\"99999999999\"><c><v>1</v></c></row>", "beyond what a sheet can hold");
    expect_data_fault("<row r=\"1x\"><c><v>1</v></c></row>", "number cannot be read");
    expect_data_fault("<row r=\"1\"><c t=\"s\"><v>5</v></c></row>", "shared text");
    expect_data_fault("<row r=\"1\"><c t=\"s\"><v>-1</v></c></row>", "shared text");
    expect_data_fault("<row r=\"1\"><c t=\"s\"><v>1e3</v></c></row>", "shared text");
}

static void test_filled_up(void **state)
{
    (void)state;
    /* every row is as wide as the widest of the first ones; spaces alone are no cell */
    expect_data("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>title</t></is></c></row>"
                "<row r=\"2\"><c r=\"C2\"><v>3</v></c><c r=\"D2\" t=\"inlineStr\"><is><t>  </t></is></c></row>",
                "title,,\n,,3\n");
}

static void test_broken(void **state)
{
    (void)state;
    expect_data_fault("<row r=\"1\"><c><v>1</v></row>", "damaged");
    write_book(&(book){.data = "", .behind = "<mergeCells/>"});
    expect_fault("is empty");
    static const char *const missing[] = {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                          "xl/styles.xml"};
    for (int i = 0; i < 4; i++) {
        write_book(&(book){.data = "<row r=\"1\"><c><v>1</v></c></row>"});
        zip_t *zip = zip_open(path, 0, NULL);
        assert_int_equal(zip_delete(zip, (zip_uint64_t)zip_name_locate(zip, missing[i], 0)), 0);
        assert_int_equal(zip_close(zip), 0);
        expect_fault("save it again");
    }
    write_book(&(book){.data = "<row r=\"1\"><c><v>1</v></c></row>"});
    assert_int_equal(truncate(path, 1200), 0);
    expect_fault("damaged or cut off");
}

static void test_entities_are_refused(void **state)
{
    (void)state;
    part parts[] = {{"[Content_Types].xml", "<Types/>"},
                    {"_rels/.rels", "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;\">]><a>&z;</a>"}};
    write_zip(parts, 2);
    expect_fault("document type");
}

static void test_damaged_data(void **state)
{
    (void)state;
    static char data[60000];
    size_t used = 0;
    for (int i = 1; i <= 900; i++)
        used += (size_t)snprintf(data + used, sizeof data - used, "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c></row>", i,
                                 i, i * 7919);
    write_book(&(book){.data = data});
    FILE *file = fopen(path, "r+b");
    static char bytes[60000];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    char *name = memmem(bytes, size, "sheet1.xml", 10);
    assert_non_null(name);
    long at = (long)(name - bytes) + 1500; /* in the packed rows, far from both ends */
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_not_equal(fputc(bytes[at] ^ 0x10, file), EOF);
    fclose(file);
    expect_fault("damaged");
}

/* Zeros that pack a thousand to one. */
static void test_bomb(void **state)
{
    (void)state;
    size_t size = (size_t)100 << 20;
    char *text = malloc(size + 1);
    memset(text, ' ', size);
    text[size] = '\0';
    part parts[] = {{"[Content_Types].xml", "<Types/>"}, {"_rels/.rels", text}};
    write_zip(parts, 2);
    free(text);
    expect_fault("times its size");
}

static void test_deep_and_endless(void **state)
{
    (void)state;
    static char deep[20000];
    for (int i = 0; i < 1000; i++) strcat(deep, "<a>");
    expect_data_fault(deep, "nested too deep");
    size_t size = (size_t)6 << 20;
    char *text = malloc(size + 64);
    strcpy(text, "<Relationships a=\"");
    for (size_t i = strlen(text); i < size; i++) text[i] = (char)('a' + i * 7919 % 26);
    strcpy(text + size, "\"/>");
    part parts[] = {{"[Content_Types].xml", "<Types/>"}, {"_rels/.rels", text}};
    write_zip(parts, 2);
    free(text);
    expect_fault("does not end");
}

/* ---- headers --------------------------------------------------------------------------------- */

#define TEXT(place, words) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" words "</t></is></c>"

static void test_merged_headers(void **state)
{
    (void)state;
    book b = {
        .data = "<row r=\"1\">" TEXT(
            "A1", "2024年度体检结果") "</row>"
                                      "<row r=\"2\">" TEXT("A2", "姓名") TEXT("B2", "血压") TEXT(
                                          "D2", "总胆固醇") "</row>"
                                                            "<row r=\"3\">" TEXT("B3", "收缩压") TEXT(
                                                                "C3",
                                                                "舒张压") "</row>"
                                                                          "<row r=\"4\">" TEXT(
                                                                              "A4",
                                                                              "甲") "<c r=\"B4\"><v>120</v></c><c "
                                                                                    "r=\"C4\"><v>80</v></c>"
                                                                                    "<c r=\"D4\"><v>5.1</v></c></row>",
        .behind = "<mergeCells count=\"4\"><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"A2:A3\"/>"
                  "<mergeCell ref=\"B2:C2\"/><mergeCell ref=\"D2:D3\"/></mergeCells>"};
    write_book(&b);
    expect_text(NULL, "2024年度体检结果,,,\n姓名,血压,,总胆固醇\n姓名,收缩压,舒张压,总胆固醇\n甲,120,80,5.1\n");
    b.data = "<row r=\"1\">" TEXT("A1", "姓名") TEXT(
        "B1", "收缩压") "</row>"
                        "<row r=\"2\">" TEXT("A2", "甲") "<c r=\"B2\"><v>120</v></c><c r=\"C2\"><v>118</v></c></row>"
                                                         "<row r=\"3\">" TEXT("A3", "乙") TEXT("B3", "拒检") "</row>";
    b.behind =
        "<mergeCells><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"B3:C3\"/><mergeCell ref=\"A2:A3\"/></mergeCells>";
    write_book(&b);
    expect_text(NULL, "姓名,收缩压,收缩压\n甲,120,118\n乙,拒检,\n"); /* merged cells of people stay as they are */
}

/* ---- workbooks of a real writer -------------------------------------------------------------------- */

static void test_sheets(void **state)
{
    (void)state;
    lxw_workbook *out = workbook_new(path);
    worksheet_hide(workbook_add_worksheet(out, "备注"));
    lxw_worksheet *hidden = workbook_get_worksheet_by_name(out, "备注");
    worksheet_write_string(hidden, 0, 0, "secret", NULL);
    workbook_add_worksheet(out, "空");
    lxw_worksheet *first = workbook_add_worksheet(out, "一月");
    worksheet_write_string(first, 0, 0, "性别", NULL);
    worksheet_activate(first);
    lxw_worksheet *second = workbook_add_worksheet(out, "February");
    worksheet_write_string(second, 0, 0, "sex", NULL);
    worksheet_write_number(second, 1, 0, 1, NULL);
    workbook_add_chartsheet(out, "图");
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);
    expect_text(NULL, "性别\n");
    expect_text("february", "sex\n1\n");
    expect_text("备注", "secret\n");
    expect_text("空", "");
    hra_text_facts facts;
    hra_error error;
    assert_int_equal(hra_text_examine(path, NULL, &facts, &error), HRA_OK);
    assert_string_equal(facts.table.name, "一月");
    assert_int_equal(facts.table.count, 3);
    assert_string_equal(facts.table.not_read, "备注 (hidden), February");
    assert_int_equal(hra_text_examine_table(path, NULL, "March", &facts, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "备注 (hidden), 空, 一月, February, 图"));
    assert_int_equal(hra_text_examine_table(path, NULL, "图", &facts, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "chart"));
}

/* More texts than stay in memory, asked for in any order. */
static void test_many_shared_texts(void **state)
{
    (void)state;
    enum { ROWS = 40000, LENGTH = 400 };
    lxw_workbook *out = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(out, NULL);
    char cell[LENGTH + 40];
    hra_buffer wanted = {0}, text = {0};
    for (int i = 0; i < ROWS; i++)
        for (int column = 0; column < 2; column++) {
            int number = column == 0 ? i : (i * 7919) % ROWS; /* the second column asks far from the first */
            snprintf(cell, sizeof cell, "t%d%*d", number, LENGTH, number);
            worksheet_write_string(sheet, (lxw_row_t)i, (lxw_col_t)column, cell, NULL);
            hra_buffer_printf(&wanted, "%s%c", cell, column == 0 ? ',' : '\n');
        }
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);
    hra_text_facts facts;
    hra_error error;
    assert_int_equal(read_table(NULL, &facts, &text, &error), HRA_OK);
    assert_int_equal(text.length, wanted.length);
    assert_memory_equal(text.bytes, wanted.bytes, wanted.length);
    hra_buffer_destroy(&text);
    hra_buffer_destroy(&wanted);
}

/* ---- what is no workbook --------------------------------------------------------------------------- */

static void write_bytes(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void write_compound(const char *stream_name)
{
    hra_buffer stream = {0}, file = {0};
    hra_buffer_text(&stream, "x");
    xls_contain(&stream, stream_name, 9, &file);
    write_bytes(file.bytes, file.length);
    hra_buffer_destroy(&stream);
    hra_buffer_destroy(&file);
}

static void test_other_kinds(void **state)
{
    (void)state;
    write_compound("EncryptedPackage");
    expect_fault("protected by a password");
    write_compound("WordDocument");
    expect_fault("Word");
    write_compound("__properties_version1.0");
    expect_fault("Outlook");
    write_compound("SummaryInformation");
    expect_fault("a document of another program");
    write_bytes("<html><table>", 13);
    expect_fault("web page in which there is no table");
    write_bytes("\xEF\xBB\xBF\n<table border=1>", 20);
    expect_fault("web page in which there is no table");
    const char *xml = "<?xml version=\"1.0\"?>\n<rows/>";
    write_bytes(xml, strlen(xml));
    expect_fault("XML, whatever its name");
    const struct {
        const char *part, *words;
    } kinds[] = {{"xl/workbook.bin", ".xlsb"},
                 {"content.xml", "OpenDocument"},
                 {"word/document.xml", "Word document"},
                 {"Index/Document.iwa", "Numbers"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        part parts[] = {{"[Content_Types].xml", "<a/>"}, {kinds[i].part, "x"}};
        write_zip(parts, 2);
        expect_fault(kinds[i].words);
    }
}

static void test_zipped_text(void **state)
{
    (void)state;
    part parts[] = {{"export/people.csv", "sex,age\nmale,50\n"}, {"export/", ""}, {"__MACOSX/x", "y"}};
    write_zip(parts, 3);
    hra_text_facts facts;
    hra_buffer text = {0};
    hra_error error;
    assert_int_equal(read_table(NULL, &facts, &text, &error), HRA_OK);
    assert_string_equal(text.bytes, "sex,age\nmale,50\n");
    assert_int_equal(facts.kind, HRA_FILE_ZIPPED_TEXT);
    hra_buffer_destroy(&text);
    parts[2].name = "more.csv";
    write_zip(parts, 3);
    expect_fault("more.csv");
    part nested[] = {{"a.xlsx", "PK\x03\x04"}};
    write_zip(nested, 1);
    expect_fault("unpack it first");
    /* names in GBK are shown as what they are */
    part gbk[] = {{"\xCC\xE5\xBC\xEC.csv", "a"}, {"b.csv", "b"}};
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    for (int i = 0; i < 2; i++) {
        zip_source_t *source = zip_source_buffer(zip, gbk[i].text, 1, 0);
        assert_true(zip_file_add(zip, gbk[i].name, source, ZIP_FL_ENC_RAW) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    expect_fault("体检.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_days),
        cmocka_unit_test_teardown(test_cell_kinds, remove_file),
        cmocka_unit_test_teardown(test_styles, remove_file),
        cmocka_unit_test_teardown(test_odd_addresses, remove_file),
        cmocka_unit_test_teardown(test_filled_up, remove_file),
        cmocka_unit_test_teardown(test_broken, remove_file),
        cmocka_unit_test_teardown(test_entities_are_refused, remove_file),
        cmocka_unit_test_teardown(test_damaged_data, remove_file),
        cmocka_unit_test_teardown(test_bomb, remove_file),
        cmocka_unit_test_teardown(test_deep_and_endless, remove_file),
        cmocka_unit_test_teardown(test_merged_headers, remove_file),
        cmocka_unit_test_teardown(test_sheets, remove_file),
        cmocka_unit_test_teardown(test_many_shared_texts, remove_file),
        cmocka_unit_test_teardown(test_other_kinds, remove_file),
        cmocka_unit_test_teardown(test_zipped_text, remove_file),
    };
    return cmocka_run_group_tests(tests, make_name, NULL);
}
