/* One of hra's lists (urgent results, register, follow-up ...) as a workbook: its columns by name, titles in the
 * reader's language, names of the people beside their keys, and lists of what may be entered into a register. */
#ifndef HRA_REPORT_XLSX_LIST_H
#define HRA_REPORT_XLSX_LIST_H

#include <stdint.h>

#include "base/fail.h"
#include "report/tools/people_names.h"
#include "report/tools/texts.h"

typedef struct hra_xlsx_list_request {
    const char *name;         /* "follow_up": says the title of the sheet */
    const char *const *names; /* of the columns, as in the header of the CSV */
    int count;
    const hra_words *words;
    hra_people_names *people; /* NULL: keys alone */
    const char *transitions;  /* states a register knows; NULL: the table built in */
    int64_t sheet_rows;       /* 0: as many as fit */
    double day;               /* of the run, told as that of the making; 0, NaN: not known */
} hra_xlsx_list_request;

typedef struct hra_xlsx_list_file hra_xlsx_list_file;

/* The texts of the request are copied; words and people must outlive the file. */
hra_code hra_xlsx_list_new(const char *path, const hra_xlsx_list_request *request, hra_xlsx_list_file **out,
                           hra_error *error);
hra_code hra_xlsx_list_row(hra_xlsx_list_file *file, const char *const *cells, hra_error *error);
hra_code hra_xlsx_list_finish(hra_xlsx_list_file *file, hra_error *error); /* frees */
void hra_xlsx_list_abandon(hra_xlsx_list_file *file);                      /* NULL allowed */

/* A whole table (CSV or workbook) as a workbook; `request` without name, names and count. */
hra_code hra_xlsx_list_convert(const char *table, const char *path, const hra_xlsx_list_request *request, int64_t *rows,
                               hra_error *error);

/* The name of a list: that of its file without folder and endings ("night/care/follow_up.csv": "follow_up"). */
void hra_xlsx_list_name(const char *path, char out[64]);

#endif
