/* Whether an urgent list that is there was made for this day and in this language: what its first line says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "io/csv/csv_cells.h"
#include "report/person/urgent_list.h"
#include "report/person/urgent_records.h"

enum { FINDING = 6, TITLE, DEADLINE = 12, CELLS };

static bool is_text(hra_cell_text cell, const char *text)
{
    return strlen(text) == cell.length && memcmp(cell.text, text, cell.length) == 0;
}

static bool is_deadline(hra_cell_text cell, const hra_declaration *d, double as_of)
{
    const char *days = hra_declaration_text(d, "deadline_days", "en");
    char day[HRA_DAY_TEXT];
    return is_text(cell, days && !isnan(as_of) ? hra_day_text(as_of + atof(days), day) : "");
}

static bool record_fits(const char *record, size_t length, const hra_library *library, const char *language,
                        double as_of)
{
    hra_buffer scratch = {0};
    hra_cells cells = hra_cells_begin(record, length, ',', &scratch);
    const hra_declaration *d = NULL;
    bool fits = true;
    for (int i = 0; i < CELLS && fits; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (i == FINDING) {
            char *id = strndup(cell.text, cell.length);
            d = id ? hra_library_find(library, id) : NULL;
            free(id);
            fits = d != NULL;
        } else if (i == TITLE) {
            const char *title = hra_declaration_text(d, "title", language);
            fits = is_text(cell, title ? title : "");
        } else if (i == DEADLINE) {
            fits = is_deadline(cell, d, as_of);
        }
        fits = fits && (i == CELLS - 1 || !cells.done);
    }
    hra_buffer_destroy(&scratch);
    return fits;
}

bool hra_urgent_list_fits(const char *path, const hra_library *library, const char *language, double as_of)
{
    hra_buffer list = {0};
    hra_error none;
    const char *line = NULL, *next = NULL;
    bool fits = hra_urgent_list_read(path, &list, &none) == HRA_OK && list.length > 0 &&
                hra_urgent_record_end(list.bytes, list.bytes + list.length, &line);
    if (fits && hra_urgent_record_end(line, list.bytes + list.length, &next))
        fits = record_fits(line, (size_t)(next - line) - 1, library, language, as_of);
    hra_buffer_destroy(&list);
    return fits;
}
