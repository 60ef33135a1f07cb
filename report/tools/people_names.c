#include "report/tools/people_names.h"

#include <sodium.h>
#include <stdlib.h>

const char *const hra_people_fields[HRA_PEOPLE_FIELDS] = {HRA_KEY_MAP_IDENTIFIER, "name", "phone"};

struct hra_people_names {
    hra_identity *identity;
    hra_key_map *map;
    hra_buffer text;
};

hra_code hra_people_names_open(const char *map, const char *key, hra_people_names **out, hra_error *error)
{
    if (!key) return hra_fail(error, HRA_EUSAGE, "names are encrypted: give the key with --key FILE");
    hra_people_names *n = calloc(1, sizeof *n);
    if (!n) return hra_out_of_memory(error);
    hra_code code = hra_identity_load(key, &n->identity, error);
    if (!code) code = hra_key_map_open(map, n->identity, &n->map, error);
    if (code)
        hra_people_names_close(n);
    else
        *out = n;
    return code;
}

void hra_people_names_close(hra_people_names *n)
{
    if (!n) return;
    if (n->map) hra_key_map_close(n->map);
    if (n->identity) hra_identity_free(n->identity);
    if (n->text.bytes) sodium_memzero(n->text.bytes, n->text.capacity);
    hra_buffer_destroy(&n->text);
    free(n);
}

hra_key_map *hra_people_names_map(hra_people_names *n) { return n->map; }

hra_code hra_people_names_find(hra_people_names *n, const char *person, const char *texts[HRA_PEOPLE_FIELDS],
                               hra_error *error)
{
    size_t start[HRA_PEOPLE_FIELDS];
    hra_buffer_clear(&n->text);
    for (int i = 0; i < HRA_PEOPLE_FIELDS; i++) {
        const char *text;
        HRA_TRY(hra_key_map_find(n->map, person, hra_people_fields[i], &text, error));
        start[i] = n->text.length;
        if (text) hra_buffer_text(&n->text, text);
        hra_buffer_char(&n->text, '\0');
    }
    if (n->text.failed) return hra_out_of_memory(error);
    for (int i = 0; i < HRA_PEOPLE_FIELDS; i++) texts[i] = n->text.bytes + start[i];
    return HRA_OK;
}
