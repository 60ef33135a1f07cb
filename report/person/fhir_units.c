#include "report/person/fhir_units.h"

#include <stddef.h>
#include <string.h>

const char *hra_fhir_unit(const char *unit)
{
    static const struct {
        const char *unit, *code;
    } known[] = {{"mmHg", "mm[Hg]"},
                 {"bpm", "/min"},
                 {"cm", "cm"},
                 {"mm", "mm"},
                 {"m", "m"},
                 {"kg", "kg"},
                 {"kg/m2", "kg/m2"},
                 {"mmol/L", "mmol/L"},
                 {"umol/L", "umol/L"},
                 {"mmol/mol", "mmol/mol"},
                 {"mg/dL", "mg/dL"},
                 {"mg/L", "mg/L"},
                 {"mg/g", "mg/g"},
                 {"g/L", "g/L"},
                 {"g/dL", "g/dL"},
                 {"U/L", "U/L"},
                 {"%", "%"},
                 {"10^9/L", "10*9/L"},
                 {"10^12/L", "10*12/L"},
                 {"uIU/mL", "u[IU]/mL"},
                 {"mIU/L", "m[IU]/L"},
                 {"mL/min/1.73m2", "mL/min/{1.73_m2}"},
                 {"year", "a"},
                 {"h", "h"},
                 {"h/day", "h/d"},
                 {"h/week", "h/wk"},
                 {"min/week", "min/wk"},
                 {"day/week", "d/wk"},
                 {"/day", "/d"},
                 {"/week", "/wk"},
                 {"/month", "/mo"},
                 {"g/day", "g/d"},
                 {"mL/day", "mL/d"},
                 {"ratio", "1"},
                 {"score", "{score}"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].unit, unit) == 0) return known[i].code;
    return NULL;
}
