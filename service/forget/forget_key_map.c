/* A key map is read to its end and made again, with a salt of its own, from those who stay. */
#include <string.h>

#include "io/identity/key_map.h"
#include "service/forget/forget_store.h"

enum { SORT_BYTES = 16 << 20, HANDED_ON = 1 << 16 };

typedef struct copying {
    const char *path;
    hra_key_map *from;
    hra_key_map_walk walk;
    const hra_dictionary *dictionary;
    hra_forget_list *list;
    int64_t removed;
} copying;

static hra_code count_leaving(copying *c, hra_error *error)
{
    for (bool any = true; any;) {
        HRA_TRY(hra_key_map_next(c->from, &c->walk, &any, error));
        c->removed += any && hra_forget_list_key(c->list, c->walk.key);
    }
    return HRA_OK;
}

/* -1: the identifier. */
static hra_code variable_of(const copying *c, hra_identifier name, int *variable, hra_error *error)
{
    static const char identifier[] = HRA_KEY_MAP_IDENTIFIER;
    *variable = -1;
    if (name.length == sizeof identifier - 1 && memcmp(name.text, identifier, name.length) == 0) return HRA_OK;
    for (int i = 0; i < hra_dictionary_count(c->dictionary); i++) {
        const char *own = hra_dictionary_at(c->dictionary, i)->name;
        if (strlen(own) == name.length && memcmp(own, name.text, name.length) == 0) *variable = i;
    }
    if (*variable >= 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s: %.*s is not in the dictionary and would be lost; give its definition with "
                    "--definitions",
                    c->path, (int)name.length, name.text);
}

static hra_code copy_person(copying *c, hra_buffer *people, hra_error *error)
{
    size_t begin = hra_key_map_begin(people);
    for (;;) {
        hra_identifier name, text;
        int variable;
        HRA_TRY(hra_key_map_next_field(c->from, &c->walk, &name, &text, error));
        if (!name.text) break;
        HRA_TRY(variable_of(c, name, &variable, error));
        hra_key_map_field(people, variable, text.text, text.length);
    }
    hra_key_map_end(people, begin, c->walk.key);
    return HRA_OK;
}

static hra_code copy_others(copying *c, hra_key_map_writer *to, hra_buffer *people, hra_error *error)
{
    int64_t sequence = 0;
    for (bool any = true; any;) {
        HRA_TRY(hra_key_map_next(c->from, &c->walk, &any, error));
        if (any && !hra_forget_list_key(c->list, c->walk.key)) HRA_TRY(copy_person(c, people, error));
        if (people->length >= HANDED_ON || !any) HRA_TRY(hra_key_map_add(to, sequence++, people, error));
    }
    return HRA_OK;
}

static hra_code write_others(copying *c, const hra_identity *identity, hra_error *error)
{
    hra_key_map_writer *to;
    hra_buffer people = {0};
    HRA_TRY(hra_key_map_create(c->path, identity, c->dictionary, SORT_BYTES, &to, error));
    hra_code code = copy_others(c, to, &people, error);
    hra_buffer_destroy(&people);
    if (!code) return hra_key_map_finish(to, error);
    hra_key_map_abandon(to);
    return code;
}

hra_code hra_forget_in_key_map(const char *path, const hra_identity *identity, const hra_library *library,
                               hra_forget_list *list, bool dry, int64_t *removed, hra_error *error)
{
    copying c = {.path = path, .dictionary = hra_library_dictionary(library), .list = list};
    HRA_TRY(hra_key_map_open(path, identity, &c.from, error));
    hra_code code = count_leaving(&c, error);
    c.walk = (hra_key_map_walk){0};
    if (!code && c.removed > 0 && !dry) code = write_others(&c, identity, error);
    *removed = code ? 0 : c.removed;
    hra_key_map_close(c.from);
    return code;
}
