/* persons.jsonl, packed, without some of its lines: unpacked as it is read, packed anew as it is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "io/files/byte_stream.h"
#include "io/files/text_packer.h"
#include "service/forget/forget_text.h"

/* Text of a packed block; a line is some 34 KB, so most of it repeats within one. */
enum { BLOCK_TEXT = 4 << 20, READ = 1 << 17, LONGEST_LINE = 64 << 20 };

static const char line_start[] = "{\"person_id\":\"";

typedef struct details {
    const char *path;
    hra_packing packing;
    hra_byte_stream *gzip;
    FILE *file; /* of zstd */
    ZSTD_DCtx *zstd;
    char packed[READ];
    size_t at, length;
    bool within; /* a frame of zstd that has not ended */
    hra_buffer text;
} details;

static bool ends_with(const char *path, const char *ending)
{
    size_t length = strlen(path), end = strlen(ending);
    return length > end && strcmp(path + length - end, ending) == 0;
}

/* ---- unpacking ---- */

static hra_code open_details(details *d, const char *path, hra_error *error)
{
    *d = (details){.path = path, .packing = ends_with(path, ".gz") ? HRA_PACKING_GZIP : HRA_PACKING_ZSTD};
    if (d->packing == HRA_PACKING_GZIP) return hra_byte_stream_open(path, &d->gzip, error);
    d->file = fopen(path, "rbe");
    if (!d->file) return hra_fail(error, HRA_EIO, "%s: cannot open it: %s", path, strerror(errno));
    d->zstd = ZSTD_createDCtx();
    return d->zstd ? HRA_OK : hra_out_of_memory(error);
}

static void close_details(details *d)
{
    hra_buffer_destroy(&d->text);
    if (d->gzip) hra_byte_stream_close(d->gzip);
    if (d->file) fclose(d->file);
    ZSTD_freeDCtx(d->zstd);
}

static hra_code fill_packed(details *d, hra_error *error)
{
    d->at = 0;
    d->length = fread(d->packed, 1, sizeof d->packed, d->file);
    if (d->length == 0 && ferror(d->file))
        return hra_fail(error, HRA_EIO, "%s: reading failed: %s", d->path, strerror(errno));
    if (d->length == 0 && d->within) return hra_fail(error, HRA_EINPUT, "%s ends too early", d->path);
    return HRA_OK;
}

/* Appends some text; *end when there is no more. */
static hra_code unpack(details *d, bool *end, hra_error *error)
{
    *end = false;
    if (d->gzip) {
        size_t length;
        HRA_TRY(hra_byte_stream_append(d->gzip, &d->text, &length, error));
        *end = length == 0;
        return HRA_OK;
    }
    if (d->at == d->length) HRA_TRY(fill_packed(d, error));
    if (d->length == 0) {
        *end = true;
        return HRA_OK;
    }
    ZSTD_inBuffer in = {d->packed, d->length, d->at};
    char *room = hra_buffer_reserve(&d->text, READ);
    if (!room) return hra_out_of_memory(error);
    ZSTD_outBuffer out = {room, READ, 0};
    size_t left = ZSTD_decompressStream(d->zstd, &out, &in);
    if (ZSTD_isError(left)) return hra_fail(error, HRA_EINPUT, "%s is damaged: %s", d->path, ZSTD_getErrorName(left));
    d->within = left > 0;
    d->at = in.pos;
    d->text.length += out.pos;
    return HRA_OK;
}

/* ---- lines ---- */

hra_code hra_forget_is_details(const char *path, bool *is_details, hra_error *error)
{
    *is_details = false;
    if (!ends_with(path, ".jsonl.zst") && !ends_with(path, ".jsonl.gz")) return HRA_OK;
    details *d = malloc(sizeof *d);
    if (!d) return hra_out_of_memory(error);
    size_t head = sizeof line_start - 1;
    hra_code code = open_details(d, path, error);
    for (bool end = false; !code && !end && d->text.length < head;) code = unpack(d, &end, error);
    *is_details = !code && d->text.length >= head && memcmp(d->text.bytes, line_start, head) == 0;
    close_details(d);
    free(d);
    return code;
}

static bool goes(hra_forget_list *list, const char *line, size_t length)
{
    size_t head = sizeof line_start - 1;
    if (length < head || memcmp(line, line_start, head) != 0) return false;
    const char *id = line + head, *quote = memchr(id, '"', length - head);
    return quote && hra_forget_list_person(list, id, (size_t)(quote - id));
}

/* Whole lines of the text, which they leave; those that stay go to `kept`. */
static int64_t take_lines(details *d, hra_forget_list *list, bool end, hra_buffer *kept)
{
    int64_t removed = 0;
    size_t at = 0;
    while (at < d->text.length) {
        const char *line = d->text.bytes + at, *feed = memchr(line, '\n', d->text.length - at);
        if (!feed && !end) break;
        size_t length = feed ? (size_t)(feed - line) + 1 : d->text.length - at;
        if (goes(list, line, length))
            removed++;
        else
            hra_buffer_append(kept, line, length);
        at += length;
    }
    d->text.length -= at;
    if (at > 0) memmove(d->text.bytes, d->text.bytes + at, d->text.length);
    return removed;
}

static hra_code put(const details *d, hra_text_packer *packer, hra_buffer *kept, FILE *out, hra_error *error)
{
    hra_buffer packed = {0};
    if (!out) {
        hra_buffer_clear(kept);
        return HRA_OK;
    }
    hra_code code = hra_text_packer_add(packer, kept, &packed) ? HRA_OK : hra_out_of_memory(error);
    if (!code && packed.length > 0 && fwrite(packed.bytes, 1, packed.length, out) != packed.length)
        code = hra_fail(error, HRA_EIO, "%s cannot be written anew: %s", d->path, strerror(errno));
    hra_buffer_destroy(&packed);
    return code;
}

static hra_code copy_lines(details *d, hra_forget_list *list, hra_text_packer *packer, hra_buffer *kept, FILE *out,
                           int64_t *removed, hra_error *error)
{
    for (bool end = false; !end;) {
        HRA_TRY(unpack(d, &end, error));
        *removed += take_lines(d, list, end, kept);
        if (kept->failed) return hra_out_of_memory(error);
        if (d->text.length > LONGEST_LINE) return hra_fail(error, HRA_EINPUT, "%s has a line that never ends", d->path);
        if (kept->length >= BLOCK_TEXT || end) HRA_TRY(put(d, packer, kept, out, error));
    }
    return HRA_OK;
}

/* A hra_forget_pass. */
static hra_code pass(const char *path, hra_forget_list *list, FILE *out, int64_t *removed, hra_error *error)
{
    hra_buffer kept = {0};
    details *d = malloc(sizeof *d);
    if (!d) return hra_out_of_memory(error);
    *removed = 0;
    hra_code code = open_details(d, path, error);
    hra_text_packer *packer = hra_text_packer_new(d->packing);
    if (!code && !packer) code = hra_out_of_memory(error);
    if (!code) code = copy_lines(d, list, packer, &kept, out, removed, error);
    hra_text_packer_free(packer);
    hra_buffer_destroy(&kept);
    close_details(d);
    free(d);
    return code;
}

hra_code hra_forget_in_details(const char *path, hra_forget_list *list, bool dry, int64_t *removed, hra_error *error)
{
    return hra_forget_in_text(path, pass, list, dry, removed, error);
}
