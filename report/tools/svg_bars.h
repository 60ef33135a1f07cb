/* Bars of reports: a value against its target zone, a risk and what is left of
 * it after a step. They stretch to the room they get; words and numbers stand
 * beside them as text. */
#ifndef HRA_REPORT_SVG_BARS_H
#define HRA_REPORT_SVG_BARS_H

#include "base/buffer.h"

/* A dot against the zone from `low` to `high` (NaN: open). The scale comes from the zone alone, so that years can be
 * laid side by side; a value beyond it stands at the end as an arrowhead. */
void hra_svg_target(hra_buffer *out, double value, double low, double high, const char *title);

/* `left` of `whole` on a scale from 0 to `full`; what is gone is hatched, what would be added is drawn as an outline.
 */
void hra_svg_part(hra_buffer *out, double whole, double left, double full, const char *title);

#endif
