/* A run reads its inputs several times: to tell which profile fits, to judge them, to import them. All of this must be
 * of one file, and so must its hash in the account. What changes behind the intake is for the next run. */
#include "cli/noted_files.h"
#include "cli/run.h"

hra_code hra_run_note_inputs(hra_run_state *s, hra_error *error)
{
    s->begun = hra_arena_alloc(s->arena, ((size_t)s->input_count + 1) * sizeof *s->begun);
    if (!s->begun) return hra_out_of_memory(error);
    hra_files_note(s->inputs, s->input_count, s->begun);
    return HRA_OK;
}

static bool is_held(const hra_run_state *s, int input) { return s->checked.hold && s->checked.hold->files[input].held; }

static hra_code refuse_changed(const hra_run_state *s, hra_error *error)
{
    return hra_files_unchanged(s->inputs, s->input_count, s->begun, s->checked.hold, error);
}

hra_code hra_run_see_inputs(hra_run_state *s, hra_error *error)
{
    hra_run_report *r = &s->report;
    size_t count = (size_t)s->input_count + 1;
    bool *held = hra_arena_alloc(s->arena, count);
    hra_seen_input *seen = hra_arena_alloc(s->arena, count * sizeof *seen);
    if (!held || !seen) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++) held[i] = is_held(s, i);
    r->inputs = s->inputs;
    r->input_count = s->input_count;
    r->held = held;
    HRA_TRY(hra_run_report_see_inputs(r, seen, error));
    r->seen = seen;
    return refuse_changed(s, error);
}

hra_code hra_run_blame_change(const hra_run_state *s, hra_code code, hra_error *error)
{
    hra_error changed = {0};
    if (code != HRA_EINPUT || refuse_changed(s, &changed) == HRA_OK) return code;
    *error = changed;
    return changed.code;
}
