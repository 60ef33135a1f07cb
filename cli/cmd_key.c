/* hra key: the key that identifiers are hashed with. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "io/files/sealed_file.h"
#include "io/identity/identity.h"

int hra_cmd_key(int argc, char **argv);

static const char *const more =
    "  hra key new FILE    makes a new key file, readable by its owner only; an existing file is never overwritten\n"
    "  hra key show FILE   prints the fingerprint of a key, which stores and reports record (not the key itself)\n"
    "  hra key branch NAME makes the pair NAME.public and NAME.secret of a branch: packages are encrypted to the "
    "first\n"
    "                      ('hra report branches --encrypt-to') and opened with the second ('hra unpack')\n\n"
    "Keep the key. With another key, the same person gets another person key, and years cannot be linked. Whoever has\n"
    "the key and a list of identifiers can find people in a store, so keep the key apart from the stores.";

static hra_code show(const char *path, hra_error *error)
{
    hra_identity *identity;
    HRA_TRY(hra_identity_load(path, &identity, error));
    printf("%s\n", hra_identity_fingerprint(identity));
    hra_identity_free(identity);
    return HRA_OK;
}

static hra_code make(const char *path, hra_error *error)
{
    HRA_TRY(hra_identity_create(path, error));
    fprintf(stderr, "new key: %s; keep a copy in a safe place, apart from the stores\n", path);
    return show(path, error);
}

static hra_code make_branch(const char *name, hra_error *error)
{
    HRA_TRY(hra_seal_new_keys(name, error));
    fprintf(stderr, "%s.public: give it to the head office; %s.secret: keep it, without it no package can be opened\n",
            name, name);
    return HRA_OK;
}

int hra_cmd_key(int argc, char **argv)
{
    static const hra_option options[] = {{0}};
    const hra_usage usage = {
        "key", "new FILE | show FILE | branch NAME",
        "Makes the key with which identifiers are hashed before anything is stored, and pairs of keys for branches.",
        options, more};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code;
    if (argc == 3 && strcmp(argv[1], "new") == 0)
        code = make(argv[2], &error);
    else if (argc == 3 && strcmp(argv[1], "show") == 0)
        code = show(argv[2], &error);
    else if (argc == 3 && strcmp(argv[1], "branch") == 0)
        code = make_branch(argv[2], &error);
    else
        code = hra_fail(&error, HRA_EUSAGE, "expected 'new FILE', 'show FILE' or 'branch NAME'; see 'hra key --help'");
    return code == HRA_OK ? HRA_OK : hra_report_error("key", &error);
}
