/* What an earlier run with other options left in the folder. It stays, since staff may have written into it or sent it,
 * but it is told: it is of other people, or of another day. */
#include <string.h>
#include <unistd.h>

#include "cli/run.h"
#include "io/files/same_file.h"

/* What intake makes; it belongs to a population.h5 that is scored again. */
static const char *const of_intake[] = {"population.h5",
                                        "rejects.csv",
                                        "declined.csv",
                                        "rejects_checkup.csv",
                                        "rejects_questionnaire.csv",
                                        "rejects_roster.csv",
                                        "rejects_diagnosis.csv",
                                        "import.txt",
                                        "import_checkup.txt",
                                        "import_questionnaire.txt",
                                        "import_roster.txt",
                                        "import_diagnosis.txt",
                                        "join.txt",
                                        "join.json",
                                        "participation.csv",
                                        "unmatched.csv",
                                        "quality"};

/* The rest, but what every run writes, or removes when it does not. */
static const char *const of_scoring[] = {
    "groups",       "changes.csv",          "years.csv", "years.json", "years_indicators.csv",
    "register.csv", "register_changes.csv", "care",      "branches"};

static bool is_made(const hra_run_state *s, const char *path)
{
    for (int i = 0; i < s->output_count; i++)
        if (strcmp(s->outputs[i], path) == 0) return true;
    return false;
}

static hra_code find(hra_run_state *s, const char *const *names, size_t count, const char **found, hra_error *error)
{
    hra_run_report *r = &s->report;
    for (size_t i = 0; i < count; i++) {
        const char *path = hra_run_path(s, names[i]);
        if (!path) return hra_out_of_memory(error);
        if (!is_made(s, path) && access(path, F_OK) == 0) found[r->leftover_count++] = path;
    }
    return HRA_OK;
}

hra_code hra_run_find_leftovers(hra_run_state *s, hra_error *error)
{
    enum { INTAKE = sizeof of_intake / sizeof *of_intake, SCORING = sizeof of_scoring / sizeof *of_scoring };
    const char *own = hra_run_path(s, "population.h5"), *given = hra_run_store(s);
    const char **found = hra_arena_alloc(s->arena, (INTAKE + SCORING) * sizeof *found);
    if (!own || !found) return hra_out_of_memory(error);
    s->report.leftovers = found;
    s->report.leftover_count = 0;
    if (!given || !hra_is_same_file(given, own)) HRA_TRY(find(s, of_intake, INTAKE, found, error));
    return find(s, of_scoring, SCORING, found, error);
}
