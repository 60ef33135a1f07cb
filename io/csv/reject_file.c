#include "io/csv/reject_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "io/files/atomic_file.h"

/* Text of a chunk that finished before an earlier one. */
typedef struct waiting {
    int64_t sequence;
    hra_buffer text;
    struct waiting *next; /* by sequence */
} waiting;

struct hra_reject_file {
    char *path;
    bool at_end;            /* the file appears when it is finished */
    hra_atomic_file *whole; /* owns the stream where nothing may be seen before the end */
    FILE *stream;           /* NULL until there is something to write */
    bool finished;
    int64_t next; /* the chunk to write next */
    waiting *first;
    pthread_mutex_t mutex;
};

static hra_code open_stream(hra_reject_file *r, hra_error *error)
{
    struct stat facts;
    int descriptor = open(r->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return hra_fail(error, HRA_EIO, "%s: cannot create the reject file: %s", r->path, strerror(errno));
    /* an older file may have been open to others */
    if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && fchmod(descriptor, 0600) != 0) {
        close(descriptor);
        return hra_fail(error, HRA_EIO, "%s: cannot restrict the reject file to its owner: %s", r->path,
                        strerror(errno));
    }
    r->stream = fdopen(descriptor, "w");
    if (!r->stream) {
        close(descriptor);
        return hra_out_of_memory(error);
    }
    return HRA_OK;
}

/* Opens the file, which ends what an earlier run left there: not before the first line, or the end without one. */
static hra_code begin(hra_reject_file *r, hra_error *error)
{
    if (r->stream) return HRA_OK;
    if (r->at_end) {
        HRA_TRY(hra_atomic_open(r->path, &r->whole, error));
        r->stream = hra_atomic_stream(r->whole);
    } else {
        HRA_TRY(open_stream(r, error));
    }
    fputs("file,line,column,variable,value,reason\n", r->stream);
    return HRA_OK;
}

/* Told now, not after the work: that the file has no place. Devices and pipes cannot be replaced. */
static hra_code find_place(hra_reject_file *r, hra_error *error)
{
    struct stat facts;
    bool exists = stat(r->path, &facts) == 0;
    if (exists && !S_ISREG(facts.st_mode)) r->at_end = false;
    if (!exists || r->at_end) return hra_atomic_try(r->path, error);
    if (S_ISDIR(facts.st_mode)) return hra_folder_not_a_file(r->path, error);
    if (access(r->path, W_OK) == 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: cannot write the reject file: %s", r->path, strerror(errno));
}

static hra_code open_as(const char *path, bool at_end, hra_reject_file **out, hra_error *error)
{
    *out = NULL;
    hra_reject_file *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    pthread_mutex_init(&r->mutex, NULL);
    r->at_end = at_end;
    r->path = strdup(path);
    hra_code code = r->path ? find_place(r, error) : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_reject_free(r);
        return code;
    }
    *out = r;
    return HRA_OK;
}

hra_code hra_reject_open(const char *path, hra_reject_file **out, hra_error *error)
{
    return open_as(path, false, out, error);
}

hra_code hra_reject_open_whole(const char *path, hra_reject_file **out, hra_error *error)
{
    return open_as(path, true, out, error);
}

void hra_reject_line(hra_buffer *text, const char *file, int64_t line, const char *column, const char *variable,
                     const char *value, size_t value_length, const char *reason)
{
    hra_buffer_csv_foreign(text, file, strlen(file));
    hra_buffer_printf(text, ",%lld,", (long long)line);
    hra_buffer_csv_foreign(text, column, strlen(column));
    hra_buffer_char(text, ',');
    hra_buffer_csv_foreign(text, variable, strlen(variable));
    hra_buffer_char(text, ',');
    hra_buffer_csv_foreign(text, value, value_length);
    hra_buffer_char(text, ',');
    hra_buffer_csv_foreign(text, reason, strlen(reason));
    hra_buffer_char(text, '\n');
}

static hra_code write_text(hra_reject_file *r, const hra_buffer *text, hra_error *error)
{
    if (text->length == 0) return HRA_OK;
    HRA_TRY(begin(r, error));
    if (fwrite(text->bytes, 1, text->length, r->stream) != text->length)
        return hra_fail(error, HRA_EIO, "%s: writing the reject file failed: %s", r->path, strerror(errno));
    return HRA_OK;
}

/* Keeps the text until its turn comes. */
static hra_code put_aside(hra_reject_file *r, int64_t sequence, hra_buffer *text, hra_error *error)
{
    waiting *w = calloc(1, sizeof *w);
    if (!w) return hra_out_of_memory(error);
    *w = (waiting){.sequence = sequence, .text = *text};
    *text = (hra_buffer){0};
    waiting **place = &r->first;
    while (*place && (*place)->sequence < sequence) place = &(*place)->next;
    w->next = *place;
    *place = w;
    return HRA_OK;
}

static hra_code write_first_waiting(hra_reject_file *r, hra_error *error)
{
    waiting *w = r->first;
    r->first = w->next;
    r->next = w->sequence + 1;
    hra_code code = write_text(r, &w->text, error);
    hra_buffer_destroy(&w->text);
    free(w);
    return code;
}

hra_code hra_reject_write(hra_reject_file *r, int64_t sequence, hra_buffer *text, hra_error *error)
{
    if (text->failed) return hra_out_of_memory(error);
    pthread_mutex_lock(&r->mutex);
    hra_code code = HRA_OK;
    if (sequence != r->next) {
        code = put_aside(r, sequence, text, error);
    } else {
        code = write_text(r, text, error);
        r->next++;
        while (code == HRA_OK && r->first && r->first->sequence == r->next) code = write_first_waiting(r, error);
    }
    pthread_mutex_unlock(&r->mutex);
    hra_buffer_clear(text);
    return code;
}

static hra_code close_stream(hra_reject_file *r, hra_code code, hra_error *error)
{
    bool good = fflush(r->stream) == 0 && !ferror(r->stream);
    int cause = errno;
    bool closed = fclose(r->stream) == 0;
    if (good && !closed) cause = errno;
    r->stream = NULL;
    if (code == HRA_OK && !(good && closed))
        code = hra_fail(error, HRA_EIO, "%s: writing the reject file failed: %s", r->path, strerror(cause));
    return code;
}

static hra_code write_waiting(hra_reject_file *r, hra_error *error)
{
    hra_code code = HRA_OK;
    while (code == HRA_OK && r->first) code = write_first_waiting(r, error);
    return code;
}

hra_code hra_reject_complete(hra_reject_file *r, hra_atomic_file **file, hra_error *error)
{
    *file = NULL;
    if (r->finished) return HRA_OK;
    r->finished = true;
    hra_code code = write_waiting(r, error);
    if (code == HRA_OK) code = begin(r, error); /* nothing rejected: a header alone says so */
    if (!r->stream) return code;
    if (!r->whole) return close_stream(r, code, error);
    if (code == HRA_OK)
        *file = r->whole;
    else
        hra_atomic_abandon(r->whole);
    r->whole = NULL;
    r->stream = NULL;
    return code;
}

hra_code hra_reject_finish(hra_reject_file *r, hra_error *error)
{
    hra_atomic_file *file;
    HRA_TRY(hra_reject_complete(r, &file, error));
    return file ? hra_atomic_commit(file, error) : HRA_OK;
}

void hra_reject_free(hra_reject_file *r)
{
    if (!r) return;
    if (!r->at_end && !r->finished) write_waiting(r, NULL);
    if (r->whole)
        hra_atomic_abandon(r->whole);
    else if (r->stream)
        close_stream(r, HRA_OK, NULL);
    while (r->first) {
        waiting *w = r->first;
        r->first = w->next;
        hra_buffer_destroy(&w->text);
        free(w);
    }
    pthread_mutex_destroy(&r->mutex);
    free(r->path);
    free(r);
}
