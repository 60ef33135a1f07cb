/* Intake of a run: from delivered files to one open population store. */
#include "base/folder.h"
#include "base/plain_text.h"
#include "base/stopwatch.h"
#include "cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/resuming.h"
#include "intake/profiles/intake_words.h"
#include "io/files/same_file.h"
#include "report/group/group_files.h"
#include "report/night/overview.h"
#include "report/person/urgent_list.h"

static hra_code duplicate_rule(const char *text, hra_duplicate_rule *rule, hra_error *error)
{
    static const char *const names[] = {"all", "first", "last", "reject", "latest"}; /* as hra_duplicate_rule */
    *rule = HRA_DUPLICATE_KEEP_FIRST;
    for (int i = 0; text && i < 5; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *rule = (hra_duplicate_rule)i;
        return HRA_OK;
    }
    if (!text) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "--duplicates is first, last, latest, reject or all, not '%s'", text);
}

int hra_run_kind_of(const hra_run_state *s, int input)
{
    if (s->kinds[input] >= 0) return s->kinds[input];
    const hra_profile *profile = s->checked.hold ? s->checked.hold->files[input].profile : NULL;
    return profile
               ? hra_join_kind_of(hra_profile_kind_name(profile->kind), strlen(hra_profile_kind_name(profile->kind)))
               : HRA_JOIN_CHECKUP;
}

bool hra_run_takes_store(const hra_run_state *s, int input)
{
    return hra_is_store(s->inputs[input]) && !(s->checked.hold && s->checked.hold->files[input].held);
}

/* A held file of which nothing is known is of no kind. */
static bool has_a_kind(const hra_run_state *s, int input)
{
    const hra_hold *hold = s->checked.hold;
    return s->kinds[input] >= 0 || !hold || !hold->files[input].held || hold->files[input].profile;
}

static bool has_kind(const hra_run_state *s, hra_join_kind kind)
{
    for (int i = 0; i < s->input_count; i++)
        if (has_a_kind(s, i) && hra_run_kind_of(s, i) == (int)kind) return true;
    return false;
}

/* Files of one kind, imported into one store. */
typedef struct batch {
    hra_join_kind kind;
    const char *store, *rejects, *account; /* paths */
    const char **paths, **groups, **names; /* of the files */
    hra_delivery *deliveries;              /* NULL: by the options */
    int count;
    bool joined;      /* the store is a source of a join */
    int64_t repeated; /* rows left out, because the person has another */
    int64_t later;    /* of them those of a later visit than the row that stands, where nobody joins them */
    hra_csv_options csv;
    hra_buffer command;
} batch;

static const char *say(const void *words, const char *english) { return hra_say(words, english); }

/* How the files are read, and the command that says so in the store. */
static hra_code prepare(hra_run_state *s, batch *b, bool join, hra_error *error)
{
    const hra_run_request *o = s->options;
    bool roster = has_kind(s, HRA_JOIN_ROSTER);
    b->csv = (hra_csv_options){.enforce_hard_limits = true, .require_id = true};
    HRA_TRY(duplicate_rule(o->duplicates, &b->csv.duplicates, error));
    if (join && !o->duplicates) b->csv.duplicates = HRA_DUPLICATE_KEEP_ALL; /* the join has rules for several visits */
    if (!hra_setup_csv_options(&o->input, &b->csv, error)) return error->code;
    b->csv.reject_path = b->rejects;
    b->csv.group_from_file = b->kind == HRA_JOIN_CHECKUP && !roster;
    b->csv.file_groups = b->groups;
    b->csv.deliveries = b->deliveries;
    b->csv.key_map = b->kind == (roster ? HRA_JOIN_ROSTER : HRA_JOIN_CHECKUP) ? o->key_map : NULL;
    b->csv.keep = s->keep;
    const hra_intake_words *words;
    HRA_TRY(hra_reject_words_new(o->language, s->arena, &words, error));
    b->csv.file_names = b->names;
    b->csv.say = say;
    b->csv.words = words;
    HRA_TRY(hra_import_command("hra run", &o->input, o->duplicates, &b->command, error));
    if (!join && o->consent)
        hra_buffer_printf(&b->command, " --consent %s", o->consent); /* tells who is in the store */
    if (b->kind == HRA_JOIN_CHECKUP && roster) hra_buffer_text(&b->command, " --roster"); /* tells the groups */
    if (b->csv.group_from_file) HRA_TRY(hra_run_command_groups(b->paths, b->groups, b->count, &b->command, error));
    return hra_import_command_profiles(b->deliveries, b->count, &b->command, error);
}

static hra_import_request request_of(hra_run_state *s, batch *b)
{
    const hra_run_request *o = s->options;
    return (hra_import_request){.paths = b->paths,
                                .names = b->names,
                                .path_count = b->count,
                                .library = s->library,
                                .input = &o->input,
                                .csv = &b->csv,
                                .store = b->store,
                                .command = b->command.bytes,
                                .urgent = hra_run_path(s, "urgent.csv"),
                                .consent = b->joined ? HRA_CONSENT_NOT_ASKED : s->consent,
                                .declined = hra_run_path(s, "declined.csv"),
                                .left_out = &s->report.consent,
                                .repeated = &b->repeated,
                                .later = &b->later,
                                .language = o->language,
                                .as_of = s->request.as_of,
                                .threads = s->scoring.threads,
                                .quiet = o->quiet};
}

/* What stands there is what importing again would make. The key map is made by reading the files. */
static hra_code is_done(hra_run_state *s, batch *b, bool *done, hra_run_facts *facts, hra_error *error)
{
    hra_import_request request = request_of(s, b);
    *done = !b->csv.key_map && access(b->account, R_OK) == 0 && access(b->rejects, R_OK) == 0;
    return *done ? hra_import_done(&request, done, facts, error) : HRA_OK;
}

/* People of other sheets would be missed by nobody. */
static hra_code tell_sheets(hra_run_state *s, hra_buffer *sheets, hra_error *error)
{
    const hra_intake_words *words;
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    hra_plain_lines(sheets->bytes);
    fprintf(stderr, "%s%s",
            hra_say(words, "sheets of workbooks that were not read (import a sheet with --sheet NAME):\n"),
            sheets->bytes);
    return HRA_OK;
}

/* Whoever chose the rule, or a column to be kept, may not know that it keeps old values. */
static hra_code tell_later(hra_run_state *s, const batch *b, hra_error *error)
{
    const hra_intake_words *words;
    if (b->later == 0) return HRA_OK;
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    fprintf(stderr,
            hra_say(words,
                    "%lld of the rows left out are of a later visit than the row of the same person that stands: "
                    "--duplicates latest keeps the latest; without --duplicates and --keep the visits are joined\n"),
            (long long)b->later);
    return HRA_OK;
}

/* `alone`: nobody joins the rows of a person, those that are left out are read by nobody else. */
static hra_code import_batch(hra_run_state *s, batch *b, bool first, bool alone, hra_run_facts *facts, hra_error *error)
{
    hra_buffer report = {0}, sheets = {0};
    hra_import_request request = request_of(s, b);
    request.urgent_goes_on = !first;
    request.sheets = &sheets;
    b->csv.tells_later = alone;
    hra_code code = hra_import_files(&request, &report, facts, error);
    if (code == HRA_OK && alone && b->repeated > 0) code = hra_import_list_left_out(&request, error);
    if (code == HRA_OK) code = hra_write_file(b->account, &report, error);
    if (code == HRA_OK) code = tell_later(s, b, error);
    if (code == HRA_OK && sheets.length > 0 && !s->own_windows) code = tell_sheets(s, &sheets, error);
    hra_buffer_destroy(&sheets);
    hra_buffer_destroy(&report);
    return code;
}

/* The population of an earlier run in this folder, whose urgent list knows more than the store alone. */
static bool is_own_population(hra_run_state *s, const char *store)
{
    const char *own = hra_run_path(s, "population.h5");
    return own && hra_is_same_file(store, own);
}

hra_code hra_run_list_urgent(hra_run_state *s, const char *store, bool keeps, hra_error *error)
{
    hra_source *source = NULL;
    hra_urgent *urgent = NULL;
    HRA_TRY(hra_store_open(store, hra_library_dictionary(s->library), &source, error));
    const hra_store_about *about = hra_store_describe(source);
    hra_urgent_options options = {.language = s->options->language,
                                  .as_of = s->request.as_of,
                                  .files = about->files,
                                  .file_count = about->file_count,
                                  .keeps = keeps,
                                  .threads = s->scoring.threads};
    hra_code code = hra_urgent_new(hra_run_path(s, "urgent.csv"), s->library, source->schema, &options, &urgent, error);
    if (code == HRA_OK && hra_urgent_program(urgent)) {
        hra_sink *sink = hra_urgent_sink(urgent);
        hra_run_options run = {.threads = s->scoring.threads, .stop = &hra_setup_stop};
        source->want_keys = true;
        code = hra_run(source, hra_urgent_program(urgent), &sink, 1, &run, NULL, error);
    }
    if (code == HRA_OK) code = hra_urgent_finish(urgent, error);
    hra_urgent_free(urgent);
    source->close(source);
    return code;
}

/* ---- which file belongs where ------------------------------------------------------- */

/* What the sources sent, judged before anything is imported: FOLDER/quality. */
static hra_code judge_quality(hra_run_state *s, hra_quality **quality, hra_error *error)
{
    bool *checkups = hra_arena_alloc(s->arena, (size_t)s->input_count + 1);
    if (!checkups) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++) checkups[i] = hra_run_kind_of(s, i) == HRA_JOIN_CHECKUP;
    return hra_run_quality(s, checkups, quality, error);
}

/* Before the stages that read everything: files with identifiers need a key. Whatever else is wrong with a file is told
 * by the stage that reads it. */
static hra_code check_key(const hra_run_state *s, hra_error *error)
{
    const hra_hold *hold = s->checked.hold;
    for (int i = 0; i < s->input_count && !s->options->input.key; i++) {
        hra_csv_options csv = {.require_id = true, .guess_encoding = true};
        hra_source *source = NULL;
        hra_error own = {0};
        if ((hold && hold->files[i].held) || hra_is_store(s->inputs[i])) continue;
        if (!hra_setup_csv_options(&s->options->input, &csv, error)) return error->code;
        if (hold) csv.deliveries = &hold->files[i].delivery;
        hra_code code = hra_csv_open(&s->inputs[i], 1, hra_library_dictionary(s->library), &csv, &source, &own);
        if (source) source->close(source);
        if (code == HRA_EUSAGE) return hra_fail(error, code, "%s", own.message);
    }
    return HRA_OK;
}

/* No file is held: a list of an earlier run would say otherwise. A run from a store reads no delivery and leaves it. */
static hra_code forget_held(hra_run_state *s, hra_error *error)
{
    const char *path = hra_run_path(s, "held.csv");
    if (!path) return hra_out_of_memory(error);
    bool delivered = false;
    for (int i = 0; i < s->input_count; i++) delivered |= !hra_is_store(s->inputs[i]);
    if (delivered && unlink(path) != 0 && errno != ENOENT)
        return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", path);
    return HRA_OK;
}

/* Stores that are named by themselves need no profile. In a folder they are held like any file that is no table. */
static hra_code take_stores(hra_run_state *s, hra_error *error)
{
    bool *taken = hra_arena_alloc(s->arena, (size_t)s->input_count + 1);
    if (!taken) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++) taken[i] = !s->origins[i].found && hra_is_store(s->inputs[i]);
    return hra_checked_inputs_take(&s->checked, taken, error);
}

/* Leaves out the files that their profile or the policy of quality holds, and lists them. */
static hra_code check_files(hra_run_state *s, hra_quality **quality, hra_error *error)
{
    hra_input_options input = s->options->input;
    input.language = s->options->language;
    if (input.profiles)
        HRA_TRY(hra_checked_inputs_open(&input, s->inputs, s->input_count, s->library, s->scoring.threads, &s->checked,
                                        error));
    if (input.profiles) HRA_TRY(take_stores(s, error));
    HRA_TRY(hra_run_hold_found(s, error));
    if (!has_kind(s, HRA_JOIN_ROSTER)) HRA_TRY(hra_run_hold_one_group(s, error));
    HRA_TRY(check_key(s, error));
    HRA_TRY(judge_quality(s, quality, error));
    HRA_TRY(hra_run_find_absent_sources(s, error));
    if (!s->checked.hold) return forget_held(s, error);
    hra_buffer text = {0}, list = {0};
    hra_hold_print(s->checked.hold, &text);
    if (text.bytes) fputs(text.bytes, stderr);
    hra_buffer_destroy(&text);
    hra_hold_csv(s->checked.hold, &list);
    HRA_TRY(hra_write_file(hra_run_output(s, "held.csv"), &list, error));
    return s->checked.count == 0 ? hra_checked_inputs_verdict(&s->checked, error) : HRA_OK;
}

/* The files of one kind that are read. */
static hra_code gather(hra_run_state *s, hra_join_kind kind, batch *b, hra_error *error)
{
    const hra_hold *hold = s->checked.hold;
    b->kind = kind;
    b->paths = hra_arena_alloc(s->arena, sizeof *b->paths * (size_t)s->input_count);
    b->groups = hra_arena_alloc(s->arena, sizeof *b->groups * (size_t)s->input_count);
    b->names = hra_arena_alloc(s->arena, sizeof *b->names * (size_t)s->input_count);
    b->deliveries = hold ? hra_arena_alloc(s->arena, sizeof *b->deliveries * (size_t)s->input_count) : NULL;
    if (!b->paths || !b->groups || !b->names || (hold && !b->deliveries)) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++) {
        if (hra_run_kind_of(s, i) != (int)kind || (hold && hold->files[i].held) || hra_is_store(s->inputs[i])) continue;
        if (hold) b->deliveries[b->count] = hold->files[i].delivery;
        b->groups[b->count] = s->origins[i].group;
        b->names[b->count] = s->origins[i].name;
        b->paths[b->count++] = s->inputs[i];
    }
    return HRA_OK;
}

static bool needs_join(const hra_run_state *s)
{
    int stores = 0, kinds = 0;
    bool seen[HRA_JOIN_KINDS] = {false};
    for (int i = 0; i < s->input_count; i++) {
        if (!has_a_kind(s, i)) continue;
        int kind = hra_run_kind_of(s, i);
        stores += hra_run_takes_store(s, i);
        kinds += !seen[kind];
        seen[kind] = true;
    }
    const hra_run_request *o = s->options;
    return kinds > 1 || stores > 1 || (stores > 0 && stores < s->input_count) || o->visits || o->crosswalk ||
           o->window > 0;
}

/* Columns of a researcher's own: asked for, or carried by the store. */
static hra_code keep_columns(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    hra_csv_options csv = {0};
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    csv.deliveries = s->checked.deliveries;
    const char *const *paths = s->checked.hold ? s->checked.paths : s->inputs;
    int count = s->checked.hold ? s->checked.count : s->input_count;
    return hra_setup_keep(&o->definitions, paths, count, &o->input, &csv, &s->library, &s->keep, error);
}

/* ---- the stage ------------------------------------------------------------------------ */

/* Where the batch's store and its account go: with one source beside everything else, else in FOLDER/intake. */
static hra_code place(hra_run_state *s, batch *b, bool join, hra_error *error)
{
    const char *kind = hra_join_kind_name(b->kind), *folder = hra_run_path(s, "intake");
    b->joined = join;
    bool several = join && !s->own_windows;
    b->store =
        join ? hra_run_path(s, hra_arena_printf(s->arena, "intake/%s.h5", kind)) : hra_run_output(s, "population.h5");
    b->rejects = s->options->input.rejects && !several
                     ? s->options->input.rejects
                     : hra_run_output(s, several ? hra_arena_printf(s->arena, "rejects_%s.csv", kind) : "rejects.csv");
    b->account = hra_run_output(s, several ? hra_arena_printf(s->arena, "import_%s.txt", kind) : "import.txt");
    if (!b->store || !b->rejects || !b->account || !folder) return hra_out_of_memory(error);
    return join ? hra_folder_make(folder, error) : HRA_OK;
}

/* With --resume: whether the stores of all batches are done. One urgent list tells of all of them, and of the stores
 * that were delivered: where one is made anew, so is the list, and so are the others. */
static hra_code all_done(hra_run_state *s, batch *batches, int count, bool *done, hra_run_facts *facts,
                         hra_error *error)
{
    *done = s->options->resume &&
            hra_urgent_list_fits(hra_run_path(s, "urgent.csv"), s->library, s->options->language, s->request.as_of);
    for (int i = 0; i < s->input_count; i++) *done = *done && !hra_run_takes_store(s, i);
    for (int i = 0; i < count && *done; i++) HRA_TRY(is_done(s, &batches[i], done, &facts[i], error));
    return HRA_OK;
}

static hra_code prepare_all(hra_run_state *s, bool join, batch *batches, int *count, hra_error *error)
{
    for (int kind = 0; kind < HRA_JOIN_KINDS; kind++) {
        batch *b = &batches[*count];
        HRA_TRY(gather(s, (hra_join_kind)kind, b, error));
        if (b->count == 0) continue;
        ++*count;
        HRA_TRY(place(s, b, join, error));
        HRA_TRY(prepare(s, b, join, error));
    }
    return HRA_OK;
}

static void count_source(hra_run_state *s, const batch *b, const hra_run_facts *facts)
{
    hra_run_account *account = &s->report.account;
    s->import_facts.rows_rejected += facts->rows_rejected;
    account->sources[account->source_count++] = (hra_run_source){.kind = hra_join_kind_name(b->kind),
                                                                 .files = b->count,
                                                                 .rows = facts->rows_scored + facts->rows_rejected,
                                                                 .rejected = facts->rows_rejected};
}

/* The urgent list is begun anew. Stores of earlier runs in this folder are done no longer, whatever they were made
 * from: should this run be stopped, the list would not tell of them. */
static hra_code undo_imports(hra_run_state *s, hra_error *error)
{
    for (int kind = -1; kind < HRA_JOIN_KINDS; kind++) {
        const char *of = kind < 0 ? "" : hra_arena_printf(s->arena, "_%s", hra_join_kind_name((hra_join_kind)kind));
        const char *account = of ? hra_run_path(s, hra_arena_printf(s->arena, "import%s.txt", of)) : NULL;
        if (!account) return hra_out_of_memory(error);
        if (unlink(account) != 0 && errno != ENOENT)
            return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", account);
    }
    return hra_run_forget_declined(s, error);
}

/* A person who was examined twice is no row too many: one of them may hold what is urgent, and the later one counts. */
static bool joins_visits(const hra_run_state *s, const batch *batches, int count)
{
    const hra_run_request *o = s->options;
    bool visits = count == 1 && (batches->kind == HRA_JOIN_CHECKUP || batches->kind == HRA_JOIN_QUESTIONNAIRE);
    return visits && !o->duplicates && !o->input.keep;
}

static hra_code import_batches(hra_run_state *s, batch *batches, int count, hra_error *error)
{
    hra_run_facts facts[HRA_JOIN_KINDS] = {0};
    bool done = false;
    HRA_TRY(all_done(s, batches, count, &done, facts, error));
    if (!done) HRA_TRY(undo_imports(s, error));
    bool alone = !joins_visits(s, batches, count);
    for (int i = 0; i < count; i++) {
        batch *b = &batches[i];
        double start = hra_seconds();
        if (!done) HRA_TRY(import_batch(s, b, i == 0, alone, &facts[i], error));
        count_source(s, b, &facts[i]);
        if (done && !b->joined) HRA_TRY(hra_run_take_declined(s, error));
        hra_run_report_stage(&s->report, hra_arena_printf(s->arena, "import %s", hra_join_kind_name(b->kind)),
                             hra_seconds() - start);
    }
    return HRA_OK;
}

static hra_code import_all(hra_run_state *s, bool join, hra_join_source *sources, int *count, hra_error *error)
{
    batch batches[HRA_JOIN_KINDS] = {0};
    int batch_count = 0;
    *count = 0;
    hra_run_output(s, "urgent.csv");
    hra_code code = prepare_all(s, join, batches, &batch_count, error);
    if (code == HRA_OK) code = import_batches(s, batches, batch_count, error);
    if (code == HRA_OK && !join) s->own_windows = batches->repeated > 0 && joins_visits(s, batches, batch_count);
    for (int i = 0; i < batch_count; i++) {
        hra_buffer_destroy(&batches[i].command);
        sources[(*count)++] = (hra_join_source){batches[i].kind, batches[i].store};
    }
    for (int i = 0; i < s->input_count; i++)
        if (hra_run_takes_store(s, i))
            sources[(*count)++] = (hra_join_source){(hra_join_kind)hra_run_kind_of(s, i), s->inputs[i]};
    return code;
}

/* The source once more, with all rows of everybody, as a join needs it. What was said of the first time is taken back.
 */
static hra_code import_again(hra_run_state *s, hra_join_source *sources, int *count, hra_error *error)
{
    s->output_count = s->report.account.source_count = 0;
    s->import_facts = (hra_run_facts){0};
    if (s->checked.hold) hra_run_output(s, "held.csv");
    return import_all(s, true, sources, count, error);
}

/* With --resume: the stopped run has found that people come again, and has imported all their rows. */
static hra_code find_all_rows(hra_run_state *s, hra_error *error)
{
    batch batches[HRA_JOIN_KINDS] = {0};
    hra_run_facts facts[HRA_JOIN_KINDS] = {0};
    int count = 0, outputs = s->output_count;
    bool done = false;
    const char *folder = hra_run_path(s, "intake");
    if (!folder) return hra_out_of_memory(error);
    if (!s->options->resume || access(folder, F_OK) != 0) return HRA_OK;
    s->own_windows = true;
    hra_code code = prepare_all(s, true, batches, &count, error);
    if (code == HRA_OK && joins_visits(s, batches, count)) code = all_done(s, batches, count, &done, facts, error);
    for (int i = 0; i < count; i++) hra_buffer_destroy(&batches[i].command);
    s->own_windows = done;
    s->output_count = outputs;
    return code;
}

/* Text inputs become FOLDER/population.h5; so do several sources. --resume takes the stores that are there. */
static hra_code take_in(hra_run_state *s, hra_error *error)
{
    const char *store = s->inputs[0];
    double start = hra_seconds();
    bool join = needs_join(s);
    if (!join) HRA_TRY(keep_columns(s, error));
    if (join && s->options->input.keep)
        return hra_fail(error, HRA_EUSAGE,
                        "--keep is for one source; import each source with its own columns and give "
                        "'hra run' the stores");
    if (s->input_count == 1 && hra_is_store(store) && !join) {
        bool own = is_own_population(s, store);
        hra_run_output(s, "urgent.csv");
        if (!own) HRA_TRY(undo_imports(s, error));
        HRA_TRY(hra_run_list_urgent(s, store, own, error));
        HRA_TRY(hra_run_apply_consent(s, own, &store, error));
        hra_run_report_stage(&s->report, "urgent", hra_seconds() - start);
    } else {
        int count = 0;
        hra_join_source *sources =
            hra_arena_alloc(s->arena, sizeof *sources * ((size_t)s->input_count + HRA_JOIN_KINDS));
        if (!sources) return hra_out_of_memory(error);
        if (!join) HRA_TRY(find_all_rows(s, error));
        if (!s->own_windows) HRA_TRY(import_all(s, join, sources, &count, error));
        if (s->own_windows) HRA_TRY(import_again(s, sources, &count, error));
        join |= s->own_windows;
        store = join ? hra_run_output(s, "population.h5") : sources[0].path;
        if (join) HRA_TRY(hra_run_join(s, sources, count, store, error));
    }
    hra_input_options none = {0};
    hra_csv_options unused = {0};
    return hra_setup_input(&store, 1, s->library, &none, &unused, &s->input, error);
}

/* The account and the overview of an earlier run into this folder would tell of what is no longer there, should this
 * one be stopped. */
static hra_code remove_account(hra_run_state *s, hra_error *error)
{
    const char *account = hra_run_path(s, "run.json"), *overview = hra_run_path(s, "overview");
    if (!account || !overview) return hra_out_of_memory(error);
    if (unlink(account) != 0 && errno != ENOENT)
        return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", account);
    hra_overview_clear(overview);
    return HRA_OK;
}

/* The reports on quality are written behind the urgent list, and whatever became of the import. */
hra_code hra_run_intake(hra_run_state *s, hra_error *error)
{
    hra_quality *quality = NULL;
    hra_error second = {0};
    HRA_TRY(hra_run_note_inputs(s, error));
    hra_code code = check_files(s, &quality, error);
    if (code == HRA_OK) code = remove_account(s, error);
    if (code == HRA_OK) code = take_in(s, error);
    code = code == HRA_OK ? hra_run_see_inputs(s, error) : hra_run_blame_change(s, code, error);
    hra_code saved = quality ? hra_run_quality_save(s, quality, code == HRA_OK ? error : &second) : HRA_OK;
    hra_quality_free(quality);
    return code == HRA_OK ? saved : code;
}
