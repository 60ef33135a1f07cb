/* What hra score is asked for: options that contradict each other, files in each other's way. */
#include <string.h>

#include "cli/distinct_files.h"
#include "cli/score.h"

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

const char *hra_score_main_output(const hra_score_options *o) { return o->output ? o->output : o->groups; }

bool hra_score_to_stdout(const hra_score_options *o) { return strcmp(hra_score_main_output(o), "-") == 0; }

bool hra_score_to_store(const hra_score_options *o) { return o->output && ends_with(o->output, ".h5"); }

static hra_code check_outputs(const hra_score_options *o, hra_error *error)
{
    if (!o->output && !o->groups)
        return hra_fail(error, HRA_EUSAGE, "give an output: -o FILE.csv, -o FILE.h5 or --groups FILE.csv");
    if (o->groups && !ends_with(o->groups, ".csv"))
        return hra_fail(error, HRA_EUSAGE, "the file of group sums '%s' must end in .csv", o->groups);
    if (o->groups && o->resume)
        return hra_fail(error, HRA_EUSAGE, "--groups needs all rows and cannot be combined with --resume");
    if (o->output && strcmp(o->output, "-") != 0 && !ends_with(o->output, ".csv") && !ends_with(o->output, ".h5"))
        return hra_fail(error, HRA_EUSAGE,
                        "the output '%s' must end in .csv or .h5 ('-' writes CSV to standard output)", o->output);
    return HRA_OK;
}

hra_code hra_score_check_files(const hra_score_options *o, int count, char **paths, hra_error *error)
{
    const hra_output_path outputs[] = {{"output", hra_score_to_stdout(o) ? NULL : o->output},
                                       {"groups", o->groups},
                                       {"report", o->report},
                                       {"rejects", o->input.rejects}};
    const char *const read[] = {o->input.key, o->input.map};
    enum { OUTPUTS = sizeof outputs / sizeof outputs[0] };
    HRA_TRY(hra_distinct_inputs((const char *const *)paths, count, error));
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, (const char *const *)paths, count, error));
    HRA_TRY(hra_distinct_outputs(outputs, OUTPUTS, read, 2, error));
    return hra_distinct_outputs(outputs, OUTPUTS, o->definitions.items, o->definitions.count, error);
}

hra_code hra_score_check_options(const hra_score_options *o, hra_score_state *s, hra_error *error)
{
    hra_plan_request *q = &s->request;
    HRA_TRY(check_outputs(o, error));
    HRA_TRY(hra_setup_request(&o->what, &s->models, q, error));
    if (o->precision && strcmp(o->precision, "full") != 0 && strcmp(o->precision, "short") != 0)
        return hra_fail(error, HRA_EUSAGE, "--precision is short or full, not '%s'", o->precision);
    if (o->result_type && strcmp(o->result_type, "f32") != 0 && strcmp(o->result_type, "f64") != 0)
        return hra_fail(error, HRA_EUSAGE, "--result-type is f32 or f64, not '%s'", o->result_type);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    q->factors = o->factors;
    q->tiers = o->tiers;
    q->prescriptions = o->prescriptions;
    q->items = o->items;
    q->monitors = o->monitors;
    q->topics = o->topics;
    q->references = o->references;
    q->what_if = o->what_if;
    q->ideal = o->ideal;
    q->risk_age = o->risk_age;
    q->share = true;
    return HRA_OK;
}
