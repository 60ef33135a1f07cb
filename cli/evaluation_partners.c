#include "cli/evaluation_partners.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "io/identity/identity.h"

static hra_code no_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "not enough memory"); }

hra_code hra_partners_ask(hra_join_tables *t, const char *id, hra_error *error)
{
    if (!id) id = "person_id";
    const char *equals = strchr(id, '=');
    char *first = strndup(id, equals ? (size_t)(equals - id) : strlen(id));
    hra_code code = first ? hra_number_table_require(t->risks, first, &t->risks_id, error) : no_memory(error);
    if (!code) code = hra_number_table_require(t->outcomes, equals ? equals + 1 : id, &t->outcomes_id, error);
    free(first);
    HRA_TRY(code);
    hra_number_table_ask_texts(t->risks, t->risks_id);
    hra_number_table_ask_texts(t->outcomes, t->outcomes_id);
    return HRA_OK;
}

static hra_code refuse_twice(const hra_number_table *table, int column, const char *path, int64_t row, int64_t other,
                             hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: rows %lld and %lld have the same '%s': one row per person is needed", path,
                    (long long)row + 1, (long long)other + 1, hra_number_table_name(table, column));
}

/* The row of each text of a column, -1 for the empty one. */
static hra_code find_rows(const hra_number_table *table, int column, const char *path, int64_t **out, hra_error *error)
{
    const int32_t *texts = hra_number_table_texts(table, column);
    int32_t count = hra_number_table_text_count(table, column);
    int64_t *rows = *out = malloc(((size_t)count + 1) * sizeof *rows);
    if (!rows) return no_memory(error);
    for (int32_t i = 0; i < count; i++) rows[i] = -1;
    for (int64_t r = 0; r < hra_number_table_rows(table); r++) {
        if (!*hra_number_table_text(table, column, texts[r])) continue;
        if (rows[texts[r]] >= 0) return refuse_twice(table, column, path, rows[texts[r]], r, error);
        rows[texts[r]] = r;
    }
    return HRA_OK;
}

/* Rows of the outcomes by identifier as the risks have it. Identifiers that differ only in spelling have one hash. */
static hra_code map_rows(const hra_join_tables *t, const int64_t *rows, const hra_identity *identity, hra_map *map,
                         hra_error *error)
{
    for (int32_t i = 0; i < hra_number_table_text_count(t->outcomes, t->outcomes_id); i++) {
        const char *text = hra_number_table_text(t->outcomes, t->outcomes_id, i);
        char hash[HRA_KEY_TEXT];
        if (rows[i] < 0) continue;
        if (identity) {
            hra_identity_hash(identity, t->issuer ? t->issuer : "", text, strlen(text), hash);
            text = hash;
        }
        int64_t other = hra_map_get(map, text);
        if (other >= 0) return refuse_twice(t->outcomes, t->outcomes_id, t->outcomes_path, other, rows[i], error);
        if (hra_map_set(map, text, rows[i]) != 0) return no_memory(error);
    }
    return HRA_OK;
}

static hra_code map_outcomes(const hra_join_tables *t, const int64_t *rows, hra_map *map, hra_error *error)
{
    hra_identity *identity = NULL;
    if (t->key) HRA_TRY(hra_identity_load(t->key, &identity, error));
    hra_code code = map_rows(t, rows, identity, map, error);
    hra_identity_free(identity);
    return code;
}

static hra_code match(const hra_join_tables *t, const hra_map *map, hra_arena *arena, hra_partners *out,
                      hra_error *error)
{
    int64_t rows = hra_number_table_rows(t->risks), matched = 0;
    const int32_t *texts = hra_number_table_texts(t->risks, t->risks_id);
    int64_t *partner = hra_arena_take(arena, (size_t)(rows + 1) * sizeof *partner);
    if (!partner) return no_memory(error);
    for (int64_t r = 0; r < rows; r++) {
        partner[r] = hra_map_get(map, hra_number_table_text(t->risks, t->risks_id, texts[r]));
        matched += partner[r] >= 0;
    }
    *out = (hra_partners){partner, rows - matched, hra_number_table_rows(t->outcomes) - matched};
    if (matched > 0) return HRA_OK;
    return hra_fail(
        error, HRA_EINPUT, "no '%s' of %s is among those of '%s' in %s%s", hra_number_table_name(t->risks, t->risks_id),
        t->risks_path, hra_number_table_name(t->outcomes, t->outcomes_id), t->outcomes_path,
        t->key ? ", hashed with this key and issuer" : "; if those of the risks are hashed, give the key with --key");
}

hra_code hra_partners_find(const hra_join_tables *t, hra_arena *arena, hra_partners *out, hra_error *error)
{
    int64_t *risks = NULL, *outcomes = NULL;
    hra_map *map = hra_map_new();
    hra_code code = map ? find_rows(t->risks, t->risks_id, t->risks_path, &risks, error) : no_memory(error);
    if (!code) code = find_rows(t->outcomes, t->outcomes_id, t->outcomes_path, &outcomes, error);
    if (!code) code = map_outcomes(t, outcomes, map, error);
    if (!code) code = match(t, map, arena, out, error);
    free(risks);
    free(outcomes);
    hra_map_free(map);
    return code;
}
