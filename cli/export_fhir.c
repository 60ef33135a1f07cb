/* hra export fhir: risks as resources of FHIR R4. */
#include <stdio.h>
#include <time.h>

#include "cli/export.h"
#include "cli/reporting.h"
#include "report/person/fhir_file.h"

typedef struct fhir_options {
    hra_reporting_options who;
    const char *output, *system;
} fhir_options;

typedef struct fhir_state {
    hra_reporting reporting;
    hra_fhir *fhir;
    hra_fhir_file *file;
    char recorded[32];
} fhir_state;

static void now(char out[32])
{
    time_t seconds = time(NULL);
    struct tm utc;
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
}

static hra_code export(const fhir_options *o, fhir_state *s, hra_error *error)
{
    hra_reporting *r = &s->reporting;
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a name for the output with -o FILE.ndjson");
    HRA_TRY(hra_reporting_open(&o->who, o->output, r, error));
    now(s->recorded);
    const hra_fhir_request request = {.library = r->library,
                                      .words = hra_person_views_words(r->views),
                                      .engine_version = HRA_VERSION,
                                      .definitions_hash = r->facts->definitions_hash,
                                      .person_system = o->system,
                                      .key_fingerprint = r->facts->key_fingerprint,
                                      .as_of = r->as_of,
                                      .recorded = s->recorded};
    HRA_TRY(hra_fhir_new(&request, &s->fhir, error));
    const hra_fhir_file_request file = {.fhir = s->fhir, .views = r->views, .wants = hra_reporting_wants, .context = r};
    HRA_TRY(hra_fhir_file_new(o->output, &file, &s->file, error));
    HRA_TRY(hra_reporting_run(r, hra_fhir_file_sink(s->file), error));
    HRA_TRY(hra_fhir_file_finish(s->file, error));
    if (!o->who.quiet) fprintf(stderr, "%lld people in %s\n", (long long)r->people, o->output);
    return HRA_OK;
}

int hra_export_fhir(int argc, char **argv)
{
    fhir_options o = {.who = {.language = "zh"}};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE", "FILE.ndjson, or FILE.ndjson.gz"},
        {"system", 0, HRA_OPTION_TEXT, &o.system, "URI",
         "identifier system of the subjects (default: urn:x-hra:person: and the key's fingerprint)"},
        HRA_REPORTING_OPTIONS(o.who),
        {0}};
    const hra_usage usage = {
        "export fhir", "RESULTS --person KEY | --group NAME | --all -o FILE.ndjson[.gz] [options]",
        "Writes risks as FHIR R4, one resource per line: RiskAssessment for every person and disease, Observation for "
        "the values\n"
        "that the models read, Provenance and Device with the engine's version and the hash of the definitions.\n"
        "Subjects are hashed person keys. RESULTS is the folder of 'hra run', or its results.h5.",
        options, "Example: hra export fhir night --all -o risks.ndjson.gz"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2) {
        fprintf(stderr, "hra export fhir: the folder of one run is needed; see 'hra export fhir --help'\n");
        return HRA_EUSAGE;
    }
    o.who.results = argv[1];
    hra_setup_catch_signals();
    hra_error error = {0};
    fhir_state state = {0};
    hra_code code = export(&o, &state, &error);
    hra_fhir_file_free(state.file);
    hra_fhir_free(state.fhir);
    hra_reporting_close(&state.reporting);
    return code == HRA_OK ? HRA_OK : hra_report_error("export fhir", &error);
}
