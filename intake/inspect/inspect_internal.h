/* An inspection from the inside. Each kind of column has its own file that fills evidence, questions and rules. */
#ifndef HRA_INTAKE_INSPECT_INTERNAL_H
#define HRA_INTAKE_INSPECT_INTERNAL_H

#include "base/buffer.h"
#include "intake/inspect/inspect.h"
#include "intake/profiles/scan.h"

/* What is found out about one column. */
typedef struct hra_inspected {
    const hra_intake_words *words;
    const hra_scan_column *scan;
    const char *name;  /* as map lines write it: quoted where need be, with @2 for the second of one name */
    const char *shown; /* for people: the header without what a form ends its question with, 您的年龄： */
    int variable;      /* by its name; -1: not known */
    const char *title; /* the variable for people; NULL: not known */
    const char *how;   /* "name", "label", "alias", or why it is not known */
    const char *unit;  /* in the header; NULL: none */
    bool open_unit;    /* which may be one of several: 尿素(mg/dL) */
    bool personal;     /* holds identifiers, names or numbers of persons: nothing of it is shown */
    bool second;       /* another column before it is the same variable */
    bool in_pair;      /* stands in a column of two values as well, and is left to that one */
    int guess;         /* of a name not known: the variable a part of it names, -1: none */
    int reader;        /* of hra_inspector.reading, for flags and categories */
    hra_buffer evidence, questions, rules; /* lines */
} hra_inspected;

typedef struct hra_inspector {
    const hra_intake_words *words;
    const hra_dictionary *dictionary;
    hra_name_index *names;
    hra_arena *arena;
    hra_file_plan plan;
    hra_scan *scan;
    hra_binding reading;    /* readers of the variables found: what the import would make of a text */
    hra_inspected *columns; /* plan.width */
    bool has_id;            /* some column is known to be the identifier */
} hra_inspector;

void hra_inspect_codes(hra_inspector *in, hra_inspected *column);   /* categories and flags */
void hra_inspect_numbers(hra_inspector *in, hra_inspected *column); /* units, sentinels, marks */
void hra_inspect_dates(hra_inspector *in, hra_inspected *column);
/* Columns of two values, as 120/80, beside such of one of these values: notes which are left out, and asks. */
bool hra_inspect_is_pair(const hra_inspector *in, const hra_inspected *column);
void hra_inspect_pairs(hra_inspector *in);
void hra_inspect_pair(hra_inspector *in, hra_inspected *column);
void hra_inspect_long(hra_inspector *in); /* a table of one row per test item: asks, and takes no unit for a group */
bool hra_inspect_unknown(hra_inspector *in, hra_inspected *column); /* what it might be; false: out of memory */
void hra_inspect_id(hra_inspected *column);

/* Whether a text that has no meaning yet may be shown: one of few short ones, occurring often. A single one may be
 * anything, in a column that has shifted also a name. */
bool hra_inspect_shows_text(const hra_inspected *column, const hra_scan_text *text);
/* A variable for people: its name, which rules are written with, in Chinese with its label behind it. */
const char *hra_inspect_title(const hra_inspector *in, const hra_variable *v);
/* "52 %", "0.3 %" */
void hra_inspect_share(int64_t part, int64_t whole, hra_buffer *out);
/* A number for people; large ones may be numbers of persons and are not shown. */
void hra_inspect_number(const hra_intake_words *words, double value, hra_buffer *out);
/* How many of the column's numbers are plausible if they are in this unit. */
int64_t hra_inspect_plausible(const hra_scan_column *scan, const hra_variable *variable, const char *unit);
/* A text as map lines write it. */
void hra_inspect_quote(const char *text, hra_buffer *out);

/* Head, evidence, questions and rules as one profile; the same for people. */
void hra_inspect_write_draft(const hra_inspector *in, hra_inspection *out);
void hra_inspect_write_summary(const hra_inspector *in, hra_inspection *out);

#endif
