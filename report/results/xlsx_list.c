#include "report/results/xlsx_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/tools/table_rows.h"
#include "report/tools/xlsx_sheet.h"
#include "service/tables/rule_table.h"

enum { MOST_CHOICES = 3, MOST_STATES = 64, LONGEST_CHOICE = 255 };

struct hra_xlsx_list_file {
    hra_arena *arena;
    hra_people_names *people;
    const hra_words *words;
    int person; /* the column with the key; -1: none */
    int count;  /* columns of the table */
    hra_xlsx_list list;
    hra_xlsx_choice choices[MOST_CHOICES];
    const char **cells;
    hra_xlsx_sheet *sheet;
};

static int find(const hra_xlsx_list_request *q, const char *name)
{
    for (int i = 0; i < q->count; i++)
        if (strcmp(q->names[i], name) == 0) return i;
    return -1;
}

/* ---- the register ---- */

static bool add_word(const char **words, int *count, const char *word)
{
    if (strcmp(word, "none") == 0) return true;
    for (int i = 0; i < *count; i++)
        if (strcmp(words[i], word) == 0) return true;
    if (*count == MOST_STATES) return false;
    words[(*count)++] = word;
    return true;
}

/* The states of the table of transitions; NULL in *out where they are too many for a list in a workbook. */
static hra_code read_states(const char *path, hra_arena *arena, const char *const **out, hra_error *error)
{
    static const char *const columns[] = {"plan", "from", "when",     "consent",  "decision", "days",
                                          "to",   "rule", "title_en", "title_zh", "review"};
    enum { FROM = 1, TO = 6, COLUMNS = 11 };
    hra_rule_table table;
    int count = 0;
    bool fits = true;
    size_t length = 0;
    HRA_TRY(hra_rule_table_load(path, "datasets/register_transitions.csv", columns, COLUMNS, arena, &table, error));
    const char **words = hra_arena_alloc(arena, (MOST_STATES + 1) * sizeof *words);
    if (!words) return hra_out_of_memory(error);
    for (int i = 0; fits && i < table.count; i++)
        fits = add_word(words, &count, table.rows[i].cells[FROM]) && add_word(words, &count, table.rows[i].cells[TO]);
    for (int i = 0; i < count; i++) length += strlen(words[i]) + 1;
    *out = fits && length <= LONGEST_CHOICE ? words : NULL;
    return HRA_OK;
}

/* What staff enter into a register is offered as lists. */
static hra_code add_choices(hra_xlsx_list_file *f, const hra_xlsx_list_request *q, hra_error *error)
{
    static const char *const consent[] = {"yes", "no", NULL}, *const decision[] = {"confirm", "refuse", NULL};
    const char *const *states = NULL;
    if (find(q, "state") < 0 || find(q, "since") < 0 || find(q, "consent") < 0) return HRA_OK;
    HRA_TRY(read_states(q->transitions, f->arena, &states, error));
    int n = 0;
    f->choices[n++] = (hra_xlsx_choice){"consent", consent, hra_text(q->words, "xlsx.consent")};
    f->choices[n++] = (hra_xlsx_choice){"decision", decision, hra_text(q->words, "xlsx.decision")};
    if (states) f->choices[n++] = (hra_xlsx_choice){"state", states, hra_text(q->words, "xlsx.state")};
    f->list.choices = f->choices;
    f->list.choice_count = n;
    f->list.choose = hra_text(q->words, "xlsx.choose");
    return HRA_OK;
}

/* ---- columns ---- */

/* The columns of the table, those of the key map behind the person. */
static hra_code add_columns(hra_xlsx_list_file *f, const hra_xlsx_list_request *q, hra_error *error)
{
    size_t most = (size_t)q->count + HRA_PEOPLE_FIELDS;
    hra_xlsx_column *columns = hra_arena_alloc(f->arena, most * sizeof *columns);
    f->cells = hra_arena_alloc(f->arena, most * sizeof *f->cells);
    if (!columns || !f->cells) return hra_out_of_memory(error);
    f->person = find(q, "person") >= 0 ? find(q, "person") : find(q, "person_id");
    f->people = f->person >= 0 ? q->people : NULL;
    for (int i = 0; i < q->count; i++) {
        const char *name = hra_arena_text(f->arena, q->names[i]);
        if (!name) return hra_out_of_memory(error);
        hra_xlsx_column *column = &columns[f->list.column_count++];
        *column = hra_xlsx_column_of(name, q->words);
        /* beside a lecture it is the number of a measure; elsewhere a sentence */
        if (strcmp(name, "action") == 0 && find(q, "lecture") >= 0)
            column->title = hra_text(q->words, "column.action_number");
        for (int k = 0; f->people && i == f->person && k < HRA_PEOPLE_FIELDS; k++)
            columns[f->list.column_count++] = hra_xlsx_column_of(hra_people_fields[k], q->words);
    }
    f->count = q->count;
    f->list.columns = columns;
    f->list.frozen = f->person == 0 ? (f->people ? 3 : 1) : 0; /* key, identifier, name */
    return HRA_OK;
}

static hra_code open_list(hra_xlsx_list_file *f, const char *path, const hra_xlsx_list_request *q, hra_error *error)
{
    if (q->count < 1) return hra_fail(error, HRA_EINPUT, "%s: a list without columns", path);
    f->list.title = hra_text_of(q->words, "sheet", q->name, hra_text(q->words, "sheet.list"));
    f->list.sheet_rows = q->sheet_rows;
    f->words = q->words;
    f->list.day = q->day;
    HRA_TRY(add_columns(f, q, error));
    HRA_TRY(add_choices(f, q, error));
    return hra_xlsx_sheet_new(path, &f->list, &f->sheet, error);
}

hra_code hra_xlsx_list_new(const char *path, const hra_xlsx_list_request *request, hra_xlsx_list_file **out,
                           hra_error *error)
{
    hra_xlsx_list_file *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->arena = hra_arena_new();
    hra_code code = f->arena ? open_list(f, path, request, error) : hra_out_of_memory(error);
    if (code)
        hra_xlsx_list_abandon(f);
    else
        *out = f;
    return code;
}

/* A cell as people read it. */
static const char *in_words(const hra_xlsx_list_file *f, int column, const char *cell)
{
    char prefix[64];
    if (!f->list.columns[column].coded || !*cell) return cell;
    snprintf(prefix, sizeof prefix, "cell.%s", f->list.columns[column].name);
    return hra_text_of(f->words, prefix, cell, cell);
}

hra_code hra_xlsx_list_row(hra_xlsx_list_file *f, const char *const *cells, hra_error *error)
{
    const char *person[HRA_PEOPLE_FIELDS];
    if (f->people) HRA_TRY(hra_people_names_find(f->people, cells[f->person], person, error));
    int n = 0;
    for (int i = 0; i < f->count; i++) {
        f->cells[n] = in_words(f, n, cells[i]);
        n++;
        for (int k = 0; f->people && i == f->person && k < HRA_PEOPLE_FIELDS; k++) f->cells[n++] = person[k];
    }
    return hra_xlsx_sheet_row(f->sheet, f->cells, error);
}

static void release(hra_xlsx_list_file *f)
{
    hra_arena_free(f->arena);
    free(f);
}

hra_code hra_xlsx_list_finish(hra_xlsx_list_file *f, hra_error *error)
{
    hra_code code = hra_xlsx_sheet_finish(f->sheet, error);
    release(f);
    return code;
}

void hra_xlsx_list_abandon(hra_xlsx_list_file *f)
{
    if (!f) return;
    hra_xlsx_sheet_abandon(f->sheet);
    release(f);
}

/* ---- whole tables ---- */

void hra_xlsx_list_name(const char *path, char out[64])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    snprintf(out, 64, "%.*s", (int)strcspn(name, "."), name);
}

static hra_code copy_rows(hra_table_rows *table, hra_xlsx_list_file *file, int64_t *rows, hra_error *error)
{
    for (;;) {
        const char *const *cells;
        HRA_TRY(hra_table_rows_next(table, &cells, error));
        if (!cells) return HRA_OK;
        HRA_TRY(hra_xlsx_list_row(file, cells, error));
        ++*rows;
    }
}

hra_code hra_xlsx_list_convert(const char *path, const char *output, const hra_xlsx_list_request *request,
                               int64_t *rows, hra_error *error)
{
    char name[64];
    const char *names[HRA_TABLE_COLUMNS];
    hra_table_rows *table = NULL;
    hra_xlsx_list_file *file = NULL;
    hra_xlsx_list_request q = *request;
    *rows = 0;
    HRA_TRY(hra_table_rows_open(path, 0, &table, error));
    for (int i = 0; i < hra_table_rows_width(table); i++) names[i] = hra_table_rows_name(table, i);
    hra_xlsx_list_name(path, name);
    q.name = name;
    q.names = names;
    q.count = hra_table_rows_width(table);
    hra_code code = hra_xlsx_list_new(output, &q, &file, error);
    if (!code) code = copy_rows(table, file, rows, error);
    if (!code)
        code = hra_xlsx_list_finish(file, error);
    else
        hra_xlsx_list_abandon(file);
    hra_table_rows_close(table);
    return code;
}
