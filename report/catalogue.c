#include "report/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* "china_corporate.chd.risk": the role's name and which of its outputs this is. */
static bool split_role(const char *id, const char **role, size_t *length, const char **what)
{
    const char *last = strrchr(id, '.'), *first = strchr(id, '.');
    if (!last || !first || first == last) return false;
    *role = first + 1;
    *length = (size_t)(last - first - 1);
    *what = last + 1;
    return true;
}

static hra_code add_role(hra_catalogue *c, int output, hra_error *error)
{
    const char *role, *what;
    size_t length;
    if (!split_role(c->outputs[output].id, &role, &length, &what)) return HRA_OK;
    hra_role_outputs *r = NULL;
    for (int i = 0; i < c->role_count; i++)
        if (strlen(c->roles[i].name) == length && memcmp(c->roles[i].name, role, length) == 0) r = &c->roles[i];
    if (!r) {
        r = &c->roles[c->role_count++];
        *r = (hra_role_outputs){
            .name = strndup(role, length), .risk = -1, .category = -1, .model = -1, .ideal = -1, .risk_age = -1};
        if (!r->name) return hra_fail(error, HRA_ENOMEM, "out of memory");
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

hra_code hra_catalogue_new(const hra_library *library, const hra_output *outputs, int output_count, hra_catalogue **out,
                           hra_error *error)
{
    hra_catalogue *c = calloc(1, sizeof *c);
    size_t n = (size_t)output_count + 1;
    if (!c) return hra_fail(error, HRA_ENOMEM, "out of memory");
    *c = (hra_catalogue){.library = library,
                         .outputs = outputs,
                         .output_count = output_count,
                         .roles = calloc(n, sizeof *c->roles),
                         .factors = calloc(n, sizeof *c->factors),
                         .tiers = calloc(n, sizeof *c->tiers),
                         .prescriptions = calloc(n, sizeof *c->prescriptions)};
    hra_code code = HRA_OK;
    if (!c->roles || !c->factors || !c->tiers || !c->prescriptions) code = hra_fail(error, HRA_ENOMEM, "out of memory");
    for (int i = 0; i < output_count && code == HRA_OK; i++) {
        switch (outputs[i].role) {
        case HRA_ROLE_PANEL: code = add_role(c, i, error); break;
        case HRA_ROLE_FACTOR: add_rule(c, i, c->factors, &c->factor_count); break;
        case HRA_ROLE_TIER: add_rule(c, i, c->tiers, &c->tier_count); break;
        case HRA_ROLE_PRESCRIPTION: add_rule(c, i, c->prescriptions, &c->prescription_count); break;
        default: break;
        }
    }
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
    free(catalogue->tiers);
    free(catalogue->prescriptions);
    free(catalogue);
}

int hra_catalogue_let(const hra_catalogue *catalogue, const char *name)
{
    for (int i = 0; i < catalogue->output_count; i++)
        if (catalogue->outputs[i].role == HRA_ROLE_DERIVED && strcmp(catalogue->outputs[i].id, name) == 0) return i;
    return -1;
}
