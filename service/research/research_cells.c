#include "service/research/research_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct hra_research_cells {
    int sexes, bands, provinces, regions; /* unknown among them */
    size_t count;
    uint64_t *people;
    unsigned char *detail;
    int64_t of_detail[HRA_RESEARCH_DETAILS];
};

static size_t place_of(const hra_research_cells *c, const hra_research_cell *cell)
{
    size_t at = (size_t)(cell->year + 1);
    at = at * (size_t)c->regions + (size_t)(cell->region + 1);
    at = at * (size_t)c->provinces + (size_t)(cell->province + 1);
    at = at * (size_t)c->bands + (size_t)(cell->age + 1);
    return at * (size_t)c->sexes + (size_t)(cell->sex + 1);
}

static hra_research_cell cell_at(const hra_research_cells *c, size_t at)
{
    hra_research_cell cell;
    cell.sex = (int)(at % (size_t)c->sexes) - 1;
    at /= (size_t)c->sexes;
    cell.age = (int)(at % (size_t)c->bands) - 1;
    at /= (size_t)c->bands;
    cell.province = (int)(at % (size_t)c->provinces) - 1;
    at /= (size_t)c->provinces;
    cell.region = (int)(at % (size_t)c->regions) - 1;
    cell.year = (int)(at / (size_t)c->regions) - 1;
    return cell;
}

hra_code hra_research_cells_new(int sexes, int bands, int provinces, int regions, hra_research_cells **out,
                                hra_error *error)
{
    hra_research_cells *c = calloc(1, sizeof *c);
    if (!c) return hra_out_of_memory(error);
    c->sexes = sexes + 1;
    c->bands = bands + 1;
    c->provinces = provinces + 1;
    c->regions = regions + 1;
    c->count = (size_t)c->sexes * (size_t)c->bands * (size_t)c->provinces * (size_t)c->regions *
               (size_t)(HRA_RESEARCH_YEARS + 1);
    c->people = calloc(c->count, sizeof *c->people);
    c->detail = calloc(c->count, sizeof *c->detail);
    if (!c->people || !c->detail) {
        hra_research_cells_free(c);
        return hra_out_of_memory(error);
    }
    *out = c;
    return HRA_OK;
}

void hra_research_cells_free(hra_research_cells *cells)
{
    if (!cells) return;
    free(cells->people);
    free(cells->detail);
    free(cells);
}

void hra_research_cells_count(hra_research_cells *cells, const hra_research_cell *cell)
{
    cells->people[place_of(cells, cell)]++;
}

hra_research_cell hra_research_cell_told(hra_research_cell cell, hra_research_detail detail)
{
    if (detail >= HRA_RESEARCH_NO_PROVINCE) cell.province = -1;
    if (detail >= HRA_RESEARCH_NO_PLACE) cell.region = -1;
    if (detail == HRA_RESEARCH_WIDE_AGE && cell.age > 0) cell.age -= cell.age % 2;
    if (detail >= HRA_RESEARCH_NO_AGE) cell.age = -1;
    return cell;
}

/* Those that no finer detail could tell are counted together as this one would show them. Told are combinations that
 * enough of them share; `tally` is room for all cells. */
static void try_detail(hra_research_cells *c, hra_research_detail detail, uint32_t smallest, uint64_t *tally)
{
    for (size_t i = 0; i < c->count; i++) tally[i] = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (c->people[i] == 0 || c->detail[i] != HRA_RESEARCH_NOBODY) continue;
        const hra_research_cell told = hra_research_cell_told(cell_at(c, i), detail);
        tally[place_of(c, &told)] += c->people[i];
    }
    for (size_t i = 0; i < c->count; i++) {
        if (c->people[i] == 0 || c->detail[i] != HRA_RESEARCH_NOBODY) continue;
        const hra_research_cell told = hra_research_cell_told(cell_at(c, i), detail);
        if (tally[place_of(c, &told)] >= smallest) c->detail[i] = (unsigned char)detail;
    }
}

hra_code hra_research_cells_settle(hra_research_cells *cells, uint32_t smallest, hra_error *error)
{
    uint64_t *tally = malloc(cells->count * sizeof *tally);
    if (!tally) return hra_out_of_memory(error);
    for (size_t i = 0; i < cells->count; i++) cells->detail[i] = HRA_RESEARCH_NOBODY;
    for (int d = HRA_RESEARCH_FULL; d < HRA_RESEARCH_NOBODY; d++)
        try_detail(cells, (hra_research_detail)d, smallest, tally);
    free(tally);
    for (size_t i = 0; i < cells->count; i++) cells->of_detail[cells->detail[i]] += (int64_t)cells->people[i];
    return HRA_OK;
}

hra_research_detail hra_research_cells_detail(const hra_research_cells *cells, const hra_research_cell *cell)
{
    return (hra_research_detail)cells->detail[place_of(cells, cell)];
}

int64_t hra_research_cells_people(const hra_research_cells *cells, hra_research_detail detail)
{
    return cells->of_detail[detail];
}

int hra_research_band(double age, int years, int top)
{
    if (!(age >= 0)) return -1;
    return age >= top ? top / years : (int)floor(age / years);
}

void hra_research_band_text(int band, hra_research_detail detail, int years, int top, char out[HRA_RESEARCH_BAND_TEXT])
{
    int bands = detail == HRA_RESEARCH_WIDE_AGE ? 2 : 1, low = band * years, high = low + bands * years - 1;
    out[0] = '\0';
    if (band < 0) return;
    if (high >= top)
        snprintf(out, HRA_RESEARCH_BAND_TEXT, "%d+", low);
    else
        snprintf(out, HRA_RESEARCH_BAND_TEXT, "%d-%d", low, high);
}
