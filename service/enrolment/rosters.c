#include "service/enrolment/rosters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "service/enrolment/rosters_internal.h"

enum { REASONS_OF_ACTION = 32 };

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory keeping lists"); }

/* ---- opening ------------------------------------------------------------------- */

static int output_of(const hra_output *outputs, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (outputs[i].role == HRA_ROLE_FACTOR && strcmp(outputs[i].id, id) == 0) return i;
    return -1;
}

/* The finding's place among those that are kept; made if it is new. */
static int reason_of(hra_rosters *r, int output)
{
    for (int i = 0; i < r->reason_count; i++)
        if (r->reasons[i].output == output) return i;
    const hra_declaration *d = hra_library_find(r->request.library, r->outputs[output].id);
    const char *title = d ? hra_declaration_text(d, "title", r->request.language) : NULL;
    r->reasons[r->reason_count] = (hra_roster_reason){output, title ? title : r->outputs[output].id};
    return r->reason_count++;
}

static bool open_action(hra_rosters *r, int index)
{
    const char *ids[REASONS_OF_ACTION];
    hra_roster_action *a = &r->actions[index];
    a->declaration = hra_plan_action(r->request.plan, index);
    a->roster = hra_plan_action_roster(r->request.plan, index);
    const char *sensitive = hra_declaration_text(a->declaration, "sensitive", "en");
    a->sensitive = sensitive && strcmp(sensitive, "true") == 0;
    int count = hra_plan_action_roster_rules(r->request.plan, index, ids, REASONS_OF_ACTION);
    a->reasons = calloc((size_t)count + 1, sizeof *a->reasons);
    for (int i = 0; a->reasons && i < count; i++) {
        int output = output_of(r->outputs, r->output_count, ids[i]);
        if (output >= 0) a->reasons[a->reason_count++] = reason_of(r, output);
    }
    return a->reasons != NULL;
}

static const hra_sink the_sink = {
    .prepare = hra_rosters_prepare, .commit = hra_rosters_commit, .discard = hra_rosters_discard};

hra_code hra_rosters_new(const hra_rosters_request *request, hra_rosters **out, hra_error *error)
{
    hra_rosters *r = calloc(1, sizeof *r);
    if (!r) return out_of_memory(error);
    r->sink = the_sink;
    r->request = *request;
    r->outputs = hra_plan_outputs(request->plan, &r->output_count);
    r->action_count = hra_plan_action_count(request->plan);
    r->actions = calloc((size_t)r->action_count + 1, sizeof *r->actions);
    r->reasons = calloc((size_t)r->output_count + 1, sizeof *r->reasons);
    r->groups = hra_map_new();
    bool ok = r->actions && r->reasons && r->groups && hra_spill_file_init(&r->spill, request->beside);
    for (int a = 0; ok && a < r->action_count; a++) ok = open_action(r, a);
    if (!ok) {
        hra_rosters_free(r);
        return out_of_memory(error);
    }
    r->labels[HRA_ROSTER_GROUP] = hra_schema_find_label(request->schema, "group_id");
    r->labels[HRA_ROSTER_DEPARTMENT] = hra_schema_find_label(request->schema, "department");
    r->labels[HRA_ROSTER_BRANCH] = hra_schema_find_label(request->schema, "branch");
    int consent = hra_dictionary_find(request->schema->dictionary, "consent_client");
    r->consent = consent < 0 ? -1 : hra_schema_find(request->schema, consent, NULL);
    r->action_bytes = (r->action_count + 7) / 8;
    r->reason_bytes = (r->reason_count + 7) / 8;
    *out = r;
    return HRA_OK;
}

void hra_rosters_free(hra_rosters *rosters)
{
    if (!rosters) return;
    for (int a = 0; rosters->actions && a < rosters->action_count; a++) free(rosters->actions[a].reasons);
    if (rosters->spill.beside) hra_spill_file_close(&rosters->spill);
    hra_map_free(rosters->groups);
    free(rosters->choices);
    free(rosters->counts);
    free(rosters->actions);
    free(rosters->reasons);
    free(rosters);
}

void hra_rosters_want(const hra_rosters *rosters, bool *wanted)
{
    if (rosters->consent >= 0) wanted[rosters->consent] = true;
}

hra_sink *hra_rosters_sink(hra_rosters *rosters) { return &rosters->sink; }

/* ---- people pass by -------------------------------------------------------------- */

static bool agrees(const hra_rosters *r, const hra_chunk *chunk, int row)
{
    if (r->consent < 0) return false;
    const hra_codes *codes = &chunk->columns[r->consent];
    uint32_t code = hra_code_at(codes, row);
    return hra_column_value(&r->request.schema->columns[r->consent], code) == 1;
}

static void put_text(hra_buffer *out, const char *text) { hra_buffer_append(out, text, strlen(text) + 1); }

static void put_bits(hra_buffer *out, const hra_rosters *r, const hra_results *results, int row, bool actions)
{
    int count = actions ? r->action_count : r->reason_count;
    for (int first = 0; first < count; first += 8) {
        unsigned byte = 0;
        for (int i = first; i < count && i < first + 8; i++) {
            int output = actions ? r->actions[i].roster : r->reasons[i].output;
            if (output >= 0 && hra_results_true(results, output, row)) byte |= 1u << (i - first);
        }
        hra_buffer_char(out, (char)byte);
    }
}

/* Length, consent, bits of actions and reasons, key and labels. */
static void put_person(hra_buffer *out, const hra_rosters *r, const hra_chunk *chunk, const hra_results *results,
                       int row)
{
    uint32_t length = 0;
    size_t start = out->length;
    hra_buffer_append(out, &length, sizeof length);
    hra_buffer_char(out, agrees(r, chunk, row));
    put_bits(out, r, results, row, true);
    put_bits(out, r, results, row, false);
    if (chunk->keys) {
        put_text(out, chunk->keys[row]);
    } else {
        hra_buffer_printf(out, "%lld", (long long)(chunk->first_row + row + 1));
        hra_buffer_char(out, '\0');
    }
    for (int l = 0; l < HRA_ROSTER_LABELS; l++) {
        const hra_label_codes *codes = r->labels[l] < 0 ? NULL : &chunk->labels[r->labels[l]];
        int text = codes && codes->index ? codes->index[row] : -1;
        put_text(out, text < 0 ? "" : codes->texts[text]);
    }
    if (out->failed) return;
    length = (uint32_t)(out->length - start);
    memcpy(out->bytes + start, &length, sizeof length);
}

static bool on_some_list(const hra_rosters *r, const hra_results *results, int row)
{
    for (int a = 0; a < r->action_count; a++)
        if (r->actions[a].roster >= 0 && hra_results_true(results, r->actions[a].roster, row)) return true;
    return false;
}

hra_code hra_rosters_prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                             void **prepared, hra_error *error)
{
    const hra_rosters *r = (const hra_rosters *)sink;
    hra_buffer *people = calloc(1, sizeof *people);
    if (!people) return out_of_memory(error);
    for (int row = 0; row < results->rows; row++)
        if (on_some_list(r, results, row)) put_person(people, r, chunk, results, row);
    if (people->failed) {
        hra_rosters_discard(sink, people);
        return out_of_memory(error);
    }
    *prepared = people;
    return HRA_OK;
}

hra_code hra_rosters_commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                            hra_error *error)
{
    hra_rosters *r = (hra_rosters *)sink;
    hra_buffer *people = prepared;
    if (!people) return HRA_OK;
    hra_code code = people->length ? hra_spill_append(&r->spill, people->bytes, people->length, error) : HRA_OK;
    hra_rosters_discard(sink, people);
    return code;
}

void hra_rosters_discard(hra_sink *sink, void *prepared)
{
    hra_buffer *people = prepared;
    if (!people) return;
    hra_buffer_destroy(people);
    free(people);
}

/* ---- which lists there are --------------------------------------------------------- */

bool hra_rosters_choose(hra_rosters *rosters, const char *group, int action, bool invite)
{
    hra_rosters *r = rosters;
    int64_t at = hra_map_get(r->groups, group);
    size_t actions = (size_t)r->action_count;
    if (at < 0) {
        at = r->group_count;
        if (r->group_count == r->group_capacity) {
            int capacity = r->group_capacity ? r->group_capacity * 2 : 64;
            uint8_t *choices = realloc(r->choices, (size_t)capacity * actions);
            if (!choices) return false;
            r->choices = choices;
            r->group_capacity = capacity;
        }
        memset(r->choices + (size_t)at * actions, 0, actions);
        if (hra_map_set(r->groups, group, at) != 0) return false;
        r->group_count++;
    }
    uint8_t *choice = &r->choices[(size_t)at * actions + (size_t)action];
    *choice |= HRA_ROSTER_LISTED;
    if (invite && !r->actions[action].sensitive) *choice |= HRA_ROSTER_INVITED;
    return true;
}
