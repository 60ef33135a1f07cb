#include "io/results/result_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"

#define HEADER "hra-result-journal 3 "
enum { BOOT_LENGTH = 40 }; /* a UUID and its end */

struct hra_journal {
    hra_arena *arena;
    char *path;
    const char *identity;
    int file, label_count;
    hra_buffer waiting;
    char boot[BOOT_LENGTH]; /* of the machine's present start; "" if it cannot be told */
    hra_journal_state state;
    const char ***texts; /* by label, grown by doubling */
    int *text_counts, *text_capacities;
    /* while reading: are the last records of this start of the machine, and what stood above the last `synced` */
    bool this_boot;
    hra_journal_state synced_state;
    int *synced_counts;
    size_t synced_length;
};

static hra_code waiting(const hra_journal *j, hra_error *error)
{
    return j->waiting.failed ? hra_out_of_memory(error) : HRA_OK;
}

/* The kernel has an id for every start of the machine. */
static void read_boot(char boot[BOOT_LENGTH])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    boot[0] = '\0';
    if (!file) return;
    if (!fgets(boot, BOOT_LENGTH, file)) boot[0] = '\0';
    boot[strcspn(boot, "\n")] = '\0';
    fclose(file);
}

/* ---- texts on one line ---- */

static void put_escaped(hra_buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '%' || c == 0x7F)
            hra_buffer_printf(out, "%%%02X", c);
        else
            hra_buffer_char(out, (char)c);
    }
}

static bool unescape(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        unsigned byte;
        if (sscanf(in + 1, "%2X", &byte) != 1 || !in[1] || !in[2]) return false;
        *out++ = (char)byte;
        in += 2;
    }
    *out = '\0';
    return true;
}

/* ---- reading an earlier run's records ---- */

static hra_code add_text(hra_journal *j, int label, const char *text, hra_error *error)
{
    if (j->text_counts[label] == j->text_capacities[label]) {
        int capacity = j->text_capacities[label] ? 2 * j->text_capacities[label] : 64;
        const char **texts = realloc(j->texts[label], (size_t)capacity * sizeof *texts);
        if (!texts) return hra_out_of_memory(error);
        j->texts[label] = texts;
        j->text_capacities[label] = capacity;
    }
    const char *copy = hra_arena_text(j->arena, text);
    if (!copy) return hra_out_of_memory(error);
    j->texts[label][j->text_counts[label]++] = copy;
    return HRA_OK;
}

/* `length`: of the journal up to the end of this record. */
static hra_code read_record(hra_journal *j, char *line, size_t length, hra_error *error)
{
    hra_journal_state *s = &j->state;
    int keys, lines, files, label, at = 0;
    int64_t sequence, rows;
    if (strncmp(line, "boot ", 5) == 0) {
        j->this_boot = *j->boot && strcmp(line + 5, j->boot) == 0;
        return HRA_OK;
    }
    if (strcmp(line, "synced") == 0) {
        j->synced_length = length;
        j->synced_state = *s;
        memcpy(j->synced_counts, j->text_counts, (size_t)j->label_count * sizeof *j->text_counts);
        return HRA_OK;
    }
    if (sscanf(line, "people %d %d %d", &keys, &lines, &files) == 3) {
        s->keys = keys;
        s->lines = lines;
        s->files = files;
        s->begun = true;
        return HRA_OK;
    }
    if (sscanf(line, "chunk %" SCNd64 " %" SCNd64, &sequence, &rows) == 2 && sequence == s->next_sequence &&
        rows >= 0) {
        s->next_sequence++;
        s->rows += rows;
        return HRA_OK;
    }
    if (sscanf(line, "label %d %n", &label, &at) == 1 && at > 0 && label >= 0 && label < j->label_count &&
        unescape(line + at))
        return add_text(j, label, line + at, error);
    return hra_fail(error, HRA_ECONFLICT, "%s is damaged: remove it to start anew", j->path);
}

/* Reads whole lines only: what a kill cut short was never promised. */
static hra_code read_records(hra_journal *j, char *text, size_t length, hra_error *error)
{
    size_t used = 0;
    bool first = true;
    for (char *line = text, *end; (end = memchr(line, '\n', length - used)) != NULL; line = end + 1) {
        *end = '\0';
        used = (size_t)(end + 1 - text);
        if (!first) {
            HRA_TRY(read_record(j, line, used, error));
            continue;
        }
        first = false;
        if (strncmp(line, HEADER, strlen(HEADER)) != 0)
            return hra_fail(error, HRA_ECONFLICT, "%s is not a journal of this program", j->path);
        if (strcmp(line + strlen(HEADER), j->identity) != 0)
            return hra_fail(error, HRA_ECONFLICT,
                            "%s belongs to a run with other definitions, input or options: resume with the same ones, "
                            "or start anew without resuming",
                            j->path);
    }
    if (!j->this_boot) {
        used = j->synced_length;
        j->state = j->synced_state;
        memcpy(j->text_counts, j->synced_counts, (size_t)j->label_count * sizeof *j->text_counts);
    }
    if (!j->state.begun) used = 0; /* nothing was done yet: start anew */
    if (ftruncate(j->file, (off_t)used) != 0 || lseek(j->file, (off_t)used, SEEK_SET) < 0)
        return hra_fail(error, HRA_EIO, "%s cannot be written: %s", j->path, strerror(errno));
    if (used > 0 && !j->this_boot) hra_buffer_printf(&j->waiting, "boot %s\n", j->boot);
    return waiting(j, error);
}

static hra_code read_journal(hra_journal *j, hra_error *error)
{
    struct stat facts;
    if (fstat(j->file, &facts) != 0) return hra_fail(error, HRA_EIO, "%s: %s", j->path, strerror(errno));
    size_t size = (size_t)facts.st_size, got = 0;
    char *text = malloc(size + 1);
    if (!text) return hra_out_of_memory(error);
    while (got < size) {
        ssize_t n = pread(j->file, text + got, size - got, (off_t)got);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        got += (size_t)n;
    }
    text[got] = '\0';
    hra_code code = got == size ? read_records(j, text, size, error)
                                : hra_fail(error, HRA_EIO, "%s cannot be read: %s", j->path, strerror(errno));
    free(text);
    return code;
}

/* ---- opening ---- */

static hra_code open_file(hra_journal *j, bool resume, hra_error *error)
{
    j->file = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->file < 0) return hra_fail(error, HRA_EIO, "%s cannot be created: %s", j->path, strerror(errno));
    if (flock(j->file, LOCK_EX | LOCK_NB) != 0) {
        close(j->file);
        j->file = -1;
        return hra_fail(error, HRA_ECONFLICT, "%s is in use: another run is writing this result", j->path);
    }
    if (resume) return read_journal(j, error);
    if (ftruncate(j->file, 0) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be written: %s", j->path, strerror(errno));
    return HRA_OK;
}

hra_code hra_journal_open(const char *path, const char *identity, int label_count, bool resume, hra_journal **out,
                          hra_error *error)
{
    hra_journal *j = calloc(1, sizeof *j);
    if (!j) return hra_out_of_memory(error);
    j->file = -1;
    j->label_count = label_count;
    j->arena = hra_arena_new();
    j->path = j->arena ? hra_arena_text(j->arena, path) : NULL;
    j->identity = j->arena ? hra_arena_text(j->arena, identity) : NULL;
    j->texts = calloc((size_t)label_count + 1, sizeof *j->texts);
    j->text_counts = calloc((size_t)label_count + 1, sizeof *j->text_counts);
    j->text_capacities = calloc((size_t)label_count + 1, sizeof *j->text_capacities);
    j->synced_counts = calloc((size_t)label_count + 1, sizeof *j->synced_counts);
    read_boot(j->boot);
    bool room = j->texts && j->text_counts && j->text_capacities && j->synced_counts;
    hra_code code = HRA_OK;
    if (!j->path || !j->identity || !room) code = hra_out_of_memory(error);
    if (!code) code = open_file(j, resume, error);
    if (code) {
        hra_journal_close(j, false);
        return code;
    }
    j->state.labels = (const char *const *const *)j->texts;
    j->state.label_counts = j->text_counts;
    *out = j;
    return HRA_OK;
}

const hra_journal_state *hra_journal_state_of(const hra_journal *journal) { return &journal->state; }

/* ---- writing ---- */

hra_code hra_journal_begin(hra_journal *j, bool keys, bool lines, bool files, hra_error *error)
{
    hra_buffer_printf(&j->waiting, HEADER "%s\nboot %s\npeople %d %d %d\n", j->identity, j->boot, keys, lines, files);
    return waiting(j, error);
}

hra_code hra_journal_label(hra_journal *j, int label, const char *text, hra_error *error)
{
    hra_buffer_printf(&j->waiting, "label %d ", label);
    put_escaped(&j->waiting, text);
    hra_buffer_char(&j->waiting, '\n');
    return waiting(j, error);
}

hra_code hra_journal_chunk(hra_journal *j, int64_t sequence, int64_t rows, hra_error *error)
{
    hra_buffer_printf(&j->waiting, "chunk %" PRId64 " %" PRId64 "\n", sequence, rows);
    return waiting(j, error);
}

hra_code hra_journal_write(hra_journal *j, hra_error *error)
{
    HRA_TRY(waiting(j, error));
    for (size_t done = 0; done < j->waiting.length;) {
        ssize_t n = write(j->file, j->waiting.bytes + done, j->waiting.length - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return hra_fail(error, HRA_EIO, "%s cannot be written: %s", j->path, strerror(errno));
        done += (size_t)n;
    }
    hra_buffer_clear(&j->waiting);
    return HRA_OK;
}

hra_code hra_journal_sync(hra_journal *j, hra_error *error)
{
    hra_buffer_text(&j->waiting, "synced\n");
    HRA_TRY(hra_journal_write(j, error));
    if (fdatasync(j->file) != 0) return hra_fail(error, HRA_EIO, "%s cannot be written: %s", j->path, strerror(errno));
    return HRA_OK;
}

void hra_journal_close(hra_journal *j, bool remove_file)
{
    if (!j) return;
    if (j->file >= 0) {
        if (remove_file) unlink(j->path);
        close(j->file);
    }
    for (int i = 0; i < j->label_count && j->texts; i++) free((void *)j->texts[i]);
    free((void *)j->texts);
    free(j->text_counts);
    free(j->text_capacities);
    free(j->synced_counts);
    hra_buffer_destroy(&j->waiting);
    hra_arena_free(j->arena);
    free(j);
}
