/* Units of the dictionary as UCUM writes them. */
#ifndef HRA_REPORT_FHIR_UNITS_H
#define HRA_REPORT_FHIR_UNITS_H

/* NULL: no code of UCUM is known for it. */
const char *hra_fhir_unit(const char *unit);

#endif
