/* The JSON object of one person, from the view (docs/results.md describes every
 * field). What is empty or unknown is left out, but for values that stand for
 * an answer: risk, level, value. */
#ifndef HRA_REPORT_PERSON_JSON_H
#define HRA_REPORT_PERSON_JSON_H

#include <string.h>

#include "base/buffer.h"
#include "report/person/person_view.h"

void hra_person_json(const hra_person_view *view, hra_buffer *out);

/* ---- between the parts: members of an object; `first` tells whether a comma is due */

typedef struct hra_members {
    hra_buffer *out;
    bool first;
} hra_members;

/* Inline, as the length of most names is known where they stand. NULL: an element of a list. */
static inline void hra_member_name(hra_members *j, const char *name)
{
    size_t length = name ? strlen(name) : 0;
    char *to = hra_buffer_room(j->out, length + 4);
    if (!to) return;
    char *at = to;
    if (!j->first) *at++ = ',';
    j->first = false;
    if (name) {
        *at++ = '"';
        memcpy(at, name, length);
        at += length;
        *at++ = '"';
        *at++ = ':';
    }
    *at = '\0';
    j->out->length += (size_t)(at - to);
}

/* "" is left out. */
static inline void hra_member_text(hra_members *j, const char *name, const char *value)
{
    if (!*value) return;
    hra_member_name(j, name);
    hra_buffer_json(j->out, value);
}

void hra_member_number(hra_members *j, const char *name, double value); /* six digits; unknown is left out */
void hra_member_answer(hra_members *j, const char *name, double value); /* all digits; unknown is null */
void hra_member_flag(hra_members *j, const char *name, bool value);     /* false is left out */
void hra_member_names(hra_members *j, const char *name, const hra_view_name *names, int count);
void hra_member_open(hra_members *j, char bracket);
void hra_member_close(hra_members *j, char bracket);
void hra_member_origin(hra_members *j, const char *id_name, const hra_view_origin *origin);

/* Members that are the same for everybody: of an origin behind the name of its id; of a value of the information list
 * from the opening bracket to its name and label, its unit, its band. */
void hra_person_json_origin(const hra_view_origin *origin, hra_buffer *out);
void hra_person_json_value_head(const char *name, const char *label, hra_buffer *out);
void hra_person_json_value_unit(const char *unit, bool derived, hra_buffer *out);
void hra_person_json_value_band(double low, double high, hra_buffer *out);
void hra_person_json_value(const hra_view_value *value, hra_buffer *out);

/* Parts of the object. */
void hra_person_json_information(hra_members *j, const hra_person_view *view);
void hra_person_json_findings(hra_members *j, const hra_person_view *view);
void hra_person_json_topics(hra_members *j, const hra_person_view *view);
void hra_person_json_risks(hra_members *j, const hra_person_view *view);
void hra_person_json_prescriptions(hra_members *j, const hra_person_view *view);
void hra_person_json_service(hra_members *j, const hra_person_view *view);

#endif
