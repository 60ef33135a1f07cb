/* The unit of a column: what the map, the header and --units say. */
#include <stdio.h>
#include <string.h>

#include "io/csv/csv_bind_internal.h"
#include "io/words/text_fold.h"

/* ---- units that may be several, mg/dL of urea ------------------------------------------------- */

/* With the lines of which one is to be written, for the reader to copy. */
static hra_code refuse_open(const hra_binder *b, int variable, const char *header, int line)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    hra_buffer lines = {0};
    char where[16] = "";
    const char *unit;
    for (int i = 0; (unit = hra_unit_choice(v, NULL, i)); i++)
        hra_buffer_printf(&lines, "%s%s\"%s\" = %s [%s]", i ? ", " : "", b->plan->long_form ? "item " : "", header,
                          v->name, unit);
    const char *path = b->map->path ? b->map->path : b->plan->name;
    if (line) snprintf(where, sizeof where, ":%d", line);
    hra_code code =
        lines.failed ? hra_out_of_memory(b->error)
                     : hra_fail(b->error, HRA_EINPUT, "%s%s: the unit of '%s' may be several; write one of these: %s",
                                path, where, header, lines.bytes);
    hra_buffer_destroy(&lines);
    return code;
}

hra_code hra_bind_refuse_open_unit(const hra_binder *b, const hra_header_match *match, const char *header)
{
    if (!b->map->path || match->doubt != hra_header_open_unit) return HRA_OK;
    return refuse_open(b, hra_dictionary_find(b->binding->schema.dictionary, match->about[0]), header, 0);
}

/* ---- --units "tc=mg/dL,height=m" --------------------------------------------------------------- */

static hra_code read_option(const hra_binder *b, const hra_variable *v, const char *text, const char *header,
                            const char **unit)
{
    *unit = hra_unit_spelling(v, text, header);
    if (*unit) return HRA_OK;
    if (!hra_unit_choice(v, text, 0))
        return hra_fail(b->error, HRA_EUSAGE, "--units: '%s' is not a unit of %s", text, v->name);
    if (!header) return HRA_OK; /* the columns will tell */
    return hra_fail(b->error, HRA_EUSAGE, "--units: '%s' in column '%s' may be several units; write %s=%s or %s=%s",
                    text, header, v->name, hra_unit_choice(v, text, 0), v->name, hra_unit_choice(v, text, 1));
}

/* The unit asked for in a column of this name, or NULL. */
static hra_code unit_of_option(const hra_binder *b, int variable, const char *header, const char **unit)
{
    *unit = NULL;
    for (const char *at = b->plan->how.units; at && *at;) {
        size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        char name[HRA_HEADER_TEXT], text[HRA_HEADER_TEXT];
        if (!equals || length >= sizeof text)
            return hra_fail(b->error, HRA_EUSAGE, "--units: expected variable=unit,variable=unit, found '%.*s'",
                            (int)(length < 60 ? length : 60), at);
        hra_fold(at, (size_t)(equals - at), 0, name, sizeof name);
        hra_fold(equals + 1, length - (size_t)(equals - at) - 1, 0, text, sizeof text);
        int named;
        HRA_TRY(hra_find_variable(b->binding, name, "--units", 0, &named, b->error));
        const hra_variable *v = hra_bind_variable_at(b, named);
        const char *spelling;
        HRA_TRY(read_option(b, v, text, named == variable ? header : NULL, &spelling));
        if (named == variable) *unit = spelling;
        at += length + (at[length] == ',');
    }
    return HRA_OK;
}

hra_code hra_bind_check_units(const hra_binder *b)
{
    const char *unused;
    return unit_of_option(b, -1, NULL, &unused);
}

/* The unit that stands in a header, whatever the variable is called there, or behind a name of the variable. */
static hra_code unit_of_header(const hra_binder *b, int variable, const char *header, const char **unit)
{
    hra_header_match match;
    *unit = hra_header_unit(hra_bind_variable_at(b, variable), header);
    if (*unit) return HRA_OK;
    if (!hra_header_find(b->binding->names, header, b->binding->arena, &match)) return hra_out_of_memory(b->error);
    if (match.variable == variable) *unit = match.unit;
    return HRA_OK;
}

static hra_code unit_of_map(const hra_binder *b, int variable, const hra_map_rule *rule, const char *header,
                            const char **unit)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    *unit = hra_unit_spelling(v, rule->unit, header);
    if (*unit) return HRA_OK;
    if (hra_unit_choice(v, rule->unit, 0)) return refuse_open(b, variable, header, rule->line);
    return hra_fail(b->error, HRA_EINPUT, "%s:%d: '%s' is not a unit of %s", b->map->path, rule->line, rule->unit,
                    v->name);
}

/* Whether the header names a unit that may be several. */
static hra_code is_open(const hra_binder *b, int variable, const char *header, bool *open)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    hra_header_match match;
    *open = hra_header_opens_unit(v, header);
    if (*open || !hra_unit_choice(v, NULL, 0)) return HRA_OK;
    if (!hra_header_find(b->binding->names, header, b->binding->arena, &match)) return hra_out_of_memory(b->error);
    *open = match.doubt == hra_header_open_unit;
    return HRA_OK;
}

hra_code hra_bind_unit(const hra_binder *b, int variable, const hra_map_rule *rule, const char *header,
                       const char **unit)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    const char *asked, *header_unit;
    bool open;
    if (rule && rule->unit) return unit_of_map(b, variable, rule, header, unit);
    HRA_TRY(is_open(b, variable, header, &open));
    if (open) return refuse_open(b, variable, header, rule ? rule->line : 0);
    HRA_TRY(unit_of_option(b, variable, header, &asked));
    HRA_TRY(unit_of_header(b, variable, header, &header_unit));
    if (asked && header_unit && strcmp(asked, header_unit) != 0)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: column '%s' says %s, --units says %s=%s; give the unit of this column "
                        "in a map file",
                        b->plan->name, header, header_unit, v->name, asked);
    *unit = header_unit ? header_unit : asked;
    return HRA_OK;
}
