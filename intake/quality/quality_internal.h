/* A quality report from the inside: what is counted of a file and of a delivery, and what is found. */
#ifndef HRA_INTAKE_QUALITY_INTERNAL_H
#define HRA_INTAKE_QUALITY_INTERNAL_H

#include "intake/quality/quality_progress.h"
#include "intake/quality/quality.h"
#include "intake/quality/quality_policy.h"
#include "intake/quality/quality_words.h"
#include "intake/profiles/tally.h"

enum { HRA_QUALITY_ARGUMENTS = 6, HRA_QUALITY_ARGUMENT = 128 };

/* Something a policy warns of, or holds a file for. Numbers and names of columns, never a person's value. */
typedef struct hra_quality_finding {
    hra_quality_indicator indicator;
    hra_quality_action action;
    int file;           /* of the delivery; -1: of all its files together */
    int variable;       /* -1: of no column */
    const char *header; /* of the column; NULL: none */
    double found, limit;
    char arguments[HRA_QUALITY_ARGUMENTS][HRA_QUALITY_ARGUMENT]; /* what its text says (quality_texts.csv) */
    int argument_count;
} hra_quality_finding;

typedef struct hra_quality_findings {
    hra_quality_finding *items;
    int count, capacity;
} hra_quality_findings;

/* Why values were rejected or altered. */
typedef struct hra_quality_reason {
    const char *what;
    int64_t count;
} hra_quality_reason;

/* One variable: of one file in the unit it came in, or of a delivery in its canonical unit. */
typedef struct hra_quality_column {
    int variable;
    const char *header; /* of the first file's column */
    const char *unit;
    double factor, offset; /* to the canonical unit */
    int decimals;
    int64_t rows; /* people of whom it is asked (only_for), or who answered all the same */
    int64_t known, not_done, refused, rejected, implausible, altered;
    int64_t zeros;      /* 0 where nobody has 0 */
    hra_tally *values;  /* known ones; dates as days, categories as ordinals, flags as 0 and 1 */
    hra_tally *all;     /* with those beyond the hard limits; the same as `values` where there are none */
    int64_t digits[10]; /* last digits at the precision used, of measurements; in a delivery the sums of its files */
    int digit_decimals; /* that precision; -1: not looked at */
    hra_quality_reason *reasons; /* of rejections */
    int reason_count;
} hra_quality_column;

/* How often both of two columns are known, and the first is not below the second. */
typedef struct hra_quality_pair {
    const hra_quality_rule *rule;
    int first, second; /* columns */
    int64_t both, wrong;
} hra_quality_pair;

typedef struct hra_quality_file {
    int input; /* in the request */
    const char *name;
    const char *not_read; /* why; NULL: it was */
    bool held;            /* by policy */
    bool has_identifier;
    int64_t rows, rows_rejected, duplicates, short_rows, shifted, damaged, kept;
    hra_quality_column *columns;
    int column_count;
    hra_quality_pair *pairs;
    int pair_count;
    hra_arena *memory; /* its own, as files are read side by side */
} hra_quality_file;

/* What one source sent: the files of one provider in one request. */
typedef struct hra_quality_delivery {
    const char *provider;
    hra_quality_file *files;
    int file_count;
    hra_quality_column *columns; /* merged from the files that were read */
    int column_count, column_capacity;
    const char *earlier; /* day of the last delivery; NULL: there is none */
    bool has_history;    /* one was asked for */
    hra_quality_findings findings;
} hra_quality_delivery;

/* A file to be written. */
typedef struct hra_quality_page {
    const char *folder; /* made beforehand; NULL: it is there */
    const char *path;
    hra_buffer text;
} hra_quality_page;

typedef struct hra_quality_job {
    hra_quality *quality; /* gets the pages */
    int page_capacity;
    const hra_quality_request *request;
    const hra_dictionary *dictionary;
    hra_quality_policy policy;
    const hra_quality_words *words;
    const char *const *names; /* of the inputs, as they are shown */
    hra_arena *arena;
    hra_quality_progress *progress; /* NULL: of files that are read side by side */
    hra_error *error;
} hra_quality_job;

/* ---- reading: quality_read.c ------------------------------------------------------------ */

/* Reads a file as an import would and counts. A file that cannot be read gets `not_read`. Several threads may read
 * different files. */
hra_code hra_quality_read(const hra_quality_job *job, int threads, hra_quality_file *file, hra_error *error);
void hra_quality_file_free(hra_quality_file *file);                    /* what it holds */
void hra_quality_columns_free(hra_quality_column *columns, int count); /* tallies; the rest is the arena's */
/* Adds a file's columns to the delivery's. */
hra_code hra_quality_merge(hra_quality_job *job, const hra_quality_file *file, hra_quality_delivery *delivery);

/* Rows with three or more values beyond the hard limits, not counting what stands for not measured: quality_shift.c */
int64_t hra_quality_shifted_rows(const hra_chunk *chunk);

/* ---- judging: quality_judge.c, quality_columns.c, history.c ----------------------------------- */

/* A finding of a rule if what was found is beyond its limit and there is enough to judge; NULL: none, or out of memory
 * (findings->capacity is then -1). The caller fills the arguments. */
hra_quality_finding *hra_quality_find(hra_quality_findings *findings, const hra_quality_rule *rule, int variable,
                                      double found, int64_t enough);
void hra_quality_argue(hra_quality_finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
void hra_quality_judge_file(const hra_quality_job *job, const hra_quality_file *file, int index,
                            hra_quality_findings *findings);

/* ---- measures: quality_measures.c ------------------------------------------------------------ */

/* How many numbers are plausible if they are in this unit; low and high are its plausible range. */
int64_t hra_quality_plausible(const hra_tally *values, const hra_variable *variable, const char *unit, double *low,
                              double *high);
/* Of `values`: how many the declared unit makes implausible and the other plausible. */
int64_t hra_quality_only_other(const hra_tally *values, const hra_variable *variable, const char *unit,
                               const char *other);
/* Fewest decimals (0 to 3) that 95 % of the numbers need no more than, and the last digits at that precision; zeros are
 * left out. -1: there is no such precision, the numbers were calculated. */
int hra_quality_digits(const hra_tally *values, int64_t digits[10]);
/* Chi-square of digits against equal shares of all ten (9 degrees of freedom), or of the even ones (4). */
double hra_quality_digit_chi2(const int64_t digits[10], bool even_alone);
/* Share of the days of month up to the 12th, and how many different months of the year there are. */
double hra_quality_early_days(const hra_tally *days, int *months);
/* Share of the most frequent value. */
double hra_quality_top_share(const hra_tally *values);
/* Share of days that are a first of January. */
double hra_quality_january_first(const hra_tally *days);

/* ---- writing: quality_pages.c, quality_tables.c ------------------------------------------------- */

/* Takes the text. */
hra_code hra_quality_add_page(hra_quality_job *job, const char *folder, const char *path, hra_buffer *text);
hra_code hra_quality_write(hra_quality_job *job, const hra_quality_delivery *delivery);
void hra_quality_html(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out);
void hra_quality_csv(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out);
void hra_quality_json(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out);
/* The sentence of a finding. */
void hra_quality_sentence(const hra_quality_words *words, const hra_quality_finding *finding, hra_buffer *out);

/* Shares of a column as they may be shown. */
typedef struct hra_quality_band {
    char label[96];
    int64_t count;
} hra_quality_band;
enum { HRA_QUALITY_BANDS = 40 };
int hra_quality_bands(const hra_quality_job *job, const hra_quality_column *column, double width,
                      hra_quality_band bands[HRA_QUALITY_BANDS]);
/* "<5", else the count; where another band of the table is hidden rounded to tens, so that no difference tells it. */
void hra_quality_band_text(const hra_quality_job *job, const hra_quality_band *bands, int count, int index,
                           hra_buffer *out);

#endif
