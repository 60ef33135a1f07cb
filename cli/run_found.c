/* Files that were found in a folder and cannot be read: they are held, so that they stop nobody else, and told, so that
 * no delivery is forgotten because of its name. */
#include "cli/run.h"

#include <stdlib.h>
#include <string.h>

/* What is known of an input that was found in a folder. */
typedef struct found {
    const char *reason; /* why it is no table that can be read; NULL: it is one, or what is wrong is told later */
    bool opened, has_identifier;
} found;

static hra_code look_at(hra_run_state *s, int input, const hra_intake_words *words, found *f, hra_error *error)
{
    const char *path = s->inputs[input], *slash = strrchr(path, '/');
    hra_csv_options csv = {.require_id = true, .count_only = true, .guess_encoding = true};
    hra_source *source = NULL;
    hra_error why = {0};
    const char *trouble = s->origins[input].trouble;
    f->reason = trouble ? hra_say_again(words, trouble, s->arena) : NULL;
    if (trouble) return f->reason ? HRA_OK : hra_out_of_memory(error);
    if (!hra_run_is_table_name(slash ? slash + 1 : path)) {
        f->reason =
            hra_say(words, "its name is not that of a table (.csv, .txt, .tsv, also .gz; .xlsx; .xls; .zip): rename it "
                           "if it is one, otherwise move it out of the folder");
        return HRA_OK;
    }
    const hra_hold_file *held = s->options->input.profiles ? &s->checked.hold->files[input] : NULL;
    if (held && held->held) return HRA_OK;
    if (held) csv.deliveries = &held->delivery;
    if (!hra_setup_csv_options(&s->options->input, &csv, error)) return error->code;
    hra_code code = hra_csv_open(&s->inputs[input], 1, hra_library_dictionary(s->library), &csv, &source, &why);
    if (source) {
        f->opened = true;
        f->has_identifier = hra_csv_has_identifier(source, hra_csv_file_report(source, 0));
        source->close(source);
    }
    if (code == HRA_ENOMEM || code == HRA_EINTERNAL) return hra_fail(error, code, "%s", why.message);
    if (code == HRA_OK || code == HRA_EUSAGE || held) return HRA_OK; /* what a profile cannot read it holds */
    f->reason = hra_say_why_held(words, why.message, s->arena);
    return f->reason ? HRA_OK : hra_out_of_memory(error);
}

/* Files of one kind have identifiers or none: one without them, a list or a note among deliveries, would stop the
 * night. */
static void find_strangers(const hra_run_state *s, const hra_intake_words *words, found *files)
{
    bool identified[HRA_JOIN_KINDS] = {false}; /* by kind */
    for (int i = 0; i < s->input_count; i++) identified[hra_run_kind_of(s, i)] |= files[i].has_identifier;
    for (int i = 0; i < s->input_count; i++)
        if (files[i].opened && !files[i].has_identifier && identified[hra_run_kind_of(s, i)])
            files[i].reason =
                hra_say(words, "no column of identifiers, which other files of the folder have: name it in a "
                               "map file with id = COLUMN, or move the file out of the folder");
}

static hra_code find_reasons(hra_run_state *s, const hra_intake_words *words, const char **reasons, hra_error *error)
{
    found *files = hra_arena_alloc(s->arena, ((size_t)s->input_count + 1) * sizeof *files);
    if (!files) return hra_out_of_memory(error);
    for (int i = 0; i < s->input_count; i++)
        if (s->origins[i].found) HRA_TRY(look_at(s, i, words, &files[i], error));
    find_strangers(s, words, files);
    for (int i = 0; i < s->input_count; i++) reasons[i] = files[i].reason;
    return HRA_OK;
}

hra_code hra_run_hold_by(hra_run_state *s, hra_run_reasons *find, hra_error *error)
{
    const hra_intake_words *words;
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    const char **reasons = calloc((size_t)s->input_count + 1, sizeof *reasons);
    if (!reasons) return hra_out_of_memory(error);
    hra_code code = find(s, words, reasons, error);
    if (code == HRA_OK) code = hra_checked_inputs_hold(&s->checked, s->inputs, s->input_count, reasons, error);
    if (code == HRA_OK && s->checked.hold && !s->checked.hold->words) s->checked.hold->words = words;
    free(reasons);
    return code;
}

hra_code hra_run_hold_found(hra_run_state *s, hra_error *error) { return hra_run_hold_by(s, find_reasons, error); }
