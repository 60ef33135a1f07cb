#include "io/files/byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/files/blake3.h"
#include "io/files/hash_memory.h"
#include "io/files/read_ahead.h"
#include "io/files/zip_archive.h"

/* Large files are read, and unpacked, by a thread of their own. It would not pay for smaller ones. What is read
 * straight to its place, a batch of rows at once, comes in larger blocks: whenever the decoder stops it copies what it
 * may refer to. */
enum { BLOCK = 128 << 10, PLACED = 384 << 10, AHEAD = 16, LARGE_PLAIN = 4 << 20, LARGE_PACKED = 256 << 10 };

struct hra_byte_stream {
    char *path;
    int descriptor;
    struct stat facts; /* when it was opened */
    int64_t size, changed;
    int64_t done; /* read from the file */
    bool gzip, in_member;
    unsigned char *block;  /* read from the file: of a file that is not packed only the first */
    size_t length, used;   /* of block */
    unsigned char *output; /* given out, but for the first block of a file that is not packed; NULL until needed */
    struct inflate_state inflate;
    hra_blake3 *hash;   /* NULL: nobody wants the file's hash, or it is made */
    bool past_first;    /* the first block was hashed */
    hra_byte_look look; /* NULL: nobody looks */
    void *look_context;
    bool begun;            /* a block was given out */
    bool stays;            /* no thread is started */
    hra_read_ahead *ahead; /* makes the blocks of a large file; all of the above but output is its then */
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
    return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", s->path);
}

/* The next bytes of the file; less than were asked for is the end. */
static hra_code read_bytes(hra_byte_stream *s, size_t most, unsigned char *out, size_t *length, hra_error *error)
{
    *length = 0;
    while (*length < most) {
        ssize_t got = read(s->descriptor, out + *length, most - *length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return hra_fail(error, HRA_EIO, "%s: reading failed: %s", s->path, strerror(errno));
        if (got == 0) break;
        *length += (size_t)got;
    }
    s->done += (int64_t)*length;
    return *length < most ? check_unchanged(s, error) : HRA_OK;
}

/* The same for every block behind the first, hashed while it is in the processor's cache. The first waits for the
 * second, which makes a whole block with it: many only look at the start. */
static hra_code read_on(hra_byte_stream *s, size_t most, unsigned char *out, size_t *length, hra_error *error)
{
    if (!s->past_first) {
        s->past_first = true;
        most -= HRA_BYTE_FIRST;
        if (hra_hash_memory_wants(s->path)) s->hash = hra_blake3_new(hra_vector_level_choose());
        if (s->hash) hra_blake3_add(s->hash, s->block, s->length);
    }
    HRA_TRY(read_bytes(s, most, out, length, error));
    if (!s->hash) return HRA_OK;
    hra_blake3_add(s->hash, out, *length);
    if (*length == most) return HRA_OK;
    char text[HRA_FILE_HASH_TEXT];
    hra_blake3_finish(s->hash, text);
    hra_hash_memory_put(s->path, &s->facts, text);
    hra_blake3_free(s->hash);
    s->hash = NULL;
    return HRA_OK;
}

static hra_code start(hra_byte_stream *s, hra_error *error)
{
    if (s->descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", s->path, strerror(errno));
    if (fstat(s->descriptor, &s->facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", s->path, strerror(errno));
    if (S_ISDIR(s->facts.st_mode)) return hra_fail(error, HRA_EINPUT, "%s: is a folder; name the files in it", s->path);
    if (!S_ISREG(s->facts.st_mode))
        return hra_fail(error, HRA_EINPUT, "%s: not a regular file (files may be read twice; save the stream first)",
                        s->path);
    s->size = (int64_t)s->facts.st_size;
    s->changed = changed_ns(&s->facts);
    HRA_TRY(read_bytes(s, HRA_BYTE_FIRST, s->block, &s->length, error));
    s->gzip = s->length >= 2 && s->block[0] == 0x1F && s->block[1] == 0x8B;
    return HRA_OK;
}

hra_code hra_byte_stream_open(const char *path, hra_byte_stream **out, hra_error *error)
{
    *out = NULL;
    hra_byte_stream *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->path = strdup(path);
    s->block = malloc(BLOCK);
    s->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* else a pipe waits for its writer */
    hra_code code = !s->path || !s->block ? hra_out_of_memory(error) : start(s, error);
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
        return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", s->path);
    s->size = hra_zip_file_bytes(s->zip);
    s->changed = hra_zip_changed(s->zip);
    return hra_zip_part_open(s->zip, index, &s->part, error);
}

hra_code hra_byte_stream_open_zipped(const char *path, hra_byte_stream **out, hra_error *error)
{
    *out = NULL;
    hra_byte_stream *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->descriptor = -1;
    s->path = strdup(path);
    hra_code code = s->path ? start_zipped(s, error) : hra_out_of_memory(error);
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
    hra_blake3_free(s->hash);
    hra_zip_part_close(s->part);
    hra_zip_close(s->zip);
    if (s->descriptor >= 0) close(s->descriptor);
    free(s->path);
    free(s->block);
    free(s->output);
    free(s);
}

void hra_byte_stream_watch(hra_byte_stream *s, hra_byte_look look, void *context)
{
    s->look = look;
    s->look_context = context;
}

void hra_byte_stream_stay(hra_byte_stream *s) { s->stays = true; }

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

static hra_code unpack(hra_byte_stream *s, unsigned char *out, size_t capacity, size_t *length, hra_error *error)
{
    *length = 0;
    while (*length == 0) {
        if (s->in_member) HRA_TRY(unpack_some(s, out, capacity, length, error));
        if (*length > 0) break;
        if (s->used == s->length) {
            s->used = 0;
            HRA_TRY(read_on(s, BLOCK, s->block, &s->length, error));
        }
        if (s->length == 0) break;
        if (!s->in_member) HRA_TRY(next_member(s, error));
    }
    if (*length == 0 && s->in_member) return hra_fail(error, HRA_EINPUT, "%s: the gzip file is cut off", s->path);
    return HRA_OK;
}

static hra_code read_zipped(hra_byte_stream *s, unsigned char *out, size_t *length, hra_error *error)
{
    HRA_TRY(hra_zip_part_read(s->part, out, BLOCK, length, error));
    s->done = hra_zip_part_progress(s->part);
    return *length == 0 ? hra_zip_check_unchanged(s->zip, error) : HRA_OK;
}

/* The next block, whatever the file is. */
static hra_code make_block(void *context, unsigned char *out, size_t capacity, size_t *length, int64_t *done,
                           hra_error *error)
{
    hra_byte_stream *s = context;
    if (s->zip)
        HRA_TRY(read_zipped(s, out, length, error));
    else if (s->gzip)
        HRA_TRY(unpack(s, out, capacity, length, error));
    else
        HRA_TRY(read_on(s, capacity, out, length, error));
    *done = s->gzip ? s->done - (int64_t)(s->length - s->used) : s->done; /* what waits to be unpacked is not done */
    return s->look ? s->look(s->look_context, out, *length, error) : HRA_OK;
}

/* A block made in the stream's own memory. */
static hra_code own_block(hra_byte_stream *s, const unsigned char **bytes, size_t *length, hra_error *error)
{
    if (!s->output) s->output = malloc(BLOCK);
    if (!s->output) return hra_out_of_memory(error);
    *bytes = s->output;
    return make_block(s, s->output, BLOCK, length, &s->shown, error);
}

/* The first block of a file that is not packed was read when it was opened. */
static hra_code first_block(hra_byte_stream *s, const unsigned char **bytes, size_t *length, hra_error *error)
{
    s->begun = true;
    if (s->zip || s->gzip) return own_block(s, bytes, length, error);
    *bytes = s->block;
    *length = s->length;
    s->shown = s->done;
    return s->look ? s->look(s->look_context, s->block, s->length, error) : HRA_OK;
}

/* The thread begins with the second block: some only look at the start. */
static bool reads_ahead(hra_byte_stream *s)
{
    bool large = !s->stays && !s->zip && s->size > (s->gzip ? LARGE_PACKED : LARGE_PLAIN);
    if (large && !s->ahead) s->ahead = hra_read_ahead_start(make_block, s, AHEAD, BLOCK);
    return s->ahead != NULL;
}

hra_code hra_byte_stream_next(hra_byte_stream *s, const unsigned char **bytes, size_t *length, hra_error *error)
{
    if (!s->begun) return first_block(s, bytes, length, error);
    if (reads_ahead(s)) return hra_read_ahead_next(s->ahead, bytes, length, &s->shown, error);
    return own_block(s, bytes, length, error);
}

hra_code hra_byte_stream_append(hra_byte_stream *s, hra_buffer *out, size_t *length, hra_error *error)
{
    if (s->begun && !reads_ahead(s)) {
        char *room = hra_buffer_reserve(out, PLACED);
        if (!room) return hra_out_of_memory(error);
        HRA_TRY(make_block(s, (unsigned char *)room, PLACED, length, &s->shown, error));
        room[*length] = '\0';
        out->length += *length;
        return HRA_OK;
    }
    const unsigned char *bytes;
    HRA_TRY(hra_byte_stream_next(s, &bytes, length, error));
    hra_buffer_append(out, bytes, *length);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

bool hra_byte_stream_is_gzip(const hra_byte_stream *s) { return s->gzip; }

int64_t hra_byte_stream_done(const hra_byte_stream *s) { return s->shown; }

int64_t hra_byte_stream_size(const hra_byte_stream *s) { return s->size; }

int64_t hra_byte_stream_changed(const hra_byte_stream *s) { return s->changed; }
