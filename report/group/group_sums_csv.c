/* A table of all outputs of some thousand groups has millions of lines. What they share is formed once: the cells of a
 * column's name, those of a group, the counts of statuses, which neighbours often have in common, small counts and the
 * shares that two of them make. Threads form the lines of some groups each. */
#include "report/group/group_sums_csv.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "base/shortest_text.h"
#include "base/team.h"
#include "io/files/atomic_file.h"

enum {
    /* Lines of a part, about: many, since the system keeps what is written at once in larger pages; of a small table so
     * few that threads share it evenly. */
    PART_LINES_LEAST = 1024,
    PART_LINES_MOST = 8192,
    PARTS_EACH = 16,   /* of a thread */
    TO_DISK = 8 << 20, /* bytes */
    COUNTS = 1 + HRA_STATUS_BITS,
    STEP = 16, /* texts are copied in whole steps */
    SMALL_COUNTS = 4096,
    SHARES = 16384, /* a power of two */
    AHEAD = 16      /* columns read before their lines are formed */
};

/* A cell of a count with the comma before it. */
typedef struct small_count {
    char text[7];
    uint8_t length;
} small_count;

/* The text of count / known. */
typedef struct share {
    uint32_t count, known; /* known 0: no entry */
    char text[23];
    uint8_t length;
} share;

typedef struct table {
    const hra_group_sums *sums;
    const hra_output *outputs;
    hra_buffer names; /* ",output,level," of all columns, and room for a step */
    size_t *name_at;  /* where that of a column begins, and the end */
    int columns, groups, part_groups;
    small_count *small; /* SMALL_COUNTS */
} table;

/* What a thread works with. */
typedef struct writer {
    const table *table;
    hra_buffer *lines, name;
    share *shares;              /* by a hash: the last that came there */
    hra_group_sum ahead[AHEAD]; /* of column c in place c % AHEAD */
} writer;

static void put_header(hra_buffer *out)
{
    hra_buffer_text(out, "group,output,level,people,known,count,mean,ok");
    for (int bit = 0; bit < HRA_STATUS_BITS; bit++) hra_buffer_printf(out, ",%s", hra_status_word(1u << bit));
    hra_buffer_char(out, '\n');
}

/* Room behind a text, so that its last step can be copied. */
static void put_step(hra_buffer *text)
{
    char *behind = hra_buffer_room(text, STEP);
    if (behind) memset(behind, 0, STEP);
}

/* ---- lines: into room that was made for the longest -------------------------------------- */

typedef struct piece {
    char text[COUNTS * (HRA_NUMBER_TEXT + 1) + 1 + STEP];
    size_t length;
} piece;

static char *put_count(const table *t, char *to, int64_t count)
{
    if (count < SMALL_COUNTS) {
        const small_count *small = &t->small[count];
        memcpy(to, small->text, sizeof small->text);
        return to + small->length;
    }
    *to++ = ',';
    return to + hra_format_whole((double)count, to);
}

/* Behind both there is room for a step. Most texts are of one or two, for which a call of memcpy takes longer. */
static inline char *put(char *to, const char *text, size_t length)
{
    for (size_t at = 0; at < length; at += STEP) memcpy(to + at, text + at, STEP);
    return to + length;
}

/* People without a status and with each, and the end of the line. */
static void put_statuses(const table *t, const hra_group_statuses *sum, piece *out)
{
    char *to = put_count(t, out->text, sum->ok);
    for (int bit = 0; bit < HRA_STATUS_BITS; bit++) to = put_count(t, to, sum->status[bit]);
    *to++ = '\n';
    out->length = (size_t)(to - out->text);
}

enum { VALUES_ROOM = 2 * (HRA_NUMBER_TEXT + 1) + 1 + HRA_SHORTEST_TEXT };

static share *share_at(const writer *w, const hra_group_sum *sum)
{
    return &w->shares[((uint32_t)sum->known * 613 + (uint32_t)sum->count) % SHARES];
}

/* Columns from c on, and their shares asked for: they are far apart, and whether one is there decides the way. */
static void read_ahead(writer *w, int group, int c)
{
    int left = w->table->columns - c, count = left < AHEAD ? left : AHEAD;
    hra_group_sums_read_some(w->table->sums, group, c, count, w->ahead);
    for (int k = 0; k < count; k++)
        if (w->ahead[k].count > 0) __builtin_prefetch(share_at(w, &w->ahead[k]));
}

/* Most means are shares of few people: the same again and again. */
static char *put_share(writer *w, char *to, const hra_group_sum *sum)
{
    if (sum->count == 0) {
        *to++ = '0';
        return to;
    }
    uint32_t count = (uint32_t)sum->count, known = (uint32_t)sum->known; /* nobody counts further */
    share *s = share_at(w, sum);
    if (s->count != count || s->known != known) {
        char digits[HRA_SHORTEST_TEXT + STEP] = "";
        int length = hra_format_shortest(sum->mean, digits);
        if (length > (int)sizeof s->text) return put(to, digits, (size_t)length);
        *s = (share){.count = count, .known = known, .length = (uint8_t)length};
        memcpy(s->text, digits, (size_t)length);
    }
    memcpy(to, s->text, sizeof s->text);
    return to + s->length;
}

static char *put_values(writer *w, char *to, const hra_group_sum *sum)
{
    to = put_count(w->table, to, sum->known);
    if (sum->count >= 0)
        to = put_count(w->table, to, sum->count);
    else
        *to++ = ',';
    *to++ = ',';
    if (sum->known == 0) return to;
    return sum->count >= 0 ? put_share(w, to, sum) : to + hra_format_shortest(sum->mean, to);
}

/* The lines of a group. */
static void put_group(writer *w, int group)
{
    const table *t = w->table;
    hra_buffer *name = &w->name, *out = w->lines;
    const char *text = hra_group_sums_name(t->sums, group);
    piece people = {.length = 0}, statuses = {.length = 0};
    int same_status = -1;
    hra_buffer_clear(name);
    hra_buffer_csv_foreign(name, text, strlen(text));
    put_step(name);
    people.length = (size_t)(put_count(t, people.text, hra_group_sums_people(t->sums, group)) - people.text);
    for (int c = 0; c < t->columns && !name->failed; c++) {
        size_t cells = t->name_at[c + 1] - t->name_at[c];
        if (c % AHEAD == 0) read_ahead(w, group, c);
        const hra_group_sum *sum = &w->ahead[c % AHEAD];
        if (t->outputs[sum->output].status_of != same_status) {
            hra_group_statuses said = hra_group_sums_statuses(t->sums, group, c);
            put_statuses(t, &said, &statuses);
            same_status = t->outputs[sum->output].status_of;
        }
        char *line = hra_buffer_room(out, name->length + cells + VALUES_ROOM + 2 * sizeof(piece) + STEP), *to = line;
        if (!line) return;
        to = put(to, name->bytes, name->length);
        to = put(to, t->names.bytes + t->name_at[c], cells);
        to = put(to, people.text, people.length);
        to = put_values(w, to, sum);
        to = put(to, statuses.text, statuses.length);
        *to = '\0';
        out->length += (size_t)(to - line);
    }
    if (name->failed) out->failed = true;
}

/* ---- the table ------------------------------------------------------------------------------- */

static hra_code name_columns(table *t, hra_error *error)
{
    t->name_at = calloc((size_t)t->columns + 1, sizeof *t->name_at);
    for (int c = 0; t->name_at && c < t->columns; c++) {
        hra_group_sum sum = hra_group_sums_read(t->sums, 0, c);
        const hra_output *output = &t->outputs[sum.output];
        hra_buffer_char(&t->names, ',');
        hra_buffer_csv(&t->names, output->id);
        hra_buffer_char(&t->names, ',');
        if (sum.level >= 0) hra_buffer_csv(&t->names, output->levels[sum.level]);
        t->name_at[c + 1] = t->names.length;
    }
    put_step(&t->names);
    return t->name_at && !t->names.failed ? HRA_OK : hra_out_of_memory(error);
}

static hra_code write_small_counts(table *t, hra_error *error)
{
    t->small = calloc(SMALL_COUNTS, sizeof *t->small);
    if (!t->small) return hra_out_of_memory(error);
    for (int count = 0; count < SMALL_COUNTS; count++) {
        char digits[HRA_NUMBER_TEXT];
        int length = hra_format_whole(count, digits);
        t->small[count].text[0] = ',';
        memcpy(t->small[count].text + 1, digits, (size_t)length);
        t->small[count].length = (uint8_t)(1 + length);
    }
    return HRA_OK;
}

/* The disk begins with what is written: at the end the file waits for it. *waiting: bytes it was not told of. */
static hra_code write_part(const char *path, hra_atomic_file *file, size_t *waiting, const hra_buffer *part,
                           hra_error *error)
{
    if (part->failed) return hra_out_of_memory(error);
    if (fwrite(part->bytes, 1, part->length, hra_atomic_stream(file)) != part->length)
        return hra_fail(error, HRA_EIO, "%s: writing failed: %s", path, strerror(errno));
    *waiting += part->length;
    if (*waiting < TO_DISK) return HRA_OK;
    hra_atomic_begin_sync(file);
    *waiting = 0;
    return HRA_OK;
}

/* Parts are formed by all threads and written in order: a part that is ready waits in its place, and whoever finds the
 * next one ready writes it, so that nobody waits for a turn. */
typedef struct part_line {
    const char *path;
    const table *table;
    hra_atomic_file *file;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    hra_buffer *places; /* part p stands in place p % place_count */
    bool *ready;
    int place_count;
    int parts, taken, written; /* parts */
    bool writing;
    size_t waiting;
    hra_code code; /* after a fault nothing more is written */
    hra_error *error;
} part_line;

static void form_part(writer *w, int part)
{
    const table *t = w->table;
    int first = part * t->part_groups, end = first + t->part_groups;
    hra_buffer_clear(w->lines);
    if (!w->shares) w->lines->failed = true;
    for (int g = first; w->shares && g < end && g < t->groups; g++) put_group(w, g);
}

/* Under the lock, released while the file is written. */
static void write_next(part_line *l)
{
    int place = l->written % l->place_count;
    l->writing = true;
    pthread_mutex_unlock(&l->lock);
    if (l->code == HRA_OK) l->code = write_part(l->path, l->file, &l->waiting, &l->places[place], l->error);
    pthread_mutex_lock(&l->lock);
    l->writing = false;
    l->ready[place] = false;
    l->written++;
    pthread_cond_broadcast(&l->changed);
}

/* Who forms the last parts writes them, unless another thread is at it and will. */
static void form_and_write(void *context, int thread)
{
    part_line *l = context;
    writer w = {.table = l->table, .shares = calloc(SHARES, sizeof *w.shares)};
    (void)thread;
    pthread_mutex_lock(&l->lock);
    for (;;) {
        if (!l->writing && l->written < l->parts && l->ready[l->written % l->place_count]) {
            write_next(l);
        } else if (l->taken == l->parts) {
            break;
        } else if (l->taken - l->written == l->place_count) {
            pthread_cond_wait(&l->changed, &l->lock);
        } else {
            int part = l->taken++;
            w.lines = &l->places[part % l->place_count];
            pthread_mutex_unlock(&l->lock);
            form_part(&w, part);
            pthread_mutex_lock(&l->lock);
            l->ready[part % l->place_count] = true;
        }
    }
    pthread_mutex_unlock(&l->lock);
    hra_buffer_destroy(&w.name);
    free(w.shares);
}

static hra_code write_groups(const char *path, const table *t, hra_atomic_file *file, hra_error *error)
{
    int threads = hra_group_sums_threads(t->sums);
    part_line l = {.path = path,
                   .table = t,
                   .file = file,
                   .parts = (t->groups + t->part_groups - 1) / t->part_groups,
                   .place_count = 2 * threads,
                   .error = error};
    l.places = calloc((size_t)l.place_count, sizeof *l.places);
    l.ready = calloc((size_t)l.place_count, sizeof *l.ready);
    if (l.places && l.ready) {
        pthread_mutex_init(&l.lock, NULL);
        pthread_cond_init(&l.changed, NULL);
        hra_team_run(threads < l.parts ? threads : l.parts, form_and_write, &l);
        pthread_cond_destroy(&l.changed);
        pthread_mutex_destroy(&l.lock);
    } else {
        l.code = hra_out_of_memory(error);
    }
    for (int i = 0; l.places && i < l.place_count; i++) hra_buffer_destroy(&l.places[i]);
    free(l.places);
    free(l.ready);
    return l.code;
}

static int groups_of_part(const table *t)
{
    int64_t lines = (int64_t)t->columns * t->groups / (PARTS_EACH * hra_group_sums_threads(t->sums));
    if (lines < PART_LINES_LEAST) lines = PART_LINES_LEAST;
    if (lines > PART_LINES_MOST) lines = PART_LINES_MOST;
    return (int)(lines / (t->columns + 1) + 1);
}

static hra_code write_table(const char *path, table *t, hra_atomic_file *file, hra_error *error)
{
    hra_buffer header = {0};
    size_t waiting = 0;
    put_header(&header);
    hra_code code = write_part(path, file, &waiting, &header, error);
    hra_buffer_destroy(&header);
    if (code != HRA_OK || t->groups == 0) return code;
    HRA_TRY(name_columns(t, error));
    HRA_TRY(write_small_counts(t, error));
    t->part_groups = groups_of_part(t);
    return write_groups(path, t, file, error);
}

hra_code hra_group_sums_csv_write(const char *path, const hra_group_sums *sums, const hra_output *outputs,
                                  hra_atomic_file **out, hra_error *error)
{
    table t = {.sums = sums,
               .outputs = outputs,
               .columns = hra_group_sums_columns(sums),
               .groups = hra_group_sums_count(sums)};
    HRA_TRY(hra_atomic_open(path, out, error));
    hra_code code = write_table(path, &t, *out, error);
    hra_buffer_destroy(&t.names);
    free(t.name_at);
    free(t.small);
    if (code == HRA_OK) return HRA_OK;
    hra_atomic_abandon(*out);
    *out = NULL;
    return code;
}
