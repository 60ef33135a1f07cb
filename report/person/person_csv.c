#include <math.h>
#include <string.h>

#include "report/person/person_files.h"
#include "report/person/person_text.h"
#include "report/results/result_rows.h"

void hra_person_csv_header(const hra_person_writer *w, hra_buffer *out)
{
    const hra_catalogue *c = w->catalogue;
    hra_buffer_text(out, "person_id,group_id,branch,department");
    for (int r = 0; r < c->role_count; r++) {
        const hra_role_outputs *role = &c->roles[r];
        hra_buffer_printf(out, ",%1$s.risk,%1$s.category,%1$s.model,%1$s.status", role->name);
        if (role->ideal >= 0) hra_buffer_printf(out, ",%1$s.ideal,%1$s.ideal.status", role->name);
        if (role->risk_age >= 0) hra_buffer_printf(out, ",%1$s.risk_age,%1$s.risk_age.status", role->name);
        if (role->if_all >= 0) hra_buffer_printf(out, ",%s.if_all", role->name);
        if (role->changeable >= 0) hra_buffer_printf(out, ",%s.changeable", role->name);
    }
    for (int t = 0; t < c->tier_count; t++) {
        hra_buffer_printf(out, ",%1$s,%1$s.status", c->outputs[c->tiers[t].output].id);
        if (c->tiers[t].reason >= 0) hra_buffer_printf(out, ",%s.reason", c->outputs[c->tiers[t].output].id);
    }
    for (int s = 0; s < HRA_FIRST_STEPS; s++)
        if (c->first_steps[s] >= 0) hra_buffer_printf(out, ",%s", c->outputs[c->first_steps[s]].id);
    hra_buffer_text(out, ",factors_present,factors_not_measurable,prescriptions\n");
}

static void write_number(const hra_person *p, int output, hra_buffer *out)
{
    hra_buffer_char(out, ',');
    hra_write_number(out, hra_person_value(p, output), false);
}

static void write_level(const hra_person *p, int output, hra_buffer *out)
{
    double value = hra_person_value(p, output);
    hra_buffer_char(out, ',');
    if (value == value) hra_buffer_csv(out, p->catalogue->outputs[output].levels[(int)value]);
}

static void write_status(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_person *p,
                         int output, hra_buffer *out)
{
    hra_buffer_char(out, ',');
    if (output < 0) return;
    hra_status_cell(w->status, thread, chunk, p->row, &p->catalogue->outputs[output], hra_person_status(p, output),
                    out);
}

/* Names of the rules that hold (or, for `unknown`, that cannot be decided), joined by semicolons. */
static void write_rules(const hra_person *p, const hra_rule_output *rules, int count, hra_buffer *out)
{
    bool any = false;
    hra_buffer_char(out, ',');
    for (int i = 0; i < count; i++) {
        if (!hra_results_true(p->results, rules[i].output, p->row)) continue;
        if (any) hra_buffer_char(out, ';');
        hra_buffer_text(out, p->catalogue->outputs[rules[i].output].id);
        any = true;
    }
}

static int count_unknown(const hra_person *p, const hra_rule_output *rules, int count)
{
    int unknown = 0;
    for (int i = 0; i < count; i++)
        unknown += isnan(hra_results_value(p->results, rules[i].output, p->row)) &&
                   !hra_person_not_applicable(p, rules[i].output);
    return unknown;
}

void hra_person_csv_row(const hra_person_writer *w, int thread, const hra_chunk *chunk, const hra_results *results,
                        int row, const char *key, hra_buffer *out)
{
    static const char *const labels[] = {"group_id", "branch", "department"};
    const hra_catalogue *c = w->catalogue;
    const hra_person p = {.catalogue = c, .schema = w->schema, .results = results, .row = row};
    hra_buffer_csv(out, key);
    for (int l = 0; l < 3; l++) {
        hra_buffer_char(out, ',');
        const char *label = hra_chunk_label(w->schema, chunk, row, labels[l]);
        hra_buffer_csv_foreign(out, label, strlen(label));
    }
    for (int r = 0; r < c->role_count; r++) {
        const hra_role_outputs *role = &c->roles[r];
        write_number(&p, role->risk, out);
        write_level(&p, role->category, out);
        write_level(&p, role->model, out);
        write_status(w, thread, chunk, &p, role->risk, out);
        if (role->ideal >= 0) write_number(&p, role->ideal, out);
        if (role->ideal >= 0) write_status(w, thread, chunk, &p, role->ideal, out);
        if (role->risk_age >= 0) write_number(&p, role->risk_age, out);
        if (role->risk_age >= 0) write_status(w, thread, chunk, &p, role->risk_age, out);
        if (role->if_all >= 0) write_number(&p, role->if_all, out);
        if (role->changeable >= 0) write_number(&p, role->changeable, out);
    }
    for (int t = 0; t < c->tier_count; t++) {
        write_level(&p, c->tiers[t].output, out);
        write_status(w, thread, chunk, &p, c->tiers[t].output, out);
        if (c->tiers[t].reason >= 0) write_level(&p, c->tiers[t].reason, out);
    }
    for (int s = 0; s < HRA_FIRST_STEPS; s++)
        if (c->first_steps[s] >= 0) write_level(&p, c->first_steps[s], out);
    write_rules(&p, c->factors, c->factor_count, out);
    hra_buffer_char(out, ',');
    hra_write_number(out, count_unknown(&p, c->factors, c->factor_count), false);
    write_rules(&p, c->prescriptions, c->prescription_count, out);
    hra_buffer_char(out, '\n');
}
