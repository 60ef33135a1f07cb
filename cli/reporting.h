/* People of a finished run, for reports: read from the population store beside
 * the results and scored again with the run's own definitions, panel and day.
 * What comes out must be what the results hold, or the report stops. */
#ifndef HRA_CLI_REPORTING_H
#define HRA_CLI_REPORTING_H

#include "cli/scoring.h"
#include "io/files/atomic_file.h"
#include "io/identity/key_map.h"
#include "io/results/result_reader.h"
#include "report/person/person_view.h"

typedef struct hra_reporting_options {
    const char *results, *population, *language, *as_of, *previous;
    hra_texts definitions, signoffs, earlier;
    bool approved_only;
    /* who: one or several people by key, one group, or all */
    hra_texts people;
    const char *group;
    bool all;
    int threads;
    bool quiet;
} hra_reporting_options;

/* Rows of an option table for hra_reporting_options. */
#define HRA_REPORTING_OPTIONS(o)                                                                                       \
    {"person", 0, HRA_OPTION_TEXTS, &(o).people, "KEY", "this person; may be repeated"},                               \
        {"group", 0, HRA_OPTION_TEXT, &(o).group, "NAME", "the people of this group"},                                 \
        {"all", 0, HRA_OPTION_FLAG, &(o).all, NULL, "everybody"},                                                      \
        {"language", 'l', HRA_OPTION_TEXT, &(o).language, "LANG", "zh (default) or en"},                               \
        {"previous", 0, HRA_OPTION_TEXT, &(o).previous, "RESULTS", "last year's results, to compare with"},            \
        {"earlier",    0,         HRA_OPTION_TEXTS,                                                                    \
         &(o).earlier, "RESULTS", "results of earlier years, for the course of values; may be repeated"},              \
        {"population",    0,      HRA_OPTION_TEXT,                                                                     \
         &(o).population, "FILE", "the population store (default: population.h5 beside the results)"},                 \
        {"definitions",    'd',    HRA_OPTION_TEXTS,                                                                   \
         &(o).definitions, "FILE", "the definitions that the run had; may be repeated"},                               \
        {"signoffs", 0, HRA_OPTION_TEXTS, &(o).signoffs, "FILE", "signed review sheets, as the run had them"},         \
        {"approved-only", 0, HRA_OPTION_FLAG, &(o).approved_only, NULL, "omit unapproved content, as the run did"},    \
        {"as-of", 0, HRA_OPTION_TEXT, &(o).as_of, "DAY", "the run's day, if its results do not record it"},            \
        {"threads", 't', HRA_OPTION_INT, &(o).threads, "N", "threads (default: all processors)"},                      \
    {                                                                                                                  \
        "quiet", 'q', HRA_OPTION_FLAG, &(o).quiet, NULL, "no progress, no summary"                                     \
    }

/* What stands on the pages about people. */
typedef struct hra_page_options {
    const char *key_map, *key, *provider, *contact;
    bool mask_names;
} hra_page_options;

/* Rows of an option table for hra_page_options. */
#define HRA_PAGE_OPTIONS(o)                                                                                            \
    HRA_NAMES_OPTIONS((o).key_map, (o).key),                                                                           \
        {"mask-names", 0, HRA_OPTION_FLAG, &(o).mask_names, NULL, "print only the first character of names"},          \
        {"provider", 0, HRA_OPTION_TEXT, &(o).provider, "TEXT", "who provides the report"},                            \
    {                                                                                                                  \
        "contact", 0, HRA_OPTION_TEXT, &(o).contact, "TEXT", "contact for questions"                                   \
    }

typedef struct hra_reporting {
    const hra_reporting_options *options;
    hra_library *library;
    hra_keep *keep;
    hra_result_reader *reader;
    const hra_result_facts *facts;
    hra_input input, again; /* again: of a further pass */
    hra_scoring scoring;
    hra_catalogue *catalogue;
    hra_previous *previous;
    hra_runs *runs; /* with --earlier */
    hra_signoffs *signoffs;
    hra_person_views *views;
    double as_of;
    char *population;
    const char **lets;
    int let_count, let_capacity;
    bool failed;                           /* out of memory while lets were listed */
    int *checked_outputs, *checked_fields; /* risks of the panel, and where the results hold them */
    int checked_count;
    int64_t people; /* how many were wanted and found, in the last pass */
    int passes;
} hra_reporting;

enum { HRA_REPORTING_PATH = 4096 };

/* Makes the folder of the reports if it is not there and locks it; `beside` gets a path in it. */
hra_code hra_reporting_folder(const char *folder, char beside[HRA_REPORTING_PATH], hra_lock **lock, hra_error *error);
/* Opens the key map with its key; nothing without a key map. */
hra_code hra_reporting_names(const char *key_map, const char *key, hra_identity **identity, hra_key_map **names,
                             hra_error *error);

/* Everything up to the views; `beside`: a path in whose folder temporary files may stand. */
hra_code hra_reporting_open(const hra_reporting_options *options, const char *beside, hra_reporting *reporting,
                            hra_error *error);
void hra_reporting_close(hra_reporting *reporting);

/* Whether a report about this row is asked for; what writes reports takes it as its `wants`. Any thread. */
bool hra_reporting_wants(const void *reporting, const hra_chunk *chunk, int row);

/* Everything that all reports of a call share and that shows in them, for fingerprints. */
hra_code hra_reporting_stamp(const hra_reporting *reporting, const char *provider, const char *contact, bool mask_names,
                             hra_buffer *out, hra_error *error);

/* One pass over the people to the sink, which asks for each row whether it is wanted. Fails where nobody was. */
hra_code hra_reporting_run(hra_reporting *reporting, hra_sink *sink, hra_error *error);

#endif
