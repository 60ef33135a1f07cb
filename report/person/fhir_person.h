/* One person as resources of FHIR R4, a line of JSON each: an Observation for every value that a shown model reads, a
 * RiskAssessment for every disease of the panel, and a Provenance that says by which definitions they were made.
 * docs/exports.md says which element holds what, and why. */
#ifndef HRA_REPORT_FHIR_PERSON_H
#define HRA_REPORT_FHIR_PERSON_H

#include "engine/language/library.h"
#include "report/person/person_view.h"

typedef struct hra_fhir_request {
    const hra_library *library;
    const hra_words *words;
    const char *engine_version, *definitions_hash;
    const char *person_system; /* of the subjects' identifiers; NULL: one made of the key's fingerprint */
    const char *key_fingerprint;
    double as_of;         /* NaN: unknown */
    const char *recorded; /* instant of the export, "2026-11-21T08:00:00Z" */
} hra_fhir_request;

typedef struct hra_fhir hra_fhir;

/* Everything in the request must outlive it. */
hra_code hra_fhir_new(const hra_fhir_request *request, hra_fhir **out, hra_error *error);
void hra_fhir_free(hra_fhir *fhir); /* NULL allowed */

/* The first line of a file: the Device that the others refer to. */
void hra_fhir_device(const hra_fhir *fhir, hra_buffer *out);
/* Appends the person's lines. Any thread. */
void hra_fhir_person(const hra_fhir *fhir, const hra_person_view *view, hra_buffer *out);

#endif
