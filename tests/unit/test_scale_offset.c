/* The scale-offset codec against stock HDF5, in both directions, and the vector code against the plain one. */
#include <hdf5.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "io/hdf5/scale_offset.h"

enum { COUNT = 1000 };

static uint64_t random_state = 1;
static uint64_t random_bits(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 32 ^ random_state << 32;
}

/* ---- a dataset of stock HDF5 in memory ---- */

typedef struct dataset {
    hid_t file, id;
    hra_so_filter filter;
} dataset;

static dataset make_dataset(hid_t type, const int64_t *fill, int fixed_bits)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), create = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t size = COUNT;
    hid_t space = H5Screate_simple(1, &size, NULL);
    dataset d;
    H5Pset_fapl_core(access, 1 << 16, 0);
    d.file = H5Fcreate("test_scale_offset.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pset_chunk(create, 1, &size);
    H5Pset_scaleoffset(create, H5Z_SO_INT, fixed_bits);
    if (fill)
        H5Pset_fill_value(create, H5T_NATIVE_INT64, fill);
    else
        H5Pset_fill_value(create, type, NULL); /* undefined: without this HDF5 takes 0 */
    d.id = H5Dcreate2(d.file, "x", type, space, H5P_DEFAULT, create, H5P_DEFAULT);
    assert_true(d.id > 0);
    hid_t plist = H5Dget_create_plist(d.id);
    unsigned flags, config, values[32];
    size_t count = 32;
    assert_int_equal(H5Pget_filter2(plist, 0, &flags, &count, values, 0, NULL, &config), H5Z_FILTER_SCALEOFFSET);
    assert_true(hra_so_filter_parse(values, count, &d.filter));
    H5Pclose(plist);
    H5Pclose(access);
    H5Pclose(create);
    H5Sclose(space);
    return d;
}

static void drop_dataset(dataset *d)
{
    H5Dclose(d->id);
    H5Fclose(d->file);
}

/* Writes with HDF5, decodes the raw chunk with ours. */
static void check_decode(hid_t type, const int64_t *fill, int fixed_bits, const int64_t *values)
{
    dataset d = make_dataset(type, fill, fixed_bits);
    assert_true(H5Dwrite(d.id, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    assert_true(H5Fflush(d.file, H5F_SCOPE_GLOBAL) >= 0);
    hsize_t offset = 0, size = 0;
    uint32_t mask = 0;
    assert_true(H5Dget_chunk_storage_size(d.id, &offset, &size) >= 0);
    uint8_t *bytes = malloc(size);
    assert_true(H5Dread_chunk(d.id, H5P_DEFAULT, &offset, &mask, bytes) >= 0);
    assert_int_equal(mask, 0);
    assert_int_equal(d.filter.has_fill, fill != NULL);
    int64_t decoded[COUNT];
    hra_error error;
    assert_int_equal(hra_so_decode(&d.filter, bytes, size, decoded, &error), HRA_OK);
    assert_memory_equal(decoded, values, sizeof decoded);
    free(bytes);
    drop_dataset(&d);
}

typedef struct kind {
    hid_t type;
    int width;
    bool is_signed;
} kind;

static int64_t narrow(uint64_t value, const kind *k)
{
    int spare = 64 - 8 * k->width;
    return k->is_signed ? (int64_t)(value << spare) >> spare : (int64_t)(value << spare >> spare);
}

static void decode_all_shapes(const kind *k)
{
    int64_t values[COUNT], fill = k->is_signed ? -7 : 7;
    for (int bits = 0; bits <= 8 * k->width; bits++) {
        uint64_t mask = bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bits) - 1;
        int64_t base = bits < 8 * k->width - 2 ? (k->is_signed ? -5 : 20) : 0;
        for (int i = 0; i < COUNT; i++) values[i] = narrow((uint64_t)base + (random_bits() & mask), k);
        check_decode(k->type, NULL, 0, values);
        check_decode(k->type, &fill, 0, values);
        for (int i = 0; i < COUNT; i += 3) values[i] = fill;
        check_decode(k->type, &fill, 0, values);
    }
    for (int i = 0; i < COUNT; i++) values[i] = fill;
    check_decode(k->type, &fill, 0, values); /* all missing */
    check_decode(k->type, NULL, 0, values);  /* constant */
    for (int i = 0; i < COUNT; i++) values[i] = i % 5;
    check_decode(k->type, NULL, 8 * k->width, values); /* full width asked for: no header */
    check_decode(k->type, NULL, 5, values);
    fill = 3;
    check_decode(k->type, &fill, 6, values);
}

static void test_decodes_what_hdf5_wrote(void **state)
{
    (void)state;
    const kind kinds[] = {
        {H5T_STD_I8LE, 1, true},   {H5T_STD_U8LE, 1, false},  {H5T_STD_I16LE, 2, true}, {H5T_STD_U16LE, 2, false},
        {H5T_STD_I32LE, 4, true},  {H5T_STD_U32LE, 4, false}, {H5T_STD_I64LE, 8, true}, {H5T_STD_I16BE, 2, true},
        {H5T_STD_U16BE, 2, false}, {H5T_STD_I32BE, 4, true},  {H5T_STD_I64BE, 8, true},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) decode_all_shapes(&kinds[i]);
}

/* Encodes with ours, reads with HDF5. */
static void check_encode(int width, int64_t first, unsigned span, bool wide, int missing_every)
{
    hid_t types[] = {0, H5T_STD_I8LE, H5T_STD_I16LE, 0, H5T_STD_I32LE, 0, 0, 0, H5T_STD_I64LE};
    int64_t fill = INT64_MIN >> (64 - 8 * width), expected[COUNT], got[COUNT];
    uint16_t codes16[COUNT];
    uint32_t codes32[COUNT];
    uint32_t missing = span;
    dataset d = make_dataset(types[width], &fill, 0);
    for (int i = 0; i < COUNT; i++) {
        uint32_t code = (uint32_t)(random_bits() % span);
        if (missing_every && i % missing_every == 0) code = missing;
        codes16[i] = (uint16_t)code;
        codes32[i] = code;
        expected[i] = code == missing ? fill : first + (int64_t)code;
    }
    uint8_t *out = malloc(hra_so_bound(COUNT, width));
    size_t size = wide ? hra_so_encode32(codes32, COUNT, missing, first, width, out)
                       : hra_so_encode16(codes16, COUNT, (uint16_t)missing, first, width, out);
    hsize_t offset = 0;
    if (size > 0) {
        assert_true(size <= hra_so_bound(COUNT, width));
        assert_true(H5Dwrite_chunk(d.id, H5P_DEFAULT, 0, &offset, size, out) >= 0);
        assert_true(H5Dread(d.id, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, got) >= 0);
        assert_memory_equal(got, expected, sizeof got);
        hra_error error;
        assert_int_equal(hra_so_decode(&d.filter, out, size, got, &error), HRA_OK);
        assert_memory_equal(got, expected, sizeof got);
    } else {
        assert_true(span > (width == 8 ? UINT32_MAX - 1 : (1u << (8 * width - 1)) - 1));
    }
    free(out);
    drop_dataset(&d);
}

static void test_hdf5_reads_what_we_encode(void **state)
{
    (void)state;
    for (unsigned span = 1; span <= 120; span++) check_encode(1, -20, span, false, (int)(span % 4));
    for (unsigned span = 1; span <= 60000; span = span * 3 / 2 + 1) {
        check_encode(2, -30000, span, false, (int)(span % 5));
        check_encode(4, -200000, span, true, (int)(span % 3));
    }
    for (unsigned span = 1000; span <= 2000000000; span = span * 2 + 1) {
        check_encode(4, -1000000, span, true, 7);
        check_encode(8, 5000000000000, span, true, 0);
    }
    check_encode(2, -5, 50, false, 1); /* all missing */
    check_encode(2, -5, 1, false, 0);  /* constant */
}

/* The packing of 32-bit codes goes through a word, which HDF5 judges above: it judges the one that packs eight at a
 * time. */
static void test_eights_agree_with_single_values(void **state)
{
    (void)state;
    enum { MOST = 2100 };
    uint16_t codes16[MOST];
    uint32_t codes32[MOST];
    for (unsigned bits = 1; bits <= 16; bits++) {
        for (size_t count = 1; count < MOST; count += count < 500 || count > 530 ? 61 : 1) {
            uint32_t low = bits < 16 ? (uint32_t)(random_bits() % 9) : 0, missing = low + (1u << bits) - 1;
            for (size_t i = 0; i < count; i++) codes32[i] = low + (uint32_t)(random_bits() % (1u << bits));
            for (size_t i = 0; i < count; i++) codes16[i] = (uint16_t)codes32[i];
            int width = bits < 8 ? 1 : bits < 16 ? 2 : 4;
            size_t room = hra_so_bound(count, width);
            uint8_t *eights = malloc(room), *single = malloc(room);
            size_t size = hra_so_encode32(codes32, count, missing, -3, width, single);
            assert_true(size > 0 && size <= room);
            for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
                if (!(*isa)->supported()) continue;
                assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
                memset(eights, 0xA5, room);
                assert_int_equal(hra_so_encode16(codes16, count, (uint16_t)missing, -3, width, eights), size);
                assert_memory_equal(eights, single, size);
            }
            hra_isa_force(NULL, NULL);
            free(eights);
            free(single);
        }
    }
}

/* Codes that are missing at the end of a chunk need not be given. */
static void test_a_chunk_is_lengthened(void **state)
{
    (void)state;
    enum { MOST = 1100 };
    uint16_t codes16[MOST];
    uint32_t codes32[MOST];
    for (unsigned bits = 1; bits <= 31; bits++) {
        uint32_t missing = (1u << bits) - 1;
        for (size_t held = 1; held <= MOST; held += held < 20 ? 1 : 77) {
            for (size_t count = held; count <= MOST; count += count < held + 10 ? 1 : 211) {
                for (size_t i = 0; i < count; i++) codes32[i] = i < held ? (uint32_t)random_bits() & missing : missing;
                for (size_t i = 0; i < count; i++) codes16[i] = (uint16_t)codes32[i];
                uint8_t given[HRA_SO_HEADER + 4 * MOST + 16], lengthened[sizeof given];
                memset(lengthened, 0xA5, sizeof lengthened);
                size_t size = hra_so_encode32(codes32, count, missing, 7, 4, given);
                assert_true(hra_so_encode32(codes32, held, missing, 7, 4, lengthened) > 0);
                assert_int_equal(hra_so_lengthen(lengthened, held, count), size);
                assert_memory_equal(lengthened, given, size);
                if (bits > 15) continue;
                assert_true(hra_so_encode16(codes16, held, (uint16_t)missing, 7, 4, lengthened) > 0);
                assert_int_equal(hra_so_lengthen(lengthened, held, count), size);
                assert_memory_equal(lengthened, given, size);
            }
        }
    }
}

static void test_encode_gives_up_when_packing_does_not_pay(void **state)
{
    (void)state;
    uint16_t codes[3] = {0, 40000, 65000};
    uint8_t out[128];
    assert_int_equal(hra_so_encode16(codes, 3, 65535, -32000, 2, out), 0);
    uint32_t wide[2] = {0, 0xFFFFFFF0u};
    assert_int_equal(hra_so_encode32(wide, 2, 0xFFFFFFFFu, 0, 4, out), 0);
}

/* Both unpackers as this instruction set has them, with the payload ending where the memory ends. */
static void compare_unpacking(unsigned bits, size_t count)
{
    enum { MOST = 400 };
    size_t size = (count * bits + 7) / 8;
    uint8_t *payload = malloc(size ? size : 1);
    for (size_t i = 0; i < size; i++) payload[i] = (uint8_t)(random_bits() % 3 ? random_bits() : 0xFF);
    uint32_t a32[MOST], b32[MOST];
    hra_so_unpack32(payload, size, count, bits, 12345, 77, a32);
    hra_so_unpack32_plain(payload, size, count, bits, 12345, 77, b32);
    assert_memory_equal(a32, b32, count * sizeof *a32);
    uint16_t a16[MOST], b16[MOST];
    if (bits <= 16) {
        uint16_t highest = hra_so_unpack16(payload, size, count, bits, 321, 65535, a16), expected = 0;
        assert_int_equal(hra_so_unpack16_plain(payload, size, count, bits, 321, 65535, b16), highest);
        for (size_t i = 0; i < count; i++) {
            uint16_t difference = (uint16_t)(b32[i] - 12345);
            if (b32[i] != 77 && difference > expected) expected = difference;
        }
        assert_int_equal(highest, expected);
        assert_memory_equal(a16, b16, count * sizeof *a16);
    }
    free(payload);
}

/* Every width and count. */
static void test_vector_code_agrees_with_plain_code(void **state)
{
    (void)state;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        for (unsigned bits = 1; bits <= 32; bits++)
            for (size_t count = 0; count < 400; count = count < 40 ? count + 1 : count + 23)
                compare_unpacking(bits, count);
    }
    hra_isa_force(NULL, NULL);
}

static void test_refuses_damaged_chunks(void **state)
{
    (void)state;
    hra_so_filter filter = {.elements = 100, .width = 2, .is_signed = true};
    uint8_t bytes[HRA_SO_HEADER + 200] = {7, 0, 0, 0, 8};
    int64_t out[100];
    hra_error error;
    assert_int_equal(hra_so_decode(&filter, bytes, HRA_SO_HEADER - 1, out, &error), HRA_EINPUT);
    assert_int_equal(hra_so_decode(&filter, bytes, HRA_SO_HEADER + 87, out, &error), HRA_EINPUT);
    assert_int_equal(hra_so_decode(&filter, bytes, HRA_SO_HEADER + 88, out, &error), HRA_OK);
    bytes[0] = 17;
    assert_int_equal(hra_so_decode(&filter, bytes, sizeof bytes, out, &error), HRA_EINPUT);
    bytes[0] = 16;
    assert_int_equal(hra_so_decode(&filter, bytes, sizeof bytes - 1, out, &error), HRA_EINPUT);
    bytes[3] = 0x80;
    assert_int_equal(hra_so_decode(&filter, bytes, sizeof bytes, out, &error), HRA_EINPUT);
    unsigned parameters[HRA_SO_PARAMETERS] = {2, 0, 100, 0, 3, 1};
    assert_false(hra_so_filter_parse(parameters, HRA_SO_PARAMETERS, &filter));
    parameters[4] = 2;
    assert_true(hra_so_filter_parse(parameters, HRA_SO_PARAMETERS, &filter));
    assert_false(hra_so_filter_parse(parameters, HRA_SO_PARAMETERS - 1, &filter));
    parameters[3] = 1; /* floating point */
    assert_false(hra_so_filter_parse(parameters, HRA_SO_PARAMETERS, &filter));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decodes_what_hdf5_wrote),
        cmocka_unit_test(test_hdf5_reads_what_we_encode),
        cmocka_unit_test(test_eights_agree_with_single_values),
        cmocka_unit_test(test_a_chunk_is_lengthened),
        cmocka_unit_test(test_encode_gives_up_when_packing_does_not_pay),
        cmocka_unit_test(test_vector_code_agrees_with_plain_code),
        cmocka_unit_test(test_refuses_damaged_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
