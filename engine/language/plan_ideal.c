/* Outputs of the ideal state: the risk of the same person with ideal values, and the risk age. */
#include <string.h>

#include "engine/language/library_internal.h"
#include "engine/language/plan_internal.h"

hra_code hra_plan_open_ideal(hra_plan *plan, const hra_plan_request *request, hra_error *error)
{
    plan->with_ideal = request->ideal;
    plan->with_risk_age = request->risk_age;
    if (!plan->with_ideal && !plan->with_risk_age) return HRA_OK;
    if (!plan->lowering.library->ideal)
        return hra_fail(error, HRA_EUSAGE, "the definitions have no 'ideal' state to compare with");
    if (hra_ideal_open(&plan->ideal, &plan->lowering)) return HRA_OK;
    return hra_fail(error, HRA_ENOMEM, "out of memory planning the run");
}

static const char *join(hra_plan *plan, const char *a, const char *b)
{
    return hra_take_printf(&plan->memory, "%s.%s", a, b);
}

/* An age has the unit of what is searched; it comes rounded to one decimal. */
static void set_age(const hra_plan *plan, hra_output *output)
{
    output->unit = hra_dictionary_at(plan->lowering.library->dictionary, plan->ideal.variable)->unit;
    output->decimals = 1;
}

static void add(hra_plan *plan, const char *owner, const char *name, const char *unit, hra_output_role role,
                const hra_result *result)
{
    const char *id = join(plan, owner, name);
    hra_output *output = hra_plan_new_output(plan, id, owner, name, role);
    if (unit)
        output->unit = unit;
    else
        set_age(plan, output);
    hra_plan_set_result(plan, output, result);
    if (output->value >= 0) hra_graph_name(plan->graph, output->value, id);
}

bool hra_plan_is_risk(const hra_symbol *symbol)
{
    return symbol && symbol->type.sort == HRA_SORT_NUMBER && strcmp(symbol->word->text, "value") != 0;
}

void hra_plan_add_ideal(hra_plan *plan, const hra_decl *model, const hra_symbol *symbol)
{
    if (!hra_plan_is_risk(symbol)) return;
    const char *owner = model->word->text;
    const char *ideal = join(plan, symbol->word->text, "ideal"), *age = join(plan, symbol->word->text, "risk_age");
    hra_result scratch;
    if (plan->with_ideal && hra_plan_take_id(plan, join(plan, owner, ideal)))
        add(plan, owner, ideal, symbol->unit ? symbol->unit : "", HRA_ROLE_MODEL,
            hra_lower_ideal(&plan->ideal, model, symbol, &scratch));
    bool searchable = plan->with_risk_age && hra_ideal_searchable(&plan->ideal, model);
    if (searchable && hra_plan_take_id(plan, join(plan, owner, age)))
        add(plan, owner, age, NULL, HRA_ROLE_MODEL, hra_lower_risk_age(&plan->ideal, model, symbol));
}

void hra_plan_add_role_ideal(hra_plan *plan, const hra_decl *panel, int index)
{
    const char *owner = panel->word->text, *role = ((hra_named_block *)panel->blocks.items[index])->word->text;
    hra_result result;
    if (plan->with_ideal) {
        result = hra_lower_role_ideal(&plan->ideal, panel, index);
        add(plan, owner, join(plan, role, "ideal"), "", HRA_ROLE_PANEL, &result);
    }
    if (plan->with_risk_age) {
        result = hra_lower_role_risk_age(&plan->ideal, panel, index);
        add(plan, owner, join(plan, role, "risk_age"), NULL, HRA_ROLE_PANEL, &result);
    }
}
