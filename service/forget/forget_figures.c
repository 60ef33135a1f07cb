#include "service/forget/forget_figures.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* In a folder of hra run, by the stage that writes them. */
static const struct {
    const char *name;
    bool delivered; /* of a delivery: a run from the store does not write it again */
} figures[] = {{"import.txt", true},
               {"import_checkup.txt", true},
               {"import_questionnaire.txt", true},
               {"import_roster.txt", true},
               {"import_diagnosis.txt", true},
               {"quality", true},
               {"join.txt", true},
               {"join.json", true},
               {"participation.csv", true},
               {"groups.csv", false},
               {"groups.json", false},
               {"groups", false},
               {"client", false},
               {"overview", false},
               {"groups_client.csv", false},
               {"groups_withheld.csv", false},
               {"years.csv", false},
               {"years.json", false},
               {"years_indicators.csv", false},
               {"course.json", false},
               {"course_groups.csv", false},
               {"course_client.csv", false},
               {"course_plans.csv", false},
               {"care/indicators.csv", false},
               {"care/care.json", false},
               {"run.json", false}};

/* People that run.json says were scored; -1: it is not there, or not of a run. */
static int64_t people_of_run(const char *path)
{
    static const char name[] = "\"scored\": ";
    FILE *file = fopen(path, "rbe");
    char *line = NULL;
    size_t room = 0;
    int64_t people = -1;
    while (file && people < 0 && getline(&line, &room, file) > 0) {
        const char *number = strstr(line, name);
        if (number) people = strtoll(number + sizeof name - 1, NULL, 10);
    }
    if (file) fclose(file);
    free(line);
    return people;
}

static hra_code tell(const char *folder, int length, const char *name, bool delivered, hra_buffer *out, int64_t *count,
                     hra_error *error)
{
    static const char again[] = "figures that still count people who were deleted",
                      never[] =
                          "the account of a delivery, which counts people who were deleted and is not made again; "
                          "delete it if nothing may count them";
    struct stat facts;
    char *path = NULL;
    if (asprintf(&path, "%.*s%s", length, folder, name) < 0) return hra_out_of_memory(error);
    if (stat(path, &facts) == 0) {
        hra_buffer_printf(out, "%s%s: %s\n", path, S_ISDIR(facts.st_mode) ? "/ (all files in it)" : "",
                          delivered ? never : again);
        ++*count;
    }
    free(path);
    return HRA_OK;
}

hra_code hra_forget_figures(const char *results, int64_t rows, hra_buffer *out, int64_t *count, hra_error *error)
{
    const char *slash = strrchr(results, '/');
    int length = slash ? (int)(slash - results) + 1 : 0;
    char *run = NULL;
    if (asprintf(&run, "%.*srun.json", length, results) < 0) return hra_out_of_memory(error);
    int64_t people = people_of_run(run);
    free(run);
    *count = 0;
    if (people < 0 || people == rows) return HRA_OK;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        HRA_TRY(tell(results, length, figures[i].name, figures[i].delivered, out, count, error));
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}
