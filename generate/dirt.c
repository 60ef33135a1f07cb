#include "generate/dirt.h"

#include <stdio.h>

#include "generate/columns.h"
#include "generate/random.h"

enum { STREAM_ROW = 0x3000, STREAM_CELLS, STREAM_NAME = 0x3100 };

/* Shares of rows. */
static const double swapped = 0.005, repeated = 0.004, conflicting = 0.001, without_key = 0.0005, one_spoilt = 0.22,
                    two_spoilt = 0.04;

typedef enum spoiling {
    FULL_WIDTH,
    WITH_UNIT,
    WITH_MARK,
    WITH_SPACES,
    CHINESE_POINT,
    COMPARATOR,
    POINT_LOST,
    ZERO,
    SPREADSHEET_ERROR,
    COMMENT,
    WRONG_UNIT,
    SPOILING_COUNT
} spoiling;
static const char *const spoiling_names[SPOILING_COUNT] = {"full_width",        "unit",       "mark",       "spaces",
                                                           "chinese_point",     "comparator", "point_lost", "zero",
                                                           "spreadsheet_error", "comment",    "wrong_unit"};

/* Results that are typed or exported as numbers. */
static const int spoilable[] = {HRA_COLUMN_sbp,
                                HRA_COLUMN_dbp,
                                HRA_COLUMN_heart_rate,
                                HRA_COLUMN_height,
                                HRA_COLUMN_weight,
                                HRA_COLUMN_waist,
                                HRA_COLUMN_tc,
                                HRA_COLUMN_hdl,
                                HRA_COLUMN_ldl,
                                HRA_COLUMN_tg,
                                HRA_COLUMN_glucose_fasting,
                                HRA_COLUMN_hba1c,
                                HRA_COLUMN_creatinine,
                                HRA_COLUMN_uric_acid,
                                HRA_COLUMN_alt,
                                HRA_COLUMN_hemoglobin};
enum { SPOILABLE_COUNT = sizeof spoilable / sizeof spoilable[0] };

static void note(hra_dirt *dirt, const char *what, const char *column)
{
    size_t used = strlen(dirt->log);
    snprintf(dirt->log + used, sizeof dirt->log - used, "%s%s%s%s", used ? " " : "", what, column ? ":" : "",
             column ? column : "");
}

/* ０-９ and ． are U+FF10 .. and U+FF0E. */
static void full_width(const char *clean, char *out)
{
    for (; *clean; clean++) {
        if (*clean >= '0' && *clean <= '9')
            out += sprintf(out, "\xEF\xBC%c", 0x90 + (*clean - '0'));
        else if (*clean == '.')
            out += sprintf(out, "\xEF\xBC\x8E");
        else
            *out++ = *clean;
    }
    *out = '\0';
}

static void replace_point(const char *clean, const char *by, char *out)
{
    const char *point = strchr(clean, '.');
    if (point)
        snprintf(out, HRA_CELL_LONGEST, "%.*s%s%s", (int)(point - clean), clean, by, point + 1);
    else
        snprintf(out, HRA_CELL_LONGEST, "%.24s", clean);
}

static bool spoil(spoiling kind, const hra_cell_column *c, uint32_t code, const char *clean, char *out)
{
    switch (kind) {
    case FULL_WIDTH: full_width(clean, out); return true;
    case WITH_UNIT: snprintf(out, HRA_CELL_LONGEST, "%.24s%s", clean, c->unit); return true;
    case WITH_MARK: snprintf(out, HRA_CELL_LONGEST, "%.24s↑", clean); return true;
    case WITH_SPACES: snprintf(out, HRA_CELL_LONGEST, " %.24s\xE3\x80\x80", clean); return true;
    case CHINESE_POINT: replace_point(clean, "。", out); return strchr(clean, '.') != NULL;
    case COMPARATOR: snprintf(out, HRA_CELL_LONGEST, "<%.24s", clean); return true;
    case POINT_LOST: replace_point(clean, "", out); return strchr(clean, '.') != NULL;
    case ZERO: snprintf(out, HRA_CELL_LONGEST, "0"); return true;
    case SPREADSHEET_ERROR: snprintf(out, HRA_CELL_LONGEST, "#DIV/0!"); return true;
    case COMMENT: snprintf(out, HRA_CELL_LONGEST, "%.24s已复查", clean); return true;
    case WRONG_UNIT: {
        double factor, offset;
        if (c->converted || !hra_variable_unit(c->variable, "mg/dL", &factor, &offset)) return false;
        snprintf(out, HRA_CELL_LONGEST, "%.0f", (hra_column_value(c->column, code) - offset) / factor);
        return true;
    }
    case SPOILING_COUNT: break;
    }
    return false;
}

static void spoil_one(const uint32_t words[2], const hra_cells *cells, const hra_chunk *chunk, int at, hra_dirt *dirt)
{
    int column = spoilable[(int)(hra_random_unit(words[0]) * SPOILABLE_COUNT)];
    spoiling kind = (spoiling)(hra_random_unit(words[1]) * SPOILING_COUNT);
    const hra_cell_column *c = &cells->columns[column];
    uint32_t code = hra_code_at(&chunk->columns[column], at);
    for (int i = 0; i < dirt->count; i++)
        if (dirt->cells[i].column == column) return;
    if (code >= c->column->levels || dirt->count == HRA_DIRT_CELLS) return;
    char clean[HRA_CELL_LONGEST];
    clean[hra_cell_format(c, code, clean)] = '\0';
    if (!spoil(kind, c, code, clean, dirt->cells[dirt->count].text)) return;
    dirt->cells[dirt->count++].column = column;
    note(dirt, spoiling_names[kind], c->variable->name);
}

static void swap_pressures(const hra_cells *cells, const hra_chunk *chunk, int at, hra_dirt *dirt)
{
    static const int pair[2] = {HRA_COLUMN_sbp, HRA_COLUMN_dbp};
    for (int k = 0; k < 2; k++) {
        uint32_t other = hra_code_at(&chunk->columns[pair[1 - k]], at);
        const hra_cell_column *c = &cells->columns[pair[1 - k]];
        hra_spoilt_cell *cell = &dirt->cells[dirt->count++];
        cell->column = pair[k];
        cell->text[hra_cell_format(c, other, cell->text)] = '\0';
    }
    note(dirt, "swapped_pressure", NULL);
}

/* Where both pressures share a cell, one without the other cannot be written. */
static void lose_half_pressure(const hra_cells *cells, const hra_chunk *chunk, int at, hra_dirt *dirt)
{
    const hra_cell_column *sbp = &cells->columns[HRA_COLUMN_sbp], *dbp = &cells->columns[HRA_COLUMN_dbp];
    bool high = hra_code_at(&chunk->columns[HRA_COLUMN_sbp], at) != hra_column_missing(sbp->column);
    bool low = hra_code_at(&chunk->columns[HRA_COLUMN_dbp], at) != hra_column_missing(dbp->column);
    if (sbp->dialect->joined_pressure && high != low) note(dirt, "half_pressure", high ? "sbp" : "dbp");
}

void hra_dirt_draw(uint64_t seed, int64_t row, const hra_cells *cells, const hra_chunk *chunk, int at, hra_dirt *dirt)
{
    uint32_t words[4], more[4];
    dirt->count = 0;
    dirt->log[0] = '\0';
    hra_random_row(seed, STREAM_ROW, row, words);
    lose_half_pressure(cells, chunk, at, dirt);
    if (hra_random_unit(words[0]) < swapped) swap_pressures(cells, chunk, at, dirt);
    double twice = hra_random_unit(words[1]), spoilt = hra_random_unit(words[2]);
    dirt->repeated = twice < repeated;
    dirt->conflicting = !dirt->repeated && twice < repeated + conflicting;
    dirt->no_key = hra_random_unit(words[3]) < without_key;
    if (dirt->repeated) note(dirt, "repeated", NULL);
    if (dirt->conflicting) note(dirt, "conflicting", NULL);
    if (dirt->no_key) note(dirt, "no_key", NULL);
    if (spoilt >= one_spoilt) return;
    hra_random_row(seed, STREAM_CELLS, row, more);
    spoil_one(more, cells, chunk, at, dirt);
    if (spoilt < two_spoilt) spoil_one(more + 2, cells, chunk, at, dirt);
}

int hra_dirt_name(uint64_t seed, int64_t row, char out[HRA_CELL_LONGEST])
{
    static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨",   "赵",
                                         "黄", "周", "吴", "徐", "孙", "欧阳", "䶮"};
    static const char *const given[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊",   "军",
                                        "洋", "勇", "艳", "杰", "涛", "明", "超", "秀英", "建国"};
    uint32_t words[4];
    hra_random_row(seed, STREAM_NAME, row, words);
    int surname = (int)(hra_random_unit(words[0]) * (sizeof family / sizeof family[0]));
    int name = (int)(hra_random_unit(words[1]) * (sizeof given / sizeof given[0]));
    return snprintf(out, HRA_CELL_LONGEST, "%s%s", family[surname], given[name]);
}

int hra_dirt_phone(uint64_t seed, int64_t row, char out[HRA_CELL_LONGEST])
{
    uint32_t words[4];
    hra_random_row(seed, STREAM_NAME, row, words);
    return snprintf(out, HRA_CELL_LONGEST, "1000%07u", words[2] % 10000000u); /* no such numbers are issued */
}
