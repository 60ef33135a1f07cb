/* hra export research: people who agreed to research, as a table without identifiers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/distinct_files.h"
#include "cli/export.h"
#include "cli/setup.h"
#include "engine/run/source_walk.h"
#include "io/files/atomic_file.h"
#include "io/people/population_store.h"
#include "report/results/research_notes.h"

typedef struct research_options {
    const char *store, *results, *output, *key, *policy;
    hra_texts definitions;
    bool quiet;
} research_options;

enum { TABLE, COLUMNS, MADE, FILES };

typedef struct research_state {
    hra_library *library;
    hra_input first, second; /* a source is read once, and the people are read twice */
    hra_research_policy policy;
    hra_identity *key;
    hra_research_risks *risks;
    hra_research_table *table;
    char *paths[FILES];
    hra_atomic_file *files[FILES];
} research_state;

static hra_code name_files(const research_options *o, research_state *s, hra_error *error)
{
    static const char *const endings[FILES] = {"", ".columns.csv", ".json"};
    for (int i = 0; i < FILES; i++)
        if (asprintf(&s->paths[i], "%s%s", o->output, endings[i]) < 0) {
            s->paths[i] = NULL;
            return hra_out_of_memory(error);
        }
    return HRA_OK;
}

/* In a folder of `hra run` the results have another name than the folder. */
static hra_code check_files(const research_options *o, const research_state *s, hra_error *error)
{
    const hra_output_path outputs[FILES] = {
        {"output", s->paths[TABLE]}, {"output", s->paths[COLUMNS]}, {"output", s->paths[MADE]}};
    const hra_result_facts *results = s->risks ? hra_research_risks_facts(s->risks) : NULL;
    const char *inputs[4 + sizeof o->definitions.items / sizeof *o->definitions.items] = {
        o->store, o->key, o->policy, results ? results->path : NULL};
    for (int i = 0; i < o->definitions.count; i++) inputs[4 + i] = o->definitions.items[i];
    return hra_distinct_outputs(outputs, FILES, inputs, 4 + o->definitions.count, error);
}

static hra_code check_options(const research_options *o, hra_error *error)
{
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a name for the table with -o FILE.csv");
    if (!o->key)
        return hra_fail(error, HRA_EUSAGE,
                        "research ids need a key of their own: make one with 'hra key new research.key' and give it "
                        "with --key-file");
    if (hra_is_store(o->store)) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s is not a population store; 'hra import' and 'hra run' make one", o->store);
}

/* Whoever has the key of the store could make its research ids from identifiers, so that is not it. */
static hra_code check_key(const research_state *s, const research_options *o, hra_error *error)
{
    const char *own = hra_identity_fingerprint(s->key), *store = hra_store_key_fingerprint(s->first.source);
    if (strcmp(own, store) != 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s is the key the store was made with; research ids need another: 'hra key new research.key'",
                    o->key);
}

static hra_code open_store(const research_options *o, research_state *s, hra_input *input, hra_error *error)
{
    const hra_input_options text = {0};
    const hra_csv_options csv = {0};
    HRA_TRY(hra_setup_input(&o->store, 1, s->library, &text, &csv, input, error));
    input->source->want_keys = true;
    return HRA_OK;
}

static hra_code open_all(const research_options *o, research_state *s, hra_error *error)
{
    HRA_TRY(check_options(o, error));
    HRA_TRY(name_files(o, s, error));
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    HRA_TRY(hra_research_policy_load(o->policy, hra_library_dictionary(s->library), &s->policy, error));
    HRA_TRY(hra_identity_load(o->key, &s->key, error));
    HRA_TRY(open_store(o, s, &s->first, error));
    HRA_TRY(open_store(o, s, &s->second, error));
    HRA_TRY(check_key(s, o, error));
    if (strcmp(hra_store_content_hash(s->first.source), hra_store_content_hash(s->second.source)) != 0)
        return hra_fail(error, HRA_ECONFLICT, "%s was changed while it was read", o->store);
    if (o->results)
        HRA_TRY(hra_research_risks_open(o->results, o->output, hra_store_key_fingerprint(s->first.source), &s->risks,
                                        error));
    return check_files(o, s, error);
}

static hra_code unless_stopped(hra_error *error)
{
    return hra_setup_stop ? hra_fail(error, HRA_EINTERRUPTED, "stopped; nothing was written") : HRA_OK;
}

static hra_code count_chunk(void *table, const hra_chunk *chunk, hra_error *error)
{
    HRA_TRY(hra_research_table_count(table, chunk, error));
    return unless_stopped(error);
}

static hra_code add_chunk(void *table, const hra_chunk *chunk, hra_error *error)
{
    HRA_TRY(hra_research_table_add(table, chunk, error));
    return unless_stopped(error);
}

static hra_code write_notes(const research_options *o, research_state *s, hra_error *error)
{
    const hra_dictionary *dictionary = hra_library_dictionary(s->library);
    const hra_research_origin origin = {.definitions_hash = hra_library_hash(s->library),
                                        .input_hash = hra_store_content_hash(s->first.source),
                                        .key_fingerprint = hra_identity_fingerprint(s->key),
                                        .results = s->risks ? hra_research_risks_facts(s->risks) : NULL};
    hra_buffer text[FILES] = {{0}};
    hra_research_notes_columns(s->table, &s->policy, dictionary, &text[COLUMNS]);
    hra_research_notes_made(s->table, &s->policy, dictionary, &origin, &text[MADE]);
    hra_code code = HRA_OK;
    for (int i = COLUMNS; i < FILES; i++) {
        if (!code && text[i].failed) code = hra_out_of_memory(error);
        if (!code && fwrite(text[i].bytes, 1, text[i].length, hra_atomic_stream(s->files[i])) != text[i].length)
            code = hra_fail(error, HRA_EIO, "%s: cannot write: %m", s->paths[i]);
        hra_buffer_destroy(&text[i]);
    }
    return code;
}

static hra_code commit(research_state *s, hra_error *error)
{
    hra_atomic_file *files[FILES];
    memcpy(files, s->files, sizeof files);
    memset(s->files, 0, sizeof s->files); /* commit frees them, also on failure */
    return hra_atomic_commit_all(files, FILES, error);
}

static void tell(const research_options *o, const research_state *s)
{
    const hra_research_facts *f = hra_research_table_facts(s->table);
    fprintf(stderr, "%lld people in %s; of %lld, %lld did not agree and %lld are in cells of fewer than %u\n",
            (long long)f->written, o->output, (long long)f->in_store, (long long)(f->refused + f->not_asked),
            (long long)hra_research_cells_people(hra_research_table_cells(s->table), HRA_RESEARCH_NOBODY),
            s->policy.smallest_cell);
    if (f->without_risks > 0)
        fprintf(stderr, "hra export research: %lld of them are not in %s: their risks are blank\n",
                (long long)f->without_risks, o->results);
    if (f->strange_provinces > 0)
        fprintf(stderr, "hra export research: the province of %lld who agreed is none of the policy's and left blank\n",
                (long long)f->strange_provinces);
}

/* What the store has and the table cannot have is told too. */
static void tell_left_out(const hra_source *store)
{
    const char *const *names;
    int count = hra_store_unmatched(store, &names);
    if (count == 0) return;
    fprintf(stderr, "hra export research: not in the table, because it was kept with --keep or its definition is not "
                    "given (-d FILE):");
    for (int i = 0; i < count; i++) fprintf(stderr, "%s %s", i ? "," : "", names[i]);
    fputc('\n', stderr);
}

static hra_code export(const research_options *o, research_state *s, hra_error *error)
{
    HRA_TRY(open_all(o, s, error));
    const hra_research_request request = {.schema = s->first.source->schema,
                                          .policy = &s->policy,
                                          .key = s->key,
                                          .risks = s->risks,
                                          .rows = s->first.source->rows,
                                          .beside = o->output};
    HRA_TRY(hra_research_table_new(&request, &s->table, error));
    HRA_TRY(hra_source_walk(s->first.source, count_chunk, s->table, error));
    HRA_TRY(hra_research_table_settle(s->table, error));
    for (int i = 0; i < FILES; i++) HRA_TRY(hra_atomic_open(s->paths[i], &s->files[i], error));
    HRA_TRY(hra_source_walk(s->second.source, add_chunk, s->table, error));
    HRA_TRY(hra_fail_at(error, hra_research_table_write(s->table, hra_atomic_stream(s->files[TABLE]), error),
                        s->paths[TABLE]));
    HRA_TRY(write_notes(o, s, error));
    HRA_TRY(commit(s, error));
    if (!o->quiet) tell(o, s);
    if (!o->quiet) tell_left_out(s->first.source);
    return HRA_OK;
}

static void close_all(research_state *s)
{
    for (int i = 0; i < FILES; i++) {
        hra_atomic_abandon(s->files[i]);
        free(s->paths[i]);
    }
    hra_research_table_free(s->table);
    hra_research_risks_close(s->risks);
    hra_setup_close(&s->first);
    hra_setup_close(&s->second);
    hra_identity_free(s->key);
    hra_research_policy_free(&s->policy);
    if (s->library) hra_library_free(s->library);
}

int hra_export_research(int argc, char **argv)
{
    research_options o = {0};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE",
         "FILE.csv; beside it FILE.csv.columns.csv (what the columns mean) and FILE.csv.json (what was done)"},
        {"key-file", 0, HRA_OPTION_TEXT, &o.key, "FILE", "key for the research ids; not the key of the store"},
        {"policy", 0, HRA_OPTION_TEXT, &o.policy, "FILE",
         "rules of what may be published, and how (default: built in)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "definitions of the store's own variables"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "export research", "STORE [RESULTS] -o FILE.csv --key-file FILE [options]",
        "Writes a table of the people whose consent_research is yes. It has no names, identifiers, groups or days, "
        "but\n"
        "ages in bands, provinces and years. Combinations of these that fewer than eleven people share are made "
        "coarser\n"
        "or left out. STORE is a population store. RESULTS, a folder of 'hra run' or a results.h5, adds the risks.",
        options,
        "Example: hra key new research.key; hra export research night/population.h5 night -o cohort.csv "
        "--key-file research.key"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "hra export research: a population store is needed; see 'hra export research --help'\n");
        return HRA_EUSAGE;
    }
    o.store = argv[1];
    o.results = argc == 3 ? argv[2] : NULL;
    hra_setup_catch_signals();
    hra_error error = {0};
    research_state state = {0};
    hra_code code = export(&o, &state, &error);
    close_all(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("export research", &error);
}
