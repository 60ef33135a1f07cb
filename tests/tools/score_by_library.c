/* A test tool: score_by_library PEOPLE.csv REQUEST RESULTS.csv [DROPPED COLUMNS] scores a CSV file through libhra, as a
 * table of Arrow columns (float64, date32 or utf8, by what stands in them), and compares every cell with what
 * `hra score --precision full` wrote for the same file and the same options. Prints how many cells were the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "hra/arrow.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "score_by_library: %s\n", what);
    exit(1);
}

static void *need(void *memory)
{
    if (!memory) die("out of memory");
    return memory;
}

/* ---- a file of cells ------------------------------------------------------------ */

typedef struct sheet {
    char ***cells; /* by row, the header first */
    int rows, columns;
} sheet;

static char **read_cells(const hra_batch *batch, int record, char delimiter, int *count)
{
    hra_buffer scratch = {0};
    const hra_record *r = &batch->records[record];
    hra_cells cells = hra_cells_begin(batch->text.bytes + r->start, r->length, delimiter, &scratch);
    char **out = need(calloc(r->cells + 1, sizeof *out));
    *count = 0;
    while (!cells.done) {
        hra_cell_text cell = hra_cells_next(&cells);
        out[(*count)++] = need(strndup(cell.text, cell.length));
    }
    hra_buffer_destroy(&scratch);
    return out;
}

static sheet read_sheet(const char *path)
{
    enum { AT_ONCE = 1000 };
    hra_error error;
    hra_text_facts facts;
    hra_record_reader *reader;
    hra_batch batch = {0};
    sheet s = {0};
    if (hra_text_examine(path, NULL, &facts, &error) != HRA_OK ||
        hra_record_reader_open(path, &facts, ',', &reader, &error) != HRA_OK)
        die(error.message);
    while (hra_record_reader_next(reader, AT_ONCE, 1 << 24, &batch, &error) == HRA_OK && batch.count > 0) {
        s.cells = need(realloc(s.cells, (size_t)(s.rows + batch.count) * sizeof *s.cells));
        for (int i = 0; i < batch.count; i++) {
            int count;
            s.cells[s.rows] = read_cells(&batch, i, ',', &count);
            if (s.rows++ == 0) s.columns = count;
            if (count != s.columns) die("rows of different lengths");
        }
    }
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    if (s.rows == 0) die("no rows");
    return s;
}

static void free_sheet(sheet s)
{
    for (int r = 0; r < s.rows; r++) {
        for (int c = 0; c < s.columns; c++) free(s.cells[r][c]);
        free(s.cells[r]);
    }
    free(s.cells);
}

static int find_column(sheet s, const char *name)
{
    for (int c = 0; c < s.columns; c++)
        if (strcmp(s.cells[0][c], name) == 0) return c;
    return -1;
}

/* ---- as a table ------------------------------------------------------------------- */

static void stays(struct ArrowSchema *schema) { schema->release = NULL; }
static void stay(struct ArrowArray *array) { array->release = NULL; }

typedef struct table_column {
    struct ArrowSchema schema;
    struct ArrowArray array;
    const void *buffers[3];
    uint8_t *valid;
    void *values;
    char *text;
} table_column;

static bool is_number(const char *cell, double *value)
{
    char *end;
    *value = strtod(cell, &end);
    return end != cell && !*end;
}

static bool is_day(const char *cell, double *value) { return strlen(cell) == 10 && hra_day_read(cell, value); }

static bool all_are(sheet s, int c, bool (*is)(const char *, double *))
{
    double value;
    for (int r = 1; r < s.rows; r++)
        if (*s.cells[r][c] && !is(s.cells[r][c], &value)) return false;
    return true;
}

static void fill_text(table_column *out, sheet s, int c)
{
    size_t length = 0;
    int32_t *offsets = need(calloc((size_t)s.rows, sizeof *offsets));
    for (int r = 1; r < s.rows; r++) length += strlen(s.cells[r][c]);
    out->text = need(malloc(length + 1));
    for (int r = 1; r < s.rows; r++) {
        size_t here = strlen(s.cells[r][c]);
        memcpy(out->text + offsets[r - 1], s.cells[r][c], here);
        offsets[r] = offsets[r - 1] + (int32_t)here;
    }
    out->values = offsets;
    out->schema.format = "u";
    out->buffers[2] = out->text;
    out->array.n_buffers = 3;
}

static void fill_numbers(table_column *out, sheet s, int c)
{
    double *values = need(calloc((size_t)s.rows, sizeof *values));
    for (int r = 1; r < s.rows; r++) is_number(s.cells[r][c], &values[r - 1]);
    out->values = values;
    out->schema.format = "g";
}

static void fill_days(table_column *out, sheet s, int c)
{
    int32_t *values = need(calloc((size_t)s.rows, sizeof *values));
    for (int r = 1; r < s.rows; r++) {
        double day = 0;
        if (is_day(s.cells[r][c], &day)) values[r - 1] = (int32_t)day;
    }
    out->values = values;
    out->schema.format = "tdD";
}

static void fill_column(table_column *out, sheet s, int c)
{
    out->valid = need(calloc((size_t)s.rows / 8 + 1, 1));
    for (int r = 1; r < s.rows; r++)
        if (*s.cells[r][c]) out->valid[(r - 1) / 8] |= (uint8_t)(1 << (r - 1) % 8);
    out->schema = (struct ArrowSchema){.name = s.cells[0][c], .flags = ARROW_FLAG_NULLABLE, .release = stays};
    out->array = (struct ArrowArray){
        .length = s.rows - 1, .null_count = -1, .n_buffers = 2, .buffers = out->buffers, .release = stay};
    if (all_are(s, c, is_number))
        fill_numbers(out, s, c);
    else if (all_are(s, c, is_day))
        fill_days(out, s, c);
    else
        fill_text(out, s, c);
    out->buffers[0] = out->valid;
    out->buffers[1] = out->values;
}

static hra_code score(sheet people, const char *request, char **dropped, int dropped_count, struct ArrowSchema *schema,
                      struct ArrowArray *results, hra_error *error)
{
    table_column *columns = need(calloc((size_t)people.columns, sizeof *columns));
    struct ArrowSchema **schemas = need(calloc((size_t)people.columns, sizeof(struct ArrowSchema *)));
    struct ArrowArray **arrays = need(calloc((size_t)people.columns, sizeof(struct ArrowArray *)));
    const void *rows[] = {NULL};
    int count = 0;
    for (int c = 0; c < people.columns; c++) {
        bool drop = false;
        for (int d = 0; d < dropped_count; d++) drop |= strcmp(people.cells[0][c], dropped[d]) == 0;
        if (drop) continue;
        fill_column(&columns[count], people, c);
        schemas[count] = &columns[count].schema;
        arrays[count] = &columns[count].array;
        count++;
    }
    struct ArrowSchema table = {.format = "+s", .n_children = count, .children = schemas, .release = stays};
    struct ArrowArray array = {.length = people.rows - 1,
                               .n_buffers = 1,
                               .n_children = count,
                               .buffers = rows,
                               .children = arrays,
                               .release = stay};
    hra_engine *engine = NULL;
    hra_scorer *scorer = NULL;
    hra_code code = hra_engine_new(NULL, 0, &engine, error);
    if (code == HRA_OK) code = hra_scorer_open_arrow(engine, request, &table, &scorer, error);
    if (code == HRA_OK) code = hra_scorer_arrow_schema(scorer, schema, error);
    if (code == HRA_OK) code = hra_scorer_run_arrow(scorer, &array, results, 2, error);
    hra_scorer_free(scorer);
    hra_engine_free(engine);
    for (int c = 0; c < count; c++) {
        free(columns[c].valid);
        free(columns[c].values);
        free(columns[c].text);
    }
    free(columns);
    free(schemas);
    free(arrays);
    return code;
}

/* ---- comparing ---------------------------------------------------------------------- */

/* "missing:tc,hdl;outside_range" -> "missing;outside_range": the library names no inputs. */
static void without_names(char *words)
{
    char *to = words;
    for (bool name = false; *words; words++) {
        if (*words == ':') name = true;
        if (*words == ';') name = false;
        if (!name) *to++ = *words;
    }
    *to = '\0';
}

static bool same_word(const struct ArrowArray *words, int64_t index, const char *cell)
{
    const int32_t *offsets = words->buffers[1];
    size_t length = (size_t)(offsets[index + 1] - offsets[index]);
    return strlen(cell) == length && memcmp((const char *)words->buffers[2] + offsets[index], cell, length) == 0;
}

static bool same_cell(const struct ArrowSchema *schema, const struct ArrowArray *column, int64_t row, char *cell)
{
    const uint8_t *valid = column->buffers[0], *bits = column->buffers[1];
    double value;
    if (valid && !(valid[row / 8] >> (row % 8) & 1)) return !*cell;
    switch (*schema->format) {
    case 'C': without_names(cell); return same_word(column->dictionary, bits[row], cell);
    case 's': return same_word(column->dictionary, ((const int16_t *)column->buffers[1])[row], cell);
    case 'b': return is_number(cell, &value) && value == (bits[row / 8] >> (row % 8) & 1);
    default: return is_number(cell, &value) && value == ((const double *)column->buffers[1])[row];
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) die("PEOPLE.csv REQUEST RESULTS.csv are wanted");
    sheet people = read_sheet(argv[1]), wanted = read_sheet(argv[3]);
    struct ArrowSchema schema;
    struct ArrowArray results;
    hra_error error = {0};
    long long same = 0, different = 0;
    if (score(people, argv[2], argv + 4, argc - 4, &schema, &results, &error) != HRA_OK) die(error.message);
    if (schema.n_children != wanted.columns - 1) die("another number of columns");
    if (results.length != wanted.rows - 1) die("another number of rows");
    for (int64_t i = 0; i < schema.n_children; i++) {
        int c = find_column(wanted, schema.children[i]->name);
        if (c != i + 1) die(schema.children[i]->name);
        for (int64_t row = 0; row < results.length; row++) {
            bool alike = same_cell(schema.children[i], results.children[i], row, wanted.cells[row + 1][c]);
            if (!alike && different == 0)
                fprintf(stderr, "%s differs in row %lld\n", schema.children[i]->name, (long long)row);
            same += alike;
            different += !alike;
        }
    }
    printf("%lld cells the same, %lld others\n", same, different);
    schema.release(&schema);
    results.release(&results);
    free_sheet(people);
    free_sheet(wanted);
    return different != 0;
}
