/* Which people go into which merged file, known before anything is printed. So a file is closed with its last person,
 * more files than can be open at a time are printed in several rounds, and one that would come out the same is left
 * alone. Grows with files, not with people. */
#ifndef HRA_REPORT_PDF_ROLL_H
#define HRA_REPORT_PDF_ROLL_H

#include "report/pdf/pdf_book.h"
#include "report/person/individual_archive.h"

typedef struct hra_pdf_volume {
    const char *path;               /* with ".pdf" */
    const char *group, *department; /* of its people, as they are called; "" none */
    int owner;                      /* whatever the caller says */
    int64_t people, first, last;    /* rows of the input */
    hra_fingerprint_bytes content;  /* of its people, in order */
    bool kept;                      /* it is there as it would be */
    int round;                      /* in which it is printed, from 1; 0 where it is kept */
    hra_pdf_book *book;             /* while it is printed */
    int number;                     /* its place in the roll */
} hra_pdf_volume;

typedef struct hra_pdf_roll hra_pdf_roll;

hra_code hra_pdf_roll_new(hra_pdf_roll **out, hra_error *error);
void hra_pdf_roll_free(hra_pdf_roll *roll); /* NULL allowed; books that are open are abandoned */

/* Whose reports a file holds. */
typedef struct hra_pdf_place {
    const char *path, *group, *department;
    int owner;
} hra_pdf_place;

/* The next person of the input, into the file of this place. */
hra_code hra_pdf_roll_add(hra_pdf_roll *roll, const hra_pdf_place *place, int64_t row,
                          const hra_fingerprint_bytes *person, hra_error *error);

int hra_pdf_roll_count(const hra_pdf_roll *roll);
hra_pdf_volume *hra_pdf_roll_at(hra_pdf_roll *roll, int number);         /* valid until the next is added */
hra_pdf_volume *hra_pdf_roll_find(hra_pdf_roll *roll, const char *path); /* NULL: nobody was added to it */

/* Deals what is not kept out to rounds, in which no more than `most_open` files stand open. Returns how many rounds. */
hra_code hra_pdf_roll_plan(hra_pdf_roll *roll, int most_open, int *rounds, hra_error *error);

#endif
