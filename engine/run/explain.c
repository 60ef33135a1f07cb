#include "engine/run/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/explain_internal.h"
#include "engine/run/expression_text.h"
#include "engine/graph/status.h"

/* ---- status */

static int missing_names(hra_judge *judge, const hra_schema *schema, hra_node node, bool *columns, bool *absent,
                         const char **names)
{
    int count = 0;
    hra_judge_missing_all(judge, node, columns, absent);
    for (int i = 0; i < schema->column_count; i++) /* a variable may have several columns, one per unit */
        if (columns[i]) absent[schema->columns[i].variable] = true;
    for (int i = 0; i < hra_dictionary_count(schema->dictionary); i++)
        if (absent[i]) names[count++] = hra_dictionary_at(schema->dictionary, i)->name;
    return count;
}

bool hra_explain_status(hra_judge *judge, const hra_schema *schema, const hra_output *output, hra_buffer *out)
{
    size_t variables = (size_t)hra_dictionary_count(schema->dictionary) + 1;
    bool *columns = calloc((size_t)schema->column_count + 1, sizeof *columns);
    bool *absent = calloc(variables, sizeof *absent);
    const char **names = calloc(variables, sizeof *names);
    bool complete = columns && absent && names;
    if (complete) {
        int count = missing_names(judge, schema, output->value, columns, absent, names);
        hra_status_text(hra_judge_status(judge, output), names, count, out);
    }
    free(columns);
    free(absent);
    free(names);
    return complete && !out->failed;
}

/* ---- results */

typedef struct causes {
    const hra_graph *graph;
    hra_judge *judge;
    const hra_schema *schema;
    hra_arena *arena;
    const char *texts[32];
    int count;
} causes;

static const char *given_name(void *context, hra_node node) { return hra_graph_at(context, node)->name; }

/* A gap: everything that it reads is known and it gives nothing (engine/graph/why.c); no_gap: another condition. */
static const hra_node no_gap = -1;
static hra_node gap_of(const hra_graph *graph, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(graph, node);
    if (n->op == HRA_OP_NOT) {
        hra_node known = hra_graph_operand(graph, node, 0);
        if (hra_graph_at(graph, known)->op != HRA_OP_KNOWN) return no_gap;
        hra_node what = hra_graph_operand(graph, known, 0);
        hra_op op = hra_graph_at(graph, what)->op;
        return op == HRA_OP_GATHER || op == HRA_OP_STEP || op == HRA_OP_FOLD_OUT ? what : no_gap;
    }
    if (n->op != HRA_OP_AND || n->name) return no_gap;
    hra_node gap = gap_of(graph, hra_graph_operand(graph, node, 1));
    return gap != no_gap ? gap : gap_of(graph, hra_graph_operand(graph, node, 0));
}

/* Each cause once. */
static void keep_cause(causes *c, const char *text)
{
    const int most = (int)(sizeof c->texts / sizeof c->texts[0]);
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->texts[i], text) == 0) return;
    const char *kept = hra_arena_text(c->arena, text);
    if (kept && c->count < most) c->texts[c->count++] = kept;
}

/* Every part of an alternative that holds, as a formula. */
static void add_causes(causes *c, hra_node node, int depth)
{
    if (node < 0 || hra_judge_value(c->judge, node) != 1) return;
    const hra_graph_node *n = hra_graph_at(c->graph, node);
    if (depth < 1000 && !n->name && (n->op == HRA_OP_OR || n->op == HRA_OP_IS_TRUE)) {
        for (int i = 0; i < hra_graph_operand_count(c->graph, node); i++)
            add_causes(c, hra_graph_operand(c->graph, node, i), depth + 1);
        return;
    }
    hra_expression_writer writer = {
        .graph = c->graph, .judge = c->judge, .schema = c->schema, .name_of = given_name, .context = (void *)c->graph};
    hra_buffer text = {0};
    hra_node gap = gap_of(c->graph, node);
    hra_expression_write(&writer, gap != no_gap ? gap : node, &text);
    if (gap != no_gap) hra_buffer_text(&text, " has no value");
    if (text.bytes) keep_cause(c, text.bytes);
    hra_buffer_destroy(&text);
}

/* The conditions of the range do not matter to someone the model does not apply to. */
static bool keep_causes(const hra_output *output, causes *c, hra_explained_result *result)
{
    add_causes(c, output->excluded, 0);
    if (c->count == 0) add_causes(c, output->outside, 0);
    const char **kept = hra_arena_alloc(c->arena, (size_t)c->count * sizeof *kept);
    if (!kept) return false;
    for (int i = 0; i < c->count; i++) kept[i] = c->texts[i];
    result->causes = kept;
    result->cause_count = c->count;
    return true;
}

static bool is_risk(const hra_output *output)
{
    const char *name = output->name ? output->name : "";
    size_t length = strlen(name);
    return output->kind == HRA_OUTPUT_NUMBER && length >= 4 && strcmp(name + length - 4, "risk") == 0;
}

static bool make_result(const hra_graph *graph, hra_judge *judge, const hra_schema *schema, const hra_output *output,
                        hra_arena *arena, hra_explained_result *result)
{
    double value = hra_judge_value(judge, output->value);
    bool is_level = output->kind == HRA_OUTPUT_CATEGORY && value >= 0 && value < output->level_count;
    *result = (hra_explained_result){.name = output->name && output->name[0] ? output->name : output->id,
                                     .unit = output->unit ? output->unit : "",
                                     .level = is_level ? output->levels[(int)value] : NULL,
                                     .value = value,
                                     .is_flag = output->kind == HRA_OUTPUT_FLAG,
                                     .is_fraction = is_risk(output)};
    hra_buffer status = {0};
    bool complete = hra_explain_status(judge, schema, output, &status);
    result->status = complete ? hra_arena_text(arena, status.bytes) : NULL;
    hra_buffer_destroy(&status);
    causes c = {.graph = graph, .judge = judge, .schema = schema, .arena = arena};
    return result->status && keep_causes(output, &c, result);
}

static hra_code explain_with(hra_arena *arena, const hra_graph *graph, hra_judge *judge, const hra_schema *schema,
                             const hra_output *outputs, int output_count, const hra_explain_heading *heading, bool json,
                             hra_buffer *out, hra_error *error)
{
    hra_explanation explanation;
    hra_explained_result *results = hra_arena_alloc(arena, (size_t)output_count * sizeof *results);
    if (!results) return hra_fail(error, HRA_ENOMEM, "out of memory while explaining");
    for (int i = 0; i < output_count; i++)
        if (!make_result(graph, judge, schema, &outputs[i], arena, &results[i]))
            return hra_fail(error, HRA_ENOMEM, "out of memory while explaining");
    HRA_TRY(hra_explanation_make(graph, judge, schema, outputs, output_count, arena, &explanation, error));
    if (json)
        hra_explain_json(heading, &explanation, results, output_count, out);
    else
        hra_explain_text(heading, &explanation, results, output_count, out);
    hra_explanation_destroy(&explanation);
    return out->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while explaining") : HRA_OK;
}

hra_code hra_explain(const hra_graph *graph, hra_judge *judge, const hra_schema *schema, const hra_output *outputs,
                     int output_count, const hra_explain_heading *heading, bool json, hra_buffer *out, hra_error *error)
{
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_fail(error, HRA_ENOMEM, "out of memory while explaining");
    hra_code code = explain_with(arena, graph, judge, schema, outputs, output_count, heading, json, out, error);
    hra_arena_free(arena);
    return code;
}
