/* HTML as text: escaping, and a small printer for markup with values in it. */
#ifndef HRA_REPORT_HTML_H
#define HRA_REPORT_HTML_H

#include "base/buffer.h"

/* Text for element content and quoted attributes: & < > " ' become references; controls and marks that
 * turn the direction of text become spaces. */
void hra_html_text(hra_buffer *out, const char *text);
void hra_html_text_n(hra_buffer *out, const char *text, size_t length);

/* Markup with values. Of printf's conversions %s (escaped as above), %d, %f (at most two decimals, none where it is
 * whole) and %% are known; attributes must be quoted where a text stands in them. Quick enough for every report of a
 * night. */
void hra_html(hra_buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A style sheet of the build ("datasets/report/style.css") without remarks, line breaks and spaces that say nothing.
 * False: there is none of this name. */
bool hra_html_style(const char *name, hra_buffer *out);

#endif
