/* Text that comes from files, made safe to print: a header or a file name must
 * not move the cursor, colour the terminal or forge a line of a log. */
#ifndef HRA_BASE_PLAIN_TEXT_H
#define HRA_BASE_PLAIN_TEXT_H

/* Line breaks and tabs become spaces, other control characters question marks. The length stays. */
void hra_plain_text(char *text);

/* The same for several lines: line breaks and tabs stay. */
void hra_plain_lines(char *text);

/* In digits that may be a telephone or identity number (six or more in a row) each becomes '*'. */
void hra_mask_long_numbers(char *text);

#endif
