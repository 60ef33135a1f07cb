#include "io/tables/hdf5_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/calendar.h"
#include "base/plain_text.h"
#include "io/hdf5/hdf5_columns.h"
#include "io/people/store_layout.h"
#include "io/words/text_fold.h"

enum { SLAB_ROWS = 4096, SLAB_BYTES = 4 << 20 };

struct hra_hdf5_table {
    char *path;
    struct stat facts;
    hid_t file;
    hra_h5_columns columns;
    void **slabs; /* one per block */
    int slab_rows;
    int64_t next; /* row */
    bool named;   /* the line with the names went out */
    hra_buffer text;
};

/* ---- choosing -------------------------------------------------------------------------- */

static bool same_path(const char *a, const char *b)
{
    a += *a == '/';
    b += *b == '/';
    return strcmp(a, b) == 0;
}

static void list_places(const hra_h5_place *places, int count, int except, char *list, size_t room)
{
    size_t used = 0;
    for (int i = 0; i < count && used < room; i++) {
        if (i == except) continue;
        bool fits = used + strlen(places[i].path) + 8 < room;
        used += (size_t)snprintf(list + used, room - used, "%s%s", used > 0 ? ", " : "", fits ? places[i].path : "...");
        if (!fits) break;
    }
    hra_plain_text(list);
}

static hra_code choose_place(const char *path, hid_t file, const char *wanted, hra_arena *arena, hra_h5_place *place,
                             hra_table_choice *choice, hra_error *error)
{
    hra_h5_place *places = hra_arena_alloc(arena, HRA_H5_TABLES * sizeof *places);
    char list[HRA_TABLE_OTHERS] = "";
    int count, chosen = -1;
    if (!places) return hra_out_of_memory(error);
    const char *format = hra_h5_get_text(file, "format", arena);
    if (format && strncmp(format, "hra-", 4) == 0)
        return hra_fail(error, HRA_EINPUT, "%s: this is a store of hra itself (%s), not a table", path,
                        strcmp(format, HRA_STORE_FORMAT) == 0 ? "a population"
                                                              : "results; a table of them: hra score -o FILE.csv");
    HRA_TRY(hra_h5_find_tables(file, path, arena, places, &count, error));
    for (int i = 0; i < count; i++)
        if (wanted ? same_path(places[i].path, wanted) : count == 1) chosen = i;
    list_places(places, count, chosen, list, sizeof list);
    if (count == 0)
        return hra_fail(error, HRA_EINPUT,
                        "%s: no table is found in this HDF5 file: wanted are one-dimensional datasets of one length in "
                        "one group, a dataset of compound type, or a table saved by pandas",
                        path);
    if (chosen < 0 && wanted)
        return hra_fail(error, HRA_EUSAGE, "%s: there is no table '%s'; its tables are: %s", path, wanted, list);
    if (chosen < 0)
        return hra_fail(error, HRA_EUSAGE, "%s: it holds %d tables: name one with --sheet: %s", path, count, list);
    if (strlen(places[chosen].path) >= HRA_TABLE_NAME)
        return hra_fail(error, HRA_EINPUT, "%s: the name of its table is too long", path);
    *place = places[chosen];
    *choice = (hra_table_choice){.index = (int)place->layout, .count = count};
    snprintf(choice->name, sizeof choice->name, "%s", place->path);
    snprintf(choice->not_read, sizeof choice->not_read, "%s", list);
    return HRA_OK;
}

/* What of the table itself cannot be read is named with the other tables. */
static void note_left_out(const hra_h5_columns *columns, hra_table_choice *choice)
{
    size_t used = strlen(choice->not_read);
    if (columns->left_out.length == 0 || used + 8 > sizeof choice->not_read) return;
    size_t room = sizeof choice->not_read - used;
    int length = snprintf(choice->not_read + used, room, "%s%s", used > 0 ? ", " : "", columns->left_out.bytes);
    if (length >= (int)room) snprintf(choice->not_read + sizeof choice->not_read - 6, 6, ", ...");
}

static hra_code examine(const char *path, hid_t file, const char *wanted, hra_arena *arena, hra_table_choice *choice,
                        hra_error *error)
{
    hra_h5_place place;
    hra_h5_columns columns;
    HRA_TRY(choose_place(path, file, wanted, arena, &place, choice, error));
    HRA_TRY(hra_h5_columns_open(file, &place, path, &columns, error));
    note_left_out(&columns, choice);
    hra_h5_columns_close(&columns);
    return HRA_OK;
}

hra_code hra_hdf5_table_examine(const char *path, const char *wanted, hra_table_choice *choice, hra_error *error)
{
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hid_t file = -1;
    hra_h5_lock();
    hra_code code = hra_h5_open(path, &file, error);
    if (code == HRA_OK) code = examine(path, file, wanted, arena, choice, error);
    hra_h5_release(&file);
    hra_h5_unlock();
    hra_arena_free(arena);
    return code;
}

/* ---- opening ------------------------------------------------------------------------------ */

static hra_code open_table(hra_hdf5_table *t, const hra_table_choice *choice, hra_error *error)
{
    hra_h5_place place = {choice->name, (hra_h5_layout)choice->index};
    size_t widest = 1;
    if (stat(t->path, &t->facts) != 0) return hra_fail(error, HRA_EIO, "%s: cannot be opened", t->path);
    HRA_TRY(hra_h5_open(t->path, &t->file, error));
    HRA_TRY(hra_h5_columns_open(t->file, &place, t->path, &t->columns, error));
    for (int i = 0; i < t->columns.block_count; i++) widest += t->columns.blocks[i].row_size;
    t->slab_rows = widest * SLAB_ROWS > SLAB_BYTES ? (int)(SLAB_BYTES / widest) + 1 : SLAB_ROWS;
    t->slabs = calloc((size_t)t->columns.block_count + 1, sizeof *t->slabs);
    if (!t->slabs) return hra_out_of_memory(error);
    for (int i = 0; i < t->columns.block_count; i++) {
        t->slabs[i] = malloc(t->columns.blocks[i].row_size * (size_t)t->slab_rows);
        if (!t->slabs[i]) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_hdf5_table_open(const char *path, const hra_table_choice *choice, hra_hdf5_table **out, hra_error *error)
{
    *out = NULL;
    hra_hdf5_table *t = calloc(1, sizeof *t);
    if (!t) return hra_out_of_memory(error);
    t->file = -1;
    t->path = strdup(path);
    hra_code code = t->path ? HRA_OK : hra_out_of_memory(error);
    hra_h5_lock();
    if (code == HRA_OK) code = open_table(t, choice, error);
    hra_h5_unlock();
    if (code != HRA_OK) {
        hra_hdf5_table_close(t);
        return code;
    }
    *out = t;
    return HRA_OK;
}

void hra_hdf5_table_close(hra_hdf5_table *t)
{
    if (!t) return;
    hra_h5_lock();
    for (int i = 0; i < t->columns.block_count && t->slabs; i++) free(t->slabs[i]);
    hra_h5_columns_close(&t->columns);
    hra_h5_release(&t->file);
    hra_h5_unlock();
    hra_buffer_destroy(&t->text);
    free(t->slabs);
    free(t->path);
    free(t);
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void append_text(hra_hdf5_table *t, const char *text, size_t length, hra_buffer *out)
{
    hra_buffer_clear(&t->text);
    for (const char *at = text, *end = text + length; at < end;) {
        int used;
        uint32_t c = hra_utf8_next(at, end, &used);
        if (c == 0xFFFD)
            hra_buffer_append(&t->text, "\xEF\xBF\xBD", 3);
        else if (c < ' ')
            hra_buffer_char(&t->text, ' ');
        else
            hra_buffer_append(&t->text, at, (size_t)used);
        at += used;
    }
    if (t->text.length > 0) hra_buffer_csv_n(out, t->text.bytes, t->text.length);
    out->failed |= t->text.failed;
}

/* Ticks since 1970 as a day, with the time of day unless it is midnight. */
static void append_time(int64_t value, int64_t ticks, hra_buffer *out)
{
    char day[HRA_DAY_TEXT];
    if (value == INT64_MIN) return; /* not a time */
    int64_t seconds = value / ticks - (value % ticks < 0), date = seconds / 86400 - (seconds % 86400 < 0);
    int64_t rest = seconds - date * 86400;
    hra_buffer_text(out, hra_day_text((double)date, day));
    if (rest > 0)
        hra_buffer_printf(out, " %02" PRId64 ":%02" PRId64 ":%02" PRId64, rest / 3600, rest / 60 % 60, rest % 60);
}

/* Single precision has its own shortest form: 5.6, not 5.599999904632568. */
static void append_single(float value, hra_buffer *out)
{
    char text[40];
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value) break;
    }
    hra_buffer_text(out, text);
}

static int64_t signed_value(const void *at, size_t size)
{
    int8_t a;
    int16_t b;
    int32_t c;
    int64_t d;
    switch (size) {
    case 1: memcpy(&a, at, 1); return a;
    case 2: memcpy(&b, at, 2); return b;
    case 4: memcpy(&c, at, 4); return c;
    default: memcpy(&d, at, 8); return d;
    }
}

static uint64_t unsigned_value(const void *at, size_t size)
{
    uint64_t value = (uint64_t)signed_value(at, size);
    return size < 8 ? value & ((UINT64_C(1) << 8 * size) - 1) : value;
}

/* Packed values: code times scale; a scale of 0.1 divides by ten, which is exact where 0.1 is not. */
static void append_packed(const hra_h5_column *column, double value, hra_buffer *out)
{
    double steps = round(1 / column->scale);
    value = steps > 0 && 1 / steps == column->scale ? value / steps : value * column->scale;
    hra_buffer_double(out, value + column->shift);
}

static void append_number(const hra_h5_column *column, const void *at, hra_buffer *out)
{
    float single;
    double value = 0;
    if (column->cell == HRA_H5_SIGNED)
        value = (double)signed_value(at, column->size);
    else if (column->cell == HRA_H5_UNSIGNED)
        value = (double)unsigned_value(at, column->size);
    else if (column->size == 8)
        memcpy(&value, at, sizeof value);
    else
        memcpy(&single, at, sizeof single), value = (double)single;
    if (isnan(value) || (column->has_fill && value == column->fill)) return;
    if (column->scale != 1 || column->shift != 0)
        append_packed(column, value, out);
    else if (column->cell == HRA_H5_SIGNED)
        hra_buffer_printf(out, "%" PRId64, signed_value(at, column->size));
    else if (column->cell == HRA_H5_UNSIGNED)
        hra_buffer_printf(out, "%" PRIu64, unsigned_value(at, column->size));
    else if (column->size == 8)
        hra_buffer_double(out, value);
    else
        append_single(single, out);
}

static void append_enum(hra_hdf5_table *t, const hra_h5_column *column, const void *at, hra_buffer *out)
{
    char name[512];
    union {
        int64_t whole;
        char bytes[8];
    } value;
    memcpy(value.bytes, at, column->size);
    if (H5Tenum_nameof(column->type, &value, name, sizeof name) >= 0)
        append_text(t, name, strlen(name), out);
    else
        hra_buffer_printf(out, "%" PRId64, signed_value(at, column->size));
}

static void append_cell(hra_hdf5_table *t, const hra_h5_column *column, const char *at, hra_buffer *out)
{
    const char *text;
    switch (column->cell) {
    case HRA_H5_SIGNED:
    case HRA_H5_UNSIGNED:
    case HRA_H5_REAL: append_number(column, at, out); break;
    case HRA_H5_FLAG: hra_buffer_char(out, *at ? '1' : '0'); break;
    case HRA_H5_ENUM: append_enum(t, column, at, out); break;
    case HRA_H5_TIME: append_time(signed_value(at, 8), column->ticks, out); break;
    case HRA_H5_TEXT: append_text(t, at, strnlen(at, column->size), out); break;
    case HRA_H5_LONG_TEXT:
        memcpy(&text, at, sizeof text);
        if (text) append_text(t, text, strlen(text), out);
        break;
    }
}

/* ---- rows --------------------------------------------------------------------------------------- */

static hra_code read_slab(hra_hdf5_table *t, int block, hsize_t rows, hra_error *error)
{
    const hra_h5_block *b = &t->columns.blocks[block];
    hsize_t start[2] = {(hsize_t)t->next, 0}, count[2] = {rows, b->width};
    hra_h5_id space = H5Dget_space(b->dataset);
    hra_h5_id memory = H5Screate_simple(b->rank, count, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
        H5Dread(b->dataset, b->type, memory, space, H5P_DEFAULT, t->slabs[block]) < 0)
        return hra_h5_fail(error, HRA_EINPUT, "%s: rows from %" PRId64 " on cannot be read", t->path, t->next + 1);
    return HRA_OK;
}

static void give_back_texts(hra_hdf5_table *t, int block, hsize_t rows)
{
    const hra_h5_block *b = &t->columns.blocks[block];
    hsize_t count[2] = {rows, b->width};
    if (!b->reclaim) return;
    hra_h5_id memory = H5Screate_simple(b->rank, count, NULL);
    if (memory > 0) H5Dvlen_reclaim(b->type, memory, H5P_DEFAULT, t->slabs[block]);
}

static void append_rows(hra_hdf5_table *t, hsize_t rows, hra_buffer *out)
{
    for (hsize_t r = 0; r < rows; r++) {
        for (int i = 0; i < t->columns.count; i++) {
            const hra_h5_column *column = &t->columns.items[i];
            const hra_h5_block *block = &t->columns.blocks[column->block];
            if (i > 0) hra_buffer_char(out, ',');
            append_cell(t, column, (const char *)t->slabs[column->block] + r * block->row_size + column->offset, out);
        }
        hra_buffer_char(out, '\n');
    }
}

static hra_code read_rows(hra_hdf5_table *t, hra_buffer *out, bool *end, hra_error *error)
{
    int64_t left = t->columns.rows - t->next;
    hsize_t rows = (hsize_t)(left < t->slab_rows ? left : t->slab_rows);
    hra_code code = HRA_OK;
    int read = 0;
    for (; read < t->columns.block_count && rows > 0 && code == HRA_OK; read++) code = read_slab(t, read, rows, error);
    if (code == HRA_OK) append_rows(t, rows, out);
    for (int i = 0; i < read - (code != HRA_OK); i++) give_back_texts(t, i, rows);
    t->next += (int64_t)rows;
    *end = t->next == t->columns.rows;
    return code;
}

hra_code hra_hdf5_table_read(hra_hdf5_table *t, hra_buffer *out, bool *end, hra_error *error)
{
    struct stat facts;
    hra_h5_lock();
    for (int i = 0; i < t->columns.count && !t->named; i++) {
        if (i > 0) hra_buffer_char(out, ',');
        append_text(t, t->columns.items[i].name, strlen(t->columns.items[i].name), out);
        if (i + 1 == t->columns.count) hra_buffer_char(out, '\n');
    }
    t->named = true;
    hra_code code = read_rows(t, out, end, error);
    hra_h5_unlock();
    HRA_TRY(code);
    if (*end && (stat(t->path, &facts) != 0 || facts.st_size != t->facts.st_size ||
                 memcmp(&facts.st_mtim, &t->facts.st_mtim, sizeof facts.st_mtim) != 0))
        return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again", t->path);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

int64_t hra_hdf5_table_progress(const hra_hdf5_table *t)
{
    if (t->columns.rows <= 0) return (int64_t)t->facts.st_size;
    return (int64_t)((double)t->facts.st_size * ((double)t->next / (double)t->columns.rows));
}
