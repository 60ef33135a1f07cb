/* hra register: the enrolment register from night to night. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "io/files/atomic_file.h"
#include "service/enrolment/care.h"
#include "service/enrolment/register.h"
#include "service/enrolment/register_facts.h"
#include "service/enrolment/returned_log.h"

int hra_cmd_register(int argc, char **argv);

typedef struct register_options {
    const char *results, *population, *register_path, *output, *changes, *rules, *follow_up, *indicators, *as_of,
        *language;
    hra_texts definitions;
    int reminders, window;
    long long seed;
    double day; /* --as-of */
    bool quiet;
} register_options;

static hra_code check_day(register_options *o, hra_error *error)
{
    if (o->as_of && hra_setup_day(o->as_of, &o->day)) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "give the day of this run with --as-of DAY, like 2026-01-31");
}

/* The folder, and the lock on what is written into it. */
static hra_code take_folder(const register_options *o, const char *name, hra_lock **lock, hra_error *error)
{
    char path[4096];
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a folder for the lists with -o FOLDER");
    if ((size_t)snprintf(path, sizeof path, "%s/%s", o->output, name) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_folder_make(o->output, error));
    return hra_lock_take(path, lock, error);
}

/* ---- update ---- */

static void print_remarks(const hra_register_account *account)
{
    hra_buffer text = {0};
    hra_register_remarks(account, &text);
    if (text.bytes) fputs(text.bytes, stderr);
    hra_buffer_destroy(&text);
}

static hra_code update(register_options *o, int count, char **paths, hra_error *error)
{
    hra_register_request request = {.path = count ? paths[0] : o->register_path,
                                    .results = o->results,
                                    .rules = o->rules,
                                    .output = o->output,
                                    .changes = o->changes};
    hra_register_account a;
    hra_lock *lock = NULL;
    if (count > 1 || (count && o->register_path))
        return hra_fail(error, HRA_EUSAGE, "one register can be updated at a time");
    if (!o->results || !o->output || !o->changes)
        return hra_fail(error, HRA_EUSAGE, "--results RESULTS, -o NEW.csv and --changes CHANGES.csv are needed");
    if (strcmp(o->output, o->changes) == 0)
        return hra_fail(error, HRA_EUSAGE, "the register and its changes cannot be one file");
    if (!request.path && access(o->output, F_OK) == 0) /* what staff entered would be lost */
        return hra_fail(error, HRA_EUSAGE,
                        "%s exists: give the register to be updated as the first argument, or a new name to begin one",
                        o->output);
    HRA_TRY(check_day(o, error));
    request.as_of = o->day;
    HRA_TRY(hra_lock_take(o->output, &lock, error));
    hra_code code = hra_register_update(&request, &a, error);
    hra_lock_release(lock);
    if (!code) print_remarks(&a);
    if (!code && !o->quiet)
        fprintf(stderr, "%lld lines, %lld of people not seen tonight; %lld changed, %lld added: %s\n",
                (long long)(a.lines + a.added), (long long)a.absent, (long long)a.changed, (long long)a.added,
                o->changes);
    return code;
}

/* ---- check ---- */

static void tell_fault(const char *fault) { fprintf(stderr, "%s\n", fault); }

static hra_code check(register_options *o, int count, char **paths, hra_error *error)
{
    int64_t lines, faults;
    const char *path = count ? paths[0] : o->register_path;
    if (!path || count > 1 || (count && o->register_path))
        return hra_fail(error, HRA_EUSAGE, "give the register to be checked");
    HRA_TRY(check_day(o, error));
    HRA_TRY(hra_register_try(path, o->day, tell_fault, &lines, &faults, error));
    if (faults > 0)
        return hra_fail(error, HRA_EINPUT, "%s: %lld of %lld lines cannot be used", path, (long long)faults,
                        (long long)lines);
    if (!o->quiet) fprintf(stderr, "%s: %lld lines, nothing wrong\n", path, (long long)lines);
    return HRA_OK;
}

/* ---- plan ---- */

static void print_plan(const register_options *o, const hra_care_account *a)
{
    fprintf(stderr, "%lld people, %lld in a plan (%lld of them not seen tonight), %lld monitored\n",
            (long long)a->people, (long long)a->in_plan, (long long)a->not_seen, (long long)a->monitored);
    fprintf(stderr,
            "%lld to be contacted, %lld overdue, %lld in the satisfaction sample; %lld contacts, %lld reached\n",
            (long long)a->follow_up, (long long)a->overdue, (long long)a->sampled, (long long)a->contacts,
            (long long)a->reached);
    if (!a->knows_opt_in)
        fprintf(stderr, "no reminders: who ordered them is not known (no population store, or no column sms_opt_in)\n");
    fprintf(stderr,
            "in %s: monitoring.csv, reminders.csv, log_template.csv, follow_up.csv, satisfaction.csv, indicators.csv, "
            "care.json\n",
            o->output);
}

static hra_code plan(register_options *o, int count, char **paths, hra_error *error)
{
    hra_care_request request = {.results = o->results,
                                .population = o->population,
                                .register_path = o->register_path,
                                .follow_up = o->follow_up,
                                .indicators = o->indicators,
                                .folder = o->output,
                                .language = o->language,
                                .reminders_a_month = o->reminders,
                                .seed = (uint64_t)o->seed};
    hra_care_account a;
    hra_lock *lock = NULL;
    hra_library *library = NULL;
    if (count || !o->results)
        return hra_fail(error, HRA_EUSAGE, "--results RESULTS and --register REGISTER.csv say whose plan it is");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (o->reminders < 0 || o->reminders > 30)
        return hra_fail(error, HRA_EUSAGE, "--reminders is 1 to 30 a month, or 0: as often as something is due");
    HRA_TRY(check_day(o, error));
    request.as_of = o->day;
    HRA_TRY(hra_setup_library(&o->definitions, &library, error));
    request.library = library;
    hra_code code = take_folder(o, "care", &lock, error);
    if (!code) code = hra_care_plan(&request, &a, error);
    hra_lock_release(lock);
    hra_library_free(library);
    if (!code && !o->quiet) print_plan(o, &a);
    return code;
}

/* ---- read-log ---- */

static hra_code read_log(register_options *o, int count, char **paths, hra_error *error)
{
    hra_log_request request = {.paths = (const char *const *)paths,
                               .path_count = count,
                               .register_path = o->register_path,
                               .folder = o->output,
                               .window_days = o->window};
    hra_log_account a;
    hra_lock *lock = NULL;
    hra_library *library = NULL;
    if (count == 0) return hra_fail(error, HRA_EUSAGE, "give the files of the returned diaries");
    if (o->window < 1) return hra_fail(error, HRA_EUSAGE, "--window is a number of days, 1 or more");
    HRA_TRY(check_day(o, error));
    request.as_of = o->day;
    HRA_TRY(hra_setup_library(&o->definitions, &library, error));
    request.library = library;
    hra_code code = take_folder(o, "log", &lock, error);
    if (!code) code = hra_log_read(&request, &a, error);
    hra_lock_release(lock);
    hra_library_free(library);
    if (code || o->quiet) return code;
    fprintf(stderr, "%lld readings: %lld rejected, %lld implausible, %lld older than %d days\n", (long long)a.readings,
            (long long)a.rejected, (long long)a.implausible, (long long)a.outside_window, o->window);
    fprintf(stderr,
            "%lld people urgent, %lld not controlled, %lld controlled, %lld without data\nin %s: log_states.csv, "
            "log_rejects.csv\n",
            (long long)a.urgent, (long long)a.not_controlled, (long long)a.controlled, (long long)a.no_data, o->output);
    return HRA_OK;
}

/* ---- the command ---- */

typedef struct verb {
    const char *name;
    hra_code (*run)(register_options *o, int count, char **paths, hra_error *error);
} verb;

static hra_code run_verb(register_options *o, int argc, char **argv, hra_error *error)
{
    static const verb verbs[] = {{"update", update}, {"check", check}, {"plan", plan}, {"read-log", read_log}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0) return verbs[i].run(o, argc - 2, argv + 2, error);
    return hra_fail(error, HRA_EUSAGE, "give one of update, check, plan and read-log; see 'hra register --help'");
}

int hra_cmd_register(int argc, char **argv)
{
    register_options o = {.language = "zh", .window = 30};
    const hra_option options[] = {
        {"results", 0, HRA_OPTION_TEXT, &o.results, "RESULTS", "result store, or folder of 'hra run'"},
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "PATH",
         "update: the new register (may be the same file); otherwise: folder for the lists"},
        {"changes", 0, HRA_OPTION_TEXT, &o.changes, "FILE", "update: file for what changed, and by which rule"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.as_of, "DAY", "day of this run, YYYY-MM-DD"},
        {"register", 0, HRA_OPTION_TEXT, &o.register_path, "FILE", "the register: who is in a plan"},
        {"population", 0, HRA_OPTION_TEXT, &o.population, "FILE",
         "plan: consent to reminders, exam dates (default: population.h5 beside the results)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "more definitions; may be repeated"},
        {"transitions", 0, HRA_OPTION_TEXT, &o.rules, "FILE", "update: table of transitions (default: built in)"},
        {"follow-up", 0, HRA_OPTION_TEXT, &o.follow_up, "FILE", "plan: table of contacts (default: built in)"},
        {"indicators", 0, HRA_OPTION_TEXT, &o.indicators, "FILE",
         "plan: service indicators to count (default: built in, see docs/indicators.md)"},
        {"reminders", 0, HRA_OPTION_INT, &o.reminders, "N", "plan: at most N reminders a month (0: as often as due)"},
        {"window", 0, HRA_OPTION_INT, &o.window, "DAYS", "read-log: count readings of the last DAYS days (default 30)"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "plan: language of texts, zh (default) or en"},
        {"seed", 0, HRA_OPTION_LONG, &o.seed, "N", "plan: seed of the satisfaction sample (default 0)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no summary"},
        {0}};
    const hra_usage usage = {
        "register", "update [REGISTER.csv] | check REGISTER.csv | plan | read-log LOG.csv...  --as-of DAY [options]",
        "update compares the enrolment register with the results: who enters a plan, is invited, should leave, or was\n"
        "not seen, each with the rule that decided. Running it again for the same day changes nothing more.\n"
        "check reads a register that staff have written into and tells every line that an update would refuse.\n"
        "plan writes, for the people in a plan, what is monitored, reminders, whom to contact when, and the diary\n"
        "template. read-log checks returned diaries and says who is urgent, not controlled or controlled.",
        options,
        "Examples: hra register update register.csv --results results --as-of 2026-11-21 -o register.csv\n"
        "              --changes changes.csv\n"
        "          hra register plan --results results --register register.csv --as-of 2026-11-21 -o care\n"
        "          hra register read-log diaries.csv --register register.csv --as-of 2026-12-21 -o care"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code = run_verb(&o, argc, argv, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("register", &error);
}
