/* The groups of files without a group column: each is named after its file, and after the folders between it and the
 * folder that was given. What else was delivered makes no difference. */
#include "cli/run.h"

#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/shown_name.h"
#include "io/files/blake3.h"

/* Between folders and name: safe in names of files, sheets and links, which are made of names of groups. */
#define BETWEEN " - "

const char *hra_run_file_group(hra_arena *arena, const char *path, const char *folder)
{
    const char *group = hra_shown_stem(arena, path), *name = strrchr(path, '/');
    const char *below = folder ? path + strlen(folder) : name;
    while (below && *below == '/' && below < name) below++;
    if (!group || !name || !below || below >= name) return group;
    const char *between = hra_arena_text_n(arena, below, (size_t)(name - below));
    char *folders = between ? hra_arena_text(arena, hra_shown_path(arena, between)) : NULL, *slash;
    while (folders && (slash = strrchr(folders, '/'))) {
        group = hra_arena_printf(arena, "%s" BETWEEN "%s", slash + 1, group);
        *slash = '\0';
        if (!group) return NULL;
    }
    return folders ? hra_arena_printf(arena, "%s" BETWEEN "%s", folders, group) : NULL;
}

hra_code hra_run_command_groups(const char *const *paths, const char *const *groups, int count, hra_buffer *command,
                                hra_error *error)
{
    char content[HRA_BLAKE3_TEXT];
    bool differ = false;
    hra_arena *arena = hra_arena_new();
    hra_blake3 *hash = hra_blake3_new(hra_vector_level_choose());
    bool good = arena && hash;
    for (int i = 0; i < count && good; i++) {
        const char *stem = hra_shown_stem(arena, paths[i]);
        good = stem != NULL;
        differ |= good && strcmp(stem, groups[i]) != 0;
        if (good) hra_blake3_add(hash, groups[i], strlen(groups[i]) + 1);
    }
    if (good && differ) {
        hra_blake3_finish(hash, content);
        hra_buffer_printf(command, " --groups-of-folders %s", content);
    }
    hra_blake3_free(hash);
    hra_arena_free(arena);
    return good && !command->failed ? HRA_OK : hra_out_of_memory(error);
}

/* ---- files that would be one group by accident ---------------------------------------------------- */

/* What is known of an input whose name is that of its group. */
typedef struct named {
    bool counts; /* a checkup that is read, and has no other group */
    int other;   /* one of this group in another folder, -1: none */
} named;

static bool in_one_folder(hra_run_state *s, int a, int b)
{
    struct stat facts[2];
    for (int i = 0; i < 2; i++) {
        const char *path = s->inputs[i ? b : a], *name = strrchr(path, '/');
        const char *folder = name ? hra_arena_text_n(s->arena, path, (size_t)(name - path) + 1) : ".";
        if (!folder || stat(folder, &facts[i]) != 0) return false;
    }
    return facts[0].st_dev == facts[1].st_dev && facts[0].st_ino == facts[1].st_ino;
}

/* Files of one folder that have one name up to its first dot are of one sender: parts of one group. */
static hra_code find_others(hra_run_state *s, named *files, bool *any, hra_error *error)
{
    hra_map *groups = hra_map_new();
    hra_code code = groups ? HRA_OK : hra_out_of_memory(error);
    *any = false;
    for (int i = 0; i < s->input_count && code == HRA_OK; i++) {
        files[i].other = -1;
        if (!files[i].counts) continue;
        int first = (int)hra_map_get(groups, s->origins[i].group);
        if (first < 0 && hra_map_set(groups, s->origins[i].group, i) != 0) code = hra_out_of_memory(error);
        if (first < 0 || in_one_folder(s, first, i)) continue;
        files[i].other = first;
        files[first].other = i;
        *any = true;
    }
    for (int i = 0; i < s->input_count && code == HRA_OK && *any; i++) {
        if (!files[i].counts || files[i].other >= 0) continue;
        int first = (int)hra_map_get(groups, s->origins[i].group);
        if (first >= 0 && files[first].other >= 0) files[i].other = files[first].other;
    }
    hra_map_free(groups);
    return code;
}

/* By a column, a constant of its map, or its profile. What is wrong with the file is told by the stage that reads it.
 */
static hra_code has_own_group(hra_run_state *s, int input, bool *own, hra_error *error)
{
    const hra_hold *hold = s->checked.hold;
    hra_csv_options csv = {.require_id = true, .count_only = true, .guess_encoding = true};
    hra_source *source = NULL;
    hra_error why = {0};
    if (!hra_setup_csv_options(&s->options->input, &csv, error)) return error->code;
    if (hold) csv.deliveries = &hold->files[input].delivery;
    hra_code code = hra_csv_open(&s->inputs[input], 1, hra_library_dictionary(s->library), &csv, &source, &why);
    *own = source && hra_schema_find_label(source->schema, "group_id") >= 0;
    if (source) source->close(source);
    return code == HRA_ENOMEM || code == HRA_EINTERNAL ? hra_fail(error, code, "%s", why.message) : HRA_OK;
}

static hra_code find_reasons(hra_run_state *s, const hra_intake_words *words, const char **reasons, hra_error *error)
{
    const hra_hold *hold = s->checked.hold;
    bool any;
    named *files = hra_arena_alloc(s->arena, ((size_t)s->input_count + 1) * sizeof *files);
    if (!files) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++)
        files[i].counts =
            hra_run_kind_of(s, i) == HRA_JOIN_CHECKUP && !hra_is_store(s->inputs[i]) && !(hold && hold->files[i].held);
    HRA_TRY(find_others(s, files, &any, error));
    for (int i = 0; i < s->input_count && any; i++) {
        bool own = false;
        if (files[i].other >= 0) HRA_TRY(has_own_group(s, i, &own, error));
        files[i].counts &= !own;
    }
    if (any) HRA_TRY(find_others(s, files, &any, error));
    for (int i = 0; i < s->input_count && any; i++) {
        if (files[i].other < 0) continue;
        reasons[i] = hra_arena_printf(
            s->arena,
            hra_say(words, "its people would be one group with those of %s, which has the same name in another folder: "
                           "rename one of the two, or write the group of each into its profile (group: NAME)"),
            hra_shown_path(s->arena, s->inputs[files[i].other]));
        if (!reasons[i]) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_run_hold_one_group(hra_run_state *s, hra_error *error) { return hra_run_hold_by(s, find_reasons, error); }
