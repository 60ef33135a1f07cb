/* The key map: what goes in comes out under the right key and no other, and nothing of it stands in plain text. */
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
#include "io/identity/key_map.h"

enum { PEOPLE = 5000, CHUNK = 700 };

static char folder[] = "/tmp/hra-key-map-XXXXXX";
static char map_path[64], key_path[64], other_path[64];
static hra_library *library;
static hra_identity *identity, *other;
static int name_variable, phone_variable;

static void key_of(int person, char key[HRA_KEY_TEXT])
{
    char text[32];
    snprintf(text, sizeof text, "id%06d", person);
    hra_identity_hash(identity, "hospital", text, strlen(text), key);
}

/* Every third person comes twice; the second time with a phone. */
static void add_person(hra_buffer *people, int person, bool again)
{
    char key[HRA_KEY_TEXT], text[32];
    key_of(person, key);
    size_t begin = hra_key_map_begin(people);
    snprintf(text, sizeof text, "CANARY%06d", person);
    hra_key_map_field(people, name_variable, again ? "second name" : text, again ? 11 : strlen(text));
    snprintf(text, sizeof text, "id%06d", person);
    hra_key_map_field(people, -1, text, strlen(text));
    if (again) hra_key_map_field(people, phone_variable, "139CANARY", 9);
    hra_key_map_end(people, begin, key);
    begin = hra_key_map_begin(people); /* a row without identifier leaves nothing */
    hra_key_map_field(people, name_variable, "nobody", 6);
    hra_key_map_end(people, begin, NULL);
}

static void write_map(size_t bytes)
{
    hra_error error = {0};
    hra_key_map_writer *writer;
    hra_buffer people = {0};
    int64_t sequence = 0;
    assert_int_equal(hra_key_map_create(map_path, identity, hra_library_dictionary(library), bytes, &writer, &error),
                     0);
    for (int again = 0; again < 2; again++)
        for (int i = 0; i < PEOPLE; i++) {
            if (again && i % 3) continue;
            add_person(&people, i, again);
            if (i % CHUNK == CHUNK - 1 || i == PEOPLE - 1 || again)
                assert_int_equal(hra_key_map_add(writer, sequence++, &people, &error), 0);
        }
    assert_int_equal(hra_key_map_finish(writer, &error), 0);
    hra_buffer_destroy(&people);
}

static void check_person(hra_key_map *map, int person)
{
    char key[HRA_KEY_TEXT], text[32];
    const char *found;
    hra_error error = {0};
    key_of(person, key);
    snprintf(text, sizeof text, "CANARY%06d", person);
    assert_int_equal(hra_key_map_find(map, key, "name", &found, &error), 0);
    assert_string_equal(found, text);
    snprintf(text, sizeof text, "id%06d", person);
    assert_int_equal(hra_key_map_find(map, key, HRA_KEY_MAP_IDENTIFIER, &found, &error), 0);
    assert_string_equal(found, text);
    assert_int_equal(hra_key_map_find(map, key, "phone", &found, &error), 0);
    if (person % 3)
        assert_null(found);
    else
        assert_string_equal(found, "139CANARY");
}

static void all_are_found(size_t bytes)
{
    hra_error error = {0};
    hra_key_map *map;
    const char *found;
    write_map(bytes);
    assert_int_equal(hra_key_map_open(map_path, identity, &map, &error), 0);
    assert_int_equal(hra_key_map_people(map), PEOPLE);
    for (int i = 0; i < PEOPLE; i += 7) check_person(map, i);
    for (int i = PEOPLE - 1; i >= 0; i -= 11) check_person(map, i);
    static const char *const strangers[] = {"00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
                                            "short", "", "zz000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        assert_int_equal(hra_key_map_find(map, strangers[i], "name", &found, &error), 0);
        assert_null(found);
    }
    char key[HRA_KEY_TEXT];
    key_of(1, key);
    assert_int_equal(hra_key_map_find(map, key, "id_card", &found, &error), 0);
    assert_null(found);
    hra_key_map_close(map);
}

static void people_are_found(void **state)
{
    all_are_found(32 << 20);
    all_are_found(1); /* through the temporary file */
}

static char *read_file(size_t *size)
{
    FILE *file = fopen(map_path, "rb");
    struct stat facts;
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    char *bytes = malloc((size_t)facts.st_size);
    assert_non_null(bytes);
    *size = (size_t)facts.st_size;
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void nothing_is_in_plain_text(void **state)
{
    size_t size;
    write_map(1);
    char *bytes = read_file(&size);
    assert_null(memmem(bytes, size, "CANARY", 6));
    assert_null(memmem(bytes, size, "id000", 5));
    assert_null(memmem(bytes, size, "name", 4));
    free(bytes);
}

static void another_key_is_refused(void **state)
{
    hra_error error = {0};
    hra_key_map *map;
    write_map(1 << 20);
    assert_int_equal(hra_key_map_open(map_path, other, &map, &error), HRA_ECONFLICT);
    assert_non_null(strstr(error.message, "another key"));
}

/* Whatever byte is changed, the map is refused or the person is told as before or not at all. */
static void changes_are_noticed(void **state)
{
    size_t size;
    write_map(1 << 20);
    char *bytes = read_file(&size);
    for (size_t at = 0; at < size; at += size / 97 + 1) {
        hra_error error = {0};
        hra_key_map *map;
        FILE *file = fopen(map_path, "wb");
        assert_non_null(file);
        bytes[at] ^= 0x20;
        assert_int_equal(fwrite(bytes, 1, size, file), size);
        bytes[at] ^= 0x20;
        fclose(file);
        if (hra_key_map_open(map_path, identity, &map, &error) != HRA_OK) continue;
        int refused = 0;
        for (int i = 0; i < PEOPLE; i += 2) {
            char key[HRA_KEY_TEXT], text[32];
            const char *found;
            key_of(i, key);
            snprintf(text, sizeof text, "CANARY%06d", i);
            hra_code code = hra_key_map_find(map, key, "name", &found, &error);
            refused += code != HRA_OK;
            if (code == HRA_OK) assert_string_equal(found, text);
        }
        assert_true(refused > 0);
        hra_key_map_close(map);
    }
    for (size_t cut = 0; cut < size; cut += size / 13 + 1) {
        hra_error error = {0};
        hra_key_map *map;
        FILE *file = fopen(map_path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes, 1, cut, file), cut);
        fclose(file);
        assert_int_equal(hra_key_map_open(map_path, identity, &map, &error), HRA_EINPUT);
    }
    free(bytes);
}

static int setup(void **state)
{
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    if (!mkdtemp(folder) || !faults || !library) return -1;
    snprintf(map_path, sizeof map_path, "%s/map", folder);
    snprintf(key_path, sizeof key_path, "%s/key", folder);
    snprintf(other_path, sizeof other_path, "%s/other", folder);
    if (hra_library_add_builtin(library, faults, &error) || hra_library_check(library, faults, &error)) return -1;
    hra_diagnostics_free(faults);
    name_variable = hra_dictionary_find(hra_library_dictionary(library), "name");
    phone_variable = hra_dictionary_find(hra_library_dictionary(library), "phone");
    return hra_identity_create(key_path, &error) || hra_identity_load(key_path, &identity, &error) ||
           hra_identity_create(other_path, &error) || hra_identity_load(other_path, &other, &error);
}

static int teardown(void **state)
{
    char command[64];
    hra_library_free(library);
    hra_identity_free(identity);
    hra_identity_free(other);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_found),
        cmocka_unit_test(nothing_is_in_plain_text),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(changes_are_noticed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
