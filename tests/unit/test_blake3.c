/* BLAKE3 as the reference program has it (bytes 0, 1, ... 250, 0, 1 ...), at every vector level and however the input
 * comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "io/files/blake3.h"

static const struct {
    size_t length;
    const char *hash;
} vectors[] = {
    {0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
    {1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
    {64, "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98"},
    {1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
    {1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
    {1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
    {2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"},
    {2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030"},
    {31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
    {102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"},
    {262144, "d57dc906e20d3fd326ffaa85535500486f46a0979f5a323f028dcabfd381fd4a"},
    {262145, "531c319935cf78f34869faebd865e5748266b1799039103bfb851a680d9ed30c"},
    {524288, "b467afa334cd7dedd76e3a9a4b0e8a5ed278713f2f4e220a682aa30c7fcd140b"},
    {786433, "5599c118148036c9342db6d8be1d586d21948df6ace7479efb33c6ff37c47ef5"},
    {1048577, "2f053cd7472cf0cd2f9adaf45c1180255b91b9a865404a63671a0ee5f792ed33"},
};
enum { COUNT = sizeof vectors / sizeof vectors[0], LONGEST = 1048577 };

static void hash_in_pieces(hra_vector_level level, const unsigned char *bytes, size_t length, size_t piece,
                           char out[HRA_BLAKE3_TEXT])
{
    hra_blake3 *hash = hra_blake3_new(level);
    assert_non_null(hash);
    for (size_t at = 0; at < length; at += piece)
        hra_blake3_add(hash, bytes + at, length - at < piece ? length - at : piece);
    hra_blake3_finish(hash, out);
    hra_blake3_free(hash);
}

static void is_the_reference(void **state)
{
    static const size_t pieces[] = {LONGEST, 5 << 16, 1 << 18, 1 << 16, 100000, 1000, 64};
    (void)state;
    unsigned char *bytes = malloc(LONGEST);
    assert_non_null(bytes);
    for (size_t i = 0; i < LONGEST; i++) bytes[i] = (unsigned char)(i % 251);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        for (int i = 0; i < COUNT; i++)
            for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
                char text[HRA_BLAKE3_TEXT];
                hash_in_pieces(hra_vector_level_choose(), bytes, vectors[i].length, pieces[p], text);
                assert_string_equal(text, vectors[i].hash);
            }
    }
    hra_isa_force(NULL, NULL);
    free(bytes);
}

/* As `b3sum --keyed` has it, under the key of the reference vectors. */
static const struct {
    size_t length;
    const char *hash;
} keyed_vectors[] = {
    {0, "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26"},
    {1, "6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b"},
    {63, "bb1eb5d4afa793c1ebdd9fb08def6c36d10096986ae0cfe148cd101170ce37ae"},
    {64, "ba8ced36f327700d213f120b1a207a3b8c04330528586f414d09f2f7d9ccb7e6"},
    {65, "c0a4edefa2d2accb9277c371ac12fcdbb52988a86edc54f0716e1591b4326e72"},
    {128, "b04fe15577457267ff3b6f3c947d93be581e7e3a4b018679125eaf86f6a628ec"},
    {1024, "75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4"},
    {1025, "357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69"},
    {2049, "9f29700902f7c86e514ddc4df1e3049f258b2472b6dd5267f61bf13983b78dd5"},
    {65537, "8f9e30b67fc0c4c1d0d5fb87e183d48248d97712223b73a8e1721a77c88c6e1d"},
    {102400, "1c35d1a5811083fd7119f5d5d1ba027b4d01c0c6c49fb6ff2cf75393ea5db4a7"},
};

typedef struct pieces {
    unsigned char bytes[97];
    size_t at, length, piece;
} pieces;

static size_t next_piece(void *context, const void **piece)
{
    pieces *of = context;
    size_t size = of->length - of->at < of->piece ? of->length - of->at : of->piece;
    for (size_t i = 0; i < size; i++) of->bytes[i] = (unsigned char)((of->at + i) % 251);
    of->at += size;
    *piece = of->bytes;
    return size;
}

static void keyed_is_the_reference(void **state)
{
    static const unsigned char key[] = "whats the Elvish word for friend";
    static const size_t sizes[] = {97, 64, 1};
    (void)state;
    for (size_t i = 0; i < sizeof keyed_vectors / sizeof keyed_vectors[0]; i++)
        for (size_t p = 0; p < sizeof sizes / sizeof sizes[0]; p++) {
            pieces text = {.length = keyed_vectors[i].length, .piece = sizes[p]};
            unsigned char hash[HRA_BLAKE3_BYTES];
            char hex[HRA_BLAKE3_TEXT];
            hra_blake3_keyed(key, next_piece, &text, hash);
            for (size_t k = 0; k < sizeof hash; k++) snprintf(hex + 2 * k, 3, "%02x", hash[k]);
            assert_string_equal(hex, keyed_vectors[i].hash);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_the_reference), cmocka_unit_test(keyed_is_the_reference)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
