/* Files that were found in a folder and cannot be read: they are held, so that they stop nobody else, and told, so that
 * no delivery is forgotten because of its name. */
#include "cli/run.h"

#include <stdlib.h>
#include <string.h>

#include "intake/intake_words.h"

/* Why an input is no table that can be read; NULL: it is one, or what is wrong with it is told later. */
static hra_code why_not(hra_run_state *s, int input, const hra_intake_words *words, const char **reason,
                        hra_error *error)
{
    const char *path = s->inputs[input], *slash = strrchr(path, '/');
    hra_csv_options csv = {.require_id = true, .guess_encoding = true};
    hra_source *source = NULL;
    hra_error why = {0};
    *reason = s->origins[input].trouble ? hra_say_again(words, s->origins[input].trouble, s->arena) : NULL;
    if (s->origins[input].trouble) return *reason ? HRA_OK : hra_out_of_memory(error);
    if (!hra_run_is_table_name(slash ? slash + 1 : path)) {
        *reason = hra_say(words, "its name is not that of a table (.csv, .txt, .tsv, also .gz; .xlsx; .zip): rename it "
                                 "if it is one, otherwise move it out of the folder");
        return HRA_OK;
    }
    if (s->options->input.profiles) return HRA_OK;
    if (!hra_setup_csv_options(&s->options->input, &csv, error)) return error->code;
    hra_code code = hra_csv_open(&s->inputs[input], 1, hra_library_dictionary(s->library), &csv, &source, &why);
    if (source) source->close(source);
    if (code == HRA_OK || code == HRA_EUSAGE) return HRA_OK;
    if (code == HRA_ENOMEM || code == HRA_EINTERNAL) return hra_fail(error, code, "%s", why.message);
    *reason = hra_say_again(words, why.message, s->arena);
    return *reason ? HRA_OK : hra_out_of_memory(error);
}

static hra_code find_reasons(hra_run_state *s, const hra_intake_words *words, const char **reasons, hra_error *error)
{
    for (int i = 0; i < s->input_count; i++)
        if (s->origins[i].found) HRA_TRY(why_not(s, i, words, &reasons[i], error));
    return HRA_OK;
}

hra_code hra_run_hold_found(hra_run_state *s, hra_error *error)
{
    const hra_intake_words *words;
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    const char **reasons = calloc((size_t)s->input_count + 1, sizeof *reasons);
    if (!reasons) return hra_out_of_memory(error);
    hra_code code = find_reasons(s, words, reasons, error);
    if (code == HRA_OK) code = hra_checked_inputs_hold(&s->checked, s->inputs, s->input_count, reasons, error);
    if (code == HRA_OK && s->checked.hold && !s->checked.hold->words) s->checked.hold->words = words;
    free(reasons);
    return code;
}
