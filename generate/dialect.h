/* How a file is written: the clean form with dictionary names, the same with
 * Chinese headers, and the manners of six checkup providers. */
#ifndef HRA_GENERATE_DIALECT_H
#define HRA_GENERATE_DIALECT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "engine/data/column.h"

typedef enum hra_date_form {
    HRA_DATE_DASH,
    HRA_DATE_SLASH,
    HRA_DATE_DOT,
    HRA_DATE_COMPACT,
    HRA_DATE_CHINESE
} hra_date_form;
typedef enum hra_header_form {
    HRA_HEADER_NAME,    /* sbp */
    HRA_HEADER_CHINESE, /* 收缩压 */
    HRA_HEADER_ALIASES  /* 高压, SBP ...: another one for each dialect */
} hra_header_form;
typedef enum hra_unit_form { HRA_UNIT_NONE, HRA_UNIT_BRACKETS, HRA_UNIT_FULL_WIDTH } hra_unit_form;

typedef struct hra_dialect {
    const char *encoding; /* of iconv; "UTF-8" is written as it is */
    bool byte_order_mark, crlf, names, title, joined_pressure;
    bool mgdl; /* lipids and glucose in mg/dL */
    char delimiter;
    hra_header_form header;
    hra_unit_form units;
    int alias; /* which alias headers take */
    hra_date_form dates;
    bool chinese_levels;
    const char *yes, *no;
    const char *not_done; /* in the cells of results that are missing */
} hra_dialect;

extern const hra_dialect hra_dialect_plain, hra_dialect_chinese;
/* One for each provider. */
const hra_dialect *hra_dialect_of_provider(int provider);

/* The header cell of a column; `unit` is the one the values are written in. */
void hra_dialect_header(const hra_dialect *dialect, const hra_variable *variable, const char *unit, hra_buffer *out);

#endif
