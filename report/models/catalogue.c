#include "report/models/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* "china_corporate.chd.risk": the role's name and which of its outputs this is. */
static bool split_role(const char *id, const char **role, size_t *length, const char **what)
{
    const char *first = strchr(id, '.'), *second = first ? strchr(first + 1, '.') : NULL;
    if (!second) return false;
    *role = first + 1;
    *length = (size_t)(second - first - 1);
    *what = second + 1;
    return true;
}

static int find_role(const hra_catalogue *c, const char *role, size_t length)
{
    for (int i = 0; i < c->role_count; i++)
        if (strlen(c->roles[i].name) == length && memcmp(c->roles[i].name, role, length) == 0) return i;
    return -1;
}

static hra_code add_role(hra_catalogue *c, int output, hra_error *error)
{
    const char *role, *what;
    size_t length;
    if (!split_role(c->outputs[output].id, &role, &length, &what)) return HRA_OK;
    int index = find_role(c, role, length);
    hra_role_outputs *r = &c->roles[index < 0 ? c->role_count : index];
    if (index < 0) {
        c->role_count++;
        *r = (hra_role_outputs){.name = strndup(role, length),
                                .risk = -1,
                                .category = -1,
                                .model = -1,
                                .ideal = -1,
                                .risk_age = -1,
                                .if_all = -1,
                                .prevented = -1,
                                .changeable = -1};
        if (!r->name) return hra_out_of_memory(error);
    }
    if (strcmp(what, "risk") == 0) r->risk = output;
    if (strcmp(what, "category") == 0) r->category = output;
    if (strcmp(what, "model") == 0) r->model = output;
    if (strcmp(what, "ideal") == 0) r->ideal = output;
    if (strcmp(what, "risk_age") == 0) r->risk_age = output;
    return HRA_OK;
}

static void add_rule(hra_catalogue *c, int output, hra_rule_output *list, int *count)
{
    list[(*count)++] = (hra_rule_output){output, hra_library_find(c->library, c->outputs[output].owner)};
}

static void add_tier(hra_catalogue *c, int output)
{
    c->tiers[c->tier_count++] =
        (hra_tier_output){output, hra_library_find(c->library, c->outputs[output].owner), .reason = -1};
}

/* The reason comes behind its tier, a topic's value behind its flag. */
static void add_reason(hra_catalogue *c, int output)
{
    for (int i = 0; i < c->tier_count; i++)
        if (strcmp(c->outputs[c->tiers[i].output].id, c->outputs[output].owner) == 0) c->tiers[i].reason = output;
}

static void add_topic(hra_catalogue *c, int output)
{
    const hra_output *o = &c->outputs[output];
    if (!*o->name) {
        c->topics[c->topic_count++] = (hra_topic_output){output, -1, hra_library_find(c->library, o->owner)};
        return;
    }
    for (int i = 0; i < c->topic_count; i++)
        if (strcmp(c->outputs[c->topics[i].at_target].id, o->owner) == 0) c->topics[i].value = output;
}

/* ---- what if -------------------------------------------------------------------------- */

static hra_code intervention(hra_catalogue *c, const char *id, hra_what_if_output **found, hra_error *error)
{
    const hra_declaration *declaration = hra_library_find(c->library, id);
    for (int i = 0; i < c->what_if_count; i++)
        if (c->what_ifs[i].declaration == declaration) *found = &c->what_ifs[i];
    if (*found) return HRA_OK;
    *found = &c->what_ifs[c->what_if_count++];
    **found = (hra_what_if_output){declaration, -1, malloc(((size_t)c->output_count + 1) * sizeof(int))};
    if (!(*found)->risks) return hra_out_of_memory(error);
    for (int i = 0; i <= c->output_count; i++) (*found)->risks[i] = -1;
    return HRA_OK;
}

/* "removable.X", or of a role of the panel "china_corporate.chd.if.X", "...chd.if_all", "...chd.changeable". Those of
 * models asked for by name belong to no role. */
static hra_code add_what_if(hra_catalogue *c, int output, hra_error *error)
{
    const hra_output *o = &c->outputs[output];
    hra_what_if_output *found = NULL;
    if (strcmp(o->name, "removable") == 0) {
        HRA_TRY(intervention(c, o->owner, &found, error));
        found->removable = output;
        return HRA_OK;
    }
    const hra_declaration *owner = hra_library_find(c->library, o->owner);
    const char *role, *what;
    size_t length;
    if (!owner || owner->kind != HRA_DECLARATION_PANEL || !split_role(o->id, &role, &length, &what)) return HRA_OK;
    int index = find_role(c, role, length);
    if (index < 0) return HRA_OK;
    if (strcmp(what, "if_all") == 0) c->roles[index].if_all = output;
    if (strcmp(what, "changeable") == 0) c->roles[index].changeable = output;
    if (strncmp(what, "if.", 3) != 0) return HRA_OK;
    HRA_TRY(intervention(c, what + 3, &found, error));
    found->risks[index] = output;
    return HRA_OK;
}

/* "china_corporate.chd.prevented"; those of group actions belong to no role. */
static void add_aggregate(hra_catalogue *c, int output)
{
    const char *role, *what;
    size_t length;
    if (!split_role(c->outputs[output].id, &role, &length, &what) || strcmp(what, "prevented") != 0) return;
    int index = find_role(c, role, length);
    if (index >= 0) c->roles[index].prevented = output;
}

static void add_first_step(hra_catalogue *c, int output)
{
    for (int i = 0; i < HRA_FIRST_STEPS; i++) {
        if (c->first_steps[i] >= 0) continue;
        c->first_steps[i] = output;
        return;
    }
}

/* ---- the catalogue ---------------------------------------------------------------------- */

static hra_code add_output(hra_catalogue *c, int i, hra_error *error)
{
    switch (c->outputs[i].role) {
    case HRA_ROLE_PANEL: return add_role(c, i, error);
    case HRA_ROLE_FACTOR: add_rule(c, i, c->factors, &c->factor_count); break;
    case HRA_ROLE_TIER: add_tier(c, i); break;
    case HRA_ROLE_TIER_REASON: add_reason(c, i); break;
    case HRA_ROLE_PRESCRIPTION: add_rule(c, i, c->prescriptions, &c->prescription_count); break;
    case HRA_ROLE_ITEM: add_rule(c, i, c->items, &c->item_count); break;
    case HRA_ROLE_MONITOR: add_rule(c, i, c->monitors, &c->monitor_count); break;
    case HRA_ROLE_TOPIC: add_topic(c, i); break;
    case HRA_ROLE_REFERENCE:
        c->references[c->reference_count++] =
            (hra_rule_output){i, hra_library_reference(c->library, c->outputs[i].owner)};
        break;
    case HRA_ROLE_WHAT_IF: return add_what_if(c, i, error);
    case HRA_ROLE_FIRST_STEP: add_first_step(c, i); break;
    case HRA_ROLE_AGGREGATE: add_aggregate(c, i); break;
    case HRA_ROLE_MODEL:
    case HRA_ROLE_DERIVED: break;
    }
    return HRA_OK;
}

static bool take_lists(hra_catalogue *c)
{
    size_t n = (size_t)c->output_count + 1;
    c->roles = calloc(n, sizeof *c->roles);
    c->tiers = calloc(n, sizeof *c->tiers);
    c->topics = calloc(n, sizeof *c->topics);
    c->what_ifs = calloc(n, sizeof *c->what_ifs);
    hra_rule_output **lists[] = {&c->factors, &c->prescriptions, &c->items, &c->monitors, &c->references};
    bool ok = c->roles && c->tiers && c->topics && c->what_ifs;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        ok &= (*lists[i] = calloc(n, sizeof **lists[i])) != NULL;
    return ok;
}

hra_code hra_catalogue_new(const hra_library *library, const hra_output *outputs, int output_count, hra_catalogue **out,
                           hra_error *error)
{
    hra_catalogue *c = calloc(1, sizeof *c);
    if (!c) return hra_out_of_memory(error);
    *c = (hra_catalogue){.library = library, .outputs = outputs, .output_count = output_count};
    for (int i = 0; i < HRA_FIRST_STEPS; i++) c->first_steps[i] = -1;
    hra_code code = take_lists(c) ? HRA_OK : hra_out_of_memory(error);
    for (int i = 0; i < output_count && code == HRA_OK; i++) code = add_output(c, i, error);
    if (code != HRA_OK) {
        hra_catalogue_free(c);
        return code;
    }
    *out = c;
    return HRA_OK;
}

void hra_catalogue_free(hra_catalogue *catalogue)
{
    if (!catalogue) return;
    for (int i = 0; i < catalogue->role_count; i++) free((char *)catalogue->roles[i].name);
    free(catalogue->roles);
    free(catalogue->factors);
    for (int i = 0; i < catalogue->what_if_count; i++) free(catalogue->what_ifs[i].risks);
    free(catalogue->what_ifs);
    free(catalogue->tiers);
    free(catalogue->topics);
    free(catalogue->prescriptions);
    free(catalogue->items);
    free(catalogue->monitors);
    free(catalogue->references);
    free(catalogue);
}

int hra_catalogue_let(const hra_catalogue *catalogue, const char *name)
{
    for (int i = 0; i < catalogue->output_count; i++)
        if (catalogue->outputs[i].role == HRA_ROLE_DERIVED && strcmp(catalogue->outputs[i].id, name) == 0) return i;
    return -1;
}
