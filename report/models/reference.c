#include "report/models/reference.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

enum { COLUMNS_MAX = 256 };

/* A file being read. */
typedef struct reading {
    hra_reference *reference;
    hra_error *error;
    int line;
    int columns;
    int input[COLUMNS_MAX];  /* of each file column: schema column, or -1 */
    int output[COLUMNS_MAX]; /* expected output, or -1 */
} reading;

static hra_code fault(const reading *r, int column, const char *what, const char *text)
{
    return hra_fail(r->error, HRA_EINPUT, "%s, line %d, column %d: %s '%s'", r->reference->path, r->line, column + 1,
                    what, text);
}

static hra_code no_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "out of memory reading reference rows");
}

/* Cuts a line at its commas (the files have no quoted cells); -1: too many. */
static int split(char *line, char **cells)
{
    int count = 0;
    for (char *at = line; at; count++) {
        if (count == COLUMNS_MAX) return -1;
        cells[count] = at;
        at = strchr(at, ',');
        if (at) *at++ = '\0';
    }
    return count;
}

/* ---- the header ---------------------------------------------------------------- */

static bool is_output(const hra_declaration *model, const char *name)
{
    for (int i = 0; i < model->output_count; i++)
        if (strcmp(model->outputs[i], name) == 0) return true;
    return false;
}

/* "hemoglobin(g/dL)": cuts the unit off. */
static char *cut_unit(char *head)
{
    char *unit = strchr(head, '(');
    if (!unit) return NULL;
    *unit++ = '\0';
    unit[strcspn(unit, ")")] = '\0';
    return unit;
}

static hra_code read_head(reading *r, int column, char *head)
{
    hra_reference *f = r->reference;
    r->input[column] = r->output[column] = -1;
    const char *name = hra_arena_text(f->arena, head);
    if (!name) return no_memory(r->error);
    if (is_output(f->model, name)) {
        r->output[column] = f->output_count;
        f->outputs[f->output_count++] = name;
        return HRA_OK;
    }
    const char *unit = cut_unit(head);
    if (unit && !(unit = hra_arena_text(f->arena, unit))) return no_memory(r->error);
    int variable = hra_dictionary_find(f->schema.dictionary, head);
    if (variable < 0) return fault(r, column, "neither an input nor an output of the model:", name);
    r->input[column] = f->schema.column_count;
    return hra_column_for(f->schema.dictionary, variable, unit, &f->schema.columns[f->schema.column_count++], r->error);
}

static hra_code read_header(reading *r, char **cells, int count)
{
    hra_reference *f = r->reference;
    r->columns = count;
    f->schema.columns = hra_arena_alloc(f->arena, (size_t)count * sizeof(hra_column));
    f->outputs = hra_arena_alloc(f->arena, (size_t)count * sizeof(char *));
    if (!f->schema.columns || !f->outputs) return no_memory(r->error);
    for (int i = 0; i < count; i++) HRA_TRY(read_head(r, i, cells[i]));
    if (f->output_count == 0)
        return hra_fail(r->error, HRA_EINPUT, "%s: no column is an output of %s", f->path, f->model->id);
    return HRA_OK;
}

/* ---- rows ---------------------------------------------------------------------- */

static hra_code read_value(const reading *r, int column, const char *text, double *value)
{
    const hra_schema *schema = &r->reference->schema;
    const hra_variable *variable = hra_dictionary_at(schema->dictionary, schema->columns[r->input[column]].variable);
    *value = NAN;
    if (text[0] == '\0') return HRA_OK;
    if (variable->type == HRA_TYPE_CATEGORY) {
        int level = hra_variable_level(variable, text);
        if (level < 0) return fault(r, column, "no such level:", text);
        *value = level;
        return HRA_OK;
    }
    bool is_flag = variable->type == HRA_TYPE_FLAG;
    if (is_flag && (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)) {
        *value = *text == 'y';
        return HRA_OK;
    }
    char *end;
    *value = strtod(text, &end);
    return *end ? fault(r, column, is_flag ? "neither yes nor no, 1 nor 0:" : "not a number:", text) : HRA_OK;
}

/* Room for one more row; grown by doubling, the old block stays in the arena. */
static bool make_room(hra_reference *f, int *capacity)
{
    if (f->rows < *capacity) return true;
    int more = *capacity ? *capacity * 2 : 256;
    size_t inputs = (size_t)f->schema.column_count * sizeof(double), outputs = (size_t)f->output_count * sizeof(char *);
    double *values = hra_arena_alloc(f->arena, (size_t)more * inputs + 1);
    const char **expected = hra_arena_alloc(f->arena, (size_t)more * outputs);
    if (!values || !expected) return false;
    if (f->rows > 0) {
        memcpy(values, f->inputs, (size_t)f->rows * inputs);
        memcpy(expected, f->expected, (size_t)f->rows * outputs);
    }
    f->inputs = values;
    f->expected = expected;
    *capacity = more;
    return true;
}

static hra_code read_row(reading *r, char **cells, int count)
{
    hra_reference *f = r->reference;
    if (count != r->columns)
        return hra_fail(r->error, HRA_EINPUT, "%s, line %d: %d cells instead of %d", f->path, r->line, count,
                        r->columns);
    if (f->rows == HRA_CHUNK_ROWS)
        return hra_fail(r->error, HRA_EINPUT, "%s: more than %d reference rows", f->path, HRA_CHUNK_ROWS);
    double *inputs = f->inputs + (size_t)f->rows * (size_t)f->schema.column_count;
    const char **expected = f->expected + (size_t)f->rows * (size_t)f->output_count;
    for (int i = 0; i < count; i++) {
        if (r->input[i] >= 0) HRA_TRY(read_value(r, i, cells[i], &inputs[r->input[i]]));
        if (r->output[i] < 0) continue;
        expected[r->output[i]] = hra_arena_text(f->arena, cells[i]);
        if (!expected[r->output[i]]) return no_memory(r->error);
    }
    f->rows++;
    return HRA_OK;
}

static hra_code read_lines(reading *r, FILE *file)
{
    hra_reference *f = r->reference;
    char *line = NULL, *cells[COLUMNS_MAX];
    size_t size = 0;
    int capacity = 0;
    hra_code code = HRA_OK;
    while (code == HRA_OK && getline(&line, &size, file) >= 0) {
        r->line++;
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' && r->line == 1 && !(f->origin = hra_arena_text(f->arena, line + 1 + (line[1] == ' '))))
            code = no_memory(r->error);
        if (line[0] == '#' || line[0] == '\0') continue;
        int count = split(line, cells);
        if (count < 0)
            code = hra_fail(r->error, HRA_EINPUT, "%s: more than %d columns", f->path, COLUMNS_MAX);
        else if (r->columns == 0)
            code = read_header(r, cells, count);
        else
            code = make_room(f, &capacity) ? read_row(r, cells, count) : no_memory(r->error);
    }
    free(line);
    if (code == HRA_OK && ferror(file)) code = hra_fail(r->error, HRA_EIO, "%s: %s", f->path, strerror(errno));
    if (code == HRA_OK && f->rows == 0) code = hra_fail(r->error, HRA_EINPUT, "%s: no reference rows", f->path);
    return code;
}

hra_code hra_reference_open(const hra_library *library, const hra_declaration *model, const char *folder,
                            hra_reference **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_reference *f = arena ? hra_arena_alloc(arena, sizeof *f) : NULL;
    char *path = f ? hra_arena_printf(arena, "%s/%s.csv", folder, model->id) : NULL;
    if (!path) {
        hra_arena_free(arena);
        return no_memory(error);
    }
    *f = (hra_reference){.model = model, .path = path, .origin = "", .arena = arena};
    f->schema.dictionary = hra_library_dictionary(library);
    reading r = {.reference = f, .error = error};
    FILE *file = fopen(path, "rb");
    hra_code code = file ? read_lines(&r, file) : hra_fail(error, HRA_EINPUT, "%s: %s", path, strerror(errno));
    if (file) fclose(file);
    if (code == HRA_OK)
        *out = f;
    else
        hra_reference_free(f);
    return code;
}

void hra_reference_free(hra_reference *reference)
{
    if (reference) hra_arena_free(reference->arena);
}

/* ---- where they stand ------------------------------------------------------------ */

/* Cuts the last part of a path; false at the top. */
static bool parent(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) return false;
    *slash = '\0';
    return true;
}

static bool there(char *folder, size_t size, const char *above, const char *below)
{
    int length = snprintf(folder, size, "%s/%s", above, below);
    return length > 0 && (size_t)length < size && access(folder, R_OK | X_OK) == 0;
}

hra_code hra_reference_folder(char *folder, size_t size, hra_error *error)
{
    char place[4096];
    ssize_t length = readlink("/proc/self/exe", place, sizeof place - 1);
    if (length > 0) {
        place[length] = '\0';
        parent(place); /* the folder of the program */
        while (parent(place)) {
            if (there(folder, size, place, "share/hra/vectors")) return HRA_OK;
            if (there(folder, size, place, "tests/vectors")) return HRA_OK;
        }
    }
    return hra_fail(error, HRA_EINPUT,
                    "the reference rows (share/hra/vectors) are not beside this program; name them with --vectors DIR");
}
