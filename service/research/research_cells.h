/* Small cells of a table for research: people who share sex, age band, place and year. Every combination that is told
 * has at least so many people as the policy says; what is rarer is told more coarsely, step by step, and in the end not
 * at all. */
#ifndef HRA_SERVICE_RESEARCH_CELLS_H
#define HRA_SERVICE_RESEARCH_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* Each numbered from 0; -1 is unknown or not told. */
typedef struct hra_research_cell {
    int sex, age, province, region, year; /* age: the number of the band; year: since 1990 */
} hra_research_cell;

enum { HRA_RESEARCH_FIRST_YEAR = 1990, HRA_RESEARCH_YEARS = 128 };

/* How a cell is told, from fine to coarse: each step gives up one more thing. */
typedef enum hra_research_detail {
    HRA_RESEARCH_FULL,
    HRA_RESEARCH_NO_PROVINCE,
    HRA_RESEARCH_NO_PLACE,
    HRA_RESEARCH_WIDE_AGE, /* bands of twice the years, and no place */
    HRA_RESEARCH_NO_AGE,
    HRA_RESEARCH_NOBODY, /* left out */
    HRA_RESEARCH_DETAILS
} hra_research_detail;

typedef struct hra_research_cells hra_research_cells;

/* So many sexes, bands (the last one open), provinces and regions. */
hra_code hra_research_cells_new(int sexes, int bands, int provinces, int regions, hra_research_cells **out,
                                hra_error *error);
void hra_research_cells_free(hra_research_cells *cells); /* NULL allowed */

void hra_research_cells_count(hra_research_cells *cells, const hra_research_cell *cell);
/* After the last person. */
hra_code hra_research_cells_settle(hra_research_cells *cells, uint32_t smallest, hra_error *error);
hra_research_detail hra_research_cells_detail(const hra_research_cells *cells, const hra_research_cell *cell);
int64_t hra_research_cells_people(const hra_research_cells *cells, hra_research_detail detail);

/* The cell as it may be told; of a wide band `age` is the first of the two. */
hra_research_cell hra_research_cell_told(hra_research_cell cell, hra_research_detail detail);

/* "40-44", "85+"; "" unknown. Bands of `years`, the open one from `top` on. */
enum { HRA_RESEARCH_BAND_TEXT = 32 };
int hra_research_band(double age, int years, int top);
void hra_research_band_text(int band, hra_research_detail detail, int years, int top, char out[HRA_RESEARCH_BAND_TEXT]);

#endif
