#include "io/tables/compound_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER = 512,
    ENTRY = 128, /* of a folder */
    NAME = 32,   /* with its end */
    MOST_ENTRIES = 1 << 16,
    SMALL_SECTOR = 64,   /* short streams stand in sectors of their own kind ... */
    SMALL_STREAM = 4096, /* ... up to this length */
    FIRST_TABLES = 109   /* sectors of the sector table that are named in the header */
};

#define LARGEST_FILE ((int64_t)2 << 30) /* 256 full sheets of the old kind take less */
#define NO_SECTOR UINT32_MAX

typedef enum entry_kind { ENTRY_FOLDER = 1, ENTRY_STREAM, ENTRY_ROOT = 5 } entry_kind;

typedef struct entry {
    char name[NAME];
    uint32_t left, right, child; /* numbers of other entries */
    uint32_t start;              /* sector */
    int64_t size;
    uint8_t kind;
} entry;

struct hra_compound {
    char *path;
    int descriptor;
    int64_t size, changed;
    bool container;
    uint32_t sector, sectors; /* bytes of one, how many fit into the file */
    uint32_t *next;           /* the sector table: what follows each sector */
    uint32_t next_count;
    uint32_t *small_next; /* the same of small sectors */
    uint32_t small_next_count;
    entry root;
    entry *entries; /* of the uppermost folder */
    int entry_count;
};

struct hra_compound_stream {
    const hra_compound *file;
    int64_t size;
    uint32_t *chain;      /* its sectors; NULL: the whole file */
    unsigned char *bytes; /* of a short stream: all of it */
};

static hra_code damaged(const hra_compound *file, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: this workbook is damaged or cut off (%s): have it sent again", file->path,
                    what);
}

static int64_t changed_ns(const struct stat *facts)
{
    return (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
}

/* ---- bytes ------------------------------------------------------------------------ */

static hra_code read_at(const hra_compound *file, int64_t offset, void *bytes, size_t length, hra_error *error)
{
    if (offset > file->size || (int64_t)length > file->size - offset)
        return damaged(file, "it ends before its contents do", error);
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(file->descriptor, (char *)bytes + done, length - done, offset + (int64_t)done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return hra_fail(error, HRA_EIO, "%s: cannot read: %s", file->path, strerror(errno));
        if (got == 0)
            return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", file->path);
        done += (size_t)got;
    }
    return HRA_OK;
}

static int64_t sector_offset(const hra_compound *file, uint32_t number) { return ((int64_t)number + 1) * file->sector; }

static hra_code read_sector(const hra_compound *file, uint32_t number, unsigned char *bytes, hra_error *error)
{
    if (number >= file->sectors) return damaged(file, "it names a part beyond its end", error);
    return read_at(file, sector_offset(file, number), bytes, file->sector, error);
}

/* ---- chains of sectors -------------------------------------------------------------- */

/* The sectors of a stream, exactly `count`: a chain that runs in a circle ends there too. */
static hra_code follow(const hra_compound *file, const uint32_t *next, uint32_t next_count, uint32_t start,
                       uint32_t count, uint32_t **out, hra_error *error)
{
    *out = NULL;
    if (count > next_count) return damaged(file, "a part of it is longer than the file", error);
    uint32_t *chain = malloc(((size_t)count + 1) * sizeof *chain);
    if (!chain) return hra_out_of_memory(error);
    uint32_t at = start;
    for (uint32_t i = 0; i < count; i++) {
        if (at >= next_count) {
            free(chain);
            return damaged(file, "the chain of its parts is broken", error);
        }
        chain[i] = at;
        at = next[at];
    }
    *out = chain;
    return HRA_OK;
}

/* How many sectors hang together from `start`; at most all of them. */
static uint32_t length_of_chain(const uint32_t *next, uint32_t next_count, uint32_t start)
{
    uint32_t count = 0;
    for (uint32_t at = start; at < next_count && count < next_count; at = next[at]) count++;
    return count;
}

/* A stream of whole sectors as numbers. */
static hra_code read_numbers(const hra_compound *file, const uint32_t *chain, uint32_t count, uint32_t *numbers,
                             hra_error *error)
{
    unsigned char bytes[4096];
    uint32_t each = file->sector / 4;
    for (uint32_t i = 0; i < count; i++) {
        HRA_TRY(read_sector(file, chain[i], bytes, error));
        for (uint32_t k = 0; k < each; k++) numbers[(size_t)i * each + k] = hra_le32(bytes + 4 * (size_t)k);
    }
    return HRA_OK;
}

/* The sectors that hold the sector table: the first ones in the header, the others in a chain of sectors of their own,
 * whose last number is the next one. */
static hra_code find_table(const hra_compound *file, const unsigned char *header, uint32_t *chain, uint32_t count,
                           hra_error *error)
{
    unsigned char bytes[4096];
    uint32_t in_sector = file->sector / 4 - 1, at = hra_le32(header + 68), done = 0;
    for (; done < count && done < FIRST_TABLES; done++) chain[done] = hra_le32(header + 76 + 4 * (size_t)done);
    while (done < count) {
        HRA_TRY(read_sector(file, at, bytes, error));
        for (uint32_t i = 0; i < in_sector && done < count; i++) chain[done++] = hra_le32(bytes + 4 * (size_t)i);
        at = hra_le32(bytes + 4 * (size_t)in_sector);
    }
    return HRA_OK;
}

static hra_code read_table(hra_compound *file, const unsigned char *header, hra_error *error)
{
    uint32_t each = file->sector / 4, count = hra_le32(header + 44), most = file->sectors / each + 1;
    if (count > most) count = most; /* the others could only speak of sectors that are not there */
    uint32_t *chain = malloc(((size_t)count + 1) * sizeof *chain);
    file->next = malloc(((size_t)count * each + 1) * sizeof *file->next);
    hra_code code = chain && file->next ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = find_table(file, header, chain, count, error);
    if (code == HRA_OK) code = read_numbers(file, chain, count, file->next, error);
    free(chain);
    file->next_count = count * each < file->sectors ? count * each : file->sectors;
    return code;
}

static hra_code read_small_table(hra_compound *file, const unsigned char *header, hra_error *error)
{
    uint32_t start = hra_le32(header + 60), each = file->sector / 4;
    uint32_t count = length_of_chain(file->next, file->next_count, start), *chain;
    if (count > hra_le32(header + 64)) count = hra_le32(header + 64);
    HRA_TRY(follow(file, file->next, file->next_count, start, count, &chain, error));
    file->small_next = malloc(((size_t)count * each + 1) * sizeof *file->small_next);
    hra_code code = file->small_next ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = read_numbers(file, chain, count, file->small_next, error);
    file->small_next_count = count * each;
    free(chain);
    return code;
}

/* ---- the uppermost folder -------------------------------------------------------------- */

static entry entry_of(const hra_compound *file, const unsigned char *bytes)
{
    entry e = {.kind = bytes[66],
               .left = hra_le32(bytes + 68),
               .right = hra_le32(bytes + 72),
               .child = hra_le32(bytes + 76),
               .start = hra_le32(bytes + 116),
               .size = (int64_t)hra_le32(bytes + 120)};
    if (file->sector == 4096) e.size |= (int64_t)(hra_le32(bytes + 124) & 0x7FFFFFFF) << 32;
    for (int i = 0; i < NAME - 1 && hra_le16(bytes + 2 * i) != 0; i++) {
        uint16_t letter = hra_le16(bytes + 2 * i);
        e.name[i] = (char)(letter < 0x80 ? letter : '?');
    }
    return e;
}

/* The entries of a folder are a tree, of which each is visited once. */
typedef struct visits {
    uint32_t count, first, last;
    uint32_t *waiting; /* from first up to last */
    bool *seen;
} visits;

static void visit(visits *v, uint32_t number)
{
    if (number >= v->count || v->seen[number]) return;
    v->seen[number] = true;
    v->waiting[v->last++] = number;
}

static hra_code collect(hra_compound *file, const entry *all, uint32_t count, hra_error *error)
{
    visits v = {.count = count, .waiting = malloc(count * sizeof *v.waiting), .seen = calloc(count, sizeof *v.seen)};
    file->entries = malloc(count * sizeof *file->entries);
    hra_code code = v.waiting && v.seen && file->entries ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) visit(&v, all[0].child);
    while (code == HRA_OK && v.first < v.last) {
        const entry *e = &all[v.waiting[v.first++]];
        visit(&v, e->left);
        visit(&v, e->right);
        if (e->kind == ENTRY_STREAM || e->kind == ENTRY_FOLDER) file->entries[file->entry_count++] = *e;
    }
    free(v.waiting);
    free(v.seen);
    return code;
}

static hra_code read_entries(hra_compound *file, const uint32_t *chain, uint32_t sectors, entry *all, hra_error *error)
{
    unsigned char bytes[4096];
    uint32_t each = file->sector / ENTRY;
    for (uint32_t i = 0; i < sectors; i++) {
        HRA_TRY(read_sector(file, chain[i], bytes, error));
        for (uint32_t k = 0; k < each; k++) all[i * each + k] = entry_of(file, bytes + ENTRY * (size_t)k);
    }
    return HRA_OK;
}

static hra_code read_folder(hra_compound *file, const unsigned char *header, hra_error *error)
{
    uint32_t start = hra_le32(header + 48), each = file->sector / ENTRY, *chain;
    uint32_t sectors = length_of_chain(file->next, file->next_count, start), count = sectors * each;
    if (sectors == 0) return damaged(file, "its table of contents cannot be read", error);
    if (count > MOST_ENTRIES) return damaged(file, "its table of contents has no end", error);
    HRA_TRY(follow(file, file->next, file->next_count, start, sectors, &chain, error));
    entry *all = malloc(count * sizeof *all);
    hra_code code = all ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = read_entries(file, chain, sectors, all, error);
    if (code == HRA_OK && all[0].kind != ENTRY_ROOT)
        code = damaged(file, "its table of contents cannot be read", error);
    if (code == HRA_OK) file->root = all[0];
    if (code == HRA_OK) code = collect(file, all, count, error);
    free(chain);
    free(all);
    return code;
}

/* ---- opening -------------------------------------------------------------------------------- */

static hra_code read_container(hra_compound *file, hra_error *error)
{
    unsigned char header[HEADER];
    HRA_TRY(read_at(file, 0, header, sizeof header, error));
    uint16_t shift = hra_le16(header + 30);
    if (shift != 9 && shift != 12) return damaged(file, "its header cannot be read", error);
    file->sector = 1U << shift;
    int64_t rest = file->size - (int64_t)file->sector; /* the last sector may be cut where nothing is in it */
    file->sectors = rest > 0 ? (uint32_t)((rest + file->sector - 1) / file->sector) : 0;
    HRA_TRY(read_table(file, header, error));
    HRA_TRY(read_small_table(file, header, error));
    return read_folder(file, header, error);
}

static hra_code open_file(hra_compound *file, const char *path, hra_error *error)
{
    static const unsigned char mark[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    struct stat facts;
    unsigned char start[sizeof mark];
    file->path = strdup(path);
    if (!file->path) return hra_out_of_memory(error);
    file->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (file->descriptor < 0 || fstat(file->descriptor, &facts) != 0)
        return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    file->size = (int64_t)facts.st_size;
    file->changed = changed_ns(&facts);
    if (file->size > LARGEST_FILE)
        return hra_fail(error, HRA_EINPUT, "%s: this file is larger than an old workbook can be", path);
    if (file->size < (int64_t)sizeof start) return HRA_OK;
    HRA_TRY(read_at(file, 0, start, sizeof start, error));
    file->container = memcmp(start, mark, sizeof mark) == 0;
    return file->container ? read_container(file, error) : HRA_OK;
}

hra_code hra_compound_open(const char *path, hra_compound **out, hra_error *error)
{
    *out = NULL;
    hra_compound *file = calloc(1, sizeof *file);
    if (!file) return hra_out_of_memory(error);
    file->descriptor = -1;
    hra_code code = open_file(file, path, error);
    if (code != HRA_OK) {
        hra_compound_close(file);
        return code;
    }
    *out = file;
    return HRA_OK;
}

void hra_compound_close(hra_compound *file)
{
    if (!file) return;
    if (file->descriptor >= 0) close(file->descriptor);
    free(file->path);
    free(file->next);
    free(file->small_next);
    free(file->entries);
    free(file);
}

hra_code hra_compound_check_unchanged(const hra_compound *file, hra_error *error)
{
    struct stat facts;
    if (fstat(file->descriptor, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", file->path, strerror(errno));
    if (facts.st_size == file->size && changed_ns(&facts) == file->changed) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", file->path);
}

const char *hra_compound_path(const hra_compound *file) { return file->path; }

int64_t hra_compound_file_bytes(const hra_compound *file) { return file->size; }

int64_t hra_compound_changed(const hra_compound *file) { return file->changed; }

bool hra_compound_is_container(const hra_compound *file) { return file->container; }

static const entry *find(const hra_compound *file, const char *name)
{
    for (int i = 0; i < file->entry_count; i++)
        if (strcasecmp(file->entries[i].name, name) == 0) return &file->entries[i];
    return NULL;
}

bool hra_compound_has(const hra_compound *file, const char *name) { return find(file, name) != NULL; }

/* ---- streams ---------------------------------------------------------------------------------- */

static uint32_t sectors_for(int64_t bytes, uint32_t sector) { return (uint32_t)((bytes + sector - 1) / sector); }

/* A short stream: small sectors, which stand in the stream of the root. */
static hra_code load_small(hra_compound_stream *stream, const entry *e, hra_error *error)
{
    const hra_compound *file = stream->file;
    uint32_t *chain = NULL, *home = NULL, in_sector = file->sector / SMALL_SECTOR;
    uint32_t count = sectors_for(stream->size, SMALL_SECTOR);
    uint32_t home_count = length_of_chain(file->next, file->next_count, file->root.start);
    stream->bytes = malloc((size_t)count * SMALL_SECTOR + 1);
    hra_code code = stream->bytes ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = follow(file, file->small_next, file->small_next_count, e->start, count, &chain, error);
    if (code == HRA_OK) code = follow(file, file->next, file->next_count, file->root.start, home_count, &home, error);
    for (uint32_t i = 0; code == HRA_OK && i < count; i++) {
        uint32_t sector = chain[i] / in_sector;
        if (sector >= home_count) {
            code = damaged(file, "the chain of its parts is broken", error);
            break;
        }
        int64_t offset = sector_offset(file, home[sector]) + (int64_t)(chain[i] % in_sector) * SMALL_SECTOR;
        code = read_at(file, offset, stream->bytes + (size_t)i * SMALL_SECTOR, SMALL_SECTOR, error);
    }
    free(chain);
    free(home);
    return code;
}

static hra_code open_stream(hra_compound_stream *stream, const char *name, hra_error *error)
{
    const hra_compound *file = stream->file;
    const entry *e = name ? find(file, name) : NULL;
    stream->size = name ? 0 : file->size;
    if (!name) return HRA_OK;
    if (!e || e->kind != ENTRY_STREAM)
        return hra_fail(error, HRA_EINPUT, "%s: there is no stream '%s' in this file", file->path, name);
    if (e->size > file->size) return damaged(file, "a part of it is longer than the file", error);
    stream->size = e->size;
    if (e->size < SMALL_STREAM) return load_small(stream, e, error);
    return follow(file, file->next, file->next_count, e->start, sectors_for(e->size, file->sector), &stream->chain,
                  error);
}

hra_code hra_compound_stream_open(const hra_compound *file, const char *name, hra_compound_stream **out,
                                  hra_error *error)
{
    *out = NULL;
    hra_compound_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return hra_out_of_memory(error);
    stream->file = file;
    hra_code code = open_stream(stream, name, error);
    if (code != HRA_OK) {
        hra_compound_stream_close(stream);
        return code;
    }
    *out = stream;
    return HRA_OK;
}

void hra_compound_stream_close(hra_compound_stream *stream)
{
    if (!stream) return;
    free(stream->chain);
    free(stream->bytes);
    free(stream);
}

int64_t hra_compound_stream_size(const hra_compound_stream *stream) { return stream->size; }

hra_code hra_compound_stream_read(const hra_compound_stream *stream, int64_t offset, void *bytes, size_t length,
                                  hra_error *error)
{
    const hra_compound *file = stream->file;
    unsigned char *to = bytes;
    if (offset < 0 || offset > stream->size || (int64_t)length > stream->size - offset)
        return damaged(file, "it ends before its contents do", error);
    if (stream->bytes) {
        memcpy(to, stream->bytes + offset, length);
        return HRA_OK;
    }
    if (!stream->chain) return read_at(file, offset, to, length, error);
    while (length > 0) { /* neighbours in the file are read at once */
        size_t first = (size_t)(offset / file->sector), count = 1;
        size_t within = (size_t)(offset % file->sector), part = file->sector - within;
        for (; part < length && stream->chain[first + count] == stream->chain[first] + count; count++)
            part += file->sector;
        if (part > length) part = length;
        HRA_TRY(read_at(file, sector_offset(file, stream->chain[first]) + (int64_t)within, to, part, error));
        to += part;
        offset += (int64_t)part;
        length -= part;
    }
    return HRA_OK;
}
