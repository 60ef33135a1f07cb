/* Delimited text as a source of chunks (docs/formats.md): CSV, tab or
 * semicolon, plain or gzip, UTF-8 with or without BOM or GB18030. The same
 * source serves `import` (into a store) and `score` (directly), so both give
 * the same bits. */
#ifndef HRA_IO_CSV_SOURCE_H
#define HRA_IO_CSV_SOURCE_H

#include "base/buffer.h"
#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "io/identity/identity.h"
#include "io/tables/text_stream.h"
#include "io/words/cell_tally.h"

/* What happens to rows with an identifier seen before. */
typedef enum hra_duplicate_rule {
    HRA_DUPLICATE_KEEP_ALL,   /* every row stands (score) */
    HRA_DUPLICATE_KEEP_FIRST, /* later rows are rejected (import, run) */
    HRA_DUPLICATE_KEEP_LAST,  /* earlier rows are rejected; the identifiers are read once more, beforehand */
    HRA_DUPLICATE_REJECT,     /* all rows of an identifier that occurs twice are rejected */
    HRA_DUPLICATE_KEEP_LATEST /* the row of the latest visit stands, of several the last one; one without a day comes
                                 before all others */
} hra_duplicate_rule;

/* One file and the manner it is read in: from its profile. Fields left zero or NULL fall back to the options. */
typedef struct hra_delivery {
    const char *encoding;
    char delimiter;
    int header_row;
    const char *sheet;    /* of a workbook, or the table inside a foreign HDF5 file */
    bool sheet_is_all;    /* nobody need be told of the others */
    const char *map_file; /* map lines (a profile is a map file with a head) */
    const char *units;
    const char *issuer;   /* of the identifiers */
    const char *provider; /* the hospital or system the file comes from */
    const char *group;
    bool guess_encoding; /* as in the options, which give it */
} hra_delivery;

typedef struct hra_csv_options {
    const hra_delivery *deliveries; /* one per path, or NULL: all are read by the options below */
    const char *sheet;
    const char *encoding;          /* NULL: detect; "utf-8", "gb18030", "gbk" */
    bool guess_encoding;           /* detect it from the start of a file: hra_csv_tries_again says what then */
    char delimiter;                /* 0: detect */
    int header_row;                /* 1-based; 0: first non-empty line */
    const char *map_file;          /* --map: "column = variable [unit]" lines; NULL: none */
    const char *units;             /* --units "tc=mg/dL,glucose_fasting=mg/dL"; NULL: none */
    bool enforce_hard_limits;      /* import and run: values outside are rejected; score: flagged only */
    const char *reject_path;       /* reject file; NULL: none is written (counts are still kept) */
    const char *issuer;            /* of the identifiers; "" by default */
    const hra_identity *identity;  /* NULL: keys are the identifiers as given */
    hra_duplicate_rule duplicates; /* by identifier, over all files */
    bool tells_later;              /* KEEP_FIRST: of rows that are left out, which are of a later visit */
    bool left_out_only;            /* only rows that the rule leaves out stand: what is urgent in them must be told */
    size_t duplicate_bytes;        /* memory for finding them; 0: 40 MiB */
    const char *spill_beside;      /* what exceeds it goes to a nameless file in the folder of this path (the output);
                                      NULL: of the reject file, else /tmp */
    bool require_id;               /* import: a row without identifier is rejected; else the row number is the key */
    bool count_only;               /* rows are looked at, never stored under their identifier: no key is needed */
    const char *group;             /* group label for all rows (one file per corporate group), or NULL */
    const char *key_map; /* encrypted file of identifiers and names by key (io/identity/key_map.h); NULL: none */
    const struct hra_keep *keep;    /* columns that are read as variables of their own (io/csv/keep.h); NULL: none */
    bool group_from_file;           /* a file without a group column is one group, named after the file */
    const char *const *file_groups; /* its name, per path; NULL: the file's name */
    const char *const *file_names;  /* as the reject file tells it, per path; NULL: without its folders */
    const char *(*say)(const void *words, const char *english); /* reasons in the reject file; NULL: English */
    const void *words;                                          /* the first argument of `say` */
} hra_csv_options;

/* What the header matching found; for the report and for `hra inspect`. */
typedef struct hra_csv_match {
    const char *header;
    int variable;     /* dictionary index, -1: not matched or ignored */
    const char *unit; /* unit the values are read in */
    const char *how;  /* "name", "alias", "map", "ignored: text never enters hra", "no such variable", ... */
} hra_csv_match;

typedef struct hra_value_counts {
    int64_t known, missing, implausible, rejected, altered;
} hra_value_counts;

typedef struct hra_csv_report {
    const char *file, *encoding;
    char delimiter;
    const hra_csv_match *matches;
    int match_count;
    int64_t rows, rows_rejected;    /* rejected ones are among the rows */
    int64_t rows_short;             /* fewer cells than the header: the rest is missing */
    int64_t long_rows;              /* rows of a long file, whose `rows` are people and days; 0: a wide file */
    int64_t unknown_items, repeats; /* of them: items without a meaning, values behind another of the same item */
    int64_t duplicates;             /* rows rejected for an identifier seen elsewhere */
    int64_t later;                  /* of them those of a later visit than the row that stands, where it is asked for */
    const hra_text_facts *text;     /* what the file is; of a workbook, which sheet is read */
    int64_t damaged;                /* places not valid in the encoding, read as U+FFFD */
    int64_t first_damaged;          /* byte offset of the first, -1: none */
    const hra_value_counts *values; /* per schema column */
    const hra_tallies *tallies;     /* what was said beyond these counts: reasons, alterations, marks */
} hra_csv_report;

/* Opens one or several files with one common schema (the union of their
 * matched columns, one column per delivered unit). */
hra_code hra_csv_open(const char *const *paths, int path_count, const hra_dictionary *dictionary,
                      const hra_csv_options *options, hra_source **out, hra_error *error);
/* Where encodings were guessed and something failed: true if all is to be thrown away and done again without guessing.
 * A message that rests on a guess is never shown. */
bool hra_csv_tries_again(bool guesses, hra_code code);
int hra_csv_file_count(const hra_source *source);
/* Header facts are there after open, counts after the last chunk. */
const hra_csv_report *hra_csv_file_report(const hra_source *source, int file);
/* Over all files, after the last chunk: of one column of the schema, and of all. */
hra_value_counts hra_csv_counts(const hra_source *source, int column);
hra_value_counts hra_csv_all_counts(const hra_source *source);
/* Lines on values that were rejected or are implausible, and on columns that look as if they had another unit; nothing
 * where there are none. */
void hra_csv_doubts_print(const hra_source *source, hra_buffer *out);
/* Whether a column of the file says who a row is about. Otherwise rows are known by their number alone. */
bool hra_csv_has_identifier(const hra_source *source, const hra_csv_report *report);
/* Human-readable report: matched, not matched, ignored; per-variable counts. */
void hra_csv_report_print(const hra_source *source, hra_buffer *out);
/* The same facts as one JSON array, an object per file. */
void hra_csv_report_json(const hra_source *source, hra_buffer *out);
/* Of each file how it was read: the columns that have a meaning, with variable and unit. */
void hra_csv_reading_json(const hra_source *source, hra_buffer *out);
/* Flushes and closes the reject file (also done by close, which cannot report). */
hra_code hra_csv_finish(hra_source *source, hra_error *error);
/* The same, but a reject file that appears when it is finished is handed over to be put in place with other files; NULL
 * where there is none. */
hra_code hra_csv_complete(hra_source *source, hra_atomic_file **rejects, hra_error *error);
/* Gives back the memory that reading took, when all rows were read; reports stay. */
void hra_csv_give_back(hra_source *source);

#endif
