/* A library of which few definitions are wanted gives the same graph for them as one that read everything, and reads
 * everything where that is needed after all. */
#include <stdio.h>

#include "base/arena.h"
#include "engine/graph/graph.h"
#include "tests/unit/language_fixture.h"

static hra_library *full;

/* `wanted`: NULL for everything. Faults are left in *faults, which is the caller's. */
static hra_library *built_in(const char *const *wanted, int count, const char *own, hra_diagnostics **faults)
{
    hra_library *library = hra_library_new();
    hra_error error;
    *faults = hra_diagnostics_new();
    assert_non_null(library);
    assert_non_null(*faults);
    if (wanted) hra_library_want(library, wanted, count);
    if (hra_library_add_builtin(library, *faults, &error)) fail_msg("%s", error.message);
    if (own && hra_library_add_text(library, "own.hra", own, strlen(own), *faults, &error))
        fail_msg("%s", error.message);
    hra_library_check(library, *faults, &error);
    return library;
}

static hra_library *narrow_to(const char *name, const char *own)
{
    hra_diagnostics *faults;
    hra_library *library = built_in(&name, 1, own, &faults);
    assert_int_equal(hra_diagnostics_count(faults), 0);
    hra_diagnostics_free(faults);
    return library;
}

static int set_up(void **state)
{
    hra_diagnostics *faults;
    full = built_in(NULL, 0, NULL, &faults);
    int count = hra_diagnostics_count(faults);
    hra_diagnostics_free(faults);
    return count;
}

static int tear_down(void **state)
{
    hra_library_free(full);
    return 0;
}

/* A column for every variable that a store can hold. */
static hra_schema all_columns(const hra_library *library)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    int count = hra_dictionary_count(dictionary);
    hra_schema schema = {.dictionary = dictionary, .columns = calloc((size_t)count + 1, sizeof(hra_column))};
    assert_non_null(schema.columns);
    for (int v = 0; v < count; v++) {
        hra_error error;
        if (hra_dictionary_at(dictionary, v)->type > HRA_TYPE_DATE) continue;
        assert_int_equal(hra_column_for(dictionary, v, NULL, &schema.columns[schema.column_count++], &error), HRA_OK);
    }
    return schema;
}

/* All that a plan says: outputs and graph. */
static hra_buffer plan_text(const hra_library *library, const char *panel, const char *model)
{
    hra_schema schema = all_columns(library);
    const hra_plan_request request = {
        .models = &model, .model_count = model ? 1 : 0, .panel = panel, .as_of = NAN, .share = true};
    hra_plan *plan;
    hra_error error;
    hra_buffer out = {0};
    if (hra_plan_new(library, &schema, &request, &plan, &error)) fail_msg("%s", error.message);
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (int i = 0; i < count; i++)
        hra_buffer_printf(&out, "%s %s %d %d %d %d %d\n", outputs[i].id, outputs[i].unit, outputs[i].decimals,
                          (int)outputs[i].value, (int)outputs[i].missing, (int)outputs[i].outside,
                          outputs[i].status_of);
    hra_graph_print(hra_plan_graph(plan), &out);
    assert_false(out.failed);
    hra_plan_free(plan);
    free((void *)schema.columns);
    return out;
}

static void assert_same_plan(const hra_library *a, const hra_library *b, const char *panel, const char *model)
{
    hra_buffer x = plan_text(a, panel, model), y = plan_text(b, panel, model);
    if (strcmp(x.bytes, y.bytes) != 0) fail_msg("another plan for %s", panel ? panel : model);
    hra_buffer_destroy(&x);
    hra_buffer_destroy(&y);
}

static void every_model_and_panel_is_the_same(void **state)
{
    int count = hra_library_declaration_count(full);
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_declaration(full, i);
        bool model = d->kind == HRA_DECLARATION_MODEL;
        if (!model && d->kind != HRA_DECLARATION_PANEL) continue;
        hra_library *narrow = narrow_to(d->id, NULL);
        assert_string_equal(hra_library_hash(narrow), hra_library_hash(full));
        const hra_declaration *same = hra_library_find(narrow, d->id);
        assert_non_null(same);
        assert_int_equal(same->line, d->line);
        assert_int_equal(same->property_count, d->property_count);
        assert_int_equal(same->source_length, d->source_length);
        assert_same_plan(narrow, full, model ? NULL : d->id, model ? d->id : NULL);
        hra_library_free(narrow);
    }
}

/* What an import reads. */
static void the_dictionary_alone_is_the_same(void **state)
{
    hra_library *alone = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error;
    assert_int_equal(hra_library_add_dictionary(alone, faults, &error), HRA_OK);
    assert_int_equal(hra_library_check(alone, faults, &error), HRA_OK);
    assert_int_equal(hra_library_declaration_count(alone), 0);
    assert_string_equal(hra_library_hash(alone), hra_library_hash(full));
    const hra_dictionary *a = hra_library_dictionary(alone), *b = hra_library_dictionary(full);
    assert_int_equal(hra_dictionary_count(a), hra_dictionary_count(b));
    for (int i = 0; i < hra_dictionary_count(b); i++) {
        const hra_variable *x = hra_dictionary_at(a, i), *y = hra_dictionary_at(b, i);
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->alias_count, y->alias_count);
        for (int k = 0; k < y->alias_count; k++)
            assert_int_equal(hra_dictionary_find(a, y->aliases[k]), hra_dictionary_find(b, y->aliases[k]));
    }
    hra_diagnostics_free(faults);
    hra_library_free(alone);
}

static void what_is_not_needed_is_not_there(void **state)
{
    hra_library *narrow = narrow_to("china_corporate", NULL);
    assert_true(hra_library_declaration_count(narrow) < hra_library_declaration_count(full) / 2);
    assert_null(hra_library_find(narrow, "qrisk3_2017"));
    assert_non_null(hra_library_find(narrow, "china_par_2016"));
    hra_library_free(narrow);
}

/* Nobody gets fewer rules than there are without being told. */
static void rules_are_refused(void **state)
{
    hra_library *narrow = narrow_to("china_corporate", NULL);
    hra_schema schema = all_columns(narrow);
    const hra_plan_request request = {.panel = "china_corporate", .factors = true, .as_of = NAN, .share = true};
    hra_plan *plan;
    hra_error error;
    assert_false(hra_library_is_whole(narrow));
    assert_true(hra_library_is_whole(full));
    assert_int_equal(hra_plan_new(narrow, &schema, &request, &plan, &error), HRA_EINTERNAL);
    free((void *)schema.columns);
    hra_library_free(narrow);
}

static void an_output_names_its_model(void **state)
{
    hra_library *narrow = narrow_to("who_cvd_2019_lab.risk", NULL);
    assert_same_plan(narrow, full, NULL, "who_cvd_2019_lab");
    hra_library_free(narrow);
}

static void own_models_read_built_in_ones(void **state)
{
    const char *own = "model own { title \"Own\" disease cvd risk = 0.5*china_par_2016.risk }";
    hra_library *narrow = narrow_to("own", own);
    assert_non_null(hra_library_find(narrow, "china_par_2016"));
    assert_null(hra_library_find(narrow, "qrisk3_2017"));
    hra_library_free(narrow);
}

/* A role is looked for in every panel, wanted or not. */
static void own_definitions_read_roles(void **state)
{
    const char *own = "let own_chd = panel.chd\nmodel own { title \"Own\" disease cvd risk = 0.5*own_chd }";
    hra_library *narrow = narrow_to("own", own);
    assert_false(hra_library_is_whole(narrow));
    assert_non_null(hra_library_find(narrow, "china_corporate"));
    hra_library_free(narrow);
}

/* The judgement of everything else stays what it was. */
static void assert_reads_everything(const char *name, const char *own)
{
    hra_diagnostics *faults, *known;
    hra_library *narrow = built_in(&name, 1, own, &faults), *all = built_in(NULL, 0, own, &known);
    assert_int_equal(hra_library_declaration_count(narrow), hra_library_declaration_count(all));
    hra_buffer x = {0}, y = {0};
    hra_buffer_text(&x, "");
    hra_buffer_text(&y, "");
    hra_diagnostics_print(faults, &x);
    hra_diagnostics_print(known, &y);
    assert_string_equal(x.bytes, y.bytes);
    hra_buffer_destroy(&x);
    hra_buffer_destroy(&y);
    hra_diagnostics_free(faults);
    hra_diagnostics_free(known);
    hra_library_free(narrow);
    hra_library_free(all);
}

static void everything_is_read_where_it_matters(void **state)
{
    assert_reads_everything("no_such_model", NULL);
    assert_reads_everything("hypertension", NULL); /* no model */
    assert_reads_everything("china_par_2016", "variable own_score { type measure title \"Own\" unit \"\" decimals 1 }");
    assert_reads_everything("china_par_2016",
                            "replace model qrisk3_2017 { title \"Mine\" disease cvd risk = age/100 }");
    assert_reads_everything("china_par_2016", "substitute waist with 80");
    assert_reads_everything("china_par_2016", "model china_par_2016 { title \"Twice\" disease cvd risk = age/100 }");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_and_panel_is_the_same), cmocka_unit_test(the_dictionary_alone_is_the_same),
        cmocka_unit_test(what_is_not_needed_is_not_there),   cmocka_unit_test(rules_are_refused),
        cmocka_unit_test(an_output_names_its_model),         cmocka_unit_test(own_models_read_built_in_ones),
        cmocka_unit_test(own_definitions_read_roles),        cmocka_unit_test(everything_is_read_where_it_matters),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
