/* The inside of the sign-offs, for the files that read and write sheets. */
#ifndef HRA_SERVICE_SIGNOFF_INTERNAL_H
#define HRA_SERVICE_SIGNOFF_INTERNAL_H

#include "base/map.h"
#include "service/signoff/content.h"
#include "service/signoff/signoff.h"

typedef enum hra_decision { HRA_DECISION_NONE, HRA_DECISION_APPROVED, HRA_DECISION_REJECTED } hra_decision;

typedef struct hra_signoff_entry {
    const hra_declaration *declaration;
    const char *kind; /* NULL: needs no signature */
    char hash[HRA_CONTENT_HASH_TEXT];
    /* of the sheets */
    hra_decision decision;
    char signed_hash[HRA_CONTENT_HASH_TEXT];
    char *reviewer, *comment;
    double date, expiry; /* NaN: none */
    /* found */
    hra_signoff state;
} hra_signoff_entry;

struct hra_signoffs {
    const hra_library *library;
    double as_of;
    hra_signoff_entry *entries; /* in the order of the library */
    int count;
    hra_map *index;  /* id -> entry */
    hra_buffer gone; /* lines about rows that belong to no declaration */
    bool resolved;
};

/* Columns of the sheet, in order. */
#define HRA_SHEET_COLUMNS(COLUMN)                                                                                      \
    COLUMN(ID, "id")                                                                                                   \
    COLUMN(KIND, "kind")                                                                                               \
    COLUMN(TITLE, "title")                                                                                             \
    COLUMN(TITLE_ZH, "title_zh")                                                                                       \
    COLUMN(RULE, "rule")                                                                                               \
    COLUMN(TEXTS, "texts")                                                                                             \
    COLUMN(TEXTS_ZH, "texts_zh")                                                                                       \
    COLUMN(SOURCE, "source")                                                                                           \
    COLUMN(REVIEW, "review")                                                                                           \
    COLUMN(FILE, "file")                                                                                               \
    COLUMN(STATE, "state")                                                                                             \
    COLUMN(HASH, "hash")                                                                                               \
    COLUMN(DECISION, "decision")                                                                                       \
    COLUMN(REVIEWER, "reviewer")                                                                                       \
    COLUMN(DATE, "date")                                                                                               \
    COLUMN(EXPIRY, "expiry")                                                                                           \
    COLUMN(COMMENT, "comment")

enum hra_sheet_column {
#define COLUMN(NAME, text) HRA_SHEET_##NAME,
    HRA_SHEET_COLUMNS(COLUMN)
#undef COLUMN
        HRA_SHEET_COLUMN_COUNT
};

extern const char *const hra_sheet_columns[HRA_SHEET_COLUMN_COUNT];

#endif
