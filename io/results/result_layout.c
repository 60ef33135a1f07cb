/* Which columns a result store has. */
#include "io/results/result_layout.h"

#include <string.h>
#include <stdio.h>

#include "engine/run/kept.h"
#include "engine/graph/status.h"
#include "io/people/store_layout.h"

/* Flags of which a run has many: they are packed, one group for each. */
static const struct {
    hra_output_role role;
    const char *group;
} sets[HRA_RESULT_SETS] = {{HRA_ROLE_FACTOR, "factors"},
                           {HRA_ROLE_PRESCRIPTION, "prescriptions"},
                           {HRA_ROLE_ITEM, "items"},
                           {HRA_ROLE_MONITOR, "monitors"},
                           {HRA_ROLE_TOPIC, "topics"}};

bool hra_result_in_set(const hra_output *o)
{
    bool packed = false;
    for (int i = 0; i < HRA_RESULT_SETS; i++) packed |= o->role == sets[i].role && !*o->name;
    return packed && o->kind == HRA_OUTPUT_FLAG;
}

/* Is it a column of its own? */
static bool is_column(const hra_output *o) { return o->role != HRA_ROLE_AGGREGATE && !hra_result_in_set(o); }

void hra_result_kept_statuses(const hra_output *outputs, int output_count, bool *wanted)
{
    for (int i = 0; i < output_count; i++) wanted[i] = outputs[i].status_of == i && is_column(&outputs[i]);
}

static hra_code make_set(hra_result_layout *l, hra_output_role role, const char *group, hra_result_set *set,
                         hra_arena *arena, hra_error *error)
{
    set->group = group;
    set->ids = hra_arena_alloc(arena, (size_t)l->output_count * sizeof *set->ids + 1);
    set->outputs = hra_arena_alloc(arena, (size_t)l->output_count * sizeof *set->outputs + 1);
    if (!set->ids || !set->outputs) return hra_out_of_memory(error);
    for (int i = 0; i < l->output_count; i++) {
        if (!hra_result_in_set(&l->outputs[i]) || l->outputs[i].role != role) continue;
        set->ids[set->count] = l->outputs[i].id;
        set->outputs[set->count++] = i;
    }
    return HRA_OK;
}

const char *hra_result_status_name(const hra_result_layout *l, int output, hra_arena *arena)
{
    return hra_arena_printf(arena, "%s.status", hra_output_status_owner(l->outputs, l->output_count, output));
}

static hra_result_column *add(hra_result_layout *l, const char *group, const char *name, hra_result_content content,
                              hid_t type, int item_size)
{
    hra_result_column *c = &l->columns[l->count++];
    *c = (hra_result_column){.group = group,
                             .name = name,
                             .content = content,
                             .output = -1,
                             .item_size = item_size,
                             .type = type,
                             .dataset = -1,
                             .offset = -1};
    return c;
}

static void add_output(hra_result_layout *l, int output, const char *status)
{
    const hra_output *o = &l->outputs[output];
    hra_result_column *c;
    if (o->kind == HRA_OUTPUT_NUMBER)
        c = add(l, "outputs", o->id, HRA_RESULT_REAL, l->f64 ? H5T_IEEE_F64LE : H5T_IEEE_F32LE, l->f64 ? 8 : 4);
    else if (o->kind == HRA_OUTPUT_CATEGORY && o->level_count >= UINT8_MAX)
        c = add(l, "outputs", o->id, HRA_RESULT_ORDINAL, H5T_STD_U16LE, 2);
    else
        c = add(l, "outputs", o->id, HRA_RESULT_ORDINAL, H5T_STD_U8LE, 1);
    c->output = output;
    if (!status) return;
    add(l, "outputs", status, HRA_RESULT_STATUS, H5T_STD_U8LE, 1)->output = output;
}

/* The narrowest integers that hold the numbers of its texts. */
static void add_label(hra_result_layout *l, int label)
{
    const char *name = hra_dictionary_at(l->schema->dictionary, l->schema->labels[label])->name;
    hra_result_column *c;
    if (!l->numbered[label])
        c = add(l, "labels", name, HRA_RESULT_TEXT, H5T_STD_I32LE, 4);
    else if (l->schema->label_texts[label].count <= INT8_MAX)
        c = add(l, "labels", name, HRA_RESULT_LABEL, H5T_STD_I8LE, 1);
    else if (l->schema->label_texts[label].count <= INT16_MAX)
        c = add(l, "labels", name, HRA_RESULT_LABEL, H5T_STD_I16LE, 2);
    else
        c = add(l, "labels", name, HRA_RESULT_LABEL, H5T_STD_I32LE, 4);
    c->output = label;
}

static void add_set(hra_result_layout *l, const hra_result_set *set)
{
    if (set->count == 0) return;
    hra_result_column *known = add(l, set->group, "known", HRA_RESULT_KNOWN, H5T_STD_U64LE, 8);
    hra_result_column *truth = add(l, set->group, "true", HRA_RESULT_TRUE, H5T_STD_U64LE, 8);
    known->set = truth->set = set;
    known->items = truth->items = (set->count + 63) / 64;
}

hra_code hra_result_layout_make(hra_result_layout *l, hra_arena *arena, hra_error *error)
{
    const hra_schema *schema = l->schema;
    size_t most = (size_t)(2 * l->output_count + schema->column_count + schema->label_count + 8);
    l->columns = hra_arena_alloc(arena, most * sizeof *l->columns);
    l->key_type = H5Tcopy(H5T_C_S1);
    if (!l->columns || l->key_type < 0) return hra_out_of_memory(error);
    if (H5Tset_size(l->key_type, HRA_STORE_KEY_LENGTH) < 0 || H5Tset_strpad(l->key_type, H5T_STR_NULLPAD) < 0)
        return hra_h5_fail(error, HRA_EINTERNAL, "the type of person keys cannot be made");
    for (int i = 0; i < HRA_RESULT_SETS; i++)
        HRA_TRY(make_set(l, sets[i].role, sets[i].group, &l->sets[i], arena, error));
    if (l->keys) add(l, "person", "key", HRA_RESULT_KEY, l->key_type, HRA_STORE_KEY_LENGTH);
    if (l->lines) add(l, "person", "source_line", HRA_RESULT_LINE, H5T_STD_I64LE, 8);
    if (l->files) add(l, "person", "source_file", HRA_RESULT_FILE, H5T_STD_I32LE, 4);
    for (int i = 0; i < schema->label_count; i++) add_label(l, i);
    for (int i = 0; i < l->output_count; i++) {
        const hra_output *o = &l->outputs[i];
        if (!is_column(o)) continue;
        const char *status = o->status_of == i ? hra_result_status_name(l, i, arena) : NULL;
        if (o->status_of == i && !status) return hra_out_of_memory(error);
        add_output(l, i, status);
    }
    for (int i = 0; i < HRA_RESULT_SETS; i++) add_set(l, &l->sets[i]);
    for (int i = 0; i < schema->column_count; i++) {
        const hra_variable *v = hra_dictionary_at(schema->dictionary, schema->columns[i].variable);
        if (hra_variable_is_kept(v)) add(l, "kept", v->name, HRA_RESULT_KEPT, H5T_IEEE_F64LE, 8)->output = i;
    }
    return HRA_OK;
}

size_t hra_result_row_size(const hra_result_column *column)
{
    return (size_t)column->item_size * (size_t)(column->items ? column->items : 1);
}
