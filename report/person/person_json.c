#include "report/person/person_json.h"

#include <math.h>
#include <string.h>

#include "base/number_text.h"

/* ---- members --------------------------------------------------------------------------------- */

void hra_member_answer(hra_members *j, const char *name, double value)
{
    hra_member_name(j, name);
    if (isfinite(value))
        hra_buffer_double(j->out, value);
    else
        hra_buffer_text(j->out, "null");
}

void hra_member_number(hra_members *j, const char *name, double value)
{
    char text[HRA_NUMBER_TEXT];
    if (!isfinite(value)) return;
    hra_member_name(j, name);
    hra_buffer_append(j->out, text, (size_t)hra_format_six_digits(value, text));
}

void hra_member_flag(hra_members *j, const char *name, bool value)
{
    if (!value) return;
    hra_member_name(j, name);
    hra_buffer_text(j->out, "true");
}

void hra_member_open(hra_members *j, char bracket)
{
    hra_buffer_char(j->out, bracket);
    j->first = true;
}

void hra_member_close(hra_members *j, char bracket)
{
    hra_buffer_char(j->out, bracket);
    j->first = false;
}

void hra_member_names(hra_members *j, const char *name, const hra_view_name *names, int count)
{
    if (count == 0) return;
    hra_member_name(j, name);
    hra_member_open(j, '[');
    for (int i = 0; i < count; i++) {
        hra_member_name(j, NULL);
        hra_buffer_json(j->out, names[i].name);
    }
    hra_member_close(j, ']');
}

void hra_person_json_origin(const hra_view_origin *origin, hra_buffer *out)
{
    hra_members j = {out, false};
    hra_buffer_json(out, origin->id);
    hra_member_text(&j, "title", origin->title);
    if (!origin->approved) hra_member_text(&j, "signoff", origin->signoff);
}

void hra_member_origin(hra_members *j, const char *id_name, const hra_view_origin *origin)
{
    hra_member_name(j, id_name);
    hra_buffer_text(j->out, origin->json);
}

/* ---- the object -------------------------------------------------------------------------------- */

static void write_identity(hra_members *j, const hra_person_view *v)
{
    hra_member_text(j, "person_id", v->key);
    hra_member_text(j, "group_id", v->group);
    hra_member_text(j, "branch", v->branch);
    hra_member_text(j, "department", v->department);
    hra_member_text(j, "language", v->language);
    hra_member_text(j, "sex", v->sex);
    hra_member_number(j, "age", v->age);
    hra_member_text(j, "exam_date", v->exam_day);
    hra_member_text(j, "as_of", v->as_of);
    hra_member_flag(j, "unapproved", v->unapproved);
    hra_member_flag(j, "has_previous", v->has_previous);
    if (v->providers > 1) hra_member_number(j, "providers", v->providers);
    hra_member_name(j, "completeness");
    hra_buffer_printf(j->out, "{\"known\":%d,\"asked\":%d}", v->known_count, v->asked_count);
}

static void write_gaps(hra_members *j, const hra_person_view *v)
{
    hra_member_name(j, "not_computed");
    hra_member_open(j, '[');
    for (int i = 0; i < v->gap_count; i++) {
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_text(j, "part", v->gaps[i].part);
        hra_member_text(j, "id", v->gaps[i].id);
        hra_member_text(j, "title", v->gaps[i].title);
        hra_member_text(j, "why", v->gaps[i].why);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
}

static void write_sources(hra_members *j, const hra_person_view *v)
{
    hra_member_name(j, "sources");
    hra_member_open(j, '[');
    for (int i = 0; i < v->source_count; i++) {
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_text(j, "model", v->sources[i].id);
        hra_member_text(j, "title", v->sources[i].title);
        hra_member_text(j, "source", v->sources[i].source);
        hra_member_text(j, "doi", v->sources[i].doi);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
}

void hra_person_json(const hra_person_view *view, hra_buffer *out)
{
    hra_members j = {out, true};
    hra_member_open(&j, '{');
    write_identity(&j, view);
    hra_person_json_information(&j, view);
    hra_person_json_findings(&j, view);
    hra_person_json_topics(&j, view);
    hra_person_json_risks(&j, view);
    hra_person_json_prescriptions(&j, view);
    hra_person_json_service(&j, view);
    write_gaps(&j, view);
    write_sources(&j, view);
    hra_member_close(&j, '}');
    hra_buffer_char(out, '\n');
}
