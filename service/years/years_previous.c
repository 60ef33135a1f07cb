#include "service/years/years_previous.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/graph/scalar.h"
#include "io/people/population_store.h"
#include "service/tables/key_index.h"
#include "service/tables/scratch.h"

enum { MOST_ROLES = 64 };

static const int32_t unknown_steps = INT32_MIN; /* and known, but too large for steps: */
static const int32_t beyond_steps = INT32_MAX;

/* A text of every row, by its place among the texts of the store; -1: none. */
typedef struct row_label {
    int label; /* of the schema, -1: none */
    hra_scratch room;
    int32_t *codes;
    const char *const *texts;
    int count;
} row_label;

struct hra_previous {
    hra_arena *arena;
    hra_result_reader *results;
    hra_source *source;
    const hra_dictionary *dictionary;
    const char *population;
    int64_t rows;
    hra_key_index *index;
    hra_scratch value_room, risk_room, key_room;
    row_label group, provider;
    int *place;         /* by dictionary variable: its place among the values of a row, -1: none */
    int variable_count; /* values of a row */
    int32_t *values;    /* rows x variables */
    const char *roles[MOST_ROLES];
    int role_fields[MOST_ROLES], role_count;
    double *risks; /* rows x roles */
    uint64_t (*keys)[2];
};

/* ---- values, as a sink of the population ---- */

typedef struct value_sink {
    hra_sink sink;
    hra_previous *previous;
    char (*result_keys)[HRA_RESULT_KEY_SIZE]; /* of one chunk, to be compared */
} value_sink;

static int32_t steps_of(double value, const hra_variable *variable)
{
    if (isnan(value)) return unknown_steps;
    double steps = round(hra_scalar_round(value, variable->decimals) * hra_pow10(variable->decimals));
    return fabs(steps) < 2e9 ? (int32_t)steps : beyond_steps;
}

static bool is_canonical(const hra_column *column, const hra_variable *variable)
{
    double factor, offset;
    return hra_variable_unit(variable, column->unit ? column->unit : "", &factor, &offset) && factor == 1 &&
           offset == 0;
}

static double in_canonical_unit(const hra_column *column, const hra_variable *variable, double value)
{
    double factor, offset;
    if (variable->type != HRA_TYPE_MEASURE && variable->type != HRA_TYPE_COUNT) return value;
    if (!column->unit || !hra_variable_unit(variable, column->unit, &factor, &offset)) return value;
    return factor == 1 && offset == 0 ? value : value * factor + offset;
}

/* One column of a chunk into its place of every row; a variable that another column has told stays as it is. */
static void put_column(const hra_previous *p, const hra_column *column, const hra_codes *codes, int64_t first, int rows)
{
    const hra_variable *variable = hra_dictionary_at(p->dictionary, column->variable);
    int place = p->place[column->variable];
    if (place < 0) return;
    int32_t *out = p->values + first * p->variable_count + place;
    bool grid = column->decimals == variable->decimals &&
                (variable->type == HRA_TYPE_FLAG || variable->type == HRA_TYPE_CATEGORY ||
                 variable->type == HRA_TYPE_DATE || is_canonical(column, variable)) &&
                column->first > -1000000000 && column->first + (int64_t)column->levels < 1000000000;
    for (int i = 0; i < rows; i++, out += p->variable_count) {
        uint32_t code = hra_code_at(codes, i);
        if (code >= column->levels || *out != unknown_steps) continue;
        *out = grid ? (int32_t)(column->first + (int64_t)code)
                    : steps_of(in_canonical_unit(column, variable, hra_column_value(column, code)), variable);
    }
}

static hra_code prepare_values(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                               void **prepared, hra_error *error)
{
    const hra_previous *p = ((value_sink *)sink)->previous;
    const hra_schema *schema = p->source->schema;
    if (chunk->first_row < 0 || chunk->first_row + chunk->rows > p->rows)
        return hra_fail(error, HRA_EINTERNAL, "%s: a chunk without a place", p->population);
    int32_t *values = p->values + chunk->first_row * p->variable_count;
    for (int64_t i = 0; i < (int64_t)chunk->rows * p->variable_count; i++) values[i] = unknown_steps;
    for (int c = 0; c < schema->column_count; c++)
        put_column(p, &schema->columns[c], &chunk->columns[c], chunk->first_row, chunk->rows);
    for (int e = 0; e < chunk->exception_count; e++) {
        const hra_exception *x = &chunk->exceptions[e];
        const hra_column *column = &schema->columns[x->column];
        const hra_variable *variable = hra_dictionary_at(p->dictionary, column->variable);
        if (p->place[column->variable] < 0) continue;
        int32_t *out = values + (int64_t)x->row * p->variable_count + p->place[column->variable];
        if (*out == unknown_steps) *out = steps_of(in_canonical_unit(column, variable, x->value), variable);
    }
    return HRA_OK;
}

static hra_code compare_keys(value_sink *s, const hra_chunk *chunk, hra_error *error)
{
    const hra_previous *p = s->previous;
    if (!p->results || !hra_result_reader_facts(p->results)->has_keys) return HRA_OK;
    HRA_TRY(hra_result_reader_keys(p->results, chunk->first_row, chunk->rows, s->result_keys, error));
    for (int i = 0; i < chunk->rows; i++)
        if (strcmp(s->result_keys[i], chunk->keys[i]) != 0)
            return hra_fail(
                error, HRA_ECONFLICT, "%s and %s are not of the same run: row %lld is another person's in each",
                hra_result_reader_facts(p->results)->path, p->population, (long long)chunk->first_row + i + 1);
    return HRA_OK;
}

static void take_label(row_label *l, const hra_chunk *chunk)
{
    if (!l->codes) return;
    int32_t *codes = l->codes + chunk->first_row;
    for (int i = 0; i < chunk->rows; i++) codes[i] = -1;
    if (l->label < 0) return;
    const hra_label_codes *labels = &chunk->labels[l->label];
    l->texts = labels->texts; /* of the whole store, as long as it is open */
    l->count = labels->text_count;
    if (labels->index) memcpy(codes, labels->index, (size_t)chunk->rows * sizeof *codes);
}

static hra_code commit_values(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                              hra_error *error)
{
    value_sink *s = (value_sink *)sink;
    hra_previous *p = s->previous;
    if (!chunk->keys)
        return hra_fail(error, HRA_EINPUT, "%s has no person keys: import it again with --key", p->population);
    HRA_TRY(compare_keys(s, chunk, error));
    for (int i = 0; i < chunk->rows; i++) {
        int64_t row = chunk->first_row + i;
        if (!hra_person_key_read(chunk->keys[i], p->keys[row]))
            return hra_fail(error, HRA_EINPUT,
                            "%s: the key of row %lld is not a hashed key: import it again with --key", p->population,
                            (long long)row + 1);
        HRA_TRY(hra_key_index_add(p->index, p->keys[row], row, error));
    }
    take_label(&p->group, chunk);
    take_label(&p->provider, chunk);
    return HRA_OK;
}

/* Columns whose values have no place are not read. */
static hra_code want_columns(const hra_previous *p, const bool *wanted, hra_error *error)
{
    const hra_schema *schema = p->source->schema;
    if (!wanted) return HRA_OK;
    bool *columns = hra_arena_alloc(p->arena, (size_t)schema->column_count + 1);
    if (!columns) return hra_out_of_memory(error);
    for (int c = 0; c < schema->column_count; c++) columns[c] = wanted[schema->columns[c].variable];
    p->source->wanted = columns;
    return HRA_OK;
}

static int find_label(const hra_previous *p, const char *name)
{
    const hra_schema *schema = p->source->schema;
    for (int l = 0; l < schema->label_count; l++)
        if (strcmp(hra_dictionary_at(p->dictionary, schema->labels[l])->name, name) == 0) return l;
    return -1;
}

static hra_code read_population(hra_previous *p, const hra_previous_request *request, hra_error *error)
{
    value_sink s = {.sink = {.prepare = prepare_values, .commit = commit_values}, .previous = p};
    hra_sink *sink = &s.sink;
    hra_run_options options = {.threads = request->threads, .stop = request->stop};
    hra_run_facts facts = {0};
    p->group.label = find_label(p, "group_id");
    p->provider.label = find_label(p, "exam_provider");
    p->source->want_keys = true;
    s.result_keys = malloc(HRA_CHUNK_ROWS * sizeof *s.result_keys);
    hra_code code = s.result_keys ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = hra_run(p->source, NULL, &sink, 1, &options, &facts, error);
    if (!code) code = hra_key_index_finish(p->index, error);
    free(s.result_keys);
    return code;
}

/* ---- risks ---- */

/* "chd" of "china_corporate.chd.risk"; NULL if the field is not the risk of a role. */
static const char *role_name(const hra_previous *p, const hra_result_field *field)
{
    size_t length = strlen(field->name), panel = strcspn(field->name, ".");
    if (field->kind != HRA_RESULT_NUMBER || strcmp(field->role, "panel") != 0 || length < panel + 7) return NULL;
    if (strcmp(field->name + length - 5, ".risk") != 0) return NULL;
    const char *name = field->name + panel + 1;
    size_t size = length - panel - 6;
    if (memchr(name, '.', size)) return NULL;
    return hra_arena_text_n(p->arena, name, size);
}

static void find_roles(hra_previous *p)
{
    for (int f = 0; f < hra_result_reader_count(p->results) && p->role_count < MOST_ROLES; f++) {
        const char *role = role_name(p, hra_result_reader_field(p->results, f));
        if (!role) continue;
        p->roles[p->role_count] = role;
        p->role_fields[p->role_count++] = f;
    }
}

static hra_code read_risks(hra_previous *p, hra_error *error)
{
    double *block = malloc(HRA_CHUNK_ROWS * sizeof *block);
    hra_code code = block ? HRA_OK : hra_out_of_memory(error);
    for (int r = 0; r < p->role_count && !code; r++)
        for (int64_t first = 0; first < p->rows && !code; first += HRA_CHUNK_ROWS) {
            int64_t count = p->rows - first < HRA_CHUNK_ROWS ? p->rows - first : HRA_CHUNK_ROWS;
            code = hra_result_reader_values(p->results, p->role_fields[r], first, count, block, error);
            for (int64_t i = 0; i < count && !code; i++) p->risks[(first + i) * p->role_count + r] = block[i];
        }
    free(block);
    return code;
}

/* ---- opening ---- */

static hra_code place_variables(hra_previous *p, const bool *wanted, hra_error *error)
{
    const hra_schema *schema = p->source->schema;
    size_t count = (size_t)hra_dictionary_count(p->dictionary);
    p->place = hra_arena_alloc(p->arena, count * sizeof *p->place + 1);
    if (!p->place) return hra_out_of_memory(error);
    for (size_t v = 0; v < count; v++) p->place[v] = -1;
    for (int c = 0; c < schema->column_count; c++) {
        int variable = schema->columns[c].variable;
        if (p->place[variable] < 0 && (!wanted || wanted[variable])) p->place[variable] = p->variable_count++;
    }
    return HRA_OK;
}

static hra_code make_label_room(row_label *l, const char *beside, size_t rows, hra_error *error)
{
    HRA_TRY(hra_scratch_open(beside, rows * sizeof *l->codes, &l->room, error));
    l->codes = l->room.memory;
    return HRA_OK;
}

static hra_code make_room(hra_previous *p, const char *beside, bool providers, hra_error *error)
{
    size_t rows = (size_t)p->rows;
    HRA_TRY(hra_key_index_new(beside, p->rows, &p->index, error));
    HRA_TRY(hra_scratch_open(beside, rows * sizeof *p->keys, &p->key_room, error));
    HRA_TRY(make_label_room(&p->group, beside, rows, error));
    if (providers) HRA_TRY(make_label_room(&p->provider, beside, rows, error));
    HRA_TRY(hra_scratch_open(beside, rows * (size_t)p->variable_count * sizeof *p->values, &p->value_room, error));
    HRA_TRY(hra_scratch_open(beside, rows * (size_t)p->role_count * sizeof *p->risks, &p->risk_room, error));
    p->keys = p->key_room.memory;
    p->values = p->value_room.memory;
    p->risks = p->risk_room.memory;
    return HRA_OK;
}

static const char *population_of(hra_previous *p, const char *given)
{
    if (given || !p->results) return hra_arena_text(p->arena, given ? given : "");
    const char *results = hra_result_reader_facts(p->results)->path, *slash = strrchr(results, '/');
    return hra_arena_printf(p->arena, "%.*spopulation.h5", slash ? (int)(slash + 1 - results) : 0, results);
}

static hra_code check_fingerprint(const hra_previous *p, const char *expected, hra_error *error)
{
    const char *own = hra_previous_key_fingerprint(p);
    if (!expected) return HRA_OK;
    if (!*own || !*expected)
        return hra_fail(error, HRA_ECONFLICT,
                        "%s: which key its person keys were made with is not known, so people cannot be linked: "
                        "import both years with --key and the same key",
                        p->population);
    if (strcmp(own, expected) == 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s was made with key %s, the other year with key %s: people cannot be linked; import one of them "
                    "again with the other's key",
                    p->population, own, expected);
}

static hra_code open_stores(hra_previous *p, const hra_previous_request *request, hra_error *error)
{
    if (request->results) HRA_TRY(hra_result_reader_open(request->results, &p->results, error));
    p->population = population_of(p, request->population);
    if (!p->population) return hra_out_of_memory(error);
    HRA_TRY(hra_store_open(p->population, request->dictionary, &p->source, error));
    p->rows = p->source->rows;
    int64_t scored = p->results ? hra_result_reader_facts(p->results)->rows : p->rows;
    if (p->rows == scored) return check_fingerprint(p, request->key_fingerprint, error);
    return hra_fail(error, HRA_ECONFLICT, "%s has %lld people and %s has %lld: they are not of the same run",
                    hra_result_reader_facts(p->results)->path, (long long)scored, p->population, (long long)p->rows);
}

hra_code hra_previous_open(const hra_previous_request *request, hra_previous **out, hra_error *error)
{
    hra_previous *p = calloc(1, sizeof *p);
    if (!p) return hra_out_of_memory(error);
    p->dictionary = request->dictionary;
    p->arena = hra_arena_new();
    hra_code code = p->arena ? open_stores(p, request, error) : hra_out_of_memory(error);
    if (!code && p->results && !request->wanted) find_roles(p);
    if (!code) code = place_variables(p, request->wanted, error);
    if (!code) code = want_columns(p, request->wanted, error);
    if (!code) code = make_room(p, request->beside, request->providers, error);
    if (!code) code = read_population(p, request, error);
    if (!code) code = read_risks(p, error);
    if (code)
        hra_previous_close(p);
    else
        *out = p;
    return code;
}

void hra_previous_close(hra_previous *p)
{
    if (!p) return;
    if (p->source) p->source->close(p->source);
    hra_result_reader_close(p->results);
    hra_key_index_free(p->index);
    hra_scratch_close(&p->value_room);
    hra_scratch_close(&p->risk_room);
    hra_scratch_close(&p->key_room);
    hra_scratch_close(&p->group.room);
    hra_scratch_close(&p->provider.room);
    hra_arena_free(p->arena);
    free(p);
}

/* ---- questions ---- */

int64_t hra_previous_rows(const hra_previous *p) { return p->rows; }
const hra_result_facts *hra_previous_facts(const hra_previous *p) { return hra_result_reader_facts(p->results); }
const hra_result_reader *hra_previous_results(const hra_previous *p) { return p->results; }
const char *hra_previous_population(const hra_previous *p) { return p->population; }
int64_t hra_previous_repeated(const hra_previous *p) { return hra_key_index_repeated(p->index); }

const char *hra_previous_key_fingerprint(const hra_previous *p)
{
    const char *own = hra_store_key_fingerprint(p->source);
    return *own || !p->results ? own : hra_result_reader_facts(p->results)->key_fingerprint;
}

bool hra_previous_find(const hra_previous *p, const char *text, int64_t *row)
{
    uint64_t key[2];
    return hra_person_key_read(text, key) && hra_key_index_find(p->index, key, row);
}

void hra_previous_key(const hra_previous *p, int64_t row, char out[HRA_RESULT_KEY_SIZE])
{
    hra_person_key_write(p->keys[row], out);
}

static int32_t steps_at(const hra_previous *p, int64_t row, int variable)
{
    return p->place[variable] < 0 ? unknown_steps : p->values[row * p->variable_count + p->place[variable]];
}

bool hra_previous_steps(const hra_previous *p, int64_t row, int variable, int32_t *steps)
{
    *steps = steps_at(p, row, variable);
    return *steps != unknown_steps && *steps != beyond_steps;
}

bool hra_previous_known(const hra_previous *p, int64_t row, int variable)
{
    return steps_at(p, row, variable) != unknown_steps;
}

double hra_previous_value(const hra_previous *p, int64_t row, int variable)
{
    int32_t steps;
    if (!hra_previous_steps(p, row, variable, &steps)) return NAN;
    return (double)steps / hra_pow10(hra_dictionary_at(p->dictionary, variable)->decimals);
}

const char *hra_previous_unit(const hra_previous *p, int variable)
{
    const hra_schema *schema = p->source->schema;
    for (int c = 0; c < schema->column_count; c++)
        if (schema->columns[c].variable == variable) return schema->columns[c].unit ? schema->columns[c].unit : "";
    return "";
}

int hra_previous_role_count(const hra_previous *p) { return p->role_count; }

int hra_previous_role(const hra_previous *p, const char *role)
{
    for (int r = 0; r < p->role_count; r++)
        if (strcmp(p->roles[r], role) == 0) return r;
    return -1;
}

double hra_previous_risk(const hra_previous *p, int64_t row, int role) { return p->risks[row * p->role_count + role]; }

static const char *text_of(const row_label *l, int64_t row)
{
    int32_t code = l->codes ? l->codes[row] : -1;
    return code >= 0 && code < l->count ? l->texts[code] : "";
}

const char *hra_previous_group(const hra_previous *p, int64_t row) { return text_of(&p->group, row); }
const char *hra_previous_provider(const hra_previous *p, int64_t row) { return text_of(&p->provider, row); }
