#include "io/files/zip_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/plain_text.h"
#include "io/files/libzip_calls.h"
#include "io/words/encoding.h"

/* Tables of a million rows unpack to some thirty times their size; deflate could reach a thousand. */
enum { MOST_ENTRIES = 1 << 16, MOST_EXPANSION = 400 };
#define SMALL_ENOUGH ((int64_t)64 << 20)

struct hra_zip {
    zip_t *archive;
    int descriptor; /* of our own, to see whether the file changes */
    int64_t size, changed;
    hra_arena *arena;
    const char *path;
    const char **names, **raw_names;
    int count;
};

struct hra_zip_part {
    hra_zip *zip;
    zip_file_t *file;
    const char *name;
    int64_t size, packed, done;
};

static int64_t changed_ns(const struct stat *facts)
{
    return (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
}

/* ---- opening --------------------------------------------------------------------- */

static bool is_utf8(const char *text)
{
    hra_encoding_probe probe;
    int64_t errors, first;
    hra_encoding_probe_start(&probe);
    hra_encoding_probe_feed(&probe, (const unsigned char *)text, strlen(text));
    return hra_encoding_probe_finish(&probe, &errors, &first) == HRA_UTF8 && errors == 0;
}

/* Chinese programs write names in GBK without saying so. `decoder` is made when the first such name is met. */
static hra_code readable_name(hra_zip *zip, const char *raw, hra_decoder **decoder, const char **name, hra_error *error)
{
    hra_buffer text = {0};
    hra_code code = HRA_OK;
    if (is_utf8(raw)) {
        hra_buffer_text(&text, raw);
    } else {
        if (!*decoder) code = hra_decoder_new(HRA_GB18030, false, decoder, error);
        if (code == HRA_OK)
            code = hra_decoder_feed(*decoder, (const unsigned char *)raw, strlen(raw), true, &text, error);
    }
    char *copy = code == HRA_OK ? hra_arena_text(zip->arena, text.bytes ? text.bytes : "") : NULL;
    if (code == HRA_OK && (!copy || text.failed)) code = hra_out_of_memory(error);
    if (copy) hra_plain_text(copy);
    *name = copy;
    hra_buffer_destroy(&text);
    return code;
}

static hra_code read_names(hra_zip *zip, hra_error *error)
{
    zip_int64_t count = zip_get_num_entries(zip->archive, 0);
    if (count < 0 || count > MOST_ENTRIES)
        return hra_fail(error, HRA_EINPUT, "%s: this zip archive holds %lld files: it is not a delivery", zip->path,
                        (long long)count);
    zip->count = (int)count;
    zip->names = hra_arena_alloc(zip->arena, ((size_t)count + 1) * sizeof *zip->names);
    zip->raw_names = hra_arena_alloc(zip->arena, ((size_t)count + 1) * sizeof *zip->raw_names);
    if (!zip->names || !zip->raw_names) return hra_out_of_memory(error);
    hra_decoder *decoder = NULL;
    hra_code code = HRA_OK;
    for (int i = 0; i < zip->count && code == HRA_OK; i++) {
        const char *raw = zip_get_name(zip->archive, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        zip->raw_names[i] = raw ? raw : "";
        code = readable_name(zip, zip->raw_names[i], &decoder, &zip->names[i], error);
    }
    hra_decoder_free(decoder);
    return code;
}

static hra_code open_archive(hra_zip *zip, const char *path, hra_error *error)
{
    struct stat facts;
    HRA_TRY(hra_libzip_load(error));
    zip->arena = hra_arena_new();
    zip->path = zip->arena ? hra_arena_text(zip->arena, path) : NULL;
    if (!zip->path) return hra_out_of_memory(error);
    zip->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (zip->descriptor < 0 || fstat(zip->descriptor, &facts) != 0)
        return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    zip->size = (int64_t)facts.st_size;
    zip->changed = changed_ns(&facts);
    int copy = dup(zip->descriptor), fault = 0;
    if (copy < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    zip->archive = zip_fdopen(copy, 0, &fault);
    if (!zip->archive) {
        close(copy);
        if (fault == ZIP_ER_MEMORY) return hra_out_of_memory(error);
        return hra_fail(error, HRA_EINPUT,
                        "%s: this zip archive or workbook is damaged or cut off (its table of contents cannot be "
                        "read): have it sent again",
                        path);
    }
    return read_names(zip, error);
}

hra_code hra_zip_open(const char *path, hra_zip **out, hra_error *error)
{
    *out = NULL;
    hra_zip *zip = calloc(1, sizeof *zip);
    if (!zip) return hra_out_of_memory(error);
    zip->descriptor = -1;
    hra_code code = open_archive(zip, path, error);
    if (code != HRA_OK) {
        hra_zip_close(zip);
        return code;
    }
    *out = zip;
    return HRA_OK;
}

void hra_zip_close(hra_zip *zip)
{
    if (!zip) return;
    if (zip->archive) zip_discard(zip->archive);
    if (zip->descriptor >= 0) close(zip->descriptor);
    hra_arena_free(zip->arena);
    free(zip);
}

hra_code hra_zip_check_unchanged(const hra_zip *zip, hra_error *error)
{
    struct stat facts;
    if (fstat(zip->descriptor, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", zip->path, strerror(errno));
    if (facts.st_size == zip->size && changed_ns(&facts) == zip->changed) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", zip->path);
}

const char *hra_zip_path(const hra_zip *zip) { return zip->path; }

int64_t hra_zip_file_bytes(const hra_zip *zip) { return zip->size; }

int64_t hra_zip_changed(const hra_zip *zip) { return zip->changed; }

/* ---- the entries ------------------------------------------------------------------- */

int hra_zip_count(const hra_zip *zip) { return zip->count; }

const char *hra_zip_name(const hra_zip *zip, int index) { return zip->names[index]; }

static char plain_letter(char c)
{
    if (c == '\\') return '/';
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool same_name(const char *a, const char *b)
{
    a += *a == '/' || *a == '\\';
    b += *b == '/' || *b == '\\';
    while (*a && plain_letter(*a) == plain_letter(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

int hra_zip_find(const hra_zip *zip, const char *name)
{
    for (int i = 0; i < zip->count; i++)
        if (same_name(zip->raw_names[i], name)) return i;
    return -1;
}

int hra_zip_single(const hra_zip *zip)
{
    int found = -1;
    for (int i = 0; i < zip->count; i++) {
        const char *name = zip->raw_names[i];
        size_t length = strlen(name);
        bool folder = length == 0 || name[length - 1] == '/' || name[length - 1] == '\\';
        bool added = strncmp(name, "__MACOSX/", 9) == 0 || (length >= 9 && strcmp(name + length - 9, ".DS_Store") == 0);
        if (folder || added) continue;
        if (found >= 0) return -1;
        found = i;
    }
    return found;
}

/* ---- reading ------------------------------------------------------------------------- */

hra_code hra_zip_part_open(hra_zip *zip, int index, hra_zip_part **out, hra_error *error)
{
    *out = NULL;
    zip_stat_t facts;
    if (zip_stat_index(zip->archive, (zip_uint64_t)index, 0, &facts) != 0)
        return hra_fail(error, HRA_EINPUT, "%s: '%s' in this archive cannot be read: have the file sent again",
                        zip->path, zip->names[index]);
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) && facts.encryption_method != ZIP_EM_NONE)
        return hra_fail(error, HRA_EINPUT,
                        "%s: '%s' in this archive is protected by a password: unpack it with the password and deliver "
                        "the file itself",
                        zip->path, zip->names[index]);
    hra_zip_part *part = calloc(1, sizeof *part);
    if (!part) return hra_out_of_memory(error);
    *part = (hra_zip_part){.zip = zip, .name = zip->names[index], .size = -1};
    if (facts.valid & ZIP_STAT_SIZE) part->size = (int64_t)facts.size;
    part->packed = (facts.valid & ZIP_STAT_COMP_SIZE) ? (int64_t)facts.comp_size : zip->size;
    if (part->packed > zip->size || part->packed < 0) part->packed = zip->size;
    part->file = zip_fopen_index(zip->archive, (zip_uint64_t)index, 0);
    if (!part->file) {
        hra_code code = hra_fail(error, HRA_EINPUT, "%s: '%s' in this archive cannot be unpacked (%s): pack it again",
                                 zip->path, part->name, zip_strerror(zip->archive));
        hra_zip_part_close(part);
        return code;
    }
    *out = part;
    return HRA_OK;
}

void hra_zip_part_close(hra_zip_part *part)
{
    if (!part) return;
    if (part->file) zip_fclose(part->file);
    free(part);
}

hra_code hra_zip_part_read(hra_zip_part *part, void *bytes, size_t room, size_t *got, hra_error *error)
{
    *got = 0;
    zip_int64_t length = zip_fread(part->file, bytes, room);
    if (length < 0)
        return hra_fail(error, HRA_EINPUT, "%s: '%s' in this archive is damaged (%s): have the file sent again",
                        part->zip->path, part->name, zip_error_strerror(zip_file_get_error(part->file)));
    if (length == 0 && part->size >= 0 && part->done != part->size)
        return hra_fail(error, HRA_EINPUT, "%s: '%s' in this archive is cut off: have the file sent again",
                        part->zip->path, part->name);
    part->done += length;
    if (part->done > SMALL_ENOUGH && part->done / MOST_EXPANSION > part->packed)
        return hra_fail(error, HRA_EINPUT,
                        "%s: '%s' in this archive unpacks to more than %d times its size: no real table does, it is "
                        "refused",
                        part->zip->path, part->name, MOST_EXPANSION);
    *got = (size_t)length;
    return HRA_OK;
}

int64_t hra_zip_part_progress(const hra_zip_part *part)
{
    if (part->size <= 0 || part->done >= part->size) return part->zip->size;
    return (int64_t)((double)part->zip->size * ((double)part->done / (double)part->size));
}
