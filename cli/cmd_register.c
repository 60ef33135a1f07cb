/* hra register: the enrolment register from night to night. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/setup.h"
#include "io/atomic_file.h"
#include "service/register.h"

int hra_cmd_register(int argc, char **argv);

typedef struct register_options {
    const char *results, *output, *changes, *rules, *as_of;
    bool quiet;
} register_options;

static hra_code update(const register_options *o, const char *path, hra_error *error)
{
    hra_register_request request = {
        .path = path, .results = o->results, .rules = o->rules, .output = o->output, .changes = o->changes};
    hra_register_account a;
    hra_lock *lock = NULL;
    if (!o->results || !o->output || !o->changes)
        return hra_fail(error, HRA_EUSAGE, "--results RESULTS, -o NEW.csv and --changes CHANGES.csv are needed");
    if (strcmp(o->output, o->changes) == 0)
        return hra_fail(error, HRA_EUSAGE, "the register and its changes cannot be one file");
    if (!o->as_of || !hra_setup_day(o->as_of, &request.as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of DAY, like 2026-01-31, says which night this is");
    HRA_TRY(hra_lock_take(o->output, &lock, error));
    hra_code code = hra_register_update(&request, &a, error);
    hra_lock_release(lock);
    if (!code && !o->quiet)
        fprintf(stderr, "%lld lines, %lld of people not seen tonight; %lld changed, %lld added: %s\n",
                (long long)(a.lines + a.added), (long long)a.absent, (long long)a.changed, (long long)a.added,
                o->changes);
    return code;
}

int hra_cmd_register(int argc, char **argv)
{
    register_options o = {0};
    const hra_option options[] = {
        {"results", 0, HRA_OPTION_TEXT, &o.results, "RESULTS", "tonight's result store, or folder of 'hra run'"},
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE", "the register after tonight (may be the same file)"},
        {"changes", 0, HRA_OPTION_TEXT, &o.changes, "FILE", "what changed tonight, with the rule that did it"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "the day of the night, YYYY-MM-DD"},
        {"transitions", 0, HRA_OPTION_TEXT, &o.rules, "FILE",
         "table of transitions (default: built in, see docs/enrolment.md)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "register", "update [REGISTER.csv] --results RESULTS --as-of DAY -o NEW.csv --changes CHANGES.csv",
        "Holds the enrolment register against tonight's results: who enters a plan, is invited, is proposed to leave "
        "or\n"
        "was not seen, each with the rule that made it. The same night twice changes nothing more. Without "
        "REGISTER.csv\n"
        "a new register is begun.",
        options,
        "Example: hra register update register.csv --results results --as-of 2026-11-21 -o register.csv\n"
        "         --changes changes-2026-11-21.csv"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code;
    if (argc < 2 || strcmp(argv[1], "update") != 0)
        code = hra_fail(&error, HRA_EUSAGE, "what should be done? update; see 'hra register --help'");
    else if (argc > 3)
        code = hra_fail(&error, HRA_EUSAGE, "one register can be updated at a time");
    else
        code = update(&o, argc == 3 ? argv[2] : NULL, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("register", &error);
}
