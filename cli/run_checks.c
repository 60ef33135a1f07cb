/* What can be said of a run before hours go into it: a missing file, day or library is told at once, not at the stage
 * that needs it. */
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "cli/distinct_files.h"
#include "cli/run.h"
#include "io/libzip_calls.h"
#include "report/drawing_calls.h"
#include "report/workbook_calls.h"
#include "service/register.h"

static hra_code check_readable(const char *option, const char *path, hra_error *error)
{
    if (!path || access(path, R_OK) == 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "--%s: %s cannot be read: %m", option, path);
}

/* Files and folders that later stages read. */
static hra_code check_files(const hra_run_request *o, hra_error *error)
{
    const struct {
        const char *option, *path;
    } files[] = {{"profiles", o->input.profiles},
                 {"map", o->input.map},
                 {"policy", o->quality_policy},
                 {"crosswalk", o->crosswalk},
                 {"previous", o->previous},
                 {"group-policy", o->group_policy},
                 {"standard", o->standard},
                 {"previous-groups", o->last_year},
                 {"earlier-edition", o->earlier_edition},
                 {"participation", o->participation},
                 {"lecture-list", o->lecture_list}};
    if (o->input.key && access(o->input.key, R_OK) != 0)
        return hra_fail(error, HRA_EINPUT, "--key: %s cannot be read: %m; 'hra key new %s' makes one", o->input.key,
                        o->input.key);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        HRA_TRY(check_readable(files[i].option, files[i].path, error));
    for (int i = 0; i < o->earlier.count; i++) HRA_TRY(check_readable("earlier", o->earlier.items[i], error));
    return HRA_OK;
}

/* A register that does not exist is begun, but not over that of an earlier run: staff may have written into it. Nor
 * does an older one take its place. */
static hra_code check_register(const hra_run_state *s, hra_error *error)
{
    const char *path = s->options->register_path;
    if (!path) return HRA_OK;
    const char *earlier = hra_arena_printf(s->arena, "%s/register.csv", s->options->folder);
    if (!earlier) return hra_fail(error, HRA_ENOMEM, "out of memory");
    if (access(path, F_OK) == 0 || errno != ENOENT) {
        HRA_TRY(check_readable("register", path, error));
        return hra_register_spare_newer(path, earlier, error);
    }
    if (access(earlier, F_OK) != 0) return HRA_OK;
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
    static const char *const tables[] = {"urgent.csv",          "rejects.csv",         "held.csv",
                                         "persons.csv",         "groups.csv",          "groups_client.csv",
                                         "rosters.csv",         "groups_withheld.csv", "invitations.csv",
                                         "changes.csv",         "years.csv",           "unmatched.csv",
                                         "course.csv",          "course_groups.csv",   "course_client.csv",
                                         "course_plans.csv",    "participation.csv",   "register.csv",
                                         "register_changes.csv"};
    enum { TABLES = sizeof tables / sizeof tables[0] };
    hra_output_path outputs[TABLES];
    for (int i = 0; i < TABLES; i++) {
        const char *path = hra_arena_printf(s->arena, "%s/%s", s->options->folder, tables[i]);
        if (!path) return hra_fail(error, HRA_ENOMEM, "out of memory");
        outputs[i] = (hra_output_path){"output", path};
    }
    return hra_distinct_outputs(outputs, TABLES, s->inputs, s->input_count, error);
}

hra_code hra_run_check(const hra_run_state *s, hra_error *error)
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
