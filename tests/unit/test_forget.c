/* People who are taken out: of key maps with all that stands under their key, of lists longer than a read, of
 * exceptions and marks between which others stand. Those who stay keep everything. */
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

#include "engine/language/library.h"
#include "io/files/atomic_file.h"
#include "io/identity/key_map.h"
#include "io/people/population_store.h"
#include "service/forget/forget_list.h"
#include "service/forget/forget_store.h"
#include "service/forget/forget_text.h"

enum { PEOPLE = 3000, GONE_EVERY = 7 };

static char folder[] = "/tmp/hra-forget-XXXXXX";
static char file_path[64], key_path[64], list_path[64];
static hra_library *library;
static hra_identity *identity;
static hra_forget_list *list;

static bool is_gone(int person) { return person % GONE_EVERY == 3; }

static void name_of(int person, char text[32]) { snprintf(text, 32, "id%06d", person); }

static void key_of(int person, char key[HRA_KEY_TEXT])
{
    char text[32];
    name_of(person, text);
    hra_identity_hash(identity, "hospital", text, strlen(text), key);
}

static int setup(void **state)
{
    hra_error error = {0};
    hra_buffer text = {0};
    if (!mkdtemp(folder)) return -1;
    snprintf(file_path, sizeof file_path, "%s/file", folder);
    snprintf(key_path, sizeof key_path, "%s/key", folder);
    snprintf(list_path, sizeof list_path, "%s/list", folder);
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    if (!faults || !library) return -1;
    if (hra_library_add_builtin(library, faults, &error) || hra_library_check(library, faults, &error)) return -1;
    hra_diagnostics_free(faults);
    if (hra_identity_create(key_path, &error) || hra_identity_load(key_path, &identity, &error)) return -1;
    for (int i = 0; i < PEOPLE; i++)
        if (is_gone(i)) hra_buffer_printf(&text, "id%06d\n", i);
    if (hra_atomic_write(list_path, text.bytes, text.length, &error)) return -1;
    hra_buffer_destroy(&text);
    return hra_forget_list_read(list_path, identity, "hospital", &list, &error);
}

static int teardown(void **state)
{
    hra_forget_list_free(list);
    hra_identity_free(identity);
    hra_library_free(library);
    unlink(file_path);
    unlink(key_path);
    unlink(list_path);
    return rmdir(folder);
}

static void lists_know_people_by_key_and_by_identifier(void **state)
{
    char key[HRA_KEY_TEXT], text[32];
    int gone = 0;
    for (int i = 0; i < PEOPLE; i++) {
        key_of(i, key);
        name_of(i, text);
        gone += is_gone(i);
        assert_int_equal(hra_forget_list_key(list, key), is_gone(i));
        assert_int_equal(hra_forget_list_person(list, text, strlen(text)), is_gone(i));
    }
    assert_int_equal(hra_forget_list_asked(list), gone);
    assert_int_equal(hra_forget_list_found(list), gone);
}

static void key_maps_keep_the_others(void **state)
{
    hra_error error = {0};
    hra_key_map_writer *writer;
    hra_key_map *map;
    hra_buffer people = {0};
    char key[HRA_KEY_TEXT], text[32];
    const char *found;
    int64_t removed;
    int phone = hra_dictionary_find(hra_library_dictionary(library), "phone");
    assert_int_equal(hra_key_map_create(file_path, identity, hra_library_dictionary(library), 1 << 20, &writer, &error),
                     0);
    for (int i = 0; i < PEOPLE; i++) {
        size_t begin = hra_key_map_begin(&people);
        name_of(i, text);
        key_of(i, key);
        hra_key_map_field(&people, -1, text, strlen(text));
        if (i % 2) hra_key_map_field(&people, phone, text + 2, strlen(text) - 2);
        hra_key_map_end(&people, begin, key);
    }
    assert_int_equal(hra_key_map_add(writer, 0, &people, &error), 0);
    assert_int_equal(hra_key_map_finish(writer, &error), 0);
    hra_buffer_destroy(&people);
    assert_int_equal(hra_forget_in_key_map(file_path, identity, library, list, false, &removed, &error), 0);
    assert_int_equal(removed, hra_forget_list_asked(list));
    assert_int_equal(hra_key_map_open(file_path, identity, &map, &error), 0);
    assert_int_equal(hra_key_map_people(map), PEOPLE - removed);
    for (int i = 0; i < PEOPLE; i++) {
        key_of(i, key);
        name_of(i, text);
        assert_int_equal(hra_key_map_find(map, key, HRA_KEY_MAP_IDENTIFIER, &found, &error), 0);
        assert_int_equal(found == NULL, is_gone(i));
        if (found) assert_string_equal(found, text);
        assert_int_equal(hra_key_map_find(map, key, "phone", &found, &error), 0);
        assert_int_equal(found == NULL, is_gone(i) || i % 2 == 0);
        if (found) assert_string_equal(found, text + 2);
    }
    hra_key_map_close(map);
}

/* Records of all lengths, so that reads end everywhere within them. */
static void put_list(hra_buffer *out, bool all)
{
    char key[HRA_KEY_TEXT];
    hra_buffer_text(out, "note,person_id\n");
    for (int i = 0; i < PEOPLE; i++) {
        if (!all && is_gone(i)) continue;
        key_of(i, key);
        hra_buffer_printf(out, "\"%0*d\n\"\"\",%s\r\n", 300 + i % 601, i, key);
    }
}

static void lists_keep_their_bytes(void **state)
{
    hra_error error = {0};
    hra_buffer before = {0}, after = {0};
    int64_t removed;
    bool is_table;
    put_list(&before, true);
    put_list(&after, false);
    assert_true(before.length > 1 << 20);
    assert_int_equal(hra_atomic_write(file_path, before.bytes, before.length, &error), 0);
    assert_int_equal(hra_forget_is_table(file_path, &is_table, &error), 0);
    assert_true(is_table);
    assert_int_equal(hra_forget_in_table(file_path, list, false, &removed, &error), 0);
    assert_int_equal(removed, hra_forget_list_asked(list));
    FILE *file = fopen(file_path, "rb");
    assert_non_null(file);
    size_t got = fread(before.bytes, 1, before.length, file);
    fclose(file);
    assert_int_equal(got, after.length);
    assert_memory_equal(before.bytes, after.bytes, got);
    hra_buffer_destroy(&before);
    hra_buffer_destroy(&after);
}

/* ---- a store with an exception and a mark in every row ---- */

static void write_store(const hra_schema *schema)
{
    hra_error error = {0};
    hra_store_writer *writer;
    static uint16_t codes[PEOPLE];
    static hra_exception exceptions[PEOPLE];
    static hra_cell_mark marks[PEOPLE];
    static char texts[PEOPLE][HRA_KEY_TEXT];
    static const char *keys[PEOPLE];
    hra_codes column = {.u16 = codes};
    for (int i = 0; i < PEOPLE; i++) {
        codes[i] = (uint16_t)hra_column_escape(&schema->columns[0]);
        exceptions[i] = (hra_exception){i, 0, i + 0.123456789};
        marks[i] = (hra_cell_mark){i, 0, (uint8_t)(i % 2 ? HRA_MARK_BELOW : HRA_MARK_ABOVE)};
        key_of(i, texts[i]);
        keys[i] = texts[i];
    }
    hra_chunk chunk = {.rows = PEOPLE,
                       .columns = &column,
                       .exceptions = exceptions,
                       .exception_count = PEOPLE,
                       .marks = marks,
                       .mark_count = PEOPLE,
                       .keys = keys};
    hra_store_facts facts = {.definitions_hash = "", .command = "", .key_fingerprint = ""};
    assert_int_equal(hra_store_writer_new(file_path, schema, HRA_STORE_DEFLATE, &writer, &error), 0);
    assert_int_equal(hra_store_writer_append(writer, &chunk, &error), 0);
    assert_int_equal(hra_store_writer_finish(writer, &facts, &error), 0);
    hra_store_writer_free(writer);
}

static void check_chunk(const hra_chunk *chunk)
{
    int row = 0;
    for (int i = 0; i < PEOPLE; i++) {
        char key[HRA_KEY_TEXT];
        if (is_gone(i)) continue;
        key_of(i, key);
        assert_string_equal(chunk->keys[row], key);
        assert_int_equal(chunk->exceptions[row].row, row);
        assert_true(chunk->exceptions[row].value == i + 0.123456789);
        assert_int_equal(chunk->marks[row].row, row);
        assert_int_equal(chunk->marks[row].mark, i % 2 ? HRA_MARK_BELOW : HRA_MARK_ABOVE);
        row++;
    }
    assert_int_equal(chunk->rows, row);
    assert_int_equal(chunk->exception_count, row);
    assert_int_equal(chunk->mark_count, row);
}

static void stores_keep_exceptions_and_marks(void **state)
{
    hra_error error = {0};
    hra_column column;
    hra_source *source;
    hra_chunk chunk;
    int64_t removed, sequence;
    void *ticket;
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    int sbp = hra_dictionary_find(dictionary, "sbp");
    assert_int_equal(hra_column_for(dictionary, sbp, NULL, &column, &error), 0);
    hra_schema schema = {.dictionary = dictionary, .columns = &column, .column_count = 1};
    write_store(&schema);
    assert_int_equal(hra_forget_in_population(file_path, library, list, NAN, false, &removed, &error), 0);
    assert_int_equal(removed, hra_forget_list_asked(list));
    assert_int_equal(hra_store_open(file_path, dictionary, &source, &error), 0);
    source->want_keys = source->want_marks = true;
    assert_int_equal(source->claim(source, &sequence, &ticket, &error), 0);
    assert_int_equal(source->fill(source, sequence, ticket, &chunk, &error), 0);
    check_chunk(&chunk);
    source->release(source, &chunk);
    source->close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_know_people_by_key_and_by_identifier),
        cmocka_unit_test(key_maps_keep_the_others),
        cmocka_unit_test(lists_keep_their_bytes),
        cmocka_unit_test(stores_keep_exceptions_and_marks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
