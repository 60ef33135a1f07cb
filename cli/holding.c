#include "cli/holding.h"

#include <stdlib.h>

hra_code hra_checked_inputs_verdict(const hra_checked_inputs *inputs, hra_error *error)
{
    if (!inputs->hold || inputs->hold->held_count == 0) return HRA_OK;
    int held = inputs->hold->held_count, all = inputs->hold->file_count;
    return hra_fail(error, HRA_EHELD,
                    "%d of %d file%s held: see the reason%s, correct the file or confirm its profile, then read %s",
                    held, all, all == 1 ? " is" : "s are", held == 1 ? "" : "s", held == 1 ? "it" : "them");
}

/* Files that are not held, each with its manner. */
static hra_code list_taken(hra_checked_inputs *out, hra_error *error)
{
    size_t n = (size_t)out->hold->file_count + 1;
    if (!out->paths) out->paths = calloc(n, sizeof *out->paths);
    if (!out->deliveries) out->deliveries = calloc(n, sizeof *out->deliveries);
    if (!out->paths || !out->deliveries) return hra_out_of_memory(error);
    out->count = 0;
    for (int i = 0; i < out->hold->file_count; i++) {
        const hra_hold_file *file = &out->hold->files[i];
        if (file->held) continue;
        out->paths[out->count] = file->path;
        out->deliveries[out->count++] = file->delivery;
    }
    return HRA_OK;
}

static hra_code check(const hra_input_options *options, const char *const *paths, int path_count,
                      const hra_library *library, int threads, hra_checked_inputs *out, hra_error *error)
{
    if (options->map || options->units)
        return hra_fail(error, HRA_EUSAGE, "--map and --units say what profiles say: give either them or --profiles");
    HRA_TRY(hra_profiles_load(options->profiles, &out->profiles, error));
    if (options->language) HRA_TRY(hra_profiles_speak(out->profiles, options->language, error));
    HRA_TRY(
        hra_hold_check(paths, path_count, out->profiles, hra_library_dictionary(library), threads, &out->hold, error));
    return list_taken(out, error);
}

hra_code hra_checked_inputs_open(const hra_input_options *options, const char *const *paths, int path_count,
                                 const hra_library *library, int threads, hra_checked_inputs *out, hra_error *error)
{
    *out = (hra_checked_inputs){0};
    hra_code code = check(options, paths, path_count, library, threads, out, error);
    if (code != HRA_OK) hra_checked_inputs_close(out);
    return code;
}

hra_code hra_checked_inputs_hold(hra_checked_inputs *inputs, const char *const *paths, int path_count,
                                 const char *const *reasons, hra_error *error)
{
    bool any = false;
    for (int i = 0; i < path_count; i++) any |= reasons[i] != NULL;
    if (!any) return HRA_OK;
    if (!inputs->hold) HRA_TRY(hra_hold_none(paths, path_count, &inputs->hold, error));
    for (int i = 0; i < path_count; i++)
        if (reasons[i]) HRA_TRY(hra_hold_add(inputs->hold, i, reasons[i], error));
    return list_taken(inputs, error);
}

hra_code hra_checked_inputs_take(hra_checked_inputs *inputs, const bool *taken, hra_error *error)
{
    for (int i = 0; i < inputs->hold->file_count; i++)
        if (taken[i]) hra_hold_take(inputs->hold, i);
    return list_taken(inputs, error);
}

void hra_checked_inputs_close(hra_checked_inputs *inputs)
{
    hra_hold_free(inputs->hold);
    hra_profiles_free(inputs->profiles);
    free(inputs->paths);
    free(inputs->deliveries);
    *inputs = (hra_checked_inputs){0};
}
