/* Headers against the headers that a profile knows: the signature, and readable differences. */
#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "intake/profiles/profile_set.h"

const char *hra_profile_key(hra_arena *arena, const char *name)
{
    char key[HRA_HEADER_TEXT];
    return hra_arena_text(arena, hra_header_key(name, key) ? key : "");
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

void hra_profile_signature(const char *const *keys, int count, bool any_order, hra_buffer *out)
{
    const char **sorted = malloc(sizeof *sorted * ((size_t)count + 1));
    hra_buffer_clear(out);
    if (!sorted) out->failed = true;
    for (int i = 0; sorted && i < count; i++) sorted[i] = keys[i];
    if (sorted && any_order) qsort(sorted, (size_t)count, sizeof *sorted, by_name);
    hra_buffer_text(out, any_order ? "any order\x1f" : "");
    for (int i = 0; sorted && i < count; i++) {
        hra_buffer_text(out, sorted[i]);
        hra_buffer_char(out, '\x1f');
    }
    free(sorted);
}

/* ---- comparing ----------------------------------------------------------------------------- */

/* Two headers side by side: for each column the place of its partner on the other side, -1: none. The n-th column of a
 * name is the partner of the n-th one. */
typedef struct sides {
    const hra_intake_words *words;
    const hra_profile_form *form;
    const char *const *names;
    const char **keys;
    int count;
    int *old_to_new, *new_to_old;
    hra_arena *arena;
} sides;

static bool pair_columns(sides *s)
{
    hra_map *places = hra_map_new(); /* "name" + number -> new column */
    hra_map *seen = hra_map_new();
    bool good = places && seen;
    for (int side = 0; side < 2 && good; side++) {
        int n = side == 0 ? s->count : s->form->count;
        for (int i = 0; i < n && good; i++) {
            const char *key = side == 0 ? s->keys[i] : s->form->keys[i];
            const char *counter = hra_arena_printf(s->arena, "%d%s", side, key);
            int64_t before = counter ? hra_map_get(seen, counter) : -1;
            const char *place = hra_arena_printf(s->arena, "%lld %s", (long long)(before + 1), key);
            good = counter && place && hra_map_set(seen, counter, before + 1) == 0;
            if (!good) break;
            if (side == 0) {
                s->new_to_old[i] = -1;
                good = hra_map_set(places, place, i) == 0;
                continue;
            }
            s->old_to_new[i] = (int)hra_map_get(places, place);
            if (s->old_to_new[i] >= 0) s->new_to_old[s->old_to_new[i]] = i;
        }
    }
    hra_map_free(places);
    hra_map_free(seen);
    return good;
}

static bool open_sides(sides *s)
{
    s->arena = hra_arena_new();
    if (!s->arena) return false;
    size_t old = (size_t)s->form->count + 1, new = (size_t)s->count + 1;
    s->keys = hra_arena_alloc(s->arena, new * sizeof *s->keys);
    s->old_to_new = hra_arena_alloc(s->arena, old * sizeof *s->old_to_new);
    s->new_to_old = hra_arena_alloc(s->arena, new * sizeof *s->new_to_old);
    bool good = s->keys && s->old_to_new && s->new_to_old;
    for (int i = 0; good && i < s->count; i++) good = (s->keys[i] = hra_profile_key(s->arena, s->names[i])) != NULL;
    return good && pair_columns(s);
}

/* A column that stands where one is gone took its place. */
static bool is_renamed(const sides *s, int old)
{
    return s->old_to_new[old] < 0 && old < s->count && s->new_to_old[old] < 0;
}

static int count_differences(const sides *s)
{
    int differences = 0;
    for (int i = 0; i < s->form->count; i++) differences += s->old_to_new[i] < 0;
    for (int i = 0; i < s->count; i++) differences += s->new_to_old[i] < 0 && !(i < s->form->count && is_renamed(s, i));
    return differences;
}

static void print_name(const char *name, hra_buffer *out)
{
    hra_buffer_char(out, '\'');
    size_t start = out->length;
    hra_buffer_text(out, name);
    if (!out->failed) hra_plain_text(out->bytes + start);
    if (!out->failed) hra_mask_long_numbers(out->bytes + start); /* it may be no header at all */
    hra_buffer_char(out, '\'');
}

static void print_list(const sides *s, const char *title, bool old, hra_buffer *out)
{
    enum { MOST = 12 };
    int n = old ? s->form->count : s->count, found = 0;
    for (int i = 0; i < n; i++) {
        bool listed = old ? s->old_to_new[i] < 0 && !is_renamed(s, i)
                          : s->new_to_old[i] < 0 && !(i < s->form->count && is_renamed(s, i));
        if (!listed || ++found > MOST) continue;
        hra_buffer_text(out, found == 1 ? hra_say(s->words, title) : ", ");
        print_name(old ? s->form->names[i] : s->names[i], out);
    }
    if (found > MOST) hra_buffer_printf(out, hra_say(s->words, " and %d more"), found - MOST);
    if (found) hra_buffer_char(out, '\n');
}

/* Where hardly a name is known there may be no header, and a person stands in its place: no names are shown. */
static bool is_no_header(const sides *s)
{
    int known = 0, fewer = s->count < s->form->count ? s->count : s->form->count;
    for (int i = 0; i < s->count; i++) known += s->new_to_old[i] >= 0;
    return known * 2 < fewer;
}

static void print_differences(const sides *s, bool any_order, hra_buffer *out)
{
    if (is_no_header(s)) {
        hra_buffer_printf(
            out, hra_say(s->words, "hardly one of its %d columns is among the %d of the profile: is there a header?\n"),
            s->count, s->form->count);
        return;
    }
    for (int i = 0; i < s->form->count; i++) {
        if (!is_renamed(s, i)) continue;
        hra_buffer_printf(out, hra_say(s->words, "column %d "), i + 1);
        print_name(s->form->names[i], out);
        hra_buffer_text(out, hra_say(s->words, " is now "));
        print_name(s->names[i], out);
        hra_buffer_char(out, '\n');
    }
    print_list(s, "new: ", false, out);
    print_list(s, "gone: ", true, out);
    int highest = -1; /* columns that stay keep their order, unless some moved */
    for (int i = 0; i < s->count && !any_order; i++) {
        int old = s->new_to_old[i];
        if (old > highest) highest = old;
        if (old < 0 || old == highest) continue;
        hra_buffer_text(out, hra_say(s->words, "moved: "));
        print_name(s->names[i], out);
        hra_buffer_printf(out, hra_say(s->words, " from column %d to %d\n"), old + 1, i + 1);
    }
}

bool hra_profile_compare(const hra_profile *profile, const char *const *names, int count, hra_buffer *out)
{
    sides best = {0};
    int fewest = -1;
    bool good = true;
    for (int f = 0; f < profile->form_count && good; f++) {
        sides s = {.words = profile->words, .form = &profile->forms[f], .names = names, .count = count};
        good = open_sides(&s);
        int differences = good ? count_differences(&s) : 0;
        if (good && (fewest < 0 || differences < fewest)) {
            hra_arena_free(best.arena);
            best = s;
            fewest = differences;
        } else {
            hra_arena_free(s.arena);
        }
    }
    if (good && fewest >= 0) print_differences(&best, profile->any_order, out);
    hra_arena_free(best.arena);
    return good && !out->failed;
}
