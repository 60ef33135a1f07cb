#include "report/pdf_shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

typedef struct place {
    char *path;
    hra_pdf_book *book; /* NULL: closed */
    int parts;
    int64_t used; /* the greater the later */
} place;

struct hra_pdf_shelf {
    hra_pdf_book_options options;
    hra_map *index; /* path -> place */
    place *places;
    int count, capacity, open, most_open;
    int64_t clock, files, pages;
};

hra_code hra_pdf_shelf_new(const hra_pdf_book_options *options, int most_open, hra_pdf_shelf **out, hra_error *error)
{
    hra_pdf_shelf *s = calloc(1, sizeof *s);
    if (s) *s = (hra_pdf_shelf){.options = *options, .most_open = most_open, .index = hra_map_new()};
    if (s && s->index) {
        *out = s;
        return HRA_OK;
    }
    free(s);
    return hra_fail(error, HRA_ENOMEM, "out of memory");
}

static hra_code put_away(hra_pdf_shelf *s, place *p, hra_error *error)
{
    hra_pdf_book *book = p->book;
    p->book = NULL;
    s->open--;
    s->pages += hra_pdf_book_pages(book);
    return hra_pdf_book_close(book, error);
}

static hra_code make_room(hra_pdf_shelf *s, hra_error *error)
{
    place *oldest = NULL;
    if (s->open < s->most_open) return HRA_OK;
    for (int i = 0; i < s->count; i++)
        if (s->places[i].book && (!oldest || s->places[i].used < oldest->used)) oldest = &s->places[i];
    return oldest ? put_away(s, oldest, error) : HRA_OK;
}

static hra_code open_part(hra_pdf_shelf *s, place *p, hra_error *error)
{
    char path[4096];
    int length = p->parts == 0 ? snprintf(path, sizeof path, "%s.pdf", p->path)
                               : snprintf(path, sizeof path, "%s part %d.pdf", p->path, p->parts + 1);
    if ((size_t)length >= sizeof path) return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(make_room(s, error));
    HRA_TRY(hra_pdf_book_open(path, &s->options, &p->book, error));
    p->parts++;
    s->open++;
    s->files++;
    return HRA_OK;
}

static place *find(hra_pdf_shelf *s, const char *path)
{
    int64_t known = hra_map_get(s->index, path);
    if (known >= 0) return &s->places[known];
    if (s->count == s->capacity) {
        int capacity = s->capacity ? 2 * s->capacity : 64;
        place *places = realloc(s->places, (size_t)capacity * sizeof *places);
        if (!places) return NULL;
        s->places = places;
        s->capacity = capacity;
    }
    char *copy = strdup(path);
    if (!copy || hra_map_set(s->index, path, s->count) != 0) {
        free(copy);
        return NULL;
    }
    s->places[s->count] = (place){.path = copy};
    return &s->places[s->count++];
}

hra_code hra_pdf_shelf_book(hra_pdf_shelf *shelf, const char *path, hra_pdf_book **out, hra_error *error)
{
    place *p = find(shelf, path);
    if (!p) return hra_fail(error, HRA_ENOMEM, "out of memory");
    if (!p->book) HRA_TRY(open_part(shelf, p, error));
    p->used = ++shelf->clock;
    *out = p->book;
    return HRA_OK;
}

hra_code hra_pdf_shelf_finish(hra_pdf_shelf *shelf, hra_error *error)
{
    for (int i = 0; i < shelf->count; i++)
        if (shelf->places[i].book) HRA_TRY(put_away(shelf, &shelf->places[i], error));
    return HRA_OK;
}

int64_t hra_pdf_shelf_files(const hra_pdf_shelf *shelf) { return shelf->files; }

int64_t hra_pdf_shelf_pages(const hra_pdf_shelf *shelf) { return shelf->pages; }

void hra_pdf_shelf_free(hra_pdf_shelf *shelf)
{
    if (!shelf) return;
    for (int i = 0; i < shelf->count; i++) {
        hra_pdf_book_abandon(shelf->places[i].book);
        free(shelf->places[i].path);
    }
    hra_map_free(shelf->index);
    free(shelf->places);
    free(shelf);
}
