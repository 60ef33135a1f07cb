/* From files to chunks: matching, map files, units, limits, duplicates, rejects, threads. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "io/csv/csv_source.h"
#include "tests/unit/file_fixture.h"

/* Beside the shipped dictionary: a flag, and a second owner of an alias. */
static const char definitions[] = "variable test_flag { type flag alias \"测试\" }\n"
                                  "variable test_lipid { type measure unit \"mmol/L\" decimals 2 alias \"胆固醇\" }\n";

static hra_library *library;
static char folder[] = "/tmp/hra-source-XXXXXX";

/* ---- helpers ------------------------------------------------------------------------ */

static const char *path_of(const char *name)
{
    static char paths[8][80];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const char *write_file(const char *name, const char *text)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void print_value(const hra_chunk *chunk, int row, int c, const hra_column *column, hra_buffer *out)
{
    const hra_codes *codes = &chunk->columns[c];
    uint32_t code = hra_code_at(codes, row);
    if (code == hra_column_missing(column)) {
        hra_buffer_char(out, '?');
    } else if (code == hra_column_escape(column)) {
        for (int e = 0; e < chunk->exception_count; e++)
            if (chunk->exceptions[e].row == row && chunk->exceptions[e].column == c)
                hra_buffer_printf(out, "!%.17g", chunk->exceptions[e].value);
    } else {
        hra_buffer_double(out, hra_column_value(column, code));
    }
}

/* "key sbp=120 tc=? group" per row; exceptions carry a '!'. */
static void print_chunk(const hra_source *source, const hra_chunk *chunk, hra_buffer *out)
{
    for (int row = 0; row < chunk->rows; row++) {
        hra_buffer_text(out, chunk->keys ? chunk->keys[row] : "#");
        for (int c = 0; c < source->schema->column_count; c++) {
            const hra_column *column = &source->schema->columns[c];
            hra_buffer_printf(out, " %s=", hra_dictionary_at(source->schema->dictionary, column->variable)->name);
            print_value(chunk, row, c, column, out);
        }
        for (int l = 0; l < source->schema->label_count; l++) {
            int32_t index = chunk->labels[l].index[row];
            hra_buffer_printf(out, " %s", index < 0 ? "?" : chunk->labels[l].texts[index]);
        }
        hra_buffer_char(out, '\n');
    }
}

static char *drain(hra_source *source)
{
    hra_buffer out = {0};
    hra_error error = {0};
    for (;;) {
        int64_t sequence;
        void *ticket;
        hra_chunk chunk;
        if (source->claim(source, &sequence, &ticket, &error) != HRA_OK) fail_msg("%s", error.message);
        if (sequence < 0) break;
        if (source->fill(source, sequence, ticket, &chunk, &error) != HRA_OK) fail_msg("%s", error.message);
        print_chunk(source, &chunk, &out);
        source->release(source, &chunk);
    }
    assert_int_equal(hra_csv_finish(source, &error), HRA_OK);
    return out.bytes ? out.bytes : calloc(1, 1);
}

static hra_source *open_files(const char *const *paths, int count, const hra_csv_options *options)
{
    hra_source *source;
    hra_error error = {0};
    if (hra_csv_open(paths, count, hra_library_dictionary(library), options, &source, &error) != HRA_OK)
        fail_msg("%s", error.message);
    return source;
}

static void expect(const char *text, const hra_csv_options *options, const char *expected)
{
    const char *path = write_file("in.csv", text);
    hra_source *source = open_files(&path, 1, options);
    char *found = drain(source);
    assert_string_equal(found, expected);
    free(found);
    source->close(source);
}

static void refuse(const char *text, const hra_csv_options *options, hra_code code, const char *says)
{
    const char *path = write_file("in.csv", text);
    hra_source *source;
    hra_error error = {0};
    assert_int_equal(hra_csv_open(&path, 1, hra_library_dictionary(library), options, &source, &error), code);
    if (!strstr(error.message, says)) fail_msg("'%s' is not in '%s'", says, error.message);
}

static hra_csv_options with_map(const char *map) { return (hra_csv_options){.map_file = write_file("map.txt", map)}; }

static const hra_csv_options plain = {0};

/* ---- matching ------------------------------------------------------------------------- */

static void names_labels_aliases(void **state)
{
    expect("客户编号,姓名,性 别,年龄,*收缩压（mmHg）,TC↑(mg/dL),测试,单位,体检日期\n"
           "A1,某人,男,52,120,200,是,甲公司,2024-01-31\n",
           &plain, "A1 sex=0 age=52 sbp=120 tc=200 test_flag=1 exam_date=19753 甲公司\n");
    expect("ID;age;高压\n7;52;120\n", &plain, "7 age=52 sbp=120\n");
    expect("2024年体检,,\n\nID,年龄,收缩压\nA1,52,120\n", &plain, "A1 age=52 sbp=120\n"); /* a title above */
    hra_csv_options row = {.header_row = 3};
    expect("a\nb\nID,年龄\nA1,52\n", &row, "A1 age=52\n");
    expect("年龄\n52\n\n53\n", &plain, "1 age=52\n2 age=53\n"); /* no identifier: the row number */
}

static void refused_headers(void **state)
{
    refuse("", &plain, HRA_EINPUT, "empty");
    refuse("年龄,age\n1,2\n", &plain, HRA_EINPUT, "'年龄' and 'age' are both age");
    refuse("客户编号,ID,age\n1,2,3\n", &plain, HRA_EINPUT, "id = COLUMN");
    refuse("血压,sbp\n120/80,120\n", &plain, HRA_EINPUT, "both sbp");
    refuse("\"age,sex\n1,2\n", &plain, HRA_EINPUT, "not closed");
    hra_csv_options units = {.units = "tc=mmHg"};
    refuse("age,tc\n1,2\n", &units, HRA_EUSAGE, "not a unit of tc");
    units.units = "tc=mmol/L";
    refuse("age,tc(mg/dL)\n1,2\n", &units, HRA_EINPUT, "--units says");
    hra_csv_options import = {.require_id = true};
    refuse("ID,age\n1,2\n", &import, HRA_EUSAGE, "hra key new");
}

static void report_of_columns(void **state)
{
    const char *path = write_file("in.csv", "ID,姓名,胆固醇,TC(g/cL),qwert,age\n1,x,3,4,5,52\n");
    hra_source *source = open_files(&path, 1, &plain);
    const hra_csv_report *report = hra_csv_file_report(source, 0);
    assert_int_equal(report->match_count, 6);
    assert_string_equal(report->matches[0].how, "alias");
    assert_string_equal(report->matches[1].how, "ignored: text never enters hra");
    assert_non_null(strstr(report->matches[2].how, "ambiguous: tc or test_lipid"));
    assert_non_null(strstr(report->matches[3].how, "'g/cL' is none of its units"));
    assert_string_equal(report->matches[4].how, "no such variable");
    for (int i = 1; i < 5; i++) assert_int_equal(report->matches[i].variable, -1);
    free(drain(source));
    hra_buffer text = {0};
    hra_csv_report_print(source, &text);
    hra_csv_report_json(source, &text);
    assert_non_null(strstr(text.bytes, "qwert"));
    hra_buffer_destroy(&text);
    source->close(source);
}

/* ---- map files -------------------------------------------------------------------------- */

static void map_rules(void **state)
{
    hra_csv_options o = with_map("# a comment\n"
                                 "id = \"the, \"\"id\"\"\"\n"
                                 "tc_mgdl = tc [mg/dL]   # at the end\n"
                                 "RIAGENDR = sex\nRIAGENDR: 1 = female, 2 = male, 9 = missing\n"
                                 "note = ignore\n"
                                 "= age = 40\n= group_id = 甲公司\n"
                                 "bp = sbp / dbp\n");
    expect("\"the, "
           "\"\"id\"\"\",tc_mgdl,RIAGENDR,note,bp\nA1,201,1,x,120/80\nA2,201.55,2.0,x,-\nA3,,9,x,80/120\nA4,1,3,x,\n",
           &o,
           "A1 tc=201 sex=1 sbp=120 dbp=80 age=40 甲公司\n"
           "A2 tc=!201.55000000000001 sex=0 sbp=? dbp=? age=40 甲公司\n"
           "A3 tc=? sex=? sbp=? dbp=? age=40 甲公司\n"
           "A4 tc=!1 sex=? sbp=? dbp=? age=40 甲公司\n");
}

static void meanings_of_words(void **state)
{
    hra_csv_options missing =
        with_map("age: 99 = missing\nsmk = test_flag\nsmk: 1 = yes, 2 = no, 7 = missing, \"\" = no\n");
    expect(
        "age,smk\n99,1\n52,2\n98,7\n40,\n41,0\n99.0,1.0\n", &missing,
        "1 test_flag=1 age=?\n2 test_flag=0 age=52\n3 test_flag=? age=98\n4 test_flag=0 age=40\n5 test_flag=? age=41\n"
        "6 test_flag=1 age=?\n");
}

static void several_readings(void **state)
{
    hra_csv_options mean = with_map("mean(sbp1, sbp2, sbp3) = sbp\nfirst_known(d1,d2) = dbp\n");
    expect("sbp1,sbp2,sbp3,d1,d2\n120,121,,80,90\n120,121,121,,90\n,,,-,\n120,x,122,80,70\n", &mean,
           "1 sbp=!120.5 dbp=80\n2 sbp=!120.66666666666667 dbp=90\n3 sbp=? dbp=?\n4 sbp=121 dbp=80\n");
    hra_csv_options twice = with_map("mean(收缩压@1, 收缩压@2) = sbp\n");
    expect("收缩压,收缩压\n120,130\n", &twice, "1 sbp=125\n");
}

static void refused_maps(void **state)
{
    static const struct {
        const char *map, *says;
    } cases[] = {{"agee = age", "no column 'agee'"},
                 {"age = agee", "no variable 'agee'"},
                 {"age = age [kg]", "'kg' is not a unit of age"},
                 {"age", "expected COLUMN"},
                 {"age =", "a variable is missing"},
                 {"\"age = age", "not closed"},
                 {"age = age [year", "']' is missing"},
                 {"age = age\nage = ignore", "line 1 already"},
                 {"age: 1 = one", "'one' is not a value of age"},
                 {"age: 1 = 5, 1 = 6", "two meanings"},
                 {"= age = 5", "constant here"},
                 {"= sbp = 1000", "out of the range"},
                 {"mean(age = age", "expected mean"},
                 {"mean(x, y) = age", "no column 'x'"},
                 {"mean(age, sex) = test_flag", "cannot be combined"},

                 {"sex@3 = sex", "no column"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hra_csv_options o = with_map(cases[i].map);
        refuse("ID,age,sex\n1,2,1\n", &o, HRA_EINPUT, cases[i].says);
    }
}

/* ---- values -------------------------------------------------------------------------------- */

static void limits_and_rejects(void **state)
{
    hra_csv_options o = {.enforce_hard_limits = true, .reject_path = path_of("rejects.csv")};
    const char *text = "ID,sbp,tc\nA,320,5.6\nB,201,5.678\nC,\"1,2\"\"\n0\",x\nD,NA,1.7\n";
    expect(text, &o, "A sbp=? tc=5.6\nB sbp=201 tc=!5.6779999999999999\nC sbp=? tc=?\nD sbp=? tc=?\n");
    char *rejects = file_text(o.reject_path);
    assert_string_equal(
        rejects, "file,line,column,variable,value,reason\n"
                 "in.csv,2,sbp,sbp,320,outside the hard limits of the variable\n"
                 "in.csv,4,sbp,sbp,\"1,2\"\"\n0\",text after the number is neither a unit of this variable nor a known "
                 "remark\n"
                 "in.csv,4,tc,tc,x,text instead of a number\n"
                 "in.csv,6,tc,tc,1.7,outside the hard limits of the variable\n");
    free(rejects);
    struct stat facts;
    assert_int_equal(stat(o.reject_path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);

    const char *path = write_file("in.csv", "ID,sbp,tc\nA,320,5.6\nB,201,５.6\nC,,\nD,x,NA\n");
    hra_source *source = open_files(&path, 1, &plain); /* flagged only */
    char *found = drain(source);
    assert_string_equal(found, "A sbp=!320 tc=5.6\nB sbp=201 tc=5.6\nC sbp=? tc=?\nD sbp=? tc=?\n");
    free(found);
    const hra_value_counts *v = hra_csv_file_report(source, 0)->values;
    assert_true(v[0].known == 2 && v[0].implausible == 2 && v[0].missing == 1 && v[0].rejected == 1 &&
                v[0].altered == 0);
    assert_true(v[1].known == 2 && v[1].implausible == 0 && v[1].missing == 2 && v[1].rejected == 0 &&
                v[1].altered == 1);
    source->close(source);
}

/* Cells of one byte have a quick path for codes; a date is not one of them. */
static void short_cells_are_no_dates(void **state)
{
    expect("ID,exam_date,sex\nA,-,1\nB,5,2\nC,x,-\nD,2024-01-31,x\n", &plain,
           "A exam_date=? sex=0\nB exam_date=? sex=1\nC exam_date=? sex=?\nD exam_date=19753 sex=?\n");
}

/* Files of one run, each with its own map, unit, encoding, separator, issuer, provider and group. */
static void each_file_in_its_manner(void **state)
{
    const char *first = write_file("first.map", "x = sbp\nx: 0 = missing\n= north = yes\nrules: bound = half\n"
                                                "tc: rules bound = itself\n");
    const char *second = write_file("second.map", "x = tc [mg/dL]\n= exam_provider = Own\n");
    const char *paths[] = {write_file("a.csv", "ID,x,tc,hdl\n1,0,<2,<1\n2,120,5,1\n"),
                           write_file("b.csv", "two;titles\nID;x\n1;200\n"),
                           write_file("c.csv", "ID,x,tc,hdl\n3,0,5,1\n")};
    hra_delivery how[] = {{.map_file = first, .issuer = "east", .provider = "East", .group = "G1"},
                          {.map_file = second, .issuer = "west", .delimiter = ';', .header_row = 2, .provider = "W"},
                          {.map_file = first, .issuer = "west"}};
    hra_csv_options o = {.deliveries = how, .group = "G0", .duplicates = HRA_DUPLICATE_KEEP_FIRST};
    hra_source *source = open_files(paths, 3, &o);
    char *found = drain(source);
    assert_string_equal(found, "1 sbp=? tc=2 hdl=0.5 tc=? north=1 East G1\n"
                               "2 sbp=120 tc=5 hdl=1 tc=? north=1 East G1\n"
                               "1 sbp=? tc=? hdl=? tc=200 north=? Own G0\n"
                               "3 sbp=? tc=5 hdl=1 tc=? north=1 ? G0\n");
    free(found);
    source->close(source);
}

/* The fast path for plain decimals and the careful one give the same codes and the same counts. */
static void fast_path_agrees(void **state)
{
    hra_buffer fast = {0}, slow = {0};
    hra_buffer_text(&fast, "ID,sbp,tc,age\n");
    hra_buffer_text(&slow, "ID,sbp,tc,age\n");
    for (int i = 0; i < 3000; i++) {
        const char *format = i % 3 == 0 ? "%d,%s%d%s,%s%.2f%s,%s%d%s\n" : "%d,%s%d%s,%s%.1f%s,%s%d%s\n";
        hra_buffer_printf(&fast, format, i, "", 60 + i % 220, "", "", i * 0.01, "", "", i % 130, "");
        hra_buffer_printf(&slow, format, i, " ", 60 + i % 220, "e0", "+", i * 0.01, " ", " ", i % 130, ".");
    }
    hra_csv_options o = {.enforce_hard_limits = true};
    const char *path = write_file("in.csv", fast.bytes);
    hra_source *a = open_files(&path, 1, &o);
    char *found_fast = drain(a);
    path = write_file("in.csv", slow.bytes);
    hra_source *b = open_files(&path, 1, &o);
    char *found_slow = drain(b);
    assert_string_equal(found_fast, found_slow);
    assert_memory_equal(hra_csv_file_report(a, 0)->values, hra_csv_file_report(b, 0)->values,
                        3 * sizeof(hra_value_counts));
    assert_true(hra_csv_file_report(a, 0)->values[0].rejected > 0 &&
                hra_csv_file_report(a, 0)->values[0].implausible > 0);
    free(found_fast);
    free(found_slow);
    a->close(a);
    b->close(b);
    hra_buffer_destroy(&fast);
    hra_buffer_destroy(&slow);
}

/* ---- rows -------------------------------------------------------------------------------------- */

static void odd_rows(void **state)
{
    hra_csv_options o = {.reject_path = path_of("rejects.csv")};
    expect("ID,age,sex\nA,52,1\nB,53\nC,54,1,9\n,,\nID,age,sex\nD,\"55,1\n E ,56,2\n合计,3,\n,57,2\n", &o,
           "A age=52 sex=0\nB age=53 sex=?\nE age=56 sex=1\n9 age=57 sex=1\n");
    char *rejects = file_text(o.reject_path);
    assert_string_equal(rejects, "file,line,column,variable,value,reason\n"
                                 "in.csv,4,,,\"C,54,1,9\",more cells than the header: values may have shifted\n"
                                 "in.csv,5,,,\",,\",all cells are empty\n"
                                 "in.csv,6,,,\"ID,age,sex\",repeats the header\n"
                                 "in.csv,7,,,\"D,\"\"55,1\",a quote opens on this line and is not closed\n"
                                 "in.csv,9,,,\"合计,3,\",\"a line of totals, not a person\"\n");
    free(rejects);
}

static hra_identity *test_identity(void)
{
    hra_identity *identity;
    const char *path = write_file("key", "hra-key 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_OK);
    return identity;
}

static void identifiers(void **state)
{
    hra_identity *identity = test_identity();
    char key[HRA_KEY_TEXT], expected[200];
    hra_identity_hash(identity, "clinic", "0012", 4, key);
    hra_csv_options o = {
        .require_id = true, .identity = identity, .issuer = "clinic", .reject_path = path_of("rejects.csv")};
    snprintf(expected, sizeof expected, "%s age=52\n", key);
    expect("ID,age\n\"=\"\"0012\"\"\",52\n,53\n1.10101E+17,54\n", &o, expected);
    char *rejects = file_text(o.reject_path);
    assert_non_null(strstr(rejects, "in.csv,3,,,\",53\",no identifier"));
    assert_non_null(strstr(rejects, "a spreadsheet has damaged the identifier"));
    free(rejects);
    expect("age\n52\n", &o, "# age=52\n"); /* no identifiers at all: row numbers */
    hra_identity_free(identity);
}

static void duplicates(void **state)
{
    const char *text = "ID,age\nA,1\nB,2\na ,3\nC,4\nＡ,5\nC,6,7\n";
    hra_csv_options o = {.duplicates = HRA_DUPLICATE_KEEP_ALL};
    expect(text, &o, "A age=1\nB age=2\na age=3\nC age=4\nＡ age=5\n");
    o.duplicates = HRA_DUPLICATE_KEEP_FIRST;
    expect(text, &o, "A age=1\nB age=2\nC age=4\n"); /* a row that is rejected anyway takes nobody's place */
    o.duplicates = HRA_DUPLICATE_KEEP_LAST;
    expect(text, &o, "B age=2\nC age=4\nＡ age=5\n");
    o.duplicates = HRA_DUPLICATE_REJECT;
    expect(text, &o, "B age=2\nC age=4\n");
}

static void several_files(void **state)
{
    const char *paths[] = {write_file("alpha.csv", "ID,age,tc\nA,1,5\nB,2,6\n"),
                           write_file("beta.csv", "单位\tTC(mg/dL)\tID\n乙\t200\tB\n丙\t201\tC\n")};
    hra_csv_options o = {.group_from_file = true, .duplicates = HRA_DUPLICATE_KEEP_FIRST};
    hra_source *source = open_files(paths, 2, &o);
    char *found = drain(source);
    assert_string_equal(found, "A age=1 tc=5 tc=? alpha\nB age=2 tc=6 tc=? alpha\nC age=? tc=? tc=201 丙\n");
    assert_int_equal(hra_csv_file_count(source), 2);
    assert_int_equal(hra_csv_file_report(source, 1)->duplicates, 1);
    assert_int_equal(hra_csv_file_report(source, 1)->delimiter, '\t');
    free(found);
    source->close(source);
}

/* The row number that stands in for an identifier is the place in the input, over all files. */
static void row_numbers(void **state)
{
    const char *paths[] = {write_file("alpha.csv", "age,sbp\n1,100\n2,100,9\n3,100\n"),
                           write_file("beta.csv", "age\n4\n")};
    hra_source *source = open_files(paths, 2, &plain);
    char *found = drain(source);
    assert_string_equal(found, "1 age=1 sbp=100\n3 age=3 sbp=100\n4 age=4 sbp=?\n");
    free(found);
    source->close(source);
}

static void changed_file(void **state)
{
    const char *path = write_file("in.csv", "ID,age\nA,1\n");
    hra_source *source = open_files(&path, 1, &plain);
    write_file("in.csv", "ID,age,sex\nA,1,2\n");
    int64_t sequence;
    void *ticket;
    hra_error error;
    assert_int_equal(source->claim(source, &sequence, &ticket, &error), HRA_EIO);
    assert_non_null(strstr(error.message, "changed"));
    source->close(source);
}

/* ---- threads -------------------------------------------------------------------------------------- */

typedef struct crew {
    hra_source *source;
    pthread_mutex_t mutex;
    hra_buffer parts[64];
    int64_t first_rows[64];
} crew;

static void *work(void *context)
{
    crew *c = context;
    for (;;) {
        int64_t sequence;
        void *ticket;
        hra_chunk chunk;
        pthread_mutex_lock(&c->mutex);
        hra_code code = c->source->claim(c->source, &sequence, &ticket, NULL);
        pthread_mutex_unlock(&c->mutex);
        if (code != HRA_OK || sequence < 0 || sequence >= 64) return NULL;
        if (c->source->fill(c->source, sequence, ticket, &chunk, NULL) != HRA_OK) return NULL;
        c->first_rows[sequence] = chunk.first_row;
        print_chunk(c->source, &chunk, &c->parts[sequence]);
        c->source->release(c->source, &chunk);
    }
}

static void threads_change_nothing(void **state)
{
    hra_buffer text = {0}, joined = {0};
    hra_buffer_text(&text, "ID,age,sbp,tc,单位,sex\n");
    for (int i = 0; i < 200000; i++)
        hra_buffer_printf(&text, "P%d,%d,%d,%.2f,G%d,%s\n", i % 150000, i % 100, 60 + i % 250, (i % 900) / 100.0,
                          i / 500, i % 11 ? "男" : "?");
    const char *path = write_file("in.csv", text.bytes);
    hra_csv_options o = {
        .enforce_hard_limits = true, .duplicates = HRA_DUPLICATE_KEEP_FIRST, .reject_path = path_of("r1.csv")};
    hra_source *source = open_files(&path, 1, &o);
    char *alone = drain(source);
    source->close(source);
    crew c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    o.reject_path = path_of("r2.csv");
    c.source = open_files(&path, 1, &o);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, work, &c), 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(hra_csv_finish(c.source, NULL), HRA_OK);
    int64_t rows = 0;
    for (int i = 0; i < 64 && c.parts[i].length > 0; i++) {
        assert_int_equal(c.first_rows[i], rows);
        for (size_t k = 0; k < c.parts[i].length; k++) rows += c.parts[i].bytes[k] == '\n';
        hra_buffer_append(&joined, c.parts[i].bytes, c.parts[i].length);
        hra_buffer_destroy(&c.parts[i]);
    }
    assert_int_equal(rows, 150000);
    assert_true(strcmp(alone, joined.bytes) == 0);
    assert_int_equal(hra_csv_file_report(c.source, 0)->rows_rejected, 50000);
    c.source->close(c.source);
    char *r1 = file_text(path_of("r1.csv")), *r2 = file_text(path_of("r2.csv"));
    assert_true(strcmp(r1, r2) == 0);
    free(alone);
    free(r1);
    free(r2);
    hra_buffer_destroy(&text);
    hra_buffer_destroy(&joined);
}

/* ---- */

static int set_up(void **state)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error = {0};
    library = hra_library_new();
    int code = hra_library_add_text(library, "test.hra", definitions, sizeof definitions - 1, faults, &error);
    if (code == HRA_OK) code = hra_library_check(library, faults, &error);
    if (code != HRA_OK) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        fprintf(stderr, "%s\n%s\n", error.message, text.bytes ? text.bytes : "");
        hra_buffer_destroy(&text);
    }
    hra_diagnostics_free(faults);
    return code == HRA_OK && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"in.csv", "map.txt", "rejects.csv", "key",   "alpha.csv", "beta.csv",  "r1.csv",
                                        "r2.csv", "a.csv",   "b.csv",       "c.csv", "first.map", "second.map"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unlink(path_of(names[i]));
    hra_library_free(library);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_labels_aliases),
        cmocka_unit_test(refused_headers),
        cmocka_unit_test(report_of_columns),
        cmocka_unit_test(map_rules),
        cmocka_unit_test(meanings_of_words),
        cmocka_unit_test(several_readings),
        cmocka_unit_test(refused_maps),
        cmocka_unit_test(limits_and_rejects),
        cmocka_unit_test(fast_path_agrees),
        cmocka_unit_test(odd_rows),
        cmocka_unit_test(identifiers),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(several_files),
        cmocka_unit_test(row_numbers),
        cmocka_unit_test(changed_file),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(short_cells_are_no_dates),
        cmocka_unit_test(each_file_in_its_manner),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
