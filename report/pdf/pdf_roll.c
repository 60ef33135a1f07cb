#include "report/pdf/pdf_roll.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

struct hra_pdf_roll {
    hra_arena *arena;
    hra_map *index; /* path -> volume */
    hra_pdf_volume *volumes;
    int count, capacity;
};

hra_code hra_pdf_roll_new(hra_pdf_roll **out, hra_error *error)
{
    hra_pdf_roll *r = calloc(1, sizeof *r);
    if (r && (r->arena = hra_arena_new()) && (r->index = hra_map_new())) {
        *out = r;
        return HRA_OK;
    }
    hra_pdf_roll_free(r);
    return hra_out_of_memory(error);
}

void hra_pdf_roll_free(hra_pdf_roll *r)
{
    if (!r) return;
    for (int i = 0; i < r->count; i++) hra_pdf_book_abandon(r->volumes[i].book);
    hra_map_free(r->index);
    hra_arena_free(r->arena);
    free(r->volumes);
    free(r);
}

static hra_code add_volume(hra_pdf_roll *r, const hra_pdf_place *place, int64_t row, hra_error *error)
{
    if (r->count == r->capacity) {
        int capacity = r->capacity ? 2 * r->capacity : 64;
        hra_pdf_volume *volumes = realloc(r->volumes, (size_t)capacity * sizeof *volumes);
        if (!volumes) return hra_out_of_memory(error);
        r->volumes = volumes;
        r->capacity = capacity;
    }
    hra_pdf_volume v = {.path = hra_arena_text(r->arena, place->path),
                        .group = hra_arena_text(r->arena, place->group),
                        .department = hra_arena_text(r->arena, place->department),
                        .owner = place->owner,
                        .first = row,
                        .number = r->count};
    if (!v.path || !v.group || !v.department || hra_map_set(r->index, v.path, r->count) != 0)
        return hra_out_of_memory(error);
    r->volumes[r->count] = v;
    r->count++;
    return HRA_OK;
}

hra_code hra_pdf_roll_add(hra_pdf_roll *r, const hra_pdf_place *place, int64_t row, const hra_fingerprint_bytes *person,
                          hra_error *error)
{
    hra_pdf_volume *v = hra_pdf_roll_find(r, place->path);
    if (!v) {
        HRA_TRY(add_volume(r, place, row, error));
        v = &r->volumes[r->count - 1];
    }
    const hra_fingerprint_bytes both[2] = {v->content, *person};
    crypto_generichash(v->content.bytes, sizeof v->content.bytes, both[0].bytes, sizeof both, NULL, 0);
    v->last = row;
    v->people++;
    return HRA_OK;
}

int hra_pdf_roll_count(const hra_pdf_roll *r) { return r->count; }

hra_pdf_volume *hra_pdf_roll_at(hra_pdf_roll *r, int number) { return &r->volumes[number]; }

hra_pdf_volume *hra_pdf_roll_find(hra_pdf_roll *r, const char *path)
{
    int64_t known = hra_map_get(r->index, path);
    return known < 0 ? NULL : &r->volumes[known];
}

/* Volumes stand in the order of their first rows. Returns how many had to wait for a later round. */
static int deal(hra_pdf_roll *r, int round, int64_t *last_rows, int most_open)
{
    int open = 0, waiting = 0;
    for (int i = 0; i < r->count; i++) {
        hra_pdf_volume *v = &r->volumes[i];
        if (v->kept || v->round > 0) continue;
        int still = 0;
        for (int k = 0; k < open; k++)
            if (last_rows[k] >= v->first) last_rows[still++] = last_rows[k];
        open = still;
        if (open == most_open) {
            waiting++;
            continue;
        }
        last_rows[open++] = v->last;
        v->round = round;
    }
    return waiting;
}

hra_code hra_pdf_roll_plan(hra_pdf_roll *r, int most_open, int *rounds, hra_error *error)
{
    int64_t *last_rows = malloc((size_t)most_open * sizeof *last_rows);
    if (!last_rows) return hra_out_of_memory(error);
    *rounds = 0;
    for (int i = 0; i < r->count && *rounds == 0; i++) *rounds = !r->volumes[i].kept;
    while (*rounds > 0 && deal(r, *rounds, last_rows, most_open) > 0) ++*rounds;
    free(last_rows);
    return HRA_OK;
}
