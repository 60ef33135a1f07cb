#include "intake/join/join.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "intake/join/crosswalk.h"
#include "intake/join/join_input.h"
#include "intake/join/join_list.h"
#include "intake/join/join_output.h"
#include "intake/join/join_person.h"
#include "intake/join/join_row.h"
#include "intake/join/join_step.h"

enum { DEFAULT_BYTES = 256 << 20 };

typedef struct joining {
    const hra_join_request *request;
    hra_join_inputs *inputs;
    hra_crosswalk *crosswalk;
    hra_row_sort *by_key, *by_place;
    hra_join_report *report;
    hra_join_list *list;
    hra_join_person *person;
    hra_buffer bytes;
    int64_t people; /* merged */
} joining;

static const char *const visit_rules[] = {"latest-values", "latest-visit", "first-visit"}; /* hra_visit_rule */

bool hra_join_visit_rule(const char *text, hra_visit_rule *rule)
{
    *rule = HRA_VISITS_LATEST_VALUES;
    for (int i = 0; text && i < 3; i++) {
        if (strcmp(text, visit_rules[i]) != 0) continue;
        *rule = (hra_visit_rule)i;
        return true;
    }
    return text == NULL;
}

/* ---- the crosswalk ----------------------------------------------------------------------- */

typedef struct key_sink {
    hra_sink base;
    hra_crosswalk *crosswalk;
    int input;
} key_sink;

static hra_code tell_keys(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                          hra_error *error)
{
    key_sink *s = (key_sink *)sink;
    for (int r = 0; chunk->keys && r < chunk->rows; r++) {
        uint64_t key[2];
        hra_join_key_read(chunk->keys[r], key);
        HRA_TRY(hra_crosswalk_add(s->crosswalk, s->input, chunk->first_row + r, key, error));
    }
    return HRA_OK;
}

/* Every store's keys are read once beforehand, and nothing else of it. */
static hra_code read_keys(joining *j, hra_error *error)
{
    const hra_join_request *q = j->request;
    key_sink sink = {.base = {.commit = tell_keys}, .crosswalk = j->crosswalk};
    hra_sink *sinks[] = {&sink.base};
    hra_run_options options = {
        .threads = q->threads, .stop = q->stop, .progress = q->progress, .progress_context = q->progress_context};
    for (sink.input = 0; sink.input < j->inputs->count; sink.input++) {
        hra_run_facts facts = {0};
        hra_source *source;
        HRA_TRY(hra_store_open(j->inputs->items[sink.input].path, hra_library_dictionary(q->library), &source, error));
        bool *none = calloc((size_t)source->schema->column_count + 1, sizeof *none);
        source->wanted = none;
        source->want_keys = true;
        hra_code code = none ? hra_run(source, NULL, sinks, 1, &options, &facts, error) : hra_out_of_memory(error);
        source->close(source);
        free(none);
        HRA_TRY(code);
    }
    return HRA_OK;
}

static void list_conflict(void *context, const uint64_t key[2])
{
    hra_join_list_add(context, key, "conflict: the crosswalk links it to two identifiers of one issuer", HRA_JOIN_KINDS,
                      -1, -1);
}

static hra_code open_crosswalk(joining *j, size_t bytes, hra_error *error)
{
    const hra_join_request *q = j->request;
    if (!q->crosswalk) return HRA_OK;
    if (!q->identity)
        return hra_fail(error, HRA_EUSAGE, "a crosswalk needs the key the stores were imported with: give --key");
    HRA_TRY(hra_crosswalk_open(q->crosswalk, q->identity, q->store, bytes, &j->crosswalk, error));
    HRA_TRY(hra_crosswalk_listen(j->crosswalk, list_conflict, j->list, error));
    HRA_TRY(read_keys(j, error));
    return hra_crosswalk_resolve(j->crosswalk, error);
}

/* ---- people ------------------------------------------------------------------------------- */

static hra_code finish_person(joining *j, const uint64_t key[2], hra_error *error)
{
    hra_join_merged merged;
    HRA_TRY(hra_join_person_merge(j->person, &merged, error));
    if (!merged.row) return HRA_OK;
    hra_sort_row row;
    hra_buffer_clear(&j->bytes);
    hra_join_row_pack(merged.row, j->inputs->schema, &j->bytes);
    if (j->bytes.failed) return hra_out_of_memory(error);
    hra_join_output_place(&merged.first, key, row.key);
    row.bytes = j->bytes.bytes;
    row.length = j->bytes.length;
    j->people++;
    return hra_row_sort_add(j->by_place, &row, error);
}

static hra_code merge_people(joining *j, hra_error *error)
{
    hra_join_step step = hra_join_step_new(j->request, "merging", j->inputs->rows);
    uint64_t key[2] = {0, 0};
    bool any, open = false;
    for (;;) {
        hra_sort_row row;
        HRA_TRY(hra_row_sort_next(j->by_key, &row, &any, error));
        if (!any) break;
        HRA_TRY(hra_join_step_row(&step, error));
        if (!open || row.key[0] != key[0] || row.key[1] != key[1]) {
            if (open) HRA_TRY(finish_person(j, key, error));
            memcpy(key, row.key, sizeof key);
            hra_join_person_start(j->person, key);
            open = true;
        }
        int input = (int)row.key[2];
        hra_join_origin origin = {j->inputs->items[input].kind, input, (int64_t)row.key[3]};
        HRA_TRY(hra_join_person_add(j->person, &origin, row.bytes, error));
    }
    hra_join_step_end(&step);
    return open ? finish_person(j, key, error) : HRA_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void take_crosswalk_counts(joining *j)
{
    if (!j->crosswalk) return;
    const hra_crosswalk_counts *c = hra_crosswalk_count(j->crosswalk);
    hra_join_counts *counts = hra_join_report_count(j->report);
    counts->crosswalk_links = c->links;
    counts->crosswalk_rejected = c->rejected;
    counts->crosswalk_conflicts = c->conflicts;
    counts->crosswalk_used = c->used;
}

/* The two sorts overlap while people are merged, so each has half of the memory. */
static hra_code start(joining *j, size_t bytes, hra_error *error)
{
    const hra_join_request *q = j->request;
    j->report = hra_join_report_new();
    j->by_key = hra_row_sort_new(q->store, bytes / 2);
    j->by_place = hra_row_sort_new(q->store, bytes / 2);
    if (!j->report || !j->by_key || !j->by_place) return hra_out_of_memory(error);
    hra_join_report_rules(j->report, q->own_windows ? NAN : q->as_of, q->window_months, visit_rules[q->visits]);
    HRA_TRY(hra_join_inputs_open(q, &j->inputs, error));
    HRA_TRY(hra_join_list_new(q->list, j->inputs->files, &j->list, error));
    j->person = hra_join_person_new(j->inputs->schema, q, j->report, j->list);
    return j->person ? HRA_OK : hra_out_of_memory(error);
}

static hra_code run(joining *j, hra_error *error)
{
    const hra_join_request *q = j->request;
    size_t bytes = q->bytes ? q->bytes : DEFAULT_BYTES;
    if (isnan(q->as_of) && !q->own_windows)
        return hra_fail(error, HRA_EUSAGE, "a join needs the as-of day its window ends with");
    if (q->window_months < 1) return hra_fail(error, HRA_EUSAGE, "the window is at least one month");
    HRA_TRY(start(j, bytes, error));
    HRA_TRY(open_crosswalk(j, bytes / 2, error));
    HRA_TRY(hra_join_inputs_read(j->inputs, q, j->crosswalk, j->by_key, error));
    take_crosswalk_counts(j);
    HRA_TRY(hra_row_sort_finish(j->by_key, error));
    HRA_TRY(merge_people(j, error));
    hra_row_sort_free(j->by_key);
    j->by_key = NULL;
    hra_join_report_finish(j->report);
    HRA_TRY(hra_row_sort_finish(j->by_place, error));
    HRA_TRY(hra_join_output_write(j->inputs, q, j->by_place, j->people, error));
    hra_join_list *list = j->list;
    j->list = NULL;
    HRA_TRY(hra_join_list_finish(list, error));
    return q->participation ? hra_join_report_write_groups(j->report, q->participation, error) : HRA_OK;
}

hra_code hra_join_run(const hra_join_request *request, hra_join_report **report, hra_error *error)
{
    joining j = {.request = request};
    hra_code code = run(&j, error);
    *report = j.report;
    hra_join_person_free(j.person);
    hra_join_list_free(j.list);
    hra_row_sort_free(j.by_key);
    hra_row_sort_free(j.by_place);
    hra_crosswalk_free(j.crosswalk);
    hra_join_inputs_close(j.inputs);
    hra_buffer_destroy(&j.bytes);
    return code;
}
