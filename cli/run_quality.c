/* Quality reports of a run, one per source. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "cli/quality_step.h"
#include "cli/run.h"
#include "io/people/population_store.h"

static bool has_files(const hra_run_state *s)
{
    for (int i = 0; i < s->input_count; i++)
        if (!hra_is_store(s->inputs[i])) return true;
    return false;
}

hra_code hra_run_quality(hra_run_state *s, const bool *checkups, hra_quality **quality, hra_error *error)
{
    *quality = NULL;
    const hra_run_request *o = s->options;
    if (o->no_quality && (o->history || o->quality_policy))
        return hra_fail(error, HRA_EUSAGE,
                        "--history and --policy are for the quality reports that --no-quality omits");
    if (o->no_quality || !has_files(s)) return HRA_OK;
    double start = hra_seconds();
    const char **names = hra_arena_alloc(s->arena, ((size_t)s->input_count + 1) * sizeof *names);
    if (!names) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++) names[i] = s->origins[i].name;
    hra_quality_step step = {.input = &o->input,
                             .paths = s->inputs,
                             .names = names,
                             .checkups = checkups,
                             .path_count = s->input_count,
                             .library = s->library,
                             .policy = o->quality_policy,
                             .history = o->history,
                             .folder = hra_run_path(s, "quality"),
                             .language = o->language,
                             .as_of = s->request.as_of,
                             .threads = s->scoring.threads,
                             .quiet = o->quiet};
    if (!step.folder) return hra_out_of_memory(error);
    HRA_TRY(hra_quality_step_run(&step, &s->checked, quality, error));
    hra_run_report_stage(&s->report, "quality", hra_seconds() - start);
    if ((*quality)->warnings == 0 && (*quality)->held == 0) return HRA_OK;
    return hra_run_tell_quality(s, (*quality)->warnings, (*quality)->providers, error);
}

/* NAME.csv and NAME.json, or what a stop has left of them, and then NAME.html, by which they are found. A page alone is
 * somebody else's and stays. */
static bool remove_report(int folder, const char *page)
{
    static const char *const endings[] = {"csv", "json"};
    char name[NAME_MAX + 2];
    int stem = (int)(strlen(page) - strlen("html")), removed = 0;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%.*s%s", stem, page, endings[i]);
        if (unlinkat(folder, name, 0) == 0)
            removed++;
        else if (errno != ENOENT)
            return false;
    }
    return removed == 0 || unlinkat(folder, page, 0) == 0;
}

static hra_code remove_reports(const char *folder, hra_error *error)
{
    DIR *entries = opendir(folder);
    hra_code code = HRA_OK;
    for (struct dirent *entry; code == HRA_OK && entries && (entry = readdir(entries));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot && strcmp(dot, ".html") == 0 && !remove_report(dirfd(entries), entry->d_name))
            code = hra_fail(error, HRA_EIO, "cannot remove %s/%s of an earlier run: %m", folder, entry->d_name);
    }
    if (entries) closedir(entries);
    return code;
}

/* Sources of an earlier run into this folder would otherwise be listed as sources of this one. */
hra_code hra_run_quality_save(hra_run_state *s, const hra_quality *quality, hra_error *error)
{
    const char *folder = hra_run_output(s, "quality");
    if (!folder) return hra_out_of_memory(error);
    HRA_TRY(remove_reports(folder, error));
    return hra_quality_save(quality, error);
}
