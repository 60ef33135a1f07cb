#include "report/results/research_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/graph/scalar.h"
#include "io/files/row_sort.h"
#include "service/tables/key_index.h"

enum { SORT_BYTES = 32 << 20, FLUSH_BYTES = 1 << 20, KEY_DIGITS = HRA_KEY_TEXT - 1 };

/* What waits of a person until all are known; the values of the columns follow. */
typedef struct waiting {
    hra_research_cell cell; /* as it is told */
    int32_t detail;
} waiting;

struct hra_research_table {
    hra_research_request request;
    hra_research_people *people;
    hra_research_cells *cells;
    hra_research_column *columns;
    int count;
    hra_key_index *everybody; /* while they are counted */
    hra_row_sort *sort;       /* after that */
    char *row;                /* room for one that waits */
    size_t row_size;
    hra_research_facts facts;
};

/* ---- columns ---- */

const char *hra_research_column_name(const hra_research_column *column)
{
    return column->variable ? column->variable->name : column->field->name;
}

const char *hra_research_column_level(const hra_research_column *column, int level)
{
    bool is_flag = column->variable ? column->variable->type == HRA_TYPE_FLAG : column->field->kind == HRA_RESULT_FLAG;
    if (is_flag) return level ? "1" : "0";
    return column->variable ? column->variable->levels[level].name : column->field->levels[level];
}

static bool is_value(const hra_variable *v)
{
    static const char *const told_apart[] = {"sex", "age", "region"};
    for (size_t i = 0; i < sizeof told_apart / sizeof *told_apart; i++)
        if (strcmp(v->name, told_apart[i]) == 0) return false;
    return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT || v->type == HRA_TYPE_FLAG ||
           v->type == HRA_TYPE_CATEGORY;
}

static hra_code add_column(hra_research_table *t, hra_research_column column, int levels, hra_error *error)
{
    if (levels > 0 && !hra_research_levels_new(levels, &column.levels)) return hra_out_of_memory(error);
    t->columns[t->count++] = column;
    return HRA_OK;
}

static hra_code list_variables(hra_research_table *t, const int *variables, int count, hra_error *error)
{
    const hra_research_policy *policy = t->request.policy;
    for (int i = 0; i < count; i++) {
        const hra_variable *v = hra_dictionary_at(t->request.schema->dictionary, variables[i]);
        int treatment = policy->treatments[variables[i]];
        if (!is_value(v) || treatment == HRA_RESEARCH_LEAVE_OUT) continue;
        const hra_research_column column = {.variable = v, .place = i, .banded = treatment == HRA_RESEARCH_BAND};
        HRA_TRY(add_column(t, column, v->type == HRA_TYPE_FLAG ? 2 : v->level_count, error));
    }
    return HRA_OK;
}

static hra_code list_results(hra_research_table *t, int count, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        const hra_result_field *f = hra_research_risks_field(t->request.risks, i);
        const hra_research_column column = {.field = f, .place = i};
        HRA_TRY(add_column(t, column, f->kind == HRA_RESULT_NUMBER ? 0 : f->level_count, error));
    }
    return HRA_OK;
}

static hra_code list_columns(hra_research_table *t, hra_error *error)
{
    const int *variables;
    int count = hra_research_people_variables(t->people, &variables);
    int results = t->request.risks ? hra_research_risks_count(t->request.risks) : 0;
    t->columns = calloc((size_t)(count + results) + 1, sizeof *t->columns);
    if (!t->columns) return hra_out_of_memory(error);
    HRA_TRY(list_variables(t, variables, count, error));
    HRA_TRY(list_results(t, results, error));
    t->row_size = sizeof(waiting) + (size_t)t->count * sizeof(double);
    t->row = malloc(t->row_size);
    return t->row ? HRA_OK : hra_out_of_memory(error);
}

static hra_code start(hra_research_table *t, hra_error *error)
{
    const hra_research_policy *p = t->request.policy;
    HRA_TRY(hra_research_people_new(t->request.schema, p, &t->people, error));
    HRA_TRY(hra_research_cells_new(hra_research_people_sexes(t->people), (int)(p->top_age / p->age_band) + 1,
                                   p->province_count, hra_research_people_regions(t->people), &t->cells, error));
    HRA_TRY(list_columns(t, error));
    return hra_key_index_new(t->request.beside, t->request.rows, &t->everybody, error);
}

hra_code hra_research_table_new(const hra_research_request *request, hra_research_table **out, hra_error *error)
{
    hra_research_table *t = calloc(1, sizeof *t);
    if (!t) return hra_out_of_memory(error);
    t->request = *request;
    hra_code code = start(t, error);
    if (code)
        hra_research_table_free(t);
    else
        *out = t;
    return code;
}

void hra_research_table_free(hra_research_table *table)
{
    if (!table) return;
    for (int i = 0; i < table->count; i++) hra_research_levels_destroy(&table->columns[i].levels);
    free(table->columns);
    free(table->row);
    hra_key_index_free(table->everybody);
    hra_row_sort_free(table->sort);
    hra_research_cells_free(table->cells);
    hra_research_people_free(table->people);
    free(table);
}

/* ---- first pass: the cells ---- */

static hra_code key_of(const hra_chunk *chunk, int row, uint64_t key[2], hra_error *error)
{
    if (chunk->keys && hra_person_key_read(chunk->keys[row], key)) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "row %lld of the store has no hashed person key: import the people with one",
                    (long long)chunk->first_row + row + 1);
}

static void count_agreed(hra_research_table *t)
{
    const hra_research_cell cell = hra_research_people_cell(t->people);
    hra_research_cells_count(t->cells, &cell);
    t->facts.agreed++;
    t->facts.strange_provinces += hra_research_people_strange_province(t->people);
}

hra_code hra_research_table_count(hra_research_table *table, const hra_chunk *chunk, hra_error *error)
{
    hra_research_facts *f = &table->facts;
    uint64_t key[2];
    hra_research_people_begin(table->people, chunk);
    for (int r = 0; r < chunk->rows; r++) {
        HRA_TRY(key_of(chunk, r, key, error));
        HRA_TRY(hra_key_index_add(table->everybody, key, chunk->first_row + r, error));
        hra_research_people_read(table->people, r);
        hra_research_consent consent = hra_research_people_consent(table->people);
        f->in_store++;
        f->refused += consent == HRA_RESEARCH_REFUSED;
        f->not_asked += consent == HRA_RESEARCH_NOT_ASKED;
        if (consent == HRA_RESEARCH_AGREED) count_agreed(table);
    }
    return HRA_OK;
}

/* Who stands there twice would count for two in small cells, and might have agreed in one row alone. */
static hra_code check_repeated(hra_research_table *t, hra_error *error)
{
    HRA_TRY(hra_key_index_finish(t->everybody, error));
    int64_t repeated = hra_key_index_repeated(t->everybody);
    hra_key_index_free(t->everybody);
    t->everybody = NULL;
    if (repeated == 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "the store holds %lld people more than once: make one row of each with 'hra join', or one store of "
                    "each year",
                    (long long)repeated);
}

hra_code hra_research_table_settle(hra_research_table *table, hra_error *error)
{
    const hra_research_facts *f = &table->facts;
    HRA_TRY(check_repeated(table, error));
    HRA_TRY(hra_research_cells_settle(table->cells, table->request.policy->smallest_cell, error));
    if (f->agreed == hra_research_cells_people(table->cells, HRA_RESEARCH_NOBODY))
        return hra_fail(error, HRA_EINPUT,
                        "nobody can be told: of %lld people %lld agreed to research, and no %u of them share year and "
                        "sex",
                        (long long)f->in_store, (long long)f->agreed, table->request.policy->smallest_cell);
    table->sort = hra_row_sort_new(table->request.beside, SORT_BYTES);
    return table->sort ? HRA_OK : hra_out_of_memory(error);
}

/* ---- second pass: the rows ---- */

static void put_values(hra_research_table *t, const double *results, double *out)
{
    const double *values = hra_research_people_values(t->people);
    for (int i = 0; i < t->count; i++) {
        hra_research_column *c = &t->columns[i];
        out[i] = c->variable ? values[c->place] : results ? results[c->place] : NAN;
        if (c->levels.count == 0) continue;
        bool known = out[i] >= 0 && out[i] < c->levels.count;
        if (!known) out[i] = NAN;
        c->levels.people[known ? (int)out[i] : c->levels.count]++;
    }
}

static hra_code add_row(hra_research_table *t, const hra_chunk *chunk, int row, hra_error *error)
{
    uint64_t key[2], id[2];
    char text[HRA_KEY_TEXT];
    const hra_research_cell cell = hra_research_people_cell(t->people);
    waiting *w = (waiting *)(void *)t->row;
    *w = (waiting){.detail = (int32_t)hra_research_cells_detail(t->cells, &cell)};
    if (w->detail == HRA_RESEARCH_NOBODY) return HRA_OK;
    w->cell = hra_research_cell_told(cell, (hra_research_detail)w->detail);
    HRA_TRY(key_of(chunk, row, key, error));
    const double *results = t->request.risks ? hra_research_risks_find(t->request.risks, key) : NULL;
    t->facts.without_risks += t->request.risks && !results;
    put_values(t, results, (double *)(void *)(t->row + sizeof *w));
    hra_identity_hash(t->request.key, "research", chunk->keys[row], KEY_DIGITS, text);
    if (!hra_person_key_read(text, id)) return hra_fail(error, HRA_EINTERNAL, "a research id is not a hash");
    const hra_sort_row sorted = {{id[0], id[1], (uint64_t)(chunk->first_row + row)}, t->row, t->row_size};
    return hra_row_sort_add(t->sort, &sorted, error);
}

hra_code hra_research_table_add(hra_research_table *table, const hra_chunk *chunk, hra_error *error)
{
    hra_research_people_begin(table->people, chunk);
    for (int r = 0; r < chunk->rows; r++) {
        hra_research_people_read(table->people, r);
        if (hra_research_people_consent(table->people) != HRA_RESEARCH_AGREED) continue;
        HRA_TRY(add_row(table, chunk, r, error));
    }
    return HRA_OK;
}

/* ---- writing ---- */

static void put_header(const hra_research_table *t, hra_buffer *out)
{
    hra_buffer_text(out, "research_id,sex,age_band,province,region,year");
    for (int i = 0; i < t->count; i++) {
        hra_buffer_char(out, ',');
        hra_buffer_csv(out, hra_research_column_name(&t->columns[i]));
    }
    hra_buffer_char(out, '\n');
}

static void put_level(const hra_research_table *t, const char *name, int level, hra_buffer *out)
{
    const hra_dictionary *d = t->request.schema->dictionary;
    hra_buffer_char(out, ',');
    if (level >= 0) hra_buffer_csv(out, hra_dictionary_at(d, hra_dictionary_find(d, name))->levels[level].name);
}

static void put_cell(const hra_research_table *t, const waiting *w, hra_buffer *out)
{
    const hra_research_policy *p = t->request.policy;
    const hra_research_cell *cell = &w->cell;
    char band[HRA_RESEARCH_BAND_TEXT];
    put_level(t, "sex", cell->sex, out);
    hra_research_band_text(cell->age, (hra_research_detail)w->detail, (int)p->age_band, (int)p->top_age, band);
    hra_buffer_printf(out, ",%s,", band);
    if (cell->province >= 0) hra_buffer_csv(out, p->provinces[cell->province].code);
    put_level(t, "region", cell->region, out);
    hra_buffer_char(out, ',');
    if (cell->year >= 0) hra_buffer_printf(out, "%d", HRA_RESEARCH_FIRST_YEAR + cell->year);
}

static void put_value(const hra_research_table *t, const hra_research_column *c, double value, hra_buffer *out)
{
    const hra_research_policy *p = t->request.policy;
    char band[HRA_RESEARCH_BAND_TEXT];
    hra_buffer_char(out, ',');
    if (isnan(value)) return;
    if (c->levels.count > 0) {
        if (!c->levels.hidden[(int)value]) hra_buffer_csv(out, hra_research_column_level(c, (int)value));
    } else if (c->banded) {
        int number = hra_research_band(value, (int)p->age_band, (int)p->top_age);
        hra_research_band_text(number, HRA_RESEARCH_FULL, (int)p->age_band, (int)p->top_age, band);
        hra_buffer_text(out, band);
    } else {
        int decimals = c->variable ? c->variable->decimals : (int)p->risk_decimals;
        hra_buffer_decimal(out, hra_scalar_round(value, decimals), decimals);
    }
}

static void put_row(const hra_research_table *t, const hra_sort_row *row, hra_buffer *out)
{
    char id[HRA_KEY_TEXT];
    const char *bytes = row->bytes;
    waiting w;
    memcpy(&w, bytes, sizeof w);
    hra_person_key_write(row->key, id);
    hra_buffer_text(out, id);
    put_cell(t, &w, out);
    for (int i = 0; i < t->count; i++) {
        double value;
        memcpy(&value, bytes + sizeof w + (size_t)i * sizeof value, sizeof value);
        put_value(t, &t->columns[i], value, out);
    }
    hra_buffer_char(out, '\n');
}

static hra_code flush(hra_buffer *text, FILE *out, hra_error *error)
{
    if (text->failed) return hra_out_of_memory(error);
    if (text->length > 0 && fwrite(text->bytes, 1, text->length, out) != text->length)
        return hra_fail(error, HRA_EIO, "cannot write the table: %m");
    hra_buffer_clear(text);
    return HRA_OK;
}

static hra_code put_rows(hra_research_table *t, hra_buffer *text, FILE *out, hra_error *error)
{
    hra_sort_row row;
    put_header(t, text);
    for (bool any;;) {
        HRA_TRY(hra_row_sort_next(t->sort, &row, &any, error));
        if (!any) return flush(text, out, error);
        put_row(t, &row, text);
        t->facts.written++;
        if (text->length >= FLUSH_BYTES) HRA_TRY(flush(text, out, error));
    }
}

hra_code hra_research_table_write(hra_research_table *table, FILE *out, hra_error *error)
{
    hra_buffer text = {0};
    for (int i = 0; i < table->count; i++)
        if (table->columns[i].levels.count > 0)
            hra_research_levels_settle(&table->columns[i].levels, table->request.policy->smallest_cell);
    HRA_TRY(hra_row_sort_finish(table->sort, error));
    hra_code code = put_rows(table, &text, out, error);
    hra_buffer_destroy(&text);
    return code;
}

const hra_research_facts *hra_research_table_facts(const hra_research_table *table) { return &table->facts; }

const hra_research_cells *hra_research_table_cells(const hra_research_table *table) { return table->cells; }

int hra_research_table_columns(const hra_research_table *table, const hra_research_column **columns)
{
    *columns = table->columns;
    return table->count;
}
