/* hra forget: people who asked to be deleted, taken out of stores, results, key maps and lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/distinct_files.h"
#include "cli/setup.h"
#include "service/forget.h"

int hra_cmd_forget(int argc, char **argv);

typedef struct forget_options {
    const char *list, *key, *issuer;
    hra_texts definitions;
    bool quiet;
} forget_options;

typedef struct forget_state {
    hra_identity *identity;
    hra_forget_list *list;
    hra_forget_files files;
    hra_buffer done, left;
} forget_state;

/* Columns of a researcher's own, which a store carries, are declared. */
static hra_code make_library(void *context, const char *store, hra_library **out, hra_error *error)
{
    const hra_texts *definitions = context;
    HRA_TRY(hra_setup_library(definitions, out, error));
    if (!store) return HRA_OK;
    hra_keep *keep = hra_keep_new();
    if (!keep) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = hra_keep_from_store(keep, store, error);
    if (!code) code = hra_setup_declare_kept(definitions, keep, out, error);
    hra_keep_free(keep);
    return code;
}

/* No file is written twice, and neither the list nor the key is one of them. */
static hra_code check_distinct(const forget_options *o, const hra_forget_files *files, hra_error *error)
{
    const char **paths = calloc((size_t)files->count + 2, sizeof *paths);
    int count = 0;
    if (!paths) return hra_fail(error, HRA_ENOMEM, "out of memory");
    for (int i = 0; i < files->count; i++)
        if (files->items[i].kind != HRA_FORGET_OTHER) paths[count++] = files->items[i].path;
    paths[count++] = o->list;
    if (o->key) paths[count++] = o->key;
    hra_code code = hra_distinct_inputs(paths, count, error);
    free(paths);
    return code;
}

static void print_account(const forget_state *s, const hra_forget_account *a)
{
    long long asked = (long long)hra_forget_list_asked(s->list), found = (long long)hra_forget_list_found(s->list);
    fprintf(stderr, "%lld people asked for: %lld found, %lld not found; %lld rows removed from %lld files\n", asked,
            found, asked - found, (long long)a->rows, (long long)a->files);
}

static hra_code forget(forget_options *o, int count, char **paths, forget_state *s, hra_error *error)
{
    hra_forget_account account;
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "give the files or folders to delete from");
    if (!o->list) return hra_fail(error, HRA_EUSAGE, "give the people with --list FILE, one per line");
    if (o->key) HRA_TRY(hra_identity_load(o->key, &s->identity, error));
    HRA_TRY(hra_forget_list_read(o->list, s->identity, o->issuer, &s->list, error));
    HRA_TRY(hra_forget_files_open((const char *const *)paths, count, &s->files, error));
    HRA_TRY(check_distinct(o, &s->files, error));
    hra_forget_request request = {.files = &s->files,
                                  .list = s->list,
                                  .identity = s->identity,
                                  .library = make_library,
                                  .context = &o->definitions};
    hra_code code = hra_forget(&request, &account, &s->done, &s->left, error);
    if (s->done.bytes && !o->quiet) fputs(s->done.bytes, stderr);
    if (s->left.bytes) fputs(s->left.bytes, stderr);
    if (!code && !o->quiet) print_account(s, &account);
    if (code || account.left == 0) return code;
    return hra_fail(error, HRA_EHELD,
                    "not everything is done: %lld files, named above, hold or may hold somebody on the list; delete "
                    "them or make them anew",
                    (long long)account.left);
}

int hra_cmd_forget(int argc, char **argv)
{
    forget_options o = {.issuer = ""};
    const hra_option options[] = {
        {"list", 0, HRA_OPTION_TEXT, &o.list, "FILE",
         "the people, one per line: identifiers with --key, otherwise person keys"},
        {"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "key file with which the identifiers were hashed"},
        {"issuer", 0, HRA_OPTION_TEXT, &o.issuer, "NAME", "who issued the identifiers (default: none)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "definitions of the stores' own variables"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "report only the files that are left"},
        {0}};
    const hra_usage usage = {
        "forget", "FILE|FOLDER... --list PEOPLE [--key KEY]",
        "Deletes people from population stores, results, key maps, the register and other lists with a column of\n"
        "people (person_id, person, key). Each file is written anew and replaced when the new one is complete. Order "
        "and\n"
        "values of everybody else stay the same. The report has counts and no names.",
        options,
        "In a folder, all such files are written anew, and every other file is inspected. Files that still hold "
        "somebody\n"
        "on the list, or that cannot be inspected, are named, and the exit status is 9. Copies elsewhere, the files "
        "that\n"
        "were imported, and figures of groups that counted these people are not changed.\n\n"
        "Examples: hra forget night --list deleted.txt --key my.key\n"
        "          hra forget population.h5 register.csv people.names --list deleted.txt --key my.key"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    forget_state s = {0};
    hra_error error = {0};
    hra_code code = forget(&o, argc - 1, argv + 1, &s, &error);
    hra_forget_files_close(&s.files);
    hra_forget_list_free(s.list);
    hra_identity_free(s.identity);
    hra_buffer_destroy(&s.done);
    hra_buffer_destroy(&s.left);
    return code == HRA_OK ? HRA_OK : hra_report_error("forget", &error);
}
