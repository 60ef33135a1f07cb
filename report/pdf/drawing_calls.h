/* Pango, cairo, fontconfig and HarfBuzz for printed reports, loaded when the first is made. Whoever calls them includes
 * this header instead of theirs; functions that are called stand in drawing.calls. */
#ifndef HRA_REPORT_DRAWING_CALLS_H
#define HRA_REPORT_DRAWING_CALLS_H

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <hb-subset.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#undef g_free /* a macro in newer versions */

#include "base/fail.h"
#include "late/drawing.h" /* after the libraries' own names */

/* Before anything is drawn; later calls cost nothing. Libraries absent: HRA_EUSAGE with what to install. */
hra_code hra_drawing_load(hra_error *error);

#endif
