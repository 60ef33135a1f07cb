/* Per-person files of `hra run`: persons.csv (one line each: risks, tier,
 * findings, prescriptions) and persons.jsonl (packed; one JSON object each, with the
 * information list and the texts). Both are sinks, written in input order. */
#ifndef HRA_REPORT_PERSON_FILES_H
#define HRA_REPORT_PERSON_FILES_H

#include "engine/run/runner.h"
#include "io/files/text_packer.h"
#include "report/models/catalogue.h"
#include "report/person/person_view.h"
#include "report/tools/status_writer.h"

typedef struct hra_person_file hra_person_file;

typedef enum hra_person_format { HRA_PERSON_CSV, HRA_PERSON_JSON } hra_person_format;

typedef struct hra_person_file_options {
    hra_person_format format;
    hra_packing packing;  /* of JSON */
    const char *language; /* "zh" or "en" */
    int threads;
    double as_of;                 /* day that goals count from; NaN unknown */
    const hra_previous *previous; /* JSON: the earlier year, NULL none */
    const hra_runs *runs;         /* JSON: this run with several earlier ones, NULL none */
    const hra_signoffs *signoffs; /* JSON: what has been approved, NULL nothing */
} hra_person_file_options;

/* catalogue, graph and schema must outlive the file. */
hra_code hra_person_file_new(const char *path, const hra_catalogue *catalogue, const hra_graph *graph,
                             const hra_schema *schema, const hra_person_file_options *options, hra_person_file **out,
                             hra_error *error);
hra_sink *hra_person_file_sink(hra_person_file *file);
hra_code hra_person_file_finish(hra_person_file *file, hra_error *error);
void hra_person_file_free(hra_person_file *file);

/* What the lines of persons.csv are written from, in person_csv.c; those of JSON are from the view alone. */
typedef struct hra_person_writer {
    const hra_catalogue *catalogue;
    const hra_schema *schema;
    hra_status_writer *status;
    hra_person_views *views; /* JSON */
} hra_person_writer;

void hra_person_csv_header(const hra_person_writer *writer, hra_buffer *out);
void hra_person_csv_row(const hra_person_writer *writer, int thread, const hra_chunk *chunk, const hra_results *results,
                        int row, const char *key, hra_buffer *out);

/* The row's text of the label column named so in the dictionary ("group_id"), "" if it has none. */
const char *hra_chunk_label(const hra_schema *schema, const hra_chunk *chunk, int row, const char *name);

#endif
