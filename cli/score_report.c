/* What hra score tells about itself: the run report and the lines at the terminal. */
#include "cli/score.h"
#include "io/people/population_store.h"

hra_code hra_score_write_report(const hra_score_options *o, int count, char **paths, hra_score_state *s, double seconds,
                                hra_error *error)
{
    if (hra_score_to_stdout(o) && !o->report) return HRA_OK;
    hra_buffer_printf(&s->report_path, "%s", o->report ? o->report : hra_score_main_output(o));
    if (!o->report) hra_buffer_text(&s->report_path, ".run.json");
    const hra_run_facts *f = &s->scoring.facts;
    const char *const both[] = {hra_score_main_output(o), o->groups};
    hra_run_report report = {.command = "score",
                             .inputs = (const char *const *)paths,
                             .input_count = count,
                             .content_hash = s->input.is_store ? hra_store_content_hash(s->input.source) : NULL,
                             .outputs = both,
                             .output_count = o->output && o->groups ? 2 : 1,
                             .definitions = o->definitions.items,
                             .definition_count = o->definitions.count,
                             .text = s->input.is_store ? NULL : s->input.source,
                             .hard_limits = s->input.is_store ? NULL
                                            : o->hard_limits  ? "rejected"
                                                              : "used",
                             .library = s->library,
                             .plan = s->scoring.plan,
                             .panel = s->request.panel,
                             .range_policy = o->what.range ? o->what.range : "compute",
                             .as_of = o->what.as_of,
                             .isa = s->scoring.isa,
                             .threads = s->scoring.threads,
                             .rows_in = f->rows_scored + f->rows_rejected,
                             .rows_scored = f->rows_scored,
                             .rows_rejected = f->rows_rejected,
                             .facts = *f,
                             .peak_kib = hra_setup_peak_kib(),
                             .finished = "complete"};
    hra_value_counts values = {0};
    if (!s->input.is_store) {
        values = hra_csv_all_counts(s->input.source);
        report.values = &values;
    }
    hra_program_describe(s->scoring.program, &report.program);
    hra_run_report_stage(&report, "prepare", seconds);
    hra_run_report_stage(&report, "score", f->seconds_wall);
    return hra_run_report_form(&report, s->report_path.bytes, &s->report_file, error);
}

void hra_score_form_summary(const hra_score_options *o, hra_score_state *s)
{
    hra_buffer *out = &s->summary;
    const hra_run_facts *f = &s->scoring.facts;
    int models = 0;
    hra_plan_models(s->scoring.plan, &models);
    hra_buffer_printf(out, "%lld people scored by %d model%s in %.2f s (%.0f people/s); %lld rows rejected\n",
                      (long long)f->rows_scored, models, models == 1 ? "" : "s", f->seconds_wall,
                      f->seconds_wall > 0 ? (double)f->rows_scored / f->seconds_wall : 0.0,
                      (long long)f->rows_rejected);
    if (!s->input.is_store) {
        hra_csv_doubts_print(s->input.source, out);
        if ((f->rows_rejected > 0 || hra_csv_all_counts(s->input.source).rejected > 0) && s->reject_path.bytes)
            hra_buffer_printf(out, "rejected values and rows: %s\n", s->reject_path.bytes);
    }
    if (o->output && !hra_score_to_stdout(o)) hra_buffer_printf(out, "results: %s\n", o->output);
    if (o->groups) hra_buffer_printf(out, "groups: %s\n", o->groups);
    if (!hra_score_to_stdout(o)) hra_buffer_printf(out, "run report: %s\n", s->report_path.bytes);
}
