#include "report/group/group_courses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/group/group_rows.h"

enum { KIND, INDICATOR, DAY, PEOPLE, MEAN, SHARED };
enum { LOW = SHARED, HIGH, RISING, FALLING, STEADY, VARYING, HOUSE_COLUMNS };
enum { CLEAR = SHARED, SUPPRESSED, CLIENT_COLUMNS };

struct hra_group_courses {
    hra_group_rows *rows;
    bool client;
    int count;
};

hra_code hra_group_courses_open(const char *path, bool client, hra_group_courses **out, hra_error *error)
{
    static const char *const house[HOUSE_COLUMNS] = {"kind",    "indicator", "day",     "people", "mean",   "ci_low",
                                                     "ci_high", "rising",    "falling", "steady", "varying"};
    static const char *const told[CLIENT_COLUMNS] = {"kind", "indicator", "day",       "people",
                                                     "mean", "clear",     "suppressed"};
    hra_group_courses *c = calloc(1, sizeof *c);
    if (!c) return hra_out_of_memory(error);
    c->client = client;
    hra_code code =
        hra_group_rows_open(path, client ? told : house, client ? CLIENT_COLUMNS : HOUSE_COLUMNS, &c->rows, error);
    if (code)
        free(c);
    else
        *out = c;
    return code;
}

void hra_group_courses_close(hra_group_courses *c)
{
    if (!c) return;
    hra_group_rows_close(c->rows);
    free(c);
}

hra_code hra_group_courses_read(hra_group_courses *c, const char *group, hra_error *error)
{
    return hra_group_rows_read(c->rows, group, &c->count, error);
}

int hra_group_courses_count(const hra_group_courses *c) { return c->count; }

hra_group_course_row hra_group_courses_at(const hra_group_courses *c, int i)
{
    const hra_group_rows *rows = c->rows;
    hra_group_course_row row = {.kind = hra_group_rows_cell(rows, i, KIND),
                                .indicator = hra_group_rows_cell(rows, i, INDICATOR),
                                .day = hra_group_rows_cell(rows, i, DAY),
                                .people = hra_group_rows_number(rows, i, PEOPLE),
                                .mean = hra_group_rows_number(rows, i, MEAN),
                                .low = NAN,
                                .high = NAN};
    if (c->client) {
        row.clear = hra_group_rows_number(rows, i, CLEAR) == 1;
        row.hidden = hra_group_rows_number(rows, i, SUPPRESSED) != 0;
        return row;
    }
    row.low = hra_group_rows_number(rows, i, LOW);
    row.high = hra_group_rows_number(rows, i, HIGH);
    row.rising = hra_group_rows_number(rows, i, RISING);
    row.falling = hra_group_rows_number(rows, i, FALLING);
    row.steady = hra_group_rows_number(rows, i, STEADY);
    row.varying = hra_group_rows_number(rows, i, VARYING);
    return row;
}

int hra_group_courses_find(const hra_group_courses *c, const char *kind, const char *indicator, const char *day)
{
    for (int i = 0; i < c->count; i++)
        if (strcmp(hra_group_rows_cell(c->rows, i, KIND), kind) == 0 &&
            strcmp(hra_group_rows_cell(c->rows, i, INDICATOR), indicator) == 0 &&
            (!day || strcmp(hra_group_rows_cell(c->rows, i, DAY), day) == 0))
            return i;
    return -1;
}
