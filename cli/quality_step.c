#include "cli/quality_step.h"

#include <stdlib.h>

#include "cli/progress.h"
#include "io/people/population_store.h"

typedef struct inputs {
    hra_quality_input *items;
    int *places; /* of each item among the paths */
    const char **reasons;
    int count;
} inputs;

static hra_quality_input describe(const hra_quality_step *step, const hra_checked_inputs *checked, int i)
{
    const hra_hold_file *file = checked->hold ? &checked->hold->files[i] : NULL;
    hra_quality_input input = {.path = step->paths[i], .checkup = step->checkups ? step->checkups[i] : true};
    if (step->names) input.name = step->names[i];
    if (!file) return input;
    if (file->profile) {
        input.provider = file->profile->provider ? file->profile->provider : file->profile->name;
        if (!step->checkups) input.checkup = file->profile->kind == HRA_PROFILE_CHECKUP;
    }
    input.delivery = &file->delivery;
    input.held = file->held ? file->reason : NULL;
    return input;
}

static hra_code list_inputs(const hra_quality_step *step, const hra_checked_inputs *checked, inputs *in,
                            hra_error *error)
{
    size_t n = (size_t)step->path_count + 1;
    in->items = calloc(n, sizeof *in->items);
    in->places = calloc(n, sizeof *in->places);
    in->reasons = calloc(n, sizeof *in->reasons);
    if (!in->items || !in->places || !in->reasons) return hra_out_of_memory(error);
    for (int i = 0; i < step->path_count; i++) {
        if (hra_is_store(step->paths[i])) continue;
        in->places[in->count] = i;
        in->items[in->count++] = describe(step, checked, i);
    }
    return HRA_OK;
}

static hra_code report(const hra_quality_step *step, hra_checked_inputs *checked, inputs *in, hra_quality **out,
                       hra_error *error)
{
    hra_csv_options csv = {0};
    hra_progress_bar bar = hra_progress_bar_start("quality", step->quiet);
    HRA_TRY(list_inputs(step, checked, in, error));
    if (!hra_setup_csv_options(step->input, &csv, error)) return error->code;
    hra_quality_request request = {.inputs = in->items,
                                   .input_count = in->count,
                                   .dictionary = hra_library_dictionary(step->library),
                                   .csv = &csv,
                                   .policy = step->policy,
                                   .history = step->history,
                                   .folder = step->folder,
                                   .language = step->language,
                                   .as_of = step->as_of,
                                   .threads = step->threads,
                                   .stop = &hra_setup_stop,
                                   .progress = hra_progress_bar_show,
                                   .progress_context = &bar};
    hra_code code = hra_quality_report(&request, out, error);
    hra_progress_bar_end(&bar);
    HRA_TRY(code);
    for (int i = 0; i < in->count; i++) in->reasons[in->places[i]] = (*out)->reasons[i];
    return hra_checked_inputs_hold(checked, step->paths, step->path_count, in->reasons, error);
}

hra_code hra_quality_step_run(const hra_quality_step *step, hra_checked_inputs *checked, hra_quality **out,
                              hra_error *error)
{
    inputs in = {0};
    *out = NULL;
    hra_code code = report(step, checked, &in, out, error);
    if (code != HRA_OK) {
        hra_quality_free(*out);
        *out = NULL;
    }
    free(in.items);
    free(in.places);
    free(in.reasons);
    return code;
}
