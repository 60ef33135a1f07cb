#include "cli/importing.h"

#include <stdlib.h>
#include <string.h>

#include "base/shown_name.h"
#include "base/team.h"
#include "cli/progress.h"
#include "io/files/hash_memory.h"
#include "io/people/store_rewrite.h"
#include "report/person/urgent_list.h"

typedef struct store_sink {
    hra_sink base;
    hra_store_writer *writer;
    hra_consent_gate gate;
    hra_store_others *others; /* who has consented; NULL: everybody goes into the store */
} store_sink;

static hra_code append(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    store_sink *s = (store_sink *)sink;
    if (s->others) return hra_store_others_append(s->others, chunk, s->writer, error);
    return hra_store_writer_append(s->writer, chunk, error);
}

static hra_code open_gate(const hra_import_request *q, const hra_schema *schema, store_sink *sink, hra_error *error)
{
    sink->gate = hra_consent_gate_of(q->consent, schema, NULL);
    bool everybody = q->consent == HRA_CONSENT_NOT_ASKED;
    if (everybody || (q->consent == HRA_CONSENT_NOT_DECLINED && sink->gate.column < 0)) return HRA_OK;
    HRA_TRY(hra_consent_list_new(q->declined, &sink->gate.list, error));
    return hra_store_others_new(schema, hra_consent_goes, &sink->gate, &sink->others, error);
}

static void close_sink(store_sink *sink)
{
    hra_store_writer_free(sink->writer);
    hra_store_others_free(sink->others);
    hra_consent_list_free(sink->gate.list);
}

enum { MARK = sizeof HRA_FILE_HASH_MARK - 1, STATED = MARK + HRA_FILE_HASH_TEXT };

/* Names and hashes of the inputs, for the store's provenance. */
static hra_code complete_store(const hra_import_request *q, const hra_input *input, int64_t rows_rejected,
                               hra_store_writer *writer, hra_atomic_file **file, hra_error *error)
{
    size_t n = (size_t)q->path_count;
    const char **names = calloc(n, sizeof *names), **hashes = calloc(n, sizeof *hashes);
    char(*stated)[STATED] = calloc(n, sizeof *stated);
    hra_arena *arena = hra_arena_new();
    hra_code code = arena && names && hashes && stated ? HRA_OK : hra_out_of_memory(error);
    for (size_t i = 0; i < n && code == HRA_OK; i++) {
        names[i] = q->names ? q->names[i] : hra_shown_name(arena, q->paths[i]);
        hashes[i] = stated[i];
        memcpy(stated[i], HRA_FILE_HASH_MARK, MARK);
        code = names[i] ? HRA_OK : hra_out_of_memory(error);
        if (code == HRA_OK) code = hra_file_hash(q->paths[i], stated[i] + MARK, error);
        if (code == HRA_OK && q->hashes) memcpy(q->hashes[i], stated[i] + MARK, HRA_FILE_HASH_TEXT);
    }
    if (code == HRA_OK) {
        hra_store_facts facts = {.definitions_hash = hra_library_hash(q->library),
                                 .command = q->command,
                                 .key_fingerprint = input->identity ? hra_identity_fingerprint(input->identity) : "",
                                 .files = names,
                                 .file_hashes = hashes,
                                 .file_count = q->path_count,
                                 .rows_rejected = rows_rejected};
        code = hra_store_writer_complete(writer, &facts, file, error);
    }
    hra_arena_free(arena);
    free(names);
    free(hashes);
    free(stated);
    return code;
}

static hra_code open_urgent(const hra_import_request *q, const hra_source *source, hra_urgent **out, hra_error *error)
{
    int count = hra_csv_file_count(source);
    const char **names = calloc((size_t)count + 1, sizeof *names);
    if (!names) return hra_out_of_memory(error);
    for (int f = 0; f < count; f++) names[f] = hra_csv_file_report(source, f)->file;
    hra_urgent_options options = {.language = q->language ? q->language : "zh",
                                  .goes_on = q->urgent_goes_on,
                                  .as_of = q->as_of,
                                  .files = names,
                                  .file_count = count,
                                  .threads = hra_setup_threads(q->threads)};
    hra_code code = hra_urgent_new(q->urgent, q->library, source->schema, &options, out, error);
    free(names);
    return code;
}

/* Reads all files once: into the store, and past the urgent rules. The urgent list is put in place whatever happens to
 * the store, unless all is done again. */
static hra_code read_all(const hra_import_request *q, hra_input *input, hra_sink *store, hra_run_facts *facts,
                         hra_error *error)
{
    hra_sink *sinks[2] = {store};
    hra_urgent *urgent = NULL;
    if (q->urgent) HRA_TRY(open_urgent(q, input->source, &urgent, error));
    if (urgent) sinks[1] = hra_urgent_sink(urgent);
    size_t columns = (size_t)input->source->schema->column_count;
    bool *wanted = malloc(columns + 1), declined = q->consent != HRA_CONSENT_NOT_ASKED;
    hra_code code = wanted ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) {
        memset(wanted, true, columns + 1);
        input->source->wanted = wanted;
        hra_progress_bar bar = hra_progress_bar_start("importing", q->quiet);
        hra_run_options options = {.threads = hra_setup_threads(q->threads),
                                   .stop = &hra_setup_stop,
                                   .progress = hra_progress_bar_show,
                                   .progress_context = &bar};
        input->source->want_keys = true;
        input->source->want_key_hashes = !urgent && !declined; /* the store has their digits, lists their texts */
        code = hra_run(input->source, urgent ? hra_urgent_program(urgent) : NULL, sinks, urgent ? 2 : 1, &options,
                       facts, error);
        hra_progress_bar_end(&bar);
        input->source->wanted = NULL;
    }
    hra_error second = {0};
    bool again = hra_csv_tries_again(q->csv->guess_encoding, code);
    hra_code listed = urgent && !again ? hra_urgent_finish(urgent, code == HRA_OK ? error : &second) : HRA_OK;
    if (code == HRA_OK) code = listed;
    hra_urgent_free(urgent);
    free(wanted);
    return code;
}

/* The store is written to its end while the memory that only reading needed is given back. */
typedef struct ending {
    const hra_import_request *request;
    hra_input *input;
    hra_store_writer *writer;
    int64_t rows_rejected;
    hra_atomic_file *file;
    hra_code code;
    hra_error *error;
} ending;

static void end_part(void *context, int thread)
{
    ending *e = context;
    if (thread == 0)
        e->code = complete_store(e->request, e->input, e->rows_rejected, e->writer, &e->file, e->error);
    else
        hra_csv_give_back(e->input->source);
}

/* The finished files wait for the disk while the memory of the writer is given back. */
typedef struct settling {
    hra_atomic_file *files[3];
    hra_store_writer *writer;
    hra_code code;
    hra_error *error;
} settling;

static void settle_part(void *context, int thread)
{
    settling *s = context;
    if (thread == 0)
        s->code = hra_atomic_commit_all(s->files, 3, s->error);
    else
        hra_store_writer_free(s->writer);
}

static hra_code complete_list(const hra_import_request *q, const store_sink *sink, hra_atomic_file **file,
                              hra_error *error)
{
    hra_consent_counts counts = {0};
    if (sink->gate.list) HRA_TRY(hra_consent_list_complete(sink->gate.list, &counts, file, error));
    if (q->left_out) *q->left_out = counts;
    return HRA_OK;
}

/* When all rows are read; takes the writer over. Rejects, the list of those left out, and the store wait for the disk
 * together, and get their names in this order. */
static hra_code finish(const hra_import_request *q, hra_input *input, const hra_run_facts *facts, store_sink *sink,
                       hra_error *error)
{
    int threads = hra_setup_threads(q->threads) > 1 ? 2 : 1;
    hra_store_writer *writer = sink->writer;
    ending e = {q, input, writer, facts->rows_rejected, .error = error};
    settling s = {.writer = writer, .error = error};
    sink->writer = NULL;
    e.code = hra_csv_complete(input->source, &s.files[0], error);
    if (e.code == HRA_OK) e.code = complete_list(q, sink, &s.files[1], error);
    if (e.code == HRA_OK) hra_team_run(threads, end_part, &e);
    if (e.code == HRA_OK) {
        s.files[2] = e.file;
        hra_team_run(threads, settle_part, &s);
        if (threads == 1) settle_part(&s, 1);
        return s.code;
    }
    hra_atomic_abandon(s.files[0]);
    hra_atomic_abandon(s.files[1]);
    hra_store_writer_free(writer);
    return e.code;
}

/* A roster may hold nothing but identifiers and groups. Both names must stand in the header: a file without a header
 * has a person in its first line, and the group of a file's name proves nothing. */
static bool says_who_belongs_where(const hra_input *input)
{
    for (int f = 0; f < hra_csv_file_count(input->source); f++) {
        const hra_csv_report *report = hra_csv_file_report(input->source, f);
        int known = 0;
        for (int m = 0; m < report->match_count; m++) known += report->matches[m].variable >= 0;
        if (known < 2) return false;
    }
    return true;
}

/* The store is made while the input is looked at. */
typedef struct beginning {
    const hra_import_request *request;
    hra_input *input;
    hra_store_writer *writer;
    hra_code input_code, store_code;
    hra_error *error, store_error;
} beginning;

static void begin_part(void *context, int thread)
{
    beginning *b = context;
    const hra_import_request *q = b->request;
    if (thread == 1)
        b->store_code = hra_store_writer_open(q->store, q->encoding, &b->writer, &b->store_error);
    else
        b->input_code = hra_setup_input(q->paths, q->path_count, q->library, q->input, q->csv, b->input, b->error);
}

/* A fault of the input is told before one of the store. */
static hra_code begin(const hra_import_request *q, hra_input *input, hra_store_writer **writer, hra_error *error)
{
    beginning b = {.request = q, .input = input, .error = error};
    hra_team_run(2, begin_part, &b);
    *writer = b.writer;
    HRA_TRY(b.input_code);
    if (input->is_store || !says_who_belongs_where(input))
        HRA_TRY(hra_setup_check_columns("import", input, true, error));
    if (b.store_code != HRA_OK) *error = b.store_error;
    HRA_TRY(b.store_code);
    return hra_store_writer_describe(*writer, input->source->schema, error);
}

static void count_repeated(const hra_import_request *q, const hra_source *source)
{
    int64_t repeated = 0, later = 0;
    for (int f = 0; f < hra_csv_file_count(source); f++) {
        const hra_csv_report *report = hra_csv_file_report(source, f);
        repeated += report->duplicates;
        later += report->later;
    }
    if (q->repeated) *q->repeated = repeated;
    if (q->later) *q->later = later;
}

/* Sheets of workbooks that are not read, unless somebody said that there is one only. */
static void list_sheets(const hra_import_request *q, const hra_source *source)
{
    for (int f = 0; f < hra_csv_file_count(source); f++) {
        const hra_csv_report *report = hra_csv_file_report(source, f);
        bool decided = q->input->sheet || (q->csv->deliveries && q->csv->deliveries[f].sheet_is_all);
        if (hra_text_has_others(report->text) && !decided)
            hra_buffer_printf(q->sheets, "%s: %s\n", report->file, report->text->table.not_read);
    }
}

static hra_code import_once(const hra_import_request *q, hra_buffer *report, hra_run_facts *facts, hra_error *error)
{
    hra_input input = {0};
    store_sink sink = {.base = {.commit = append}};
    hra_hash_memory *hashes = hra_hash_memory_start(q->paths, q->path_count);
    hra_code code = begin(q, &input, &sink.writer, error);
    if (code == HRA_OK) code = open_gate(q, input.source->schema, &sink, error);
    if (code == HRA_OK) code = read_all(q, &input, &sink.base, facts, error);
    if (code == HRA_OK && q->verify) code = q->verify(q->verify_context, error);
    if (code == HRA_OK) code = finish(q, &input, facts, &sink, error);
    bool again = hra_csv_tries_again(q->csv->guess_encoding, code);
    if (input.source && report && !again) hra_csv_report_print(input.source, report);
    if (code == HRA_OK && q->sheets) list_sheets(q, input.source);
    if (code == HRA_OK) count_repeated(q, input.source);
    if (input.source && q->columns_json && !again) hra_csv_report_json(input.source, q->columns_json);
    hra_hash_memory_end(hashes);
    close_sink(&sink);
    hra_setup_close(&input);
    return code;
}

hra_code hra_import_files(const hra_import_request *q, hra_buffer *report, hra_run_facts *facts, hra_error *error)
{
    hra_csv_options csv = *q->csv;
    csv.spill_beside = q->store;
    csv.guess_encoding = true;
    hra_import_request own = *q;
    own.csv = &csv;
    hra_code code = import_once(&own, report, facts, error);
    if (!hra_csv_tries_again(csv.guess_encoding, code)) return code;
    csv.guess_encoding = false;
    *facts = (hra_run_facts){0};
    return import_once(&own, report, facts, error);
}

/* ---- rows that are left out --------------------------------------------------------------- */

static hra_code run_past_urgent(const hra_import_request *q, hra_source *source, hra_error *error)
{
    hra_urgent *urgent = NULL;
    hra_error second = {0};
    HRA_TRY(open_urgent(q, source, &urgent, error));
    hra_sink *sink = hra_urgent_sink(urgent);
    hra_run_options options = {.threads = hra_setup_threads(q->threads), .stop = &hra_setup_stop};
    source->want_keys = true;
    hra_code code = HRA_OK;
    if (hra_urgent_program(urgent)) code = hra_run(source, hra_urgent_program(urgent), &sink, 1, &options, NULL, error);
    hra_code listed = hra_urgent_finish(urgent, code == HRA_OK ? error : &second);
    hra_urgent_free(urgent);
    return code == HRA_OK ? listed : code;
}

hra_code hra_import_list_left_out(const hra_import_request *q, hra_error *error)
{
    hra_input input = {0};
    hra_csv_options csv = *q->csv;
    csv.left_out_only = true;
    csv.tells_later = false;
    csv.spill_beside = q->store;
    csv.reject_path = csv.key_map = NULL; /* the import has written them */
    hra_import_request own = *q;
    own.urgent_goes_on = true;
    HRA_TRY(hra_setup_input(q->paths, q->path_count, q->library, q->input, &csv, &input, error));
    hra_code code = run_past_urgent(&own, input.source, error);
    hra_setup_close(&input);
    return code;
}
