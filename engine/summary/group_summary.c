/* The table of groups: what is kept of each output, and the merging of partials. */
#include "engine/summary/group_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/summary/summary_internal.h"

const char *const hra_summary_other_departments = "(others)";

/* What is kept of an output: the whole group's total, every cell, the histogram. */
enum { NOTHING = 0, TOTAL = 1, CELLS = 2, BINS = 4 };

static int detail_of(const hra_output *output)
{
    bool number = output->kind == HRA_OUTPUT_NUMBER;
    switch (output->role) {
    case HRA_ROLE_MODEL:
    case HRA_ROLE_DERIVED: return NOTHING;
    case HRA_ROLE_PANEL: {
        const char *last = strrchr(output->id, '.');
        bool risk = number && last && strcmp(last, ".risk") == 0;
        if (risk) return CELLS | BINS;
        return last && strcmp(last, ".category") == 0 ? CELLS : TOTAL;
    }
    case HRA_ROLE_FACTOR: return CELLS;
    case HRA_ROLE_TIER: return CELLS;
    case HRA_ROLE_AGGREGATE: return number ? TOTAL : CELLS;
    default: return TOTAL;
    }
}

/* ---- blocks ---------------------------------------------------------------- */

bool hra_summary_block_new(hra_arena *arena, const hra_summary_size *size, hra_summary_block *block)
{
    block->counts = hra_arena_alloc(arena, (size_t)size->counts * sizeof *block->counts + 1);
    block->numbers = hra_arena_alloc(arena, (size_t)size->numbers * sizeof *block->numbers + 1);
    return block->counts && block->numbers;
}

bool hra_summary_cell_new(const hra_group_summary *s, hra_arena *arena, hra_group *group, int cell)
{
    group->cells[cell] = hra_arena_alloc(arena, sizeof *group->cells[cell]);
    return group->cells[cell] && hra_summary_block_new(arena, &s->cell, group->cells[cell]);
}

static hra_department *find_department(hra_group *group, const char *name)
{
    for (int d = 0; d < group->department_count; d++)
        if (strcmp(group->departments[d].name, name) == 0) return &group->departments[d];
    return NULL;
}

static hra_department *add_department(const hra_group_summary *s, hra_arena *arena, hra_group *group, const char *name)
{
    if (group->department_count == group->department_capacity) {
        /* arenas give nothing back: doubling wastes as much as is used */
        int capacity = group->department_capacity ? group->department_capacity * 2 : 4;
        hra_department *more = hra_arena_alloc(arena, (size_t)capacity * sizeof *more);
        if (!more) return NULL;
        if (group->department_count) memcpy(more, group->departments, (size_t)group->department_count * sizeof *more);
        group->departments = more;
        group->department_capacity = capacity;
    }
    hra_department *d = &group->departments[group->department_count];
    *d = (hra_department){hra_arena_text(arena, name),
                          hra_arena_alloc(arena, (size_t)s->department_counts * sizeof *d->counts)};
    if (!d->name || !d->counts) return NULL;
    group->department_count++;
    return d;
}

hra_department *hra_summary_department(const hra_group_summary *s, hra_arena *arena, hra_group *group, const char *name)
{
    hra_department *d = find_department(group, name);
    if (d) return d;
    if (group->department_count >= HRA_SUMMARY_DEPARTMENTS - 1) {
        name = hra_summary_other_departments;
        d = find_department(group, name);
        if (d) return d;
    }
    return add_department(s, arena, group, name);
}

/* ---- merging --------------------------------------------------------------- */

static hra_group *find_group(hra_group_summary *s, const char *name)
{
    int64_t at = hra_map_get(s->by_name, name);
    if (at >= 0) return s->groups[at];
    if (s->group_count == s->group_capacity) {
        int capacity = s->group_capacity ? s->group_capacity * 2 : 64;
        hra_group **groups = realloc(s->groups, (size_t)capacity * sizeof *groups);
        if (!groups) return NULL;
        s->groups = groups;
        s->group_capacity = capacity;
    }
    hra_group *group = hra_arena_alloc(s->arena, sizeof *group);
    char *copy = hra_arena_text(s->arena, name);
    if (!group || !copy || !hra_summary_block_new(s->arena, &s->total, &group->total) ||
        hra_map_set(s->by_name, name, s->group_count) != 0)
        return NULL;
    group->name = copy;
    s->groups[s->group_count++] = group;
    return group;
}

static void add_counts(uint32_t *to, const uint32_t *from, int count)
{
    for (int i = 0; i < count; i++) to[i] += from[i];
}

static void add_block(hra_summary_block *to, const hra_summary_block *from, const hra_summary_size *size)
{
    add_counts(to->counts, from->counts, size->counts);
    for (int i = 0; i < size->numbers; i++) {
        to->numbers[i].known += from->numbers[i].known;
        to->numbers[i].sum += from->numbers[i].sum;
    }
}

static bool merge(hra_group_summary *s, hra_group *to, const hra_group *from)
{
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        if (!from->cells[c]) continue;
        if (!to->cells[c] && !hra_summary_cell_new(s, s->arena, to, c)) return false;
        to->people[c] += from->people[c];
        add_block(to->cells[c], from->cells[c], &s->cell);
    }
    add_block(&to->total, &from->total, &s->total);
    for (int d = 0; d < from->department_count; d++) {
        const hra_department *one = &from->departments[d];
        hra_department *same = hra_summary_department(s, s->arena, to, one->name);
        if (!same) return false;
        add_counts(same->counts, one->counts, s->department_counts);
    }
    return true;
}

/* ---- the sink -------------------------------------------------------------- */

static void partial_free(hra_summary_partial *p)
{
    if (p) hra_arena_free(p->arena);
    free(p);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    const hra_group_summary *s = (const hra_group_summary *)sink;
    hra_summary_partial *p = calloc(1, sizeof *p);
    if (p) p->arena = hra_arena_new();
    hra_code code = p && p->arena ? hra_summary_count_chunk(s, chunk, results, p, error)
                                  : hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
    if (code == HRA_OK)
        *prepared = p;
    else
        partial_free(p);
    return code;
}

static void discard(hra_sink *sink, void *prepared) { partial_free(prepared); }

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_group_summary *s = (hra_group_summary *)sink;
    hra_summary_partial *p = prepared;
    if (!p) return HRA_OK;
    hra_code code = HRA_OK;
    for (int g = 0; g < p->count && code == HRA_OK; g++) {
        hra_group *group = find_group(s, p->groups[g].name);
        if (!group || !merge(s, group, &p->groups[g]))
            code = hra_fail(error, HRA_ENOMEM, "out of memory while summarising %d groups", s->group_count);
    }
    partial_free(p);
    s->sorted = false;
    return code;
}

/* ---- opening --------------------------------------------------------------- */

static int sex_cell(const hra_variable *variable, double ordinal)
{
    for (int n = 0; !isnan(ordinal) && n < HRA_SUMMARY_SEXES - 1; n++)
        if (strcmp(variable->levels[(int)ordinal].name, hra_summary_sex_names[n]) == 0) return n;
    return HRA_SUMMARY_SEXES - 1;
}

static int column_of(const hra_schema *schema, const char *name)
{
    int variable = hra_dictionary_find(schema->dictionary, name);
    return variable < 0 ? -1 : hra_schema_find(schema, variable, NULL);
}

/* A table over the codes of a column; true where there is no such column. */
static bool find_column(hra_group_summary *s, const char *name, int *column, int32_t **cell_of_code)
{
    *column = column_of(s->schema, name);
    if (*column < 0) return true;
    int variable = s->schema->columns[*column].variable;
    const hra_column *c = &s->schema->columns[*column];
    int32_t *cells = *cell_of_code = hra_arena_alloc(s->arena, ((size_t)c->levels + 2) * sizeof *cells);
    for (uint32_t code = 0; cells && code < c->levels + 2; code++) {
        double value = hra_column_value(c, code);
        bool sex = column == &s->sex_column;
        cells[code] = sex ? sex_cell(hra_dictionary_at(s->schema->dictionary, variable), value) * HRA_SUMMARY_AGES
                          : hra_summary_age_cell(value);
    }
    return cells != NULL;
}

/* The flags of a block come first, in pairs of counts. */
static void place_flag(hra_group_summary *s, int output)
{
    int detail = detail_of(&s->outputs[output]);
    hra_summary_place *p = &s->places[output];
    *p = (hra_summary_place){.by_cell = (detail & CELLS) != 0, .at = -1, .bins = -1, .department = -1};
    if (!(detail & (CELLS | TOTAL)) || s->outputs[output].kind != HRA_OUTPUT_FLAG) return;
    hra_summary_size *size = p->by_cell ? &s->cell : &s->total;
    hra_summary_flags *flags = p->by_cell ? &s->cell_flags : &s->total_flags;
    flags->outputs[flags->count++] = output;
    p->at = size->counts;
    size->counts += 2;
}

static void place_output(hra_group_summary *s, int output)
{
    const hra_output *o = &s->outputs[output];
    int detail = detail_of(o);
    hra_summary_place *p = &s->places[output];
    hra_summary_size *size = p->by_cell ? &s->cell : &s->total;
    bool number = o->kind == HRA_OUTPUT_NUMBER;
    if (detail & (CELLS | TOTAL) && o->kind != HRA_OUTPUT_FLAG) {
        p->at = number ? size->numbers : size->counts;
        if (number)
            size->numbers++;
        else
            size->counts += o->level_count + 1;
    }
    if (number && (detail & BINS)) {
        p->bins = s->total.counts;
        s->total.counts += HRA_SUMMARY_BINS;
    }
}

void hra_group_summary_by_department(hra_group_summary *summary, int output)
{
    hra_summary_place *p = &summary->places[output];
    if (summary->outputs[output].kind != HRA_OUTPUT_FLAG || summary->department_label < 0 || p->department >= 0) return;
    p->department = summary->department_counts;
    summary->department_counts += 2;
}

static bool room_for_flags(hra_group_summary *s, hra_summary_flags *flags)
{
    flags->outputs = hra_arena_alloc(s->arena, (size_t)s->output_count * sizeof *flags->outputs + 1);
    return flags->outputs != NULL;
}

hra_code hra_group_summary_new(const hra_output *outputs, int output_count, const hra_schema *schema, int group_label,
                               hra_group_summary **out, hra_error *error)
{
    hra_group_summary *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    *s = (hra_group_summary){.sink = {.prepare = prepare, .commit = commit, .discard = discard},
                             .outputs = outputs,
                             .output_count = output_count,
                             .schema = schema,
                             .group_label = group_label,
                             .department_label = hra_schema_find_label(schema, "department"),
                             .birth_column = column_of(schema, "birth_date"),
                             .exam_column = column_of(schema, "exam_date"),
                             .department_counts = 1};
    s->arena = hra_arena_new();
    s->by_name = hra_map_new();
    s->places = s->arena ? hra_arena_alloc(s->arena, (size_t)s->output_count * sizeof *s->places + 1) : NULL;
    bool ok = s->by_name && s->places && room_for_flags(s, &s->cell_flags) && room_for_flags(s, &s->total_flags) &&
              find_column(s, "sex", &s->sex_column, &s->cell_of_sex) &&
              find_column(s, "age", &s->age_column, &s->cell_of_age);
    if (!ok) {
        hra_group_summary_free(s);
        return hra_out_of_memory(error);
    }
    hra_summary_find_bins(s->bins);
    for (int i = 0; i < output_count; i++) place_flag(s, i);
    for (int i = 0; i < output_count; i++) place_output(s, i);
    *out = s;
    return HRA_OK;
}

void hra_group_summary_free(hra_group_summary *summary)
{
    if (!summary) return;
    hra_arena_free(summary->arena);
    hra_map_free(summary->by_name);
    free(summary->groups);
    free(summary);
}

hra_sink *hra_group_summary_sink(hra_group_summary *summary) { return &summary->sink; }
