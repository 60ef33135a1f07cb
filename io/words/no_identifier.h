/* What stands in a column of identifiers and is none. */
#ifndef HRA_IO_NO_IDENTIFIER_H
#define HRA_IO_NO_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

/* "无", "-", "NULL", "未提供": a word for none. People who have none would else be one person. */
bool hra_says_no_identifier(const char *text, size_t length);

/* "制表人：", "(盖章)", "第1页": what stands under a table. `alone`: every other cell of the row is empty. */
bool hra_is_footer(const char *text, size_t length, bool alone);

/* "合计", "小计：", "合计60人", "平均值": what a report calculates for its people. */
bool hra_is_total(const char *text, size_t length);

#endif
