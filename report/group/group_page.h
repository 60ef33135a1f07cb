/* Everything that is known of one group, and the writers that turn it into text. */
#ifndef HRA_REPORT_GROUP_PAGE_H
#define HRA_REPORT_GROUP_PAGE_H

#include "base/buffer.h"
#include "report/group/group_files.h"
#include "service/group/client_book.h"
#include "service/group/group_problems.h"
#include "service/group/group_programme.h"

typedef struct hra_group_page {
    const hra_group_request *request;
    const double *standard;
    const hra_group *group;
    const hra_problem *problems; /* by rank */
    int problem_count;
    const hra_programme *programme;
    bool has_participation;
    double participation[4]; /* invited, examined, answered, assessed; NaN: not said */
    const hra_client_book *book;
    const hra_client_figure *figures; /* of the client edition */
    int figure_count;
} hra_group_page;

extern const char *const hra_group_csv_header, *const hra_client_csv_header, *const hra_withheld_csv_header;
void hra_group_page_csv(const hra_group_page *page, hra_buffer *out);
void hra_group_page_json(const hra_group_page *page, hra_buffer *out);
void hra_client_page_csv(const hra_group_page *page, hra_buffer *out);
void hra_client_page_json(const hra_group_page *page, hra_buffer *out);
void hra_withheld_page_csv(const hra_group_page *page, hra_buffer *out);

/* Whether the client may hear of a measure, a lecture or a topic: its problem is frequent enough, and not sensitive. */
bool hra_group_page_tells(const hra_group_page *page, const hra_problem *problem);

/* "null" for NaN. */
void hra_json_number(hra_buffer *out, double value);
/* ,"key":"text" in the language of the page; nothing if there is none. */
void hra_json_text_of(hra_buffer *out, const hra_group_page *page, const hra_declaration *d, const char *key);
/* ,"name":{"value":..,"low":..,"high":..} */
void hra_json_interval(hra_buffer *out, const char *name, hra_interval interval);

#endif
