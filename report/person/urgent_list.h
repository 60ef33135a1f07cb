/* Urgent results: people with a finding of severity urgent that has a
 * deadline (`deadline_days`), told before anything else of a run. A value beyond a hard limit that would
 * meet such a rule is listed as well, to be verified now: it is rejected as
 * data, but it may be true. Numbers that exports write where nothing was
 * measured (0, negative ones, 999, 99.9, 8888) and numbers more than twenty
 * times the limit (a telephone number in a shifted column) are not. So is a
 * finding whose values do not fit together by a rule on their quality (group
 * quality) that reads nothing but them: a systolic pressure below the diastolic.
 *
 * The list is CSV, readable by its owner only: who, which finding, the values,
 * what to do, until when, status ("new" or "verify now"). */
#ifndef HRA_REPORT_URGENT_LIST_H
#define HRA_REPORT_URGENT_LIST_H

#include "engine/language/library.h"
#include "engine/run/runner.h"

typedef struct hra_urgent hra_urgent;

typedef struct hra_urgent_options {
    const char *language;     /* of titles and actions: "zh" or "en" */
    double as_of;             /* day that deadlines count from; NaN: deadlines are given in days only */
    bool goes_on;             /* lines of a list that is there stay, the new ones follow */
    bool keeps;               /* so do those that this source does not tell, behind the new ones */
    const char *const *files; /* names of the source's files; the names must stay, the array need not */
    int file_count, threads;
} hra_urgent_options;

/* library and schema must outlive the list. */
hra_code hra_urgent_new(const char *path, const hra_library *library, const hra_schema *schema,
                        const hra_urgent_options *options, hra_urgent **out, hra_error *error);
const hra_program *hra_urgent_program(const hra_urgent *urgent); /* NULL: there is no urgent rule */
hra_sink *hra_urgent_sink(hra_urgent *urgent);
/* Puts the file in place with what was found so far, also when the run behind it failed. */
hra_code hra_urgent_finish(hra_urgent *urgent, hra_error *error);
void hra_urgent_free(hra_urgent *urgent);

/* A list is there, and it was made for this day and in this language, as far as its lines tell. */
bool hra_urgent_list_fits(const char *path, const hra_library *library, const char *language, double as_of);

#endif
