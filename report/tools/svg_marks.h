/* Drawings that reports share: the marks of the four levels, told apart by
 * shape as well as by colour, and people for icon arrays. Defined once a page,
 * used by reference. */
#ifndef HRA_REPORT_SVG_MARKS_H
#define HRA_REPORT_SVG_MARKS_H

#include "base/buffer.h"

typedef enum hra_level_mark {
    HRA_LEVEL_GOOD,   /* ring with a tick */
    HRA_LEVEL_WATCH,  /* triangle */
    HRA_LEVEL_ACT,    /* filled square with an exclamation mark */
    HRA_LEVEL_URGENT, /* filled octagon with an exclamation mark */
    HRA_LEVEL_UNKNOWN /* dashed ring with a question mark */
} hra_level_mark;

/* A hidden element with all definitions; once, before their use. */
void hra_svg_definitions(hra_buffer *out);

/* A mark the size of the text; what it means must stand beside it in words. */
void hra_svg_level(hra_buffer *out, hra_level_mark mark);

/* 100 people: `affected` of them, of which the last `spared` would not be with all steps taken. */
void hra_svg_people(hra_buffer *out, int affected, int spared, const char *title);

#endif
