#include "service/enrolment/register_facts.h"

#include <math.h>
#include <strings.h>

#include "base/calendar.h"
#include "io/results/result_reader.h"

hra_code hra_register_line_fault(const char *path, const hra_register_line *line, hra_register_column column,
                                 const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s:%lld: the column '%s' %s", path, (long long)line->line,
                    hra_register_columns[column], what);
}

static bool read_answer(const char *text, const char *yes, const char *no, hra_answer *out)
{
    *out = strcasecmp(text, yes) == 0 ? HRA_ANSWER_YES : strcasecmp(text, no) == 0 ? HRA_ANSWER_NO : HRA_ANSWER_NONE;
    return *out != HRA_ANSWER_NONE || !*text;
}

static hra_code read_days(const char *path, const hra_register_line *line, double as_of, hra_register_facts *facts,
                          hra_error *error)
{
    static const hra_register_column columns[] = {HRA_REGISTER_SINCE, HRA_REGISTER_LAST_SEEN, HRA_REGISTER_CONTACT_DATE,
                                                  HRA_REGISTER_NEXT_CONTACT};
    char text[HRA_DAY_TEXT];
    double day[4];
    for (int i = 0; i < 4; i++)
        if (!hra_register_day(line->cells[columns[i]], &day[i]))
            return hra_register_line_fault(path, line, columns[i], "is not a day like 2026-01-31", error);
    facts->since = day[0];
    facts->last_seen = day[1];
    if (isnan(facts->since))
        return hra_register_line_fault(path, line, HRA_REGISTER_SINCE, "is empty: since when does the state hold?",
                                       error);
    if (!(facts->since > as_of) && !(facts->last_seen > as_of)) return HRA_OK;
    hra_day_text(as_of, text);
    return hra_fail(error, HRA_ECONFLICT, "%s:%lld: a day after %s: is --as-of right?", path, (long long)line->line,
                    text);
}

hra_code hra_register_facts_read(const char *path, const hra_register_line *line, double as_of,
                                 hra_register_facts *facts, hra_error *error)
{
    if (!hra_person_key_read(line->cells[HRA_REGISTER_PERSON], facts->key))
        return hra_register_line_fault(path, line, HRA_REGISTER_PERSON, "is not a person key of 32 hexadecimal digits",
                                       error);
    HRA_TRY(read_days(path, line, as_of, facts, error));
    if (!read_answer(line->cells[HRA_REGISTER_CONSENT], "yes", "no", &facts->consent))
        return hra_register_line_fault(path, line, HRA_REGISTER_CONSENT, "is yes, no or empty", error);
    if (!read_answer(line->cells[HRA_REGISTER_DECISION], "confirm", "refuse", &facts->decision))
        return hra_register_line_fault(path, line, HRA_REGISTER_DECISION, "is confirm, refuse or empty", error);
    return HRA_OK;
}

static hra_code try_lines(hra_register_file *file, const char *path, double as_of, void (*tell)(const char *fault),
                          int64_t *lines, int64_t *faults, hra_error *error)
{
    for (*lines = *faults = 0;; ++*lines) {
        hra_register_line line;
        hra_register_facts facts;
        bool any;
        HRA_TRY(hra_register_read(file, &line, &any, error));
        if (!any) return HRA_OK;
        hra_error fault = {0};
        hra_code code = hra_register_facts_read(path, &line, as_of, &facts, tell ? &fault : error);
        if (code == HRA_OK) continue;
        if (!tell) return code;
        if (code != HRA_EINPUT) return hra_fail(error, code, "%s", fault.message);
        tell(fault.message);
        ++*faults;
    }
}

hra_code hra_register_try(const char *path, double as_of, void (*tell)(const char *fault), int64_t *lines,
                          int64_t *faults, hra_error *error)
{
    hra_register_file *file = NULL;
    int64_t line_count, fault_count;
    hra_code code = hra_register_open(path, &file, error);
    if (code == HRA_OK)
        code = try_lines(file, path, as_of, tell, lines ? lines : &line_count, faults ? faults : &fault_count, error);
    hra_register_close(file);
    return code;
}
