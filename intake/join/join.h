/* Joining: what several sources know of a person becomes one row.
 *
 * Each source is a population store of one kind (checkup, questionnaire, diagnosis, roster), its identifiers hashed
 * with one key. Rows of one key meet by an external sort, so memory does not grow with people; the output stands in the
 * order of first appearance (the roster's, then the checkups', then the questionnaires') and depends on neither the
 * order of the arguments nor the number of threads.
 *
 * Rules
 * - Window: a checkup or questionnaire counts when its day lies in the months before the as-of day. Older rows are too
 *   old, later ones (of a diagnosis too) are in the future; both are counted and listed, and the person stays known. A
 *   row without a day counts, after all that have one.
 *   With windows of their own, the months before each person's latest visit count instead; a day after the as-of day
 *   counts where the person has no other.
 * - Several visits (hra_visit_rule). Rows of one kind with the same day and the same content are one row. Of rows with
 *   the same day and different content the later in the file comes first.
 * - Several kinds give one variable: datasets/join.csv says which comes first.
 * - A flag that a diagnosis row says yes to holds, whatever its date and whatever others say, except where
 *   datasets/join.csv calls it current.
 * - Rosters: the row whose period holds the day of the visit (without a visit, the as-of day); of several the one that
 *   began last.
 * - Rows of one key whose sex or birth date disagree, or whose ages differ by more than a year, are not merged: the
 * rows that can be shown to belong to the checkup's person go on (without a checkup the questionnaire's), the others
 * are listed. */
#ifndef HRA_INTAKE_JOIN_H
#define HRA_INTAKE_JOIN_H

#include "engine/language/library.h"
#include "engine/run/runner.h"
#include "intake/join/consent.h"
#include "intake/join/join_report.h"
#include "io/identity/identity.h"
#include "io/people/population_store.h"

typedef enum hra_visit_rule {
    HRA_VISITS_LATEST_VALUES, /* for each variable the latest visit that knows it */
    HRA_VISITS_LATEST,        /* the latest visit alone */
    HRA_VISITS_FIRST          /* the first visit alone */
} hra_visit_rule;

typedef struct hra_join_source {
    hra_join_kind kind;
    const char *path; /* of the store */
} hra_join_source;

typedef struct hra_join_request {
    const hra_join_source *sources;
    int source_count;
    const hra_library *library;
    double as_of; /* day */
    int window_months;
    bool own_windows; /* each person's window ends with the latest visit, not with as_of, which may then be NaN */
    hra_visit_rule visits;
    bool keep_unexamined;         /* people without checkup and questionnaire become rows too */
    hra_consent_rule consent;     /* who becomes a row */
    hra_consent_list *declined;   /* gets who does not, in the order of keys; NULL only if everybody does */
    const char *rules;            /* a file in place of datasets/join.csv; NULL: the built-in one */
    const char *crosswalk;        /* links between identifiers; NULL: none */
    const hra_identity *identity; /* the key, needed with a crosswalk */
    const char *store;            /* to write */
    const char *list;             /* to write: keys of conflicts and of what did not match (0600) */
    const char *participation;    /* to write: counts by group, CSV; NULL: not wanted */
    hra_store_encoding encoding;
    const char *command; /* goes into the store */
    size_t bytes;        /* memory for sorting; 0: 256 MiB */
    int threads;
    const volatile int *stop;
    void (*progress)(void *context, const hra_progress *progress);
    void *progress_context;
} hra_join_request;

/* Writes the store, the list and the participation; the report is the caller's to free, also after a failure. */
hra_code hra_join_run(const hra_join_request *request, hra_join_report **report, hra_error *error);

/* "latest-values", "latest-visit" or "first-visit" (NULL: the first); false: none of them. */
bool hra_join_visit_rule(const char *text, hra_visit_rule *rule);

#endif
