#include "report/tools/xlsx_columns.h"

#include <string.h>

typedef struct row {
    const char *name;
    hra_xlsx_kind kind;
    double width;
} row;

/* Titles: column.NAME in the message catalogues. */
static const row known[] = {
    {"person", HRA_XLSX_TEXT, 20},
    {"person_id", HRA_XLSX_TEXT, 20},
    {"identifier", HRA_XLSX_TEXT, 18},
    {"name", HRA_XLSX_TEXT, 12},
    {"phone", HRA_XLSX_TEXT, 15},
    {"group", HRA_XLSX_TEXT, 14},
    {"group_id", HRA_XLSX_TEXT, 14},
    {"branch", HRA_XLSX_TEXT, 16},
    {"department", HRA_XLSX_TEXT, 16},
    {"file", HRA_XLSX_TEXT, 20},
    {"line", HRA_XLSX_NUMBER, 8},
    {"finding", HRA_XLSX_TEXT, 16},
    {"title", HRA_XLSX_TEXT, 22},
    {"values", HRA_XLSX_TEXT, 28},
    {"readings", HRA_XLSX_TEXT, 32},
    {"action", HRA_XLSX_TEXT, 28},
    {"deadline_days", HRA_XLSX_NUMBER, 10},
    {"deadline", HRA_XLSX_DAY, 12},
    {"status", HRA_XLSX_TEXT, 12},
    {"lecture", HRA_XLSX_TEXT, 32},
    {"reason", HRA_XLSX_TEXT, 36},
    {"consent_client", HRA_XLSX_TEXT, 12},
    {"plan", HRA_XLSX_TEXT, 18},
    {"state", HRA_XLSX_TEXT, 14},
    {"since", HRA_XLSX_DAY, 12},
    {"rule", HRA_XLSX_TEXT, 18},
    {"last_seen", HRA_XLSX_DAY, 12},
    {"consent", HRA_XLSX_TEXT, 10},
    {"decision", HRA_XLSX_TEXT, 10},
    {"decider", HRA_XLSX_TEXT, 12},
    {"contact_date", HRA_XLSX_DAY, 12},
    {"contact_result", HRA_XLSX_TEXT, 14},
    {"next_contact", HRA_XLSX_DAY, 12},
    {"from", HRA_XLSX_TEXT, 14},
    {"to", HRA_XLSX_TEXT, 14},
    {"date", HRA_XLSX_DAY, 12},
    {"title_en", HRA_XLSX_TEXT, 36},
    {"title_zh", HRA_XLSX_TEXT, 28},
    {"level", HRA_XLSX_NUMBER, 8},
    {"due", HRA_XLSX_DAY, 12},
    {"overdue_days", HRA_XLSX_NUMBER, 10},
    {"every_days", HRA_XLSX_NUMBER, 10},
    {"monitor", HRA_XLSX_TEXT, 20},
    {"class", HRA_XLSX_TEXT, 14},
    {"indicator", HRA_XLSX_TEXT, 16},
    {"method", HRA_XLSX_TEXT, 20},
    {"frequency", HRA_XLSX_TEXT, 24},
    {"target", HRA_XLSX_TEXT, 20},
    {"alarm", HRA_XLSX_TEXT, 24},
    {"first", HRA_XLSX_DAY, 12},
    {"last", HRA_XLSX_DAY, 12},
    {"times", HRA_XLSX_NUMBER, 8},
    {"template", HRA_XLSX_TEXT, 16},
    {"text", HRA_XLSX_TEXT, 48},
    {"variable", HRA_XLSX_TEXT, 16},
    {"value", HRA_XLSX_NUMBER, 10},
    {"unit", HRA_XLSX_TEXT, 10},
    {"factors_present", HRA_XLSX_TEXT, 40},
    {"factors_not_measurable", HRA_XLSX_TEXT, 30},
    {"prescriptions", HRA_XLSX_TEXT, 40},
};
enum { KNOWN = sizeof known / sizeof *known };

/* What staff return (the register, diaries) keeps its codes. */
static bool is_coded(const char *name)
{
    static const char *const coded[] = {"class", "consent_client", "status"};
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        if (strcmp(coded[i], name) == 0) return true;
    return false;
}

int hra_xlsx_columns_known(void) { return KNOWN; }
const char *hra_xlsx_columns_name(int index) { return known[index].name; }

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length > tail && strcmp(name + length - tail, end) == 0;
}

hra_xlsx_column hra_xlsx_column_of(const char *name, const hra_words *words)
{
    bool zh = strcmp(hra_words_language(words), "zh") == 0;
    hra_xlsx_column c = {.name = name, .title = name, .kind = HRA_XLSX_TEXT, .width = 14};
    for (int i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].name, name) != 0) continue;
        c.kind = known[i].kind;
        c.width = known[i].width;
        c.coded = is_coded(name);
        c.title = hra_text_of(words, "column", name, name);
        c.hidden = strcmp(name, zh ? "title_en" : "title_zh") == 0;
        return c;
    }
    if (ends_in(name, ".risk") || ends_in(name, ".ideal")) c.kind = HRA_XLSX_SHARE;
    if (ends_in(name, ".risk_age")) c.kind = HRA_XLSX_NUMBER;
    return c;
}
