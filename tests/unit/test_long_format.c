/* Long files: put together the same in any memory, and the same as by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "io/csv/csv_binding.h"
#include "io/csv/long_reader.h"

enum { PEOPLE = 700, DAYS = 2, ITEMS = 12 };

static char folder[] = "/tmp/hra-long-XXXXXX";
static char file_path[64], map_path[64], beside[64];
static hra_library *library;

static const char *const variables[ITEMS] = {"sbp", "dbp", "tc",  "hdl", "ldl",        "tg",
                                             "age", "alt", "ast", "ggt", "creatinine", "heart_rate"};

/* Rows in an order that has nothing to do with people; values tell person, day and item. */
static void write_files(void)
{
    FILE *file = fopen(file_path, "w"), *map = fopen(map_path, "w");
    assert_non_null(file);
    assert_non_null(map);
    fputs("long: id = who, date = day, item = what, value = how\nday = exam_date\n", map);
    for (int i = 0; i < ITEMS; i++) fprintf(map, "item %03d = %s\n", i, variables[i]);
    fclose(map);
    fputs("who,day,what,how\n", file);
    int total = PEOPLE * DAYS * ITEMS;
    for (int n = 0; n < total; n++) {
        int at = (int)((long long)n * 7919 % total); /* each once */
        int person = at / (DAYS * ITEMS), day = at / ITEMS % DAYS, item = at % ITEMS;
        if ((person + item) % 5 == 0) continue;
        fprintf(file, "p%d,2026-01-%02d,%d,%d.%d\n", person, day + 1, item, person, item);
    }
    fclose(file);
}

static hra_binding *bind(void)
{
    const char *paths[] = {file_path};
    hra_csv_options options = {.map_file = map_path};
    hra_binding *binding;
    hra_error error = {0};
    if (hra_binding_new(paths, 1, hra_library_dictionary(library), &options, &binding, &error) != HRA_OK)
        fail_msg("%s", error.message);
    return binding;
}

static void read_all(const hra_binding *binding, size_t bytes, hra_buffer *out, hra_buffer *lines)
{
    hra_error error = {0};
    hra_long_reader *reader;
    hra_batch batch = {0};
    assert_int_equal(hra_long_reader_open(binding, &binding->files[0], beside, bytes, &reader, &error), 0);
    do {
        assert_int_equal(hra_long_reader_next(reader, 100, 1 << 20, &batch, &error), 0);
        for (int i = 0; i < batch.count; i++) {
            const hra_record *r = &batch.records[i];
            hra_buffer_append(out, batch.text.bytes + r->start, r->length);
            hra_buffer_char(out, '\n');
            hra_buffer_printf(lines, "%lld\n", (long long)r->line);
        }
        for (size_t i = 0; i < batch.cell_line_count; i++)
            hra_buffer_printf(lines, "%d %d %lld\n", batch.cell_lines[i].record, batch.cell_lines[i].column,
                              (long long)batch.cell_lines[i].line);
    } while (batch.count > 0);
    hra_batch_destroy(&batch);
    hra_long_reader_close(reader);
}

static void memory_does_not_matter(void **state)
{
    hra_binding *binding = bind();
    hra_buffer texts[2] = {{0}}, lines[2] = {{0}};
    read_all(binding, 64 << 20, &texts[0], &lines[0]);
    read_all(binding, 1, &texts[1], &lines[1]);
    assert_string_equal(texts[0].bytes, texts[1].bytes);
    assert_string_equal(lines[0].bytes, lines[1].bytes);
    for (int i = 0; i < 2; i++) {
        hra_buffer_destroy(&texts[i]);
        hra_buffer_destroy(&lines[i]);
    }
    hra_binding_free(binding);
}

static void every_value_is_in_its_place(void **state)
{
    hra_binding *binding = bind();
    hra_buffer text = {0}, lines = {0};
    int records = 0;
    read_all(binding, 1 << 20, &text, &lines);
    for (char *line = text.bytes, *next; *line; line = next, records++) {
        next = strchr(line, '\n') + 1;
        next[-1] = '\0';
        int person, day;
        assert_int_equal(sscanf(line, "p%d,2026-01-%d", &person, &day), 2);
        hra_buffer expected = {0};
        hra_buffer_printf(&expected, "p%d,2026-01-%02d", person, day);
        for (int item = 0; item < ITEMS; item++)
            if ((person + item) % 5 == 0)
                hra_buffer_char(&expected, ',');
            else
                hra_buffer_printf(&expected, ",%d.%d", person, item);
        assert_string_equal(line, expected.bytes);
        hra_buffer_destroy(&expected);
    }
    assert_int_equal(records, PEOPLE * DAYS);
    hra_buffer_destroy(&text);
    hra_buffer_destroy(&lines);
    hra_binding_free(binding);
}

static int setup(void **state)
{
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    if (!mkdtemp(folder) || !faults || !library) return -1;
    snprintf(file_path, sizeof file_path, "%s/long.csv", folder);
    snprintf(map_path, sizeof map_path, "%s/long.map", folder);
    snprintf(beside, sizeof beside, "%s/output", folder);
    if (hra_library_add_builtin(library, faults, &error) || hra_library_check(library, faults, &error)) return -1;
    hra_diagnostics_free(faults);
    write_files();
    return 0;
}

static int teardown(void **state)
{
    hra_library_free(library);
    unlink(file_path);
    unlink(map_path);
    return rmdir(folder); /* no temporary file is left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_matter),
        cmocka_unit_test(every_value_is_in_its_place),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
