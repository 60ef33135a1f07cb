#include "service/enrolment/care.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"
#include "engine/data/column.h"
#include "io/people/population_store.h"
#include "service/enrolment/register_file.h"
#include "service/tables/key_index.h"
#include "service/tables/scratch.h"

struct hra_care {
    const hra_care_request *request;
    hra_care_account *account;
    hra_arena *arena;
    hra_result_reader *results;
    hra_conditions *conditions;
    hra_key_index *index;
    hra_scratch room;
    hra_care_record *records; /* by row of the results */
    const char *const *states;
    int state_count;
    double found; /* day of the results; NaN */
    hra_scratch exam_room;
    int32_t *exams;              /* by row of the results */
    const char *population_path; /* NULL: there is none */
    bool knows_exams;
    hra_source *population; /* NULL: who ordered reminders is not known */
    bool *wanted;
    int opt_in;      /* its column */
    hra_chunk chunk; /* of the population */
    bool has_chunk;
    int group, branch;
    int64_t first, count, at; /* the loaded block, and the next person of it */
    char (*keys)[HRA_RESULT_KEY_SIZE];
    int32_t *groups, *branches;
};

/* ---- the register ---- */

static int32_t read_day(const char *text)
{
    double day;
    char plain[32];
    if (!*text || strlen(text) >= sizeof plain) return INT32_MIN;
    strcpy(plain, text);
    for (char *c = plain; *c; c++)
        if (*c == '/') *c = '-';
    return hra_day_read(plain, &day) ? (int32_t)day : INT32_MIN;
}

static void count_contact(hra_care *care, const hra_register_line *line)
{
    const char *result = line->cells[HRA_REGISTER_CONTACT_RESULT];
    care->account->contacts += *result != '\0';
    care->account->reached += strcasecmp(result, "reached") == 0;
}

/* A contact counts for a result from the exam on; where its day is not known, from the day of the results. */
static void take_reached(const hra_care *care, int64_t row, const hra_register_line *line, int32_t contact)
{
    hra_care_record *record = &care->records[row];
    double from = care->exams[row] != HRA_NO_DAY && !(care->exams[row] > care->found) ? care->exams[row] : care->found;
    if (contact == INT32_MIN || !(contact >= from) || contact > care->request->as_of) return;
    record->tried |= *line->cells[HRA_REGISTER_CONTACT_RESULT] != '\0';
    if (strcasecmp(line->cells[HRA_REGISTER_CONTACT_RESULT], "reached") != 0) return;
    if (record->reached == INT32_MIN || contact < record->reached) record->reached = contact;
}

static hra_code take_line(hra_care *care, const hra_register_line *line, hra_error *error)
{
    uint64_t key[2];
    int64_t row;
    int state = 0;
    if (!hra_person_key_read(line->cells[HRA_REGISTER_PERSON], key))
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the column 'person' is not a person key",
                        care->request->register_path, (long long)line->line);
    count_contact(care, line);
    while (state < care->state_count && strcmp(care->states[state], line->cells[HRA_REGISTER_STATE]) != 0) state++;
    bool in_plan = state < care->state_count;
    care->account->in_plan += in_plan;
    if (!hra_key_index_find(care->index, key, &row)) {
        care->account->not_seen += in_plan;
        return HRA_OK;
    }
    hra_care_record *record = &care->records[row];
    int32_t since = read_day(line->cells[HRA_REGISTER_SINCE]),
            contact = read_day(line->cells[HRA_REGISTER_CONTACT_DATE]);
    if (contact > record->contact) record->contact = contact;
    take_reached(care, row, line, contact);
    if (!in_plan) return HRA_OK;
    record->states |= (uint32_t)1 << state;
    if (record->since == INT32_MIN || since < record->since) record->since = since;
    return HRA_OK;
}

static hra_code read_register(hra_care *care, hra_error *error)
{
    hra_register_file *file = NULL;
    bool any = true;
    if (!care->request->register_path) return HRA_OK;
    HRA_TRY(hra_register_open(care->request->register_path, &file, error));
    hra_code code = HRA_OK;
    while (!code && any) {
        hra_register_line line;
        code = hra_register_read(file, &line, &any, error);
        if (!code && any) code = take_line(care, &line, error);
    }
    hra_register_close(file);
    return code;
}

/* ---- opening ---- */

static hra_code index_people(hra_care *care, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(care->results)->rows;
    for (int64_t first = 0; first < rows; first += HRA_CHUNK_ROWS) {
        int64_t count = rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_result_reader_keys(care->results, first, count, care->keys, error));
        for (int64_t i = 0; i < count; i++) {
            uint64_t key[2];
            if (!hra_person_key_read(care->keys[i], key))
                return hra_fail(error, HRA_EINPUT, "%s: the key of row %lld is not a hashed key",
                                hra_result_reader_facts(care->results)->path, (long long)(first + i) + 1);
            HRA_TRY(hra_key_index_add(care->index, key, first + i, error));
            care->records[first + i] =
                (hra_care_record){.since = INT32_MIN, .contact = INT32_MIN, .reached = INT32_MIN};
        }
    }
    HRA_TRY(hra_key_index_finish(care->index, error));
    int64_t repeated = hra_key_index_repeated(care->index);
    if (!repeated) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT, "%s: %lld people stand there more than once; import with --duplicates first",
                    hra_result_reader_facts(care->results)->path, (long long)repeated);
}

/* Only one flag of the population is wanted. Without a store beside the results nobody is reminded. */
static hra_code open_population(hra_care *care, hra_error *error)
{
    const char *path = care->request->population, *results = hra_result_reader_facts(care->results)->path;
    const char *slash = strrchr(results, '/');
    if (!path)
        path = hra_arena_printf(care->arena, "%.*spopulation.h5", slash ? (int)(slash + 1 - results) : 0, results);
    if (!path) return hra_out_of_memory(error);
    if (!care->request->population && access(path, F_OK) != 0) return HRA_OK;
    care->population_path = path;
    const hra_dictionary *dictionary = hra_library_dictionary(care->request->library);
    HRA_TRY(hra_store_open(path, dictionary, &care->population, error));
    const hra_schema *schema = care->population->schema;
    if (care->population->rows != hra_result_reader_facts(care->results)->rows)
        return hra_fail(error, HRA_ECONFLICT, "%s and %s are not of the same run", results, path);
    care->wanted = hra_arena_alloc(care->arena, (size_t)schema->column_count + 1);
    if (!care->wanted) return hra_out_of_memory(error);
    int variable = hra_dictionary_find(dictionary, "sms_opt_in");
    care->opt_in = variable < 0 ? -1 : hra_schema_find(schema, variable, NULL);
    if (care->opt_in >= 0) care->wanted[care->opt_in] = care->account->knows_opt_in = true;
    care->population->wanted = care->wanted;
    care->population->want_keys = true;
    return HRA_OK;
}

static hra_code read_exams(hra_care *care, const char *beside, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(care->results)->rows;
    HRA_TRY(hra_scratch_open(beside, (size_t)rows * sizeof *care->exams, &care->exam_room, error));
    care->exams = care->exam_room.memory;
    if (care->population_path)
        return hra_exam_days_read(care->population_path, hra_library_dictionary(care->request->library), care->index,
                                  rows, care->exams, &care->knows_exams, error);
    for (int64_t i = 0; i < rows; i++) care->exams[i] = HRA_NO_DAY;
    return HRA_OK;
}

static hra_code open_care(hra_care *care, hra_error *error)
{
    HRA_TRY(hra_result_reader_open(care->request->results, &care->results, error));
    const hra_result_facts *facts = hra_result_reader_facts(care->results);
    if (!facts->has_keys)
        return hra_fail(error, HRA_EINPUT, "%s has no person keys: import with --key and score again", facts->path);
    const char *beside = hra_arena_printf(care->arena, "%s/care", care->request->folder);
    care->keys = hra_arena_alloc(care->arena, HRA_CHUNK_ROWS * sizeof *care->keys);
    care->groups = hra_arena_alloc(care->arena, HRA_CHUNK_ROWS * sizeof *care->groups);
    care->branches = hra_arena_alloc(care->arena, HRA_CHUNK_ROWS * sizeof *care->branches);
    if (!beside || !care->keys || !care->groups || !care->branches) return hra_out_of_memory(error);
    care->account->people = facts->rows;
    if (!hra_day_read(facts->as_of, &care->found)) care->found = NAN;
    care->group = hra_result_reader_label(care->results, "group_id");
    care->branch = hra_result_reader_label(care->results, "branch");
    HRA_TRY(hra_conditions_new(care->results, &care->conditions, error));
    HRA_TRY(hra_key_index_new(beside, facts->rows, &care->index, error));
    HRA_TRY(hra_scratch_open(beside, (size_t)facts->rows * sizeof *care->records, &care->room, error));
    care->records = care->room.memory;
    HRA_TRY(index_people(care, error));
    HRA_TRY(open_population(care, error));
    HRA_TRY(read_exams(care, beside, error));
    return read_register(care, error);
}

hra_code hra_care_open(const hra_care_request *request, const char *const *states, int state_count,
                       hra_care_account *account, hra_care **out, hra_error *error)
{
    hra_care *care = calloc(1, sizeof *care);
    if (!care) return hra_out_of_memory(error);
    *care =
        (hra_care){.request = request, .account = account, .states = states, .state_count = state_count, .opt_in = -1};
    care->arena = hra_arena_new();
    hra_code code = care->arena ? open_care(care, error) : hra_out_of_memory(error);
    if (code)
        hra_care_close(care);
    else
        *out = care;
    return code;
}

void hra_care_close(hra_care *care)
{
    if (!care) return;
    if (care->has_chunk) care->population->release(care->population, &care->chunk);
    if (care->population) care->population->close(care->population);
    hra_conditions_free(care->conditions);
    hra_key_index_free(care->index);
    hra_scratch_close(&care->room);
    hra_scratch_close(&care->exam_room);
    hra_result_reader_close(care->results);
    hra_arena_free(care->arena);
    free(care);
}

hra_result_reader *hra_care_results(hra_care *care) { return care->results; }
double hra_care_found(const hra_care *care) { return care->found; }

const char *hra_care_no_exam_days(const hra_care *care)
{
    if (isnan(care->found)) return "the results do not say their day (score with --as-of)";
    if (!care->population_path) return "there is no population store with the exam dates";
    return care->knows_exams ? NULL : "the population store has no exam dates";
}

hra_conditions *hra_care_conditions(hra_care *care) { return care->conditions; }

/* ---- one after the other ---- */

/* The population's chunk with the row; its chunks come in order. */
static hra_code load_population(hra_care *care, int64_t row, hra_error *error)
{
    if (!care->population || (care->has_chunk && row < care->chunk.first_row + care->chunk.rows)) return HRA_OK;
    int64_t sequence;
    void *ticket;
    if (care->has_chunk) care->population->release(care->population, &care->chunk);
    care->has_chunk = false;
    HRA_TRY(care->population->claim(care->population, &sequence, &ticket, error));
    if (sequence < 0) return hra_fail(error, HRA_EINTERNAL, "the population ends before its results");
    care->chunk = (hra_chunk){.sequence = sequence, .first_row = -1};
    HRA_TRY(care->population->fill(care->population, sequence, ticket, &care->chunk, error));
    care->has_chunk = true;
    return HRA_OK;
}

static hra_code ask_opt_in(hra_care *care, const hra_care_person *person, bool *opted_in, hra_error *error)
{
    *opted_in = false;
    HRA_TRY(load_population(care, person->row, error));
    if (!care->has_chunk || care->opt_in < 0) return HRA_OK;
    int64_t at = person->row - care->chunk.first_row;
    if (!care->chunk.keys || strcmp(care->chunk.keys[at], person->key) != 0)
        return hra_fail(error, HRA_ECONFLICT, "row %lld of the population store is not the person of the results",
                        (long long)person->row + 1);
    const hra_codes *codes = &care->chunk.columns[care->opt_in];
    const hra_column *column = &care->population->schema->columns[care->opt_in];
    *opted_in = hra_column_value(column, hra_code_at(codes, (int)at)) == 1;
    return HRA_OK;
}

static hra_code load_labels(hra_care *care, int label, int32_t *out, hra_error *error)
{
    for (int64_t i = 0; i < care->count; i++) out[i] = -1;
    return label < 0 ? HRA_OK : hra_result_reader_labels(care->results, label, care->first, care->count, out, error);
}

static hra_code load_block(hra_care *care, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(care->results)->rows;
    care->first += care->count;
    care->at = 0;
    care->count = rows - care->first < HRA_CHUNK_ROWS ? rows - care->first : HRA_CHUNK_ROWS;
    if (care->count == 0) return HRA_OK;
    HRA_TRY(hra_conditions_load(care->conditions, care->first, care->count, error));
    HRA_TRY(hra_result_reader_keys(care->results, care->first, care->count, care->keys, error));
    HRA_TRY(load_labels(care, care->group, care->groups, error));
    return load_labels(care, care->branch, care->branches, error);
}

static const char *label_text(const hra_care *care, int label, int32_t index)
{
    int count = 0;
    const char *const *texts = label >= 0 ? hra_result_reader_texts(care->results, label, &count) : NULL;
    return index >= 0 && index < count ? texts[index] : "";
}

hra_code hra_care_next(hra_care *care, hra_care_person *person, bool *any, hra_error *error)
{
    if (care->at == care->count) HRA_TRY(load_block(care, error));
    *any = care->count > 0;
    if (!*any) return HRA_OK;
    int64_t i = care->at++;
    *person = (hra_care_person){.row = care->first + i,
                                .index = i,
                                .key = care->keys[i],
                                .group = label_text(care, care->group, care->groups[i]),
                                .branch = label_text(care, care->branch, care->branches[i]),
                                .group_index = care->groups[i],
                                .record = care->records[care->first + i],
                                .exam = care->exams[care->first + i]};
    return ask_opt_in(care, person, &person->opted_in, error);
}
