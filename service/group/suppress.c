#include "service/group/suppress.h"

#include <stddef.h>

const char *hra_suppress_reason(hra_suppress_rule rule)
{
    static const char *const reasons[HRA_SUPPRESS_RULES] = {
        "",
        "group too small",
        "too few people known",
        "few people with the finding",
        "few people without the finding",
        "nobody or everybody in a small set",
        "sensitive finding",
        "protects another hidden count",
        "the total is hidden",
        "too close to the earlier edition",
        "other groups too few or too unequal, or the comparison would tell a hidden count",
        "people without a group",
    };
    return reasons[rule];
}

/* ---- shape ----------------------------------------------------------------- */

static bool is_line(const hra_suppress_table *t) { return t->rows == 1; }

static int row_count(const hra_suppress_table *t) { return is_line(t) ? 1 : t->rows + 1; }

hra_suppress_cell *hra_suppress_at(const hra_suppress_table *table, int row, int column)
{
    return &table->cells[row * (table->columns + 1) + column];
}

static bool is_total(const hra_suppress_table *t, int row, int column)
{
    return column == t->columns && row == row_count(t) - 1;
}

static bool hidden(const hra_suppress_table *t, int row, int column)
{
    return hra_suppress_at(t, row, column)->rule != HRA_SHOWN;
}

/* ---- swaps ----------------------------------------------------------------- */

/* How far a swap moves its first cell, and what it costs in cells that are still shown. */
typedef struct swap {
    uint64_t up, down, cost;
    int row, column; /* opposite corner; of a line the row is the same */
} swap;

static void limit(uint64_t *bound, uint64_t by)
{
    if (by < *bound) *bound = by;
}

/* One more corner, which moves with the first cell or against it. */
static void add_corner(const hra_suppress_table *t, swap *s, int row, int column, bool with)
{
    const hra_suppress_cell *cell = hra_suppress_at(t, row, column);
    bool sum = column == t->columns || (!is_line(t) && row == t->rows);
    limit(&s->up, with ? cell->room : cell->value);
    limit(&s->down, with ? cell->value : cell->room);
    /* the smallest figures go first, sums last: more people read them */
    if (cell->rule == HRA_SHOWN) s->cost += (cell->value + 1) * (sum ? 8 : 1);
}

static swap swap_of(const hra_suppress_table *t, int row, int column, int row2, int column2)
{
    swap s = {UINT64_MAX, UINT64_MAX, 0, row2, column2};
    /* within a line of cells and their sum, a cell and the sum move together, two cells against each other */
    bool with_row = (row == t->rows) != (row2 == t->rows),
         with_column = (column == t->columns) != (column2 == t->columns);
    add_corner(t, &s, row, column, true);
    add_corner(t, &s, row, column2, with_column);
    if (is_line(t)) return s;
    add_corner(t, &s, row2, column, with_row);
    add_corner(t, &s, row2, column2, with_row == with_column);
    return s;
}

static bool touches_total(const hra_suppress_table *t, int row, int column, int row2, int column2)
{
    return is_total(t, row, column) || is_total(t, row, column2) || is_total(t, row2, column) ||
           is_total(t, row2, column2);
}

/* The cheapest swap that moves the cell by `protection` in all. */
static bool find_swap(const hra_suppress_table *t, int row, int column, uint64_t protection, swap *best)
{
    bool found = false;
    for (int r = 0; r < row_count(t); r++) {
        if (!is_line(t) && r == row) continue;
        for (int c = 0; c <= t->columns; c++) {
            if (c == column || touches_total(t, row, column, r, c)) continue;
            swap s = swap_of(t, row, column, r, c);
            if (s.up + s.down < protection || (found && s.cost >= best->cost)) continue;
            *best = s;
            found = true;
        }
    }
    return found;
}

static void hide(const hra_suppress_table *t, int row, int column, hra_suppress_rule rule)
{
    hra_suppress_cell *cell = hra_suppress_at(t, row, column);
    if (cell->rule == HRA_SHOWN) cell->rule = rule;
}

static bool protect(hra_suppress_table *t, int row, int column, uint64_t protection)
{
    swap s = {0};
    if (!find_swap(t, row, column, protection, &s)) return false;
    hra_suppress_cell *cell = hra_suppress_at(t, row, column);
    cell->up = s.up;
    cell->down = s.down;
    cell->corner[0] = s.row;
    cell->corner[1] = s.column;
    hide(t, row, s.column, HRA_HIDDEN_COMPLEMENT);
    if (is_line(t)) return true;
    hide(t, s.row, column, HRA_HIDDEN_COMPLEMENT);
    hide(t, s.row, s.column, HRA_HIDDEN_COMPLEMENT);
    return true;
}

/* With everything but the grand total hidden: how far can the cell be moved against all the others? */
static bool safe_alone(const hra_suppress_table *t, int row, int column, uint64_t protection)
{
    const hra_suppress_cell *cell = hra_suppress_at(t, row, column);
    const hra_suppress_cell *total = hra_suppress_at(t, row_count(t) - 1, t->columns);
    uint64_t up = cell->room, down = cell->value;
    limit(&up, total->value - cell->value);
    limit(&down, total->room - cell->room);
    return up + down >= protection;
}

static void hide_all(hra_suppress_table *t, uint64_t protection)
{
    bool safe = true;
    for (int r = 0; r < row_count(t); r++) {
        for (int c = 0; c <= t->columns; c++) {
            if (is_total(t, r, c)) continue;
            if (hidden(t, r, c)) safe = safe && safe_alone(t, r, c, protection);
            hide(t, r, c, HRA_HIDDEN_COMPLEMENT);
        }
    }
    if (!safe) hide(t, row_count(t) - 1, t->columns, HRA_HIDDEN_COMPLEMENT);
}

bool hra_suppress_protect(hra_suppress_table *table, uint64_t protection)
{
    bool done = true;
    for (int i = 0; i < row_count(table) * (table->columns + 1); i++)
        table->cells[i].corner[0] = table->cells[i].corner[1] = -1;
    /* what is hidden on the way is large enough or stands in the same swap */
    for (int r = 0; r < row_count(table) && done; r++) {
        for (int c = 0; c <= table->columns && done; c++) {
            hra_suppress_rule rule = hra_suppress_at(table, r, c)->rule;
            if (rule == HRA_SHOWN || rule == HRA_HIDDEN_COMPLEMENT || is_total(table, r, c)) continue;
            done = protect(table, r, c, protection);
        }
    }
    if (!done) hide_all(table, protection);
    return done;
}

bool hra_suppress_moves(const hra_suppress_table *table, int row, int column, int *moves)
{
    const hra_suppress_cell *cell = hra_suppress_at(table, row, column);
    int row2 = cell->corner[0], column2 = cell->corner[1], width = table->columns + 1;
    for (int i = 0; i < row_count(table) * width; i++) moves[i] = 0;
    if (cell->rule == HRA_SHOWN || column2 < 0) return false;
    int down = (row == table->rows) != (row2 == table->rows) ? 1 : -1;
    int across = (column == table->columns) != (column2 == table->columns) ? 1 : -1;
    moves[row * width + column] = 1;
    moves[row * width + column2] = across;
    if (is_line(table)) return true;
    moves[row2 * width + column] = down;
    moves[row2 * width + column2] = down * across;
    return true;
}

/* ---- bounds ---------------------------------------------------------------- */

/* Narrows the cells of one equation: the first ones add up to the last. */
static bool narrow_line(hra_bounds *const *cells, int count, bool *changed)
{
    int64_t low = 0, high = 0;
    for (int i = 0; i < count; i++) {
        low += cells[i]->low;
        high += cells[i]->high;
    }
    hra_bounds *sum = cells[count];
    for (int i = 0; i <= count; i++) {
        hra_bounds *b = cells[i];
        int64_t least = i == count ? low : sum->low - (high - b->high);
        int64_t most = i == count ? high : sum->high - (low - b->low);
        if (least > b->low) {
            low += i == count ? 0 : least - b->low;
            b->low = least;
            *changed = true;
        }
        if (most < b->high) {
            high -= i == count ? 0 : b->high - most;
            b->high = most;
            *changed = true;
        }
        if (b->low > b->high) return false;
    }
    return true;
}

enum { LONGEST_LINE = 320 };

bool hra_bounds_narrow(hra_bounds *cells, int rows, int columns)
{
    hra_bounds *line[LONGEST_LINE + 1];
    if (rows > LONGEST_LINE || columns > LONGEST_LINE) return false;
    int all_rows = rows == 1 ? 1 : rows + 1;
    for (bool changed = true; changed;) {
        changed = false;
        for (int r = 0; r < all_rows; r++) {
            for (int c = 0; c <= columns; c++) line[c] = &cells[r * (columns + 1) + c];
            if (!narrow_line(line, columns, &changed)) return false;
        }
        for (int c = 0; rows > 1 && c <= columns; c++) {
            for (int r = 0; r <= rows; r++) line[r] = &cells[r * (columns + 1) + c];
            if (!narrow_line(line, rows, &changed)) return false;
        }
    }
    return true;
}
