#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/atomic_file.h"
#include "report/group_files.h"

hra_code hra_write_file(const char *path, hra_buffer *text, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_code code = text->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path) : HRA_OK;
    if (code == HRA_OK) code = hra_atomic_open(path, &file, error);
    if (code == HRA_OK) {
        if (fwrite(text->bytes, 1, text->length, hra_atomic_stream(file)) == text->length) {
            code = hra_atomic_commit(file, error);
        } else {
            code = hra_fail(error, HRA_EIO, "writing %s failed: %m", path);
            hra_atomic_abandon(file);
        }
    }
    hra_buffer_destroy(text);
    return code;
}

static void number(hra_buffer *out, double value)
{
    if (isnan(value))
        hra_buffer_text(out, "null");
    else
        hra_buffer_printf(out, "%.6g", value);
}

static void title(const hra_group_report *r, const hra_declaration *d, hra_buffer *out)
{
    const char *text = d ? hra_declaration_text(d, "title", r->language) : NULL;
    hra_buffer_json(out, text ? text : "");
}

static void write_people(const hra_group *g, hra_buffer *out)
{
    bool first = true;
    hra_buffer_printf(out, "\"people\":%u,\"people_by_sex_and_age\":[", hra_group_people(g, HRA_SUMMARY_ALL));
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        uint32_t people = hra_group_people(g, c);
        if (people == 0) continue;
        hra_buffer_printf(out, "%s{\"sex\":\"%s\",\"age\":\"%s\",\"people\":%u}", first ? "" : ",",
                          hra_summary_sex_names[c / HRA_SUMMARY_AGES], hra_summary_age_names[c % HRA_SUMMARY_AGES],
                          people);
        first = false;
    }
    hra_buffer_char(out, ']');
}

/* Counts per level over all cells: {"low":12,...,"unknown":3} */
static void write_levels(const hra_group_report *r, const hra_group *g, int output, hra_buffer *out)
{
    hra_buffer_char(out, '{');
    const hra_output *o = output < 0 ? NULL : &r->catalogue->outputs[output];
    for (int l = 0; o && l <= o->level_count; l++)
        hra_buffer_printf(out, "%s\"%s\":%u", l ? "," : "", l < o->level_count ? o->levels[l] : "unknown",
                          hra_group_level(r->summary, g, output, l, HRA_SUMMARY_ALL));
    hra_buffer_char(out, '}');
}

static void write_risks(const hra_group_report *r, const hra_group *g, hra_buffer *out)
{
    const hra_catalogue *c = r->catalogue;
    hra_buffer_text(out, ",\"risks\":{");
    for (int i = 0; i < c->role_count; i++) {
        const hra_role_outputs *role = &c->roles[i];
        const uint32_t *bins = role->risk < 0 ? NULL : hra_group_bins(r->summary, g, role->risk);
        hra_buffer_printf(out, "%s\"%s\":{\"mean\":", i ? "," : "", role->name);
        number(out, role->risk < 0 ? NAN : hra_group_mean(r->summary, g, role->risk));
        if (bins) hra_buffer_text(out, ",\"distribution\":[");
        for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++)
            hra_buffer_printf(out, "%s{\"from\":%g,\"people\":%u}", b ? "," : "", hra_summary_bin_limit(b), bins[b]);
        if (bins) hra_buffer_char(out, ']');
        hra_buffer_text(out, ",\"categories\":");
        write_levels(r, g, role->category, out);
        hra_buffer_text(out, ",\"models\":");
        write_levels(r, g, role->model, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, '}');
}

static void write_tiers(const hra_group_report *r, const hra_group *g, hra_buffer *out)
{
    const hra_catalogue *c = r->catalogue;
    hra_buffer_text(out, ",\"tiers\":{");
    for (int i = 0; i < c->tier_count; i++) {
        hra_buffer_printf(out, "%s\"%s\":", i ? "," : "", c->outputs[c->tiers[i].output].id);
        write_levels(r, g, c->tiers[i].output, out);
    }
    hra_buffer_char(out, '}');
}

/* Findings of the group with count, known and prevalence. */
static void write_flags(const hra_group_report *r, const hra_group *g, const char *name, const hra_rule_output *rules,
                        int count, hra_buffer *out)
{
    bool first = true;
    hra_buffer_printf(out, ",\"%s\":[", name);
    for (int i = 0; i < count; i++) {
        hra_summary_flag f = hra_group_flag(r->summary, g, rules[i].output, HRA_SUMMARY_ALL);
        if (f.yes == 0) continue;
        hra_buffer_printf(out, "%s{\"id\":\"%s\",\"title\":", first ? "" : ",",
                          r->catalogue->outputs[rules[i].output].id);
        title(r, rules[i].declaration, out);
        hra_buffer_printf(out, ",\"people\":%u,\"known\":%u,\"share\":", f.yes, f.yes + f.no);
        number(out, (double)f.yes / (double)(f.yes + f.no));
        /* where few could be decided, those decided are mostly the ones who have it */
        hra_buffer_text(out, ",\"known_share\":");
        number(out, (double)(f.yes + f.no) / (double)hra_group_people(g, HRA_SUMMARY_ALL));
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_char(out, ']');
}

static void write_action_text(const hra_group_report *r, const hra_declaration *d, const char *key, hra_buffer *out)
{
    const char *text = hra_declaration_text(d, key, r->language);
    if (!text) return;
    hra_buffer_printf(out, ",\"%s\":", key);
    hra_buffer_json(out, text);
}

/* Measures that are due: which, why, the lecture, the newsletter, how many people are on the roster. */
static void write_actions(const hra_group_report *r, const hra_group *g, hra_buffer *out)
{
    int outputs = r->catalogue->output_count;
    double *means = malloc(((size_t)outputs + 1) * sizeof *means);
    bool first = true;
    hra_buffer_text(out, ",\"measures\":[");
    for (int i = 0; means && i < outputs; i++) means[i] = hra_group_mean(r->summary, g, i);
    for (int a = 0; means && a < hra_plan_action_count(r->plan); a++) {
        if (hra_plan_action_due(r->plan, a, means) != 1) continue;
        const hra_declaration *d = hra_plan_action(r->plan, a);
        int roster = hra_plan_action_roster(r->plan, a);
        hra_buffer_printf(out, "%s{\"id\":\"%s\",\"title\":", first ? "" : ",", d->id);
        title(r, d, out);
        write_action_text(r, d, "priority", out);
        write_action_text(r, d, "lecture", out);
        write_action_text(r, d, "newsletter", out);
        write_action_text(r, d, "checkup", out);
        if (roster >= 0)
            hra_buffer_printf(out, ",\"roster\":%u", hra_group_flag(r->summary, g, roster, HRA_SUMMARY_ALL).yes);
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_char(out, ']');
    if (!means) out->failed = true;
    free(means);
}

static void write_group(const hra_group_report *r, const hra_group *g, hra_buffer *out)
{
    hra_buffer_text(out, "\n{\"group\":");
    hra_buffer_json(out, hra_group_name(g));
    hra_buffer_char(out, ',');
    write_people(g, out);
    write_risks(r, g, out);
    write_tiers(r, g, out);
    write_flags(r, g, "factors", r->catalogue->factors, r->catalogue->factor_count, out);
    write_flags(r, g, "prescriptions", r->catalogue->prescriptions, r->catalogue->prescription_count, out);
    write_actions(r, g, out);
    hra_buffer_char(out, '}');
}

/* Group by group, so that memory does not hold the text of thousands. */
hra_code hra_group_json_write(const hra_group_report *r, const char *path, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_buffer out = {0};
    HRA_TRY(hra_atomic_open(path, &file, error));
    int groups = hra_group_summary_count(r->summary);
    bool ok = true;
    hra_buffer_text(&out, "{\"groups\":[");
    for (int i = 0; i <= groups && ok; i++) {
        if (i < groups)
            write_group(r, hra_group_summary_at(r->summary, i), &out);
        else
            hra_buffer_text(&out, "\n]}\n");
        if (i + 1 < groups) hra_buffer_char(&out, ',');
        ok = !out.failed && fwrite(out.bytes, 1, out.length, hra_atomic_stream(file)) == out.length;
        hra_buffer_clear(&out);
    }
    bool no_memory = out.failed;
    hra_buffer_destroy(&out);
    if (ok) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return no_memory ? hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path)
                     : hra_fail(error, HRA_EIO, "writing %s failed: %m", path);
}
