/* Cells as checkup exports really hold them, each with the reading it gets: value, mark, how it was altered, or why it
 * is missing or rejected. The numbers are those of the sections of docs/values.md. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/calendar.h"
#include "engine/language/library.h"
#include "io/csv/csv_binding.h"
#include "io/csv/csv_work.h"

static const hra_reading_rules day_first = {.date_order = HRA_DATE_DAY_FIRST},
                               month_first = {.date_order = HRA_DATE_MONTH_FIRST},
                               short_years = {.date_order = HRA_DATE_DAY_FIRST, .two_digit_pivot = 30},
                               short_year_first = {.two_digit_pivot = 30}, serial1900 = {.serial_epoch = 1900},
                               serial1904 = {.serial_epoch = 1904}, halves = {.bound = HRA_BOUND_HALF},
                               roots = {.bound = HRA_BOUND_ROOT2}, middles = {.span = HRA_SPAN_MIDPOINT},
                               commas = {.decimal_comma = true}, fractions = {.percent_fractions = true},
                               months = {.months = true}, minguo = {.minguo = true},
                               last = {.repeats = HRA_REPEAT_LAST}, mean = {.repeats = HRA_REPEAT_MEAN};

/* `column` is a variable, "variable[unit]", or "pair" for two numbers in a cell; " in quotes: a quoted cell. */
typedef struct sample {
    int number;
    const char *column, *text;
    const hra_reading_rules *rules;
    const char *reading;
} sample;

static const sample samples[] = {
#include "tests/unit/messy_cells.inc.h"
};
enum { SAMPLE_COUNT = sizeof samples / sizeof samples[0] };

static hra_library *library;
static hra_binding *binding;

/* ---- a binding with a column for every variable -------------------------------------------------- */

static void open_binding(void)
{
    static char path[] = "/tmp/hra-cells-XXXXXX";
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error = {0};
    hra_buffer header = {0};
    library = hra_library_new();
    if (hra_library_add_builtin(library, diagnostics, &error) != HRA_OK) fail_msg("%s", error.message);
    hra_diagnostics_free(diagnostics);
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    for (int i = 0; i < hra_dictionary_count(dictionary); i++) {
        const hra_variable *v = hra_dictionary_at(dictionary, i);
        if (v->type == HRA_TYPE_TEXT || v->type == HRA_TYPE_ID || v->type == HRA_TYPE_LABEL) continue;
        hra_buffer_printf(&header, "%s%s", header.length ? "," : "", v->name);
    }
    hra_buffer_text(&header, ",tc_other\n1\n");
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, header.bytes, header.length) == (ssize_t)header.length);
    close(file);
    hra_buffer_destroy(&header);
    const hra_csv_options options = {.units = NULL};
    const char *paths[] = {path};
    if (hra_binding_new(paths, 1, dictionary, &options, &binding, &error) != HRA_OK) fail_msg("%s", error.message);
    unlink(path);
}

static int setup(void **state)
{
    (void)state;
    open_binding();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    hra_binding_free(binding);
    hra_library_free(library);
    return 0;
}

static int column_of(const char *name)
{
    int variable = hra_dictionary_find(binding->schema.dictionary, name);
    int column = hra_schema_find(&binding->schema, variable, NULL);
    if (variable < 0 || column < 0) fail_msg("no column %s", name);
    return column;
}

/* ---- readings as text ------------------------------------------------------------------------------ */

static void write_value(const hra_variable *v, double value, hra_buffer *out)
{
    if (v->type == HRA_TYPE_FLAG) {
        hra_buffer_text(out, value != 0 ? "yes" : "no");
    } else if (v->type == HRA_TYPE_CATEGORY) {
        hra_buffer_text(out, v->levels[(int)value].name);
    } else if (v->type == HRA_TYPE_DATE) {
        hra_date d = hra_date_of_day((int)value);
        hra_buffer_printf(out, "%04d-%02d-%02d", (int)d.year, d.month, d.day);
    } else {
        hra_buffer_double(out, value);
    }
}

/* " <mark> ~how it was altered" */
static void write_manner(const hra_cell_value *value, hra_buffer *out)
{
    static const char *const alterations[] = {"form", "remark", "unit", "point", "numeral", "repeat", "date", "words"};
    if (value->mark && value->kind != HRA_CELL_REJECTED) hra_buffer_printf(out, " <%s>", hra_mark_name(value->mark));
    for (int bit = 0; bit < 8; bit++)
        if (value->altered & (1u << bit)) hra_buffer_printf(out, " ~%s", alterations[bit]);
}

static void write_reading(const hra_variable *v, const hra_cell_value *value, hra_buffer *out)
{
    if (value->kind == HRA_CELL_KNOWN)
        write_value(v, value->value, out);
    else
        hra_buffer_text(out, value->kind == HRA_CELL_MISSING ? "missing" : "rejected");
    write_manner(value, out);
    if (value->kind != HRA_CELL_KNOWN && value->reason) hra_buffer_printf(out, ": %s", value->reason);
}

static void read_pair(const sample *s, hra_buffer *out)
{
    double first, second;
    hra_cell_value value = hra_cell_pair(s->rules, s->text, strlen(s->text), &first, &second);
    if (value.kind == HRA_CELL_KNOWN) {
        hra_buffer_double(out, first);
        hra_buffer_char(out, '/');
        hra_buffer_double(out, second);
        write_manner(&value, out);
    } else {
        write_reading(NULL, &value, out);
    }
}

static void read_single(const sample *s, hra_buffer *out)
{
    char name[64];
    size_t length = strcspn(s->column, "[");
    snprintf(name, sizeof name, "%.*s", (int)length, s->column);
    int column = column_of(name);
    hra_source_column source = {.column = column, .combination = -1, .rules = s->rules};
    hra_number_reader kept = binding->readers[column].number;
    char unit[32] = "";
    if (s->column[length]) {
        snprintf(unit, sizeof unit, "%.*s", (int)strcspn(s->column + length + 1, "]"), s->column + length + 1);
        binding->readers[column].number.unit = unit;
    }
    size_t text_length = strlen(s->text);
    bool quoted = text_length > 1 && s->text[0] == '"' && s->text[text_length - 1] == '"';
    hra_cell_text cell = {s->text + quoted, text_length - 2 * quoted, quoted};
    hra_cell_value value = hra_source_column_read(binding, &source, cell, ',');
    binding->readers[column].number = kept;
    write_reading(binding->readers[column].variable, &value, out);
}

static void every_case(void **state)
{
    (void)state;
    int faults = 0;
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        hra_buffer out = {0};
        if (strcmp(samples[i].column, "pair") == 0)
            read_pair(&samples[i], &out);
        else
            read_single(&samples[i], &out);
        if (strcmp(out.bytes, samples[i].reading) != 0) {
            print_error("case %d, %s '%s': read as '%s', not '%s'\n", samples[i].number, samples[i].column,
                        samples[i].text, out.bytes, samples[i].reading);
            faults++;
        }
        hra_buffer_destroy(&out);
    }
    assert_int_equal(faults, 0);
}

/* No case may be lost when the table is edited. */
static void all_numbers_occur(void **state)
{
    (void)state;
    for (int number = 27; number <= 59; number++) {
        bool found = number == 31 || number == 58; /* of columns and of identifiers: not of cells */
        for (int i = 0; i < SAMPLE_COUNT; i++) found |= samples[i].number == number;
        if (!found) fail_msg("case %d has no sample", number);
    }
}

/* The fast ways around the readers give what the readers give. */
static void plain_dates_agree(void **state)
{
    (void)state;
    for (int year = 1890; year <= 2210; year += 7)
        for (int month = 0; month <= 13; month++)
            for (int day = 0; day <= 32; day++) {
                char plain[16], other[16];
                snprintf(plain, sizeof plain, "%04d-%02d-%02d", year, month, day);
                snprintf(other, sizeof other, "%04d/%d/%d", year, month, day);
                hra_cell_value a = hra_cell_date(NULL, plain, strlen(plain));
                hra_cell_value b = hra_cell_date(NULL, other, strlen(other));
                assert_int_equal(a.kind, b.kind);
                if (a.kind == HRA_CELL_KNOWN) assert_true(a.value == b.value);
            }
}

/* Case 63. */
static void damaged_identifiers(void **state)
{
    (void)state;
    static const char *const damaged[] = {"1.10101E+17", "1.1E+17", "110101199001010000", "110101199001011000"};
    static const char *const whole[] = {"11010519491231002X",
                                        "110101199001010008",
                                        "000000000000000000",
                                        "202400000000000000",
                                        "11010119900101000X",
                                        "1E3",
                                        "110101199001010000123",
                                        "A1",
                                        ""};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
        if (!hra_identifier_is_damaged(damaged[i], strlen(damaged[i]))) fail_msg("%s was taken", damaged[i]);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (hra_identifier_is_damaged(whole[i], strlen(whole[i]))) fail_msg("%s is not taken", whole[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case),
        cmocka_unit_test(all_numbers_occur),
        cmocka_unit_test(plain_dates_agree),
        cmocka_unit_test(damaged_identifiers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
