/* What is to be computed, said in the options of `hra score`. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "api/scorer_internal.h"
#include "base/calendar.h"

static const struct {
    const char *option;
    size_t wanted; /* which bool of the request */
} parts[] = {
    {"--factors", offsetof(hra_plan_request, factors)},
    {"--tiers", offsetof(hra_plan_request, tiers)},
    {"--prescriptions", offsetof(hra_plan_request, prescriptions)},
    {"--items", offsetof(hra_plan_request, items)},
    {"--monitors", offsetof(hra_plan_request, monitors)},
    {"--topics", offsetof(hra_plan_request, topics)},
    {"--references", offsetof(hra_plan_request, references)},
    {"--what-if", offsetof(hra_plan_request, what_if)},
    {"--ideal", offsetof(hra_plan_request, ideal)},
    {"--risk-age", offsetof(hra_plan_request, risk_age)},
};

static bool read_part(const char *option, hra_plan_request *request)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].option, option) != 0) continue;
        *(bool *)((char *)request + parts[i].wanted) = true;
        return true;
    }
    return false;
}

static hra_code read_range(const char *word, hra_plan_request *request, hra_error *error)
{
    static const char *const words[] = {"compute", "blank", "clamp"}; /* in the order of hra_range_policy */
    for (int i = 0; i < 3; i++) {
        if (strcmp(words[i], word) != 0) continue;
        request->range = (hra_range_policy)i;
        return HRA_OK;
    }
    return hra_fail(error, HRA_EUSAGE, "--outside-range is compute, blank or clamp, not '%s'", word);
}

static hra_code read_models(char *list, hra_arena *arena, hra_plan_request *request, hra_error *error)
{
    const char **models = hra_arena_alloc(arena, (strlen(list) / 2 + 1) * sizeof *models);
    char *rest = NULL;
    if (!models) return hra_out_of_memory(error);
    request->model_count = 0;
    for (char *id = strtok_r(list, ",", &rest); id; id = strtok_r(NULL, ",", &rest))
        models[request->model_count++] = id;
    request->models = models;
    if (request->model_count == 0) return hra_fail(error, HRA_EUSAGE, "--models names none");
    return HRA_OK;
}

/* The options that are followed by a word. */
static hra_code read_pair(const char *option, char *word, hra_arena *arena, hra_plan_request *request, hra_error *error)
{
    bool models = strcmp(option, "--models") == 0, panel = strcmp(option, "--panel") == 0;
    bool range = strcmp(option, "--outside-range") == 0, as_of = strcmp(option, "--as-of") == 0;
    if (!models && !panel && !range && !as_of)
        return hra_fail(error, HRA_EUSAGE,
                        "'%s' is none of the options that say what is computed: --models, --panel, --factors, --tiers, "
                        "--prescriptions, --items, --monitors, --topics, --references, --what-if, --ideal, --risk-age, "
                        "--outside-range, --as-of",
                        option);
    if (!word) return hra_fail(error, HRA_EUSAGE, "%s needs a value", option);
    if (models) return read_models(word, arena, request, error);
    if (range) return read_range(word, request, error);
    if (panel) request->panel = word;
    if (as_of && !hra_day_read(word, &request->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", word);
    return HRA_OK;
}

hra_code hra_request_read(const char *text, hra_arena *arena, hra_plan_request *request, hra_error *error)
{
    static const char blanks[] = " \t\n";
    *request = (hra_plan_request){.as_of = NAN, .share = true};
    char *copy = hra_arena_text(arena, text ? text : ""), *rest = NULL;
    if (!copy) return hra_out_of_memory(error);
    for (char *option = strtok_r(copy, blanks, &rest); option; option = strtok_r(NULL, blanks, &rest))
        if (!read_part(option, request))
            HRA_TRY(read_pair(option, strtok_r(NULL, blanks, &rest), arena, request, error));
    if (request->panel && request->models)
        return hra_fail(error, HRA_EUSAGE, "give either --panel or --models, not both");
    if (!request->panel && !request->models) request->panel = "china_corporate";
    return HRA_OK;
}
