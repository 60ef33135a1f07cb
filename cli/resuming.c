#include "cli/resuming.h"

#include <string.h>
#include <sys/stat.h>

#include "base/shown_name.h"
#include "io/files/blake3.h"
#include "io/files/file_hash.h"

static void add_option(hra_buffer *text, const char *name, const char *value)
{
    if (value) hra_buffer_printf(text, " --%s %s", name, value);
}

hra_code hra_import_command(const char *command, const hra_input_options *input, const char *duplicates,
                            hra_buffer *text, hra_error *error)
{
    char map_hash[65];
    hra_buffer_text(text, command);
    if (input->map) {
        HRA_TRY(hra_file_hash_before(input->map, map_hash, error)); /* stands in stores of every version */
        add_option(text, "map", map_hash);                          /* its content counts, not its name */
    }
    add_option(text, "units", input->units);
    add_option(text, "encoding", input->encoding);
    add_option(text, "delimiter", input->delimiter);
    if (input->header_row) hra_buffer_printf(text, " --header-row %d", input->header_row);
    add_option(text, "issuer", input->issuer);
    add_option(text, "duplicates", duplicates);
    return text->failed ? hra_out_of_memory(error) : HRA_OK;
}

/* Of the profiles of all files in their order: the content counts, not the names. */
static hra_code add_profiles(hra_blake3 *hash, const hra_delivery *deliveries, int count, bool *any, hra_error *error)
{
    char content[HRA_FILE_HASH_TEXT];
    const char *last = NULL; /* files of one source follow each other */
    for (int i = 0; i < count; i++) {
        const char *profile = deliveries[i].map_file;
        if (profile && profile != last) HRA_TRY(hra_file_hash(profile, content, error));
        hra_blake3_add(hash, profile ? content : "-", profile ? sizeof content : sizeof "-");
        if (profile) last = profile;
        *any |= profile != NULL;
    }
    return HRA_OK;
}

hra_code hra_import_command_profiles(const hra_delivery *deliveries, int count, hra_buffer *text, hra_error *error)
{
    char content[HRA_BLAKE3_TEXT];
    bool any = false;
    hra_blake3 *hash = deliveries ? hra_blake3_new(hra_vector_level_choose()) : NULL;
    if (deliveries && !hash) return hra_out_of_memory(error);
    hra_code code = deliveries ? add_profiles(hash, deliveries, count, &any, error) : HRA_OK;
    if (code == HRA_OK && any) {
        hra_blake3_finish(hash, content);
        add_option(text, "profiles", content);
    }
    hra_blake3_free(hash);
    return code == HRA_OK && text->failed ? hra_out_of_memory(error) : code;
}

/* The name names the group. */
static hra_code same_name(const hra_import_request *q, int file, const char *name, bool *same, hra_error *error)
{
    hra_arena *arena = hra_arena_new();
    const char *now = q->names ? q->names[file] : arena ? hra_shown_name(arena, q->paths[file]) : NULL;
    *same = *same && now && strcmp(now, name) == 0;
    hra_arena_free(arena);
    return now ? HRA_OK : hra_out_of_memory(error);
}

static hra_code same_files(const hra_import_request *q, const hra_store_about *about, bool *same, hra_error *error)
{
    *same = about->file_count == q->path_count && about->file_hashes;
    for (int i = 0; i < q->path_count && *same; i++) {
        HRA_TRY(hra_file_hash_fits(q->paths[i], about->file_hashes[i], same, error));
        HRA_TRY(same_name(q, i, about->files[i], same, error));
    }
    return HRA_OK;
}

static hra_code same_key(const char *path, const char *fingerprint, bool *same, hra_error *error)
{
    hra_identity *identity = NULL;
    if (path) HRA_TRY(hra_identity_load(path, &identity, error));
    *same = strcmp(identity ? hra_identity_fingerprint(identity) : "", fingerprint) == 0;
    hra_identity_free(identity);
    return HRA_OK;
}

hra_code hra_import_done(const hra_import_request *q, bool *done, hra_run_facts *rows, hra_error *error)
{
    struct stat facts;
    hra_source *store = NULL;
    *done = false;
    if (stat(q->store, &facts) != 0) return HRA_OK;
    if (hra_store_open(q->store, hra_library_dictionary(q->library), &store, NULL) != HRA_OK)
        return HRA_OK; /* it is of no use: import again */
    const hra_store_about *about = hra_store_describe(store);
    bool same = about->rows_rejected >= 0 && strcmp(about->command, q->command) == 0 &&
                strcmp(about->engine_version, HRA_VERSION) == 0 &&
                strcmp(about->definitions_hash, hra_library_hash(q->library)) == 0;
    hra_code code = HRA_OK;
    if (same) code = same_key(q->input->key, about->key_fingerprint, &same, error);
    if (code == HRA_OK && same) code = same_files(q, about, &same, error);
    *done = code == HRA_OK && same;
    if (*done) *rows = (hra_run_facts){.rows_scored = store->rows, .rows_rejected = about->rows_rejected};
    store->close(store);
    return code;
}
