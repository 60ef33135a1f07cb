/* hra forget: people who asked to be deleted, taken out of stores, results, key maps and lists. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/distinct_files.h"
#include "cli/forget_again.h"
#include "cli/setup.h"
#include "io/people/population_store.h"
#include "service/forget/forget.h"
#include "service/forget/forget_before.h"

int hra_cmd_forget(int argc, char **argv);

typedef struct forget_options {
    const char *list, *before, *key, *issuer;
    hra_texts definitions;
    bool dry, quiet;
} forget_options;

typedef struct forget_state {
    hra_identity *identity;
    hra_forget_list *list;
    hra_forget_files files;
    hra_forget_account account; /* of all paths */
    hra_forget_order *again;    /* how figures are formed anew */
    int64_t asked, found, undated;
} forget_state;

/* What the work calls back with. */
typedef struct forget_context {
    const hra_texts *definitions;
    hra_counted *counted;
    int count;
} forget_context;

static hra_code make_library(void *context, const char *store, hra_library **out, hra_error *error)
{
    const forget_context *c = context;
    return hra_setup_store_library(c->definitions, store, out, error);
}

static hra_code note_counted(void *context, const char *results, int64_t rows, hra_error *error)
{
    forget_context *c = context;
    hra_counted *more = realloc(c->counted, ((size_t)c->count + 1) * sizeof *more);
    char *copy = strdup(results);
    if (more) c->counted = more;
    if (!more || !copy) {
        free(copy);
        return hra_out_of_memory(error);
    }
    c->counted[c->count++] = (hra_counted){copy, rows};
    return HRA_OK;
}

/* No file is written twice, and neither the list nor the key is one of them. */
static hra_code check_distinct(const forget_options *o, const hra_forget_files *files, hra_error *error)
{
    const char **paths = calloc((size_t)files->count + 2, sizeof *paths);
    int count = 0;
    if (!paths) return hra_out_of_memory(error);
    for (int i = 0; i < files->count; i++)
        if (files->items[i].kind != HRA_FORGET_OTHER) paths[count++] = files->items[i].path;
    if (o->list) paths[count++] = o->list;
    if (o->key) paths[count++] = o->key;
    hra_code code = hra_distinct_inputs(paths, count, error);
    free(paths);
    return code;
}

static void print_again(hra_forget_order *again)
{
    hra_buffer text = {0};
    hra_forget_order_put(again, &text);
    fprintf(stderr, "For new figures, without these people:\n%s",
            text.failed || !text.bytes ? "out of memory\n" : text.bytes);
    hra_buffer_destroy(&text);
}

static void print_account(const forget_options *o, const forget_state *s)
{
    const hra_forget_account *a = &s->account;
    long long asked = (long long)s->asked, found = (long long)s->found, rows = (long long)a->rows;
    if (o->list)
        fprintf(stderr, "%lld people asked for: %lld found, %lld not found; ", asked, found, asked - found);
    else
        fprintf(stderr, "%lld people without a checkup since %s; %lld rows without a day of checkup; ", asked,
                o->before, (long long)s->undated);
    fprintf(stderr, "%lld rows %s from %lld files\n", rows, o->dry ? "would be removed" : "removed",
            (long long)a->files);
    if (o->list && o->key && !*o->issuer && found < asked)
        fprintf(stderr, "Identifiers of an issuer are found only with --issuer NAME: the name given at the import, or "
                        "the line 'issuer' of the profile\n");
    /* While files are left, the store may still hold these people: a run would bring them back. */
    if (a->figures > 0 && a->left == 0 && !o->dry) print_again(s->again);
}

static void add_account(forget_state *s, const hra_forget_account *a)
{
    s->account.files += a->files;
    s->account.rows += a->rows;
    s->account.left += a->left;
    s->account.figures += a->figures;
    s->asked += hra_forget_list_asked(s->list);
    s->found += hra_forget_list_found(s->list);
}

/* Takes the people on the list out of the files. */
static hra_code take_out(forget_options *o, forget_state *s, double before, const char *dated, hra_error *error)
{
    hra_forget_account account;
    hra_buffer done = {0}, left = {0};
    forget_context context = {.definitions = &o->definitions};
    hra_forget_request request = {.files = &s->files,
                                  .list = s->list,
                                  .identity = s->identity,
                                  .dry = o->dry,
                                  .before = before,
                                  .dated = dated,
                                  .library = make_library,
                                  .counted = note_counted,
                                  .context = &context};
    hra_code code = check_distinct(o, &s->files, error);
    if (!code) code = hra_forget(&request, &account, &done, &left, error);
    if (done.bytes && !o->quiet) fputs(done.bytes, stderr);
    if (left.bytes) fputs(left.bytes, stderr);
    if (!code) add_account(s, &account);
    for (int i = 0; i < context.count; i++) { /* last: whom the files have is counted */
        if (!code && !o->dry) code = hra_forget_again(&context.counted[i], &o->definitions, s->list, s->again, error);
        free(context.counted[i].results);
    }
    free(context.counted);
    hra_buffer_destroy(&done);
    hra_buffer_destroy(&left);
    return code;
}

static hra_code forget_list(forget_options *o, int count, char **paths, forget_state *s, hra_error *error)
{
    HRA_TRY(hra_forget_list_read(o->list, s->identity, o->issuer, &s->list, error));
    HRA_TRY(hra_forget_files_open((const char *const *)paths, count, &s->files, error));
    return take_out(o, s, NAN, NULL, error);
}

/* The store that says when people were examined: the path itself, or that of the run in the folder. NULL: out of
 * memory.
 */
static char *store_of(const char *path, bool *is_folder)
{
    struct stat facts;
    size_t length = strlen(path);
    char *store = NULL;
    *is_folder = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (!*is_folder) return strdup(path);
    while (length > 1 && path[length - 1] == '/') length--;
    return asprintf(&store, "%.*s/population.h5", (int)length, path) < 0 ? NULL : store;
}

static hra_code forget_in(forget_options *o, const char *path, const char *store, bool is_folder, double before,
                          forget_state *s, hra_error *error)
{
    hra_library *library;
    int64_t undated;
    if (!hra_is_store(store))
        return hra_fail(error, HRA_EUSAGE,
                        "%s is not a population store: with --before give folders of hra run, or stores", store);
    HRA_TRY(hra_forget_files_open(&path, 1, &s->files, error));
    HRA_TRY(hra_setup_store_library(&o->definitions, store, &library, error));
    hra_code code =
        hra_forget_list_before(&s->files, store, library, before, s->identity, o->issuer, &s->list, &undated, error);
    hra_library_free(library);
    if (code) return code;
    s->undated += undated;
    return take_out(o, s, before, is_folder ? store : NULL, error);
}

/* Each path by its own days: who was examined again elsewhere stays there. */
static hra_code forget_before(forget_options *o, int count, char **paths, forget_state *s, hra_error *error)
{
    double before;
    if (!hra_setup_day(o->before, &before))
        return hra_fail(error, HRA_EUSAGE, "--before is a day like 2026-01-31, not '%s'", o->before);
    for (int i = 0; i < count; i++) {
        bool is_folder;
        char *store = store_of(paths[i], &is_folder);
        if (!store) return hra_out_of_memory(error);
        hra_forget_files_close(&s->files);
        hra_forget_list_free(s->list);
        s->list = NULL;
        hra_code code = forget_in(o, paths[i], store, is_folder, before, s, error);
        free(store);
        if (code) return code;
    }
    return HRA_OK;
}

static hra_code forget(forget_options *o, int count, char **paths, forget_state *s, hra_error *error)
{
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "give the files or folders to delete from");
    if (!o->list && !o->before)
        return hra_fail(error, HRA_EUSAGE, "give the people with --list FILE, one per line, or a day with --before");
    if (o->list && o->before) return hra_fail(error, HRA_EUSAGE, "give --list or --before, not both");
    if (o->key) HRA_TRY(hra_identity_load(o->key, &s->identity, error));
    HRA_TRY(o->list ? forget_list(o, count, paths, s, error) : forget_before(o, count, paths, s, error));
    if (!o->quiet) print_account(o, s);
    if (s->account.left == 0) return HRA_OK;
    bool one = s->account.left == 1;
    const char *it = one ? "it" : "them";
    return hra_fail(error, HRA_EHELD,
                    "not everything is done: %lld %s, named above, hold%s or may hold one of these people; delete %s "
                    "or make %s again ('hra report', 'hra export'; not 'hra run'), then repeat this command",
                    (long long)s->account.left, one ? "file" : "files", one ? "s" : "", it, it);
}

int hra_cmd_forget(int argc, char **argv)
{
    forget_options o = {.issuer = ""};
    const hra_option options[] = {
        {"list", 0, HRA_OPTION_TEXT, &o.list, "FILE",
         "the people, one per line: identifiers with --key, otherwise person keys"},
        {"before", 0, HRA_OPTION_TEXT, &o.before, "DAY",
         "instead of --list: delete all checkups before this day, YYYY-MM-DD"},
        {"dry-run", 0, HRA_OPTION_FLAG, &o.dry, NULL, "write nothing; report what would be deleted"},
        {"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "key file with which the identifiers were hashed"},
        {"issuer", 0, HRA_OPTION_TEXT, &o.issuer, "NAME", "who issued the identifiers (default: none)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "definitions of the stores' own variables"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "report only the files that are left"},
        {0}};
    const hra_usage usage = {
        "forget", "FILE|FOLDER... --list PEOPLE|--before DAY [--key KEY]",
        "Deletes people from population stores, results, key maps, the register and other lists with a column of\n"
        "people (person_id, person, key). Each file is written anew and replaced when the new one is complete. Order "
        "and\n"
        "values of everybody else stay the same. The report has counts and no names.",
        options,
        "In a folder, all such files are written anew, and every other file is inspected. Files that still hold "
        "somebody\n"
        "on the list, or that cannot be inspected, are named, and the exit status is 9. Copies elsewhere and the files "
        "that\n"
        "were imported are not changed. Group figures that counted these people are named; the command is told that "
        "forms\n"
        "them anew from the remaining store.\n\n"
        "Examples: hra forget night --list deleted.txt --key my.key\n"
        "          hra forget population.h5 register.csv people.names --list deleted.txt --key my.key\n"
        "          hra forget night2019 night2020 --before 2021-01-01 --dry-run"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    forget_state s = {0};
    hra_error error = {0};
    s.again = hra_forget_order_new();
    hra_code code = s.again ? forget(&o, argc - 1, argv + 1, &s, &error) : hra_out_of_memory(&error);
    hra_forget_files_close(&s.files);
    hra_forget_list_free(s.list);
    hra_identity_free(s.identity);
    hra_forget_order_free(s.again);
    return code == HRA_OK ? HRA_OK : hra_report_error("forget", &error);
}
