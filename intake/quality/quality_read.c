/* Reading a file for its quality report: the import's own reading, counted instead of stored. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/runner.h"
#include "intake/quality/quality_internal.h"

enum { DENSE = 1 << 18, NUMBERS = 8192, DAYS = 1 << 16 };

/* Counts of each ordinary code of a column, and the codes they lie between. */
typedef struct code_counts {
    int64_t *of; /* NULL: too many codes, values go to the tally at once */
    uint32_t low, high;
} code_counts;

/* Of whom a column is asked: of those with this answer in another column. */
typedef struct concern {
    int by; /* -1: of everybody */
    double answer;
} concern;

/* Counts of one file while its chunks pass. */
typedef struct counting {
    hra_sink base;
    const hra_schema *schema;
    hra_quality_file *file;
    code_counts *codes; /* per column */
    concern *concerns;  /* per column */
    hra_tally **values, **beyond;
} counting;

/* ---- counting ----------------------------------------------------------------------------- */

static bool count_codes(counting *c, const hra_chunk *chunk, int index)
{
    const hra_column *column = &c->schema->columns[index];
    const hra_codes *codes = &chunk->columns[index];
    code_counts *counts = &c->codes[index];
    for (int r = 0; r < chunk->rows; r++) {
        uint32_t code = hra_code_at(codes, r);
        if (code >= column->levels) continue;
        if (counts->of) {
            counts->of[code]++;
            counts->low = code < counts->low ? code : counts->low;
            counts->high = code > counts->high ? code : counts->high;
        } else if (!hra_tally_add(c->values[index], hra_column_value(column, code))) {
            return false;
        }
    }
    return true;
}

static bool is_asked(const counting *c, const hra_chunk *chunk, int index, int row)
{
    const concern *own = &c->concerns[index];
    if (own->by < 0) return true;
    const hra_variable *v = hra_dictionary_at(c->schema->dictionary, c->schema->columns[index].variable);
    uint32_t code = hra_code_at(&chunk->columns[own->by], row);
    return hra_variable_asks(v, own->answer, hra_column_value(&c->schema->columns[own->by], code));
}

/* Rows of whom the column is asked, and those that have a value or a reason all the same. */
static void count_asked(counting *c, const hra_chunk *chunk, int index)
{
    uint32_t missing = hra_column_missing(&c->schema->columns[index]);
    int64_t *rows = &c->file->columns[index].rows;
    *rows += chunk->rows;
    for (int r = 0; c->concerns[index].by >= 0 && r < chunk->rows; r++)
        *rows -= hra_code_at(&chunk->columns[index], r) == missing && !is_asked(c, chunk, index, r);
}

static void count_mark(counting *c, const hra_chunk *chunk, const hra_cell_mark *mark)
{
    hra_quality_column *column = &c->file->columns[mark->column];
    column->not_done += mark->mark == HRA_MARK_NOT_DONE;
    column->refused += mark->mark == HRA_MARK_REFUSED;
    uint32_t missing = hra_column_missing(&c->schema->columns[mark->column]);
    bool unknown = hra_code_at(&chunk->columns[mark->column], mark->row) == missing;
    column->rows += unknown && !is_asked(c, chunk, mark->column, mark->row);
}

static bool count_marks(counting *c, const hra_chunk *chunk)
{
    for (int i = 0; i < chunk->mark_count; i++) count_mark(c, chunk, &chunk->marks[i]);
    for (int i = 0; i < chunk->exception_count; i++) {
        const hra_exception *e = &chunk->exceptions[i];
        if (isfinite(e->value) && !hra_tally_add(c->values[e->column], e->value)) return false;
    }
    for (int i = 0; i < chunk->beyond_count; i++) {
        const hra_exception *e = &chunk->beyond[i];
        if (isfinite(e->value) && !hra_tally_add(c->beyond[e->column], e->value)) return false;
    }
    return true;
}

static void count_pairs(const counting *c, const hra_chunk *chunk, hra_quality_pair *pair)
{
    const hra_column *first = &c->schema->columns[pair->first], *second = &c->schema->columns[pair->second];
    const hra_quality_column *a = &c->file->columns[pair->first], *b = &c->file->columns[pair->second];
    for (int r = 0; r < chunk->rows; r++) {
        double x = hra_column_value(first, hra_code_at(&chunk->columns[pair->first], r));
        double y = hra_column_value(second, hra_code_at(&chunk->columns[pair->second], r));
        if (isnan(x) || isnan(y)) continue;
        pair->both++;
        pair->wrong += !(x * a->factor + a->offset < y * b->factor + b->offset);
    }
}

static hra_code count_chunk(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                            hra_error *error)
{
    counting *c = (counting *)sink;
    for (int i = 0; i < c->schema->column_count; i++) {
        if (!count_codes(c, chunk, i)) return hra_out_of_memory(error);
        count_asked(c, chunk, i);
    }
    for (int i = 0; i < c->file->pair_count; i++) count_pairs(c, chunk, &c->file->pairs[i]);
    c->file->kept += chunk->rows;
    c->file->shifted += hra_quality_shifted_rows(chunk);
    return count_marks(c, chunk) ? HRA_OK : hra_out_of_memory(error);
}

/* ---- before the first chunk ------------------------------------------------------------------ */

static const char *header_of(const hra_csv_report *report, int variable, const char *unit, const char *name)
{
    const char *any = NULL;
    for (int i = 0; i < report->match_count; i++) {
        const hra_csv_match *match = &report->matches[i];
        if (match->variable != variable) continue;
        if (!any) any = match->header;
        if (match->unit && strcmp(match->unit, unit) == 0) return match->header;
    }
    return any ? any : name; /* a column that gives two variables, or a constant of the profile */
}

static bool start_column(hra_quality_job *job, counting *c, int index, const hra_csv_report *report)
{
    const hra_column *from = &c->schema->columns[index];
    const hra_variable *v = hra_dictionary_at(job->dictionary, from->variable);
    hra_quality_column *column = &c->file->columns[index];
    column->variable = from->variable;
    column->header = hra_arena_text(job->arena, header_of(report, from->variable, from->unit, v->name));
    column->unit = hra_arena_text(job->arena, from->unit);
    column->decimals = from->decimals;
    column->digit_decimals = -1;
    column->factor = 1;
    hra_variable_unit(v, from->unit, &column->factor, &column->offset);
    int by = hra_variable_asked_by(job->dictionary, v, &c->concerns[index].answer);
    c->concerns[index].by = by < 0 ? -1 : hra_schema_find(c->schema, by, NULL);
    int most = v->type == HRA_TYPE_DATE ? DAYS : NUMBERS;
    c->values[index] = column->values = hra_tally_new(most);
    c->beyond[index] = hra_tally_new(NUMBERS);
    c->codes[index].low = from->levels;
    if (from->levels <= DENSE) c->codes[index].of = calloc((size_t)from->levels + 1, sizeof *c->codes[index].of);
    return column->header && column->unit && column->values && c->beyond[index] &&
           (c->codes[index].of || from->levels > DENSE);
}

static bool start_pairs(hra_quality_job *job, counting *c)
{
    hra_quality_file *file = c->file;
    file->pairs = hra_arena_alloc(job->arena, ((size_t)job->policy.count + 1) * sizeof *file->pairs);
    for (int i = 0; file->pairs && i < job->policy.count; i++) {
        const hra_quality_rule *rule = &job->policy.rules[i];
        if (rule->indicator != HRA_QUALITY_ORDER || rule->action == HRA_QUALITY_OFF) continue;
        int first = hra_schema_find(c->schema, rule->variable, NULL);
        int second = hra_schema_find(c->schema, rule->second, NULL);
        if (first >= 0 && second >= 0)
            file->pairs[file->pair_count++] = (hra_quality_pair){.rule = rule, .first = first, .second = second};
    }
    return file->pairs != NULL;
}

static hra_code start(hra_quality_job *job, counting *c, const hra_csv_report *report)
{
    size_t n = (size_t)c->schema->column_count + 1;
    c->file->columns = hra_arena_alloc(job->arena, n * sizeof *c->file->columns);
    c->codes = calloc(n, sizeof *c->codes);
    c->concerns = calloc(n, sizeof *c->concerns);
    c->values = calloc(n, sizeof *c->values);
    c->beyond = calloc(n, sizeof *c->beyond);
    if (!c->file->columns || !c->codes || !c->concerns || !c->values || !c->beyond)
        return hra_out_of_memory(job->error);
    c->file->column_count = c->schema->column_count;
    for (int i = 0; i < c->schema->column_count; i++)
        if (!start_column(job, c, i, report)) return hra_out_of_memory(job->error);
    return start_pairs(job, c) ? HRA_OK : hra_out_of_memory(job->error);
}

/* ---- after the last chunk ---------------------------------------------------------------------- */

static bool add_tally(hra_tally *to, hra_tally *from, double factor, double offset)
{
    const hra_tally_entry *entries;
    int count;
    if (!hra_tally_finish(from, &entries, &count)) return false;
    for (int i = 0; i < count; i++)
        if (!hra_tally_add_times(to, entries[i].value * factor + offset, entries[i].count)) return false;
    return true;
}

static bool finish_tally(hra_tally *tally)
{
    const hra_tally_entry *entries;
    int count;
    return hra_tally_finish(tally, &entries, &count);
}

/* Dense counts into the tally; with the values beyond the limits a second one. */
static bool finish_values(counting *c, int index)
{
    hra_quality_column *column = &c->file->columns[index];
    const hra_column *from = &c->schema->columns[index];
    const code_counts *counts = &c->codes[index];
    for (uint32_t code = counts->low; counts->of && code <= counts->high && code < from->levels; code++)
        if (counts->of[code] > 0 &&
            !hra_tally_add_times(column->values, hra_column_value(from, code), counts->of[code]))
            return false;
    if (!finish_tally(column->values)) return false;
    column->known = hra_tally_total(column->values);
    if (hra_tally_total(c->beyond[index]) == 0) {
        column->all = column->values;
        return true;
    }
    column->all = hra_tally_new(NUMBERS);
    return column->all && add_tally(column->all, column->values, 1, 0) &&
           add_tally(column->all, c->beyond[index], 1, 0) && finish_tally(column->all);
}

static bool take_reasons(hra_quality_job *job, hra_quality_column *column, const hra_tallies *tallies, int index)
{
    int count = 0;
    if (index >= tallies->columns) return true;
    for (int i = tallies->first[index]; i >= 0; i = tallies->items[i].next) {
        count += tallies->items[i].kind == HRA_TALLY_REJECTED;
        if (tallies->items[i].kind == HRA_TALLY_MISSING && strcmp(tallies->items[i].what, HRA_REASON_ZERO) == 0)
            column->zeros += tallies->items[i].count;
    }
    column->reasons = hra_arena_alloc(job->arena, ((size_t)count + 1) * sizeof *column->reasons);
    for (int i = tallies->first[index]; column->reasons && i >= 0; i = tallies->items[i].next)
        if (tallies->items[i].kind == HRA_TALLY_REJECTED)
            column->reasons[column->reason_count++] =
                (hra_quality_reason){tallies->items[i].what, tallies->items[i].count};
    return column->reasons != NULL;
}

static hra_code finish(hra_quality_job *job, counting *c, const hra_csv_report *report)
{
    hra_quality_file *file = c->file;
    file->rows = report->rows;
    file->rows_rejected = report->rows_rejected;
    file->duplicates = report->duplicates;
    file->short_rows = report->rows_short;
    file->damaged = report->damaged;
    for (int i = 0; i < c->schema->column_count; i++) {
        hra_quality_column *column = &file->columns[i];
        const hra_variable *v = hra_dictionary_at(job->dictionary, column->variable);
        if (!finish_values(c, i) || !take_reasons(job, column, report->tallies, i))
            return hra_out_of_memory(job->error);
        if (v->hard_min > 0) column->zeros += hra_tally_between(column->all, 0, 0);
        column->rejected = report->values[i].rejected;
        column->implausible = report->values[i].implausible;
        column->altered = report->values[i].altered;
        if (v->type == HRA_TYPE_MEASURE) column->digit_decimals = hra_quality_digits(column->values, column->digits);
    }
    return HRA_OK;
}

/* ---- a file --------------------------------------------------------------------------------------- */

static hra_code read_source(hra_quality_job *job, int threads, hra_quality_file *file, hra_source *source)
{
    counting c = {.base = {.commit = count_chunk}, .schema = source->schema, .file = file};
    bool *wanted = malloc((size_t)source->schema->column_count + 1);
    file->has_identifier = hra_csv_has_identifier(source, hra_csv_file_report(source, 0));
    hra_code code = wanted ? start(job, &c, hra_csv_file_report(source, 0)) : hra_out_of_memory(job->error);
    if (code == HRA_OK) {
        memset(wanted, true, (size_t)source->schema->column_count + 1);
        source->wanted = wanted;
        source->want_marks = true;
        hra_sink *sinks[1] = {&c.base};
        hra_run_options options = {.threads = threads,
                                   .stop = job->request->stop,
                                   .progress = job->progress ? hra_quality_progress_within : NULL,
                                   .progress_context = job->progress};
        code = hra_run(source, NULL, sinks, 1, &options, NULL, job->error);
        source->wanted = NULL;
    }
    if (code == HRA_OK) code = finish(job, &c, hra_csv_file_report(source, 0)); /* with its counts */
    for (int i = 0; i < source->schema->column_count; i++) {
        if (c.codes) free(c.codes[i].of);
        if (c.beyond) hra_tally_free(c.beyond[i]);
    }
    free(c.codes);
    free(c.concerns);
    free(c.values);
    free(c.beyond);
    free(wanted);
    return code;
}

/* Trouble of our own ends the report; a file that cannot be read is part of it. */
static bool is_own(hra_code code) { return code == HRA_ENOMEM || code == HRA_EINTERNAL || code == HRA_EINTERRUPTED; }

/* `guess`: of the encoding. *again: it failed, perhaps by the guess. */
static hra_code read_once(const hra_quality_job *job, bool guess, int threads, hra_quality_file *file, bool *again,
                          hra_error *error)
{
    const hra_quality_input *input = &job->request->inputs[file->input];
    hra_csv_options csv = *job->request->csv;
    csv.deliveries = input->delivery;
    csv.enforce_hard_limits = csv.require_id = csv.count_only = true;
    csv.duplicates = HRA_DUPLICATE_KEEP_FIRST;
    csv.reject_path = csv.key_map = NULL;
    csv.identity = NULL;
    csv.guess_encoding = guess;
    csv.spill_beside = job->request->folder;
    hra_source *source = NULL;
    hra_error why = {0};
    hra_quality_job own = *job;
    own.arena = file->memory = hra_arena_new();
    own.error = &why;
    *again = false;
    if (!own.arena) return hra_out_of_memory(error);
    hra_code code = hra_csv_open(&input->path, 1, job->dictionary, &csv, &source, &why);
    if (code == HRA_OK) code = read_source(&own, threads, file, source);
    if (source) source->close(source);
    *again = hra_csv_tries_again(guess, code);
    if (code == HRA_OK) return HRA_OK;
    if (is_own(code)) return hra_fail(error, code, "%s", why.message);
    hra_quality_columns_free(file->columns, file->column_count);
    file->columns = NULL;
    file->column_count = file->pair_count = 0;
    file->not_read = hra_arena_text(file->memory, why.message);
    return file->not_read ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_quality_read(const hra_quality_job *job, int threads, hra_quality_file *file, hra_error *error)
{
    const hra_quality_file before = *file;
    bool again;
    hra_code code = read_once(job, true, threads, file, &again, error);
    if (!again) return code;
    hra_quality_file_free(file);
    *file = before;
    return read_once(job, false, threads, file, &again, error);
}

void hra_quality_file_free(hra_quality_file *file)
{
    hra_quality_columns_free(file->columns, file->column_count);
    hra_arena_free(file->memory);
    file->columns = NULL;
    file->column_count = 0;
    file->memory = NULL;
}

void hra_quality_columns_free(hra_quality_column *columns, int count)
{
    for (int i = 0; i < count; i++) {
        if (columns[i].all != columns[i].values) hra_tally_free(columns[i].all);
        hra_tally_free(columns[i].values);
        columns[i].values = columns[i].all = NULL;
    }
}

/* ---- files of one delivery --------------------------------------------------------------------------- */

static hra_quality_column *column_for(hra_quality_job *job, hra_quality_delivery *d, const hra_quality_column *from)
{
    for (int i = 0; i < d->column_count; i++)
        if (d->columns[i].variable == from->variable) return &d->columns[i];
    if (d->column_count == d->column_capacity) {
        int capacity = d->column_capacity ? 2 * d->column_capacity : 64;
        hra_quality_column *grown = realloc(d->columns, (size_t)capacity * sizeof *grown);
        if (!grown) return NULL;
        d->columns = grown;
        d->column_capacity = capacity;
    }
    const hra_variable *v = hra_dictionary_at(job->dictionary, from->variable);
    hra_tally *values = hra_tally_new(v->type == HRA_TYPE_DATE ? DAYS : NUMBERS);
    if (!values) return NULL;
    d->columns[d->column_count] = (hra_quality_column){.variable = from->variable,
                                                       .header = from->header,
                                                       .unit = v->unit,
                                                       .factor = 1,
                                                       .decimals = v->decimals,
                                                       .digit_decimals = from->digit_decimals,
                                                       .values = values,
                                                       .all = values};
    return &d->columns[d->column_count++];
}

static bool merge_reasons(hra_quality_job *job, hra_quality_column *to, const hra_quality_column *from)
{
    size_t most = (size_t)(to->reason_count + from->reason_count) + 1;
    hra_quality_reason *merged = hra_arena_alloc(job->arena, most * sizeof *merged);
    int count = to->reason_count;
    if (!merged) return false;
    if (count) memcpy(merged, to->reasons, (size_t)count * sizeof *merged);
    for (int i = 0; i < from->reason_count; i++) {
        int k = 0;
        while (k < count && strcmp(merged[k].what, from->reasons[i].what) != 0) k++;
        if (k == count) merged[count++] = (hra_quality_reason){from->reasons[i].what, 0};
        merged[k].count += from->reasons[i].count;
    }
    to->reasons = merged;
    to->reason_count = count;
    return true;
}

hra_code hra_quality_merge(hra_quality_job *job, const hra_quality_file *file, hra_quality_delivery *delivery)
{
    for (int i = 0; i < file->column_count; i++) {
        const hra_quality_column *from = &file->columns[i];
        hra_quality_column *to = column_for(job, delivery, from);
        if (!to || !add_tally(to->values, from->values, from->factor, from->offset) || !merge_reasons(job, to, from))
            return hra_out_of_memory(job->error);
        to->rows += from->rows;
        to->known += from->known;
        to->not_done += from->not_done;
        to->refused += from->refused;
        to->rejected += from->rejected;
        to->zeros += from->zeros;
        to->implausible += from->implausible;
        to->altered += from->altered;
        for (int d = 0; d < 10; d++) to->digits[d] += from->digits[d];
    }
    return HRA_OK;
}
