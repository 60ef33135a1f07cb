/* Which row each variable comes from. */
#include "intake/join/join_person_internal.h"

/* The column of an item that a row knows, -1: none. */
static int known_column(const hra_join_person *p, const hra_join_row *row, const hra_join_item *item)
{
    for (int c = item->first_column; c < item->first_column + item->column_count; c++)
        if (row->codes[c] != p->schema->missing[c]) return c;
    return -1;
}

static void take(hra_join_person *p, const hra_join_row *row, int column)
{
    p->merged.codes[column] = row->codes[column];
    p->merged.values[column] = row->values[column];
    p->merged.marks[column] = row->marks[column];
}

static int holds(const hra_join_person *p, const hra_join_item *item)
{
    for (int i = 0; item->holds && i < p->used_count[HRA_JOIN_DIAGNOSIS]; i++) {
        int at = p->used[HRA_JOIN_DIAGNOSIS][i];
        if (hra_join_row_value(&p->members[at].row, p->schema, item->first_column) == 1) return at;
    }
    return -1;
}

/* The first row, kinds in the item's order, that knows it; -1: none. */
static int find_row(const hra_join_person *p, const hra_join_item *item)
{
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        hra_join_kind kind = item->rule.order[k];
        for (int i = 0; i < p->used_count[kind]; i++)
            if (known_column(p, &p->members[p->used[kind][i]].row, item) >= 0) return p->used[kind][i];
    }
    return -1;
}

/* Of variables that are taken together: the first row that knows any of them. */
static int find_set_row(const hra_join_person *p, const hra_join_item *item)
{
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        hra_join_kind kind = item->rule.order[k];
        for (int i = 0; i < p->used_count[kind]; i++)
            for (int j = 0; j < p->schema->item_count; j++) {
                const hra_join_item *other = &p->schema->items[j];
                if (other->rule.role != HRA_JOIN_TOGETHER || other->rule.set != item->rule.set) continue;
                if (known_column(p, &p->members[p->used[kind][i]].row, other) >= 0) return p->used[kind][i];
            }
    }
    return -1;
}

static int row_of_item(hra_join_person *p, const hra_join_item *item)
{
    int holding = holds(p, item);
    if (holding >= 0) return holding;
    if (item->rule.role != HRA_JOIN_TOGETHER) return find_row(p, item);
    int *row = &p->set_rows[item->rule.set];
    if (*row == -2) *row = find_set_row(p, item);
    return *row;
}

/* Why a value is missing: the first mark that a row has in its place. */
static void take_mark(hra_join_person *p, const hra_join_item *item)
{
    for (int k = 0; k < HRA_JOIN_KINDS; k++) {
        hra_join_kind kind = item->rule.order[k];
        for (int i = 0; i < p->used_count[kind]; i++) {
            const hra_join_row *row = &p->members[p->used[kind][i]].row;
            for (int c = item->first_column; c < item->first_column + item->column_count; c++)
                if (row->marks[c] && row->codes[c] == p->schema->missing[c]) {
                    p->merged.marks[c] = row->marks[c];
                    return;
                }
        }
    }
}

static void merge_items(hra_join_person *p)
{
    for (int s = 0; s < p->schema->set_count; s++) p->set_rows[s] = -2;
    for (int i = 0; i < p->schema->item_count; i++) {
        const hra_join_item *item = &p->schema->items[i];
        int at = row_of_item(p, item);
        int column = at >= 0 ? known_column(p, &p->members[at].row, item) : -1;
        if (column >= 0)
            take(p, &p->members[at].row, column);
        else
            take_mark(p, item);
    }
}

/* A department of another group, or of another branch, is nobody's department here. Labels before this one are merged.
 */
static bool is_elsewhere(const hra_join_person *p, const hra_join_row *row, int label)
{
    if (p->schema->label_rules[label]->role != HRA_JOIN_PART) return false;
    for (int l = 0; l < p->schema->schema.label_count; l++) {
        bool wider = l == p->schema->group_label || (l < label && p->schema->label_rules[l]->role == HRA_JOIN_PART);
        if (wider && row->labels[l] >= 0 && row->labels[l] != p->merged.labels[l]) return true;
    }
    return false;
}

static void merge_label(hra_join_person *p, int label)
{
    int32_t *merged = &p->merged.labels[label];
    for (int k = 0; k < HRA_JOIN_KINDS && *merged < 0; k++) {
        hra_join_kind kind = p->schema->label_rules[label]->order[k];
        for (int i = 0; i < p->used_count[kind] && *merged < 0; i++) {
            const hra_join_row *row = &p->members[p->used[kind][i]].row;
            if (!is_elsewhere(p, row, label)) *merged = row->labels[label];
        }
    }
}

/* The group first: its parts are of the same one. */
static void merge_labels(hra_join_person *p)
{
    if (p->schema->group_label >= 0) merge_label(p, p->schema->group_label);
    for (int l = 0; l < p->schema->schema.label_count; l++)
        if (l != p->schema->group_label) merge_label(p, l);
}

void hra_join_merge_rows(hra_join_person *p)
{
    hra_join_row_clear(&p->merged, p->schema);
    merge_items(p);
    merge_labels(p);
}
