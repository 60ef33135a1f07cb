/* Intake of a run: from delivered files to one open population store. */
#include "cli/run.h"

#include <string.h>
#include <unistd.h>

#include "cli/resuming.h"
#include "report/group_files.h"
#include "report/urgent_list.h"

static hra_code duplicate_rule(const char *text, hra_duplicate_rule *rule, hra_error *error)
{
    static const char *const names[] = {"all", "first", "last", "reject"}; /* the order of hra_duplicate_rule */
    *rule = HRA_DUPLICATE_KEEP_FIRST;
    for (int i = 0; text && i < 4; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *rule = (hra_duplicate_rule)i;
        return HRA_OK;
    }
    return text ? hra_fail(error, HRA_EUSAGE, "--duplicates is first, last, reject or all, not '%s'", text) : HRA_OK;
}

/* Writes the store, unless --resume finds it done: from the same files in the same way. */
static hra_code import_inputs(hra_run_state *s, const char *store, hra_buffer *command, hra_error *error)
{
    const hra_run_request *o = s->options;
    hra_csv_options csv = {.enforce_hard_limits = true, .require_id = true};
    HRA_TRY(duplicate_rule(o->duplicates, &csv.duplicates, error));
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    csv.reject_path = o->input.rejects ? o->input.rejects : hra_run_output(s, "rejects.csv");
    csv.group_from_file = true;
    hra_import_request request = {.paths = s->inputs,
                                  .path_count = s->input_count,
                                  .library = s->library,
                                  .input = &o->input,
                                  .csv = &csv,
                                  .store = store,
                                  .urgent = hra_run_output(s, "urgent.csv"),
                                  .language = o->language,
                                  .as_of = s->request.as_of,
                                  .threads = s->scoring.threads,
                                  .quiet = o->quiet};
    bool done = false;
    const char *account = hra_run_output(s, "import.txt");
    HRA_TRY(hra_import_command("hra run", &o->input, o->duplicates, command, error));
    request.command = command->bytes;
    if (o->resume) HRA_TRY(hra_import_done(&request, &done, &s->import_facts.rows_rejected, error));
    if (done && access(account, R_OK) == 0 && access(csv.reject_path, R_OK) == 0) return HRA_OK;
    hra_buffer report = {0};
    hra_code code = hra_import_files(&request, &report, &s->import_facts, error);
    if (code == HRA_OK) return hra_write_file(account, &report, error);
    hra_buffer_destroy(&report);
    return code;
}

/* A store's urgent results, before anything else is made of it. */
static hra_code list_urgent(hra_run_state *s, const char *store, hra_error *error)
{
    hra_source *source = NULL;
    hra_urgent *urgent = NULL;
    HRA_TRY(hra_store_open(store, hra_library_dictionary(s->library), &source, error));
    const hra_store_about *about = hra_store_describe(source);
    hra_urgent_options options = {.language = s->options->language,
                                  .as_of = s->request.as_of,
                                  .files = about->files,
                                  .file_count = about->file_count,
                                  .threads = s->scoring.threads};
    hra_code code =
        hra_urgent_new(hra_run_output(s, "urgent.csv"), s->library, source->schema, &options, &urgent, error);
    if (code == HRA_OK && hra_urgent_program(urgent)) {
        hra_sink *sink = hra_urgent_sink(urgent);
        hra_run_options run = {.threads = s->scoring.threads, .stop = &hra_setup_stop};
        source->want_keys = true;
        code = hra_run(source, hra_urgent_program(urgent), &sink, 1, &run, NULL, error);
    }
    if (code == HRA_OK) code = hra_urgent_finish(urgent, error);
    hra_urgent_free(urgent);
    source->close(source);
    return code;
}

/* Text inputs become DIR/population.h5; --resume takes the one that is there. */
hra_code hra_run_intake(hra_run_state *s, hra_error *error)
{
    const char *store = s->inputs[0];
    double start = hra_setup_seconds();
    if (hra_is_store(store)) {
        HRA_TRY(list_urgent(s, store, error));
        hra_run_report_stage(&s->report, "urgent", hra_setup_seconds() - start);
    } else {
        hra_buffer command = {0};
        store = hra_run_output(s, "population.h5");
        hra_code code = store ? import_inputs(s, store, &command, error) : hra_fail(error, HRA_ENOMEM, "out of memory");
        hra_buffer_destroy(&command);
        if (code != HRA_OK) return code;
        hra_run_report_stage(&s->report, "import", hra_setup_seconds() - start);
    }
    hra_input_options none = {0};
    hra_csv_options unused = {0};
    return hra_setup_input(&store, 1, s->library, &none, &unused, &s->input, error);
}
