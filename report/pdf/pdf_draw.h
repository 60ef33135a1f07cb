/* Drawings of printed reports, the same as those of the pages for the screen (svg_marks.h, svg_bars.h): nothing is said
 * by colour alone. */
#ifndef HRA_REPORT_PDF_DRAW_H
#define HRA_REPORT_PDF_DRAW_H

#include "report/pdf/pdf_press.h"
#include "report/person/svg_course.h"
#include "report/tools/svg_marks.h"

hra_pdf_colour hra_pdf_level_colour(hra_level_mark mark);
/* A mark of `size` points; what it means must stand beside it in words. */
void hra_pdf_level(cairo_t *cr, hra_level_mark mark, double x, double y, double size);

/* 100 people in ten rows, `width` wide and HRA_PDF_PEOPLE_SHAPE times as high; the first `affected` are ill, of which
 * the last `spared` would not be. */
void hra_pdf_people(cairo_t *cr, int affected, int spared, double x, double y, double width);
#define HRA_PDF_PEOPLE_SHAPE (14.0 / 12.0)

typedef enum hra_pdf_person { HRA_PDF_WELL, HRA_PDF_AFFECTED, HRA_PDF_SPARED } hra_pdf_person;
/* One of them, for the legend. */
void hra_pdf_one_person(cairo_t *cr, hra_pdf_person kind, double x, double y, double size);

/* A dot against the zone from `low` to `high` (NaN: open); a value beyond the scale is an arrowhead at its end. */
void hra_pdf_target(cairo_t *cr, double value, double low, double high, double x, double y, double width);
enum { HRA_PDF_TARGET_HEIGHT = 12 };

/* `left` of `whole` on a scale to `full`: what goes is dashed, what would be added is hatched. */
void hra_pdf_part(cairo_t *cr, double whole, double left, double full, double x, double y, double width);
enum { HRA_PDF_PART_HEIGHT = 7 };

/* A line through the values of several checkups; the last one is the full dot. */
void hra_pdf_course(cairo_t *cr, const hra_view_value *value, double x, double y, double width);
enum { HRA_PDF_COURSE_HEIGHT = 12 };

void hra_pdf_rule(cairo_t *cr, double x, double y, double width, hra_pdf_colour colour, double thick);
void hra_pdf_round_box(cairo_t *cr, double x, double y, double width, double height, double radius);

#endif
