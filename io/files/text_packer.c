#include "io/files/text_packer.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

/* Long texts that stand in every line: the window spans more than a hundred lines (deflate's 32 KiB not even one), and
 * matches shorter than seven bytes are not worth their time. The table fits the second-level cache. */
enum { ZSTD_LEVEL = 1, WINDOW_LOG = 22, HASH_LOG = 17, SHORTEST_MATCH = 7, GZIP_LEVEL = 1 };

struct hra_text_packer {
    ZSTD_CCtx *zstd;
    struct libdeflate_compressor *gzip;
};

static bool set(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value)
{
    return !ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value));
}

static bool prepare_zstd(hra_text_packer *p)
{
    p->zstd = ZSTD_createCCtx();
    return p->zstd && set(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL) && set(p->zstd, ZSTD_c_windowLog, WINDOW_LOG) &&
           set(p->zstd, ZSTD_c_hashLog, HASH_LOG) && set(p->zstd, ZSTD_c_minMatch, SHORTEST_MATCH) &&
           set(p->zstd, ZSTD_c_checksumFlag, 1);
}

hra_text_packer *hra_text_packer_new(hra_packing packing)
{
    hra_text_packer *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    if (packing == HRA_PACKING_GZIP) p->gzip = libdeflate_alloc_compressor(GZIP_LEVEL);
    if (packing == HRA_PACKING_GZIP ? p->gzip != NULL : prepare_zstd(p)) return p;
    hra_text_packer_free(p);
    return NULL;
}

void hra_text_packer_free(hra_text_packer *packer)
{
    if (!packer) return;
    ZSTD_freeCCtx(packer->zstd);
    libdeflate_free_compressor(packer->gzip);
    free(packer);
}

/* Length of the packed text, 0: failed. */
static size_t pack(hra_text_packer *p, const hra_buffer *text, hra_buffer *out)
{
    size_t bound = p->gzip ? libdeflate_gzip_compress_bound(p->gzip, text->length) : ZSTD_compressBound(text->length);
    char *to = hra_buffer_reserve(out, bound);
    if (!to) return 0;
    if (p->gzip) return libdeflate_gzip_compress(p->gzip, text->bytes, text->length, to, bound);
    size_t length = ZSTD_compress2(p->zstd, to, bound, text->bytes, text->length);
    return ZSTD_isError(length) ? 0 : length;
}

bool hra_text_packer_add(hra_text_packer *packer, hra_buffer *text, hra_buffer *out)
{
    if (text->failed) return false;
    if (text->length == 0) return true;
    size_t length = pack(packer, text, out);
    out->length += length;
    hra_buffer_clear(text);
    return length > 0;
}

const char *hra_packing_ending(hra_packing packing) { return packing == HRA_PACKING_GZIP ? ".gz" : ".zst"; }
