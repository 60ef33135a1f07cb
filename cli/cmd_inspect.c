/* hra inspect: what a file is, and a draft of the profile to read it by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/plain_text.h"
#include "cli/command.h"
#include "cli/holding.h"
#include "intake/inspect/inspect.h"
#include "io/files/atomic_file.h"

int hra_cmd_inspect(int argc, char **argv);

typedef struct inspect_options {
    hra_input_options input;
    hra_texts definitions;
    const char *output;
} inspect_options;

/* The first draft of all is written before there are profiles: their folder is made. */
static hra_code make_folder_of(const char *path, hra_error *error)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return HRA_OK;
    char *folder = strndup(path, (size_t)(slash - path));
    if (!folder) return hra_out_of_memory(error);
    hra_code code = hra_folder_make(folder, error);
    free(folder);
    return code;
}

static hra_code write_draft(const char *path, const hra_buffer *draft, hra_error *error)
{
    hra_atomic_file *file;
    struct stat there;
    if (stat(path, &there) == 0)
        return hra_fail(error, HRA_EUSAGE, "%s already exists and may contain somebody's answers: give another name",
                        path);
    HRA_TRY(make_folder_of(path, error));
    HRA_TRY(hra_atomic_open(path, &file, error));
    fwrite(draft->bytes, 1, draft->length, hra_atomic_stream(file)); /* commit checks the stream */
    return hra_atomic_commit(file, error);
}

/* What --profiles would do with the file. */
static hra_code print_verdict(const hra_profiles *profiles, const hra_library *library, const char *path, bool *held,
                              hra_error *error)
{
    hra_hold *hold;
    hra_buffer text = {0};
    HRA_TRY(hra_hold_check(&path, 1, profiles, hra_library_dictionary(library), 1, &hold, error));
    *held = hold->files[0].held;
    if (*held)
        hra_hold_print(hold, &text);
    else
        hra_buffer_printf(&text, hra_say(hold->words, "%s is read by the profile %s\n"), path,
                          hold->files[0].profile->name);
    hra_hold_free(hold);
    if (text.failed) return hra_out_of_memory(error);
    hra_plain_lines(text.bytes);
    fputs(text.bytes, stdout);
    hra_buffer_destroy(&text);
    return HRA_OK;
}

static hra_code draft_one(const inspect_options *o, const hra_intake_words *words, const hra_library *library,
                          const char *path, hra_error *error)
{
    hra_inspection inspection;
    hra_csv_options csv = {0};
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    hra_delivery how = {
        .encoding = csv.encoding, .delimiter = csv.delimiter, .header_row = csv.header_row, .sheet = csv.sheet};
    HRA_TRY(hra_inspect_file(path, hra_library_dictionary(library), &how, words, &inspection, error));
    fputs(inspection.summary.bytes, stdout);
    hra_code code = o->output ? write_draft(o->output, &inspection.draft, error) : HRA_OK;
    if (code == HRA_OK && o->output)
        printf(hra_say(words, "draft of a profile with %d open question%s: %s\n"), inspection.questions,
               inspection.questions == 1 ? "" : "s", o->output);
    hra_inspection_destroy(&inspection);
    return code;
}

static hra_code inspect_files(const inspect_options *o, const hra_intake_words *words, int count, char **paths,
                              hra_error *error)
{
    hra_library *library = NULL;
    hra_profiles *profiles = NULL;
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "give at least one file");
    if (o->output && count > 1)
        return hra_fail(error, HRA_EUSAGE, "one draft is for one file: give -o with a single FILE");
    hra_code code = hra_setup_library(&o->definitions, &library, error);
    if (code == HRA_OK && o->input.profiles) code = hra_profiles_load(o->input.profiles, &profiles, error);
    if (code == HRA_OK && profiles) code = hra_profiles_speak(profiles, o->input.language, error);
    for (int i = 0; i < count && code == HRA_OK; i++) {
        bool held = true;
        if (profiles) code = print_verdict(profiles, library, paths[i], &held, error);
        if (code == HRA_OK && (held || o->output)) code = draft_one(o, words, library, paths[i], error);
    }
    hra_profiles_free(profiles);
    hra_library_free(library);
    return code;
}

static hra_code inspect(const inspect_options *o, int count, char **paths, hra_error *error)
{
    const hra_intake_words *words;
    if (strcmp(o->input.language, "zh") != 0 && strcmp(o->input.language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->input.language);
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_code code = hra_intake_words_new(o->input.language, arena, &words, error);
    if (code == HRA_OK) code = inspect_files(o, words, count, paths, error);
    hra_arena_free(arena);
    return code;
}

int hra_cmd_inspect(int argc, char **argv)
{
    inspect_options o = {.input.language = "en"};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE.profile", "write the draft (0600; never overwrites a file)"},
        {"profiles", 0, HRA_OPTION_TEXT, &o.input.profiles, "DIR",
         "say which of these profiles reads the file, or why none does"},
        {"encoding", 0, HRA_OPTION_TEXT, &o.input.encoding, "NAME",
         "utf-8, gb18030, big5 or windows-1252 (default: detected)"},
        {"delimiter", 0, HRA_OPTION_TEXT, &o.input.delimiter, "CHAR",
         "column separator, 'tab' for tab (default: detected)"},
        {"header-row", 0, HRA_OPTION_INT, &o.input.header_row, "N", "line of the header (default: detected)"},
        {"sheet", 0, HRA_OPTION_TEXT, &o.input.sheet, "NAME", "sheet of a workbook, table of a web page or HDF5 file"},
        {"language", 'l', HRA_OPTION_TEXT, &o.input.language, "LANG",
         "language of findings, evidence and questions: en (default) or zh"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "file with more variables; may be repeated"},
        {0}};
    const hra_usage usage = {
        "inspect", "FILE... [-o FILE.profile] [options]",
        "Reads a whole file and reports what it is: encoding, header, the meaning and unit of each column, codes,\n"
        "forms of dates, numbers that stand for 'missing'. Drafts a profile with this evidence and a question for\n"
        "everything that only a person can decide. Never shows names, identifiers or telephone numbers.",
        options,
        "Examples:\n"
        "  hra inspect hospital.csv -o profiles/hospital.profile     # then answer the lines that begin with ?\n"
        "  hra inspect new.csv --profiles profiles                   # why is this file held?\n"
        "  hra inspect hospital.csv -l zh -o profiles/hospital.profile"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code = inspect(&o, argc - 1, argv + 1, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("inspect", &error);
}
