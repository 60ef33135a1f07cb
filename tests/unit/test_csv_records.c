/* Cutting text into records and cells, sniffing, encodings, gzip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/words/text_fold.h"

static char path[] = "/tmp/hra-records-XXXXXX";

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* All records of the file as "line:cell|cell;..." with a mark for faults. */
static char *read_back(uint32_t width)
{
    hra_text_facts facts;
    hra_record_reader *reader = NULL;
    hra_error error = {0};
    hra_buffer out = {0}, scratch = {0};
    if (hra_text_examine(path, NULL, &facts, &error) != HRA_OK ||
        hra_record_reader_open(path, &facts, ',', &reader, &error) != HRA_OK)
        fail_msg("%s", error.message);
    hra_record_reader_set_width(reader, width);
    hra_batch batch = {0};
    do {
        assert_int_equal(hra_record_reader_next(reader, 2, 1 << 20, &batch, &error), HRA_OK);
        for (int i = 0; i < batch.count; i++) {
            const hra_record *record = &batch.records[i];
            hra_buffer_printf(&out, "%s%lld:", out.length ? ";" : "", (long long)record->line);
            if (record->fault) hra_buffer_printf(&out, "!%d", record->fault);
            hra_cells cells = hra_cells_begin(batch.text.bytes + record->start, record->length, ',', &scratch);
            for (int n = 0; !cells.done; n++) {
                hra_cell_text cell = hra_cells_next(&cells);
                if (n) hra_buffer_char(&out, '|');
                for (size_t c = 0; c < cell.length; c++)
                    hra_buffer_char(&out, cell.text[c] == '\n' ? '~' : cell.text[c] == '\0' ? '0' : cell.text[c]);
            }
        }
    } while (batch.count > 0);
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&scratch);
    hra_record_reader_close(reader);
    return out.bytes;
}

static void expect(const char *text, uint32_t width, const char *expected)
{
    write_file(text, strlen(text));
    char *found = read_back(width);
    assert_string_equal(found ? found : "", expected);
    free(found);
}

static void line_ends(void **state)
{
    expect("a,b\nc,d\n", 2, "1:a|b;2:c|d");
    expect("a,b\r\nc,d", 2, "1:a|b;2:c|d");
    expect("a,b\rc,d\r", 2, "1:a|b;2:c|d");
    expect("a,b\r\n\r\n\n\rc,d\re,f\ng,h", 2, "1:a|b;5:c|d;6:e|f;7:g|h");
    expect("", 2, "");
    expect("\n\n", 2, "");
    expect("a,\n,b\n,\n", 2, "1:a|;2:|b;3:|");
    expect("a,b\n\x1A", 2, "1:a|b"); /* Ctrl-Z at the end of an old export */
    expect("a,\x1A\nb,c\n", 2, "1:a|\x1A;2:b|c");
}

static void quotes(void **state)
{
    expect("\"a,b\",\"c\"\"d\"\ne,f\n", 2, "1:a,b|c\"d;2:e|f");
    expect("\"a\nb\",c\r\nd,e", 2, "1:a~b|c;3:d|e");
    expect("5\",x\ny,\"\"\n", 2, "1:5\"|x;2:y|");
    expect("\"ab\"cd,e\n", 2, "1:abcd|e");
    expect("\"\"\"\",\"\"\"\"\n", 2, "1:\"|\"");
}

/* An unclosed quote costs its own line and no other. */
static void unclosed_quotes(void **state)
{
    expect("a,\"b\nc,d\ne,f\n", 2, "1:!1a|b;2:c|d;3:e|f");
    expect("a,\"b\nc,\"d\"\ne,f\n", 2, "1:!1a|b;2:c|d;3:e|f");
    expect("a,\"b\nc,\"d\",\"e\"\nf,g\n", 2, "1:!1a|b;2:c|d|e;3:f|g");
    expect("a,b\nc,\"", 2, "1:a|b;2:!1c|");
}

static void damaged_rows(void **state)
{
    write_file("a,b\nc\0,d\ne,f\n", 13);
    char *found = read_back(2);
    assert_string_equal(found, "1:a|b;2:!2c0|d;3:e|f");
    free(found);
}

/* The same records whatever the place of the blocks' ends. */
static void long_files(void **state)
{
    hra_buffer text = {0}, expected = {0};
    for (int i = 0; i < 60000; i++) {
        bool quoted = i % 7 == 0;
        hra_buffer_printf(&text, quoted ? "%d,\"x\"\"\n%d\"\r\n" : "%d,y%d\r\n", i, i);
        hra_buffer_printf(&expected, quoted ? "%s%d:%d|x\"~%d" : "%s%d:%d|y%d", i ? ";" : "", i + 1 + (i + 6) / 7, i,
                          i);
    }
    write_file(text.bytes, text.length);
    char *found = read_back(2);
    assert_true(strcmp(found, expected.bytes) == 0);
    free(found);
    hra_buffer_destroy(&text);
    hra_buffer_destroy(&expected);
}

static void sniffing(void **state)
{
    static const struct {
        const char *text;
        char delimiter;
    } cases[] = {{"a,b,c\n1,2,3\n", ','},
                 {"a\tb\n1\t2\n", '\t'},
                 {"a;b;c\n1,5;2,5;3\n2,5;1;1\n", ';'},
                 {"a$b$c\n1$2$3\n", '$'},
                 {"a|b\n1|2\n", '|'},
                 {"single\n1\n2\n", ','},
                 {"\"a;x\",b\n\"c;y\",d\n\"e;z\",f\n", ','},
                 {"a;b\n\"x,y,z\";c\n", ';'}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(hra_sniff_delimiter(cases[i].text, strlen(cases[i].text), true), cases[i].delimiter);
}

/* ---- encodings ------------------------------------------------------------------- */

static hra_encoding probe(const char *bytes, size_t length, size_t step, int64_t *errors)
{
    hra_encoding_probe p;
    int64_t first;
    hra_encoding_probe_start(&p);
    for (size_t at = 0; at < length; at += step)
        hra_encoding_probe_feed(&p, (const unsigned char *)bytes + at, length - at < step ? length - at : step);
    return hra_encoding_probe_finish(&p, errors, &first);
}

static void detection(void **state)
{
    static const struct {
        const char *bytes;
        hra_encoding encoding;
        int errors;
    } cases[] = {{"plain", HRA_UTF8, 0},
                 {"性别,年龄", HRA_UTF8, 0},
                 {"\xD0\xD4\xB1\xF0,1", HRA_GB18030, 0},
                 {"\xEF\xBB\xBFvid", HRA_UTF8, 0},
                 {"\xFF\xFEv", HRA_UTF16LE, 0},
                 {"\xFE\x9F,\x82\x30\xB7\x31,\x95\x34\xB2\x35", HRA_GB18030, 0},
                 {"性别,男\xFF,女性", HRA_UTF8, 1},
                 {"50 \xB5g,Jos\xE9|P\xE9rez", HRA_WINDOWS_1252, 0},
                 {"50 \xB5g,Gr\xF6\xDF"
                  "e",
                  HRA_GB18030, 0}, /* two together may be Chinese */
                 {"a\x81m", HRA_GB18030, 0},
                 {"", HRA_UTF8, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t step = 1; step < 20; step += 3) {
            int64_t errors;
            assert_int_equal(probe(cases[i].bytes, strlen(cases[i].bytes), step, &errors), cases[i].encoding);
            assert_int_equal(errors, cases[i].errors);
        }
}

/* Pieces of any size, whole characters at once: the counts are those of byte after byte. */
static void detection_in_pieces(void **state)
{
    static const char *const pieces[] = {
        "a",        "120,5.6\n", "是",       "\xC2\xA0", "\xF0\x9F\x98\x80", "\xD0\xD4",
        "\xE0\x80", "\xED\xA0",  "\xE6\x98", "\xFF",     "\x81\x30\x81\x30", "\x80",
        "否,",      "\x7F",      "\xF4\x90"};
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        hra_buffer text = {0};
        for (int i = 0; i < 40; i++) {
            seed = seed * 1103515245 + 12345;
            unsigned piece = (seed >> 16) % (sizeof pieces / sizeof pieces[0]), few = 5;
            hra_buffer_text(&text, pieces[round % 3 ? piece % few : piece]);
        }
        int64_t errors, again;
        hra_encoding encoding = probe(text.bytes, text.length, 1, &errors);
        for (size_t step = 2; step < text.length + 30; step += 13) {
            assert_int_equal(probe(text.bytes, text.length, step, &again), encoding);
            assert_int_equal(again, errors);
        }
        hra_encoding_probe watch;
        hra_encoding_probe_watch(&watch, HRA_UTF8);
        hra_encoding_probe_feed(&watch, (const unsigned char *)text.bytes, text.length);
        int64_t damaged, first;
        assert_int_equal(hra_encoding_probe_finish(&watch, &damaged, &first), HRA_UTF8);
        assert_int_equal(damaged == 0, encoding == HRA_UTF8 && errors == 0);
        assert_int_equal(hra_utf8_whole(text.bytes, text.length) == text.length, damaged == 0);
        hra_buffer_destroy(&text);
    }
}

/* Every start of a character, behind little and much that is plain: what is whole is what one character after the other
 * finds. */
static void whole_characters(void **state)
{
    static const char thirds[] = {'a', '\x7F', '\x80', '\xBF', '\xC0'}, fourths[] = {'a', '\x80', '\xBF'};
    enum { PLAIN = 110 };
    char text[PLAIN + 4];
    memset(text, '5', sizeof text);
    for (unsigned i = 0; i < 128 * 256 * sizeof thirds * sizeof fourths; i++) {
        text[PLAIN] = (char)(128 + i % 128);
        text[PLAIN + 1] = (char)(i / 128 % 256);
        text[PLAIN + 2] = thirds[i / 32768 % sizeof thirds];
        text[PLAIN + 3] = fourths[i / 32768 / sizeof thirds];
        const char *at = text + PLAIN, *end = text + sizeof text;
        for (int length; at < end; at += length)
            if (hra_utf8_next(at, end, &length) == 0xFFFD && length == 1) break;
        assert_int_equal(hra_utf8_whole(text + PLAIN, 4), at - text - PLAIN);
        assert_int_equal(hra_utf8_whole(text, sizeof text), at - text);
    }
}

/* Plain ASCII up to the last row proves nothing about the last row. */
static void late_detection(void **state)
{
    hra_buffer text = {0};
    for (int i = 0; i < 90000; i++) hra_buffer_printf(&text, "%d,a\n", i);
    hra_buffer_text(&text, "90000,\xD0\xD4\xB1\xF0\n");
    write_file(text.bytes, text.length);
    hra_text_facts facts;
    assert_int_equal(hra_text_examine(path, NULL, &facts, NULL), HRA_OK);
    assert_int_equal(facts.encoding, HRA_GB18030);
    char *found = read_back(2);
    assert_non_null(strstr(found, "90000|性别"));
    free(found);
    hra_buffer_destroy(&text);
}

static void decode(hra_encoding encoding, const char *bytes, size_t length, const char *expected)
{
    for (size_t step = 1; step <= length + 1; step++) {
        hra_decoder *decoder;
        hra_buffer out = {0};
        assert_int_equal(hra_decoder_new(encoding, false, &decoder, NULL), HRA_OK);
        for (size_t at = 0; at < length; at += step)
            assert_int_equal(hra_decoder_feed(decoder, (const unsigned char *)bytes + at,
                                              length - at < step ? length - at : step, false, &out, NULL),
                             HRA_OK);
        assert_int_equal(hra_decoder_feed(decoder, (const unsigned char *)"", 0, true, &out, NULL), HRA_OK);
        assert_string_equal(out.bytes ? out.bytes : "", expected);
        hra_buffer_destroy(&out);
        hra_decoder_free(decoder);
    }
}

static void decoding(void **state)
{
    decode(HRA_GB18030, "a\xD0\xD4,\x82\x30\xB7\x31\x95\x34\xB2\x35\xFE\x9F|", 15, "a性,㛃𠮷䶮|");
    decode(HRA_GB18030, "a\xD0", 2, "a\xEF\xBF\xBD");
    decode(HRA_GB18030,
           "a\xFF"
           "b",
           3,
           "a\xEF\xBF\xBD"
           "b");
    decode(HRA_BIG5, "\xAC\xF9\xA7O,\xB3\x5C|", 8, "約別,許|");
    decode(HRA_BIG5, "\xA4,\xFF|\x80|\xF9\xD6", 8, "\xEF\xBF\xBD,\xEF\xBF\xBD|\xEF\xBF\xBD|碁");
    decode(HRA_BIG5, "a\xAC", 2, "a\xEF\xBF\xBD");
    decode(HRA_WINDOWS_1252, "\xB5g,\xE9\x80|\x81", 7, "µg,é€|\xEF\xBF\xBD");
    decode(HRA_UTF8, "性\xE6\x80,x\xF0\x9F", 9, "性\xEF\xBF\xBD\xEF\xBF\xBD,x\xEF\xBF\xBD\xEF\xBF\xBD");
    decode(HRA_UTF16LE, "\xD3\x59\x0D\x54\t\0\x42\xD8\xB7\xDF", 10, "姓名\t𠮷");
    decode(HRA_UTF16LE,
           "\x42\xD8"
           "a\0",
           4,
           "\xEF\xBF\xBD"
           "a");
    decode(HRA_UTF16BE, "\x59\xD3", 2, "姓");
}

static void gzip_members(void **state)
{
    gzFile file = gzopen(path, "wb1");
    assert_non_null(file);
    for (int i = 0; i < 50000; i++) gzprintf(file, "%d,x\n", i);
    gzclose(file);
    file = gzopen(path, "ab9");
    for (int i = 0; i < 50000; i++) gzprintf(file, "%d,y\n", i);
    gzclose(file);
    char *found = read_back(2);
    assert_non_null(strstr(found, "50000:49999|x;50001:0|y"));
    assert_non_null(strstr(found, ";100000:49999|y"));
    free(found);
    assert_int_equal(truncate(path, 40000), 0);
    hra_text_facts facts;
    hra_error error;
    assert_int_equal(hra_text_examine(path, NULL, &facts, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "cut off"));
}

static void other_kinds_of_files(void **state)
{
    static const struct {
        const char *start, *says;
    } cases[] = {
        {"PK\x03\x04 rest", "zip archive or workbook"}, {"\n <HTML><body>", "web page"}, {"\x89HDF\r\n\x1A\n", "HDF5"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hra_text_facts facts;
        hra_error error;
        write_file(cases[i].start, strlen(cases[i].start));
        assert_int_equal(hra_text_examine(path, NULL, &facts, &error), HRA_EINPUT);
        assert_non_null(strstr(error.message, cases[i].says));
    }
}

static int make_path(void **state)
{
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_path(void **state) { return unlink(path); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends),
        cmocka_unit_test(quotes),
        cmocka_unit_test(unclosed_quotes),
        cmocka_unit_test(damaged_rows),
        cmocka_unit_test(long_files),
        cmocka_unit_test(sniffing),
        cmocka_unit_test(detection),
        cmocka_unit_test(detection_in_pieces),
        cmocka_unit_test(whole_characters),
        cmocka_unit_test(late_detection),
        cmocka_unit_test(decoding),
        cmocka_unit_test(gzip_members),
        cmocka_unit_test(other_kinds_of_files),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
