/* What stands on record of a run (run.json), so that it can be made again from its store after people were deleted
 * (hra forget): everything that was asked for, but how deliveries were read. */
#include <stdlib.h>

#include "cli/run.h"

enum { MOST_WORDS = 512 }; /* three lists of 64 with two words an entry, and the rest */

typedef struct again {
    hra_arena *arena;
    const char **words;
    int count;
    bool failed; /* out of memory */
} again;

static void put_flag(again *a, const char *name, bool asked)
{
    if (asked) a->words[a->count++] = name;
}

static void put_text(again *a, const char *name, const char *value)
{
    if (!value) return;
    a->words[a->count++] = name;
    a->words[a->count++] = value;
}

/* As it is found from any folder; one that is gone stays as it was given. */
static const char *absolute(again *a, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real ? hra_arena_text(a->arena, real) : path;
    free(real);
    a->failed |= !copy;
    return copy;
}

static void put_path(again *a, const char *name, const char *path)
{
    if (path) put_text(a, name, absolute(a, path));
}

static void put_paths(again *a, const char *name, const hra_texts *paths)
{
    for (int i = 0; i < paths->count; i++) put_path(a, name, paths->items[i]);
}

static void put_content(again *a, const hra_run_request *o)
{
    put_text(a, "--panel", o->panel);
    put_paths(a, "--definitions", &o->definitions);
    put_text(a, "--language", o->language);
    put_text(a, "--as-of", o->as_of);
    put_flag(a, "--ideal", o->ideal);
    put_flag(a, "--risk-age", o->risk_age);
    put_text(a, "--outside-range", o->range);
    put_text(a, "--consent", o->consent);
    put_path(a, "--previous", o->previous);
    put_paths(a, "--earlier", &o->earlier);
    put_paths(a, "--signoffs", &o->signoffs);
    put_flag(a, "--approved-only", o->approved_only);
    put_flag(a, "--no-details", o->no_details);
    put_flag(a, "--gzip-details", o->gzip_details);
    put_flag(a, "--no-pages", o->no_pages);
}

static void put_groups(again *a, const hra_run_request *o)
{
    put_path(a, "--group-policy", o->group_policy);
    put_path(a, "--standard", o->standard);
    put_path(a, "--previous-groups", o->last_year);
    put_path(a, "--earlier-edition", o->earlier_edition);
    put_path(a, "--participation", o->participation);
    put_path(a, "--lecture-list", o->lecture_list);
    if (o->lectures == 0) return;
    const char *lectures = hra_arena_printf(a->arena, "%d", o->lectures);
    a->failed |= !lectures;
    put_text(a, "--lectures", lectures);
}

/* With the names that their people get. */
static void put_branches(again *a, const hra_run_request *o)
{
    if (!o->branches && !o->branch_pdf && !o->branch_keys) return;
    put_flag(a, "--branches", o->branches);
    put_flag(a, "--branch-pdf", o->branch_pdf);
    put_path(a, "--encrypt-to", o->branch_keys);
    if (!o->key_map) return;
    put_path(a, "--key-map", o->key_map);
    put_path(a, "--key", o->input.key);
}

hra_code hra_run_record_again(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const char *own = hra_run_path(s, "population.h5"), *given = hra_run_store(s);
    again a = {.arena = s->arena, .words = hra_arena_alloc(s->arena, MOST_WORDS * sizeof *a.words)};
    if (!own || !a.words) return hra_out_of_memory(error);
    put_content(&a, o);
    put_groups(&a, o);
    put_branches(&a, o);
    const char *store = given ? absolute(&a, given) : NULL;
    const char *ours = store ? absolute(&a, own) : NULL;
    if (a.failed) return hra_out_of_memory(error);
    s->report.again = (hra_run_again){.store = store && strcmp(store, ours) != 0 ? store : NULL,
                                      .with_register = o->register_path != NULL,
                                      .options = a.words,
                                      .option_count = a.count};
    return HRA_OK;
}
