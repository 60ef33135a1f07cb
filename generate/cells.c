#include "generate/cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"

enum { MOST_CELLS = 8192 };

static int format_number(int64_t steps, int decimals, char *out)
{
    char digits[24];
    int count = 0, length = 0;
    bool negative = steps < 0;
    uint64_t rest = negative ? (uint64_t)-steps : (uint64_t)steps;
    for (; rest || count <= decimals; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    if (negative) out[length++] = '-';
    while (count > 0) {
        out[length++] = digits[--count];
        if (count == decimals && decimals > 0) out[length++] = '.';
    }
    return length;
}

static int format_day(int64_t day, hra_date_form form, char *out)
{
    static const char *const forms[] = {"%04d-%02d-%02d", "%d/%d/%d", "%d.%d.%d", "%04d%02d%02d", "%d年%d月%d日"};
    hra_date date = hra_date_of_day((double)day);
    return snprintf(out, HRA_CELL_LONGEST, forms[form], (int)date.year, date.month, date.day);
}

static const char *level_text(const hra_level *level, bool chinese)
{
    if (chinese)
        for (int i = 0; i < level->label_count; i++)
            if ((unsigned char)level->labels[i][0] >= 0x80) return level->labels[i];
    return level->name;
}

/* Whether an electrocardiogram is normal is told in words where other findings are there or not (有, 无). */
static const char *flag_text(const hra_cell_column *c, bool yes)
{
    if (strcmp(c->variable->name, "ecg_normal") == 0 && strcmp(c->dialect->yes, "有") == 0)
        return yes ? "正常心电图" : "异常心电图";
    return yes ? c->dialect->yes : c->dialect->no;
}

int hra_cell_format(const hra_cell_column *c, uint32_t code, char out[HRA_CELL_LONGEST])
{
    const char *text = NULL;
    int64_t steps = c->column->first + (int64_t)code;
    if (code >= c->column->levels) {
        bool result = c->variable->type == HRA_TYPE_MEASURE;
        text = result ? c->dialect->not_done : "";
    } else if (c->variable->type == HRA_TYPE_FLAG) {
        text = flag_text(c, code != 0);
    } else if (c->variable->type == HRA_TYPE_CATEGORY) {
        text = level_text(&c->variable->levels[code], c->dialect->chinese_levels);
    } else if (c->variable->type == HRA_TYPE_DATE) {
        return format_day(steps, c->dialect->dates, out);
    } else if (c->converted) {
        double value = (hra_column_value(c->column, code) - c->offset) / c->factor;
        return format_number(llround(value), 0, out);
    } else {
        return format_number(steps, c->column->decimals, out);
    }
    size_t length = strlen(text);
    if (length > HRA_CELL_LONGEST - 1) length = HRA_CELL_LONGEST - 1;
    memcpy(out, text, length);
    return (int)length;
}

/* A text too long for a cell keeps length 0 and is formatted each time. */
static void make_cell(const hra_cell_column *c, uint32_t code, hra_cell *cell)
{
    char text[HRA_CELL_LONGEST];
    int length = hra_cell_format(c, code, text);
    if (length >= HRA_CELL_TEXT) return;
    memcpy(cell->text, text, (size_t)length);
    cell->text[length] = c->dialect->delimiter;
    cell->length = (uint8_t)(length + 1);
}

static bool in_mgdl(const hra_variable *variable)
{
    static const char *const names[] = {"tc", "hdl", "ldl", "tg", "glucose_fasting", "glucose_2h"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(variable->name, names[i]) == 0) return true;
    return false;
}

static hra_code make_column(const hra_schema *schema, int index, const hra_dialect *dialect, hra_cell_column *c,
                            hra_error *error)
{
    const hra_column *column = &schema->columns[index];
    const hra_variable *variable = hra_dictionary_at(schema->dictionary, column->variable);
    *c = (hra_cell_column){
        .column = column, .variable = variable, .dialect = dialect, .unit = variable->unit, .factor = 1};
    if (dialect->mgdl && in_mgdl(variable)) {
        c->unit = "mg/dL";
        c->converted = true;
        if (!hra_variable_unit(variable, c->unit, &c->factor, &c->offset))
            return hra_fail(error, HRA_EINTERNAL, "the dictionary has no mg/dL for '%s'", variable->name);
    }
    c->cell_count = column->levels < MOST_CELLS ? column->levels : MOST_CELLS;
    c->cells = calloc(c->cell_count ? c->cell_count : 1, sizeof *c->cells);
    if (!c->cells) return hra_fail(error, HRA_ENOMEM, "out of memory for cell texts");
    for (uint32_t code = 0; code < c->cell_count; code++) make_cell(c, code, &c->cells[code]);
    make_cell(c, hra_column_missing(column), &c->missing);
    return HRA_OK;
}

hra_code hra_cells_make(const hra_schema *schema, const hra_dialect *dialect, hra_cells *out, hra_error *error)
{
    out->count = schema->column_count;
    out->columns = calloc((size_t)schema->column_count, sizeof *out->columns);
    if (!out->columns) return hra_fail(error, HRA_ENOMEM, "out of memory for cell texts");
    for (int i = 0; i < schema->column_count; i++) HRA_TRY(make_column(schema, i, dialect, &out->columns[i], error));
    return HRA_OK;
}

void hra_cells_destroy(hra_cells *cells)
{
    for (int i = 0; cells->columns && i < cells->count; i++) free(cells->columns[i].cells);
    free(cells->columns);
    *cells = (hra_cells){0};
}
