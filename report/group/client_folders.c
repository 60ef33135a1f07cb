#include "report/group/client_folders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/safe_name.h"
#include "io/files/atomic_file.h"
#include "report/tools/table_rows.h"

static const char invitations[] = "invitations.csv", unfinished[] = "invitations.csv.part";

hra_code hra_client_path(const char *root, const char *group, const char *name, char out[HRA_CLIENT_PATH],
                         hra_error *error)
{
    char safe[HRA_SAFE_NAME];
    int length = snprintf(out, HRA_CLIENT_PATH, "%s/%s%s%s", root, hra_safe_name(hra_csv_unguarded(group), safe),
                          *name ? "/" : "", name);
    if (length < HRA_CLIENT_PATH) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "the name of the folder %s is too long", root);
}

static hra_code make_folder(const char *root, const char *group, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    HRA_TRY(hra_client_path(root, group, "", path, error));
    if (mkdir(path, 0700) == 0) return HRA_OK;
    if (errno != EEXIST) return hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", path);
    hra_atomic_tidy(path);
    return HRA_OK;
}

hra_code hra_client_write(const char *root, const char *group, const char *name, hra_buffer *text, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    HRA_TRY(make_folder(root, group, error));
    HRA_TRY(hra_client_path(root, group, name, path, error));
    if (text->failed) return hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path);
    HRA_TRY(hra_atomic_write_one(path, text->bytes, text->length, error));
    hra_buffer_clear(text);
    return HRA_OK;
}

void hra_client_remove_page(const char *root, const char *group)
{
    char path[HRA_CLIENT_PATH];
    if (hra_client_path(root, group, "report.html", path, NULL) == HRA_OK) unlink(path);
}

void hra_client_remove(const char *root, const char *group)
{
    static const char *const names[] = {"group.csv", "group.json", "report.html", "invitations.csv", ""};
    char path[HRA_CLIENT_PATH];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (hra_client_path(root, group, names[i], path, NULL) == HRA_OK) (void)remove(path);
}

/* ---- invitations ------------------------------------------------------------------------ */

enum { HELD = 8 << 20 }; /* bytes that wait in memory for all groups together */

typedef struct dealt {
    char *group;
    hra_buffer lines;
} dealt;

typedef struct dealer {
    const char *root;
    hra_map *places;
    dealt *groups;
    int count, capacity;
    size_t held;
    hra_buffer header;
} dealer;

static void put_line(const char *const *cells, int width, hra_buffer *out)
{
    for (int i = 0; i < width; i++) {
        if (i) hra_buffer_char(out, ',');
        hra_buffer_csv(out, cells[i]);
    }
    hra_buffer_char(out, '\n');
}

static hra_code out_of_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "out of memory dealing out invitations");
}

static hra_code add_group(dealer *d, const char *name, int64_t *place, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    if (d->count == d->capacity) {
        int capacity = d->capacity ? d->capacity * 2 : 64;
        dealt *more = realloc(d->groups, (size_t)capacity * sizeof *more);
        if (!more) return out_of_memory(error);
        d->groups = more;
        d->capacity = capacity;
    }
    dealt *one = &d->groups[d->count];
    *one = (dealt){.group = strdup(name)};
    if (!one->group) return out_of_memory(error);
    *place = d->count++;
    if (hra_map_set(d->places, name, *place) != 0) return out_of_memory(error);
    HRA_TRY(make_folder(d->root, name, error));
    HRA_TRY(hra_client_path(d->root, name, unfinished, path, error));
    if (unlink(path) != 0 && errno != ENOENT) return hra_fail(error, HRA_EIO, "cannot remove %s: %m", path);
    hra_buffer_append(&one->lines, d->header.bytes, d->header.length);
    return HRA_OK;
}

static hra_code append(const char *path, const hra_buffer *text, hra_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    size_t done = 0;
    while (file >= 0 && done < text->length) {
        ssize_t wrote = write(file, text->bytes + done, text->length - done);
        if (wrote <= 0) break;
        done += (size_t)wrote;
    }
    bool ok = file >= 0 && done == text->length;
    if (file >= 0 && close(file) != 0) ok = false;
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "writing %s failed: %m", path);
}

static hra_code flush(dealer *d, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    for (int i = 0; i < d->count; i++) {
        dealt *one = &d->groups[i];
        if (one->lines.failed) return out_of_memory(error);
        if (one->lines.length == 0) continue;
        HRA_TRY(hra_client_path(d->root, one->group, unfinished, path, error));
        HRA_TRY(append(path, &one->lines, error));
        hra_buffer_clear(&one->lines);
    }
    d->held = 0;
    return HRA_OK;
}

static hra_code finish(dealer *d, hra_error *error)
{
    char from[HRA_CLIENT_PATH], to[HRA_CLIENT_PATH];
    HRA_TRY(flush(d, error));
    for (int i = 0; i < d->count; i++) {
        HRA_TRY(hra_client_path(d->root, d->groups[i].group, unfinished, from, error));
        HRA_TRY(hra_client_path(d->root, d->groups[i].group, invitations, to, error));
        if (rename(from, to) != 0) return hra_fail(error, HRA_EIO, "cannot rename %s: %m", from);
    }
    return HRA_OK;
}

static hra_code deal(dealer *d, hra_table_rows *table, hra_error *error)
{
    const char *const *cells;
    int width = hra_table_rows_width(table);
    for (int i = 0; i < width; i++) {
        if (i) hra_buffer_char(&d->header, ',');
        hra_buffer_csv(&d->header, hra_table_rows_name(table, i));
    }
    hra_buffer_char(&d->header, '\n');
    if (!d->places || d->header.failed) return out_of_memory(error);
    for (;;) {
        HRA_TRY(hra_table_rows_next(table, &cells, error));
        if (!cells) return finish(d, error);
        int64_t place = hra_map_get(d->places, cells[0]);
        if (place < 0) HRA_TRY(add_group(d, cells[0], &place, error));
        hra_buffer *lines = &d->groups[place].lines;
        size_t before = lines->length;
        put_line(cells, width, lines);
        d->held += lines->length - before;
        if (d->held > HELD) HRA_TRY(flush(d, error));
    }
}

hra_code hra_client_deal_invitations(const char *path, const char *root, hra_error *error)
{
    dealer d = {.root = root, .places = hra_map_new()};
    hra_table_rows *table = NULL;
    hra_code code = hra_table_rows_open(path, ',', &table, error);
    if (code == HRA_OK) code = deal(&d, table, error);
    hra_table_rows_close(table);
    for (int i = 0; i < d.count; i++) {
        free(d.groups[i].group);
        hra_buffer_destroy(&d.groups[i].lines);
    }
    free(d.groups);
    hra_buffer_destroy(&d.header);
    hra_map_free(d.places);
    return code;
}
