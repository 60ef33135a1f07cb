/* Keys, hashes of identifiers and files. */
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

#include "engine/kernels/isa.h"
#include "io/files/byte_stream.h"
#include "io/files/hash_memory.h"
#include "io/identity/id_set.h"
#include "io/identity/identity.h"

static char folder[] = "/tmp/hra-identity-XXXXXX";
static char path[64];

static void write_text(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void make_and_load(void **state)
{
    hra_identity *identity;
    hra_error error;
    struct stat facts;
    unlink(path);
    assert_int_equal(hra_identity_create(path, &error), HRA_OK);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(hra_identity_create(path, &error), HRA_ECONFLICT); /* never overwritten */
    assert_int_equal(hra_identity_load(path, &identity, &error), HRA_OK);
    assert_int_equal(strlen(hra_identity_fingerprint(identity)), 16);
    hra_identity_free(identity);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(hra_identity_load(path, &identity, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "chmod 600"));
}

static void damaged_key_files(void **state)
{
    static const char *const texts[] = {"", "hra-key 1 AAAA\n",
                                        "hra-key 3 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
                                        "hra-key 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=x\n",
                                        "hra-key 1 !!ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        hra_identity *identity;
        write_text(texts[i], 0600);
        assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_EINPUT);
    }
    hra_identity *identity;
    unlink(path);
    assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_EIO);
}

static const char key_by_blake2b[] = "hra-key 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
static const char key_by_blake3[] = "hra-key 2 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

/* Person keys must never change: stores of other years are linked by them. Computed with Python's hashlib,
 * blake2b(b"hospital\x1fA001", key=bytes(range(32)), digest_size=16), and with `b3sum --keyed`. */
static void pinned_hash(void **state)
{
    static const char *const files[] = {key_by_blake2b, key_by_blake3};
    static const char *const keys[] = {"7bd145832eb5c667045aa2ae7ea764ab", "1d74888bf35bcc95688ea99d0a878009"};
    for (size_t k = 0; k < 2; k++) {
        hra_identity *identity;
        char a[HRA_KEY_TEXT], b[HRA_KEY_TEXT];
        write_text(files[k], 0600);
        assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_OK);
        hra_identity_hash(identity, "hospital", "A001", 4, a);
        assert_string_equal(a, keys[k]);
        static const char *const same[] = {"a001", " A001 ", "Ａ００１", "A001\xE3\x80\x80"};
        for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
            hra_identity_hash(identity, "hospital", same[i], strlen(same[i]), b);
            assert_string_equal(a, b);
        }
        hra_identity_hash(identity, "", "A001", 4, b);
        assert_string_not_equal(a, b);
        hra_identity_hash(identity, "hospital", "A002", 4, b);
        assert_string_not_equal(a, b);
        hra_identity_free(identity);
    }
}

/* Around the ends of blocks, short ones beside long ones, as `b3sum --keyed` has them. */
static void pinned_hashes_of_any_length(void **state)
{
    static const struct {
        int digits; /* "0123456789012..." */
        const char *key;
    } pinned[] = {{54, "51598164ec9303581fcab00c2887c843"},  {55, "9ca0889bc6a88767e2ea99c59e022ab4"},
                  {56, "aafbc385b46fe5188166aca1d4425cb5"},  {118, "b8844331739f8f50332e4ddc208805a4"},
                  {119, "9094aa89d32b951481f2e14008c9a103"}, {120, "a0f493846b279636d8df6184739ca335"},
                  {140, "bda7d84fa5bd3982dd6654246dc652d5"}};
    enum { COUNT = sizeof pinned / sizeof pinned[0] };
    char digits[140], text[HRA_KEY_TEXT];
    hra_identifier identifiers[COUNT];
    hra_id_hash many[COUNT];
    hra_identity *identity;
    for (size_t i = 0; i < sizeof digits; i++) digits[i] = (char)('0' + i % 10);
    for (int i = 0; i < COUNT; i++) identifiers[i] = (hra_identifier){digits, (size_t)pinned[i].digits};
    write_text(key_by_blake3, 0600);
    assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_OK);
    hra_identity_hash_many(identity, "hospital", identifiers, COUNT, many);
    for (int i = 0; i < COUNT; i++) {
        hra_identity_key_text(many[i], text);
        assert_string_equal(text, pinned[i].key);
    }
    hra_identity_free(identity);
}

static void same_as_one_by_one(const hra_identifier *identifiers, int count)
{
    hra_identity *identity;
    char one[HRA_KEY_TEXT], text[HRA_KEY_TEXT];
    hra_id_hash *many = calloc((size_t)count, sizeof *many);
    assert_non_null(many);
    assert_int_equal(hra_identity_load(path, &identity, NULL), HRA_OK);
    for (int with_issuer = 0; with_issuer < 2; with_issuer++) {
        const char *issuer = with_issuer ? "hospital" : "";
        hra_identity_hash_many(identity, issuer, identifiers, count, many);
        for (int i = 0; i < count; i++) {
            hra_identity_hash(identity, issuer, identifiers[i].text, identifiers[i].length, one);
            hra_identity_key_text(many[i], text);
            assert_string_equal(text, one);
        }
    }
    hra_identity_free(identity);
    free(many);
}

/* Many at once are the same keys, whatever the instruction set: short and long, plain and to be folded. */
static void many_at_once(void **state)
{
    enum { COUNT = 203 };
    static char texts[COUNT][200];
    hra_identifier identifiers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < i % 150; k++) texts[i][k] = (char)('!' + (i * 31 + k * 7) % 94);
        if (i % 10 == 3) strcat(texts[i], " \xEF\xBC\xA1\xE3\x80\x80");
        identifiers[i] = (hra_identifier){texts[i], strlen(texts[i])};
    }
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        write_text(key_by_blake2b, 0600);
        same_as_one_by_one(identifiers, COUNT);
        write_text(key_by_blake3, 0600);
        same_as_one_by_one(identifiers, COUNT);
        same_as_one_by_one(identifiers, 20); /* short ones only */
    }
    hra_isa_force(NULL, NULL);
}

static void file_hash(void **state)
{
    char hex[65];
    static const char now[] = "blake3:6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    static const char before[] = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"; /* BLAKE2b-256 */
    bool fits;
    write_text("abc", 0600);
    assert_int_equal(hra_file_hash(path, hex, NULL), HRA_OK);
    assert_string_equal(hex, strchr(now, ':') + 1);
    assert_int_equal(hra_file_hash_before(path, hex, NULL), HRA_OK);
    assert_string_equal(hex, before);
    assert_int_equal(hra_file_hash_fits(path, now, &fits, NULL), HRA_OK);
    assert_true(fits);
    assert_int_equal(hra_file_hash_fits(path, before, &fits, NULL), HRA_OK);
    assert_true(fits); /* of a store that an earlier version wrote */
    write_text("abd", 0600);
    assert_int_equal(hra_file_hash_fits(path, now, &fits, NULL), HRA_OK);
    assert_false(fits);
    assert_int_equal(hra_file_hash_fits(path, before, &fits, NULL), HRA_OK);
    assert_false(fits);
    assert_int_equal(hra_file_hash_fits("/nonexistent/file", now, &fits, NULL), HRA_EIO);
    assert_int_equal(hra_file_hash("/nonexistent/file", hex, NULL), HRA_EIO);
}

static void read_through(void)
{
    hra_byte_stream *stream;
    const unsigned char *bytes;
    size_t length = 1;
    assert_int_equal(hra_byte_stream_open(path, &stream, NULL), HRA_OK);
    while (length > 0) assert_int_equal(hra_byte_stream_next(stream, &bytes, &length, NULL), HRA_OK);
    hra_byte_stream_close(stream);
}

/* Kept from reading it is the same; a file that changed since is told. */
static void file_hash_memory(void **state)
{
    const char *const paths[] = {"/nonexistent/file", path};
    char alone[65], hex[65];
    write_text("abc", 0600);
    assert_int_equal(hra_file_hash(path, alone, NULL), HRA_OK);
    assert_false(hra_hash_memory_wants(path));
    hra_hash_memory *memory = hra_hash_memory_start(paths, 2);
    assert_non_null(memory);
    assert_true(hra_hash_memory_wants(path));
    assert_int_equal(hra_hash_memory_find(path, hex), HRA_HASH_UNKNOWN);
    read_through();
    assert_false(hra_hash_memory_wants(path));
    assert_int_equal(hra_hash_memory_find(path, hex), HRA_HASH_KNOWN);
    assert_string_equal(hex, alone);
    assert_int_equal(hra_file_hash("/nonexistent/file", hex, NULL), HRA_EIO);
    write_text("abcd", 0600);
    assert_int_equal(hra_hash_memory_find(path, hex), HRA_HASH_CHANGED);
    assert_int_equal(hra_file_hash(path, hex, NULL), HRA_EIO);
    hra_hash_memory_end(memory);
    assert_int_equal(hra_hash_memory_find(path, hex), HRA_HASH_UNKNOWN);
    assert_int_equal(hra_file_hash(path, hex, NULL), HRA_OK);
    assert_string_not_equal(hex, alone);
}

static int64_t add(hra_id_set *set, const hra_id_hasher *hasher, const char *format, int i, int64_t number)
{
    char text[32];
    hra_id_hash hash;
    int64_t earlier;
    int length = snprintf(text, sizeof text, format, i);
    assert_true(hra_id_hash_text(hasher, text, (size_t)length, &hash));
    hra_id_set_prefetch(set, hash);
    assert_true(hra_id_set_add(set, hash, number, &earlier));
    return earlier;
}

static void id_set(void **state)
{
    hra_id_hasher hasher;
    hra_id_set *set = hra_id_set_new();
    assert_true(hra_id_hasher_start(&hasher));
    for (int i = 0; i < 100000; i++) assert_int_equal(add(set, &hasher, "P%d", i, i + 1), 0);
    for (int i = 0; i < 100000; i += 7) assert_int_equal(add(set, &hasher, " p%d", i, 5), i + 1);
    assert_int_equal(hra_id_set_count(set), 100000);
    /* tables of 2^8 to 2^14 lines take four times as many, and for more one of 2^15 lines comes beside them */
    const size_t lines = (1 << 15) - (1 << 8), more = 4 * lines - 100000;
    assert_true(hra_id_set_fits(set, more, lines * HRA_ID_SET_LINE));
    assert_false(hra_id_set_fits(set, more + 1, (lines + (1 << 15)) * HRA_ID_SET_LINE - 1));
    assert_true(hra_id_set_fits(set, more + 1, (lines + (1 << 15)) * HRA_ID_SET_LINE));
    hra_id_set_free(set);
}

static void id_set_expects(void **state)
{
    hra_id_hasher hasher;
    hra_id_set *set = hra_id_set_new();
    assert_true(hra_id_hasher_start(&hasher));
    hra_id_set_expect(set, 200000, HRA_ID_SET_LINE - 1);
    assert_false(hra_id_set_fits(set, 200000, 50000 * HRA_ID_SET_LINE)); /* nothing was allowed: it grows */
    hra_id_set_expect(set, 200001, 50000 * HRA_ID_SET_LINE);             /* as many as fit */
    assert_true(hra_id_set_fits(set, 200000, 50000 * HRA_ID_SET_LINE));
    assert_false(hra_id_set_fits(set, 200001, 50000 * HRA_ID_SET_LINE));
    const int64_t most = (INT64_C(1) << 32) - 2; /* the largest number that is kept */
    assert_int_equal(add(set, &hasher, "P%d", 1, most), 0);
    assert_int_equal(add(set, &hasher, "P%d", 1, 1), most);
    assert_int_equal(add(set, &hasher, "P%d", 2, most + 1), 0);
    assert_int_equal(add(set, &hasher, "P%d", 2, 1), -1);
    hra_id_set_free(set);
}

/* As full as a set may be, of a size that is no power of two: everything is found again, also what wrapped round. */
static void id_set_is_full(void **state)
{
    hra_id_hasher hasher;
    hra_id_set *set = hra_id_set_new();
    assert_true(hra_id_hasher_start(&hasher));
    enum { ALL = 1251 * HRA_ID_SET_ROOM };
    hra_id_set_expect(set, ALL - 3, 1251 * HRA_ID_SET_LINE);
    assert_true(hra_id_set_fits(set, ALL, 1251 * HRA_ID_SET_LINE));
    for (int i = 1; i <= ALL; i++) assert_int_equal(add(set, &hasher, "P%d", i, i), 0);
    for (int i = 1; i <= ALL; i++) assert_int_equal(add(set, &hasher, "P%d", i, 1), i);
    assert_false(hra_id_set_fits(set, 1, 1251 * HRA_ID_SET_LINE));
    hra_id_set_free(set);
}

static int make_folder(void **state)
{
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/key", folder);
    return 0;
}

static int remove_folder(void **state)
{
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(make_and_load),    cmocka_unit_test(damaged_key_files),
        cmocka_unit_test(pinned_hash),      cmocka_unit_test(pinned_hashes_of_any_length),
        cmocka_unit_test(many_at_once),     cmocka_unit_test(file_hash),
        cmocka_unit_test(file_hash_memory), cmocka_unit_test(id_set),
        cmocka_unit_test(id_set_expects),   cmocka_unit_test(id_set_is_full),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
