/* hra unpack: the package of a branch, opened with its secret key. */
#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"
#include "io/files/sealed_file.h"
#include "report/tools/archive_folder.h"

int hra_cmd_unpack(int argc, char **argv);

typedef struct unpack_options {
    const char *key, *output;
    bool quiet;
} unpack_options;

static hra_code unpack(const unpack_options *o, const char *path, hra_error *error)
{
    char plain[4096];
    int files = 0;
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a new folder for the package with -o FOLDER");
    if (!hra_is_sealed(path)) return hra_fail(error, HRA_EINPUT, "%s is not a sealed package of hra", path);
    if (!o->key) return hra_fail(error, HRA_EUSAGE, "%s is encrypted: give the secret key with --key", path);
    if (snprintf(plain, sizeof plain, "%s.zip", o->output) >= (int)sizeof plain)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    if (access(o->output, F_OK) == 0 || access(plain, F_OK) == 0)
        return hra_fail(error, HRA_ECONFLICT, "%s or %s already exists: give a new folder", o->output, plain);
    HRA_TRY(hra_unseal(path, o->key, plain, error));
    hra_code code = hra_archive_unpack(plain, o->output, &files, error);
    if (unlink(plain) != 0 && !code) code = hra_fail(error, HRA_EIO, "cannot remove %s: %m", plain);
    if (code) hra_archive_remove(o->output, NULL);
    if (!code && !o->quiet) fprintf(stderr, "%d files in %s\n", files, o->output);
    return code;
}

int hra_cmd_unpack(int argc, char **argv)
{
    unpack_options o = {0};
    const hra_option options[] = {{"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "the branch's secret key (NAME.secret)"},
                                  {"output", 'o', HRA_OPTION_TEXT, &o.output, "FOLDER", "new folder for the package"},
                                  {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
                                  {0}};
    const hra_usage usage = {"unpack", "PACKAGE.zip.sealed --key NAME.secret -o FOLDER",
                             "Opens a package that 'hra report branches --encrypt-to' made for one branch.", options,
                             "Example: hra unpack north.zip.sealed --key north.secret -o north"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code = argc == 2 ? unpack(&o, argv[1], &error)
                              : hra_fail(&error, HRA_EUSAGE, "one package is needed; see 'hra unpack --help'");
    return code == HRA_OK ? HRA_OK : hra_report_error("unpack", &error);
}
