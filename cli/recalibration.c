/* One recalibration of each risk, from the table to the file with the new definitions. */
#include "cli/recalibration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/shell_word.h"
#include "cli/model_horizon.h"
#include "cli/setup.h"
#include "evaluate/study_people.h"
#include "io/files/atomic_file.h"
#include "io/files/same_file.h"
#include "report/models/recalibrated_definition.h"

enum { NAME_LENGTH = 256, DAY_LENGTH = 16 };

typedef struct work {
    const hra_recalibration_options *options;
    const hra_study *study;
    const hra_library *library;
    hra_study_people people; /* those with a known outcome and a known risk; other: the new risk */
    double last;             /* time of follow-up */
    char day[DAY_LENGTH];
    hra_buffer text; /* of the new definitions */
} work;

/* ---- the model behind a column ---------------------------------------------------------------- */

typedef struct origin {
    const hra_declaration *model;
    const char *output;
    char name[NAME_LENGTH]; /* of the new model */
} origin;

static bool gives(const hra_declaration *model, const char *output)
{
    for (int i = 0; i < model->output_count; i++)
        if (strcmp(model->outputs[i], output) == 0) return true;
    return false;
}

static bool is_name(const char *text)
{
    static const char letters[] = "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && !strchr("_0123456789", *text) && text[strspn(text, letters)] == '\0';
}

static hra_code find_origin(const work *w, const char *column, origin *out, hra_error *error)
{
    char id[NAME_LENGTH];
    const char *dot = strrchr(column, '.');
    snprintf(id, sizeof id, "%.*s", dot ? (int)(dot - column) : 0, column);
    out->model = hra_library_find(w->library, id);
    out->output = dot ? dot + 1 : "";
    if (!out->model || out->model->kind != HRA_DECLARATION_MODEL || !gives(out->model, out->output))
        return hra_fail(error, HRA_EUSAGE,
                        "'%s' is no output of a known model: the column must be called MODEL.OUTPUT; a model of your "
                        "own is given with -d",
                        column);
    bool is_risk = strcmp(out->output, "risk") == 0;
    const char *asked = w->options->name;
    int length = asked ? snprintf(out->name, sizeof out->name, "%s", asked)
                       : snprintf(out->name, sizeof out->name, "%s%s%s_recalibrated", id, is_risk ? "" : "_",
                                  is_risk ? "" : out->output);
    if (length >= (int)sizeof out->name) return hra_fail(error, HRA_EUSAGE, "--name: the name is too long");
    if (!is_name(out->name))
        return hra_fail(error, HRA_EUSAGE,
                        "--name: a name consists of letters, digits and _, and begins with a letter");
    if (hra_library_find(w->library, out->name))
        return hra_fail(error, HRA_EUSAGE, "there is a definition '%s' already: give another name with --name",
                        out->name);
    return HRA_OK;
}

/* ---- one risk --------------------------------------------------------------------------------- */

static void describe(work *w, const origin *from, const hra_recalibration_result *r)
{
    const hra_evaluation_options *o = &w->options->table;
    const hra_recalibrated_facts facts = {.model = from->model,
                                          .output = from->output,
                                          .name = from->name,
                                          .years = r->model_years,
                                          .calibration = &r->calibration,
                                          .before = &r->before,
                                          .people = r->people,
                                          .horizon = r->horizon,
                                          .last = w->last,
                                          .time = o->time,
                                          .event = o->event,
                                          .weight = o->weight,
                                          .only = o->only,
                                          .version = HRA_VERSION,
                                          .day = w->day};
    hra_recalibrated_definition(&w->text, &facts);
}

static hra_code recalibrate(work *w, const hra_study_model *model, double horizon, hra_error *error)
{
    origin from;
    HRA_TRY(find_origin(w, model->name, &from, error));
    hra_study_people *p = &w->people;
    hra_study_select(w->study, NULL, -1, model->risk, NULL, horizon, p);
    const hra_cohort people = hra_study_cohort(w->study, p);
    hra_recalibration_result r = {.risk = model->name, .name = from.name, .people = p->rows, .horizon = horizon};
    r.model_years = hra_horizon_years(from.model, from.output);
    if (p->rows == 0)
        return hra_fail(error, HRA_EINPUT, "%s: nobody has a known outcome and a known risk", model->name);
    HRA_TRY(hra_calibrate_anew(&people, p->risk, horizon, w->options->slope, &r.calibration, error));
    if (*r.calibration.intercept.why)
        return hra_fail(error, HRA_EINPUT, "%s cannot be recalibrated: %s", model->name, r.calibration.intercept.why);
    for (int64_t i = 0; i < p->rows; i++) p->other[i] = hra_newly_calibrated(&r.calibration, p->risk[i]);
    HRA_TRY(hra_agreement_of(&people, p->risk, horizon, &r.before, error));
    HRA_TRY(hra_agreement_of(&people, p->other, horizon, &r.after, error));
    if (!w->options->table.quiet) hra_recalibration_show(&r);
    int64_t without = w->study->rows - p->rows;
    if (without > 0 && !w->options->table.quiet)
        fprintf(stderr, "%s: %lld people are left out, without a known outcome%s or a risk%s\n", from.name,
                (long long)without, w->study->weight ? ", a weight" : "",
                w->options->table.status ? " of the status that is asked for" : "");
    hra_recalibration_warn(&r);
    w->last = 0;
    for (int64_t i = 0; i < p->rows; i++) w->last = fmax(w->last, p->time[i]);
    describe(w, &from, &r);
    return HRA_OK;
}

/* ---- all of it -------------------------------------------------------------------------------- */

/* What is written is read as anybody will read it. */
static hra_code check_definitions(const work *w, hra_error *error)
{
    const hra_texts *given = &w->options->definitions;
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_code code = library && faults ? hra_library_add_builtin(library, faults, error) : hra_out_of_memory(error);
    for (int i = 0; i < given->count && !code; i++)
        code = hra_library_add_file(library, given->items[i], faults, error);
    if (!code) code = hra_library_add_text(library, w->options->output, w->text.bytes, w->text.length, faults, error);
    if (!code) code = hra_library_check(library, faults, error);
    if (code == HRA_EDEFINITION) {
        hra_buffer text = {0};
        hra_diagnostics_print(faults, &text);
        if (text.bytes) fprintf(stderr, "%s", text.bytes);
        hra_buffer_destroy(&text);
    }
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return code;
}

static hra_code write_definitions(const work *w, hra_error *error)
{
    if (w->text.failed) return hra_fail(error, HRA_ENOMEM, "not enough memory for %s", w->options->output);
    HRA_TRY(check_definitions(w, error));
    return hra_atomic_write(w->options->output, w->text.bytes, w->text.length, error);
}

static hra_code recalibrate_all(work *w, hra_error *error)
{
    const hra_study *s = w->study;
    if (s->horizon_count > 1)
        return hra_fail(error, HRA_EUSAGE, "--horizon: one time; recalibrate risks of other horizons by themselves");
    if (s->model_count > 1 && w->options->name)
        return hra_fail(error, HRA_EUSAGE, "--name is for one risk: name it with --risks");
    time_t now = time(NULL);
    struct tm utc;
    strftime(w->day, sizeof w->day, "%Y-%m-%d", gmtime_r(&now, &utc));
    HRA_TRY(hra_study_people_new(&w->people, s->rows, error));
    for (int m = 0; m < s->model_count; m++)
        HRA_TRY(recalibrate(w, &s->models[m], s->time ? s->horizons[0] : NAN, error));
    return write_definitions(w, error);
}

static hra_code check_output(const char *path, const hra_recalibration_options *o, hra_error *error)
{
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "say where the new definition goes with -o FILE.hra");
    if (hra_is_same_file(path, o->output))
        return hra_fail(error, HRA_EUSAGE, "%s would replace the table with the risks", o->output);
    for (int i = 0; i < o->definitions.count; i++)
        if (hra_is_same_file(o->definitions.items[i], o->output))
            return hra_fail(error, HRA_EUSAGE, "%s would replace the definitions that are recalibrated", o->output);
    return hra_atomic_try(o->output, error);
}

static hra_code tell_how_to_use(const hra_recalibration_options *o, hra_error *error)
{
    hra_buffer line = {0};
    hra_buffer_text(&line, "hra score PEOPLE -o RISKS");
    for (int i = 0; i <= o->definitions.count; i++) {
        hra_buffer_text(&line, " -d ");
        hra_shell_word(&line, i < o->definitions.count ? o->definitions.items[i] : o->output);
    }
    if (!line.failed)
        printf("\nThe risks were judged on the people they were recalibrated on: evaluate them on others.\n"
               "Use them:  %s -m NAME\n",
               line.bytes);
    hra_code code = line.failed ? hra_out_of_memory(error) : HRA_OK;
    hra_buffer_destroy(&line);
    return code;
}

hra_code hra_recalibration_run(const char *path, const hra_recalibration_options *o, hra_error *error)
{
    hra_evaluation_input *in = NULL;
    hra_library *library = NULL;
    HRA_TRY(check_output(path, o, error));
    hra_code code = hra_setup_library(&o->definitions, &library, error);
    if (!code) code = hra_evaluation_read(path, &o->table, &in, error);
    work w = {.options = o, .library = library, .study = in ? hra_evaluation_study(in) : NULL};
    if (!code) code = recalibrate_all(&w, error);
    if (!code && !o->table.quiet) code = tell_how_to_use(o, error);
    hra_study_people_free(&w.people);
    hra_buffer_destroy(&w.text);
    hra_evaluation_free(in);
    hra_library_free(library);
    return code;
}
