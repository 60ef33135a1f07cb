#include "report/branch/branch_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/folder.h"
#include "base/map.h"
#include "base/safe_name.h"

const char *const hra_branch_lists[HRA_BRANCH_LISTS] = {"urgent",         "care/follow_up",    "rosters",
                                                        "register",       "register_changes",  "care/monitoring",
                                                        "care/reminders", "care/log_template", "care/satisfaction"};

struct hra_branch_book {
    hra_arena *arena;
    const char *root;
    hra_map *names, *folders; /* folders: in small letters, as some systems see them */
    hra_branch *branches;
    int count, capacity;
};

hra_code hra_branch_book_new(const char *root, hra_branch_book **out, hra_error *error)
{
    hra_branch_book *b = calloc(1, sizeof *b);
    if (!b) return hra_out_of_memory(error);
    b->arena = hra_arena_new();
    b->names = hra_map_new();
    b->folders = hra_map_new();
    if (b->arena && b->names && b->folders && (b->root = hra_arena_text(b->arena, root))) {
        *out = b;
        return HRA_OK;
    }
    hra_branch_book_free(b);
    return hra_out_of_memory(error);
}

void hra_branch_book_free(hra_branch_book *b)
{
    if (!b) return;
    hra_map_free(b->names);
    hra_map_free(b->folders);
    hra_arena_free(b->arena);
    free(b->branches);
    free(b);
}

static void small_letters(const char *text, char *out)
{
    size_t i = 0;
    for (; text[i]; i++) out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    out[i] = '\0';
}

/* A folder that no other branch has. */
static hra_code choose_folder(hra_branch_book *b, const char *name, const char **out, hra_error *error)
{
    char safe[HRA_SAFE_NAME], folder[HRA_SAFE_NAME + 16], small[HRA_SAFE_NAME + 16];
    hra_safe_name(*name ? name : "no-branch", safe);
    snprintf(folder, sizeof folder, "%s", safe);
    small_letters(folder, small);
    for (int i = 2; hra_map_get(b->folders, small) >= 0; i++) {
        snprintf(folder, sizeof folder, "%s-%d", safe, i);
        small_letters(folder, small);
    }
    *out = hra_arena_text(b->arena, folder);
    if (!*out || hra_map_set(b->folders, small, b->count) != 0) return hra_out_of_memory(error);
    return HRA_OK;
}

hra_code hra_branch_book_find(hra_branch_book *b, const char *name, int *branch, hra_error *error)
{
    int64_t known = hra_map_get(b->names, name);
    *branch = (int)known;
    if (known >= 0) return HRA_OK;
    if (b->count == b->capacity) {
        int capacity = b->capacity ? 2 * b->capacity : 32;
        hra_branch *branches = realloc(b->branches, (size_t)capacity * sizeof *branches);
        if (!branches) return hra_out_of_memory(error);
        b->branches = branches;
        b->capacity = capacity;
    }
    hra_branch *new = &b->branches[b->count];
    *new = (hra_branch){.name = hra_arena_text(b->arena, name)};
    if (!new->name || hra_map_set(b->names, name, b->count) != 0) return hra_out_of_memory(error);
    HRA_TRY(choose_folder(b, name, &new->folder, error));
    *branch = b->count++;
    char path[4096];
    return hra_branch_path(b, *branch, NULL, "", path, sizeof path, error);
}

int hra_branch_book_count(const hra_branch_book *b) { return b->count; }
hra_branch *hra_branch_book_at(hra_branch_book *b, int branch) { return &b->branches[branch]; }

hra_code hra_branch_path(const hra_branch_book *b, int branch, const char *folder, const char *name, char *out,
                         size_t size, hra_error *error)
{
    static const char too_long[] = "the name of the folder is too long";
    const char *own = b->branches[branch].folder;
    if (snprintf(out, size, "%s/%s", b->root, own) >= (int)size) return hra_fail(error, HRA_EUSAGE, too_long);
    HRA_TRY(hra_folder_make(out, error));
    if (folder) {
        if (snprintf(out, size, "%s/%s/%s", b->root, own, folder) >= (int)size)
            return hra_fail(error, HRA_EUSAGE, too_long);
        HRA_TRY(hra_folder_make(out, error));
    }
    size_t length = strlen(out);
    if (*name && snprintf(out + length, size - length, "/%s", name) >= (int)(size - length))
        return hra_fail(error, HRA_EUSAGE, too_long);
    return HRA_OK;
}
