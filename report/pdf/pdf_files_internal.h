/* Between the two ways of printing files: one by one (pdf_files.c) and merged (pdf_merged.c). */
#ifndef HRA_REPORT_PDF_FILES_INTERNAL_H
#define HRA_REPORT_PDF_FILES_INTERNAL_H

#include <pthread.h>
#include <stddef.h>

#include "report/pdf/pdf_files.h"
#include "report/person/individual_fingerprint.h"

/* One person of a slice and the file it goes into. */
typedef struct hra_pdf_task {
    int row;
    int volume;
} hra_pdf_task;

struct hra_pdf_files {
    hra_sink sink;    /* single files, or the pass that finds out who goes where */
    hra_sink printer; /* the passes that print merged files */
    hra_pdf_request request;
    hra_pdf_book_options book;
    hra_fingerprints *fingerprints;
    hra_pdf_press **presses; /* of each thread; made when first needed */
    pthread_mutex_t lock;    /* of the key map and the facts */
    hra_pdf_facts facts;
    hra_pdf_roll *roll; /* merged files */
    int pass, rounds;
    hra_pdf_task *tasks;
    int task_count, task_capacity;
};

/* The files that the sinks are part of. */
#define HRA_PDF_FILES_OF(pointer, member) ((hra_pdf_files *)((char *)(pointer)-offsetof(hra_pdf_files, member)))

/* The fingerprint of one person's report. */
hra_code hra_pdf_fingerprint(hra_pdf_files *files, int thread, const hra_chunk *chunk, const hra_results *results,
                             int row, hra_fingerprint_bytes *out, hra_error *error);

/* The pages of one person at the end of a book. `press`: whose, `view`: which of the views. */
hra_code hra_pdf_print(hra_pdf_files *files, int press, int view, const hra_chunk *chunk, const hra_results *results,
                       int row, hra_pdf_book *book, hra_error *error);

/* Sinks of merged files. */
extern const hra_sink hra_pdf_merged_reader, hra_pdf_merged_printer;
/* After the first pass: what is there already, and the rounds. */
hra_code hra_pdf_merged_plan(hra_pdf_files *files, hra_error *error);

#endif
