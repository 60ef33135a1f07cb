#include "report/branch/branch_tables.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "io/files/row_sort.h"
#include "report/tools/table_rows.h"

enum { SORT_BYTES = 64 << 20 };

typedef struct cutting {
    const hra_branch_tables_request *request;
    int list; /* of hra_branch_lists */
    const char *names[HRA_TABLE_COLUMNS];
    int width, person, branch; /* columns; -1: none */
    hra_row_sort *rows;
    hra_buffer row;
    hra_xlsx_list_file *file;
    int open; /* the branch whose workbook is open */
} cutting;

static hra_code branch_of(const cutting *c, const char *const *cells, int *branch, hra_error *error)
{
    *branch = c->person >= 0 ? hra_branch_people_find(c->request->people, cells[c->person]) : -1;
    if (*branch >= 0) return HRA_OK;
    return hra_branch_book_find(c->request->book, c->branch >= 0 ? hra_csv_unguarded(cells[c->branch]) : "", branch,
                                error);
}

static hra_code sort_rows(cutting *c, hra_table_rows *table, hra_error *error)
{
    for (uint64_t number = 0;; number++) {
        const char *const *cells;
        int branch;
        HRA_TRY(hra_table_rows_next(table, &cells, error));
        if (!cells) return hra_row_sort_finish(c->rows, error);
        HRA_TRY(branch_of(c, cells, &branch, error));
        hra_buffer_clear(&c->row);
        for (int i = 0; i < c->width; i++) {
            hra_buffer_text(&c->row, cells[i]);
            hra_buffer_char(&c->row, '\0');
        }
        if (c->row.failed) return hra_out_of_memory(error);
        const hra_sort_row row = {{(uint64_t)branch, number, 0, 0}, c->row.bytes, c->row.length};
        HRA_TRY(hra_row_sort_add(c->rows, &row, error));
    }
}

static hra_code close_book(cutting *c, hra_error *error)
{
    hra_xlsx_list_file *file = c->file;
    c->file = NULL;
    return file ? hra_xlsx_list_finish(file, error) : HRA_OK;
}

static hra_code open_book(cutting *c, int branch, hra_error *error)
{
    char name[64], file[80], path[4096];
    hra_xlsx_list_request q = *c->request->list;
    hra_xlsx_list_name(hra_branch_lists[c->list], name);
    snprintf(file, sizeof file, "%s.xlsx", name);
    HRA_TRY(close_book(c, error));
    HRA_TRY(hra_branch_path(c->request->book, branch, "lists", file, path, sizeof path, error));
    q.name = name;
    q.names = c->names;
    q.count = c->width;
    c->open = branch;
    return hra_xlsx_list_new(path, &q, &c->file, error);
}

static hra_code write_books(cutting *c, hra_error *error)
{
    const char *cells[HRA_TABLE_COLUMNS];
    for (;;) {
        hra_sort_row row;
        bool any;
        HRA_TRY(hra_row_sort_next(c->rows, &row, &any, error));
        if (!any) return close_book(c, error);
        int branch = (int)row.key[0];
        const char *at = row.bytes;
        for (int i = 0; i < c->width; i++) {
            cells[i] = at;
            at += strlen(at) + 1;
        }
        if (!c->file || branch != c->open) HRA_TRY(open_book(c, branch, error));
        HRA_TRY(hra_xlsx_list_row(c->file, cells, error));
        hra_branch_book_at(c->request->book, branch)->rows[c->list]++;
    }
}

static hra_code cut_table(cutting *c, hra_table_rows *table, hra_error *error)
{
    c->width = hra_table_rows_width(table);
    for (int i = 0; i < c->width; i++) c->names[i] = hra_table_rows_name(table, i);
    c->person = hra_table_rows_find(table, "person");
    if (c->person < 0) c->person = hra_table_rows_find(table, "person_id");
    c->branch = hra_table_rows_find(table, "branch");
    c->rows = hra_row_sort_new(c->request->beside, SORT_BYTES);
    if (!c->rows) return hra_out_of_memory(error);
    HRA_TRY(sort_rows(c, table, error));
    return write_books(c, error);
}

static hra_code cut_list(const hra_branch_tables_request *request, int list, hra_error *error)
{
    char path[4096];
    struct stat facts;
    hra_table_rows *table;
    cutting c = {.request = request, .list = list};
    if (snprintf(path, sizeof path, "%s/%s.csv", request->folder, hra_branch_lists[list]) >= (int)sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    if (stat(path, &facts) != 0) return HRA_OK;
    HRA_TRY(hra_table_rows_open(path, ',', &table, error));
    hra_code code = cut_table(&c, table, error);
    hra_xlsx_list_abandon(c.file);
    if (c.rows) hra_row_sort_free(c.rows);
    hra_buffer_destroy(&c.row);
    hra_table_rows_close(table);
    return code;
}

hra_code hra_branch_tables_write(const hra_branch_tables_request *request, hra_error *error)
{
    for (int i = 0; i < HRA_BRANCH_LISTS; i++) HRA_TRY(cut_list(request, i, error));
    return HRA_OK;
}
