#include "io/byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/read_ahead.h"
#include "io/zip_archive.h"

enum { BLOCK = 1 << 18 };

struct hra_byte_stream {
    char *path;
    int descriptor;
    int64_t size, changed;
    int64_t done; /* read from the file */
    bool gzip, in_member;
    unsigned char *block;  /* read from the file */
    size_t length, used;   /* of block */
    unsigned char *output; /* unpacked */
    struct inflate_state inflate;
    bool begun;            /* a block was unpacked */
    hra_read_ahead *ahead; /* unpacks a large file in a thread of its own; all of the above but output is its then */
    int64_t shown;         /* of done: with the block that was given out */
    hra_zip *zip;          /* NULL: the file itself is read */
    hra_zip_part *part;
};

static int64_t changed_ns(const struct stat *facts)
{
    return (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
}

/* At its end, a file that was cut, or is still being delivered, must not pass for a whole one. */
static hra_code check_unchanged(const hra_byte_stream *s, hra_error *error)
{
    struct stat facts;
    if (fstat(s->descriptor, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", s->path, strerror(errno));
    if (facts.st_size == s->size && s->done == s->size && changed_ns(&facts) == s->changed) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s: the file changed while it was being read; start again", s->path);
}

static hra_code read_block(hra_byte_stream *s, hra_error *error)
{
    s->length = s->used = 0;
    while (s->length < BLOCK) {
        ssize_t got = read(s->descriptor, s->block + s->length, BLOCK - s->length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return hra_fail(error, HRA_EIO, "%s: reading failed: %s", s->path, strerror(errno));
        if (got == 0) break;
        s->length += (size_t)got;
    }
    s->done += (int64_t)s->length;
    return s->length < BLOCK ? check_unchanged(s, error) : HRA_OK;
}

static hra_code start(hra_byte_stream *s, hra_error *error)
{
    struct stat facts;
    if (s->descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", s->path, strerror(errno));
    if (fstat(s->descriptor, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", s->path, strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return hra_fail(error, HRA_EINPUT, "%s: not a regular file (files are read twice; save the stream first)",
                        s->path);
    s->size = (int64_t)facts.st_size;
    s->changed = changed_ns(&facts);
    HRA_TRY(read_block(s, error));
    s->gzip = s->length >= 2 && s->block[0] == 0x1F && s->block[1] == 0x8B;
    return HRA_OK;
}

hra_code hra_byte_stream_open(const char *path, hra_byte_stream **out, hra_error *error)
{
    *out = NULL;
    hra_byte_stream *s = calloc(1, sizeof *s);
    if (!s) return hra_fail(error, HRA_ENOMEM, "out of memory");
    s->path = strdup(path);
    s->block = malloc(BLOCK);
    s->output = malloc(BLOCK);
    s->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    hra_code code =
        !s->path || !s->block || !s->output ? hra_fail(error, HRA_ENOMEM, "out of memory") : start(s, error);
    if (code != HRA_OK) {
        hra_byte_stream_close(s);
        return code;
    }
    *out = s;
    return HRA_OK;
}

static hra_code start_zipped(hra_byte_stream *s, hra_error *error)
{
    HRA_TRY(hra_zip_open(s->path, &s->zip, error));
    int index = hra_zip_single(s->zip);
    if (index < 0)
        return hra_fail(error, HRA_EINPUT, "%s: the file changed while it was being read; start again", s->path);
    s->size = hra_zip_file_bytes(s->zip);
    s->changed = hra_zip_changed(s->zip);
    return hra_zip_part_open(s->zip, index, &s->part, error);
}

hra_code hra_byte_stream_open_zipped(const char *path, hra_byte_stream **out, hra_error *error)
{
    *out = NULL;
    hra_byte_stream *s = calloc(1, sizeof *s);
    if (!s) return hra_fail(error, HRA_ENOMEM, "out of memory");
    s->descriptor = -1;
    s->path = strdup(path);
    s->output = malloc(BLOCK);
    hra_code code = s->path && s->output ? start_zipped(s, error) : hra_fail(error, HRA_ENOMEM, "out of memory");
    if (code != HRA_OK) {
        hra_byte_stream_close(s);
        return code;
    }
    *out = s;
    return HRA_OK;
}

void hra_byte_stream_close(hra_byte_stream *s)
{
    if (!s) return;
    hra_read_ahead_end(s->ahead);
    hra_zip_part_close(s->part);
    hra_zip_close(s->zip);
    if (s->descriptor >= 0) close(s->descriptor);
    free(s->path);
    free(s->block);
    free(s->output);
    free(s);
}

/* A gzip file may be several members one after the other; zero bytes may pad its end. */
static hra_code next_member(hra_byte_stream *s, hra_error *error)
{
    while (s->used < s->length && s->block[s->used] == 0) s->used++;
    if (s->used == s->length) return HRA_OK;
    if (s->block[s->used] != 0x1F)
        return hra_fail(error, HRA_EINPUT, "%s: something follows the end of the gzip data", s->path);
    isal_inflate_init(&s->inflate);
    s->inflate.crc_flag = ISAL_GZIP;
    s->in_member = true;
    return HRA_OK;
}

/* One call of the decoder, with whatever input is left: it may still hold output after its input is used up. */
static hra_code unpack_some(hra_byte_stream *s, unsigned char *out, size_t capacity, size_t *length, hra_error *error)
{
    s->inflate.next_in = s->block + s->used;
    s->inflate.avail_in = (uint32_t)(s->length - s->used);
    s->inflate.next_out = out;
    s->inflate.avail_out = (uint32_t)capacity;
    if (isal_inflate(&s->inflate) != ISAL_DECOMP_OK)
        return hra_fail(error, HRA_EINPUT, "%s: the gzip data is damaged", s->path);
    *length = capacity - s->inflate.avail_out;
    s->used = s->length - s->inflate.avail_in;
    if (s->inflate.block_state == ISAL_BLOCK_FINISH) s->in_member = false;
    return HRA_OK;
}

static hra_code unpack(void *context, unsigned char *out, size_t capacity, size_t *length, int64_t *done,
                       hra_error *error)
{
    hra_byte_stream *s = context;
    *length = 0;
    while (*length == 0) {
        if (s->in_member) HRA_TRY(unpack_some(s, out, capacity, length, error));
        if (*length > 0) break;
        if (s->used == s->length) HRA_TRY(read_block(s, error));
        if (s->length == 0) break;
        if (!s->in_member) HRA_TRY(next_member(s, error));
    }
    if (*length == 0 && s->in_member) return hra_fail(error, HRA_EINPUT, "%s: the gzip file is cut off", s->path);
    *done = s->done;
    return HRA_OK;
}

/* The thread begins with the second block: some only look at the start. */
static hra_code next_unpacked(hra_byte_stream *s, const unsigned char **bytes, size_t *length, hra_error *error)
{
    if (s->begun && !s->ahead && s->size > BLOCK) s->ahead = hra_read_ahead_start(unpack, s, BLOCK);
    s->begun = true;
    if (s->ahead) return hra_read_ahead_next(s->ahead, bytes, length, &s->shown, error);
    *bytes = s->output;
    return unpack(s, s->output, BLOCK, length, &s->shown, error);
}

hra_code hra_byte_stream_next(hra_byte_stream *s, const unsigned char **bytes, size_t *length, hra_error *error)
{
    if (s->zip) {
        *bytes = s->output;
        HRA_TRY(hra_zip_part_read(s->part, s->output, BLOCK, length, error));
        s->done = hra_zip_part_progress(s->part);
        return *length == 0 ? hra_zip_check_unchanged(s->zip, error) : HRA_OK;
    }
    if (s->gzip) return next_unpacked(s, bytes, length, error);
    if (s->used == s->length && s->length > 0) HRA_TRY(read_block(s, error));
    *bytes = s->block;
    *length = s->length;
    s->used = s->length;
    return HRA_OK;
}

bool hra_byte_stream_is_gzip(const hra_byte_stream *s) { return s->gzip; }

int64_t hra_byte_stream_done(const hra_byte_stream *s) { return s->gzip ? s->shown : s->done; }

int64_t hra_byte_stream_size(const hra_byte_stream *s) { return s->size; }

int64_t hra_byte_stream_changed(const hra_byte_stream *s) { return s->changed; }
