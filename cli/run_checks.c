/* What can be said of a run before hours go into it: a missing file, day or library is told at once, not at the stage
 * that needs it. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/distinct_files.h"
#include "cli/run.h"
#include "io/files/libzip_calls.h"
#include "report/pdf/drawing_calls.h"
#include "report/tools/workbook_calls.h"
#include "service/enrolment/register.h"

typedef enum place { A_FILE, A_FOLDER, RESULTS } place; /* RESULTS: a file, or the folder of a run */

static hra_code check_place(const char *option, const char *path, place wanted, hra_error *error)
{
    struct stat facts;
    char results[PATH_MAX];
    if (stat(path, &facts) != 0) return hra_fail(error, HRA_EINPUT, "--%s: %s cannot be read: %m", option, path);
    bool is_folder = S_ISDIR(facts.st_mode);
    if (is_folder && wanted == A_FILE)
        return hra_fail(error, HRA_EUSAGE, "--%s: %s is a folder, and a file is needed", option, path);
    if (!is_folder && wanted == A_FOLDER)
        return hra_fail(error, HRA_EUSAGE, "--%s: %s is a file, and a folder is needed", option, path);
    if (!is_folder || wanted != RESULTS) return HRA_OK;
    if (snprintf(results, sizeof results, "%s/results.h5", path) < (int)sizeof results && access(results, F_OK) == 0)
        return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "--%s: %s is not the folder of a run: it has no results.h5", option, path);
}

static hra_code check_readable(const char *option, const char *path, place wanted, hra_error *error)
{
    if (!path) return HRA_OK;
    if (access(path, R_OK) == 0) return check_place(option, path, wanted, error);
    return hra_fail(error, HRA_EINPUT, "--%s: %s cannot be read: %m", option, path);
}

/* Files and folders that later stages read. */
static hra_code check_files(const hra_run_request *o, hra_error *error)
{
    const struct {
        const char *option, *path;
        place wanted;
    } files[] = {{"profiles", o->input.profiles, A_FOLDER},
                 {"map", o->input.map, A_FILE},
                 {"policy", o->quality_policy, A_FILE},
                 {"crosswalk", o->crosswalk, A_FILE},
                 {"previous", o->previous, RESULTS},
                 {"group-policy", o->group_policy, A_FILE},
                 {"standard", o->standard, A_FILE},
                 {"previous-groups", o->last_year, A_FILE},
                 {"earlier-edition", o->earlier_edition, A_FILE},
                 {"participation", o->participation, A_FILE},
                 {"lecture-list", o->lecture_list, A_FILE},
                 {"encrypt-to", o->branch_keys, A_FOLDER},
                 {"key", o->input.key, A_FILE}};
    if (o->input.key && access(o->input.key, R_OK) != 0)
        return hra_fail(error, HRA_EINPUT, "--key: %s cannot be read: %m; 'hra key new %s' makes one", o->input.key,
                        o->input.key);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        HRA_TRY(check_readable(files[i].option, files[i].path, files[i].wanted, error));
    for (int i = 0; i < o->earlier.count; i++) HRA_TRY(check_readable("earlier", o->earlier.items[i], RESULTS, error));
    return HRA_OK;
}

/* The account is the last that a run writes, and the first that the next one in the folder removes. */
static bool was_stopped(hra_run_state *s)
{
    const char *account = hra_run_path(s, "run.json");
    return account && access(account, F_OK) != 0 && errno == ENOENT;
}

/* A register that does not exist is begun, but not over that of an earlier run: staff may have written into it. Nor
 * does an older one take its place. But what a stopped run left there nobody has got yet: it is made again. */
static hra_code check_register(hra_run_state *s, hra_error *error)
{
    const char *path = s->options->register_path;
    if (!path) return HRA_OK;
    const char *earlier = hra_run_path(s, "register.csv"), *changes = hra_run_path(s, "register_changes.csv");
    if (!earlier || !changes) return hra_out_of_memory(error);
    s->renews_register =
        s->options->resume && was_stopped(s) && hra_register_is_untouched(earlier, changes, s->request.as_of);
    if (access(path, F_OK) == 0 || errno != ENOENT) {
        HRA_TRY(check_readable("register", path, A_FILE, error));
        return s->renews_register ? HRA_OK : hra_register_spare_newer(path, earlier, error);
    }
    if (s->renews_register || access(earlier, F_OK) != 0) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE,
                    "--register: %s does not exist, but %s of an earlier run does: give that one, or move it away to "
                    "begin a new register",
                    path, earlier);
}

/* Those that packages for branches are made with, in the last stage. */
static hra_code check_libraries(const hra_run_request *o, hra_error *error)
{
    if (o->branch_pdf) HRA_TRY(hra_drawing_load(error));
    if (!o->branches && !o->branch_keys && !o->branch_pdf) return HRA_OK;
    HRA_TRY(hra_workbook_load(error));
    return hra_libzip_load(error);
}

/* As far as options tell it: profiles may know of more kinds. */
static bool joins(const hra_run_state *s)
{
    const hra_run_request *o = s->options;
    unsigned kinds = 0;
    for (int i = 0; i < s->input_count; i++) {
        if (s->kinds[i] >= 0) kinds |= 1u << s->kinds[i];
        if (s->kinds[i] < 0 && !o->input.profiles) kinds |= 1u << HRA_JOIN_CHECKUP;
    }
    return (kinds & (kinds - 1)) != 0 || o->visits || o->crosswalk || o->window > 0;
}

/* Tables of an earlier run in the same folder are no inputs of this one. */
static hra_code spare_inputs(const hra_run_state *s, hra_error *error)
{
    static const char *const tables[] = {"urgent.csv",
                                         "rejects.csv",
                                         "held.csv",
                                         "persons.csv",
                                         "groups.csv",
                                         "groups_client.csv",
                                         "rosters.csv",
                                         "groups_withheld.csv",
                                         "invitations.csv",
                                         "changes.csv",
                                         "years.csv",
                                         "unmatched.csv",
                                         "course.csv",
                                         "course_groups.csv",
                                         "course_client.csv",
                                         "course_plans.csv",
                                         "participation.csv",
                                         "register.csv",
                                         "register_changes.csv",
                                         "years_indicators.csv",
                                         "declined.csv"};
    enum { TABLES = sizeof tables / sizeof tables[0] };
    hra_output_path outputs[TABLES];
    for (int i = 0; i < TABLES; i++) {
        const char *path = hra_arena_printf(s->arena, "%s/%s", s->options->folder, tables[i]);
        if (!path) return hra_out_of_memory(error);
        outputs[i] = (hra_output_path){"output", path};
    }
    return hra_distinct_outputs(outputs, TABLES, s->inputs, s->input_count, error);
}

hra_code hra_run_check(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    HRA_TRY(check_files(o, error));
    HRA_TRY(check_register(s, error));
    HRA_TRY(spare_inputs(s, error));
    HRA_TRY(check_libraries(o, error));
    if (o->earlier.count > 0 && !o->previous)
        return hra_fail(error, HRA_EUSAGE, "--earlier is about runs before last year's: give that one with --previous");
    if (!isnan(s->request.as_of)) return HRA_OK;
    if (o->earlier.count > 0)
        return hra_fail(error, HRA_EUSAGE, "a course of values goes by days: give --as-of YYYY-MM-DD");
    if (o->register_path) return hra_fail(error, HRA_EUSAGE, "the register is kept by day: give --as-of YYYY-MM-DD");
    if (joins(s))
        return hra_fail(error, HRA_EUSAGE,
                        "several sources are joined over the months before a day: give --as-of YYYY-MM-DD");
    return HRA_OK;
}
