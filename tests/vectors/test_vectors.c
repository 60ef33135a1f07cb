/* Every model against its reference rows.
 *
 * tests/vectors/<model id>.csv holds inputs in dictionary names (with the unit
 * in brackets where it is not the canonical one) and, in columns named as the
 * model's outputs, what somebody else's program answered. The judge and the
 * fast path on every instruction set must agree with it to 1e-9; texts, points
 * and rules exactly; and the fast path with the judge bit for bit. A model
 * without rows, or rows without a model, is a failure.
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "engine/kernels/isa.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/run/judge.h"

static const double tolerance = 1e-9;

enum { MAX_COLUMNS = 64, MAX_OUTPUTS = 64 };

/* ---- the file of one model ------------------------------------------------ */

typedef struct vectors {
    char *text; /* the whole file; cells point into it */
    int rows, columns;
    const char **cells; /* (rows + 1) * columns, the header first */
} vectors;

static const char *cell(const vectors *v, int row, int column)
{
    return v->cells[(size_t)(row + 1) * (size_t)v->columns + (size_t)column];
}

static const char *header(const vectors *v, int column) { return v->cells[column]; }

static void vectors_path(char *path, size_t size, const char *id)
{
    snprintf(path, size, "%s/tests/vectors/%s.csv", HRA_SOURCE_DIR, id);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    text[size] = '\0';
    return text;
}

/* Cuts a line at its commas (the files have no quoted cells). */
static int split(char *line, const char **cells, int capacity)
{
    int count = 0;
    for (char *at = line; at; count++) {
        assert_true(count < capacity);
        cells[count] = at;
        at = strchr(at, ',');
        if (at) *at++ = '\0';
    }
    return count;
}

static bool vectors_open(vectors *v, const char *id)
{
    char path[4096];
    vectors_path(path, sizeof path, id);
    memset(v, 0, sizeof *v);
    v->text = read_file(path);
    if (!v->text) return false;
    int lines = 0;
    for (const char *c = v->text; *c; c++) lines += *c == '\n';
    v->cells = calloc((size_t)lines * MAX_COLUMNS, sizeof *v->cells);
    assert_non_null(v->cells);
    v->rows = -1; /* the header is not a row */
    char *rest = v->text, *line;
    while ((line = strsep(&rest, "\n"))) {
        if (line[0] == '#' || line[0] == '\0') continue;
        const char *cells[MAX_COLUMNS];
        int count = split(line, cells, MAX_COLUMNS);
        if (v->rows < 0) v->columns = count;
        assert_int_equal(count, v->columns);
        memcpy(v->cells + (size_t)(v->rows + 1) * (size_t)count, cells, (size_t)count * sizeof *cells);
        v->rows++;
    }
    assert_true(v->rows > 0);
    return true;
}

static void vectors_close(vectors *v)
{
    free(v->cells);
    free(v->text);
}

/* ---- the library ---------------------------------------------------------- */

static hra_library *library;

static int load_library(void **state)
{
    (void)state;
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    if (code != HRA_OK) {
        hra_buffer out = {0};
        hra_diagnostics_print(diagnostics, &out);
        print_error("%s\n%s\n", error.message, out.bytes ? out.bytes : "");
        hra_buffer_destroy(&out);
    }
    hra_diagnostics_free(diagnostics);
    return code == HRA_OK ? 0 : -1;
}

static int free_library(void **state)
{
    (void)state;
    hra_library_free(library);
    return 0;
}

/* ---- one model ready to run ------------------------------------------------ */

typedef struct trial {
    const char *id;
    vectors vectors;
    hra_column columns[MAX_COLUMNS];
    int file_column[MAX_COLUMNS]; /* of each schema column */
    hra_schema schema;
    double *inputs; /* rows * column_count */
    int expected_column[MAX_OUTPUTS];
    char expected_output[MAX_OUTPUTS][128]; /* "<model>.<output>" */
    int expected_count;
    double worst;
} trial;

static bool is_output(const hra_declaration *model, const char *name)
{
    for (int i = 0; i < model->output_count; i++)
        if (strcmp(model->outputs[i], name) == 0) return true;
    return false;
}

/* "hemoglobin(g/dL)" -> variable and unit */
static int find_variable(const char *head, char *unit, size_t size)
{
    char name[128];
    snprintf(name, sizeof name, "%s", head);
    unit[0] = '\0';
    char *open = strchr(name, '(');
    if (open) {
        *open++ = '\0';
        snprintf(unit, size, "%.*s", (int)strcspn(open, ")"), open);
    }
    return hra_dictionary_find(hra_library_dictionary(library), name);
}

static double read_value(const hra_variable *variable, const char *text)
{
    if (text[0] == '\0') return NAN;
    if (variable->type == HRA_TYPE_CATEGORY) {
        int level = hra_variable_level(variable, text);
        if (level < 0) fail_msg("%s has no level %s", variable->name, text);
        return level;
    }
    char *end;
    double value = strtod(text, &end);
    if (*end) fail_msg("%s is not a number: %s", variable->name, text);
    return value;
}

static void match_columns(trial *t, const hra_declaration *model)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    t->schema = (hra_schema){.dictionary = dictionary, .columns = t->columns};
    for (int i = 0; i < t->vectors.columns; i++) {
        const char *head = header(&t->vectors, i);
        if (is_output(model, head)) {
            assert_true(t->expected_count < MAX_OUTPUTS);
            snprintf(t->expected_output[t->expected_count], sizeof t->expected_output[0], "%s.%s", t->id, head);
            t->expected_column[t->expected_count++] = i;
            continue;
        }
        char unit[32];
        int variable = find_variable(head, unit, sizeof unit);
        if (variable < 0) fail_msg("%s: %s is neither an input nor an output", t->id, head);
        hra_error error = {0};
        int n = t->schema.column_count++;
        if (hra_column_for(dictionary, variable, unit[0] ? unit : NULL, &t->columns[n], &error) != HRA_OK)
            fail_msg("%s: %s", t->id, error.message);
        t->file_column[n] = i;
    }
    assert_true(t->expected_count > 0);
}

static void trial_open(trial *t, const hra_declaration *model)
{
    memset(t, 0, sizeof *t);
    t->id = model->id;
    if (!vectors_open(&t->vectors, t->id)) fail_msg("%s has no reference rows", t->id);
    match_columns(t, model);
    int columns = t->schema.column_count;
    t->inputs = calloc((size_t)t->vectors.rows * (size_t)columns, sizeof *t->inputs);
    assert_non_null(t->inputs);
    for (int row = 0; row < t->vectors.rows; row++)
        for (int c = 0; c < columns; c++) {
            const hra_variable *v = hra_dictionary_at(t->schema.dictionary, t->columns[c].variable);
            t->inputs[(size_t)row * (size_t)columns + (size_t)c] =
                read_value(v, cell(&t->vectors, row, t->file_column[c]));
        }
}

static void trial_close(trial *t)
{
    free(t->inputs);
    vectors_close(&t->vectors);
}

static hra_plan *plan_of(const trial *t, bool share)
{
    hra_plan_request request = {
        .models = &t->id, .model_count = 1, .range = HRA_RANGE_COMPUTE, .as_of = NAN, .share = share};
    hra_plan *plan = NULL;
    hra_error error = {0};
    if (hra_plan_new(library, &t->schema, &request, &plan, &error) != HRA_OK) fail_msg("%s: %s", t->id, error.message);
    return plan;
}

static int find_output(const hra_plan *plan, const char *id)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(outputs[i].id, id) == 0) return i;
    fail_msg("no output %s", id);
    return -1;
}

/* ---- comparing ------------------------------------------------------------- */

/* Points, counts and rules are whole numbers: nothing to round. */
static bool is_exact(const hra_output *output)
{
    return output->kind == HRA_OUTPUT_FLAG || strcmp(output->name, "points") == 0 || strcmp(output->name, "count") == 0;
}

static void compare(trial *t, const char *how, const hra_output *output, int row, const char *want, double got)
{
    if (output->kind == HRA_OUTPUT_CATEGORY) {
        const char *level = isnan(got) ? "unknown" : output->levels[(int)got];
        if (strcmp(level, want) != 0)
            fail_msg("%s, %s, row %d: %s instead of %s", output->id, how, row + 1, level, want);
        return;
    }
    char *end;
    double expected = strtod(want, &end);
    if (want[0] == '\0' || *end) fail_msg("%s, row %d: cannot read %s", output->id, row + 1, want);
    double difference = fabs(got - expected);
    if (!(difference <= (is_exact(output) ? 0 : tolerance)))
        fail_msg("%s, %s, row %d: %.17g instead of %.17g", output->id, how, row + 1, got, expected);
    if (difference > t->worst) t->worst = difference;
}

/* What the judge answers, [expected][row]; also compared with the rows. */
static double *judge_trial(trial *t)
{
    hra_plan *plan = plan_of(t, false);
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hra_judge *judge = hra_judge_new(hra_plan_graph(plan));
    assert_non_null(judge);
    int rows = t->vectors.rows;
    double *answers = calloc((size_t)rows * (size_t)t->expected_count, sizeof *answers);
    assert_non_null(answers);
    for (int row = 0; row < rows; row++) {
        hra_judge_person(judge, t->inputs + (size_t)row * (size_t)t->schema.column_count);
        for (int e = 0; e < t->expected_count; e++) {
            const hra_output *output = &outputs[find_output(plan, t->expected_output[e])];
            double got = hra_judge_value(judge, output->value);
            compare(t, "judge", output, row, cell(&t->vectors, row, t->expected_column[e]), got);
            answers[(size_t)e * (size_t)rows + (size_t)row] = got;
        }
    }
    hra_judge_free(judge);
    hra_plan_free(plan);
    return answers;
}

/* ---- the rows as a chunk ---------------------------------------------------- */

typedef struct packed {
    hra_chunk chunk;
    hra_codes codes[MAX_COLUMNS];
    void *memory[MAX_COLUMNS];
    hra_exception *exceptions;
} packed;

static void store_code(const hra_column *column, void *memory, int row, uint32_t code)
{
    if (hra_column_wide(column))
        ((uint32_t *)memory)[row] = code;
    else
        ((uint16_t *)memory)[row] = (uint16_t)code;
}

static void pack(packed *p, const trial *t)
{
    memset(p, 0, sizeof *p);
    int rows = t->vectors.rows, columns = t->schema.column_count;
    p->exceptions = calloc((size_t)rows * (size_t)columns, sizeof *p->exceptions);
    assert_non_null(p->exceptions);
    for (int c = 0; c < columns; c++) {
        bool wide = hra_column_wide(&t->columns[c]);
        p->memory[c] = calloc((size_t)rows, wide ? sizeof(uint32_t) : sizeof(uint16_t));
        assert_non_null(p->memory[c]);
        if (wide)
            p->codes[c].u32 = p->memory[c];
        else
            p->codes[c].u16 = p->memory[c];
    }
    for (int row = 0; row < rows; row++)
        for (int c = 0; c < columns; c++) {
            double value = t->inputs[(size_t)row * (size_t)columns + (size_t)c];
            uint32_t code = hra_column_code(&t->columns[c], value);
            store_code(&t->columns[c], p->memory[c], row, code);
            if (code == hra_column_escape(&t->columns[c]))
                p->exceptions[p->chunk.exception_count++] = (hra_exception){.row = row, .column = c, .value = value};
        }
    p->chunk.rows = rows;
    p->chunk.columns = p->codes;
    p->chunk.exceptions = p->exceptions;
}

static void unpack(packed *p)
{
    for (int c = 0; c < MAX_COLUMNS; c++) free(p->memory[c]);
    free(p->exceptions);
}

static void run_program(trial *t, const hra_isa *isa, const double *answers)
{
    hra_error error = {0};
    hra_plan *plan = plan_of(t, true);
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hra_program *program = NULL;
    if (hra_program_compile(hra_plan_graph(plan), &t->schema, outputs, count, NULL, &program, &error) != HRA_OK)
        fail_msg("%s: %s", t->id, error.message);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_results_new(count, outputs, t->vectors.rows);
    assert_non_null(workspace);
    assert_non_null(results);
    packed p;
    pack(&p, t);
    if (hra_program_score(program, workspace, &p.chunk, results, &error) != HRA_OK)
        fail_msg("%s: %s", t->id, error.message);
    for (int e = 0; e < t->expected_count; e++) {
        int index = find_output(plan, t->expected_output[e]);
        const hra_output *output = &outputs[index];
        for (int row = 0; row < t->vectors.rows; row++) {
            double got = results->values[index][row], judged = answers[e * t->vectors.rows + row];
            compare(t, isa->name, output, row, cell(&t->vectors, row, t->expected_column[e]), got);
            if (memcmp(&got, &judged, sizeof got) != 0 && !(isnan(got) && isnan(judged)))
                fail_msg("%s, %s, row %d: %.17g, the judge %.17g", output->id, isa->name, row + 1, got, judged);
        }
    }
    unpack(&p);
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
    hra_plan_free(plan);
}

/* ---- the tests -------------------------------------------------------------- */

static void run_model(const hra_declaration *model)
{
    trial t;
    trial_open(&t, model);
    double *answers = judge_trial(&t);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        hra_error error = {0};
        assert_int_equal(hra_isa_force((*isa)->name, &error), HRA_OK);
        run_program(&t, *isa, answers);
    }
    assert_int_equal(hra_isa_force(NULL, NULL), HRA_OK);
    print_message("%-42s %4d rows %2d outputs, largest difference %.2g\n", t.id, t.vectors.rows, t.expected_count,
                  t.worst);
    free(answers);
    trial_close(&t);
}

static void test_every_model_agrees_with_its_reference_rows(void **state)
{
    (void)state;
    int models = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *declaration = hra_library_declaration(library, i);
        if (declaration->kind != HRA_DECLARATION_MODEL) continue;
        run_model(declaration);
        models++;
    }
    print_message("%d models agree with their reference rows, judge and", models);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++)
        if ((*isa)->supported()) print_message(" %s", (*isa)->name);
    print_message("\n");
    assert_true(models > 0);
}

/* A build may leave out the models with a licence caution (HRA_CAUTIONED_MODELS). */
static bool left_out_on_purpose(const char *id)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/models/cautioned/%s.hra", HRA_SOURCE_DIR, id);
    return access(path, R_OK) == 0;
}

static void test_every_file_has_a_model(void **state)
{
    (void)state;
    DIR *folder = opendir(HRA_SOURCE_DIR "/tests/vectors");
    assert_non_null(folder);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".csv") != 0) continue;
        char id[256];
        snprintf(id, sizeof id, "%.*s", (int)(length - 4), entry->d_name);
        const hra_declaration *model = hra_library_find(library, id);
        if (!model && left_out_on_purpose(id)) continue;
        if (!model || model->kind != HRA_DECLARATION_MODEL) fail_msg("%s.csv has no model", id);
        files++;
    }
    closedir(folder);
    assert_true(files > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_file_has_a_model),
        cmocka_unit_test(test_every_model_agrees_with_its_reference_rows),
    };
    return cmocka_run_group_tests_name("vectors", tests, load_library, free_library);
}
